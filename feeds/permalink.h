/*
 * permalink: where an article's page lives.
 *
 * The front matter's own key wins (`url`, `permalink`, `path`), of which
 * `index.html` goes; else the site's pattern is filled in. Its tokens are in the tables of
 * feeds/permalink.c and, parts of the date, of feeds/permalink_date.c. `:slug` is
 * the front matter's, else the file's name without a leading date; `:title` is the
 * same slug, else made of the title; `:path` is the folders and `:slug`, `:stem` the same with the date;
 * `:categories` are in lower case, `:slugified_categories` like a title's slug,
 * each once. A token that has nothing to say goes together with its slash.
 */
#ifndef FEEDS_PERMALINK_H
#define FEEDS_PERMALINK_H

#include <stdbool.h>

#include "feeds/base/arena.h"
#include "feeds/base/buf.h"
#include "feeds/base/date.h"
#include "feeds/base/slice.h"
#include "feeds/trace.h"

/* Bytes of an author's own path behind which nothing more is filled in: a title may be long. */
enum { PERMALINK_OWN_MAX = 4096 };

/* A path taken apart. All parts are slices of the path, none is NULL. */
struct permalink_name {
	struct slice
	    folders; /* of the article, or of the folder of its bundle; no "/" at the ends */
	struct slice
	    filename; /* last component without extension and language; of a bundle: its folder */
	struct slice
	    slug; /* filename without a leading date; the date itself if it is all there is */
	struct slice lang; /* the language suffix, or empty */
	struct slice stem; /* path without extension, and without "/index" */
	bool bundle;	   /* index.md, index.ja.md */
};

void permalink_name(struct slice path, struct permalink_name *out);

/* How the generator writes names of files, and titles, in addresses. */
enum permalink_style {
	PERMALINK_PLAIN, /* names as they are, titles like permalink_put_slug */
	PERMALINK_FILES, /* the same, of generators that know no slug in the head */
	PERMALINK_HUGO,
	PERMALINK_JEKYLL,
	PERMALINK_ZOLA,
	PERMALINK_ASTRO,
	PERMALINK_PELICAN,
};

struct permalink_parts {
	struct slice site_url; /* absolute, ends with "/" */
	struct slice site_lang;
	struct slice pattern;
	enum permalink_style style;
	struct permalink_name name;
	struct slice slug; /* the front matter's, or empty */
	struct slice title;
	struct slice section;
	struct slice lang;  /* the article's, or empty */
	bool own_is_folder; /* of a page in a folder of its own, where the site has such */
	const struct slice *categories;
	size_t categories_len;
	struct date date;    /* civil, in the article's own zone or the site's */
	struct trace *trace; /* is told of what decides, and of tokens; or NULL */
};

/*
 * Append the page's URL. `own` is the front matter's key, or empty: an absolute
 * URL, or a path below the site's URL, with tokens or without; those of a `permalink`
 * (!own_is_folder) are Jekyll's, whose `:title` is a slug. Returns false when one of
 * them is not known; then the pattern serves.
 */
bool permalink_put(const struct permalink_parts *parts, struct slice own, struct buf *out);

/*
 * Append `own`, a template, with the well-known names of Eleventy filled in: page.fileSlug,
 * page.filePathStem, slug, title, through slug or slugify or not, and page.date through date with
 * a format. Returns false, and appends nothing, when there is anything else in it, or a name
 * that has nothing to say.
 */
bool permalink_fill(const struct permalink_parts *parts, struct slice own, struct buf *out);

/*
 * Append a date as strftime does in the C locale, of whose fields there are %Y %y %G %m %b %B %V %d
 * %j %u %a %A %H %M %S, numbers with "-" without leading zeros (%-d). False, and half done, for any other.
 */
bool permalink_put_date(struct buf *out, const struct date *date, struct slice format);
/* Names of the tokens that a pattern may have, from 0 on; NULL behind the last. */
const char *permalink_token(size_t index);
/* Of those that are parts of the date the same, and what one stands for; false: it is none. */
const char *permalink_date_token(size_t index);
bool permalink_put_date_token(
    struct buf *out, const struct permalink_parts *parts, struct slice token);

/* Append a file's name, an author's slug or a title as the style has it; it is not encoded. */
void permalink_put_name(struct buf *out, struct slice name, enum permalink_style style);
/* Does the front matter's slug have a say? Only then it may be put. */
bool permalink_hears_slug(enum permalink_style style);
void permalink_put_own(struct buf *out, struct slice slug, enum permalink_style style);
void permalink_put_title(struct buf *out, struct slice title, enum permalink_style style);
/* Are the names of months and days in lower case? */
bool permalink_lowers_dates(enum permalink_style style);
/* The pattern of articles in another language than the site's; NULL: that of all. */
const char *permalink_translated(enum permalink_style style);
/* Words of a title joined by "-": letters and digits of any script, lower case. */
void permalink_put_slug(struct buf *out, struct slice title);

#endif
