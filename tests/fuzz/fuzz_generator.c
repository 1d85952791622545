/*
 * generator: whatever a settings file of a site holds, the draft made of it prints as settings
 * that load. The first byte says which file it is; the rest is the file.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/generator/generator.h"
#include "feeds/base/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file, and a folder that is there with it. */
static const struct {
	const char *file, *folder;
} sites[] = {
    {"hugo.toml", "content"},
    {"config.yaml", "content"},
    {"config.toml", "content"},
    {"hugo.json", "content"},
    {"_config.yml", "_posts"},
    {"_config.yml", "source/_posts"},
    {"pelicanconf.py", "content/pages"},
    {"astro.config.mjs", "src/content/blog"},
    {"eleventy.config.js", "content/blog"},
    {"package.json", "posts"},
    {"CNAME", ".obsidian"},
    {"config/_default/languages.toml", "content/posts"},
};

enum { SITES = sizeof(sites) / sizeof(*sites), SEEN = 6 };

static void put_seen(struct generator_seen seen[SEEN], size_t which, struct slice bytes)
{
	seen[0] = (struct generator_seen){sites[which].file, GENERATOR_FILE, bytes, false};
	seen[1] = (struct generator_seen){sites[which].folder, GENERATOR_FOLDER, bytes, false};
	/* Files that make another one count. */
	seen[2] = (struct generator_seen){"_data/site.js", GENERATOR_FILE, bytes, false};
	seen[3] = (struct generator_seen){"src/consts.ts", GENERATOR_FILE, bytes, false};
	seen[4] = (struct generator_seen){"publishconf.py", GENERATOR_MISSING, bytes, false};
	seen[5] = (struct generator_seen){"config/_default/hugo.toml",
	    sites[which].file[0] == 'c' && sites[which].folder[7] == '/' ? GENERATOR_FILE
									 : GENERATOR_MISSING,
	    SLICE("title = 'x'\n"), false};
}

static void check_draft(const struct draft *draft)
{
	struct value_rules rules = {.max_bytes = 1 << 20};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf text = BUF_INIT;
	struct config *config;
	struct value *root;
	struct err err;

	draft_put(draft, "For a test.", &text);
	if (toml_parse(buf_slice(&text), &rules, &arena, &root, &err) < 0)
		abort();
	config = config_parse(root, &diags);
	if (!config)
		abort();
	config_free(config);
	diags_free(&diags);
	arena_free(&arena);
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct generator_seen seen[SEEN];
	struct generator_site site = {"a \"folder\"\\", seen, SEEN};
	struct draft draft = DRAFT_INIT;

	if (size == 0)
		return 0;
	put_seen(seen, data[0] % SITES, slice_make((const char *)data + 1, size - 1));
	if (!generator_read(&site, &draft)->title)
		abort();
	for (size_t i = 0; i < draft.faults_len; i++)
		if (!draft.faults[i].text[0])
			abort();
	if (!draft_set(&draft, DRAFT_TITLE, SLICE("x"), DRAFT_GUESSED, NULL) ||
	    !draft_set(&draft, DRAFT_URL, SLICE("https://example.com/"), DRAFT_GUESSED, NULL))
		abort();
	check_draft(&draft);
	draft_free(&draft);
	return 0;
}
