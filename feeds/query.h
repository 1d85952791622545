/*
 * query: a feed as a question to the index.
 *
 * Filters, a limit, and perhaps one feed for each value of a field (`by`).
 * Values compare by their key (feedpath.h): without case, so that "Rust" and
 * "rust" are one tag and one file.
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

struct query {
	/* Filters; NULL: any. `path` is a glob, `section` and `lang` are exact but for case. */
	const char *section, *tag, *category, *author, *lang, *path;
	enum query_by by;
	size_t limit;		/* articles; 0: all */
	struct slice site_lang; /* what articles without a language count as */
};

struct query_group {		      /* one feed */
	struct slice value;	      /* as its newest article spells it; empty without `by` */
	struct slice key;	      /* feed_value_key of the value */
	const struct article **items; /* borrowed from the index, in its order */
	size_t len, cap;
};

struct query_result {
	struct query_group *groups; /* by key, in byte order; without `by` exactly one */
	size_t len, cap;
	struct arena arena; /* holds the keys */
};

/* Ask a finished index. The result borrows from it; query_free releases it. */
void query_run(const struct query *query, const struct index *index, struct query_result *out);
void query_free(struct query_result *result);

#endif
