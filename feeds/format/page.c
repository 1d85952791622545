/*
 * The page of a feed for people: what it is, how to subscribe, and its entries
 * by title, day and summary. The full text is what the site is for.
 */
#include "feeds/base/date.h"
#include "feeds/format/format.h"
#include "feeds/format/html.h"
#include "feeds/format/parts.h"

static const char *const entries_open[] = {"html", "body", "main", "section"};

static void put_header(struct xmlout *xml, const struct channel *channel)
{
	xmlout_open(xml, "header");
	if (channel->index_href.len) {
		xmlout_open(xml, "nav");
		xmlout_open(xml, "a");
		xmlout_attr(xml, "href", channel->index_href);
		words_put_lang(xml, channel->language);
		xmlout_text(xml, slice_of(words_of(channel->language)->of[WORD_ALL_FEEDS]));
		xmlout_close(xml);
		xmlout_close(xml);
	}
	html_text(xml, "h1", channel->title);
	html_text(xml, "p", channel->description);
	xmlout_open(xml, "p");
	html_link(xml, channel->home_url, SLICE_NONE);
	xmlout_close(xml);
	xmlout_close(xml);
}

static void page_head(const struct channel *channel, struct buf *out)
{
	const struct html_page page = {channel->title, channel->language, channel->stylesheet};
	struct xmlout xml;

	html_start(&xml, out, &page);
	for (size_t i = 0; i < channel->documents_len; i++)
		html_alternate(&xml, channel->title, &channel->documents[i]);
	xmlout_close(&xml);
	xmlout_open(&xml, "body");
	put_header(&xml, channel);
	xmlout_open(&xml, "main");
	if (channel->documents_len) {
		xmlout_open(&xml, "section");
		words_put(&xml, "h2", channel->language, WORD_SUBSCRIBE);
		words_put(&xml, "p", channel->language, WORD_HOW);
		html_documents(&xml, channel->documents, channel->documents_len);
		xmlout_close(&xml);
	}
	xmlout_open(&xml, "section");
	words_put(&xml, "h2", channel->language, WORD_ENTRIES);
}

/* The day where the site is: what its authors call that day. */
static void put_day(struct xmlout *xml, const struct channel *channel, int64_t published)
{
	struct date date = date_civil(published, channel->zone);
	char instant[DATE_RFC3339_SIZE];
	struct buf day = BUF_INIT;

	buf_printf(&day, "%04d-%02d-%02d", date.year, date.month, date.day);
	xmlout_open(xml, "time");
	xmlout_attr(xml, "datetime", slice_of(date_rfc3339(published, instant)));
	xmlout_text(xml, buf_slice(&day));
	xmlout_close(xml);
	buf_free(&day);
}

static void page_entry(
    const struct channel *channel, const struct entry *entry, bool first, struct buf *out)
{
	struct xmlout xml;

	(void)first; /* entries need no separator */
	xmlout_resume(&xml, out, entries_open, 4);
	xmlout_open(&xml, "article");
	if (part_own_language(channel, entry)) {
		bool rtl = words_is_rtl(entry->language);

		xmlout_attr(&xml, "lang", entry->language);
		if (rtl != words_is_rtl(channel->language))
			xmlout_attr(&xml, "dir", rtl ? SLICE("rtl") : SLICE("ltr"));
	}
	xmlout_open(&xml, "h3");
	html_link(&xml, entry->url, entry->title);
	xmlout_close(&xml);
	xmlout_open(&xml, "p");
	put_day(&xml, channel, entry->published);
	xmlout_close(&xml);
	html_text(&xml, "p", entry->summary);
	xmlout_close(&xml);
}

static void page_tail(const struct channel *channel, bool empty, struct buf *out)
{
	struct xmlout xml;

	xmlout_resume(&xml, out, entries_open, 4);
	if (empty)
		words_put(&xml, "p", channel->language, WORD_NO_ENTRIES);
	for (size_t i = 0; i < 4; i++)
		xmlout_close(&xml);
}

const struct format format_page = {
    .name = "page",
    .title = "HTML",
    .media_type = "text/html",
    .for_people = true,
    .head = page_head,
    .entry = page_entry,
    .tail = page_tail,
    .check = &format_check_xml,
};
