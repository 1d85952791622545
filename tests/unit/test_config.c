/* config: defaults, what settings mean, what is complained about and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "config/config.h"
#include "config/links.h"
#include "config/nearest.h"
#include "config/settings.h"
#include "feeds/base/buf.h"
#include "feeds/base/toml.h"
#include "feeds/permalink.h"

#define SITE "[site]\ntitle = \"T\"\nurl = \"https://e.com/\"\n" /* three lines */

/* The tree is gone before anybody looks at the config. */
static struct config *parse(const char *text, struct diags *diags)
{
	struct value_rules rules = {.max_bytes = 1 << 24, .max_nodes = 1 << 20};
	struct arena arena = ARENA_INIT;
	struct config *config;
	struct value *root;
	struct err err = {0};

	if (toml_parse(slice_of(text), &rules, &arena, &root, &err) < 0)
		fail_msg("%s: %u:%u: %s", text, err.line, err.column, err.text);
	config = config_parse(root, diags);
	arena_free(&arena);
	return config;
}

static struct config *expect(const char *text)
{
	struct diags diags = DIAGS_INIT;
	struct config *config = parse(text, &diags);

	for (size_t i = 0; i < diags.len; i++)
		print_error(
		    "%u:%u: %s\n", diags.items[i].line, diags.items[i].column, diags.items[i].text);
	assert_non_null(config);
	assert_int_equal(diags.len, 0);
	diags_free(&diags);
	return config;
}

/* One complaint, behind SITE; `line` counts from the line after it. */
static void refuse(const char *more, uint32_t line, uint32_t column, const char *words)
{
	struct diags diags = DIAGS_INIT;
	struct buf text = BUF_INIT;

	buf_printf(&text, SITE "%s", more);
	assert_null(parse(buf_string(&text), &diags));
	if (diags.len != 1 || diags.items[0].line != line + 3 || diags.items[0].column != column ||
	    !strstr(diags.items[0].text, words))
		for (size_t i = 0; i < diags.len; i++)
			print_error("%s: %u:%u: %s\n", more, diags.items[i].line - 3,
			    diags.items[i].column, diags.items[i].text);
	assert_int_equal(diags.len, 1);
	assert_int_equal(diags.items[0].line, line + 3);
	assert_int_equal(diags.items[0].column, column);
	assert_non_null(strstr(diags.items[0].text, words));
	assert_int_equal(diags.items[0].level, DIAG_WARNING);
	diags_free(&diags);
	buf_free(&text);
}

static void test_defaults(void **state)
{
	struct config *config = expect(SITE);
	const struct config_feed *feed = config->feeds;

	(void)state;
	assert_string_equal(config->site.title, "T");
	assert_string_equal(config->site.url, "https://e.com/");
	assert_string_equal(config->site.description, "");
	assert_null(config->site.language);
	assert_string_equal(config->site.timezone, "UTC");
	assert_null(config->site.author);
	assert_int_equal(config->site.authors_len, 0);
	assert_string_equal(config->content.dir, "content");
	assert_int_equal(config->content.include.len, 8);
	assert_string_equal(config->content.include.items[0], "**/*.md");
	assert_string_equal(config->content.include.items[7], "**/*.gmi");
	assert_int_equal(config->content.exclude.len, 0);
	assert_string_equal(config->content.permalink, "/:path/");
	assert_int_equal(config->content.permalink_style, PERMALINK_PLAIN);
	assert_int_equal(config->content.undated, UNDATED_MTIME);
	assert_int_equal(config->content.date_only, DATE_ONLY_MIDNIGHT);
	assert_int_equal(config->content.max_bytes, 1048576);
	assert_string_equal(config->output.dir, "public");
	assert_false(config->output.gzip || config->output.brotli);
	assert_string_equal(config->state.dir, ".feedd");
	assert_false(config->state.said);
	assert_int_equal(config->pings_len, 0);

	assert_int_equal(config->feeds_len, 1);
	assert_string_equal(feed->name, "main");
	assert_null(feed->title);
	assert_int_equal(feed->by, QUERY_BY_NOTHING);
	assert_string_equal(feed->paths[0], "rss.xml");
	assert_string_equal(feed->paths[1], "atom.xml");
	assert_string_equal(feed->paths[2], "feed.json");
	assert_int_equal(feed->limit, 20);
	assert_int_equal(feed->content, BODY_FULL);
	assert_null(feed->section);
	assert_null(feed->path);
	assert_int_equal(feed->ttl, 0);
	config_free(config);
	config_free(NULL);
}

