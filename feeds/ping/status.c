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

/* Where a redirect leads; what stands behind the path may be a key, or have been made one. */
static struct slice location_of(const struct ping_answer *answer, struct arena *arena)
{
	struct slice location = answer_header(answer, "Location");
	size_t query = slice_find_byte(location, 0, '?');
	struct slice line = answer_line(slice_sub(location, 0, query), arena);

	return query < location.len ? arena_printf(arena, "%.*s?***", SLICE_FMT(line)) : line;
}

void ping_judge_status(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	struct slice said = answer_said(answer, arena);

	*out = (struct ping_verdict){.result = result_of(answer->status)};
	if (answer->status >= 300 && answer->status <= 399) {
		struct slice location = location_of(answer, arena);

		said = location.len ? arena_printf(arena, "it is at %.*s", SLICE_FMT(location))
				    : SLICE_NONE;
	}
	if (out->result == PING_RETRY)
		out->retry_after = answer_retry_after(answer, call->now);
	out->text = answer_text(answer->status, said, arena);
}
