#include "daemon/outbox_inside.h"

#include <assert.h>

#include "daemon/retry.h"

/* Those that were in trouble before this answer are hurried: the target answers again. */
static void row_recover(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	if (!row->due || row->sent || row->next_try <= now)
		return;
	row->next_try = now;
	outbox_touch(outbox, row);
	outbox_settle(outbox, row);
}

/* The rows of a lane that wait for something, while each of them may go. */
static void lane_collect(const struct outbox_lane *lane, struct outbox_list *out)
{
	for (size_t i = 0; i < lane->rows.nodes.len; i++)
		vec_push(&out->rows, heap_of(lane->rows.nodes.items[i], struct outbox_row, node));
}

static void lane_recover(struct outbox *outbox, struct outbox_lane *lane, int64_t now)
{
	struct outbox_list list = {VEC_INIT};

	lane_collect(lane, &list);
	for (size_t i = 0; i < list.rows.len; i++)
		row_recover(outbox, list.rows.items[i], now);
	vec_free(&list.rows);
}

/* They were given up by feedd itself: who was to hear of them was not asked. */
static bool is_unasked(const struct ping_verdict *verdict, int status)
{
	return verdict->result == PING_GIVE_UP && status == OUTBOX_UNSENT;
}

/* What is remembered of a lane after an answer; true: it was in trouble until now. */
static bool lane_answer(
    struct outbox_lane *lane, const struct ping_verdict *verdict, int64_t now, uint32_t chance)
{
	bool trouble = lane->failures >= OUTBOX_TROUBLE;
	int64_t asked = verdict->retry_after;

	if (verdict->result != PING_RETRY) {
		lane->failures = lane->rung = 0;
		lane->held = 0;
		return trouble;
	}
	if (asked > 0)
		lane->asked = now + (asked < RETRY_AFTER_MAX ? asked : RETRY_AFTER_MAX);
	/* Those that were under way together are one failure, once it is in trouble. */
	if (lane->held > now)
		return false;
	lane->failures += lane->failures < UINT32_MAX;
	if (lane->failures >= OUTBOX_TROUBLE)
		lane->held = now + retry_wait(++lane->rung, 0, chance);
	return false;
}

static void row_give_up(struct outbox_row *row, const struct digest *digest)
{
	row->attempts = 0;
	row->next_try = 0;
	row->given_up = *digest;
	/* The end of an entry that cannot be told is not worth to be remembered. */
	if (digest_is_none(digest))
		row->told = *digest;
}

/*
 * Is this failure its last one? In trouble, when rows take turns, a failure of the target is one of
 * each.
 */
static bool is_over(const struct outbox_row *row, int64_t since, uint32_t attempts, int64_t now)
{
	uint32_t tries = row->lane->failures > attempts ? row->lane->failures : attempts;

	return retry_over(since, tries, now);
}

bool outbox_is_last_try(const struct outbox_row *row, int64_t now)
{
	return is_over(row, row->sent->words->since, row->attempts + 1, now);
}

static uint16_t status_of(int status)
{
	return status == OUTBOX_UNSENT ? 0 : (uint16_t)status;
}

/* One of the rows of an answer. */
static void row_answer(struct outbox_row *row, const struct ping_verdict *verdict, int status,
    int64_t now, uint32_t chance, struct outbox_outcome *out)
{
	const struct outbox_words *words = row->sent->words;
	bool over =
	    verdict->result == PING_RETRY && is_over(row, words->since, row->attempts + 1, now);

	if (status != OUTBOX_UNSENT || over || verdict->result == PING_GIVE_UP)
		row->last_try = now;
	row->status = status_of(status);
	outbox_set_answer(&row->answer, verdict->text);
	if (verdict->result == PING_RETRY && status == 0)
		outbox_row_doubt(row);
	if (verdict->result == PING_TOLD || verdict->result == PING_NOTHING) {
		row->told = words->wanted;
		/* There and back: it may have looked at what was between. */
		if (row->sent->changed && digest_equal(&row->words->wanted, &words->wanted))
			outbox_row_doubt(row);
		row->given_up = (struct digest){{0}};
		row->last_told = now;
		row->attempts = 0;
		row->next_try = 0;
	} else if (verdict->result == PING_GIVE_UP || over) {
		row_give_up(row, &words->wanted);
		out->given_up++;
		out->over |= over;
	} else if (verdict->result == PING_RETRY) {
		row->attempts += row->attempts < UINT32_MAX;
		row->next_try = now + retry_wait(row->attempts, verdict->retry_after, chance);
		out->next_try = outbox_quiet_until(row);
		if (out->next_try < row->next_try)
			out->next_try = row->next_try;
	}
}

/*
 * A target in trouble is asked by one row at a time: the others that have been
 * due for as long go with the one that is given up.
 */
static size_t give_up_over(struct outbox *outbox, struct outbox_lane *lane, int64_t now)
{
	struct outbox_list list = {VEC_INIT};
	size_t count = 0;

	lane_collect(lane, &list);
	for (size_t i = 0; i < list.rows.len; i++) {
		struct outbox_row *row = list.rows.items[i];

		if (!row->due || !is_over(row, row->words->since, row->attempts, now))
			continue;
		row->last_try = now;
		row_give_up(row, &row->words->wanted);
		outbox_touch(outbox, row);
		outbox_settle(outbox, row);
		count++;
	}
	vec_free(&list.rows);
	return count;
}

static void lane_place(struct outbox *outbox, struct outbox_lane *lane, int64_t now)
{
	(void)now;
	outbox_lane_place(outbox, lane);
}

