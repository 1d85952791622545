/*
 * jsonld: what a page says of its article in schema.org's words, in a
 * <script type="application/ld+json">.
 */
#ifndef FEEDS_FRONTMATTER_JSONLD_H
#define FEEDS_FRONTMATTER_JSONLD_H

#include "feeds/base/value.h"

enum { JSONLD_MAX = 65536 }; /* bytes of one script */

struct jsonld { /* empty or NULL: not said; all in the arena */
	struct slice headline;
	struct slice published, modified;
	struct slice summary;
	struct slice image;
	struct slice language;
	struct value *authors;	/* list of strings and of maps with name and url */
	struct value *keywords; /* a string, divided at commas, or a list */
	struct value *section;	/* a string or a list */
};

/*
 * Find the first article (Article, BlogPosting, NewsArticle and their kin), at
 * the top, in an array or in @graph. `first_line` is the line of the script's
 * first byte. Returns false when there is none or the script is no JSON.
 */
bool jsonld_read(struct slice script, uint32_t first_line, struct arena *arena, struct jsonld *out);

#endif
