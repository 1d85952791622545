/* http: a real loop and a server that misbehaves as told; each request ends once, as it should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <uv.h>

#include "daemon/http.h"
#include "feeds/base/buf.h"
#include "tests/unit/http_server.h"

enum { DEADLINE_MS = 60000, PATIENCE_MS = 20000, TIMEOUT_MS = 1000, MANY = 100 };

struct result {
	int times; /* that `done` was called */
	enum http_outcome outcome;
	int status;
	bool cut, unsent;
	struct buf headers, body, url, why;
	uint64_t took_ms;
};

static struct fixture {
	struct server server;
	uv_loop_t loop;
	uv_timer_t deadline;
	struct http *http;
	struct http_settings settings;
	struct network allow[2];
	int waited_for; /* requests that have not ended */
	bool stopped;
} fixture;

static void on_done(void *arg, const struct http_answer *answer)
{
	struct result *result = arg;

	result->times++;
	result->outcome = answer->outcome;
	result->status = answer->status;
	result->cut = answer->cut;
	result->unsent = answer->unsent;
	result->took_ms = answer->took_ms;
	buf_put_slice(&result->headers, answer->headers);
	buf_put_slice(&result->body, answer->body);
	buf_put_slice(&result->url, answer->url);
	buf_puts(&result->why, answer->why);
	fixture.waited_for--;
}

static void result_free(struct result *result)
{
	buf_free(&result->headers);
	buf_free(&result->body);
	buf_free(&result->url);
	buf_free(&result->why);
	*result = (struct result){0};
}

static void on_deadline(uv_timer_t *timer)
{
	(void)timer;
	abort(); /* a request has not ended */
}

static void on_stopped(void *arg)
{
	(void)arg;
	fixture.stopped = true;
}

static int setup(void **state)
{
	struct err err = {0};

	(void)state;
	assert_true(network_parse(SLICE("127.0.0.0/24"), &fixture.allow[0]));
	assert_true(network_parse(SLICE("::1"), &fixture.allow[1]));
	fixture.settings = (struct http_settings){.agent = "feedd/test (+https://example.com/)",
	    .allow = fixture.allow,
	    .allow_len = 2,
	    .connect_ms = PATIENCE_MS,
	    .timeout_ms = PATIENCE_MS};
	fixture.stopped = false;
	assert_int_equal(uv_loop_init(&fixture.loop), 0);
	assert_int_equal(uv_timer_init(&fixture.loop, &fixture.deadline), 0);
	assert_int_equal(uv_timer_start(&fixture.deadline, on_deadline, DEADLINE_MS, 0), 0);
	server_start(&fixture.server);
	fixture.http = http_start(&fixture.loop, &fixture.settings, &err);
	if (!fixture.http)
		fail_msg("%s", err.text);
	return 0;
}

static void stop(void)
{
	http_stop(fixture.http, on_stopped, NULL);
	while (!fixture.stopped)
		assert_int_not_equal(uv_run(&fixture.loop, UV_RUN_ONCE), 0);
	fixture.http = NULL;
}

static int teardown(void **state)
{
	(void)state;
	if (fixture.http)
		stop();
	uv_close((uv_handle_t *)&fixture.deadline, NULL);
	(void)uv_run(&fixture.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&fixture.loop), 0);
	server_stop(&fixture.server);
	return 0;
}

/* "http://127.0.0.1:PORT/PATH", or a URL as it is. */
static struct buf url_of(const char *path)
{
	struct buf url = BUF_INIT;

	if (path[0] == '/')
		buf_printf(&url, "http://127.0.0.1:%d", fixture.server.port);
	buf_puts(&url, path);
	return url;
}

static struct http_transfer *send_to(
    const char *path, struct http_request request, struct result *result)
{
	struct buf url = url_of(path);
	struct http_transfer *transfer;

	request.url = buf_slice(&url);
	fixture.waited_for++;
	transfer = http_send(fixture.http, &request, on_done, result);
	assert_int_equal(result->times, 0);
	buf_free(&url); /* all is copied */
	return transfer;
}

