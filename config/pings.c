/* What [[ping]] says, and what only holds for all of it together. */

#include <string.h>

#include "config/nearest.h"
#include "config/reader.h"
#include "config/settings.h"
#include "feeds/base/map.h"
#include "feeds/base/uri.h"

bool config_ping_wants(const struct config_ping *ping, struct slice feed)
{
	for (size_t i = 0; i < ping->feeds.len; i++)
		if (slice_equal_str(feed, ping->feeds.items[i]))
			return true;
	return ping->feeds.len == 0;
}

const struct slice *config_hubs(
    const struct config *config, struct slice feed, struct arena *arena, size_t *out_len)
{
	struct slice *hubs = arena_array(arena, struct slice, config->pings_len + 1);
	size_t len = 0;

	for (size_t i = 0; i < config->pings_len; i++)
		if (config->pings[i].protocol == &ping_websub &&
		    config_ping_wants(&config->pings[i], feed))
			hubs[len++] = slice_of(config->pings[i].url);
	*out_len = len;
	return hubs;
}

/* Every name is that of a feed. `names` may be NULL, and may have been complained about. */
static void check_feeds(
    struct config_reader *reader, const struct map *feeds, const struct value *names)
{
	const struct config *config = reader->config;

	for (const struct value *name = names ? names->first : NULL; name; name = name->next) {
		struct nearest nearest = nearest_start(name->text);

		if (name->type != VALUE_STRING || map_get(feeds, name->text) != MAP_NONE)
			continue;
		for (size_t i = 0; i < config->feeds_len && !config_enough(reader); i++)
			nearest_try(&nearest, config->feeds[i].name);
		config_complain(reader, name, "there is no feed \"%s\"%s",
		    config_shown(reader, name->text),
		    config_hint(reader,
			nearest.best ? config_shown(reader, slice_of(nearest.best)) : NULL));
	}
}

/* ---- one block ---- */

static void check_url(
    struct config_reader *reader, const struct config_ping *ping, const struct value *block)
{
	const struct ping *protocol = ping->protocol;
	const struct value *url = value_get(block, "url");

	if (url && protocol->no_url)
		config_complain_key(reader, url,
		    "\"%s\" finds out itself where to send; leave url out", protocol->name);
	if (!url && !protocol->url && !protocol->no_url)
		config_complain(reader, block,
		    "url is missing in [[ping]]; add a line such as url = "
		    "\"https://hub.example.com/\"");
}

static void check_secret(
    struct config_reader *reader, const struct config_ping *ping, const struct value *block)
{
	const struct value *file = value_get(block, "secret_file");
	const struct value *credential = value_get(block, "secret_credential");
	const struct value *said = file ? file : credential;
	const struct ping *protocol = ping->protocol;

	if (said && !protocol->secret)
		config_complain_key(reader, said, "\"%s\" has no secrets; leave %s out",
		    protocol->name, file ? "secret_file" : "secret_credential");
	else if (file && credential)
		config_complain_key(reader, credential,
		    "the secret is in secret_file already; leave one of the two out");
	else if (!said && protocol->secret_needed)
		config_complain(reader, block,
		    "\"%s\" needs a secret; add a line such as secret_file = \"%s.secret\", or "
		    "secret_credential = \"%s\"",
		    protocol->name, protocol->name, protocol->name);
}

static void check_key(
    struct config_reader *reader, const struct config_ping *ping, const struct value *block)
{
	const struct value *key = value_get(block, "key");

	if (key && !ping->protocol->key)
		config_complain_key(
		    reader, key, "\"%s\" has no key; leave key out", ping->protocol->name);
}

/* Is there anything that it would ever be told of? */
static void check_topics(
    struct config_reader *reader, const struct config_ping *ping, const struct value *block)
{
	const struct config *config = reader->config;
	bool any = ping->protocol->topics != PING_RSS_TOPICS;

	for (size_t i = 0; i < config->feeds_len && !any; i++)
		for (size_t j = 0; j < FORMAT_COUNT; j++)
			any = any || (formats[j] == &format_rss && config->feeds[i].paths[j] &&
					 config_ping_wants(ping, slice_of(config->feeds[i].name)));
	if (!any)
		config_complain(reader, block,
		    "\"%s\" is told of RSS alone, and no feed of it has one; add a line such as "
		    "rss = \"rss.xml\" to a [[feed]]",
		    ping->protocol->name);
}

