/*
 * Atom, RFC 4287.
 *
 * The feed's id is its own URL: the topic is the one thing that makes this
 * feed this feed, and nothing else of a channel is an IRI that stays.
 */
#include <inttypes.h>

#include "feeds/base/date.h"
#include "feeds/base/xmlout.h"
#include "feeds/format/format.h"
#include "feeds/format/parts.h"

static const char *const feed_open[] = {"feed"};

/* A link without its type, when `type` is NULL. */
static void put_link(struct xmlout *xml, const char *rel, const char *type, struct slice href)
{
	if (href.len == 0)
		return;
	xmlout_open(xml, "link");
	xmlout_attr(xml, "rel", slice_of(rel));
	if (type)
		xmlout_attr(xml, "type", slice_of(type));
	xmlout_attr(xml, "href", href);
	xmlout_close(xml);
}

/* A text construct that holds no markup (section 3.1.1.1). */
static void put_text(struct xmlout *xml, const char *name, struct slice text)
{
	xmlout_open(xml, name);
	xmlout_attr(xml, "type", SLICE("text"));
	xmlout_text(xml, text);
	xmlout_close(xml);
}

static void put_date(struct xmlout *xml, const char *name, int64_t unix_seconds)
{
	char date[DATE_RFC3339_SIZE];

	xmlout_element(xml, name, slice_of(date_rfc3339(unix_seconds, date)));
}

/* Section 3.2.3 wants something on both sides of an "@". */
static bool is_email(struct slice email)
{
	size_t at = slice_find_byte(email, 1, '@');

	return at + 1 < email.len;
}

static void put_author(struct xmlout *xml, const struct person *person)
{
	xmlout_open(xml, "author");
	xmlout_element(xml, "name", person->name);
	if (person->url.len)
		xmlout_element(xml, "uri", person->url);
	if (is_email(person->email))
		xmlout_element(xml, "email", person->email);
	xmlout_close(xml);
}

static void atom_head(const struct channel *channel, struct buf *out)
{
	struct xmlout xml;

	xmlout_start(&xml, out);
	xmlout_declaration(&xml);
	xmlout_stylesheet(&xml, channel->stylesheet);
	xmlout_open(&xml, "feed");
	xmlout_attr(&xml, "xmlns", SLICE("http://www.w3.org/2005/Atom"));
	xmlout_attr(&xml, "xmlns:media", SLICE("http://search.yahoo.com/mrss/"));
	if (channel->language.len)
		xmlout_attr(&xml, "xml:lang", channel->language);
	xmlout_element(&xml, "id", channel->self_url);
	put_text(&xml, "title", channel->title);
	if (channel->description.len)
		put_text(&xml, "subtitle", channel->description);
	/* A must (section 4.1.1). Without entries it is the same at every build: the epoch. */
	put_date(&xml, "updated", channel->updated);
	put_link(&xml, "self", "application/atom+xml", channel->self_url);
	put_link(&xml, "alternate", "text/html", channel->home_url);
	for (size_t i = 0; i < channel->hubs_len; i++)
		put_link(&xml, "hub", NULL, channel->hubs[i]);
	for (size_t i = 0; i < channel->authors_len; i++)
		put_author(&xml, &channel->authors[i]);
	if (channel->generator.len) {
		xmlout_open(&xml, "generator");
		if (channel->generator_url.len)
			xmlout_attr(&xml, "uri", channel->generator_url);
		xmlout_text(&xml, channel->generator);
		xmlout_close(&xml);
	}
}

/*
 * An entry without authors has the feed's; where there are none either, an
 * author is still a must (section 4.1.2), and the site speaks for itself.
 */
static void put_authors(
    struct xmlout *xml, const struct channel *channel, const struct entry *entry)
{
	struct person site = {.name = channel->title.len ? channel->title : channel->home_url};

	for (size_t i = 0; i < entry->authors_len; i++)
		put_author(xml, &entry->authors[i]);
	if (entry->authors_len == 0 && channel->authors_len == 0)
		put_author(xml, &site);
}

static void put_enclosure(struct xmlout *xml, const struct enclosure *enclosure)
{
	struct buf length = BUF_INIT;

	if (enclosure->url.len == 0)
		return;
	xmlout_open(xml, "link");
	xmlout_attr(xml, "rel", SLICE("enclosure"));
	xmlout_attr(xml, "type", part_enclosure_type(enclosure));
	if (enclosure->length >= 0) {
		buf_printf(&length, "%" PRId64, enclosure->length);
		xmlout_attr(xml, "length", buf_slice(&length));
	}
	xmlout_attr(xml, "href", enclosure->url);
	xmlout_close(xml);
	buf_free(&length);
}

static void put_body(struct xmlout *xml, const struct entry *entry)
{
	if (entry->summary.len)
		put_text(xml, "summary", entry->summary);
	if (entry->content.len) {
		xmlout_open(xml, "content");
		xmlout_attr(xml, "type", SLICE("html"));
		part_content(xml, entry);
		xmlout_close(xml);
	}
}

static void atom_entry(
    const struct channel *channel, const struct entry *entry, bool first, struct buf *out)
{
	struct xmlout xml;

	(void)first; /* entries need no separator */
	xmlout_resume(&xml, out, feed_open, 1);
	xmlout_open(&xml, "entry");
	/* Of the entry, not only of its content: its title is in that language too. */
	if (part_own_language(channel, entry))
		xmlout_attr(&xml, "xml:lang", entry->language);
	xmlout_element(&xml, "id", entry->id);
	put_text(&xml, "title", entry->title);
	put_link(&xml, "alternate", "text/html", entry->url);
	put_link(&xml, "related", NULL, entry->external_url);
	put_enclosure(&xml, &entry->enclosure);
	put_date(&xml, "published", entry->published);
	put_date(&xml, "updated", entry->updated);
	put_authors(&xml, channel, entry);
	for (size_t i = 0; i < entry->categories_len; i++) {
		xmlout_open(&xml, "category");
		xmlout_attr(&xml, "term", entry->categories[i]);
		xmlout_close(&xml);
	}
	put_body(&xml, entry);
	part_image(&xml, entry->image_url);
	xmlout_close(&xml);
}

static void atom_tail(const struct channel *channel, bool empty, struct buf *out)
{
	struct xmlout xml;

	(void)channel;
	(void)empty; /* a feed without entries ends the same way */
	xmlout_resume(&xml, out, feed_open, 1);
	xmlout_close(&xml);
}

const struct format format_atom = {
    .name = "atom",
    .title = "Atom",
    .media_type = "application/atom+xml",
    .file = "atom.xml",
    .head = atom_head,
    .entry = atom_entry,
    .tail = atom_tail,
    .check = &format_check_xml,
};
