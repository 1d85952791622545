#include "daemon/site.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "daemon/log.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/base/toml.h"
#include "feeds/base/zone.h"
#include "feeds/feedpath.h"
#include "feeds/lang.h"

enum { SETTINGS_MAX = 1048576, ZONE_MAX = 65536 };

static const char zoneinfo[] = "/usr/share/zoneinfo";

/* Where the settings that name something on this machine stand; line 0: they are defaults. */
struct places {
	struct place {
		uint32_t line, column;
	} zone, content, output;
};

static const char of_service[] = "/etc/feedd/feedd.toml";

static char *find_settings(const char *path)
{
	static const char *const places[] = {"feedd.toml", of_service};

	if (path)
		return mem_dup(path, strlen(path));
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (access(places[i], F_OK) == 0)
			return mem_dup(places[i], strlen(places[i]));
	log_error("there is no ./feedd.toml and no /etc/feedd/feedd.toml; feedd --init DIR writes "
		  "one for the site in that folder, --config FILE names another");
	return NULL;
}

static struct place place_of(const struct value *root, const char *table, const char *key)
{
	const struct value *map = value_get(root, table);
	const struct value *value = map && map->type == VALUE_MAP ? value_get(map, key) : NULL;

	return value ? (struct place){value->line, value->column} : (struct place){0, 0};
}

/* `places` may be NULL. */
static int read_config(struct site *site, struct places *places)
{
	struct value_rules rules = {.max_bytes = SETTINGS_MAX, .max_nodes = 100000};
	struct buf raw = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct value *root;
	struct err err;

	if (fsio_read_path(site->path, SETTINGS_MAX, &raw, &err) < 0) {
		(void)err_advise(&err, "the settings are a file, often named feedd.toml; feedd "
				       "--init DIR writes one"); /* -1, as here */
		log_at(LOG_ERROR, slice_of(site->path), 0, 0, err.text);
	} else if (toml_parse(buf_slice(&raw), &rules, &arena, &root, &err) < 0) {
		log_at(LOG_ERROR, slice_of(site->path), err.line, err.column, err.text);
	} else {
		site->config = config_parse(root, &diags);
		if (places)
			*places = (struct places){place_of(root, "site", "timezone"),
			    place_of(root, "content", "dir"), place_of(root, "output", "dir")};
		for (size_t i = 0; i < diags.len; i++)
			log_at(site->config ? LOG_WARNING : LOG_ERROR, slice_of(site->path),
			    diags.items[i].line, diags.items[i].column, diags.items[i].text);
	}
	diags_free(&diags);
	arena_free(&arena);
	buf_free(&raw);
	return site->config ? 0 : -1;
}

/* Who has no settings yet and is in the wrong folder meets those of the service, as installed. */
static int find_config(const char *path, struct site *site, struct places *places)
{
	site->path = find_settings(path);
	if (!site->path)
		return -1;
	if (read_config(site, places) == 0)
		return 0;
	if (!path && strcmp(site->path, of_service) == 0)
		log_info("that file was read for there is no feedd.toml here; feedd --init DIR "
			 "writes one for the site in that folder, --config FILE names another");
	return -1;
}

char *site_path(const struct site *site, const char *path)
{
	const char *slash = strrchr(site->path, '/');
	char *joined = NULL;

	if (*path == '/' || !slash)
		return mem_dup(path, strlen(path));
	if (asprintf(&joined, "%.*s/%s", (int)(slash - site->path), site->path, path) < 0)
		mem_exhausted();
	return joined;
}

