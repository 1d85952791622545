/*
 * entry: an article as it stands in a feed.
 *
 * entry_render does the costly part, the body, once for all formats and feeds.
 * Pure: the file was read by the caller.
 */
#ifndef FEEDS_ENTRY_H
#define FEEDS_ENTRY_H

#include "feeds/article.h"
#include "feeds/feed.h"
#include "feeds/markup/markup.h"

struct entry_site {	  /* what all entries of a site share; borrowed */
	struct slice url; /* absolute, ends with "/" */
	struct slice lang;
	const struct links *links;
};

/*
 * Fill *out. Its strings live in `arena`, in the article or in the detail. A body that is
 * more than its markup's bounds allow is left out, with a warning in `diags`:
 * the entry keeps its title and summary. Never fails.
 */
void entry_render(const struct article *article, const struct article_detail *detail,
    const struct entry_site *site, struct arena *arena, struct diags *diags, struct entry *out);

#endif
