/* yaml: typing, places, refusals, repeated keys, bounds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "feeds/base/buf.h"
#include "feeds/base/yaml.h"

static const struct value_rules defaults;

static struct value *parse(struct arena *arena, const char *text)
{
	struct value *root = NULL;
	struct err err;

	if (yaml_parse(slice_of(text), &defaults, arena, &root, &err) < 0)
		fail_msg("'%s': %u:%u: %s", text, err.line, err.column, err.text);
	return root;
}

static void test_typing(void **state)
{
	static const struct {
		const char *text;
		enum value_type type;
	} cases[] = {
	    {"null", VALUE_NULL},
	    {"Null", VALUE_NULL},
	    {"NULL", VALUE_NULL},
	    {"~", VALUE_NULL},
	    {"nULL", VALUE_STRING},
	    {"true", VALUE_BOOL},
	    {"False", VALUE_BOOL},
	    {"TRUE", VALUE_BOOL},
	    {"tRUE", VALUE_STRING},
	    {"yes", VALUE_STRING},
	    {"No", VALUE_STRING},
	    {"on", VALUE_STRING},
	    {"off", VALUE_STRING},
	    {"0", VALUE_INT},
	    {"-17", VALUE_INT},
	    {"+17", VALUE_INT},
	    {"0123", VALUE_INT},
	    {"0o17", VALUE_INT},
	    {"0x1F", VALUE_INT},
	    {"0o18", VALUE_STRING},
	    {"0x", VALUE_STRING},
	    {"-0x1", VALUE_STRING},
	    {"1_000", VALUE_STRING},
	    {"12:30:45", VALUE_STRING},
	    {"9223372036854775807", VALUE_INT},
	    {"9223372036854775808", VALUE_FLOAT},
	    {"1.5", VALUE_FLOAT},
	    {"-.5", VALUE_FLOAT},
	    {"1.", VALUE_FLOAT},
	    {"1e3", VALUE_FLOAT},
	    {"1.5E-3", VALUE_FLOAT},
	    {"1e", VALUE_STRING},
	    {".", VALUE_STRING},
	    {"1.2.3", VALUE_STRING},
	    {".inf", VALUE_FLOAT},
	    {"-.INF", VALUE_FLOAT},
	    {".nan", VALUE_FLOAT},
	    {"-.nan", VALUE_STRING},
	    {"inf", VALUE_STRING},
	    {"2024-01-02", VALUE_STRING},
	    {"plain words", VALUE_STRING},
	};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct value *value = parse(&arena, cases[i].text);

		if (value->type != cases[i].type)
			fail_msg("'%s' is %s", cases[i].text, value_type_name(value->type));
		assert_string_equal(value->text.ptr, cases[i].text);
		assert_false(value->quoted);
	}
	assert_int_equal(parse(&arena, "0o17")->integer, 15);
	assert_int_equal(parse(&arena, "0x1F")->integer, 31);
	assert_int_equal(parse(&arena, "0123")->integer, 123);
	assert_int_equal(parse(&arena, "-17")->integer, -17);
	assert_true(parse(&arena, "1.5E-3")->real == 1.5e-3);
	assert_true(isinf(parse(&arena, "-.inf")->real));
	assert_true(parse(&arena, "True")->boolean);
	assert_false(parse(&arena, "FALSE")->boolean);
	arena_free(&arena);
}

static void test_quoted(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"a: \"2024\"", "2024"}, {"a: 'true'", "true"}, {"a: ''", ""}, {"a: 'it''s'", "it's"},
	    {"a: \"\\\"x\\\" \\u00e9\\n\"", "\"x\" \xC3\xA9\n"}, {"a: |\n  12\n  b\n", "12\nb\n"},
	    {"a: >-\n  one\n  two\n", "one two"},
	    {"a: \"x\\x07\\uFFFEy\"", "xy"}, /* what no text may hold goes */
	};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct value *value = value_get(parse(&arena, cases[i].text), "a");

		assert_non_null(value);
		assert_int_equal(value->type, VALUE_STRING);
		assert_true(value->quoted);
		assert_string_equal(value->text.ptr, cases[i].want);
	}
	arena_free(&arena);
}

