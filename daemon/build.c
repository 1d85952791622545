#include "daemon/build.h"

#include <stdlib.h>

#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/read.h"
#include "feeds/base/mem.h"
#include "feeds/base/vec.h"

enum {
	CHUNK = 64,	     /* articles that one job reads */
	TRIES = 3,	     /* builds in a row when articles change meanwhile */
	PROGRESS_AFTER = 500 /* ms of silence before a progress line */
};

enum build_phase { BUILD_SCANNING, BUILD_READING, BUILD_INDEXING, BUILD_RENDERING, BUILD_DONE };

struct build {
	uv_loop_t *loop;
	const struct site *site;
	int64_t now;
	bool dry;
	build_done done;
	void *arg;
	enum build_phase phase;
	unsigned tries;
	uint64_t started; /* uv_now, ms */

	uv_work_t work; /* the scan, then the index */
	struct err err;
	struct scan_result scan;
	size_t next_file; /* of the scan, not given to a job yet */
	size_t files_read;
	unsigned reading; /* jobs under way */
	struct index index;
	VEC(struct index_change) changes; /* read, not in the index yet */
	struct index_conflict *conflicts;
	size_t conflicts_len;
	struct build_report report;
};

struct read_job {
	uv_work_t work;
	struct build *build;
	size_t first, len;
	struct complaints complaints;
	VEC(struct article *) articles;
	size_t skipped;
};

static void scan_start(struct build *build);

static void set_phase(struct build *build, enum build_phase phase)
{
	static const char *const names[] = {"scanning", "reading", "indexing", "rendering", "done"};

	build->phase = phase;
	log_debug("build: %s", names[phase]);
}

static void show_progress(const struct build *build)
{
	if (uv_now(build->loop) - build->started > PROGRESS_AFTER)
		log_progress("reading articles: %zu of %zu", build->files_read, build->scan.len);
}

static void finish(struct build *build)
{
	complaint_sort(&build->report.complaints);
	build->report.index = &build->index;
	set_phase(build, BUILD_DONE);
	build->done(build->arg, &build->report);
}

/* ---- rendering ---- */

static void reset(struct build *build)
{
	index_free(&build->index);
	scan_free(&build->scan);
	free(build->conflicts);
	build->conflicts = NULL;
	complaint_free(&build->report.complaints);
	complaint_free(&build->report.render.complaints);
	build->report = (struct build_report){0};
}

static void on_rendered(void *arg, struct render_report *report)
{
	struct build *build = arg;

	if (report->stale && ++build->tries < TRIES) {
		log_debug("build: an article changed while it was being published; once more");
		complaint_free(&report->complaints);
		reset(build);
		scan_start(build);
		return;
	}
	build->report.render = *report;
	complaint_move(&build->report.complaints, &build->report.render.complaints);
	finish(build);
}

/* ---- the index ---- */

static void index_run(uv_work_t *work)
{
	struct build *build = container_of(work, struct build, work);

	struct index_delta delta;

	index_update(&build->index, build->changes.items, build->changes.len, build->now, &delta);
	index_delta_free(&delta);
	vec_free(&build->changes);
	build->conflicts = index_conflicts(&build->index, &build->conflicts_len);
}

static void report_conflicts(struct build *build)
{
	for (size_t i = 0; i < build->conflicts_len; i++) {
		const struct index_conflict *c = &build->conflicts[i];
		struct buf text = BUF_INIT;

		buf_printf(&text,
		    "its %s is that of %.*s, which is older and keeps it: %.*s; give it %s of its "
		    "own",
		    c->url ? "URL" : "id", SLICE_FMT(c->kept->path),
		    SLICE_FMT(c->url ? c->skipped->url : c->skipped->id),
		    c->url ? "a slug" : "an id");
		complaint_put(&build->report.complaints, c->skipped->path, 0, 0, DIAG_WARNING, true,
		    buf_string(&text));
		buf_free(&text);
		build->report.skipped++;
	}
}

static void on_indexed(uv_work_t *work, int status)
{
	struct build *build = container_of(work, struct build, work);

	(void)status; /* never cancelled */
	report_conflicts(build);
	memcpy(build->report.standings, build->index.standings, sizeof(build->report.standings));
	build->report.standings[ARTICLE_PUBLIC] -= build->conflicts_len;
	build->report.next_change = build->index.next_change;
	set_phase(build, BUILD_RENDERING);
	render_start(
	    build->loop, build->site, &build->index, build->now, build->dry, on_rendered, build);
}

