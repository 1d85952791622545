/*
 * article_parts: what the files of article share among themselves.
 */
#ifndef FEEDS_ARTICLE_PARTS_H
#define FEEDS_ARTICLE_PARTS_H

#include "feeds/article.h"
#include "feeds/base/date.h"
#include "feeds/frontmatter/fields.h"
#include "feeds/frontmatter/frontmatter.h"
#include "feeds/permalink.h"
#include "feeds/trace.h"

/* What article_parse works with, step by step. */
struct reading {
	const struct article_file *file;
	const struct article_rules *rules;
	struct arena *arena;
	struct diags *diags;
	struct frontmatter front;
	struct fields fields;
	struct permalink_name name;
	struct date date; /* the publication day, for permalink and id */
	bool dated;	  /* `date` is the front matter's */
	bool yaml_utc;	  /* and a time that YAML takes for UTC, where it is read as Jekyll does */
	bool early;	  /* a date was left out because it is still to come */
};

static inline struct trace *trace_of(const struct reading *r)
{
	return r->diags->trace;
}

/* What the head says of a field, whether or not it is what counts. */
static inline struct slice written_text(const struct reading *r, enum field field)
{
	const struct value *value = fields_scalar(&r->fields, field);

	return value ? slice_trim(value->text) : SLICE_NONE;
}

enum { SHOWN_MAX = 60 };

/* As much of a value as a message shows, in whole characters. */
static inline struct slice shown(struct slice text)
{
	size_t len = text.len < SHOWN_MAX ? text.len : SHOWN_MAX;

	while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	return slice_sub(text, 0, len);
}

/* article_date.c: when it was published, or what the rules say of one that has no date. */
void article_read_published(struct reading *r, struct article *out);
/* article_date.c: when it was updated, and when it expires; after the former. */
void article_read_dates(struct reading *r, struct article *out);
/* article_lang.c: its language, BCP 47, or empty: the site's. */
struct slice article_lang(struct reading *r);
/* article_lang.c: its section, as the folder is named on disk, or empty. */
struct slice article_section(struct reading *r);

#endif
