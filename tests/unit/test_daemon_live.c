/* live: what is seen, what is asked again with conditions, and who hears of it. http is this test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/live.h"
#include "feeds/base/mem.h"
#include "feeds/base/vec.h"

/* ---- http, of which requests stay open until the test answers ---- */

struct http_transfer {
	char *url, *etag, *modified;
	bool breaks_off, digested;
	uint64_t timeout_ms;
	http_done done;
	void *arg;
	bool cancelled;
};

static VEC(struct http_transfer *) under_way = VEC_INIT;

static char *header_copy(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->headers_len; i++)
		if (strcmp(request->headers[i].name, name) == 0)
			return mem_dup(
			    request->headers[i].value.ptr, request->headers[i].value.len);
	return NULL;
}

struct http_transfer *http_send(
    struct http *http, const struct http_request *request, http_done done, void *arg)
{
	struct http_transfer *transfer = mem_zalloc(1, sizeof(*transfer));

	(void)http;
	assert_true(request->redirects && !request->post);
	transfer->url = mem_dup(request->url.ptr, request->url.len);
	transfer->etag = header_copy(request, "If-None-Match");
	transfer->modified = header_copy(request, "If-Modified-Since");
	transfer->digested = request->digested;
	transfer->timeout_ms = request->timeout_ms;
	transfer->done = done;
	transfer->arg = arg;
	vec_push(&under_way, transfer);
	return transfer;
}

void http_cancel(struct http_transfer *transfer)
{
	transfer->cancelled = true; /* it is told of it later, as by http */
}

static void answer_next(int status, const char *headers, struct slice body)
{
	struct http_transfer *transfer = under_way.items[0];
	struct http_answer answer = {
	    .outcome = transfer->cancelled ? HTTP_CANCELLED
		       : status		   ? HTTP_DONE
					   : HTTP_FAILED,
	    .status = status,
	    .headers = slice_of(headers),
	    .body = transfer->digested ? SLICE_NONE : body,
	    .digest = digest_of(body.ptr, body.len),
	    .cut = transfer->breaks_off,
	    .why = status ? "" : "nobody listens",
	};

	under_way.len--;
	memmove(under_way.items, under_way.items + 1, under_way.len * sizeof(*under_way.items));
	transfer->done(transfer->arg, &answer);
	free(transfer->url);
	free(transfer->etag);
	free(transfer->modified);
	free(transfer);
}

/* ---- who asks ---- */

struct asker {
	int answers;
	bool live;
	char why[64];
};

static void on_done(void *arg, bool live, const char *why)
{
	struct asker *asker = arg;

	asker->answers++;
	asker->live = live;
	(void)snprintf(asker->why, sizeof(asker->why), "%s", why);
}

static struct live_ask *ask(struct live *live, const char *url, enum live_what what,
    const char *content, const char *link, struct asker *asker)
{
	const struct live_question question = {
	    .url = slice_of(url),
	    .what = what,
	    .digest = digest_of(content, strlen(content)),
	    .link = slice_of(link),
	};

	*asker = (struct asker){0};
	return live_ask(live, &question, on_done, asker);
}

static void check(const struct asker *asker, bool live, const char *why)
{
	assert_int_equal(asker->answers, 1);
	assert_int_equal(asker->live, live);
	if (!live)
		assert_string_equal(asker->why, why);
}

static struct live *start(void)
{
	return live_start(NULL);
}

static void end(struct live *live)
{
	live_stop(live);
	assert_int_equal(under_way.len, 0);
	vec_free(&under_way);
}

/* ---- tests ---- */

