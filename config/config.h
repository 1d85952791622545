/*
 * config: the settings of a site, as one immutable struct.
 *
 * config_parse turns a value tree (feedd.toml, read by the caller) into a
 * struct config through one table of settings (settings.h). All complaints are
 * reported together, each with its line and column; on any of them there is
 * no config. Nothing here opens a file: paths stay as written, and the caller
 * resolves them against the file's folder.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "config/network.h"
#include "feeds/base/arena.h"
#include "feeds/base/diag.h"
#include "feeds/base/value.h"
#include "feeds/feed.h"
#include "feeds/format/format.h"
#include "feeds/permalink.h"
#include "feeds/ping/ping.h"
#include "feeds/query.h"

enum config_undated { UNDATED_MTIME, UNDATED_FIRST_SEEN, UNDATED_SKIP };
enum config_date_only { DATE_ONLY_MIDNIGHT, DATE_ONLY_FIRST_SEEN };
enum config_watch { CONFIG_WATCH_EVENTS, CONFIG_WATCH_POLL };
enum config_body { BODY_FULL, BODY_SUMMARY, BODY_NONE };

struct config_list {
	const char **items; /* strings, owned by the config's arena */
	size_t len;
};

struct config_feed {
	const char *name;  /* never NULL, unique; for messages and [[ping]] feeds */
	const char *title; /* NULL: the site's, with the value of `by` behind it */
	enum query_by by;
	/* Within output.dir, in the order of formats[]; NULL: not asked for. */
	const char *paths[FORMAT_COUNT];
	int64_t limit; /* entries; 0: all */
	enum config_body content;
	const char *section, *tag, *category, *author, *lang, *path; /* filters; NULL: none */
	int64_t ttl;						     /* minutes; 0: not said */
	uint32_t line, column;					     /* of [[feed]] */
};

struct config_ping {
	const char *name; /* never NULL, unique; for messages and --ping-now */
	const struct ping *protocol;
	const char *url;			     /* NULL: the protocol takes none (`no_url`) */
	struct config_list feeds;		     /* names; none: all */
	const char *secret_file, *secret_credential; /* one of them, or both NULL: none */
	const char *key;			     /* NULL: feedd makes one up */
	int64_t min_interval, live_timeout;	     /* s */
	bool live_check, redirects, announce_first_run;
	uint32_t line, column; /* of [[ping]] */
};

struct config {
	struct arena arena; /* owns everything below */
	struct {
		const char *title;
		const char *url; /* absolute URI, ends with "/" */
		const char *description;
		const char *language; /* NULL: not said */
		const char *timezone; /* IANA name, "UTC" by default */
		const char *author;   /* NULL: none */
		struct person *authors;
		size_t authors_len; /* [[site.authors]], else one made of `author` */
	} site;
	struct {
		const char *dir;
		struct config_list include, exclude;
		const char *permalink; /* a pattern: presets are replaced by theirs */
		enum permalink_style permalink_style; /* the preset's */
		bool
		    permalink_site_days; /* "jekyll" and its like, and "hexo": days in site.timezone */
		enum config_undated undated;
		enum config_date_only date_only;
		int64_t max_bytes;
		enum config_watch watch;
		int64_t quiet, quiet_max; /* ms */
		int64_t rescan_interval;  /* s */
	} content;
	struct {
		const char *dir;
		bool gzip, brotli;
		int64_t keep_empty; /* days */
	} output;
	struct {
		const char *dir;	/* within output.dir; NULL: no pages */
		const char *opml;	/* likewise; NULL: none */
		bool style_feeds;	/* only with `dir` */
		const char *index;	/* within output.dir, made of `dir`; NULL as it is */
		const char *stylesheet; /* likewise */
	} pages;
	struct {
		const char *file; /* NULL: none */
	} metrics;
	struct {
		const char *dir;
		bool said; /* in the settings; else $STATE_DIRECTORY goes before `dir` */
	} state;
	struct config_feed *feeds; /* at least one: the defaults make "main" */
	size_t feeds_len;
	struct config_ping *pings;
	size_t pings_len;
	struct {
		const char *proxy; /* URL; NULL: none */
		struct network *allow;
		size_t allow_len;
	} http;
};

/*
 * Build a config from `root`, a VALUE_MAP, which it does not need afterwards.
 * Returns NULL when anything is wrong, and then `diags` holds every complaint
 * as a warning with its place. A key that no setting has is answered with the
 * nearest that one has.
 */
struct config *config_parse(const struct value *root, struct diags *diags);
void config_free(struct config *config);

/* Is it told about the feed with this name? */
bool config_ping_wants(const struct config_ping *ping, struct slice feed);
/* The WebSub hubs that are told about it, in the arena; *out_len says how many. */
const struct slice *config_hubs(
    const struct config *config, struct slice feed, struct arena *arena, size_t *out_len);

/*
 * Append the reference of all settings, as a feedd.toml with comments: what
 * `feedd --settings` prints.
 */
void config_put_settings(struct buf *out);

#endif
