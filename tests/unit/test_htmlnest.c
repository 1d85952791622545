/* htmlnest: HTML that is read without the parser becomes what the parser makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/base/mem.h"
#include "feeds/markup/htmlfence.h"
#include "feeds/markup/htmlnest.h"
#include "feeds/markup/sanitize.h"

/* The same elements; but only the parser can make sense of the second. */
static const char nested[] = "<i><b></b></i>", crossed[] = "<i><b></i></b>";

static const struct markup_source source = {.path = SLICE("posts/a.md"),
    .title = SLICE("The Title"),
    .page_url = SLICE("https://example.com/posts/a/"),
    .site_url = SLICE("https://example.com/")};

static char *fragment_of(const char *start, const char *html)
{
	struct markup_result result = {.html = BUF_INIT};
	struct buf whole = BUF_INIT;
	struct diags diags = DIAGS_INIT;
	struct err err;
	char *fragment;

	buf_puts(&whole, start);
	buf_puts(&whole, html);
	assert_int_equal(
	    sanitize_html(buf_slice(&whole), &source, false, &diags, &result, &err), 0);
	fragment = mem_dup(result.html.data, result.html.len);
	buf_free(&result.html);
	buf_free(&whole);
	diags_free(&diags);
	return fragment;
}

static void check_same(const char *html)
{
	char *mine = fragment_of(nested, html), *parsers = fragment_of(crossed, html);

	assert_string_equal(mine, parsers);
	free(mine);
	free(parsers);
}

/* Is it read without the parser? */
static bool is_read(const char *html)
{
	const struct htmlfence rules = {.depth_max = SIZE_MAX};
	const struct htmlurl url = {.source = &source, .base = source.page_url};
	struct buf out = BUF_INIT;
	size_t more = SIZE_MAX;
	struct htmlemit emit = {.url = &url, .out = &out, .more = &more};
	bool read;

	read = htmlnest_put(&rules, slice_of(html), &emit);
	htmlemit_free(&emit);
	buf_free(&out);
	return read;
}

/* libxml2 knows which element ends before which other one starts. */
static void test_pairs(void **state)
{
	const struct htmltag *first = htmltag_find(SLICE("a")), *last = htmltag_find(SLICE("xmp"));

	(void)state;
	for (const struct htmltag *outer = first; outer <= last; outer++) {
		for (const struct htmltag *inner = first; inner <= last; inner++) {
			struct buf html = BUF_INIT;

			buf_printf(&html, "<%s>a<%s id=\"x\" class=\"c\">b</%s>c</%s>d",
			    outer->name, inner->name, inner->name, outer->name);
			check_same(buf_string(&html));
			buf_free(&html);
		}
	}
}

static void test_same(void **state)
{
	static const char *const htmls[] = {
	    "a &amp; b &lt; c &gt; d &quot; e &apos; f &copy; &nbsp; &thetasym; &hearts;",
	    "&hellip &amp &copy2 &unknown; & &; &# &#; &#x; &#65; &#x41; &#X41; &#65 &#x41g; &#0;",
	    "&#150; &#1; &#xd800; &#xfffe; &#x10ffff; &#x110000; &#00000000065; &#99999999999;",
	    "<a href=\"/x?a=1&amp;b=2&copy=3&copy;&#65;\" title='say \"x\" &lt;b&gt;'>x</a>",
	    "<a title=\"&#0;\">x</a><a title=\"&#x;\">y</a>",
	    "<p>a<br>b<br/>c<img src=x.png alt=\"&eacute;\"><hr>d</p>",
	    "<ul>\n<li>a</li>\n<li><p>b</p>\n<ul><li>c</li></ul></li></ul>",
	    "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
	    "<table><tr><td>a<p>b</td></tr></table>",
	    "<h1>The &#84;itle</h1><p>x</p>",
	    "<h1><a href=\"#t\">#</a>The Title</h1>",
	    "<p>a</p><!--more--><p>b</p><!-- other -->",
	    "<p>open <em>and never closed",
	    "<div><div><span><span>a</span></span></div></div><blockquote><blockquote>q",
	    "<em><em>a</em></em><a href=x><a href=y>b</a></a>",
	    "<p><div>a</div></p>",
	    "<p class=\"&amp;&amp;\">a</p></p></b>",
	    "<pre><code class=\"language-c\">if (a &lt; b &amp;&amp; c)\n\treturn;\n</code></pre>",
	    "a < b <3 <> </ <",
	    "\n\n< x\n\n<p>a</p>\n\n<",
	    " <script>x</script>\n<p>a</p> <unknown> \n</unknown>\n<p>b</p>",
	    "x<script></script> \n<p>a</p>&foo \n<p>b</p>& \n<p>c</p>\n&amp;\n<p>d</p>",
	    "&quo<x>t; &quo<x>t &#6<x>5; &amp;<x>lt; &amp<x>;",
	    "&ne; &nexist; &nbsp x &eacute &Ccaron; &Ccaron &frac12x &amp;amp; &&amp &lt;",
	    "<b title=\"&Ccaron; &nbsp &eacute\">x</b>",
	    "\n \t<p>\n</p>\r\n",
	    "ä <b>ö</b> 漢字 &auml;",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(htmls) / sizeof(htmls[0]); i++)
		check_same(htmls[i]);
}

static void test_depth(void **state)
{
	struct buf html = BUF_INIT;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		buf_puts(&html, "<div>");
		if (i == 50 || i == 250 || i == 260 || i == 4999)
			check_same(buf_string(&html));
	}
	buf_free(&html);
}

/* What it is there for. */
static void test_reads(void **state)
{
	(void)state;
	assert_true(is_read("<h2 id=\"a\">A &amp; B</h2>\n<p>x <a href=\"/y\">y</a>.</p>\n<ul>\n"
			    "<li>\n<p>z</p>\n<pre><code>&lt;&quot;</code></pre></li></ul>"));
	assert_true(is_read("<blockquote><p>x<br/>y</p></blockquote><p><img src=\"z\" alt=\"\"/>"));
	assert_false(is_read("<p>a<p>b"));
	assert_false(is_read("<b><i>a</b></i>"));
	assert_false(is_read("&#0;"));
	assert_false(is_read("<table><tr><td>a<td>b</table>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pairs),
	    cmocka_unit_test(test_same),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
