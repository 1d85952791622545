#include "daemon/build.h"

#include <stdlib.h>

#include "daemon/build_parts.h"
#include "daemon/fsio.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/resolve.h"
#include "feeds/base/mem.h"

enum { TRIES = 3 }; /* passes in a row when articles change meanwhile */

static void look_start(struct build *build);

void build_set_phase(struct build *build, enum build_phase phase)
{
	static const char *const names[] = {
	    "looking", "reading", "resolving", "rendering", "saving", "done"};

	build->phase = phase;
	log_debug("build: %s", names[phase]);
}

/* ---- the end ---- */

static void count_articles(struct build *build)
{
	struct build_report *report = &build->report;
	const struct library *library = build->library;
	const struct article *article;

	memcpy(report->standings, library->index.standings, sizeof(report->standings));
	report->articles = index_len(&library->index);
	for (size_t i = 0; i < library->problems.len; i++) {
		const struct library_problem *problem = library->problems.items[i];

		if (problem->solved)
			continue;
		report->skipped++;
		article = index_find(&library->index, slice_of(problem->path));
		if (article) /* counted before */
			report->standings[article_standing(article, build->task.now)]--;
		else
			report->articles++;
	}
	report->next_change = library->index.next_change;
	report->next_removal = plan_next_removal(library);
	report->index = &library->index;
}

void build_finish(struct build *build)
{
	count_articles(build);
	complaint_sort(&build->report.complaints);
	build_set_phase(build, BUILD_DONE);
	build->done(build->arg, &build->report);
}

/* ---- rendering ---- */

static void free_paths(char **paths, size_t len)
{
	for (size_t i = 0; i < len; i++)
		free(paths[i]);
}

/* Ready for another pass over what changed while it was published. */
static void look_again(struct build *build, struct render_report *report)
{
	bool unread = report->unread.kind != ERR_NONE, last = !build->task.writing;

	look_free(&build->look);
	vec_free(&build->conflicts);
	free_paths(build->stale.items, build->stale.len);
	vec_free(&build->stale);
	for (size_t i = 0; i < report->stale_paths.len; i++)
		vec_push(&build->stale, report->stale_paths.items[i]);
	vec_free(&report->stale_paths);
	complaint_move(&build->report.complaints, &report->complaints);
	log_debug(
	    "build: %zu articles changed while they were published; once more", build->stale.len);
	build->task.look = (struct look_task){
	    .now = build->task.now,
	    .everything = unread && (report->unread_first || last),
	    .reread = unread,
	    .paths = (const char *const *)build->stale.items,
	    .paths_len = build->stale.len,
	    .patient = build->task.look.patient,
	    .last = unread && last,
	};
	look_start(build);
}

/* The file of an article is not there just now. A patient build waits: it may come back. */
static bool waits_for_file(const struct build *build, const struct render_report *report)
{
	struct stat stat;
	struct err err;

	if (!build->task.look.patient)
		return false;
	for (size_t i = 0; i < report->stale_paths.len; i++)
		if (fsio_stat(build->library->site->content, report->stale_paths.items[i], &stat,
			&err) < 0 &&
		    !err.passing)
			return true;
	return false;
}

/*
 * The text of an article cannot be read, for now. What is published stays until it can; but others
 * are not to wait for ever. The first time all are read: how many there are is what the guard judges.
 */
static bool waits_for_text(const struct build *build, const struct render_report *report)
{
	const struct library *library = build->library;

	if (report->unread.kind == ERR_NONE || report->unread_first || !build->task.writing)
		return false;
	for (size_t i = 0; i < report->stale_paths.len; i++)
		if (library_is_lasting(
			library, slice_of(report->stale_paths.items[i]), build->task.now))
			return false;
	return true;
}

static void on_rendered(void *arg, struct render_report *report)
{
	struct build *build = arg;

	build->render = NULL;
	if (report->unread.kind != ERR_NONE) {
		build->report.unread = true;
		build->report.err = report->unread;
	}
	if (report->stale && !build->stopped && !waits_for_file(build, report) &&
	    !waits_for_text(build, report) && ++build->tries < TRIES) {
		look_again(build, report);
		return;
	}
	build->report.render = *report;
	complaint_move(&build->report.complaints, &build->report.render.complaints);
	build_save_start(build);
}

/* ---- resolving ---- */

static void find_conflicts(struct build *build)
{
	size_t len;
	struct index_conflict *conflicts = index_conflicts(&build->library->index, &len);

	for (size_t i = 0; i < len; i++)
		vec_push(&build->conflicts, conflicts[i]);
	free(conflicts);
}

