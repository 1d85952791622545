/* toml: what is valid and what it means, what is not and where. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "feeds/base/buf.h"
#include "feeds/base/toml.h"

/* A tree as one line: strings in quotes, times with their kind, numbers from their values. */
static void dump(const struct value *value, struct buf *out)
{
	static const char *const times[] = {"offset", "local", "date", "time"};
	const struct value *item;

	switch (value->type) {
	case VALUE_NULL: buf_puts(out, "null"); break;
	case VALUE_BOOL: buf_puts(out, value->boolean ? "true" : "false"); break;
	case VALUE_INT: buf_printf(out, "%lld", (long long)value->integer); break;
	case VALUE_FLOAT: buf_printf(out, "%.17gf", value->real); break;
	case VALUE_STRING: buf_printf(out, "\"%.*s\"", SLICE_FMT(value->text)); break;
	case VALUE_TIME:
		buf_printf(out, "%s(%.*s)", times[value->time], SLICE_FMT(value->text));
		break;
	case VALUE_LIST:
	case VALUE_MAP:
		buf_putc(out, value->type == VALUE_LIST ? '[' : '{');
		for (item = value->first; item; item = item->next) {
			if (value->type == VALUE_MAP)
				buf_printf(out, "%.*s:", SLICE_FMT(item->key));
			dump(item, out);
			if (item->next)
				buf_putc(out, ' ');
		}
		buf_putc(out, value->type == VALUE_LIST ? ']' : '}');
	}
}

static void expect(struct slice text, const char *tree)
{
	struct value_rules rules = {0};
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct value *root;
	struct err err = {0};

	if (toml_parse(text, &rules, &arena, &root, &err) < 0)
		fail_msg("%.*s: %u:%u: %s", SLICE_FMT(text), err.line, err.column, err.text);
	dump(root, &out);
	assert_string_equal(buf_string(&out), tree);
	buf_free(&out);
	arena_free(&arena);
}

#define VALID(text, tree) expect(SLICE(text), tree)

static void expect_refused(struct slice text, uint32_t line, uint32_t column, const char *words)
{
	struct value_rules rules = {0};
	struct arena arena = ARENA_INIT;
	struct value *root = NULL;
	struct err err = {0};

	if (toml_parse(text, &rules, &arena, &root, &err) == 0)
		fail_msg("taken: %.*s", SLICE_FMT(text));
	if (err.line != line || err.column != column || !strstr(err.text, words))
		fail_msg("%.*s: %u:%u: %s", SLICE_FMT(text), err.line, err.column, err.text);
	assert_int_equal(err.kind, ERR_SYNTAX);
	assert_null(root);
	arena_free(&arena);
}

#define INVALID(text, line, column, words) expect_refused(SLICE(text), line, column, words)

static void test_lines(void **state)
{
	(void)state;
	VALID("", "{}");
	VALID(" \t\n\r\n# only a comment", "{}");
	VALID("\xef\xbb\xbfk = 1", "{k:1}");
	VALID("k=1#c\r\nl = 2 # \xc3\xa9\t", "{k:1 l:2}");
	INVALID("k = 1 l = 2", 1, 7, "line must end");
	INVALID("k = \n1", 1, 5, "no value");
	INVALID("k = # c", 1, 5, "no value");
	INVALID("k", 1, 2, "no value");
	INVALID("k = 1\rl = 2", 1, 6, "carriage return");
	INVALID("k = 1 \f", 1, 7, "U+000C");
	INVALID("# \x7f", 1, 3, "U+007F");
	INVALID("k = 1\n\n# \0", 3, 3, "U+0000");
	INVALID("\xef\xbb\xbf\xef\xbb\xbfk = 1", 1, 1, "quotes");
	INVALID("\xef\xbb\xbfk = x", 1, 5, "no value");
}

