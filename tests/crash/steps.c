/*
 * steps: preloaded into feedd, counts the steps by which it changes what is on
 * disk, and kills it at one of them.
 *
 * A step is a write to a regular file, a flush, a change of size, or a name made,
 * moved or removed. Standard output and error do not count. $CRASH_STEPS names a
 * file of three 32-bit numbers in the order of the machine, shared with the test
 * while the program runs:
 *
 *	count	steps begun so far; the program adds to it
 *	at	the step to die at, from 1; 0: none. The step is not done any more
 *	torn	not 0: when that step is a write, the first half of it is done
 *
 * The end is SIGKILL, as by the OOM killer: nothing gets a chance to clean up.
 * What was written before stays in the page cache, so this says nothing of flushes
 * that are missing; the order of steps is what it tries.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct steps {
	_Atomic uint32_t count, at, torn;
};

static struct steps nowhere, *steps = &nowhere;

__attribute__((constructor)) static void steps_start(void)
{
	const char *path = getenv("CRASH_STEPS");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *shared = fd < 0
			   ? MAP_FAILED
			   : mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (shared == MAP_FAILED)
		abort(); /* a test that counts nothing would pass */
	steps = shared;
	(void)syscall(SYS_close, fd);
}

static void die(void)
{
	(void)syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
	for (;;)
		(void)syscall(SYS_pause); /* other threads end as soon as this one */
}

/* Is this the step to die at? */
static bool step_is_last(void)
{
	return atomic_fetch_add(&steps->count, 1) + 1 == atomic_load(&steps->at);
}

static void step(void)
{
	if (step_is_last())
		die();
}

static bool counts(int fd)
{
	struct stat stat;

	return fd > STDERR_FILENO && syscall(SYS_fstat, fd, &stat) == 0 && S_ISREG(stat.st_mode);
}

/* The length to write, when it is not the last step or does not count. */
static bool write_is_last(int fd)
{
	return counts(fd) && step_is_last();
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (write_is_last(fd)) {
		if (atomic_load(&steps->torn))
			(void)syscall(SYS_write, fd, bytes, len / 2);
		die();
	}
	return syscall(SYS_write, fd, bytes, len);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at)
{
	if (write_is_last(fd)) {
		if (atomic_load(&steps->torn))
			(void)syscall(SYS_pwrite64, fd, bytes, len / 2, at);
		die();
	}
	return syscall(SYS_pwrite64, fd, bytes, len, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	return pwrite64(fd, bytes, len, at);
}

ssize_t writev(int fd, const struct iovec *parts, int len)
{
	if (write_is_last(fd))
		die();
	return syscall(SYS_writev, fd, parts, len);
}

ssize_t pwritev(int fd, const struct iovec *parts, int len, off_t at)
{
	if (write_is_last(fd))
		die();
	return syscall(SYS_pwritev, fd, parts, len, at, 0);
}

int fsync(int fd)
{
	step();
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	step();
	return (int)syscall(SYS_fdatasync, fd);
}

int ftruncate64(int fd, off_t len)
{
	step();
	return (int)syscall(SYS_ftruncate, fd, len);
}

int ftruncate(int fd, off_t len)
{
	return ftruncate64(fd, len);
}

int fallocate64(int fd, int mode, off_t at, off_t len)
{
	step();
	return (int)syscall(SYS_fallocate, fd, mode, at, len);
}

int fallocate(int fd, int mode, off_t at, off_t len)
{
	return fallocate64(fd, mode, at, len);
}

int renameat2(int from_folder, const char *from, int folder, const char *to, unsigned flags)
{
	step();
	return (int)syscall(SYS_renameat2, from_folder, from, folder, to, flags);
}

int renameat(int from_folder, const char *from, int folder, const char *to)
{
	return renameat2(from_folder, from, folder, to, 0);
}

int rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_folder, const char *from, int folder, const char *to, int flags)
{
	step();
	return (int)syscall(SYS_linkat, from_folder, from, folder, to, flags);
}

int unlinkat(int folder, const char *name, int flags)
{
	step();
	return (int)syscall(SYS_unlinkat, folder, name, flags);
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdirat(int folder, const char *name, mode_t mode)
{
	step();
	return (int)syscall(SYS_mkdirat, folder, name, mode);
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}
