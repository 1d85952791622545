/* Eleventy: eleventy.config.* or .eleventy.js; the site's title is wherever its author put it. */
#include "config/generator/inside.h"
#include "config/generator/jssettings.h"

static const char *const files[] = {"eleventy.config.js", "eleventy.config.mjs",
    "eleventy.config.cjs", "eleventy.config.ts", ".eleventy.js", NULL};

/* Where starters keep what the site is called. */
#define DATA(folder)                                                                               \
	folder "_data/metadata.js", folder "_data/metadata.json", folder "_data/metadata.mjs",     \
	    folder "_data/site.json", folder "_data/site.js", folder "_data/site.mjs",             \
	    folder "_data/meta.json", folder "_data/meta.js", folder "_data/metadata.yaml",        \
	    folder "_data/site.yaml"

static const char *const data[] = {DATA(""), DATA("src/"), DATA("content/"), DATA("site/"), NULL};
static const char *const wants[] = {"eleventy.config.js", "eleventy.config.mjs",
    "eleventy.config.cjs", "eleventy.config.ts", ".eleventy.js", "package.json", DATA(""),
    DATA("src/"), DATA("content/"), DATA("site/"), "content", "content/blog", "content/posts",
    "src", "src/posts", "src/blog", "posts", "blog", NULL};

static const char *const posts[] = {
    "content/blog", "content/posts", "src/posts", "src/blog", "posts", "blog"};

static const char *const titles[] = {"title", "name", "siteTitle", NULL};
static const char *const descriptions[] = {"description", "subtitle", NULL};
static const char *const languages[] = {"language", "lang", "locale", NULL};
static const char *const authors[] = {"author.name", "author", "authorName", NULL};
static const char *const urls[] = {"url", "base", "baseUrl", "siteUrl", NULL};

static void take_all(struct draft *draft, const struct value *root, const char *file)
{
	inside_take(draft, DRAFT_TITLE, root, file, titles);
	inside_take(draft, DRAFT_DESCRIPTION, root, file, descriptions);
	inside_take(draft, DRAFT_LANGUAGE, root, file, languages);
	inside_take(draft, DRAFT_AUTHOR, root, file, authors);
	for (const char *const *key = urls; *key; key++)
		inside_take_url(draft, inside_string(root, *key), SLICE_NONE,
		    arena_printf(&draft->arena, "%s in %s", *key, file).ptr);
}

static void read_data(const struct generator_site *site, struct draft *draft, const char *file)
{
	const struct value *root;
	bool code = slice_ends(slice_of(file), "js");

	if (!code) {
		take_all(draft, inside_tree(site, file, draft), file);
		return;
	}
	root = jssettings_read(inside_text(site, file, draft), &draft->arena);
	for (const struct value *value = root->first; value; value = value->next)
		if (value->type == VALUE_MAP)
			take_all(draft, value, file);
}

/* `dir` in what the settings return, or export as config. */
static const struct value *find_dir(const struct value *root)
{
	for (const struct value *value = root->first; value; value = value->next)
		if (inside_get(value, "dir"))
			return inside_get(value, "dir");
	return NULL;
}

static void read_folders(
    const struct generator_site *site, struct draft *draft, const struct value *dir)
{
	struct slice input = inside_string(dir, "input"), output = inside_string(dir, "output");
	static const char *const at_top[] = {"posts", "blog", NULL};
	const char *folder = input.len ? NULL : inside_folder_of(site, at_top);

	inside_take_folder(draft, DRAFT_CONTENT, input.len ? input : SLICE("."),
	    input.len ? "dir.input of Eleventy" : "where Eleventy has it");
	if (folder) {
		draft_add(
		    draft, DRAFT_INCLUDE, arena_printf(&draft->arena, "%s/**/*.md", folder).ptr);
		draft_note(draft, DRAFT_INCLUDE,
		    "All of the site is Eleventy's input; articles are taken from '%s'.", folder);
	}
	inside_standard(
	    draft, DRAFT_UNDATED, "skip", "pages such as about have no date, and posts have one");
	inside_take_folder(draft, DRAFT_OUTPUT, output.len ? output : SLICE("_site"),
	    output.len ? "dir.output of Eleventy" : "where Eleventy has it");
}

/* Names keep their date; what is one folder deep has a pattern for that. */
static void read_permalink(const struct generator_site *site, struct draft *draft)
{
	bool dated = false;

	for (size_t i = 0; i < sizeof(posts) / sizeof(*posts); i++)
		dated = dated || inside_has_dated(site, posts[i]);
	inside_standard(draft, DRAFT_PERMALINK,
	    dated ? "eleventy:/:section/:filename/" : "eleventy:/:path/",
	    dated ? "Eleventy's, with dates in names" : "Eleventy's addresses");
}

static void read_feeds(struct draft *draft, const struct value *root)
{
	const struct value *plugin = inside_get(root, "feedPlugin");
	struct slice type = inside_string(plugin, "type"),
		     path = inside_string(plugin, "outputPath");
	const char *format = slice_equal_str(type, "rss")    ? "rss"
			     : slice_equal_str(type, "json") ? "json"
							     : "atom";

	if (plugin)
		inside_add_main(draft, format,
		    inside_feed_path(draft, path.len ? path : SLICE("feed.xml")),
		    inside_number(plugin, "collection.limit"),
		    "Eleventy writes this file too, by feedPlugin: take that out of its settings.");
	else
		inside_add_main(draft, "atom", "feed/feed.xml", 0,
		    "If a template of the site makes this file, take that away, or take another "
		    "path here.");
}

/* Without settings, package.json says so. */
static bool is_eleventy(const struct generator_site *site, struct draft *probe)
{
	struct slice package = inside_text(site, "package.json", probe);

	return inside_file_of(site, files) ||
	       slice_find(package, 0, "\"@11ty/eleventy\"") < package.len;
}

static bool read_eleventy(const struct generator_site *site, struct draft *draft)
{
	const char *file = inside_file_of(site, files), *more = inside_file_of(site, data);
	struct draft probe = DRAFT_INIT;
	bool mine = is_eleventy(site, &probe);
	const struct value *root;

	draft_free(&probe);
	if (!mine)
		return false;
	file = file ? file : files[0];
	root = jssettings_read(inside_text(site, file, draft), &draft->arena);
	if (more)
		read_data(site, draft, more);
	take_all(draft, inside_get(root, "feedPlugin.metadata"), file);
	inside_standard(draft, DRAFT_TIMEZONE, "UTC", "what Eleventy takes dates for");
	read_folders(site, draft, find_dir(root));
	read_permalink(site, draft);
	draft_note(draft, DRAFT_PERMALINK,
	    "A permalink in an article counts; one in a file of data for a folder is not read.");
	read_feeds(draft, root);
	return true;
}

const struct generator generator_eleventy = {"eleventy", "an Eleventy site", wants, read_eleventy};
