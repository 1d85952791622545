/*
 * watch: what the kernel says of a folder of articles, as hints.
 *
 * An inotify descriptor of its own on the loop. libuv's watcher tells neither
 * that a writer closed a file nor that events were lost, so it is not used.
 * Events only say where to look; the scan is truth. The flow:
 *
 *	watch_start, then a scan of everything, which calls watch_folder for
 *	each folder that it enters, *before* it lists it; the loop hands events
 *	to the callback, which hands them to settle; what comes out of settle is
 *	scanned again, and the scan calls watch_folder for each new folder.
 *
 * So whatever lies in a folder is either listed or reported, in every race of
 * the scan with writers, and there is one walker only. A folder keeps its
 * place when it or a folder above it is renamed. A place that went wrong (an
 * event older than what the scan has seen) is always followed by a
 * WATCH_FOLDER, whose scan puts it right.
 *
 * The callback runs on the loop's thread. Everything else here belongs to the
 * loop's thread too, but for watch_folder and watch_forget, for the scan.
 * Names come as the file system has them: any bytes but "/" and NUL.
 */
#ifndef DAEMON_WATCH_H
#define DAEMON_WATCH_H

#include <stdbool.h>

#include "daemon/scan.h"
#include "feeds/base/err.h"

struct uv_loop_s;
struct watch;

enum watch_kind {
	WATCH_CHANGED,	 /* a file whose writer is done: closed, moved here, linked, a symlink */
	WATCH_TOUCHED,	 /* a file's mode, times or links changed; its writer may not be done */
	WATCH_CREATED,	 /* a file appeared; its writer is not done */
	WATCH_GONE,	 /* a file or a folder was deleted or moved away */
	WATCH_FOLDER,	 /* a folder appeared or may hold something new: look at all below it */
	WATCH_OVERFLOW,	 /* events were lost: scan everything; nothing is watched until then */
	WATCH_ROOT_LOST, /* the root went away: open it again, watch_restart, scan everything */
};

/*
 * `path` is within the root, "" for the last two kinds (and the root itself),
 * and valid during the call. Files come only when scan_wants takes them. The
 * callback may call watch_restart, but not watch_stop.
 */
typedef void (*watch_event)(void *arg, enum watch_kind kind, const char *path);

/*
 * `root` (an open folder) and `rules` are borrowed until watch_restart or
 * watch_stop. Nothing is watched before watch_folder is called, for "" first.
 * When the kernel has no watcher left for this user, or when `poll`, no events
 * come, and watch_polling says why.
 */
struct watch *watch_start(struct uv_loop_s *loop, int root, const struct scan_rules *rules,
    bool poll, watch_event event, void *arg);
/*
 * Forget all folders and begin anew with another root, or other rules. No scan
 * may be running, and one must follow.
 */
void watch_restart(struct watch *watch, int root, const struct scan_rules *rules, bool poll);
/* No scan may be running. The loop must run once more for all memory to be freed. */
void watch_stop(struct watch *take_watch);

/*
 * From the scan, on any thread, before it lists the folder open as `fd` at
 * `path` ("" for the root), parents first. `watch` may be NULL.
 */
void watch_folder(struct watch *watch, const char *path, int fd);

/* Why no events come at all, or NULL when they do. */
const char *watch_polling(const struct watch *watch);
/*
 * Call `each` for every folder whose files are not watched, since the kernel's
 * limit was reached or since events do not come at all (then: ""). They are to
 * be looked at every so often; the folders below are listed themselves.
 * Each scan of a folder tries again to have it watched.
 */
void watch_unwatched(struct watch *watch, void (*each)(void *arg, const char *path), void *arg);
/* A folder from watch_unwatched is not there any more. Any thread. */
void watch_forget(struct watch *watch, const char *path);
/*
 * After a scan: -1 when there is something new that a person should do about
 * watching (raise a limit of the kernel), with *err saying it; else 0. Says
 * each thing once until it is over.
 */
int watch_complain(struct watch *watch, struct err *err);
/* How many folders are known, watched or not. */
size_t watch_len(struct watch *watch);

/*
 * The name of the file system of an open folder when others can change it
 * without this kernel knowing ("NFS", "CIFS", ...), else NULL.
 */
const char *watch_remote(int fd);

#endif
