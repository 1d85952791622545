/*
 * build: one pass from what is on disk to published feeds.
 *
 *	look ─► read (workers) ─► resolve, apply ─► save ids ─► render, publish ─► save ─► done
 *
 * Orders that matter, written down here once: a folder is watched before it is
 * listed (scan.h); a new id is stored before a feed shows it; a feed file is
 * durable before the state says so, and before anyone is told of it.
 *
 * The cost follows what changed: what look finds untouched is not read, and
 * what the plan finds standing is not rendered. Where something fails, what is
 * published stays as it was, the library knows what is still to be done, and
 * the next build tries again.
 *
 * Runs on the loop; build_start returns at once and `done` is called once,
 * never from inside build_start. Complaints are gathered in the report, sorted
 * by path; who asked for the build logs them.
 */
#ifndef DAEMON_BUILD_H
#define DAEMON_BUILD_H

#include <uv.h>

#include "daemon/complaint.h"
#include "daemon/library.h"
#include "daemon/look.h"
#include "daemon/plan.h"
#include "daemon/render.h"
#include "daemon/resolve.h"

struct build_report;

struct build_task {
	struct look_task look; /* borrowed until `done` */
	int64_t now;	       /* Unix seconds; what is public is decided by it */
	uint64_t since_ms;     /* uv_now when the first event came; 0: none did */
	bool force;	       /* publish even what the guard would hold back */
	bool held_before;      /* the last build was held back: what is missing counts as gone */
	bool failed_before;    /* the last build failed: say again only what is new */
	bool unrendered;       /* end when the library is in line with the content: a question */
	struct resolve_account *account; /* of one article; NULL: nobody asks */
	/*
	 * On the loop, when feeds were published and before that is saved: not after a build that
	 * was lost, held back or stopped early, nor in a dry run. Of the report *render is there.
	 * Who takes up events of the library does so here. NULL: nobody does.
	 */
	void (*saving)(void *arg, const struct build_report *report);
	/* Adds to what the build saves, in its transaction; on a worker. NULL: nothing. */
	int (*save)(void *arg, struct state *state, struct err *err);
	void *save_arg; /* of both */
	/*
	 * Is somebody still writing this file? Then it stays as it was. NULL: there is no later
	 * build to wait for.
	 */
	bool (*writing)(void *arg, const char *path);
	void *writing_arg;
};

struct build_unsettled { /* a file that may still grow */
	char *path;
	struct article_stamp stamp;
};

struct build_report {
	size_t articles;		     /* found */
	size_t skipped;			     /* of these, could not be used; each was named */
	size_t standings[ARTICLE_STANDINGS]; /* of the others */
	size_t foreign[SCAN_FOREIGN];	     /* no articles; see scan_result */
	size_t changed;			     /* of all, those that this build read anew or lost */
	int64_t next_change;		     /* of an article by the clock; 0: none is known */
	int64_t next_removal;		     /* of an empty feed; 0: none is known */
	bool lost;    /* what was looked at, or was to be, is not known: *err says why */
	bool unsaved; /* the state could not be written: *err says why */
	bool renewed; /* the state was begun anew under way: it has what the build saved, alone */
	bool unread;  /* something could not be read, for now: *err says why; it was named */
	struct err err;
	struct buf held_back; /* why nothing was published, or empty */
	struct render_report render;
	struct complaints complaints; /* all of them, sorted; owned by the build */
	VEC(char *) missing; /* what a patient build did not find, or not any more; owned */
	VEC(struct build_unsettled) unsettled; /* owned */
	const struct index *index;	       /* of the articles; the library's */
};

typedef void (*build_done)(void *arg, const struct build_report *report);

struct build;

/* The library is the build's until `done`. */
struct build *build_start(uv_loop_t *loop, struct library *library, const struct build_task *task,
    build_done done, void *arg);
/* End as soon as may be; what is not published stays for the next build. `done` is called. */
void build_stop(struct build *build);
/* After `done`. */
void build_free(struct build *build);

#endif
