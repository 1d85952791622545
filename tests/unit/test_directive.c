/* directive: the walk, what is code, lines, bounds. */
#include "tests/unit/directive_case.h"

static void test_nothing_to_do(void **state)
{
	(void)state;
	check("", "");
	check_same("Plain *text* with { braces }, [a](b), 100 % and :smile:\n");
	check_same("    code\n\ttab\n```\nfence\n```\n");
	check_html("<p>{ } [x] %</p>", "<p>{ } [x] %</p>");
}

static void test_fences(void **state)
{
	(void)state;
	check_same("```go\n{{ .Title }} {{< x >}} [[y]]\n```\n");
	check_same("~~~~\n{% if %}\n~~~\n{{ x }}\n~~~~\n");
	check_same("- item\n\n      ```\n      {{ x }}\n      ```\n");
	check_same("> ```\n> {{ x }}\n> ```\n");
	check_same("```\nnever closed {{ x }}\n\n{{ y }}\n");
	/* It ends where it ends. */
	check("```\n{{ x }}\n```\n{{ x }}b\n", "```\n{{ x }}\n```\nb\n");
	check("````\n```\n{{ x }}\n````\n{{ x }}b\n", "````\n```\n{{ x }}\n````\nb\n");
	/* With the quotation, or the item, that holds it. */
	check("> ```\n> {{ x }}\n{{ x }}b\n", "> ```\n> {{ x }}\nb\n");
	check("- ```\n  {{ x }}\n{{ x }}b\n", "- ```\n  {{ x }}\nb\n");
	/* With the pair that holds it. */
	check("{{< quote >}}\n```\na\n```{{< /quote >}}\n*b*\n",
	    "<blockquote>\n\n\n```\na\n```\n\n</blockquote>\n\n\n*b*\n");
	check_same("```\n{{< quote >}}\n```{{< /quote >}}\n");
	/* Three backticks within a line are no fence. */
	check("``` {{ x }} ``` {{ x }}b\n", "``` {{ x }} ``` b\n");
}

static void test_indented_code(void **state)
{
	(void)state;
	check_same("text\n\n    {{ x }}\n    [[y]]\n");
	check_same("\t{{ x }}\n");
	/* A paragraph, and an item, go on. */
	check("text\n    {{ x }}b\n", "text\n    b\n");
	check("- item\n\n    {{ x }}b\n", "- item\n\n    b\n");
	check("1. item\n\n    {{ x }}b\n\ntext\n\n    {{ x }}\n",
	    "1. item\n\n    b\n\ntext\n\n    {{ x }}\n");
	check_same("- item\n\n      {{ x }}\n");
	check("[^1]: note\n\n    {{ x }}b\n", "[^1]: note\n\n    b\n");
}

static void test_indented_for_the_eye(void **state)
{
	(void)state;
	/* A tag inside others is set back with what follows, which keeps its own indentation. */
	check("{{< tabs >}}\n    {{< tab A >}}\n  text\n\n    {{< /tab >}}\n"
	      "    {{< tab B >}}\n    text\n      more\n\n        code\n    {{< /tab >}}\n"
	      "{{< /tabs >}}\n",
	    "\n<div><p><strong>A</strong></p>\n\n\n  text\n\n\n\n</div>\n\n\n"
	    "<div><p><strong>B</strong></p>\n\n\ntext\n  more\n\n    code\n\n\n</div>\n\n\n\n");
	/* Within an item and a quotation, as far as their text; tabs are columns. */
	check("- a\n\n  {{< md >}}\n      {{< row >}}\n      - b\n\n        c\n  {{< /md >}}\n",
	    "- a\n\n  \n  \n  - b\n\n    c\n  \n");
	check("- a\n\n  {{< md >}}\n  - b\n\n          {{< img x.png >}}\n  {{< /md >}}\n",
	    "- a\n\n  \n  - b\n\n    <img src=\"x.png\" alt=\"\">\n    \n  \n");
	check("> {{< md >}}\n>     {{< row >}}\n>     b\n> {{< /md >}}\n", "> \n> \n> b\n> \n");
	check("{{< md >}}\n\t{{< row >}}\n\tb\n\t```\n\tc\n\t\td\n\t```\n{{< /md >}}\n",
	    "\n\nb\n```\nc\n\td\n```\n\n");
	/* Its end, where text has ended the item, and where it has not. */
	check("- a\n\n    {{< quote >}}\n\nb\n\n    {{< /quote >}}\n",
	    "- a\n\n    <blockquote>\n    \n    \n\nb\n\n\n\n</blockquote>\n\n\n");
	check("- a\n    {{< quote >}}\nb\n    {{< /quote >}}\n",
	    "- a\n    <blockquote>\n    \n    \nb\n\n\n</blockquote>\n\n\n");
	check("- a\n    {{< quote >}}\n{{< x >}}\n    {{< /quote >}}\n",
	    "- a\n    <blockquote>\n    \n    \n\n\n    \n    </blockquote>\n    \n    \n");
	check("- a\n\n    {{< quote >}}\n    b\n\n{{< /quote >}}\n",
	    "- a\n\n    <blockquote>\n    \n    \n    b\n\n\n    \n    </blockquote>\n    \n    "
	    "\n");
	/* Behind a blank line, inside a pair: a tag is no code, all else is. */
	check("{{< md >}}\n\n    {{< img x.png >}}\n\n{{< /md >}}\n",
	    "\n\n<img src=\"x.png\" alt=\"\">\n\n\n");
	check("{{< md >}}\n\n    b {{< x >}}\n\n    {{</* y */>}}\n{{< /md >}}\n",
	    "\n\n    b {{< x >}}\n\n    {{< y >}}\n\n");
	check("{{< md >}}\n    b\n{{< /md >}}\n", "\n    b\n\n");
	check("{{< md >}}\n\n    b\n    {{< x >}}\n    {{< /md >}}\n\n    c\n",
	    "\n\n    b\n    {{< x >}}\n\n\n    c\n");
	check("- b\n\n        {{< x >}}\n", "- b\n\n        {{< x >}}\n");
	/* Pairs that nobody knows; what Liquid only shows. */
	check("{{< my >}}\n    {{< row >}}\n    b\n{{< /my >}}\n\n    c\n", "\n\nb\n\n\n    c\n");
	check("a\n{% raw %}\n    {% x %}\n{% endraw %}\n", "a\n\n    {% x %}\n\n");
}

