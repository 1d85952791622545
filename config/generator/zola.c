/* Zola: config.toml (zola.toml since 0.22), told from Hugo's by its base_url. */
#include "config/generator/inside.h"

static const char *const files[] = {"zola.toml", "config.toml", NULL};
static const char *const wants[] = {"zola.toml", "config.toml", "content", NULL};

static const char *const titles[] = {"title", "extra.title", NULL};
static const char *const descriptions[] = {"description", "extra.description", NULL};
static const char *const languages[] = {"default_language", NULL};
static const char *const authors[] = {"author", "extra.author", NULL};

/* Names of one kind of feed, as Zola and feedd have them. */
static const char *format_of(struct slice file)
{
	return slice_ends_nocase(file, "rss.xml")    ? "rss"
	       : slice_ends_nocase(file, ".json")    ? "json"
	       : slice_ends_nocase(file, "feed.xml") ? "rss"
						     : "atom";
}

static void add_feed(struct draft *draft, const struct value *root, struct slice file, bool on)
{
	const char *path = inside_feed_path(draft, file), *format = format_of(file);
	const struct value *taxonomies = inside_get(root, "taxonomies");

	inside_add_main(draft, format, path, inside_number(root, "feed_limit"),
	    on ? "Zola writes this file too: set generate_feeds = false (generate_feed before Zola "
		 "0.19) in its settings, or take another path here."
	       : NULL);
	for (const struct value *item = taxonomies ? taxonomies->first : NULL; item;
	     item = item->next)
		if (inside_switch(item, "feed", false) &&
		    slice_equal_str(inside_string(item, "name"), "tags"))
			inside_add_by(draft, "tag", format,
			    arena_printf(&draft->arena, "tags/:tag/%s", path).ptr, false,
			    "Zola writes these too: take feed = true from the tags in taxonomies.");
}

static void read_feeds(struct draft *draft, const struct value *root)
{
	const struct value *names = inside_get(root, "feed_filenames");
	struct slice name = inside_string(root, "feed_filename");
	bool on =
	    inside_switch(root, "generate_feeds", inside_switch(root, "generate_feed", false));

	if (names && names->type == VALUE_LIST && names->first)
		for (const struct value *item = names->first; item; item = item->next)
			add_feed(draft, root, item->text, on);
	else
		add_feed(draft, root, name.len ? name : SLICE("atom.xml"), on);
}

static bool read_zola(const struct generator_site *site, struct draft *draft)
{
	const char *file = inside_file_of(site, files);
	struct draft probe = DRAFT_INIT; /* complaints about Hugo's config.toml are Hugo's */
	struct value *root = file ? inside_tree(site, file, &probe) : NULL;
	bool mine = file && (inside_get(root, "base_url") || file == files[0]);
	const struct value *others;
	struct slice output;

	draft_free(&probe);
	if (!mine)
		return false;
	root = inside_tree(site, file, draft);
	inside_take(draft, DRAFT_TITLE, root, file, titles);
	inside_take_url(draft, inside_string(root, "base_url"), SLICE_NONE,
	    arena_printf(&draft->arena, "base_url in %s", file).ptr);
	inside_take(draft, DRAFT_DESCRIPTION, root, file, descriptions);
	inside_take(draft, DRAFT_LANGUAGE, root, file, languages);
	inside_standard(draft, DRAFT_LANGUAGE, "en", "what Zola has without default_language");
	inside_standard(draft, DRAFT_TIMEZONE, "UTC", "what Zola takes dates for");
	inside_take(draft, DRAFT_AUTHOR, root, file, authors);
	inside_standard(draft, DRAFT_CONTENT, "content", "where Zola has it");
	inside_standard(
	    draft, DRAFT_UNDATED, "skip", "as Zola: pages without a date are in no feed");
	if (slice_equal_str(inside_string(root, "slugify.paths"), "off"))
		inside_standard(draft, DRAFT_PERMALINK, "/:path/", "slugify.paths is off");
	else
		inside_standard(draft, DRAFT_PERMALINK, "zola", "Zola's addresses");
	output = inside_string(root, "output_dir");
	inside_take_folder(draft, DRAFT_OUTPUT, output.len ? output : SLICE("public"),
	    output.len ? "output_dir in Zola's settings" : "where Zola has it");
	draft_note(draft, DRAFT_OUTPUT,
	    "zola build empties this folder: run feedd --once after it; a daemon "
	    "needs another folder here, see web-servers.md of the guide.");
	read_feeds(draft, root);
	others = inside_get(root, "languages");
	if (others && others->count > 0)
		inside_part_languages(draft);
	return true;
}

const struct generator generator_zola = {"zola", "a Zola site", wants, read_zola};
