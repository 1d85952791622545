/* gemtext: each kind of line, and the headline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/markup/markup.h"

static void check(const char *in, const char *out)
{
	struct markup_source source = {.body = slice_of(in)};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf html = BUF_INIT;
	struct err err;

	assert_int_equal(markup_gemtext.to_html(&source, &arena, &diags, &html, &err), 0);
	assert_string_equal(buf_string(&html), out);
	buf_free(&html);
	diags_free(&diags);
	arena_free(&arena);
}

static void test_lines(void **state)
{
	(void)state;
	check("", "");
	check("a <b>\nc\n\nd", "<p>a &lt;b&gt;</p>\n<p>c</p>\n<p>d</p>\n");
	check("# a\n##b\n### c\n#### d\n", "<h1>a</h1>\n<h2>b</h2>\n<h3>c</h3>\n<h3># d</h3>\n");
	check("* a\n* b\n*c\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>*c</p>\n");
	check(">a\n> b\n", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n");
}

static void test_links(void **state)
{
	(void)state;
	check("=>/a.png \t A \"b\"\n", "<p><a href=\"/a.png\">A &quot;b&quot;</a></p>\n");
	check("=> gemini://a/?b&c\n=> d e\ntext\n=> f\n=>\n",
	    "<ul>\n<li><a href=\"gemini://a/?b&amp;c\">gemini://a/?b&amp;c</a></li>\n"
	    "<li><a href=\"d\">e</a></li>\n</ul>\n<p>text</p>\n<p><a "
	    "href=\"f\">f</a></p>\n<p>=&gt;</p>\n");
}

static void test_preformatted(void **state)
{
	(void)state;
	check("```c\n# a\n=> b\n\n* <c>\n``` ignored\nd",
	    "<pre><code class=\"language-c\"># a\n=&gt; b\n\n* "
	    "&lt;c&gt;\n</code></pre>\n<p>d</p>\n");
	check("``` a picture of a cat\n^ ^\n", "<pre><code>^ ^\n</code></pre>\n");
}

static void test_headline(void **state)
{
	struct arena arena = ARENA_INIT;
	struct headline headline = {SLICE_NONE, SLICE_NONE};

	(void)state;
	markup_gemtext.headline(
	    SLICE("a\n```\n# no\n```\n## b\n#  The title \n# c"), &arena, &headline);
	assert_true(slice_equal_str(headline.title, "The title"));
	headline.title = SLICE_NONE;
	markup_gemtext.headline(SLICE("a\n#\n## b"), &arena, &headline);
	assert_int_equal(headline.title.len, 0);
	arena_free(&arena);
}

static void test_limit(void **state)
{
	struct markup_source source = {.body = SLICE("a\nb\n")};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf html = BUF_BOUNDED(10);
	struct err err;

	(void)state;
	assert_int_equal(markup_gemtext.to_html(&source, &arena, &diags, &html, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	buf_free(&html);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_preformatted),
	    cmocka_unit_test(test_headline),
	    cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests_name("gemtext", tests, NULL, NULL);
}