static void test_values(void **state)
{
	struct config *config = expect("[site]\n"
				       "title = \"T \xc3\xa9\"\n"
				       "url = \"HTTPS://M\xc3\xbcller.de/bl\xc3\xb6g\"\n"
				       "description = '''a\nb'''\n"
				       "language = \"zh-hant-tw\"\n"
				       "timezone = \"America/Argentina/Buenos_Aires\"\n"
				       "[[site.authors]]\n"
				       "name = \"A\"\n"
				       "email = \"a@e.com\"\n"
				       "url = \"https://e.com/a?b=c\"\n"
				       "[[site.authors]]\n"
				       "name = \"B\"\n"
				       "[content]\n"
				       "dir = \"/srv/posts\"\n"
				       "include = [\"*.md\"]\n"
				       "exclude = [\"a/**\", \"b\"]\n"
				       "permalink = \"/:year-:month/:slug.html\"\n"
				       "undated = \"skip\"\n"
				       "date_only = \"first-seen\"\n"
				       "max_bytes = 1\n"
				       "[output]\n"
				       "dir = \"out\"\n"
				       "compress = [\"brotli\"]\n"
				       "[state]\n"
				       "dir = \"s\"\n");

	(void)state;
	assert_string_equal(config->site.title, "T \xc3\xa9");
	assert_string_equal(config->site.description, "a\nb");
	assert_string_equal(config->site.language, "zh-Hant-TW");
	assert_string_equal(config->site.timezone, "America/Argentina/Buenos_Aires");
	assert_true(slice_ends(slice_of(config->site.url), "://xn--mller-kva.de/bl%C3%B6g/"));
	assert_int_equal(config->site.authors_len, 2);
	assert_string_equal(config->site.authors[0].name.ptr, "A");
	assert_string_equal(config->site.authors[0].email.ptr, "a@e.com");
	assert_string_equal(config->site.authors[0].url.ptr, "https://e.com/a?b=c");
	assert_string_equal(config->site.authors[1].name.ptr, "B");
	assert_int_equal(config->site.authors[1].email.len, 0);
	assert_string_equal(config->content.dir, "/srv/posts");
	assert_int_equal(config->content.include.len, 1);
	assert_int_equal(config->content.exclude.len, 2);
	assert_string_equal(config->content.exclude.items[1], "b");
	assert_string_equal(config->content.permalink, "/:year-:month/:slug.html");
	assert_int_equal(config->content.undated, UNDATED_SKIP);
	assert_int_equal(config->content.date_only, DATE_ONLY_FIRST_SEEN);
	assert_int_equal(config->content.max_bytes, 1);
	assert_string_equal(config->output.dir, "out");
	assert_false(config->output.gzip);
	assert_true(config->output.brotli);
	assert_string_equal(config->state.dir, "s");
	assert_true(config->state.said);
	config_free(config);

	config = expect(SITE "author = \"Jane\"\n[output]\ncompress = [\"gzip\", \"brotli\"]");
	assert_string_equal(config->site.author, "Jane");
	assert_int_equal(config->site.authors_len, 1);
	assert_string_equal(config->site.authors[0].name.ptr, "Jane");
	assert_true(config->output.gzip && config->output.brotli);
	config_free(config);
}

static void test_required(void **state)
{
	struct diags diags = DIAGS_INIT;

	(void)state;
	assert_null(parse("", &diags));
	assert_int_equal(diags.len, 2);
	assert_string_equal(diags.items[0].text,
	    "title is missing in [site]; add a line such as title = \"Example\"");
	assert_non_null(strstr(diags.items[1].text, "url is missing in [site]"));
	assert_int_equal(diags.items[1].line, 1);
	diags_free(&diags);
	assert_null(parse("\n [site]\nurl = \"https://e.com\"", &diags));
	assert_int_equal(diags.len, 1);
	assert_int_equal(diags.items[0].line, 2);
	assert_int_equal(diags.items[0].column, 2);
	diags_free(&diags);
	refuse(
	    "[[site.authors]]\nemail = \"a@e.com\"", 1, 1, "name is missing in [[site.authors]]");
}

static void test_unknown(void **state)
{
	(void)state;
	refuse("titel = \"x\"", 1, 1,
	    "there is no setting 'titel' in [site], did you mean \"title\"?");
	refuse("\"Title\" = \"x\"", 1, 1, "did you mean \"title\"?");
	refuse("desc = \"x\"", 1, 1, "did you mean \"description\"?");
	refuse("limit = 3", 1, 1, "there is one in [[feed]]");
	refuse("zzzz = 3", 1, 1, "there is no setting 'zzzz' in [site]");
	refuse("\"a\\u001b[2J\\u202e\" = 3", 1, 1, "'a\\x1b[2J\\u{202E}'");
	refuse("[content]\nmax-bytes = 3", 2, 1, "\"max_bytes\"");
	refuse("[[feed]]\nrss = \"a\"\natomm = \"b\"", 3, 1, "\"atom\"");
	refuse("[contents]", 1, 2, "there is no table 'contents', did you mean \"content\"?");
	refuse("[[feeds]]", 1, 3, "did you mean \"feed\"?");
	refuse("[zzzz]", 1, 2, "there is no table 'zzzz'");
	refuse("[site.author]\n", 1, 1, "author must be a string, found a table");
}

static void test_loose(void **state)
{
	struct diags diags = DIAGS_INIT;

	(void)state;
	assert_null(parse("lang = \"en\"\nmax_byte = 1\nxyzzy = 2\n" SITE, &diags));
	assert_int_equal(diags.len, 3);
	assert_string_equal(
	    diags.items[0].text, "'lang' stands in no table; put it under [[feed]]");
	assert_string_equal(diags.items[1].text,
	    "'max_byte' stands in no table; put it under [content], did you mean \"max_bytes\"?");
	assert_string_equal(
	    diags.items[2].text, "there is no setting 'xyzzy'; feedd --settings shows all");
	diags_free(&diags);
}

static void test_types(void **state)
{
	(void)state;
	refuse("description = 2024", 1, 15, "must be a string, found a whole number; put quotes");
	refuse("author = [\"a\"]", 1, 10, "found a list; give one value");
	refuse(
	    "[content]\ninclude = \"*.md\"", 2, 11, "must be a list, found a string; put brackets");
	refuse("[content]\ninclude = [\"a\", 1]", 2, 17, "list of strings, found a whole number");
	refuse(
	    "[content]\nmax_bytes = \"1\"", 2, 13, "must be a whole number, found a string; write");
	refuse("[content]\nmax_bytes = 1.5", 2, 13, "must be a whole number, found a number");
	refuse("[feed]\nrss = \"a\"", 1, 1, "write [[feed]], in two brackets");
	refuse("authors = {name = \"a\"}", 1, 11, "write [[site.authors]]");
	refuse("authors = [\"a\"]", 1, 12, "must be a table, found a string");
	refuse("[[content]]", 1, 1, "write [content] on a line of its own");
}

