/* front matter between marks, JSON, none; and who comes first. */
#include "tests/unit/front.h"

static void test_yaml(void **state)
{
	(void)state;
	assert_front("a.md", "---\ntitle: A\ntags: [a, b]\n---\nText\n", "yaml",
	    "{title: A, tags: [a, b]}", "Text\n");
	assert_front("a.md", "--- \t\ntitle: A\n---  \nText", "yaml", "{title: A}", "Text");
	assert_front("a.md", "---\ntitle: A\n...\n\nText", "yaml", "{title: A}", "\nText");
	assert_front("a.md", "---\ntitle: A\n---", "yaml", "{title: A}", "");
	assert_front("a.md", "---\ntitle: A --- B\n---\nT", "yaml", "{title: A --- B}", "T");
	assert_front("a.md", "---\n---\nText", "yaml", "{}", "Text");
	assert_front("a.md", "---\n# words\n\n# more\n---\nText", "yaml", "{}", "Text");
	assert_front("a.md", "---\n\ntitle: A\n---\nText", "yaml", "{title: A}", "Text");
	assert_front("a.html", "---\ntitle: A\n---\n<html><title>B</title>", "yaml", "{title: A}",
	    "<html><title>B</title>");
	assert_front("a.md", "---\ntitle:\tA\n---\nT", "yaml", "{title: A}", "T");
	/* blank lines before are a slip */
	assert_front("a.md", "\n \n---\ntitle: A\n---\nT", "yaml", "{title: A}", "T");
}

static void test_yaml_repeats(void **state)
{
	struct front front = front_read("a.md", SLICE("---\ntitle: A\ntitle: B\n---\nT"));

	(void)state;
	assert_int_equal(front.result, 0);
	assert_int_equal(front.diags.len, 1);
	assert_int_equal(front.diags.items[0].level, DIAG_WARNING);
	assert_int_equal(front.diags.items[0].line, 3);
	assert_true(slice_equal_str(value_get(front.read.root, "title")->text, "B"));
	front_free(&front);
}

static void test_yaml_scalar(void **state)
{
	(void)state;
	assert_front("a.md", "---\njust words\n---\nText", "yaml", "{}", "Text");
	assert_complaints("a.md", "---\njust words\n---\nText", 1, DIAG_WARNING, "holds a string");
	assert_complaints("a.md", "---\n- a\n---\nText", 1, DIAG_WARNING, "holds a list");
	assert_complaints("a.md", "---\n---\nText", 0, DIAG_NOTE, "");
}

static void test_yaml_break(void **state)
{
	(void)state;
	assert_none("a.md", "---\n\nText\n");
	assert_none("a.md", "---\nText\n\nNote: more\n");
	assert_none("a.md", "---");
	assert_none("a.md", "---\n");
	assert_none("a.md", "---\n\nSome words.\n\nMore: words: here\n\n---\n\nText\n");
	assert_none("a.md", "\n---\n\nText\n\n---\n");
	assert_none("a.md", "----\ntitle: A\n----\n");
	assert_none("a.md", "--- words ---\ntitle: A\n---\n");
	assert_none("a.md", "Heading\n---\n\nText\n");
}

static void test_yaml_broken(void **state)
{
	(void)state;
	assert_broken("a.md", "---\ntitle: A\nText\n", 1, 1, "never ends");
	assert_broken("a.md", "\n---\ntitle: A\n\nText\n", 2, 1, "never ends");
	assert_broken("a.md", "---\ntitle: a: b\n---\nText\n", 2, 9, "yaml head");
	assert_broken("a.md", "---\n\"title\": \"A\n---\n", 2, 10, "yaml head");
}

static void test_yaml_limit(void **state)
{
	struct buf text = BUF_INIT;
	struct front front;

	(void)state;
	buf_puts(&text, "---\ntitle: A\n");
	while (text.len <= FRONTMATTER_MAX)
		buf_puts(&text, "# a long comment line, again and again\n");
	buf_puts(&text, "---\nText");
	front = front_read("a.md", buf_slice(&text));
	assert_int_equal(front.result, -1);
	assert_int_equal(front.err.kind, ERR_LIMIT);
	assert_int_equal(front.err.line, 1);
	front_free(&front);
	/* prose between two breaks may be as long as it likes */
	buf_clear(&text);
	buf_puts(&text, "---\n\n");
	while (text.len <= 2 * FRONTMATTER_MAX)
		buf_puts(&text, "Prose, again and again.\n");
	buf_puts(&text, "\n---\nText");
	assert_none("a.md", buf_string(&text));
	buf_free(&text);
}

static void test_languages(void **state)
{
	(void)state;
	assert_front("a.md", "---json\n{\"title\": \"A\"}\n---\nT", "yaml", "{title: A}", "T");
	assert_front("a.md", "---toml\ntitle = \"A\"\n---\nT", "yaml", "{title: A}", "T");
	assert_front("a.md", "---js\n{\n  title: 'A',\n}\n---\nT", "yaml", "{title: A}", "T");
	assert_front("a.md", "---yaml\ntitle: A\n---\nT", "yaml", "{title: A}", "T");
	assert_broken("a.md", "---toml\ntitle = A\n---\nT", 2, 9, "yaml head");
	assert_broken("a.md", "---js\nconst a = 1\n---\nT", 2, 1, "expected an object");
	assert_none("a.md", "---other\ntitle: A\n---\nT");
}

static void test_unopened(void **state)
{
	(void)state;
	assert_front("a.md", "title: A\ntags:\n- a\n---\nT", "yaml", "{title: A, tags: [a]}", "T");
	assert_none("a.md", "title: A\n---\nT");
	assert_none("a.md", "note: A\ntitle: B\n---\nT");
}

