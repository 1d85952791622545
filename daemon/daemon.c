#include "daemon/daemon.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ask.h"
#include "daemon/daemon_parts.h"
#include "daemon/exit.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/start.h"
#include "feeds/base/mem.h"

enum {
	STOP_MS = 1500,		/* for what is under way, before the process just ends */
	ANSWER_MS = 500,	/* of these, for answers to what was sent */
	BUSY_NS = 10 * 1000000, /* a loop that is busy for longer keeps others waiting */
};

void daemon_set_phase(struct daemon *daemon, enum daemon_phase phase)
{
	static const char *const names[] = {
	    "starting", "idle", "building", "loading", "telling", "stopping"};

	if (daemon->phase != phase)
		log_debug("daemon: %s", names[phase]);
	daemon->phase = phase;
}

/* ---- signals ---- */

static void on_stop_timer(uv_timer_t *timer)
{
	(void)timer;
	/* The disk takes too long. To be killed is a case that the next start handles. */
	log_warning("what was under way is left; the next start goes on with it");
	log_release();
	_exit(EXIT_DONE);
}

static void stop(struct daemon *daemon)
{
	if (daemon->stop)
		return;
	daemon->stop = true;
	notify_stopping(&daemon->notify);
	(void)uv_timer_start(&daemon->stop_timer, on_stop_timer, STOP_MS, 0); /* cannot fail */
	if (daemon->build)
		build_stop(daemon->build);
	deliver_quiet(daemon->deliver, ANSWER_MS);
	if (daemon->phase == DAEMON_IDLE)
		daemon_set_phase(daemon, DAEMON_STOPPING);
	daemon_step(daemon);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct daemon *daemon = handle->data;

	log_debug("signal: %s", sigabbrev_np(number));
	switch (number) {
	case SIGHUP: daemon->reload = true; break;
	case SIGUSR1: daemon->asked = true; break;
	default: stop(daemon); return;
	}
	daemon_step(daemon);
}

static void start_signals(struct daemon *daemon)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		(void)uv_signal_init(&daemon->loop, &daemon->signals[i]); /* cannot fail */
		daemon->signals[i].data = daemon;
		if (uv_signal_start(&daemon->signals[i], on_signal, numbers[i]) != 0)
			mem_exhausted();
	}
}

/* ---- the loop itself ---- */

static void on_watchdog(uv_timer_t *timer)
{
	notify_watchdog(&container_of(timer, struct daemon, watchdog_timer)->notify);
}

/*
 * How long this thread was at work or waited for the disk, in ns, up to now. Other
 * processes' turns on the processor do not count: they say nothing about us.
 */
static uint64_t work_ns(void)
{
	char text[96], *end; /* "ran waited slices", in ns */
	int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		(void)close(fd); /* only read */
	if (got <= 0)
		return uv_hrtime();
	text[got] = '\0';
	(void)strtoull(text, &end, 10);
	return uv_hrtime() - strtoull(end, NULL, 10);
}

static void on_after_poll(uv_check_t *check)
{
	container_of(check, struct daemon, after_poll)->polled_ns = work_ns();
}

static void on_before_poll(uv_prepare_t *prepare)
{
	struct daemon *daemon = container_of(prepare, struct daemon, before_poll);
	int64_t busy = daemon->polled_ns ? (int64_t)(work_ns() - daemon->polled_ns) : 0;

	if (busy > BUSY_NS)
		log_debug("loop: busy for %lld ms", (long long)(busy / 1000000));
	daemon->polled_ns = 0;
}

static void start_timers(struct daemon *daemon)
{
	/* None of these can fail. */
	(void)uv_timer_init(&daemon->loop, &daemon->settle_timer);
	(void)uv_timer_init(&daemon->loop, &daemon->tell_timer);
	(void)uv_timer_init(&daemon->loop, &daemon->measure_timer);
	(void)uv_timer_init(&daemon->loop, &daemon->watchdog_timer);
	(void)uv_timer_init(&daemon->loop, &daemon->stop_timer);
	(void)uv_prepare_init(&daemon->loop, &daemon->before_poll);
	(void)uv_check_init(&daemon->loop, &daemon->after_poll);
	if (log_wants(LOG_DEBUG)) {
		(void)uv_prepare_start(&daemon->before_poll, on_before_poll);
		(void)uv_check_start(&daemon->after_poll, on_after_poll);
	}
	if (daemon->notify.watchdog_ms)
		(void)uv_timer_start(&daemon->watchdog_timer, on_watchdog,
		    daemon->notify.watchdog_ms, daemon->notify.watchdog_ms);
}

static void close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL); /* it lies in struct daemon */
}

void daemon_end(struct daemon *daemon)
{
	struct daemon *d = daemon;
	uv_handle_t *const own[] = {(uv_handle_t *)&d->signals[0], (uv_handle_t *)&d->signals[1],
	    (uv_handle_t *)&d->signals[2], (uv_handle_t *)&d->signals[3],
	    (uv_handle_t *)&d->settle_timer, (uv_handle_t *)&d->tell_timer,
	    (uv_handle_t *)&d->measure_timer, (uv_handle_t *)&d->watchdog_timer,
	    (uv_handle_t *)&d->stop_timer, (uv_handle_t *)&d->before_poll,
	    (uv_handle_t *)&d->after_poll};

	watch_stop(daemon->watch);
	clock_stop(daemon->clock);
	deliver_stop(daemon->deliver);
	daemon->watch = NULL;
	daemon->clock = NULL;
	daemon->deliver = NULL;
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		close_handle(own[i], NULL);
}

