/*
 * explain_inside: what the parts of explain share, and nobody else sees.
 *
 * explain_name.c finds what a word means, explain_article.c and explain_feed.c gather facts,
 * explain_words.c has the sentences, explain_text.c and explain_json.c print.
 */
#ifndef DAEMON_EXPLAIN_INSIDE_H
#define DAEMON_EXPLAIN_INSIDE_H

#include "daemon/library.h"
#include "daemon/read.h"
#include "daemon/resolve.h"
#include "feeds/trace.h"

/* ---- what is meant ---- */

enum explain_kind {
	EXPLAIN_UNKNOWN,
	EXPLAIN_ARTICLE,
	EXPLAIN_FEED,
	EXPLAIN_FOLDER,
	EXPLAIN_PAGES, /* a document of the whole site */
};

struct explain_name {
	enum explain_kind kind;
	char *path;		   /* of EXPLAIN_ARTICLE, within content.dir; owned */
	size_t feed;		   /* of EXPLAIN_FEED, of the settings */
	struct query_group *group; /* the feed of one value that is meant, or NULL: all */
};

/* What a word means by files and settings alone. */
void explain_name_find(const struct site *site, const char *word, struct explain_name *out);
/* EXPLAIN_UNKNOWN may be a file of a feed or of [pages], the URL of one, or an article's page. */
void explain_name_look(const struct library *library, const char *word, struct explain_name *out);
void explain_name_free(struct explain_name *name);

/* ---- facts ---- */

struct explain_row {
	const char *name;	       /* "title" */
	struct slice value;	       /* empty: none */
	struct slice why;	       /* for people; empty: the value says it */
	const struct trace_step *step; /* that decided, or NULL */
};

struct explain_document { /* a feed's file */
	struct slice path, topic, format;
	bool stands;	      /* it is as the next build would write it */
	bool published;	      /* else there is none yet, and no facts below */
	int64_t changed;      /* Unix seconds */
	size_t entries, size; /* bytes */
};

struct explain_documents {
	VEC(struct explain_document) items;
};

struct explain_place { /* of an article, in a [[feed]] or in that of one value */
	const struct config_feed *feed;
	struct slice value;
	bool takes;		       /* it is in, or would be if it were public */
	bool stands;		       /* it is an entry */
	size_t place, window, members; /* from 1, 0: none; entries; articles */
	struct slice why;	       /* it does not stand there, or empty */
	struct explain_documents documents;
};

struct explain_article {
	struct arena arena;
	const char *path;
	const struct article *article; /* of the index; NULL: it is none, or cannot be used */
	bool is_article;	       /* by its name and place */
	struct err err;		       /* it cannot be used */
	struct slice why_not;	       /* it is no article, or its id or URL is another's */
	enum article_standing standing;
	struct slice held_back; /* nothing is published, why; or empty */
	bool has_state;
	struct reader reader;
	struct trace trace;
	struct diags diags;
	VEC(struct explain_row) rows;
	VEC(struct explain_place) places;
	size_t stands; /* in so many feeds */
};

struct explain_count { /* articles that are not in a feed, for one reason */
	size_t count;
	struct slice why;
	const struct article *first; /* the newest of them */
};

struct explain_target { /* somebody who is told */
	const struct config_ping *ping;
	bool entries;		     /* of each entry, not of files */
	struct slice topics;	     /* the files it is told of, in words; empty: none */
	size_t due;		     /* of these */
	int64_t last_told, next_try; /* Unix seconds; 0: never, at once */
	struct slice last_answer;
};

struct explain_value { /* the feed of one value, in a list of them */
	struct slice value;
	size_t window, members;
	struct explain_documents documents;
};

struct explain_feed {
	struct arena arena;
	const struct config_feed *feed;
	const struct query_group *group; /* NULL: `values` */
	struct slice held_back;
	bool has_state;
	VEC(struct explain_value) values;
	struct explain_documents documents;
	VEC(struct explain_count) counts;
	VEC(struct explain_target) targets;
};

struct explain_asked { /* what gathering asks of */
	struct library *library;
	const struct resolve_account *account;
	int64_t now;
};

/* Free *out in any case. */
int explain_article_gather(const struct explain_asked *asked, const char *path,
    struct explain_article *out, struct err *err);
void explain_article_free(struct explain_article *article);
int explain_feed_gather(const struct explain_asked *asked, const struct explain_name *name,
    struct explain_feed *out, struct err *err);
void explain_feed_free(struct explain_feed *feed);

/* explain_feed.c: the files of a feed. */
void explain_documents_gather(const struct explain_asked *asked, size_t feed,
    struct query_group *group, struct arena *arena, struct explain_documents *out);

/* explain_rows.c: the fields of an article that was read. `before`: as it was read, before the library. */
void explain_rows_gather(const struct explain_asked *asked, const struct entry *entry,
    const struct article *before, struct explain_article *out);

/* ---- words ---- */

/* Why a value is what it is, by the step that decided; `value`: as it is shown. */
struct slice explain_step_words(struct arena *arena, const struct site *site,
    const struct trace *trace, const struct trace_step *step, struct slice value);
/* What became of a key that decided nothing; NULL: it did. */
const char *explain_key_words(const struct trace *trace, const struct trace_key *key);
/* "tag = \"rust\"": the filter by this name. */
struct slice explain_filter(struct arena *arena, const struct config_feed *feed, const char *name);
/* "2024-01-02T03:04:05Z" */
struct slice explain_time(struct arena *arena, int64_t when);
/* Why a file of content.dir is no article, by names and places. */
struct slice explain_no_article(struct arena *arena, const struct site *site, const char *path);

/* ---- printing ---- */

void explain_article_text(const struct explain_article *article, struct buf *out);
void explain_article_json(const struct explain_article *article, struct buf *out);
void explain_feed_text(struct explain_feed *feed, struct buf *out);
void explain_feed_json(const struct explain_feed *feed, struct buf *out);

#endif
