/*
 * What [pages] makes of the feeds: where the page of each is. It has no setting of its
 * own there, so that all are beside one another and the index can name them.
 */
#include <string.h>

#include "config/reader.h"
#include "config/settings.h"
#include "feeds/base/buf.h"
#include "feeds/feedpath.h"

/* "feeds/main.html"; for feeds by tag, "feeds/tag/:tag.html". */
static const char *page_path(struct config *config, const struct config_feed *feed)
{
	struct buf path = BUF_INIT;
	const char *copy;

	buf_printf(&path, "%s/", config->pages.dir);
	feed_path(SLICE(":name"), "name", slice_of(feed->name), &path);
	if (feed->by != QUERY_BY_NOTHING)
		buf_printf(&path, "/:%s", query_by_name(feed->by));
	buf_puts(&path, ".html");
	copy = arena_string(&config->arena, buf_slice(&path));
	buf_free(&path);
	return copy;
}

/* The feed that writes a file, its number in *out_format; NULL: none does. */
static const struct config_feed *find_writer(const struct config *config, const char *path,
    const struct config_feed *end, size_t formats_len)
{
	for (const struct config_feed *feed = config->feeds; feed < end; feed++)
		for (size_t i = 0; i < formats_len; i++)
			if (feed->paths[i] && strcmp(feed->paths[i], path) == 0)
				return feed;
	return NULL;
}

static void check_page(
    struct config_reader *reader, const struct config_feed *feed, const struct value *pages)
{
	const struct config *config = reader->config;
	const char *path = feed->paths[FORMAT_PAGE];
	const struct config_feed *end = config->feeds + config->feeds_len;

	if (find_writer(config, path, feed, FORMAT_COUNT) ||
	    find_writer(config, path, end, FORMAT_FEEDS))
		config_complain(reader, pages,
		    "the page of the feed '%s' goes to %s, and so does another feed or its page; "
		    "give it another name",
		    config_shown(reader, slice_of(feed->name)),
		    config_shown(reader, slice_of(path)));
}

/* A file of the whole site is nobody else's. */
static void check_alone(struct config_reader *reader, const char *path, const struct value *pages)
{
	const struct config *config = reader->config;

	if (find_writer(config, path, config->feeds + config->feeds_len, FORMAT_COUNT))
		config_complain(reader, pages,
		    "a feed or its page goes to %s, which [pages] writes for all feeds; give the "
		    "feed "
		    "another path or name",
		    config_shown(reader, slice_of(path)));
}

/* Is it this path, or one below it? */
static bool is_within(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* What is a file is no folder for pages. */
static void check_folder(struct config_reader *reader, const struct value *pages)
{
	const struct config *config = reader->config;
	const char *dir = config->pages.dir, *file = config->pages.opml;

	if (file && !is_within(dir, file))
		file = NULL;
	for (size_t i = 0; i < config->feeds_len * FORMAT_FEEDS && !file; i++) {
		const char *path = config->feeds[i / FORMAT_FEEDS].paths[i % FORMAT_FEEDS];

		if (path && is_within(dir, path))
			file = path;
	}
	if (file)
		config_complain(reader, value_get(pages, "dir"),
		    "dir needs the folder %s, where %s is to be a file; give one of them another "
		    "path",
		    config_shown(reader, slice_of(dir)), config_shown(reader, slice_of(file)));
}

static void place_pages(struct config_reader *reader, const struct value *pages)
{
	struct config *config = reader->config;
	struct arena *arena = &config->arena;
	const char *dir = config->pages.dir;

	config->pages.index = arena_printf(arena, "%s/%s", dir, format_index.file).ptr;
	config->pages.stylesheet = arena_printf(arena, "%s/%s", dir, format_stylesheet.file).ptr;
	for (size_t i = 0; i < config->feeds_len; i++)
		config->feeds[i].paths[FORMAT_PAGE] = page_path(config, &config->feeds[i]);
	for (size_t i = 0; i < config->feeds_len; i++)
		check_page(reader, &config->feeds[i], pages);
	check_folder(reader, pages);
	check_alone(reader, config->pages.index, pages);
	check_alone(reader, config->pages.stylesheet, pages);
}

void config_read_pages(struct config_reader *reader, const struct value *root)
{
	struct config *config = reader->config;
	const struct value *pages = value_get(root, sections[SECTION_PAGES].name);

	if (reader->complaints)
		return; /* feeds may lack what is needed here */
	if (config->pages.dir)
		place_pages(reader, pages);
	if (config->pages.style_feeds && !config->pages.dir)
		config_complain(reader, value_get(pages, "style_feeds"),
		    "style_feeds needs a folder for the stylesheet; add a line such as dir = "
		    "\"feeds\"");
	if (!config->pages.opml)
		return;
	check_alone(reader, config->pages.opml, pages);
	if (config->pages.dir && (strcmp(config->pages.opml, config->pages.index) == 0 ||
				     strcmp(config->pages.opml, config->pages.stylesheet) == 0))
		config_complain(reader, value_get(pages, "opml"),
		    "opml goes to %s, which is another page; give it a path of its own",
		    config_shown(reader, slice_of(config->pages.opml)));
}
