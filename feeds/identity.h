/*
 * identity: the id of an entry, for ever.
 *
 * The rule, first that applies: the front matter's `id`, `guid` or `uuid` · the
 * id stored for the path · that of a vanished article which this one is · the id
 * adopted for its URL (feeds/adopt.h) · a new tag URI (RFC 4151) of the site's
 * host, the publication day and the path. This module mints the last, and tells
 * which article that came is one that is gone: it was moved, or moved and edited.
 *
 * A wrong match is worse than a missed one: it gives an old article's id to a
 * new one, which then never is new to any reader. So two articles are one only
 * if no other could be meant.
 */
#ifndef FEEDS_IDENTITY_H
#define FEEDS_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/buf.h"
#include "feeds/base/date.h"
#include "feeds/base/slice.h"

struct article;

/*
 * Append `tag:example.com,2024-01-02:/posts/hello`. `stem` is the path within
 * content.dir without extension (permalink_name), `day` the publication day as
 * the author wrote it.
 */
void identity_mint(
    struct slice site_url, const struct date *day, struct slice stem, struct buf *out);

/*
 * What a text is about in 64 bits: near-same texts differ in few of them. Words are what
 * counts, in any script; case, markup, URLs' punctuation and white space are not. Only the
 * beginning is looked at. A short text has a sketch that only the same words have; 0: none at
 * all. Of `text`, legal UTF-8, it needs no more than that it is bytes.
 */
uint64_t identity_sketch(struct slice text);
/* Are the texts the same but for an edit? Never, where a sketch is 0. */
bool identity_near(uint64_t a, uint64_t b);

struct identity_pair { /* numbers of one article in both lists */
	size_t gone, come;
};

struct identity_pairs { /* a VEC: starts as VEC_INIT, released with vec_free */
	struct identity_pair *items;
	size_t len, cap;
};

/*
 * Append the pairs of a vanished article and one that is new at its path and is the same.
 * Each is in one pair at most. What speaks for a pair, the strongest first: the same inode and
 * one more sign (bytes, what was written, near-same text, slug or title) · the same bytes · the
 * same writing · near-same text · slug or title on the same publication day. Never an inode, a
 * slug or a title alone: inodes are used again at once, and titles recur. An article that came
 * with its own id is never in a pair.
 *
 * Takes n log n of time for thousands. A path that is in both lists counts for nothing: the
 * caller knows those.
 */
void identity_match(const struct article *const *gone, size_t gone_len,
    const struct article *const *come, size_t come_len, struct identity_pairs *out);

/*
 * Does anything speak for the two? An article for which this is false with all that came makes
 * no difference to the pairs, and may be left out.
 */
bool identity_alike(const struct article *gone, const struct article *come);

#endif