static void test_encoding(void **state)
{
	(void)state;
	VALID("k = '\xf4\x8f\xbf\xbf \xed\x9f\xbf \xee\x80\x80'",
	    "{k:\"\xf4\x8f\xbf\xbf \xed\x9f\xbf \xee\x80\x80\"}");
	INVALID("# \xff", 1, 3, "0xFF");
	INVALID("# \xc3", 1, 3, "0xC3");
	INVALID("# \xc3\n", 1, 3, "0xC3");
	INVALID("# \xc0\xaf", 1, 3, "UTF-8");
	INVALID("# \xe0\x9f\xbf", 1, 3, "UTF-8");
	INVALID("# \xed\xa0\x80", 1, 3, "UTF-8");
	INVALID("# \xf0\x8f\xbf\xbf", 1, 3, "UTF-8");
	INVALID("# \xf4\x90\x80\x80", 1, 3, "UTF-8");
	INVALID("# \x80", 1, 3, "UTF-8");
	INVALID("\xff\xfek\0", 1, 1, "UTF-16");
	INVALID("k\0 \0", 1, 2, "UTF-16");
}

static void test_keys(void **state)
{
	(void)state;
	VALID("a-b_C9 = 1\n1234 = 2\n- = 3\ntrue = 4", "{a-b_C9:1 1234:2 -:3 true:4}");
	VALID("\"a b\" = 1\n'c\\' = 2\n\"\" = 3\n\"\\u00fc\" = 4", "{a b:1 c\\:2 :3 \xc3\xbc:4}");
	VALID("a.b.c = 1\na . b . \"d.e\" = 2\na.f = 3", "{a:{b:{c:1 d.e:2} f:3}}");
	VALID("3.14 = 1", "{3:{14:1}}");
	INVALID("= 1", 1, 1, "key is expected");
	INVALID("a..b = 1", 1, 3, "key is expected");
	INVALID(".a = 1", 1, 1, "key is expected");
	INVALID("a. = 1", 1, 4, "key is expected");
	INVALID("a.\nb = 1", 1, 3, "key is missing");
	INVALID("a b = 1", 1, 3, "'=' is missing after 'a'");
	INVALID("title: x", 1, 6, "not ':'");
	INVALID("\xc3\xbc = 1", 1, 1, "quotes");
	INVALID("\"\"\"a\"\"\" = 1", 1, 1, "several lines");
	INVALID("\"a = 1", 1, 1, "not closed");
	INVALID("\"a\nb\" = 1", 1, 1, "not closed");
	INVALID("a = 1\n\"a\" = 2", 2, 1, "second time, after line 1");
	INVALID("a = 1\na.b = 2", 2, 1, "whole number");
	INVALID("a.b = 1\na = 2", 2, 1, "second time");
	INVALID("a.b.c = 1\na.b = 2", 2, 3, "second time");
}

static void test_strings(void **state)
{
	(void)state;
	VALID("k = \"\\b\\t\\n\\f\\r\\\"\\\\ \\u00E9 \\U0001f600\"",
	    "{k:\"\b\t\n\f\r\"\\ \xc3\xa9 \xf0\x9f\x98\x80\"}");
	VALID("k = 'C:\\new \"x\"'\nl = ''\nm = \"\"", "{k:\"C:\\new \"x\"\" l:\"\" m:\"\"}");
	VALID("k = \"\"\"\na\r\n b\"\"\"", "{k:\"a\n b\"}");
	VALID("k = \"\"\"a \\  \n\r\n \t b\\\n\"\"\"", "{k:\"a b\"}");
	VALID("k = '''\n\\a\n'''", "{k:\"\\a\n\"}");
	VALID("k = \"\"\"\"a\"\"b\"\"\"\"\"\nl = ''''''''", "{k:\"\"a\"\"b\"\"\" l:\"''\"}");
	VALID("k = \"\"\"\\\"\"\"\"", "{k:\"\"\"}");
	INVALID("k = \"a", 1, 5, "not closed");
	INVALID("k = 'a\nl = 'b'", 1, 5, "put ' at its end");
	INVALID("k = 1\nl = \"\"\"a\n\"\"", 2, 5, "put \"\"\" at its end");
	INVALID("k = \"\"\"a\"\"\"\"\"\"", 1, 14, "line must end");
	INVALID("k = '''a''''''", 1, 14, "line must end");
	INVALID("k = \"\\x41\"", 1, 6, "comes one of");
	INVALID("k = \"\\e\"", 1, 6, "comes one of");
	INVALID("k = \"a\\", 1, 7, "comes one of");
	INVALID("k = \"\"\"a \\ b\"\"\"", 1, 10, "comes one of");
	INVALID("k = \"\\u12g4\"", 1, 6, "4 hexadecimal digits");
	INVALID("k = \"\\U0001f60\"", 1, 6, "8 hexadecimal digits");
	INVALID("k = \"\\ud800\"", 1, 6, "U+D800");
	INVALID("k = \"\\U00110000\"", 1, 6, "U+110000");
	INVALID("k = \"a\tb\x1f\"", 1, 9, "U+001F");
}

