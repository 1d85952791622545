/* linkheader and discover: where a page takes Webmentions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/ping/discover.h"
#include "feeds/ping/linkheader.h"

/* Each link as "TARGET|REL", with "|anchored" behind it, a line each. */
static void check_links(const char *value, const char *expected)
{
	struct slice rest = slice_of(value);
	struct buf text = BUF_INIT;
	struct linkheader link;

	while (linkheader_next(&rest, &link))
		buf_printf(&text, "%.*s|%.*s%s\n", SLICE_FMT(link.target), SLICE_FMT(link.rel),
		    link.anchored ? "|anchored" : "");
	assert_string_equal(buf_string(&text), expected);
	buf_free(&text);
}

static void test_link_header(void **state)
{
	(void)state;
	check_links("", "");
	check_links("<a>; rel=x", "a|x\n");
	check_links(" , <a> ;\trel = \"x y\" ,, <b>;REL=z;", "a|x y\nb|z\n");
	check_links("<a,b;c>; title=\"q, <no>; rel=no\"; rel=x, <>; rel=y", "a,b;c|x\n|y\n");
	check_links("<a>; title=\"q \\\" <no>\"; rel=x", "a|x\n");
	check_links("<a>; rel=\"\"; rel=x, <b>; rel; rel=x", "a|\nb|\n");
	check_links(
	    "<a>; rel=x; anchor=\"#f\", <b>; anchor; rel=y", "a|x|anchored\nb|y|anchored\n");
	check_links("<a>;;;rel=x;media=", "a|x\n");
	check_links("<a> junk ; rel=x junk, <b>", "a|x junk\nb|\n");
	check_links("<a>; rel=\"x, <b>; rel=y", "a|x, <b>; rel=y\n");
	check_links("<a>; rel=\"x\\", "a|x\\\n");
	check_links("<a", "");
	check_links("a>; rel=x, <b>; rel=x", "");
	check_links("<a>; rel=x, b", "a|x\n");
	assert_true(linkheader_rel_has(SLICE("me  WebMention"), "webmention"));
	assert_false(linkheader_rel_has(SLICE("not-webmention webmentions"), "webmention"));
	assert_false(linkheader_rel_has(SLICE_NONE, "webmention"));
}

/* What stands for an endpoint that is found and not fit. NULL is none. */
static const char unfit[] = "unfit";

static void check_named(
    const char *name, const char *url, const char *headers, const char *html, const char *expected)
{
	const struct ping_answer answer = {
	    .status = 200, .headers = slice_of(headers), .body = slice_of(html)};
	struct buf found = BUF_INIT, wanted = BUF_INIT;
	enum discover_result result;

	buf_printf(&found, "%s: ", name);
	result = discover_endpoint(&answer, slice_of(url), &found);
	if (result != DISCOVER_FOUND)
		buf_puts(&found, result == DISCOVER_NONE ? "none" : unfit);
	buf_printf(&wanted, "%s: %s", name, expected ? expected : "none");
	assert_string_equal(buf_string(&found), buf_string(&wanted));
	buf_free(&found);
	buf_free(&wanted);
}

static void check_page(const char *url, const char *headers, const char *html, const char *expected)
{
	check_named(url, url, headers, html, expected);
}

static const char html_type[] = "Content-Type: text/html; charset=utf-8\n";
static const char page[] = "https://t.example/posts/1?v=2";

