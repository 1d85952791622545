/* front matter that is a JavaScript object: MDX, ---js. */
#include "tests/unit/front.h"

#include "feeds/frontmatter/jsobject.h"

static void test_export(void **state)
{
	(void)state;
	assert_front("a.mdx", "export const meta = { title: 'A', date: \"2024-01-02\" }\n\n# B\n",
	    "mdx", "{title: A, date: 2024-01-02}", "\n# B\n");
	assert_front("a.mdx",
	    "import { X } from '../x'\nimport {\n  Y,\n  Z\n} from \"y\"\n// words\n{/* more\n"
	    "words */}\n\nexport const metadata: Metadata = {\n  title: `A`,\n} satisfies "
	    "Metadata;\nT",
	    "mdx", "{title: A}", "T");
	assert_front(
	    "a.md", "export let frontmatter =\n{title: 'A'};\nT", "mdx", "{title: A}", "T");
	assert_front("a.mdx", "export const meta={title:'A'}", "mdx", "{title: A}", "");
	assert_front("a.mdx", "export const meta = {}\nT", "mdx", "{}", "T");
	assert_none("a.mdx", "export const metaphor = {title: 'A'}\n");
	assert_none("a.mdx", "export const meta = build({title: 'A'})\n");
	assert_none("a.mdx", "export const meta\n");
	assert_none("a.mdx", "export default {title: 'A'}\n");
	assert_none("a.mdx", "import X from 'x'\n\nText\nexport const meta = {title: 'A'}\n");
	assert_none("a.mdx", "importance is all\n\nexport const meta = {title: 'A'}\n");
	assert_none("a.mdx", "import of goods\n\nexport const meta = {title: 'A'}\n");
	assert_none("a.mdx", "/* no end\nexport const meta = {title: 'A'}\n");
	assert_none("a.mdx", "# A\n");
}

static void test_export_broken(void **state)
{
	(void)state;
	assert_broken(
	    "a.mdx", "\nexport const meta = {\n  title: 'A\n}\n", 3, 10, "string has no end");
	assert_broken("a.mdx", "export const meta = {title: 'A'", 1, 29, "no end");
	assert_broken("a.mdx", "export const meta = {title 'A'}", 1, 28, "expected");
	assert_broken("a.mdx", "export const meta = {title: foo(", 1, 29, "no end");
	assert_broken("a.mdx", "export const meta = {: 1}", 1, 22, "mdx head");
	assert_broken("a.mdx", "export const meta = {\n title: 'A'\n draft: true}", 3, 7,
	    "is missing before this key");
	assert_broken("a.mdx", "export const meta = {a: [1, 2}}", 1, 30, "expected");
}

static void assert_object(const char *text, const char *tree)
{
	struct value_rules rules = {.first_line = 1};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf dump = BUF_INIT;
	struct value *root;
	struct err err;

	if (jsobject_parse(slice_of(text), NULL, &rules, &arena, &diags, &root, &err) < 0)
		fail_msg("%s: %s", text, err.text);
	front_put(&dump, root);
	if (strcmp(buf_string(&dump), tree) != 0)
		fail_msg("%s: %s, not %s", text, buf_string(&dump), tree);
	buf_free(&dump);
	diags_free(&diags);
	arena_free(&arena);
}

static void test_values(void **state)
{
	(void)state;
	assert_object(
	    "{a: 1, 'b': -2.5, \"c-d\": 1e3, $e_1: 0}", "{a: 1!, b: -2.5!, c-d: 1e3!, $e_1: 0!}");
	assert_object(
	    "{a: true, b: false, c: null, d: undefined}", "{a: true!, b: false!, c: !, d: !}");
	assert_object("{a: ['x', [1,], {b: 'y'},],}", "{a: [x, [1!], {b: y}]}");
	assert_object(
	    "{ // one\n a: 'x', /* two */ b /**/ : 'y' // three\n }; // four", "{a: x, b: y}");
	assert_object(
	    "{a: new Date(\"2024-01-02\"), b: new Date( '2024' )}", "{a: 2024-01-02, b: 2024}");
	assert_object("{\xc3\xa9t\xc3\xa9: 'x'}", "{\xc3\xa9t\xc3\xa9: x}");
	assert_object("{1: 'x', true: 'y'}", "{1: x, true: y}");
}

