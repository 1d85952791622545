/* lang: language tags and folder names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/lang.h"

static void check_tag(const char *text, const char *want)
{
	struct arena arena = ARENA_INIT;
	struct slice tag = lang_tag(&arena, slice_of(text));

	assert_string_equal(arena_string(&arena, tag), want);
	arena_free(&arena);
}

static void test_tags(void **state)
{
	(void)state;
	check_tag("en", "en");
	check_tag(" EN ", "en");
	check_tag("zh_tw", "zh-TW");
	check_tag("sr_latn_rs", "sr-Latn-RS");
	check_tag("de_DE.UTF-8", "de-DE");
	check_tag("es-419", "es-419");
	check_tag("en-US-x-twain", "en-US-x-twain");
	check_tag("fil", "fil");
	check_tag("", "");
	check_tag("english", "");
	check_tag("e", "");
	check_tag("en-", "");
	check_tag("日本", "");
	check_tag("en us", "");
}

static void test_codes(void **state)
{
	(void)state;
	assert_true(lang_is_code(SLICE("ja")));
	assert_true(lang_is_code(SLICE("zh-CN")));
	assert_true(lang_is_code(SLICE("zh_tw")));
	assert_true(lang_is_code(SLICE("zh-Hant")));
	assert_true(lang_is_code(SLICE("zu")));
	assert_false(lang_is_code(SLICE("js")));
	assert_false(lang_is_code(SLICE("io")));
	assert_false(lang_is_code(SLICE("en-")));
	assert_false(lang_is_code(SLICE("EN")));
	assert_false(lang_is_code(SLICE("en-posts")));
	assert_false(lang_is_code(SLICE("post")));
	assert_false(lang_is_code(SLICE_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tags),
	    cmocka_unit_test(test_codes),
	};

	return cmocka_run_group_tests_name("lang", tests, NULL, NULL);
}
