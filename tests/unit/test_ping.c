/* ping: requests byte for byte, and verdicts on the answers that are met in the field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/ping/rsscloud.h"
#include "tests/unit/ping_case.h"

static const struct ping_item topic = {
    .event = PING_UPDATED,
    .url = {"https://e.org/tags/c%2B%2B/rss.xml?a=1&b=\xC3\xBC", 43},
    .title = {"Ann & Bob <3", 12},
    .feed = {"main", 4},
    .format = {"rss", 3},
    .since = NOW,
    .message = {"msg_1", 5},
};
#define TOPIC_ENCODED "https%3A%2F%2Fe.org%2Ftags%2Fc%252B%252B%2Frss.xml%3Fa%3D1%26b%3D%C3%BC"

static struct ping_target target_at(const char *url)
{
	return (struct ping_target){
	    .url = slice_of(url),
	    .site_title = SLICE("E"),
	    .site_url = SLICE("https://e.org/"),
	};
}

static struct ping_call call_of(const struct ping_target *target)
{
	return (struct ping_call){.target = target, .items = &topic, .items_len = 1, .now = NOW};
}

/* Settings, outbox and delivery rely on all this. */
static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < PING_COUNT; i++) {
		const struct ping *ping = pings[i];

		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(pings[j]->name, ping->name);
		assert_true(ping->title[0] && ping->batch > 0);
		assert_true(ping->topics != PING_NO_TOPICS || ping->entries != PING_NO_ENTRIES);
		assert_false(ping->url && ping->no_url);
		assert_true(ping->secret || !ping->secret_needed);
		assert_true(ping->compose && ping->judge);
	}
}

/* What every judge says of HTTP's status alone, but for texts. */
static void test_status(void **state)
{
	static const struct verdict_case cases[] = {
	    {200, NULL, NULL, PING_TOLD, "200 OK", 0},
	    {204, NULL, NULL, PING_TOLD, "204 No Content", 0},
	    {299, NULL, "sure", PING_TOLD, "299: sure", 0},
	    {301, "Location: https://x/\x07\r\n", "<title>Moved</title>", PING_GIVE_UP,
		"301 Moved Permanently: it is at https://x/", 0},
	    {304, NULL, NULL, PING_GIVE_UP, "304", 0},
	    {400, NULL, "no mode", PING_GIVE_UP, "400 Bad Request: no mode", 0},
	    {404, NULL, NULL, PING_GIVE_UP, "404 Not Found", 0},
	    {405, "Retry-After: 5\n", NULL, PING_GIVE_UP, "405 Method Not Allowed", 0},
	    {408, NULL, NULL, PING_RETRY, "408 Request Timeout", 0},
	    {410, NULL, NULL, PING_PARK, "410 Gone", 0},
	    {425, NULL, NULL, PING_RETRY, "425 Too Early", 0},
	    {429, "Retry-After: 3600\r\n", NULL, PING_RETRY, "429 Too Many Requests", 3600},
	    {500, NULL, NULL, PING_RETRY, "500 Internal Server Error", 0},
	    {503, "retry-after: Tue, 02 Jan 2024 03:05:05 GMT\r\n",
		"<html><title>Busy</title></html>", PING_RETRY, "503 Service Unavailable: Busy",
		60},
	    {599, NULL, NULL, PING_RETRY, "599", 0},
	    {600, NULL, NULL, PING_GIVE_UP, "600", 0},
	    {0, NULL, NULL, PING_GIVE_UP, "0", 0},
	};
	const struct ping_target target = target_at("https://hub.example/");
	const struct ping_call call = call_of(&target);

	(void)state;
	CHECK_VERDICTS(&ping_websub, &call, cases);
}

