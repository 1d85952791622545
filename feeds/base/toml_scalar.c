#include "feeds/base/toml_reader.h"

#include <errno.h>
#include <stdlib.h>

#include "feeds/base/text.h"

/* ---- strings ---- */

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* \uXXXX and \UXXXXXXXX: Unicode scalar values only. */
static int read_code_point(struct toml_reader *r, struct toml_place place, int digits)
{
	uint32_t code_point = 0;

	for (int i = 0; i < digits; i++) {
		int digit = digit_value(toml_peek(r, 0));

		if (digit > 15)
			return toml_fail(r, place,
			    "\\%c is followed by %d hexadecimal digits; write \\\\ for a "
			    "backslash, or "
			    "use single quotes",
			    digits == 4 ? 'u' : 'U', digits);
		code_point = code_point << 4 | (uint32_t)digit;
		r->at++;
	}
	if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff))
		return toml_fail(r, place,
		    "U+%04X is no character; write those beyond U+FFFF as one \\U with 8 digits",
		    code_point);
	text_put(&r->scratch, code_point);
	return 0;
}

/* "\" is next. */
static int read_escape(struct toml_reader *r)
{
	static const char names[] = "btnfr\"\\", bytes[] = "\b\t\n\f\r\"\\";
	struct toml_place place = toml_here(r);
	char name = toml_peek(r, 1);
	const char *hit = name ? strchr(names, name) : NULL;

	if (hit) {
		r->at += 2;
		buf_putc(&r->scratch, bytes[hit - names]);
		return 0;
	}
	if (name == 'u' || name == 'U') {
		r->at += 2;
		return read_code_point(r, place, name == 'u' ? 4 : 8);
	}
	return toml_fail(r, place,
	    "after \\ comes one of b t n f r \" \\ u U; write \\\\ for a backslash, or use single "
	    "quotes");
}

/* Append the bytes from here up to one that needs a look. */
static void read_run(struct toml_reader *r, char quote)
{
	size_t start = r->at;

	while (r->at < r->text.len) {
		char c = r->text.ptr[r->at];

		if (c == quote || c == '\n' || c == '\r' || (c == '\\' && quote == '"'))
			break;
		r->at++;
	}
	buf_put_slice(&r->scratch, slice_sub(r->text, start, r->at));
}

int toml_read_line_string(struct toml_reader *r)
{
	struct toml_place start = toml_here(r);
	char quote = toml_peek(r, 0);

	buf_clear(&r->scratch);
	r->at++;
	for (;;) {
		read_run(r, quote);
		if (toml_peek(r, 0) == quote)
			break;
		if (toml_peek(r, 0) != '\\')
			return toml_fail(r, start,
			    "a string is not closed; put %c at its end, or three at both ends of a "
			    "text of several lines",
			    quote);
		if (read_escape(r) < 0)
			return -1;
	}
	r->at++;
	return 0;
}

/* "line ending backslash": it goes, with all white space up to the next text. */
static bool skip_folded(struct toml_reader *r)
{
	size_t ahead = 1;

	while (toml_peek(r, ahead) == ' ' || toml_peek(r, ahead) == '\t')
		ahead++;
	if (toml_peek(r, ahead) != '\n' && toml_peek(r, ahead) != '\r')
		return false;
	r->at += ahead;
	while (toml_newline(r))
		while (toml_peek(r, 0) == ' ' || toml_peek(r, 0) == '\t')
			r->at++;
	return true;
}

