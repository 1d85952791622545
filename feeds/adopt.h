/*
 * adopt: take over the ids that subscribers know from an existing feed.
 *
 * adopt_parse reads a feed of any generator, or one of feedd's own after its
 * state was lost. The entries of one feed or several go into a table, the most
 * trusted feed first, and adopt_assign says which article is which entry: by
 * URL, else by title and day. What stays untaken is nobody's, and is said.
 */
#ifndef FEEDS_ADOPT_H
#define FEEDS_ADOPT_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/arena.h"
#include "feeds/base/buf.h"
#include "feeds/base/err.h"
#include "feeds/base/map.h"
#include "feeds/base/slice.h"

struct article;

enum {
	ADOPT_BYTES_MAX = 16 << 20, /* of a feed */
	ADOPT_ENTRIES_MAX = 100000, /* of a feed, and of a table */
};

#define ADOPT_UNDATED INT64_MIN /* the feed does not say */

struct adopt_entry {
	struct slice id;    /* never empty; as in the feed, to the byte */
	struct slice url;   /* as in the feed; empty: none */
	struct slice title; /* on one line, as in the feed, HTML or not; empty: none */
	int64_t published;  /* Unix seconds, or ADOPT_UNDATED */
	int64_t updated;    /* where it is not said: `published` */
	bool taken;	    /* by an article; set by the table */
};

struct adopt_feed {
	struct arena arena; /* holds the strings */
	struct adopt_entry *items;
	size_t len, cap;
	size_t skipped; /* entries without any id */
};

#define ADOPT_FEED_INIT                                                                            \
	(struct adopt_feed)                                                                        \
	{                                                                                          \
		ARENA_INIT, NULL, 0, 0, 0                                                          \
	}

/*
 * Read RSS (0.9x, 1.0, 2.0), Atom (1.0, 0.3) or JSON Feed into *out, which is ADOPT_FEED_INIT.
 * An RSS item without guid has its link as id, as readers have it. Nothing is loaded, entities
 * of the document's own are not expanded. Fails with ERR_SYNTAX and place when it is broken at
 * any place, ERR_INVALID when it is no feed, ERR_LIMIT. Then *out is as it was.
 */
int adopt_parse(struct slice bytes, struct adopt_feed *out, struct err *err);
void adopt_feed_free(struct adopt_feed *feed);

/*
 * Append what two URLs of one page have in common: without http or https, user, default port,
 * fragment, `index.html`, `index.htm` and slashes at the end; the host in lower case, escapes
 * in one spelling. "www." and the query count. Empty for what names no host.
 */
void adopt_url_key(struct slice url, struct buf *out);

struct adopt_table {
	struct arena arena;
	struct adopt_entry *items;
	size_t len, cap;
	struct map ids, urls, titles; /* to numbers of entries */
};

#define ADOPT_TABLE_INIT                                                                           \
	(struct adopt_table)                                                                       \
	{                                                                                          \
		ARENA_INIT, NULL, 0, 0, MAP_INIT, MAP_INIT, MAP_INIT                               \
	}

/*
 * Copy a feed's entries into the table. An id or URL that is there already is left out: the
 * first one counts, and the other formats of one feed have the same. So is what is over the
 * bound. Returns how many were new.
 */
size_t adopt_table_put(struct adopt_table *table, const struct adopt_feed *feed);
void adopt_table_free(struct adopt_table *table);

/*
 * The entry that each article is, or NULL, into out[0..len): by URL first, for all of them; then
 * by title and day of publication (UTC), where neither two articles nor two entries have the
 * same; then by title and a day that it is elsewhere on Earth. An entry is taken once: of several
 * articles with its URL by the one with its title and day (and its id, where several have), else
 * its title, else the first. An
 * article with an id of its own is the entry with that id; one that it has by its URL is taken
 * too, but not in `out`. Entries live until the next adopt_table_put.
 */
void adopt_assign(struct adopt_table *table, const struct article *const *articles, size_t len,
    const struct adopt_entry **out);
#endif
