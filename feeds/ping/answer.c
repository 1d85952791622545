#include "feeds/ping/answer.h"

#include "feeds/base/date.h"
#include "feeds/base/json.h"
#include "feeds/base/text.h"

/* ---- headers ---- */

bool answer_next_header(struct slice *rest, const char *name, struct slice *out_value)
{
	struct slice line;

	while (slice_line(rest, &line)) {
		size_t colon = slice_find_byte(line, 0, ':');

		/* No white space may stand before the colon (RFC 9112 section 5.1). */
		if (colon == line.len || !slice_equal_nocase(slice_sub(line, 0, colon), name))
			continue;
		*out_value = slice_trim(slice_from(line, colon + 1));
		return true;
	}
	return false;
}

struct slice answer_header(const struct ping_answer *answer, const char *name)
{
	struct slice rest = answer->headers, value = SLICE_NONE;

	while (answer_next_header(&rest, name, &value))
		;
	return value;
}

/* False when it is no number, which is all digits. */
static bool read_seconds(struct slice text, int64_t *out)
{
	int64_t seconds = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		if (seconds < ANSWER_WAIT_MAX)
			seconds = seconds * 10 + (text.ptr[i] - '0');
	}
	*out = seconds;
	return text.len > 0;
}

/*
 * `Sunday, 06-Nov-94 08:49:37 GMT`, RFC 850's form, with blanks for its two
 * signs. What its two digits mean is the reader's affair.
 */
static bool read_rfc850(struct slice text, int64_t now, struct date *out)
{
	size_t comma = slice_find_byte(text, 0, ',');
	struct buf words = BUF_INIT;
	struct date today = date_civil(now, NULL);
	bool ok;

	for (size_t i = 0; i < text.len; i++)
		buf_putc(&words, text.ptr[i] == '-' && i > comma ? ' ' : text.ptr[i]);
	ok = date_parse(buf_slice(&words), out) == 0;
	buf_free(&words);
	/* More than 50 years ahead is the last year with these digits (RFC 9110 section 5.6.7). */
	if (ok) {
		out->year = today.year - today.year % 100 + out->year % 100;
		if (out->year > today.year + 50)
			out->year -= 100;
		else if (out->year <= today.year - 50)
			out->year += 100;
	}
	return ok;
}

int64_t answer_retry_after(const struct ping_answer *answer, int64_t now)
{
	struct slice text = answer_header(answer, "Retry-After");
	struct date date;
	int64_t seconds;

	if (!read_seconds(text, &seconds)) {
		/* The other two forms are dates that articles have as well. All are in GMT. */
		if (date_parse(text, &date) < 0 && !read_rfc850(text, now, &date))
			return 0;
		seconds = date_unix(&date, NULL) - now;
	}
	if (seconds < 0)
		return 0;
	return seconds < ANSWER_WAIT_MAX ? seconds : ANSWER_WAIT_MAX;
}

/* ---- text for people ---- */

struct slice answer_line(struct slice text, struct arena *arena)
{
	struct buf legal = BUF_INIT, words = BUF_INIT, line = BUF_INIT;
	struct slice looked_at =
	    slice_sub(text, 0, text.len < ANSWER_LOOKED_AT ? text.len : ANSWER_LOOKED_AT);
	struct slice readable, copy;
	struct text_repairs repairs;
	struct err ignored;
	size_t end;

	if (text_legal(looked_at, &legal, &readable, &repairs, &ignored) < 0)
		readable = SLICE_NONE;
	text_put_collapsed(&words, readable);
	end = text_cut(buf_slice(&words), ANSWER_LINE_MAX);
	text_put_escaped(&line, slice_sub(buf_slice(&words), 0, end));
	if (end < words.len || looked_at.len < text.len)
		buf_puts(&line, "…");
	copy = arena_copy(arena, buf_slice(&line));
	buf_free(&legal);
	buf_free(&words);
	buf_free(&line);
	return copy;
}

/* Index of the first `needle`, ASCII letters without case; s.len when there is none. */
static size_t find_nocase(struct slice s, size_t from, const char *needle)
{
	for (size_t i = from; i < s.len; i++)
		if (slice_starts_nocase(slice_from(s, i), needle))
			return i;
	return s.len;
}

/* What stands in the first <title>. */
static struct slice page_title(struct slice page)
{
	size_t start = find_nocase(page, 0, "<title"), end;

	start = slice_find_byte(page, start, '>');
	if (start == page.len)
		return SLICE_NONE;
	end = find_nocase(page, start, "</title");
	return slice_sub(page, start + 1, end);
}

struct slice answer_said(const struct ping_answer *answer, struct arena *arena)
{
	struct slice body = slice_trim(answer->body);

	if (slice_starts(body, "<"))
		body = page_title(body);
	return answer_line(body, arena);
}

struct slice answer_text(int status, struct slice text, struct arena *arena)
{
	static const struct {
		int status;
		const char *phrase;
	} known[] = {{200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"},
	    {301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"},
	    {307, "Temporary Redirect"}, {308, "Permanent Redirect"}, {400, "Bad Request"},
	    {401, "Unauthorized"}, {402, "Payment Required"}, {403, "Forbidden"},
	    {404, "Not Found"}, {405, "Method Not Allowed"}, {406, "Not Acceptable"},
	    {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"}, {411, "Length Required"},
	    {413, "Content Too Large"}, {415, "Unsupported Media Type"},
	    {422, "Unprocessable Content"}, {425, "Too Early"}, {429, "Too Many Requests"},
	    {500, "Internal Server Error"}, {501, "Not Implemented"}, {502, "Bad Gateway"},
	    {503, "Service Unavailable"}, {504, "Gateway Timeout"}};
	const char *phrase = "";

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].status == status)
			phrase = known[i].phrase;
	return arena_printf(arena, "%d%s%s%s%.*s", status, *phrase ? " " : "", phrase,
	    text.len ? ": " : "", SLICE_FMT(text));
}

bool answer_asks_to_wait(struct slice text)
{
	static const char *const phrases[] = {"slow down", "too fast", "too often", "too soon",
	    "too frequent", "too many pings", "too many requests", "between pings", "throttl",
	    "rate limit", "try again", "temporarily"};

	for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++)
		if (slice_holds_nocase(text, phrases[i]))
			return true;
	return false;
}

/* ---- bodies ---- */

const struct value *answer_json(const struct ping_answer *answer, struct arena *arena)
{
	const struct value_rules rules = {.max_bytes = ANSWER_READ_MAX};
	struct value *value;
	struct err ignored;

	if (json_parse(answer->body, &rules, arena, &value, NULL, &ignored) < 0 ||
	    value->type != VALUE_MAP)
		return NULL;
	return value;
}
