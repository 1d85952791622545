#include "daemon/pages.h"

#include <stdlib.h>
#include <unistd.h>

#include "daemon/document.h"
#include "daemon/fsio.h"
#include "daemon/recipe.h"
#include "feeds/base/hash.h"
#include "feeds/feedpath.h"
#include "feeds/format/html.h"
#include "feeds/format/listing.h"
#include "feeds/format/stylesheet.h"

enum {
	MARK_WITHIN = 1024,	  /* bytes of a page in which HTML_GENERATOR stands */
	STYLESHEET_MAX = 1048576, /* a larger one is somebody's own */
	LENGTHS = 1024		  /* numbers of entries that are told apart in choosing values */
};

const char pages_name[] = "pages";

static void paths_of(const struct config *config, const char *out[PAGES_COUNT])
{
	out[0] = config->pages.index;
	out[1] = config->pages.opml;
	out[2] = config->pages.stylesheet;
}

static struct publish_target target_of(
    const struct library *library, const struct pages_document *document, int64_t now)
{
	const struct config *config = library->site->config;

	return (struct publish_target){
	    .root = library->site->output,
	    .path = document->path,
	    .format = formats[document->format],
	    .mtime = now,
	    .gzip = config->output.gzip,
	    .brotli = config->output.brotli,
	    .dry = library->dry,
	};
}

void pages_claim(struct library *library)
{
	const struct config *config = library->site->config;
	const char *paths[PAGES_COUNT];

	paths_of(config, paths);
	for (size_t i = 0; i < PAGES_COUNT; i++)
		if (paths[i])
			(void)library_claim(library, slice_of(paths[i]), config->feeds_len);
}

/* ---- what is listed ---- */

/* Feeds of a value are listed while they have entries. */
static bool is_listed(const struct config_feed *feed, const struct query_group *group)
{
	return feed->by == QUERY_BY_NOTHING || query_group_window(group) > 0;
}

static uint64_t with_entries(uint64_t name, size_t entries)
{
	return name ? hash_of(slice_make((const char *)&entries, sizeof(entries)), name) : 0;
}

void pages_note(struct library *library, size_t feed, struct query_group *group)
{
	const struct config *config = library->site->config;
	bool listed;
	uint64_t name;
	size_t entries;

	if (!config->pages.dir && !config->pages.opml)
		return;
	listed = is_listed(&config->feeds[feed], group);
	name = listed ? hash_of(group->value, feed) : 0;
	entries = listed ? query_group_window(group) : 0;
	library->listed_names += name - group->listed_name;
	library->listed +=
	    with_entries(name, entries) - with_entries(group->listed_name, group->listed_entries);
	group->listed_name = name;
	group->listed_entries = entries;
}

/* ---- planning ---- */

