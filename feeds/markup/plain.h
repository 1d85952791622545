/*
 * plain: running text into HTML.
 */
#ifndef FEEDS_MARKUP_PLAIN_H
#define FEEDS_MARKUP_PLAIN_H

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

/* Append the text escaped (htmlescape.h), with bare URLs (bare_url.h) as links. */
void plain_put_linked(struct buf *out, struct slice text);

#endif