/* What senders are commonly tested with: headers, elements, their order, what only looks so. */
static const struct {
	const char *name, *headers, *html, *expected; /* NULL: none */
} cases[] = {
    {"header, not quoted, relative", "Link: </wm>; rel=webmention\n", "", "https://t.example/wm"},
    {"header, not quoted, absolute", "Link: <https://w.example/wm>; rel=webmention\n", "",
	"https://w.example/wm"},
    {"link, relative", "", "<link rel=\"webmention\" href=\"/wm\">", "https://t.example/wm"},
    {"link, absolute", "", "<link href=\"https://w.example/\" rel=\"webmention\" />",
	"https://w.example/"},
    {"a, relative", "", "<p><a rel=\"webmention\" href=\"wm\">m</a>", "https://t.example/posts/wm"},
    {"a, absolute", "", "<a href='http://w.example/wm' rel='webmention'>m</a>",
	"http://w.example/wm"},
    {"header in any case", "LinK: </wm>; Rel=WebMention\n", "", "https://t.example/wm"},
    {"header, quoted", "link: </wm>; rel=\"webmention\"\n", "", "https://t.example/wm"},
    {"several relations of a link", "", "<link rel=\"me webmention\tx\" href=\"/wm\">",
	"https://t.example/wm"},
    {"several relations in a header", "Link: </wm>; rel=\"webmention somethingelse\"\n", "",
	"https://t.example/wm"},
    {"header before link before a", "Link: </header>; rel=webmention\n",
	"<link rel=webmention href=/link><a rel=webmention href=/a>", "https://t.example/header"},
    {"another word in rel", "Link: </no>; rel=not-webmention\n",
	"<link rel=\"not-webmention\" href=\"/no\"><a rel=webmention href=/a>",
	"https://t.example/a"},
    {"comment", "",
	"<!-- <a href=\"/no\" rel=\"webmention\"></a> --><a rel=\"webmention\" href=\"/a\">",
	"https://t.example/a"},
    {"escaped HTML", "",
	"<code>&lt;a href=\"/no\" rel=\"webmention\"&gt;</code><a rel=webmention href=/a>",
	"https://t.example/a"},
    {"empty href", "", "<link rel=\"webmention\" href=\"\">", "https://t.example/posts/1?v=2"},
    {"href without a value", "", "<a rel=webmention href>m</a>", "https://t.example/posts/1?v=2"},
    {"empty target in a header", "Link: <>; rel=webmention\n", "", "https://t.example/posts/1?v=2"},
    {"a before link", "", "<a rel=webmention href=/a>x</a><link rel=webmention href=/link>",
	"https://t.example/a"},
    {"link before a", "", "<link rel=webmention href=/link><a rel=webmention href=/a>x</a>",
	"https://t.example/link"},
    {"several headers", "Link: </no>; rel=\"other\"\nX: y\nLink: </wm>; rel=webmention\n", "",
	"https://t.example/wm"},
    {"several links in a header",
	"Link: </no>; rel=\"other\", </wm>; rel=\"webmention\", </x>; rel=webmention\n", "",
	"https://t.example/wm"},
    {"link without href", "", "<link rel=\"webmention\"><a rel=webmention href=/a>x</a>",
	"https://t.example/a"},
    {"query", "", "<link rel=webmention href=\"/wm?a=1&amp;b=2\">", "https://t.example/wm?a=1&b=2"},
    {"query in a header", "Link: <?query=yes&x>; rel=webmention\n", "",
	"https://t.example/posts/1?query=yes&x"},
    /* Beyond those. */
    {"nothing", "", "<p>x</p>", NULL},
    {"nothing at all", "", "", NULL},
    {"broken references stay", "", "<a rel=webmention href='/wm?a&#;&b=1'>",
	"https://t.example/wm?a&#;&b=1"},
    {"numbers", "", "<a rel=webmention href='&#x2f;w&#109;'>", "https://t.example/wm"},
    {"first rel, first href", "",
	"<a rel=no rel=webmention href=/no><a rel=webmention href=/a href=/no>",
	"https://t.example/a"},
    {"script, style, title, textarea", "",
	"<title><a rel=webmention href=/1></title><script>'<a rel=webmention href=/2>'</script>"
	"<style><a rel=webmention href=/3></style><textarea><a rel=webmention href=/4></textarea>"
	"<a rel=webmention href=/a>",
	"https://t.example/a"},
    {"template", "",
	"<template><template></template><a rel=webmention href=/no></template></template>"
	"<a rel=webmention href=/a>",
	"https://t.example/a"},
    {"noscript", "", "<noscript><link rel=webmention href=/wm></noscript>", "https://t.example/wm"},
    {"area and others", "", "<area rel=webmention href=/no><form rel=webmention href=/no>", NULL},
    {"text in a value", "", "<p title='<a rel=webmention href=/no>'>x", NULL},
    {"base", "", "<base href=\"/b/\"><a rel=webmention href=wm>", "https://t.example/b/wm"},
    {"base behind it", "", "<link rel=webmention href=wm><base href=\"https://o.example/\">",
	"https://o.example/wm"},
    {"first base with href", "",
	"<base target=_top><base href=/1/><base href=/2/><a rel=webmention href=wm>",
	"https://t.example/1/wm"},
    {"base is not for headers", "Link: <wm>; rel=webmention\n", "<base href=/b/>",
	"https://t.example/posts/wm"},
    {"base that is no web address", "", "<base href='data:x'><a rel=webmention href=wm>",
	"https://t.example/posts/wm"},
    {"anchored elsewhere", "Link: </no>; rel=webmention; anchor=\"/other\"\n", "", NULL},
    {"upper case", "", "<LINK REL=WEBMENTION HREF=/WM>", "https://t.example/WM"},
    {"no address of the web", "", "<a rel=webmention href='javascript:alert(1)'>", unfit},
    {"nor in a header", "Link: <mailto:a@b.example>; rel=webmention\n",
	"<a rel=webmention href=/a>", unfit},
    {"file", "Link: <file:///etc/passwd>; rel=webmention\n", "", unfit},
    {"no host", "Link: <https:///wm>; rel=webmention\n", "", unfit},
};

