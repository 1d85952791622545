/*
 * sanitize: HTML from anywhere becomes a fragment fit for a feed.
 *
 * libxml2's HTML parser reads it as a stream of SAX events; an allow list of
 * elements and attributes decides what is written. Every URL-bearing attribute
 * (href, src, srcset, poster, cite, data, longdesc, background, url() in
 * style …) becomes absolute against the page's URL; links to source files of
 * other articles become links to their pages; lazy images (data-src and its
 * kin) become real; `javascript:`, `vbscript:` and `data:` (but images)
 * go; an iframe of a known video host becomes a link. Output is well-formed:
 * every element that is not void is closed, every attribute quoted.
 *
 * Elements nested deeper than 100 are dropped, their text kept.
 */
#ifndef FEEDS_MARKUP_SANITIZE_H
#define FEEDS_MARKUP_SANITIZE_H

#include "feeds/markup/markup.h"

/*
 * Append the fragment to out->html and set out->more. `page`: when the HTML is a whole page
 * (it has <html> or <body>), only the article element counts, else main, else body, less
 * nav, header, footer, aside, forms and "share" furniture. Uses title,
 * page_url, site_url, path and links of `source`, not its body. Fails with ERR_LIMIT when
 * the result would pass out->html.max.
 */
int sanitize_html(struct slice html, const struct markup_source *source, bool page,
    struct diags *diags, struct markup_result *out, struct err *err);

#endif
