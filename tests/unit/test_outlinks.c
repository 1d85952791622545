/* outlinks: the links of an entry to other sites. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/buf.h"
#include "feeds/ping/outlinks.h"

/* The URLs found, one a line, and "..." when some were left out. */
static void check(const char *site, const char *external, const char *html, const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	struct outlinks found;

	outlinks_find(slice_of(html), slice_of(external), slice_of(site), &arena, &found);
	for (size_t i = 0; i < found.len; i++)
		buf_printf(&text, "%.*s\n", SLICE_FMT(found.urls[i]));
	if (found.cut)
		buf_puts(&text, "...\n");
	assert_string_equal(buf_string(&text), expected);
	buf_free(&text);
	arena_free(&arena);
}

static const char site[] = "https://www.example.com/blog/";

static void test_order(void **state)
{
	(void)state;
	check(site, "",
	    "<p>See <a href=\"https://b.example/2\">b</a> and <a href=\"http://a.example/1\" "
	    "rel=\"nofollow\" class=\"u-in-reply-to\">a</a>, once more "
	    "<a href=\"https://b.example/2\">b</a>.</p>",
	    "https://b.example/2\nhttp://a.example/1\n");
	check(site, "https://link.example/post",
	    "<a href=\"https://b.example/\">b</a>"
	    "<a href=\"https://link.example/post\">again</a>",
	    "https://link.example/post\nhttps://b.example/\n");
	check(site, "", "", "");
	check(site, "", "no link", "");
}

static void test_values(void **state)
{
	(void)state;
	/* References in a value are characters; of what is no link, or leads nowhere, nothing. */
	check(site, "", "<a href=\"https://b.example/?x=1&amp;y=&quot;\">b</a>",
	    "https://b.example/?x=1&y=\"\n");
	check(site, "", "<a id=\"https://b.example/\">b</a><a href=\"\">c</a><a>d</a>", "");
	check(site, "",
	    "<img src=\"https://b.example/i.png\" alt=\"&lt;a href=https://c/&gt;\"/>"
	    "<blockquote cite=\"https://b.example/\">q</blockquote>&lt;a href=\"https://d/\"&gt;",
	    "");
	check(site, "",
	    "<a href=\"mailto:a@b.example\">m</a><a href=\"ftp://b.example/\">f</a>"
	    "<a href=\"https:///x\">n</a><a href=\"/rel\">r</a><a href=\"gemini://b/\">g</a>",
	    "");
	/* The page is what is told, once; with the fragment that stands first. */
	check(site, "",
	    "<a href=\"https://b.example/p#two\">2</a><a href=\"https://b.example/p\">"
	    "1</a><a href=\"https://b.example/p#three\">3</a><a "
	    "href=\"https://b.example/p?\">4</a>",
	    "https://b.example/p#two\nhttps://b.example/p?\n");
}

static void test_own_site(void **state)
{
	static const char html[] = "<a href=\"https://example.com/\">1</a>"
				   "<a href=\"http://www.example.com:8080/x\">2</a>"
				   "<a href=\"https://EXAMPLE.com#f\">3</a>"
				   "<a href=\"https://me@example.com/\">4</a>"
				   "<a href=\"https://other.example.com/\">5</a>"
				   "<a href=\"https://example.com.evil.example/\">6</a>"
				   "<a href=\"https://example.com@evil.example/\">7</a>";
	static const char others[] = "https://other.example.com/\n"
				     "https://example.com.evil.example/\n"
				     "https://example.com@evil.example/\n";

	(void)state;
	check(site, "https://www.example.com/x", html, others);
	check("http://example.com/", "", html, others);
	check("https://xn--bcher-kva.example/", "",
	    "<a href=\"https://b\xc3\xbc"
	    "cher.example/\">own</a>",
	    "");
}

static void test_bounds(void **state)
{
	struct buf html = BUF_INIT, expected = BUF_INIT;
	size_t start;

	(void)state;
	for (int i = 0; i < OUTLINKS_MAX; i++) {
		buf_printf(&html, "<a href=\"https://b.example/%d\">x</a>", i);
		buf_printf(&expected, "https://b.example/%d\n", i);
	}
	/* What is there already, or is no link to tell of, is not left out. */
	buf_puts(&html, "<a href=\"https://b.example/7#x\">x</a><a href=\"/own\">x</a>");
	check(site, "", buf_string(&html), buf_string(&expected));
	buf_puts(&html, "<a href=\"https://b.example/more\">x</a>");
	buf_puts(&expected, "...\n");
	check(site, "", buf_string(&html), buf_string(&expected));

	buf_clear(&html);
	buf_clear(&expected);
	buf_puts(&html, "<a href=\"");
	start = html.len;
	buf_puts(&html, "https://b.example/");
	while (html.len - start < OUTLINKS_URL_MAX)
		buf_putc(&html, 'x');
	buf_put(&expected, html.data + start, OUTLINKS_URL_MAX);
	buf_putc(&expected, '\n');
	buf_puts(&html, "\">x</a>");
	check(site, "", buf_string(&html), buf_string(&expected));
	buf_cut(&html, start + OUTLINKS_URL_MAX);
	buf_puts(&html, "y\">x</a><a href=\"https://c.example/\">c</a>");
	check(site, "", buf_string(&html), "https://c.example/\n...\n");
	buf_free(&html);
	buf_free(&expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_own_site),
	    cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests_name("outlinks", tests, NULL, NULL);
}
