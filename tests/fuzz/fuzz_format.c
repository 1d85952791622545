/*
 * format: a channel and entries made of any bytes give documents that libxml2
 * and jansson read, that our own checks let pass, and that are the same twice.
 * Input: fields, each ended by a line end; then what is left is the content.
 */
#include <jansson.h>
#include <libxml/parser.h>
#include <stdint.h>
#include <stdlib.h>

#include "feeds/format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render(const struct format *format, const struct channel *channel,
    const struct entry *entry, size_t entries, struct buf *out)
{
	void *check = format->check->start();
	struct err err;
	size_t at;

	format->head(channel, out);
	if (format->check->put(check, buf_slice(out), &err) < 0)
		abort();
	for (size_t i = 0; i < entries; i++) {
		at = out->len;
		format->entry(channel, entry, i == 0, out);
		if (format->check->put(check, slice_from(buf_slice(out), at), &err) < 0)
			abort();
	}
	at = out->len;
	format->tail(channel, entries == 0, out);
	if (format->check->put(check, slice_from(buf_slice(out), at), &err) < 0 ||
	    format->check->finish(check, &err) < 0)
		abort();
	format->check->free(check);
}

static void read_back(const struct format *format, struct slice document)
{
	if (format == &format_json) {
		json_t *json = json_loadb(document.ptr, document.len, JSON_REJECT_DUPLICATES, NULL);

		if (!json)
			abort();
		json_decref(json);
	} else {
		xmlDocPtr doc = xmlReadMemory(document.ptr, (int)document.len, NULL, NULL,
		    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

		if (!doc)
			abort();
		xmlFreeDoc(doc);
	}
}

static struct slice field(struct slice *rest)
{
	struct slice line = SLICE_NONE;

	(void)slice_line(rest, &line);
	return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_make((const char *)data, size), text = field(&rest);
	struct person person = {text, field(&rest), field(&rest)};
	struct feed_document document = {formats[0]->title, formats[0]->media_type, person.url};
	struct channel channel = {.title = text,
	    .description = field(&rest),
	    .home_url = text,
	    .self_url = text,
	    .language = person.url,
	    .authors = &person,
	    .authors_len = size & 1,
	    .hubs = &text,
	    .hubs_len = size >> 1 & 1,
	    .cloud = {size >> 4 & 1 ? person.name : SLICE_NONE, (unsigned)size, person.url},
	    .updated = (int64_t)size << 40,
	    .ttl = (unsigned)size,
	    .generator = text,
	    .generator_url = text,
	    .stylesheet = size >> 5 & 1 ? person.url : SLICE_NONE,
	    .documents = &document,
	    .documents_len = size >> 6 & 1,
	    .index_href = person.name};
	struct entry entry = {.id = text,
	    .url = field(&rest),
	    .external_url = person.url,
	    .title = field(&rest),
	    .summary = field(&rest),
	    .published = (int64_t)size,
	    .updated = (int64_t)size + text.len,
	    .authors = &person,
	    .authors_len = size >> 2 & 1,
	    .categories = &text,
	    .categories_len = size >> 3 & 1,
	    .language = person.email,
	    .image_url = field(&rest),
	    .enclosure = {field(&rest), field(&rest), (int64_t)size - 10}};

	entry.content = rest;
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		struct buf once = BUF_INIT, twice = BUF_INIT;

		render(formats[i], &channel, &entry, size % 3, &once);
		render(formats[i], &channel, &entry, size % 3, &twice);
		if (!slice_equal(buf_slice(&once), buf_slice(&twice)))
			abort();
		read_back(formats[i], buf_slice(&once));
		buf_free(&once);
		buf_free(&twice);
	}
	return 0;
}