static void test_strings(void **state)
{
	(void)state;
	assert_object("{a: 'it\\'s \\\"\\n\\t\\\\'}", "{a: it's \"\n\t\\}");
	assert_object("{a: `two\nlines`}", "{a: two\nlines}");
	assert_object("{a: 'one\\\nline'}", "{a: oneline}");
	assert_object("{a: '\\xe9 \\u00e9 \\u{e9} \\ud83d\\ude00 \\u{1F600}'}",
	    "{a: \xc3\xa9 \xc3\xa9 \xc3\xa9 \xf0\x9f\x98\x80 \xf0\x9f\x98\x80}");
	/* a lone surrogate is none; what XML forbids goes */
	assert_object("{a: '\\ud83d.'}", "{a: \xef\xbf\xbd.}");
	assert_object("{a: 'a\\0\\b\\u0001\\x07b'}", "{a: ab}");
	assert_object("{a: '$5 {x}', b: `$5`}", "{a: $5 {x}, b: $5}");
}

/* Code is left out, key by key, and said. */
static void test_foreign(void **state)
{
	(void)state;
	assert_object("{a: foo, b: 'x'}", "{b: x}");
	assert_object("{a: foo('}', \"]\", `)`), b: 'x'}", "{b: x}");
	assert_object("{a: 'x' + 'y', b: 'z'}", "{b: z}");
	assert_object("{a: `x ${y}`, b: 'z'}", "{b: z}");
	assert_object("{a: () => { return {c: 1, d: [2]} }, b: 'z'}", "{b: z}");
	assert_object("{...rest, short, method(x, y) { return 1 }, [key]: 2, b: 'z'}", "{b: z}");
	assert_object("{a: new Date(2024, 1, 2), b: new Map(), c: 'z'}", "{c: z}");
	assert_object("{a: {c: foo, d: 1} || 2, b: [foo, 'x', bar.baz]}", "{b: [x]}");
	assert_object("{a: x ? y : z, b: x?.y ?? z, c: p ? q ? 1 : 2 : 3, d: 'z'}", "{d: z}");
	assert_object("{a: 0x10, b: 1_000, c: 3px}", "{}");
	assert_object("{a: x /* , } */ , b: 'y'}", "{b: y}");
	assert_complaints(
	    "a.mdx", "export const meta = {title: 'A', tags: all}\n", 1, DIAG_NOTE, "tags is code");
	assert_complaints(
	    "a.mdx", "export const meta = {...all}\n", 1, DIAG_NOTE, "this part is code");
	assert_complaints(
	    "a.mdx", "export const meta = {tags: [a, 'b']}\n", 1, DIAG_NOTE, "element");
}

static void test_places(void **state)
{
	struct front front = front_read(
	    "a.mdx", SLICE("\nexport const meta = {\n  title: `A\nB`, tags: [1,\n 2]\n}\n"));
	const struct value *tags;

	(void)state;
	assert_int_equal(front.result, 0);
	tags = value_get(front.read.root, "tags");
	assert_non_null(tags);
	assert_int_equal(tags->key_line, 4);
	assert_int_equal(tags->key_column, 5);
	assert_int_equal(tags->line, 4);
	assert_int_equal(tags->column, 11);
	assert_int_equal(tags->last->line, 5);
	assert_int_equal(tags->last->column, 2);
	assert_int_equal(tags->last->integer, 2);
	front_free(&front);
}

static void test_bounds(void **state)
{
	struct buf text = BUF_INIT;
	struct front front;

	(void)state;
	buf_puts(&text, "export const meta = {a: ");
	for (int i = 0; i < 100000; i++)
		buf_putc(&text, '[');
	front = front_read("a.mdx", buf_slice(&text));
	assert_int_equal(front.result, -1);
	assert_int_equal(front.err.kind, ERR_LIMIT);
	front_free(&front);
	buf_clear(&text);
	buf_puts(&text, "export const meta = {a: [");
	for (int i = 0; i < 20000; i++)
		buf_puts(&text, "1,");
	buf_puts(&text, "]}");
	front = front_read("a.mdx", buf_slice(&text));
	assert_int_equal(front.result, -1);
	assert_int_equal(front.err.kind, ERR_LIMIT);
	front_free(&front);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_export),
	    cmocka_unit_test(test_export_broken),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_strings),
	    cmocka_unit_test(test_foreign),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
