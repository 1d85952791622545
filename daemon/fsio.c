#include "daemon/fsio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "daemon/below.h"
#include "feeds/base/mem.h"

/* Is it the machine, or what is behind a mount, that has no way at this time? */
static bool passes(int number)
{
	static const int passing[] = {EAGAIN, EBUSY, EHOSTDOWN, EHOSTUNREACH, EINTR, EIO, EMFILE,
	    ENETDOWN, ENETUNREACH, ENFILE, ENOBUFS, ENOLCK, ENOMEM, ENOTCONN, EREMOTEIO, ESTALE,
	    ETIMEDOUT};

	for (size_t i = 0; i < sizeof(passing) / sizeof(*passing); i++)
		if (passing[i] == number)
			return true;
	return false;
}

int fsio_error(struct err *err, const char *doing)
{
	int number = errno;

	(void)err_set(err, ERR_IO, "%s: %s", doing, strerrordesc_np(number)); /* -1, as below */
	err->passing = passes(number);
	err->absent = number == ENOENT || number == ENOTDIR;
	switch (number) {
	case EACCES:
	case EPERM:
		return err_advise(err,
		    "feedd runs as user id %u, which needs the right to (chown, chmod)",
		    (unsigned)geteuid());
	case EROFS:
		return err_advise(err,
		    "if that is the service's doing, open the folder to it by ReadWritePaths= "
		    "(systemctl edit feedd), then restart it");
	case ENOSPC:
	case EDQUOT: return err_advise(err, "make room there");
	default: return -1;
	}
}

/* Why a path below a root cannot be opened, in words that say what to do. */
static int below_error(struct err *err, const char *doing)
{
	if (errno == EXDEV)
		return err_set(err, ERR_INVALID,
		    "a symlink leads out of its folder; put there what it leads to");
	if (errno == ELOOP)
		return err_set(err, ERR_INVALID, "its symlinks lead in a circle");
	return fsio_error(err, doing);
}

int fsio_open_folder(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? fsio_error(err, "open folder") : fd;
}

/* Make each folder of `path` that is missing, below `root`, the last one with `mode`. */
static int make_folders(int root, const char *path, mode_t mode, struct err *err)
{
	char *copy = mem_dup(path, strlen(path));
	bool last;
	int rc = 0;

	for (char *slash = copy; rc == 0 && slash;) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		last = !slash || slash[1 + strspn(slash + 1, "/")] == '\0';
		if (mkdirat(root, copy, last ? mode : 0777) < 0 && errno != EEXIST &&
		    errno != EISDIR)
			rc = fsio_error(err, "make folder");
		if (slash)
			*slash = '/';
	}
	free(copy);
	return rc;
}

static int make_folder(const char *path, mode_t mode, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 || errno != ENOENT)
		return fd < 0 ? fsio_error(err, "open folder") : fd;
	if (make_folders(AT_FDCWD, path, mode, err) < 0)
		return -1;
	return fsio_open_folder(path, err);
}

int fsio_make_folder(const char *path, struct err *err)
{
	return make_folder(path, 0777, err);
}

int fsio_make_private_folder(const char *path, struct err *err)
{
	return make_folder(path, 0700, err);
}

/* Cut `path` to the folder that it lies in. */
static void cut_to_parent(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		memcpy(path, ".", sizeof("."));
	else
		slash[slash == path] = '\0';
}

int fsio_check_folder(const char *path, struct err *err)
{
	char *at = mem_dup(path, strlen(path) + 1); /* room for "." */
	int fd, rc = 0;

	/* What is missing would be made in the first that is there. */
	while ((fd = open(at, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0 && errno == ENOENT &&
	       strcmp(at, ".") != 0)
		cut_to_parent(at);
	if (fd < 0)
		rc = fsio_error(err, "open folder");
	else if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) < 0)
		rc = fsio_error(err, "write in it");
	if (fd >= 0)
		(void)close(fd); /* only looked at */
	free(at);
	return rc;
}

