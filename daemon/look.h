/*
 * look: what of the tree on disk is not as the library knows it.
 *
 * The scan says which files are there and how they are stamped; look compares
 * that with the index and comes back with what has to be read and what is
 * gone. It opens no article. Blocks: use it on a worker; the library is only
 * read.
 */
#ifndef DAEMON_LOOK_H
#define DAEMON_LOOK_H

#include "daemon/library.h"

struct look_task {
	int64_t now;		  /* Unix seconds */
	bool everything;	  /* scan the whole tree; else `paths` alone */
	struct ahead *take_ahead; /* the scan of it, if one is under way; else NULL */
	const char *const *paths; /* files or folders, there or not; in byte order */
	size_t paths_len;
	/* Seen to go a moment ago: they may come back, or be what a new file was moved from. */
	const char *const *maybe_gone;
	size_t maybe_gone_len;
	bool patient; /* what is not found by a scan may come back, too */
	/* No later look comes: what cannot be read now counts as what is not there. */
	bool last;
	bool reread; /* read every file, changed or not: who checks wants to hear of everything */
};

struct look {
	struct scan_result scan;
	VEC(const struct scan_file *) reads;	    /* new, or not what was read */
	VEC(const struct article *) gone;	    /* their files are no more */
	VEC(const struct article *) missing;	    /* not there now, perhaps for a moment only */
	VEC(const struct library_problem *) solved; /* the file that was one is no more */
};

/* -1: the content folder cannot be read. Free *out in any case. */
int look_run(
    const struct library *library, const struct look_task *task, struct look *out, struct err *err);
void look_free(struct look *look);

#endif
