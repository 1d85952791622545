#include "daemon/daemon_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/exit.h"
#include "daemon/fsio.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/report.h"
#include "daemon/status.h"
#include "feeds/base/text.h"

enum {
	POLL_MS = 5000,	  /* between looks at folders that are not watched */
	RELOAD_MS = 1000, /* for answers to what was sent, before other settings are loaded */
	POLL_SHARE = 20,  /* and at least so many times as long as a look takes */
	BIT_ARTICLES = 1 << SCHEDULE_ARTICLES | 1 << SCHEDULE_KEEP_EMPTY,
	BIT_RETRY = 1 << SCHEDULE_RETRY,
	BIT_RESCAN = 1 << SCHEDULE_RESCAN,
	BIT_POLL = 1 << SCHEDULE_POLL,
	BIT_ROOT = 1 << SCHEDULE_ROOT,
};

/* ---- hints ---- */

void daemon_note(void *arg, enum watch_kind kind, const char *path)
{
	struct daemon *daemon = arg;

	if (kind == WATCH_ROOT_LOST) {
		if (!daemon->root_lost)
			log_warning("content.dir '%s' is gone; the feeds stay as they are until "
				    "it is back",
			    daemon->site->config->content.dir);
		daemon->root_lost = true;
		schedule_want_in(&daemon->schedule, SCHEDULE_ROOT, clock_now(), 1);
		clock_set(daemon->clock, schedule_next(&daemon->schedule, clock_now()));
		return;
	}
	log_debug("watch: kind %d, %s", (int)kind, path);
	settle_note(daemon->settle, kind, path, uv_now(&daemon->loop));
	daemon_step(daemon);
}

/* A folder that the kernel has no room to watch is looked at. */
static void note_unwatched(void *arg, const char *path)
{
	struct daemon *daemon = arg;
	struct stat stat;
	struct err ignored;
	bool there;

	if (!*path) { /* the root: nothing says either when it is replaced */
		daemon->everything = true;
		return;
	}
	there = fsio_stat(daemon->site->content, path, &stat, &ignored) == 0;
	if (!there)
		watch_forget(daemon->watch, path);
	settle_note(daemon->settle, there ? WATCH_FOLDER : WATCH_GONE, path, uv_now(&daemon->loop));
}

static void count_unwatched(void *arg, const char *path)
{
	size_t *len = arg;

	(void)path;
	++*len;
}

static size_t unwatched_len(const struct daemon *daemon)
{
	size_t len = 0;

	watch_unwatched(daemon->watch, count_unwatched, &len);
	return len;
}

void daemon_tick(void *arg, bool jumped)
{
	struct daemon *daemon = arg;
	unsigned due = schedule_take(&daemon->schedule, clock_now());

	if (jumped)
		log_debug("clock: it was set");
	daemon->again = daemon->again || jumped || (due & (BIT_ARTICLES | BIT_RETRY));
	daemon->everything =
	    daemon->everything || (due & BIT_RESCAN) || ((due & BIT_RETRY) && daemon->unread);
	if (due & BIT_POLL) {
		if (watch_polling(daemon->watch))
			daemon->everything = true;
		else
			watch_unwatched(daemon->watch, note_unwatched, daemon);
	}
	if ((due & BIT_ROOT) && daemon->root_lost) /* no reload has brought another meanwhile */
		daemon_find_root(daemon);
	daemon_step(daemon);
}

/* ---- after a build ---- */

/*
 * An article was not what was indexed. One without a file is a deletion like any other; where no
 * event has told of it, others may be gone as well, and all of them go together.
 */
static void note_stale(struct daemon *daemon, const char *path, uint64_t now)
{
	struct stat stat;
	struct err ignored;

	if (fsio_stat(daemon->site->content, path, &stat, &ignored) == 0)
		settle_note(daemon->settle, WATCH_CHANGED, path, now);
	else if (!settle_is_gone(daemon->settle, path))
		daemon->everything = true;
}

