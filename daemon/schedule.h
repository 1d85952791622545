/*
 * schedule: what is to happen at which time of the wall clock.
 *
 * A table with one wish for each thing; clock wakes at the earliest. Times of
 * articles are moments. Rescans and retries are intervals: when the clock is
 * set back, they do not wait for the time that was lost.
 *
 * Decides only: time is an argument, in unix seconds.
 */
#ifndef DAEMON_SCHEDULE_H
#define DAEMON_SCHEDULE_H

#include <stdint.h>

enum schedule_what {
	SCHEDULE_ARTICLES,   /* one is to appear or to expire */
	SCHEDULE_KEEP_EMPTY, /* a feed has been empty for long enough */
	SCHEDULE_RETRY,	     /* the disk refused; try again */
	SCHEDULE_RESCAN,     /* look at everything, whatever events say */
	SCHEDULE_POLL,	     /* look at the folders that are not watched */
	SCHEDULE_ROOT,	     /* is the root there again? */
	SCHEDULE_PINGS,	     /* something is to be told */
	SCHEDULE_COUNT,
};

/* All zero: no wishes. */
struct schedule {
	struct schedule_wish {
		int64_t at;   /* 0: none */
		int64_t span; /* how far off it was when it was wished; 0: a moment */
	} wishes[SCHEDULE_COUNT];
};

/* A moment, in place of the last wish for it; 0: none. */
void schedule_want(struct schedule *schedule, enum schedule_what what, int64_t when);
/* So many seconds from now, at least 1. */
void schedule_want_in(
    struct schedule *schedule, enum schedule_what what, int64_t now, int64_t seconds);
/* The earliest wish, for clock_set; 0: none. A past one is due. */
int64_t schedule_next(struct schedule *schedule, int64_t now);
/* What is due, as bits 1 << what; these wishes are taken off the table. */
unsigned schedule_take(struct schedule *schedule, int64_t now);

/* Seconds to wait after the `attempt`th failure in a row (from 1): 1, 2, 4, ... 300. */
int64_t schedule_backoff(unsigned attempt);

#endif
