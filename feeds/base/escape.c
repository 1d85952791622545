#include "feeds/base/escape.h"

#include <unistr.h>

#include "feeds/base/scan.h"

/*
 * Output is gathered here, so that an append to the buf is for many characters.
 * A step writes less than ROOM bytes without asking.
 */
enum { STAGE = 1024, ROOM = 16 };

static const char replacement[3] = {'\xEF', '\xBF', '\xBD'}; /* U+FFFD */

static inline bool continues(uint8_t c)
{
	return (c & 0xC0) == 0x80;
}

/*
 * Write the character at p, which is not ASCII, or what stands in its place.
 * Returns its length; *out_len is the length of what was written.
 */
static inline size_t foreign(const uint8_t *p, size_t left, char *out, size_t *out_len)
{
	ucs4_t c;
	size_t len;

	/* Most characters, where the second byte has no limits of its own (Unicode, table 3-7). */
	if (left >= 3 && p[0] >= 0xE1 && p[0] <= 0xEE && p[0] != 0xED && continues(p[1]) &&
	    continues(p[2])) {
		memcpy(out, p, 3);
		return *out_len = 3;
	}
	if (left >= 2 && p[0] >= 0xC2 && p[0] <= 0xDF && continues(p[1])) {
		memcpy(out, p, 2);
		return *out_len = 2;
	}
	len = (size_t)u8_mbtouc(&c, p, left);
	if (c == 0xFFFE || c == 0xFFFF) {
		*out_len = 0;
	} else if (c == 0xFFFD) { /* the character itself, or a bad sequence of any length */
		memcpy(out, replacement, sizeof(replacement));
		*out_len = sizeof(replacement);
	} else {
		memcpy(out, p, len);
		*out_len = len;
	}
	return len;
}

/* How many of the eight bytes at p stay as they are, whatever the table. */
static inline size_t plain_bytes(const uint8_t *p)
{
	uint64_t word = scan_load(p);

	return scan_plain(scan_odd(word) | scan_sign(word, SCAN_SIGN('&')) |
			  scan_sign(word, SCAN_SIGN('<')) | scan_sign(word, SCAN_SIGN('>')) |
			  scan_sign(word, SCAN_SIGN('"')) | scan_sign(word, SCAN_SIGN('\\')));
}

void escape_put(struct buf *out, struct slice text, const struct escapes *escapes)
{
	const uint8_t *p = (const uint8_t *)text.ptr;
	size_t at = 0, staged = 0, len;
	char stage[STAGE + ROOM];

	while (at < text.len) {
		const struct escape *escape;

		if (staged > STAGE) {
			buf_put(out, stage, staged);
			staged = 0;
		}
		if (text.len - at >= 8) {
			size_t plain = plain_bytes(p + at);

			memcpy(stage + staged, p + at, 8);
			staged += plain;
			at += plain;
			if (plain == 8)
				continue;
		}
		escape = &escapes->of[p[at]];
		if (!escape->active) {
			stage[staged++] = (char)p[at++];
		} else if (p[at] < 0x80) {
			memcpy(stage + staged, escape->text, ESCAPE_MAX);
			staged += escape->len;
			at++;
		} else {
			do { /* such characters rarely come alone */
				at += foreign(p + at, text.len - at, stage + staged, &len);
				staged += len;
			} while (at < text.len && p[at] >= 0x80 && staged <= STAGE);
		}
	}
	buf_put(out, stage, staged);
}
