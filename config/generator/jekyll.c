/* Jekyll: _config.yml, and _posts. */
#include "config/generator/inside.h"

static const char *const files[] = {"_config.yml", "_config.yaml", "_config.toml", NULL};
static const char *const feed_files[] = {
    "feed.xml", "atom.xml", "rss.xml", "index.xml", "feed.json", NULL};
static const char *const wants[] = {"_config.yml", "_config.yaml", "_config.toml", "_posts",
    "collections", "Gemfile", "feed.xml", "atom.xml", "rss.xml", "index.xml", "feed.json", NULL};

static const char *const titles[] = {"title", "name", NULL};
static const char *const descriptions[] = {"description", "tagline", "subtitle", NULL};
static const char *const languages[] = {"lang", "locale", "language", NULL};
static const char *const zones[] = {"timezone", NULL};
static const char *const authors[] = {"author.name", "author", NULL};

/* The styles that have a name (Jekyll's "Permalinks"). */
static const struct {
	const char *name, *pattern;
} styles[] = {
    {"date", "/:categories/:year/:month/:day/:title:output_ext"},
    {"pretty", "/:categories/:year/:month/:day/:title/"},
    {"none", "/:categories/:title:output_ext"},
    {"ordinal", "/:categories/:year/:y_day/:title:output_ext"},
    {"weekdate", "/:categories/:year/W:week/:short_day/:title:output_ext"},
};

/* Jekyll's ":title" is the name of the file. */
static const struct inside_token tokens[] = {{"categories", "categories", NULL},
    {"slugified_categories", "slugified_categories", NULL}, {"year", "year", NULL},
    {"month", "month", NULL}, {"day", "day", NULL}, {"short_year", "short_year", NULL},
    {"i_month", "i_month", NULL}, {"short_month", "short_month", NULL},
    {"long_month", "long_month", NULL}, {"i_day", "i_day", NULL}, {"y_day", "y_day", NULL},
    {"w_year", "w_year", NULL}, {"week", "week", NULL}, {"w_day", "w_day", NULL},
    {"short_day", "short_day", NULL}, {"long_day", "long_day", NULL}, {"hour", "hour", NULL},
    {"minute", "minute", NULL}, {"second", "second", NULL}, {"title", "slug", NULL},
    {"slug", "slug", NULL}, {"name", "filename", NULL}, {"basename", "filename", NULL},
    {"path", "path", NULL}, {"output_ext", NULL, ".html"}, {NULL, NULL, NULL}};

/* `defaults` may have a permalink for posts, which goes before the site's. */
static struct slice permalink_of(const struct value *root)
{
	const struct value *list = inside_get(root, "defaults");

	for (const struct value *item = list ? list->first : NULL; item; item = item->next) {
		struct slice type = inside_string(item, "scope.type"),
			     path = inside_string(item, "scope.path"),
			     found = inside_string(item, "values.permalink");

		if (found.len > 0 && (type.len == 0 || slice_equal_str(type, "posts")) &&
		    (path.len == 0 || slice_equal_str(path, "_posts")))
			return found;
	}
	return inside_string(root, "permalink");
}

static void read_permalink(struct draft *draft, const struct value *root, const char *file)
{
	struct slice pattern = permalink_of(root);
	const char *from = arena_printf(&draft->arena, "permalink in %s", file).ptr;

	if (pattern.len > 0 && !slice_equal_str(pattern, "date")) {
		for (size_t i = 0; i < sizeof(styles) / sizeof(*styles); i++)
			if (slice_equal_str(pattern, styles[i].name))
				pattern = slice_of(styles[i].pattern);
		inside_take_permalink(draft, "jekyll", pattern, tokens, false, from);
		if (slice_find(pattern, 0, ":slug") < pattern.len)
			draft_note(draft, DRAFT_PERMALINK,
			    "Jekyll writes its :slug in lower case, feedd as the file has it.");
	}
	inside_standard(draft, DRAFT_PERMALINK, "jekyll", "Jekyll's addresses");
}

/* Collections but posts, with pages of their own: other folders, with other addresses. */
static void note_collections(struct draft *draft, const struct value *root)
{
	const struct value *list = inside_get(root, "collections");

	for (const struct value *item = list && list->type == VALUE_MAP ? list->first : NULL; item;
	     item = item->next)
		if (inside_switch(item, "output", false) && !slice_equal_str(item->key, "posts"))
			draft_note(draft, DRAFT_CONTENT,
			    "Collection '%s' is not in: for it, give feedd a second file of "
			    "settings with dir = \"_%s\".",
			    item->key.ptr, item->key.ptr);
}

