/*
 * index: all articles of a site, in the order of feeds.
 *
 * Put every article, then call index_finish once; from then on the index is
 * sorted and frozen, and any number of threads may read it. The order is
 * newest `published` first, ties by path, so it is total.
 */
#ifndef FEEDS_INDEX_H
#define FEEDS_INDEX_H

#include "feeds/article.h"

struct index {
	struct article **items; /* sorted by index_finish; owned */
	size_t len, cap;
	struct article **public; /* those that may stand in feeds now, same order; borrowed */
	size_t public_len;
	size_t standings[ARTICLE_STANDINGS]; /* how many stand how */
	int64_t next_change; /* when the next article appears or expires; 0: none will */

	/* Chains of articles by name and by title; see index_link. */
	uint32_t *by_name, *by_title, *next_name, *next_title;
	size_t buckets;
};

#define INDEX_INIT                                                                                 \
	(struct index)                                                                             \
	{                                                                                          \
		0                                                                                  \
	}

struct index_conflict {		       /* two public articles claim one id or URL */
	const struct article *kept;    /* the older, or the first by path */
	const struct article *skipped; /* not public in this index */
	bool url;		       /* they share the URL; else the id */
};

/* Takes an article from article_pack over. Not after index_finish. */
void index_put(struct index *index, struct article *take_article);

/*
 * Sort, and decide what is public at `now`. Conflicts are returned in an array
 * that the caller frees; *out_len says how many.
 */
struct index_conflict *index_finish(struct index *index, int64_t now, size_t *out_len);

/*
 * The article that `target` means, written in the article at `from`; both are paths
 * within content.dir, see struct links. NULL when none, or more than one, fits.
 */
const struct article *index_link(const struct index *index, struct slice from, struct slice target);
/* The same for markup_render. `arg` is the index. */
struct links index_links(const struct index *index);

void index_free(struct index *index);

/* Of names and titles in by_name and by_title: ASCII letters without case. */
uint64_t index_hash_nocase(struct slice s);

#endif
