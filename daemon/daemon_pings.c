/*
 * The daemon's part in telling others: answers come into the state when nobody else needs it,
 * articles are read for their links when the library is free, and before the end, or before
 * other settings, what is under way comes to an end.
 */
#include "daemon/ask.h"
#include "daemon/daemon_parts.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/start.h"

enum {
	TELL_QUIET_MS = 200, /* after something was published, others hear of it, ... */
	TELL_MOST_MS = 950,  /* ... and after the first of several, at the latest */
};

/* ---- the state ---- */

static void save_work(uv_work_t *work)
{
	struct daemon *daemon = container_of(work, struct daemon, work);

	daemon->rc =
	    library_save(&daemon->library, clock_now(), daemon_save_pings, daemon, &daemon->err);
}

int daemon_save_pings(void *arg, struct state *state, struct err *err)
{
	struct daemon *daemon = arg;

	return teller_save(&daemon->teller, state, err);
}

/* What could not be saved is repeated after a crash, and no more: said once. */
static void take_unsaved(struct daemon *daemon)
{
	log_put(daemon->unsaved ? LOG_DEBUG : LOG_ERROR, "state in %s: %s",
	    daemon->site->state_path, daemon->err.text);
	daemon->unsaved++;
	daemon->save_after = clock_now() + schedule_backoff(daemon->unsaved);
}

static void on_saved(uv_work_t *work, int status)
{
	struct daemon *daemon = container_of(work, struct daemon, work);

	(void)status; /* never cancelled */
	daemon->saving = false;
	teller_saved(&daemon->teller, daemon->rc == 0, start_log_renewed(&daemon->library));
	if (daemon->rc < 0) {
		take_unsaved(daemon);
	} else {
		daemon->unsaved = 0;
		daemon->save_after = 0;
		daemon->unmeasured = true;
	}
	daemon_set_phase(daemon, daemon->stop ? DAEMON_STOPPING : DAEMON_IDLE);
	daemon_step(daemon);
}

static bool save(struct daemon *daemon)
{
	int64_t wait = daemon->save_after - clock_now();

	/* Longer than it was made for: the clock was set back. */
	if ((wait > 0 && wait <= schedule_backoff(daemon->unsaved)) ||
	    (daemon->deliver && !deliver_saves(daemon->deliver)) || !teller_take(&daemon->teller))
		return false;
	daemon->saving = true;
	daemon_set_phase(daemon, DAEMON_TELLING);
	job_start(&daemon->loop, &daemon->work, save_work, on_saved);
	return true;
}

/* ---- sending ---- */

static void on_delivered(void *arg)
{
	struct daemon *daemon = arg;

	if (daemon->phase == DAEMON_TELLING && !daemon->saving && !daemon->measuring &&
	    !deliver_is_reading(daemon->deliver))
		daemon_set_phase(daemon, daemon->stop ? DAEMON_STOPPING : DAEMON_IDLE);
	daemon_step(daemon);
}

void daemon_start_deliver(struct daemon *daemon)
{
	const struct deliver_settings settings = {
	    .site = daemon->site, .targets = &daemon->teller.targets};
	struct err err;

	if (daemon->deliver) {
		deliver_set(daemon->deliver, daemon->teller.outbox, &settings);
		return;
	}
	if (daemon->options->no_ping || daemon->teller.targets.len == 0)
		return;
	daemon->deliver = deliver_start(
	    &daemon->loop, daemon->teller.outbox, &settings, on_delivered, daemon, &err);
	if (!daemon->deliver)
		log_error("nobody is told of anything: %s", err.text);
}

void daemon_hold_pings(struct daemon *daemon)
{
	uint64_t now = uv_now(&daemon->loop);

	if (!daemon->deliver)
		return;
	if (!daemon->tell_at)
		daemon->news_first = now;
	outbox_hold(daemon->teller.outbox);
	daemon->tell_at = now + TELL_QUIET_MS;
	if (daemon->tell_at > daemon->news_first + TELL_MOST_MS)
		daemon->tell_at = daemon->news_first + TELL_MOST_MS;
	daemon_step_in(&daemon->tell_timer, daemon->tell_at > now ? daemon->tell_at - now : 0);
}

/* That time is over. */
static void release_pings(struct daemon *daemon)
{
	if (!daemon->tell_at || daemon->tell_at > uv_now(&daemon->loop))
		return;
	daemon->tell_at = 0;
	outbox_release(daemon->teller.outbox);
}

void daemon_send(struct daemon *daemon)
{
	bool may = daemon->phase == DAEMON_IDLE || daemon->phase == DAEMON_BUILDING ||
		   daemon->phase == DAEMON_TELLING;
	/* What a target missed while the settings did not have it, the build tells the outbox. */
	bool current = !daemon->reloaded || daemon->root_lost;

	release_pings(daemon);
	if (daemon->deliver && may && current && !daemon->stop && !daemon->reload)
		deliver_step(daemon->deliver);
}

bool daemon_tell(struct daemon *daemon)
{
	if (save(daemon))
		return true;
	if (daemon_measures(daemon)) {
		daemon_set_phase(daemon, DAEMON_TELLING);
		return daemon_measure(daemon);
	}
	if (!deliver_reads(daemon->deliver))
		return false;
	daemon_set_phase(daemon, DAEMON_TELLING);
	deliver_read(daemon->deliver, &daemon->library);
	return true;
}

int64_t daemon_next_ping(const struct daemon *daemon)
{
	int64_t now = clock_now();
	int64_t next = daemon->deliver ? outbox_next_time(daemon->teller.outbox, now) : 0;

	if (daemon->save_after && outbox_changed(daemon->teller.outbox) &&
	    (!next || daemon->save_after < next))
		next = daemon->save_after;
	/* What is due and was not begun waits for something that ends. */
	return next && next <= now ? now + 1 : next;
}

bool daemon_pings_rest(struct daemon *daemon, uint64_t grace_ms)
{
	deliver_quiet(daemon->deliver, grace_ms);
	if (!deliver_is_quiet(daemon->deliver))
		return false;
	return !save(daemon);
}

/* Did a command ask for what is due? */
static bool ping_now(struct daemon *daemon)
{
	const struct targets *targets = &daemon->teller.targets;
	bool all = ask_take(daemon->site, ASK_PING, NULL), any = all;

	for (size_t i = 0; i < targets->len; i++) {
		bool asked = ask_take(daemon->site, ASK_PING, targets->items[i].settings->name);

		if (asked || all)
			outbox_hurry(daemon->teller.outbox, i, clock_now());
		any = any || asked;
	}
	if (any && daemon->options->no_ping)
		log_warning("asked to tell hubs what is due; with --no-ping none is told");
	return any;
}

void daemon_take_asked(struct daemon *daemon)
{
	/* Who asks means the settings as they stand. */
	if (!daemon->asked || daemon->reload || daemon->phase == DAEMON_LOADING)
		return;
	daemon->asked = false;
	daemon->force = ask_take(daemon->site, ASK_FORCE, NULL) || daemon->force;
	if (!ping_now(daemon) || daemon->force)
		daemon->everything = true;
}
