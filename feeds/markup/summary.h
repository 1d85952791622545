/*
 * summary: plain text out of a fragment that sanitize_html wrote.
 */
#ifndef FEEDS_MARKUP_SUMMARY_H
#define FEEDS_MARKUP_SUMMARY_H

#include "feeds/markup/markup.h"

enum { SUMMARY_MAX = 300 }; /* grapheme clusters */

/*
 * Append the plain text of a fragment: tags go, entities become characters,
 * white space collapses, block elements are kept apart by one blank.
 */
void summary_put_text(struct slice html, struct buf *out);

/*
 * Append the summary of a rendered body: the text before its "more" mark, else
 * its first paragraph with text, cut at SUMMARY_MAX grapheme clusters at a
 * word, with "…" behind a cut. Nothing when the body has no text.
 */
void summary_put(const struct markup_result *body, struct buf *out);

#endif