/* What the protocol says where the settings do not. */
static void fill_in(struct config_ping *ping, const struct value *block)
{
	if (!value_get(block, "url"))
		ping->url = ping->protocol->url;
	if (!value_get(block, "min_interval"))
		ping->min_interval = ping->protocol->min_interval;
}

/* ---- all blocks ---- */

/* Nobody is told twice of the same. */
static void check_same(
    struct config_reader *reader, struct map *targets, size_t index, const struct value *block)
{
	struct config *config = reader->config;
	const struct config_ping *ping = &config->pings[index];
	size_t *first;

	if (!ping->url && !ping->protocol->no_url)
		return; /* complained about */
	first = map_put(targets, arena_printf(&config->arena, "%s %s", ping->protocol->name,
				     ping->url ? ping->url : ""));
	if (*first == MAP_NONE)
		*first = index;
	else
		config_complain(reader, block,
		    "the [[ping]] in line %u tells the same one by the same protocol; put all "
		    "feeds into one of the two",
		    config->pings[*first].line);
}

static void check_name(
    struct config_reader *reader, struct map *names, size_t index, const struct value *block)
{
	const struct config *config = reader->config;
	const char *name = config->pings[index].name;
	size_t *first;

	if (!name)
		return;
	first = map_put(names, slice_of(name));
	if (*first == MAP_NONE)
		*first = index;
	else
		config_complain(reader, value_get(block, "name"),
		    "the [[ping]] in line %u has the name \"%s\" already",
		    config->pings[*first].line, config_shown(reader, slice_of(name)));
}

/* The host of its address, else its protocol; with a number when that is taken. */
static const char *make_name(struct config *config, struct map *names, size_t index)
{
	const struct config_ping *ping = &config->pings[index];
	struct slice stem = slice_of(ping->protocol->name), name;
	struct buf host = BUF_INIT;
	size_t *taken;

	if (ping->url) {
		uri_put_host(&host, slice_of(ping->url));
		stem = buf_slice(&host);
	}
	name = arena_copy(&config->arena, stem);
	taken = map_put(names, name);
	for (unsigned number = 2; *taken != MAP_NONE; number++) {
		name = arena_printf(&config->arena, "%.*s-%u", SLICE_FMT(stem), number);
		taken = map_put(names, name);
	}
	*taken = index;
	buf_free(&host);
	return name.ptr;
}

static void read_blocks(
    struct config_reader *reader, const struct map *feeds, const struct value *list)
{
	struct config *config = reader->config;
	struct map targets = MAP_INIT, names = MAP_INIT;

	for (const struct value *block = list->first; block; block = block->next) {
		size_t index = config->pings_len++;
		struct config_ping *ping = &config->pings[index];

		ping->line = block->line;
		ping->column = block->column;
		config_read_section(reader, SECTION_PING, block, block, ping);
		check_feeds(reader, feeds, value_get(block, "feeds"));
		check_name(reader, &names, index, block);
		if (!ping->protocol)
			continue; /* complained about */
		check_url(reader, ping, block);
		check_secret(reader, ping, block);
		check_key(reader, ping, block);
		check_topics(reader, ping, block);
		fill_in(ping, block);
		check_same(reader, &targets, index, block);
	}
	/* Names that were given are all known by now. */
	for (size_t i = 0; i < config->pings_len; i++)
		if (!config->pings[i].name && config->pings[i].protocol)
			config->pings[i].name = make_name(config, &names, i);
	map_free(&targets);
	map_free(&names);
}

void config_read_pings(struct config_reader *reader, const struct value *root)
{
	struct config *config = reader->config;
	const struct value *list = config_find_blocks(reader, root, SECTION_PING);
	struct map feeds = MAP_INIT;

	if (!list)
		return;
	for (size_t i = 0; i < config->feeds_len; i++)
		*map_put(&feeds, slice_of(config->feeds[i].name)) = i;
	config->pings = arena_array(&config->arena, struct config_ping, list->count);
	read_blocks(reader, &feeds, list);
	map_free(&feeds);
}
