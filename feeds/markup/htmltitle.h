/*
 * htmltitle: does a heading say anything that a reader does not see anyway?
 */
#ifndef FEEDS_MARKUP_HTMLTITLE_H
#define FEEDS_MARKUP_HTMLTITLE_H

#include <stdbool.h>

#include "feeds/base/slice.h"

/*
 * The same words: runs of white space are one blank, typographic quotes,
 * dashes and dots are as typed, and neither case nor Markdown's marks count,
 * for a title in a head keeps those. False when one has no text.
 */
bool htmltitle_equal(struct slice heading, struct slice title);

/* Nothing, or but a sign that stands for a link: "#", a pilcrow, a chain. */
bool htmltitle_is_sign(struct slice text);

#endif
