/*
 * query: a feed as a question to the index.
 *
 * Filters, a limit, and perhaps one feed for each value of a field (`by`).
 * Values compare by their key (feedpath.h): without case, so that "Rust" and
 * "rust" are one tag and one file.
 *
 * A result lives as long as the index and follows it from the beginning:
 * query_start makes it while the index is empty, query_update brings in what an
 * index_update changed. Each group keeps all its articles; its *window*, the
 * first `limit` of them, is what stands in the feed. `touched` says that a window
 * is not what it was when its feed was rendered last.
 */
#ifndef FEEDS_QUERY_H
#define FEEDS_QUERY_H

#include "feeds/index.h"

enum query_by {
	QUERY_BY_NOTHING,
	QUERY_BY_TAG,
	QUERY_BY_CATEGORY,
	QUERY_BY_SECTION,
	QUERY_BY_AUTHOR,
	QUERY_BY_LANG,
};

/* "tag": as settings and the tokens of paths have it; "" for nothing. */
const char *query_by_name(enum query_by by);

struct query {
	/* Filters; NULL: any. `path` is a glob, `section` and `lang` are exact but for case. */
	const char *section, *tag, *category, *author, *lang, *path;
	enum query_by by;
	size_t limit;			   /* articles; 0: all */
	struct slice site_lang;		   /* what articles without a language count as */
	const struct person *site_authors; /* and whose those are that name no author */
	size_t site_authors_len;
};

struct query_group {	      /* one feed */
	struct slice value;   /* as its newest article spells it, or last did; empty without `by` */
	struct slice key;     /* feed_value_key of the value */
	bool touched;	      /* set for a new group, and when anything in its window changes;
				whoever renders clears it */
	bool failing;	      /* whoever renders has said that it fails */
	size_t limit;	      /* the query's */
	uint64_t listed_name; /* whoever lists feeds has taken it as this, ... */
	size_t listed_entries; /* ... with so many entries; 0: not at all */

	/* The query's own. */
	const struct index *index; /* NULL: no article was ever in it */
	struct slots members;	   /* all, not just the window */
	VEC(uint32_t) gone, come;  /* during an update, in order */
};

struct query_result {
	struct query_group **groups; /* by key, in byte order; without `by` exactly one; owned */
	size_t len, cap;
	size_t limit;						 /* of each group */
	struct slice section, tag, category, author, lang, path; /* the filters' keys */
	struct arena arena;					 /* holds them */
};

/* Without articles yet. `query` and its strings must outlive the result. */
void query_start(const struct query *query, struct query_result *out);
/* Follow an index_update. The index must stay where it is in memory. */
void query_update(const struct query *query, struct query_result *result, const struct index *index,
    const struct index_delta *delta);

/*
 * Do the filters take this article, whatever the limit? With `by` it has a value, too:
 * there is a feed that it stands in, or stood in once. `result` has the filters' keys.
 */
bool query_takes(
    const struct query *query, const struct query_result *result, const struct article *article);

/*
 * What of the query does not take it: the name of a filter, "tag", or "by" where it has no
 * value for a feed; NULL: nothing, it is taken. query_takes, with the reason.
 */
const char *query_refusal(
    const struct query *query, const struct query_result *result, const struct article *article);

/* Would it be in the group, if it stood in feeds? */
bool query_would_join(const struct query *query, const struct query_result *result,
    const struct query_group *group, const struct article *article);

/*
 * The group of a value, made if there is none: for feeds that exist on disk. NULL when
 * the value has no key. A group that loses its last article stays, until
 * query_group_remove, which frees it; that is for empty groups of a query with `by`.
 */
struct query_group *query_group_want(struct query_result *result, struct slice value);
void query_group_remove(struct query_result *result, struct query_group *group);

/* How many articles are in the group, and how many of them stand in the feed. */
static inline size_t query_group_len(const struct query_group *group)
{
	return group->members.len;
}
static inline size_t query_group_window(const struct query_group *group)
{
	return group->limit && group->limit < group->members.len ? group->limit
								 : group->members.len;
}
/* The article at a place, newest first. */
static inline const struct article *query_group_at(const struct query_group *group, size_t place)
{
	return group->index->items[slots_at(&group->members, place)];
}

void query_free(struct query_result *result);

#endif
