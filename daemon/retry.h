/*
 * retry: when to try a ping again.
 *
 * The ladder of Standard Webhooks (5 s, 5 min, 30 min, 2, 5, 10, 14, 20, 24 h;
 * the last one stays), with full jitter: each wait is by chance between nothing
 * and its rung, so that many that failed together do not come back together.
 * After three days it is over, if it was tried often enough meanwhile: a machine that
 * sleeps for a week has tried nothing.
 *
 * Decides only: time and chance are arguments.
 */
#ifndef DAEMON_RETRY_H
#define DAEMON_RETRY_H

#include <stdbool.h>
#include <stdint.h>

enum {
	RETRY_DAYS = 3,		       /* then a ping is given up, ... */
	RETRY_TRIES = 10,	       /* ... after so many: the ladder has no fewer in that time */
	RETRY_AFTER_MAX = 24 * 60 * 60 /* seconds that a Retry-After may ask for */
};

/*
 * Seconds to wait after the `attempt`th failure in a row (from 1): at least 1, and
 * at least `retry_after` (0: none was asked for), as far as RETRY_AFTER_MAX goes.
 */
int64_t retry_wait(unsigned attempt, int64_t retry_after, uint32_t chance);
/* Due since then, and `tries` failed in a row: enough? Both times in Unix seconds. */
bool retry_over(int64_t since, unsigned tries, int64_t now);

#endif
