/* article: from legal text to what the index keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/article.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"

enum { UNDATED = 1700000000, DAY = 86400, JAN_2_2024 = 1704153600 };

struct parsed {
	struct arena arena;
	struct diags diags;
	struct article article;
	struct article_detail detail;
	struct err err;
	int rc;
};

static struct parsed parse_by(const char *path, const char *text, struct article_rules rules)
{
	struct parsed p = {.arena = ARENA_INIT, .diags = DIAGS_INIT};
	const struct article_file file = {.path = slice_of(path),
	    .undated = UNDATED,
	    .first_seen = JAN_2_2024 + 3600,
	    .now = JAN_2_2024 + 30 * DAY};

	rules.site_url = SLICE("https://example.com/");
	rules.site_lang = SLICE("en");
	if (!rules.permalink.len)
		rules.permalink = SLICE("/:path/");
	p.rc = article_parse(
	    slice_of(text), &file, &rules, &p.arena, &p.diags, &p.article, &p.detail, &p.err);
	return p;
}

static struct parsed parse(const char *path, const char *text)
{
	return parse_by(path, text, (struct article_rules){0});
}

static void drop(struct parsed *p)
{
	diags_free(&p->diags);
	arena_free(&p->arena);
}

#define assert_slice(slice, want)                                                                  \
	do {                                                                                       \
		char *copy_ = mem_dup((slice).ptr, (slice).len);                                   \
		assert_string_equal(copy_, want);                                                  \
		free(copy_);                                                                       \
	} while (0)

static void test_whole(void **state)
{
	struct parsed p = parse("posts/hello.md",
	    "---\ntitle: Hello\ndate: 2024-01-02T03:04:05Z\nlastmod: 2024-01-03\ntags: [a, b]\n"
	    "author: Jane\ndescription: Short.\nimage: cover.jpg\nexpiryDate: 2024-02-01\n---\n"
	    "Body.\n");

	(void)state;
	assert_int_equal(p.rc, 0);
	assert_slice(p.article.title, "Hello");
	assert_slice(p.article.url, "https://example.com/posts/hello/");
	assert_slice(p.article.id, "tag:example.com,2024-01-02:/posts/hello");
	assert_slice(p.article.section, "posts");
	assert_int_equal(p.article.published, JAN_2_2024 + 3 * 3600 + 4 * 60 + 5);
	assert_int_equal(p.article.updated, JAN_2_2024 + DAY);
	assert_int_equal(p.article.expires, JAN_2_2024 + 30 * DAY);
	assert_int_equal(p.article.tags_len, 2);
	assert_slice(p.article.tags[1], "b");
	assert_slice(p.article.authors[0], "Jane");
	assert_slice(p.detail.summary, "Short.");
	assert_slice(p.detail.image_url, "https://example.com/posts/hello/cover.jpg");
	assert_slice(p.detail.body, "Body.\n");
	assert_int_equal(p.detail.body_line, 11);
	assert_int_equal(p.diags.len, 0);
	drop(&p);
}

static void check_url(const char *head, const char *want)
{
	struct buf text = BUF_INIT;
	struct parsed p;

	buf_printf(&text, "---\ntitle: T\ndate: 2024-01-02\n%s\n---\n", head);
	p = parse("posts/a.md", buf_string(&text));
	assert_int_equal(p.rc, 0);
	assert_slice(p.article.url, want);
	drop(&p);
	buf_free(&text);
}

static void test_own_urls(void **state)
{
	(void)state;
	check_url("path: own/path", "https://example.com/own/path/");
	check_url("url: /own", "https://example.com/own/");
	check_url("permalink: /own", "https://example.com/own");
}

/* One that is still to come would be the whole feed's date, too. */
static void test_updated_early(void **state)
{
	static const struct {
		const char *head;
		int64_t updated; /* after JAN_2_2024 */
		bool own, early;
	} cases[] = {
	    {"date: 2024-01-02\nlastmod: 2024-01-20", 18 * DAY, true, false},
	    {"date: 2024-01-02\nlastmod: 2204-01-20", 0, false, true},
	    {"date: 2024-01-02\nlastmod: 2204-01-20\nupdated: 2024-01-03", DAY, true, true},
	    /* a scheduled one may be updated when it is published, and not later */
	    {"date: 2024-03-02\nlastmod: 2024-03-01", 60 * DAY, true, false},
	    {"date: 2024-03-02\nlastmod: 2024-03-02", 60 * DAY, true, false},
	    {"date: 2024-03-02\nlastmod: 2024-03-03", 60 * DAY, false, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf text = BUF_INIT;
		struct parsed p;

		buf_printf(&text, "---\ntitle: T\n%s\n---\n", cases[i].head);
		p = parse("a.md", buf_string(&text));
		assert_int_equal(p.rc, 0);
		assert_int_equal(p.article.updated - JAN_2_2024, cases[i].updated);
		assert_int_equal(p.article.own_updated, cases[i].own);
		assert_int_equal(p.article.early, cases[i].early);
		assert_int_equal(p.article.stamp.size, cases[i].early ? -1 : 0);
		assert_int_equal(p.diags.len, cases[i].early);
		if (cases[i].early) {
			assert_int_equal(p.diags.items[0].line, 4);
			assert_int_equal(p.diags.items[0].column, 10);
			assert_non_null(strstr(p.diags.items[0].text, "still to come"));
		}
		drop(&p);
		buf_free(&text);
	}
}

static void check_template(const char *head, const char *want, const char *complaint)
{
	struct buf text = BUF_INIT;
	struct parsed p;

	buf_printf(&text, "---\ntitle: It's a Title\ndate: 2024-01-02\n%s\n---\n", head);
	p = parse("posts/2024-01-02-a.md", buf_string(&text));
	assert_int_equal(p.rc, 0);
	assert_slice(p.article.url, want);
	assert_int_equal(p.diags.len, complaint ? 1 : 0);
	if (complaint) {
		assert_int_equal(p.diags.items[0].level, DIAG_WARNING);
		assert_int_equal(p.diags.items[0].line, 4);
		assert_non_null(strstr(p.diags.items[0].text, complaint));
	}
	drop(&p);
	buf_free(&text);
}

/* Taken as they stand, all articles that have the same template would have one address. */
static void test_templates(void **state)
{
	static const char standard[] = "https://example.com/posts/a/", words[] = "is a template";

	(void)state;
	check_template(
	    "permalink: 'blog/{{ page.fileSlug }}/'", "https://example.com/blog/a/", NULL);
	check_template(
	    "permalink: '/{{title|slugify}}/index.html'", "https://example.com/its-a-title/", NULL);
	check_template(
	    "permalink: '/{{- page.date | date: \"%Y/%m/%d\" -}}/{{ title | slug }}.html'",
	    "https://example.com/2024/01/02/its-a-title.html", NULL);
	check_template(
	    "permalink: \"/{{ page.date | date('%Y') }}/x/\"", "https://example.com/2024/x/", NULL);
	check_template(
	    "permalink: '{{ page.filePathStem }}.html'", "https://example.com/posts/a.html", NULL);
	check_template("permalink: '/{{ other }}/'", standard, words);
	check_template("permalink: '/{{ title | other }}/'", standard, words);
	check_template("permalink: '/{{ slug }}/'", standard, words);
	check_template("permalink: '/{{ page.date }}/'", standard, words);
	check_template("permalink: '/{{ page.date | date: \"%e\" }}/'", standard, words);
	check_template("permalink: '/{{ page.fileSlug'", standard, words);
	check_template("url: '/{% if draft %}x{% endif %}/'", standard, words);
	check_template("slug: '{{ .Name }}'", standard, words);
	check_template("permalink: /:long_year/:title/", standard, "has a token");
	check_template("permalink: /:short_year/:title/", "https://example.com/24/a/", NULL);
}

/* A long title, many times: neither a template nor tokens make more than one of it. */
static void test_templates_bound(void **state)
{
	static const char *const parts[] = {"{{ title }}", "/:title"};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct buf text = BUF_INIT;
		struct parsed p;

		buf_puts(&text, "---\ndate: 2024-01-02\ntitle: ");
		for (size_t j = 0; j < 5000; j++)
			buf_putc(&text, 'a');
		buf_puts(&text, "\nurl: '/");
		for (size_t j = 0; j < 1000; j++)
			buf_puts(&text, parts[i]);
		buf_puts(&text, "'\n---\n");
		p = parse("posts/a.md", buf_string(&text));
		assert_slice(p.article.url, "https://example.com/posts/a/");
		assert_int_equal(p.diags.len, 1);
		drop(&p);
		buf_free(&text);
	}
}

