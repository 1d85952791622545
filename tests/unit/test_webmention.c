/* webmention: the page is asked, then the endpoint; what becomes of the answers of both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/buf.h"
#include "feeds/ping/ping.h"

static const struct ping_item item = {
    .entry = true,
    .event = PING_ADDED,
    .url = SLICE("https://example.com/a/"),
    .link = SLICE("https://t.example/p?x=1&y=2#c"),
};

static struct ping_call call_of(unsigned step, const char *next)
{
	static const struct ping_target target = {.url = SLICE("https://e.org/")};

	return (struct ping_call){.target = &target,
	    .items = &item,
	    .items_len = 1,
	    .step = step,
	    .next = slice_of(next),
	    .now = 1704168400};
}

static void test_requests(void **state)
{
	struct arena arena = ARENA_INIT;
	struct ping_call call = call_of(0, "");
	struct ping_request request;
	struct err err;

	(void)state;
	assert_int_equal(ping_webmention.compose(&call, &arena, &request, &err), 0);
	assert_false(request.post);
	assert_true(request.redirects);
	assert_true(slice_equal_str(request.url, "https://t.example/p?x=1&y=2"));
	assert_int_equal(request.headers_len, 1);
	assert_string_equal(request.headers[0].name, "Accept");
	assert_true(slice_starts(request.headers[0].value, "text/html,"));
	assert_int_equal(request.body.len, 0);

	call = call_of(1, "https://t.example/wm?k=1&l");
	assert_int_equal(ping_webmention.compose(&call, &arena, &request, &err), 0);
	assert_true(request.post);
	assert_false(request.redirects);
	assert_true(slice_equal_str(request.url, "https://t.example/wm?k=1&l"));
	assert_int_equal(request.headers_len, 1);
	assert_string_equal(request.headers[0].name, "Content-Type");
	assert_true(slice_equal_str(request.headers[0].value, "application/x-www-form-urlencoded"));
	assert_string_equal(arena_string(&arena, request.body),
	    "source=https%3A%2F%2Fexample.com%2Fa%2F&"
	    "target=https%3A%2F%2Ft.example%2Fp%3Fx%3D1%26y%3D2%23c");
	arena_free(&arena);
}

/* Removals and updates are told like additions. */
static void test_events(void **state)
{
	struct arena arena = ARENA_INIT;
	struct ping_call call = call_of(1, "https://t.example/wm");
	struct ping_request first, other;
	struct ping_item removed = item;
	struct err err;

	(void)state;
	assert_int_equal(ping_webmention.compose(&call, &arena, &first, &err), 0);
	removed.event = PING_REMOVED;
	call.items = &removed;
	assert_int_equal(ping_webmention.compose(&call, &arena, &other, &err), 0);
	assert_true(slice_equal(first.body, other.body));
	assert_true(slice_equal(first.url, other.url));
	arena_free(&arena);
}

struct answered {
	unsigned step;
	int status;
	const char *url, *headers, *body;
	enum ping_result result;
	int64_t retry_after;
	const char *next, *text; /* text: what the verdict's holds */
};

static const char links_wm[] = "<html><link rel=webmention href=wm?a=1&amp;b>";

static const struct answered answers[] = {
    {0, 200, "https://t.example/p", "", links_wm, PING_NEXT, 0, "https://t.example/wm?a=1&b", ""},
    /* after redirects */
    {0, 200, "https://u.example/q/", "", links_wm, PING_NEXT, 0, "https://u.example/q/wm?a=1&b",
	""},
    {0, 200, "", "Link: <>; rel=webmention\n", "", PING_NEXT, 0, "https://t.example/p?x=1&y=2", ""},
    {0, 200, "", "", "<p>hello", PING_NOTHING, 0, "", "takes no Webmention"},
    {0, 204, "", "", "", PING_NOTHING, 0, "", "takes no Webmention"},
    {0, 200, "", "Link: <ftp://x/>; rel=webmention\n", "", PING_GIVE_UP, 0, "", "none can be sent"},
    {0, 302, "", "Location: /loop\n", links_wm, PING_GIVE_UP, 0, "", "/loop"},
    {0, 403, "", "", "", PING_GIVE_UP, 0, "", "the page cannot be read: 403"},
    {0, 404, "", "", links_wm, PING_GIVE_UP, 0, "", "404"},
    {0, 410, "", "", links_wm, PING_GIVE_UP, 0, "", "410"},
    {0, 429, "", "Retry-After: 30\n", "", PING_RETRY, 30, "", "429"},
    {0, 500, "", "", links_wm, PING_RETRY, 0, "", "500"},
    {1, 200, "", "", "thanks", PING_TOLD, 0, "", "thanks"},
    {1, 201, "", "Location: https://t.example/status/1\n", "", PING_TOLD, 0, "",
	"its status is at https://t.example/status/1"},
    {1, 201, "", "", "", PING_TOLD, 0, "", "201"},
    {1, 202, "", "Location: https://t.example/status/1\n", "", PING_TOLD, 0, "", "202"},
    {1, 302, "", "Location: /else\n", "", PING_GIVE_UP, 0, "", "/else"},
    {1, 400, "", "", "source does not link to target", PING_GIVE_UP, 0, "", "does not link"},
    {1, 404, "", "", "", PING_GIVE_UP, 0, "", "404"},
    {1, 410, "", "", "", PING_GIVE_UP, 0, "", "410"},
    {1, 429, "", "Retry-After: 60\n", "", PING_RETRY, 60, "", "429"},
    {1, 503, "", "", "", PING_RETRY, 0, "", "503"},
};

static void test_answers(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct answered *a = &answers[i];
		struct ping_call call = call_of(a->step, "https://t.example/wm");
		const struct ping_answer answer = {.status = a->status,
		    .headers = slice_of(a->headers),
		    .body = slice_of(a->body),
		    .url = slice_of(a->url)};
		struct ping_verdict verdict = {.result = PING_PARK};

		ping_judge(&ping_webmention, &call, &answer, &arena, &verdict);
		assert_int_equal(verdict.result, a->result);
		assert_int_equal(verdict.retry_after, a->retry_after);
		assert_string_equal(arena_string(&arena, verdict.next), a->next);
		assert_non_null(strstr(arena_string(&arena, verdict.text), a->text));
	}
	arena_free(&arena);
}

/* It is nobody's by default: there is no place to tell, and nothing but links to tell of. */
static void test_row(void **state)
{
	(void)state;
	assert_true(ping_webmention.no_url);
	assert_int_equal(ping_webmention.topics, PING_NO_TOPICS);
	assert_int_equal(ping_webmention.entries, PING_BY_LINK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_requests),
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_row),
	};

	return cmocka_run_group_tests_name("webmention", tests, NULL, NULL);
}
