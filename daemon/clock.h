/*
 * clock: a timer on the wall clock.
 *
 * libuv's timers run on the monotonic clock and know nothing of a clock that
 * is set, or of the night that a laptop was closed. This one comes at its
 * second by the wall clock, and at once when that clock jumps. It does not
 * wake without cause.
 */
#ifndef DAEMON_CLOCK_H
#define DAEMON_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/err.h"

struct uv_loop_s;
struct clock;

/*
 * On the loop, never from inside clock_set. `jumped`: the clock was set, or a
 * suspend ended; the time asked for may or may not have come. Otherwise it has
 * come. Either way, nothing is asked for any more: ask again.
 */
typedef void (*clock_tick)(void *arg, bool jumped);

/* NULL with *err when the kernel has no descriptor for it. */
struct clock *clock_start(struct uv_loop_s *loop, clock_tick tick, void *arg, struct err *err);
/* Unix seconds, in place of the time asked for before; past: as soon as may be. 0: none. */
void clock_set(struct clock *clock, int64_t unix_seconds);
/* The loop must run once more for the memory to be freed. */
void clock_stop(struct clock *take_clock);

/*
 * Unix seconds by the clock that the timer goes by. time() may lag behind it
 * for some milliseconds, so that a second which has come would not be there yet.
 */
int64_t clock_now(void);

#endif