static void test_texts(void **state)
{
	(void)state;
	refuse("author = \"\"", 1, 10, "must not be empty; leave");
	refuse(
	    "author = \"a\\nb\"", 1, 10, "one line without control characters, and holds U+000A");
	refuse("author = \"a\\u0000b\"", 1, 10, "U+0000");
	refuse("description = \"a\\u0000b\"", 1, 15, "U+0000");
	refuse("[content]\ndir = \"\"", 2, 7, "must not be empty");
	refuse("[content]\nexclude = [\"\"]", 2, 12, "must not be empty");
	refuse("[[site.authors]]\nname = \"\"", 2, 8, "must not be empty");
	refuse("[[site.authors]]\nname = \"a\"\nemail = \"a@\"", 3, 9, "jane@example.com");
	refuse("[[site.authors]]\nname = \"a\"\nemail = \"a b@c\"", 3, 9, "jane@example.com");
	refuse("[[site.authors]]\nname = \"a\"\nurl = \"e.com\"", 3, 7, "\"https://e.com\"");
}

static void test_numbers(void **state)
{
	(void)state;
	refuse("[content]\nmax_bytes = 0", 2, 13, "from 1 to 1073741824 (bytes), found 0");
	refuse("[content]\nmax_bytes = 1073741825", 2, 13, "found 1073741825");
	refuse("[[feed]]\nrss = \"a\"\nlimit = -1", 3, 9, "found -1");
	refuse("[[feed]]\nrss = \"a\"\nttl = 525601", 3, 7, "(minutes)");
	config_free(expect(SITE "[content]\nmax_bytes = 1073741824\n"
				"[[feed]]\nrss = \"a\"\nlimit = 0\nttl = 525600"));
}

static void test_choices(void **state)
{
	(void)state;
	refuse("[content]\nundated = \"firstseen\"", 2, 11,
	    "must be \"mtime\", \"first-seen\" or \"skip\", found \"firstseen\", did you mean "
	    "\"first-seen\"?");
	refuse("[content]\ndate_only = \"noon\"", 2, 13, "\"midnight\" or \"first-seen\"");
	refuse("[output]\ncompress = [\"gzip\", \"gz\"]", 2, 21, "found \"gz\"");
	refuse("[[feed]]\nrss = \"a\"\ncontent = \"ful\"", 3, 11, "did you mean \"full\"?");
	refuse("[[ping]]\nprotocol = \"pubsub\"\nurl = \"https://e.com\"", 2, 12, "\"websub\"?");
}

static void refuse_url(const char *url, const char *words)
{
	struct diags diags = DIAGS_INIT;
	struct buf text = BUF_INIT;

	buf_printf(&text, "[site]\ntitle = \"T\"\nurl = \"%s\"", url);
	assert_null(parse(buf_string(&text), &diags));
	assert_int_equal(diags.len, 1);
	assert_int_equal(diags.items[0].line, 3);
	assert_int_equal(diags.items[0].column, 7);
	assert_non_null(strstr(diags.items[0].text, words));
	diags_free(&diags);
	buf_free(&text);
}

static void test_urls(void **state)
{
	struct config *config =
	    expect("[site]\ntitle = \"T\"\nurl = \"http://e.com:8080/a\"\n"
		   "[[ping]]\nprotocol = \"websub\"\nurl = \"https://e.com/x?y=z\"");

	(void)state;
	assert_string_equal(config->site.url, "http://e.com:8080/a/");
	assert_string_equal(config->pings[0].url, "https://e.com/x?y=z");
	config_free(config);
	refuse_url("", "must not be empty");
	refuse_url("/blog/", "must be an absolute address");
	refuse_url("e.com/a", "did you mean \"https://e.com/a\"?");
	refuse_url("ftp://e.com/", "must be an absolute address");
	refuse_url("https://", "must be an absolute address");
	refuse_url("https://e.com/?a=b", "must not have a part from '?' on");
	refuse_url("https://e.com/#a", "must not have a part from '#' on");
	refuse_url("https://me:secret@e.com/", "must not hold a user name or password");
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"https://e.com/#a\"", 3, 7, "'#'");
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"gopher://e.com/\"", 3, 7,
	    "must be an absolute address");
}

static void test_languages_and_zones(void **state)
{
	static const char *const zones[] = {"", "/etc/passwd", "../x", "Europe/", "Europe//Berlin",
	    "+02:00", "+02", "Europe/Ber lin", "a.b"};

	(void)state;
	refuse("language = \"zh_tw\"", 1, 12, "found \"zh_tw\", did you mean \"zh-TW\"?");
	refuse("language = \"en_US.UTF-8\"", 1, 12, "did you mean \"en-US\"?");
	refuse("language = \"english\"", 1, 12, "must be a language tag");
	refuse("[[feed]]\nrss = \"a\"\nlang = \"pt_br\"", 3, 8, "\"pt-BR\"?");
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		struct buf text = BUF_INIT;

		buf_printf(&text, "timezone = \"%s\"", zones[i]);
		refuse(buf_string(&text), 1, 12, "timezone must");
		buf_free(&text);
	}
	config_free(expect(SITE "timezone = \"Etc/GMT-14\"\nlanguage = \"sr-Latn-RS\""));
}

