/*
 * nearest: which known name somebody may have meant.
 *
 *	struct nearest nearest = nearest_start(word);
 *	for (each known name)
 *		nearest_try(&nearest, name);
 *	if (nearest.best)
 *		"... did you mean '%s'?"
 */
#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

#include "feeds/base/slice.h"

struct nearest {
	struct slice word;
	const char *best; /* NULL: nothing is near; else a name that was tried, borrowed */
	size_t distance;
};

struct nearest nearest_start(struct slice word);
/*
 * Names are near when few letters were left out, added, changed or swapped, or
 * when the word is the beginning of one. Of equals, the first tried wins.
 */
void nearest_try(struct nearest *nearest, const char *name);

#endif