/* Jekyll's categories by folder; they are in the address, and a move is no edit. */
static void test_folder_categories(void **state)
{
	const struct article_rules rules = {
	    .permalink = SLICE("/:categories/:slug.html"), .permalink_style = PERMALINK_JEKYLL};
	static const char text[] = "---\ntitle: T\ncategories: [News, c]\n---\n";
	struct parsed p = parse_by("tech/c/_posts/in/2024-01-02-a.md", text, rules);
	struct parsed moved = parse_by("_posts/2024-01-02-a.md", text, rules);
	struct parsed other = parse("tech/_posts/2024-01-02-a.md", text);

	(void)state;
	assert_int_equal(p.article.categories_len, 3);
	assert_slice(p.article.categories[0], "tech");
	assert_slice(p.article.categories[1], "c");
	assert_slice(p.article.categories[2], "News");
	assert_slice(p.article.url, "https://example.com/tech/c/news/a.html");
	assert_slice(moved.article.url, "https://example.com/news/c/a.html");
	assert_true(p.article.written == moved.article.written);
	assert_int_equal(other.article.categories_len, 2); /* it may be Hexo's */
	drop(&p);
	drop(&moved);
	drop(&other);
}

/* Where addresses are Jekyll's, a string is several, layout or not; the setting is no edit. */
static void test_jekylls_strings(void **state)
{
	const struct article_rules rules = {
	    .permalink = SLICE("/:categories/:slug/"), .permalink_style = PERMALINK_JEKYLL};
	static const char text[] = "---\ntitle: T\ncategories: News a\ntags: b c\n---\n";
	struct parsed p = parse_by("a.md", text, rules), plain = parse("a.md", text);

	(void)state;
	assert_int_equal(p.article.categories_len, 2);
	assert_slice(p.article.categories[0], "News");
	assert_int_equal(p.article.tags_len, 2);
	assert_slice(p.article.tags[1], "c");
	assert_slice(p.article.url, "https://example.com/news/a/a/");
	assert_int_equal(plain.article.categories_len, 1);
	assert_int_equal(plain.article.tags_len, 1);
	assert_true(p.article.written == plain.article.written);
	drop(&p);
	drop(&plain);
}