static void test_permalinks(void **state)
{
	static const struct {
		const char *preset, *pattern;
		enum permalink_style style;
		bool site_days;
	} presets[] = {
	    {"hugo", "/:stem/", PERMALINK_HUGO, false},
	    {"jekyll", "/:categories/:year/:month/:day/:slug.html", PERMALINK_JEKYLL, true},
	    {"zola", "/:path/", PERMALINK_ZOLA, false},
	    {"hexo", "/:year/:month/:day/:stem/", PERMALINK_FILES, true},
	    {"pelican", "/:title.html", PERMALINK_PELICAN, false},
	    {"eleventy", "/:stem/", PERMALINK_FILES, false},
	    {"astro", "/:stem/", PERMALINK_ASTRO, false},
	    {"hugo:/blog/:title/", "/blog/:title/", PERMALINK_HUGO, false},
	    {"jekyll:/:year/:slug/", "/:year/:slug/", PERMALINK_JEKYLL, true},
	    {"hexo:/:year/:filename/", "/:year/:filename/", PERMALINK_FILES, true},
	    {"hexo:/:categories/:stem/", "/:categories/:stem/", PERMALINK_FILES, true},
	    {"/b:/:title", "/b:/:title", PERMALINK_PLAIN, false},
	    {"/:year/:slugified_categories/", "/:year/:slugified_categories/", PERMALINK_PLAIN,
		false},
	    {"/:categories/:year/:slug/", "/:categories/:year/:slug/", PERMALINK_JEKYLL, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(presets) / sizeof(*presets); i++) {
		struct buf text = BUF_INIT;
		struct config *config;

		buf_printf(&text, SITE "[content]\npermalink = \"%s\"", presets[i].preset);
		config = expect(buf_string(&text));
		assert_string_equal(config->content.permalink, presets[i].pattern);
		assert_int_equal(config->content.permalink_style, presets[i].style);
		assert_int_equal(config->content.permalink_site_days, presets[i].site_days);
		config_free(config);
		buf_free(&text);
	}
	refuse("[content]\npermalink = \"hugoo\"", 2, 13, "did you mean \"hugo\"?");
	refuse("[content]\npermalink = \"hugoo:/:title/\"", 2, 13, "did you mean \"hugo\"?");
	refuse("[content]\npermalink = \"hugo:/blog/\"", 2, 13, "one address");
	refuse("[content]\npermalink = \"hugo:/:titel/\"", 2, 13, "did you mean \":title\"?");
	refuse("[content]\npermalink = \":slug\"", 2, 13, "begins with \"/\"");
	refuse("[content]\npermalink = 1", 2, 13, "permalink");
	refuse("[content]\npermalink = \":/:slug\"", 2, 13, "begins with \"/\"");
	refuse("[content]\npermalink = \"/:titel/\"", 2, 13,
	    "unknown token, \":titel\" (there are :slug :title :section :path "
	    ":stem :filename :lang :categories :slugified_categories :year :month :day "
	    ":short_year :i_month :short_month :long_month :i_day :y_day :w_year :week :w_day "
	    ":short_day :long_day :hour :minute "
	    ":second), "
	    "did you mean \":title\"?");
	refuse("[content]\npermalink = \"/:slugs\"", 2, 13, "\":slugs\"");
	refuse("[content]\npermalink = \"/blog/\"", 2, 13, "one address");
}

static void test_permalink_tokens(void **state)
{
	(void)state;
	for (size_t i = 0; permalink_token(i); i++) {
		struct buf text = BUF_INIT;

		buf_printf(&text, SITE "[content]\npermalink = \"/:%s/\"", permalink_token(i));
		config_free(expect(buf_string(&text)));
		buf_free(&text);
	}
}

static void test_feeds(void **state)
{
	struct config *config = expect(SITE "[[feed]]\nrss = \"a/b.xml\"\nlimit = 5\nttl = 60\n"
					    "title = \"Essays\"\ncontent = \"summary\"\n"
					    "section = \"posts\"\ntag = \"x\"\ncategory = \"y\"\n"
					    "author = \"z\"\nlang = \"EN-us\"\npath = \"p/**\"\n"
					    "[[feed]]\nby = \"tag\"\natom = \"t/:tag.xml\"\n"
					    "[[feed]]\nby = \"lang\"\nname = \"feed-5\"\n"
					    "json = \":lang/f.json\"\nrss = \":lang/r.xml\"\n"
					    "[[feed]]\nby = \"tag\"\njson = \"t/:tag.json\"\n"
					    "[[feed]]\natom = \"c.xml\"\ncontent = \"none\"\n");
	const struct config_feed *feed = config->feeds;

	(void)state;
	assert_int_equal(config->feeds_len, 5);
	assert_string_equal(feed->name, "feed-1");
	assert_string_equal(feed->title, "Essays");
	assert_string_equal(feed->paths[0], "a/b.xml");
	assert_null(feed->paths[1]);
	assert_int_equal(feed->limit, 5);
	assert_int_equal(feed->ttl, 60);
	assert_int_equal(feed->content, BODY_SUMMARY);
	assert_string_equal(feed->section, "posts");
	assert_string_equal(feed->tag, "x");
	assert_string_equal(feed->category, "y");
	assert_string_equal(feed->author, "z");
	assert_string_equal(feed->lang, "en-US");
	assert_string_equal(feed->path, "p/**");
	assert_int_equal(feed->by, QUERY_BY_NOTHING);
	assert_int_equal(feed->line, 4);
	assert_int_equal(feed->column, 1);
	assert_string_equal(feed[1].name, "tag");
	assert_int_equal(feed[1].by, QUERY_BY_TAG);
	assert_int_equal(feed[1].limit, 20);
	assert_string_equal(feed[1].paths[1], "t/:tag.xml");
	assert_int_equal(feed[2].by, QUERY_BY_LANG);
	assert_string_equal(feed[3].name, "feed-4");
	assert_string_equal(feed[4].name, "feed-6");
	assert_int_equal(feed[4].content, BODY_NONE);
	config_free(config);
}

static void test_feed_paths(void **state)
{
	static const struct {
		const char *path, *words;
	} cases[] = {
	    {"", "must not be empty"},
	    {"/a.xml", "relative to output.dir"},
	    {"../a.xml", "without \"..\""},
	    {"a/../../b.xml", "without \"..\""},
	    {"a/..", "without \"..\""},
	    {"a/", "must be a file"},
	    {"a.xml.gz", "must not end in"},
	    {"a.br", "must not end in"},
	    {"./a", "without \"//\" and \"./\""},
	    {"a//b", "without \"//\" and \"./\""},
	    {".a", "must not be hidden"},
	    {"a/.b/c", "must not be hidden"},
	    {"a\\nb", "control characters"},
	    {":tags.xml", "unknown token, \":tags\""},
	    {":tag.xml", "add by = \"tag\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf text = BUF_INIT;

		buf_printf(&text, "[[feed]]\natom = \"%s\"", cases[i].path);
		refuse(buf_string(&text), 2, 8, cases[i].words);
		buf_free(&text);
	}
	config_free(expect(SITE "[[feed]]\nrss = \"a..b/c.d/e:.xml\""));
	refuse("[[feed]]\nlimit = 3", 1, 1, "this feed has no path");
	refuse("[[feed]]\nby = \"tag\"\nrss = \"a.xml\"", 3, 7, "needs the token :tag");
	refuse("[[feed]]\nby = \"tag\"\nrss = \":tag/:lang.xml\"", 3, 7, "not by lang");
	refuse(
	    "[[feed]]\nrss = \"a\"\natom = \"a\"", 3, 8, "and so does rss of the feed in line 4");
	refuse("[[feed]]\nrss = \"a\"\n[[feed]]\nrss = \"b\"\njson = \"a\"", 5, 8, "so does rss");
}

static void test_feed_names(void **state)
{
	(void)state;
	refuse("[[feed]]\nrss = \"a\"\nname = \"x\"\n[[feed]]\nrss = \"b\"\nname = \"x\"", 6, 8,
	    "the feed in line 4 has the name \"x\" already");
	refuse("[[feed]]\nrss = \"a\"\nname = \"\"", 3, 8, "must not be empty");
}

static void test_pings(void **state)
{
	struct config *config =
	    expect(SITE "[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\n"
			"[[ping]]\nprotocol = \"indexnow\"\nmin_interval = 0\n"
			"feeds = [\"main\"]\nkey = \"0123-abcXYZ\"\n"
			"live_check = true\nlive_timeout = 5\nredirects = true\n"
			"announce_first_run = true\n");
	const struct config_ping *ping = config->pings;

	(void)state;
	assert_int_equal(config->pings_len, 2);
	assert_ptr_equal(ping->protocol, &ping_websub);
	assert_int_equal(ping->feeds.len, 0);
	assert_string_equal(ping->url, "https://h.com/");
	assert_string_equal(ping->name, "h.com");
	assert_null(ping->key);
	assert_null(ping->secret_file);
	assert_int_equal(ping->min_interval, ping_websub.min_interval);
	assert_int_equal(ping->live_timeout, 600);
	assert_false(ping->live_check || ping->redirects || ping->announce_first_run);
	ping++;
	assert_ptr_equal(ping->protocol, &ping_indexnow);
	assert_string_equal(ping->url, ping_indexnow.url);
	assert_int_equal(ping->line, 7);
	assert_string_equal(ping->feeds.items[0], "main");
	assert_int_equal(ping->min_interval, 0);
	assert_string_equal(ping->key, "0123-abcXYZ");
	assert_int_equal(ping->live_timeout, 5);
	assert_true(ping->live_check && ping->redirects && ping->announce_first_run);
	config_free(config);
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\nfeeds = [\"main\", "
	       "\"mian\"]",
	    4, 18, "there is no feed \"mian\", did you mean \"main\"?");
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\nmin_interval = 86401", 4,
	    16, "from 0 to 86400");
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\nlive_timeout = 0", 4, 16,
	    "from 1 to 86400");
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\nlive_check = \"yes\"", 4,
	    14, "must be true or false");
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\nlive-check = true", 4, 1,
	    "did you mean \"live_check\"?");
}

