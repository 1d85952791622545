/* webhook: what is sent, with which signatures, and what becomes of the answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/buf.h"
#include "feeds/ping/ping.h"

/* Keys of 24, 32 and 64 bytes, 0, 1, 2 and so on. */
#define SECRET_24 "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
#define SECRET_32 "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define SECRET_64                                                                                  \
	"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"   \
	"PD0+Pw=="

static const struct slice secrets[] = {SLICE(SECRET_24), SLICE(SECRET_32), SLICE(SECRET_64)};

static const struct ping_item added = {
    .entry = true,
    .event = PING_ADDED,
    .url = SLICE("https://example.com/a/"),
    .id = SLICE("tag:example.com,2024:a"),
    .title = SLICE("A \"quoted\" <title>"),
    .published = 1704164645,
    .updated = 1704168245,
    .since = 1704168300,
    .message = SLICE("msg_1a"),
};

static const struct ping_item topic = {
    .url = SLICE("https://example.com/atom.xml"),
    .title = SLICE("Example"),
    .feed = SLICE("main"),
    .format = SLICE("atom"),
    .since = 1704168300,
    .message = SLICE("msg_2b"),
};

static int compose(const struct ping_item *item, const struct slice *with, size_t len,
    struct arena *arena, struct ping_request *out, struct err *err)
{
	const struct ping_target target = {
	    .url = SLICE("https://hooks.example/in?x=1"), .secrets = with, .secrets_len = len};
	const struct ping_call call = {
	    .target = &target, .items = item, .items_len = 1, .now = 1704168400};

	return ping_webhook.compose(&call, arena, out, err);
}

static void check_body(const struct ping_item *item, const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct ping_request request;
	struct err err;

	assert_int_equal(compose(item, secrets, 1, &arena, &request, &err), 0);
	assert_string_equal(arena_string(&arena, request.body), expected);
	arena_free(&arena);
}

static void test_bodies(void **state)
{
	struct ping_item item = added;

	(void)state;
	check_body(&item, "{\n"
			  "  \"type\": \"entry.published\",\n"
			  "  \"timestamp\": \"2024-01-02T04:05:00Z\",\n"
			  "  \"data\": {\n"
			  "    \"id\": \"tag:example.com,2024:a\",\n"
			  "    \"url\": \"https://example.com/a/\",\n"
			  "    \"title\": \"A \\\"quoted\\\" <title>\",\n"
			  "    \"published\": \"2024-01-02T03:04:05Z\",\n"
			  "    \"updated\": \"2024-01-02T04:04:05Z\"\n"
			  "  }\n"
			  "}\n");
	item.event = PING_UPDATED;
	item.title = SLICE_NONE;
	item.published = 0;
	check_body(&item, "{\n"
			  "  \"type\": \"entry.updated\",\n"
			  "  \"timestamp\": \"2024-01-02T04:05:00Z\",\n"
			  "  \"data\": {\n"
			  "    \"id\": \"tag:example.com,2024:a\",\n"
			  "    \"url\": \"https://example.com/a/\",\n"
			  "    \"updated\": \"2024-01-02T04:04:05Z\"\n"
			  "  }\n"
			  "}\n");
	item = (struct ping_item){.entry = true,
	    .event = PING_REMOVED,
	    .id = SLICE("urn:1"),
	    .since = 1704168300,
	    .message = SLICE("m")};
	check_body(&item, "{\n"
			  "  \"type\": \"entry.removed\",\n"
			  "  \"timestamp\": \"2024-01-02T04:05:00Z\",\n"
			  "  \"data\": {\n"
			  "    \"id\": \"urn:1\"\n"
			  "  }\n"
			  "}\n");
	check_body(&topic, "{\n"
			   "  \"type\": \"feed.updated\",\n"
			   "  \"timestamp\": \"2024-01-02T04:05:00Z\",\n"
			   "  \"data\": {\n"
			   "    \"url\": \"https://example.com/atom.xml\",\n"
			   "    \"feed\": \"main\",\n"
			   "    \"format\": \"atom\",\n"
			   "    \"title\": \"Example\"\n"
			   "  }\n"
			   "}\n");
}

/* A title as long as an article stays out of the way. */
static void test_long_title(void **state)
{
	struct arena arena = ARENA_INIT;
	struct ping_item item = added;
	struct ping_request request;
	struct buf title = BUF_INIT;
	struct err err;

	(void)state;
	for (int i = 0; i < 10000; i++)
		buf_puts(&title, "word ");
	item.title = buf_slice(&title);
	assert_int_equal(compose(&item, secrets, 1, &arena, &request, &err), 0);
	assert_in_range(request.body.len, 900, 1500);
	buf_free(&title);
	arena_free(&arena);
}

static void check_header(
    const struct ping_request *request, size_t at, const char *name, const char *value, bool secret)
{
	assert_true(at < request->headers_len);
	assert_string_equal(request->headers[at].name, name);
	assert_true(slice_equal_str(request->headers[at].value, value));
	assert_int_equal(request->headers[at].secret, secret);
}

