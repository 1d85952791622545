#include "feeds/base/text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>

#include "feeds/base/mem.h"
#include "feeds/base/scan.h"

enum {
	REPLACEMENT = 0xFFFD,
	SAMPLE = 4096, /* bytes looked at to tell UTF-16 and UTF-32 from binary data */
};

/* A continuation byte at p[i] within [low, high]? */
static inline bool follows(
    const unsigned char *p, size_t left, size_t i, unsigned char low, unsigned char high)
{
	return i < left && p[i] >= low && p[i] <= high;
}

/*
 * Read one character. Returns its length, or minus the length of the bad
 * sequence: the longest beginning of a legal one, at least a byte (Unicode
 * 15.0 section 3.9, "U+FFFD substitution of maximal subparts"). The ranges of
 * the second byte (table 3-7) keep overlong forms, surrogates and what is
 * beyond U+10FFFF out.
 */
static inline int decode(const unsigned char *p, size_t left, uint32_t *out)
{
	unsigned char c = p[0];

	if (c < 0x80) {
		*out = c;
		return 1;
	}
	if (c < 0xC2 || c > 0xF4)
		return -1;
	if (c < 0xE0) {
		if (!follows(p, left, 1, 0x80, 0xBF))
			return -1;
		*out = (c & 0x1Fu) << 6 | (p[1] & 0x3Fu);
		return 2;
	}
	if (c < 0xF0) {
		if (!follows(p, left, 1, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF))
			return -1;
		if (!follows(p, left, 2, 0x80, 0xBF))
			return -2;
		*out = (c & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
		return 3;
	}
	if (!follows(p, left, 1, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF))
		return -1;
	if (!follows(p, left, 2, 0x80, 0xBF))
		return -2;
	if (!follows(p, left, 3, 0x80, 0xBF))
		return -3;
	*out = (c & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
	return 4;
}

/* One of the two characters above the controls that XML 1.0 (production 2) forbids. */
static inline bool is_noncharacter(uint32_t code_point)
{
	return code_point == 0xFFFE || code_point == 0xFFFF;
}

/* A vector, which the compiler makes of what the machine has. */
typedef signed char block __attribute__((vector_size(16)));

/* The first byte of a character of two: C2 to DF. */
static inline block is_lead(block bytes)
{
	return (bytes > (signed char)0xC1) & (bytes < (signed char)0xE0);
}

/*
 * Has the block at p none but printable ASCII, line ends, tabs, and characters of two bytes? Its
 * first byte may be the second one of a character, its last the first.
 */
static inline bool block_is_legal(const unsigned char *p)
{
	block bytes, before, second, odd;
	uint64_t words[2];

	memcpy(&bytes, p, sizeof(bytes));
	memcpy(&before, p - 1, sizeof(before));
	second = bytes < (signed char)0xC0; /* 80 to BF */
	odd = ~((bytes >= 0x20) | (bytes == '\n') | (bytes == '\t') | second | is_lead(bytes));
	odd |= second ^ is_lead(before);
	memcpy(words, &odd, sizeof(words));
	return (words[0] | words[1]) == 0;
}

/* Pass over such blocks; `at` is where a character begins, and not 0. */
static size_t legal_blocks(const unsigned char *p, size_t at, size_t len)
{
	size_t start = at;

	while (len - at >= sizeof(block) && block_is_legal(p + at))
		at += sizeof(block);
	return at - (at > start && p[at - 1] >= 0xC2);
}

/* Index of the first byte at or after `at` that needs repair, or `len`. */
static size_t legal_run(const unsigned char *p, size_t at, size_t len)
{
	while (at < len) {
		if (at > 0)
			at = legal_blocks(p, at, len);
		if (at == len)
			break;
		if (len - at >= 8) {
			size_t plain = scan_plain(scan_odd(scan_load(p + at)));

			at += plain;
			if (plain == 8)
				continue;
		}
		if (p[at] < 0x80) {
			if (p[at] < 0x20 && p[at] != '\n' && p[at] != '\t')
				return at;
			at++;
			continue;
		}
		do { /* such characters rarely come alone */
			uint32_t code_point;
			int n = decode(p + at, len - at, &code_point);

			if (n < 0 || is_noncharacter(code_point))
				return at;
			at += (size_t)n;
		} while (at < len && p[at] >= 0x80);
	}
	return at;
}

/* Line and column of p[at], whatever the line ends. */
static void place(const unsigned char *p, size_t at, uint32_t *line, uint32_t *column)
{
	size_t start = 0;

	*line = 1;
	for (size_t i = 0; i < at; i++) {
		if (p[i] == '\n' || (p[i] == '\r' && p[i + 1] != '\n')) {
			++*line;
			start = i + 1;
		}
	}
	*column = (uint32_t)(at - start + 1);
}

/* The encoding that a byte order mark names, other than UTF-8; NULL when there is none. */
static const char *marked_encoding(struct slice bytes)
{
	static const struct {
		struct slice mark;
		const char *name;
	} marks[] = {
	    /* UTF-32's little-endian mark begins with UTF-16's */
	    {{"\xFF\xFE\0\0", 4}, "UTF-32"},
	    {{"\0\0\xFE\xFF", 4}, "UTF-32"},
	    {{"\xFF\xFE", 2}, "UTF-16"},
	    {{"\xFE\xFF", 2}, "UTF-16"},
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (bytes.len >= marks[i].mark.len &&
		    memcmp(bytes.ptr, marks[i].mark.ptr, marks[i].mark.len) == 0)
			return marks[i].name;
	return NULL;
}

/*
 * The encoding that zero bytes betray. Text in UTF-16 has them in the high
 * halves only, and has some in any language: its blanks and line ends. In
 * UTF-32 the highest byte of each character is zero, the next one nearly always.
 */
static const char *guessed_encoding(struct slice bytes)
{
	size_t len = bytes.len < SAMPLE ? bytes.len : SAMPLE;
	size_t units = len / 4;
	size_t zeros[4] = {0};

	for (size_t i = 0; i < units * 4; i++)
		zeros[i % 4] += bytes.ptr[i] == '\0';
	if (units > 0 && ((zeros[3] == units && zeros[2] > units / 2 && zeros[0] == 0) ||
			     (zeros[0] == units && zeros[1] > units / 2 && zeros[3] == 0)))
		return "UTF-32";
	for (int half = 0; half < 2; half++) {
		size_t here = zeros[half] + zeros[half + 2];
		size_t other = zeros[1 - half] + zeros[3 - half];

		if (other == 0 && here > 1 && here >= units / 8)
			return "UTF-16";
	}
	return NULL;
}

static int refuse_encoding(const char *name, struct err *err)
{
	return err_at(err, ERR_INVALID, 1, 1, "it is %s; save it as UTF-8", name);
}

/* Put p[at..] right, `at` being where the plain run ended. -1 for a NUL, with its index in *out_at. */
static int repair(const unsigned char *p, size_t len, struct buf *out, struct text_repairs *repairs,
    size_t *out_at)
{
	size_t at = 0;

	while (at < len) {
		size_t run = legal_run(p, at, len);
		uint32_t code_point;
		int n;

		buf_put(out, p + at, run - at);
		at = run;
		if (at == len)
			break;
		if (p[at] == '\r') {
			buf_putc(out, '\n');
			at += at + 1 < len && p[at + 1] == '\n' ? 2 : 1;
			continue;
		}
		if (p[at] == '\0') {
			*out_at = at;
			return -1;
		}
		n = decode(p + at, len - at, &code_point);
		if (n > 0) {
			if (repairs->dropped++ == 0)
				place(p, at, &repairs->dropped_line, &repairs->dropped_column);
			at += (size_t)n;
		} else {
			if (repairs->replaced++ == 0)
				place(p, at, &repairs->replaced_line, &repairs->replaced_column);
			text_put(out, REPLACEMENT);
			at += (size_t)-n;
		}
	}
	return 0;
}

int text_legal(struct slice bytes, struct buf *out, struct slice *out_text,
    struct text_repairs *repairs, struct err *err)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;
	struct text_repairs done = {0};
	const char *encoding = marked_encoding(bytes);
	size_t mark = 0, at;

	buf_clear(out);
	if (encoding)
		return refuse_encoding(encoding, err);
	if (slice_starts(bytes, "\xEF\xBB\xBF"))
		mark = 3;
	if (mark == 0 && legal_run(p, 0, bytes.len) == bytes.len) {
		*out_text = bytes;
		*repairs = done;
		return 0;
	}
	if (repair(p + mark, bytes.len - mark, out, &done, &at) < 0) {
		uint32_t line, column;

		buf_clear(out);
		encoding = guessed_encoding(bytes);
		if (encoding)
			return refuse_encoding(encoding, err);
		place(p + mark, at, &line, &column);
		return err_at(
		    err, ERR_INVALID, line, column, "it is binary data (a zero byte), not text");
	}
	if (out->overflow) {
		buf_clear(out);
		return err_set(
		    err, ERR_LIMIT, "it is longer than %zu bytes once repaired", out->max);
	}
	*out_text = buf_slice(out);
	*repairs = done;
	return 0;
}

uint32_t text_next(struct slice s, size_t *at)
{
	uint32_t code_point;
	int n;

	assert(*at < s.len);
	n = decode((const unsigned char *)s.ptr + *at, s.len - *at, &code_point);
	if (n < 0) {
		*at += (size_t)-n;
		return REPLACEMENT;
	}
	*at += (size_t)n;
	return code_point;
}

void text_put(struct buf *out, uint32_t code_point)
{
	char bytes[4];
	size_t len = 0;

	if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
		code_point = REPLACEMENT;
	if (code_point < 0x80) {
		bytes[len++] = (char)code_point;
	} else {
		if (code_point < 0x800) {
			bytes[len++] = (char)(0xC0 | code_point >> 6);
		} else {
			if (code_point < 0x10000) {
				bytes[len++] = (char)(0xE0 | code_point >> 12);
			} else {
				bytes[len++] = (char)(0xF0 | code_point >> 18);
				bytes[len++] = (char)(0x80 | (code_point >> 12 & 0x3F));
			}
			bytes[len++] = (char)(0x80 | (code_point >> 6 & 0x3F));
		}
		bytes[len++] = (char)(0x80 | (code_point & 0x3F));
	}
	buf_put(out, bytes, len);
}

bool text_is_space(uint32_t code_point)
{
	if (code_point < 0x80)
		return code_point == ' ' || (code_point >= '\t' && code_point <= '\r');
	switch (code_point) { /* Unicode's PropList.txt, White_Space */
	case 0x85:
	case 0xA0:
	case 0x1680:
	case 0x2028:
	case 0x2029:
	case 0x202F:
	case 0x205F:
	case 0x3000: return true;
	default: return code_point >= 0x2000 && code_point <= 0x200A;
	}
}

void text_put_collapsed(struct buf *out, struct slice s)
{
	size_t at = 0, word = 0;
	bool first = true;

	/* Words are put whole; `word` is where the present one began. */
	while (at <= s.len) {
		size_t here = at;

		if (here < s.len && !text_is_space(text_next(s, &at)))
			continue;
		if (here > word) {
			if (!first)
				buf_putc(out, ' ');
			buf_put_slice(out, slice_sub(s, word, here));
			first = false;
		}
		if (here == s.len)
			break;
		word = at;
	}
}

/* The start of the character before s[at]; `at` is not 0. */
static size_t previous(struct slice s, size_t at)
{
	at--;
	while (at > 0 && ((unsigned char)s.ptr[at] & 0xC0) == 0x80)
		at--;
	return at;
}

/* Where cluster `max` + 1 begins, or s.len when there are no more than `max`. */
static size_t clusters_end(struct slice s, size_t max)
{
	/* Clusters have no longest length: look at a part, and at twice as much if need be. */
	size_t window = max < SIZE_MAX / 8 ? max * 4 + 64 : s.len;
	size_t found = s.len;
	char *breaks = NULL;

	for (;; window *= 2) {
		size_t len = window < s.len ? previous(s, window + 1) : s.len, count = 0;

		breaks = mem_resize(breaks, len, 1);
		u8_grapheme_breaks((const uint8_t *)s.ptr, len, breaks);
		for (size_t i = 0; i < len; i++) {
			if (breaks[i] && count++ == max) {
				found = i;
				break;
			}
		}
		if (found < s.len || len == s.len)
			break;
	}
	free(breaks);
	return found;
}

/*
 * A character of a script that is written without blanks between words: the
 * Line_Break classes ID, CJ and SA (UAX #14), in blocks. Hangul has blanks.
 */
static bool runs_on(uint32_t c)
{
	return (c >= 0x0E00 && c <= 0x0EFF) ||	 /* Thai, Lao */
	       (c >= 0x1000 && c <= 0x109F) ||	 /* Myanmar */
	       (c >= 0x1780 && c <= 0x17FF) ||	 /* Khmer */
	       (c >= 0x2E80 && c <= 0x312F) ||	 /* radicals, CJK punctuation, kana, Bopomofo */
	       (c >= 0x31A0 && c <= 0x9FFF) ||	 /* ideographs */
	       (c >= 0xA000 && c <= 0xA4CF) ||	 /* Yi */
	       (c >= 0xF900 && c <= 0xFAFF) ||	 /* compatibility ideographs */
	       (c >= 0xFF01 && c <= 0xFF9F) ||	 /* full width and half width forms */
	       (c >= 0x1B000 && c <= 0x1B16F) || /* kana supplements */
	       (c >= 0x20000 && c <= 0x3FFFF);	 /* further ideographs */
}

/* May text end between these two, of different clusters? */
static bool may_end(uint32_t before, uint32_t after)
{
	if (text_is_space(before))
		return false;
	if (text_is_space(after))
		return true;
	return (runs_on(before) || runs_on(after)) &&
	       !uc_is_general_category(before, UC_OPEN_PUNCTUATION);
}

size_t text_cut(struct slice s, size_t max)
{
	size_t end = clusters_end(s, max), at, next;

	if (end == s.len)
		return end;
	for (at = end; at > 0; at = next) {
		size_t here = at;
		uint32_t before, after = text_next(s, &here);

		here = next = previous(s, at);
		before = text_next(s, &here);
		/*
		 * Only `end` is known to be a cluster's edge. Elsewhere two
		 * neighbours tell enough, but for a flag or a joined emoji, which
		 * no script that runs on holds inside.
		 */
		if (may_end(before, after) && (at == end || uc_is_grapheme_break(before, after)))
			return at;
	}
	/* One long word: an address, say. */
	while (end > 0) {
		at = next = previous(s, end);
		if (!text_is_space(text_next(s, &at)))
			break;
		end = next;
	}
	return end;
}

/* Characters that change the order, or break the line, of what stands around them. */
static bool is_deceiving(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

void text_put_escaped(struct buf *out, struct slice bytes)
{
	size_t at = 0;

	while (at < bytes.len) {
		const char *p = bytes.ptr + at;
		uint32_t code_point;
		int n = decode((const unsigned char *)p, bytes.len - at, &code_point);

		if (n < 0) {
			for (n = -n, at += (size_t)n; n > 0; n--, p++)
				buf_printf(out, "\\x%02x", (unsigned char)*p);
			continue;
		}
		at += (size_t)n;
		if (!is_deceiving(code_point))
			buf_put(out, p, (size_t)n);
		else if (code_point < 0x80)
			buf_printf(out, "\\x%02x", code_point);
		else
			buf_printf(out, "\\u{%04X}", code_point);
	}
}

void text_put_lower(struct buf *out, struct slice s)
{
	size_t plain = 0, len;
	uint8_t *lower;

	while (plain < s.len && (unsigned char)s.ptr[plain] < 0x80)
		plain++;
	if (plain == s.len) {
		for (size_t i = 0; i < s.len; i++) {
			char c = s.ptr[i];

			buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
		}
		return;
	}
	/* No language: the same everywhere, whatever the host's locale. */
	lower = u8_tolower((const uint8_t *)s.ptr, s.len, NULL, UNINORM_NFC, NULL, &len);
	if (!lower) {
		if (errno == ENOMEM)
			mem_exhausted();
		buf_put_slice(out, s); /* not legal UTF-8: not ours to judge */
		return;
	}
	buf_put(out, lower, len);
	free(lower);
}

const char *text_plural(uint64_t number)
{
	return number == 1 ? "" : "s";
}

const char *text_plural_y(uint64_t number)
{
	return number == 1 ? "y" : "ies";
}