/* Three quotes are next. Line ends become "\n", as the standard leaves open. */
static int read_block_string(struct toml_reader *r)
{
	struct toml_place start = toml_here(r);
	char quote = toml_peek(r, 0);
	size_t quotes;

	buf_clear(&r->scratch);
	r->at += 3;
	(void)toml_newline(r); /* a line end right behind the quotes is dropped */
	for (;;) {
		read_run(r, quote);
		if (r->at == r->text.len)
			return toml_fail(r, start, "a string is not closed; put %c%c%c at its end",
			    quote, quote, quote);
		if (toml_newline(r)) {
			buf_putc(&r->scratch, '\n');
		} else if (toml_peek(r, 0) == '\\') {
			if (!skip_folded(r) && read_escape(r) < 0)
				return -1;
		} else {
			/* One or two quotes are text, also right before the three that close. */
			for (quotes = 0; quotes < 5 && toml_peek(r, quotes) == quote; quotes++)
				;
			for (size_t i = 0; i < (quotes < 3 ? quotes : quotes - 3); i++)
				buf_putc(&r->scratch, quote);
			r->at += quotes;
			if (quotes >= 3)
				return 0;
		}
	}
}

static int read_string(struct toml_reader *r, struct value **out)
{
	struct toml_place start = toml_here(r);
	char quote = toml_peek(r, 0);
	bool block = toml_peek(r, 1) == quote && toml_peek(r, 2) == quote;
	struct value *value;

	if ((block ? read_block_string(r) : toml_read_line_string(r)) < 0)
		return -1;
	value = toml_value(r, VALUE_STRING, start);
	if (!value)
		return -1;
	value->quoted = true;
	value->text = arena_copy(r->arena, buf_slice(&r->scratch));
	*out = value;
	return 0;
}

/* ---- dates and times ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char byte_at(struct slice s, size_t at)
{
	return at < s.len ? s.ptr[at] : '\0';
}

/* `len` digits at *at, as a number from `min` to `max`. */
static bool take_number(struct slice s, size_t *at, size_t len, int min, int max, int *out)
{
	int number = 0;

	for (size_t i = 0; i < len; i++) {
		if (!is_digit(byte_at(s, *at + i)))
			return false;
		number = number * 10 + (s.ptr[*at + i] - '0');
	}
	*at += len;
	*out = number;
	return number >= min && number <= max;
}

static bool take_byte(struct slice s, size_t *at, char byte)
{
	if (byte_at(s, *at) != byte)
		return false;
	(*at)++;
	return true;
}

/* full-date of RFC 3339 section 5.6, with the days that the month has. */
static bool take_date(struct slice s, size_t *at)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;

	if (!take_number(s, at, 4, 0, 9999, &year) || !take_byte(s, at, '-') ||
	    !take_number(s, at, 2, 1, 12, &month) || !take_byte(s, at, '-') ||
	    !take_number(s, at, 2, 1, 31, &day))
		return false;
	if (month == 2 && day == 29)
		return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return day <= days[month - 1];
}

/* partial-time; second 60 is a leap second (RFC 3339 section 5.7). */
static bool take_time(struct slice s, size_t *at)
{
	int number;

	if (!take_number(s, at, 2, 0, 23, &number) || !take_byte(s, at, ':') ||
	    !take_number(s, at, 2, 0, 59, &number) || !take_byte(s, at, ':') ||
	    !take_number(s, at, 2, 0, 60, &number))
		return false;
	if (!take_byte(s, at, '.'))
		return true;
	if (!is_digit(byte_at(s, *at)))
		return false;
	while (is_digit(byte_at(s, *at)))
		(*at)++;
	return true;
}

static bool take_offset(struct slice s, size_t *at)
{
	int number;

	if (take_byte(s, at, 'Z') || take_byte(s, at, 'z'))
		return true;
	return (take_byte(s, at, '+') || take_byte(s, at, '-')) &&
	       take_number(s, at, 2, 0, 23, &number) && take_byte(s, at, ':') &&
	       take_number(s, at, 2, 0, 59, &number);
}

/* The whole token as one of TOML's four kinds. */
static bool parse_time(struct slice s, enum value_time *out)
{
	size_t at = 0;

	if (byte_at(s, 2) == ':') {
		*out = VALUE_LOCAL_TIME;
		return take_time(s, &at) && at == s.len;
	}
	*out = VALUE_LOCAL_DATE;
	if (!take_date(s, &at))
		return false;
	if (at == s.len)
		return true;
	if (!take_byte(s, &at, 'T') && !take_byte(s, &at, 't') && !take_byte(s, &at, ' '))
		return false;
	*out = VALUE_LOCAL_DATETIME;
	if (!take_time(s, &at))
		return false;
	if (at == s.len)
		return true;
	*out = VALUE_OFFSET_DATETIME;
	return take_offset(s, &at) && at == s.len;
}

