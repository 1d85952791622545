#include "feeds/frontmatter/jsscan.h"

#include "feeds/base/buf.h"
#include "feeds/base/text.h"

uint32_t jsscan_column(const struct jsscan_cursor *cursor)
{
	return (uint32_t)(cursor->at - cursor->line_start) + 1;
}

int jsscan_peek(const struct jsscan *scan)
{
	const struct slice text = scan->text;

	return scan->cursor.at < text.len ? (unsigned char)text.ptr[scan->cursor.at] : -1;
}

bool jsscan_at(const struct jsscan *scan, const char *word)
{
	return slice_starts(slice_from(scan->text, scan->cursor.at), word);
}

void jsscan_advance(struct jsscan *scan, size_t to)
{
	struct slice passed = slice_sub(scan->text, 0, to);
	size_t end = scan->cursor.at;

	while ((end = slice_find_byte(passed, end, '\n')) < to) {
		end++;
		scan->cursor.line++;
		scan->cursor.line_start = end;
	}
	scan->cursor.at = to;
}

enum jsscan_result jsscan_fail(
    struct jsscan *scan, enum err_kind kind, const struct jsscan_cursor *at, const char *what)
{
	(void)err_at(scan->err, kind, at->line, jsscan_column(at), "%s", what);
	return JSSCAN_FAILED;
}

void jsscan_space(struct jsscan *scan)
{
	for (;;) {
		size_t at = scan->cursor.at, end;
		int c = jsscan_peek(scan);

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			jsscan_advance(scan, at + 1);
		} else if (jsscan_at(scan, "//")) {
			jsscan_advance(scan, slice_find_byte(scan->text, at, '\n'));
		} else if (jsscan_at(scan, "/*")) {
			end = slice_find(scan->text, at + 2, "*/");
			jsscan_advance(scan, end < scan->text.len ? end + 2 : end);
		} else {
			return;
		}
	}
}

bool jsscan_is_word(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_' || c == '$' || c >= 0x80;
}

struct slice jsscan_word(struct jsscan *scan)
{
	size_t start = scan->cursor.at;

	while (jsscan_is_word(jsscan_peek(scan)))
		scan->cursor.at++; /* no line end in a word */
	return slice_sub(scan->text, start, scan->cursor.at);
}

/* `digits` hexadecimal digits at `at`, or -1. */
static int32_t hex_number(struct slice text, size_t at, size_t digits)
{
	int32_t number = 0;

	if (text.len - at < digits)
		return -1;
	for (size_t i = at; i < at + digits; i++) {
		char c = text.ptr[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			return -1;
		number = number * 16 + digit;
	}
	return number;
}

/* Code points that the formats cannot carry are dropped (XML 1.0 section 2.2). */
static void put_legal(struct buf *out, uint32_t code_point)
{
	if (code_point < ' ' && code_point != '\t' && code_point != '\n')
		return;
	if (code_point != 0xfffe && code_point != 0xffff)
		text_put(out, code_point);
}

/* `\uXXXX` (a pair for what is beyond 16 bits) or `\u{X…}` behind its `u`; returns the offset behind. */
static size_t unicode_escape(struct slice text, size_t at, struct buf *out)
{
	int32_t high, low;

	if (at < text.len && text.ptr[at] == '{') {
		size_t close = slice_find_byte(text, at, '}');

		if (close == text.len || close - at < 2 || close - at > 7)
			return at;
		high = hex_number(text, at + 1, close - at - 1);
		if (high >= 0)
			put_legal(out, (uint32_t)high);
		return close + 1;
	}
	high = hex_number(text, at, 4);
	if (high < 0)
		return at;
	at += 4;
	if (high >= 0xd800 && high < 0xdc00 && slice_starts(slice_from(text, at), "\\u")) {
		low = hex_number(text, at + 2, 4);
		if (low >= 0xdc00 && low < 0xe000) {
			put_legal(out,
			    0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
			return at + 6;
		}
	}
	put_legal(out, (uint32_t)high);
	return at;
}

/* The escape whose backslash is at `at`; returns the offset behind it. */
static size_t escape_put(struct slice text, size_t at, struct buf *out)
{
	static const char names[] = "nrtbfv0";
	static const char codes[] = "\n\r\t\b\f\v";
	const char *name;
	int32_t number;
	char c;

	if (at + 1 >= text.len)
		return text.len;
	c = text.ptr[at + 1];
	at += 2;
	if (c == '\n')
		return at; /* the string goes on, on the next line */
	if (c == 'u')
		return unicode_escape(text, at, out);
	if (c == 'x' && (number = hex_number(text, at, 2)) >= 0) {
		put_legal(out, (uint32_t)number);
		return at + 2;
	}
	name = strchr(names, c);
	if (c != '\0' && name)
		put_legal(out, (unsigned char)codes[name - names]);
	else
		buf_putc(out, c); /* bytes of a longer character follow as they are */
	return at;
}

enum jsscan_result jsscan_string(struct jsscan *scan, struct slice *out)
{
	struct slice text = scan->text;
	const struct jsscan_cursor start = scan->cursor;
	char quote = text.ptr[start.at];
	struct buf buf = BUF_INIT;
	size_t at = start.at + 1;
	enum jsscan_result reading = JSSCAN_FAILED;

	while (at < text.len) {
		char c = text.ptr[at];

		if (c == quote) {
			*out = arena_copy(scan->arena, buf_slice(&buf));
			jsscan_advance(scan, at + 1);
			reading = JSSCAN_DONE;
			goto out;
		}
		if (c == '\n' && quote != '`')
			break;
		if (c == '$' && quote == '`' && at + 1 < text.len && text.ptr[at + 1] == '{') {
			reading = JSSCAN_FOREIGN;
			goto out;
		}
		if (c == '\\') {
			at = escape_put(text, at, &buf);
		} else {
			buf_putc(&buf, c);
			at++;
		}
	}
	(void)jsscan_fail(scan, ERR_SYNTAX, &start, "this string has no end");
out:
	buf_free(&buf);
	return reading;
}

enum jsscan_result jsscan_string_skip(struct jsscan *scan)
{
	struct slice text = scan->text;
	const struct jsscan_cursor start = scan->cursor;
	char quote = text.ptr[start.at];

	for (size_t at = start.at + 1; at < text.len; at++) {
		if (text.ptr[at] == '\\') {
			at++;
		} else if (text.ptr[at] == quote) {
			jsscan_advance(scan, at + 1);
			return JSSCAN_DONE;
		}
	}
	return jsscan_fail(scan, ERR_SYNTAX, &start, "this string has no end");
}