/* Jekyll brings a date into the site's zone before its day is in an address; an id keeps its own. */
static void test_site_days(void **state)
{
	static const char text[] = "---\ntitle: T\ndate: 2024-03-10 23:30:00 -0500\n---\n";
	static const char plain[] = "---\ntitle: T\ndate: 2024-03-10 23:30:00\n---\n";
	struct article_rules rules = {.permalink = SLICE("/:year/:month/:day/:slug/")};
	struct parsed own = parse_by("a.md", text, rules), sites, local;

	(void)state;
	rules.permalink_site_days = true;
	sites = parse_by("a.md", text, rules);
	local = parse_by("a.md", plain, rules);
	assert_slice(own.article.url, "https://example.com/2024/03/10/a/");
	assert_slice(sites.article.url, "https://example.com/2024/03/11/a/");
	assert_slice(sites.article.id, "tag:example.com,2024-03-10:/a");
	assert_slice(local.article.url, "https://example.com/2024/03/10/a/");
	drop(&own);
	drop(&sites);
	drop(&local);
}

static void test_title_urls(void **state)
{
	const struct article_rules rules = {.permalink = SLICE("/:title.html")};
	struct parsed p =
	    parse_by("a.md", "---\ntitle: It's a Title\ndate: 2024-01-02\n---\n", rules);

	(void)state;
	assert_slice(p.article.url, "https://example.com/its-a-title.html");
	drop(&p);
	p = parse_by("a.md", "---\ntitle: T\nslug: own-slug\ndate: 2024-01-02\n---\n", rules);
	assert_slice(p.article.url, "https://example.com/own-slug.html");
	drop(&p);
}

static void test_author_urls(void **state)
{
	struct parsed p = parse("a.md",
	    "---\ntitle: T\ndate: 2024-01-02\n"
	    "authors:\n- {name: A, url: /about/}\n- {name: B, url: 'https://b.example/'}\n"
	    "- {name: C, url: 'javascript:alert(1)'}\n---\n");

	(void)state;
	assert_int_equal(p.article.authors_len, 3);
	assert_slice(p.detail.authors[0].url, "https://example.com/about/");
	assert_slice(p.detail.authors[1].url, "https://b.example/");
	assert_slice(p.detail.authors[2].url, "");
	drop(&p);
}