/* A key may stand in the URL: nobody who answers has it shown, as it is or decoded. */
static void test_url_said(void **state)
{
	static const struct verdict_case cases[] = {
	    {302, "Location: https://hub.example/new?id=7&token=s%65cret-7f3a\r\n", "",
		PING_GIVE_UP, "302 Found: it is at https://hub.example/new?***", 0},
	    {302, "Location: /secret-7f3a/\r\n", "", PING_GIVE_UP, "302 Found: it is at /***/", 0},
	    {404, NULL, "no POST /in?id=7&token=s%65cret-7f3a here", PING_GIVE_UP,
		"404 Not Found: no POST /in?*** here", 0},
	    {403, NULL, "token secret-7f3a of id 7?", PING_GIVE_UP,
		"403 Forbidden: token *** of id 7?", 0},
	    {403, NULL, "token s%65cret-7f3a?", PING_GIVE_UP, "403 Forbidden: token ***?", 0},
	};
	static const struct verdict_case fault[] = {
	    {200, NULL,
		"<methodResponse><fault><value><struct><member><name>faultString</name><value>"
		"wait: too fast, s&#101;cret-7f3a</value></member></struct></value></fault>"
		"</methodResponse>",
		PING_RETRY, "wait: too fast, ***", 900},
	};
	const struct ping_target target =
	    target_at("https://hub.example/in?id=7&token=s%65cret-7f3a");
	const struct ping_call call = call_of(&target);

	(void)state;
	CHECK_VERDICTS(&ping_websub, &call, cases);
	CHECK_VERDICTS(&ping_xmlrpc, &call, fault);
}

static void test_websub(void **state)
{
	static const struct verdict_case cases[] = {
	    {202, NULL, "Accepted\n", PING_TOLD, "202 Accepted: Accepted", 0}, /* Switchboard */
	    {400, NULL, "Invalid topic URL", PING_GIVE_UP, "400 Bad Request: Invalid topic URL", 0},
	    {307, "Location: https://other.example/hub\r\n", NULL, PING_GIVE_UP,
		"307 Temporary Redirect: it is at https://other.example/hub", 0},
	};
	const struct ping_target target = target_at("https://hub.example/?a=b");
	const struct ping_call call = call_of(&target);

	(void)state;
	check_request(&ping_websub, &call,
	    "POST https://hub.example/?a=b\n"
	    "Content-Type: application/x-www-form-urlencoded\n"
	    "\n"
	    "hub.mode=publish&hub.url=" TOPIC_ENCODED "&hub.topic=" TOPIC_ENCODED);
	CHECK_VERDICTS(&ping_websub, &call, cases);
}

/* ---- XML-RPC ---- */

#define XMLRPC_STRING(text) "<param><value><string>" text "</string></value></param>"
#define XMLRPC_HEAD                                                                                \
	"POST https://rpc.example/RPC2\nContent-Type: text/xml\n\n"                                \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<methodCall><methodName>weblogUpdates."
#define XMLRPC_TAIL "</params></methodCall>\n"

static void test_xmlrpc_compose(void **state)
{
	const struct ping_target target = target_at("https://rpc.example/RPC2");
	struct ping_call call = call_of(&target);

	(void)state;
	check_request(&ping_xmlrpc, &call,
	    XMLRPC_HEAD "extendedPing</methodName><params>" XMLRPC_STRING("Ann &#38; Bob &#60;3")
		XMLRPC_STRING("https://e.org/") XMLRPC_STRING("https://e.org/") XMLRPC_STRING(
		    "https://e.org/tags/c%2B%2B/rss.xml?a=1&#38;b=\xC3\xBC") XMLRPC_TAIL);
	call.step = 1;
	check_request(&ping_xmlrpc, &call,
	    XMLRPC_HEAD "ping</methodName><params>" XMLRPC_STRING("Ann &#38; Bob &#60;3")
		XMLRPC_STRING("https://e.org/") XMLRPC_TAIL);
}

/* A name is cut behind 1,024 characters, not in one; without one the site's serves. */
static void test_xmlrpc_name(void **state)
{
	const struct ping_target target = target_at("https://rpc.example/RPC2");
	struct ping_item item = {.url = SLICE("https://e.org/rss.xml")};
	struct ping_call call = {
	    .target = &target, .items = &item, .items_len = 1, .step = 1, .now = NOW};
	struct buf name = BUF_INIT, want = BUF_INIT;
	size_t cut = 0;

	(void)state;
	check_request(&ping_xmlrpc, &call,
	    XMLRPC_HEAD "ping</methodName><params>" XMLRPC_STRING("E")
		XMLRPC_STRING("https://e.org/") XMLRPC_TAIL);
	for (int i = 0; i < 1025; i++) {
		cut = name.len;
		buf_puts(&name, i % 2 ? "ü" : "x");
	}
	item.title = buf_slice(&name);
	buf_puts(&want, XMLRPC_HEAD "ping</methodName><params><param><value><string>");
	buf_put(&want, name.data, cut);
	buf_puts(&want, "</string></value></param>" XMLRPC_STRING("https://e.org/") XMLRPC_TAIL);
	check_request(&ping_xmlrpc, &call, buf_string(&want));
	buf_free(&name);
	buf_free(&want);
}

