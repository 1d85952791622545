#include "daemon/document.h"

#include <stdlib.h>

#include "feeds/base/mem.h"
#include "feeds/feedpath.h"
#include "feeds/ping/rsscloud.h"

static struct slice taken(struct arena *arena, struct buf *buf)
{
	struct slice copy = arena_copy(arena, buf_slice(buf));

	buf_free(buf);
	return copy;
}

struct slice document_path(
    struct arena *arena, const struct config_feed *feed, struct slice value, size_t format)
{
	struct buf path = BUF_INIT;

	if (feed->by == QUERY_BY_NOTHING)
		buf_puts(&path, feed->paths[format]);
	else
		feed_path(slice_of(feed->paths[format]), query_by_name(feed->by), value, &path);
	return taken(arena, &path);
}

struct slice document_topic(struct arena *arena, const struct config *config, struct slice path)
{
	struct buf url = BUF_INIT;

	feed_url(slice_of(config->site.url), path, &url);
	return taken(arena, &url);
}

struct slice document_title(struct arena *arena, const struct config *config,
    const struct config_feed *feed, struct slice value)
{
	const char *title = feed->title ? feed->title : config->site.title;

	return feed->by == QUERY_BY_NOTHING
		   ? slice_of(title)
		   : arena_printf(arena, "%s: %.*s", title, SLICE_FMT(value));
}

const struct feed_document *document_feeds(struct arena *arena, const struct config *config,
    const struct config_feed *feed, struct slice value, size_t *out_len)
{
	struct feed_document *documents = arena_array(arena, struct feed_document, FORMAT_FEEDS);

	*out_len = 0;
	for (size_t i = 0; i < FORMAT_FEEDS; i++)
		if (feed->paths[i])
			documents[(*out_len)++] = (struct feed_document){formats[i]->title,
			    formats[i]->media_type,
			    document_topic(arena, config, document_path(arena, feed, value, i))};
	return documents;
}

/* The newest change of the entries: the same content has the same date for ever. */
static int64_t channel_updated(const struct document_source *source)
{
	int64_t updated = 0;

	for (size_t i = 0; i < source->len; i++)
		if (query_group_at(source->query, i)->updated > updated)
			updated = query_group_at(source->query, i)->updated;
	return updated;
}

/* RSS has room for one. */
static struct cloud channel_cloud(struct arena *arena, const struct document_source *source)
{
	const struct config *config = source->site->config;
	struct cloud cloud = {.port = 0};

	for (size_t i = 0; i < config->pings_len && cloud.domain.len == 0; i++)
		if (config->pings[i].protocol == &ping_rsscloud &&
		    config_ping_wants(&config->pings[i], slice_of(source->feed->name)))
			rsscloud_cloud(slice_of(config->pings[i].url), arena, &cloud);
	return cloud;
}

static struct slice href(struct arena *arena, struct slice from, const char *to)
{
	struct buf out = BUF_INIT;

	feed_href(from, slice_of(to), &out);
	return taken(arena, &out);
}

/* What only pages have, or documents that a browser is to show well. */
static void add_pages(struct document *document, struct slice path)
{
	const struct document_source *source = document->source;
	const struct config *config = source->site->config;
	struct channel *channel = &document->channel;

	if (document->format->for_people || config->pages.style_feeds)
		channel->stylesheet = href(&document->arena, path, config->pages.stylesheet);
	if (!document->format->for_people)
		return;
	channel->index_href = href(&document->arena, path, config->pages.index);
	channel->documents = document_feeds(
	    &document->arena, config, source->feed, source->query->value, &channel->documents_len);
	channel->zone = source->site->zone;
}

struct document *document_new(const struct document_source *source, size_t format)
{
	const struct config *config = source->site->config;
	struct document *document = mem_zalloc(1, sizeof(*document));
	struct arena *arena = &document->arena;
	struct slice path = document_path(arena, source->feed, source->query->value, format);

	document->source = source;
	document->format = formats[format];
	document->number = format;
	document->path = path.ptr;
	document->channel = (struct channel){
	    .title = document_title(arena, config, source->feed, source->query->value),
	    .description = slice_of(config->site.description),
	    .home_url = slice_of(config->site.url),
	    .self_url = document_topic(arena, config, path),
	    .language = source->feed->by == QUERY_BY_LANG ? source->query->value
							  : slice_of(config->site.language),
	    .authors = config->site.authors,
	    .authors_len = config->site.authors_len,
	    .updated = channel_updated(source),
	    .ttl = (unsigned)source->feed->ttl,
	    .generator = SLICE("feedd"),
	};
	document->channel.hubs =
	    config_hubs(config, slice_of(source->feed->name), arena, &document->channel.hubs_len);
	document->channel.cloud = channel_cloud(arena, source);
	if (config->pages.dir)
		add_pages(document, path);
	return document;
}

struct publish_target document_target(const struct document *document)
{
	const struct document_source *source = document->source;

	return (struct publish_target){
	    .root = source->site->output,
	    .path = document->path,
	    .format = document->format,
	    .mtime = source->now,
	    .gzip = source->site->config->output.gzip,
	    .brotli = source->site->config->output.brotli,
	    .dry = source->dry,
	};
}

static int put_head(struct document *document)
{
	const struct publish_target target = document_target(document);
	struct buf head = BUF_INIT;
	int rc;

	document->publish = publish_start(&target);
	document->format->head(&document->channel, &head);
	rc = publish_put(document->publish, buf_slice(&head), &document->err);
	buf_free(&head);
	return rc;
}

static int put_entry(struct document *document, const struct entry *full, struct buf *piece)
{
	enum config_body body = document->source->feed->content;
	struct entry entry = *full;

	if (body != BODY_FULL)
		entry.content = entry.content_xml = entry.content_json = SLICE_NONE;
	if (body == BODY_NONE)
		entry.summary = SLICE_NONE;
	buf_clear(piece);
	document->format->entry(&document->channel, &entry, document->entries++ == 0, piece);
	return publish_put(document->publish, buf_slice(piece), &document->err);
}

static int put_entries(struct document *document, const struct entry *const *entries, size_t len)
{
	struct buf piece = BUF_INIT;
	int rc = 0;

	for (size_t i = 0; i < len && rc == 0; i++)
		rc = put_entry(document, entries[i], &piece);
	buf_free(&piece);
	return rc;
}

static int put_tail(struct document *document)
{
	struct buf tail = BUF_INIT;
	int rc;

	document->format->tail(&document->channel, document->source->len == 0, &tail);
	rc = publish_put(document->publish, buf_slice(&tail), &document->err);
	buf_free(&tail);
	if (rc == 0)
		rc = publish_finish(document->publish, &document->result, &document->err);
	return rc;
}

void document_append(
    struct document *document, const struct entry *const *entries, size_t len, bool last)
{
	int rc = document->publish ? 0 : put_head(document);

	if (rc == 0)
		rc = put_entries(document, entries, len);
	if (rc == 0 && last)
		rc = put_tail(document);
	document->failed = rc < 0;
	if (document->failed || last) {
		publish_free(document->publish);
		document->publish = NULL;
	}
}

void document_free(struct document *document)
{
	if (!document)
		return;
	publish_free(document->publish);
	arena_free(&document->arena);
	free(document);
}
