#include "feeds/format/html.h"

static void put_meta(struct xmlout *xml, const char *name, struct slice content)
{
	xmlout_open(xml, "meta");
	xmlout_attr(xml, "name", slice_of(name));
	xmlout_attr(xml, "content", content);
	xmlout_close(xml);
}

void html_start(struct xmlout *xml, struct buf *out, const struct html_page *page)
{
	xmlout_start(xml, out);
	buf_puts(out, "<!DOCTYPE html>\n");
	xmlout_open(xml, "html");
	/* "und": of no known language, which is better than a wrong one. */
	xmlout_attr(xml, "lang", page->language.len ? page->language : SLICE("und"));
	if (words_is_rtl(page->language))
		xmlout_attr(xml, "dir", SLICE("rtl"));
	xmlout_open(xml, "head");
	xmlout_open(xml, "meta");
	xmlout_attr(xml, "charset", SLICE("utf-8"));
	xmlout_close(xml);
	put_meta(xml, "viewport", SLICE("width=device-width, initial-scale=1"));
	put_meta(xml, "color-scheme", SLICE("light dark"));
	put_meta(xml, "generator", SLICE("feedd")); /* HTML_GENERATOR */
	xmlout_element(xml, "title", page->title);
	if (page->stylesheet.len == 0)
		return;
	xmlout_open(xml, "link");
	xmlout_attr(xml, "rel", SLICE("stylesheet"));
	xmlout_attr(xml, "href", page->stylesheet);
	xmlout_close(xml);
}

void html_alternate(struct xmlout *xml, struct slice feed_title, const struct feed_document *feed)
{
	struct buf title = BUF_INIT;

	buf_printf(&title, "%.*s (%s)", SLICE_FMT(feed_title), feed->title);
	xmlout_open(xml, "link");
	xmlout_attr(xml, "rel", SLICE("alternate"));
	xmlout_attr(xml, "type", slice_of(feed->media_type));
	xmlout_attr(xml, "title", buf_slice(&title));
	xmlout_attr(xml, "href", feed->url);
	xmlout_close(xml);
	buf_free(&title);
}

void html_text(struct xmlout *xml, const char *element, struct slice text)
{
	if (text.len == 0)
		return;
	xmlout_open(xml, element);
	xmlout_attr(xml, "dir", SLICE("auto"));
	xmlout_text(xml, text);
	xmlout_close(xml);
}

void html_link(struct xmlout *xml, struct slice href, struct slice text)
{
	xmlout_open(xml, "a");
	xmlout_attr(xml, "href", href);
	xmlout_attr(xml, "dir", SLICE("auto"));
	xmlout_text(xml, text.len ? text : href);
	xmlout_close(xml);
}

void html_documents(struct xmlout *xml, const struct feed_document *documents, size_t len)
{
	xmlout_open(xml, "dl");
	for (size_t i = 0; i < len; i++) {
		xmlout_open(xml, "dt");
		xmlout_open(xml, "a");
		xmlout_attr(xml, "href", documents[i].url);
		xmlout_attr(xml, "type", slice_of(documents[i].media_type));
		xmlout_text(xml, slice_of(documents[i].title));
		xmlout_close(xml);
		xmlout_close(xml);
		xmlout_open(xml, "dd");
		xmlout_open(xml, "code");
		xmlout_attr(xml, "dir", SLICE("ltr"));
		xmlout_text(xml, documents[i].url);
		xmlout_close(xml);
		xmlout_close(xml);
	}
	xmlout_close(xml);
}