#define MEMBER(name, value) "<member><name>" name "</name><value>" value "</value></member>"
#define ANSWER(members)                                                                            \
	"<?xml version=\"1.0\"?>\n<methodResponse><params><param><value><struct>" members          \
	"</struct></value></param></params></methodResponse>\n"
#define FAULT(code, text)                                                                          \
	"<?xml version='1.0'?><methodResponse><fault><value><struct>\n" MEMBER(                    \
	    "faultCode", "<int>" code "</int>") MEMBER("faultString",                              \
	    "<string>" text "</string>") "</struct></value></fault></methodResponse>"
#define MUTE "200 OK: taken, but the answer confirms nothing"

static const struct verdict_case xmlrpc_both[] = {
    {200, NULL,
	ANSWER(MEMBER("flerror", "<boolean>0</boolean>")
		MEMBER("message", "<string>Thanks for\nthe ping.</string>")),
	PING_TOLD, "200 OK: Thanks for the ping.", 0},
    {200, NULL, "\n" ANSWER("\n" MEMBER("message", "Thanks") "\n" MEMBER("flerror", "false")),
	PING_TOLD, "200 OK: Thanks", 0},
    {200, NULL, ANSWER(MEMBER("flerror", "<boolean>0</boolean>")), PING_TOLD, "200 OK", 0},
    /* Ping-O-Matic */
    {200, NULL, "", PING_TOLD, MUTE, 0},
    {200, NULL, "<html><title>Ping-O-Matic!</title></html>", PING_TOLD, MUTE, 0},
    {200, NULL, ANSWER(MEMBER("message", "Pings being forwarded")), PING_TOLD, MUTE, 0},
    {200, NULL, "<methodResponse><params/></methodResponse>", PING_TOLD, MUTE, 0},
    {200, NULL,
	"<!DOCTYPE a [<!ENTITY b '1'>]>"
	"<methodResponse><params><param><value><struct><member><name>flerror</name>"
	"<value>&b;</value></member></struct></value></param></params></methodResponse>",
	PING_TOLD, MUTE, 0},
    {200, NULL,
	ANSWER(MEMBER("flerror", "<boolean>1</boolean>")
		MEMBER("message", "<string>Slow down cowboy!</string>")),
	PING_RETRY, "Slow down cowboy!", 900},
    {200, NULL,
	ANSWER(MEMBER("flerror", "<boolean>1</boolean>")
		MEMBER("message", "<string>Your site is \x01 spam.</string>")),
	PING_TOLD, MUTE, 0}, /* not XML at all */
    {200, NULL,
	ANSWER(MEMBER("flerror", "<boolean>1</boolean>")
		MEMBER("message", "<string>Can't find your feed.</string>")),
	PING_GIVE_UP, "Can't find your feed.", 0},
    {200, NULL, ANSWER(MEMBER("flerror", "<int>1</int>")), PING_GIVE_UP, "it says no, and not why",
	0},
    {200, NULL, FAULT("4", "You are banned."), PING_GIVE_UP, "You are banned.", 0},
    {200, NULL, FAULT("-32400", "disk full"), PING_RETRY, "disk full", 0},
    {200, NULL, FAULT("0", "Pinging too fast"), PING_RETRY, "Pinging too fast", 900},
    {405, NULL, "", PING_GIVE_UP, "405 Method Not Allowed", 0},
    {404, NULL, "<title>Not here</title>", PING_GIVE_UP, "404 Not Found: Not here", 0},
    {502, NULL, FAULT("-32601", "unknown method"), PING_RETRY, "502 Bad Gateway", 0},
};

/* For these the older ping is tried; when it is not known either, that is that. */
#define XMLRPC_UNKNOWN(result)                                                                     \
	{                                                                                          \
		{200, NULL,                                                                        \
		    FAULT("-32601",                                                                \
			"server error. requested method weblogUpdates.extendedPing does not "      \
			"exist."),                                                                 \
		    result,                                                                        \
		    "server error. requested method weblogUpdates.extendedPing does not exist.",   \
		    0},                                                                            \
		    {200, NULL, FAULT("-32602", "wrong"), result, "wrong", 0},                     \
		    {200, NULL, FAULT("1", "No such method"), result, "No such method", 0},        \
		    {200, NULL,                                                                    \
			FAULT("4",                                                                 \
			    "Can't call \"extendedPing\" because there are too many parameters."), \
			result,                                                                    \
			"Can't call \"extendedPing\" because there are too many parameters.", 0},  \
		    {200, NULL,                                                                    \
			ANSWER(MEMBER("flerror", "<boolean>1</boolean>")                           \
				MEMBER("message", "Unknown method")),                              \
			result, "Unknown method", 0},                                              \
	}

