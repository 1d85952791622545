/*
 * sectors: preloaded into feedd, makes a file or folder one that the disk cannot read.
 *
 * $BAD_SECTORS names a file of 4,096 bytes: a piece of a path, ended by a NUL, or a NUL
 * alone for a disk that is well. What is open under a path with this piece in it
 * gives EIO when it is read, or listed; with a "!" before the piece also when it is looked at
 * (fstatat). With a "?" before it, the name is listed and looked at, and gone when it is to be
 * opened (openat2: ENOENT). The test writes to it while the program runs.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PIECE = 4096 };

static const char *piece;

__attribute__((constructor)) static void sectors_start(void)
{
	const char *path = getenv("BAD_SECTORS");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, PIECE, PROT_READ, MAP_SHARED, fd, 0);

	if (shared == MAP_FAILED)
		abort(); /* a test with a good disk would prove nothing */
	piece = shared;
	(void)close(fd);
}

/* Is a name below what is open, or "" for that itself, of the bad ones? */
static bool is_bad(int fd, const char *name)
{
	char link[64], path[PATH_MAX], bad[PIECE];
	ssize_t len;

	/* Once: the disk may get well meanwhile, and all paths have nothing in them. */
	(void)snprintf(bad, sizeof(bad), "%s", piece + (*piece == '!' || *piece == '?'));
	if (!*bad)
		return false;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) / 2);
	len = len < 0 ? 0 : len;
	(void)snprintf(path + len, sizeof(path) - (size_t)len, "%s%s", *name ? "/" : "", name);
	return strstr(path, bad) != NULL;
}

/* The next library's, or libc's own. */
static void *next_of(const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (!symbol)
		abort();
	return symbol;
}

ssize_t read(int fd, void *out, size_t len)
{
	static ssize_t (*next)(int fd, void *out, size_t len);

	if (!next)
		*(void **)&next = next_of("read");
	if (*piece == '?' || !is_bad(fd, ""))
		return next(fd, out, len);
	errno = EIO;
	return -1;
}

struct dirent *readdir(DIR *dir)
{
	static struct dirent *(*next)(DIR * dir);

	if (!next)
		*(void **)&next = next_of("readdir");
	if (*piece == '?' || !is_bad(dirfd(dir), ""))
		return next(dir);
	errno = EIO;
	return NULL;
}

int fstatat(int fd, const char *restrict name, struct stat *restrict out, int flags)
{
	static int (*next)(int fd, const char *name, struct stat *out, int flags);

	if (!next)
		*(void **)&next = next_of("fstatat");
	if (*piece != '!' || !is_bad(fd, name))
		return next(fd, name, out, flags);
	errno = EIO;
	return -1;
}

/* All that have six arguments or fewer, as the kernel takes them. */
long syscall(long number, ...)
{
	static long (*next)(long number, ...);
	long args[6];
	va_list list;

	if (!next)
		*(void **)&next = next_of("syscall");
	va_start(list, number);
	for (size_t i = 0; i < sizeof(args) / sizeof(*args); i++)
		args[i] = va_arg(list, long);
	va_end(list);
	if (number != SYS_openat2 || *piece != '?' || !is_bad((int)args[0], (const char *)args[1]))
		return next(number, args[0], args[1], args[2], args[3], args[4], args[5]);
	errno = ENOENT;
	return -1;
}
