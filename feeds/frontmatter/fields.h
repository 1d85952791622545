/*
 * fields: what a head says, whatever generator's words it uses.
 *
 * fields_collect looks every key up in the table of spellings (keys.c); the
 * readers below then say what a field's values mean.
 *
 * Keys compare without case, "-", "_" and blanks, so `publishDate`,
 * `publish_date` and `Publish-Date` are one. Keys are looked for at the root,
 * then in Hugo's `params`, Zola's `taxonomies` and `extra`, and where else the
 * table says. Of several keys for one field the table's rank decides, not
 * the article's order; of one key written twice, the last. What a value must
 * be is the field's business, not the file's.
 */
#ifndef FEEDS_FRONTMATTER_FIELDS_H
#define FEEDS_FRONTMATTER_FIELDS_H

#include "feeds/base/value.h"
#include "feeds/feed.h"
#include "feeds/trace.h"

enum field {
	FIELD_TITLE,
	FIELD_PUBLISHED, /* a date */
	FIELD_UPDATED,	 /* a date */
	FIELD_EXPIRES,	 /* a date */
	FIELD_DRAFT,	 /* see fields_draft */
	FIELD_TAGS,
	FIELD_CATEGORIES,
	FIELD_AUTHORS,
	FIELD_AUTHOR_URL,   /* of a single author */
	FIELD_AUTHOR_EMAIL, /* of a single author */
	FIELD_SUMMARY,
	FIELD_SEPARATOR, /* in the body, behind its summary */
	FIELD_IMAGE,
	FIELD_SLUG,
	FIELD_URL, /* permalink, url, path */
	FIELD_LANG,
	FIELD_ID,	    /* see fields_id */
	FIELD_EXTERNAL_URL, /* only absolute http and https URLs are collected */
	FIELD_ENCLOSURE,
	FIELD_ENCLOSURE_LENGTH, /* where it stands beside the enclosure, not in it */
	FIELD_ENCLOSURE_TYPE,
	FIELD_FEED, /* see fields_excluded */
	FIELD_MINOR,
	FIELD_LAYOUT, /* evidence for fields_list */
	FIELD_COUNT,
};

enum { FIELDS_ALTERNATIVES = 8, FIELDS_LIST_MAX = 200 };

struct fields {
	/* Values that speak for each field, best first; a NULL ends them. */
	const struct value *values[FIELD_COUNT][FIELDS_ALTERNATIVES + 1];
	struct trace *trace; /* is told which of them the readers below heed; or NULL */
	bool jekylls;	     /* the site is Jekyll's, whatever the head looks like: see fields_list.
				fields_collect does not know, and says no */
};

/*
 * Look every key of the tree up. `root` is what frontmatter_parse gave; *out
 * points into its tree. Of more than FIELDS_ALTERNATIVES values the best stay.
 * `trace`: is told of every key; or NULL.
 */
void fields_collect(const struct value *root, struct trace *trace, struct fields *out);

/* "title", "published": as a trace names it. */
const char *fields_name(enum field field);

/* The field's best value that is a scalar with text, or NULL. */
const struct value *fields_scalar(const struct fields *fields, enum field field);

/*
 * Any spelling of "not public": draft: true, published: false, publish: false,
 * status: draft|hidden|private, and the other generators' own. Words count as
 * booleans (YAML 1.1's yes, no, on, off; quoted "true"), and one key that says
 * it is enough. `draft` with a value that is neither true nor false holds the
 * article back: a draft that got out cannot be called back.
 */
bool fields_draft(const struct fields *fields);
/*
 * Whether a value of FIELD_PUBLISHED stands under a key that says from when on
 * the article may be seen (`publishDate`), whatever day its `date` names.
 */
bool fields_release(const struct value *value);
/*
 * Any spelling of "not in feeds": feed: false, rss: false, excludeFromFeed:
 * true, a page that is not written or not listed. Not sitemap, not robots.
 */
bool fields_excluded(const struct fields *fields);
bool fields_minor(const struct fields *fields);

/*
 * The entry id that the author gave, in its normal form; empty: none. The
 * result is in `arena` or the tree.
 *
 * A UUID becomes `urn:uuid:` and lower case (RFC 4122 section 3). Under `guid`
 * and its kin any other text is an id as it stands: it was written to be one,
 * and subscribers may know it from an older feed. Under `id` alone only an
 * absolute http, https, tag, urn, info or doi URI is: the short names found
 * there (`id: intro`, `id: 42`) name a page within its site, and an Atom id
 * must be a universally unique IRI (RFC 4287 section 4.2.6). What has blanks or
 * control characters, or is a template, is none under any key. Whatever is no id
 * is reported, a short name as a note.
 */
struct slice fields_id(const struct fields *fields, struct arena *arena, struct diags *diags);
/* Is it a template (`{{ … }}`, `{% … %}`), and so nothing that can be used before it is filled in? */
bool fields_is_template(struct slice text);

/*
 * Tags or categories, in the author's order, no two equal, none empty, lists
 * in lists made flat. At most FIELDS_LIST_MAX, the rest reported. Returns how
 * many; *out is in `arena`.
 *
 * A bare string is one tag, or several where something shows how it is
 * divided: at commas (Pelican, MultiMarkdown, keywords), or at ";" where one is,
 * so that a tag may hold a comma (Pelican); at blanks when each
 * word starts with "#" (Obsidian), and when the head is Jekyll's. Jekyll alone
 * divides `tags: a b`, everywhere else that is one tag of two words. It does so
 * under the plural key; where `jekylls` does not say that the site is its own, its
 * heads are told by a string without quotes and a `layout` that is a bare word.
 * The leading "#" of Obsidian's tags goes.
 */
size_t fields_list(const struct fields *fields, enum field field, struct arena *arena,
    struct diags *diags, struct slice **out);

/*
 * Authors: a string, a list of strings, or maps with name, email, url. A comma
 * in a name is no list sign (most are `Name, job title`), but for a bare
 * string under the plural `authors`, which Pelican divides at ";" or, without
 * one, at ",". `Name <email>` is taken apart. At most FIELDS_LIST_MAX.
 */
size_t fields_authors(
    const struct fields *fields, struct arena *arena, struct diags *diags, struct person **out);

/* An image's URL as written: a string, or a map's url, src, path, feature, … Empty: none. */
struct slice fields_image(const struct fields *fields);
/*
 * A string (the URL as written) or a map with url, length, type; the type of
 * common extensions is known. Returns false: none.
 */
bool fields_enclosure(const struct fields *fields, struct enclosure *out);

/*
 * A name on one line: white space is single blanks, and what an escape (`"\u0001"`) can
 * bring in though no feed may hold it is gone. Lives in `arena`, or is the text itself.
 */
struct slice fields_line(struct arena *arena, struct slice text);

/* Whether any spelling in the table is this key: tells a head from prose. */
bool fields_known(struct slice key);

/* What `true`, "yes", "on", 1 and their opposites say. Returns false when the value is neither. */
bool fields_boolean(const struct value *value, bool *out);

#endif
