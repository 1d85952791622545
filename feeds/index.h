/*
 * index: all articles of a site, in the order of feeds.
 *
 * The index lives as long as the site is looked after. Each build brings a batch
 * of changes, or just a later clock, to index_update, which says what left the
 * feeds and what entered them; queries (query.h) follow with that. Between two
 * updates the index is frozen and any number of threads may read it.
 *
 *	index_update(&index, changes, len, now, &delta);
 *	query_update(&query, &result, &index, &delta);    // each query
 *	...                                               // whoever else kept an article
 *	index_delta_free(&delta);
 *
 * The order is newest `published` first, ties by path, so it is total. Cost
 * follows the batch: k changes among n articles take O(k log n), and moving an
 * array of n numbers; now and then a table grows, which takes O(n).
 *
 * An article has a number, its slot, as long as it keeps path and `published`.
 * Slots, and articles themselves, stay valid until the delta that retired them is
 * freed.
 *
 * Of several public articles with one id or one URL the one first seen keeps it
 * (then the one published first, then the first by path). The others are not
 * admitted: they stand in no feed, and what else they claim is free for others.
 */
#ifndef FEEDS_INDEX_H
#define FEEDS_INDEX_H

#include "feeds/article.h"
#include "feeds/base/vec.h"
#include "feeds/slots.h"

#define INDEX_NONE UINT32_MAX /* no slot */

/* Articles are found by these; each is a hash table with chains through all slots. */
enum index_chain {
	INDEX_STEM, /* of the path, as permalink_name has it; a path is found by its stem */
	INDEX_ID,
	INDEX_HELD_ID, /* admitted articles alone, so no two of one id */
	INDEX_HELD_URL,
	INDEX_NAME,  /* the slug of the path, ASCII letters without case */
	INDEX_TITLE, /* the same */
	INDEX_CHAINS
};

enum {			    /* of index.flags */
	INDEX_STANDING = 7, /* enum article_standing */
	INDEX_ADMITTED = 8,
	INDEX_LOSER = 16,  /* in index.losers */
	INDEX_MARKED = 32, /* during an update: met already */
	INDEX_STALE = 64,  /* during an update: its entry in index.expiring goes */
	INDEX_GONE = 128   /* retired */
};

struct index_expiry {
	int64_t expires;
	uint32_t slot;
};

struct index {
	struct article **items; /* by slot; NULL where free; owned */
	uint8_t *flags;		/* by slot: standing, admitted */
	uint32_t *next[INDEX_CHAINS], *heads[INDEX_CHAINS];
	size_t slots_len, slots_cap, buckets;
	VEC(uint32_t) free_slots;
	struct slots order;		     /* of all articles */
	VEC(struct index_expiry) expiring;   /* articles that expire, soonest first */
	VEC(uint32_t) losers;		     /* public, not admitted; who keeps first */
	size_t admitted;		     /* how many stand in feeds */
	size_t undated;			     /* of these, have the date of their file */
	size_t standings[ARTICLE_STANDINGS]; /* how many stand how */
	int64_t now;			     /* of the last update */
	int64_t next_change; /* when the next article appears or expires; 0: none will */
};

#define INDEX_INIT                                                                                 \
	(struct index)                                                                             \
	{                                                                                          \
		0                                                                                  \
	}

struct index_change {
	const struct article *old_article; /* in the index; NULL: one is added */
	struct article *take_new;	   /* from article_pack; NULL: one is removed */
};

struct index_ref {
	const struct article *article;
	uint32_t slot;
};

struct index_delta { /* what an update did; all in the order of the index */
	/* Stood in feeds and does not any more, or was replaced. */
	VEC(struct index_ref) left;
	/* Stands in feeds now and did not, or replaces one that did. */
	VEC(struct index_ref) entered;
	VEC(struct article *) retired; /* replaced or removed; owned */
	VEC(uint32_t) retired_slots;   /* free when the delta is */
	struct index *index;
};

struct index_conflict {		       /* two public articles claim one id or URL */
	const struct article *kept;    /* the one that was there first */
	const struct article *skipped; /* not admitted */
	bool url;		       /* they share the URL; else the id */
};

/*
 * Apply changes, and decide anew what stands in feeds at `now` (Unix seconds; it may
 * step back). Each old article is named once; no two articles may have one path in
 * the end. index_delta_free releases *out, before index_free.
 */
void index_update(struct index *index, const struct index_change *changes, size_t len, int64_t now,
    struct index_delta *out);
/* Frees what was retired. When nobody holds it any more. */
void index_delta_free(struct index_delta *delta);

/* The article at a path within content.dir, or NULL. */
const struct article *index_find(const struct index *index, struct slice path);
/* An article with this id, preferably the one in feeds, or NULL. */
const struct article *index_holder(const struct index *index, struct slice id);

/* The article in feeds with this id (INDEX_HELD_ID), or of this page (INDEX_HELD_URL), or NULL. */
const struct article *index_with(
    const struct index *index, enum index_chain chain, struct slice key);

/* All articles in order: `place` runs from 0, the newest, to index_len - 1. */
static inline size_t index_len(const struct index *index)
{
	return index->order.len;
}
static inline const struct article *index_at(const struct index *index, size_t place)
{
	return index->items[slots_at(&index->order, place)];
}
/* It stands in feeds: it is public, and its id and URL are its own. */
bool index_admitted(const struct index *index, size_t place);

/* Present conflicts, in an array that the caller frees; *out_len says how many. */
struct index_conflict *index_conflicts(const struct index *index, size_t *out_len);

/*
 * The article that `target` means, written in the article at `from`; both are paths
 * within content.dir, see struct links. "./x" and "../x" mean what lies there and nothing else,
 * seen from that article; every other target may leave folders out. NULL when none, or more than
 * one, fits.
 */
const struct article *index_link(const struct index *index, struct slice from, struct slice target);
/* The same for markup_render. `arg` is the index. */
struct links index_links(const struct index *index);

void index_free(struct index *index);

/*
 * For the index's own files. The first slot of the chain in which all articles
 * with that key are, among others, or INDEX_NONE; next[chain] leads on.
 */
uint32_t index_chain(const struct index *index, enum index_chain chain, struct slice key);
/* Link a slot into a chain, and take it out: the key is that of its article. */
void index_chain_put(struct index *index, enum index_chain chain, uint32_t slot);
void index_chain_remove(struct index *index, enum index_chain chain, uint32_t slot);
/* Link everything anew, with room for all articles. */
void index_chain_rebuild(struct index *index);
/* The slot of the article at a path, or INDEX_NONE. */
uint32_t index_slot(const struct index *index, struct slice path);
/* A slot of an article with that id or URL, or INDEX_NONE. */
uint32_t index_held(const struct index *index, enum index_chain chain, struct slice key);
/*
 * Who keeps an id or URL that both claim: < 0 when `a` does. What readers have seen comes before
 * what they have not, then what was seen first. A total order.
 */
int index_claim_compare(const struct article *a, const struct article *b);

#endif
