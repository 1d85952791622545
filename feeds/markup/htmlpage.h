/*
 * htmlpage: finds the article in a whole page of HTML.
 */
#ifndef FEEDS_MARKUP_HTMLPAGE_H
#define FEEDS_MARKUP_HTMLPAGE_H

#include <stdbool.h>

#include "feeds/base/slice.h"

struct htmlpage {
	struct slice inner; /* what is inside the article element, main, or body */
	struct slice base;  /* href of <base>, with its entities; empty: none */
	bool article;	    /* inner is that of an article or main element, not of the body */
};

/*
 * The article element, else main, else the element of role "main", else body.
 * One that has neither text nor a picture, player or frame is passed over. Of
 * several articles it is the one with most text, if it has most of main's.
 * Returns false, and all of `html` as inner, when this is no page: it has no
 * <html> or <body>, and does not begin with <article> or <main>.
 */
bool htmlpage_find(struct slice html, struct htmlpage *out);

#endif
