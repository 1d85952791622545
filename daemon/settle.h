/*
 * settle: when is it quiet enough to look?
 *
 * Between watch and build. It gathers the paths that events are about, waits
 * until writers are done, and gives them out as one batch:
 *
 *	settle_note as events come; a timer at settle_due; settle_take then;
 *	answer its probes (stat) with settle_probe; set the timer again.
 *
 * A path is in one of three states. Columns are events:
 *
 *	             CHANGED  TOUCHED  CREATED  GONE   FOLDER
 *	(not known)  dirty    dirty    waits    gone   dirty
 *	dirty        dirty    dirty    waits    gone   dirty
 *	waits        dirty    waits    waits    gone   dirty
 *	gone         dirty    dirty    waits    gone   dirty
 *
 * - dirty: in the next batch, which comes `quiet_ms` after the last event that
 *   made a path dirty, and at most `quiet_max_ms` after the first one.
 * - waits: its writer is not done. A close makes it dirty, or that two probes
 *   SETTLE_STILL_MS apart find the same size and mtime. In no batch until then.
 * - gone: dirty SETTLE_GONE_MS after the event, together with what is dirty by
 *   then. A path that comes back within is merely changed, so that a checkout,
 *   which deletes and creates, takes no article away for a moment. All batches
 *   before have it in `maybe_gone`: a look may find there what a file that came
 *   was renamed from. Deletions alone bring no batch before their time, and those
 *   that follow each other within SETTLE_TOGETHER_MS come together, at most
 *   `quiet_max_ms` late: how much goes at once is what the guard judges, and a disk
 *   that is busy takes its time with each. While a path waits, they come
 *   SETTLE_STILL_MS later: it may be what one was linked to.
 *
 * Beyond SETTLE_PATHS paths, and when events were lost, a batch is
 * `everything`. Decides only: time is an argument, in milliseconds of any
 * clock that does not jump.
 */
#ifndef DAEMON_SETTLE_H
#define DAEMON_SETTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/watch.h"
#include "feeds/base/arena.h"

enum {
	SETTLE_PATHS = 65536,
	SETTLE_GONE_MS = 1000,
	SETTLE_TOGETHER_MS = 250,
	SETTLE_STILL_MS = 2000,
};

struct settle_batch {
	struct arena arena; /* owns all that follows */
	bool everything;    /* scan it all; `paths` is empty */
	/* To look at, in byte order: a file, a folder with all below, or no more there. */
	const char **paths;
	size_t paths_len;
	/* Held deletions, in byte order: gone for now. They come once more in `paths`. */
	const char **maybe_gone;
	size_t maybe_gone_len;
	/* To stat, without following symlinks out; answer with settle_probe. */
	const char **probes;
	size_t probes_len;
	uint64_t first_ms; /* of the earliest event of `paths`, or of `everything` */
};

struct settle;

struct settle *settle_new(uint64_t quiet_ms, uint64_t quiet_max_ms);
void settle_free(struct settle *settle);
/* Other times, from now on. */
void settle_tune(struct settle *settle, uint64_t quiet_ms, uint64_t quiet_max_ms);

/* WATCH_OVERFLOW and WATCH_ROOT_LOST ask for everything, at once and without quiet. */
void settle_note(struct settle *settle, enum watch_kind kind, const char *path, uint64_t now_ms);
/*
 * A scan found a file that is empty or may still grow, of this size and mtime:
 * let it wait, in place of an earlier batch. It comes back in `paths` when it
 * was closed, or was still for SETTLE_STILL_MS. Hold only what was modified
 * within the last SETTLE_STILL_MS, or it is held forever.
 */
void settle_hold(
    struct settle *settle, const char *path, uint64_t size, int64_t mtime_ns, uint64_t now_ms);
/* A build looked for it in vain: as if it was seen to go, unless an event has told of it since. */
void settle_miss(struct settle *settle, const char *path, uint64_t now_ms);
/* The answer to a probe; `exists` false: size and mtime mean nothing. */
void settle_probe(struct settle *settle, const char *path, bool exists, uint64_t size,
    int64_t mtime_ns, uint64_t now_ms);
/* Is the writer of this path not done? Then a scan should leave the article as it was. */
bool settle_waits(const struct settle *settle, const char *path);
/* Was this path seen to go, and is still held? */
bool settle_is_gone(const struct settle *settle, const char *path);

/*
 * settle_take has nothing before this: ms, possibly past; UINT64_MAX: never, as things stand.
 * It may be early, when what was to come then has come otherwise.
 */
uint64_t settle_due(const struct settle *settle);
/*
 * What is due at `now_ms`; false when nothing is, and then *out is empty. Its
 * `paths` are given away; whoever fails to look at them notes them again.
 */
bool settle_take(struct settle *settle, uint64_t now_ms, struct settle_batch *out);
void settle_batch_free(struct settle_batch *batch);

#endif
