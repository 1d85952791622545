/* jsonout: documents, escapes, and text made legal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "feeds/base/jsonout.h"

static void test_document(void **state)
{
	struct buf out = BUF_INIT;
	struct jsonout json;

	(void)state;
	jsonout_start(&json, &out);
	jsonout_object(&json, NULL);
	jsonout_string(&json, "a", SLICE("x"));
	jsonout_array(&json, "b");
	jsonout_int(&json, NULL, INT64_MIN);
	jsonout_bool(&json, NULL, true);
	jsonout_object(&json, NULL);
	jsonout_close(&json);
	jsonout_close(&json);
	jsonout_array(&json, "c");
	jsonout_close(&json);
	jsonout_bool(&json, "d", false);
	jsonout_close(&json);
	assert_int_equal(json.depth, 0);
	assert_string_equal(buf_string(&out), "{\n"
					      "  \"a\": \"x\",\n"
					      "  \"b\": [\n"
					      "    -9223372036854775808,\n"
					      "    true,\n"
					      "    {}\n"
					      "  ],\n"
					      "  \"c\": [],\n"
					      "  \"d\": false\n"
					      "}\n");
	buf_free(&out);
}

static void test_resume(void **state)
{
	struct buf out = BUF_INIT;
	struct jsonout json;

	(void)state;
	jsonout_start(&json, &out);
	jsonout_object(&json, NULL);
	jsonout_array(&json, "items");
	jsonout_resume(&json, &out, "}]", true);
	jsonout_int(&json, NULL, 1);
	jsonout_resume(&json, &out, "}]", false);
	jsonout_int(&json, NULL, 2);
	jsonout_resume(&json, &out, "}]", false);
	jsonout_close(&json);
	jsonout_close(&json);
	assert_string_equal(buf_string(&out), "{\n  \"items\": [\n    1,\n    2\n  ]\n}\n");
	buf_free(&out);
}

static void test_resume_empty(void **state)
{
	struct buf out = BUF_INIT;
	struct jsonout json;

	(void)state;
	jsonout_start(&json, &out);
	jsonout_object(&json, NULL);
	jsonout_array(&json, "items");
	jsonout_resume(&json, &out, "}]", true);
	jsonout_close(&json);
	jsonout_close(&json);
	assert_string_equal(buf_string(&out), "{\n  \"items\": []\n}\n");
	buf_free(&out);
}

static void assert_string(struct slice text, const char *expected)
{
	struct buf out = BUF_INIT;
	struct jsonout json;
	json_t *back;

	jsonout_start(&json, &out);
	jsonout_string(&json, NULL, text);
	assert_string_equal(buf_string(&out), expected);
	back = json_loadb(out.data, out.len, JSON_DECODE_ANY, NULL);
	assert_non_null(back);
	json_decref(back);
	buf_free(&out);
}

static void test_string(void **state)
{
	(void)state;
	assert_string(SLICE(""), "\"\"");
	assert_string(SLICE("<a href=\"x\">\\</a>"), "\"<a href=\\\"x\\\">\\\\</a>\"");
	assert_string(SLICE("\t\n\r/"), "\"\\t\\n\\r/\"");
	assert_string(
	    SLICE("日本 \xE2\x80\xA8\xE2\x80\xA9 🎉"), "\"日本 \xE2\x80\xA8\xE2\x80\xA9 🎉\"");
	assert_string(SLICE("a\0b\x01\x1F\x7F\xEF\xBF\xBE"), "\"ab\x7F\"");
	assert_string(SLICE("a\xFF\xE6\x97"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_document),
	    cmocka_unit_test(test_resume),
	    cmocka_unit_test(test_resume_empty),
	    cmocka_unit_test(test_string),
	};

	return cmocka_run_group_tests_name("jsonout", tests, NULL, NULL);
}