static void check_date(const char *path, const char *text, int64_t want, size_t complaints)
{
	struct parsed p = parse(path, text);

	assert_int_equal(p.rc, 0);
	assert_int_equal(p.article.published, want);
	assert_int_equal(p.diags.len, complaints);
	drop(&p);
}

static void test_date_sources(void **state)
{
	(void)state;
	check_date("2024-01-02-a.md", "x", JAN_2_2024, 0);
	check_date("2024-1-2-a.md", "x", JAN_2_2024, 0);
	check_date("20240102-a.md", "x", JAN_2_2024, 0);
	check_date("p/2024/01/02/a.md", "x", JAN_2_2024, 0);
	check_date("2024-01-02-trip/notes.md", "x", JAN_2_2024, 0);
	check_date("2024-01-02-trip/index.md", "x", JAN_2_2024, 0);
	check_date("a.md", "---\npath: /2024/01/02/a\n---\nx", JAN_2_2024, 0);
	check_date("2024-01-02-a.md", "---\ndate: 2024-01-03\n---\nx", JAN_2_2024 + DAY, 0);
	/* A broken date is reported and the next source taken. */
	check_date(
	    "2024-01-02-a.md", "---\ndate: 2023-01-29 18:30:22 2023 -0800\n---\nx", JAN_2_2024, 1);
	check_date("a.md", "---\ndate: 2024-02-30\n---\nx", UNDATED, 1);
	/* `published: true` is no date. */
	check_date("2024-01-02-a.md", "---\npublished: true\n---\nx", JAN_2_2024, 0);
	check_date("a.md", "x", UNDATED, 0);
}

/* What Hugo publishes later than its date says is not out before that. */
static void test_release(void **state)
{
	struct parsed p =
	    parse("a.md", "---\ndate: 2023-01-01\npublishDate: 2024-01-02T00:00:00Z\n---\nText.\n");

	(void)state;
	assert_int_equal(p.article.published, JAN_2_2024);
	assert_int_equal(article_standing(&p.article, JAN_2_2024 - 1), ARTICLE_SCHEDULED);
	assert_int_equal(article_standing(&p.article, JAN_2_2024), ARTICLE_PUBLIC);
	drop(&p);
	p = parse("2024-01-02-a.md", "---\npublish_date: 2023-01-01\ndate: bad\n---\nText.\n");
	assert_int_equal(p.article.published, JAN_2_2024 - 366 * DAY);
	drop(&p);
	p = parse("a.md", "---\ndate: 2024-01-02\npublishDate: 2023-01-01\n"
			  "created: 2025-01-01\n---\nText.\n");
	assert_int_equal(p.article.published, JAN_2_2024);
	drop(&p);
}

static void test_unclear_draft(void **state)
{
	struct parsed p = parse("a.md", "---\ndate: 2024-01-02\ndraft: maybe\n---\nText.\n");

	(void)state;
	assert_true(p.article.draft);
	assert_int_equal(p.diags.len, 1);
	assert_int_equal(p.diags.items[0].line, 3);
	drop(&p);
	p = parse("a.md", "---\ndate: 2024-01-02\ndraft: 'no'\n---\nText.\n");
	assert_false(p.article.draft);
	assert_int_equal(p.diags.len, 0);
	drop(&p);
}

static void test_undated(void **state)
{
	struct parsed p = parse("a.md", "x");

	(void)state;
	assert_true(p.article.undated);
	assert_int_equal(article_standing(&p.article, INT64_MAX), ARTICLE_PUBLIC);
	drop(&p);
	p = parse_by("a.md", "x", (struct article_rules){.skip_undated = true});
	assert_int_equal(p.rc, 0);
	assert_int_equal(article_standing(&p.article, INT64_MAX), ARTICLE_UNDATED);
	assert_int_equal(p.diags.len, 1);
	assert_int_equal(p.diags.items[0].level, DIAG_NOTE);
	drop(&p);
	p = parse_by("2024-01-02.md", "x", (struct article_rules){.skip_undated = true});
	assert_int_equal(article_standing(&p.article, INT64_MAX), ARTICLE_PUBLIC);
	drop(&p);
}

