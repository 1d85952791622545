/*
 * draft: a feedd.toml that is being thought of.
 *
 * `feedd --init` fills one: the family of generators (generator/generator.h) puts in what the
 * site's own settings say, a person what those leave open, and draft_put prints it as a file with
 * the words of the table of settings. Each value knows where it came from, and how sure it is; one
 * that config_parse would refuse is not taken, and a note says why. So what is printed loads.
 */
#ifndef CONFIG_DRAFT_H
#define CONFIG_DRAFT_H

#include <stdbool.h>

#include "feeds/base/arena.h"
#include "feeds/base/buf.h"
#include "feeds/base/diag.h"
#include "feeds/base/slice.h"
#include "feeds/format/format.h"

enum { DRAFT_FEEDS = 16, DRAFT_ITEMS = 64, DRAFT_FAULTS = 20, DRAFT_TEXT_MAX = 1000 };

enum draft_key { /* in the order of the file */
	DRAFT_TITLE,
	DRAFT_URL,
	DRAFT_DESCRIPTION,
	DRAFT_LANGUAGE,
	DRAFT_TIMEZONE,
	DRAFT_AUTHOR,
	DRAFT_CONTENT,
	DRAFT_INCLUDE, /* a list, and so is the next: draft_add */
	DRAFT_EXCLUDE,
	DRAFT_PERMALINK,
	DRAFT_UNDATED,
	DRAFT_OUTPUT,
	DRAFT_KEYS
};

/* How much a value is worth; a later one takes the place of one that is worth less. */
enum draft_trust {
	DRAFT_OPEN,    /* nothing is known */
	DRAFT_GUESSED, /* a default to offer: an example that a generator came with, a common name */
	DRAFT_FOUND,   /* somebody's setting, or what their generator does without one */
	DRAFT_SAID,    /* by the person at the terminal */
};

struct draft_value {
	enum draft_trust trust;
	const char *text; /* NULL when open, and of a list, whose items are in the next */
	const char **items;
	size_t len;
	const char *from; /* "title in hugo.toml"; NULL: nothing to say */
	const char *note; /* what a person has to know or mend; NULL: nothing */
};

struct draft_feed {
	const char *name;		 /* NULL: none */
	const char *by;			 /* NULL: one feed for all */
	const char *paths[FORMAT_FEEDS]; /* in the order of formats[]; NULL: not that one */
	int limit;			 /* 0: not said */
	const char *lang;		 /* only articles in this language; NULL: in all */
	const char *note;		 /* likewise */
	bool offered;			 /* is printed as a comment, to be taken up or not */
};

struct draft_fault { /* of a settings file of the site */
	const char *path;
	uint32_t line, column;
	const char *text;
};

struct draft {
	struct arena arena; /* holds all strings */
	struct draft_value values[DRAFT_KEYS];
	struct draft_feed feeds[DRAFT_FEEDS];
	size_t feeds_len;
	struct draft_fault faults[DRAFT_FAULTS];
	size_t faults_len;
};

#define DRAFT_INIT                                                                                 \
	(struct draft)                                                                             \
	{                                                                                          \
		.arena = ARENA_INIT                                                                \
	}

void draft_free(struct draft *draft);

/* "site.url", and the sentences that the reference has for it. */
const char *draft_key_name(enum draft_key key);
const char *draft_key_words(enum draft_key key);

/*
 * Set a value unless there is one that is worth as much. Text is put on one line, a language into
 * its usual form; of an empty one nothing comes. False, and a note, when the settings would refuse it.
 * `from` is where it was, "title in hugo.toml".
 */
bool draft_set(struct draft *draft, enum draft_key key, struct slice text, enum draft_trust trust,
    const char *from);
/* Add to a list. */
void draft_add(struct draft *draft, enum draft_key key, const char *item);
/* Add a sentence to what is said about a value, unless it is said already. */
void draft_note(struct draft *draft, enum draft_key key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* What config_parse would say to a value; true: it would take it. */
bool draft_try(enum draft_key key, struct slice text, struct diags *diags);

/* "rss", "atom" or "json". False: there is no such format. */
bool draft_feed_set(struct draft_feed *feed, const char *format, const char *path);
/*
 * Add a feed; it becomes one with a feed of the same entries that lacks its formats. False when
 * there are too many, or the settings would refuse it beside those that are there.
 */
bool draft_add_feed(struct draft *draft, const struct draft_feed *feed);

/* Something is wrong with a file of the site; text without end is cut. */
void draft_complain(
    struct draft *draft, const char *path, uint32_t line, uint32_t column, const char *text);

/* Append the file; title and url must not be open. `made` is a word on who made it and from what. */
void draft_put(const struct draft *draft, const char *made, struct buf *out);

#endif
