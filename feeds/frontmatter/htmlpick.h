/*
 * htmlpick: the few tags of a page that speak of the page.
 *
 * libxml2's HTML parser looks through all open elements at each end tag and
 * compares each attribute of a tag with all before it, so a page of a megabyte
 * could take it minutes. What a head can use of a page is small and flat:
 * <html>, <title>, <base>, <meta>, <link>, <time>, the first <h1>, JSON-LD. That is found
 * here in one linear pass and written anew, for the parser to decode.
 */
#ifndef FEEDS_FRONTMATTER_HTMLPICK_H
#define FEEDS_FRONTMATTER_HTMLPICK_H

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

enum {
	HTMLPICK_TAGS_MAX = 1000, /* tags picked; the rest of the page is not looked at */
	HTMLPICK_TEXT_MAX = 4096, /* bytes of a title, a heading, an attribute's value */
	HTMLPICK_SCRIPTS_MAX = 16,
};

/* Append what was picked to `out`, each tag on the line that it has in `html`. */
void htmlpick_put(struct slice html, struct buf *out);

#endif