static void test_empty(void **state)
{
	struct parsed p = parse("a.md", " \n\t\n");

	(void)state;
	assert_int_equal(p.rc, -1);
	assert_int_equal(p.err.kind, ERR_INVALID);
	drop(&p);
	p = parse("a.md", "---\n---\n"); /* a head is something */
	assert_int_equal(p.rc, 0);
	drop(&p);
}

static void test_date_only_first_seen(void **state)
{
	const struct article_rules rules = {.date_only_first_seen = true};
	struct parsed p = parse_by("a.md", "---\ndate: 2024-01-02\n---\nx", rules);

	(void)state;
	assert_int_equal(p.article.published, JAN_2_2024 + 3600);
	drop(&p);
	p = parse_by("a.md", "---\ndate: 2024-01-05\n---\nx", rules);
	assert_int_equal(p.article.published, JAN_2_2024 + 3 * DAY);
	drop(&p);
	p = parse_by("a.md", "---\ndate: 2024-01-02 00:30\n---\nx", rules);
	assert_int_equal(p.article.published, JAN_2_2024 + 1800);
	drop(&p);
}

static void check_title(const char *path, const char *text, const char *want)
{
	struct parsed p = parse(path, text);

	assert_int_equal(p.rc, 0);
	assert_slice(p.article.title, want);
	drop(&p);
}

static void test_titles(void **state)
{
	(void)state;
	check_title("a.md", "---\ntitle: 2024\n---\n", "2024");
	check_title("a.md", "---\ntitle: no\n---\n", "no");
	check_title("a.md", "# The *big* one\n\nx", "The big one");
	check_title("a.gmi", "# Gem\nx", "Gem");
	check_title("2024-01-02-my-first-post.md", "x", "My First Post");
	check_title("My Note (2).md", "x", "My Note (2)");
	check_title("2020-02-01.md", "x", "2020-02-01");
	check_title("trip/index.md", "x", "Trip");
	check_title("a.md", "---\ntitle: \"two\\nlines\"\n---\n", "two lines");
}

static void check_standing(const char *path, const char *text, enum article_standing want)
{
	struct parsed p = parse(path, text);

	assert_int_equal(p.rc, 0);
	assert_int_equal(article_standing(&p.article, JAN_2_2024), want);
	drop(&p);
}

static void test_standing(void **state)
{
	(void)state;
	check_standing("a.md", "---\ndate: 2024-01-02\n---\n", ARTICLE_PUBLIC);
	check_standing("a.md", "---\ndate: 2024-01-02\ndraft: true\n---\n", ARTICLE_DRAFT);
	check_standing("a.md", "---\ndate: 2024-01-02\npublished: false\n---\n", ARTICLE_DRAFT);
	check_standing("a.md", "---\ndate: 2024-01-02\npublish: false\n---\n", ARTICLE_DRAFT);
	check_standing("a.md", "---\ndate: 2024-01-02\nstatus: hidden\n---\n", ARTICLE_DRAFT);
	check_standing("_drafts/a.md", "---\ndate: 2024-01-02\n---\n", ARTICLE_DRAFT);
	check_standing("x/_drafts/a.md", "---\ndate: 2024-01-02\n---\n", ARTICLE_DRAFT);
	check_standing("a.md", "---\ndate: 2024-01-02 00:00:01\n---\n", ARTICLE_SCHEDULED);
	check_standing(
	    "a.md", "---\ndate: 2024-01-01\nexpires: 2024-01-02\n---\n", ARTICLE_EXPIRED);
	check_standing("a.md", "---\ndate: 2024-01-02\nfeed: false\n---\n", ARTICLE_EXCLUDED);
	check_standing("a.md", "---\ndate: 2024-01-02\nsitemap: false\n---\n", ARTICLE_PUBLIC);
}