static void test_code_spans(void **state)
{
	(void)state;
	check("`{{ x }}` {{ x }}b", "`{{ x }}` b");
	check_same("``{{ x }} ` {{ y }}``");
	check_same("`two\nlines {{ x }}`");
	check("` alone {{ x }}b\n\n`", "` alone b\n\n`");
	check("\\`{{ x }}b`", "\\`b`");
	check("a ` b\n- c {{ x }}d ` e\n", "a ` b\n- c d ` e\n");
}

static void test_html_code(void **state)
{
	(void)state;
	check_same("<pre>\n{{ x }}\n\n[[y]]</pre>");
	check_same("<!-- {{ x }} --><script>{{ x }}</script><style>{{ x }}</style>");
	check_same("<code>{{ x }}</code>");
	check("the <code> element {{ x }}b\n\nand {{ x }}b </code>",
	    "the <code> element b\n\nand b </code>");
	check("<!-- {{ x }}b", "<!-- b");
	check_html("<PRE>{{ x }}</PRE><p>{{ x }}b", "<PRE>{{ x }}</PRE><p>b");
	check_html("`{{ x }}b`", "`b`"); /* no Markdown there */
	check_html("    {{ x }}b", "    b");
}

static void test_math(void **state)
{
	(void)state;
	check_same("$$\\frac{{a}}{{b}} [[x]]$$");
	check_same("$x^{{2}}_{{i}}$ and \\mathbf{{v}}");
	check("costs $$ {{ x }}b\n\n$$", "costs $$ b\n\n$$");
}

static void test_unclosed(void **state)
{
	(void)state;
	check_same("{{ x");
	check_same("{% if x");
	check_same("[[ x ]");
	check_same("{{< figure src=\"x\"");
	check_same("{{}} {{ }} {%%} {% %} [[]] {{<>}} {{< >}}");
	check_same("{{{ x }}}");
}

static void test_lines_around_blocks(void **state)
{
	(void)state;
	/* Without a blank line, what follows would be part of the HTML block. */
	check("{{< figure src=a.png >}}\n*text*\n",
	    "<figure><img src=\"a.png\" alt=\"\"></figure>\n\n*text*\n");
	check("{{< figure src=a.png >}}\n\ntext\n",
	    "<figure><img src=\"a.png\" alt=\"\"></figure>\n\ntext\n");
	check("> {{< figure src=a.png >}}\n> text\n",
	    "> <figure><img src=\"a.png\" alt=\"\"></figure>\n> \n> text\n");
	check("- {{< note >}}x{{< /note >}}\n",
	    "- <blockquote><p><strong>Note</strong></p>\n  \n  x\n  \n  </blockquote>\n  \n  \n");
	/* A blank rest would end an HTML block that goes on. */
	check("<div>\n  {% if x %}\n    <b>y</b>\n  {% endif %}\n</div>\n",
	    "<div>\n    <b>y</b>\n</div>\n");
	check("a\n{% if x %}\nb\n", "a\n\nb\n");
	/* However many stand in a line, none is indented. */
	check("{{< fig a >}} {{< fig b >}} {{< fig c >}}\n",
	    "<figure><img src=\"a\" alt=\"\"></figure>\n\n<figure><img src=\"b\" "
	    "alt=\"\"></figure>\n\n<figure><img src=\"c\" alt=\"\"></figure>\n");
	check("{{< quote >}} a {{< /quote >}} {{< quote >}} b {{< /quote >}}\n",
	    "<blockquote>\n\na \n\n</blockquote>\n\n<blockquote>\n\nb \n\n</blockquote>\n\n\n");
	/* A comment is no block that goes on. */
	check("<!-- more -->\n{{< figure a >}}\n*text*\n",
	    "<!-- more -->\n<figure><img src=\"a\" alt=\"\"></figure>\n\n*text*\n");
	check("{% tabs X %}\n<!-- tab A -->\n*text*\n<!-- endtab -->\n{% endtabs %}\n",
	    "<div>\n\n\n<p><strong>A</strong></p>\n\n*text*\n\n\n\n</div>\n\n\n");
	/* Rows of tables stay one line. */
	check("| {{< note >}}x{{< /note >}} |\n",
	    "| <blockquote><p><strong>Note</strong></p>x</blockquote> |\n");
}

