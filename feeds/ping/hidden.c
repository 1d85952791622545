/* What nobody is to read in a log: secrets of a target, and what may be one in its URL. */
#include "feeds/base/text.h"
#include "feeds/base/uri.h"
#include "feeds/ping/answer.h"

enum {
	WORD_MIN = 8, /* bytes of a part of a query that may be a key; what is shorter is a word */
	HIDDEN_MAX = 64 /* texts that are looked for */
};

static const char mask[] = "***";

struct hidden {
	struct slice texts[HIDDEN_MAX];
	size_t len;
};

static void hide(struct hidden *hidden, struct slice text)
{
	if (text.len > 0 && hidden->len < HIDDEN_MAX)
		hidden->texts[hidden->len++] = text;
}

/* As it stands in the URL, and as somebody may repeat it who has read it. */
static void hide_word(struct hidden *hidden, struct slice word, struct arena *arena)
{
	struct buf plain = BUF_INIT;

	uri_put_decoded(&plain, word);
	if (word.len >= WORD_MIN)
		hide(hidden, word);
	if (plain.len >= WORD_MIN && !slice_equal(buf_slice(&plain), word))
		hide(hidden, arena_copy(arena, buf_slice(&plain)));
	buf_free(&plain);
}

/* Behind the path of a target's own URL there may be a key: all of it, or a value. */
static void hide_query(struct hidden *hidden, struct slice url, struct arena *arena)
{
	struct uri uri;
	size_t start = 0;

	uri_split(url, &uri);
	if (!uri.has_query)
		return;
	hide_word(hidden, uri.query, arena);
	while (start < uri.query.len) {
		size_t end = slice_find_byte(uri.query, start, '&');
		struct slice pair = slice_sub(uri.query, start, end);
		size_t equals = slice_find_byte(pair, 0, '=');

		if (equals < pair.len)
			pair = slice_from(pair, equals + 1);
		if (pair.len < uri.query.len)
			hide_word(hidden, pair, arena);
		start = end + 1;
	}
}

static void hide_all(struct hidden *hidden, const struct ping_target *target, struct arena *arena)
{
	hidden->len = 0;
	for (size_t i = 0; i < target->secrets_len; i++)
		hide(hidden, target->secrets[i]);
	hide_query(hidden, target->url, arena);
}

/* Bytes at the start of the text that are the longest of them; 0: none. */
static size_t hidden_at(const struct hidden *hidden, struct slice text)
{
	size_t longest = 0;

	for (size_t i = 0; i < hidden->len; i++) {
		struct slice one = hidden->texts[i];

		if (one.len > longest && one.len <= text.len && text.ptr[0] == one.ptr[0] &&
		    slice_equal(slice_sub(text, 0, one.len), one))
			longest = one.len;
	}
	return longest;
}

static void put(struct buf *out, struct slice text, const struct hidden *hidden)
{
	size_t at = 0;

	while (at < text.len) {
		size_t len = hidden_at(hidden, slice_from(text, at));

		if (len)
			buf_puts(out, mask);
		else
			buf_putc(out, text.ptr[at]);
		at += len ? len : 1;
	}
}

static struct slice masked(struct slice text, const struct hidden *hidden, struct arena *arena)
{
	struct buf out = BUF_INIT;
	struct slice copy;

	put(&out, text, hidden);
	copy = arena_copy(arena, buf_slice(&out));
	buf_free(&out);
	return copy;
}

void ping_put_hidden(struct buf *out, struct slice text, const struct ping_target *target)
{
	struct arena arena = ARENA_INIT;
	struct hidden hidden;

	hide_all(&hidden, target, &arena);
	put(out, text, &hidden);
	arena_free(&arena);
}

void ping_judge(const struct ping *protocol, const struct ping_call *call,
    const struct ping_answer *answer, struct arena *arena, struct ping_verdict *out)
{
	struct ping_answer quiet = *answer;
	struct ping_verdict shown;
	struct hidden hidden;

	protocol->judge(call, answer, arena, out);
	hide_all(&hidden, call->target, arena);
	if (hidden.len == 0)
		return;
	/* What it says is judged as it came; what people read of it is made of what they may. */
	quiet.headers = masked(answer->headers, &hidden, arena);
	quiet.body = masked(answer->body, &hidden, arena);
	shown = (struct ping_verdict){0};
	protocol->judge(call, &quiet, arena, &shown);
	out->text = masked(shown.text, &hidden, arena); /* it may have been encoded */
}
