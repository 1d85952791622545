/*
 * headline: does a line read like one?
 */
#ifndef FEEDS_MARKUP_HEADLINE_H
#define FEEDS_MARKUP_HEADLINE_H

#include <stdbool.h>

#include "feeds/base/slice.h"

/*
 * A short line of words that begins like one and does not end like a sentence, and is no date,
 * address, or name of an author.
 */
bool headline_likely(struct slice line);

/* Besides, it ends with nothing at all: such a line at the end of a text is page furniture. */
bool headline_is_bare(struct slice line);

#endif