static void take_report(struct daemon *daemon, const struct build_report *report)
{
	uint64_t now = uv_now(&daemon->loop);

	/* What keeps a build back is looked for when something happens, not every second. */
	for (size_t i = 0; i < report->missing.len && !report->held_back.len; i++)
		settle_miss(daemon->settle, report->missing.items[i], now);
	for (size_t i = 0; i < report->unsettled.len; i++) {
		const struct build_unsettled *file = &report->unsettled.items[i];

		settle_hold(daemon->settle, file->path, (uint64_t)file->stamp.size,
		    file->stamp.mtime_ns, now);
	}
	/* The next try, which looks at everything, comes when the disk had time to mend. */
	for (size_t i = 0; i < report->render.stale_paths.len && !report->unread; i++)
		note_stale(daemon, report->render.stale_paths.items[i], now);
}

/* What could not be read is known to be well again when everything was looked at. */
static void take_unread(struct daemon *daemon, const struct build_report *report)
{
	if (report->unread)
		daemon->unread++;
	else if (!report->lost && daemon->batch.everything && !daemon->stop)
		daemon->unread = 0;
}

/* What failed is said once, and tried again until it works. */
static void take_failure(struct daemon *daemon, const struct build_report *report)
{
	bool failed = report->lost || report->unsaved || report->render.failed > 0;
	bool troubled = daemon->failures > 0 || daemon->unread > 0;
	unsigned attempt;

	daemon->lost = report->lost;
	take_unread(daemon, report);
	if (report->lost || report->unsaved)
		log_put(daemon->failures ? LOG_DEBUG : LOG_ERROR, "%s", report->err.text);
	daemon->failures = failed ? daemon->failures + 1 : 0;
	if (failed)
		daemon->force =
		    daemon->force || daemon->forced; /* that one was to let it through */
	if (troubled && !daemon->failures && !daemon->unread)
		log_info("what failed works again");
	if (!failed && !report->unread)
		return; /* what was not looked at has its retry to come */
	attempt = daemon->failures > daemon->unread ? daemon->failures : daemon->unread;
	if (report->renewed)
		attempt = 1; /* the state works again */
	schedule_want_in(&daemon->schedule, SCHEDULE_RETRY, clock_now(), schedule_backoff(attempt));
}

static void take_guard(struct daemon *daemon, const struct build_report *report)
{
	bool held = report->held_back.len > 0;

	if (held && !daemon->held_back)
		log_error("%s", buf_string(&report->held_back));
	if (!held && daemon->held_back && !report->lost)
		log_info("nothing is held back any more");
	daemon->held_back = held;
}

static void plan_ahead(struct daemon *daemon, const struct build_report *report)
{
	int64_t now = clock_now();
	uint64_t took = uv_now(&daemon->loop) - daemon->build_started;
	bool polls = watch_polling(daemon->watch) || unwatched_len(daemon) > 0;

	if (!report->lost && !report->held_back.len) {
		schedule_want(&daemon->schedule, SCHEDULE_ARTICLES, report->next_change);
		/* One that is due and failed comes with the retry. */
		schedule_want(&daemon->schedule, SCHEDULE_KEEP_EMPTY,
		    daemon->failures && report->next_removal <= now ? 0 : report->next_removal);
	}
	if (daemon->batch.everything)
		schedule_want_in(&daemon->schedule, SCHEDULE_RESCAN, now,
		    daemon->site->config->content.rescan_interval);
	if (polls)
		schedule_want_in(&daemon->schedule, SCHEDULE_POLL, now,
		    (int64_t)(took * POLL_SHARE > POLL_MS ? took * POLL_SHARE : POLL_MS) / 1000);
	else
		schedule_want(&daemon->schedule, SCHEDULE_POLL, 0);
}

/* A build looks at some of them only. */
static size_t feeds_len(const struct library *library)
{
	size_t len = 0;

	for (size_t i = 0; i < library->documents.len; i++)
		len += !library->documents.items[i]->dropped;
	return len;
}