int fsio_open_folder_below(int root, const char *path, bool make, struct err *err)
{
	const char *at = *path ? path : ".";
	int fd = below_open(root, at, O_RDONLY | O_DIRECTORY);
	int above;

	if (fd >= 0)
		return fd;
	if (errno != ENOENT || !make)
		return below_error(err, "open folder");
	/* Make it below its parent, which must itself lie below the root. */
	char *copy = mem_dup(at, strlen(at)), *slash = strrchr(copy, '/');
	const char *name = slash ? slash + 1 : copy;

	if (slash)
		*slash = '\0';
	above = fsio_open_folder_below(root, slash ? copy : "", true, err);
	if (above >= 0) {
		if (mkdirat(above, name, 0777) < 0 && errno != EEXIST)
			(void)fsio_error(err, "make folder");
		else if (fsio_sync_folder(above, err) == 0) {
			fd = below_open(root, at, O_RDONLY | O_DIRECTORY);
			if (fd < 0)
				(void)below_error(err, "open folder");
		}
		(void)close(above); /* only read */
	}
	free(copy);
	return fd;
}

static int not_a_file(mode_t mode, struct err *err)
{
	const char *what = S_ISDIR(mode)    ? "a folder"
			   : S_ISFIFO(mode) ? "a FIFO"
			   : S_ISSOCK(mode) ? "a socket"
					    : "a device";

	return err_set(err, ERR_INVALID, "it is %s, not a file", what);
}

int fsio_stat(int root, const char *path, struct stat *out_stat, struct err *err)
{
	int fd = below_open(root, path, O_PATH), rc;

	if (fd < 0)
		return below_error(err, "look at it");
	rc = fstat(fd, out_stat) < 0 ? fsio_error(err, "look at it") : 0;
	(void)close(fd); /* only looked at */
	return rc;
}

bool fsio_is_taken(int root, const char *path)
{
	int fd = below_open(root, path, O_PATH | O_NOFOLLOW);
	struct stat stat;
	bool taken = fd >= 0 && fstat(fd, &stat) == 0 && !S_ISDIR(stat.st_mode);

	if (fd >= 0)
		(void)close(fd); /* only looked at */
	return taken;
}

/* The open file, if it is one; else it is closed. */
static int regular(int fd, struct stat *out_stat, struct err *err)
{
	if (fstat(fd, out_stat) < 0)
		(void)fsio_error(err, "look at it");
	else if (!S_ISREG(out_stat->st_mode))
		(void)not_a_file(out_stat->st_mode, err);
	else
		return fd;
	(void)close(fd); /* only looked at */
	return -1;
}

int fsio_open_file(int root, const char *path, struct stat *out_stat, struct err *err)
{
	int fd = below_open(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	/* ENXIO: a socket, or a device without its driver. */
	if (fd < 0 && errno == ENXIO)
		return err_set(err, ERR_INVALID, "it is a socket or a device, not a file");
	if (fd < 0)
		return below_error(err, "open");
	return regular(fd, out_stat, err);
}

int64_t fsio_first_seen(int fd, const struct stat *stat)
{
	struct statx more;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &more) == 0 &&
	    (more.stx_mask & STATX_BTIME) && more.stx_btime.tv_sec > 0 &&
	    more.stx_btime.tv_sec < stat->st_mtim.tv_sec)
		return more.stx_btime.tv_sec;
	return stat->st_mtim.tv_sec;
}

enum fsio_writer fsio_writer(int fd)
{
	/* A read lease is only given where nobody writes. */
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN ? FSIO_WRITER : FSIO_WRITER_UNKNOWN;
	(void)fcntl(fd, F_SETLEASE, F_UNLCK); /* which was given a moment ago */
	return FSIO_NO_WRITER;
}