static void test_toml(void **state)
{
	(void)state;
	assert_front("a.md", "+++\ntitle = \"A\"\ndate = 2024-01-02\n[extra]\nx = 1\n+++\nText\n",
	    "toml", "{title: A, date: 2024-01-02!, extra: {x: 1!}}", "Text\n");
	assert_front("a.md", "+++ \n+++\t\nText", "toml", "{}", "Text");
	assert_front("a.md", "\n+++\ntitle = 'A'\n+++\nT", "toml", "{title: A}", "T");
	assert_none("a.md", "+++\n\nText\n");
	assert_none("a.md", "++++\ntitle = 'A'\n++++\n");
	assert_broken("a.md", "+++\ntitle = 'A'\nText\n", 1, 1, "never ends");
	assert_broken("a.md", "+++\n\n# x\n[extra]\n", 1, 1, "never ends");
	assert_broken("a.md", "\n+++\ntitle = A\n+++\n", 3, 9, "toml head");
}

static void test_json(void **state)
{
	(void)state;
	assert_front("a.md", "{\n  \"title\": \"A\",\n  \"tags\": [\"a\"]\n}\n\nText\n", "json",
	    "{title: A, tags: [a]}", "\nText\n");
	assert_front("a.md", "{\"title\": \"A\"}Text", "json", "{title: A}", "Text");
	assert_front("a.md", "{ }\nText", "json", "{}", "Text");
	assert_front("a.md", "{ word }\nText", "none", "{}", "{ word }\nText");
	assert_front("a.md", "{\"title\": \"}\"} \t\n", "json", "{title: }}", "");
	assert_none("a.md", "{% include x %}\n");
	assert_none("a.md", "{{ x }}\n");
	assert_none("a.md", "{: .class}\n");
	assert_none("a.md", "{");
	assert_none("a.md", " {\"title\": \"A\"}\n");
	assert_broken("a.md", "{\n  title: \"A\"\n}\n", 2, 7, "json head");
}

static void test_hexo(void **state)
{
	struct front front;

	(void)state;
	assert_front("a.md", ";;;\n\"title\": \"A\",\n\"tags\": [\"a\"]\n;;;\nText\n", "hexo",
	    "{title: A, tags: [a]}", "Text\n");
	assert_front("a.md", "\"title\": \"A\",\n\n\"draft\": true\n;;;; \n\nT", "hexo",
	    "{title: A, draft: true!}", "\nT");
	assert_front("a.md", ";;;\n{\"title\": \"A\"}\n;;;\n", "hexo", "{title: A}", "");
	assert_front("a.md", "\n;;;\n\n  \"title\" : \"A\"\n;;;\n", "hexo", "{title: A}", "");
	assert_none("a.md", ";;; a comment of Lisp\n\"title\": \"A\"\n;;;\n");
	assert_none("a.md", ";;;\n\nText\n\n;;;\n");
	assert_none("a.md", "\"Quoted\", he said.\n;;;\n");
	assert_none("a.md", ";;;");
	assert_broken("a.md", ";;;\n\"title\": \"A\"\nText\n", 1, 1, "never ends");
	assert_broken("a.md", ";;;\n\"title\": \"A\",\n\"tags\": [a]\n;;;\n", 3, 10, "hexo head");
	assert_broken("a.md", "\"title\": \"A\",\n\"tags\": [a]\n;;;\n", 2, 10, "hexo head");
	front = front_read("a.md", SLICE("\n;;;\n\"a\": \"A\",\n\"title\": \"B\"\n;;;\n"));
	assert_int_equal(front.result, 0);
	assert_int_equal(front.read.root->last->line, 4);
	assert_int_equal(front.read.root->last->column, 10);
	front_free(&front);
}

static void test_json_limit(void **state)
{
	struct buf text = BUF_INIT;
	struct front front;

	(void)state;
	buf_puts(&text, "{\"title\": \"");
	while (text.len <= FRONTMATTER_MAX)
		buf_puts(&text, "\xc3\xa9");
	buf_puts(&text, "\"}\n");
	front = front_read("a.md", buf_slice(&text));
	assert_int_equal(front.result, -1);
	assert_int_equal(front.err.kind, ERR_LIMIT);
	front_free(&front);
	/* the bound is the head's, not the body's */
	buf_clear(&text);
	buf_puts(&text, "{\"title\": \"A\"}\n");
	while (text.len <= 2 * FRONTMATTER_MAX)
		buf_puts(&text, "Text {\n");
	assert_front("a.md", buf_string(&text), "json", "{title: A}", buf_string(&text) + 15);
	buf_free(&text);
}

/* Whichever of them reads a megabyte, none may take long over it. */
static void test_large(void **state)
{
	static const char *const units[] = {"---\n", "+++\n", "{\"a\":", "{ \n", "title: A\n",
	    "---\ntitle: A\n", "export const meta = {", "import x from\n", "/*", ": a\n", "a:\n",
	    "[[", "meta-a: b\n", "====\n"};
	static const char *const paths[] = {"a.md", "a.txt", "a.html", "a.mdwn"};

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct buf text = BUF_INIT;

		while (text.len < 1000000)
			buf_puts(&text, units[i]);
		for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++) {
			struct front front = front_read(paths[p], buf_slice(&text));

			front_free(&front);
		}
		buf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_yaml),
	    cmocka_unit_test(test_yaml_repeats),
	    cmocka_unit_test(test_yaml_scalar),
	    cmocka_unit_test(test_yaml_break),
	    cmocka_unit_test(test_yaml_broken),
	    cmocka_unit_test(test_yaml_limit),
	    cmocka_unit_test(test_languages),
	    cmocka_unit_test(test_unopened),
	    cmocka_unit_test(test_toml),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_json_limit),
	    cmocka_unit_test(test_hexo),
	    cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