/* ---- the start ---- */

static void enter_folder(void *arg, const char *path, int fd)
{
	if (fd >= 0)
		watch_folder(arg, path, fd);
	else /* so that it is news when it may be read again */
		watch_forget(arg, path);
}

void daemon_join_watch(struct daemon *daemon)
{
	daemon->site->scan.enter = enter_folder;
	daemon->site->scan.enter_arg = daemon->watch;
}

bool daemon_wants_poll(const struct daemon *daemon)
{
	const struct site *site = daemon->site;
	const char *remote = watch_remote(site->content);

	if (site->config->content.watch == CONFIG_WATCH_POLL)
		return true;
	if (remote)
		log_warning("content.dir '%s' is on %s, where changes made elsewhere are not "
			    "reported; set watch = \"poll\" in [content] if there are such",
		    site->config->content.dir, remote);
	return false;
}

static int start_parts(struct daemon *daemon)
{
	const struct config *config = daemon->site->config;
	struct err err;

	if (uv_loop_init(&daemon->loop) != 0) {
		log_error("no event loop: the machine is out of file descriptors or memory");
		return EXIT_IO;
	}
	daemon->clock = clock_start(&daemon->loop, daemon_tick, daemon, &err);
	if (!daemon->clock) {
		log_error("no timer on the wall clock: %s", err.text);
		(void)uv_loop_close(&daemon->loop); /* nothing is open in it */
		return EXIT_IO;
	}
	daemon->watch = watch_start(&daemon->loop, daemon->site->content, &daemon->site->scan,
	    daemon_wants_poll(daemon), daemon_note, daemon);
	daemon->settle =
	    settle_new((uint64_t)config->content.quiet, (uint64_t)config->content.quiet_max);
	daemon_join_watch(daemon);
	start_signals(daemon);
	start_timers(daemon);
	return EXIT_DONE;
}

static void run_loop(struct daemon *daemon, bool build)
{
	daemon->everything = daemon->impatient = true;
	daemon->batch.everything = true;
	if (build)
		daemon_start_build(daemon);
	else
		daemon_end(daemon);
	(void)uv_run(&daemon->loop, UV_RUN_DEFAULT); /* returns when daemon_end closed all */
	(void)uv_loop_close(&daemon->loop);	     /* nothing is open in it */
	settle_free(daemon->settle);
}

/* The daemon that runs is asked to let through what it holds back. */
static int force_other(const struct site *site, pid_t holder)
{
	int status = ask_put(site, holder, ASK_FORCE, NULL);

	if (status == EXIT_DONE)
		log_info("feedd, process %d, publishes what it held back", (int)holder);
	return status;
}

static int load_pings(struct daemon *daemon)
{
	struct err err;

	if (teller_load(&daemon->teller, daemon->library.state, false, clock_now(), &err) == 0)
		return EXIT_DONE;
	log_error("state in %s: %s", daemon->site->state_path, err.text);
	return EXIT_IO;
}

/* After the watch, for it may begin to scan. */
static int load(struct daemon *daemon)
{
	int status = start_library(daemon->site, false, clock_now(), &daemon->library);

	if (status == EXIT_DONE)
		status = load_pings(daemon);
	if (status == EXIT_DONE)
		daemon_start_deliver(daemon);
	return status;
}

static int run_site(struct daemon *daemon)
{
	pid_t holder = daemon->options->force ? ask_holder(daemon->site) : 0;
	int status;

	if (holder > 0)
		return force_other(daemon->site, holder);
	daemon->force = daemon->options->force;
	status = teller_open(daemon->site, targets_use(daemon->options->no_ping), &daemon->teller);
	if (status != EXIT_DONE)
		return status;
	status = start_parts(daemon);
	if (status == EXIT_DONE) {
		status = load(daemon);
		run_loop(daemon, status == EXIT_DONE);
		start_end(&daemon->library);
	}
	teller_close(&daemon->teller);
	return status == EXIT_DONE ? daemon->status : status;
}

int daemon_run(const struct options *options)
{
	struct daemon *daemon = mem_zalloc(1, sizeof(*daemon));
	int status;

	daemon->options = options;
	daemon->started_at = clock_now();
	daemon->site = mem_zalloc(1, sizeof(*daemon->site));
	notify_start(&daemon->notify);
	job_threads_start();
	switch (site_load(options->config, false, daemon->site)) {
	case SITE_OK: status = run_site(daemon); break;
	case SITE_NO_INPUT: status = EXIT_IO; break;
	default: status = EXIT_CONFIG; break;
	}
	site_free(daemon->site);
	free(daemon->site);
	notify_stop(&daemon->notify);
	free(daemon);
	return status;
}
