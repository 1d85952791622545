/*
 * fields: one table from the key spellings of all generators to neutral fields.
 *
 * Keys compare without case, "-", "_" and blanks, so `publishDate`,
 * `publish_date` and `Publish-Date` are one. Keys are looked for at the root,
 * then in Hugo's `params`, Zola's `taxonomies` and `extra`, and where else the
 * table says. Of several keys for one field the table's order decides, not
 * the article's. What a value must be is the field's business, not the file's:
 * see the readers below.
 */
#ifndef FEEDS_FRONTMATTER_FIELDS_H
#define FEEDS_FRONTMATTER_FIELDS_H

#include "feeds/base/value.h"
#include "feeds/feed.h"

enum field {
	FIELD_TITLE,
	FIELD_PUBLISHED, /* a date */
	FIELD_UPDATED,	 /* a date */
	FIELD_EXPIRES,	 /* a date */
	FIELD_DRAFT,	 /* see fields_draft */
	FIELD_TAGS,
	FIELD_CATEGORIES,
	FIELD_AUTHORS,
	FIELD_SUMMARY,
	FIELD_IMAGE,
	FIELD_SLUG,
	FIELD_URL, /* permalink, url, path */
	FIELD_LANG,
	FIELD_ID,
	FIELD_EXTERNAL_URL,
	FIELD_ENCLOSURE,
	FIELD_FEED, /* see fields_excluded */
	FIELD_MINOR,
	FIELD_COUNT,
};

enum { FIELDS_ALTERNATIVES = 6, FIELDS_LIST_MAX = 200 };

struct fields {
	/* Values found for each field, best first; a NULL ends them. */
	const struct value *values[FIELD_COUNT][FIELDS_ALTERNATIVES + 1];
};

/* Look every key of the tree up. `root` is what frontmatter_parse gave. */
void fields_collect(const struct value *root, struct fields *out);

/* The field's best value that is a scalar with text, or NULL. */
const struct value *fields_scalar(const struct fields *fields, enum field field);

/* Any spelling of "not public": draft: true, published: false, publish: false,
 * status: draft|hidden|private, and the other generators' own. */
bool fields_draft(const struct fields *fields);
/* Any spelling of "not in feeds": feed: false, rss: false, excludeFromFeed: true, … Not sitemap, not robots. */
bool fields_excluded(const struct fields *fields);
bool fields_minor(const struct fields *fields);

/*
 * Tags or categories, in the author's order, no two equal, none empty; a bare
 * string is one tag, or several where its dialect divides them (`a, b` in
 * Key: value heads; words in Jekyll's `tags: a b`, which Jekyll divides). At most FIELDS_LIST_MAX, the rest
 * reported. Returns how many; *out is in `arena`.
 */
size_t fields_list(const struct fields *fields, enum field field, struct arena *arena,
    struct diags *diags, struct slice **out);

/*
 * Authors: a string, a list of strings, or maps with name, email, url. A comma
 * in a name is no list sign (most are `Name, job title`); `Name <email>` is
 * taken apart.
 */
size_t fields_authors(
    const struct fields *fields, struct arena *arena, struct diags *diags, struct person **out);

/* An image's URL: a string, or a map's url, src, path, feature, … Empty: none. */
struct slice fields_image(const struct fields *fields);
/* A string (the URL) or a map with url, length, type. Returns false: none. */
bool fields_enclosure(const struct fields *fields, struct enclosure *out);

#endif
