/* format: each format's documents, read back by libraries that know nothing of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "feeds/base/jsonout.h"
#include "feeds/base/mem.h"
#include "feeds/base/xmlout.h"
#include "feeds/format/format.h"
#include "feeds/format/words.h"

static const struct person jane = {
    {"Jane & Co", 9},
    {"jane@example.com", 16},
    {"https://jane.example/", 21},
};
static const struct slice hub = {"https://hub.example/?a&b", 24};
static const struct slice tags[] = {{"C++", 3}, {"<tag>", 5}};

static struct channel channel_full(void)
{
	return (struct channel){
	    .title = SLICE("AT&T <3"),
	    .description = SLICE("All & more"),
	    .home_url = SLICE("https://example.com/"),
	    .self_url = SLICE("https://example.com/feed?x=1&y=2"),
	    .language = SLICE("en"),
	    .authors = &jane,
	    .authors_len = 1,
	    .hubs = &hub,
	    .hubs_len = 1,
	    .cloud = {SLICE("cloud.example"), 5337, SLICE("/a&b/pleaseNotify")},
	    .updated = 1704164645, /* 2024-01-02T03:04:05Z */
	    .ttl = 60,
	    .generator = SLICE("feedd"),
	    .generator_url = SLICE("https://feedd.example/"),
	};
}

static struct entry entry_full(void)
{
	return (struct entry){
	    .id = SLICE("tag:example.com,2024-01-01:/a&b"),
	    .url = SLICE("https://example.com/a?x&y"),
	    .external_url = SLICE("https://elsewhere.example/"),
	    .title = SLICE("1 < 2 & \"so\" on"),
	    .summary = SLICE("A & B <b>"),
	    .content = SLICE("<p>x &amp; y</p>\n<pre>]]></pre>"),
	    .published = 1704067200,
	    .updated = 1704164645,
	    .authors = &jane,
	    .authors_len = 1,
	    .categories = tags,
	    .categories_len = 2,
	    .language = SLICE("de"),
	    .image_url = SLICE("https://example.com/i.jpg"),
	    .enclosure = {SLICE("https://example.com/e.MP3?x#y"), SLICE_NONE, 1234},
	};
}

static struct channel channel_bare(void)
{
	return (struct channel){
	    .title = SLICE("T"),
	    .home_url = SLICE("https://example.com/"),
	    .self_url = SLICE("https://example.com/f"),
	};
}

static struct entry entry_bare(void)
{
	return (struct entry){
	    .id = SLICE("tag:example.com,2024-01-01:/a"),
	    .url = SLICE("https://example.com/a"),
	    .published = 1704067200,
	    .updated = 1704067200,
	    .enclosure = {.length = -1},
	};
}

/* A document of `len` entries, which passes the format's own check. */
static void render(const struct format *format, const struct channel *channel,
    const struct entry *entries, size_t len, struct buf *out)
{
	void *check = format->check->start();
	struct err err = {0};
	size_t at = 0;

	for (size_t i = 0; i < len + 2; i++) {
		if (i == 0)
			format->head(channel, out);
		else if (i <= len)
			format->entry(channel, &entries[i - 1], i == 1, out);
		else
			format->tail(channel, len == 0, out);
		if (format->check->put(check, slice_from(buf_slice(out), at), &err) < 0)
			fail_msg("%s: %u: %s", format->name, err.line, err.text);
		at = out->len;
	}
	if (format->check->finish(check, &err) < 0)
		fail_msg("%s: %s", format->name, err.text);
	format->check->free(check);
	assert_int_equal(out->data[out->len - 1], '\n');
}

struct document {
	struct buf text;
	xmlDocPtr doc;
	xmlXPathContextPtr xpath;
	json_t *json;
};

