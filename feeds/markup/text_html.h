/*
 * text_html: HTML that only its file name calls text.
 */
#ifndef FEEDS_MARKUP_TEXT_HTML_H
#define FEEDS_MARKUP_TEXT_HTML_H

#include <stdbool.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

/*
 * Is the body marked up? It is when it has an element of HTML with its end tag,
 * or a break or picture. Indented lines do not count: they may show HTML.
 */
bool text_html_is(struct slice body);

/*
 * Append it as HTML. Where it marks up words only (<a>, <em>) and leaves
 * paragraphs to blank lines, those become <p>.
 */
void text_html_put(struct slice body, struct buf *html);

#endif
