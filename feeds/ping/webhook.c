/*
 * Standard Webhooks 1.0.0: an event as JSON, signed with each secret, so that a new one can come
 * before the old one goes.
 */
#include "feeds/base/base64.h"
#include "feeds/base/date.h"
#include "feeds/base/hmac.h"
#include "feeds/base/jsonout.h"
#include "feeds/base/text.h"
#include "feeds/ping/ping.h"

#include <inttypes.h>

enum {
	KEY_MIN = 24, /* bytes of a key ("Signature scheme") */
	KEY_MAX = 64,
	TITLE_MAX = 1000, /* characters of a title: bodies should be small ("Payload size") */
};

static const char secret_prefix[] = "whsec_";

/* ---- the body ---- */

static const char *type_of(const struct ping_item *item)
{
	if (!item->entry)
		return "feed.updated";
	switch (item->event) {
	case PING_ADDED: return "entry.published";
	case PING_UPDATED: return "entry.updated";
	default: return "entry.removed";
	}
}

static void put_text(struct jsonout *json, const char *key, struct slice text)
{
	if (text.len > 0)
		jsonout_string(json, key, text);
}

static void put_date(struct jsonout *json, const char *key, int64_t date)
{
	char text[DATE_RFC3339_SIZE];

	if (date != 0)
		jsonout_string(json, key, slice_of(date_rfc3339(date, text)));
}

static void put_body(struct buf *out, const struct ping_item *item)
{
	struct slice title = slice_sub(item->title, 0, text_cut(item->title, TITLE_MAX));
	struct jsonout json;

	jsonout_start(&json, out);
	jsonout_object(&json, NULL);
	jsonout_string(&json, "type", slice_of(type_of(item)));
	put_date(&json, "timestamp", item->since);
	jsonout_object(&json, "data");
	if (item->entry) {
		jsonout_string(&json, "id", item->id);
		put_text(&json, "url", item->url);
		put_text(&json, "title", title);
		put_date(&json, "published", item->published);
		put_date(&json, "updated", item->updated);
	} else {
		jsonout_string(&json, "url", item->url);
		put_text(&json, "feed", item->feed);
		put_text(&json, "format", item->format);
		put_text(&json, "title", title);
	}
	jsonout_close(&json);
	jsonout_close(&json);
}

/* ---- the signature ---- */

/* Append the key that the secret holds. Errors say nothing of what it is. */
static int put_key(struct buf *out, struct slice secret, struct err *err)
{
	secret = slice_trim(secret);
	if (!slice_starts(secret, secret_prefix))
		return err_set(err, ERR_INVALID, "it does not begin with \"%s\"", secret_prefix);
	if (!base64_put_decoded(out, slice_from(secret, strlen(secret_prefix))))
		return err_set(
		    err, ERR_INVALID, "what stands behind \"%s\" is not base64", secret_prefix);
	if (out->len < KEY_MIN || out->len > KEY_MAX)
		return err_set(err, ERR_INVALID, "it holds %zu bytes, which have to be %d to %d",
		    out->len, KEY_MIN, KEY_MAX);
	return 0;
}

static int check_secret(struct slice secret, struct err *err)
{
	struct buf key = BUF_INIT;
	int rc = put_key(&key, secret, err);

	if (key.data)
		explicit_bzero(key.data, key.cap);
	buf_free(&key);
	return rc < 0 ? err_advise(
			    err, "make one with: echo whsec_$(head -c 32 /dev/urandom | base64)")
		      : 0;
}

/* Append a signature of the bytes for each secret, with blanks between. */
static int put_signatures(
    struct buf *out, const struct ping_target *target, struct slice bytes, struct err *err)
{
	struct buf key = BUF_INIT;
	int result = 0;

	if (target->secrets_len == 0)
		return err_set(err, ERR_INVALID, "it has no secret to sign with");
	for (size_t i = 0; i < target->secrets_len && result == 0; i++) {
		struct digest digest;

		buf_clear(&key);
		if (put_key(&key, target->secrets[i], err) < 0) {
			result = err_wrap(err, "secret %zu of %zu", i + 1, target->secrets_len);
			break;
		}
		digest = hmac_of(buf_slice(&key), bytes);
		buf_puts(out, i > 0 ? " v1," : "v1,");
		base64_put(out, slice_make((const char *)digest.bytes, sizeof(digest.bytes)));
	}
	buf_free(&key);
	return result;
}

static int webhook_compose(
    const struct ping_call *call, struct arena *arena, struct ping_request *out, struct err *err)
{
	const struct ping_item *item = &call->items[0];
	struct buf body = BUF_INIT, bytes = BUF_INIT, signatures = BUF_INIT;
	struct slice timestamp = arena_printf(arena, "%" PRId64, call->now);
	int result;

	put_body(&body, item);
	buf_put_slice(&bytes, item->message);
	buf_putc(&bytes, '.');
	buf_put_slice(&bytes, timestamp);
	buf_putc(&bytes, '.');
	buf_put_slice(&bytes, buf_slice(&body));
	result = put_signatures(&signatures, call->target, buf_slice(&bytes), err);
	if (result == 0)
		*out = (struct ping_request){
		    .post = true,
		    .url = call->target->url,
		    .headers = {{"Content-Type", SLICE("application/json"), false},
			{"webhook-id", item->message, false},
			{"webhook-timestamp", timestamp, false},
			{"webhook-signature", arena_copy(arena, buf_slice(&signatures)), true}},
		    .headers_len = 4,
		    .body = arena_copy(arena, buf_slice(&body)),
		};
	buf_free(&body);
	buf_free(&bytes);
	buf_free(&signatures);
	return result;
}

/*
 * All that is not 2xx is a failure, and a failure is tried again by the ladder, 404 and a
 * redirect too ("Delivery success and failure"): what an event says is said nowhere else. Only
 * 410 wants no more.
 */
static void webhook_judge(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	ping_judge_status(call, answer, arena, out);
	if (out->result == PING_GIVE_UP)
		out->result = PING_RETRY;
}

const struct ping ping_webhook = {
    .name = "webhook",
    .title = "Standard Webhooks",
    .topics = PING_ALL_TOPICS,
    .entries = PING_BY_ID,
    .secret = true,
    .secret_needed = true,
    .check_secret = check_secret,
    .batch = 1,
    .compose = webhook_compose,
    .judge = webhook_judge,
};