static void test_string_nul(void **state)
{
	struct value_rules rules = {0};
	struct arena arena = ARENA_INIT;
	struct value *root;
	struct err err;

	(void)state;
	assert_int_equal(toml_parse(SLICE("k = \"a\\u0000b\""), &rules, &arena, &root, &err), 0);
	assert_int_equal(root->first->text.len, 3);
	assert_memory_equal(root->first->text.ptr, "a\0b", 4);
	arena_free(&arena);
}

static void test_integers(void **state)
{
	(void)state;
	VALID("k = [0, +0, -0, +99, -17, 1_000]", "{k:[0 0 0 99 -17 1000]}");
	VALID("k = [0xDEAD_beef, 0o0755, 0b1101_0110, 0x00]", "{k:[3735928559 493 214 0]}");
	VALID("k = [9223372036854775807, -9223372036854775808, 0x7fffffffffffffff]",
	    "{k:[9223372036854775807 -9223372036854775808 9223372036854775807]}");
	INVALID("k = 9223372036854775808", 1, 5, "64 bits");
	INVALID("k = -9223372036854775809", 1, 5, "64 bits");
	INVALID("k = 0xffffffffffffffff", 1, 5, "64 bits");
	INVALID("k = 01", 1, 5, "no number");
	INVALID("k = -01", 1, 5, "no number");
	INVALID("k = 0_1", 1, 5, "no number");
	INVALID("k = _1", 1, 5, "no value");
	INVALID("k = 1_", 1, 5, "no number");
	INVALID("k = 1__0", 1, 5, "no number");
	INVALID("k = 0x_1", 1, 5, "no number");
	INVALID("k = 0x", 1, 5, "no number");
	INVALID("k = 0X1", 1, 5, "no number");
	INVALID("k = 0o8", 1, 5, "no number");
	INVALID("k = 0b2", 1, 5, "no number");
	INVALID("k = +0x1", 1, 5, "no number");
	INVALID("k = --1", 1, 5, "no number");
	INVALID("k = +", 1, 5, "no number");
	INVALID("k = 12a", 1, 5, "no number");
}

static void test_floats(void **state)
{
	struct value_rules rules = {0};
	struct arena arena = ARENA_INIT;
	struct value *root, *last;
	struct err err;

	(void)state;
	VALID("k = [0.0, +1.5, -0.25, 1e10, 5E+2, 2.5e-1, 1_0.2_5, 1e0_6]",
	    "{k:[0f 1.5f -0.25f 10000000000f 500f 0.25f 10.25f 1000000f]}");
	INVALID("k = .5", 1, 5, "no value");
	INVALID("k = 5.", 1, 5, "no number");
	INVALID("k = 5.e1", 1, 5, "no number");
	INVALID("k = 05.1", 1, 5, "no number");
	INVALID("k = 1.e", 1, 5, "no number");
	INVALID("k = 1e", 1, 5, "no number");
	INVALID("k = 1e1.5", 1, 5, "no number");
	INVALID("k = 1_.5", 1, 5, "no number");
	INVALID("k = 1._5", 1, 5, "no number");
	INVALID("k = 1.5_e1", 1, 5, "no number");
	INVALID("k = 1.2.3", 1, 5, "no number");
	INVALID("k = Inf", 1, 5, "no value");
	INVALID("k = +-inf", 1, 5, "no number");

	assert_int_equal(toml_parse(SLICE("k = [inf, +inf, -inf, nan, -nan, -0.0]"), &rules, &arena,
			     &root, &err),
	    0);
	assert_true(isinf(root->first->first->real) && root->first->first->real > 0);
	assert_true(root->first->first->next->real > 0);
	assert_true(isinf(root->first->first->next->next->real));
	assert_true(root->first->first->next->next->real < 0);
	assert_true(isnan(root->first->first->next->next->next->real));
	last = root->first->last;
	assert_true(last->type == VALUE_FLOAT && signbit(last->real));
	assert_string_equal(last->text.ptr, "-0.0");
	arena_free(&arena);
}

