/*
 * text: bytes of unknown quality become text that every format can carry.
 *
 * text_legal runs once over a file as it is read; everything behind it may
 * rely on legal UTF-8, "\n" line ends and characters that XML 1.0 allows.
 */
#ifndef FEEDS_BASE_TEXT_H
#define FEEDS_BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/buf.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"

struct text_repairs {
	size_t replaced;			 /* invalid UTF-8 sequences, now U+FFFD */
	uint32_t replaced_line, replaced_column; /* of the first */
	size_t dropped;				 /* characters illegal in XML 1.0 */
	uint32_t dropped_line, dropped_column;	 /* of the first */
};

/*
 * Drops a byte order mark, turns CR LF and lone CR into LF, replaces invalid
 * UTF-8 by U+FFFD (one for each maximal bad subsequence), drops what XML 1.0
 * forbids (C0 controls but \t and \n, U+FFFE, U+FFFF). Text that needs none of it is
 * returned as it is and *out stays empty; else the result is in *out.
 *
 * Fails with ERR_INVALID and a text that says what to do for UTF-16 and
 * UTF-32 (by their marks or their zero bytes) and for binary data (a NUL).
 */
int text_legal(struct slice bytes, struct buf *out, struct slice *out_text,
    struct text_repairs *repairs, struct err *err);

/* Decode the character at s[*at] (legal UTF-8) and move *at behind it. */
uint32_t text_next(struct slice s, size_t *at);
/* Append a code point as UTF-8; U+FFFD for what is no scalar value. */
void text_put(struct buf *out, uint32_t code_point);

/* White space of any script (Unicode White_Space). */
bool text_is_space(uint32_t code_point);

/*
 * Append `s` with runs of white space (line ends too) as one blank and none at
 * the ends.
 */
void text_put_collapsed(struct buf *out, struct slice s);

/*
 * Length in bytes of the longest beginning of `s` that has at most `max`
 * grapheme clusters (UAX #29) and ends before a white space or, in scripts
 * written without blanks, at a cluster. s.len when it fits whole.
 */
size_t text_cut(struct slice s, size_t max);

/*
 * Append a visible form for a message: control characters, bad UTF-8 and
 * bidirectional controls as \xNN or \u{NNNN}, so that no file name can forge
 * a log line.
 */
void text_put_escaped(struct buf *out, struct slice bytes);

/* Append in lower case, Unicode's full mapping, NFC; for comparing and for slugs. */
void text_put_lower(struct buf *out, struct slice s);

/* The ends of a counted word in a message: "s" but for one, and of "entry" "y" for one, "ies" else. */
const char *text_plural(uint64_t number);
const char *text_plural_y(uint64_t number);

#endif