static void wait_for_all(void)
{
	while (fixture.waited_for > 0)
		assert_int_not_equal(uv_run(&fixture.loop, UV_RUN_ONCE), 0);
	/* What would come twice comes now. */
	for (int i = 0; i < 3; i++)
		(void)uv_run(&fixture.loop, UV_RUN_NOWAIT);
}

static struct result ask_with(const char *path, struct http_request request)
{
	struct result result = {0};

	(void)send_to(path, request, &result);
	wait_for_all();
	assert_int_equal(result.times, 1);
	return result;
}

static struct result ask(const char *path)
{
	return ask_with(path, (struct http_request){.answer_max = 1000});
}

/* Its outcome, its status if it has one, and what `why` begins with. */
static void expect_with(const char *path, struct http_request request, enum http_outcome outcome,
    int status, const char *why)
{
	struct result result = ask_with(path, request);

	if (result.outcome != outcome || result.status != status ||
	    !slice_starts(buf_slice(&result.why), why))
		fail_msg("%s: outcome %d, status %d, '%s'", path, result.outcome, result.status,
		    buf_string(&result.why));
	result_free(&result);
}

static void expect(const char *path, enum http_outcome outcome, int status, const char *why)
{
	expect_with(path, (struct http_request){.answer_max = 1000}, outcome, status, why);
}

static void test_statuses(void **state)
{
	static const int statuses[] = {200, 201, 202, 204, 301, 304, 400, 401, 403, 404, 405, 408,
	    410, 418, 422, 425, 429, 500, 501, 502, 503, 504, 510, 599};

	(void)state;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		struct result result;
		char path[32];

		(void)snprintf(path, sizeof(path), "/status/%d", statuses[i]);
		result = ask(path);
		assert_int_equal(result.outcome, HTTP_DONE);
		assert_int_equal(result.status, statuses[i]);
		assert_string_equal(buf_string(&result.headers),
		    "Retry-After: 120\r\nX-Two: a\r\nx-two:  b \r\nContent-Length: 4\r\n");
		assert_string_equal(buf_string(&result.body),
		    statuses[i] == 204 || statuses[i] == 304 ? "" : "said");
		assert_string_equal(buf_string(&result.why), "");
		assert_false(result.cut);
		result_free(&result);
	}
}

static void test_post(void **state)
{
	const struct http_header headers[] = {{"Content-Type", SLICE("text/x")},
	    {"X-Empty", SLICE("")}, {"X-Wide", SLICE("\xc3\xa9; a,b")}};
	struct http_request request = {.post = true,
	    .headers = headers,
	    .headers_len = 3,
	    .body = SLICE("a\0b"),
	    .answer_max = 1000};
	struct result result = ask_with("/echo", request);
	char expected[512];
	int len = snprintf(expected, sizeof(expected),
	    "POST /echo HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
	    "User-Agent: feedd/test (+https://example.com/)\r\nAccept: */*\r\n"
	    "Content-Type: text/x\r\nX-Empty:\r\nX-Wide: \xc3\xa9; a,b\r\nContent-Length: 3\r\n\r\n"
	    "a%cb",
	    fixture.server.port, 0);

	(void)state;
	assert_int_equal(result.body.len, len);
	assert_memory_equal(result.body.data, expected, len);
	result_free(&result);
	/* Nothing that was not asked for; also with a large body, and none. */
	request.headers_len = 0;
	request.body = SLICE("");
	result = ask_with("/echo", request);
	assert_non_null(
	    strstr(buf_string(&result.body), "Accept: */*\r\nContent-Length: 0\r\n\r\n"));
	result_free(&result);
	{
		static char large[100000];

		memset(large, 'x', sizeof(large));
		request.body = slice_make(large, sizeof(large));
		result = ask_with("/echo", request);
		assert_true(result.cut);
		assert_int_equal(result.body.len, 1000);
		assert_null(strstr(buf_string(&result.body), "Expect"));
		result_free(&result);
	}
}

