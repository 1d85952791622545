/* Hugo: hugo.* or, before 0.110, config.*, at the top or in config/_default. Keys have any case. */
#include "config/generator/inside.h"

#define IN(folder, name)                                                                           \
	folder name ".toml", folder name ".yaml", folder name ".yml", folder name ".json"

static const char *const files[] = {IN("", "hugo"), IN("config/_default/", "hugo"),
    IN("config/_default/", "config"), IN("", "config"), NULL};
static const char *const language_files[] = {IN("config/_default/", "languages"), NULL};
static const char *const permalink_files[] = {IN("config/_default/", "permalinks"), NULL};
static const char *const param_files[] = {IN("config/_default/", "params"), NULL};
static const char *const wants[] = {IN("", "hugo"), IN("config/_default/", "hugo"),
    IN("config/_default/", "config"), IN("", "config"), IN("config/_default/", "languages"),
    IN("config/_default/", "permalinks"), IN("config/_default/", "params"), "content",
    "content/posts", "content/post", "content/blog", "archetypes", "themes", "layouts", NULL};

static const char *const posts[] = {"content/posts", "content/post", "content/blog"};

static const char *const titles[] = {"title", NULL};
static const char *const descriptions[] = {
    "description", "params.description", "params.subtitle", NULL};
static const char *const languages[] = {"locale", "languageCode", "defaultContentLanguage", NULL};
static const char *const zones[] = {"timeZone", NULL};
static const char *const authors[] = {
    "author.name", "author", "params.author.name", "params.author", NULL};

/* Hugo's ":slug" is made of the title where there is none, which is ":title" here. */
static const struct inside_token tokens[] = {{"year", "year", NULL}, {"month", "month", NULL},
    {"day", "day", NULL}, {"monthname", "long_month", NULL}, {"weekdayname", "long_day", NULL},
    {"slug", "title", NULL}, {"title", "title", NULL}, {"slugorfilename", "slug", NULL},
    {"slugorcontentbasename", "slug", NULL}, {"filename", "filename", NULL},
    {"contentbasename", "filename", NULL}, {"section", "section", NULL},
    {"sections", "section", NULL}, {NULL, NULL, NULL}};

/* A settings file in two parts: what the first lacks is in the second. */
struct sources {
	const struct value *root, *languages, *params, *permalinks;
	const char *file, *language_file, *param_file;
};

static const struct value *extra(const struct generator_site *site, const char *const *paths,
    struct draft *draft, const char **out_file)
{
	*out_file = inside_file_of(site, paths);
	return *out_file ? inside_tree(site, *out_file, draft) : NULL;
}

/* What the main language says for itself goes before. */
static void read_language(struct draft *draft, const struct sources *from)
{
	static const char *const own_languages[] = {"locale", "languageCode", NULL};
	struct slice main = inside_string(from->root, "defaultContentLanguage");
	const struct value *own =
	    from->languages ? inside_get(from->languages, main.len ? main.ptr : "en") : NULL;
	const char *file = from->language_file;
	struct slice dir = inside_string(own, "contentDir");

	if (own && own->type == VALUE_MAP) {
		inside_take(draft, DRAFT_TITLE, own, file, titles);
		inside_take(draft, DRAFT_DESCRIPTION, own, file, descriptions);
		inside_take(draft, DRAFT_LANGUAGE, own, file, own_languages);
		inside_take(draft, DRAFT_AUTHOR, own, file, authors);
		if (dir.len > 0)
			inside_take_folder(draft, DRAFT_CONTENT, dir,
			    arena_printf(&draft->arena, "contentDir in %s", file).ptr);
	}
	if (dir.len > 0 && from->languages->count > 1)
		draft_note(draft, DRAFT_CONTENT,
		    "The site has more languages, each with a folder of its own; these articles "
		    "are "
		    "those of the main one.");
}

/* ---- permalinks ---- */

/* Patterns are per section, here for all: the first one counts, for its section alone. */
static bool read_section(struct draft *draft, const struct value *sections, const char *file)
{
	const struct value *first = sections ? sections->first : NULL;
	const char *from;

	while (first && (first->type != VALUE_STRING || slice_equal_str(first->key, "tags") ||
			    slice_equal_str(first->key, "categories")))
		first = first->next;
	if (!first)
		return false;
	from = arena_printf(&draft->arena, "permalinks in %s, for '%s'", file, first->key.ptr).ptr;
	inside_take_permalink(draft, "hugo", first->text, tokens, false, from);
	if (draft->values[DRAFT_PERMALINK].trust == DRAFT_OPEN ||
	    slice_equal_str(first->key, "/") || slice_equal_str(first->key, "page"))
		return true;
	for (size_t i = 0; i < 3; i++) {
		static const char *const kinds[] = {"md", "markdown", "html"};

		draft_add(draft, DRAFT_INCLUDE,
		    arena_printf(&draft->arena, "%s/**/*.%s", first->key.ptr, kinds[i]).ptr);
	}
	draft_note(draft, DRAFT_INCLUDE,
	    "Hugo's permalinks are those of section '%s' alone, so only its articles are in; other "
	    "sections have other addresses.",
	    first->key.ptr);
	return true;
}

/* Hugo leaves a date in a file's name, unless the settings of dates name ":filename". */
static bool keeps_dates(const struct generator_site *site, const struct value *root)
{
	for (size_t i = 0; i < sizeof(posts) / sizeof(*posts); i++)
		if (inside_has_dated(site, posts[i]))
			return !inside_lists(root, "frontmatter.date", ":filename");
	return false;
}

