#include "config/config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "config/settings.h"
#include "feeds/base/mem.h"

static void read_authors(struct config_reader *reader, const struct value *site)
{
	struct config *config = reader->config;
	const struct value *list = config_find_blocks(reader, site, SECTION_AUTHOR);

	config->site.authors = arena_array(&config->arena, struct person, list ? list->count : 1);
	if (list)
		for (const struct value *block = list->first; block; block = block->next)
			config_read_section(reader, SECTION_AUTHOR, block, block,
			    &config->site.authors[config->site.authors_len++]);
	else if (config->site.author)
		config->site.authors[config->site.authors_len++].name =
		    slice_of(config->site.author);
}

static int order(const void *left, const void *right)
{
	const struct diag *a = left, *b = right;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return strcmp(a->text, b->text);
}

struct config *config_parse(const struct value *root, struct diags *diags)
{
	static const enum section tables[] = {SECTION_SITE, SECTION_CONTENT, SECTION_OUTPUT,
	    SECTION_PAGES, SECTION_STATE, SECTION_METRICS, SECTION_HTTP};
	struct config *config = mem_zalloc(1, sizeof(*config));
	struct config_reader reader = {.config = config, .diags = diags};
	size_t before = diags->len;

	assert(root->type == VALUE_MAP);
	config_check_tables(&reader, root);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		const struct value *map;

		if (config_find_table(&reader, root, tables[i], &map))
			config_read_section(&reader, tables[i], map, map ? map : root, config);
	}
	config->state.said = value_get(value_get(root, "state"), "dir") != NULL;
	read_authors(&reader, value_get(root, "site"));
	config_read_feeds(&reader, root);
	config_read_pages(&reader, root);
	config_read_pings(&reader, root);
	if (reader.complaints == 0)
		return config;
	if (diags->len > before) /* complaints come in the order of checks; people read downwards */
		qsort(diags->items + before, diags->len - before, sizeof(*diags->items), order);
	config_free(config);
	return NULL;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	arena_free(&config->arena);
	free(config);
}
