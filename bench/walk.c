#include "bench/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void walk_fail(const char *what)
{
	perror(what);
	exit(74);
}

static void walk_folder(int fd, walk_visit *visit, void *arg)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *entry;

	if (!dir)
		walk_fail("fdopendir");
	while ((entry = readdir(dir))) {
		struct stat st;

		if (entry->d_name[0] == '.')
			continue;
		if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			walk_fail(entry->d_name);
		if (S_ISDIR(st.st_mode)) {
			int below = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

			if (below < 0)
				walk_fail(entry->d_name);
			walk_folder(below, visit, arg);
		} else if (S_ISREG(st.st_mode)) {
			visit(fd, entry->d_name, &st, arg);
		}
	}
	(void)closedir(dir); /* only read from */
}

void walk_files(const char *path, walk_visit *visit, void *arg)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		walk_fail(path);
	walk_folder(fd, visit, arg);
}

const char *walk_read(int folder, const char *name, const struct stat *st)
{
	static char *bytes;
	static size_t size;
	size_t len = (size_t)st->st_size;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		walk_fail(name);
	if (size < len + 8) {
		size = len * 2 + 8;
		free(bytes);
		bytes = malloc(size);
		if (!bytes)
			abort();
	}
	for (size_t have = 0; have < len;) {
		ssize_t got = read(fd, bytes + have, len - have);

		if (got <= 0)
			walk_fail(name);
		have += (size_t)got;
	}
	(void)close(fd); /* only read from */
	return bytes;
}