/* Digits up to a "-" or ":", as only dates and times have them. */
static bool looks_like_time(struct slice s)
{
	size_t at = 0;

	while (is_digit(byte_at(s, at)))
		at++;
	return at > 0 && (byte_at(s, at) == '-' || byte_at(s, at) == ':');
}

/* ---- numbers ---- */

/* Digits of `base` with single "_" between them; into *digits without these. */
static bool take_digits(struct slice s, size_t *at, int base, struct buf *digits)
{
	size_t start = *at;

	for (;;) {
		char c = byte_at(s, *at);

		if (c == '_' && *at > start && digit_value(byte_at(s, *at + 1)) < base) {
			(*at)++;
			continue;
		}
		if (digit_value(c) >= base)
			return *at > start;
		buf_putc(digits, c);
		(*at)++;
	}
}

enum number_outcome { NUMBER_OK, NUMBER_BAD, NUMBER_HUGE };

static enum number_outcome finish_int(const struct buf *digits, int base, struct value *value)
{
	errno = 0;
	value->integer = strtoll(buf_string(digits), NULL, base);
	value->type = VALUE_INT;
	return errno == ERANGE ? NUMBER_HUGE : NUMBER_OK;
}

/* 0x, 0o or 0b, without a sign. */
static enum number_outcome parse_based(
    struct slice s, int base, struct buf *digits, struct value *value)
{
	size_t at = 2;

	if (!take_digits(s, &at, base, digits) || at != s.len)
		return NUMBER_BAD;
	return finish_int(digits, base, value);
}

/* inf and nan, with or without a sign. */
static bool parse_named(struct slice s, bool negative, struct value *value)
{
	if (slice_equal_str(s, "inf"))
		value->real = negative ? -__builtin_inf() : __builtin_inf();
	else if (slice_equal_str(s, "nan"))
		value->real = __builtin_nan("");
	else
		return false;
	value->type = VALUE_FLOAT;
	return true;
}

/* "Integer" and "Float". Fills type, integer or real of *value. */
static enum number_outcome parse_number(struct slice s, struct buf *digits, struct value *value)
{
	static const struct {
		char name;
		int base;
	} bases[] = {{'x', 16}, {'o', 8}, {'b', 2}};
	bool sign = byte_at(s, 0) == '-' || byte_at(s, 0) == '+', is_float = false;
	size_t at = sign ? 1 : 0;

	buf_clear(digits);
	for (size_t i = 0; byte_at(s, 0) == '0' && i < sizeof(bases) / sizeof(bases[0]); i++)
		if (byte_at(s, 1) == bases[i].name)
			return parse_based(s, bases[i].base, digits, value);
	if (parse_named(slice_from(s, at), byte_at(s, 0) == '-', value))
		return NUMBER_OK;
	if (sign)
		buf_putc(digits, s.ptr[0]);
	if ((byte_at(s, at) == '0' &&
		(is_digit(byte_at(s, at + 1)) || byte_at(s, at + 1) == '_')) ||
	    !take_digits(s, &at, 10, digits))
		return NUMBER_BAD;
	if (take_byte(s, &at, '.')) {
		is_float = true;
		buf_putc(digits, '.');
		if (!take_digits(s, &at, 10, digits))
			return NUMBER_BAD;
	}
	if (take_byte(s, &at, 'e') || take_byte(s, &at, 'E')) {
		is_float = true;
		buf_putc(digits, 'e');
		if (byte_at(s, at) == '-' || byte_at(s, at) == '+')
			buf_putc(digits, s.ptr[at++]);
		if (!take_digits(s, &at, 10, digits))
			return NUMBER_BAD;
	}
	if (at != s.len)
		return NUMBER_BAD;
	if (!is_float)
		return finish_int(digits, 10, value);
	/* The program stays in the C locale, where the radix character is ".". */
	value->real = strtod(buf_string(digits), NULL);
	value->type = VALUE_FLOAT;
	return NUMBER_OK;
}