/* What a protocol needs, and what it has no use for. */
static void test_ping_parts(void **state)
{
	(void)state;
	config_free(expect(SITE "[[ping]]\nprotocol = \"webmention\""));
	refuse("[[ping]]\nprotocol = \"websub\"", 1, 1, "url is missing in [[ping]]");
	refuse(
	    "[[ping]]\nprotocol = \"webmention\"\nurl = \"https://h.com\"", 3, 1, "leave url out");
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\nsecret_file = \"x\"", 4,
	    1, "\"websub\" has no secrets; leave secret_file out");
	refuse(
	    "[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\nsecret_credential = \"x\"",
	    4, 1, "leave secret_credential out");
	refuse("[[ping]]\nprotocol = \"webhook\"\nurl = \"https://h.com\"", 1, 1,
	    "secret_file = \"webhook.secret\"");
	refuse(
	    "[[ping]]\nprotocol = \"webhook\"\nurl = \"https://h.com\"\nsecret_credential = \"x\"\n"
	    "secret_file = \"x\"",
	    4, 1, "leave one of the two out");
	refuse("[[ping]]\nprotocol = \"webhook\"\nurl = \"https://h.com\"\nsecret_credential = "
	       "\"/run/x\"",
	    4, 21, "for the path of a file there is secret_file");
	refuse("[[ping]]\nprotocol = \"webhook\"\nurl = \"https://h.com\"\nsecret_credential = "
	       "\"..\"",
	    4, 21, "the name of a credential");
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\nkey = \"0123456789\"", 4,
	    1, "\"websub\" has no key; leave key out");
	refuse("[[feed]]\nname = \"a\"\natom = \"a.xml\"\n[[ping]]\nprotocol = \"podcastindex\"", 4,
	    1, "\"podcastindex\" is told of RSS alone, and no feed of it has one");
	refuse("[[feed]]\nname = \"a\"\natom = \"a.xml\"\n[[feed]]\nname = \"b\"\nrss = \"b.xml\"\n"
	       "[[ping]]\nprotocol = \"rsscloud\"\nurl = \"http://h.example/\"\nfeeds = [\"a\"]",
	    7, 1, "add a line such as rss");
	refuse("[[ping]]\nprotocol = \"indexnow\"\nkey = \"0123456\"", 3, 7, "8 to 128 letters");
	refuse("[[ping]]\nprotocol = \"indexnow\"\nkey = \"0123_4567\"", 3, 7, "8 to 128 letters");
	refuse("[[ping]]\nprotocol = \"indexnow\"\nkey = \"0123456\\u0000\"", 3, 7,
	    "8 to 128 letters");
}

