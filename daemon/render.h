/*
 * render: feeds of a frozen library become files.
 *
 * First a plan (plan.h) says which documents are not what they should be. Each
 * feed is then a group of documents, one for each format wanted. Its entries
 * are rendered on workers in small batches, each entry once for all formats;
 * finished batches are appended to the documents in order. Nothing is held
 * but the batches in flight, so a feed of any size needs little memory.
 *
 *	plan ─► group ─► batch (worker: read, render) ─► append (worker: print, check, digest, write)
 *
 * Runs on the loop; render_start returns at once and `done` is called once,
 * never from inside render_start. What was published is put into the library;
 * a group that could not be brought up to date stays touched.
 */
#ifndef DAEMON_RENDER_H
#define DAEMON_RENDER_H

#include <uv.h>

#include "daemon/complaint.h"
#include "daemon/library.h"
#include "daemon/publish.h"

struct render_task {
	int64_t now; /* Unix seconds */
	bool all;    /* see that every document is in its place; else those of touched feeds */
	const struct map *news; /* ids that readers see for the first time; for messages */
	uint64_t since_ms;	/* uv_now when the save was heard of; 0: none was */
	bool failed_before;	/* what fails failed before, and was said */
};

struct render_report {
	size_t feeds;		      /* documents that are right on disk now, or would be */
	size_t created, replaced;     /* of these */
	size_t failed;		      /* documents that could not be brought up to date */
	size_t entries;		      /* articles rendered */
	size_t unknowns;	      /* directives removed because nobody knows them */
	bool stale;		      /* articles changed since they were indexed: build again */
	VEC(char *) stale_paths;      /* of these; owned by the caller of render_start */
	struct err unread;	      /* why one of these could not be read, for now; or ERR_NONE */
	bool unread_first;	      /* of one at least that was not known before */
	struct complaints complaints; /* of bodies; likewise */
	struct err err;		      /* of the first document that failed */
};

typedef void (*render_done)(void *arg, struct render_report *report);

struct render;

/* Nobody else may touch the library until `done`. */
struct render *render_start(uv_loop_t *loop, struct library *library,
    const struct render_task *task, render_done done, void *arg);
/* End as soon as may be, with what is published by then; `done` is called. */
void render_stop(struct render *render);

#endif
