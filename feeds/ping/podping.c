/*
 * Podping: podping.cloud writes the feeds of podcasts that changed into a
 * public ledger, for publishers to whom it gave a token.
 */
#include "feeds/base/uri.h"
#include "feeds/ping/answer.h"

/* A header ends at a control character, and what is behind it would be another one. */
static bool fits_header(struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7F)
			return false;
	return value.len > 0;
}

static int podping_compose(
    const struct ping_call *call, struct arena *arena, struct ping_request *out, struct err *err)
{
	const struct ping_target *target = call->target;
	struct buf url = BUF_INIT;

	if (target->secrets_len == 0)
		return err_set(err, ERR_INVALID, "it needs the token that podping.cloud gave");
	if (!fits_header(target->secrets[0]))
		return err_set(err, ERR_INVALID,
		    "its token is empty, or holds a control character, which no header may");
	uri_put_with(&url, target->url, "url", call->items[0].url);
	*out = (struct ping_request){
	    .url = arena_copy(arena, buf_slice(&url)),
	    .headers = {{"Authorization", target->secrets[0], true}},
	    .headers_len = 1,
	};
	buf_free(&url);
	return 0;
}

const struct ping ping_podping = {
    .name = "podping",
    .title = "Podping",
    .url = "https://podping.cloud/",
    .topics = PING_RSS_TOPICS,
    .secret = true,
    .secret_needed = true,
    .batch = 1,
    .compose = podping_compose,
    .judge = ping_judge_status,
};
