/* glob: path patterns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/glob.h"

static bool match(const char *pattern, const char *path)
{
	return glob_match(slice_of(pattern), slice_of(path));
}

static void test_segments(void **state)
{
	(void)state;
	assert_true(match("posts/*.md", "posts/a.md"));
	assert_false(match("posts/*.md", "posts/x/a.md"));
	assert_false(match("posts/*.md", "posts/a.md/b"));
	assert_true(match("posts/a?c.md", "posts/abc.md"));
	assert_true(match("posts/a?c.md", "posts/aéc.md"));
	assert_false(match("posts/a?c.md", "posts/a/c.md"));
	assert_true(match("[a-c]x", "bx"));
	assert_false(match("[!a-c]x", "bx"));
	assert_true(match("[!a-c]x", "dx"));
	assert_true(match("[]]x", "]x"));
	assert_true(match("a[b", "a[b"));
	assert_true(match("*a*b*c", "xxaxxbxxc"));
	assert_false(match("*a*b*c", "xxaxxcxxb"));
}

static void test_any_depth(void **state)
{
	(void)state;
	assert_true(match("**/*.md", "a.md"));
	assert_true(match("**/*.md", "x/y/a.md"));
	assert_false(match("**/*.md", "x/y/a.mdx"));
	assert_true(match("x/**/a.md", "x/a.md"));
	assert_true(match("x/**/a.md", "x/1/2/a.md"));
	assert_false(match("x/**/a.md", "y/1/2/a.md"));
	assert_true(match("x/**", "x/1/2"));
	assert_true(match("**/x/**/y/*.md", "a/x/b/x/c/y/z.md"));
}

static void test_names_and_folders(void **state)
{
	(void)state;
	assert_true(match("README.md", "docs/README.md"));
	assert_true(match("/README.md", "README.md"));
	assert_false(match("/README.md", "docs/README.md"));
	assert_true(match("drafts/", "drafts/a.md"));
	assert_true(match("posts/old/", "posts/old/deep/a.md"));
	assert_false(match("posts/old/", "posts/older/a.md"));
}

static void test_hostile(void **state)
{
	static char pattern[4096], path[65536];

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(pattern); i += 2) {
		pattern[i] = '*';
		pattern[i + 1] = 'a';
	}
	memset(path, 'a', sizeof(path) - 1);
	assert_true(match(pattern, path));
	pattern[4094] = 'b';
	assert_false(match(pattern, path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_segments),
	    cmocka_unit_test(test_any_depth),
	    cmocka_unit_test(test_names_and_folders),
	    cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
