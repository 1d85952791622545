#include "config/settings.h"

#include <stddef.h>

const struct section_info sections[SECTION_COUNT] = {
    [SECTION_SITE] = {"site", "[site]", "site", false, "The site that the feeds are of."},
    [SECTION_AUTHOR] = {"site.authors", "[[site.authors]]", "authors", true,
	"Authors with more than a name, a block each. They take the place of `author`."},
    [SECTION_CONTENT] = {"content", "[content]", "content", false, "Where articles come from."},
    [SECTION_OUTPUT] = {"output", "[output]", "output", false, "Where feeds go."},
    [SECTION_FEED] = {"feed", "[[feed]]", "feed", true,
	"A feed, in one format or several; a block for each feed. Without any block there is one "
	"feed, \"main\", in every format."},
    [SECTION_PAGES] = {"pages", "[pages]", "pages", false,
	"Pages that show people what feeds there are. Without `dir` and `opml` there are none."},
    [SECTION_STATE] = {"state", "[state]", "state", false, "What has to be remembered."},
    [SECTION_METRICS] = {"metrics", "[metrics]", "metrics", false,
	"Figures for Prometheus, read by the textfile collector of its node exporter."},
    [SECTION_PING] = {"ping", "[[ping]]", "ping", true,
	"A hub or aggregator that is told when a feed has changed; a block for each."},
    [SECTION_HTTP] = {"http", "[http]", "http", false,
	"How other machines are spoken to. Nothing is taken from the environment."},
};

static const char *const undated[] = {"mtime", "first-seen", "skip", NULL};
static const char *const date_only[] = {"midnight", "first-seen", NULL};
static const char *const watch[] = {"events", "poll", NULL};
static const char *const compress[] = {"gzip", "brotli", NULL};
static const char *const content[] = {"full", "summary", "none", NULL};
const char *const settings_by[] = {"tag", "category", "section", "author", "lang", NULL};

_Static_assert(UNDATED_MTIME == 0 && UNDATED_FIRST_SEEN == 1 && UNDATED_SKIP == 2, "as undated[]");
_Static_assert(DATE_ONLY_MIDNIGHT == 0 && DATE_ONLY_FIRST_SEEN == 1, "as date_only[]");
_Static_assert(CONFIG_WATCH_EVENTS == 0 && CONFIG_WATCH_POLL == 1, "as watch[]");
_Static_assert(BODY_FULL == 0 && BODY_SUMMARY == 1 && BODY_NONE == 2, "as content[]");
_Static_assert(QUERY_BY_TAG == 1 && QUERY_BY_CATEGORY == 2 && QUERY_BY_SECTION == 3 &&
		   QUERY_BY_AUTHOR == 4 && QUERY_BY_LANG == 5,
    "as settings_by[], from 1");
_Static_assert(
    offsetof(struct config, output.brotli) == offsetof(struct config, output.gzip) + sizeof(bool),
    "as compress[]");

#define CONFIG(field) .offset = offsetof(struct config, field)
#define AUTHOR(field) .section = SECTION_AUTHOR, .offset = offsetof(struct person, field)
#define FEED(field)   .section = SECTION_FEED, .offset = offsetof(struct config_feed, field)
#define PING(field)   .section = SECTION_PING, .offset = offsetof(struct config_ping, field)

