/*
 * sanitize: HTML from anywhere becomes a fragment fit for a feed.
 *
 * libxml2's HTML parser reads it as a stream of SAX events; an allow list of
 * elements and attributes decides what is written. Every URL-bearing attribute
 * (href, src, srcset, poster, cite, data, longdesc, background, url() in
 * style …) becomes absolute against the page's URL; links to source files of
 * other articles become links to their pages; lazy images (data-src and its
 * kin) become real; `javascript:`, `vbscript:` and `data:` (but images)
 * go; an iframe becomes a link, of a known player to what it plays. Output is
 * well-formed: every element that is not void is closed, every attribute
 * quoted, and of entities there are &amp; &lt; &gt; and &quot; alone.
 *
 *	html ─► htmlpage ─► htmlfence ─► libxml2 ─► htmlemit ─► fragment
 *	        the article  known tags,  entities,   htmlurl, htmlembed,
 *	        of a page    bounded      nesting     htmlescape
 *
 * HTML whose elements are nested as they should be takes a shorter way, by
 * htmlnest, to the same fragment.
 *
 * Elements nested deeper than 100 are dropped, their text kept. Time and memory
 * are linear in the input. Of `html` it expects legal text (feeds/base/text.h),
 * of the program that xmlInitParser() was called before there were threads.
 */
#ifndef FEEDS_MARKUP_SANITIZE_H
#define FEEDS_MARKUP_SANITIZE_H

#include "feeds/markup/markup.h"

/*
 * Append the fragment to out->html and set out->more. `page`: when the HTML is a
 * whole page (it has <html> or <body>, or begins with <article> or <main>), only
 * the article element counts, else main, else body, less nav, header, footer,
 * aside, forms and "share" furniture; of a page that has nothing else, what is
 * hidden is shown. Uses title, page_url, site_url, path and links of `source`, not
 * its body. A "more" mark may stand inside elements: the bytes before it then hold
 * start tags without their ends. Fails with ERR_LIMIT when the result would pass
 * out->html.max.
 */
int sanitize_html(struct slice html, const struct markup_source *source, bool page,
    struct diags *diags, struct markup_result *out, struct err *err);

#endif
