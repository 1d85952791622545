/*
 * render: all feeds of a frozen index become files.
 *
 * Each feed is a group of documents, one for each format asked for. Its
 * entries are rendered on workers in small batches, each entry once for all
 * formats; finished batches are appended to the documents in order. Nothing
 * is held but the batches in flight, so a feed of any size needs little memory.
 *
 *	group ─► batch (worker: read, render, print) ─► append (worker: check, digest, write)
 *
 * Runs on the loop; render_start returns at once and `done` is called once,
 * never from inside render_start.
 */
#ifndef DAEMON_RENDER_H
#define DAEMON_RENDER_H

#include <uv.h>

#include "daemon/complaint.h"
#include "daemon/publish.h"
#include "daemon/site.h"
#include "feeds/index.h"

struct render_report {
	size_t feeds;		      /* documents that are right on disk now, or would be */
	size_t created, replaced;     /* of these */
	size_t failed;		      /* documents that could not be brought up to date */
	size_t entries;		      /* articles rendered */
	size_t unknowns;	      /* directives removed because nobody knows them */
	bool stale;		      /* an article changed since it was indexed: build again */
	struct complaints complaints; /* of bodies; owned by the caller of render_start */
};

typedef void (*render_done)(void *arg, struct render_report *report);

/* `site` and `index` must not change until `done`. */
void render_start(uv_loop_t *loop, const struct site *site, const struct index *index, int64_t now,
    bool dry, render_done done, void *arg);

#endif
