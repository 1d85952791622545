#include "config/generator/generator.h"

#include "config/generator/inside.h"

/*
 * Files that are one generator's alone come first; of two that have a file of one name, the one
 * that can be sure: Zola before Hugo, Hexo before Jekyll. A vault of Obsidian may hold a site of
 * any of them.
 */
static const struct generator *const generators[] = {
    &generator_zola,
    &generator_hugo,
    &generator_hexo,
    &generator_jekyll,
    &generator_astro,
    &generator_eleventy,
    &generator_pelican,
    &generator_obsidian,
    &generator_plain,
};

/* GitHub Pages' file with the host of a site, wherever generators take it from. */
static const char *const hosts[] = {
    "CNAME", "static/CNAME", "source/CNAME", "public/CNAME", "content/extra/CNAME", NULL};

enum { GENERATORS = sizeof(generators) / sizeof(*generators) };

const char *generator_wants(size_t index)
{
	const char *const *at;

	for (size_t i = 0; i <= GENERATORS; i++)
		for (at = i < GENERATORS ? generators[i]->wants : hosts; *at; at++)
			if (index-- == 0)
				return *at;
	return NULL;
}

static void take_host(const struct generator_site *site, struct draft *draft)
{
	const char *file = inside_file_of(site, hosts);
	struct slice text = file ? inside_text(site, file, draft) : SLICE_NONE, host;

	if (!slice_word(&text, &host))
		return;
	inside_take_url(
	    draft, arena_printf(&draft->arena, "https://%.*s/", SLICE_FMT(host)), SLICE_NONE, file);
}

static void add_feeds(struct draft *draft)
{
	struct draft_feed feed = {.name = "main"};
	bool live = false;

	for (size_t i = 0; i < draft->feeds_len; i++)
		live = live || !draft->feeds[i].offered;
	for (size_t i = 0; i < FORMAT_FEEDS; i++)
		feed.paths[i] = formats[i]->file;
	if (!live)
		(void)draft_add_feed(draft, &feed); /* full of offers: feedd has the same default */
}

const struct generator *generator_read(const struct generator_site *site, struct draft *draft)
{
	size_t i = 0;

	while (!generators[i]->read(site, draft))
		i++; /* the last one takes everything */
	if (draft->values[DRAFT_URL].trust < DRAFT_FOUND)
		take_host(site, draft);
	add_feeds(draft);
	return generators[i];
}
