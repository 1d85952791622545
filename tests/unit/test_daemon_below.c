/* below: with openat2 and step by step, the same is opened and the same refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/below.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* In a folder of its own, whose root/ is what nothing may lead out of. */
static const char *const folders[] = {"root", "root/a", "root/a/b", "outside"};
static const char *const files[] = {"root/file", "root/a/file", "root/a/b/file", "outside/file"};
static const struct {
	const char *target, *at;
} links[] = {
    {"a/b", "root/into"},
    {"../file", "root/a/up"},
    {"../../root/file", "root/a/out-and-in"},
    {"../outside/file", "root/out"},
    {"../outside", "root/out-folder"},
    {"/etc/passwd", "root/absolute"},
    {"nowhere", "root/dangling"},
    {"loop", "root/loop"},
    {"b/../up", "root/a/through"},
    {"a/b/", "root/slash"},
    {".", "root/self"},
    {"/proc/self/fd/0", "root/magic"},
};

/* errno 0: it opens. */
static const struct {
	const char *path;
	int flags, why;
} cases[] = {
    {"file", O_RDONLY, 0},
    {"./file", O_RDONLY, 0},
    {"a//b/file", O_RDONLY, 0},
    {"a/../file", O_RDONLY, 0},
    {"a/b/../../a/b/file", O_RDONLY, 0},
    {".", O_RDONLY | O_DIRECTORY, 0},
    {"a", O_RDONLY | O_DIRECTORY, 0},
    {"a/", O_RDONLY | O_DIRECTORY, 0},
    {"a/b/..", O_RDONLY | O_DIRECTORY, 0},
    {"a/..", O_RDONLY | O_DIRECTORY, 0},
    {"into/file", O_RDONLY, 0},
    {"into", O_RDONLY | O_DIRECTORY, 0},
    {"into", O_PATH, 0},
    {"a/up", O_RDONLY, 0},
    {"a/up", O_PATH, 0},
    {"a/through", O_RDONLY, 0},
    {"slash/file", O_RDONLY, 0},
    {"self/self/self/file", O_RDONLY, 0},
    {"into/../up", O_RDONLY, 0},
    {"..", O_RDONLY, EXDEV},
    {"../outside/file", O_RDONLY, EXDEV},
    {"a/../../outside/file", O_RDONLY, EXDEV},
    {"a/../../root/file", O_RDONLY, EXDEV},
    {"/etc/passwd", O_RDONLY, EXDEV},
    {"out", O_RDONLY, EXDEV},
    {"out", O_PATH, EXDEV},
    {"out-folder/file", O_RDONLY, EXDEV},
    {"a/out-and-in", O_RDONLY, EXDEV},
    {"absolute", O_RDONLY, EXDEV},
    {"loop", O_RDONLY, ELOOP},
    {"loop/file", O_RDONLY, ELOOP},
    {"dangling", O_RDONLY, ENOENT},
    {"", O_RDONLY, ENOENT},
    {"nowhere", O_RDONLY, ENOENT},
    {"nowhere/..", O_RDONLY, ENOENT},
    {"file/", O_RDONLY, ENOTDIR},
    {"file/.", O_RDONLY, ENOTDIR},
    {"file/..", O_RDONLY, ENOTDIR},
    {"file/file", O_RDONLY, ENOTDIR},
    {"file", O_RDONLY | O_DIRECTORY, ENOTDIR},
};

static char home[] = "/tmp/below-XXXXXX";
static int home_fd, root;

static int site_make(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(home));
	home_fd = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(home_fd >= 0);
	for (size_t i = 0; i < COUNT(folders); i++)
		assert_int_equal(mkdirat(home_fd, folders[i], 0755), 0);
	for (size_t i = 0; i < COUNT(files); i++)
		(void)close(openat(home_fd, files[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	for (size_t i = 0; i < COUNT(links); i++)
		assert_int_equal(symlinkat(links[i].target, home_fd, links[i].at), 0);
	root = openat(home_fd, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root < 0;
}

static int site_remove(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(links); i++)
		(void)unlinkat(home_fd, links[i].at, 0);
	for (size_t i = 0; i < COUNT(files); i++)
		(void)unlinkat(home_fd, files[i], 0);
	for (size_t i = COUNT(folders); i-- > 0;)
		(void)unlinkat(home_fd, folders[i], AT_REMOVEDIR);
	(void)close(root);
	(void)close(home_fd);
	return rmdir(home);
}

static void check(int (*opens)(int, const char *, int), const char *path, int flags, int why)
{
	struct stat expected, found;
	int fd = opens(root, path, flags);

	if ((fd < 0 ? errno : 0) != why)
		fail_msg(
		    "'%s': %s, expected %s", path, strerror(fd < 0 ? errno : 0), strerror(why));
	if (fd < 0)
		return;
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(fstatat(root, path, &expected, 0), 0);
	assert_int_equal(fstat(fd, &found), 0);
	assert_int_equal(found.st_ino, expected.st_ino);
	(void)close(fd);
}

static void by_openat2(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(below_open, cases[i].path, cases[i].flags, cases[i].why);
}

static void by_steps(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(below_open_by_steps, cases[i].path, cases[i].flags, cases[i].why);
}

static void what_is_too_long(void **state)
{
	char path[3 * 4096], name[257];

	(void)state;
	memset(name, 'n', 256);
	name[256] = '\0';
	check(below_open_by_steps, name, O_RDONLY, ENAMETOOLONG);
	name[255] = '\0';
	check(below_open_by_steps, name, O_RDONLY, ENOENT);
	for (size_t i = 0; i + 2 < sizeof(path); i += 2)
		memcpy(path + i, "./", 3);
	check(below_open_by_steps, path, O_RDONLY | O_DIRECTORY, ENAMETOOLONG);
	check(below_open, path, O_RDONLY | O_DIRECTORY, ENAMETOOLONG);
}

static void nothing_stays_open(void **state)
{
	int before = dup(root), after;

	(void)state;
	(void)close(before);
	for (size_t i = 0; i < COUNT(cases); i++)
		check(below_open_by_steps, cases[i].path, cases[i].flags, cases[i].why);
	after = dup(root);
	(void)close(after);
	assert_int_equal(before, after);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_openat2),
	    cmocka_unit_test(by_steps),
	    cmocka_unit_test(what_is_too_long),
	    cmocka_unit_test(nothing_stays_open),
	};

	return cmocka_run_group_tests_name("below", tests, site_make, site_remove);
}