int fsio_read(int fd, const struct stat *stat, size_t max, struct buf *out, struct err *err)
{
	size_t room = (size_t)stat->st_size + 1; /* one more shows the end, or growth */

	if ((uint64_t)stat->st_size > max)
		return err_set(err, ERR_LIMIT, "it has %lld bytes, more than the %zu allowed",
		    (long long)stat->st_size, max);
	for (;;) {
		ssize_t got;

		if (out->cap - out->len < room + 1) {
			out->cap = out->len + room + 1;
			out->data = mem_resize(out->data, out->cap, 1);
		}
		got = read(fd, out->data + out->len, room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fsio_error(err, "read");
		out->len += (size_t)got;
		out->data[out->len] = '\0';
		if (got == 0 || (size_t)got < room)
			return 0;
		if (out->len > max)
			return err_set(err, ERR_LIMIT,
			    "it grew beyond the %zu bytes allowed while being read", max);
	}
}

int fsio_open_path(const char *path, struct stat *out_stat, struct err *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return fsio_error(err, "open");
	return regular(fd, out_stat, err);
}

int fsio_read_path(const char *path, size_t max, struct buf *out, struct err *err)
{
	struct stat stat;
	int fd = fsio_open_path(path, &stat, err), rc;

	if (fd < 0)
		return -1;
	rc = fsio_read(fd, &stat, max, out, err);
	(void)close(fd); /* only read */
	return rc;
}

int fsio_write(int fd, const void *bytes, size_t len, struct err *err)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t put = write(fd, at, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return fsio_error(err, "write");
		at += put;
		len -= (size_t)put;
	}
	return 0;
}

/* Is the name still that of the file which `fd` is? */
static bool is_named(int fd, int folder, const char *name)
{
	struct stat open_file, named;

	return fstat(fd, &open_file) == 0 &&
	       fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
}

/*
 * A new file that is locked for as long as it is open, or -1. A sweep may meet
 * it before it is locked, and then takes it away: EEXIST, as for a name in use.
 */
static int make_locked(int folder, const char *name)
{
	enum { FLAGS = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW };
	int fd = openat(folder, name, FLAGS, 0666);

	if (fd < 0)
		return -1;
	/* Where there are no locks, nothing is swept. */
	if ((flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) ||
	    !is_named(fd, folder, name)) {
		(void)close(fd); /* nothing was written */
		errno = EEXIST;
		return -1;
	}
	return fd;
}

int fsio_temp_open(struct fsio_temp *temp, int folder, const char *name, struct err *err)
{
	enum { TRIES = 100 };
	char *hidden;

	for (unsigned try = 0;; try++) {
		hidden = NULL;
		if (asprintf(&hidden, ".%s.feedd-%ld-%u.tmp", name, (long)getpid(), try) < 0)
			mem_exhausted();
		temp->fd = make_locked(folder, hidden);
		if (temp->fd >= 0 || errno != EEXIST || try == TRIES)
			break;
		free(hidden);
	}
	if (temp->fd < 0) {
		free(hidden);
		return fsio_error(err, "make a temporary file");
	}
	temp->folder = folder;
	temp->name = hidden;
	return 0;
}

int fsio_temp_sync(struct fsio_temp *temp, mode_t mode, struct timespec mtime, struct err *err)
{
	struct timespec times[2] = {mtime, mtime};

	if (mode != 0 && fchmod(temp->fd, mode & 07777) < 0)
		return fsio_error(err, "set its mode");
	if (futimens(temp->fd, times) < 0)
		return fsio_error(err, "set its time");
	if (fsync(temp->fd) < 0)
		return fsio_error(err, "fsync");
	return 0;
}

static void temp_forget(struct fsio_temp *temp)
{
	if (temp->fd >= 0)
		(void)close(temp->fd); /* synced before, or thrown away */
	free(temp->name);
	*temp = FSIO_TEMP_INIT;
}