static void test_booleans(void **state)
{
	(void)state;
	VALID("k = [true, false]", "{k:[true false]}");
	INVALID("k = True", 1, 5, "small letters");
	INVALID("k = tru", 1, 5, "no value");
	INVALID("k = truefalse", 1, 5, "no value");
	INVALID("k = yes", 1, 5, "put quotes");
}

static void test_dates(void **state)
{
	(void)state;
	VALID("k = 1979-05-27T07:32:00Z\nl = 1979-05-27t07:32:00.999999999z",
	    "{k:offset(1979-05-27T07:32:00Z) l:offset(1979-05-27t07:32:00.999999999z)}");
	VALID("k = 1979-05-27 07:32:00-07:30 # c", "{k:offset(1979-05-27 07:32:00-07:30)}");
	VALID("k = 1979-05-27 # 07:32:00", "{k:date(1979-05-27)}");
	VALID("k = 1979-05-27 07:32:00.5", "{k:local(1979-05-27 07:32:00.5)}");
	VALID("k = [00:00:00, 23:59:60]", "{k:[time(00:00:00) time(23:59:60)]}");
	VALID("k = [2000-02-29, 2024-02-29, 9999-12-31]",
	    "{k:[date(2000-02-29) date(2024-02-29) date(9999-12-31)]}");
	INVALID("k = 1900-02-29", 1, 5, "no date");
	INVALID("k = 2023-02-29T00:00:00Z", 1, 5, "no date");
	INVALID("k = 2024-04-31", 1, 5, "no date");
	INVALID("k = 2024-00-01", 1, 5, "no date");
	INVALID("k = 2024-13-01", 1, 5, "no date");
	INVALID("k = 2024-01-00", 1, 5, "no date");
	INVALID("k = 2024-1-01", 1, 5, "no date");
	INVALID("k = 24-01-01", 1, 5, "no date");
	INVALID("k = 10000-01-01", 1, 5, "no date");
	INVALID("k = 2024-01-01T", 1, 5, "no date");
	INVALID("k = 2024-01-01 1:00:00", 1, 5, "no date");
	INVALID("k = 2024-01-01T24:00:00", 1, 5, "no date");
	INVALID("k = 2024-01-01T23:60:00", 1, 5, "no date");
	INVALID("k = 2024-01-01T23:59:61", 1, 5, "no date");
	INVALID("k = 2024-01-01T23:59", 1, 5, "no date");
	INVALID("k = 2024-01-01T23:59:00.", 1, 5, "no date");
	INVALID("k = 2024-01-01T23:59:00+24:00", 1, 5, "no date");
	INVALID("k = 2024-01-01T23:59:00+01:60", 1, 5, "no date");
	INVALID("k = 2024-01-01T23:59:00+0100", 1, 5, "no date");
	INVALID("k = 2024-01-01  23:59:00", 1, 17, "line must end");
	INVALID("k = 23:59", 1, 5, "no date");
	INVALID("k = 23:59:00Z", 1, 5, "no date");
	INVALID("k = 20240101T00:00:00", 1, 5, "no number");
}