/* A row without a key stands for one of each format. */
static const struct setting rows[] = {
    {
	.section = SECTION_SITE,
	.key = "title",
	.type = &type_text,
	CONFIG(site.title),
	.required = true,
	.example = "\"Example\"",
	.text = "Title of the site, and of each feed that has none of its own.",
    },
    {
	.section = SECTION_SITE,
	.key = "url",
	.type = &type_site_url,
	CONFIG(site.url),
	.required = true,
	.example = "\"https://example.com/\"",
	.text = "Address of the site, with which every link begins. A \"/\" is added at its end.",
    },
    {
	.section = SECTION_SITE,
	.key = "description",
	.type = &type_prose,
	CONFIG(site.description),
	.standard = "\"\"",
	.text = "What the site is about, in a sentence. When it is empty, the title serves.",
    },
    {
	.section = SECTION_SITE,
	.key = "language",
	.type = &type_language,
	CONFIG(site.language),
	.example = "\"en\"",
	.text = "Language of all articles that do not name their own (BCP 47).",
    },
    {
	.section = SECTION_SITE,
	.key = "timezone",
	.type = &type_timezone,
	CONFIG(site.timezone),
	.standard = "\"UTC\"",
	.text = "Zone of all dates that name none, such as \"Europe/Berlin\". The zone of the "
		"machine never counts.",
    },
    {
	.section = SECTION_SITE,
	.key = "author",
	.type = &type_text,
	CONFIG(site.author),
	.example = "\"Jane Doe\"",
	.text = "Author of all articles that name none.",
    },
    {
	.key = "name",
	.type = &type_part,
	AUTHOR(name),
	.required = true,
	.example = "\"Jane Doe\"",
	.text = "The name as readers see it.",
    },
    {
	.key = "email",
	.type = &type_email,
	AUTHOR(email),
	.example = "\"jane@example.com\"",
	.text = "Address for mail. It stands in public, in every feed.",
    },
    {
	.key = "url",
	.type = &type_person_url,
	AUTHOR(url),
	.example = "\"https://example.com/about/\"",
	.text = "A page about this person.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "dir",
	.type = &type_folder,
	CONFIG(content.dir),
	.standard = "\"content\"",
	.text = "Folder of the articles, watched with all folders in it. Relative to this file.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "include",
	.type = &type_list,
	CONFIG(content.include),
	.standard = "[\"**/*.md\", \"**/*.markdown\", \"**/*.mdown\", \"**/*.mdx\", \"**/*.html\", "
		    "\"**/*.htm\", \"**/*.txt\", \"**/*.gmi\"]",
	.text = "Patterns of the files that are articles. \"**\" stands for any folders, \"*\" for "
		"any part of a name.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "exclude",
	.type = &type_list,
	CONFIG(content.exclude),
	.standard = "[]",
	.text =
	    "Patterns of files that are none all the same, for example [\"templates/**\"]. What "
	    "editors and sync tools leave behind, dot files and _index files never are.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "permalink",
	.type = &type_permalink,
	CONFIG(content.permalink),
	.standard = "\"/:path/\"",
	.text =
	    "Where your generator puts the page of an article. A pattern of :year :month :day "
	    ":slug :title :section :path :stem :filename :lang :categories :slugified_categories, "
	    "and what Jekyll has beside of a date, "
	    "or the usual one of \"hugo\", \"jekyll\", \"zola\", \"hexo\", \"pelican\", "
	    "\"eleventy\" or \"astro\". One of these with a pattern behind it, as "
	    "\"hugo:/blog/:title/\", writes names, titles and days as that generator does.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "undated",
	.type = &type_choice,
	CONFIG(content.undated),
	.standard = "\"mtime\"",
	.choices = undated,
	.text = "The date of an article that has none: when its file was last changed, as it stood "
		"when feedd first saw it, or that moment itself. \"skip\" leaves the article out.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "date_only",
	.type = &type_choice,
	CONFIG(content.date_only),
	.standard = "\"midnight\"",
	.choices = date_only,
	.text = "The time of a date that has none: midnight in site.timezone, or when feedd first "
		"saw the article, if that was on the same day.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "max_bytes",
	.type = &type_number,
	CONFIG(content.max_bytes),
	.standard = "1048576",
	.min = 1,
	.max = 1 << 30,
	.unit = "bytes",
	.text = "An article larger than this is skipped, and named.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "watch",
	.type = &type_choice,
	CONFIG(content.watch),
	.standard = "\"events\"",
	.choices = watch,
	.text =
	    "How the daemon learns of changes: told by the kernel, or by looking again and again, "
	    "which is for network file systems, where the kernel hears nothing.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "quiet",
	.type = &type_number,
	CONFIG(content.quiet),
	.standard = "50",
	.max = 60000,
	.unit = "milliseconds",
	.text = "Writes have settled when there was none for so long.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "quiet_max",
	.type = &type_number,
	CONFIG(content.quiet_max),
	.standard = "1000",
	.max = 600000,
	.unit = "milliseconds",
	.text = "Where writes never end, the feeds follow this long after the first of them.",
    },
    {
	.section = SECTION_CONTENT,
	.key = "rescan_interval",
	.type = &type_number,
	CONFIG(content.rescan_interval),
	.standard = "600",
	.min = 1,
	.max = 86400,
	.unit = "seconds",
	.text =
	    "How often the daemon looks at every file all the same, for changes that the kernel "
	    "says nothing of.",
    },
    {
	.section = SECTION_OUTPUT,
	.key = "dir",
	.type = &type_folder,
	CONFIG(output.dir),
	.standard = "\"public\"",
	.text = "Folder that is seen on the web as site.url. Relative to this file.",
    },
    {
	.section = SECTION_OUTPUT,
	.key = "compress",
	.type = &type_flags,
	CONFIG(output.gzip),
	.standard = "[]",
	.choices = compress,
	.text = "Compressed copies beside each feed, for web servers that can send them: .gz, .br.",
    },
    {
	.section = SECTION_OUTPUT,
	.key = "keep_empty",
	.type = &type_number,
	CONFIG(output.keep_empty),
	.standard = "30",
	.max = 36500,
	.unit = "days",
	.text = "How long the feed of a tag, category, section, author or language stays, empty, "
		"after its last article left it.",
    },
    {
	.key = "name",
	.type = &type_text,
	FEED(name),
	.example = "\"main\"",
	.text = "Name in messages and for [[ping]]. Without it the value of `by`, or \"feed-1\", "
		"\"feed-2\" and so on.",
    },
    {
	.key = "title",
	.type = &type_text,
	FEED(title),
	.example = "\"Example: essays\"",
	.text = "Title, if it is not the site's.",
    },
    {
	.type = &type_file,
	FEED(paths),
	.text = "Where the feed goes within output.dir, one line for each format wanted.",
    },
    {
	.key = "limit",
	.type = &type_number,
	FEED(limit),
	.standard = "20",
	.max = 1000000,
	.unit = "articles",
	.text = "How many articles, the newest first. 0: all.",
    },
    {
	.key = "content",
	.type = &type_choice,
	FEED(content),
	.standard = "\"full\"",
	.choices = content,
	.text = "What of each article: all of it, its summary, or neither.",
    },
    {
	.key = "section",
	.type = &type_text,
	FEED(section),
	.example = "\"posts\"",
	.text = "Only articles in this section, which is the first folder of their path. A folder "
		"that is named like a language, such as \"it\", is their language and no section, "
		"unless a feed asks for it here, or their head says another lang.",
    },
    {
	.key = "tag",
	.type = &type_text,
	FEED(tag),
	.example = "\"rust\"",
	.text = "Only articles with this tag.",
    },
    {
	.key = "category",
	.type = &type_text,
	FEED(category),
	.example = "\"essays\"",
	.text = "Only articles in this category.",
    },
    {
	.key = "author",
	.type = &type_text,
	FEED(author),
	.example = "\"Jane Doe\"",
	.text = "Only articles by this author; those that name none are by the site's.",
    },
    {
	.key = "lang",
	.type = &type_language,
	FEED(lang),
	.example = "\"en\"",
	.text = "Only articles in this language.",
    },
    {
	.key = "path",
	.type = &type_text,
	FEED(path),
	.example = "\"posts/**\"",
	.text = "Only articles whose path matches this pattern.",
    },
    {
	.key = "ttl",
	.type = &type_number,
	FEED(ttl),
	.standard = "0",
	.max = 525600,
	.unit = "minutes",
	.text = "How long readers may wait before they look again, for RSS. 0: not said.",
    },
    {
	.key = "by",
	.type = &type_choice,
	FEED(by),
	.example = "\"tag\"",
	.choices = settings_by,
	.min = QUERY_BY_TAG,
	.apart = "rss = \"tags/:tag/rss.xml\"",
	.text = "A feed for each value that articles have, instead of one for all of them. Every "
		"path needs the token that is named like it.",
    },
    {
	.section = SECTION_PAGES,
	.key = "dir",
	.type = &type_subfolder,
	CONFIG(pages.dir),
	.example = "\"feeds\"",
	.text = "Folder within output.dir for index.html, which names all feeds with their "
		"addresses, and a page of each feed with its entries. Their stylesheet, feedd.css, "
		"is written when there is none: change it, or put your own there.",
    },
    {
	.section = SECTION_PAGES,
	.key = "style_feeds",
	.type = &type_switch,
	CONFIG(pages.style_feeds),
	.standard = "false",
	.text = "Name that stylesheet in RSS and Atom too, so that a browser shows them to people "
		"who follow a link to a feed.",
    },
    {
	.section = SECTION_PAGES,
	.key = "opml",
	.type = &type_own_file,
	CONFIG(pages.opml),
	.example = "\"feeds.opml\"",
	.text = "A file within output.dir with all feeds in one, in OPML 2.0, which feed readers "
		"import.",
    },
    {
	.section = SECTION_STATE,
	.key = "dir",
	.type = &type_folder,
	CONFIG(state.dir),
	.standard = "\".feedd\"",
	.text = "Folder of the state. When it is not set and $STATE_DIRECTORY is, as in a systemd "
		"service, that one is used. Relative to this file.",
    },
    {
	.section = SECTION_METRICS,
	.key = "file",
	.type = &type_text,
	CONFIG(metrics.file),
	.example = "\"/var/lib/prometheus/node-exporter/feedd.prom\"",
	.text = "The file, replaced after each build, and when hubs were told of it. Relative to "
		"this file.",
    },
    {
	.key = "protocol",
	.type = &type_protocol,
	PING(protocol),
	.required = true,
	.example = "\"websub\"",
	.text = "The language that it speaks.",
    },
    {
	.key = "url",
	.type = &type_url,
	PING(url),
	.example = "\"https://hub.example.com/\"",
	.text = "Where it listens. Most protocols need it.",
    },
    {
	.key = "name",
	.type = &type_text,
	PING(name),
	.example = "\"hub\"",
	.text = "Name in messages and for --ping-now. Without it, the host of its address.",
    },
    {
	.key = "feeds",
	.type = &type_list,
	PING(feeds),
	.example = "[\"main\"]",
	.text = "Names of the feeds that it is told about. Without it, all.",
    },
    {
	.key = "min_interval",
	.type = &type_number,
	PING(min_interval),
	.example = "60",
	.max = 86400,
	.unit = "seconds",
	.text = "Never tell it more often than that. Without it, what is usual for the protocol.",
    },
    {
	.key = "live_check",
	.type = &type_switch,
	PING(live_check),
	.standard = "false",
	.text = "Wait with telling it until the public address of the feed serves the new one, for "
		"sites that are uploaded or cached.",
    },
    {
	.key = "live_timeout",
	.type = &type_number,
	PING(live_timeout),
	.standard = "600",
	.min = 1,
	.max = 86400,
	.unit = "seconds",
	.text = "How long live_check waits. Then it is told all the same.",
    },
    {
	.key = "redirects",
	.type = &type_switch,
	PING(redirects),
	.standard = "false",
	.text = "Follow it when it answers that it listens elsewhere.",
    },
    {
	.key = "announce_first_run",
	.type = &type_switch,
	PING(announce_first_run),
	.standard = "false",
	.text = "Tell it at once of all that is published when it is new here. Else it hears of "
		"what changes from then on.",
    },
    {
	.key = "secret_file",
	.type = &type_text,
	PING(secret_file),
	.example = "\"hook.secret\"",
	.apart = "protocol = \"webhook\"\n#url = \"https://example.net/hook\"",
	.text = "A file with the secret that it shares with feedd, where its protocol has one. A "
		"line for each, while an old one is being replaced. Relative to this file.",
    },
    {
	.key = "secret_credential",
	.type = &type_credential,
	PING(secret_credential),
	.example = "\"hook\"",
	.apart = "protocol = \"webhook\"\n#url = \"https://example.org/hook\"",
	.text =
	    "Instead of secret_file: the name of a systemd credential, which LoadCredential= of "
	    "the service gives.",
    },
    {
	.key = "key",
	.type = &type_key,
	PING(key),
	.example = "\"0a1b2c3d4e5f\"",
	.apart = "protocol = \"indexnow\"",
	.text =
	    "Of IndexNow: the key that proves that the site is yours, in a file that feedd puts "
	    "into output.dir. Without it, feedd makes one up, and keeps it.",
    },
    {
	.section = SECTION_HTTP,
	.key = "proxy",
	.type = &type_proxy,
	CONFIG(http.proxy),
	.example = "\"http://proxy.example.com:3128\"",
	.text =
	    "The proxy that all requests go through. Whom it lets them reach is then its affair.",
    },
    {
	.section = SECTION_HTTP,
	.key = "allow",
	.type = &type_networks,
	CONFIG(http.allow),
	.example = "[\"192.168.1.0/24\"]",
	.text = "Networks that may be spoken to although they are private. All others that are not "
		"public are refused, wherever a name or a redirect may lead.",
    },
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

size_t settings_len(void)
{
	return ROWS - 1 + FORMAT_FEEDS;
}

struct setting settings_at(size_t index)
{
	struct setting row;
	size_t of_formats = 0;

	while (rows[of_formats].key)
		of_formats++;
	if (index < of_formats)
		return rows[index];
	if (index >= of_formats + FORMAT_FEEDS)
		return rows[index - FORMAT_FEEDS + 1];
	row = rows[of_formats];
	row.key = formats[index - of_formats]->name;
	row.unit = formats[index - of_formats]->title;
	row.offset += (index - of_formats) * sizeof(const char *);
	return row;
}

size_t settings_find(enum section section, struct slice key)
{
	size_t i;

	for (i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);

		if (setting.section == section && slice_equal_str(key, setting.key))
			break;
	}
	return i;
}
