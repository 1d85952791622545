/*
 * JSON Feed 1.1.
 *
 * `author`, which 1.1 replaced by `authors`, is written beside it: readers of
 * version 1 know no other.
 */
#include "feeds/base/date.h"
#include "feeds/base/jsonout.h"
#include "feeds/format/format.h"
#include "feeds/format/parts.h"

static void put_if(struct jsonout *json, const char *key, struct slice text)
{
	if (text.len)
		jsonout_string(json, key, text);
}

static void put_person(struct jsonout *json, const char *key, const struct person *person)
{
	jsonout_object(json, key);
	jsonout_string(json, "name", person->name);
	put_if(json, "url", person->url);
	jsonout_close(json);
}

static void put_authors(struct jsonout *json, const struct person *authors, size_t len)
{
	if (len == 0)
		return;
	jsonout_array(json, "authors");
	for (size_t i = 0; i < len; i++)
		put_person(json, NULL, &authors[i]);
	jsonout_close(json);
	put_person(json, "author", &authors[0]);
}

static void put_hubs(struct jsonout *json, const struct channel *channel)
{
	if (channel->hubs_len == 0)
		return;
	jsonout_array(json, "hubs");
	for (size_t i = 0; i < channel->hubs_len; i++) {
		jsonout_object(json, NULL);
		jsonout_string(json, "type", SLICE("WebSub"));
		jsonout_string(json, "url", channel->hubs[i]);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void json_head(const struct channel *channel, struct buf *out)
{
	struct jsonout json;

	jsonout_start(&json, out);
	jsonout_object(&json, NULL);
	jsonout_string(&json, "version", SLICE("https://jsonfeed.org/version/1.1"));
	jsonout_string(&json, "title", channel->title);
	put_if(&json, "home_page_url", channel->home_url);
	put_if(&json, "feed_url", channel->self_url);
	put_if(&json, "description", channel->description);
	put_if(&json, "language", channel->language);
	put_authors(&json, channel->authors, channel->authors_len);
	put_hubs(&json, channel);
	jsonout_array(&json, "items");
}

/* content_html or content_text is a must; without content the best text there is. */
static void put_body(struct jsonout *json, const struct entry *entry)
{
	if (entry->content.len) {
		if (entry->content_json.len)
			jsonout_escaped(json, "content_html", entry->content_json);
		else
			jsonout_string(json, "content_html", entry->content);
		put_if(json, "summary", entry->summary);
	} else {
		jsonout_string(
		    json, "content_text", entry->summary.len ? entry->summary : entry->title);
	}
}

static void put_dates(struct jsonout *json, const struct entry *entry)
{
	char date[DATE_RFC3339_SIZE];

	jsonout_string(json, "date_published", slice_of(date_rfc3339(entry->published, date)));
	if (entry->updated != entry->published)
		jsonout_string(json, "date_modified", slice_of(date_rfc3339(entry->updated, date)));
}

static void put_tags(struct jsonout *json, const struct entry *entry)
{
	if (entry->categories_len == 0)
		return;
	jsonout_array(json, "tags");
	for (size_t i = 0; i < entry->categories_len; i++)
		jsonout_string(json, NULL, entry->categories[i]);
	jsonout_close(json);
}

static void put_attachment(struct jsonout *json, const struct enclosure *enclosure)
{
	if (enclosure->url.len == 0)
		return;
	jsonout_array(json, "attachments");
	jsonout_object(json, NULL);
	jsonout_string(json, "url", enclosure->url);
	jsonout_string(json, "mime_type", part_enclosure_type(enclosure));
	if (enclosure->length >= 0)
		jsonout_int(json, "size_in_bytes", enclosure->length);
	jsonout_close(json);
	jsonout_close(json);
}

static void json_entry(
    const struct channel *channel, const struct entry *entry, bool first, struct buf *out)
{
	struct jsonout json;

	jsonout_resume(&json, out, "}]", first);
	jsonout_object(&json, NULL);
	jsonout_string(&json, "id", entry->id);
	put_if(&json, "url", entry->url);
	put_if(&json, "external_url", entry->external_url);
	put_if(&json, "title", entry->title);
	put_dates(&json, entry);
	put_authors(&json, entry->authors, entry->authors_len);
	put_tags(&json, entry);
	if (part_own_language(channel, entry))
		jsonout_string(&json, "language", entry->language);
	put_if(&json, "image", entry->image_url);
	put_body(&json, entry);
	put_attachment(&json, &entry->enclosure);
	jsonout_close(&json);
}

static void json_tail(const struct channel *channel, bool empty, struct buf *out)
{
	struct jsonout json;

	(void)channel;
	jsonout_resume(&json, out, "}]", empty);
	jsonout_close(&json);
	jsonout_close(&json);
}

const struct format format_json = {
    .name = "json",
    .title = "JSON Feed",
    .media_type = "application/feed+json",
    .file = "feed.json",
    .head = json_head,
    .entry = json_entry,
    .tail = json_tail,
    .check = &format_check_json,
};
