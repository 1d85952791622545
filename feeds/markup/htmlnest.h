/*
 * htmlnest: reads HTML that is nested as it should be, behind the fence.
 *
 * Nearly all of what comes out of Markdown closes what it opens, in order, and
 * leaves no end tag out. Of such HTML libxml2's parser would say nothing that is
 * not written there, at several times the cost of all that feedd does to it: a
 * character at a time. So it is read here, and goes to the parser as soon as
 * anything in it is the parser's to decide: an end tag that is not that of the
 * innermost element, a start tag before which an element has to end, depth, a
 * reference that is broken. Which elements end before which is asked of libxml2
 * itself, so that both always agree.
 */
#ifndef FEEDS_MARKUP_HTMLNEST_H
#define FEEDS_MARKUP_HTMLNEST_H

#include <stdbool.h>

#include "feeds/base/slice.h"
#include "feeds/markup/htmlemit.h"
#include "feeds/markup/htmlfence.h"

/*
 * Say to `emit` what the parser would say of `html`, fenced and within a div. False
 * when only the parser knows: what `emit` has written is of no use then. Elements
 * without an end tag stay open in `emit`.
 */
bool htmlnest_put(const struct htmlfence *rules, struct slice html, struct htmlemit *emit);

#endif
