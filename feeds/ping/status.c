/* What HTTP alone says of a ping. */
#include "feeds/ping/answer.h"

static enum ping_result result_of(int status)
{
	if (status >= 200 && status <= 299)
		return PING_TOLD;
	if (status == 408 || status == 425 || status == 429 || (status >= 500 && status <= 599))
		return PING_RETRY;
	return status == 410 ? PING_PARK : PING_GIVE_UP;
}

/* In what it sent, of which a line is a part, or in the line that was made of it. */
static bool repeats_secret(const struct ping_target *target, const struct ping_answer *answer,
    struct slice line, struct arena *arena)
{
	for (size_t i = 0; i < target->secrets_len; i++) {
		const char *secret = arena_string(arena, target->secrets[i]);

		if (*secret && (slice_find(line, 0, secret) < line.len ||
				   slice_find(answer->body, 0, secret) < answer->body.len ||
				   slice_find(answer->headers, 0, secret) < answer->headers.len))
			return true;
	}
	return false;
}

void ping_judge_status(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	struct slice said = answer_said(answer, arena);

	*out = (struct ping_verdict){.result = result_of(answer->status)};
	if (answer->status >= 300 && answer->status <= 399) {
		struct slice location = answer_line(answer_header(answer, "Location"), arena);

		said = location.len ? arena_printf(arena, "it is at %.*s", SLICE_FMT(location))
				    : SLICE_NONE;
	}
	if (out->result == PING_RETRY)
		out->retry_after = answer_retry_after(answer, call->now);
	if (repeats_secret(call->target, answer, said, arena))
		said = SLICE_NONE;
	out->text = answer_text(answer->status, said, arena);
}