static void test_place_of_notes(void **state)
{
	struct directive_case c = {0};
	char *text = case_expand(&c, "one\n\n  x {{< nobody >}} and\n{{ unknown }}\n");

	(void)state;
	assert_string_equal(text, "one\n\n  x  and\n\n");
	assert_int_equal(c.diags.unknowns, 2);
	assert_int_equal(c.diags.len, 2);
	assert_int_equal(c.diags.items[0].level, DIAG_NOTE);
	assert_int_equal(c.diags.items[0].line, 12);
	assert_int_equal(c.diags.items[0].column, 5);
	assert_string_equal(
	    c.diags.items[0].text, "unknown shortcode 'nobody' removed, its inner text stays");
	assert_int_equal(c.diags.items[1].line, 13);
	assert_int_equal(c.diags.items[1].column, 1);
	assert_string_equal(c.diags.items[1].text, "unknown output 'unknown' removed");
	free(text);
	diags_free(&c.diags);
}

static void test_appends(void **state)
{
	struct markup_source source = {.body = SLICE("{{ x }}b")};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf out = BUF_BOUNDED(8);

	(void)state;
	buf_puts(&out, "head ");
	directive_expand(&source, true, &arena, &diags, &out);
	assert_string_equal(buf_string(&out), "head b");
	source.body = SLICE("[[abcdef]] and more than fits");
	directive_expand(&source, true, &arena, &diags, &out);
	assert_true(out.overflow);
	arena_free(&arena);
	diags_free(&diags);
	buf_free(&out);
}

/* Repeat `unit` up to 300 kB, put `tail` behind it, and be done within the test's patience. */
static void expand_many(const char *path, const char *unit, const char *tail)
{
	struct directive_case c = {.path = path};
	struct buf body = BUF_INIT;
	char *text;

	while (body.len < 300000)
		buf_puts(&body, unit);
	buf_puts(&body, tail);
	text = case_expand(&c, buf_string(&body));
	free(text);
	diags_free(&c.diags);
	buf_free(&body);
}

static void test_many(void **state)
{
	static const char *const units[] = {"{{ ", "{{ a ", "{% ", "[[", "![[", "[[!x \"\"\"",
	    "{{< ", "{% if x %}", "{% raw %}", "{% highlight c %}", "{{< note >}}", "{% f() %}",
	    "{% for i in (1..99) %}x", "<pre>", "<code>", "<!-- ", "`", "`a", "$$a", "{a ", "<A {",
	    "<Note>", "{{</* ", "{{ \"", "> ", "- ", "```\n", "\n    x", "[^", "<div>{% x %}\n",
	    "{% capture a %}{{ a }}{{ a }}x{% endcapture %}", "{% tabs %}<!-- tab x -->",
	    "[a]({{< ref no-x >}})", "{# ", "{{< md >}}\n    a\n\n", "    {{< x >}}\n",
	    "import a from \"b\"\n", "export const a = {\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		expand_many("a.md", units[i], "");
		expand_many("a.md", units[i],
		    " }} %} ]] >}} --> \"\"\" {% endif %} {{< /note >}} {% endfor %} $$ `");
		expand_many("a.mdx", units[i], " </Note> } > */}");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing_to_do),
	    cmocka_unit_test(test_fences),
	    cmocka_unit_test(test_indented_code),
	    cmocka_unit_test(test_indented_for_the_eye),
	    cmocka_unit_test(test_code_spans),
	    cmocka_unit_test(test_html_code),
	    cmocka_unit_test(test_math),
	    cmocka_unit_test(test_unclosed),
	    cmocka_unit_test(test_lines_around_blocks),
	    cmocka_unit_test(test_place_of_notes),
	    cmocka_unit_test(test_appends),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("directive", tests, NULL, NULL);
}
