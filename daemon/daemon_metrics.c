/*
 * The daemon's metrics: the file is replaced after each build, and for what hubs have said when
 * they are done, or once a second while they go on.
 */
#include "daemon/metrics.h"

#include "daemon/daemon_parts.h"
#include "daemon/job.h"
#include "daemon/log.h"

enum { EVERY_MS = 1000 };

static void work(uv_work_t *work)
{
	struct daemon *daemon = container_of(work, struct daemon, work);

	daemon->rc = metrics_update(
	    daemon->site, daemon->library.state, clock_now(), daemon->standings, &daemon->err);
}

static void on_done(uv_work_t *work, int status)
{
	struct daemon *daemon = container_of(work, struct daemon, work);

	(void)status; /* never cancelled */
	if (daemon->rc < 0 && !daemon->metrics_failed)
		log_warning("%s", daemon->err.text);
	daemon->metrics_failed = daemon->rc < 0;
	if (!daemon->measuring) {
		daemon_build_over(daemon);
		return;
	}
	daemon->measuring = false;
	daemon_set_phase(daemon, daemon->stop ? DAEMON_STOPPING : DAEMON_IDLE);
	daemon_step(daemon);
}

bool daemon_measure(struct daemon *daemon)
{
	if (!daemon->site->metrics_path)
		return false;
	daemon->unmeasured = false;
	daemon->measuring = daemon->build == NULL;
	daemon->measured = uv_now(&daemon->loop);
	job_start(&daemon->loop, &daemon->work, work, on_done);
	return true;
}

bool daemon_measures(struct daemon *daemon)
{
	uint64_t next = daemon->measured + EVERY_MS, now = uv_now(&daemon->loop);

	if (!daemon->unmeasured || !daemon->site->metrics_path)
		return false;
	if (deliver_is_quiet(daemon->deliver) || next <= now)
		return true;
	daemon_step_in(&daemon->measure_timer, next - now);
	return false;
}