static void read_permalink(
    const struct generator_site *site, struct draft *draft, const struct sources *from)
{
	const struct value *permalinks =
	    from->permalinks ? from->permalinks : inside_get(from->root, "permalinks");
	const struct value *pages = inside_get(permalinks, "page");

	if (pages && pages->type == VALUE_MAP)
		permalinks = pages;
	if (!(permalinks && permalinks->type == VALUE_MAP &&
		read_section(draft, permalinks, from->file))) {
		if (inside_switch(from->root, "uglyURLs", false))
			inside_standard(draft, DRAFT_PERMALINK, "hugo:/:path.html", "uglyURLs");
		else if (inside_switch(from->root, "defaultContentLanguageInSubdir", false))
			inside_standard(draft, DRAFT_PERMALINK, "hugo:/:lang/:path/",
			    "defaultContentLanguageInSubdir");
		else if (keeps_dates(site, from->root))
			inside_standard(draft, DRAFT_PERMALINK, "hugo:/:section/:filename/",
			    "Hugo's, with dates in names");
	}
	inside_standard(draft, DRAFT_PERMALINK, "hugo", "Hugo's addresses");
}

/* ---- feeds ---- */

static void read_feeds(struct draft *draft, const struct value *root)
{
	struct slice base = inside_string(root, "outputFormats.RSS.baseName");
	const char *path = arena_printf(
	    &draft->arena, "%.*s.xml", base.len ? (int)base.len : 5, base.len ? base.ptr : "index")
			       .ptr;
	bool off = inside_lists(root, "disableKinds", "RSS");
	int limit = inside_number(root, "services.rss.limit");

	inside_add_main(draft, "rss", path, limit ? limit : inside_number(root, "rssLimit"),
	    off ? NULL
		: "Hugo writes this file too: disableKinds = [\"RSS\"] in its settings, or take "
		  "another path here.");
	inside_add_by(draft, "tag", "rss", arena_printf(&draft->arena, "tags/:tag/%s", path).ptr,
	    true, "What Hugo has for each tag:");
	inside_add_by(draft, "section", "rss", arena_printf(&draft->arena, ":section/%s", path).ptr,
	    true, "What Hugo has for each section:");
}

/* A file named hugo is sure; a config may be of many, so it takes a word or a folder of Hugo's. */
static bool is_hugo(const struct generator_site *site, const char *file, const struct value *root)
{
	static const char *const folders[] = {"archetypes", "themes", "layouts", "content", NULL};

	return slice_starts(slice_of(file), "hugo.") || slice_starts(slice_of(file), "config/") ||
	       inside_get(root, "baseURL") || inside_get(root, "languageCode") ||
	       inside_folder_of(site, folders) != NULL;
}

static void read_folders(struct draft *draft, const struct sources *from)
{
	struct slice content = inside_string(from->root, "contentDir"),
		     output = inside_string(from->root, "publishDir");

	inside_take_folder(draft, DRAFT_CONTENT, content.len ? content : SLICE("content"),
	    content.len ? "contentDir in Hugo's settings" : "where Hugo has it");
	inside_standard(
	    draft, DRAFT_UNDATED, "skip", "pages such as about have no date, and posts have one");
	inside_take_folder(draft, DRAFT_OUTPUT, output.len ? output : SLICE("public"),
	    output.len ? "publishDir in Hugo's settings" : "where Hugo has it");
}

static bool read_hugo(const struct generator_site *site, struct draft *draft)
{
	const char *file = inside_file_of(site, files), *ignored;
	struct draft probe = DRAFT_INIT;
	struct sources from = {.file = file};
	bool mine = file && is_hugo(site, file, inside_tree(site, file, &probe));

	draft_free(&probe);
	if (!mine)
		return false;
	from.root = inside_tree(site, file, draft);
	from.languages = extra(site, language_files, draft, &from.language_file);
	from.params = extra(site, param_files, draft, &from.param_file);
	from.permalinks = extra(site, permalink_files, draft, &ignored);
	if (!from.languages) {
		from.languages = inside_get(from.root, "languages");
		from.language_file = file;
	}
	read_language(draft, &from);
	inside_take(draft, DRAFT_TITLE, from.root, file, titles);
	inside_take_url(draft, inside_string(from.root, "baseURL"), SLICE_NONE,
	    arena_printf(&draft->arena, "baseURL in %s", file).ptr);
	inside_take(draft, DRAFT_DESCRIPTION, from.root, file, descriptions);
	inside_take(draft, DRAFT_LANGUAGE, from.root, file, languages);
	inside_standard(draft, DRAFT_LANGUAGE, "en", "what Hugo has without languageCode");
	inside_take(draft, DRAFT_TIMEZONE, from.root, file, zones);
	inside_standard(draft, DRAFT_TIMEZONE, "UTC", "what Hugo has without timeZone");
	inside_take(draft, DRAFT_AUTHOR, from.root, file, authors);
	if (from.params) {
		inside_take(draft, DRAFT_DESCRIPTION, from.params, from.param_file, descriptions);
		inside_take(draft, DRAFT_AUTHOR, from.params, from.param_file, authors);
	}
	read_folders(draft, &from);
	read_permalink(site, draft, &from);
	read_feeds(draft, from.root);
	if (from.languages && from.languages->count > 1)
		inside_part_languages(draft);
	return true;
}

const struct generator generator_hugo = {"hugo", "a Hugo site", wants, read_hugo};
