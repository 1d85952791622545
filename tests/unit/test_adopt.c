/* adopt: existing feeds are read, and their entries find their articles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/adopt.h"
#include "feeds/article.h"
#include "feeds/base/mem.h"
#include "feeds/format/format.h"

enum { DAY = 86400, JAN_2_2024 = 1704153600 };

#define assert_slice(slice, want)                                                                  \
	do {                                                                                       \
		char *copy_ = mem_dup((slice).ptr, (slice).len);                                   \
		assert_string_equal(copy_, want);                                                  \
		free(copy_);                                                                       \
	} while (0)

static struct adopt_feed parse(const char *text)
{
	struct adopt_feed feed = ADOPT_FEED_INIT;
	struct err err = {0};

	if (adopt_parse(slice_of(text), &feed, &err) < 0)
		fail_msg("%u: %s", err.line, err.text);
	return feed;
}

static void check_entry(const struct adopt_feed *feed, size_t i, const char *id, const char *url,
    const char *title, int64_t published, int64_t updated)
{
	assert_true(i < feed->len);
	assert_slice(feed->items[i].id, id);
	assert_slice(feed->items[i].url, url);
	assert_slice(feed->items[i].title, title);
	assert_int_equal(feed->items[i].published, published);
	assert_int_equal(feed->items[i].updated, updated);
}

static void test_rss(void **state)
{
	struct adopt_feed feed = parse(
	    "\xEF\xBB\xBF\n<?xml version='1.0'?><rss version='2.0' "
	    "xmlns:dc='http://purl.org/dc/elements/1.1/' "
	    "xmlns:atom='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'>"
	    "<channel><title>No</title><link>https://no.example/</link><image><title>No</title></"
	    "image>"
	    "<item><media:title>No</media:title><title>A &amp; <![CDATA[B]]></title>\n"
	    "<link> https://e.example/a </link><guid isPermaLink='false'>42</guid>"
	    "<pubDate>Tue, 02 Jan 2024 00:00:00 GMT</pubDate>"
	    "<atom:updated>2024-01-03T00:00:00Z</atom:updated>"
	    "<source><title>No</title></source></item>"
	    "<item><title>Two</title><link>https://e.example/b</link>"
	    "<dc:date>2024-01-02</dc:date></item>"
	    "<item><guid>https://e.example/c</guid><pubDate>Tues, 2 Jan 2024 00:00 "
	    "XYZ</pubDate></item>"
	    "<item><title>No id at all &nbsp; &eacute;</title></item>"
	    "<item><guid>d</guid><atom:link rel='self' href='no'/><atom:link "
	    "href='https://e.example/d'/>"
	    "<pubDate>soon</pubDate></item>"
	    "<item><guid>e</guid><pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate></item>"
	    "</channel></rss>");

	(void)state;
	assert_int_equal(feed.len, 5);
	assert_int_equal(feed.skipped, 1);
	check_entry(&feed, 0, "42", "https://e.example/a", "A & B", JAN_2_2024, JAN_2_2024 + DAY);
	check_entry(
	    &feed, 1, "https://e.example/b", "https://e.example/b", "Two", JAN_2_2024, JAN_2_2024);
	check_entry(
	    &feed, 2, "https://e.example/c", "https://e.example/c", "", JAN_2_2024, JAN_2_2024);
	check_entry(&feed, 3, "d", "https://e.example/d", "", ADOPT_UNDATED, ADOPT_UNDATED);
	check_entry(&feed, 4, "e", "", "", ADOPT_UNDATED, ADOPT_UNDATED);
	adopt_feed_free(&feed);
}

/* Of several that say the same, the better one counts, and of one the first. */
static void test_ranks(void **state)
{
	static const char item[] = "<rss xmlns:dc='http://purl.org/dc/elements/1.1/' "
				   "xmlns:f='http://rssnamespace.org/feedburner/ext/"
				   "1.0'><channel><item>%s</item></channel></rss>";
	static const char *const parts[] = {"<f:origLink>https://e.example/a</f:origLink>",
	    "<link>https://c.example/1</link>", "<link>https://c.example/2</link>",
	    "<pubDate>Tue, 02 Jan 2024 00:00:00 GMT</pubDate>", "<dc:date>2024-01-09</dc:date>",
	    "<guid>1</guid>", "<guid>2</guid>"};
	struct buf body = BUF_INIT, text = BUF_INIT;
	struct adopt_feed feed;

	(void)state;
	for (size_t i = 0; i < 7; i++)
		buf_puts(&body, parts[i]);
	buf_printf(&text, item, buf_string(&body));
	feed = parse(buf_string(&text));
	check_entry(&feed, 0, "1", "https://e.example/a", "", JAN_2_2024, JAN_2_2024);
	adopt_feed_free(&feed);
	buf_clear(&body);
	buf_clear(&text);
	for (size_t i = 5; i-- > 0;)
		buf_puts(&body, parts[i]);
	buf_printf(&text, item, buf_string(&body));
	feed = parse(buf_string(&text));
	check_entry(
	    &feed, 0, "https://e.example/a", "https://e.example/a", "", JAN_2_2024, JAN_2_2024);
	adopt_feed_free(&feed);
	buf_free(&body);
	buf_free(&text);
}

