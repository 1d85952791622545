/*
 * jsobject: reads a JavaScript object literal into a value tree, for heads
 * that are one (`export const meta = {…}`, `---js`).
 *
 * Literals only: strings in any quotes but without `${}`, numbers, true, false,
 * null, arrays, objects, `new Date("…")` as its string; unquoted keys, trailing
 * commas and comments. Nothing is evaluated: a key whose value is anything
 * else is left out with a note.
 */
#ifndef FEEDS_FRONTMATTER_JSOBJECT_H
#define FEEDS_FRONTMATTER_JSOBJECT_H

#include "feeds/base/value.h"

/*
 * Reads the object at offset *at of `text`, white space and comments before it
 * aside, and moves *at behind it; lines and columns are those of `text`. With
 * `at` NULL the text is the object, and nothing but ";" may follow. Fails with
 * ERR_SYNTAX or ERR_LIMIT, with line and column. Of a repeated key all stay, in
 * the order written.
 */
int jsobject_parse(struct slice text, size_t *at, const struct value_rules *rules,
    struct arena *arena, struct diags *diags, struct value **out, struct err *err);

#endif
