/*
 * ping_case: a request as one text, and a verdict, for tables of tests.
 */
#ifndef TESTS_UNIT_PING_CASE_H
#define TESTS_UNIT_PING_CASE_H

#include <stdlib.h>

#include "feeds/base/buf.h"
#include "feeds/base/mem.h"
#include "feeds/ping/ping.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum { NOW = 1704164645 }; /* Tue, 02 Jan 2024 03:04:05 GMT */

/* Method, URL, headers, an empty line, the body. */
static inline void put_request(const struct ping_request *request, struct buf *out)
{
	buf_printf(out, "%s %.*s\n", request->post ? "POST" : "GET", SLICE_FMT(request->url));
	for (size_t i = 0; i < request->headers_len; i++)
		buf_printf(out, "%s: %s%.*s\n", request->headers[i].name,
		    request->headers[i].secret ? "(secret) " : "",
		    SLICE_FMT(request->headers[i].value));
	buf_putc(out, '\n');
	buf_put_slice(out, request->body);
}

static inline void check_request(
    const struct ping *ping, const struct ping_call *call, const char *want)
{
	struct arena arena = ARENA_INIT;
	struct ping_request request;
	struct buf text = BUF_INIT;
	struct err err = {0};

	if (ping->compose(call, &arena, &request, &err) < 0)
		fail_msg("%s: %s", ping->name, err.text);
	put_request(&request, &text);
	assert_string_equal(buf_string(&text), want);
	buf_free(&text);
	arena_free(&arena);
}

static inline void check_refused(
    const struct ping *ping, const struct ping_call *call, const char *want)
{
	struct arena arena = ARENA_INIT;
	struct ping_request request;
	struct err err = {0};

	assert_int_equal(ping->compose(call, &arena, &request, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
	assert_string_equal(err.text, want);
	arena_free(&arena);
}

struct verdict_case {
	int status;
	const char *headers, *body;
	enum ping_result result;
	const char *text;
	int64_t retry_after;
};

static inline void check_verdicts(const struct ping *ping, const struct ping_call *call,
    const struct verdict_case *cases, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const struct ping_answer answer = {
		    .status = cases[i].status,
		    .headers = slice_of(cases[i].headers),
		    .body = slice_of(cases[i].body),
		    .url = call->target->url,
		};
		struct arena arena = ARENA_INIT;
		struct ping_verdict verdict;
		char *text;

		ping_judge(ping, call, &answer, &arena, &verdict);
		text = mem_dup(verdict.text.ptr, verdict.text.len);
		if (verdict.result != cases[i].result || strcmp(text, cases[i].text) != 0 ||
		    verdict.retry_after != cases[i].retry_after)
			fail_msg("%s, %d %s: %d \"%s\" %lld", ping->name, cases[i].status,
			    cases[i].body ? cases[i].body : "", verdict.result, text,
			    (long long)verdict.retry_after);
		free(text);
		arena_free(&arena);
	}
}

#define CHECK_VERDICTS(ping, call, cases) check_verdicts(ping, call, cases, COUNT(cases))

#endif
