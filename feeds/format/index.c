#include <inttypes.h>

#include "feeds/format/format.h"
#include "feeds/format/html.h"
#include "feeds/format/listing.h"

/* "Entries: 12". The colon stands in every language that has words here. */
static void put_number(struct xmlout *xml, const char *element, const struct listing *listing,
    enum word word, size_t number)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s: %zu", words_of(listing->language)->of[word], number);
	xmlout_open(xml, element);
	words_put_lang(xml, listing->language);
	xmlout_text(xml, buf_slice(&text));
	xmlout_close(xml);
	buf_free(&text);
}

static void put_feed(
    struct xmlout *xml, const struct listing *listing, const struct listing_feed *feed)
{
	xmlout_open(xml, "section");
	xmlout_open(xml, "h2");
	html_link(xml, feed->href, feed->title);
	xmlout_close(xml);
	put_number(xml, "p", listing, WORD_ENTRIES, feed->entries);
	html_documents(xml, feed->documents, feed->documents_len);
	xmlout_close(xml);
}

static void put_value(struct xmlout *xml, const struct listing_value *value)
{
	struct buf number = BUF_INIT;

	buf_printf(&number, "%zu", value->entries);
	xmlout_open(xml, "li");
	html_link(xml, value->href, value->value);
	xmlout_element(xml, "span", buf_slice(&number));
	xmlout_close(xml);
	buf_free(&number);
}

/* A list must not be empty, so a `by` without values yet has no section. */
static void put_values(
    struct xmlout *xml, const struct listing *listing, const struct listing_feed *feed)
{
	if (feed->values_len == 0)
		return;
	xmlout_open(xml, "section");
	xmlout_open(xml, "h2");
	html_text(xml, "span", feed->title);
	words_put(xml, "span", listing->language, feed->by);
	xmlout_close(xml);
	xmlout_open(xml, "ul");
	for (size_t i = 0; i < feed->values_len; i++)
		put_value(xml, &feed->values[i]);
	xmlout_close(xml);
	if (feed->values_all > feed->values_len)
		put_number(xml, "p", listing, WORD_MORE, feed->values_all - feed->values_len);
	xmlout_close(xml);
}

static void put_opml(struct xmlout *xml, const struct listing *listing)
{
	const struct feed_document opml = {
	    format_opml.title, format_opml.media_type, listing->opml_url};

	if (listing->opml_url.len == 0)
		return;
	xmlout_open(xml, "section");
	xmlout_element(xml, "h2", slice_of(format_opml.title));
	words_put(xml, "p", listing->language, WORD_IMPORT);
	html_documents(xml, &opml, 1);
	xmlout_close(xml);
}

static void put_header(struct xmlout *xml, const struct listing *listing)
{
	xmlout_open(xml, "header");
	xmlout_open(xml, "nav");
	html_link(xml, listing->home_url, listing->title);
	xmlout_close(xml);
	words_put(xml, "h1", listing->language, WORD_FEEDS);
	html_text(xml, "p", listing->description);
	words_put(xml, "p", listing->language, WORD_HOW);
	xmlout_close(xml);
}

void listing_put_page(const struct listing *listing, struct buf *out)
{
	struct buf title = BUF_INIT;
	struct html_page page = {.language = listing->language, .stylesheet = listing->stylesheet};
	struct xmlout xml;

	buf_printf(&title, "%.*s: %s", SLICE_FMT(listing->title),
	    words_of(listing->language)->of[WORD_FEEDS]);
	page.title = buf_slice(&title);
	html_start(&xml, out, &page);
	for (size_t i = 0; i < listing->feeds_len; i++)
		for (size_t j = 0; j < listing->feeds[i].documents_len; j++)
			html_alternate(
			    &xml, listing->feeds[i].title, &listing->feeds[i].documents[j]);
	xmlout_close(&xml);
	xmlout_open(&xml, "body");
	put_header(&xml, listing);
	xmlout_open(&xml, "main");
	for (size_t i = 0; i < listing->feeds_len; i++) {
		if (listing->feeds[i].by == WORD_COUNT)
			put_feed(&xml, listing, &listing->feeds[i]);
		else
			put_values(&xml, listing, &listing->feeds[i]);
	}
	put_opml(&xml, listing);
	for (size_t i = 0; i < 3; i++)
		xmlout_close(&xml);
	buf_free(&title);
}

const struct format format_index = {
    .name = "index",
    .title = "HTML",
    .media_type = "text/html",
    .file = "index.html",
    .for_people = true,
    .check = &format_check_xml,
};
