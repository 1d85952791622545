/*
 * build_parts: what the files of a build share among themselves.
 */
#ifndef DAEMON_BUILD_PARTS_H
#define DAEMON_BUILD_PARTS_H

#include "daemon/build.h"

enum build_phase {
	BUILD_LOOKING,
	BUILD_READING,
	BUILD_RESOLVING,
	BUILD_RENDERING,
	BUILD_SAVING,
	BUILD_DONE
};

struct build {
	uv_loop_t *loop;
	struct library *library;
	struct build_task task;
	build_done done;
	void *arg;
	enum build_phase phase;
	unsigned tries;
	uint64_t started; /* of uv_hrtime, ms */
	bool stopped;
	bool everything; /* the first pass looked at the whole tree; those after it do not */

	struct render *render; /* under way, or NULL */
	uv_work_t work;	       /* look, resolve, save */
	struct err err;
	struct look look;
	size_t next_file; /* of look.reads, not given to a job yet */
	size_t files_read;
	unsigned reading; /* jobs under way */
	VEC(struct article *) come;
	VEC(struct index_conflict) conflicts;
	struct map news;   /* ids that no reader has seen */
	VEC(char *) stale; /* paths to look at in the next pass */
	struct build_report report;
};

/* build.c */
void build_set_phase(struct build *build, enum build_phase phase);
/* All that look found is read, or the build is stopped. */
void build_read_over(struct build *build);
/* Report, and be done. */
void build_finish(struct build *build);

/* build_read.c: what look found. build_read_over is called, perhaps at once. */
void build_read_start(struct build *build);
/* A path cannot be used; it is named once. One that passes (err->passing) is tried again. */
void build_put_problem(struct build *build, struct slice path, const struct article_stamp *stamp,
    const struct err *err);

/* build_save.c: new ids alone, before any feed shows them. On a worker. */
int build_save_ids(struct build *build, struct err *err);
/* Whatever came of the build, save it, and finish. */
void build_save_start(struct build *build);
/* What was looked at, or was to be, is not known; then the same. */
void build_lose(struct build *build, const struct err *err);

#endif