static void put_text(struct digest_stream *stream, const char *text)
{
	digest_put(stream, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* All that a listing says of the settings. */
static void put_settings(struct digest_stream *stream, const struct config *config)
{
	const char *const site[] = {config->site.title, config->site.url, config->site.description,
	    config->site.language, config->pages.index, config->pages.opml,
	    config->pages.stylesheet};

	for (size_t i = 0; i < sizeof(site) / sizeof(*site); i++)
		put_text(stream, site[i]);
	if (config->site.authors_len)
		digest_put(stream, config->site.authors->name.ptr, config->site.authors->name.len);
	for (size_t i = 0; i < config->feeds_len; i++) {
		const struct config_feed *feed = &config->feeds[i];

		put_text(stream, feed->title);
		digest_put(stream, &feed->by, sizeof(feed->by));
		for (size_t j = 0; j < FORMAT_COUNT; j++)
			put_text(stream, feed->paths[j]);
	}
}

static struct digest site_recipe(const struct library *library, const struct format *format)
{
	const struct config *config = library->site->config;
	struct digest_stream *stream = digest_new();
	struct slice style = stylesheet_bytes();
	struct digest digest;

	put_text(stream, FEEDD_VERSION);
	put_text(stream, format->name);
	digest_put(stream, &config->output.gzip, sizeof(config->output.gzip));
	digest_put(stream, &config->output.brotli, sizeof(config->output.brotli));
	if (format == &format_stylesheet) {
		digest_put(stream, style.ptr, style.len);
	} else {
		put_settings(stream, config);
		digest_put(stream,
		    format == &format_index ? &library->listed : &library->listed_names,
		    sizeof(library->listed));
	}
	digest = digest_finish(stream);
	digest_free(stream);
	return digest;
}

bool pages_is_foreign(const struct library *library, const char *path)
{
	char head[MARK_WITHIN];
	struct stat stat;
	struct err ignored;
	ssize_t len;
	int fd;

	if (library->site->output < 0 || library_document(library, slice_of(path)))
		return false;
	fd = fsio_open_file(library->site->output, path, &stat, &ignored);
	if (fd < 0)
		return fsio_is_taken(library->site->output, path);
	len = read(fd, head, sizeof(head));
	(void)close(fd); /* only read */
	return len < 0 || !memmem(head, (size_t)len, HTML_GENERATOR, sizeof(HTML_GENERATOR) - 1);
}

int pages_refuse(struct err *err)
{
	return err_set(err, ERR_INVALID,
	    "a page is there that feedd did not make, and stays; move it away, or give dir in "
	    "[pages] another folder");
}

/* Is there a stylesheet that is neither what feedd wrote nor what it would write? */
static bool is_changed(const struct library *library, const char *path)
{
	const struct library_document *published = library_document(library, slice_of(path));
	struct slice ours = stylesheet_bytes();
	struct buf there = BUF_INIT;
	struct digest digest;
	struct stat stat;
	struct err ignored;
	bool changed;
	int fd;

	if (library->site->output < 0)
		return false;
	fd = fsio_open_file(library->site->output, path, &stat, &ignored);
	if (fd < 0)
		return fsio_is_taken(library->site->output, path);
	changed = fsio_read(fd, &stat, STYLESHEET_MAX, &there, &ignored) < 0;
	(void)close(fd); /* only read */
	if (!changed && !slice_equal(buf_slice(&there), ours)) {
		digest = digest_of(there.data, there.len);
		changed = !published || !digest_equal(&digest, &published->digest);
	}
	buf_free(&there);
	return changed;
}

size_t pages_plan(struct library *library, int64_t now, struct pages *out)
{
	const char *paths[PAGES_COUNT];
	size_t standing = 0;

	paths_of(library->site->config, paths);
	*out = (struct pages){0};
	for (size_t i = 0; i < PAGES_COUNT; i++) {
		struct pages_document *document = &out->documents[i];
		struct publish_target target;

		if (!paths[i])
			continue;
		document->path = paths[i];
		document->format = FORMAT_COUNT + i;
		document->recipe = site_recipe(library, formats[document->format]);
		target = target_of(library, document, now);
		if (recipe_stands(library, &document->recipe, &target)) {
			standing++;
			continue;
		}
		if (formats[document->format] == &format_stylesheet)
			document->foreign = is_changed(library, paths[i]);
		else if (formats[document->format] == &format_index)
			document->foreign = pages_is_foreign(library, paths[i]);
		document->wanted =
		    !document->foreign || formats[document->format] != &format_stylesheet;
		if (!document->wanted)
			library_drop_document(library, slice_of(paths[i]));
	}
	return standing;
}

/* ---- rendering ---- */

static struct listing listing_of(const struct config *config)
{
	return (struct listing){
	    .title = slice_of(config->site.title),
	    .description = slice_of(config->site.description),
	    .home_url = slice_of(config->site.url),
	    .language = slice_of(config->site.language),
	    .owner = config->site.authors_len ? config->site.authors->name : SLICE_NONE,
	};
}

static size_t clipped(const struct query_group *group)
{
	size_t entries = query_group_window(group);

	return entries < LENGTHS ? entries : LENGTHS - 1;
}

/*
 * Those with the most entries: all with more than so many, and of those with just
 * so many the first *out_ties.
 */
static size_t least_listed(const struct query_result *result, size_t *out_ties)
{
	size_t counts[LENGTHS] = {0};
	size_t least = LENGTHS - 1, left = LISTING_VALUES;

	for (size_t i = 0; i < result->len; i++)
		counts[clipped(result->groups[i])]++;
	for (; least > 0 && counts[least] <= left; least--)
		left -= counts[least];
	*out_ties = least > 0 ? left : 0;
	return least;
}

static struct slice href_of(struct arena *arena, const struct config *config,
    const struct config_feed *feed, struct slice value)
{
	struct buf href = BUF_INIT;
	struct slice copy;

	feed_href(
	    slice_of(config->pages.index), document_path(arena, feed, value, FORMAT_PAGE), &href);
	copy = arena_copy(arena, buf_slice(&href));
	buf_free(&href);
	return copy;
}

static void take_values(
    const struct library *library, size_t feed, struct arena *arena, struct listing_feed *out)
{
	const struct config *config = library->site->config;
	const struct query_result *result = &library->results[feed];
	size_t ties, least = least_listed(result, &ties);
	struct listing_value *values = arena_array(arena, struct listing_value, LISTING_VALUES);

	for (size_t i = 0; i < result->len; i++) {
		const struct query_group *group = result->groups[i];
		size_t entries = clipped(group);

		out->values_all += entries > 0;
		if (entries < least || entries == 0 || (entries == least && ties == 0))
			continue;
		ties -= entries == least;
		values[out->values_len++] = (struct listing_value){group->value,
		    href_of(arena, config, &config->feeds[feed], group->value),
		    query_group_window(group)};
	}
	out->values = values;
}

static struct listing_feed listing_feed_of(
    const struct library *library, size_t number, struct arena *arena)
{
	static const enum word words[] = {
	    [QUERY_BY_NOTHING] = WORD_COUNT,
	    [QUERY_BY_TAG] = WORD_TAG,
	    [QUERY_BY_CATEGORY] = WORD_CATEGORY,
	    [QUERY_BY_SECTION] = WORD_SECTION,
	    [QUERY_BY_AUTHOR] = WORD_AUTHOR,
	    [QUERY_BY_LANG] = WORD_LANG,
	};
	const struct config *config = library->site->config;
	const struct config_feed *feed = &config->feeds[number];
	struct listing_feed listed = {
	    .title = slice_of(feed->title ? feed->title : config->site.title),
	    .by = words[feed->by],
	};

	if (feed->by != QUERY_BY_NOTHING) {
		take_values(library, number, arena, &listed);
		return listed;
	}
	listed.href = href_of(arena, config, feed, SLICE_NONE);
	listed.entries = query_group_window(library->results[number].groups[0]);
	listed.documents = document_feeds(arena, config, feed, SLICE_NONE, &listed.documents_len);
	return listed;
}

static int put_index(const struct library *library, struct publish *publish, struct err *err)
{
	const struct config *config = library->site->config;
	struct arena arena = ARENA_INIT;
	struct listing listing = listing_of(config);
	struct listing_feed *feeds = arena_array(&arena, struct listing_feed, config->feeds_len);
	struct buf style = BUF_INIT, page = BUF_INIT;
	int rc;

	for (size_t i = 0; i < config->feeds_len; i++)
		feeds[i] = listing_feed_of(library, i, &arena);
	listing.feeds = feeds;
	listing.feeds_len = config->feeds_len;
	feed_href(slice_of(config->pages.index), slice_of(config->pages.stylesheet), &style);
	listing.stylesheet = buf_slice(&style);
	if (config->pages.opml)
		listing.opml_url = document_topic(&arena, config, slice_of(config->pages.opml));
	listing_put_page(&listing, &page);
	rc = publish_put(publish, buf_slice(&page), err);
	buf_free(&style);
	buf_free(&page);
	arena_free(&arena);
	return rc;
}

/* The first format of a feed is the one that most readers know. */
static int put_outline(const struct library *library, const struct listing *listing, size_t number,
    const struct query_group *group, struct publish *publish, struct err *err)
{
	const struct config *config = library->site->config;
	const struct config_feed *feed = &config->feeds[number];
	struct arena arena = ARENA_INIT;
	struct buf outline = BUF_INIT;
	size_t len;
	const struct feed_document *documents =
	    document_feeds(&arena, config, feed, group->value, &len);
	int rc;

	listing_opml_feed(listing, document_title(&arena, config, feed, group->value),
	    documents[0].url, &outline);
	rc = publish_put(publish, buf_slice(&outline), err);
	buf_free(&outline);
	arena_free(&arena);
	return rc;
}

static int put_opml(const struct library *library, struct publish *publish, struct err *err)
{
	const struct config *config = library->site->config;
	struct listing listing = listing_of(config);
	struct buf end = BUF_INIT;
	int rc;

	listing_opml_head(&listing, &end);
	rc = publish_put(publish, buf_slice(&end), err);
	for (size_t i = 0; i < config->feeds_len; i++) {
		const struct query_result *result = &library->results[i];

		for (size_t j = 0; j < result->len && rc == 0; j++)
			if (is_listed(&config->feeds[i], result->groups[j]))
				rc = put_outline(
				    library, &listing, i, result->groups[j], publish, err);
	}
	buf_clear(&end);
	listing_opml_tail(&end);
	if (rc == 0)
		rc = publish_put(publish, buf_slice(&end), err);
	buf_free(&end);
	return rc;
}

static int put_stylesheet(const struct library *library, struct publish *publish, struct err *err)
{
	(void)library; /* it is the same for each */
	return publish_put(publish, stylesheet_bytes(), err);
}

void pages_render(const struct library *library, int64_t now, struct pages *pages)
{
	static int (*const puts[PAGES_COUNT])(const struct library *, struct publish *,
	    struct err *) = {put_index, put_opml, put_stylesheet};

	for (size_t i = 0; i < PAGES_COUNT; i++) {
		struct pages_document *document = &pages->documents[i];
		const struct publish_target target = target_of(library, document, now);
		struct publish *publish;
		int rc;

		if (!document->wanted)
			continue;
		if (document->foreign) {
			document->failed = pages_refuse(&document->err) < 0;
			continue;
		}
		publish = publish_start(&target);
		rc = puts[i](library, publish, &document->err);
		if (rc == 0)
			rc = publish_finish(publish, &document->result, &document->err);
		document->failed = rc < 0;
		publish_free(publish);
	}
}

void pages_keep(struct library *library, const struct pages_document *document, int64_t now)
{
	const struct library_document *before = library_document(library, slice_of(document->path));
	bool same = before && document->result.outcome == PUBLISH_UNCHANGED;
	const struct library_document published = {
	    .path = (char *)document->path, /* copied there, as the others */
	    .feed = (char *)pages_name,
	    .value = (char *)"",
	    .format = document->format,
	    .digest = document->result.digest,
	    .recipe = document->recipe,
	    .stamp = document->result.stamp,
	    .changed = same ? before->changed : now,
	};

	library_put_document(library, &published);
}