/* A handle that was used keeps nothing of the last request. */
static void test_nothing_kept(void **state)
{
	const struct http_header header = {"X-Mine", SLICE("1")};
	struct result result;
	struct buf url = BUF_INIT;

	(void)state;
	buf_printf(&url, "http://me:secret@127.0.0.1:%d/echo", fixture.server.port);
	result = ask_with(buf_string(&url), (struct http_request){.post = true,
						.headers = &header,
						.headers_len = 1,
						.body = SLICE("body"),
						.answer_max = 1000});
	assert_non_null(strstr(buf_string(&result.body), "Authorization: Basic bWU6c2VjcmV0\r\n"));
	assert_non_null(strstr(buf_string(&result.body), "X-Mine: 1\r\n"));
	result_free(&result);
	buf_free(&url);
	result = ask("/echo");
	assert_true(slice_starts(buf_slice(&result.body), "GET /echo"));
	assert_null(strstr(buf_string(&result.body), "Authorization"));
	assert_null(strstr(buf_string(&result.body), "X-Mine"));
	assert_null(strstr(buf_string(&result.body), "body"));
	result_free(&result);
}

static void test_misbehaviour(void **state)
{
	(void)state;
	expect("/close", HTTP_FAILED, 0, "the connection was closed without an answer");
	expect("/reset", HTTP_FAILED, 0, "the connection broke: Connection reset by peer");
	expect("/half", HTTP_FAILED, 0, "the connection was closed within the headers");
	expect("/old", HTTP_FAILED, 0, "what came is not HTTP");
	expect("/garbage", HTTP_FAILED, 0, "what came is not HTTP");
	expect("/endless-headers", HTTP_FAILED, 0, "more than 65536 bytes of headers");
	expect("/endless-header", HTTP_FAILED, 0, "a header is too long");
	expect("/endless-early", HTTP_FAILED, 0, "more than 65536 bytes of headers");
	expect("http://127.0.0.1:1/", HTTP_FAILED, 0,
	    "connect: Connection refused; nothing listens at that port");
	expect("http://nobody.invalid/", HTTP_FAILED, 0, "no address");
}

/* Whoever was never reached has not heard of it; whoever was may have. */
static void test_unsent(void **state)
{
	static const struct {
		const char *path;
		bool unsent;
	} cases[] = {
	    {"http://127.0.0.1:1/", true},
	    {"http://nobody.invalid/", true},
	    {"/close", false},
	    {"/reset", false},
	    {"/half", false},
	    {"/200", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct result result = ask(cases[i].path);

		if (result.unsent != cases[i].unsent)
			fail_msg("%s", cases[i].path);
		result_free(&result);
	}
}

static void test_time(void **state)
{
	struct http_settings settings = fixture.settings;
	struct result result;

	(void)state;
	settings.timeout_ms = TIMEOUT_MS;
	http_set(fixture.http, &settings);
	expect("/slow", HTTP_FAILED, 0, "no answer within 1 s");
	expect("/half-then-slow", HTTP_FAILED, 0, "no answer within 1 s");
	result = ask("/drip"); /* it said yes */
	assert_int_equal(result.outcome, HTTP_DONE);
	assert_int_equal(result.status, 202);
	assert_string_equal(buf_string(&result.body), "abc");
	assert_true(result.cut);
	assert_true(result.took_ms >= TIMEOUT_MS - 100);
	result_free(&result);
}

static void test_answers(void **state)
{
	struct result result = ask("/endless-body");

	(void)state;
	assert_int_equal(result.outcome, HTTP_DONE);
	assert_int_equal(result.status, 200);
	assert_true(result.cut);
	assert_int_equal(result.body.len, 1000);
	result_free(&result);
	result = ask("/short");
	assert_int_equal(result.status, 202);
	assert_true(result.cut);
	assert_string_equal(buf_string(&result.body), "abc");
	result_free(&result);
	result = ask_with("/status/200", (struct http_request){.answer_max = 4});
	assert_false(result.cut);
	result_free(&result);
	result = ask_with("/status/200", (struct http_request){.answer_max = 3});
	assert_true(result.cut);
	assert_string_equal(buf_string(&result.body), "sai");
	result_free(&result);
	result = ask_with("/status/200", (struct http_request){.answer_max = 0});
	assert_true(result.cut);
	assert_int_equal(result.status, 200);
	result_free(&result);
	result = ask("/early"); /* headers are those of the last response */
	assert_string_equal(buf_string(&result.headers), "X-Late: 1\r\nContent-Length: 1\r\n");
	result_free(&result);
	result = ask("/trailer");
	assert_int_equal(result.status, 200);
	assert_string_equal(buf_string(&result.headers), "Transfer-Encoding: chunked\r\n");
	assert_string_equal(buf_string(&result.body), "abc");
	result_free(&result);
}

static void test_redirects(void **state)
{
	const struct http_request follow = {.redirects = true, .answer_max = 1000};
	struct http_request post = {
	    .post = true, .redirects = true, .body = SLICE("body"), .answer_max = 1000};
	static const int statuses[] = {301, 302, 303, 307, 308};
	struct result result = ask("/to/301/status/200");
	struct buf url = url_of("/status/202");
	char path[64];

	(void)state;
	assert_int_equal(result.status, 301);
	assert_string_equal(buf_string(&result.body), "moved");
	assert_true(slice_starts(buf_slice(&result.headers), "Location: status/200\r\n"));
	result_free(&result);
	result = ask_with("/to/301//status/202", follow);
	assert_int_equal(result.status, 202);
	assert_string_equal(buf_string(&result.body), "said");
	assert_true(slice_starts(buf_slice(&result.headers), "Retry-After"));
	assert_string_equal(buf_string(&result.url), buf_string(&url));
	result_free(&result);
	buf_free(&url);
	/* A ping stays a ping. */
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		(void)snprintf(path, sizeof(path), "/to/%d//echo", statuses[i]);
		result = ask_with(path, post);
		assert_true(slice_starts(
		    buf_slice(&result.body), statuses[i] == 303 ? "GET /echo" : "POST /echo"));
		assert_true(slice_ends(
		    buf_slice(&result.body), statuses[i] == 303 ? "\r\n\r\n" : "\r\n\r\nbody"));
		result_free(&result);
	}
	expect_with(
	    "/to/301//to/301//to/301//to/301//to/301//status/200", follow, HTTP_DONE, 200, "");
	expect_with("/to/301//to/301//to/301//to/301//to/301//to/301//status/200", follow,
	    HTTP_FAILED, 0, "more than 5 redirects");
	expect_with("/to/301//close", follow, HTTP_FAILED, 0, "the connection was closed");
}