/* Signatures after Python's hmac and base64, of the body above. */
static void test_signatures(void **state)
{
	struct arena arena = ARENA_INIT;
	struct ping_request request;
	struct err err;

	(void)state;
	assert_int_equal(compose(&added, secrets, 3, &arena, &request, &err), 0);
	assert_true(request.post);
	assert_false(request.redirects);
	assert_true(slice_equal_str(request.url, "https://hooks.example/in?x=1"));
	assert_int_equal(request.headers_len, 4);
	check_header(&request, 0, "Content-Type", "application/json", false);
	check_header(&request, 1, "webhook-id", "msg_1a", false);
	check_header(&request, 2, "webhook-timestamp", "1704168400", false);
	check_header(&request, 3, "webhook-signature",
	    "v1,rRHUQtZHFV/cauMv3pUgSGU71UzdPke0V1+oUurbKkA= "
	    "v1,mL1WXe9zTsYwBnuuSWvZ9QfALcm8hfXwuUHInLkZzo0= "
	    "v1,G27DkNOraL6s0ZGsRW7sz0T5YnGA4kTYcEfoaIxNlUo=",
	    true);
	assert_int_equal(compose(&added, secrets + 1, 1, &arena, &request, &err), 0);
	check_header(&request, 3, "webhook-signature",
	    "v1,mL1WXe9zTsYwBnuuSWvZ9QfALcm8hfXwuUHInLkZzo0=", true);
	arena_free(&arena);
}

static void check_secret(const char *secret, const char *complaint)
{
	const struct slice with[] = {SLICE(SECRET_24), slice_of(secret)};
	struct arena arena = ARENA_INIT;
	struct ping_request request;
	struct err err = {.kind = ERR_NONE};

	if (!complaint) {
		assert_int_equal(compose(&added, with, 2, &arena, &request, &err), 0);
	} else {
		assert_int_equal(compose(&added, with, 2, &arena, &request, &err), -1);
		assert_int_equal(err.kind, ERR_INVALID);
		assert_string_equal(err.text, complaint);
	}
	arena_free(&arena);
}

static void test_bad_secrets(void **state)
{
	static const char no_prefix[] = "secret 2 of 2: it does not begin with \"whsec_\"";
	static const char no_base64[] =
	    "secret 2 of 2: what stands behind \"whsec_\" is not base64";
	struct arena arena = ARENA_INIT;
	struct ping_request request;
	struct err err;

	(void)state;
	check_secret("  " SECRET_32 "\r", NULL);
	check_secret("", no_prefix);
	check_secret("hunter2", no_prefix);
	check_secret("WHSEC_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", no_prefix);
	check_secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY", no_base64);
	check_secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY-", no_base64);
	check_secret("whsec_AAEC AwQFBgcICQoLDA0ODxAREhMUFRYX", no_base64);
	check_secret("whsec_", "secret 2 of 2: it holds 0 bytes, which have to be 24 to 64");
	check_secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=",
	    "secret 2 of 2: it holds 23 bytes, which have to be 24 to 64");
	check_secret(
	    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"
	    "PD0+P0A=",
	    "secret 2 of 2: it holds 65 bytes, which have to be 24 to 64");
	assert_int_equal(compose(&added, NULL, 0, &arena, &request, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
	arena_free(&arena);
}

static void test_answers(void **state)
{
	static const struct {
		int status;
		const char *headers;
		enum ping_result result;
		int64_t retry_after;
	} answers[] = {
	    {200, "", PING_TOLD, 0},
	    {204, "", PING_TOLD, 0},
	    {299, "", PING_TOLD, 0},
	    {301, "Location: https://elsewhere.example/\n", PING_RETRY, 0},
	    {308, "", PING_RETRY, 0},
	    {400, "", PING_RETRY, 0},
	    {401, "", PING_RETRY, 0},
	    {404, "", PING_RETRY, 0},
	    {410, "", PING_PARK, 0},
	    {429, "Retry-After: 120\n", PING_RETRY, 120},
	    {500, "", PING_RETRY, 0},
	    {502, "retry-after: 60\n", PING_RETRY, 60},
	    {503, "Retry-After: Tue, 02 Jan 2024 04:07:00 GMT\n", PING_RETRY, 20},
	    {504, "", PING_RETRY, 0},
	};
	const struct ping_target target = {.url = SLICE("https://hooks.example/")};
	const struct ping_call call = {
	    .target = &target, .items = &added, .items_len = 1, .now = 1704168400};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct ping_answer answer = {
		    .status = answers[i].status, .headers = slice_of(answers[i].headers)};
		struct ping_verdict verdict;

		ping_judge(&ping_webhook, &call, &answer, &arena, &verdict);
		assert_int_equal(verdict.result, answers[i].result);
		assert_int_equal(verdict.retry_after, answers[i].retry_after);
		assert_true(verdict.text.len > 0);
	}
	arena_free(&arena);
}

/* An endpoint that is being set up may print what it expected. */
static void test_secret_said(void **state)
{
	const struct ping_target target = {
	    .url = SLICE("https://hooks.example/"), .secrets = secrets, .secrets_len = 2};
	const struct ping_call call = {.target = &target, .items = &added, .items_len = 1};
	const struct ping_answer answer = {
	    .status = 401, .body = SLICE("wanted " SECRET_32 ", the signature differs")};
	struct ping_verdict verdict;
	struct arena arena = ARENA_INIT;

	(void)state;
	ping_judge(&ping_webhook, &call, &answer, &arena, &verdict);
	assert_true(
	    slice_equal_str(verdict.text, "401 Unauthorized: wanted ***, the signature differs"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bodies),
	    cmocka_unit_test(test_long_title),
	    cmocka_unit_test(test_signatures),
	    cmocka_unit_test(test_bad_secrets),
	    cmocka_unit_test(test_secret_said),
	    cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests_name("webhook", tests, NULL, NULL);
}
