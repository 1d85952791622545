/* permalink and identity: where a page lives and what its entry is called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/identity.h"
#include "feeds/permalink.h"

static const struct slice categories[] = {{"Web Dev", 7}, {"C#/F#", 5}, {"web dev", 7}, {"!", 1}};

static void check_own(
    const char *path, const char *pattern, const char *own, bool own_is_folder, const char *want)
{
	struct permalink_parts parts = {
	    .site_url = SLICE("https://example.com/blog/"),
	    .site_lang = SLICE("en"),
	    .pattern = slice_of(pattern),
	    .title = SLICE("It's a  Title: été!"),
	    .section = SLICE("posts"),
	    .categories = categories,
	    .categories_len = sizeof(categories) / sizeof(categories[0]),
	    .date = {.year = 2024, .month = 1, .day = 2},
	    .own_is_folder = own_is_folder,
	};
	struct buf url = BUF_INIT;

	permalink_name(slice_of(path), &parts.name);
	assert_int_equal(
	    permalink_put(&parts, slice_of(own), &url), !strstr(own ? own : "", ":odd"));
	assert_string_equal(buf_string(&url), want);
	buf_free(&url);
}

static void check(const char *path, const char *pattern, const char *own, const char *want)
{
	check_own(path, pattern, own, false, want);
}

static void test_patterns(void **state)
{
	(void)state;
	check("posts/hello.md", "/:path/", NULL, "https://example.com/blog/posts/hello/");
	check(
	    "posts/2024-01-02-hello.md", "/:path/", NULL, "https://example.com/blog/posts/hello/");
	check("posts/2024-01-02-hello.md", "/:section/:filename/", NULL,
	    "https://example.com/blog/posts/2024-01-02-hello/");
	check("a/b/2024-01-02-hello.md", "/:stem/", NULL,
	    "https://example.com/blog/a/b/2024-01-02-hello/");
	check("a/2024-01-02-hello/index.md", "/:stem/", NULL,
	    "https://example.com/blog/a/2024-01-02-hello/");
	check("_posts/2024-01-02-hello.md", "/:categories/:year/:month/:day/:slug.html", NULL,
	    "https://example.com/blog/web%20dev/c%23/f%23/!/2024/01/02/hello.html");
	check("_posts/2024-01-02-hello.md", "/:slugified_categories/:year/:slug.html", NULL,
	    "https://example.com/blog/web-dev/c-f/2024/hello.html");
	check("_posts/2024-01-02-hello.md", "/:path/", NULL, "https://example.com/blog/hello/");
	check("hello.md", "/:title/", NULL, "https://example.com/blog/its-a-title-%C3%A9t%C3%A9/");
	check(
	    "status/2020-02-01.md", "/:path/", NULL, "https://example.com/blog/status/2020-02-01/");
	check("My Note.md", "/:path", NULL, "https://example.com/blog/My-Note");
}

static void test_bundles_and_languages(void **state)
{
	(void)state;
	check("posts/trip/index.md", "/:path/", NULL, "https://example.com/blog/posts/trip/");
	check("posts/trip/index.ja.md", "/:path/", NULL, "https://example.com/blog/ja/posts/trip/");
	check("posts/trip/index.en.md", "/:path/", NULL, "https://example.com/blog/posts/trip/");
	check("posts/trip.pt-BR.md", "/:path/", NULL, "https://example.com/blog/pt-BR/posts/trip/");
	check("posts/trip.ja.md", "/:lang/:slug/", NULL, "https://example.com/blog/ja/trip/");
	check("posts/trip.md", "/:lang/:slug/", NULL, "https://example.com/blog/trip/");
	check("posts/vue.js.md", "/:path/", NULL, "https://example.com/blog/posts/vue.js/");
	check("index.md", "/:path/", NULL, "https://example.com/blog/");
	check("index.html", "/:year/:slug.html", NULL, "https://example.com/blog/");
	check("index.ja.md", "/:path/", NULL, "https://example.com/blog/ja/");
	check("index/index.md", "/:path/", NULL, "https://example.com/blog/index/");
}

static void test_own(void **state)
{
	(void)state;
	check("a.md", "/:path/", "/about/", "https://example.com/blog/about/");
	check("a.md", "/:path/", "about", "https://example.com/blog/about");
	check("a.md", "/:path/", "/words/one/index.html", "https://example.com/blog/words/one/");
	check("a.md", "/:path/", "index.html", "https://example.com/blog/");
	check("a.md", "/:path/", "https://other.example/x", "https://other.example/x");
	check("a.md", "/:path/", "/:year/:slug/", "https://example.com/blog/2024/a/");
	check("a.md", "/:path/", "/p/:title:output_ext", "https://example.com/blog/p/a.html");
	check("2024-01-02-a.md", "/:path/", "/:name/", "https://example.com/blog/2024-01-02-a/");
	check_own("a.md", "/:path/", "/p/:title/", true,
	    "https://example.com/blog/p/its-a-title-%C3%A9t%C3%A9/");
	check("a.md", "/:path/", "/:year/:odd/", "https://example.com/blog/a/");
	check("a.md", "/:path/", "/%2e%2e/%2e%2e/baddie.html",
	    "https://example.com/blog/baddie.html");
	check("a.md", "/:path/", "../../etc/passwd", "https://example.com/blog/etc/passwd");
	check("a.md", "/:path/", "//evil.example/x", "https://example.com/blog/evil.example/x");
	check("a.md", "/:path/", "/caf%C3%A9/", "https://example.com/blog/caf%C3%A9/");
}

static void test_slug(void **state)
{
	struct permalink_parts parts = {
	    .site_url = SLICE("https://example.com/"),
	    .pattern = SLICE("/:section/:slug.html"),
	    .slug = SLICE("/own/"),
	};
	struct buf url = BUF_INIT;

	(void)state;
	permalink_name(SLICE("posts/a.md"), &parts.name);
	assert_true(permalink_put(&parts, SLICE_NONE, &url));
	assert_string_equal(buf_string(&url), "https://example.com/own.html");
	buf_clear(&url);
	parts.pattern = SLICE("/:stem.html");
	assert_true(permalink_put(&parts, SLICE_NONE, &url));
	assert_string_equal(buf_string(&url), "https://example.com/posts/own.html");
	buf_clear(&url);
	parts.pattern = SLICE("/:section/:slug.html");
	parts.style = PERMALINK_FILES;
	assert_true(permalink_put(&parts, SLICE_NONE, &url));
	assert_string_equal(buf_string(&url), "https://example.com/a.html");
	buf_clear(&url);
	parts.style = PERMALINK_PLAIN;
	parts.slug = SLICE("//");
	assert_true(permalink_put(&parts, SLICE_NONE, &url));
	assert_string_equal(buf_string(&url), "https://example.com/a.html");
	buf_free(&url);
}

static void test_dates(void **state)
{
	static const struct {
		struct date date;
		const char
		    *want; /* %Y %y %G %m %-m %b %B %V %d %-d %j %u %a %A %H %M %S, as date(1) */
	} rows[] = {
	    {{.year = 2021, .month = 1, .day = 3, .hour = 9, .minute = 5, .second = 7},
		"2021 21 2020 01 1 Jan January 53 03 3 003 7 Sun Sunday 09 05 07"},
	    {{.year = 2024, .month = 12, .day = 30},
		"2024 24 2025 12 12 Dec December 01 30 30 365 1 Mon Monday 00 00 00"},
	    {{.year = 2024, .month = 2, .day = 29, .hour = 23, .minute = 59, .second = 60},
		"2024 24 2024 02 2 Feb February 09 29 29 060 4 Thu Thursday 23 59 60"},
	    {{.year = 987, .month = 9, .day = 18},
		"0987 87 0987 09 9 Sep September 38 18 18 261 2 Tue Tuesday 00 00 00"},
	};
	static const char format[] = "%Y %y %G %m %-m %b %B %V %d %-d %j %u %a %A %H %M %S";
	static const char *const refused[] = {"%", "%-", "%e", "%Y %Q", "%%"};
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_clear(&out);
		assert_true(permalink_put_date(&out, &rows[i].date, slice_of(format)));
		assert_string_equal(buf_string(&out), rows[i].want);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		assert_false(permalink_put_date(&out, &rows[0].date, slice_of(refused[i])));
	buf_free(&out);
	check("a.md", "/:short_year/:i_month/:i_day/:y_day/:w_year-W:week-:w_day/:slug/", NULL,
	    "https://example.com/blog/24/1/2/002/2024-W01-2/a/");
	check("a.md", "/:short_day/:long_day/:short_month/:long_month/:hour:minute:second", NULL,
	    "https://example.com/blog/Tue/Tuesday/Jan/January/000000");
	check("a.md", "/x/", "/:i_day/:title", "https://example.com/blog/2/a");
}