/* It is not sent: unless something else of its lane was, the interval does not begin. */
static void row_unsend(const struct outbox_row *row)
{
	const struct outbox_flight *flight = row->sent->flight;
	struct outbox_lane *lane = row->lane;

	if (flight->rows == 1 && lane->in_flight == 1 && lane->last_sent == flight->at)
		lane->last_sent = flight->last_sent;
}

static void target_answer(struct outbox *outbox, struct outbox_lane *lane,
    const struct ping_verdict *verdict, int status, int64_t now)
{
	struct outbox_target *target = lane->target;

	target->last_sent = lane->last_sent;
	target->status = status_of(status);
	outbox_set_answer(&target->answer, verdict->text);
	if (verdict->result == PING_TOLD)
		target->last_told = now;
	if (verdict->result == PING_PARK)
		target->parked = now;
	outbox_touch_target(outbox, target);
}

struct outbox_outcome outbox_answer(struct outbox *outbox, struct outbox_row *const *rows,
    size_t len, const struct ping_verdict *verdict, int status, int64_t now, uint32_t chance)
{
	struct outbox_outcome out = {0};
	struct ping_verdict is = *verdict;
	struct outbox_lane *lane = rows[0]->lane;
	bool recovered, unasked = is_unasked(verdict, status);
	int64_t opens;

	assert(len > 0 && is.result != PING_NEXT);
	if (is.result == PING_PARK && lane != &lane->target->lane)
		is.result = PING_GIVE_UP; /* the host of a link, and not the target */
	recovered = !unasked && lane_answer(lane, &is, now, chance);
	out.parked = is.result == PING_PARK;
	for (size_t i = 0; i < len; i++) {
		row_answer(rows[i], &is, status, now, chance, &out);
		if (unasked)
			row_unsend(rows[i]);
		outbox_land(outbox, rows[i]);
		outbox_touch(outbox, rows[i]);
		outbox_settle(outbox, rows[i]);
	}
	target_answer(outbox, lane, &is, status, now);
	if (recovered)
		lane_recover(outbox, lane, now);
	if (out.over && lane->failures >= OUTBOX_TROUBLE)
		out.given_up += give_up_over(outbox, lane, now);
	opens = outbox_lane_opens(lane);
	if (out.next_try && out.next_try < opens)
		out.next_try = opens;
	if (out.parked)
		outbox_each_lane(outbox, lane->target, lane_place, now);
	else
		outbox_lane_place(outbox, lane);
	return out;
}

/* It was not tried. */
static void row_cancel(struct outbox *outbox, struct outbox_row *row)
{
	row_unsend(row);
	outbox_land(outbox, row);
	outbox_settle(outbox, row);
}

void outbox_cancel(struct outbox *outbox, struct outbox_row *const *rows, size_t len)
{
	for (size_t i = 0; i < len; i++)
		row_cancel(outbox, rows[i]);
}

void outbox_cut_off(struct outbox *outbox, struct outbox_row *const *rows, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		outbox_row_doubt(rows[i]);
		rows[i]->last_try = outbox->now;
		rows[i]->status = 0;
		outbox_touch(outbox, rows[i]);
		row_cancel(outbox, rows[i]);
	}
}

void outbox_unheard(struct outbox *outbox, struct outbox_row *row, int64_t until, struct slice why)
{
	struct outbox_lane *lane = row->lane;

	row->attempts = 0;
	if (lane->failures > OUTBOX_TROUBLE) {
		lane->failures = OUTBOX_TROUBLE;
		lane->rung = 1;
	}
	outbox_touch_target(outbox, lane->target);
	outbox_wait(outbox, row, until, why);
}

void outbox_wait(struct outbox *outbox, struct outbox_row *row, int64_t until, struct slice why)
{
	/* What has changed meanwhile has nothing to wait for. */
	if (digest_equal(&row->sent->words->wanted, &row->words->wanted)) {
		row->next_try = until;
		outbox_set_answer(&row->answer, why);
		outbox_touch(outbox, row);
	}
	row_cancel(outbox, row);
}

static void row_hurry(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	bool given_up = !row->due && !digest_is_none(&row->given_up);

	if (row->sent || (!row->due && !given_up))
		return;
	row->attempts = 0;
	row->next_try = now;
	if (given_up) {
		row->given_up = (struct digest){{0}};
		row->words->since = row->words->named = now; /* it has its three days again */
	}
	outbox_touch(outbox, row);
	outbox_settle(outbox, row);
}

static void lane_hurry(struct outbox *outbox, struct outbox_lane *lane, int64_t now)
{
	lane->asked = lane->held = 0;
	lane_place(outbox, lane, now);
}

void outbox_hurry(struct outbox *outbox, size_t number, int64_t now)
{
	struct outbox_target *target = outbox->numbers.items[number];

	target->parked = 0;
	outbox_touch_target(outbox, target);
	outbox_each_row(outbox, target, row_hurry, now);
	outbox_each_lane(outbox, target, lane_hurry, now);
}

static void row_hurry_unheard(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	if (!row->due || row->sent || row->attempts == 0 || row->status != 0)
		return;
	row->lane->held = 0;
	if (row->next_try > now) {
		row->next_try = now;
		outbox_touch(outbox, row);
	}
	outbox_settle(outbox, row);
}

void outbox_hurry_unheard(struct outbox *outbox, int64_t now)
{
	for (size_t i = 0; i < outbox->numbers.len; i++)
		outbox_each_row(outbox, outbox->numbers.items[i], row_hurry_unheard, now);
}