static void test_tree(void **state)
{
	struct arena arena = ARENA_INIT;
	struct value *root = parse(&arena, "---\ntitle: One\n"
					   "tags:\n- a\n- b\n"
					   "list: [x, 'y', {k: v}]\n"
					   "nested:\n  deeper:\n    key with blank: 1\n"
					   "empty:\n"
					   "long: one\n  two\n"
					   "\xC3\xA9t\xC3\xA9: z # comment\n...\n");
	struct value *list;

	(void)state;
	assert_int_equal(root->type, VALUE_MAP);
	assert_int_equal(root->count, 7);
	assert_string_equal(root->first->key.ptr, "title");
	assert_string_equal(value_get(root, "title")->text.ptr, "One");
	assert_int_equal(value_get(root, "tags")->count, 2);
	list = value_get(root, "list");
	assert_int_equal(list->count, 3);
	assert_string_equal(value_get(list->last, "k")->text.ptr, "v");
	assert_int_equal(
	    value_get(value_get(value_get(root, "nested"), "deeper"), "key with blank")->integer,
	    1);
	assert_int_equal(value_get(root, "empty")->type, VALUE_NULL);
	assert_string_equal(value_get(root, "empty")->text.ptr, "");
	assert_string_equal(value_get(root, "long")->text.ptr, "one two");
	assert_string_equal(value_get(root, "\xC3\xA9t\xC3\xA9")->text.ptr, "z");
	arena_free(&arena);
}

static void test_empty(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_int_equal(parse(&arena, "")->type, VALUE_NULL);
	assert_int_equal(parse(&arena, "\n\n")->type, VALUE_NULL);
	assert_int_equal(parse(&arena, "# a comment\n")->type, VALUE_NULL);
	assert_int_equal(parse(&arena, "---\n")->type, VALUE_NULL);
	assert_int_equal(parse(&arena, "just words")->type, VALUE_STRING);
	arena_free(&arena);
}

/* Columns are bytes, also behind characters of several and on long lines. */
static void test_places(void **state)
{
	struct value_rules rules = {.first_line = 11};
	struct arena arena = ARENA_INIT;
	struct value *root, *item;
	struct err err;

	(void)state;
	assert_int_equal(
	    yaml_parse(SLICE("a: 1\n\xC3\xA9: [\xE6\x97\xA5, \"\xF0\x9F\x98\x80\", z]\n"
			     "m:\n  k: v\n"),
		&rules, &arena, &root, &err),
	    0);
	assert_int_equal(root->line, 11);
	assert_int_equal(root->column, 1);
	assert_int_equal(root->first->column, 4);
	item = root->first->next;
	assert_int_equal(item->key_line, 12);
	assert_int_equal(item->key_column, 1);
	assert_int_equal(item->column, 5);
	item = item->first;
	assert_int_equal(item->column, 6);
	assert_int_equal(item->next->column, 11);
	assert_int_equal(item->next->next->column, 19);
	item = value_get(value_get(root, "m"), "k");
	assert_int_equal(item->line, 14);
	item = parse(&arena, "a: 1\n? b")->last; /* no value, and no line end */
	assert_string_equal(item->key.ptr, "b");
	assert_int_equal(item->line, 2);
	item = value_get(value_get(root, "m"), "k");
	assert_int_equal(item->key_column, 3);
	assert_int_equal(item->column, 6);
	arena_free(&arena);
}

