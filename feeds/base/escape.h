/*
 * escape: text of unknown quality becomes legal text of a document.
 *
 * The one loop behind xmlout and jsonout: every byte written by them that is
 * not a literal of our own passes here. Entries with their full content are
 * most of what feedd ever writes, so bytes that may stay are taken eight at a
 * time.
 */
#ifndef FEEDS_BASE_ESCAPE_H
#define FEEDS_BASE_ESCAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

enum { ESCAPE_MAX = 6 };

/* What becomes of a byte; all zero: it stays. */
struct escape {
	bool active;
	uint8_t len;
	char text[ESCAPE_MAX]; /* `len` bytes, written in its place */
};

/* Of the characters from blank to DEL, only & < > " \\ may have an escape. */
struct escapes {
	struct escape of[256];
};

#define ESCAPE(literal)                                                                            \
	{                                                                                          \
		true, sizeof(literal) - 1, literal                                                 \
	}

/*
 * Every table begins with this: the controls that XML 1.0 (production 2)
 * forbids go, and bytes beyond ASCII are looked at.
 */
#define ESCAPES_BASE                                                                               \
	[0x00 ... 0x08] = ESCAPE(""), [0x0B] = ESCAPE(""), [0x0C] = ESCAPE(""),                    \
		  [0x0E ... 0x1F] = ESCAPE(""), [0x80 ... 0xFF] = ESCAPE("")

/*
 * Append `text`: ASCII as `escapes` says; other characters as they are, but
 * U+FFFE and U+FFFF are dropped, and bytes that are no UTF-8 become U+FFFD.
 */
void escape_put(struct buf *out, struct slice text, const struct escapes *escapes);

#endif