static void test_refused(void **state)
{
	static const char *const urls[] = {"", "nothing", "/", "ftp://127.0.0.1/",
	    "file:///etc/passwd", "http:127.0.0.1/", "http:/127.0.0.1/", "http://", "http:///x",
	    "gopher://127.0.0.1:70/", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y",
	    "http://127.0.0.1\\@example.com/", "https://:80/"};
	static const char *const places[][2] = {
	    {"127.1.2.3", "127.1.2.3 leads to 127.1.2.3, a loopback address; if that is meant, "
			  "name it in allow of [http]"},
	    {"2130772739", "127.1.3.3 leads to 127.1.3.3, a loopback"},
	    {"0x7f.1.1.1", "127.1.1.1 leads to 127.1.1.1, a loopback"},
	    {"0.0.0.0", "0.0.0.0 leads to 0.0.0.0, an address of this machine"},
	    {"10.0.0.1", "10.0.0.1 leads to 10.0.0.1, a private"},
	    {"169.254.169.254", "169.254.169.254 leads to 169.254.169.254, a link-local"},
	    {"[::ffff:127.1.2.3]", "[::ffff:127.1.2.3] leads to ::ffff:127.1.2.3, a loopback"},
	    {"[64:ff9b::7f01:203]", "[64:ff9b::7f01:203] leads to 64:ff9b::7f01:203, a loopback"},
	    {"[fe80::1]", "[fe80::1] leads to fe80::1, a link-local"},
	};
	const struct http_request follow = {.redirects = true, .answer_max = 1000};
	const struct http_header forged = {"X-A", SLICE("b\r\nX-C: d")};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		struct result result = {0};
		struct http_request request = {.url = slice_of(urls[i])};

		fixture.waited_for++;
		(void)http_send(fixture.http, &request, on_done, &result);
		assert_int_equal(result.times, 0);
		wait_for_all();
		if (result.outcome != HTTP_REFUSED || result.times != 1)
			fail_msg("%s: %d", urls[i], result.outcome);
		result_free(&result);
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		char url[256];

		(void)snprintf(url, sizeof(url), "http://%s/", places[i][0]);
		expect(url, HTTP_REFUSED, 0, places[i][1]);
		(void)snprintf(url, sizeof(url), "/to/302/http://%s/", places[i][0]);
		expect_with(url, follow, HTTP_REFUSED, 0, places[i][1]);
	}
	expect_with("/to/302/ftp://me:secret@127.0.0.1/", follow, HTTP_REFUSED, 0,
	    "the URL is none of http or https with a host: ftp://***@127.0.0.1/");
	expect_with("/status/200", (struct http_request){.headers = &forged, .headers_len = 1},
	    HTTP_REFUSED, 0, "a header");
}

