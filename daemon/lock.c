#include "daemon/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "daemon/fsio.h"

enum { LINE_MOST = 500 }; /* bytes; with the number they fit a block */

static const char name[] = "lock";

static pid_t read_holder(int fd)
{
	char text[16];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);
	long pid;

	text[len > 0 ? len : 0] = '\0';
	pid = strtol(text, NULL, 10);
	return pid > 0 ? (pid_t)pid : LOCK_UNKNOWN;
}

/* What lock_holder does takes the lock for a moment: that is no holder, so it is tried again. */
static int lock_patiently(int fd)
{
	enum { TRIES = 20, PAUSE_NS = 10000000 };
	int rc;

	for (unsigned try = 0;; try++) {
		rc = flock(fd, LOCK_EX | LOCK_NB);
		if (rc == 0 || (errno != EWOULDBLOCK && errno != EINTR) || try == TRIES)
			return rc;
		(void)nanosleep(&(struct timespec){0, PAUSE_NS}, NULL); /* shorter is fine */
	}
}

static int write_holder(int fd, struct err *err)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) < 0)
		return err_set(err, ERR_IO, "shorten 'lock': %s", strerrordesc_np(errno));
	return fsio_write(fd, text, (size_t)len, err) < 0 ? err_wrap(err, "'lock'") : 0;
}

int lock_take(int folder, pid_t *out_holder, struct err *err)
{
	int fd = openat(folder, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0666);

	*out_holder = 0;
	if (fd < 0)
		return fsio_error(err, "open 'lock'");
	if (lock_patiently(fd) == 0) {
		if (write_holder(fd, err) == 0)
			return fd;
	} else if (errno == EWOULDBLOCK) {
		*out_holder = read_holder(fd);
		if (*out_holder > 0)
			(void)err_set(err, ERR_INVALID, "another feedd holds it, process %ld",
			    (long)*out_holder);
		else
			(void)err_set(err, ERR_INVALID, "another feedd holds it");
	} else
		(void)err_set(err, ERR_IO, "lock 'lock': %s", strerrordesc_np(errno));
	(void)close(fd); /* a number of a process, of no lasting worth */
	return -1;
}

pid_t lock_holder(int folder)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	pid_t holder = 0;

	if (fd < 0)
		return 0;
	/* Shared, so that two who ask do not take each other for a holder. */
	if (flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		holder = read_holder(fd);
	(void)close(fd); /* and with it the lock goes */
	return holder;
}

void lock_tell(int lock, const char *line)
{
	char text[LINE_MOST + 24];
	int len = snprintf(text, sizeof(text), "%ld\n%.*s%s", (long)getpid(), LINE_MOST,
	    line ? line : "", line ? "\n" : "");

	if (pwrite(lock, text, (size_t)len, 0) == len && ftruncate(lock, len) < 0)
		return; /* the rest of a longer line stays */
}

void lock_told(int folder, struct buf *out)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	char text[LINE_MOST + 24];
	ssize_t len = fd < 0 ? 0 : pread(fd, text, sizeof(text) - 1, 0);
	const char *line;

	text[len > 0 ? len : 0] = '\0';
	line = strchr(text, '\n');
	if (line)
		buf_put(out, line + 1, strcspn(line + 1, "\n"));
	if (fd >= 0)
		(void)close(fd); /* only read */
}