static struct document document_new(const struct format *format, const struct channel *channel,
    const struct entry *entries, size_t len)
{
	struct document document = {.text = BUF_INIT};

	render(format, channel, entries, len, &document.text);
	if (format == &format_json) {
		document.json =
		    json_loadb(document.text.data, document.text.len, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(document.json);
		return document;
	}
	document.doc =
	    xmlReadMemory(document.text.data, (int)document.text.len, NULL, NULL, XML_PARSE_NONET);
	assert_non_null(document.doc);
	document.xpath = xmlXPathNewContext(document.doc);
	(void)xmlXPathRegisterNs(
	    document.xpath, BAD_CAST "a", BAD_CAST "http://www.w3.org/2005/Atom");
	(void)xmlXPathRegisterNs(document.xpath, BAD_CAST "content",
	    BAD_CAST "http://purl.org/rss/1.0/modules/content/");
	(void)xmlXPathRegisterNs(
	    document.xpath, BAD_CAST "dc", BAD_CAST "http://purl.org/dc/elements/1.1/");
	(void)xmlXPathRegisterNs(
	    document.xpath, BAD_CAST "m", BAD_CAST "http://search.yahoo.com/mrss/");
	return document;
}

static void document_free(struct document *document)
{
	xmlXPathFreeContext(document->xpath);
	xmlFreeDoc(document->doc);
	json_decref(document->json);
	buf_free(&document->text);
}

/* The string value of an XPath expression. */
static void assert_xpath(const struct document *document, const char *path, const char *expected)
{
	xmlXPathObjectPtr found = xmlXPathEvalExpression(BAD_CAST path, document->xpath);
	xmlChar *text;

	assert_non_null(found);
	text = xmlXPathCastToString(found);
	if (strcmp((const char *)text, expected) != 0)
		fail_msg("%s: '%s', not '%s'\n%s", path, (const char *)text, expected,
		    buf_string(&document->text));
	xmlFree(text);
	xmlXPathFreeObject(found);
}

/* The value at "a.b.0.c" as JSON text; "" when there is none. */
static void assert_json(const struct document *document, const char *path, const char *expected)
{
	json_t *value = document->json;
	struct slice rest = slice_of(path);
	char *text;

	while (rest.len && value) {
		size_t end = slice_find_byte(rest, 0, '.');
		char *key = mem_dup(rest.ptr, end);

		value = json_is_array(value) ? json_array_get(value, (size_t)atoi(key))
					     : json_object_get(value, key);
		rest = slice_from(rest, end < rest.len ? end + 1 : end);
		free(key);
	}
	text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : mem_dup("", 0);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s, not %s\n%s", path, text, expected, buf_string(&document->text));
	free(text);
}

static void test_table(void **state)
{
	(void)state;
	assert_ptr_equal(formats[0], &format_rss);
	assert_ptr_equal(formats[1], &format_atom);
	assert_ptr_equal(formats[2], &format_json);
}

static void test_rss_channel(void **state)
{
	struct channel channel = channel_full();
	struct document d = document_new(&format_rss, &channel, NULL, 0);

	(void)state;
	assert_xpath(&d, "/rss/@version", "2.0");
	assert_xpath(&d, "/rss/channel/title", "AT&T <3");
	assert_non_null(strstr(buf_string(&d.text), "<title>AT&#x26;T &#x3C;3</title>"));
	assert_xpath(&d, "/rss/channel/link", "https://example.com/");
	assert_xpath(&d, "/rss/channel/description", "All & more");
	assert_xpath(&d, "//a:link[@rel='self'][@type='application/rss+xml']/@href",
	    "https://example.com/feed?x=1&y=2");
	assert_xpath(&d, "//a:link[@rel='hub']/@href", "https://hub.example/?a&b");
	assert_xpath(&d, "/rss/channel/cloud/@domain", "cloud.example");
	assert_xpath(&d, "/rss/channel/cloud/@port", "5337");
	assert_xpath(&d, "/rss/channel/cloud/@path", "/a&b/pleaseNotify");
	assert_xpath(&d, "/rss/channel/cloud/@registerProcedure", "");
	assert_xpath(&d, "/rss/channel/cloud/@protocol", "http-post");
	assert_xpath(&d, "count(//cloud/@*)", "5");
	assert_xpath(&d, "/rss/channel/language", "en");
	assert_xpath(&d, "/rss/channel/lastBuildDate", "Tue, 02 Jan 2024 03:04:05 GMT");
	assert_xpath(&d, "/rss/channel/ttl", "60");
	assert_xpath(&d, "/rss/channel/generator", "feedd (https://feedd.example/)");
	document_free(&d);
	channel = channel_bare();
	d = document_new(&format_rss, &channel, NULL, 0);
	assert_xpath(&d, "/rss/channel/description", "T");
	assert_xpath(&d, "count(/rss/channel/*)", "4");
	document_free(&d);
}

static void test_rss_item(void **state)
{
	struct channel channel = channel_full();
	struct entry entries[2] = {entry_full(), entry_full()};
	struct document d = document_new(&format_rss, &channel, entries, 2);

	(void)state;
	assert_xpath(&d, "count(//item)", "2");
	assert_xpath(&d, "//item/title", "1 < 2 & \"so\" on");
	assert_xpath(&d, "//item/link", "https://example.com/a?x&y");
	assert_xpath(&d, "//item/guid[@isPermaLink='false']", "tag:example.com,2024-01-01:/a&b");
	assert_xpath(&d, "//item/pubDate", "Mon, 01 Jan 2024 00:00:00 GMT");
	assert_xpath(&d, "//item/a:updated", "2024-01-02T03:04:05Z");
	assert_xpath(&d, "//item/dc:creator", "Jane & Co");
	assert_xpath(&d, "count(//item/author)", "0");
	assert_xpath(&d, "//item/category[1]", "C++");
	assert_xpath(&d, "//item/category[2]", "<tag>");
	assert_xpath(&d, "//item/dc:language", "de");
	assert_xpath(&d, "//item/a:link[@rel='related']/@href", "https://elsewhere.example/");
	/* HTML that shows the summary's characters, and before the full text. */
	assert_xpath(&d, "//item/description", "A &amp; B &lt;b&gt;");
	assert_xpath(&d, "//item/description/following-sibling::content:encoded",
	    "<p>x &amp; y</p>\n<pre>]]></pre>");
	assert_xpath(&d, "//item/enclosure/@length", "1234");
	assert_xpath(&d, "//item/enclosure/@type", "audio/mpeg");
	assert_xpath(&d, "//item/m:content[@medium='image']/@url", "https://example.com/i.jpg");
	assert_xpath(&d, "//item/m:thumbnail/@url", "https://example.com/i.jpg");
	document_free(&d);
}

static void test_rss_item_bare(void **state)
{
	struct channel channel = channel_bare();
	struct entry entry = entry_bare();
	struct document d = document_new(&format_rss, &channel, &entry, 1);

	(void)state;
	assert_xpath(&d, "count(//item/*)", "4");
	assert_xpath(&d, "//item/title", "https://example.com/a"); /* or it would be no item */
	document_free(&d);
	entry.content = SLICE("<p>full</p>");
	entry.enclosure.url = SLICE("https://example.com/file");
	channel.authors = &jane;
	channel.authors_len = 1;
	d = document_new(&format_rss, &channel, &entry, 1);
	assert_xpath(&d, "count(//item/title)", "0");
	assert_xpath(&d, "//item/description", "<p>full</p>");
	assert_xpath(&d, "count(//item/content:encoded)", "0");
	assert_xpath(&d, "count(//item/a:updated)", "0");
	assert_xpath(&d, "//item/dc:creator", "Jane & Co");
	assert_xpath(&d, "//item/enclosure/@length", "0");
	assert_xpath(&d, "//item/enclosure/@type", "application/octet-stream");
	document_free(&d);
}

static void test_atom_feed(void **state)
{
	struct channel channel = channel_full();
	struct document d = document_new(&format_atom, &channel, NULL, 0);

	(void)state;
	assert_xpath(&d, "/a:feed/@xml:lang", "en");
	assert_xpath(&d, "/a:feed/a:id", "https://example.com/feed?x=1&y=2");
	assert_xpath(&d, "/a:feed/a:title[@type='text']", "AT&T <3");
	assert_xpath(&d, "/a:feed/a:subtitle", "All & more");
	assert_xpath(&d, "/a:feed/a:updated", "2024-01-02T03:04:05Z");
	assert_xpath(&d, "/a:feed/a:link[@rel='self']/@href", "https://example.com/feed?x=1&y=2");
	assert_xpath(&d, "/a:feed/a:link[@rel='alternate']/@href", "https://example.com/");
	assert_xpath(&d, "/a:feed/a:link[@rel='hub']/@href", "https://hub.example/?a&b");
	assert_xpath(&d, "/a:feed/a:author/a:name", "Jane & Co");
	assert_xpath(&d, "/a:feed/a:author/a:email", "jane@example.com");
	assert_xpath(&d, "/a:feed/a:author/a:uri", "https://jane.example/");
	assert_xpath(&d, "/a:feed/a:generator[@uri='https://feedd.example/']", "feedd");
	document_free(&d);
	channel = channel_bare();
	d = document_new(&format_atom, &channel, NULL, 0);
	assert_xpath(&d, "/a:feed/a:updated", "1970-01-01T00:00:00Z");
	assert_xpath(&d, "count(/a:feed/*)", "5");
	document_free(&d);
}

static void test_atom_entry(void **state)
{
	struct channel channel = channel_full();
	struct entry entry = entry_full();
	struct document d = document_new(&format_atom, &channel, &entry, 1);

	(void)state;
	assert_xpath(&d, "//a:entry/@xml:lang", "de");
	assert_xpath(&d, "//a:entry/a:id", "tag:example.com,2024-01-01:/a&b");
	assert_xpath(&d, "//a:entry/a:title[@type='text']", "1 < 2 & \"so\" on");
	assert_xpath(&d, "//a:entry/a:link[@rel='alternate']/@href", "https://example.com/a?x&y");
	assert_xpath(&d, "//a:entry/a:link[@rel='related']/@href", "https://elsewhere.example/");
	assert_xpath(
	    &d, "//a:entry/a:link[@rel='enclosure']/@href", "https://example.com/e.MP3?x#y");
	assert_xpath(&d, "//a:entry/a:link[@rel='enclosure']/@length", "1234");
	assert_xpath(&d, "//a:entry/a:link[@rel='enclosure']/@type", "audio/mpeg");
	assert_xpath(&d, "//a:entry/a:published", "2024-01-01T00:00:00Z");
	assert_xpath(&d, "//a:entry/a:updated", "2024-01-02T03:04:05Z");
	assert_xpath(&d, "//a:entry/a:author/a:name", "Jane & Co");
	assert_xpath(&d, "//a:entry/a:category[1]/@term", "C++");
	assert_xpath(&d, "//a:entry/a:category[2]/@term", "<tag>");
	assert_xpath(&d, "//a:entry/a:summary[@type='text']", "A & B <b>");
	assert_xpath(&d, "//a:entry/a:content[@type='html']", "<p>x &amp; y</p>\n<pre>]]></pre>");
	assert_xpath(&d, "//a:entry/m:thumbnail/@url", "https://example.com/i.jpg");
	document_free(&d);
}

static void test_atom_entry_bare(void **state)
{
	struct channel channel = channel_bare();
	struct entry entry = entry_bare();
	struct document d;

	(void)state;
	entry.enclosure.url = SLICE("https://example.com/file");
	entry.language = SLICE("en");
	d = document_new(&format_atom, &channel, &entry, 1);
	assert_xpath(&d, "//a:entry/a:title", "");
	assert_xpath(&d, "count(//a:entry/a:title)", "1");
	assert_xpath(&d, "//a:entry/a:author/a:name", "T"); /* somebody must be named */
	assert_xpath(&d, "count(//a:entry/a:summary | //a:entry/a:content)", "0");
	assert_xpath(&d, "count(//a:entry/a:link[@rel='enclosure']/@length)", "0");
	assert_xpath(&d, "//a:entry/@xml:lang", "en");
	document_free(&d);
	channel.authors = &jane;
	channel.authors_len = 1;
	channel.language = SLICE("EN");
	d = document_new(&format_atom, &channel, &entry, 1);
	assert_xpath(&d, "count(//a:entry/a:author)", "0"); /* inherited */
	assert_xpath(&d, "count(//a:entry/@xml:lang)", "0");
	document_free(&d);
}

/* An address that RFC 4287 does not take for one is left out. */
static void test_atom_email(void **state)
{
	static const char *const bad[] = {"", "@", "jane", "jane@", "@example.com"};
	struct person person = jane;
	struct channel channel = channel_bare();

	(void)state;
	channel.authors = &person;
	channel.authors_len = 1;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct document d;

		person.email = slice_of(bad[i]);
		d = document_new(&format_atom, &channel, NULL, 0);
		assert_xpath(&d, "count(//a:email)", "0");
		document_free(&d);
	}
}

