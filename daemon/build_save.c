/*
 * What a build leaves in the state: the rows of the library, what the build was, and
 * what is wrong since.
 */
#include <malloc.h>

#include "daemon/build_parts.h"
#include "daemon/job.h"
#include "daemon/start.h"
#include "daemon/status.h"

enum { MANY = 1000 }; /* articles whose reading takes memory worth giving back */

static int put_fault(const struct build *build, struct state *state, const char *key, bool there,
    const struct err *why, struct err *err)
{
	const struct state_fault fault = {
	    .key = slice_of(key), .text = slice_of(why->text), .since = build->task.now};

	return there ? state_put_fault(state, &fault, err)
		     : state_remove_fault(state, slice_of(key), err);
}

/* A build that looked at a part does not know whether the rest can be read again. */
static int put_content_fault(const struct build *build, struct state *state, struct err *err)
{
	bool there = build->report.lost || build->report.unread;

	if (!there && !build->everything)
		return 0;
	return put_fault(build, state, "content", there, &build->report.err, err);
}

static int put_held_back(const struct build *build, struct state *state, struct err *err)
{
	return build->report.held_back.len ? state_put_text(state, STATUS_HELD_BACK,
						 buf_slice(&build->report.held_back), err)
					   : state_remove_meta(state, STATUS_HELD_BACK, err);
}

/* What this build was, and what is wrong since. */
static int put_build(void *arg, struct state *state, struct err *err)
{
	struct build *build = arg;
	const struct build_report *report = &build->report;
	const struct render_report *render = &report->render;
	int64_t ms = (int64_t)(uv_hrtime() / 1000000 - build->started);

	if (put_content_fault(build, state, err) < 0 || put_held_back(build, state, err) < 0 ||
	    (build->task.save && build->task.save(build->task.save_arg, state, err) < 0))
		return -1;
	if (report->lost || report->held_back.len)
		return 0;
	if (library_clear_events(build->library, err) < 0)
		return -1;
	if (put_fault(build, state, "output", render->failed > 0, &render->err, err) < 0 ||
	    state_put_int(state, STATUS_BUILD_AT, build->task.now, err) < 0 ||
	    state_put_int(state, STATUS_BUILD_MS, ms, err) < 0 ||
	    state_put_int(state, STATUS_BUILD_CHANGED,
		(int64_t)(render->created + render->replaced), err) < 0)
		return -1;
	return 0;
}

static int save(struct build *build, bool with_build, struct err *err)
{
	int rc = library_save(
	    build->library, build->task.now, with_build ? put_build : NULL, build, err);

	state_tell_unsaved(build->library->state, rc < 0 ? err->text : NULL, build->task.now);
	return rc < 0 ? err_wrap(err, "state in %s", build->library->site->state_path) : 0;
}

int build_save_ids(struct build *build, struct err *err)
{
	return save(build, false, err);
}

static void save_run(uv_work_t *work)
{
	struct build *build = container_of(work, struct build, work);

	build->err = (struct err){0};
	(void)save(build, true, &build->err); /* on_saved looks */
	if (build->files_read > MANY)
		(void)malloc_trim(0); /* what reading took is not needed again soon */
}

static void on_saved(uv_work_t *work, int status)
{
	struct build *build = container_of(work, struct build, work);

	(void)status; /* never cancelled */
	build->report.renewed = start_log_renewed(build->library);
	if (build->err.kind != ERR_NONE && !build->report.lost) {
		build->report.unsaved = true;
		build->report.err = build->err;
	}
	build_finish(build);
}

void build_save_start(struct build *build)
{
	if (build->library->dry || !build->library->state) {
		build_finish(build);
		return;
	}
	if (build->task.saving && !build->stopped && !build->report.lost &&
	    !build->report.held_back.len)
		build->task.saving(build->task.save_arg, &build->report);
	build_set_phase(build, BUILD_SAVING);
	job_start(build->loop, &build->work, save_run, on_saved);
}

void build_lose(struct build *build, const struct err *err)
{
	build->report.lost = true;
	build->report.err = *err;
	build_save_start(build);
}
