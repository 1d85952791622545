/*
 * jsonout: writes JSON (RFC 8259) into a buf, two blanks a level.
 *
 * Every string passes one entry point, which makes it legal UTF-8 (U+FFFD for
 * what is not) and drops the characters that XML's Char excludes, so that all
 * formats carry the same text. U+2028, U+2029 and "<" need no escape in JSON.
 */
#ifndef FEEDS_BASE_JSONOUT_H
#define FEEDS_BASE_JSONOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

enum { JSONOUT_DEPTH = 16 };

struct jsonout {
	struct buf *out;
	char close[JSONOUT_DEPTH]; /* what ends each open object or array */
	bool empty[JSONOUT_DEPTH]; /* nothing in it yet */
	unsigned depth;
};

void jsonout_start(struct jsonout *json, struct buf *out);
/* `key` is NULL for the document itself and inside arrays. Keys are literals of ours. */
void jsonout_object(struct jsonout *json, const char *key);
void jsonout_array(struct jsonout *json, const char *key);
void jsonout_string(struct jsonout *json, const char *key, struct slice text);
/* Append what stands between the quotes of a string, and put a string that was made so. */
void jsonout_escape(struct slice text, struct buf *out);
void jsonout_escaped(struct jsonout *json, const char *key, struct slice escaped);
void jsonout_int(struct jsonout *json, const char *key, int64_t number);
void jsonout_bool(struct jsonout *json, const char *key, bool value);
/* End the innermost object or array. */
void jsonout_close(struct jsonout *json);
/*
 * Go on inside `depth` levels opened elsewhere, closed by the characters of
 * `close` (outermost first); `empty` says whether the innermost holds nothing.
 */
void jsonout_resume(struct jsonout *json, struct buf *out, const char *close, bool empty);

#endif