static void test_json_feed(void **state)
{
	struct channel channel = channel_full();
	struct document d = document_new(&format_json, &channel, NULL, 0);

	(void)state;
	assert_json(&d, "version", "\"https://jsonfeed.org/version/1.1\"");
	assert_json(&d, "title", "\"AT&T <3\"");
	assert_json(&d, "home_page_url", "\"https://example.com/\"");
	assert_json(&d, "feed_url", "\"https://example.com/feed?x=1&y=2\"");
	assert_json(&d, "description", "\"All & more\"");
	assert_json(&d, "language", "\"en\"");
	assert_json(&d, "authors", "[{\"name\":\"Jane & Co\",\"url\":\"https://jane.example/\"}]");
	assert_json(&d, "author.name", "\"Jane & Co\"");
	assert_json(&d, "hubs", "[{\"type\":\"WebSub\",\"url\":\"https://hub.example/?a&b\"}]");
	assert_json(&d, "items", "[]");
	document_free(&d);
}

static void test_json_item(void **state)
{
	struct channel channel = channel_full();
	struct entry entries[2] = {entry_bare(), entry_full()};
	struct document d = document_new(&format_json, &channel, entries, 2);

	(void)state;
	assert_json(&d, "items.1.id", "\"tag:example.com,2024-01-01:/a&b\"");
	assert_json(&d, "items.1.url", "\"https://example.com/a?x&y\"");
	assert_json(&d, "items.1.external_url", "\"https://elsewhere.example/\"");
	assert_json(&d, "items.1.title", "\"1 < 2 & \\\"so\\\" on\"");
	assert_json(&d, "items.1.content_html", "\"<p>x &amp; y</p>\\n<pre>]]></pre>\"");
	assert_json(&d, "items.1.summary", "\"A & B <b>\"");
	assert_json(&d, "items.1.image", "\"https://example.com/i.jpg\"");
	assert_json(&d, "items.1.date_published", "\"2024-01-01T00:00:00Z\"");
	assert_json(&d, "items.1.date_modified", "\"2024-01-02T03:04:05Z\"");
	assert_json(&d, "items.1.authors.0.name", "\"Jane & Co\"");
	assert_json(&d, "items.1.author.name", "\"Jane & Co\"");
	assert_json(&d, "items.1.tags", "[\"C++\",\"<tag>\"]");
	assert_json(&d, "items.1.language", "\"de\"");
	assert_json(&d, "items.1.attachments",
	    "[{\"url\":\"https://example.com/e.MP3?x#y\",\"mime_type\":\"audio/mpeg\","
	    "\"size_in_bytes\":1234}]");
	assert_json(&d, "items.0",
	    "{\"id\":\"tag:example.com,2024-01-01:/a\",\"url\":\"https://example.com/a\","
	    "\"date_published\":\"2024-01-01T00:00:00Z\",\"content_text\":\"\"}");
	document_free(&d);
}

