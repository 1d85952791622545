#include "daemon/schedule.h"

enum { BACKOFF_MAX = 300 };

void schedule_want(struct schedule *schedule, enum schedule_what what, int64_t when)
{
	schedule->wishes[what] = (struct schedule_wish){when, 0};
}

void schedule_want_in(
    struct schedule *schedule, enum schedule_what what, int64_t now, int64_t seconds)
{
	int64_t span = seconds > 0 ? seconds : 1;

	schedule->wishes[what] = (struct schedule_wish){now + span, span};
}

/* An interval that seems longer than it was wished: the clock was set back. */
static void shorten(struct schedule *schedule, int64_t now)
{
	for (int i = 0; i < SCHEDULE_COUNT; i++) {
		struct schedule_wish *wish = &schedule->wishes[i];

		if (wish->at && wish->span && wish->at - now > wish->span)
			wish->at = now + wish->span;
	}
}

int64_t schedule_next(struct schedule *schedule, int64_t now)
{
	int64_t next = 0;

	shorten(schedule, now);
	for (int i = 0; i < SCHEDULE_COUNT; i++) {
		int64_t at = schedule->wishes[i].at;

		if (at && (!next || at < next))
			next = at;
	}
	return next;
}

unsigned schedule_take(struct schedule *schedule, int64_t now)
{
	unsigned due = 0;

	shorten(schedule, now);
	for (int i = 0; i < SCHEDULE_COUNT; i++) {
		struct schedule_wish *wish = &schedule->wishes[i];

		if (wish->at && wish->at <= now) {
			due |= 1u << i;
			*wish = (struct schedule_wish){0, 0};
		}
	}
	return due;
}

int64_t schedule_backoff(unsigned attempt)
{
	unsigned doublings = attempt > 1 ? attempt - 1 : 0;

	return doublings < 9 ? 1 << doublings : BACKOFF_MAX;
}
