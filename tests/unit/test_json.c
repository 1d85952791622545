/* json: what is taken, what it means, where it stands, and where reading ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "feeds/base/buf.h"
#include "feeds/base/json.h"

/* A tree as one line, each value with its place. */
static void dump(const struct value *value, struct buf *out)
{
	const struct value *item;

	switch (value->type) {
	case VALUE_NULL: buf_puts(out, "null"); break;
	case VALUE_BOOL: buf_puts(out, value->boolean ? "true" : "false"); break;
	case VALUE_INT: buf_printf(out, "%lld", (long long)value->integer); break;
	case VALUE_FLOAT: buf_printf(out, "%.17gf", value->real); break;
	case VALUE_STRING: buf_printf(out, "'%.*s'", SLICE_FMT(value->text)); break;
	case VALUE_TIME: fail(); break;
	case VALUE_LIST:
	case VALUE_MAP:
		buf_putc(out, value->type == VALUE_LIST ? '[' : '{');
		for (item = value->first; item; item = item->next) {
			if (value->type == VALUE_MAP)
				buf_printf(out, "%.*s@%u:%u=", SLICE_FMT(item->key), item->key_line,
				    item->key_column);
			dump(item, out);
			if (item->next)
				buf_putc(out, ' ');
		}
		buf_putc(out, value->type == VALUE_LIST ? ']' : '}');
	}
	buf_printf(out, "@%u:%u", value->line, value->column);
}

static void expect(const char *text, const char *tree)
{
	struct value_rules rules = {0};
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct value *root;
	struct err err = {0};

	if (json_parse(slice_of(text), &rules, &arena, &root, NULL, &err) < 0)
		fail_msg("%s: %u:%u: %s", text, err.line, err.column, err.text);
	dump(root, &out);
	assert_string_equal(buf_string(&out), tree);
	buf_free(&out);
	arena_free(&arena);
}

static void expect_refused(struct slice text, uint32_t line, uint32_t column, const char *words)
{
	struct value_rules rules = {0};
	struct arena arena = ARENA_INIT;
	struct value *root = NULL;
	struct err err = {0};

	if (json_parse(text, &rules, &arena, &root, NULL, &err) == 0)
		fail_msg("taken: %.*s", SLICE_FMT(text));
	if (err.line != line || err.column != column || !strstr(err.text, words))
		fail_msg("%.*s: %u:%u: %s", SLICE_FMT(text), err.line, err.column, err.text);
	assert_int_equal(err.kind, ERR_SYNTAX);
	assert_null(root);
	arena_free(&arena);
}

static void test_trees(void **state)
{
	(void)state;
	expect("null", "null@1:1");
	expect(" \n\t\"a\"", "'a'@2:2");
	expect("[]", "[]@1:1");
	expect("{ \n }", "{}@1:1");
	expect("[1,-2.5,true, false,null\n,\"x\\\"]\" ]",
	    "[1@1:2 -2.5f@1:4 true@1:9 false@1:15 null@1:21 'x\"]'@2:2]@1:1");
	expect("{\"b\": {\"c\" : []},\r\n\"a\\u00e9,\\\\\":[[ ]]\n}",
	    "{b@1:2={c@1:8=[]@1:14}@1:7 a\xc3\xa9,\\@2:1=[[]@2:15]@2:14}@1:1");
	expect("{\"zz\":1,\"a\":2,\"m\":3,\"\":4}",
	    "{zz@1:2=1@1:7 a@1:9=2@1:13 m@1:15=3@1:19 @1:21=4@1:24}@1:1");
}

static void test_scalars(void **state)
{
	static const char text[] = "[1.50, -0, 1E+2, \"1.50\", 9223372036854775807, true, null]";
	static const char *const texts[] = {
	    "1.50", "-0", "1E+2", "1.50", "9223372036854775807", "true", ""};
	struct value_rules rules = {0};
	struct arena arena = ARENA_INIT;
	struct value *root, *item;
	struct err err;

	(void)state;
	assert_int_equal(json_parse(slice_of(text), &rules, &arena, &root, NULL, &err), 0);
	item = root->first;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++, item = item->next) {
		assert_string_equal(item->text.ptr, texts[i]);
		assert_int_equal(item->quoted, i == 3);
	}
	assert_null(item);
	arena_free(&arena);
}

