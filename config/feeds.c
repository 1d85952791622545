/* What [[feed]] says, and what only holds for all of them together. */
#include <string.h>

#include "config/reader.h"
#include "config/settings.h"
#include "feeds/base/buf.h"
#include "feeds/feedpath.h"

static struct config_feed *find_feed(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->feeds_len; i++)
		if (config->feeds[i].name && strcmp(config->feeds[i].name, name) == 0)
			return &config->feeds[i];
	return NULL;
}

/* Every path has the token of `by`, and no other. */
static void check_tokens(
    struct config_reader *reader, const struct config_feed *feed, const struct value *block)
{
	const char *by = query_by_name(feed->by);

	if (!*by && value_get(block, "by"))
		return; /* complained about */
	for (size_t i = 0; i < FORMAT_FEEDS; i++) {
		const struct value *value = value_get(block, formats[i]->name);
		struct slice path = slice_of(feed->paths[i]);

		if (!feed->paths[i])
			continue;
		if (*by && !feed_path_has(path, by))
			config_complain(reader, value,
			    "%s needs the token :%s, for the feeds by %s would all be one file",
			    formats[i]->name, by, by);
		for (const char *const *token = settings_by; *token; token++)
			if (strcmp(*token, by) != 0 && feed_path_has(path, *token))
				config_complain(reader, value,
				    "%s has the token :%s, and the feed is not by %s; add by = "
				    "\"%s\", or take the token out",
				    formats[i]->name, *token, *token, *token);
	}
}

static void check_has_path(
    struct config_reader *reader, const struct config_feed *feed, const struct value *block)
{
	struct buf examples = BUF_INIT;
	bool any = false;

	for (size_t i = 0; i < FORMAT_FEEDS; i++) {
		/* A path that was complained about counts too. */
		any = any || feed->paths[i] || value_get(block, formats[i]->name);
		buf_printf(&examples, "%s%s = \"%s\"", i ? " or " : "", formats[i]->name,
		    formats[i]->file);
	}
	if (!any)
		config_complain(reader, block,
		    "this feed has no path; say where it goes in at least one format: %s",
		    buf_string(&examples));
	buf_free(&examples);
}

/* Feed number `index` writes no file that it, or one before it, writes already. */
static void check_same_path(
    struct config_reader *reader, size_t index, size_t format, const struct value *block)
{
	const struct config *config = reader->config;
	const char *path = config->feeds[index].paths[format];

	for (size_t i = 0; path && i <= index; i++) {
		for (size_t j = 0; j < (i < index ? (size_t)FORMAT_FEEDS : format); j++) {
			const char *other = config->feeds[i].paths[j];

			if (!other || strcmp(path, other) != 0)
				continue;
			config_complain(reader, value_get(block, formats[format]->name),
			    "%s goes to \"%s\", and so does %s of the feed in line %u; give each a "
			    "path of its own",
			    formats[format]->name, config_shown(reader, slice_of(path)),
			    formats[j]->name, config->feeds[i].line);
			return;
		}
	}
}

/* A name that says what the feed is, and that no other feed has. */
static const char *make_name(struct config *config, size_t index)
{
	const struct config_feed *feed = &config->feeds[index];
	const char *name = query_by_name(feed->by);

	if (*name && !find_feed(config, name))
		return name;
	for (size_t number = index + 1;; number++) {
		name = arena_printf(&config->arena, "feed-%zu", number).ptr;
		if (!find_feed(config, name))
			return name;
	}
}

static void name_feeds(struct config_reader *reader, const struct value *list)
{
	struct config *config = reader->config;
	size_t i = 0;

	for (const struct value *block = list->first; block; block = block->next, i++) {
		const char *name = config->feeds[i].name;
		const struct config_feed *first = name ? find_feed(config, name) : NULL;

		if (name && first != &config->feeds[i])
			config_complain(reader, value_get(block, "name"),
			    "the feed in line %u has the name \"%s\" already", first->line,
			    config_shown(reader, slice_of(name)));
	}
	for (i = 0; i < config->feeds_len; i++)
		if (!config->feeds[i].name)
			config->feeds[i].name = make_name(config, i);
}

/* Without any [[feed]]: one of everything. */
static void make_main_feed(struct config_reader *reader, const struct value *root)
{
	struct config *config = reader->config;

	config->feeds = arena_new(&config->arena, struct config_feed);
	config->feeds_len = 1;
	config_read_section(reader, SECTION_FEED, NULL, root, config->feeds);
	config->feeds->name = "main";
	for (size_t i = 0; i < FORMAT_FEEDS; i++)
		config->feeds->paths[i] = formats[i]->file;
}

void config_read_feeds(struct config_reader *reader, const struct value *root)
{
	struct config *config = reader->config;
	const struct value *list = config_find_blocks(reader, root, SECTION_FEED);

	if (!list) {
		make_main_feed(reader, root);
		return;
	}
	config->feeds = arena_array(&config->arena, struct config_feed, list->count);
	for (const struct value *block = list->first; block; block = block->next) {
		size_t index = config->feeds_len++;
		struct config_feed *feed = &config->feeds[index];

		feed->line = block->line;
		feed->column = block->column;
		config_read_section(reader, SECTION_FEED, block, block, feed);
		check_has_path(reader, feed, block);
		check_tokens(reader, feed, block);
		for (size_t i = 0; i < FORMAT_FEEDS; i++)
			check_same_path(reader, index, i, block);
	}
	name_feeds(reader, list);
}
