/*
 * RSS 2.0, in the RSS Advisory Board's profile where readers differ.
 *
 * A name without a mail address may not stand in <author>, so people are in
 * dc:creator, and nothing is said twice in two vocabularies. <link> is always
 * the article's own page; what a link post points at is an atom:link related.
 */
#include <inttypes.h>

#include "feeds/base/date.h"
#include "feeds/base/escape.h"
#include "feeds/base/xmlout.h"
#include "feeds/format/format.h"
#include "feeds/format/parts.h"

static const char *const channel_open[] = {"rss", "channel"};

/* An element of plain text: profile, "Character Data". */
static void put_plain(struct xmlout *xml, const char *name, struct slice text)
{
	xmlout_open(xml, name);
	xmlout_text_plain(xml, text);
	xmlout_close(xml);
}

static void put_number(struct xmlout *xml, const char *name, unsigned number)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%u", number);
	xmlout_element(xml, name, buf_slice(&text));
	buf_free(&text);
}

static void put_link(struct xmlout *xml, const char *rel, const char *type, struct slice href)
{
	xmlout_open(xml, "atom:link");
	xmlout_attr(xml, "rel", slice_of(rel));
	if (type)
		xmlout_attr(xml, "type", slice_of(type));
	xmlout_attr(xml, "href", href);
	xmlout_close(xml);
}

/* All five attributes must be there, and the name of a procedure is empty in a POST of a form. */
static void put_cloud(struct xmlout *xml, const struct cloud *cloud)
{
	struct buf port = BUF_INIT;

	if (cloud->domain.len == 0)
		return;
	buf_printf(&port, "%u", cloud->port);
	xmlout_open(xml, "cloud");
	xmlout_attr(xml, "domain", cloud->domain);
	xmlout_attr(xml, "port", buf_slice(&port));
	xmlout_attr(xml, "path", cloud->path);
	xmlout_attr(xml, "registerProcedure", SLICE_NONE);
	xmlout_attr(xml, "protocol", SLICE("http-post"));
	xmlout_close(xml);
	buf_free(&port);
}

static void put_generator(struct xmlout *xml, const struct channel *channel)
{
	struct buf text = BUF_INIT;

	if (channel->generator.len == 0)
		return;
	buf_put_slice(&text, channel->generator);
	if (channel->generator_url.len)
		buf_printf(&text, " (%.*s)", SLICE_FMT(channel->generator_url));
	put_plain(xml, "generator", buf_slice(&text));
	buf_free(&text);
}

static void rss_head(const struct channel *channel, struct buf *out)
{
	struct xmlout xml;
	char date[DATE_RFC822_SIZE];

	xmlout_start(&xml, out);
	xmlout_declaration(&xml);
	xmlout_stylesheet(&xml, channel->stylesheet);
	xmlout_open(&xml, "rss");
	xmlout_attr(&xml, "version", SLICE("2.0"));
	xmlout_attr(&xml, "xmlns:atom", SLICE("http://www.w3.org/2005/Atom"));
	xmlout_attr(&xml, "xmlns:content", SLICE("http://purl.org/rss/1.0/modules/content/"));
	xmlout_attr(&xml, "xmlns:dc", SLICE("http://purl.org/dc/elements/1.1/"));
	xmlout_attr(&xml, "xmlns:media", SLICE("http://search.yahoo.com/mrss/"));
	xmlout_open(&xml, "channel");
	put_plain(&xml, "title", channel->title);
	xmlout_element(&xml, "link", channel->home_url);
	/* The element must be there, and not be empty. */
	put_plain(
	    &xml, "description", channel->description.len ? channel->description : channel->title);
	put_link(&xml, "self", "application/rss+xml", channel->self_url);
	for (size_t i = 0; i < channel->hubs_len; i++)
		put_link(&xml, "hub", NULL, channel->hubs[i]);
	put_cloud(&xml, &channel->cloud);
	if (channel->language.len)
		xmlout_element(&xml, "language", channel->language);
	if (channel->updated)
		xmlout_element(
		    &xml, "lastBuildDate", slice_of(date_rfc822(channel->updated, date)));
	if (channel->ttl)
		put_number(&xml, "ttl", channel->ttl);
	put_generator(&xml, channel);
}

