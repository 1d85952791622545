/* answer: headers, waits and texts that strangers send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/base/buf.h"
#include "feeds/base/mem.h"
#include "feeds/ping/answer.h"
#include "feeds/ping/reply.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum { NOW = 1704164645 }; /* Tue, 02 Jan 2024 03:04:05 GMT */

#define assert_slice(slice, want)                                                                  \
	do {                                                                                       \
		char *copy_ = mem_dup((slice).ptr, (slice).len);                                   \
		assert_string_equal(copy_, want);                                                  \
		free(copy_);                                                                       \
	} while (0)

static void test_headers(void **state)
{
	const struct ping_answer answer = {
	    .headers = SLICE("Server: x\r\nLINK: <a>; rel=hub\r\nLinks: no\r\nlink:\t<b> \r\n"
			     "Link : no\r\nnothing\r\n: no\r\nLink:")};
	struct slice rest = answer.headers, value;

	(void)state;
	assert_true(answer_next_header(&rest, "Link", &value));
	assert_slice(value, "<a>; rel=hub");
	assert_true(answer_next_header(&rest, "Link", &value));
	assert_slice(value, "<b>");
	assert_true(answer_next_header(&rest, "Link", &value));
	assert_int_equal(value.len, 0);
	assert_false(answer_next_header(&rest, "Link", &value));
	assert_slice(answer_header(&answer, "server"), "x");
	assert_int_equal(answer_header(&answer, "Location").len, 0);
	assert_int_equal(answer_header(&(struct ping_answer){0}, "Location").len, 0);
}

static void test_retry_after(void **state)
{
	static const struct {
		const char *value;
		int64_t seconds;
	} cases[] = {
	    {"120", 120},
	    {"0", 0},
	    {"007", 7},
	    {"99999999999999999999999999", ANSWER_WAIT_MAX},
	    {"2147483648", ANSWER_WAIT_MAX},
	    {"-5", 0},
	    {"1.5", 0},
	    {"soon", 0},
	    {"", 0},
	    {"Tue, 02 Jan 2024 03:05:05 GMT", 60},
	    {"Tue, 02 Jan 2024 03:04:05 GMT", 0},
	    {"Mon, 01 Jan 2024 03:04:05 GMT", 0},
	    {"Tuesday, 02-Jan-24 03:05:05 GMT", 60},
	    {"Tue Jan  2 03:05:05 2024", 60},
	    {"Wed Jan 10 03:04:05 2024", 8 * 86400},
	    {"Fri, 31 Dec 9999 23:59:59 GMT", ANSWER_WAIT_MAX},
	    {"Tue, 30 Feb 2024 03:05:05 GMT", 0},
	    /* 50 years ahead, and 51, which are 49 years ago; 99 is behind. */
	    {"Tuesday, 02-Jan-74 03:04:05 GMT", 1577923200},
	    {"Wednesday, 02-Jan-75 03:04:05 GMT", 0},
	    {"Friday, 31-Dec-99 23:59:59 GMT", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf headers = BUF_INIT;
		struct ping_answer answer = {.status = 503};

		buf_printf(&headers, "retry-after: %s\r\n", cases[i].value);
		answer.headers = buf_slice(&headers);
		if (answer_retry_after(&answer, NOW) != cases[i].seconds)
			fail_msg("%s: %lld", cases[i].value,
			    (long long)answer_retry_after(&answer, NOW));
		buf_free(&headers);
	}
	assert_int_equal(answer_retry_after(&(struct ping_answer){0}, NOW), 0);
	/* At the turn of a century the digits begin anew. */
	assert_int_equal(answer_retry_after(
			     &(struct ping_answer){
				 .headers = SLICE("Retry-After: Friday, 01-Jan-00 00:00:10 GMT")},
			     INT64_C(4102444800) - 50),
	    60);
}

static void test_line(void **state)
{
	static const struct {
		struct slice text;
		const char *line;
	} cases[] = {
	    {SLICE("  OK,\r\n thanks\t!\n"), "OK, thanks !"},
	    {SLICE("a\x1b[31mb\x07"), "a[31mb"},
	    {SLICE("a\xE2\x80\xAE"
		   "b\xC2\x9B"),
		"a\\u{202E}b\\u{009B}"},
	    {SLICE("\xFF"
		   "a"),
		"\xEF\xBF\xBD"
		"a"},
	    {SLICE("\x1F\x8B\x08\0\0\0\0"), ""},
	    {SLICE(""), ""},
	    {SLICE("\xEF\xBB\xBF fine"), "fine"},
	};
	struct arena arena = ARENA_INIT;
	char *much = mem_zalloc(1, 1 << 20);
	struct slice line;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_slice(answer_line(cases[i].text, &arena), cases[i].line);
	memset(much, 'x', 1 << 20);
	line = answer_line(slice_make(much, 1 << 20), &arena);
	assert_int_equal(line.len, ANSWER_LINE_MAX + strlen("…"));
	assert_true(slice_ends(line, "x…"));
	/* One character, with marks upon marks. */
	for (size_t i = 0; i + 2 <= 1 << 20; i += 2)
		memcpy(much + i, "\xCC\x81", 2);
	line = answer_line(slice_make(much, 1 << 20), &arena);
	assert_in_range(line.len, 1, 2 * ANSWER_LOOKED_AT);
	free(much);
	arena_free(&arena);
}

static void test_said(void **state)
{
	static const struct {
		const char *body, *said;
	} cases[] = {
	    {" Thanks. ", "Thanks."},
	    {"<html>\n<head><title>503 Service\n Temporarily Unavailable</title></head>",
		"503 Service Temporarily Unavailable"},
	    {"<!DOCTYPE html><TITLE lang='en'>No</TITLE><p>No</p>", "No"},
	    {"<html><title>cut off", "cut off"},
	    {"<html><title", ""},
	    {"<p>none</p>", ""},
	    {"", ""},
	};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct ping_answer answer = {.body = slice_of(cases[i].body)};

		assert_slice(answer_said(&answer, &arena), cases[i].said);
	}
	assert_slice(answer_text(204, SLICE_NONE, &arena), "204 No Content");
	assert_slice(answer_text(599, SLICE("what"), &arena), "599: what");
	arena_free(&arena);
}