static void test_verdicts(void **state)
{
	static const char old_there[] = "the old feed is there", not_there[] = "it is not there",
			  no_link[] = "the link is not in it", still[] = "it is still there",
			  linked[] = "the link is still in it", down[] = "nobody listens";
	static const struct {
		enum live_what what;
		const char *link;
		int status; /* 0: no answer */
		const char *body;
		const char *why; /* NULL: it is live */
	} cases[] = {
	    {LIVE_BYTES, "", 200, "new", NULL},
	    {LIVE_BYTES, "", 200, "old", old_there},
	    {LIVE_BYTES, "", 203, "new", old_there}, /* a proxy has changed it */
	    {LIVE_BYTES, "", 304, "", old_there},    /* to what was not asked */
	    {LIVE_BYTES, "", 404, "new", not_there},
	    {LIVE_BYTES, "", 503, "new", not_there},
	    {LIVE_BYTES, "", 0, "", down},
	    {LIVE_THERE, "", 200, "", NULL},
	    {LIVE_THERE, "", 404, "", not_there},
	    {LIVE_THERE, "", 0, "", down},
	    {LIVE_THERE, "https://b/x", 200, "see <a href=\"https://b/x\">", NULL},
	    {LIVE_THERE, "https://b/x", 200, "see <a href=\"https://b/y\">", no_link},
	    {LIVE_THERE, "https://b/?a&b", 200, "see https://b/?a&amp;b", NULL},
	    {LIVE_THERE, "https://b/?a&b", 200, "see https://b/?a&b", NULL},
	    {LIVE_THERE, "https://b/?a&b", 200, "see https://b/?a", no_link},
	    {LIVE_THERE, "https://b/x", 404, "https://b/x", not_there},
	    {LIVE_GONE, "", 404, "", NULL},
	    {LIVE_GONE, "", 410, "", NULL},
	    {LIVE_GONE, "", 200, "", still},
	    {LIVE_GONE, "", 500, "", still}, /* which says nothing */
	    {LIVE_GONE, "", 0, "", down},
	    {LIVE_GONE, "https://b/x", 200, "nothing", NULL},
	    {LIVE_GONE, "https://b/x", 200, "https://b/x", linked},
	    {LIVE_GONE, "https://b/x", 404, "", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct live *live = start();
		struct asker asker;

		(void)ask(live, "https://t/a", cases[i].what, "new", cases[i].link, &asker);
		assert_int_equal(asker.answers, 0);
		answer_next(cases[i].status, "", slice_of(cases[i].body));
		if (asker.live != !cases[i].why)
			print_message("case %zu\n", i);
		check(&asker, !cases[i].why, cases[i].why);
		end(live);
	}
}

static void test_conditions(void **state)
{
	struct live *live = start();
	struct asker asker;

	(void)state;
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	assert_null(under_way.items[0]->etag);
	answer_next(
	    200, "ETag: \"1\"\nLast-Modified: Thu, 01 Jan 1970 00:00:00 GMT\n", SLICE("old"));
	check(&asker, false, "the old feed is there");
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	assert_string_equal(under_way.items[0]->etag, "\"1\"");
	assert_string_equal(under_way.items[0]->modified, "Thu, 01 Jan 1970 00:00:00 GMT");
	answer_next(304, "", SLICE_NONE);
	check(&asker, false, "the old feed is there");
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	answer_next(200, "ETag: \"2\"\n", SLICE("new"));
	check(&asker, true, "");
	/* The same bytes are asked for by another target: a look at what was seen. */
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	assert_string_equal(under_way.items[0]->etag, "\"2\"");
	assert_null(under_way.items[0]->modified);
	answer_next(304, "", SLICE_NONE);
	check(&asker, true, "");
	/* What fails says nothing of the page; what was seen stays. */
	(void)ask(live, "https://t/a", LIVE_BYTES, "newer", "", &asker);
	answer_next(0, "", SLICE_NONE);
	check(&asker, false, "nobody listens");
	(void)ask(live, "https://t/a", LIVE_BYTES, "newer", "", &asker);
	assert_string_equal(under_way.items[0]->etag, "\"2\"");
	answer_next(200, "ETag: \"3\"\n", SLICE("newer"));
	check(&asker, true, "");
	/* Pages of entries are looked at anew each time. */
	for (int i = 0; i < 2; i++) {
		(void)ask(live, "https://t/b", LIVE_THERE, "", "", &asker);
		assert_null(under_way.items[0]->etag);
		answer_next(200, "ETag: \"1\"\n", SLICE_NONE);
		check(&asker, true, "");
	}
	end(live);
}

/* Half a page, under a header of the whole one: it says nothing of what is there. */
static void test_broken_off(void **state)
{
	struct live *live = start();
	struct asker asker;

	(void)state;
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	under_way.items[0]->breaks_off = true;
	answer_next(200, "ETag: \"1\"\n", SLICE("ne"));
	check(&asker, false, "it broke off");
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	assert_null(under_way.items[0]->etag);
	answer_next(200, "ETag: \"1\"\n", SLICE("new"));
	check(&asker, true, "");
	(void)ask(live, "https://t/c", LIVE_BYTES, "new", "", &asker);
	under_way.items[0]->breaks_off = true; /* or its length was said wrongly */
	answer_next(200, "ETag: \"1\"\n", SLICE("new"));
	check(&asker, true, "it broke off");
	(void)ask(live, "https://t/b", LIVE_GONE, "", "https://elsewhere/", &asker);
	under_way.items[0]->breaks_off = true;
	answer_next(200, "", SLICE("<p>without its "));
	check(&asker, false, "it broke off");
	end(live);
}

static void test_validators_long(void **state)
{
	static char headers[1000];
	struct live *live = start();
	struct asker asker;

	(void)state;
	memset(headers, 'x', sizeof(headers) - 2);
	memcpy(headers, "ETag: \"", 7);
	headers[sizeof(headers) - 2] = '\n';
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	answer_next(200, headers, SLICE("old"));
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	assert_null(under_way.items[0]->etag);
	answer_next(200, "", SLICE("new"));
	check(&asker, true, "");
	end(live);
}

/* Of a feed no byte is kept, so it may be long; but what does not end is none. */
static void test_long_feed(void **state)
{
	struct live *live = start();
	char *body = mem_zalloc(LIVE_PAGE_MAX + 1, 1);
	struct asker asker;

	(void)state;
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	assert_true(under_way.items[0]->digested);
	answer_next(200, "", slice_make(body, LIVE_PAGE_MAX + 1));
	check(&asker, false, "the old feed is there");
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	under_way.items[0]->breaks_off = true;
	answer_next(200, "", slice_make(body, LIVE_PAGE_MAX + 1));
	check(&asker, false, "it broke off");
	free(body);
	end(live);
}

static void test_patience(void **state)
{
	static const uint64_t patience[] = {5000, 0, 2000, 30000};
	struct live_question question = {.url = SLICE("https://t/a"), .what = LIVE_BYTES};
	struct live *live = start();
	struct asker askers[5];

	(void)state;
	for (size_t i = 0; i < LIVE_AT_ONCE; i++) { /* so that the next waits to be fetched */
		char url[] = "https://t/0";

		url[sizeof(url) - 2] = (char)('0' + i);
		(void)ask(live, url, LIVE_BYTES, "new", "", &askers[0]);
	}
	for (size_t i = 0; i < 4; i++) {
		question.patience_ms = patience[i];
		(void)live_ask(live, &question, on_done, &askers[i + 1]);
	}
	assert_int_equal(under_way.items[0]->timeout_ms, 0);
	for (size_t i = 0; i < LIVE_AT_ONCE; i++)
		answer_next(200, "", SLICE("new"));
	assert_int_equal(under_way.items[0]->timeout_ms, 2000);
	answer_next(200, "", SLICE("new"));
	end(live);
}

static void test_together(void **state)
{
	struct live *live = start();
	struct asker askers[3];

	(void)state;
	(void)ask(live, "https://t/a", LIVE_BYTES, "one", "", &askers[0]);
	(void)ask(live, "https://t/a", LIVE_BYTES, "two", "", &askers[1]);
	(void)ask(live, "https://t/a", LIVE_BYTES, "two", "", &askers[2]);
	assert_int_equal(under_way.len, 1);
	answer_next(200, "", SLICE("two"));
	check(&askers[0], false, "the old feed is there");
	check(&askers[1], true, "");
	check(&askers[2], true, "");
	end(live);
}

static void test_at_once(void **state)
{
	enum { ASKS = LIVE_AT_ONCE + 3 };
	struct live *live = start();
	struct asker askers[ASKS];

	(void)state;
	for (int i = 0; i < ASKS; i++) {
		char url[32];

		(void)snprintf(url, sizeof(url), "https://t/%d", i);
		(void)ask(live, url, i % 2 ? LIVE_BYTES : LIVE_THERE, "new", "", &askers[i]);
	}
	assert_int_equal(under_way.len, LIVE_AT_ONCE);
	for (int i = 0; i < ASKS; i++) {
		assert_true(under_way.len <= LIVE_AT_ONCE);
		answer_next(200, "", SLICE("new"));
	}
	for (int i = 0; i < ASKS; i++)
		check(&askers[i], true, "");
	end(live);
}

static void test_cancel(void **state)
{
	struct live *live = start();
	struct asker askers[3];
	struct live_ask *asks[3];

	(void)state;
	/* One of two goes: the other hears. */
	asks[0] = ask(live, "https://t/a", LIVE_BYTES, "new", "", &askers[0]);
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &askers[1]);
	live_cancel(asks[0]);
	assert_false(under_way.items[0]->cancelled);
	answer_next(200, "", SLICE("new"));
	assert_int_equal(askers[0].answers, 0);
	check(&askers[1], true, "");
	/* All go: so does the request. */
	asks[0] = ask(live, "https://t/b", LIVE_THERE, "", "", &askers[0]);
	live_cancel(asks[0]);
	assert_true(under_way.items[0]->cancelled);
	answer_next(200, "", SLICE_NONE);
	assert_int_equal(askers[0].answers, 0);
	end(live);
}

