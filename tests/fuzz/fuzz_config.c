/*
 * config: any settings give a config that keeps its promises, or complaints
 * that each have a place and a text.
 */
#include <stdint.h>
#include <stdlib.h>

#include "config/config.h"
#include "config/links.h"
#include "config/server.h"
#include "feeds/base/toml.h"
#include "feeds/base/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_feed(const struct config *config, const struct config_feed *feed)
{
	bool any = false;

	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		const char *path = feed->paths[i];

		any = any || path;
		if (path && (path[0] == '/' || path[0] == '.' || strstr(path, "/.")))
			abort();
	}
	if (!any || !feed->name || feed->limit < 0)
		abort();
	for (const struct config_feed *other = config->feeds; other < feed; other++)
		if (strcmp(other->name, feed->name) == 0)
			abort();
}

static void check_ping(const struct config *config, const struct config_ping *ping)
{
	const struct ping *protocol = ping->protocol;

	if (!protocol || !ping->name || !ping->name[0])
		abort();
	if (protocol->no_url ? ping->url != NULL : !uri_is_web(slice_of(ping->url)))
		abort();
	if (ping->secret_file && ping->secret_credential)
		abort();
	if ((ping->secret_file || ping->secret_credential) && !protocol->secret)
		abort();
	if (ping->min_interval < 0 || ping->live_timeout < 1)
		abort();
	for (const struct config_ping *other = config->pings; other < ping; other++)
		if (strcmp(other->name, ping->name) == 0)
			abort();
}

static void check_config(const struct config *config)
{
	struct slice url = slice_of(config->site.url);

	if (!config->site.title[0] || !uri_is_web(url) || !slice_ends(url, "/"))
		abort();
	if (!config->site.timezone[0] || strstr(config->site.timezone, ".."))
		abort();
	if (config->content.permalink[0] != '/' || config->content.max_bytes < 1)
		abort();
	if (!config->content.dir[0] || !config->output.dir[0] || !config->state.dir[0])
		abort();
	if (config->feeds_len == 0)
		abort();
	for (size_t i = 0; i < config->feeds_len; i++)
		check_feed(config, &config->feeds[i]);
	for (size_t i = 0; i < config->pings_len; i++)
		check_ping(config, &config->pings[i]);
	for (size_t i = 0; i < config->http.allow_len; i++)
		if (config->http.allow[i].bits > 128)
			abort();
	for (size_t i = 0; i < config->site.authors_len; i++)
		if (config->site.authors[i].name.len == 0)
			abort();
}

/* Nothing of the settings leaves its line, so nothing can be said to a web server by a feed's name. */
static void check_servers(const struct config *config)
{
	for (size_t i = 0; i < SERVER_COUNT; i++) {
		struct buf out = BUF_INIT;

		server_put(servers[i], config, &out);
		for (size_t j = 0; j < out.len; j++)
			if ((unsigned char)out.data[j] < ' ' && out.data[j] != '\n' &&
			    out.data[j] != '\t')
				abort();
		buf_free(&out);
	}
}

/* Each page has a path of its own within its folder, and the lines to paste are whole. */
static void check_pages(const struct config *config)
{
	struct slice dir = slice_of(config->pages.dir);
	struct buf links = BUF_INIT;

	for (size_t i = 0; i < config->feeds_len; i++) {
		const char *page = config->feeds[i].paths[FORMAT_FEEDS];

		if ((page != NULL) != (dir.len > 0))
			abort();
		if (page && (strncmp(page, dir.ptr, dir.len) != 0 || page[dir.len] != '/' ||
				strcmp(page, config->pages.index) == 0))
			abort();
		for (size_t j = 0; page && j < i; j++)
			if (strcmp(page, config->feeds[j].paths[FORMAT_FEEDS]) == 0)
				abort();
	}
	if (config->pages.style_feeds && !config->pages.stylesheet)
		abort();
	links_put(config, &links);
	if (!slice_ends(buf_slice(&links), ">\n"))
		abort();
	buf_free(&links);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_make((const char *)data, size);
	struct value_rules rules = {0};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct config *config = NULL;
	struct value *root;
	struct err err;

	if (toml_parse(text, &rules, &arena, &root, &err) == 0) {
		config = config_parse(root, &diags);
		if ((config == NULL) != (diags.len > 0))
			abort();
		for (size_t i = 0; i < diags.len; i++)
			if (diags.items[i].line == 0 || !diags.items[i].text[0] ||
			    strchr(diags.items[i].text, '\n'))
				abort();
	}
	arena_free(&arena);
	if (config) {
		check_config(config);
		check_servers(config);
		check_pages(config);
	}
	config_free(config);
	diags_free(&diags);
	return 0;
}