/* What was allowed is not any more; a connection that is open already does not help. */
static void test_set(void **state)
{
	struct http_settings none = fixture.settings;

	(void)state;
	none.allow_len = 0;
	none.agent = "other";
	expect("/status/200", HTTP_DONE, 200, "");
	http_set(fixture.http, &none);
	expect("/status/200", HTTP_REFUSED, 0, "127.0.0.1 leads to");
	http_set(fixture.http, &fixture.settings);
	expect("/status/200", HTTP_DONE, 200, "");
	/* Those under way keep theirs. */
	{
		struct result result = {0};

		(void)send_to("/echo", (struct http_request){.answer_max = 1000}, &result);
		http_set(fixture.http, &none);
		wait_for_all();
		assert_int_equal(result.status, 200);
		assert_non_null(strstr(buf_string(&result.body), "feedd/test"));
		result_free(&result);
	}
}

static void test_proxy(void **state)
{
	struct http_settings settings = fixture.settings;
	struct result result;
	struct buf proxy = BUF_INIT;

	(void)state;
	/* The environment's is nobody's business. */
	(void)setenv("http_proxy", "http://127.0.0.1:1/", 1);
	(void)setenv("no_proxy", "hub.example", 1);
	expect("/status/200", HTTP_DONE, 200, "");
	(void)unsetenv("http_proxy");
	buf_printf(&proxy, "http://me:secret@127.0.0.1:%d", fixture.server.port);
	settings.proxy = buf_string(&proxy);
	settings.allow_len = 0; /* the proxy may be near */
	http_set(fixture.http, &settings);
	result = ask("http://hub.example/echo");
	assert_int_equal(result.outcome, HTTP_DONE);
	assert_true(slice_starts(buf_slice(&result.body), "GET http://hub.example/echo HTTP/1.1"));
	assert_non_null(strstr(buf_string(&result.body), "Proxy-Authorization: Basic"));
	result_free(&result);
	settings.proxy = "http://me:secret@127.0.0.1:1";
	http_set(fixture.http, &settings);
	result = ask("http://hub.example/echo");
	assert_int_equal(result.outcome, HTTP_FAILED);
	assert_null(strstr(buf_string(&result.why), "secret"));
	result_free(&result);
	(void)unsetenv("no_proxy");
	buf_free(&proxy);
}

static void test_cancel(void **state)
{
	struct result results[5] = {0};
	const struct http_request request = {.answer_max = 1000};
	struct http_transfer *transfer = send_to("/slow", request, &results[0]);

	(void)state;
	http_cancel(transfer); /* before its turn; twice */
	http_cancel(transfer);
	assert_int_equal(results[0].times, 0);
	transfer = send_to("/slow", request, &results[1]);
	while (atomic_load(&fixture.server.open) == 0)
		(void)uv_run(&fixture.loop, UV_RUN_NOWAIT);
	http_cancel(transfer); /* under way */
	assert_int_equal(results[1].times, 0);
	transfer = send_to("ftp://x/", request, &results[2]);
	http_cancel(transfer); /* refused */
	(void)send_to("/status/204", request, &results[3]);
	transfer = send_to("/to/301//slow", (struct http_request){.redirects = true}, &results[4]);
	http_cancel(transfer);
	wait_for_all();
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(results[i].times, 1);
		assert_int_equal(results[i].outcome, i == 3 ? HTTP_DONE : HTTP_CANCELLED);
		assert_int_equal(results[i].status, i == 3 ? 204 : 0);
		result_free(&results[i]);
	}
}