/* As at a reload: all that is under way is cut off, and asked for again at once. */
static void test_asked_again_while_cancelled(void **state)
{
	struct live *live = start();
	struct asker asker;

	(void)state;
	live_cancel(ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker));
	(void)ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker);
	answer_next(200, "", SLICE("old")); /* the one that was cancelled */
	assert_int_equal(asker.answers, 0);
	assert_int_equal(under_way.len, 1);
	answer_next(200, "", SLICE("new"));
	check(&asker, true, "");
	end(live);
}

static void test_stop(void **state)
{
	struct live *live = start();
	struct asker asker;

	(void)state;
	live_cancel(ask(live, "https://t/a", LIVE_BYTES, "new", "", &asker));
	live_stop(live);
	answer_next(200, "", SLICE_NONE); /* its memory goes with this */
	assert_int_equal(asker.answers, 0);
	live_stop(NULL);
	vec_free(&under_way);
}

/* What is kept has a bound; the page that was not asked for the longest time goes. */
static void test_pages(void **state)
{
	struct live *live = start();
	struct asker asker;
	char url[32];

	(void)state;
	for (int i = 0; i < LIVE_PAGES + 1; i++) {
		(void)snprintf(url, sizeof(url), "https://t/%d", i == 2 ? 0 : i);
		(void)ask(live, url, LIVE_BYTES, "new", "", &asker);
		answer_next(200, "ETag: \"1\"\n", SLICE("new"));
	}
	(void)snprintf(url, sizeof(url), "https://t/%d", LIVE_PAGES + 1);
	(void)ask(live, url, LIVE_BYTES, "new", "", &asker);
	answer_next(200, "ETag: \"1\"\n", SLICE("new"));
	(void)ask(live, "https://t/0", LIVE_BYTES, "new", "", &asker);
	assert_non_null(under_way.items[0]->etag);
	answer_next(304, "", SLICE_NONE);
	check(&asker, true, "");
	(void)ask(live, "https://t/1", LIVE_BYTES, "new", "", &asker);
	assert_null(under_way.items[0]->etag); /* it was the one to go */
	answer_next(200, "", SLICE("new"));
	check(&asker, true, "");
	end(live);
}

static void test_again_in(void **state)
{
	static const struct {
		int64_t waited, wait;
	} cases[] = {
	    {-5, 1}, {0, 1}, {1, 1}, {2, 2}, {4, 4}, {59, 59}, {60, 60}, {61, 60}, {86400, 60}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(live_again_in(cases[i].waited), cases[i].wait);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_verdicts),
	    cmocka_unit_test(test_conditions),
	    cmocka_unit_test(test_broken_off),
	    cmocka_unit_test(test_validators_long),
	    cmocka_unit_test(test_long_feed),
	    cmocka_unit_test(test_patience),
	    cmocka_unit_test(test_together),
	    cmocka_unit_test(test_at_once),
	    cmocka_unit_test(test_cancel),
	    cmocka_unit_test(test_asked_again_while_cancelled),
	    cmocka_unit_test(test_stop),
	    cmocka_unit_test(test_pages),
	    cmocka_unit_test(test_again_in),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
