/*
 * fsio: files and folders, with the care that a daemon owes them.
 *
 * Every path is opened below a folder's descriptor and never leaves it, not
 * through ".." and not through a symlink (openat2 with RESOLVE_BENEATH). All
 * fsync and rename of the program are here. Calls block: use them on workers.
 */
#ifndef DAEMON_FSIO_H
#define DAEMON_FSIO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "feeds/base/buf.h"
#include "feeds/base/err.h"

/*
 * What the system says (errno) about what was being done, and what a person can do: -1.
 * err->passing: no descriptor, no memory, a disk or a mount that does not answer.
 */
int fsio_error(struct err *err, const char *doing);

/* An open folder, or -1. */
int fsio_open_folder(const char *path, struct err *err);
/* The same, made with its parents when it is not there. */
int fsio_make_folder(const char *path, struct err *err);
/* The same, but a folder that is made is for its owner alone (mode 0700). */
int fsio_make_private_folder(const char *path, struct err *err);
/* Could files be made in it, after fsio_make_folder? Changes nothing. */
int fsio_check_folder(const char *path, struct err *err);
/* A folder below another, made with its parents when `make`. "" is `root` itself. */
int fsio_open_folder_below(int root, const char *path, bool make, struct err *err);

/*
 * Open a regular file below `root` for reading; *out_stat is filled. Never
 * waits: a FIFO, a device or a socket is an ERR_INVALID that says so.
 */
int fsio_open_file(int root, const char *path, struct stat *out_stat, struct err *err);

/* What a path below `root` is, following symlinks that stay below. */
int fsio_stat(int root, const char *path, struct stat *out_stat, struct err *err);

/* Is there something of this name below `root`, be it what nobody can open, and no folder? */
bool fsio_is_taken(int root, const char *path);

/* When an open file was made, as far as the file system knows; at most its mtime. Unix seconds. */
int64_t fsio_first_seen(int fd, const struct stat *stat);

/*
 * Has anybody an open file open for writing? The kernel says so to the file's owner and to
 * root. SIGIO must be ignored: whoever begins to write at this very moment causes one.
 */
enum fsio_writer { FSIO_NO_WRITER, FSIO_WRITER, FSIO_WRITER_UNKNOWN };
enum fsio_writer fsio_writer(int fd);

/* Append a whole file; ERR_LIMIT when it is larger than `max` bytes. */
int fsio_read(int fd, const struct stat *stat, size_t max, struct buf *out, struct err *err);
/* The same as fsio_open_file for any path, which may lead anywhere (settings, a zone, a secret). */
int fsio_open_path(const char *path, struct stat *out_stat, struct err *err);
/* Open, read, close such a file. */
int fsio_read_path(const char *path, size_t max, struct buf *out, struct err *err);
/* Write all of it. */
int fsio_write(int fd, const void *bytes, size_t len, struct err *err);

/*
 * A file being written beside the one it will replace: hidden, named
 * `.NAME.feedd-PID-NUMBER.tmp`, in the same folder. It is locked (flock) while
 * it is written, so that of two feedd neither takes the other's.
 */
struct fsio_temp {
	int folder; /* borrowed descriptor */
	char *name; /* of the temp, owned; NULL: none */
	int fd;	    /* -1: none */
};

#define FSIO_TEMP_INIT                                                                             \
	(struct fsio_temp)                                                                         \
	{                                                                                          \
		-1, NULL, -1                                                                       \
	}

int fsio_temp_open(struct fsio_temp *temp, int folder, const char *name, struct err *err);
/* Give it a mode (0: by umask) and an mtime, and bring it to the disk. */
int fsio_temp_sync(struct fsio_temp *temp, mode_t mode, struct timespec mtime, struct err *err);
/* Put it in place of `name`; after this it is no temp any more. */
int fsio_temp_rename(struct fsio_temp *temp, const char *name, struct err *err);
/* Remove it if it is still there. */
void fsio_temp_drop(struct fsio_temp *temp);
/*
 * Make a file of a folder, whole and lasting, where there is none of that name: what is there, be
 * it a symlink that leads nowhere, stays, and it fails.
 */
int fsio_write_new(int folder, const char *name, struct slice bytes, struct err *err);
/* Make an empty file, given by any path, if it is not there. */
int fsio_touch(const char *path, struct err *err);
/* Remove a file below `root`, for good: its folder is synced. */
int fsio_remove(int root, const char *path, struct err *err);
/* Bring a folder's names to the disk, after renames. */
int fsio_sync_folder(int folder, struct err *err);
/* Give a file of a folder another name, lastingly; what had that name goes. None there: done. */
int fsio_set_aside(int folder, const char *name, const char *aside, struct err *err);
/* Remove the temps that nobody writes any more: what a crash left in a folder. */
void fsio_sweep(int folder);

#endif