static void test_site_pages(void **state)
{
	(void)state;
	check_standing("README.md", "# Site\n", ARTICLE_EXCLUDED);
	check_standing("readme.ja.txt", "Site\n", ARTICLE_EXCLUDED);
	check_standing("LICENSE.html", "<title>License</title>\n", ARTICLE_EXCLUDED);
	check_standing("404.html", "<p>Not found</p>\n", ARTICLE_EXCLUDED);
	check_standing("error.md", "---\npermalink: /404.html\n---\n", ARTICLE_EXCLUDED);
	check_standing("index.md", "---\npermalink: /\n---\n", ARTICLE_EXCLUDED);
	check_standing("index.md", "---\npermalink: /\ndate: 2024-01-01\n---\n", ARTICLE_PUBLIC);
	check_standing("README.md", "---\ntitle: Read me\n---\n", ARTICLE_PUBLIC);
	check_standing("2024-01-01-readme.md", "Read me\n", ARTICLE_PUBLIC);
	check_standing("notes/README.md", "# Notes\n", ARTICLE_PUBLIC);
	check_standing("about.md", "---\ntitle: About\n---\n", ARTICLE_PUBLIC);
}

static void check_lang(const char *path, const char *text, const char *lang, const char *section)
{
	const struct slice asked = SLICE("ml");
	struct parsed p =
	    parse_by(path, text, (struct article_rules){.sections = &asked, .sections_len = 1});

	assert_int_equal(p.rc, 0);
	assert_slice(p.article.lang, lang);
	assert_slice(p.article.section, section);
	drop(&p);
}

static void test_languages(void **state)
{
	(void)state;
	check_lang("posts/a/index.ja.md", "x", "ja", "posts");
	check_lang("posts/a.pt-BR.md", "x", "pt-BR", "posts");
	check_lang("zh-cn/posts/a.md", "x", "zh-CN", "posts");
	check_lang("posts/a.md", "---\nlang: zh_tw\n---\n", "zh-TW", "posts");
	check_lang("_posts/a.md", "x", "", "posts");
	check_lang("a.md", "x", "", "");
}

/* One that a feed asks for (check_lang), and one whose articles are in another language. */
static void test_sections_like_languages(void **state)
{
	(void)state;
	check_lang("ml/a.md", "x", "", "ml");
	check_lang("en/ml/a.md", "x", "en", "ml");
	check_lang("ml/a.md", "---\nlang: ml\n---\n", "ml", "ml");
	check_lang("it/a.md", "x", "it", "");
	check_lang("it/posts/a.md", "---\nlang: it-CH\n---\n", "it-CH", "posts");
	check_lang("it/posts/a.md", "---\nlang: en\n---\n", "en", "it");
	check_lang("no/posts/a.md", "---\nlang: nb\n---\n", "nb", "posts");
	check_lang("he/posts/a.md", "---\nlang: iw\n---\n", "iw", "posts");
	check_lang("it/a.md", "---\nlang: Italian\n---\n", "it", "");
	check_lang("it/a.de.md", "x", "de", "");
}

static void test_ids(void **state)
{
	struct parsed p = parse("a.md", "---\nguid: \"urn:x-old:17\"\ndate: 2024-01-02\n---\n");

	(void)state;
	assert_slice(p.article.id, "urn:x-old:17");
	drop(&p);
	p = parse("p/a.md", "---\nid: intro\ndate: 2024-01-02\n---\n");
	assert_slice(p.article.id, "tag:example.com,2024-01-02:/p/a");
	drop(&p);
}

static void test_broken_head(void **state)
{
	struct parsed p = parse("a.md", "---\ntitle: a: b\n---\nx");

	(void)state;
	assert_int_equal(p.rc, -1);
	assert_int_equal(p.err.line, 2);
	drop(&p);
}

static void test_pack(void **state)
{
	struct parsed p = parse("posts/a.md",
	    "---\ntitle: T\ndate: 2024-01-02\ntags: [x, y]\ncategories: [z]\nauthor: Jane\n---\n");
	struct article *pack = article_pack(&p.article);

	(void)state;
	drop(&p);
	assert_slice(pack->path, "posts/a.md");
	assert_slice(pack->title, "T");
	assert_slice(pack->tags[1], "y");
	assert_slice(pack->categories[0], "z");
	assert_slice(pack->authors[0], "Jane");
	assert_slice(pack->id, "tag:example.com,2024-01-02:/posts/a");
	free(pack);
}

static void check_same(struct slice packed, struct slice s)
{
	assert_int_equal(packed.len, s.len);
	assert_true(slice_equal(packed, s));
	assert_non_null(packed.ptr);
}

