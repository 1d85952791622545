/*
 * How a build reads: what look found new or changed, in chunks, on all workers.
 */
#include <stdlib.h>

#include "daemon/build_parts.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/read.h"
#include "feeds/base/mem.h"

enum {
	CHUNK = 64,	     /* articles that one job reads */
	PROGRESS_AFTER = 500 /* ms of silence before a progress line */
};

struct read_job {
	uv_work_t work;
	struct build *build;
	size_t first, len;
	struct complaints complaints; /* of articles that can be used */
	VEC(struct article *) articles;
	VEC(struct read_failure {
		const struct scan_file *file;
		struct err err;
	})
	failures;
	VEC(const struct scan_file *) unsettled;
};

static void show_progress(const struct build *build)
{
	if (uv_hrtime() / 1000000 - build->started > PROGRESS_AFTER)
		log_progress(
		    "reading articles: %zu of %zu", build->files_read, build->look.reads.len);
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/*
 * Was the file found below a folder, and no event has said that its writer is
 * done? Then a patient build waits, where the kernel cannot tell.
 */
static bool in_doubt(const struct build *build, const char *path)
{
	const struct look_task *look = &build->task.look;

	return look->patient && !(look->paths_len && bsearch(&path, look->paths, look->paths_len,
							 sizeof(*look->paths), compare_paths));
}

static void read_one(struct read_job *job, struct reader *reader, const struct scan_file *file)
{
	const struct build *build = job->build;
	struct slice path = slice_of(file->path);
	const struct article *known = index_find(&build->library->index, path);
	struct diags diags = DIAGS_INIT;
	struct err err;
	int rc;

	reader->doubt = in_doubt(build, file->path);
	rc = read_article(
	    reader, build->library->site, file->path, known, build->task.now, &diags, &err);
	if (reader->unsettled && build->task.writing && !(rc < 0 && err.passing)) {
		vec_push(&job->unsettled, file);
	} else if (rc == 0) {
		reader->article.shared = file->shared || reader->shared;
		vec_push(&job->articles, article_pack(&reader->article));
		/* Read again, for a date that is still to come or in another pass: they were said. */
		if (!known || known->digest != reader->article.digest ||
		    (!known->early && build->tries == 0))
			complaint_put_diags(&job->complaints, path, &diags);
	} else {
		vec_push(&job->failures, ((struct read_failure){file, err}));
		/* A date that nobody could read may be why. */
		complaint_put_diags(&job->complaints, path, &diags);
	}
	diags_free(&diags);
}

static void read_run(uv_work_t *work)
{
	struct read_job *job = container_of(work, struct read_job, work);
	struct reader reader = READER_INIT;

	for (size_t i = job->first; i < job->first + job->len; i++)
		read_one(job, &reader, job->build->look.reads.items[i]);
	reader_free(&reader);
}

void build_put_problem(struct build *build, struct slice path, const struct article_stamp *stamp,
    const struct err *err)
{
	if (library_put_problem(build->library, path, stamp, err))
		complaint_put(&build->report.complaints, path, err->line, err->column, DIAG_WARNING,
		    true, err->text);
	if (!err->passing)
		return;
	build->report.unread = true;
	library_note_unread(build->library, path, build->task.now);
	build->report.err = *err;
	(void)err_wrap(&build->report.err, "%.*s", SLICE_FMT(path));
}

static void put_unsettled(struct build *build, const struct scan_file *file)
{
	vec_push(&build->report.unsettled,
	    ((struct build_unsettled){mem_dup(file->path, strlen(file->path)), file->stamp}));
}

/* What could not be read may stay as it was. */
static bool may_wait(const struct build *build, struct slice path)
{
	return !build->task.look.last && !library_is_lasting(build->library, path, build->task.now);
}

/* It was listed, and is not there: for the first time? Then perhaps another takes its place now. */
static bool may_return(const struct build *build, struct slice path, const struct err *err)
{
	const struct library_problem *problem = library_problem(build->library, path);

	return err->absent && build->task.look.patient && !(problem && !problem->conflict);
}

/* What the index has of it stays, until it is looked for as for any that is missing. */
static void miss(struct build *build, struct slice path, const struct article *known,
    const struct article_stamp *stamp)
{
	struct err err;

	(void)err_set(&err, ERR_IO, "it was gone when it was to be read");
	(void)library_put_problem(build->library, path, stamp, &err); /* said if it goes on */
	if (known)
		vec_push(&build->look.missing, known);
	vec_push(&build->report.missing, mem_dup(path.ptr, path.len));
}

/*
 * The file cannot be used, and is named, once. What the index has of it goes, unless it can
 * perhaps be read in a moment: that is tried again, changed or not.
 */
static void take_failure(struct build *build, const struct read_failure *failure)
{
	struct slice path = slice_of(failure->file->path);
	const struct article *known = index_find(&build->library->index, path);
	struct article_stamp stamp = failure->file->stamp;
	bool passing = failure->err.passing;

	/* The reason is not in the file: that it is the same one again proves nothing. */
	if (failure->err.kind == ERR_IO)
		stamp.size = -1;
	if (may_return(build, path, &failure->err)) {
		miss(build, path, known, &stamp);
		return;
	}
	build_put_problem(build, path, &stamp, &failure->err);
	if (known && !(passing && may_wait(build, path)))
		vec_push(&build->look.gone, known);
}

static void read_next(struct build *build);

static void on_read(uv_work_t *work, int status)
{
	struct read_job *job = container_of(work, struct read_job, work);
	struct build *build = job->build;

	(void)status; /* never cancelled */
	for (size_t i = 0; i < job->articles.len; i++) {
		vec_push(&build->come, job->articles.items[i]);
		library_solve_problem(build->library, job->articles.items[i]->path);
	}
	for (size_t i = 0; i < job->failures.len; i++)
		take_failure(build, &job->failures.items[i]);
	for (size_t i = 0; i < job->unsettled.len; i++)
		put_unsettled(build, job->unsettled.items[i]);
	complaint_move(&build->report.complaints, &job->complaints);
	build->files_read += job->len;
	build->reading--;
	vec_free(&job->articles);
	vec_free(&job->failures);
	vec_free(&job->unsettled);
	free(job);
	show_progress(build);
	read_next(build);
}

/* Keep every worker busy; when all is read, go on. */
static void read_next(struct build *build)
{
	unsigned most = 2 * job_threads();

	/* Stopped: what was not read counts as not there, so nothing of it may be taken on. */
	while (
	    !build->stopped && build->next_file < build->look.reads.len && build->reading < most) {
		struct read_job *job = mem_zalloc(1, sizeof(*job));
		size_t left = build->look.reads.len - build->next_file;

		job->build = build;
		job->first = build->next_file;
		job->len = left < CHUNK ? left : CHUNK;
		build->next_file += job->len;
		build->reading++;
		job_start(build->loop, &job->work, read_run, on_read);
	}
	if (build->reading == 0)
		build_read_over(build);
}

void build_read_start(struct build *build)
{
	build->next_file = build->files_read = 0;
	build_set_phase(build, BUILD_READING);
	read_next(build);
}