static void test_lists(void **state)
{
	(void)state;
	VALID("k = [ ]\nl = [1, 'a', [2.5, {}], # c\n\n true,\n]",
	    "{k:[] l:[1 \"a\" [2.5f {}] true]}");
	INVALID("k = [1", 1, 5, "not closed");
	INVALID("k = [\n1,\n# ]", 1, 5, "not closed");
	INVALID("k = [1 2]", 1, 8, "comma or ]");
	INVALID("k = [,]", 1, 6, "comma without");
	INVALID("k = [1,,]", 1, 8, "comma without");
	INVALID("k = ]", 1, 5, "missing");
	INVALID("k = [1]]", 1, 8, "line must end");
}

static void test_inline_tables(void **state)
{
	(void)state;
	VALID("k = {}\nl = { a = 1, b.c = [\n2\n], 'd' = {e = '''\n'''} }",
	    "{k:{} l:{a:1 b:{c:[2]} d:{e:\"\"}}}");
	INVALID("k = {a = 1,}", 1, 12, "no comma behind");
	INVALID("k = {,}", 1, 6, "key is expected");
	INVALID("k = {a = 1\n}", 1, 5, "on the line");
	INVALID("k = {\na = 1}", 1, 5, "on the line");
	INVALID("k = {a = 1,\nb = 2}", 1, 5, "on the line");
	INVALID("k = {a = 1 # c\n}", 1, 12, "comma or }");
	INVALID("k = {a = 1", 1, 5, "closed");
	INVALID("k = {a = 1 b = 2}", 1, 12, "comma or }");
	INVALID("k = {a}", 1, 7, "'=' is missing");
	INVALID("k = {a = }", 1, 10, "value is missing");
	INVALID("k = {a = 1, a = 2}", 1, 13, "second time");
	INVALID("k = {a = {b = 1}, a.c = 2}", 1, 19, "inline table");
	INVALID("k = {a.b = 1, a = 2}", 1, 15, "second time");
	INVALID("k = {a = 1, a.b = 2}", 1, 13, "cannot hold");
}

static void test_inline_tables_are_closed(void **state)
{
	(void)state;
	INVALID("k = {a = 1}\nk.b = 2", 2, 1, "inline table, complete in line 1");
	INVALID("k = {a = 1}\n[k]", 2, 2, "already");
	INVALID("k = {a = 1}\n[k.b]", 2, 2, "inline table");
	INVALID("k = {a = {}}\n[[k.a]]", 2, 3, "inline table");
	INVALID("k.b = 1\nk = {}", 2, 1, "second time");
	INVALID("[t.k]\nl = {m = {}}\n[t]\nk.l.m = 2", 4, 1, "table of its own");
	INVALID("k = [{a = 1}]\n[[k]]", 2, 3, "a list already");
	INVALID("k = [{a = 1}]\n[k.b]", 2, 2, "cannot hold");
}

static void test_tables(void **state)
{
	(void)state;
	VALID("[a]\nk = 1\n[ b . 'c d' ] # c\nl = 2\n[b]\nm = 3", "{a:{k:1} b:{c d:{l:2} m:3}}");
	VALID("[a.b.c]\n[a.b]\n[a]\nk = 1\n[a.d]", "{a:{b:{c:{}} k:1 d:{}}}");
	VALID("a.b.c = 1\n[a.b.d]\nk = 1", "{a:{b:{c:1 d:{k:1}}}}");
	VALID("[a.b.c]\n[a]\nb.k = 1", "{a:{b:{c:{} k:1}}}");
	VALID("[\"\"]\n['a.b']", "{:{} a.b:{}}");
	INVALID("[]", 1, 2, "needs a name");
	INVALID("[a", 1, 3, "put ] after");
	INVALID("[a\n]", 1, 3, "put ] after");
	INVALID("[a b]", 1, 4, "put ] after");
	INVALID("[a.]", 1, 4, "key is expected");
	INVALID("[a] k = 1", 1, 5, "line must end");
	INVALID("[a]]", 1, 4, "line must end");
	INVALID("[a]\n[a]", 2, 2, "already, in line 1");
	INVALID("[a.b]\n[a]\n[a.b]", 3, 4, "already, in line 1");
	INVALID("a = 1\n[a]", 2, 2, "already");
	INVALID("a = 1\n[a.b]", 2, 2, "cannot hold");
	INVALID("a.b = 1\n[a]", 2, 2, "already");
	INVALID("[f]\na.b.c = 1\n[f.a.b]", 3, 6, "already");
	INVALID("[a.b]\n[a]\nb = 1", 3, 1, "second time");
	INVALID("[a.b]\nk = 1\n[a]\nb.l = 1", 4, 1, "table of its own");
	INVALID("[a.b.c.d]\n[a]\nb.c.d.k = 1", 3, 5, "table of its own");
	INVALID("[a.b.c]\n[a]\nb.k = 1\n[a.b]", 4, 4, "already");
}