static void test_json_no_content(void **state)
{
	struct channel channel = channel_bare();
	struct entry entry = entry_full();
	struct document d;

	(void)state;
	entry.content = SLICE_NONE;
	d = document_new(&format_json, &channel, &entry, 1);
	assert_json(&d, "items.0.content_text", "\"A & B <b>\"");
	assert_json(&d, "items.0.summary", "");
	document_free(&d);
	entry.summary = SLICE_NONE;
	d = document_new(&format_json, &channel, &entry, 1);
	assert_json(&d, "items.0.content_text", "\"1 < 2 & \\\"so\\\" on\"");
	document_free(&d);
}

/* Content that was escaped before gives the same bytes, and is not escaped again. */
static void test_escaped(void **state)
{
	const struct channel channel = channel_full();
	struct entry plain = entry_full(), ready;
	struct buf xml = BUF_INIT, json = BUF_INIT;

	(void)state;
	plain.content = SLICE("<p title=\"a\\b\">\x01 \xFF &amp; ]]>\r\n\xC3\xA9</p>");
	ready = plain;
	xmlout_escape(plain.content, &xml);
	jsonout_escape(plain.content, &json);
	ready.content_xml = buf_slice(&xml);
	ready.content_json = buf_slice(&json);
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		struct buf one = BUF_INIT, other = BUF_INIT;

		render(formats[i], &channel, &plain, 1, &one);
		ready.content = plain.content;
		render(formats[i], &channel, &ready, 1, &other);
		assert_string_equal(buf_string(&one), buf_string(&other));
		buf_clear(&other);
		ready.content = SLICE("<p>not looked at</p>");
		render(formats[i], &channel, &ready, 1, &other);
		if (i < FORMAT_FEEDS)
			assert_string_equal(buf_string(&one), buf_string(&other));
		buf_free(&one);
		buf_free(&other);
	}
	buf_free(&xml);
	buf_free(&json);
}