/* ---- reading ---- */

static void read_run(uv_work_t *work)
{
	struct read_job *job = container_of(work, struct read_job, work);
	struct reader reader = READER_INIT;

	for (size_t i = job->first; i < job->first + job->len; i++) {
		const char *path = job->build->scan.files[i].path;
		struct diags diags = DIAGS_INIT;
		struct err err;

		if (read_article(&reader, job->build->site, path, &diags, &err) == 0) {
			vec_push(&job->articles, article_pack(&reader.article));
		} else {
			job->skipped++;
			complaint_put(&job->complaints, slice_of(path), err.line, err.column,
			    DIAG_WARNING, true, err.text);
		}
		/* Also of one that is skipped: a date that nobody could read may be why. */
		complaint_put_diags(&job->complaints, slice_of(path), &diags);
		diags_free(&diags);
	}
	reader_free(&reader);
}

static void read_next(struct build *build);

static void on_read(uv_work_t *work, int status)
{
	struct read_job *job = container_of(work, struct read_job, work);
	struct build *build = job->build;

	(void)status; /* never cancelled */
	for (size_t i = 0; i < job->articles.len; i++)
		vec_push(&build->changes, ((struct index_change){NULL, job->articles.items[i]}));
	complaint_move(&build->report.complaints, &job->complaints);
	build->report.skipped += job->skipped;
	build->files_read += job->len;
	build->reading--;
	vec_free(&job->articles);
	free(job);
	show_progress(build);
	read_next(build);
}

/* Keep every worker busy; when all is read, go on to the index. */
static void read_next(struct build *build)
{
	unsigned most = 2 * job_threads();

	while (build->next_file < build->scan.len && build->reading < most) {
		struct read_job *job = mem_zalloc(1, sizeof(*job));
		size_t left = build->scan.len - build->next_file;

		job->build = build;
		job->first = build->next_file;
		job->len = left < CHUNK ? left : CHUNK;
		build->next_file += job->len;
		build->reading++;
		job_start(build->loop, &job->work, read_run, on_read);
	}
	if (build->reading > 0)
		return;
	set_phase(build, BUILD_INDEXING);
	job_start(build->loop, &build->work, index_run, on_indexed);
}

/* ---- the scan ---- */

static void scan_work(uv_work_t *work)
{
	struct build *build = container_of(work, struct build, work);

	build->report.failed =
	    scan_run(build->site->content, &build->site->scan, &build->scan, &build->err) < 0;
}

static void on_scanned(uv_work_t *work, int status)
{
	struct build *build = container_of(work, struct build, work);
	struct complaints *all = &build->report.complaints;

	(void)status; /* never cancelled */
	if (build->report.failed) {
		log_error(
		    "content.dir '%s': %s", build->site->config->content.dir, build->err.text);
		finish(build);
		return;
	}
	for (size_t i = 0; i < build->scan.complaints_len; i++)
		complaint_put(all, slice_of(build->scan.complaints[i].path), 0, 0, DIAG_WARNING,
		    true, build->scan.complaints[i].text);
	build->report.skipped = build->scan.complaints_len + build->scan.complaints_dropped;
	build->report.articles = build->scan.len + build->report.skipped;
	build->next_file = build->files_read = 0;
	set_phase(build, BUILD_READING);
	read_next(build);
}

static void scan_start(struct build *build)
{
	set_phase(build, BUILD_SCANNING);
	job_start(build->loop, &build->work, scan_work, on_scanned);
}

struct build *build_start(
    uv_loop_t *loop, const struct site *site, int64_t now, bool dry, build_done done, void *arg)
{
	struct build *build = mem_zalloc(1, sizeof(*build));

	build->loop = loop;
	build->site = site;
	build->now = now;
	build->dry = dry;
	build->done = done;
	build->arg = arg;
	build->started = uv_now(loop);
	scan_start(build);
	return build;
}

void build_free(struct build *build)
{
	if (!build)
		return;
	reset(build);
	free(build);
}