static void test_rdf(void **state)
{
	struct adopt_feed feed = parse(
	    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
	    "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
	    "<channel rdf:about='x'><items/></channel><item rdf:about='https://e.example/a#1'>"
	    "<title>A</title><link>https://e.example/a</link><dc:date>2024-01-02T00:00:00Z</"
	    "dc:date>"
	    "</item></rdf:RDF>");

	(void)state;
	assert_int_equal(feed.len, 1);
	check_entry(
	    &feed, 0, "https://e.example/a#1", "https://e.example/a", "A", JAN_2_2024, JAN_2_2024);
	adopt_feed_free(&feed);
}

static void test_atom(void **state)
{
	struct adopt_feed feed = parse(
	    "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:id>no</a:id><a:title>No</a:title>"
	    "<a:entry><a:source><a:id>no</a:id></a:source><a:id>urn:x</a:id>"
	    "<a:title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A "
	    "<b>b</b></div></a:title>"
	    "<a:link rel='edit' href='no'/><a:link type='application/json' href='no'/>"
	    "<a:link rel='alternate' type='text/html' href='../a?x&amp;y'/>"
	    "<a:published>2024-01-02T00:00:00Z</a:published><a:updated>2024-01-03T01:00:00+01:00"
	    "</a:updated><a:content><id xmlns='http://www.w3.org/2005/Atom'>no</id></a:content>"
	    "</a:entry><a:entry><a:id>urn:y</a:id><a:updated>2024-01-03T00:00:00Z</a:updated>"
	    "</a:entry></a:feed>");

	(void)state;
	assert_int_equal(feed.len, 2);
	check_entry(&feed, 0, "urn:x", "../a?x&y", "A b", JAN_2_2024, JAN_2_2024 + DAY);
	check_entry(&feed, 1, "urn:y", "", "", ADOPT_UNDATED, JAN_2_2024 + DAY);
	adopt_feed_free(&feed);
}

static void test_json(void **state)
{
	struct adopt_feed feed = parse(
	    "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"id\": 42, \"url\": "
	    "\"https://e.example/a\", \"title\": \"A\\u0001\\n\\u00e9\", \"date_published\": "
	    "\"2024-01-02T00:00:00Z\"}, {\"title\": \"No id\"}, 5, {\"id\": [1]}]}");

	(void)state;
	assert_int_equal(feed.len, 1);
	assert_int_equal(feed.skipped, 3);
	check_entry(&feed, 0, "42", "https://e.example/a", "A \xC3\xA9", JAN_2_2024, JAN_2_2024);
	adopt_feed_free(&feed);
}

