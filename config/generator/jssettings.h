/*
 * jssettings: what a settings file in JavaScript or TypeScript plainly says.
 *
 * No program runs: the text is looked through for literals in a few places, which go into one map.
 *
 *	const NAME = "…"            NAME        (let, var, export; a type between is passed)
 *	export default {…}          default     (and module.exports = {…}: exports)
 *	return {…}                  return
 *	CALL({…})                   CALL        (defineConfig)
 *	CALL(NAME, {…})             NAME        (addPlugin(feedPlugin, …))
 *
 * What is computed is left out (feeds/frontmatter/jsobject.h). A key may stand there several times,
 * in the order of the text.
 */
#ifndef CONFIG_GENERATOR_JSSETTINGS_H
#define CONFIG_GENERATOR_JSSETTINGS_H

#include "feeds/base/value.h"

enum { JSSETTINGS_MAX = 500 }; /* literals that are tried; the rest of the text is not looked at */

/* Any text gives a map, empty at worst; it lives in `arena`. The text is legal text. */
struct value *jssettings_read(struct slice text, struct arena *arena);

#endif
