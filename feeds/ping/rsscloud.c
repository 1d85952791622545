/* A publisher's ping in rssCloud's REST form; answers in XML or JSON, as servers like. */
#include "feeds/ping/rsscloud.h"

#include "feeds/base/uri.h"
#include "feeds/ping/reply.h"

enum { PORT_MAX = 65535 };

/* ---- where to register ---- */

/* 0 when it is none. */
static unsigned read_port(struct slice digits)
{
	unsigned port = 0;

	for (size_t i = 0; i < digits.len && port <= PORT_MAX; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return 0;
		port = port * 10 + (unsigned)(digits.ptr[i] - '0');
	}
	return port <= PORT_MAX ? port : 0;
}

static unsigned url_port(const struct uri *uri)
{
	size_t at = uri->authority.len;

	while (at > 0 && uri->authority.ptr[at - 1] >= '0' && uri->authority.ptr[at - 1] <= '9')
		at--;
	/* Without a ":" the digits are the end of the host's name. */
	if (at > 0 && at < uri->authority.len && uri->authority.ptr[at - 1] == ':')
		return read_port(slice_from(uri->authority, at));
	return slice_equal_nocase(uri->scheme, "https") ? 443 : 80;
}

void rsscloud_cloud(struct slice url, struct arena *arena, struct cloud *out)
{
	struct buf domain = BUF_INIT, register_url = BUF_INIT;
	struct uri uri;

	*out = (struct cloud){.port = 0};
	uri_resolve(url, SLICE("pleaseNotify"), &register_url);
	uri_split(buf_slice(&register_url), &uri);
	uri_put_host(&domain, url);
	if (domain.len && url_port(&uri))
		*out = (struct cloud){
		    .domain = arena_copy(arena, buf_slice(&domain)),
		    .port = url_port(&uri),
		    .path = arena_copy(arena, uri.path),
		};
	buf_free(&domain);
	buf_free(&register_url);
}

/* ---- the ping ---- */

static int rsscloud_compose(
    const struct ping_call *call, struct arena *arena, struct ping_request *out, struct err *err)
{
	struct buf body = BUF_INIT;

	(void)err; /* nothing can be missing */
	buf_puts(&body, "url=");
	uri_put_value(&body, call->items[0].url);
	*out = (struct ping_request){
	    .post = true,
	    .url = call->target->url,
	    .headers = {{"Content-Type", SLICE("application/x-www-form-urlencoded"), false},
		{"Accept", SLICE("application/json, text/xml;q=0.9"), false}},
	    .headers_len = 2,
	    .body = arena_copy(arena, buf_slice(&body)),
	};
	buf_free(&body);
	return 0;
}

struct result {
	struct slice success; /* "true", "false"; empty: the answer does not say */
	struct slice message;
};

static struct result read_result(const struct ping_answer *answer, struct arena *arena)
{
	const struct value *json = answer_json(answer, arena);
	struct result result = {SLICE_NONE, SLICE_NONE};
	xmlDocPtr doc = json ? NULL : reply_parse(answer);

	if (json) {
		const struct value *success = value_get(json, "success");
		const struct value *message = value_get(json, "msg");

		result.success = success ? success->text : SLICE_NONE;
		result.message = message ? message->text : SLICE_NONE;
	} else if (doc) {
		const xmlNode *root = xmlDocGetRootElement(doc);

		/* Older servers answer a ping with the element that answers pleaseNotify. */
		if (reply_is(root, "result") || reply_is(root, "notifyResult")) {
			result.success = reply_attribute(root, "success", arena);
			result.message = reply_attribute(root, "msg", arena);
		}
	}
	xmlFreeDoc(doc);
	return result;
}

/*
 * A server that says no may say yes later: when it was pinged too soon after the last time ("the
 * minimum seconds between pings is ..."), or could not fetch the feed.
 */
static bool may_change_its_mind(struct slice message)
{
	return answer_asks_to_wait(message) || slice_holds_nocase(message, "error reading");
}

static void rsscloud_judge(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	struct result result;

	ping_judge_status(call, answer, arena, out);
	if (out->result != PING_TOLD)
		return;
	result = read_result(answer, arena);
	result.message = answer_line(result.message, arena);
	if (slice_equal_nocase(result.success, "true"))
		out->text = answer_text(answer->status, result.message, arena);
	else if (!slice_equal_nocase(result.success, "false"))
		out->text = answer_text(
		    answer->status, SLICE("taken, but the answer confirms nothing"), arena);
	else
		*out = (struct ping_verdict){
		    .result = may_change_its_mind(result.message) ? PING_RETRY : PING_GIVE_UP,
		    .text = result.message.len ? result.message : SLICE("it says no, and not why"),
		};
}

const struct ping ping_rsscloud = {
    .name = "rsscloud",
    .title = "rssCloud",
    .topics = PING_RSS_TOPICS,
    .batch = 1,
    .compose = rsscloud_compose,
    .judge = rsscloud_judge,
};
