#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/daemon_parts.h"
#include "daemon/exit.h"
#include "daemon/fsio.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/start.h"
#include "feeds/base/mem.h"

enum { ROOT_MOST_S = 30 }; /* between two looks for a root that is gone */

static void drop_site(struct site *site)
{
	site_free(site);
	free(site);
}

/* ---- a root that went away ---- */

static void change_root(struct daemon *daemon, int take_fd)
{
	(void)close(daemon->site->content); /* only read */
	daemon->site->content = take_fd;
	watch_restart(daemon->watch, take_fd, &daemon->site->scan, daemon_wants_poll(daemon));
}

bool daemon_follow_root(struct daemon *daemon)
{
	struct err err;
	int fd;

	if (site_is_content(daemon->site))
		return true;
	fd = site_reopen_content(daemon->site, &err);
	if (fd < 0) {
		daemon_note(daemon, WATCH_ROOT_LOST, "");
		return false;
	}
	log_info("content.dir '%s' is another folder now", daemon->site->config->content.dir);
	change_root(daemon, fd);
	return true;
}

void daemon_find_root(struct daemon *daemon)
{
	struct err err;
	int fd = site_reopen_content(daemon->site, &err);
	unsigned wait = ++daemon->root_tries;

	if (fd < 0) {
		schedule_want_in(&daemon->schedule, SCHEDULE_ROOT, clock_now(),
		    wait < ROOT_MOST_S ? wait : ROOT_MOST_S);
		return;
	}
	if (daemon->phase != DAEMON_IDLE) { /* somebody has the old one open */
		(void)close(fd);
		schedule_want_in(&daemon->schedule, SCHEDULE_ROOT, clock_now(), 1);
		return;
	}
	log_info("content.dir '%s' is back", daemon->site->config->content.dir);
	daemon->root_lost = false;
	daemon->root_tries = 0;
	daemon->everything = true;
	change_root(daemon, fd);
}

/* ---- other settings ---- */

static void load_work(uv_work_t *work)
{
	struct daemon *daemon = container_of(work, struct daemon, work);

	daemon->rc = library_load(&daemon->library, clock_now(), &daemon->err);
	if (daemon->rc == 0)
		daemon->rc = teller_load(
		    &daemon->teller, daemon->library.state, false, clock_now(), &daemon->err);
}

static void on_loaded(uv_work_t *work, int status)
{
	struct daemon *daemon = container_of(work, struct daemon, work);

	(void)status; /* never cancelled */
	if (daemon->rc < 0) {
		log_error("state in %s: %s", daemon->site->state_path, daemon->err.text);
		daemon->status = EXIT_IO;
		daemon->stop = true;
	}
	start_log_adopted(&daemon->library);
	daemon_start_deliver(daemon);
	daemon->everything = true;
	daemon->reloaded = true;
	daemon_set_phase(daemon, daemon->stop ? DAEMON_STOPPING : DAEMON_IDLE);
	daemon_step(daemon);
}

/* Do both names lead to one folder? */
static bool same_folder(const char *a, const char *b)
{
	struct stat x, y;

	return strcmp(a, b) == 0 || (stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
					x.st_ino == y.st_ino);
}

/*
 * The settings are good: go on with them, and with the state that is theirs; `take_state` NULL:
 * it is the same.
 */
static void change_site(struct daemon *daemon, struct site *take_site, struct teller *take_teller,
    struct state *take_state)
{
	const struct config *config = take_site->config;
	struct site *old = daemon->site;
	struct state *state = library_close(&daemon->library);

	teller_replace(&daemon->teller, take_teller, take_state == NULL, clock_now());
	if (take_state) {
		state_close(state);
		state = take_state;
	}
	daemon->site = take_site;
	library_start(&daemon->library, take_site, state, false);
	settle_tune(
	    daemon->settle, (uint64_t)config->content.quiet, (uint64_t)config->content.quiet_max);
	daemon_join_watch(daemon);
	watch_restart(
	    daemon->watch, take_site->content, &take_site->scan, daemon_wants_poll(daemon));
	drop_site(old);
	daemon->root_lost = daemon->lost = false;
	daemon->held_back = daemon->held_back && !take_state;
	daemon->failures = 0;
	daemon_set_phase(daemon, DAEMON_LOADING);
	job_start(&daemon->loop, &daemon->work, load_work, on_loaded);
}

/* The state of other settings; NULL: it is the same. */
static int open_state(const struct daemon *daemon, const struct site *site, struct state **out)
{
	if (same_folder(daemon->site->state_path, site->state_path))
		return 0;
	return start_state(site, out) == EXIT_DONE ? 0 : -1;
}

void daemon_reload(struct daemon *daemon)
{
	struct site *site = mem_zalloc(1, sizeof(*site));
	struct state *state = NULL;
	struct teller teller;

	daemon->reload = false;
	notify_reloading(&daemon->notify);
	if (site_load(daemon->options->config, false, site) == SITE_OK &&
	    teller_open(site, targets_use(daemon->options->no_ping), &teller) == EXIT_DONE) {
		if (open_state(daemon, site, &state) == 0) {
			log_info("the settings are loaded again");
			change_site(daemon, site, &teller, state);
			return;
		}
		teller_close(&teller);
	}
	log_error("the settings stay as they were before the reload");
	notify_ready(
	    &daemon->notify, "the settings of the last reload are wrong; the old ones hold");
	drop_site(site);
	daemon_step(daemon);
}
