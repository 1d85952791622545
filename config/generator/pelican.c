/* Pelican: pelicanconf.py, and publishconf.py, which goes before it when a site is published. */
#include "config/generator/inside.h"
#include "config/generator/pysettings.h"

static const char *const wants[] = {"pelicanconf.py", "publishconf.py", "content/pages", NULL};

/* Pelican's slug is made of the title; with SLUGIFY_SOURCE = 'basename' of the file's name. */
#define TOKENS(slug)                                                                               \
	{"slug", slug, NULL}, {"category", "slugified_categories", NULL}, {"lang", "lang", NULL},  \
	    {"date:%Y", "year", NULL}, {"date:%y", "short_year", NULL},                            \
	    {"date:%m", "month", NULL}, {"date:%b", "short_month", NULL},                          \
	    {"date:%B", "long_month", NULL}, {"date:%d", "day", NULL}, {"date:%j", "y_day", NULL}, \
	    {"date:%H", "hour", NULL}, {"date:%M", "minute", NULL}, {"date:%S", "second", NULL},   \
	{                                                                                          \
		NULL, NULL, NULL                                                                   \
	}

static const struct inside_token by_title[] = {TOKENS("title")};
static const struct inside_token by_name[] = {TOKENS("slug")};

struct settings {
	const struct value *publish, *base; /* either may be NULL */
};

/* The last assignment of a name, in the file that is read last. */
static const struct value *find(const struct settings *settings, const char *name)
{
	const struct value *maps[] = {settings->base, settings->publish}, *found = NULL;

	for (size_t i = 0; i < 2; i++)
		for (const struct value *value = maps[i] ? maps[i]->first : NULL; value;
		     value = value->next)
			if (slice_equal_str(value->key, name))
				found = value;
	return found;
}

static struct slice string(const struct settings *settings, const char *name)
{
	const struct value *value = find(settings, name);

	return value && value->type == VALUE_STRING ? value->text : SLICE_NONE;
}

static void take(
    struct draft *draft, enum draft_key key, const struct settings *settings, const char *name)
{
	(void)draft_set(draft, key, string(settings, name), DRAFT_FOUND,
	    arena_printf(&draft->arena, "%s of Pelican", name).ptr); /* else a note says why */
}

static void read_folders(struct draft *draft, const struct settings *settings)
{
	struct slice path = string(settings, "PATH"), output = string(settings, "OUTPUT_PATH");
	const struct value *articles = find(settings, "ARTICLE_PATHS");
	const struct value *pages = find(settings, "PAGE_PATHS");
	struct buf dir = BUF_INIT;

	buf_put_slice(&dir, path.len ? path : SLICE("."));
	if (articles && articles->type == VALUE_LIST && articles->count == 1 &&
	    articles->first->text.len > 0)
		buf_printf(&dir, "/%s", articles->first->text.ptr);
	else
		pages = pages && pages->type == VALUE_LIST ? pages->first : pages;
	inside_take_folder(draft, DRAFT_CONTENT, buf_slice(&dir), "PATH of Pelican");
	buf_free(&dir);
	draft_add(draft, DRAFT_EXCLUDE,
	    pages && pages->text.len > 0 ? arena_printf(&draft->arena, "%s/**", pages->text.ptr).ptr
					 : "pages/**");
	draft_add(draft, DRAFT_EXCLUDE, "drafts/**");
	inside_standard(draft, DRAFT_UNDATED, "skip", "as Pelican: an article needs a date");
	inside_take_folder(draft, DRAFT_OUTPUT, output.len ? output : SLICE("output"),
	    output.len ? "OUTPUT_PATH of Pelican" : "where Pelican has it");
	if (inside_switch(find(settings, "DELETE_OUTPUT_DIRECTORY"), "", false))
		draft_note(draft, DRAFT_OUTPUT,
		    "DELETE_OUTPUT_DIRECTORY is True: run feedd --once after pelican; a daemon "
		    "needs another folder here, see web-servers.md of the guide.");
}