static void test_cases(void **state)
{
	struct buf headers = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&headers);
		buf_puts(&headers, cases[i].headers);
		buf_puts(&headers, html_type);
		check_named(
		    cases[i].name, page, buf_string(&headers), cases[i].html, cases[i].expected);
	}
	buf_free(&headers);
}

/* The answer is that of the last redirect, and so is the URL. */
static void test_redirected(void **state)
{
	(void)state;
	check_page("https://t.example/moved/2/", html_type, "<link rel=webmention href=../wm>",
	    "https://t.example/moved/wm");
	check_page("https://t.example/moved/2/", "Link: <wm>; rel=webmention\n", "",
	    "https://t.example/moved/2/wm");
}

static void test_media_type(void **state)
{
	static const char html[] = "<a rel=webmention href=/a>";

	(void)state;
	check_page(page, "", html, "https://t.example/a");
	check_page(page, "content-type: TEXT/HTML\n", html, "https://t.example/a");
	check_page(page, "Content-Type: application/xhtml+xml ;charset=utf-8\n", html,
	    "https://t.example/a");
	check_page(page, "Content-Type: text/plain\n", html, NULL);
	check_page(page, "Content-Type: image/png\nLink: </wm>; rel=webmention\n", html,
	    "https://t.example/wm");
}

static void test_bounds(void **state)
{
	struct buf url = BUF_INIT, html = BUF_INIT;

	(void)state;
	buf_puts(&url, "https://w.example/");
	while (url.len < DISCOVER_URL_MAX)
		buf_putc(&url, 'x');
	buf_printf(&html, "<a rel=webmention href=%s", buf_string(&url));
	check_page(page, html_type, buf_string(&html), NULL); /* cut off within the tag */
	buf_putc(&html, '>');
	check_page(page, html_type, buf_string(&html), buf_string(&url));
	buf_cut(&html, html.len - 1);
	buf_puts(&html, "y>");
	check_page(page, html_type, buf_string(&html), unfit);
	buf_free(&url);
	buf_free(&html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_link_header),
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_redirected),
	    cmocka_unit_test(test_media_type),
	    cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests_name("discover", tests, NULL, NULL);
}