static void test_own_folder(void **state)
{
	(void)state;
	check_own("a.md", "/:path/", "2024/01/a", true, "https://example.com/blog/2024/01/a/");
	check_own("a.md", "/:path/", "a/b/", true, "https://example.com/blog/a/b/");
	check_own("a.md", "/:path/", "a.html", true, "https://example.com/blog/a.html");
	check_own("a.md", "/:path.html", "about", true, "https://example.com/blog/about");
}

static void check_style(enum permalink_style style, const char *name, const char *want_name,
    const char *want_own, const char *want_title)
{
	const char *const want[] = {want_name, want_own, want_title};
	void (*const put[])(struct buf *, struct slice, enum permalink_style) = {
	    permalink_put_name, permalink_put_own, permalink_put_title};

	for (size_t i = 0; i < 3; i++) {
		struct buf out = BUF_INIT;

		put[i](&out, slice_of(name), style);
		if (strcmp(buf_string(&out), want[i]) != 0)
			fail_msg(
			    "%d %zu: '%s' is not '%s'", (int)style, i, buf_string(&out), want[i]);
		buf_free(&out);
	}
}

/* Pelican's translations have their language behind the slug, others' none. */
static void test_translated(void **state)
{
	static const struct {
		enum permalink_style style;
		const char *lang, *site_lang, *want;
	} cases[] = {
	    {PERMALINK_PELICAN, "de", "en", "https://example.com/b-de.html"},
	    {PERMALINK_PELICAN, "en", "en", "https://example.com/b.html"},
	    {PERMALINK_PELICAN, "de", "", "https://example.com/b.html"},
	    {PERMALINK_PELICAN, "", "en", "https://example.com/b.html"},
	    {PERMALINK_PLAIN, "de", "en", "https://example.com/b.html"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct permalink_parts parts = {
		    .site_url = SLICE("https://example.com/"),
		    .site_lang = slice_of(cases[i].site_lang),
		    .pattern = SLICE("/:title.html"),
		    .style = cases[i].style,
		    .title = SLICE("B"),
		    .lang = slice_of(cases[i].lang),
		};
		struct buf url = BUF_INIT;

		permalink_name(SLICE("a.md"), &parts.name);
		assert_true(permalink_put(&parts, SLICE_NONE, &url));
		assert_string_equal(buf_string(&url), cases[i].want);
		buf_free(&url);
	}
}

/* As the generators write these. */
static void test_styles(void **state)
{
	static const char news[] = "What's New, in_2.0";
	static const char quoted[] = "a  b--c & d: \"Ü\" \xe2\x80\x93 it\xe2\x80\x99s?";

	(void)state;
	check_style(
	    PERMALINK_PLAIN, news, "What's-New,-in_2.0", "What's-New,-in_2.0", "whats-new-in-2-0");
	check_style(
	    PERMALINK_HUGO, news, "whats-new-in_2.0", "whats-new-in_2.0", "whats-new-in_2.0");
	check_style(
	    PERMALINK_JEKYLL, news, "What's-New,-in_2.0", "What's-New,-in_2.0", "whats-new-in-2-0");
	check_style(
	    PERMALINK_ZOLA, news, "what-s-new-in-2-0", "what-s-new-in-2-0", "whats-new-in-2-0");
	check_style(
	    PERMALINK_ASTRO, news, "whats-new-in_20", "What's-New,-in_2.0", "whats-new-in-2-0");
	check_style(
	    PERMALINK_PELICAN, news, "whats-new-in_20", "What's-New,-in_2.0", "whats-new-in_20");
	check_style(PERMALINK_ZOLA, "Über Straße 東京", "uber-strasse-東京", "uber-strasse-東京",
	    "über-straße-東京");
	check_style(PERMALINK_HUGO, quoted, "a-b--c-d-ü-its", "a-b--c-d-ü-its", "a-b--c-d-ü-its");
	check_style(
	    PERMALINK_JEKYLL, quoted, "a-b-c-&-d-Ü-it-s", "a-b-c-&-d-Ü-it-s", "a-b-c-d-ü-its");
	check_style(PERMALINK_ASTRO, quoted, "a--b--c--d-ü--its",
	    "a--b--c-&-d:-\"Ü\"-\xe2\x80\x93-it\xe2\x80\x99s?", "a-b-c-d-ü-its");
	check_style(PERMALINK_HUGO, " \xf0\x9f\x8e\x89 100% sure \xe2\x84\xa2", "100-sure",
	    "100-sure", "100-sure");
}

static void test_mint(void **state)
{
	const struct date day = {.year = 2024, .month = 1, .day = 2};
	struct permalink_name name;
	struct buf id = BUF_INIT;

	(void)state;
	permalink_name(SLICE("posts/A trip/index.md"), &name);
	identity_mint(SLICE("https://Example.COM:8080/blog/"), &day, name.stem, &id);
	assert_string_equal(buf_string(&id), "tag:example.com,2024-01-02:/posts/A%20trip");
	buf_clear(&id);
	permalink_name(SLICE("posts/trip/index.ja.md"), &name);
	identity_mint(SLICE("https://example.com/"), &day, name.stem, &id);
	assert_string_equal(buf_string(&id), "tag:example.com,2024-01-02:/posts/trip/index.ja");
	buf_free(&id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_patterns),
	    cmocka_unit_test(test_bundles_and_languages),
	    cmocka_unit_test(test_own),
	    cmocka_unit_test(test_slug),
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_own_folder),
	    cmocka_unit_test(test_translated),
	    cmocka_unit_test(test_styles),
	    cmocka_unit_test(test_mint),
	};

	return cmocka_run_group_tests_name("permalink", tests, NULL, NULL);
}
