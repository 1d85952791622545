/*
 * htmlstyle: style attributes (CSS Style Attributes), one declaration at a time.
 */
#ifndef FEEDS_MARKUP_HTMLSTYLE_H
#define FEEDS_MARKUP_HTMLSTYLE_H

#include "feeds/markup/htmlurl.h"

/* Does it say `display: none`? */
bool htmlstyle_hides(struct slice style);
/*
 * Append the declarations of harmless properties, with url() made absolute, as
 * plain text for the caller to escape; false, with nothing appended, when none is.
 */
bool htmlstyle_put(const struct htmlurl *url, struct slice style, struct buf *out);

#endif