static void test_refused(void **state)
{
	(void)state;
	expect_refused(SLICE(""), 1, 1, "ends inside");
	expect_refused(SLICE("{\"a\":"), 1, 6, "ends inside");
	expect_refused(SLICE("{\"a\": 1,\n \"b\": [1}"), 2, 9, "no JSON");
	expect_refused(SLICE("[1,]"), 1, 4, "no JSON");
	expect_refused(SLICE("{\"a\": 1, }"), 1, 10, "no JSON");
	expect_refused(SLICE("{a: 1}"), 1, 2, "no JSON");
	expect_refused(SLICE("{'a': 1}"), 1, 2, "no JSON");
	expect_refused(SLICE("[01]"), 1, 2, "no JSON");
	expect_refused(SLICE("[1] x"), 1, 5, "follows");
	expect_refused(SLICE("\n{\"a\": 1, \"a\": 2}"), 2, 12, "second time");
	expect_refused(SLICE("[\"\\u0000\"]"), 1, 9, "U+0000");
	expect_refused(SLICE("[\"\\ud800\"]"), 1, 9, "no JSON");
	expect_refused(SLICE("[\"a\nb\"]"), 1, 3, "no JSON");
	expect_refused(SLICE("[\"\xff\"]"), 1, 3, "UTF-8");
	expect_refused(SLICE("[9223372036854775808]"), 1, 20, "too large");
	expect_refused(SLICE("[1e999]"), 1, 6, "too large");
	expect_refused(SLICE("nul"), 1, 3, "no JSON");
	expect_refused(SLICE("]"), 1, 1, "no JSON");
	expect_refused(SLICE("[1\0]"), 1, 3, "ends inside");
	expect_refused(SLICE("[1\0 2]"), 1, 3, "ends inside");
	expect_refused(SLICE("[1]\n\0"), 2, 1, "U+0000");
	expect_refused(SLICE("1\0 "), 1, 2, "U+0000");
}

static void expect_prefix(const char *text, struct value_rules rules, int result, size_t len)
{
	struct arena arena = ARENA_INIT;
	struct value *root;
	struct err err = {0};
	size_t out_len = 999;

	assert_int_equal(json_parse(slice_of(text), &rules, &arena, &root, &out_len, &err), result);
	assert_int_equal(out_len, result == 0 ? len : 999);
	arena_free(&arena);
}

static void test_prefix(void **state)
{
	struct value_rules none = {0}, eight = {.max_bytes = 8};

	(void)state;
	expect_prefix("{\"a\": \"}\"}\n# Title {\n", none, 0, 10);
	expect_prefix("\n [1] {", none, 0, 5);
	expect_prefix("{}\xff", none, 0, 2);
	expect_prefix("12 34", none, 0, 2);
	expect_prefix("125-", none, 0, 3);
	expect_prefix("1.5e+3.2", none, 0, 6);
	expect_prefix("\"a\"b", none, 0, 3);
	expect_prefix("{\"a\": 1", none, -1, 0);
	expect_prefix("{\"a\":1}\n and a long text that does not count", eight, 0, 7);
	expect_prefix("{\"a\":12}\n", eight, 0, 8);
	expect_prefix("{\"a\":123}\n", eight, -1, 0);
	expect_prefix("12345678 ", eight, 0, 8);
	expect_prefix("123456789 ", eight, -1, 0);
}

static void expect_limit(const char *text, struct value_rules rules, int result)
{
	struct arena arena = ARENA_INIT;
	struct value *root;
	struct err err = {0};

	assert_int_equal(json_parse(slice_of(text), &rules, &arena, &root, NULL, &err), result);
	assert_int_equal(err.kind, result == 0 ? ERR_NONE : ERR_LIMIT);
	arena_free(&arena);
}

static void test_limits(void **state)
{
	(void)state;
	expect_limit("[[1]]", (struct value_rules){.max_depth = 1}, -1);
	expect_limit("{\"a\": [\"[[[\"]}", (struct value_rules){.max_depth = 2}, 0);
	expect_limit("[[], [], {}]", (struct value_rules){.max_depth = 2}, 0);
	expect_limit("[1, 2]", (struct value_rules){.max_nodes = 2}, -1);
	expect_limit("[1, 2]", (struct value_rules){.max_nodes = 3}, 0);
	expect_limit("[1, 2]", (struct value_rules){.max_bytes = 5}, -1);
	expect_limit("[1, 2]", (struct value_rules){.max_bytes = 6}, 0);
}

static void test_openings(void **state)
{
	static const char *const openings[] = {
	    "[", "{\"a\":", "[{\"a\":", "\"", "\\", "-", "[]", "{]"};

	(void)state;
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		struct value_rules rules = {.max_bytes = 1 << 22};
		struct arena arena = ARENA_INIT;
		struct buf text = BUF_INIT;
		struct value *root;
		struct err err = {0};

		for (int n = 0; n < 100000; n++)
			buf_puts(&text, openings[i]);
		assert_int_equal(
		    json_parse(buf_slice(&text), &rules, &arena, &root, NULL, &err), -1);
		assert_int_not_equal(err.line, 0);
		arena_free(&arena);
		buf_free(&text);
	}
}

static void test_many(void **state)
{
	struct value_rules rules = {.max_bytes = 1 << 26, .max_nodes = 1 << 20, .first_line = 3};
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	struct value *root;
	struct err err;

	(void)state;
	buf_puts(&text, "{");
	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "%s\"k%d\": [%d]", i ? ",\n" : "", i, i);
	buf_puts(&text, "}");
	assert_int_equal(json_parse(buf_slice(&text), &rules, &arena, &root, NULL, &err), 0);
	assert_int_equal(root->count, 100000);
	assert_string_equal(root->last->key.ptr, "k99999");
	assert_int_equal(root->last->line, 100002);
	assert_string_equal(root->last->first->text.ptr, "99999");
	arena_free(&arena);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_trees),
	    cmocka_unit_test(test_scalars),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_prefix),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_openings),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
