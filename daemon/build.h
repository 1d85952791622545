/*
 * build: one pass from what is on disk to published feeds.
 *
 *	scan ─► read (workers) ─► index ─► render ─► done
 *
 * Orders that matter: a feed file is durable before anyone is told of it.
 *
 * Runs on the loop; build_start returns at once and `done` is called once,
 * never from inside build_start. Complaints are gathered in the report, sorted
 * by path; who asked for the build logs them.
 */
#ifndef DAEMON_BUILD_H
#define DAEMON_BUILD_H

#include <uv.h>

#include "daemon/complaint.h"
#include "daemon/render.h"
#include "daemon/site.h"

struct build_report {
	size_t articles;		     /* found */
	size_t skipped;			     /* of these, could not be used; each was named */
	size_t standings[ARTICLE_STANDINGS]; /* of the others */
	int64_t next_change;		     /* Unix seconds; 0: none is known */
	bool failed;			     /* the content folder could not be read */
	struct render_report render;
	struct complaints complaints; /* all of them, sorted; owned by the build */
	const struct index *index;    /* of the articles; owned by the build */
};

typedef void (*build_done)(void *arg, const struct build_report *report);

struct build;

/* `site` must outlive the build. `now`: what is public is decided by it. */
struct build *build_start(
    uv_loop_t *loop, const struct site *site, int64_t now, bool dry, build_done done, void *arg);
/* After `done`. */
void build_free(struct build *build);

#endif