static void test_ping_names(void **state)
{
	static const char *const names[] = {"h.com-3", "h.com", "h.com-2", "webmention"};
	struct config *config = expect(
	    SITE "[[ping]]\nprotocol = \"websub\"\nurl = \"https://H.com/1\"\n"
		 "[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com/2\"\nname = \"h.com\"\n"
		 "[[ping]]\nprotocol = \"xmlrpc\"\nurl = \"https://h.com/2\"\nname = \"h.com-2\"\n"
		 "[[ping]]\nprotocol = \"webmention\"");

	(void)state;
	assert_int_equal(config->pings_len, 4);
	for (size_t i = 0; i < config->pings_len; i++)
		assert_string_equal(config->pings[i].name, names[i]);
	config_free(config);
	refuse("[[ping]]\nprotocol = \"webmention\"\nname = \"x\"\n"
	       "[[ping]]\nprotocol = \"indexnow\"\nname = \"x\"",
	    6, 8, "the [[ping]] in line 4 has the name \"x\" already");
	refuse("[[ping]]\nprotocol = \"webmention\"\n[[ping]]\nprotocol = \"webmention\"", 3, 1,
	    "the [[ping]] in line 4 tells the same one");
	refuse("[[ping]]\nprotocol = \"websub\"\nurl = \"https://h.com\"\n"
	       "[[ping]]\nprotocol = \"websub\"\nurl = \"HTTPS://H.COM/\"",
	    4, 1, "the [[ping]] in line 4 tells the same one");
}

static void test_http(void **state)
{
	static const char *const proxies[] = {"", "proxy", "proxy:3128", "http://proxy",
	    "http://proxy:0", "http://proxy:65536", "http://:3128", "http://proxy:3128/x",
	    "http://proxy:3128?x", "ftp://proxy:3128", "http://me:secret@proxy:3128",
	    "http://a:b:1", "http://pr oxy:3128", "http:proxy:3128"};
	struct config *config =
	    expect(SITE "[http]\nproxy = \"socks5h://[::1]:1080\"\n"
			"allow = [\"127.0.0.1\", \"10.0.0.0/8\", \"fd00::/8\", \"::/0\"]");

	(void)state;
	assert_string_equal(config->http.proxy, "socks5h://[::1]:1080");
	assert_int_equal(config->http.allow_len, 4);
	assert_int_equal(config->http.allow[0].bits, 128);
	assert_int_equal(config->http.allow[1].bits, 104);
	assert_int_equal(config->http.allow[2].bits, 8);
	config_free(config);
	config = expect(SITE);
	assert_null(config->http.proxy);
	assert_int_equal(config->http.allow_len, 0);
	config_free(config);
	for (size_t i = 0; i < sizeof(proxies) / sizeof(*proxies); i++) {
		struct buf text = BUF_INIT;

		buf_printf(&text, "[http]\nproxy = \"%s\"", proxies[i]);
		refuse(buf_string(&text), 2, 9, "proxy must ");
		buf_free(&text);
	}
	refuse("[http]\nallow = [\"10.0.0.0/8\", \"10.0.0.0/33\"]", 2, 24, "found \"10.0.0.0/33\"");
	refuse("[http]\nallow = [\"localhost\"]", 2, 10, "holds networks such as");
	refuse("[http]\nallow = [1]", 2, 10, "must be a list of strings");
	refuse("[http]\nallow = \"10.0.0.0/8\"", 2, 9, "put brackets around it");
	refuse("[[http]]\nproxy = \"x\"", 1, 1, "http is a table");
}

