/*
 * pysettings: what a settings file in Python plainly says.
 *
 * No program runs: assignments that begin a line are read, `NAME = literal`, where the literal is
 * a string, a number, True, False, None, or a list or tuple of strings. What is computed, and what
 * stands within an `if` or a function, is left out. A later assignment comes later in the map.
 */
#ifndef CONFIG_GENERATOR_PYSETTINGS_H
#define CONFIG_GENERATOR_PYSETTINGS_H

#include "feeds/base/value.h"

enum { PYSETTINGS_MAX = 2000 }; /* assignments; the rest of the text is not looked at */

/* Any text gives a map, empty at worst; it lives in `arena`. The text is legal text. */
struct value *pysettings_read(struct slice text, struct arena *arena);

#endif
