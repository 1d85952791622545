/* The hub of the Podcast Index: anyone may say that a feed has changed. */
#include "feeds/base/uri.h"
#include "feeds/ping/answer.h"

static int podcastindex_compose(
    const struct ping_call *call, struct arena *arena, struct ping_request *out, struct err *err)
{
	struct buf url = BUF_INIT;

	(void)err; /* nothing can be missing */
	uri_put_with(&url, call->target->url, "url", call->items[0].url);
	*out = (struct ping_request){.url = arena_copy(arena, buf_slice(&url))};
	buf_free(&url);
	return 0;
}

/* {"status": "true", "description": "Found matching feed"}; the status is a string. */
static void podcastindex_judge(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	const struct value *json, *status, *description;
	struct slice said;

	ping_judge_status(call, answer, arena, out);
	json = answer_json(answer, arena);
	status = json ? value_get(json, "status") : NULL;
	description = json ? value_get(json, "description") : NULL;
	if (!status || !description)
		return;
	said = answer_line(description->text, arena);
	out->text = answer_text(answer->status, said, arena);
	/* It does not know the feed; it might when it next changes. */
	if (out->result == PING_TOLD && slice_equal_nocase(status->text, "false"))
		out->result = PING_GIVE_UP;
}

const struct ping ping_podcastindex = {
    .name = "podcastindex",
    .title = "Podcast Index",
    .url = "https://api.podcastindex.org/api/1.0/hub/pubnotify",
    .topics = PING_RSS_TOPICS,
    .batch = 1,
    .compose = podcastindex_compose,
    .judge = podcastindex_judge,
};