static void test_xmlrpc_judge(void **state)
{
	static const struct verdict_case first[] = XMLRPC_UNKNOWN(PING_NEXT);
	static const struct verdict_case second[] = XMLRPC_UNKNOWN(PING_GIVE_UP);
	const struct ping_target target = target_at("https://rpc.example/RPC2");
	struct ping_call call = call_of(&target);

	(void)state;
	CHECK_VERDICTS(&ping_xmlrpc, &call, xmlrpc_both);
	CHECK_VERDICTS(&ping_xmlrpc, &call, first);
	call.step = 1;
	CHECK_VERDICTS(&ping_xmlrpc, &call, xmlrpc_both);
	CHECK_VERDICTS(&ping_xmlrpc, &call, second);
}

/* ---- rssCloud ---- */

static void test_rsscloud(void **state)
{
	static const struct verdict_case cases[] = {
	    {200, NULL,
		"<?xml version=\"1.0\"?>\n<result success=\"true\" msg=\"Thanks for the ping.\"/>",
		PING_TOLD, "200 OK: Thanks for the ping.", 0},
	    {200, NULL, "{ \"success\": true, \"msg\": \"Thanks for the ping.\" }", PING_TOLD,
		"200 OK: Thanks for the ping.", 0},
	    {200, NULL, "<notifyResult success='true'/>", PING_TOLD, "200 OK", 0},
	    {200, NULL, "<result success=\"false\" msg=\"No &amp; no.\"/>", PING_GIVE_UP,
		"No & no.", 0},
	    {200, NULL, "{\"success\": false, \"msg\": \"No.\"}", PING_GIVE_UP, "No.", 0},
	    {200, NULL, "{\"success\": \"false\"}", PING_GIVE_UP, "it says no, and not why", 0},
	    {200, NULL,
		"{\"success\": false, \"msg\": \"Can't accept the request because the minimum "
		"seconds between pings is 60 and you pinged us 2 seconds ago.\"}",
		PING_RETRY,
		"Can't accept the request because the minimum seconds between pings is 60 and "
		"you pinged us 2 seconds ago.",
		0},
	    {200, NULL,
		"<result success='false' msg='The ping was cancelled because there was an error "
		"reading the resource at URL https://e.org/rss.xml.'/>",
		PING_RETRY,
		"The ping was cancelled because there was an error reading the resource at URL "
		"https://e.org/rss.xml.",
		0},
	    {200, NULL, "", PING_TOLD, MUTE, 0},
	    {200, NULL, "OK", PING_TOLD, MUTE, 0},
	    {200, NULL, "<other success='false'/>", PING_TOLD, MUTE, 0},
	    {200, NULL, "{\"success\": {}}", PING_TOLD, MUTE, 0},
	    {400, NULL, "<result success='true' msg='Thanks'/>", PING_GIVE_UP, "400 Bad Request",
		0},
	};
	const struct ping_target target = target_at("http://cloud.example:5337/ping");
	const struct ping_call call = call_of(&target);

	(void)state;
	check_request(&ping_rsscloud, &call,
	    "POST http://cloud.example:5337/ping\n"
	    "Content-Type: application/x-www-form-urlencoded\n"
	    "Accept: application/json, text/xml;q=0.9\n"
	    "\n"
	    "url=" TOPIC_ENCODED);
	CHECK_VERDICTS(&ping_rsscloud, &call, cases);
}