/* Every format's own documents are read back to the byte. */
static void test_own(void **state)
{
	static const struct entry entries[] = {
	    {.id = SLICE("tag:example.com,2024-01-01:/a&b"),
		.url = SLICE("https://example.com/a?x&y"),
		.title = SLICE("1 < 2 & \"so\"  on &amp; <b>"),
		.external_url = SLICE("https://elsewhere.example/"),
		.summary = SLICE("S"),
		.content = SLICE("<p>x &amp; y</p>"),
		.published = JAN_2_2024 + 12345,
		.updated = JAN_2_2024 + 99999,
		.enclosure = {SLICE("https://example.com/e.mp3"), SLICE_NONE, 1}},
	    {.id = SLICE("urn:uuid:1"),
		.url = SLICE("https://example.com/%E6%97%A5/"),
		.title = SLICE("\xE6\x97\xA5\xE6\x9C\xAC &"),
		.content = SLICE("<p>No</p>"),
		.published = -1,
		.updated = -1,
		.enclosure = {.length = -1}},
	};
	const struct channel channel = {.title = SLICE("T"),
	    .home_url = SLICE("https://example.com/"),
	    .self_url = SLICE("https://example.com/f")};

	(void)state;
	for (size_t i = 0; i < FORMAT_FEEDS; i++) {
		struct buf text = BUF_INIT;
		struct adopt_feed feed;

		formats[i]->head(&channel, &text);
		formats[i]->entry(&channel, &entries[0], true, &text);
		formats[i]->entry(&channel, &entries[1], false, &text);
		formats[i]->tail(&channel, false, &text);
		feed = parse(buf_string(&text));
		assert_int_equal(feed.len, 2);
		for (size_t n = 0; n < 2; n++) {
			assert_true(slice_equal(feed.items[n].id, entries[n].id));
			assert_true(slice_equal(feed.items[n].url, entries[n].url));
			assert_true(slice_equal(feed.items[n].title, entries[n].title));
			assert_int_equal(feed.items[n].published, entries[n].published);
			assert_int_equal(feed.items[n].updated, entries[n].updated);
		}
		adopt_feed_free(&feed);
		buf_free(&text);
	}
}

static void check_refused(const char *text, enum err_kind kind)
{
	struct adopt_feed feed = ADOPT_FEED_INIT;
	struct err err = {0};

	assert_int_equal(adopt_parse(slice_of(text), &feed, &err), -1);
	assert_int_equal(err.kind, kind);
	assert_true(err.text[0] != '\0');
	assert_null(feed.items);
}

static void test_refused(void **state)
{
	struct buf big = BUF_INIT;

	(void)state;
	check_refused("", ERR_INVALID);
	check_refused(" \n", ERR_INVALID);
	check_refused("<html><body/></html>", ERR_INVALID);
	check_refused("{\"items\": 1}", ERR_INVALID);
	check_refused("{\"items\": [", ERR_SYNTAX);
	check_refused("<rss><channel><item><guid>a</guid></item>", ERR_SYNTAX);
	check_refused("<rss><channel><item><guid>a</guid></itm></channel></rss>", ERR_SYNTAX);
	check_refused("plain text", ERR_SYNTAX);
	buf_puts(&big, "<rss><channel>");
	for (int i = 0; i <= ADOPT_ENTRIES_MAX; i++)
		buf_printf(&big, "<item><guid>%d</guid></item>", i);
	buf_puts(&big, "</channel></rss>");
	check_refused(buf_string(&big), ERR_LIMIT);
	while (big.len <= ADOPT_BYTES_MAX)
		buf_puts(&big, "                                                                ");
	check_refused(buf_string(&big), ERR_LIMIT);
	buf_free(&big);
}

/* Entities that hold a thousand others of their kind, and files. */
static void test_entities(void **state)
{
	struct adopt_feed feed =
	    parse("<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>"
		  "<!ENTITY f SYSTEM 'file:///etc/passwd'>]><rss><channel><item><guid>x</guid>"
		  "<title>1&b;&f;2</title></item></channel></rss>");

	(void)state;
	check_entry(&feed, 0, "x", "", "12", ADOPT_UNDATED, ADOPT_UNDATED);
	adopt_feed_free(&feed);
}

static void check_key(const char *url, const char *want)
{
	struct buf key = BUF_INIT;

	adopt_url_key(slice_of(url), &key);
	assert_string_equal(buf_string(&key), want);
	buf_free(&key);
}