/* What other readers of YAML take and libyaml alone would not. */
static void test_lenient(void **state)
{
	struct arena arena = ARENA_INIT;
	struct value *root;

	(void)state;
	root = parse(&arena, "tags:\n-\ta\n- \tb\n-\t-\tc\nx: y\t\n");
	assert_int_equal(root->first->count, 3);
	assert_string_equal(root->first->first->text.ptr, "a");
	assert_string_equal(root->first->last->first->text.ptr, "c");
	assert_string_equal(root->last->text.ptr, "y");
	root = parse(&arena, "t: a\xE2\x80\xA8"
			     "b\xC2\x85"
			     "c\xE2\x80\xA9"
			     "d\x7F"
			     "e\xC2\x92"
			     "f\nu: 1\n");
	assert_string_equal(root->first->text.ptr, "a   b  c   d e  f");
	assert_int_equal(root->last->line, 2);
	root = parse(&arena, "t: a\xEF\xBB\xBF"
			     "b\tc");
	assert_string_equal(root->first->text.ptr, "a\xEF\xBB\xBF"
						   "b\tc");
	arena_free(&arena);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		uint32_t line, column;
		const char *part;
	} cases[] = {
	    {"x: 1\ntitle: a: b\n", 2, 9, "put the value in quotes"},
	    {"t: \xC3\xA9\xC3\xA9: b\n", 1, 8, "put the value in quotes"},
	    {"title: @x\n", 1, 8, "put the value in quotes"},
	    {"title: `x`\n", 1, 8, "put the value in quotes"},
	    {"title: %x\n", 1, 8, "put the value in quotes"},
	    {"title: *emphasis* here\n", 1, 8, "put the value in quotes"},
	    {"title: *x\n", 1, 8, "'*' in quotes"},
	    {"title: &x y\n", 1, 8, "'&' in quotes"},
	    {"title: !x y\n", 1, 8, "'!' in quotes"},
	    {"a: !!str 1\n", 1, 4, "'!' in quotes"},
	    {"a: &x [1]\n", 1, 4, "anchors"},
	    {"a: !x {b: 1}\n", 1, 4, "tags"},
	    {"&x a: 1\n", 1, 1, "anchors"},
	    {"title: {{ title }}\n", 1, 9, "in quotes"},
	    {"[a]: b\n", 1, 1, "in quotes"},
	    {"? - a\n: b\n", 1, 3, "a key must be a text"},
	    {"b:\n  <<: {a: 1}\n", 2, 3, "merge keys"},
	    {"title: \"a\" b\nx: 1\n", 1, 12, "closing quote"},
	    {"title: 'it's'\n", 1, 12, "closing quote"},
	    {"x: 1\ntitle: \"open\nb: 1\n", 2, 8, "close the quotes"},
	    {"tags: [a, b\nx: 1\n", 2, 2, "close the '['"},
	    {"a: {b: 1\nx: [\n", 2, 2, "close the '{'"},
	    {"a: 1\nx: [\n", 3, 1, "close the '['"},
	    {"a: \"\\q\"\n", 1, 5, "single quotes"},
	    {"a: \"x\\0\"\n", 1, 4, "no place"},
	    {"a: - b\n", 1, 4, "line of its own"},
	    {"a:\n\tb: 1\n", 2, 1, "not with a tab"},
	    {"a: 1\n b: 2\n", 2, 3, "the line before"},
	    {"a: foo\nbar\nc: d\n", 2, 1, "a line needs a key"},
	    {"- a\nb: c\n", 2, 1, "alike"},
	    {"a: 1\n---\nb: 2\n", 2, 1, "second document"},
	    {"a: 1\n...\nwords\n", 3, 1, "document"},
	    {"a: \x01\n", 1, 4, "control characters"},
	};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct value *root = NULL;
		struct err err;

		if (yaml_parse(slice_of(cases[i].text), &defaults, &arena, &root, &err) == 0)
			fail_msg("'%s' was taken", cases[i].text);
		assert_null(root);
		if (err.kind != ERR_SYNTAX || err.line != cases[i].line ||
		    err.column != cases[i].column || !strstr(err.text, cases[i].part))
			fail_msg("'%s': %u:%u: %s", cases[i].text, err.line, err.column, err.text);
	}
	arena_free(&arena);
}

/* An alias bomb stops at its first anchor. */
static void test_bomb(void **state)
{
	struct arena arena = ARENA_INIT;
	struct value *root;
	struct err err;

	(void)state;
	assert_int_equal(yaml_parse(SLICE("a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n"),
			     &defaults, &arena, &root, &err),
	    -1);
	assert_int_equal(err.line, 1);
	arena_free(&arena);
}

