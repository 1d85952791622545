/*
 * document: one feed in one format, on its way to its file.
 *
 *	document_new ─► document_append … (the last one says so) ─► document_free
 *
 * The channel is made of settings and of the query alone. document_append runs
 * on a worker, one call at a time; the rest runs on the loop.
 */
#ifndef DAEMON_DOCUMENT_H
#define DAEMON_DOCUMENT_H

#include "daemon/publish.h"
#include "daemon/site.h"
#include "feeds/query.h"

struct document_source { /* what all formats of a feed share; borrowed */
	const struct site *site;
	const struct config_feed *feed;
	const struct query_group *query;
	size_t len; /* of the query's articles, how many stand in the feed */
	int64_t now;
	bool dry; /* write nothing */
};

struct document {
	const struct document_source *source;
	const struct format *format;
	size_t number; /* of the format in formats[] */
	struct arena arena;
	const char *path; /* within output.dir */
	struct channel channel;
	struct publish *publish;
	size_t entries;		      /* appended */
	bool failed;		      /* *err says why; nothing more is appended */
	struct digest recipe;	      /* see recipe.h */
	struct publish_result result; /* after the last append */
	struct err err;
};

/* `format` is an index of formats[]. */
struct document *document_new(const struct document_source *source, size_t format);
/* Where it goes and how, for publish_start and publish_stands. */
struct publish_target document_target(const struct document *document);
/*
 * Print and append entries. The first call writes the head before them, the `last` one the
 * tail behind them, and publishes. Failure is kept in the document.
 */
void document_append(
    struct document *document, const struct entry *const *entries, size_t len, bool last);
/* The URL of the file at `path` within output.dir, which is the topic of its feed. */
struct slice document_topic(struct arena *arena, const struct config *config, struct slice path);
/* Where the feed of a value goes in a format; `value`: of its `by`. In the arena. */
struct slice document_path(
    struct arena *arena, const struct config_feed *feed, struct slice value, size_t format);
/* What there is of it to subscribe to; *out_len says how many. In the arena. */
const struct feed_document *document_feeds(struct arena *arena, const struct config *config,
    const struct config_feed *feed, struct slice value, size_t *out_len);
/* What a feed is called; `value`: of its `by`. In the arena, or borrowed from the settings. */
struct slice document_title(struct arena *arena, const struct config *config,
    const struct config_feed *feed, struct slice value);
void document_free(struct document *document);

#endif