static void test_table_lists(void **state)
{
	(void)state;
	VALID("[[a]]\nk = 1\n[[ a ]]\n[[a]]\nk = 3", "{a:[{k:1} {} {k:3}]}");
	VALID("[[a]]\n[a.b]\nk = 1\n[[a.c]]\n[[a]]\n[a.b]\n[[a.c]]\n[[a.c]]\nk = 2",
	    "{a:[{b:{k:1} c:[{}]} {b:{} c:[{} {k:2}]}]}");
	VALID("[[a.b]]\n[a]\nk = 1", "{a:{b:[{}] k:1}}");
	VALID("[f]\na.k = 1\n[[f.a.l]]\nm = 1", "{f:{a:{k:1 l:[{m:1}]}}}");
	INVALID("[[]]", 1, 3, "needs a name");
	INVALID("[[a]", 1, 4, "ends with ]]");
	INVALID("[[a] ]", 1, 4, "ends with ]]");
	INVALID("[[a]]\n[a]", 2, 2, "two brackets");
	INVALID("[a]\n[[a]]", 2, 3, "already, since line 1");
	INVALID("[[a.b]]\n[[a]]", 2, 3, "a table already");
	INVALID("a = []\n[[a]]", 2, 3, "a list already");
	INVALID("a = true\n[[a]]", 2, 3, "true or false already");
	INVALID("[[a.b]]\n[a]\nb = 2", 3, 1, "second time");
	INVALID("[[a.b]]\n[a]\nb.c = 2", 3, 1, "list of tables, begun in line 1");
	INVALID("[[a]]\n[a.b]\n[a.b]", 3, 4, "already");
}

static void test_places(void **state)
{
	static const char text[] = "[[site]]\n  title = \"a\"\nb.c=  [\n 1]\n[d]\r\ne = 1";
	struct value_rules rules = {.first_line = 11};
	struct arena arena = ARENA_INIT;
	struct value *root, *site, *title, *b;
	struct err err;

	(void)state;
	assert_int_equal(toml_parse(slice_of(text), &rules, &arena, &root, &err), 0);
	site = value_get(root, "site")->first;
	assert_int_equal(site->line, 11);
	assert_int_equal(site->column, 1);
	title = value_get(site, "title");
	assert_int_equal(title->line, 12);
	assert_int_equal(title->column, 11);
	assert_int_equal(title->key_line, 12);
	assert_int_equal(title->key_column, 3);
	assert_true(title->quoted);
	b = value_get(site, "b");
	assert_int_equal(b->column, 1);
	assert_int_equal(b->first->key_column, 3);
	assert_int_equal(b->first->line, 13);
	assert_int_equal(b->first->column, 7);
	assert_int_equal(b->first->first->line, 14);
	assert_int_equal(b->first->first->column, 2);
	assert_int_equal(value_get(root, "d")->line, 15);
	assert_int_equal(value_get(root, "d")->key_column, 2);
	assert_int_equal(value_get(root, "d")->first->line, 16);
	arena_free(&arena);
}

