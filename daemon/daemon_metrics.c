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
	daemon->measuring = false;
	if (daemon->rc < 0 && !daemon->metrics_failed)
		log_warning("metrics.file '%s': %s", daemon->site->metrics_path, daemon->err.text);
	daemon->metrics_failed = daemon->rc < 0;
	daemon_build_over(daemon);
}

bool daemon_measure(struct daemon *daemon)
{
	if (!daemon->site->metrics_path)
		return false;
	daemon->unmeasured = false;
	daemon->measuring = true;
	daemon->measured = uv_now(&daemon->loop);
	job_start(&daemon->loop, &daemon->work, work, on_done);
	return true;
}

bool daemon_measures(const struct daemon *daemon)
{
	return daemon->unmeasured && (deliver_is_quiet(daemon->deliver) ||
					 uv_now(&daemon->loop) >= daemon->measured + EVERY_MS);
}