static void test_all_complaints(void **state)
{
	static const uint32_t lines[] = {0, 2, 3, 4, 6, 8, 10};
	struct diags diags = DIAGS_INIT;

	(void)state;
	diag_put(&diags, DIAG_NOTE, 99, 1, "somebody else's");
	assert_null(parse("[site]\ntitle = 1\nurl = \"x\"\ntitel = 2\n[[feed]]\nrss = \"/\"\n"
			  "[[ping]]\nprotocol = 3\nurl = \"https://e.com\"\n[outptu]",
	    &diags));
	assert_int_equal(diags.len, 7);
	assert_int_equal(diags.items[0].line, 99);
	for (size_t i = 1; i < diags.len; i++)
		assert_int_equal(diags.items[i].line, lines[i]);
	diags_free(&diags);
}

static void test_too_many_complaints(void **state)
{
	struct diags diags = DIAGS_INIT;
	struct buf text = BUF_INIT;

	(void)state;
	buf_puts(&text, SITE);
	for (int i = 0; i < 50000; i++)
		buf_printf(&text, "titel%d = 1\n", i);
	assert_null(parse(buf_string(&text), &diags));
	assert_int_equal(diags.len, DIAG_MAX);
	assert_int_equal(diags.dropped, 50000 - DIAG_MAX);
	diags_free(&diags);
	buf_clear(&text);
	buf_puts(&text, SITE);
	for (int i = 0; i < 1001; i++)
		buf_printf(&text, "[[feed]]\nrss = \"%d\"\n", i);
	assert_null(parse(buf_string(&text), &diags));
	assert_int_equal(diags.len, 1);
	assert_non_null(strstr(diags.items[0].text, "1000 are the most"));
	diags_free(&diags);
	buf_free(&text);
}

/* The reference with the "#" taken from every line that is a setting or a header. */
static void uncomment(struct slice text, struct buf *out)
{
	struct slice line;

	while (slice_line(&text, &line)) {
		bool commented = line.len > 1 && line.ptr[0] == '#' && line.ptr[1] != ' ';

		buf_put_slice(out, commented ? slice_from(line, 1) : line);
		buf_putc(out, '\n');
	}
}

static void test_reference(void **state)
{
	struct buf reference = BUF_INIT, all = BUF_INIT;
	struct config *config;

	(void)state;
	config_put_settings(&reference);
	config = expect(buf_string(&reference));
	assert_int_equal(config->feeds_len, 1);
	assert_null(config->site.language);
	config_free(config);

	uncomment(buf_slice(&reference), &all);
	config = expect(buf_string(&all));
	assert_string_equal(config->site.language, "en");
	assert_int_equal(config->content.include.len, 8);
	assert_int_equal(config->site.authors_len, 1);
	assert_int_equal(config->feeds_len, 2);
	assert_string_equal(config->feeds[0].paths[2], "feed.json");
	assert_string_equal(config->feeds[0].path, "posts/**");
	assert_int_equal(config->feeds[1].by, QUERY_BY_TAG);
	assert_int_equal(config->pings_len, 4);
	assert_string_equal(config->pings[1].secret_file, "hook.secret");
	assert_int_equal(config->http.allow_len, 1);
	config_free(config);
	buf_free(&reference);
	buf_free(&all);
}

/* Every row is printed, says something, and stands in lines that fit a terminal. */
static void test_reference_is_whole(void **state)
{
	struct buf reference = BUF_INIT, all = BUF_INIT;
	struct value_rules rules = {.max_bytes = 1 << 20};
	struct arena arena = ARENA_INIT;
	struct value *root;
	struct slice rest, line;
	struct err err;

	(void)state;
	config_put_settings(&reference);
	uncomment(buf_slice(&reference), &all);
	assert_int_equal(toml_parse(buf_slice(&all), &rules, &arena, &root, &err), 0);
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);
		const struct section_info *info = &sections[setting.section];
		const struct value *map = value_get(root, info->name);

		if (setting.section == SECTION_AUTHOR)
			map = value_get(value_get(root, "site"), info->key);
		assert_non_null(map);
		if (info->repeated)
			map = map->first;
		while (setting.apart && !value_get(map, setting.key) && map->next)
			map = map->next;
		assert_non_null(value_get(map, setting.key));
		assert_true(slice_ends(slice_of(setting.text), "."));
		assert_true(setting.required ? setting.example && !setting.standard : true);
		assert_int_equal(settings_find(setting.section, slice_of(setting.key)), i);
	}
	assert_int_equal(settings_find(SECTION_SITE, SLICE("limit")), settings_len());
	for (rest = buf_slice(&reference); slice_line(&rest, &line);)
		assert_true(line.len <= 100 || slice_starts(line, "#include = "));
	assert_non_null(strstr(buf_string(&reference), "\n#limit = 20 "));
	assert_non_null(strstr(buf_string(&reference), "# articles, 0 to 1000000\n"));
	assert_non_null(strstr(buf_string(&reference), "generator does.\n"));
	arena_free(&arena);
	buf_free(&reference);
	buf_free(&all);
}