static void test_url_keys(void **state)
{
	(void)state;
	check_key("https://example.com/a/", "example.com/a");
	check_key("http://EXAMPLE.com:80/a", "example.com/a");
	check_key("https://example.com:443/a", "example.com/a");
	check_key("https://u:p@example.com:8443/a", "example.com:8443/a");
	check_key("https://www.example.com/a", "www.example.com/a");
	check_key("https://example.com", "example.com");
	check_key("https://example.com/index.html", "example.com");
	check_key("https://example.com/a/index.htm#top", "example.com/a");
	check_key("https://example.com/a/my-index.html", "example.com/a/my-index.html");
	check_key("https://example.com/%7ejane/%c3%a9/", "example.com/~jane/%C3%A9");
	check_key("https://example.com/~jane/\xC3\xA9", "example.com/~jane/%C3%A9");
	check_key("https://example.com/A/./b/../c?x=1#y", "example.com/A/c?x=1");
	check_key("https://example.com/?p=12", "example.com?p=12");
	check_key("https://b\xC3\xBC"
		  "cher.example/",
	    "xn--bcher-kva.example");
	check_key("https://[::1]:8080/", "[::1]:8080");
	check_key("gemini://example.com/a", "gemini:example.com/a");
	check_key(" https://example.com/a\n", "example.com/a");
	check_key("/a/b", "");
	check_key("tag:example.com,2024:/a", "");
	check_key("", "");
}

static void put(struct adopt_table *table, const char *items)
{
	struct buf text = BUF_INIT;
	struct adopt_feed feed;

	buf_printf(&text, "{\"items\": [%s]}", items);
	feed = parse(buf_string(&text));
	(void)adopt_table_put(table, &feed);
	adopt_feed_free(&feed);
	buf_free(&text);
}

static const char *taken(
    struct adopt_table *table, const char *url, const char *title, int64_t published)
{
	const struct article article = {
	    .url = slice_of(url), .title = slice_of(title), .published = published};
	const struct article *const one = &article;
	const struct adopt_entry *entry;

	adopt_assign(table, &one, 1, &entry);
	return entry ? entry->id.ptr : NULL;
}

static void test_take(void **state)
{
	struct adopt_table table = ADOPT_TABLE_INIT;

	(void)state;
	put(&table,
	    "{\"id\": \"1\", \"url\": \"http://e.example/a/\", \"title\": \"A\", "
	    "\"date_published\": "
	    "\"2024-01-02\"}, {\"id\": \"2\", \"url\": \"http://e.example/b.php\", \"title\": "
	    "\"It&#8217;s <b>B&amp;C</b>\", \"date_published\": \"2024-01-02T23:00:00Z\"},"
	    "{\"id\": \"3\", \"title\": \"Notes\", \"date_published\": \"2024-01-02\"},"
	    "{\"id\": \"4\", \"title\": \"Notes\", \"date_published\": \"2024-01-02\"},"
	    "{\"id\": \"5\", \"title\": \"Notes\", \"date_published\": \"2024-01-09\"},"
	    "{\"id\": \"6\", \"title\": \"?\", \"date_published\": \"2024-01-09\"}");
	/* Another format of the same feed, and one that has other ids. */
	put(&table,
	    "{\"id\": \"1\", \"url\": \"https://e.example/elsewhere\"}, {\"id\": \"7\", \"url\": "
	    "\"https://e.example/a\"}");
	assert_int_equal(table.len, 6);
	assert_string_equal(taken(&table, "https://e.example/a", "Other", 0), "1");
	assert_null(taken(&table, "https://e.example/a", "A", JAN_2_2024));
	assert_null(taken(&table, "https://e.example/b/", "It's B&C", JAN_2_2024 + 2 * DAY));
	assert_string_equal(
	    taken(&table, "https://e.example/b/", "It\xE2\x80\x99s B&C", JAN_2_2024), "2");
	assert_null(taken(&table, "https://e.example/n", "Notes", JAN_2_2024));
	assert_string_equal(
	    taken(&table, "https://e.example/n", "Notes", JAN_2_2024 + 7 * DAY), "5");
	assert_null(taken(&table, "https://e.example/q", "?", JAN_2_2024 + 7 * DAY));
	assert_false(table.items[2].taken);
	assert_true(table.items[4].taken);
	adopt_table_free(&table);
}

static struct article article(const char *url, const char *title, bool own_id)
{
	return (struct article){.url = slice_of(url),
	    .title = slice_of(title),
	    .published = JAN_2_2024,
	    .own_id = own_id};
}

