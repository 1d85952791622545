/* summary: plain text out of sanitized fragments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/text.h"
#include "feeds/markup/summary.h"

static void check_summary(const char *html, size_t more, const char *expected)
{
	struct markup_result body = {.html = BUF_INIT, .more = more};
	struct buf out = BUF_INIT;

	buf_puts(&body.html, html);
	summary_put(&body, &out);
	assert_string_equal(buf_string(&out), expected);
	buf_free(&body.html);
	buf_free(&out);
}

static void test_text(void **state)
{
	static const struct {
		const char *html, *text;
	} cases[] = {
	    {"<p>a <b>b</b>c</p><p>d<br>e</p>f", "a bc d e f"},
	    {"&lt;p&gt; &amp;amp; &quot;x&quot;", "<p> &amp; \"x\""},
	    {"<img src=\"x\" alt=\"a &gt; b\">x<ul><li>y</li><li>z</li></ul>", "x y z"},
	    {"<pre>a\n  b</pre>", "a b"},
	    {"a<sup><a href=\"x\" id=\"r\">1</a></sup> b<sup>2</sup>", "a b2"},
	    {"<ruby>k<rp>(</rp><rt>r</rt><rp>)</rp></ruby>x", "kx"},
	    {"<table><tr><td>a</td><td>b</td></tr></table>", "a b"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = BUF_INIT;

		summary_put_text(slice_of(cases[i].html), &out);
		assert_string_equal(buf_string(&out), cases[i].text);
		buf_free(&out);
	}
}

static void test_first_paragraph(void **state)
{
	static const struct {
		const char *html, *summary;
	} cases[] = {
	    {"<p>One <em>two</em>.</p><p>Three</p>", "One two."},
	    {"<h1>T</h1><figure><img "
	     "src=\"x\"><figcaption>c</figcaption></figure><p></p><p>One</p>",
		"One"},
	    {"<nav><ul><li>toc</li></ul></nav><pre>code</pre><table><tr><td>t</td></tr></table>"
	     "<p>One</p>",
		"One"},
	    {"<ul><li>toc</li><li>toc</li></ul><p>One</p>", "One"},
	    {"<blockquote><p>One</p></blockquote><p>Two</p>", "One"},
	    {"<blockquote><p><strong>Note</strong></p><p>One</p></blockquote>", "One"},
	    {"<p><b>A lead in bold is a sentence.</b></p><p>Two</p>",
		"A lead in bold is a sentence."},
	    {"<p><b>a</b> b</p><p>Two</p>", "a b"},
	    {"<p><b>only</b></p>", "only"},
	    {"bare <b>text</b><p>Two</p>", "bare text"},
	    {"<div>bare</div>", "bare"},
	    {"<p><a href=\"x\">Video on YouTube</a></p><p>One</p>", "One"},
	    {"<p><a href=\"x\">only</a></p>", "only"},
	    {"<ul><li>a</li><li>b</li></ul>", "a"},
	    {"<h2>only</h2><pre>code</pre>", "only code"},
	    {"<p>a<br>b</p>", "a b"},
	    {"<p>x<sup><a href=\"#1\">1</a></sup> y</p>", "x y"},
	    {"<p><img src=\"x\" alt=\"alt\"></p>", ""},
	    {"<p>&lt;3 &amp;lt;</p>", "<3 &lt;"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_summary(cases[i].html, SIZE_MAX, cases[i].summary);
}

static void test_more(void **state)
{
	(void)state;
	check_summary("<p>One</p><p>Two</p><p>Three</p>", 20, "One Two");
	/* inside an open element */
	check_summary("<div><p>One</p>two</div>", 15, "One");
	check_summary("<h2>T</h2><p>One</p><pre>c</pre><ul><li>a</li></ul><p>Two</p>", 51, "One a");
	/* nothing before the mark: the first paragraph */
	check_summary("<p>One</p><p>Two</p>", 0, "One");
	check_summary("<h1>T</h1><p>One</p>", 10, "One");
}

static void test_cut(void **state)
{
	struct buf html = BUF_INIT, out = BUF_INIT;
	struct markup_result body = {.more = SIZE_MAX};
	struct slice text;

	(void)state;
	buf_puts(&html, "<p>");
	for (int i = 0; i < 200; i++)
		buf_puts(&html, "one &amp; ");
	buf_puts(&html, "</p>");
	body.html = html;
	summary_put(&body, &out);
	text = buf_slice(&out);
	assert_true(slice_starts(text, "one & one & "));
	assert_true(slice_ends(text, "…"));
	/* never within a word or an entity, and no blank before the sign */
	text.len -= strlen("…");
	assert_true(slice_ends(text, " &") || slice_ends(text, " one"));
	assert_int_equal(text_cut(text, SUMMARY_MAX), text.len);
	assert_true(text.len > SUMMARY_MAX - 10);
	buf_free(&html);
	buf_free(&out);
}

/* A paragraph of a megabyte, and 10^5 of none, are looked at no longer than needed. */
static void test_large(void **state)
{
	struct buf html = BUF_INIT, out = BUF_INIT;
	struct markup_result body = {.more = SIZE_MAX};

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_puts(&html, "<p></p>");
	buf_puts(&html, "<p>");
	for (int i = 0; i < 100000; i++)
		buf_puts(&html, "word<b> </b>");
	buf_puts(&html, "</p>");
	body.html = html;
	summary_put(&body, &out);
	assert_true(slice_starts(buf_slice(&out), "word word"));
	assert_true(slice_ends(buf_slice(&out), "word…"));
	buf_free(&html);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_first_paragraph),
	    cmocka_unit_test(test_more),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