/* Strings that hold, begin or end each other come out as they went in. */
static void test_pack_shares(void **state)
{
	static const char *const parts[] = {
	    "tag:e,2024-01-02:/a/b", "a/b.md", "a", "", "aa", "aab", "b.mdx", "md", "baab", "é"};
	enum { PARTS = sizeof(parts) / sizeof(parts[0]) };
	struct slice lists[2];
	struct slice author;

	(void)state;
	for (size_t i = 0; i < PARTS * PARTS * PARTS; i++) {
		struct slice x = slice_of(parts[i % PARTS]), y = slice_of(parts[i / PARTS % PARTS]);
		struct slice z = slice_of(parts[i / PARTS / PARTS]);
		struct article article = {.id = x,
		    .path = y,
		    .url = z,
		    .title = x,
		    .section = z,
		    .lang = y,
		    .tags = lists,
		    .tags_len = 2,
		    .categories = lists + 1,
		    .categories_len = 1,
		    .authors = &author,
		    .authors_len = 1};
		struct article *pack;

		lists[0] = y;
		lists[1] = x;
		author = z;
		pack = article_pack(&article);
		check_same(pack->id, x);
		check_same(pack->path, y);
		check_same(pack->url, z);
		check_same(pack->title, x);
		check_same(pack->section, z);
		check_same(pack->lang, y);
		check_same(pack->tags[0], y);
		check_same(pack->tags[1], x);
		check_same(pack->categories[0], x);
		check_same(pack->authors[0], z);
		free(pack);
	}
}

/* The id's end and the path's beginning are kept once, and so is the section. */
static void test_pack_small(void **state)
{
	struct parsed p = parse("posts/a.md", "---\ntitle: T\ndate: 2024-01-02\n---\n");
	struct article *pack = article_pack(&p.article);

	(void)state;
	drop(&p);
	assert_ptr_equal(pack->id.ptr + pack->id.len, pack->path.ptr + strlen("posts/a"));
	assert_ptr_equal(pack->section.ptr, pack->path.ptr);
	free(pack);
}

/* The digest of what was written, of text that passed the same door as a file's. */
static struct parsed parse_file(const char *path, const char *bytes, struct article_rules rules)
{
	struct buf legal = BUF_INIT;
	struct text_repairs repairs;
	struct slice text;
	struct parsed p;
	struct err err;

	assert_int_equal(text_legal(slice_of(bytes), &legal, &text, &repairs, &err), 0);
	p = parse_by(path, text.ptr, rules);
	assert_int_equal(p.rc, 0);
	buf_free(&legal);
	return p;
}

static void check_written(const char *path, const char *bytes, struct article_rules rules,
    const char *other_path, const char *other, bool same)
{
	struct parsed p = parse_file(path, bytes, rules);
	struct parsed q = parse_file(other_path, other, (struct article_rules){0});

	if (same != (p.article.written == q.article.written))
		fail_msg("%s written: %s", same ? "otherwise" : "no other", other);
	drop(&p);
	drop(&q);
}

static void check_edit(const char *text, const char *other, bool same)
{
	check_written("a.md", text, (struct article_rules){0}, "a.md", other, same);
}

static void test_written_stays(void **state)
{
	static const char text[] =
	    "---\ntitle: T\ndate: 2024-01-02\ntags: [a, b]\nauthor: {name: J, "
	    "url: /j}\nimage: i.png\nenclosure: a.mp3\n---\nOne\n\nTwo\n";
	const struct article_rules rules = {
	    .permalink = SLICE("/:year/:slug/"), .date_only_first_seen = true};

	(void)state;
	/* Another name, folder, setting. */
	check_written("2024-01-02-x.md", text, rules, "posts/a/index.md", text, true);
	check_edit(text,
	    "\xef\xbb\xbf---\r\ntitle: T\r\ndate: 2024-01-02\r\ntags: [a, b]\r\nauthor: {name: "
	    "J, url: /j}\r\nimage: i.png\r\nenclosure: a.mp3\r\n---\r\nOne\r\n\r\nTwo\r\n",
	    true);
	/* Other order, quotes, dialect, white space at the end; keys that no entry shows. */
	check_edit(text,
	    "+++\nweight = 3\nlastmod = 2024-03-01\nminor = true\nslug = \"s\"\ndraft = "
	    "true\nenclosure = \"a.mp3\"\nimage = \"i.png\"\nauthor = {url = \"/j\", name = "
	    "\"J\"}\ntags = [\"a\", \"b\"]\ndate = \"2024-01-02\"\ntitle = "
	    "'T'\n+++\n\nOne\n\nTwo\n\n",
	    true);
	check_edit("[[!meta title=\"T\"]]\nOne\n[[!tag a]]\nTwo",
	    "[[!meta title=\"T\"]]\nOne\n[[!meta updated=\"2024-03-01\"]]\n[[!tag a]]\nTwo", true);
	check_edit("[[!meta title=\"T\"]][[!tag a]]\nOne\n",
	    "[[!meta title=\"T\" updated=\"2024-03-01\"]][[!tag a]]\nOne\n", true);
	check_written("a.html", "<html><title>T</title><body><main><p>One</main></html>", rules,
	    "b.html",
	    "<html><title>T</title><meta name=updated content=2024-03-01><body><nav>All</nav>"
	    "<main><p>One</main></html>",
	    true);
}

