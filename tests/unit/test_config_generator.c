/* generator: what settings files in JavaScript and Python plainly say, and what a draft makes of values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "config/draft.h"
#include "config/generator/inside.h"
#include "config/generator/jssettings.h"
#include "config/generator/pysettings.h"

/* The texts of a map, as `key=text;`; maps in it as `key{…}`, lists as `key[…]`. */
static void put_tree(const struct value *value, struct buf *out)
{
	if (value->key.len > 0)
		buf_printf(out, "%s", value->key.ptr);
	if (value->type == VALUE_MAP || value->type == VALUE_LIST) {
		buf_putc(out, value->type == VALUE_MAP ? '{' : '[');
		for (const struct value *item = value->first; item; item = item->next)
			put_tree(item, out);
		buf_putc(out, value->type == VALUE_MAP ? '}' : ']');
	} else {
		buf_printf(out, "=%s;", value->type == VALUE_NULL ? "None" : value->text.ptr);
	}
}

static void expect(struct value *(*read)(struct slice text, struct arena *arena), const char *text,
    const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct buf found = BUF_INIT;

	put_tree(read(slice_of(text), &arena), &found);
	assert_string_equal(buf_string(&found), expected);
	buf_free(&found);
	arena_free(&arena);
}

static void test_js_places(void **state)
{
	(void)state;
	expect(jssettings_read, "", "{}");
	expect(jssettings_read, "export default { a: 'b' };", "{default{a=b;}}");
	expect(jssettings_read, "export default defineConfig({ site: \"x\" })",
	    "{defineConfig{site=x;}}");
	expect(jssettings_read, "module.exports = { a: `b` }", "{exports{a=b;}}");
	expect(jssettings_read,
	    "module.exports = function (c) { return { dir: { input: 'src' } } }",
	    "{return{dir{input=src;}}}");
	expect(jssettings_read,
	    "export default (c) => {\n c.addPlugin(feedPlugin, { type: 'rss' });\n}",
	    "{feedPlugin{type=rss;}}");
	expect(jssettings_read, "export const A = 'x', B = \"y\";\nlet C = 'z'\nvar D='w'",
	    "{A=x;B=y;C=z;D=w;}");
	expect(jssettings_read, "const SITE: Site = { a: 1 } as const;\nconst T: string = 'x';",
	    "{SITE{a=1;}T=x;}");
}

static void test_js_computed(void **state)
{
	(void)state;
	expect(jssettings_read, "const A = 'x' + y;", "{}");
	expect(jssettings_read, "const A = `x${y}`; const B = 'b'", "{B=b;}");
	expect(jssettings_read, "const A = f('x'); const B = y ? 'a' : 'b';", "{}");
	expect(jssettings_read, "const A = process.env.A || 'x';", "{}");
	expect(jssettings_read, "const A = 'x'.trim();", "{}");
	expect(jssettings_read, "const A = { b: f(), c: 'd' }", "{A{c=d;}}");
	expect(jssettings_read, "// const A = 'x'\n/* const B = 'y' */ const C = 'z'", "{C=z;}");
	expect(jssettings_read, "if (x) { a({ b: 'c' }) }", "{a{b=c;}}");
}

static void test_js_broken(void **state)
{
	(void)state;
	expect(jssettings_read, "const A = 'x\nconst B = 'b'", "{B=b;}");
	expect(jssettings_read, "export default { a: ", "{}");
	expect(jssettings_read, "x.replace(/[\"']/g, ''); const B = 'b'", "{B=b;}");
	expect(jssettings_read, "\\\\}{)(]['`", "{}");
}

static void test_py(void **state)
{
	(void)state;
	expect(pysettings_read, "", "{}");
	expect(pysettings_read, "A = 'x'\nB=\"y\" # c\nC = None\nD = True\nE = 10\n",
	    "{A=x;B=y;C=None;D=True;E=10;}");
	expect(pysettings_read, "A = r'a\\b'\nB = u'x'\nC = 'it\\'s\\n'\nD = '''a\n'b'\n'''\n",
	    "{A=a\\b;B=x;C=it's\n;D=a\n'b'\n;}");
	expect(pysettings_read, "A = ('x'\n  'y')\nB = 'x' 'y'\nC = 'x' \\\n 'y'",
	    "{A=xy;B=xy;C=xy;}");
	expect(
	    pysettings_read, "A = ['x', # c\n 'y',\n]\nB = ('x',)\nC = []", "{A[=x;=y;]B[=x;]C[]}");
	expect(pysettings_read, "A = 'x'\r\n", "{}"); /* legal text has no CR */
}

static void test_py_computed(void **state)
{
	(void)state;
	expect(pysettings_read,
	    "A = B + 'x'\nC = 'x' + B\nD = f'{x}'\nE = os.environ['E']\nF = 'x'", "{F=x;}");
	expect(pysettings_read, "if True:\n    A = 'x'\nB == 'x'\nC: str = 'x'\nD += 'x'\nE = 'e'",
	    "{E=e;}");
	expect(pysettings_read, "'''\nA = 'x'\n'''\nB = 'y'", "{B=y;}");
	expect(pysettings_read, "A = {\n'x': 'y'}\nB = (('a', 'b'),\n     ('c', 'd'),)\nC = 'c'",
	    "{C=c;}");
	expect(pysettings_read, "A = 'x\nB = 'y'\nC = '''", "{B=y;}");
}

static const struct inside_token tokens[] = {
    {"year", "year", NULL}, {"name", "slug", NULL}, {"ext", NULL, ".html"}, {NULL, NULL, NULL}};

