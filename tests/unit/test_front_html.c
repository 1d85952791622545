/* what HTML pages say of themselves. */
#include "tests/unit/front.h"

static void assert_page(const char *head, const char *tree)
{
	struct buf text = BUF_INIT;

	buf_printf(
	    &text, "<!DOCTYPE html>\n<html>\n<head>%s</head><body><p>x</p></body></html>", head);
	assert_front("a.html", buf_string(&text), "html", tree, buf_string(&text));
	buf_free(&text);
}

static void test_recognised(void **state)
{
	(void)state;
	assert_front("a.htm", "<TITLE>A &amp; B &lt;</TITLE>", "html", "{title: A & B <}",
	    "<TITLE>A &amp; B &lt;</TITLE>");
	assert_none("a.html", "<p>A fragment.</p>\n<h1>x</h1>\n");
	assert_none("a.md", "<html><title>A</title></html>\n");
	assert_page("", "{}");
}

static void test_elements(void **state)
{
	(void)state;
	assert_page("<title>\n A\n  title </title>", "{title: A title}");
	assert_page("<meta name=author content='Jane'><meta name=description content=\"D\">"
		    "<meta name=date content='2024-01-02'><meta name=keywords content='a, b'>",
	    "{date: 2024-01-02, summary: D, authors: [Jane], tags: a, b}");
	assert_page("<link rel='x canonical' href='https://a.example/p'>"
		    "<link rel='canonicals' href='https://b.example/'>",
	    "{url: https://a.example/p}");
	assert_front("a.html",
	    "<html lang=de><time pubdate datetime=2024-01-02>x</time>"
	    "<time datetime=2020-01-01>y</time>"
	    "<time itemprop='x dateModified' datetime=2024-02-03>z</time>",
	    "html", "{date: 2024-01-02, lastmod: 2024-02-03, lang: de}",
	    "<html lang=de><time pubdate datetime=2024-01-02>x</time>"
	    "<time datetime=2020-01-01>y</time>"
	    "<time itemprop='x dateModified' datetime=2024-02-03>z</time>");
	/* what the table of fields knows goes through, as Pelican's pages need it */
	assert_page("<meta name=status content=draft><meta name=viewport content=x>"
		    "<meta name=category content=c><meta property=slug content=s>",
	    "{status: draft, category: c}");
	/* an icon's title is none */
	assert_page("<svg><title>Icon</title></svg><title>A</title>", "{title: A}");
	/* the encoding is ours, whatever the page says */
	assert_page("<meta charset=iso-8859-1><title>\xc3\xa9</title>", "{title: \xc3\xa9}");
}

static void test_opengraph(void **state)
{
	(void)state;
	assert_page(
	    "<title>A | Site</title><meta property=og:title content=B>"
	    "<meta property='article:published_time' content='2024-01-02T03:04:05Z'>"
	    "<meta name=date content='2 January 2024'>"
	    "<meta property='article:modified_time' content='2024-02-03'>"
	    "<meta property='article:tag' content=t1><meta property='article:tag' content=t2>"
	    "<meta name=keywords content='k'><meta property='article:section' content=S>"
	    "<meta property='article:author' content='https://fb.example/jane'>"
	    "<meta name=author content=Jane>"
	    "<meta property=og:image content=/i.png><meta property=og:locale content=de_DE>"
	    "<meta property=og:url content='https://a.example/'>"
	    "<meta property=og:description content=O><meta name=description content=D>",
	    "{title: B, date: 2024-01-02T03:04:05Z, datetime: 2 January 2024, lastmod: 2024-02-03,"
	    " summary: O, image: /i.png, url: https://a.example/, lang: de_DE, authors: [Jane],"
	    " tags: [t1, t2], categories: [S]}");
	assert_page("<meta name='DCTERMS.issued' content='2024-01-02'>"
		    "<meta name=citation_author content=A><meta name=citation_author content=B>"
		    "<meta name=citation_title content=T><meta name=author content=C>",
	    "{title: T, date: 2024-01-02, authors: [A, B]}");
}