/* A description holds HTML: plain text is turned into that first. */
static void put_summary(struct xmlout *xml, struct slice summary)
{
	static const struct escapes in_html = {{
	    ['&'] = ESCAPE("&amp;"),
	    ['<'] = ESCAPE("&lt;"),
	    ['>'] = ESCAPE("&gt;"),
	}};
	struct buf html = BUF_INIT;

	escape_put(&html, summary, &in_html);
	xmlout_element(xml, "description", buf_slice(&html));
	buf_free(&html);
}

/*
 * Many readers show whichever of the two comes last, so the full text is the
 * last; and without a summary it is the description (profile, "Content").
 */
static void put_body(struct xmlout *xml, const struct entry *entry)
{
	if (entry->summary.len)
		put_summary(xml, entry->summary);
	if (entry->content.len == 0)
		return;
	xmlout_open(xml, entry->summary.len ? "content:encoded" : "description");
	part_content(xml, entry);
	xmlout_close(xml);
}

static void put_enclosure(struct xmlout *xml, const struct enclosure *enclosure)
{
	struct buf length = BUF_INIT;

	if (enclosure->url.len == 0)
		return;
	buf_printf(&length, "%" PRId64, enclosure->length > 0 ? enclosure->length : 0);
	xmlout_open(xml, "enclosure");
	xmlout_attr(xml, "url", enclosure->url);
	xmlout_attr(xml, "length", buf_slice(&length));
	xmlout_attr(xml, "type", part_enclosure_type(enclosure));
	xmlout_close(xml);
	buf_free(&length);
}

/* An item needs a title or a description. */
static void put_title(struct xmlout *xml, const struct entry *entry)
{
	if (entry->title.len)
		put_plain(xml, "title", entry->title);
	else if (entry->summary.len == 0 && entry->content.len == 0)
		put_plain(xml, "title", entry->url);
}

static void put_dates(struct xmlout *xml, const struct entry *entry)
{
	char published[DATE_RFC822_SIZE], updated[DATE_RFC3339_SIZE];

	xmlout_element(xml, "pubDate", slice_of(date_rfc822(entry->published, published)));
	if (entry->updated != entry->published)
		xmlout_element(
		    xml, "atom:updated", slice_of(date_rfc3339(entry->updated, updated)));
}

static void rss_entry(
    const struct channel *channel, const struct entry *entry, bool first, struct buf *out)
{
	struct xmlout xml;
	size_t authors_len;
	const struct person *authors = part_authors(channel, entry, &authors_len);

	(void)first; /* items need no separator */
	xmlout_resume(&xml, out, channel_open, 2);
	xmlout_open(&xml, "item");
	put_title(&xml, entry);
	xmlout_element(&xml, "link", entry->url);
	xmlout_open(&xml, "guid");
	/* True by default, which an id that is no URL, or may outlive its URL, must deny. */
	xmlout_attr(&xml, "isPermaLink", SLICE("false"));
	xmlout_text(&xml, entry->id);
	xmlout_close(&xml);
	put_dates(&xml, entry);
	for (size_t i = 0; i < authors_len; i++)
		put_plain(&xml, "dc:creator", authors[i].name);
	for (size_t i = 0; i < entry->categories_len; i++)
		put_plain(&xml, "category", entry->categories[i]);
	if (part_own_language(channel, entry))
		xmlout_element(&xml, "dc:language", entry->language);
	if (entry->external_url.len)
		put_link(&xml, "related", NULL, entry->external_url);
	put_body(&xml, entry);
	put_enclosure(&xml, &entry->enclosure);
	part_image(&xml, entry->image_url);
	xmlout_close(&xml);
}

static void rss_tail(const struct channel *channel, bool empty, struct buf *out)
{
	struct xmlout xml;

	(void)channel;
	(void)empty; /* a channel without items ends the same way */
	xmlout_resume(&xml, out, channel_open, 2);
	xmlout_close(&xml);
	xmlout_close(&xml);
}

const struct format format_rss = {
    .name = "rss",
    .title = "RSS 2.0",
    .media_type = "application/rss+xml",
    .file = "rss.xml",
    .head = rss_head,
    .entry = rss_entry,
    .tail = rss_tail,
    .check = &format_check_xml,
};
