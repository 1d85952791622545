/*
 * glob: path patterns of settings, `**` and all.
 *
 * `?` is one character but "/", `*` any run without "/", `[a-z]` and `[!a-z]`
 * a set of bytes, `**` as a whole segment any number of segments, none
 * included. A pattern without "/" is matched against the last segment of the
 * path, as in .gitignore. A pattern that ends with "/" means everything below.
 */
#ifndef FEEDS_BASE_GLOB_H
#define FEEDS_BASE_GLOB_H

#include <stdbool.h>

#include "feeds/base/slice.h"

/* Time is at most pattern length times path length. */
bool glob_match(struct slice pattern, struct slice path);

#endif