static void expect_limit(const char *text, struct value_rules rules, int result)
{
	struct arena arena = ARENA_INIT;
	struct value *root;
	struct err err = {0};

	assert_int_equal(toml_parse(slice_of(text), &rules, &arena, &root, &err), result);
	assert_int_equal(err.kind, result == 0 ? ERR_NONE : ERR_LIMIT);
	arena_free(&arena);
}

static void test_limits(void **state)
{
	static const char *const deep[] = {"a = [[1]]", "a.b.c = 1", "a.b = {}", "[[a]]\nb = 1",
	    "[a.b]", "[[a]]", "a = {b = []}", "[a]\nb = []"};

	(void)state;
	for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
		expect_limit(deep[i], (struct value_rules){.max_depth = 2}, -1);
		expect_limit(deep[i], (struct value_rules){.max_depth = 3}, 0);
	}
	expect_limit("a = [1, [2]]\nb = 1\nc = [3]", (struct value_rules){.max_depth = 3}, 0);
	expect_limit("a = 1\nb = 2", (struct value_rules){.max_nodes = 2}, -1);
	expect_limit("a = 1\nb = 2", (struct value_rules){.max_nodes = 3}, 0);
	expect_limit("a = 1", (struct value_rules){.max_bytes = 4}, -1);
	expect_limit("a = 1", (struct value_rules){.max_bytes = 5}, 0);
}

/* Ten times as much takes about ten times as long: with a search through all keys, hours. */
static void test_many(void **state)
{
	enum { KEYS = 100000 };
	struct value_rules rules = {
	    .max_bytes = 1 << 26, .max_nodes = 10 * KEYS, .max_depth = 2 * KEYS};
	struct buf text = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct value *root;
	struct err err;

	(void)state;
	for (int i = 0; i < KEYS; i++)
		buf_printf(&text, "k%d = %d\n", i, i);
	for (int i = 0; i < KEYS; i++)
		buf_printf(&text, "[t.u%d]\nx.y.z = 1\n", i);
	for (int i = 0; i < KEYS; i++)
		buf_puts(&text, "a.");
	buf_puts(&text, "b = 1\n");
	for (int i = 0; i < KEYS; i++)
		buf_puts(&text, "[[l]]\n");
	assert_int_equal(toml_parse(buf_slice(&text), &rules, &arena, &root, &err), 0);
	assert_int_equal(root->count, KEYS + 2);
	assert_int_equal(value_get(root, "l")->count, KEYS);
	arena_clear(&arena);
	buf_puts(&text, "k99999x = 1\nk99999x = 1\n");
	assert_int_equal(toml_parse(buf_slice(&text), &rules, &arena, &root, &err), -1);
	arena_free(&arena);
	buf_free(&text);
}

/* Openings without an end stop at the bound, not at the end of the stack. */
static void test_openings(void **state)
{
	static const char *const openings[] = {"[", "{a=", "a.", "[[", "\"\"\"", "'"};

	(void)state;
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		struct value_rules rules = {.max_bytes = 1 << 22};
		struct arena arena = ARENA_INIT;
		struct buf text = BUF_INIT;
		struct value *root;
		struct err err = {0};

		buf_puts(&text, i == 2 ? "" : "a = ");
		for (int n = 0; n < 100000; n++)
			buf_puts(&text, openings[i]);
		assert_int_equal(toml_parse(buf_slice(&text), &rules, &arena, &root, &err), -1);
		assert_int_not_equal(err.line, 0);
		arena_free(&arena);
		buf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_encoding),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_strings),
	    cmocka_unit_test(test_string_nul),
	    cmocka_unit_test(test_integers),
	    cmocka_unit_test(test_floats),
	    cmocka_unit_test(test_booleans),
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_inline_tables),
	    cmocka_unit_test(test_inline_tables_are_closed),
	    cmocka_unit_test(test_tables),
	    cmocka_unit_test(test_table_lists),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_openings),
	};

	return cmocka_run_group_tests_name("toml", tests, NULL, NULL);
}