/*
 * What enters the feeds is new to readers, but for ids that left them now or that they know.
 * `known`: ids of the changes that stood in feeds before; released here.
 */
static void find_news(struct build *build, const struct index_delta *delta, struct map *known)
{
	for (size_t i = 0; i < delta->left.len; i++)
		*map_put(known, delta->left.items[i].article->id) = 1;
	map_reserve(&build->news, delta->entered.len);
	for (size_t i = 0; i < delta->entered.len; i++) {
		struct slice id = delta->entered.items[i].article->id;

		if (map_get(known, id) == MAP_NONE && !library_is_adopted(build->library, id))
			*map_put(&build->news, id) = 1;
	}
	map_free(known);
}

static void apply(struct build *build, struct resolve *resolve)
{
	struct index_delta delta;
	struct map known = MAP_INIT;

	for (size_t i = 0; i < resolve->changes.len; i++) {
		const struct article *article = resolve->changes.items[i].take_new;

		if (article && article->shown)
			*map_put(&known, article->id) = 1;
	}
	resolve_keep(resolve);
	library_apply(
	    build->library, resolve->changes.items, resolve->changes.len, build->task.now, &delta);
	build->report.changed += resolve->changes.len;
	map_free(&build->news);
	find_news(build, &delta, &known);
	index_delta_free(&delta);
	find_conflicts(build);
	if (build->task.look.everything && build->report.unsettled.len == 0 &&
	    build->report.missing.len == 0) {
		build->library->all_read = true;
		build->library->written_other = false;
	}
	build->library->fresh = false; /* from now on there are ids that others may not take */
	build->library->ids_pending = build->library->ids_pending || resolve->ids > 0;
}

static int resolve_all(struct build *build, struct err *err)
{
	struct library *library = build->library;
	struct resolve resolve = {
	    .library = library,
	    .now = build->task.now,
	    .come = build->come.items,
	    .come_len = build->come.len,
	    .gone = build->look.gone.items,
	    .gone_len = build->look.gone.len,
	    .maybe = build->look.missing.items,
	    .maybe_len = build->look.missing.len,
	    .held_before = build->task.held_before,
	    .account = build->task.account,
	};
	int rc = resolve_run(&resolve, err);

	build->come.len = 0; /* taken over */
	if (rc < 0)
		(void)err_wrap(err, "state in %s", library->site->state_path);
	if (rc < 0 || (!build->task.force && resolve_guard(&resolve, &build->report.held_back)))
		resolve_drop(&resolve);
	else
		apply(build, &resolve);
	resolve_free(&resolve);
	return rc;
}

static void resolve_work(uv_work_t *work)
{
	struct build *build = container_of(work, struct build, work);
	struct library *library = build->library;

	build->err = (struct err){0};
	if (resolve_all(build, &build->err) < 0 || build->report.held_back.len > 0 ||
	    !library->ids_pending)
		return;
	/* A new id is stored before a feed shows it. */
	if (build_save_ids(build, &build->err) < 0)
		build->report.unsaved = true;
	else
		library->ids_pending = false;
}

static void report_conflicts(struct build *build)
{
	struct library *library = build->library;

	library_solve_conflicts(library);
	for (size_t i = 0; i < build->conflicts.len; i++) {
		const struct index_conflict *c = &build->conflicts.items[i];
		struct slice path = c->skipped->path;
		struct err err;

		(void)err_set(&err, ERR_INVALID,
		    "its %s is that of %.*s, %s and keeps it: %.*s; give it %s of its own",
		    c->url ? "URL" : "id", SLICE_FMT(c->kept->path),
		    c->kept->shown && !c->skipped->shown ? "which readers have seen"
							 : "which is older",
		    SLICE_FMT(c->url ? c->skipped->url : c->skipped->id),
		    c->url ? "a slug" : "an id");
		if (library_put_conflict(library, path, &err))
			complaint_put(
			    &build->report.complaints, path, 0, 0, DIAG_WARNING, true, err.text);
	}
	library_end_conflicts(library);
}

static void on_resolved(uv_work_t *work, int status)
{
	struct build *build = container_of(work, struct build, work);
	const struct render_task task = {
	    .now = build->task.now,
	    .all = build->task.look.everything,
	    .news = &build->news,
	    .since_ms = build->task.since_ms,
	    .failed_before = build->task.failed_before,
	};

	(void)status;		     /* never cancelled */
	if (build->report.unsaved) { /* the changes are known, and no feed may show them yet */
		build->report.err = build->err;
		build_finish(build);
		return;
	}
	if (build->err.kind != ERR_NONE) {
		build_lose(build, &build->err);
		return;
	}
	if (build->report.held_back.len > 0) {
		build_save_start(build);
		return;
	}
	if (build->stopped) {
		build_finish(build);
		return;
	}
	report_conflicts(build);
	if (build->task.unrendered) {
		build_finish(build);
		return;
	}
	build_set_phase(build, BUILD_RENDERING);
	build->render = render_start(build->loop, build->library, &task, on_rendered, build);
}

