/*
 * htmlescape: text as HTML writes it, in the sanitizer's one way of writing.
 */
#ifndef FEEDS_MARKUP_HTMLESCAPE_H
#define FEEDS_MARKUP_HTMLESCAPE_H

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

/*
 * Append UTF-8 text, for content and for values in double quotes: "&", "<", ">"
 * and the quote become entities, and nothing else does. Characters that XML
 * forbids go, which numeric references can bring in; those of U+0080 to U+009F
 * are read as Windows-1252, as browsers read `&#146;` (HTML, 13.2.5.80).
 */
void htmlescape_put(struct buf *out, struct slice text);

#endif
