/*
 * WebSub's Recommendation leaves open how a publisher tells a hub; hubs have a
 * form. Some read hub.url, as PubSubHubbub 0.3 has it, some hub.topic, and of a key that is
 * repeated the last one: so both are sent, and one topic at a time.
 */
#include "feeds/base/uri.h"
#include "feeds/ping/answer.h"

static int websub_compose(
    const struct ping_call *call, struct arena *arena, struct ping_request *out, struct err *err)
{
	const struct slice topic = call->items[0].url;
	struct buf body = BUF_INIT;

	(void)err; /* nothing can be missing */
	buf_puts(&body, "hub.mode=publish&hub.url=");
	uri_put_value(&body, topic);
	buf_puts(&body, "&hub.topic=");
	uri_put_value(&body, topic);
	*out = (struct ping_request){
	    .post = true,
	    .url = call->target->url,
	    .headers = {{"Content-Type", SLICE("application/x-www-form-urlencoded"), false}},
	    .headers_len = 1,
	    .body = arena_copy(arena, buf_slice(&body)),
	};
	buf_free(&body);
	return 0;
}

const struct ping ping_websub = {
    .name = "websub",
    .title = "WebSub",
    .topics = PING_ALL_TOPICS,
    .batch = 1,
    .compose = websub_compose,
    .judge = ping_judge_status, /* Superfeedr answers 204 whatever it is sent: 2xx is "taken" */
};
