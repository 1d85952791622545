#include "daemon/outbox_inside.h"

#include "daemon/retry.h"

enum {
	CLOCK_STEP = 60, /* seconds that a clock is set back before what it said is looked at */
};

/* A moment that lies ahead comes by as much earlier, and is no further off than `most`. */
static int64_t unwound(const struct outbox *outbox, int64_t at, int64_t now, int64_t most)
{
	if (at <= now)
		return at;
	at -= outbox->back;
	return at < now + most ? at : now + most;
}

/* What was, was not later than now. */
static int64_t unwound_past(const struct outbox *outbox, int64_t at, int64_t now)
{
	return unwound(outbox, at, now, 0);
}

static void row_unwind(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	int64_t next_try = unwound(outbox, row->next_try, now, RETRY_AFTER_MAX);
	int64_t last_told = unwound_past(outbox, row->last_told, now);
	int64_t last_try = unwound_past(outbox, row->last_try, now);
	int64_t since = unwound_past(outbox, row->words->since, now);

	if (next_try == row->next_try && last_told == row->last_told && last_try == row->last_try &&
	    since == row->words->since)
		return;
	row->next_try = next_try;
	row->last_told = last_told;
	row->last_try = last_try;
	row->words->since = since;
	outbox_touch(outbox, row);
	outbox_settle(outbox, row);
}

static void lane_unwind(struct outbox *outbox, struct outbox_lane *lane, int64_t now)
{
	int64_t asked = unwound(outbox, lane->asked, now, RETRY_AFTER_MAX);
	int64_t held = unwound(outbox, lane->held, now, RETRY_AFTER_MAX);
	int64_t last_sent = unwound_past(outbox, lane->last_sent, now);

	if (asked == lane->asked && held == lane->held && last_sent == lane->last_sent)
		return;
	lane->asked = asked;
	lane->held = held;
	lane->last_sent = last_sent;
	outbox_touch_target(outbox, lane->target);
	outbox_lane_place(outbox, lane);
}

/* What is due to one who wants to hear nothing does not pile up for ever. */
static void row_sweep(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	int64_t since = row->words->since;

	/* One under way has its answer to come. */
	if (row->due && row->entry && !row->sent &&
	    now - since > (int64_t)OUTBOX_GIVEN_UP_DAYS * OUTBOX_DAY)
		outbox_drop(outbox, row);
}

static void row_leave(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	(void)now;
	outbox_drop(outbox, row);
}

/* A target that no settings name: true when it has been so for long enough, and has gone. */
static bool absent_sweep(struct outbox *outbox, struct outbox_target *target, int64_t now)
{
	if (!target->absent || target->absent > now) {
		target->absent = now;
		outbox_touch_target(outbox, target);
	}
	if (now - target->absent < (int64_t)OUTBOX_ABSENT_DAYS * OUTBOX_DAY)
		return false;
	outbox_each_row(outbox, target, row_leave, now);
	outbox_forget(outbox, slice_of(target->key), SLICE_NONE);
	outbox_target_free(outbox, target);
	return true;
}

static void sweep(struct outbox *outbox, int64_t now)
{
	size_t kept = 0;

	map_free(&outbox->by_key);
	for (size_t i = 0; i < outbox->targets.len; i++) {
		struct outbox_target *target = outbox->targets.items[i];

		if (!target->ping && absent_sweep(outbox, target, now))
			continue;
		if (target->parked)
			outbox_each_row(outbox, target, row_sweep, now);
		outbox->targets.items[kept] = target;
		*map_put(&outbox->by_key, slice_of(target->key)) = kept++;
	}
	outbox->targets.len = kept;
}

void outbox_turn(struct outbox *outbox, int64_t now)
{
	if (!outbox->now || now < outbox->now - CLOCK_STEP) {
		outbox->back = outbox->now ? outbox->now - now : 0;
		for (size_t i = 0; i < outbox->targets.len; i++) {
			outbox_each_row(outbox, outbox->targets.items[i], row_unwind, now);
			outbox_each_lane(outbox, outbox->targets.items[i], lane_unwind, now);
		}
	}
	if (now > outbox->now || now < outbox->now - CLOCK_STEP)
		outbox->now = now;
	if (now >= outbox->sweep_at || outbox->sweep_at > now + OUTBOX_DAY) {
		sweep(outbox, now);
		outbox->sweep_at = now + OUTBOX_DAY;
	}
}
