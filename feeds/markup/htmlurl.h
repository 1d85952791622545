/*
 * htmlurl: what becomes of the URLs in an article's HTML.
 *
 * Each put appends plain text, for the caller to escape, and returns false,
 * with nothing appended, when the attribute has to go. What is appended is an
 * absolute URL of a scheme on the list, or made of such.
 */
#ifndef FEEDS_MARKUP_HTMLURL_H
#define FEEDS_MARKUP_HTMLURL_H

#include <stdbool.h>

#include "feeds/markup/markup.h"

struct htmlurl {
	const struct markup_source *source;
	struct slice base; /* absolute: the page's URL, or what its <base> says */
};

/*
 * Something to go to. A path that means another article's source file becomes
 * that article's URL, with the query and fragment it had; Pelican's
 * `{filename}`, `{static}`, `{attach}`, `{tag}`, `{category}`, `{author}` and
 * `{index}` are understood.
 */
bool htmlurl_put_link(const struct htmlurl *url, struct slice value, struct buf *out);
/* Something to show: http, https, or a raster image as data. */
bool htmlurl_put_media(const struct htmlurl *url, struct slice value, struct buf *out);
/* Image candidates (HTML, 4.8.4.2.1); those that have to go are left out. */
bool htmlurl_put_srcset(const struct htmlurl *url, struct slice value, struct buf *out);

/* Is it an image that stands for one still to come: a dot as data? */
bool htmlurl_is_placeholder(struct slice value);

#endif
