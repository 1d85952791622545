/* directive: wikilinks, ikiwiki's directives. */
#include "tests/unit/directive_case.h"

static void check_wiki(const char *body, const char *expected)
{
	check_in("posts/one.mdwn", body, expected);
}

static void test_links(void **state)
{
	(void)state;
	check("[[Page]]", "<a href=\"https://example.org/p/Page\">Page</a>");
	check("[[A Page.md|T *x*]]",
	    "<a href=\"https://example.org/p/A%20Page.md\">T &#42;x&#42;</a>");
	check("[[Page#A Heading|t]]", "<a href=\"https://example.org/p/Page#a-heading\">t</a>");
	check("[[Page#A#B c]]",
	    "<a href=\"https://example.org/p/Page#b-c\">Page &gt; A &gt; B c</a>");
	check("[[#Here]] [[Page#^block]]",
	    "<a href=\"#here\">Here</a> <a href=\"https://example.org/p/Page\">Page</a>");
	check("[[https://a.b/|site]]", "<a href=\"https://a.b/\">site</a>");
	check("[[no-page|Text]] [[no-page]]", "Text no-page");
	check("| [[Page\\|t]] |\n", "| <a href=\"https://example.org/p/Page\">t</a> |\n");
	check("[[paper.pdf]] [[toc]]b", "<a href=\"paper.pdf\">paper.pdf</a> b");
	check("[[N]][^1] ![[a.png]][^2]",
	    "<a href=\"https://example.org/p/N\">N</a>[^1] <img src=\"a.png\" alt=\"\">[^2]");
	check_wiki(
	    "[[the text|A Page]]", "<a href=\"https://example.org/p/A%20Page\">the text</a>");
}

static void test_no_links(void **state)
{
	(void)state;
	check_same("[[1]](url) [[1]][ref] [[a], [b]] [[1,2],[3]] [[ -z $x ]] \\[[esc]] [[a\nb]]");
	check_same("`[[bin]]` <a title=\"[[x]]\">t</a> [[^1]]");
}

static void test_embeds(void **state)
{
	(void)state;
	check("![[a b.png]]", "<img src=\"a%20b.png\" alt=\"\">");
	check("x ![[a.png|300]] ![[a.png|30x20]] ![[a.png|3 apples]] ![[a.png|alt|300]]",
	    "x <img src=\"a.png\" alt=\"\" width=\"300\"> <img src=\"a.png\" alt=\"\" width=\"30\" "
	    "height=\"20\"> <img src=\"a.png\" alt=\"3 apples\"> <img src=\"a.png\" alt=\"alt\" "
	    "width=\"300\">");
	check("![[v.mp4]]", "<video controls src=\"v.mp4\"><a href=\"v.mp4\">v.mp4</a></video>");
	check("![[Note]]", "<a href=\"https://example.org/p/Note\">Note</a>");
	/* A picture alone in its line would take the next line with it. */
	check("![[a.png]]\n*t*\n", "<img src=\"a.png\" alt=\"\">\n\n*t*\n");
}

static void test_directives(void **state)
{
	(void)state;
	check_wiki("[[!meta title=\"x\"]][[!tag a b]][[!inline pages=\"*\"]]b", "b");
	check_wiki("[[!img a.png size=200x150 alt=\"A\" class=\"x\"]]",
	    "<img src=\"a.png\" alt=\"A\" width=\"200\" height=\"150\">");
	check_wiki("[[!format c \"\"\"\nint x[[2]];\n\"\"\"]]b",
	    "<pre><code class=\"language-c\">int x&#91;&#91;2&#93;&#93;;</code></pre>\n\nb");
	check_wiki("[[!template id=note text=\"\"\"see [[Page]]\"\"\"]]",
	    "<blockquote>\n\nsee <a "
	    "href=\"https://example.org/p/Page\">Page</a>\n\n</blockquote>\n\n");
	check_wiki("[[!table data=\"\"\"\na|b\n1|*\n\"\"\"]]",
	    "<table><tr><th>a</th><th>b</th></tr><tr><td>&#49;</td><td>&#42;</td></tr></table>");
	check_wiki(
	    "[[!rfc 2822]]", "<a href=\"https://www.rfc-editor.org/rfc/rfc2822\">RFC 2822</a>");
	check_wiki("[[!if test=\"x\" then=\"\"\"[[Page]]\"\"\" else=\"n\"]]",
	    "<a href=\"https://example.org/p/Page\">Page</a>");
	check_wiki("a[[!more text=\"\"\"*b*\"\"\"]]", "a<!-- more -->\n\n*b*");
	check_wiki("\\[[!img a.png]] [[!img \"\"\"]]", "\\[[!img a.png]] [[!img \"\"\"]]");
	check_wiki("a [[!nobody x]]b", "a b");
	assert_int_equal(count_unknown("a.mdwn", "[[!nobody x]][[!toc]]"), 1);
}

/* Texts in texts in texts: the recursion has an end. */
static void test_nesting(void **state)
{
	struct directive_case c = {.path = "a.mdwn"};
	struct buf body = BUF_INIT;
	char *text;

	(void)state;
	for (int i = 0; i < 40; i++)
		buf_puts(&body, i % 2 ? "[[!note text='" : "[[!note text=\"");
	text = case_expand(&c, buf_string(&body));
	free(text);
	diags_free(&c.diags);
	buf_free(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_no_links),
	    cmocka_unit_test(test_embeds),
	    cmocka_unit_test(test_directives),
	    cmocka_unit_test(test_nesting),
	};

	return cmocka_run_group_tests_name("directive_wiki", tests, NULL, NULL);
}
