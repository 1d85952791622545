/* Astro: astro.config.*, articles in src/content, addresses by the files of src/pages. */
#include "config/generator/inside.h"
#include "config/generator/jssettings.h"

static const char *const files[] = {"astro.config.mjs", "astro.config.ts", "astro.config.js",
    "astro.config.mts", "astro.config.cjs", NULL};
/* Where the usual templates keep the site's title. */
static const char *const constants[] = {"src/consts.ts", "src/consts.js", "src/config.ts",
    "src/config.js", "src/site.config.ts", "src/constants.ts", NULL};
static const char *const wants[] = {"astro.config.mjs", "astro.config.ts", "astro.config.js",
    "astro.config.mts", "astro.config.cjs", "src/consts.ts", "src/consts.js", "src/config.ts",
    "src/config.js", "src/site.config.ts", "src/constants.ts", "src/content", "src/content/blog",
    "src/content/posts", "src/content/post", "src/content/articles", "src/content/writing",
    "src/content/notes", "src/data/blog", "src/pages", "src/pages/blog", "src/pages/posts",
    "src/pages/post", "src/pages/articles", "src/pages/writing", "src/pages/notes", NULL};

static const char *const folders[] = {"src/content/blog", "src/content/posts", "src/content/post",
    "src/content/articles", "src/content/writing", "src/content/notes", "src/data/blog",
    "src/content", NULL};
static const char *const routes[] = {"src/pages/blog", "src/pages/posts", "src/pages/post",
    "src/pages/articles", "src/pages/writing", "src/pages/notes", "src/pages", NULL};

static const char *const titles[] = {
    "SITE_TITLE", "SITE.title", "siteConfig.title", "SITE_NAME", NULL};
static const char *const descriptions[] = {"SITE_DESCRIPTION", "SITE.description", "SITE.desc",
    "siteConfig.description", "siteConfig.subtitle", NULL};
static const char *const authors[] = {"SITE.author", "siteConfig.author", "AUTHOR", NULL};
static const char *const languages[] = {"SITE.lang", "siteConfig.lang", "LOCALE.lang", NULL};
static const char *const zones[] = {"SITE.timezone", NULL};
static const char *const sites[] = {
    "SITE.website", "SITE_URL", "SITE.url", "siteConfig.site", NULL};

static void read_constants(const struct generator_site *site, struct draft *draft, const char *file)
{
	struct value *root = jssettings_read(inside_text(site, file, draft), &draft->arena);

	inside_take(draft, DRAFT_TITLE, root, file, titles);
	inside_take(draft, DRAFT_DESCRIPTION, root, file, descriptions);
	inside_take(draft, DRAFT_AUTHOR, root, file, authors);
	inside_take(draft, DRAFT_LANGUAGE, root, file, languages);
	inside_take(draft, DRAFT_TIMEZONE, root, file, zones);
	for (const char *const *key = sites; *key; key++)
		inside_take_url(draft, inside_string(root, *key), SLICE_NONE,
		    arena_printf(&draft->arena, "%s in %s", *key, file).ptr);
}

/* The folder whose page takes any article: `[...slug].astro`, `[id].astro`. */
static void read_route(const struct generator_site *site, struct draft *draft, bool bare)
{
	const char *content = inside_folder_of(site, folders);
	bool dated = content && inside_has_dated(site, content); /* Astro leaves dates in names */

	for (const char *const *route = routes; *route; route++) {
		struct slice below = slice_from(slice_of(*route), sizeof("src/pages") - 1);

		if (!inside_has_name(site, *route, "["))
			continue;
		(void)draft_set(draft, DRAFT_PERMALINK, /* a token stands in it */
		    arena_printf(&draft->arena, "astro:%.*s/:%s%s", SLICE_FMT(below),
			dated ? "filename" : "path", bare ? "" : "/"),
		    DRAFT_FOUND, arena_printf(&draft->arena, "a page in %s", *route).ptr);
		return;
	}
}

static void read_feeds(const struct generator_site *site, struct draft *draft)
{
	static const struct {
		const char *page, *format, *path;
	} pages[] = {{"rss.xml.", "rss", "rss.xml"}, {"feed.xml.", "rss", "feed.xml"},
	    {"atom.xml.", "atom", "atom.xml"}, {"feed.json.", "json", "feed.json"}};
	bool any = false;

	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		if (!inside_has_name(site, "src/pages", pages[i].page))
			continue;
		any = true;
		inside_add_main(draft, pages[i].format, pages[i].path, 0,
		    arena_printf(&draft->arena,
			"Astro writes this file too, by src/pages/%sjs or the like: take that "
			"away.",
			pages[i].page)
			.ptr);
	}
	if (!any)
		inside_add_main(draft, "rss", "rss.xml", 0, NULL);
}

static void read_folders(
    const struct generator_site *site, struct draft *draft, const struct value *settings)
{
	const char *content = inside_folder_of(site, folders);
	struct slice output = inside_string(settings, "outDir");

	if (content)
		inside_standard(draft, DRAFT_CONTENT, content, "where Astro has a collection");
	inside_standard(draft, DRAFT_UNDATED, "skip", "what has no date is no post");
	inside_take_folder(draft, DRAFT_OUTPUT, output.len ? output : SLICE("dist"),
	    output.len ? "outDir in Astro's settings" : "where Astro has it");
	draft_note(draft, DRAFT_OUTPUT,
	    "astro build empties this folder: run feedd --once after it; a daemon "
	    "needs another folder here, see web-servers.md of the guide.");
}

static bool read_astro(const struct generator_site *site, struct draft *draft)
{
	const char *file = inside_file_of(site, files), *more = inside_file_of(site, constants);
	const struct value *root, *settings;
	struct slice url;
	bool bare;

	if (!file)
		return false;
	root = jssettings_read(inside_text(site, file, draft), &draft->arena);
	settings = inside_get(root, "defineConfig");
	settings = settings ? settings : inside_get(root, "default");
	url = inside_string(settings, "site");
	inside_take_url(draft, url, inside_string(settings, "base"),
	    arena_printf(&draft->arena, "site in %s", file).ptr);
	(void)draft_set(draft, DRAFT_LANGUAGE, inside_string(settings, "i18n.defaultLocale"),
	    DRAFT_FOUND, "i18n.defaultLocale of Astro"); /* else a note says why */
	if (more)
		read_constants(site, draft, more);
	inside_standard(draft, DRAFT_TIMEZONE, "UTC", "what JavaScript takes dates for");
	read_folders(site, draft, settings);
	bare = slice_equal_str(inside_string(settings, "trailingSlash"), "never") ||
	       slice_equal_str(inside_string(settings, "build.format"), "file");
	read_route(site, draft, bare);
	read_feeds(site, draft);
	return true;
}

const struct generator generator_astro = {"astro", "an Astro site", wants, read_astro};