/* What callers promise and do not keep still gives a document that can be read. */
static void test_garbage(void **state)
{
	static const struct slice bad = {"\0\x01<\xFF]]>\xEF\xBF\xBE&\r\n\"\\", 14};
	struct person person = {bad, bad, bad};
	const struct feed_document file = {"A", "a/b", bad};
	struct channel channel = {bad, bad, bad, bad, bad, &person, 1, &bad, 1, {bad, 0, bad}, -1,
	    0, bad, bad, bad, &file, 1, bad, NULL};
	struct entry entry = {bad, bad, bad, bad, bad, bad, INT64_MIN, INT64_MAX, &person, 1, &bad,
	    1, bad, bad, {bad, bad, INT64_MAX}, SLICE_NONE, SLICE_NONE};

	(void)state;
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		struct document d = document_new(formats[i], &channel, &entry, 1);

		document_free(&d);
	}
}

static void test_stylesheet(void **state)
{
	struct channel channel = channel_bare();
	struct buf text = BUF_INIT;

	(void)state;
	channel.stylesheet = SLICE("../a&\"<.css");
	for (size_t i = 0; i < 2; i++) {
		formats[i]->head(&channel, &text);
		assert_non_null(strstr(buf_string(&text), "?>\n<?xml-stylesheet type=\"text/css\" "
							  "href=\"../a&amp;&quot;&lt;.css\"?>\n<"));
		buf_clear(&text);
	}
	format_json.head(&channel, &text);
	assert_null(strstr(buf_string(&text), ".css"));
	buf_free(&text);
}