static void read_folders(struct draft *draft, const struct value *root, const char *file)
{
	struct slice source = inside_string(root, "source"),
		     collections = inside_string(root, "collections_dir"),
		     output = inside_string(root, "destination");
	struct buf dir = BUF_INIT;

	if (source.len > 0)
		buf_printf(&dir, "%.*s/", SLICE_FMT(source));
	if (collections.len > 0)
		buf_printf(&dir, "%.*s/", SLICE_FMT(collections));
	buf_puts(&dir, "_posts");
	inside_take_folder(draft, DRAFT_CONTENT, buf_slice(&dir), "where Jekyll has posts");
	note_collections(draft, root);
	inside_take_folder(draft, DRAFT_OUTPUT, output.len ? output : SLICE("_site"),
	    output.len ? arena_printf(&draft->arena, "destination in %s", file).ptr
		       : "where Jekyll has it");
	buf_free(&dir);
}

/* ---- feeds ---- */

static const char *note_plugin(struct draft *draft, const char *file)
{
	return arena_printf(&draft->arena,
	    "jekyll-feed writes this file too: take it out of the plugins in %s and of the "
	    "Gemfile.",
	    file)
	    .ptr;
}

/* A template in the site itself. */
static void read_template(struct draft *draft, const struct generator_site *site, const char *path)
{
	struct slice text = inside_text(site, path, draft);
	const char *format = slice_ends(slice_of(path), ".json")      ? "json"
			     : slice_find(text, 0, "<rss") < text.len ? "rss"
								      : "atom";

	inside_add_main(draft, format, path, 0,
	    arena_printf(&draft->arena,
		"Jekyll writes this file too, of the template %s: take that away.", path)
		.ptr);
}

/* Jekyll removes from its output what it did not make, and puts there what it does not know. */
static void note_keep(
    struct draft *draft, const struct value *root, const char *file, const char *path)
{
	if (!inside_lists(root, "keep_files", path))
		draft_note(draft, DRAFT_OUTPUT,
		    "jekyll build removes what it did not make: put keep_files: [%s] into %s.",
		    path, file);
	if (!inside_lists(root, "exclude", "feedd.toml"))
		draft_note(draft, DRAFT_OUTPUT,
		    "It also publishes every file beside %s: put exclude: [feedd.toml] there.",
		    file);
}

static void read_feeds(const struct generator_site *site, struct draft *draft,
    const struct value *root, const char *file)
{
	bool plugin = inside_lists(root, "plugins", "jekyll-feed") ||
		      inside_lists(root, "gems", "jekyll-feed");
	const char *template = inside_file_of(site, feed_files);
	struct slice path = inside_string(root, "feed.path");

	if (template && !plugin)
		read_template(draft, site, template);
	else
		inside_add_main(draft, "atom",
		    inside_feed_path(draft, path.len ? path : SLICE("feed.xml")),
		    inside_number(root, "feed.posts_limit"),
		    plugin ? note_plugin(draft, file) : NULL);
	for (size_t i = 0; draft->feeds_len > 0 && i < FORMAT_FEEDS; i++)
		if (draft->feeds[0].paths[i])
			note_keep(draft, root, file, draft->feeds[0].paths[i]);
}

static bool read_jekyll(const struct generator_site *site, struct draft *draft)
{
	const char *file = inside_file_of(site, files);
	const struct value *root;

	if (!file && !inside_is_folder(site, "_posts"))
		return false;
	root = file ? inside_tree(site, file, draft) : NULL;
	file = file ? file : files[0];
	inside_take(draft, DRAFT_TITLE, root, file, titles);
	inside_take_url(draft, inside_string(root, "url"), inside_string(root, "baseurl"),
	    arena_printf(&draft->arena, "url in %s", file).ptr);
	inside_take(draft, DRAFT_DESCRIPTION, root, file, descriptions);
	inside_take(draft, DRAFT_LANGUAGE, root, file, languages);
	inside_take(draft, DRAFT_TIMEZONE, root, file, zones);
	inside_take(draft, DRAFT_AUTHOR, root, file, authors);
	read_folders(draft, root, file);
	read_permalink(draft, root, file);
	read_feeds(site, draft, root, file);
	return true;
}

const struct generator generator_jekyll = {"jekyll", "a Jekyll site", wants, read_jekyll};