static void test_written_moves(void **state)
{
	static const char *const lines[] = {"title: U", "date: 2024-01-03", "tags: [a]",
	    "categories: [a]", "author: K", "summary: S", "lang: de", "image: j.png",
	    "enclosure: b.mp3", "external_url: https://x.example/"};
	static const char text[] = "---\ntitle: T\ndate: 2024-01-02\n---\nOne\n";
	struct buf other = BUF_INIT;

	(void)state;
	check_edit(text, "---\ntitle: T\ndate: 2024-01-02\n---\nTwo\n", false);
	check_edit(text, "---\ntitle: T\ndate: 2024-01-02\n---\nOne \n", true);
	check_edit(text, "---\ntitle: T\ndate: 2024-01-02\n---\nOne.\n", false);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		buf_clear(&other);
		buf_printf(&other, "---\n%s%s%s\n---\nOne\n", i == 0 ? "" : "title: T\n",
		    i == 1 ? "" : "date: 2024-01-02\n", lines[i]);
		check_edit(text, buf_string(&other), false);
	}
	check_edit("---\ntags: [a, b]\n---\nx", "---\ntags: [ab]\n---\nx", false);
	check_edit("---\ntags: [a]\n---\nx", "---\ncategories: [a]\n---\nx", false);
	buf_free(&other);
}

/* What a page says of itself stands behind its <base>, as what is in it does. */
static void check_image(const char *base, const char *want)
{
	struct buf text = BUF_INIT;
	struct parsed p;

	buf_printf(&text,
	    "<html><head><title>T</title><meta property=og:image content=i.png>"
	    "<base target=_top><base href=\"%s\"><base href=/late/></head><body>x",
	    base);
	p = parse("posts/a.html", buf_string(&text));
	assert_int_equal(p.rc, 0);
	assert_slice(p.detail.image_url, want);
	drop(&p);
	buf_free(&text);
}

static void test_base_urls(void **state)
{
	(void)state;
	check_image("https://cdn.example/x/y", "https://cdn.example/x/i.png");
	check_image("/b/", "https://example.com/b/i.png");
	check_image("../", "https://example.com/posts/i.png");
	check_image("javascript:1", "https://example.com/posts/a/i.png");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_own_urls),
	    cmocka_unit_test(test_updated_early),
	    cmocka_unit_test(test_templates),
	    cmocka_unit_test(test_templates_bound),
	    cmocka_unit_test(test_folder_categories),
	    cmocka_unit_test(test_jekylls_strings),
	    cmocka_unit_test(test_site_days),
	    cmocka_unit_test(test_title_urls),
	    cmocka_unit_test(test_author_urls),
	    cmocka_unit_test(test_date_sources),
	    cmocka_unit_test(test_release),
	    cmocka_unit_test(test_unclear_draft),
	    cmocka_unit_test(test_undated),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_date_only_first_seen),
	    cmocka_unit_test(test_titles),
	    cmocka_unit_test(test_standing),
	    cmocka_unit_test(test_site_pages),
	    cmocka_unit_test(test_languages),
	    cmocka_unit_test(test_sections_like_languages),
	    cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_broken_head),
	    cmocka_unit_test(test_pack),
	    cmocka_unit_test(test_pack_shares),
	    cmocka_unit_test(test_pack_small),
	    cmocka_unit_test(test_written_stays),
	    cmocka_unit_test(test_written_moves),
	    cmocka_unit_test(test_base_urls),
	};

	return cmocka_run_group_tests_name("article", tests, NULL, NULL);
}