static void read_permalink(struct draft *draft, const struct settings *settings)
{
	struct slice pattern = string(settings, "ARTICLE_URL");
	bool named = slice_equal_str(string(settings, "SLUGIFY_SOURCE"), "basename");

	if (pattern.len == 0)
		pattern = named ? SLICE("{slug}.html") : SLICE_NONE;
	if (pattern.len > 0)
		inside_take_permalink(draft, "pelican", pattern, named ? by_name : by_title, true,
		    "ARTICLE_URL of Pelican");
	inside_standard(draft, DRAFT_PERMALINK, "pelican", "Pelican's addresses");
}

/* ---- feeds ---- */

/* What Pelican writes, unless it is set to None; the first two are feeds of all articles. */
static const struct {
	const char *name, *format, *standard, *by;
} feeds[] = {
    {"FEED_ALL_ATOM", "atom", "feeds/all.atom.xml", NULL},
    {"FEED_ALL_RSS", "rss", NULL, NULL},
    {"FEED_ATOM", "atom", NULL, NULL},
    {"FEED_RSS", "rss", NULL, NULL},
    {"CATEGORY_FEED_ATOM", "atom", "feeds/{slug}.atom.xml", "category"},
    {"CATEGORY_FEED_RSS", "rss", NULL, "category"},
    {"TAG_FEED_ATOM", "atom", NULL, "tag"},
    {"TAG_FEED_RSS", "rss", NULL, "tag"},
};

/* feeds/{slug}.atom.xml is feeds/:category.atom.xml; before Pelican 4 it was feeds/%s.atom.xml. */
static const char *path_by(struct draft *draft, struct slice path, const char *by)
{
	size_t at = slice_find(path, 0, "{slug}"), len = 6;

	if (at == path.len) {
		at = slice_find(path, 0, "%s");
		len = 2;
	}
	if (at == path.len)
		return NULL;
	return arena_printf(&draft->arena, "%.*s:%s%.*s", (int)at, path.ptr, by,
	    (int)(path.len - at - len), path.ptr + at + len)
	    .ptr;
}

static void read_feed(struct draft *draft, const struct settings *settings, size_t i)
{
	const struct value *value = find(settings, feeds[i].name);
	struct slice path = value ? value->text : slice_of(feeds[i].standard);
	const char *note = arena_printf(&draft->arena,
		       "Pelican writes this too: set %s = None in publishconf.py.", feeds[i].name)
			       .ptr,
		   *each;

	if (path.len == 0 || (value && value->type != VALUE_STRING))
		return;
	each = feeds[i].by ? path_by(draft, path, feeds[i].by) : NULL;
	if (each)
		inside_add_by(draft, feeds[i].by, feeds[i].format, each, false, note);
	else if (!feeds[i].by)
		inside_add_main(draft, feeds[i].format, inside_feed_path(draft, path),
		    inside_number(find(settings, "FEED_MAX_ITEMS"), ""), note);
}

static bool read_pelican(const struct generator_site *site, struct draft *draft)
{
	struct settings settings = {NULL, NULL};
	bool publish = inside_is_file(site, "publishconf.py");
	struct slice url;

	if (!inside_is_file(site, "pelicanconf.py") && !publish)
		return false;
	settings.base = pysettings_read(inside_text(site, "pelicanconf.py", draft), &draft->arena);
	settings.publish =
	    pysettings_read(inside_text(site, "publishconf.py", draft), &draft->arena);
	url = string(&settings, "SITEURL");
	take(draft, DRAFT_TITLE, &settings, "SITENAME");
	inside_take_url(draft, url, SLICE_NONE,
	    publish ? "SITEURL in publishconf.py" : "SITEURL in pelicanconf.py");
	take(draft, DRAFT_DESCRIPTION, &settings, "SITESUBTITLE");
	take(draft, DRAFT_LANGUAGE, &settings, "DEFAULT_LANG");
	inside_standard(draft, DRAFT_LANGUAGE, "en", "what Pelican has without DEFAULT_LANG");
	take(draft, DRAFT_TIMEZONE, &settings, "TIMEZONE");
	inside_standard(draft, DRAFT_TIMEZONE, "UTC", "what Pelican has without TIMEZONE");
	take(draft, DRAFT_AUTHOR, &settings, "AUTHOR");
	read_folders(draft, &settings);
	read_permalink(draft, &settings);
	for (size_t i = 0; i < sizeof(feeds) / sizeof(*feeds); i++)
		read_feed(draft, &settings, i);
	return true;
}

const struct generator generator_pelican = {"pelican", "a Pelican site", wants, read_pelican};