static struct http_transfer *all[MANY];
static int told[MANY];

/* The first to be done cancels the others, itself too, and sends another one. */
static void on_done_cancel(void *arg, const struct http_answer *answer)
{
	size_t own = (size_t)((int *)arg - told);
	static struct result more;

	told[own]++;
	fixture.waited_for--;
	if (answer->outcome != HTTP_DONE)
		return;
	for (size_t i = 0; i < MANY; i++)
		if (told[i] == 0 || i == own)
			http_cancel(all[i]);
	result_free(&more);
	(void)send_to("/status/200", (struct http_request){0}, &more);
}

static void test_cancel_inside(void **state)
{
	struct buf url = url_of("/status/200");

	(void)state;
	memset(told, 0, sizeof(told));
	for (size_t i = 0; i < MANY; i++) {
		const struct http_request request = {.url = buf_slice(&url)};

		fixture.waited_for++;
		all[i] = http_send(fixture.http, &request, on_done_cancel, &told[i]);
	}
	wait_for_all();
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(told[i], 1);
	buf_free(&url);
}

static void on_done_send(void *arg, const struct http_answer *answer)
{
	if (answer->outcome == HTTP_CANCELLED)
		(void)send_to("/status/200", (struct http_request){0}, arg);
	fixture.waited_for--;
}

static void test_stop(void **state)
{
	static struct result results[MANY], more;
	static const char *const paths[] = {
	    "/slow", "/status/200", "/drip", "/half-then-slow", "ftp://x/"};
	struct buf url = url_of("/slow");
	const struct http_request request = {.url = buf_slice(&url)};
	uint64_t start = uv_hrtime();

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		(void)send_to(paths[i % 5],
		    (struct http_request){.answer_max = 1000, .redirects = true}, &results[i]);
	while (atomic_load(&fixture.server.open) < MANY / 2)
		(void)uv_run(&fixture.loop, UV_RUN_NOWAIT);
	(void)send_to("/slow", (struct http_request){0}, &results[0]); /* waits for its turn */
	results[0].times = -1;
	fixture.waited_for++;
	(void)http_send(fixture.http, &request, on_done_send, &more);
	stop();
	assert_int_equal(fixture.waited_for, 0);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(results[i].times, 1);
		result_free(&results[i]);
	}
	assert_int_equal(more.times, 1); /* one that was sent meanwhile ends, too */
	assert_int_equal(more.outcome, HTTP_CANCELLED);
	result_free(&more);
	assert_true(uv_hrtime() - start < (uint64_t)DEADLINE_MS * 1000000);
	buf_free(&url);
}

enum { AT_A_TIME = 4 };

static void on_done_next(void *arg, const struct http_answer *answer)
{
	int *left = arg;

	assert_int_equal(answer->outcome, HTTP_DONE);
	fixture.waited_for--;
	if (--*left >= AT_A_TIME) {
		struct buf url = url_of("/status/204");
		const struct http_request request = {.post = true, .url = buf_slice(&url)};

		fixture.waited_for++;
		(void)http_send(fixture.http, &request, on_done_next, left);
		buf_free(&url);
	}
}

/* Many to one host, some at a time: connections are used again. */
static void test_reuse(void **state)
{
	struct buf url = url_of("/status/204");
	const struct http_request request = {.post = true, .url = buf_slice(&url)};
	int left = MANY;

	(void)state;
	for (int i = 0; i < AT_A_TIME; i++) {
		fixture.waited_for++;
		(void)http_send(fixture.http, &request, on_done_next, &left);
	}
	wait_for_all();
	assert_int_equal(left, 0);
	assert_in_range(atomic_load(&fixture.server.connections), 1, 2 * AT_A_TIME);
	buf_free(&url);
}

static void test_many(void **state)
{
	static struct result results[MANY * 5];

	(void)state;
	for (size_t i = 0; i < MANY * 5; i++)
		(void)send_to(i % 2 ? "/status/200" : "/status/503",
		    (struct http_request){.post = true, .answer_max = 10}, &results[i]);
	wait_for_all();
	for (size_t i = 0; i < MANY * 5; i++) {
		assert_int_equal(results[i].times, 1);
		assert_int_equal(results[i].status, i % 2 ? 200 : 503);
		result_free(&results[i]);
	}
}

