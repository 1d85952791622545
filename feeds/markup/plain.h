/*
 * plain: running text into HTML.
 */
#ifndef FEEDS_MARKUP_PLAIN_H
#define FEEDS_MARKUP_PLAIN_H

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

/* Append with `&`, `<`, `>` and quotation marks as references; good in attributes too. */
void plain_put(struct slice text, struct buf *html);
/* The same, with bare URLs as links (bare_url.h). */
void plain_put_linked(struct slice text, struct buf *html);

#endif
