/*
 * Webmention, the sender's half (W3C Webmention section 3.1). Step 0 fetches the page that a link
 * leads to and looks where it takes Webmentions; step 1 tells it there. An update, or a removal,
 * of the link or of the whole entry is told in the same words: the receiver looks for itself.
 *
 * The endpoint is looked for each time, for it may have moved (section 3.1.4).
 */
#include "feeds/base/uri.h"
#include "feeds/ping/answer.h"
#include "feeds/ping/discover.h"

enum { STEP_PAGE, STEP_TELL };

static void compose_page(const struct ping_item *item, struct ping_request *out)
{
	*out = (struct ping_request){
	    .redirects = true,
	    /* The fragment is no part of a request. */
	    .url = slice_sub(item->link, 0, slice_find_byte(item->link, 0, '#')),
	    .headers = {{"Accept", SLICE("text/html, application/xhtml+xml;q=0.9, */*;q=0.1"),
		false}},
	    .headers_len = 1,
	};
}

static void compose_tell(const struct ping_item *item, struct slice endpoint, struct arena *arena,
    struct ping_request *out)
{
	struct buf body = BUF_INIT;

	buf_puts(&body, "source=");
	uri_put_value(&body, item->url);
	buf_puts(&body, "&target=");
	uri_put_value(&body, item->link);
	*out = (struct ping_request){
	    .post = true,
	    .url = endpoint, /* with its query, which stays there */
	    .headers = {{"Content-Type", SLICE("application/x-www-form-urlencoded"), false}},
	    .headers_len = 1,
	    .body = arena_copy(arena, buf_slice(&body)),
	};
	buf_free(&body);
}

static int webmention_compose(
    const struct ping_call *call, struct arena *arena, struct ping_request *out, struct err *err)
{
	(void)err; /* nothing can be missing */
	if (call->step == STEP_PAGE)
		compose_page(&call->items[0], out);
	else
		compose_tell(&call->items[0], call->next, arena, out);
	return 0;
}

static void judge_page(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	struct slice url = answer->url.len > 0 ? answer->url : call->items[0].link;
	struct buf endpoint = BUF_INIT;

	switch (discover_endpoint(answer, url, &endpoint)) {
	case DISCOVER_NONE:
		out->result = PING_NOTHING;
		out->text = SLICE("takes no Webmention");
		break;
	case DISCOVER_UNFIT:
		out->result = PING_GIVE_UP;
		out->text = SLICE("takes Webmentions where none can be sent");
		break;
	case DISCOVER_FOUND:
		out->result = PING_NEXT;
		out->next = arena_copy(arena, buf_slice(&endpoint));
		break;
	}
	buf_free(&endpoint);
}

/* 201 says where it can be seen what became of it. */
static void judge_told(
    const struct ping_answer *answer, struct arena *arena, struct ping_verdict *out)
{
	struct slice location = answer_line(answer_header(answer, "Location"), arena);

	if (answer->status == 201 && location.len > 0)
		out->text = answer_text(answer->status,
		    arena_printf(arena, "its status is at %.*s", SLICE_FMT(location)), arena);
}

static void webmention_judge(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	bool page = call->step == STEP_PAGE;

	ping_judge_status(call, answer, arena, out);
	/* Whoever wants to hear no more speaks for one link, not for all of them. */
	if (out->result == PING_PARK)
		out->result = PING_GIVE_UP;
	if (out->result == PING_TOLD && page)
		judge_page(call, answer, arena, out);
	else if (out->result == PING_TOLD)
		judge_told(answer, arena, out);
	else if (page)
		out->text =
		    arena_printf(arena, "the page cannot be read: %.*s", SLICE_FMT(out->text));
}

const struct ping ping_webmention = {
    .name = "webmention",
    .title = "Webmention",
    .no_url = true,
    .entries = PING_BY_LINK,
    .batch = 1,
    .then = "to the ENDPOINT that the page names, if it does",
    .compose = webmention_compose,
    .judge = webmention_judge,
};