/* ---- values ---- */

/* What may be a value without quotes: up to a blank, comma, bracket or comment. */
static struct slice take_token(struct toml_reader *r)
{
	size_t start = r->at;
	bool date_seen = false;

	for (;;) {
		char c = toml_peek(r, 0);
		size_t len = r->at - start;

		/* A blank may stand between date and time (RFC 3339 section 5.6). */
		if (c == ' ' && !date_seen && len == 10 && r->text.ptr[start + 4] == '-' &&
		    is_digit(r->text.ptr[start]) && is_digit(toml_peek(r, 1))) {
			date_seen = true;
			r->at++;
			continue;
		}
		if (c == '\0' || strchr(" \t\r\n,]}#", c))
			break;
		r->at++;
	}
	return slice_sub(r->text, start, r->at);
}

static int refuse_token(struct toml_reader *r, struct toml_place place, struct slice token)
{
	static const char *const curly[] = {
	    "\u201c", "\u201d", "\u201e", "\u2018", "\u2019", "\u00ab"};
	struct toml_shown shown = toml_show(token, "this");

	if (token.len == 0)
		return toml_fail(r, place, "a value is missing; write \"\" for an empty string");
	if (slice_equal_nocase(token, "true") || slice_equal_nocase(token, "false"))
		return toml_fail(
		    r, place, "%s must be written in small letters: true, false", shown.text);
	if (looks_like_time(token))
		return toml_fail(r, place,
		    "%s is no date or time that exists; dates look like 2024-01-31 or "
		    "2024-01-31T23:59:00+01:00, strings stand in quotes",
		    shown.text);
	if (is_digit(token.ptr[0]) || token.ptr[0] == '+' || token.ptr[0] == '-')
		return toml_fail(r, place,
		    "%s is no number of TOML (no leading zeros, digits on both sides of '.' and "
		    "'_'); strings stand in quotes",
		    shown.text);
	for (size_t i = 0; i < sizeof(curly) / sizeof(*curly); i++)
		if (slice_starts(token, curly[i]))
			return toml_fail(r, place,
			    "this begins with the quote %s of printed text; TOML wants straight "
			    "ones: \"...\"",
			    curly[i]);
	return toml_fail(
	    r, place, "%s is no value; put quotes around a string: \"...\"", shown.text);
}

static int read_bare(struct toml_reader *r, struct value **out)
{
	struct toml_place place = toml_here(r);
	struct slice token = take_token(r);
	struct value read = {.type = VALUE_NULL}, *value;
	enum number_outcome outcome = NUMBER_OK;

	if (slice_equal_str(token, "true") || slice_equal_str(token, "false")) {
		read.type = VALUE_BOOL;
		read.boolean = token.len == 4;
	} else if (looks_like_time(token)) {
		read.type = VALUE_TIME;
		if (!parse_time(token, &read.time))
			return refuse_token(r, place, token);
	} else {
		outcome = parse_number(token, &r->scratch, &read);
	}
	if (outcome == NUMBER_BAD)
		return refuse_token(r, place, token);
	if (outcome == NUMBER_HUGE)
		return toml_fail(r, place,
		    "%s does not fit into 64 bits; write a smaller number, or a string in quotes",
		    toml_show(token, "this").text);
	value = toml_value(r, read.type, place);
	if (!value)
		return -1;
	value->boolean = read.boolean;
	value->integer = read.integer;
	value->real = read.real;
	value->time = read.time;
	value->text = arena_copy(r->arena, token);
	*out = value;
	return 0;
}

int toml_read_scalar(struct toml_reader *r, struct value **out)
{
	char next = toml_peek(r, 0);

	return next == '"' || next == '\'' ? read_string(r, out) : read_bare(r, out);
}