static void test_page(void **state)
{
	static const struct feed_document rss = {
	    "RSS 2.0", "application/rss+xml", SLICE("https://e.com/a?b&c")};
	struct channel channel = channel_bare();
	struct entry entry = entry_full();
	struct buf text = BUF_INIT;

	(void)state;
	channel.language = SLICE("he");
	channel.documents = &rss;
	channel.documents_len = 1;
	channel.index_href = SLICE("index.html");
	format_page.head(&channel, &text);
	format_page.entry(&channel, &entry, true, &text);
	entry = entry_bare();
	format_page.entry(&channel, &entry, false, &text);
	format_page.tail(&channel, false, &text);
	assert_non_null(strstr(buf_string(&text), "<html lang=\"he\" dir=\"rtl\">"));
	/* No words of ours in Hebrew. */
	assert_non_null(strstr(
	    buf_string(&text), "<a href=\"index.html\" lang=\"en\" dir=\"ltr\">All feeds</a>"));
	assert_non_null(strstr(buf_string(&text), "<article lang=\"de\" dir=\"ltr\">"));
	assert_non_null(
	    strstr(buf_string(&text), "<code dir=\"ltr\">https://e.com/a?b&amp;c</code>"));
	assert_non_null(strstr(buf_string(&text), "type=\"application/rss+xml\" title=\"T (RSS "
						  "2.0)\" href=\"https://e.com/a?b&amp;c\"/>"));
	/* An entry without a title is called by its address. */
	assert_non_null(strstr(buf_string(&text), ">https://example.com/a</a>"));
	buf_clear(&text);
	format_page.tail(&channel, true, &text);
	assert_non_null(strstr(buf_string(&text), "There are no entries yet."));
	buf_free(&text);
}