static void test_repeats_refused(void **state)
{
	struct arena arena = ARENA_INIT;
	struct value *root;
	struct err err;

	(void)state;
	assert_int_equal(
	    yaml_parse(SLICE("b: 1\na: 1\nb: 2\na: 3\n"), &defaults, &arena, &root, &err), -1);
	assert_int_equal(err.kind, ERR_SYNTAX);
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 1);
	assert_non_null(strstr(err.text, "'b'"));
	assert_non_null(strstr(err.text, "line 1"));
	assert_int_equal(
	    yaml_parse(SLICE("l: [{a: 1}, {a: 2}]\na: 3\n"), &defaults, &arena, &root, &err), 0);
	arena_free(&arena);
}

static void test_repeats_taken(void **state)
{
	struct diags diags = DIAGS_INIT;
	struct value_rules rules = {.repeats = &diags, .first_line = 2};
	struct arena arena = ARENA_INIT;
	struct value *root;
	struct err err;

	(void)state;
	assert_int_equal(yaml_parse(SLICE("title: one\nx: 0\ntitle: two\n\"title\": three\ny: 1\n"),
			     &rules, &arena, &root, &err),
	    0);
	assert_int_equal(root->count, 3);
	assert_string_equal(root->first->key.ptr, "x");
	assert_string_equal(value_get(root, "title")->text.ptr, "three");
	assert_string_equal(root->last->key.ptr, "y");
	assert_null(root->last->next);
	assert_int_equal(diags.len, 2);
	assert_int_equal(diags.items[0].line, 4);
	assert_int_equal(diags.items[1].line, 5);
	assert_non_null(strstr(diags.items[0].text, "line 2"));
	diags_free(&diags);
	arena_free(&arena);
}

static int parse_limited(
    const char *unit, int times, const struct value_rules *rules, struct err *err)
{
	struct arena arena = ARENA_INIT;
	struct buf buf = BUF_INIT;
	struct value *root;
	int rc;

	for (int i = 0; i < times; i++)
		buf_puts(&buf, unit);
	rc = yaml_parse(buf_slice(&buf), rules, &arena, &root, err);
	buf_free(&buf);
	arena_free(&arena);
	return rc;
}

static void test_bounds(void **state)
{
	static const struct value_rules wide = {.max_bytes = 10000000};
	static const struct value_rules few = {.max_nodes = 10};
	static const char *const deep[] = {"[", "- ", "[a: "};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(deep) / sizeof(*deep); i++) {
		assert_int_equal(parse_limited(deep[i], 100000, &wide, &err), -1);
		assert_int_equal(err.kind, ERR_LIMIT);
	}
	assert_int_equal(parse_limited("- ", 32, &defaults, &err), 0);
	assert_int_equal(parse_limited("- ", 33, &defaults, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_int_equal(err.column, 65);
	assert_int_equal(parse_limited("- a\n", 9, &few, &err), 0);
	assert_int_equal(parse_limited("- a\n", 10, &few, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_int_equal(parse_limited("#", 65536, &defaults, &err), 0);
	assert_int_equal(parse_limited("#", 65537, &defaults, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
}

/* Enough keys to make anything quadratic show as minutes. */
static void test_many_keys(void **state)
{
	struct diags diags = DIAGS_INIT;
	struct value_rules rules = {.max_bytes = 10000000, .max_nodes = 200000, .repeats = &diags};
	struct arena arena = ARENA_INIT;
	struct buf buf = BUF_INIT;
	struct value *root;
	struct err err;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_printf(&buf, "\xE2\x82\xAC%d: v\n", i % 60000);
	assert_int_equal(yaml_parse(buf_slice(&buf), &rules, &arena, &root, &err), 0);
	assert_int_equal(root->count, 60000);
	assert_int_equal(diags.len + diags.dropped, 40000);
	buf_clear(&buf);
	buf_putc(&buf, '{');
	for (int i = 0; i < 100000; i++)
		buf_printf(&buf, "\xE2\x82\xAC%d: v, ", i);
	buf_putc(&buf, '}');
	assert_int_equal(yaml_parse(buf_slice(&buf), &rules, &arena, &root, &err), 0);
	assert_int_equal(root->count, 100000);
	buf_free(&buf);
	diags_free(&diags);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_typing),
	    cmocka_unit_test(test_quoted),
	    cmocka_unit_test(test_tree),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_lenient),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_bomb),
	    cmocka_unit_test(test_repeats_refused),
	    cmocka_unit_test(test_repeats_taken),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_many_keys),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
