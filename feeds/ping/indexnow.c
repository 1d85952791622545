/*
 * IndexNow: search engines hear of pages that came, changed or went. One
 * endpoint passes it on to the others. Who may speak for a host proves it by a
 * file that holds its key; what lies outside of that file's folder is refused,
 * and one such URL would cost the whole list.
 */
#include "feeds/base/jsonout.h"
#include "feeds/base/uri.h"
#include "feeds/ping/answer.h"

enum {
	URLS_MAX = 10000,
	KEY_MIN = 8, /* characters */
	KEY_MAX = 128,
	AGAIN_AFTER = 10 * 60 + 1, /* s; of whole ones the first had begun */
};

static bool is_key(struct slice key)
{
	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];

		if (!(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z') && c != '-')
			return false;
	}
	return key.len >= KEY_MIN && key.len <= KEY_MAX;
}

static struct slice host_of(struct slice url, struct arena *arena)
{
	struct buf buf = BUF_INIT;
	struct slice host;

	uri_put_host(&buf, url);
	host = arena_copy(arena, buf_slice(&buf));
	buf_free(&buf);
	return host;
}

/* A page on the site's host, below its folder. */
static int indexnow_takes(
    const struct ping_target *target, const struct ping_item *item, struct err *err)
{
	struct arena arena = ARENA_INIT;
	struct uri page, site;
	bool same_host = slice_equal(host_of(item->url, &arena), host_of(target->site_url, &arena));

	arena_free(&arena);
	uri_split(item->url, &page);
	uri_split(target->site_url, &site);
	if (same_host && page.path.len >= site.path.len &&
	    slice_equal(slice_sub(page.path, 0, site.path.len), site.path))
		return 0;
	return err_set(
	    err, ERR_INVALID, "it takes only URLs below %.*s", SLICE_FMT(target->site_url));
}

static struct slice key_url(const struct ping_target *target, struct arena *arena)
{
	return arena_printf(
	    arena, "%.*s%.*s.txt", SLICE_FMT(target->site_url), SLICE_FMT(target->key));
}

static int indexnow_compose(
    const struct ping_call *call, struct arena *arena, struct ping_request *out, struct err *err)
{
	const struct ping_target *target = call->target;
	struct buf body = BUF_INIT;
	struct jsonout json;

	if (!is_key(target->key))
		return err_set(
		    err, ERR_INVALID, "its key is not 8 to 128 letters, digits and \"-\"");
	jsonout_start(&json, &body);
	jsonout_object(&json, NULL);
	jsonout_string(&json, "host", host_of(target->site_url, arena));
	jsonout_string(&json, "key", target->key);
	jsonout_string(&json, "keyLocation", key_url(target, arena));
	jsonout_array(&json, "urlList");
	for (size_t i = 0; i < call->items_len; i++)
		jsonout_string(&json, NULL, call->items[i].url);
	jsonout_close(&json);
	jsonout_close(&json);
	*out = (struct ping_request){
	    .post = true,
	    .url = target->url,
	    .headers = {{"Content-Type", SLICE("application/json; charset=utf-8"), false}},
	    .headers_len = 1,
	    .body = arena_copy(arena, buf_slice(&body)),
	};
	buf_free(&body);
	return 0;
}

/* What its documentation says of each status is more than most bodies say. */
static void indexnow_judge(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	struct slice meaning = SLICE_NONE;

	ping_judge_status(call, answer, arena, out);
	switch (answer->status) {
	case 202: meaning = SLICE("taken, the key is still to be checked"); break;
	case 400: meaning = SLICE("it does not understand the request"); break;
	case 403:
		meaning = arena_printf(arena, "the key does not stand in %.*s",
		    SLICE_FMT(key_url(call->target, arena)));
		break;
	case 422:
		meaning = SLICE("the URLs are not of this host, or the key does not fit it");
		break;
	case 429: meaning = SLICE("it was sent too many"); break;
	default: break;
	}
	if (meaning.len)
		out->text = answer_text(answer->status, meaning, arena);
}

const struct ping ping_indexnow = {
    .name = "indexnow",
    .title = "IndexNow",
    .url = "https://api.indexnow.org/indexnow",
    .entries = PING_BY_URL,
    .key = true,
    .batch = URLS_MAX,
    .again_after = AGAIN_AFTER,
    .takes = indexnow_takes,
    .compose = indexnow_compose,
    .judge = indexnow_judge,
};
