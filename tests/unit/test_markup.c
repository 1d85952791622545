/* markup: which language a path has, and the whole way of a body. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/markup/markup.h"

static void check(const char *path, const char *title, const char *in, const char *out)
{
	struct markup_source source = {
	    .body = slice_of(in),
	    .path = slice_of(path),
	    .line = 1,
	    .title = slice_of(title),
	    .page_url = SLICE("https://example.com/a/b/"),
	    .site_url = SLICE("https://example.com/"),
	};
	struct markup_result result;
	struct diags diags = DIAGS_INIT;
	struct slice text;
	struct err err;

	assert_int_equal(
	    markup_render(markup_for_path(source.path), &source, &diags, &result, &err), 0);
	text = slice_trim(buf_slice(&result.html));
	assert_int_equal(text.len, strlen(out));
	assert_memory_equal(text.ptr, out, text.len);
	markup_result_free(&result);
	diags_free(&diags);
}

static void test_for_path(void **state)
{
	(void)state;
	assert_ptr_equal(markup_for_path(SLICE("a/b.md")), &markup_markdown);
	assert_ptr_equal(markup_for_path(SLICE("a.d/b.MDX")), &markup_markdown);
	assert_ptr_equal(markup_for_path(SLICE("a/b.html")), &markup_html);
	assert_ptr_equal(markup_for_path(SLICE("a/b.md.txt")), &markup_text);
	assert_ptr_equal(markup_for_path(SLICE("b.gmi")), &markup_gemtext);
	assert_ptr_equal(markup_for_path(SLICE("a.txt/b")), &markup_markdown);
	assert_ptr_equal(markup_for_path(SLICE("a.unknown")), &markup_markdown);
	assert_ptr_equal(markup_for_path(SLICE("")), &markup_markdown);
}

/* Directives, then the language, then the sanitizer: each sees what the one before made. */
static void test_whole_way(void **state)
{
	(void)state;
	check("a.md", "The *T*",
	    "# The \\*T\\*\n\n{% raw %}{{ *a* }}{% endraw %} [c](../d \"e\") "
	    "<script>f()</script>\n\n"
	    "![g](h.png) ~~i~~ ==j==\n",
	    "<p>{{ <em>a</em> }} <a href=\"https://example.com/a/d\" title=\"e\">c</a> </p>\n"
	    "<p><img src=\"https://example.com/a/b/h.png\" alt=\"g\"> <del>i</del> "
	    "<mark>j</mark></p>");
	check("a.gmi", "A", "# A\nb\n=> c d\n",
	    "<p>b</p>\n<p><a href=\"https://example.com/a/b/c\">d</a></p>");
	check("a.txt", "The Night", "A teaser.\n\nThe Night\n\nIt was <dark>.\n",
	    "<p>It was &lt;dark&gt;.</p>");
	check("a.txt", "", "One <em>a</em>\n\ntwo <a href=\"b\">c</a>\n",
	    "<p>One <em>a</em></p>\n<p>two <a href=\"https://example.com/a/b/b\">c</a></p>");
	check("a.html", "", "<html><nav>n</nav><main><p onclick=\"x\">a</p></main></html>",
	    "<p>a</p>");
}

static void test_limit(void **state)
{
	struct markup_source source = {.path = SLICE("a.md"),
	    .page_url = SLICE("https://example.com/a"),
	    .site_url = SLICE("https://example.com/")};
	struct markup_result result;
	struct diags diags = DIAGS_INIT;
	struct buf body = BUF_INIT;
	struct err err;

	(void)state;
	while (body.len <= MARKUP_BODY_MAX)
		buf_puts(&body, "word ");
	source.body = buf_slice(&body);
	assert_int_equal(markup_render(&markup_markdown, &source, &diags, &result, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	buf_free(&body);
	diags_free(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_for_path),
	    cmocka_unit_test(test_whole_way),
	    cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests_name("markup", tests, NULL, NULL);
}
