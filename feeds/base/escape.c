#include "feeds/base/escape.h"

#include <unistr.h>

/*
 * Output is gathered here, so that an append to the buf is for many characters.
 * A step writes up to ROOM bytes without asking.
 */
enum { STAGE = 1024, ROOM = 8 };

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

void escape_put(struct buf *out, struct slice text, const struct escapes *escapes)
{
	const struct escape *of = escapes->of;
	const uint8_t *p = (const uint8_t *)text.ptr;
	size_t at = 0, staged = 0, len;
	char stage[STAGE + ROOM];

	while (at < text.len) {
		const struct escape *escape = &of[p[at]];

		if (staged > STAGE) {
			buf_put(out, stage, staged);
			staged = 0;
		}
		if (text.len - at >= 4 && !(escape->active | of[p[at + 1]].active |
					      of[p[at + 2]].active | of[p[at + 3]].active)) {
			memcpy(stage + staged, p + at, 4);
			staged += 4;
			at += 4;
		} else if (!escape->active) {
			stage[staged++] = (char)p[at++];
		} else if (p[at] < 0x80) {
			memcpy(stage + staged, escape->text, ESCAPE_MAX);
			staged += escape->len;
			at++;
		} else {
			at += foreign(p + at, text.len - at, stage + staged, &len);
			staged += len;
		}
	}
	buf_put(out, stage, staged);
}