static void test_asks_to_wait(void **state)
{
	(void)state;
	assert_true(answer_asks_to_wait(SLICE("Slow down cowboy!")));
	assert_true(answer_asks_to_wait(SLICE("You are pinging TOO OFTEN")));
	assert_true(answer_asks_to_wait(SLICE("the minimum seconds between pings is 60")));
	assert_false(answer_asks_to_wait(SLICE("there are too many parameters")));
	assert_false(answer_asks_to_wait(SLICE_NONE));
}

static bool reads(const char *body)
{
	const struct ping_answer answer = {.body = slice_of(body)};
	xmlDocPtr doc = reply_parse(&answer);

	xmlFreeDoc(doc);
	return doc != NULL;
}

static void test_reply(void **state)
{
	struct buf long_one = BUF_INIT;

	(void)state;
	assert_true(reads("\n<?xml version='1.0'?>\n<a b='c'>&lt;&#65;<![CDATA[x]]></a>\n"));
	assert_false(reads(""));
	assert_false(reads("Thanks."));
	assert_false(reads("<a>"));
	assert_false(reads("<a/><b/>"));
	assert_false(reads("<a/> Warning: PHP"));
	assert_false(reads("<a>&nbsp;</a>"));
	assert_false(reads("<a>\x01</a>"));
	assert_false(reads("<!DOCTYPE a><a/>"));
	assert_false(reads("<!DOCTYPE a [<!ENTITY b 'b'>]><a>&b;</a>"));
	assert_false(reads("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"));
	buf_puts(&long_one, "<a>");
	while (long_one.len < ANSWER_READ_MAX - 10)
		buf_puts(&long_one, "xxxxxxx ");
	buf_puts(&long_one, "</a>");
	assert_true(reads(buf_string(&long_one)));
	buf_puts(&long_one, "<!-- longer than what is read -->");
	assert_false(reads(buf_string(&long_one)));
	buf_clear(&long_one);
	for (int i = 0; i < 10000; i++)
		buf_puts(&long_one, "<a>");
	assert_false(reads(buf_string(&long_one)));
	buf_free(&long_one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_retry_after),
	    cmocka_unit_test(test_line),
	    cmocka_unit_test(test_said),
	    cmocka_unit_test(test_asks_to_wait),
	    cmocka_unit_test(test_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
