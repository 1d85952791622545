/*
 * json: reads one JSON text (RFC 8259) into a value tree, through jansson.
 *
 * Repeated keys, raw control characters, lone surrogates and bytes after the
 * end are refused. The text of a number is as written, that of null is empty.
 */
#ifndef FEEDS_BASE_JSON_H
#define FEEDS_BASE_JSON_H

#include "feeds/base/value.h"

/*
 * Reads one value from the start of `text`. When `out_len` is NULL nothing but
 * white space may follow; else *out_len is the number of bytes read. Fails
 * with ERR_SYNTAX or ERR_LIMIT, with line and column. Values carry the line and
 * column of their first byte.
 */
int json_parse(struct slice text, const struct value_rules *rules, struct arena *arena,
    struct value **out, size_t *out_len, struct err *err);

#endif
