/* What HTTP alone says of a ping. */
#include "feeds/base/uri.h"
#include "feeds/ping/answer.h"

enum { TOKEN_MIN = 8 }; /* characters of a value in a query that may be a key */

static enum ping_result result_of(int status)
{
	if (status >= 200 && status <= 299)
		return PING_TOLD;
	if (status == 408 || status == 425 || status == 429 || (status >= 500 && status <= 599))
		return PING_RETRY;
	return status == 410 ? PING_PARK : PING_GIVE_UP;
}

/* In what it sent, of which a line is a part, or in the line that was made of it. */
static bool repeats(
    const struct ping_answer *answer, struct slice line, struct slice what, struct arena *arena)
{
	const char *secret = arena_string(arena, what);

	return *secret && (slice_find(line, 0, secret) < line.len ||
			      slice_find(answer->body, 0, secret) < answer->body.len ||
			      slice_find(answer->headers, 0, secret) < answer->headers.len);
}

/* Behind the path of a target's URL there may be a key. */
static bool repeats_query(const struct ping_target *target, const struct ping_answer *answer,
    struct slice line, struct arena *arena)
{
	struct slice rest;
	struct uri uri;

	uri_split(target->url, &uri);
	rest = uri.query;
	while (rest.len > 0) {
		size_t end = slice_find(rest, 0, "&");
		struct slice pair = slice_sub(rest, 0, end);
		size_t equals = slice_find(pair, 0, "=");
		struct slice value = equals < pair.len ? slice_from(pair, equals + 1) : pair;

		if (value.len >= TOKEN_MIN && repeats(answer, line, value, arena))
			return true;
		rest = slice_from(rest, end < rest.len ? end + 1 : end);
	}
	return false;
}

static bool repeats_secret(const struct ping_target *target, const struct ping_answer *answer,
    struct slice line, struct arena *arena)
{
	for (size_t i = 0; i < target->secrets_len; i++)
		if (repeats(answer, line, target->secrets[i], arena))
			return true;
	return repeats_query(target, answer, line, arena);
}

/* A redirect often goes on with the query, and that is nobody's business. */
static struct slice without_query(struct slice url, struct arena *arena)
{
	size_t query = slice_find(url, 0, "?");

	return query == url.len
		   ? url
		   : arena_printf(arena, "%.*s?***", SLICE_FMT(slice_sub(url, 0, query)));
}

void ping_judge_status(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out)
{
	struct slice said = answer_said(answer, arena);

	*out = (struct ping_verdict){.result = result_of(answer->status)};
	if (answer->status >= 300 && answer->status <= 399) {
		struct slice location =
		    answer_line(without_query(answer_header(answer, "Location"), arena), arena);

		said = location.len ? arena_printf(arena, "it is at %.*s", SLICE_FMT(location))
				    : SLICE_NONE;
	}
	if (out->result == PING_RETRY)
		out->retry_after = answer_retry_after(answer, call->now);
	if (repeats_secret(call->target, answer, said, arena))
		said = SLICE_NONE;
	out->text = answer_text(answer->status, said, arena);
}