static void test_shown(void **state)
{
	static const char *const rows[][2] = {
	    {"https://hub.example/a?b=c#d", "https://hub.example/a?***"},
	    {"https://me:secret@hub.example/a@b", "https://***@hub.example/a@b"},
	    {"https://me:se@cret@hub.example", "https://***@hub.example"},
	    {"http:/me:secret@hub.example/", "***@hub.example/"},
	    {"me:secret@hub.example/", "***@hub.example/"},
	    {"http://hub.example/\n\x1b[31m", "http://hub.example/\\x0a\\x1b[31m"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf shown = BUF_INIT;

		http_put_shown(&shown, slice_of(rows[i][0]));
		assert_string_equal(buf_string(&shown), rows[i][1]);
		buf_free(&shown);
	}
}

/* ---- TLS: openssl serves with a certificate of its own ---- */

struct tls {
	char folder[32];
	FILE *output; /* of the server, which is a child of the shell's */
	int port;
};

static void tls_start(struct tls *tls)
{
	struct buf command = BUF_INIT;
	char line[256];

	(void)snprintf(tls->folder, sizeof(tls->folder), "/tmp/http-XXXXXX");
	assert_non_null(mkdtemp(tls->folder));
	buf_printf(&command,
	    "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
	    "-keyout key.pem -out cert.pem -days 2 -subj /CN=test "
	    "-addext subjectAltName=IP:127.0.0.1 2>/dev/null && "
	    "exec openssl s_server -accept 127.0.0.1:0 -key key.pem -cert cert.pem -www 2>&1 & "
	    "echo $! >%s/pid; wait",
	    tls->folder, tls->folder);
	tls->output = popen(buf_string(&command), "r");
	buf_free(&command);
	assert_non_null(tls->output);
	do
		assert_non_null(fgets(line, sizeof(line), tls->output));
	while (sscanf(line, "ACCEPT 127.0.0.1:%d", &tls->port) != 1);
}

static void tls_stop(struct tls *tls)
{
	struct buf command = BUF_INIT;

	buf_printf(&command, "kill $(cat %s/pid); rm -r %s", tls->folder, tls->folder);
	assert_int_equal(system(buf_string(&command)), 0);
	(void)pclose(tls->output);
	buf_free(&command);
}

static void test_tls(void **state)
{
	struct tls tls;
	struct buf name = BUF_INIT;
	struct result result;
	char url[64];

	(void)state;
	tls_start(&tls);
	(void)snprintf(url, sizeof(url), "https://127.0.0.1:%d/", tls.port);
	expect(url, HTTP_FAILED, 0, "SSL certificate problem: self-signed certificate");
	result = ask(url);
	assert_true(result.unsent);
	result_free(&result);
	expect("/to/301/https://127.0.0.1:1/", HTTP_DONE, 301, "");
	/* Trusted by way of the environment. */
	stop();
	buf_printf(&name, "%s/cert.pem", tls.folder);
	(void)setenv("SSL_CERT_FILE", buf_string(&name), 1);
	fixture.stopped = false;
	fixture.http = http_start(&fixture.loop, &fixture.settings, &(struct err){0});
	expect(url, HTTP_DONE, 200, "");
	(void)snprintf(url, sizeof(url), "https://localhost:%d/", tls.port); /* not its name */
	expect(url, HTTP_FAILED, 0, "SSL: no alternative certificate subject name matches");
	(void)snprintf(url, sizeof(url), "https://127.0.0.1:%d/", fixture.server.port);
	expect(url, HTTP_FAILED, 0, "OpenSSL SSL_connect"); /* no TLS at all */
	(void)unsetenv("SSL_CERT_FILE");
	buf_free(&name);
	tls_stop(&tls);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_statuses, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_post, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_nothing_kept, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_misbehaviour, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_unsent, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_time, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_answers, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_redirects, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_set, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_proxy, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_cancel, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_cancel_inside, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_stop, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_reuse, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_many, setup, teardown),
	    cmocka_unit_test(test_shown),
	    cmocka_unit_test_setup_teardown(test_tls, setup, teardown),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