static void expect_pattern(const char *pattern, bool braces, const char *expected)
{
	struct draft draft = DRAFT_INIT;
	const struct draft_value *value = &draft.values[DRAFT_PERMALINK];

	inside_take_permalink(&draft, "hugo", slice_of(pattern), tokens, braces, "x");
	if (expected) {
		assert_int_equal(value->trust, DRAFT_FOUND);
		assert_string_equal(value->text, expected);
		assert_null(value->note);
	} else {
		assert_int_equal(value->trust, DRAFT_OPEN);
	}
	draft_free(&draft);
}

static void test_permalink(void **state)
{
	(void)state;
	expect_pattern(":year/:name/", false, "hugo:/:year/:slug/");
	expect_pattern("/a/:name:ext", false, "hugo:/a/:slug.html");
	expect_pattern("{year}/{name}.html", true, "hugo:/:year/:slug.html");
	expect_pattern("/:year-:name", false, "hugo:/:year-:slug");
	expect_pattern("/:week/:name/", false, NULL);
	expect_pattern("/{week}/", true, NULL);
	expect_pattern("/{year", true, NULL);
	expect_pattern("/always/", false, NULL);
	expect_pattern("", false, NULL);
}

static void test_trust(void **state)
{
	struct draft draft = DRAFT_INIT;
	const struct draft_value *value = &draft.values[DRAFT_TITLE];

	(void)state;
	assert_true(draft_set(&draft, DRAFT_TITLE, SLICE("a"), DRAFT_GUESSED, NULL));
	assert_true(draft_set(&draft, DRAFT_TITLE, SLICE(" b\n c "), DRAFT_FOUND, "f"));
	assert_true(draft_set(&draft, DRAFT_TITLE, SLICE("d"), DRAFT_FOUND, "g"));
	assert_true(draft_set(&draft, DRAFT_TITLE, SLICE(""), DRAFT_FOUND, "g"));
	assert_string_equal(value->text, "b c");
	assert_string_equal(value->from, "f");
	assert_true(draft_set(&draft, DRAFT_TITLE, SLICE("e"), DRAFT_SAID, NULL));
	assert_string_equal(value->text, "e");
	assert_true(draft_set(&draft, DRAFT_LANGUAGE, SLICE("zh_tw"), DRAFT_FOUND, NULL));
	assert_string_equal(draft.values[DRAFT_LANGUAGE].text, "zh-TW");
	assert_false(draft_set(&draft, DRAFT_URL, SLICE("nowhere"), DRAFT_FOUND, "f"));
	assert_int_equal(draft.values[DRAFT_URL].trust, DRAFT_OPEN);
	assert_non_null(strstr(draft.values[DRAFT_URL].note, "What f says is not taken"));
	draft_note(&draft, DRAFT_AUTHOR, "Once.");
	draft_note(&draft, DRAFT_AUTHOR, "Twice.");
	draft_note(&draft, DRAFT_AUTHOR, "Once.");
	assert_string_equal(draft.values[DRAFT_AUTHOR].note, "Once. Twice.");
	draft_free(&draft);
}

static void test_url(void **state)
{
	static const struct {
		const char *url, *base, *expected;
		enum draft_trust trust;
	} rows[] = {
	    {"https://a.test", "", "https://a.test/", DRAFT_FOUND},
	    {"https://a.test/", "/b/", "https://a.test/b/", DRAFT_FOUND},
	    {" https://a.test/x ", "b", "https://a.test/x/b/", DRAFT_FOUND},
	    {"http://localhost:4000", "", "http://localhost:4000/", DRAFT_GUESSED},
	    {"https://www.example.org/", "", "https://www.example.org/", DRAFT_GUESSED},
	    {"https://blog.example/", "", "https://blog.example/", DRAFT_GUESSED},
	    {"https://counterexample.com/", "", "https://counterexample.com/", DRAFT_FOUND},
	    {"/", "", NULL, DRAFT_OPEN},
	    {"", "/blog", NULL, DRAFT_OPEN},
	    {"//a.test/", "", NULL, DRAFT_OPEN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct draft draft = DRAFT_INIT;

		inside_take_url(&draft, slice_of(rows[i].url), slice_of(rows[i].base), "f");
		assert_int_equal(draft.values[DRAFT_URL].trust, rows[i].trust);
		if (rows[i].expected)
			assert_string_equal(draft.values[DRAFT_URL].text, rows[i].expected);
		draft_free(&draft);
	}
}

static void test_feeds(void **state)
{
	struct draft draft = DRAFT_INIT;

	(void)state;
	inside_add_main(&draft, "atom", "a.xml", 0, "one");
	inside_add_main(&draft, "rss", "b.xml", 0, "two");
	assert_int_equal(draft.feeds_len, 1);
	assert_string_equal(draft.feeds[0].note, "one two");
	inside_add_main(&draft, "json", "../x", 0, NULL);		  /* refused */
	inside_add_by(&draft, "tag", "rss", "tags/rss.xml", false, NULL); /* has no token */
	inside_add_by(&draft, "tag", "rss", "b.xml", false, NULL);
	assert_int_equal(draft.feeds_len, 1);
	assert_null(draft.feeds[0].paths[2]);
	inside_add_by(&draft, "tag", "rss", "tags/:tag.xml", true, NULL);
	assert_int_equal(draft.feeds_len, 2);
	draft_free(&draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_js_places),
	    cmocka_unit_test(test_js_computed),
	    cmocka_unit_test(test_js_broken),
	    cmocka_unit_test(test_py),
	    cmocka_unit_test(test_py_computed),
	    cmocka_unit_test(test_permalink),
	    cmocka_unit_test(test_trust),
	    cmocka_unit_test(test_url),
	    cmocka_unit_test(test_feeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