void build_read_over(struct build *build)
{
	if (build->stopped) {
		build_finish(build);
		return;
	}
	build_set_phase(build, BUILD_RESOLVING);
	job_start(build->loop, &build->work, resolve_work, on_resolved);
}

/* ---- looking ---- */

static void look_work(uv_work_t *work)
{
	struct build *build = container_of(work, struct build, work);

	build->err = (struct err){0};
	(void)look_run(build->library, &build->task.look, &build->look, &build->err);
}

/* Names that no article can have, FIFOs and the like; folders that cannot be read. */
static void take_scan_complaints(struct build *build)
{
	const struct scan_result *scan = &build->look.scan;

	for (size_t i = 0; i < scan->complaints_len; i++) {
		struct slice path = slice_of(scan->complaints[i].path);
		const struct article_stamp stamp = {.size = -1};
		struct err err;

		(void)err_set(&err, scan->complaints[i].passing ? ERR_IO : ERR_INVALID, "%s",
		    scan->complaints[i].text);
		err.passing = scan->complaints[i].passing;
		build_put_problem(build, path, &stamp, &err);
	}
}

/* Leave out what somebody is still writing, as events have it. */
static void leave_unsettled(struct build *build)
{
	const struct build_task *task = &build->task;
	size_t kept = 0;

	for (size_t i = 0; i < build->look.reads.len; i++) {
		const struct scan_file *file = build->look.reads.items[i];

		if (!task->writing || !task->writing(task->writing_arg, file->path))
			build->look.reads.items[kept++] = file;
	}
	build->look.reads.len = kept;
}

static void on_looked(uv_work_t *work, int status)
{
	struct build *build = container_of(work, struct build, work);
	struct look *look = &build->look;

	(void)status; /* never cancelled */
	if (build->err.kind != ERR_NONE) {
		(void)err_wrap(
		    &build->err, "content.dir '%s'", build->library->site->config->content.dir);
		build_lose(build, &build->err);
		return;
	}
	for (size_t i = 0; i < look->solved.len; i++)
		library_solve_problem(build->library, slice_of(look->solved.items[i]->path));
	for (size_t i = 0; i < look->missing.len && build->task.look.everything; i++) {
		struct slice path = look->missing.items[i]->path;

		if (build->task.force) /* what was held back is to go now */
			vec_push(&look->gone, look->missing.items[i]);
		else
			vec_push(&build->report.missing, mem_dup(path.ptr, path.len));
	}
	if (build->task.force && build->task.look.everything)
		look->missing.len = 0;
	take_scan_complaints(build);
	leave_unsettled(build);
	memcpy(build->report.foreign, look->scan.foreign, sizeof(build->report.foreign));
	build_read_start(build);
}

static void look_start(struct build *build)
{
	build_set_phase(build, BUILD_LOOKING);
	job_start(build->loop, &build->work, look_work, on_looked);
}

struct build *build_start(uv_loop_t *loop, struct library *library, const struct build_task *task,
    build_done done, void *arg)
{
	struct build *build = mem_zalloc(1, sizeof(*build));

	build->loop = loop;
	build->library = library;
	build->task = *task;
	build->everything = task->look.everything;
	build->task.look.now = task->now;
	build->done = done;
	build->arg = arg;
	build->started = uv_hrtime() / 1000000;
	look_start(build);
	return build;
}

void build_stop(struct build *build)
{
	build->stopped = true;
	if (build->render)
		render_stop(build->render);
}

void build_free(struct build *build)
{
	if (!build)
		return;
	for (size_t i = 0; i < build->come.len; i++)
		free(build->come.items[i]);
	look_free(&build->look);
	vec_free(&build->come);
	vec_free(&build->conflicts);
	map_free(&build->news);
	free_paths(build->stale.items, build->stale.len);
	vec_free(&build->stale);
	free_paths(build->report.missing.items, build->report.missing.len);
	vec_free(&build->report.missing);
	for (size_t i = 0; i < build->report.unsettled.len; i++)
		free(build->report.unsettled.items[i].path);
	vec_free(&build->report.unsettled);
	free_paths(build->report.render.stale_paths.items, build->report.render.stale_paths.len);
	vec_free(&build->report.render.stale_paths);
	complaint_free(&build->report.complaints);
	buf_free(&build->report.held_back);
	free(build);
}