static void test_assign(void **state)
{
	const struct article articles[] = {
	    article("https://e.example/new", "T", false), /* may not take what is the next one's */
	    article("https://e.example/t", "T", false),
	    article("https://e.example/x", "X", false),
	    article("https://e.example/y", "Two of it", false),
	    article("https://e.example/z", "Two of it", false),
	    article("https://e.example/own", "Own", true),
	};
	const struct article *pointers[6];
	const struct adopt_entry *out[6];
	struct adopt_table table = ADOPT_TABLE_INIT;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		pointers[i] = &articles[i];
	put(&table,
	    "{\"id\": \"1\", \"url\": \"https://e.example/t\", \"title\": \"T\", "
	    "\"date_published\": \"2024-01-02\"}, {\"id\": \"2\", \"title\": \"X\", "
	    "\"date_published\": \"2024-01-02\"}, {\"id\": \"3\", \"title\": \"Two of it\", "
	    "\"date_published\": \"2024-01-02\"}, {\"id\": \"4\", \"url\": "
	    "\"https://e.example/own\"}");
	adopt_assign(&table, pointers, 6, out);
	assert_null(out[0]);
	assert_slice(out[1]->id, "1");
	assert_slice(out[2]->id, "2");
	assert_null(out[3]);
	assert_null(out[4]);
	assert_null(out[5]);
	assert_true(table.items[3].taken);
	assert_false(table.items[2].taken);
	adopt_table_free(&table);
}

/* Midnight in Auckland or in Honolulu: the day is another one than where the feed was made. */
static void test_assign_near(void **state)
{
	const struct article articles[] = {
	    {.title = SLICE("East"), .published = JAN_2_2024 - 13 * 3600},
	    {.title = SLICE("West"), .published = JAN_2_2024 + 10 * 3600},
	    {.title = SLICE("Far"), .published = JAN_2_2024 - 2 * DAY},
	    {.title = SLICE("Daily"), .published = JAN_2_2024},
	    {.title = SLICE("Daily"), .published = JAN_2_2024 - DAY},
	    {.title = SLICE("Both"), .published = JAN_2_2024 + DAY / 2},
	    {.title = SLICE("Twin"), .published = JAN_2_2024 - 3600},
	    {.title = SLICE("Twin"), .published = JAN_2_2024 - 7200},
	    {.title = SLICE("Own"), .published = JAN_2_2024 - 3600, .own_id = true},
	    {.title = SLICE("Undated"), .published = JAN_2_2024 - 3600, .undated = true},
	};
	enum { LEN = sizeof(articles) / sizeof(*articles) };
	const struct article *pointers[LEN];
	const struct adopt_entry *out[LEN];
	struct adopt_table table = ADOPT_TABLE_INIT;

	(void)state;
	for (size_t i = 0; i < LEN; i++)
		pointers[i] = &articles[i];
	put(&table, "{\"id\": \"e\", \"title\": \"East\", \"date_published\": \"2024-01-02\"},"
		    "{\"id\": \"w\", \"title\": \"West\", \"date_published\": \"2024-01-03\"},"
		    "{\"id\": \"f\", \"title\": \"Far\", \"date_published\": \"2024-01-02\"},"
		    "{\"id\": \"d2\", \"title\": \"Daily\", \"date_published\": \"2024-01-02\"},"
		    "{\"id\": \"d3\", \"title\": \"Daily\", \"date_published\": \"2024-01-03\"},"
		    "{\"id\": \"b1\", \"title\": \"Both\", \"date_published\": \"2024-01-01\"},"
		    "{\"id\": \"b3\", \"title\": \"Both\", \"date_published\": \"2024-01-03\"},"
		    "{\"id\": \"t\", \"title\": \"Twin\", \"date_published\": \"2024-01-02\"},"
		    "{\"id\": \"o\", \"title\": \"Own\", \"date_published\": \"2024-01-02\"},"
		    "{\"id\": \"u\", \"title\": \"Undated\", \"date_published\": \"2024-01-02\"}");
	adopt_assign(&table, pointers, LEN, out);
	assert_slice(out[0]->id, "e");
	assert_slice(out[1]->id, "w");
	assert_null(out[2]);
	assert_slice(out[3]->id, "d2"); /* its own day goes before any other */
	for (size_t i = 4; i < LEN; i++)
		assert_null(out[i]);
	adopt_table_free(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rss),
	    cmocka_unit_test(test_ranks),
	    cmocka_unit_test(test_rdf),
	    cmocka_unit_test(test_atom),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_own),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_entities),
	    cmocka_unit_test(test_url_keys),
	    cmocka_unit_test(test_take),
	    cmocka_unit_test(test_assign),
	    cmocka_unit_test(test_assign_near),
	};

	return cmocka_run_group_tests_name("adopt", tests, NULL, NULL);
}