static void test_rsscloud_cloud(void **state)
{
	static const struct {
		const char *url, *domain;
		unsigned port;
		const char *path;
	} cases[] = {
	    {"http://rpc.rsscloud.io:5337/ping", "rpc.rsscloud.io", 5337, "/pleaseNotify"},
	    {"https://Cloud.Example/a/b/ping?c=d#e", "cloud.example", 443, "/a/b/pleaseNotify"},
	    {"http://cloud.example", "cloud.example", 80, "/pleaseNotify"},
	    {"http://cloud.example/a/", "cloud.example", 80, "/a/pleaseNotify"},
	    {"http://me:80@cloud.example:/ping", "cloud.example", 80, "/pleaseNotify"},
	    {"http://[::1]/ping", "[::1]", 80, "/pleaseNotify"},
	    {"http://[::1]:8080/ping", "[::1]", 8080, "/pleaseNotify"},
	    {"http://b\xC3\xBC"
	     "cher.example/ping",
		"xn--bcher-kva.example", 80, "/pleaseNotify"},
	    {"http://cloud.example:0/ping", "", 0, ""},
	    {"http://cloud.example:65536/ping", "", 0, ""},
	    {"http://cloud.example:99999999999999999999/ping", "", 0, ""},
	    {"/ping", "", 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena arena = ARENA_INIT;
		struct cloud cloud;

		rsscloud_cloud(slice_of(cases[i].url), &arena, &cloud);
		assert_true(slice_equal_str(cloud.domain, cases[i].domain));
		assert_int_equal(cloud.port, cases[i].port);
		assert_true(slice_equal_str(cloud.path, cases[i].path));
		arena_free(&arena);
	}
}

/* ---- IndexNow ---- */

static struct ping_item page(const char *url, enum ping_event event)
{
	return (struct ping_item){.entry = true, .event = event, .url = slice_of(url)};
}

static void test_indexnow_compose(void **state)
{
	const struct ping_item items[] = {
	    page("https://e.org/blog/a?b=\"c\"", PING_ADDED),
	    page("https://E.org/blog/b", PING_REMOVED),
	};
	struct ping_target target = target_at("https://api.indexnow.org/indexnow");
	struct ping_call call = {.target = &target, .items = items, .items_len = 2, .now = NOW};

	(void)state;
	target.site_url = SLICE("https://e.org/blog/");
	target.key = SLICE("0123-aZ9");
	check_request(&ping_indexnow, &call,
	    "POST https://api.indexnow.org/indexnow\n"
	    "Content-Type: application/json; charset=utf-8\n"
	    "\n"
	    "{\n"
	    "  \"host\": \"e.org\",\n"
	    "  \"key\": \"0123-aZ9\",\n"
	    "  \"keyLocation\": \"https://e.org/blog/0123-aZ9.txt\",\n"
	    "  \"urlList\": [\n"
	    "    \"https://e.org/blog/a?b=\\\"c\\\"\",\n"
	    "    \"https://E.org/blog/b\"\n"
	    "  ]\n"
	    "}\n");
}

/* Those of other hosts, and outside of the site's folder, would cost all of a request. */
static void test_indexnow_takes(void **state)
{
	static const struct {
		const char *url;
		bool taken;
	} rows[] = {{"https://e.org/blog/a", true}, {"https://E.org/blog/b", true},
	    {"https://other.example/blog/a", false}, {"https://e.org/a", false},
	    {"mailto:me@e.org", false}};
	struct ping_target target = target_at("https://api.indexnow.org/indexnow");

	(void)state;
	target.site_url = SLICE("https://e.org/blog/");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct ping_item item = page(rows[i].url, PING_ADDED);
		struct err err = {0};

		assert_int_equal(ping_indexnow.takes(&target, &item, &err), rows[i].taken ? 0 : -1);
		if (!rows[i].taken)
			assert_string_equal(
			    err.text, "it takes only URLs below https://e.org/blog/");
	}
}

static void test_indexnow_key(void **state)
{
	static const char *const bad[] = {"", "0123456", "0123456_", "0123456/", "0123456\xC3\xBC",
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "01234567890123456789012345678901234567890123456789012345678901234"};
	const struct ping_item item = page("https://e.org/a", PING_ADDED);
	struct ping_target target = target_at("https://api.indexnow.org/indexnow");
	const struct ping_call call = {.target = &target, .items = &item, .items_len = 1};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		target.key = slice_of(bad[i]);
		check_refused(
		    &ping_indexnow, &call, "its key is not 8 to 128 letters, digits and \"-\"");
	}
}

static void test_indexnow_judge(void **state)
{
	static const struct verdict_case cases[] = {
	    {200, NULL, "", PING_TOLD, "200 OK", 0},
	    {202, NULL, "", PING_TOLD, "202 Accepted: taken, the key is still to be checked", 0},
	    {400, NULL, "{}", PING_GIVE_UP, "400 Bad Request: it does not understand the request",
		0},
	    {403, NULL, "{\"code\":\"UserForbiddedToAccessSite\"}", PING_GIVE_UP,
		"403 Forbidden: the key does not stand in https://e.org/0123-aZ9.txt", 0},
	    {422, NULL, "", PING_GIVE_UP,
		"422 Unprocessable Content: the URLs are not of this host, or the key does not "
		"fit it",
		0},
	    {429, "Retry-After: 60\r\n", "", PING_RETRY,
		"429 Too Many Requests: it was sent too many", 60},
	    {500, NULL, "oh", PING_RETRY, "500 Internal Server Error: oh", 0},
	};
	struct ping_target target = target_at("https://api.indexnow.org/indexnow");
	const struct ping_call call = call_of(&target);

	(void)state;
	target.key = SLICE("0123-aZ9");
	CHECK_VERDICTS(&ping_indexnow, &call, cases);
}