static void test_title_alone(void **state)
{
	static const struct {
		const char *head, *heading, *title;
	} cases[] = {
	    {"<title>A | Site</title><meta property=og:site_name content=Site>", "", "A"},
	    {"<title>Site \xe2\x80\x93 A</title><meta property=og:site_name content=Site>", "",
		"A"},
	    {"<title>A - B | Site</title><meta property=og:site_name content=Site>", "", "A - B"},
	    {"<title>A | Site</title>", "<h1>A</h1>", "A"},
	    {"<title>Site: A</title>", "<h1> <b>A</b></h1>", "A"},
	    {"<title>A | B</title>", "<h1>C</h1>", "A | B"},
	    {"<title>Site</title><meta property=og:site_name content=Site>", "", "Site"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf text = BUF_INIT, tree = BUF_INIT;

		buf_printf(&text, "<html>%s<body>%s", cases[i].head, cases[i].heading);
		buf_printf(&tree, "{title: %s}", cases[i].title);
		assert_front(
		    "a.html", buf_string(&text), "html", buf_string(&tree), buf_string(&text));
		buf_free(&text);
		buf_free(&tree);
	}
}

#define LD(json) "<script type=\"application/ld+json\">" json "</script>"

static void test_jsonld(void **state)
{
	(void)state;
	assert_page(
	    "<title>T</title><meta property=og:title content=O>" LD(
		"{\"@context\": \"https://schema.org\", \"@type\": \"BlogPosting\", \"headline\": "
		"\"H\","
		"\"datePublished\": \"2024-01-02\", \"dateModified\": \"2024-02-03\","
		"\"author\": [{\"@type\": \"Person\", \"name\": \"Jane\", \"url\": "
		"\"https://j.example/\"},"
		" \"Joe\"], \"image\": [{\"url\": \"/i.png\"}], \"description\": \"D\","
		"\"keywords\": \"a, b\", \"articleSection\": [\"S\"], \"inLanguage\": \"en\"}"),
	    "{title: H, date: 2024-01-02, lastmod: 2024-02-03, summary: D, image: /i.png, lang: en,"
	    " authors: [{name: Jane, url: https://j.example/}, Joe], tags: a, b, categories: [S]}");
	/* in a graph, by reference, and beside things that are no article */
	assert_page(LD("{\"@type\": \"WebSite\", \"name\": \"N\"}") LD(
			"{\"@graph\": [{\"@type\": [\"x\", \"NewsArticle\"], \"headline\": \"H\","
			" \"author\": {\"@id\": \"#jane\"}, \"image\": {\"@id\": \"#i\"}},"
			" {\"@id\": \"#jane\", \"name\": \"Jane\"},"
			" {\"@id\": \"#i\", \"contentUrl\": \"/i.png\"}]}"),
	    "{title: H, image: /i.png, authors: [{name: Jane}]}");
	assert_page(
	    LD("[1, {\"@type\": \"https://schema.org/Article\", \"name\": \"N\"}]"), "{title: N}");
	assert_page(LD("{\"@type\": \"JobPosting\", \"headline\": \"H\"}"), "{}");
	assert_page(LD("{broken") "<title>T</title>", "{title: T}");
	assert_page(LD("{\"@type\": \"Article\", \"headline\": 5, \"author\": {\"@id\": \"#no\"},"
		       " \"image\": {}}"),
	    "{}");
	assert_page(
	    "<script type=text/javascript>{\"@type\": \"Article\", \"headline\": \"H\"}</script>",
	    "{}");
}

/* Parsers look through all open elements at an end tag, and through all attributes. */
static void test_quadratic(void **state)
{
	static const char *const parts[][2] = {{"<i>", "</b>"}, {"<table>", "</tr>"},
	    {"<meta", " a"}, {"<meta", " name=a"}, {"<svg>", "</p>"}};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct buf text = BUF_INIT;
		struct front front;

		buf_puts(&text, "<html>");
		while (text.len < 500000)
			buf_puts(&text, parts[i][0]);
		while (text.len < 1000000)
			buf_puts(&text, parts[i][1]);
		front = front_read("a.html", buf_slice(&text));
		assert_int_equal(front.result, 0);
		front_free(&front);
		buf_free(&text);
	}
}

/* Complaints lead to the line in the page, not in what was picked of it. */
static void test_places(void **state)
{
	struct front front = front_read("a.html",
	    SLICE(
		"<html\n lang=de>\n<p>x\n\ny</p><meta name=date\ncontent=2024-01-02>\n"
		"<script type=application/ld+json>\n{\"@type\":\n\"Article\",\n\"author\": \"J\"}\n"
		"</script>\n<meta name=author content=x><meta name=status content=draft>"));

	(void)state;
	assert_int_equal(front.result, 0);
	assert_int_equal(value_get(front.read.root, "date")->line, 5);
	assert_int_equal(value_get(front.read.root, "authors")->line, 10);
	assert_int_equal(value_get(front.read.root, "status")->line, 12);
	front_free(&front);
}

static void test_large(void **state)
{
	static const char *const units[] = {"<div></b>", "<meta ", "<meta name=author content=x>",
	    "<div>", "<h1>", "<title>", "<time pubdate>", "<svg>",
	    "<meta name=status content=draft>", "<script type='application/ld+json'>{\"@graph\":[",
	    "<meta property=article:tag content=y>", " | "};

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct buf text = BUF_INIT;
		struct front front;

		buf_puts(&text, "<html><title>");
		while (text.len < 1000000)
			buf_puts(&text, units[i]);
		front = front_read("a.html", buf_slice(&text));
		assert_int_equal(front.result, 0);
		front_free(&front);
		buf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_recognised),
	    cmocka_unit_test(test_elements),
	    cmocka_unit_test(test_opengraph),
	    cmocka_unit_test(test_title_alone),
	    cmocka_unit_test(test_jsonld),
	    cmocka_unit_test(test_quadratic),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
