/* Hexo: _config.yml, told from Jekyll's by source/_posts and by its own keys. */
#include "config/generator/inside.h"

static const char *const files[] = {"_config.yml", "_config.yaml", "_config.json", NULL};
static const char *const wants[] = {"_config.yml", "_config.yaml", "_config.json", "source",
    "source/_posts", "package.json", "scaffolds", NULL};

static const char *const titles[] = {"title", NULL};
static const char *const descriptions[] = {"description", "subtitle", NULL};
static const char *const languages[] = {"language", NULL};
static const char *const zones[] = {"timezone", NULL};
static const char *const authors[] = {"author", NULL};

/* Hexo's ":title" is the file's path within _posts, its ":post_title" the title. */
#define TOKENS(title)                                                                              \
	{"year", "year", NULL}, {"month", "month", NULL}, {"day", "day", NULL},                    \
	    {"i_month", "i_month", NULL}, {"i_day", "i_day", NULL}, {"hour", "hour", NULL},        \
	    {"minute", "minute", NULL}, {"second", "second", NULL}, {"title", title, NULL},        \
	    {"name", "slug", NULL}, {"post_title", "title", NULL},                                 \
	    {"category", "slugified_categories", NULL}, {"lang", "lang", NULL},                    \
	{                                                                                          \
		NULL, NULL, NULL                                                                   \
	}

static const struct inside_token tokens[] = {TOKENS("path")};
/* A date in a file's name stays, unless new_post_name says that it is one. */
static const struct inside_token dated_tokens[] = {TOKENS("filename")};

static void read_permalink(const struct generator_site *site, struct draft *draft,
    const struct value *root, const char *file)
{
	static const char html[] = ".html";
	struct slice pattern = inside_string(root, "permalink");
	struct slice names = inside_string(root, "new_post_name");
	bool dated =
	    inside_has_dated(site, "source/_posts") && slice_find(names, 0, ":year") == names.len;
	bool bare = !inside_switch(root, "pretty_urls.trailing_html", true);

	if (bare && slice_ends(pattern, html))
		pattern = slice_sub(pattern, 0, pattern.len - sizeof(html) + 1);
	if (pattern.len > 0)
		inside_take_permalink(draft, "hexo", pattern, dated ? dated_tokens : tokens, false,
		    arena_printf(&draft->arena, "permalink in %s", file).ptr);
	inside_standard(draft, DRAFT_PERMALINK, "hexo", "Hexo's addresses");
}

static void add_feed(struct draft *draft, const struct value *root, struct slice type,
    struct slice path, const char *note)
{
	bool rss = slice_starts_nocase(type, "rss");

	if (path.len == 0)
		path = rss ? SLICE("rss2.xml") : SLICE("atom.xml");
	inside_add_main(draft, rss ? "rss" : "atom", inside_feed_path(draft, path),
	    inside_number(root, "feed.limit"), note);
}

static void read_feeds(
    const struct generator_site *site, struct draft *draft, const struct value *root)
{
	struct slice package = inside_text(site, "package.json", draft);
	bool plugin = slice_find(package, 0, "hexo-generator-feed") < package.len;
	const char *note = plugin ? "hexo-generator-feed writes this file too: npm uninstall "
				    "hexo-generator-feed."
				  : NULL;
	const struct value *types = inside_get(root, "feed.type"),
			   *paths = inside_get(root, "feed.path");

	if (types && types->type == VALUE_LIST && types->first) {
		const struct value *path = paths && paths->type == VALUE_LIST ? paths->first : NULL;

		for (const struct value *type = types->first; type; type = type->next) {
			add_feed(draft, root, type->text, path ? path->text : SLICE_NONE, note);
			path = path ? path->next : NULL;
		}
	} else {
		add_feed(draft, root, inside_string(root, "feed.type"),
		    inside_string(root, "feed.path"), note);
	}
}

static bool is_hexo(
    const struct generator_site *site, const struct value *root, struct draft *draft)
{
	struct slice package = inside_text(site, "package.json", draft);

	return inside_is_folder(site, "source/_posts") || inside_get(root, "source_dir") ||
	       inside_get(root, "new_post_name") ||
	       slice_find(package, 0, "\"hexo\"") < package.len;
}

static void read_language(struct draft *draft, const struct value *root, const char *file)
{
	const struct value *list = inside_get(root, "language");

	if (list && list->type == VALUE_LIST && list->first)
		(void)draft_set(draft, DRAFT_LANGUAGE, list->first->text, DRAFT_FOUND,
		    arena_printf(&draft->arena, "language in %s", file)
			.ptr); /* else a note says why */
	else
		inside_take(draft, DRAFT_LANGUAGE, root, file, languages);
}

static bool read_hexo(const struct generator_site *site, struct draft *draft)
{
	const char *file = inside_file_of(site, files);
	struct draft probe = DRAFT_INIT;
	struct value *root = file ? inside_tree(site, file, &probe) : NULL;
	bool mine = file && is_hexo(site, root, &probe);
	struct slice source, output;

	draft_free(&probe);
	if (!mine)
		return false;
	root = inside_tree(site, file, draft);
	inside_take(draft, DRAFT_TITLE, root, file, titles);
	inside_take_url(draft, inside_string(root, "url"), SLICE_NONE,
	    arena_printf(&draft->arena, "url in %s", file).ptr);
	inside_take(draft, DRAFT_DESCRIPTION, root, file, descriptions);
	read_language(draft, root, file);
	inside_take(draft, DRAFT_TIMEZONE, root, file, zones);
	inside_take(draft, DRAFT_AUTHOR, root, file, authors);
	source = inside_string(root, "source_dir");
	inside_take_folder(draft, DRAFT_CONTENT,
	    arena_printf(&draft->arena, "%.*s/_posts", source.len ? (int)source.len : 6,
		source.len ? source.ptr : "source"),
	    "where Hexo has posts");
	output = inside_string(root, "public_dir");
	inside_take_folder(draft, DRAFT_OUTPUT, output.len ? output : SLICE("public"),
	    output.len ? "public_dir in Hexo's settings" : "where Hexo has it");
	draft_note(
	    draft, DRAFT_OUTPUT, "hexo clean empties this folder: run feedd --once after it.");
	read_permalink(site, draft, root, file);
	read_feeds(site, draft, root);
	return true;
}

const struct generator generator_hexo = {"hexo", "a Hexo site", wants, read_hexo};