static void test_pages(void **state)
{
	struct config *config = expect(SITE "[pages]\ndir = \"a/feeds/\"\nopml = \"f.opml\"\n"
					    "[[feed]]\nname = \"Main & all\"\nrss = \"r.xml\"\n"
					    "[[feed]]\nby = \"tag\"\nrss = \":tag.xml\"\n");

	(void)state;
	assert_string_equal(config->pages.index, "a/feeds/index.html");
	assert_string_equal(config->pages.stylesheet, "a/feeds/feedd.css");
	assert_string_equal(config->pages.opml, "f.opml");
	assert_false(config->pages.style_feeds);
	assert_true(
	    slice_starts(slice_of(config->feeds[0].paths[FORMAT_FEEDS]), "a/feeds/main-all-"));
	assert_string_equal(config->feeds[1].paths[FORMAT_FEEDS], "a/feeds/tag/:tag.html");
	config_free(config);
	config = expect(SITE);
	assert_null(config->pages.dir);
	assert_null(config->pages.index);
	assert_null(config->feeds[0].paths[FORMAT_FEEDS]);
	config_free(config);
	refuse("[pages]\ndir = \"/feeds\"", 2, 7, "must be relative to output.dir");
	refuse("[pages]\ndir = \"feeds//\"", 2, 7, "without a \"/\" at its end");
	refuse("[pages]\ndir = \".\"", 2, 7, "without \"//\" and \"./\"");
	refuse("[pages]\ndir = \"..\"", 2, 7, "must stay within output.dir");
	refuse("[pages]\ndir = \"a/:tag\"", 2, 7, "it has no tokens, found \":tag\"");
	refuse("[pages]\nopml = \"rss.xml\"", 1, 1, "goes to rss.xml, which [pages] writes");
	refuse("[pages]\ndir = \"a\"\nopml = \"a/index.html\"", 3, 8, "which is another page");
	refuse("[pages]\ndir = \"rss.xml\"", 2, 7, "where rss.xml is to be a file");
	refuse("[pages]\ndir = \"atom.xml/a\"", 2, 7, "where atom.xml is to be a file");
	refuse("[pages]\ndir = \"a/b\"\nopml = \"a\"", 2, 7, "where a is to be a file");
	config_free(expect(SITE "[pages]\ndir = \"rss.xml.d\""));
	refuse("[pages]\nstyle_feeds = true", 2, 15, "add a line such as dir = \"feeds\"");
	refuse("[pages]\ndir = \"a\"\n[[feed]]\nname = \"index\"\nrss = \"r.xml\"", 1, 1,
	    "goes to a/index.html, which [pages] writes");
	refuse("[pages]\ndir = \"a\"\n[[feed]]\nname = \"x\"\nrss = \"a/feedd.css\"", 1, 1,
	    "goes to a/feedd.css, which [pages] writes");
	refuse("[pages]\ndir = \"a\"\n[[feed]]\nname = \"x\"\nrss = \"a.xml\"\n"
	       "[[feed]]\nname = \"X\"\nrss = \"b.xml\"",
	    1, 1, "the page of the feed 'X' goes to a/x");
}

static void test_links(void **state)
{
	struct config *config = expect("[site]\ntitle = \"A > \\\"B\\\" -->\"\n"
				       "url = \"https://e.com/b\"\n"
				       "[[feed]]\nname = \"m\"\njson = \"f é.json\"\n"
				       "[[feed]]\nby = \"tag\"\natom = \"t/:tag.xml\"\n");
	struct buf links = BUF_INIT;

	(void)state;
	links_put(config, &links);
	assert_string_equal(buf_string(&links),
	    "<!-- For the head of every page. -->\n"
	    "<link rel=\"alternate\" type=\"application/feed+json\" "
	    "title=\"A &gt; &quot;B&quot; --&gt; (JSON Feed)\" "
	    "href=\"https://e.com/b/f%20%C3%A9.json\"/>\n"
	    "<!-- For the page of each tag, with its name in place of :tag.\n"
	    "<link rel=\"alternate\" type=\"application/atom+xml\" "
	    "title=\"A &gt; &quot;B&quot; --&gt;: :tag (Atom)\" "
	    "href=\"https://e.com/b/t/:tag.xml\"/>\n"
	    "-->\n");
	buf_free(&links);
	config_free(config);
}

static const char *near(const char *word)
{
	static const char *const names[] = {
	    "title", "description", "rss", "url", "max_bytes", "limit"};
	struct nearest nearest = nearest_start(slice_of(word));

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		nearest_try(&nearest, names[i]);
	return nearest.best ? nearest.best : "-";
}

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(near("titel"), "title");
	assert_string_equal(near("tite"), "title");
	assert_string_equal(near("titlee"), "title");
	assert_string_equal(near("TITLE"), "title");
	assert_string_equal(near("max-byte"), "max_bytes");
	assert_string_equal(near("desc"), "description");
	assert_string_equal(near("de"), "-");
	assert_string_equal(near("rs"), "rss");
	assert_string_equal(near("uri"), "url");
	assert_string_equal(near("timeline"), "-");
	assert_string_equal(near(""), "-");
	assert_string_equal(near("titletitletitletitletitletitletitletitletitle"), "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_required),
	    cmocka_unit_test(test_unknown),
	    cmocka_unit_test(test_loose),
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_choices),
	    cmocka_unit_test(test_urls),
	    cmocka_unit_test(test_languages_and_zones),
	    cmocka_unit_test(test_permalinks),
	    cmocka_unit_test(test_permalink_tokens),
	    cmocka_unit_test(test_feeds),
	    cmocka_unit_test(test_feed_paths),
	    cmocka_unit_test(test_feed_names),
	    cmocka_unit_test(test_pings),
	    cmocka_unit_test(test_ping_parts),
	    cmocka_unit_test(test_ping_names),
	    cmocka_unit_test(test_http),
	    cmocka_unit_test(test_all_complaints),
	    cmocka_unit_test(test_too_many_complaints),
	    cmocka_unit_test(test_reference),
	    cmocka_unit_test(test_reference_is_whole),
	    cmocka_unit_test(test_pages),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
