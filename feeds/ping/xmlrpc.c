/*
 * The update pings of weblogs.com, in XML-RPC: extendedPing, which names the
 * feed, and where that is not known the older ping, which names the site alone.
 */
#include "feeds/base/escape.h"
#include "feeds/base/text.h"
#include "feeds/ping/reply.h"

enum {
	NAME_MAX_CHARS = 1024,	/* weblogs.com */
	MIN_INTERVAL = 15 * 60, /* s; Ping-O-Matic turns away who comes back sooner */
};

enum step { STEP_EXTENDED, STEP_PLAIN };

/* ---- the call ---- */

/*
 * References are numeric: weblogs.com knew no names. Nothing stands between elements, for
 * some servers take it as part of a value; which is why this is not xmlout's.
 */
static const struct escapes in_string = {{
    ESCAPES_BASE,
    ['\r'] = ESCAPE("&#13;"),
    ['&'] = ESCAPE("&#38;"),
    ['<'] = ESCAPE("&#60;"),
    ['>'] = ESCAPE("&#62;"),
}};

static void put_string(struct buf *out, struct slice text)
{
	buf_puts(out, "<param><value><string>");
	escape_put(out, text, &in_string);
	buf_puts(out, "</string></value></param>");
}

static struct slice cut(struct slice name)
{
	size_t at = 0;

	for (int i = 0; i < NAME_MAX_CHARS && at < name.len; i++)
		(void)text_next(name, &at); /* legal text; where it ends is all */
	return slice_sub(name, 0, at);
}

static int xmlrpc_compose(
    const struct ping_call *call, struct arena *arena, struct ping_request *out, struct err *err)
{
	const struct ping_target *target = call->target;
	const struct ping_item *item = &call->items[0];
	bool extended = call->step == STEP_EXTENDED;
	struct buf body = BUF_INIT;

	(void)err; /* nothing can be missing */
	buf_puts(&body, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<methodCall><methodName>");
	buf_puts(&body, extended ? "weblogUpdates.extendedPing" : "weblogUpdates.ping");
	buf_puts(&body, "</methodName><params>");
	put_string(&body, cut(item->title.len ? item->title : target->site_title));
	put_string(&body, target->site_url);
	if (extended) {
		put_string(&body, target->site_url); /* the page that changed */
		put_string(&body, item->url);
	}
	buf_puts(&body, "</params></methodCall>\n");
	*out = (struct ping_request){
	    .post = true,
	    .url = target->url,
	    .headers = {{"Content-Type", SLICE("text/xml"), false}},
	    .headers_len = 1,
	    .body = arena_copy(arena, buf_slice(&body)),
	};
	buf_free(&body);
	return 0;
}

/* ---- the answer ---- */

struct response {
	enum { SAYS_NOTHING, SAYS_YES, SAYS_NO, SAYS_FAULT } says;
	struct slice text;
	struct slice code; /* of a fault */
};

/* A member of a struct, whatever its type; empty when it is not there. */
static struct slice read_member(const xmlNode *members, const char *name, struct arena *arena)
{
	for (const xmlNode *member = reply_child(members, NULL); member; member = member->next) {
		const xmlNode *key = reply_child(member, "name");

		if (key && slice_equal_str(reply_text(key, arena), name)) {
			const xmlNode *value = reply_child(member, "value");

			return value ? reply_text(value, arena) : SLICE_NONE;
		}
	}
	return SLICE_NONE;
}

static struct response read_document(const xmlNode *root, struct arena *arena)
{
	const xmlNode *fault = reply_child(root, "fault");
	const xmlNode *holder = fault ? fault : reply_child(reply_child(root, "params"), "param");
	const xmlNode *members = reply_child(reply_child(holder, "value"), "struct");
	struct response response = {SAYS_NOTHING, SLICE_NONE, SLICE_NONE};
	struct slice error;

	if (!reply_is(root, "methodResponse"))
		return response;
	if (fault) {
		response.says = SAYS_FAULT;
		response.code = read_member(members, "faultCode", arena);
		response.text = answer_line(read_member(members, "faultString", arena), arena);
		return response;
	}
	error = read_member(members, "flerror", arena);
	response.text = answer_line(read_member(members, "message", arena), arena);
	if (slice_equal_str(error, "0") || slice_equal_nocase(error, "false"))
		response.says = SAYS_YES;
	else if (error.len)
		response.says = SAYS_NO;
	return response;
}

static struct response read_response(const struct ping_answer *answer, struct arena *arena)
{
	struct response response = {SAYS_NOTHING, SLICE_NONE, SLICE_NONE};
	xmlDocPtr doc = reply_parse(answer);

	if (doc)
		response = read_document(xmlDocGetRootElement(doc), arena);
	xmlFreeDoc(doc);
	return response;
}

/* Codes by the "Specification for Fault Code Interoperability"; many servers have words alone. */
static bool lacks_method(const struct response *response)
{
	static const char *const words[] = {"unknown", "not found", "not exist", "no such",
	    "not supported", "unsupported", "not implemented", "not defined", "undefined",
	    "parameter", "signature"};

	if (slice_equal_str(response->code, "-32601") || slice_equal_str(response->code, "-32602"))
		return true;
	if (!slice_holds_nocase(response->text, "method") &&
	    !slice_holds_nocase(response->text, "extendedPing"))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (slice_holds_nocase(response->text, words[i]))
			return true;
	return false;
}

/* Its own trouble, by the same specification: internal, system, transport. */
static bool is_in_trouble(const struct response *response)
{
	return slice_equal_str(response->code, "-32603") ||
	       slice_equal_str(response->code, "-32400") ||
	       slice_equal_str(response->code, "-32300");
}

static void judge_no(
    const struct ping_call *call, const struct response *response, struct ping_verdict *out)
{
	*out = (struct ping_verdict){.text = response->text};
	if (response->text.len == 0)
		out->text = SLICE("it says no, and not why");
	if (answer_asks_to_wait(response->text)) {
		out->result = PING_RETRY;
		out->retry_after = MIN_INTERVAL; /* it does not say how long */
	} else if (call->step == STEP_EXTENDED && lacks_method(response)) {
		out->result = PING_NEXT;
	} else {
		out->result = is_in_trouble(response) ? PING_RETRY : PING_GIVE_UP;
	}
}

static void xmlrpc_judge(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	struct response response;

	ping_judge_status(call, answer, arena, out);
	if (out->result != PING_TOLD)
		return;
	response = read_response(answer, arena);
	if (response.says == SAYS_NO || response.says == SAYS_FAULT)
		judge_no(call, &response, out);
	else if (response.says == SAYS_YES)
		out->text = answer_text(answer->status, response.text, arena);
	else /* Ping-O-Matic has done so for years, and passed the ping on */
		out->text = answer_text(
		    answer->status, SLICE("taken, but the answer confirms nothing"), arena);
}

const struct ping ping_xmlrpc = {
    .name = "xmlrpc",
    .title = "XML-RPC",
    .topics = PING_ONE_TOPIC,
    .batch = 1,
    .min_interval = MIN_INTERVAL,
    .then = "if it knows no extendedPing",
    .compose = xmlrpc_compose,
    .judge = xmlrpc_judge,
};