int fsio_temp_rename(struct fsio_temp *temp, const char *name, struct err *err)
{
	if (renameat(temp->folder, temp->name, temp->folder, name) < 0)
		return fsio_error(err, "rename");
	temp_forget(temp);
	return 0;
}

void fsio_temp_drop(struct fsio_temp *temp)
{
	if (temp->name)
		(void)unlinkat(temp->folder, temp->name, 0); /* swept later if not now */
	temp_forget(temp);
}

/* Old kernels' file systems that cannot rename like that: a link fails where a name is taken too. */
static int temp_place(struct fsio_temp *temp, const char *name, struct err *err)
{
	int rc = renameat2(temp->folder, temp->name, temp->folder, name, RENAME_NOREPLACE);

	if (rc < 0 && errno == EINVAL)
		rc = linkat(temp->folder, temp->name, temp->folder, name, 0);
	if (rc < 0 && errno == EEXIST)
		return err_set(err, ERR_IO,
		    "a file of that name has come meanwhile, and stays; move it away, and run this "
		    "again");
	return rc < 0 ? fsio_error(err, "make the file") : 0;
}

int fsio_write_new(int folder, const char *name, struct slice bytes, struct err *err)
{
	struct timespec now = {.tv_nsec = UTIME_NOW};
	struct fsio_temp temp = FSIO_TEMP_INIT;
	int rc = -1;

	if (fsio_temp_open(&temp, folder, name, err) == 0 &&
	    fsio_write(temp.fd, bytes.ptr, bytes.len, err) == 0 &&
	    fsio_temp_sync(&temp, 0, now, err) == 0 && temp_place(&temp, name, err) == 0)
		rc = fsio_sync_folder(folder, err);
	fsio_temp_drop(&temp);
	return rc;
}

int fsio_sync_folder(int folder, struct err *err)
{
	return fsync(folder) < 0 ? fsio_error(err, "fsync folder") : 0;
}

int fsio_set_aside(int folder, const char *name, const char *aside, struct err *err)
{
	if (renameat(folder, name, folder, aside) < 0)
		return errno == ENOENT ? 0 : fsio_error(err, "rename");
	return fsio_sync_folder(folder, err);
}

int fsio_touch(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return fsio_error(err, "create");
	(void)close(fd); /* nothing was written */
	return 0;
}

int fsio_remove(int root, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *parent = mem_dup(path, slash ? (size_t)(slash - path) : 0);
	int folder = fsio_open_folder_below(root, parent, false, err), rc;

	free(parent);
	if (folder < 0)
		return -1;
	rc = unlinkat(folder, slash ? slash + 1 : path, 0) < 0 ? fsio_error(err, "remove")
							       : fsio_sync_folder(folder, err);
	(void)close(folder); /* synced */
	return rc;
}

static const char *skip_digits(const char *at)
{
	while (*at >= '0' && *at <= '9')
		at++;
	return at;
}

/* Does it look like `.NAME.feedd-PID-NUMBER.tmp`? */
static bool is_temp(const char *name)
{
	static const char mark[] = ".feedd-";
	const char *at = NULL, *hit = name, *end;

	while ((hit = strstr(hit, mark)) != NULL)
		at = hit++;
	if (name[0] != '.' || !at)
		return false;
	at += sizeof(mark) - 1;
	end = skip_digits(at);
	if (end == at || *end != '-')
		return false;
	at = end + 1;
	end = skip_digits(at);
	return end > at && strcmp(end, ".tmp") == 0;
}

/* Whoever writes a temp holds its lock; the number of a process says nothing across containers. */
static void sweep_temp(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)unlinkat(folder, name, 0); /* another try comes */
	(void)close(fd);			 /* nothing was written */
}

void fsio_sweep(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL)
		if (is_temp(entry->d_name))
			sweep_temp(folder, entry->d_name);
	if (dir)
		(void)closedir(dir); /* only read */
	else if (fd >= 0)
		(void)close(fd); /* only read */
}
