#include "daemon/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "daemon/job.h"
#include "feeds/base/mem.h"

/* In the year 2255: a timer that is not armed does not hear of jumps. */
#define FAR_OFF INT64_C(9000000000)

struct clock {
	int fd;
	uv_poll_t poll;
	bool jumped; /* seen while arming; said with the next tick */
	clock_tick tick;
	void *arg;
};

static void arm(struct clock *clock, int64_t at)
{
	struct itimerspec spec = {.it_value.tv_sec = at};

	/*
	 * ECANCELED: armed, but the clock was set since the last look, and the
	 * kernel says so only this once. A time that is past brings the tick.
	 */
	if (timerfd_settime(clock->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, NULL) <
	    0) {
		clock->jumped = true;
		spec.it_value.tv_sec = 1;
		(void)timerfd_settime(clock->fd, TFD_TIMER_ABSTIME, &spec, NULL); /* cannot fail */
	}
}

void clock_set(struct clock *clock, int64_t unix_seconds)
{
	int64_t at = unix_seconds ? unix_seconds : FAR_OFF;

	if (!clock->jumped) /* else the tick is on its way */
		arm(clock, at < 1 ? 1 : at > FAR_OFF ? FAR_OFF : at);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct clock *clock = container_of(poll, struct clock, poll);
	uint64_t ticks;
	bool jumped;

	(void)status;
	(void)events;
	if (read(clock->fd, &ticks, sizeof(ticks)) < 0) {
		if (errno != ECANCELED)
			return; /* EAGAIN: armed anew meanwhile */
		clock->jumped = true;
	}
	jumped = clock->jumped;
	clock->jumped = false;
	arm(clock, FAR_OFF);
	clock->tick(clock->arg, jumped);
}

struct clock *clock_start(struct uv_loop_s *loop, clock_tick tick, void *arg, struct err *err)
{
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC), rc;
	struct clock *clock;

	if (fd < 0) {
		(void)err_set(err, ERR_IO, "make a timer: %s", strerrordesc_np(errno));
		return NULL;
	}
	clock = mem_zalloc(1, sizeof(*clock));
	*clock = (struct clock){.fd = fd, .tick = tick, .arg = arg};
	rc = uv_poll_init(loop, &clock->poll, fd);
	if (rc < 0) {
		(void)err_set(err, ERR_IO, "wait for a timer: %s", uv_strerror(rc));
		(void)close(fd); /* nothing in it */
		free(clock);
		return NULL;
	}
	arm(clock, FAR_OFF);
	(void)uv_poll_start(&clock->poll, UV_READABLE, on_readable); /* fails only when closing */
	return clock;
}

static void on_closed(uv_handle_t *handle)
{
	struct clock *clock = container_of((uv_poll_t *)handle, struct clock, poll);

	(void)close(clock->fd); /* nothing in it */
	free(clock);
}

void clock_stop(struct clock *take_clock)
{
	if (take_clock)
		uv_close((uv_handle_t *)&take_clock->poll, on_closed);
}

int64_t clock_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	return now.tv_sec;
}