static void say_status(struct daemon *daemon, const struct build_report *report)
{
	size_t feeds = feeds_len(&daemon->library);
	const char *noun = report_documents(daemon->library.site->config, feeds);
	struct buf text = BUF_INIT;

	if (daemon->stop)
		return; /* nothing is ready any more */
	report_put_articles(report, &text);
	buf_printf(&text, "; %zu %s", feeds, noun);
	if (report->held_back.len)
		buf_puts(&text, "; a build is held back");
	else if (daemon->failures || daemon->unread)
		buf_puts(&text, "; the last build failed");
	if (daemon->phase == DAEMON_STARTING || daemon->reloaded) {
		log_info("ready: %s", buf_string(&text));
		report_log_outlook(report, daemon->site->config->site.timezone, clock_now());
		notify_ready(&daemon->notify, buf_string(&text));
		daemon->reloaded = false;
	} else {
		notify_status(&daemon->notify, buf_string(&text));
	}
	buf_free(&text);
}

void daemon_build_over(struct daemon *daemon)
{
	settle_batch_free(&daemon->batch);
	build_free(daemon->build);
	daemon->build = NULL;
	daemon_set_phase(daemon, daemon->stop ? DAEMON_STOPPING : DAEMON_IDLE);
	daemon_step(daemon);
}

/* ---- builds ---- */

static void on_built(void *arg, const struct build_report *report)
{
	struct daemon *daemon = arg;
	struct err err;

	teller_saved(&daemon->teller, !report->lost && !report->unsaved, report->renewed);
	report_log_complaints(&report->complaints);
	take_report(daemon, report);
	take_failure(daemon, report);
	take_guard(daemon, report);
	plan_ahead(daemon, report);
	if (watch_complain(daemon->watch, &err) < 0)
		log_warning("%s", err.text);
	say_status(daemon, report);
	memcpy(daemon->standings, report->standings, sizeof(daemon->standings));
	if (daemon->phase == DAEMON_STARTING)
		daemon_set_phase(daemon, DAEMON_BUILDING); /* from now on others may be told */
	daemon_send(daemon);
	if (daemon->stop || !daemon_measure(daemon))
		daemon_build_over(daemon);
}

static bool is_waiting(void *arg, const char *path)
{
	return settle_waits(arg, path);
}

/* The feeds are published, and the state does not know yet. */
static void saving(void *arg, const struct build_report *report)
{
	struct daemon *daemon = arg;

	if (report->render.created + report->render.replaced > 0)
		daemon_hold_pings(daemon);
	teller_saving(&daemon->teller, &daemon->library, !report->render.stale, clock_now());
}

/* What only the daemon knows, into the state. */
static int save_more(void *arg, struct state *state, struct err *err)
{
	struct daemon *daemon = arg;
	struct buf mode = BUF_INIT;
	size_t unwatched = unwatched_len(daemon);
	int rc;

	buf_puts(&mode, watch_polling(daemon->watch) ? "poll" : "events");
	if (!watch_polling(daemon->watch) && unwatched)
		buf_printf(&mode, ", %zu folder%s polled", unwatched, text_plural(unwatched));
	rc = state_put_text(state, STATUS_WATCH_MODE, buf_slice(&mode), err);
	buf_free(&mode);
	if (rc < 0 || state_put_int(state, STATUS_STARTED_AT, daemon->started_at, err) < 0)
		return -1;
	return daemon_save_pings(daemon, state, err);
}

static void follow_output(struct daemon *daemon)
{
	if (!site_follow_output(daemon->site))
		return;
	log_info("output.dir '%s' is another folder now, and gets its feeds",
	    daemon->site->config->output.dir);
	daemon->batch.everything = true;
}

