#include "daemon/outbox_inside.h"

#include "daemon/retry.h"

enum {
	CLOCK_STEP = 60, /* seconds that a clock is set back before what it said is looked at */
};

/* No moment that lies ahead is further off than what it was made of. */
static void row_unwind(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	int64_t most = now + RETRY_AFTER_MAX;

	if (row->next_try <= most && row->last_told <= now && row->last_try <= now)
		return;
	if (row->next_try > most)
		row->next_try = most;
	if (row->last_told > now)
		row->last_told = now;
	if (row->last_try > now)
		row->last_try = now;
	outbox_touch(outbox, row);
	outbox_settle(outbox, row);
}

static void lane_unwind(struct outbox *outbox, struct outbox_lane *lane, int64_t now)
{
	int64_t most = now + RETRY_AFTER_MAX;

	if (lane->asked > most)
		lane->asked = most;
	if (lane->held > most)
		lane->held = most;
	if (lane->last_sent > now)
		lane->last_sent = now;
	outbox_lane_place(outbox, lane);
}

/* What is due to one who wants to hear nothing does not pile up for ever. */
static void row_sweep(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	int64_t since = row->words->since;

	if (row->due && row->entry && now - since > (int64_t)OUTBOX_GIVEN_UP_DAYS * OUTBOX_DAY)
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
	if (!outbox->now || now < outbox->now - CLOCK_STEP)
		for (size_t i = 0; i < outbox->targets.len; i++) {
			outbox_each_row(outbox, outbox->targets.items[i], row_unwind, now);
			outbox_each_lane(outbox, outbox->targets.items[i], lane_unwind, now);
		}
	if (now > outbox->now || now < outbox->now - CLOCK_STEP)
		outbox->now = now;
	if (now >= outbox->sweep_at || outbox->sweep_at > now + OUTBOX_DAY) {
		sweep(outbox, now);
		outbox->sweep_at = now + OUTBOX_DAY;
	}
}
