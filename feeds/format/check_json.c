/*
 * Reads a JSON document back as it is written: RFC 8259 and not a byte more,
 * with an object at the top, and no U+0000, which many readers refuse.
 *
 * A reader of its own, because a library's would build every string anew only
 * to drop it, at a twentieth of this one's speed. A token does not span two
 * pieces.
 */
#include <stdlib.h>

#include "feeds/base/mem.h"
#include "feeds/format/check.h"
#include "feeds/format/format.h"

enum { DEPTH_MAX = 64 };

enum json_expect { /* the next token */
	JSON_TOP,  /* the "{" of the document */
	JSON_VALUE,
	JSON_FIRST_VALUE, /* or the end of its array */
	JSON_KEY,
	JSON_FIRST_KEY, /* or the end of its object */
	JSON_COLON,
	JSON_NEXT, /* "," or the end of the level */
	JSON_END,  /* nothing */
};

struct json_check {
	enum json_expect expect;
	char close[DEPTH_MAX]; /* what ends each open level */
	unsigned depth;
	uint32_t line; /* where the piece at hand begins */
};

static void *json_start(void)
{
	struct json_check *check = mem_zalloc(1, sizeof(*check));

	check->line = 1;
	return check;
}

static bool is_hex(char c)
{
	char lower = (char)(c | 0x20);

	return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
}

/* The code unit of the `\uXXXX` at s[at], -1 when it is none. */
static long code_unit(struct slice s, size_t at)
{
	long unit = 0;

	if (s.len - at < 6 || s.ptr[at] != '\\' || s.ptr[at + 1] != 'u')
		return -1;
	for (size_t i = at + 2; i < at + 6; i++) {
		char c = s.ptr[i];

		if (!is_hex(c))
			return -1;
		unit = unit * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return unit;
}

/* Length of the escape at s[at] (section 7), 0 when it is none. */
static size_t escape_len(struct slice s, size_t at)
{
	long unit;

	if (s.len - at < 2)
		return 0;
	switch (s.ptr[at + 1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't': return 2;
	default: break;
	}
	unit = code_unit(s, at);
	if (unit <= 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
		return 0;
	if (unit < 0xD800 || unit > 0xDFFF)
		return 6;
	/* The first of a surrogate pair. */
	unit = code_unit(s, at + 6);
	return unit >= 0xDC00 && unit <= 0xDFFF ? 12 : 0;
}

/* What ends a run of plain characters in a string. */
static const bool special[256] = {
    [0x00 ... 0x1F] = true,
    ['"'] = true,
    ['\\'] = true,
    [0x80 ... 0xFF] = true,
};

/* Index behind the string that opens before s[*at]; 0 when it is wrong, and *at is the place. */
static size_t string_end(struct slice s, size_t *at)
{
	while ((*at = check_run(s, *at, special, SCAN_SIGN('"'), SCAN_SIGN('\\'))) < s.len) {
		unsigned char c = (unsigned char)s.ptr[*at];
		size_t len = 0;

		if (c == '"')
			return *at + 1;
		if (c == '\\')
			len = escape_len(s, *at);
		else if (c >= 0x80)
			len = check_utf8(s, *at);
		if (len == 0)
			return 0;
		*at += len;
	}
	return 0;
}

static size_t digits_end(struct slice s, size_t at)
{
	while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9')
		at++;
	return at;
}

/* Index behind the number at s[at] (section 6), 0 when it is none. */
static size_t number_end(struct slice s, size_t at)
{
	size_t start = at + (s.ptr[at] == '-'), end = digits_end(s, start);

	if (end == start || (s.ptr[start] == '0' && end > start + 1))
		return 0;
	if (end < s.len && s.ptr[end] == '.') {
		start = end + 1;
		end = digits_end(s, start);
		if (end == start)
			return 0;
	}
	if (end < s.len && (s.ptr[end] == 'e' || s.ptr[end] == 'E')) {
		start = end + 1;
		start += start < s.len && (s.ptr[start] == '+' || s.ptr[start] == '-');
		end = digits_end(s, start);
		if (end == start)
			return 0;
	}
	return end;
}

/* Index behind the value at s[at] that opens no level, 0 when it is none. */
static size_t scalar_end(struct slice s, size_t at)
{
	struct slice rest = slice_from(s, at);

	if (slice_starts(rest, "true") || slice_starts(rest, "null"))
		return at + 4;
	if (slice_starts(rest, "false"))
		return at + 5;
	return number_end(s, at);
}

static enum json_expect after_value(const struct json_check *check)
{
	return check->depth > 0 ? JSON_NEXT : JSON_END;
}

/* Go down a level, or up. False when it may not be. */
static bool level(struct json_check *check, char c)
{
	if (c == '{' || c == '[') {
		if (check->depth == DEPTH_MAX)
			return false;
		check->close[check->depth++] = c == '{' ? '}' : ']';
		check->expect = c == '{' ? JSON_FIRST_KEY : JSON_FIRST_VALUE;
		return true;
	}
	if (check->depth == 0 || check->close[check->depth - 1] != c)
		return false;
	check->depth--;
	check->expect = after_value(check);
	return true;
}

/*
 * Read the token at s[*at], which is no white space, and move behind it.
 * False when it may not stand here; *at is the place.
 */
static bool token(struct json_check *check, struct slice s, size_t *at)
{
	enum json_expect expect = check->expect;
	bool value = expect == JSON_VALUE || expect == JSON_FIRST_VALUE;
	bool key = expect == JSON_KEY || expect == JSON_FIRST_KEY;
	char c = s.ptr[*at];
	size_t end;

	if (c == '{' || c == '[') {
		++*at;
		return (value || (expect == JSON_TOP && c == '{')) && level(check, c);
	}
	if (c == '}' || c == ']') {
		++*at;
		return (expect == JSON_NEXT || expect == JSON_FIRST_KEY ||
			   expect == JSON_FIRST_VALUE) &&
		       level(check, c);
	}
	if (c == ':' || c == ',') {
		if (expect != (c == ':' ? JSON_COLON : JSON_NEXT))
			return false;
		if (c == ':' || check->close[check->depth - 1] == ']')
			check->expect = JSON_VALUE;
		else
			check->expect = JSON_KEY;
		++*at;
		return true;
	}
	if (!value && !(key && c == '"'))
		return false;
	if (c == '"') {
		++*at;
		end = string_end(s, at);
	} else {
		end = scalar_end(s, *at);
	}
	if (end == 0)
		return false;
	*at = end;
	check->expect = key ? JSON_COLON : after_value(check);
	return true;
}

static int json_put(void *arg, struct slice bytes, struct err *err)
{
	struct json_check *check = arg;
	size_t at = 0;

	while (at < bytes.len) {
		char c = bytes.ptr[at];

		if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
			at++;
		else if (!token(check, bytes, &at))
			return err_at(err, ERR_SYNTAX, check->line + check_lines(bytes, 0, at), 0,
			    "no JSON at byte %zu of this piece", at);
	}
	check->line += check_lines(bytes, 0, bytes.len);
	return 0;
}

static int json_finish(void *arg, struct err *err)
{
	struct json_check *check = arg;

	if (check->expect != JSON_END)
		return err_at(err, ERR_SYNTAX, check->line, 0, "the document has no end");
	return 0;
}

const struct format_check format_check_json = {
    .start = json_start,
    .put = json_put,
    .finish = json_finish,
    .free = free,
};
