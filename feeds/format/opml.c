#include "feeds/base/xmlout.h"
#include "feeds/format/format.h"
#include "feeds/format/listing.h"

static const char *const body_open[] = {"opml", "body"};

void listing_opml_head(const struct listing *listing, struct buf *out)
{
	struct xmlout xml;

	xmlout_start(&xml, out);
	xmlout_declaration(&xml);
	xmlout_open(&xml, "opml");
	xmlout_attr(&xml, "version", SLICE("2.0"));
	xmlout_open(&xml, "head");
	xmlout_element(&xml, "title", listing->title);
	if (listing->owner.len)
		xmlout_element(&xml, "ownerName", listing->owner);
	xmlout_close(&xml);
	/* On a line of its own before the feeds come: a start tag that waits would not. */
	buf_puts(out, "  <body>\n");
}

/* Readers know all kinds of feeds by what they find there: the type is always "rss". */
void listing_opml_feed(
    const struct listing *listing, struct slice title, struct slice url, struct buf *out)
{
	struct xmlout xml;

	xmlout_resume(&xml, out, body_open, 2);
	xmlout_open(&xml, "outline");
	xmlout_attr(&xml, "type", SLICE("rss"));
	xmlout_attr(&xml, "text", title);
	xmlout_attr(&xml, "title", title);
	if (listing->description.len)
		xmlout_attr(&xml, "description", listing->description);
	xmlout_attr(&xml, "xmlUrl", url);
	xmlout_attr(&xml, "htmlUrl", listing->home_url);
	xmlout_close(&xml);
}

void listing_opml_tail(struct buf *out)
{
	struct xmlout xml;

	xmlout_resume(&xml, out, body_open, 2);
	xmlout_close(&xml);
	xmlout_close(&xml);
}

const struct format format_opml = {
    .name = "opml",
    .title = "OPML",
    .media_type = "text/x-opml",
    .file = "feeds.opml",
    .for_people = true,
    .check = &format_check_xml,
};
