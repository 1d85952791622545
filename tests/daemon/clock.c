/*
 * clock: preloaded into feedd, gives it a wall clock that the test moves.
 *
 * $CLOCK_OFFSET names a file of one 64-bit number in the order of the machine: the
 * nanoseconds by which the clock of the program is ahead. The test writes to it
 * while the program runs, and the next look at the clock sees it. Waiting time,
 * CLOCK_MONOTONIC, goes on as ever.
 *
 * A timerfd for a moment of the wall clock waits for that moment of this clock.
 * When the clock is set, those with TFD_TIMER_CANCEL_ON_SET become readable, and
 * reading them, or arming them anew, fails once with ECANCELED, as the kernel has it.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { TIMERS = 64, LOOK_NS = 2000000 };

static const int64_t second = 1000000000;

/* The timers that are open, by descriptor; `lock` guards them. */
static struct timer {
	bool wall;	      /* of CLOCK_REALTIME */
	bool on_set;	      /* cancelled when the clock is set */
	bool cancelled;	      /* and it was */
	bool absolute;	      /* armed for `at` */
	struct itimerspec at; /* by the clock of the program */
} timers[TIMERS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t zero;
static _Atomic int64_t *offset = (_Atomic int64_t *)&zero;

static int64_t ns_of(struct timespec time)
{
	return time.tv_sec * second + time.tv_nsec;
}

static struct timespec timespec_of(int64_t ns)
{
	struct timespec time = {ns / second, ns % second};

	if (time.tv_nsec < 0) {
		time.tv_sec--;
		time.tv_nsec += second;
	}
	return time;
}

static struct timer *timer_find(int fd)
{
	return fd >= 0 && fd < TIMERS && timers[fd].wall ? &timers[fd] : NULL;
}

/* Arm the real timer for the moment that `timer` means. */
static int timer_arm(int fd, const struct timer *timer, struct itimerspec *old)
{
	struct itimerspec real = timer->at;
	bool armed = real.it_value.tv_sec != 0 || real.it_value.tv_nsec != 0;
	int64_t at = ns_of(real.it_value) - atomic_load(offset);

	if (armed) /* a moment long past is due now; 0 would disarm it */
		real.it_value = timespec_of(at > 0 ? at : 1);
	return (int)syscall(SYS_timerfd_settime, fd, TFD_TIMER_ABSTIME, &real, old);
}

static void clock_was_set(void)
{
	static const struct itimerspec now = {.it_value = {0, 1}};

	(void)pthread_mutex_lock(&lock);
	for (int fd = 0; fd < TIMERS; fd++) {
		struct timer *timer = timer_find(fd);

		if (!timer || !timer->absolute)
			continue;
		if (timer->on_set) {
			timer->cancelled = true;
			(void)syscall(SYS_timerfd_settime, fd, TFD_TIMER_ABSTIME, &now, NULL);
		} else {
			(void)timer_arm(fd, timer, NULL);
		}
	}
	(void)pthread_mutex_unlock(&lock);
}

/* Looks for a clock that was set. */
static void *look(void *arg)
{
	int64_t seen = *(int64_t *)arg;

	for (;;) {
		int64_t is = atomic_load(offset);

		if (is != seen)
			clock_was_set();
		seen = is;
		(void)syscall(SYS_nanosleep, &(struct timespec){0, LOOK_NS}, NULL);
	}
	return NULL;
}

__attribute__((constructor)) static void clock_start(void)
{
	static int64_t first;
	const char *path = getenv("CLOCK_OFFSET");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *shared =
	    fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*offset), PROT_READ, MAP_SHARED, fd, 0);
	sigset_t all, old;
	pthread_t thread;

	if (shared == MAP_FAILED)
		abort(); /* a test with the real clock would prove nothing */
	offset = shared;
	first = atomic_load(offset);
	(void)close(fd);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are for the program's threads */
	if (pthread_create(&thread, NULL, look, &first) != 0)
		abort();
	(void)pthread_detach(thread);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
}

int clock_gettime(clockid_t id, struct timespec *out)
{
	int rc = (int)syscall(SYS_clock_gettime, id, out);

	if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		*out = timespec_of(ns_of(*out) + atomic_load(offset));
	return rc;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;

	(void)zone; /* obsolete */
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return -1;
	*out = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

int timerfd_create(clockid_t id, int flags)
{
	int fd = (int)syscall(SYS_timerfd_create, id, flags);

	if (fd >= TIMERS)
		abort(); /* more than this can follow */
	if (fd >= 0) {
		(void)pthread_mutex_lock(&lock);
		timers[fd] =
		    (struct timer){.wall = id == CLOCK_REALTIME || id == CLOCK_REALTIME_ALARM};
		(void)pthread_mutex_unlock(&lock);
	}
	return fd;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *at, struct itimerspec *old)
{
	struct timer *timer;
	bool missed = false; /* the kernel arms it all the same */
	int rc;

	(void)pthread_mutex_lock(&lock);
	timer = timer_find(fd);
	if (timer) {
		timer->absolute = flags & TFD_TIMER_ABSTIME;
		timer->on_set = flags & TFD_TIMER_CANCEL_ON_SET;
		missed = timer->cancelled && timer->on_set;
		timer->cancelled = false;
		timer->at = *at;
	}
	if (timer && timer->absolute)
		rc = timer_arm(fd, timer, old);
	else
		rc = (int)syscall(SYS_timerfd_settime, fd, flags, at, old);
	(void)pthread_mutex_unlock(&lock);
	if (rc == 0 && missed) {
		errno = ECANCELED;
		rc = -1;
	}
	return rc;
}

ssize_t read(int fd, void *out, size_t len)
{
	ssize_t got = syscall(SYS_read, fd, out, len);
	struct timer *timer;

	if (fd >= TIMERS || !timers[fd].wall || got <= 0)
		return got;
	(void)pthread_mutex_lock(&lock);
	timer = timer_find(fd);
	if (timer && timer->cancelled) {
		timer->cancelled = false;
		got = -1;
		errno = ECANCELED;
	}
	(void)pthread_mutex_unlock(&lock);
	return got;
}

int close(int fd)
{
	if (fd >= 0 && fd < TIMERS && timers[fd].wall) {
		(void)pthread_mutex_lock(&lock);
		timers[fd] = (struct timer){0};
		(void)pthread_mutex_unlock(&lock);
	}
	return (int)syscall(SYS_close, fd);
}