static void complain(const struct site *site, struct place place, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void complain(const struct site *site, struct place place, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	va_list args;

	va_start(args, fmt);
	buf_vprintf(&text, fmt, args);
	va_end(args);
	log_at(LOG_ERROR, slice_of(site->path), place.line, place.column, buf_string(&text));
	buf_free(&text);
}

static int open_content(struct site *site, struct place place)
{
	char *path = site_path(site, site->config->content.dir);
	struct err err;

	site->content = fsio_open_folder(path, &err);
	if (site->content < 0) {
		(void)err_advise(&err,
		    "set dir in [content] to the folder of the articles, as seen "
		    "from the folder of this file"); /* -1, as here */
		complain(site, place, "content.dir '%s': %s", path, err.text);
	}
	free(path);
	return site->content < 0 ? -1 : 0;
}

/* A dry run goes on without a folder, so that all that is wrong is said at once. */
static int open_output(struct site *site, bool dry, struct place place)
{
	bool fault;
	struct err err, ignored;

	site->output_path = site_path(site, site->config->output.dir);
	if (dry) {
		site->output = fsio_open_folder(site->output_path, &ignored);
		fault = site->output_fault = fsio_check_folder(site->output_path, &err) < 0;
	} else {
		site->output = fsio_make_folder(site->output_path, &err);
		fault = site->output < 0;
	}
	if (fault) {
		(void)err_advise(&err, "set dir in [output] to a folder that feedd may write to");
		complain(site, place, "output.dir '%s': %s", site->output_path, err.text);
	}
	return fault && !dry ? -1 : 0;
}

bool site_has_zone(const char *name)
{
	char *path = NULL;
	bool known;

	if (asprintf(&path, "%s/%s", zoneinfo, name) < 0)
		mem_exhausted();
	known = strcmp(name, "UTC") == 0 || access(path, R_OK) == 0;
	free(path);
	return known;
}

static int read_zone(struct site *site, struct place place)
{
	const char *name = site->config->site.timezone;
	struct buf bytes = BUF_INIT;
	char *path = NULL;
	struct err err;
	int rc = 0;

	if (strcmp(name, "UTC") == 0)
		return 0;
	if (asprintf(&path, "%s/%s", zoneinfo, name) < 0)
		mem_exhausted();
	if (fsio_read_path(path, ZONE_MAX, &bytes, &err) == 0)
		site->zone = zone_parse(buf_slice(&bytes), &err);
	if (!site->zone) {
		complain(site, place,
		    "timezone \"%s\": no such zone on this machine (%s: %s); names are like "
		    "\"Europe/Berlin\", and the package is tzdata",
		    name, path, err.text);
		rc = -1;
	}
	free(path);
	buf_free(&bytes);
	return rc;
}

/* The scan must not take feedd's own output for articles. */
static void add_own_folder(struct site *site, int fd)
{
	struct stat stat;

	if (fd >= 0 && fstat(fd, &stat) == 0)
		site->scan.own[site->scan.own_len++] =
		    (struct scan_folder){stat.st_dev, stat.st_ino};
}

static void set_own_folders(struct site *site)
{
	struct err ignored;
	int state = fsio_open_folder(site->state_path, &ignored);

	site->scan.own_len = 0;
	add_own_folder(site, site->output);
	add_own_folder(site, state);
	if (state >= 0)
		(void)close(state); /* only looked at */
}

/*
 * Where articles and feeds share a folder, the scan does enter it, and pages would be read as
 * articles. They are in a folder of their own.
 */
static void leave_out_pages(struct site *site)
{
	struct config *config = site->config;
	struct stat content, output;
	size_t len = config->content.exclude.len;
	const char **exclude;

	if (!config->pages.dir || site->output < 0 || fstat(site->content, &content) < 0 ||
	    fstat(site->output, &output) < 0 || content.st_dev != output.st_dev ||
	    content.st_ino != output.st_ino)
		return;
	exclude = arena_array(&config->arena, const char *, len + 1);
	if (len)
		memcpy(exclude, config->content.exclude.items, len * sizeof(*exclude));
	exclude[len] = arena_printf(&config->arena, "%s/**", config->pages.dir).ptr;
	site->scan.exclude = exclude;
	site->scan.exclude_len = len + 1;
}

/* A folder that is named like a language is a section where a feed asks for it. */
static void set_sections(struct site *site)
{
	struct config *config = site->config;
	struct slice *keys = arena_array(&config->arena, struct slice, config->feeds_len);
	struct buf key = BUF_INIT;
	size_t len = 0;

	for (size_t i = 0; i < config->feeds_len; i++) {
		buf_clear(&key);
		feed_value_key(slice_of(config->feeds[i].section), &key);
		if (lang_is_code(buf_slice(&key)))
			keys[len++] = arena_copy(&config->arena, buf_slice(&key));
	}
	buf_free(&key);
	site->rules.sections = keys;
	site->rules.sections_len = len;
}

static void set_rules(struct site *site)
{
	const struct config *config = site->config;
	const char *given = config->state.said ? NULL : getenv("STATE_DIRECTORY"); /* systemd's */

	site->state_path = site_path(site, given ? given : config->state.dir);
	if (config->metrics.file)
		site->metrics_path = site_path(site, config->metrics.file);
	site->rules = (struct article_rules){
	    .site_url = slice_of(config->site.url),
	    .site_lang = slice_of(config->site.language),
	    .zone = site->zone,
	    .permalink = slice_of(config->content.permalink),
	    .permalink_style = config->content.permalink_style,
	    .permalink_site_days = config->content.permalink_site_days,
	    .skip_undated = config->content.undated == UNDATED_SKIP,
	    .date_only_first_seen = config->content.date_only == DATE_ONLY_FIRST_SEEN,
	};
	set_sections(site);
	site->scan = (struct scan_rules){
	    .include = config->content.include.items,
	    .include_len = config->content.include.len,
	    .exclude = config->content.exclude.items,
	    .exclude_len = config->content.exclude.len,
	};
	leave_out_pages(site);
	set_own_folders(site);
}

enum site_fault site_read(const char *path, struct site *out)
{
	*out = (struct site){.content = -1, .output = -1};
	return find_config(path, out, NULL) == 0 ? SITE_OK : SITE_BAD_CONFIG;
}

enum site_fault site_load(const char *path, bool dry, struct site *out)
{
	struct places places;
	int zone, content;

	*out = (struct site){.content = -1, .output = -1};
	if (find_config(path, out, &places) < 0)
		return SITE_BAD_CONFIG;
	zone = read_zone(out, places.zone);
	content = open_content(out, places.content);
	if (zone < 0)
		return SITE_BAD_CONFIG;
	if (content < 0 || open_output(out, dry, places.output) < 0)
		return SITE_NO_INPUT;
	set_rules(out);
	return SITE_OK;
}

int site_reopen_content(const struct site *site, struct err *err)
{
	char *path = site_path(site, site->config->content.dir);
	int fd = fsio_open_folder(path, err);

	free(path);
	return fd;
}

static bool is_named(int fd, const char *path)
{
	struct stat here, named;

	return fstat(fd, &here) == 0 && stat(path, &named) == 0 && here.st_dev == named.st_dev &&
	       here.st_ino == named.st_ino;
}

bool site_is_content(const struct site *site)
{
	char *path = site_path(site, site->config->content.dir);
	bool named = is_named(site->content, path);

	free(path);
	return named;
}

bool site_follow_output(struct site *site)
{
	struct err ignored;
	int fd;

	if (is_named(site->output, site->output_path))
		return false;
	fd = fsio_make_folder(site->output_path, &ignored);
	if (fd < 0)
		return false;	   /* writing says what is wrong */
	(void)close(site->output); /* synced before */
	site->output = fd;
	set_own_folders(site);
	return true;
}

void site_free(struct site *site)
{
	if (site->content >= 0)
		(void)close(site->content); /* only read */
	if (site->output >= 0)
		(void)close(site->output); /* synced before */
	zone_free(site->zone);
	config_free(site->config);
	free(site->output_path);
	free(site->state_path);
	free(site->metrics_path);
	free(site->path);
}