static void start_build(struct daemon *daemon)
{
	const struct settle_batch *batch = &daemon->batch;
	struct build_task task = {
	    .look =
		{
		    .everything = batch->everything,
		    .take_ahead = daemon->library.ahead,
		    .paths = batch->paths,
		    .paths_len = batch->paths_len,
		    .maybe_gone = batch->maybe_gone,
		    .maybe_gone_len = batch->maybe_gone_len,
		    .patient = !daemon->impatient,
		},
	    .now = clock_now(),
	    .since_ms = batch->paths_len ? batch->first_ms : 0,
	    .force = daemon->force,
	    .held_before = daemon->held_back,
	    .failed_before = daemon->failures > 0,
	    .saving = saving,
	    .save = save_more,
	    .save_arg = daemon,
	    .writing = is_waiting,
	    .writing_arg = daemon->settle,
	};

	log_debug("daemon: to look at: %zu paths, %zu perhaps gone%s%s%s", batch->paths_len,
	    batch->maybe_gone_len, batch->everything ? ", everything" : "",
	    daemon->again ? ", the clock or what failed" : "", daemon->force ? ", by force" : "");
	daemon->forced = daemon->force;
	daemon->library.ahead = NULL; /* there is one at the start alone, of everything */
	daemon->everything = daemon->impatient = daemon->again = daemon->force = false;
	daemon->build_started = uv_now(&daemon->loop);
	if (daemon->phase != DAEMON_STARTING)
		daemon_set_phase(daemon, DAEMON_BUILDING);
	daemon->build = build_start(&daemon->loop, &daemon->library, &task, on_built, daemon);
}

void daemon_start_build(struct daemon *daemon)
{
	follow_output(daemon);
	start_build(daemon);
}

/* ---- what is next ---- */

/* Files that may still grow: how they are now. A few at a time, and on the loop: a stat is quick. */
static void probe(struct daemon *daemon)
{
	for (size_t i = 0; i < daemon->batch.probes_len; i++) {
		const char *path = daemon->batch.probes[i];
		struct stat stat;
		struct err ignored;
		bool there = fsio_stat(daemon->site->content, path, &stat, &ignored) == 0;

		settle_probe(daemon->settle, path, there, there ? (uint64_t)stat.st_size : 0,
		    there ? scan_stamp(&stat).mtime_ns : 0, uv_now(&daemon->loop));
	}
}

static void set_timers(struct daemon *daemon)
{
	uint64_t due = settle_due(daemon->settle), now = uv_now(&daemon->loop);

	if (due == UINT64_MAX || daemon->root_lost)
		(void)uv_timer_stop(&daemon->settle_timer); /* cannot fail */
	else
		daemon_step_in(&daemon->settle_timer, due > now ? due - now : 0);
	schedule_want(&daemon->schedule, SCHEDULE_PINGS, daemon_next_ping(daemon));
	clock_set(daemon->clock, schedule_next(&daemon->schedule, clock_now()));
}

/* Is there something to build? Then it is in daemon->batch. */
static bool take_batch(struct daemon *daemon)
{
	bool due = settle_take(daemon->settle, uv_now(&daemon->loop), &daemon->batch);

	if (due)
		probe(daemon);
	due = due && (daemon->batch.everything || daemon->batch.paths_len);
	/* What a build was about that is held back, or was lost, is not known any more. */
	if ((daemon->everything ||
		((daemon->held_back || daemon->lost) && (due || daemon->again))) &&
	    !daemon->batch.everything)
		daemon->batch.everything = due = true;
	return due || daemon->again;
}

void daemon_step(struct daemon *daemon)
{
	if (daemon->phase == DAEMON_STOPPING) {
		if (daemon_pings_rest(daemon, 0))
			daemon_end(daemon);
		return;
	}
	daemon_take_asked(daemon);
	daemon_send(daemon);
	if (daemon->phase != DAEMON_IDLE)
		return;
	if (daemon->reload) {
		if (daemon_pings_rest(daemon, RELOAD_MS))
			daemon_reload(daemon);
		return;
	}
	if (!daemon->root_lost && take_batch(daemon) &&
	    (!daemon->batch.everything || daemon_follow_root(daemon))) {
		daemon_start_build(daemon);
		return;
	}
	settle_batch_free(&daemon->batch);
	if (!daemon_tell(daemon))
		set_timers(daemon);
}

static void on_timer(uv_timer_t *timer)
{
	daemon_step(container_of(timer->loop, struct daemon, loop));
}

void daemon_step_in(uv_timer_t *timer, uint64_t milliseconds)
{
	(void)uv_timer_start(timer, on_timer, milliseconds, 0); /* cannot fail */
}