/* Tables: what is for people comes behind, and what is of the whole site is rendered elsewhere. */
static void test_people(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMAT_ALL; i++) {
		assert_int_equal(formats[i]->for_people, i >= FORMAT_FEEDS);
		assert_int_equal(formats[i]->head != NULL, i < FORMAT_COUNT);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(formats[i]->name, formats[j]->name);
	}
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(words_of(SLICE("de-AT"))->of[WORD_ALL_FEEDS], "Alle Feeds");
	assert_string_equal(words_of(SLICE("DE"))->lang, "de");
	assert_string_equal(words_of(SLICE("den"))->lang, "en");
	assert_string_equal(words_of(SLICE_NONE)->lang, "en");
	assert_true(words_is_rtl(SLICE("ar-EG")));
	assert_true(words_is_rtl(SLICE("az-Arab")));
	assert_false(words_is_rtl(SLICE("ku-Latn")));
	assert_false(words_is_rtl(SLICE("ug-Cyrl-KZ")));
	assert_false(words_is_rtl(SLICE("arn")));
	assert_false(words_is_rtl(SLICE_NONE));
	for (const char *const *lang =
		 (const char *const[]){"en", "de", "fr", "es", "ja", "ar", NULL};
	     *lang; lang++)
		for (size_t i = 0; i < WORD_COUNT; i++)
			assert_true(strlen(words_of(slice_of(*lang))->of[i]) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_people),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_stylesheet),
	    cmocka_unit_test(test_page),
	    cmocka_unit_test(test_rss_channel),
	    cmocka_unit_test(test_rss_item),
	    cmocka_unit_test(test_rss_item_bare),
	    cmocka_unit_test(test_atom_feed),
	    cmocka_unit_test(test_atom_entry),
	    cmocka_unit_test(test_atom_entry_bare),
	    cmocka_unit_test(test_atom_email),
	    cmocka_unit_test(test_json_feed),
	    cmocka_unit_test(test_json_item),
	    cmocka_unit_test(test_json_no_content),
	    cmocka_unit_test(test_escaped),
	    cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