/* ---- podcasts ---- */

static void test_podping(void **state)
{
	static const struct verdict_case cases[] = {
	    {200, NULL, "Success!", PING_TOLD, "200 OK: Success!", 0},
	    {401, NULL, "Bad token 'to ken'", PING_GIVE_UP, "401 Unauthorized: Bad token '***'", 0},
	    {401, NULL, "Bad token 'to  ken'", PING_GIVE_UP, "401 Unauthorized: Bad token '***'",
		0},
	    {401, NULL, "Bad.", PING_GIVE_UP, "401 Unauthorized: Bad.", 0},
	    {302, "Location: /?old\r\n", "", PING_GIVE_UP, "302 Found: it is at /?***", 0},
	    {302, "Location: /old/\r\n", "", PING_GIVE_UP, "302 Found: it is at /***/", 0},
	    {500, NULL, "Failed", PING_RETRY, "500 Internal Server Error: Failed", 0},
	};
	static const struct slice secrets[] = {{"to ken", 6}, {"old", 3}};
	static const struct slice bad[] = {{"a\rb", 3}, {"a\0b", 3}, {"", 0}};
	struct ping_target target = target_at("https://podping.cloud/");
	const struct ping_call call = call_of(&target);

	(void)state;
	check_refused(&ping_podping, &call, "it needs the token that podping.cloud gave");
	target.secrets_len = 1;
	for (size_t i = 0; i < COUNT(bad); i++) {
		target.secrets = &bad[i];
		check_refused(&ping_podping, &call,
		    "its token is empty, or holds a control character, which no header may");
	}
	target.secrets = secrets;
	target.secrets_len = 2;
	check_request(&ping_podping, &call,
	    "GET https://podping.cloud/?url=" TOPIC_ENCODED "\n"
	    "Authorization: (secret) to ken\n\n");
	CHECK_VERDICTS(&ping_podping, &call, cases);
}

static void test_podcastindex(void **state)
{
	static const struct verdict_case cases[] = {
	    {200, NULL, "{\"status\": \"true\", \"description\": \"Found matching feed\"}",
		PING_TOLD, "200 OK: Found matching feed", 0},
	    {200, NULL, "{\"status\": \"false\", \"description\": \"No such\\nfeed\"}",
		PING_GIVE_UP, "200 OK: No such feed", 0},
	    {200, NULL, "", PING_TOLD, "200 OK", 0},
	    {200, NULL, "[\"status\"]", PING_TOLD, "200 OK: [\"status\"]", 0},
	    {400, NULL, "{\"status\": \"false\", \"description\": \"No url\"}", PING_GIVE_UP,
		"400 Bad Request: No url", 0},
	    {503, "Retry-After: 7\n", "{\"status\": \"true\", \"description\": \"x\"}", PING_RETRY,
		"503 Service Unavailable: x", 7},
	};
	const struct ping_target target =
	    target_at("https://api.podcastindex.org/api/1.0/hub/pubnotify?a");
	const struct ping_call call = call_of(&target);

	(void)state;
	check_request(&ping_podcastindex, &call,
	    "GET https://api.podcastindex.org/api/1.0/hub/pubnotify?a&url=" TOPIC_ENCODED "\n\n");
	CHECK_VERDICTS(&ping_podcastindex, &call, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_status),
	    cmocka_unit_test(test_url_said),
	    cmocka_unit_test(test_websub),
	    cmocka_unit_test(test_xmlrpc_compose),
	    cmocka_unit_test(test_xmlrpc_name),
	    cmocka_unit_test(test_xmlrpc_judge),
	    cmocka_unit_test(test_rsscloud),
	    cmocka_unit_test(test_rsscloud_cloud),
	    cmocka_unit_test(test_indexnow_compose),
	    cmocka_unit_test(test_indexnow_takes),
	    cmocka_unit_test(test_indexnow_key),
	    cmocka_unit_test(test_indexnow_judge),
	    cmocka_unit_test(test_podping),
	    cmocka_unit_test(test_podcastindex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
