/*
 * ping_judge: whatever strangers answer, every judge gives a verdict that can be acted on: its
 * text is one short line without the secret that was sent, the same each time.
 * Input: the protocol's name, and answers for its steps, each of them
 *	STATUS
 *	header lines
 *	an empty line
 *	the body, to the end or a line "%%"
 */
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/text.h"
#include "feeds/ping/answer.h"

enum { LINE_BYTES_MAX = 4 * ANSWER_LOOKED_AT };

#define TOKEN "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct slice secret = {TOKEN, sizeof(TOKEN) - 1};

static const struct ping_target target = {
    .url = {"https://hub.example/", 20},
    .site_title = {"E", 1},
    .site_url = {"https://e.org/", 14},
    .key = {"0123456789abcdef", 16},
    .secrets = &secret,
    .secrets_len = 1,
};

/* Takes one answer off *rest. */
static struct ping_answer take_answer(struct slice *rest)
{
	size_t end = slice_find(*rest, 0, "\n%%\n");
	struct slice one = slice_sub(*rest, 0, end), line = SLICE_NONE;
	struct ping_answer answer = {.status = 0, .url = target.url};

	*rest = slice_from(*rest, end < rest->len ? end + 4 : end);
	(void)slice_line(&one, &line);
	for (size_t i = 0; i < line.len && i < 3 && line.ptr[i] >= '0' && line.ptr[i] <= '9'; i++)
		answer.status = answer.status * 10 + (line.ptr[i] - '0');
	end = slice_find(one, 0, "\n\n");
	answer.headers = slice_sub(one, 0, end);
	answer.body = slice_from(one, end < one.len ? end + 2 : end);
	return answer;
}

static void check_text(struct slice text, const struct ping_request *request)
{
	struct buf escaped = BUF_INIT;

	text_put_escaped(&escaped, text);
	if (text.len == 0 || text.len > LINE_BYTES_MAX || !slice_equal(buf_slice(&escaped), text))
		abort();
	for (size_t i = 0; i < request->headers_len; i++)
		if (request->headers[i].secret && slice_find(text, 0, TOKEN) < text.len)
			abort();
	buf_free(&escaped);
}

static struct ping_verdict judge(const struct ping *ping, const struct ping_call *call,
    const struct ping_request *request, const struct ping_answer *answer, struct arena *arena)
{
	struct ping_verdict verdict, again;

	ping_judge(ping, call, answer, arena, &verdict);
	ping_judge(ping, call, answer, arena, &again);
	check_text(verdict.text, request);
	if (verdict.retry_after < 0 || (verdict.retry_after > 0 && verdict.result != PING_RETRY))
		abort();
	if (verdict.result == PING_NEXT && call->step + 1 >= PING_STEPS)
		abort();
	if (verdict.result != again.result || verdict.retry_after != again.retry_after ||
	    !slice_equal(verdict.text, again.text) || !slice_equal(verdict.next, again.next))
		abort();
	return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_make((const char *)data, size), name = SLICE_NONE;
	struct arena arena = ARENA_INIT;
	struct ping_item item = {
	    .event = PING_UPDATED,
	    .url = SLICE("https://e.org/rss.xml"),
	    .id = SLICE("tag:e.org,2024-01-02:/a"),
	    .title = SLICE("A"),
	    .link = SLICE("https://other.example/"),
	    .since = 1704164645,
	    .message = SLICE("msg_1"),
	};
	struct ping_call call = {
	    .target = &target, .items = &item, .items_len = 1, .now = 1704164645};
	struct ping_verdict verdict = {.result = PING_NEXT};
	const struct ping *ping = NULL;

	(void)slice_line(&rest, &name);
	for (size_t i = 0; i < PING_COUNT; i++)
		if (slice_equal_str(name, pings[i]->name))
			ping = pings[i];
	if (!ping)
		return 0;
	item.entry = ping->topics == PING_NO_TOPICS;
	for (; verdict.result == PING_NEXT; call.step++) {
		const struct ping_answer answer = take_answer(&rest);
		struct ping_request request;
		struct err err;

		call.next = verdict.next;
		if (ping->compose(&call, &arena, &request, &err) < 0)
			break;
		verdict = judge(ping, &call, &request, &answer, &arena);
	}
	arena_free(&arena);
	return 0;
}
