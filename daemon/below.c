#include "daemon/below.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "feeds/base/mem.h"

/* As deep, and over as many symlinks, as a step-by-step walk goes; the kernel's are like these. */
enum { DEPTH_MAX = PATH_MAX / 2, LINKS_MAX = 40, GO_ON = -2 };

struct walk {
	int *folders; /* folders[0] is the root, borrowed; the others are ours */
	size_t depth; /* of the folder that we are in: folders[depth] */
	char *rest;   /* what is still to go */
	int links;    /* gone over so far */
};

/* Put the target of a symlink before what is still to go. */
static int follow(struct walk *walk, int link)
{
	char target[PATH_MAX], *rest = NULL;
	ssize_t len = readlinkat(link, "", target, sizeof(target) - 1);

	if (len < 0)
		return -1;
	target[len] = '\0';
	if (target[0] == '/' || ++walk->links > LINKS_MAX || len == 0) {
		errno = target[0] == '/' ? EXDEV : len == 0 ? ENOENT : ELOOP;
		return -1;
	}
	if (asprintf(&rest, "%s%s%s", target, *walk->rest ? "/" : "", walk->rest) < 0)
		mem_exhausted();
	free(walk->rest);
	walk->rest = rest;
	return 0;
}

static int up(struct walk *walk)
{
	if (walk->depth == 0) {
		errno = EXDEV;
		return -1;
	}
	(void)close(walk->folders[walk->depth--]); /* only looked through */
	return 0;
}

static int down(struct walk *walk, int folder, bool is_folder)
{
	if (!is_folder || walk->depth + 1 == DEPTH_MAX) {
		(void)close(folder); /* only looked at */
		errno = is_folder ? ENAMETOOLONG : ENOTDIR;
		return -1;
	}
	walk->folders[++walk->depth] = folder;
	return 0;
}

/* Cut the first name off what is still to go, and say whether it is the last. */
static int take_name(struct walk *walk, char name[static NAME_MAX + 1], bool *out_last)
{
	const char *at = walk->rest + strspn(walk->rest, "/");
	size_t len = strcspn(at, "/"), slashes = strspn(at + len, "/");

	if (len > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, at, len);
	name[len] = '\0';
	*out_last = at[len] == '\0';
	memmove(walk->rest, at + len + slashes, strlen(at + len + slashes) + 1);
	return 0;
}

/* One step: the descriptor when it was the last, -1 on failure, GO_ON otherwise. */
static int step(struct walk *walk, int flags)
{
	char name[NAME_MAX + 1];
	struct stat stat;
	bool last;
	int found, rc;

	if (take_name(walk, name, &last) < 0)
		return -1;
	if (strcmp(name, "..") == 0)
		return up(walk) < 0 ? -1 : GO_ON;
	if (name[0] == '\0' || strcmp(name, ".") == 0)
		return GO_ON;
	found = openat(walk->folders[walk->depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (found < 0)
		return -1;
	if (fstat(found, &stat) < 0) {
		(void)close(found); /* of O_PATH: cannot fail */
		return -1;
	}
	if (S_ISLNK(stat.st_mode)) {
		rc = follow(walk, found);
		(void)close(found); /* only read */
		return rc < 0 ? -1 : GO_ON;
	}
	if (!last)
		return down(walk, found, S_ISDIR(stat.st_mode)) < 0 ? -1 : GO_ON;
	(void)close(found); /* only looked at */
	/* Should it have become a symlink since, it is not followed. */
	return openat(walk->folders[walk->depth], name, flags | O_NOFOLLOW | O_CLOEXEC);
}

int below_open_by_steps(int root, const char *path, int flags)
{
	struct walk walk = {.rest = mem_dup(path, strlen(path))};
	int fd = GO_ON, why;

	if (*path == '\0' || *path == '/' || strlen(path) >= PATH_MAX) {
		errno = *path == '/' ? EXDEV : *path ? ENAMETOOLONG : ENOENT;
		fd = -1;
	}
	walk.folders = mem_alloc(DEPTH_MAX * sizeof(*walk.folders));
	walk.folders[0] = root;
	while (fd == GO_ON && *walk.rest)
		fd = step(&walk, flags);
	if (fd == GO_ON) /* it ends with a slash, or in a dot */
		fd = openat(walk.folders[walk.depth], ".", flags | O_CLOEXEC);
	why = errno;
	while (walk.depth > 0)
		(void)close(walk.folders[walk.depth--]); /* only looked through */
	free(walk.folders);
	free(walk.rest);
	errno = why;
	return fd;
}

int below_open(int root, const char *path, int flags)
{
	struct open_how how = {
	    .flags = (uint64_t)flags | O_CLOEXEC,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int fd;

	do
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	/* EPERM: what a filter of another make says; open says it too when it means it. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return below_open_by_steps(root, path, flags);
	return fd;
}
