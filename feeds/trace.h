/*
 * trace: an account of one reading, for whoever asks why an article is as it is.
 *
 * article_parse and entry_render put down where each thing that they know came from, at the place
 * that decides, so the account cannot differ from what was done. Nobody asks as a rule: then
 * diags.trace is NULL, and each step costs one look at that.
 *
 *	struct trace trace = {0};
 *	struct diags diags = DIAGS_INIT;
 *	diags.trace = &trace;
 *	article_parse(..., &diags, ...);      // as ever
 *	...                                   // trace.steps, trace.keys
 *	trace_free(&trace);
 *
 * Steps stand in the order in which they were taken: of several for one thing the last decides.
 * Texts are borrowed from what is read, and from the arena that it is read into; those of tallies
 * and tokens are the trace's own. Everything has a bound; what is over it is left out and counted.
 */
#ifndef FEEDS_TRACE_H
#define FEEDS_TRACE_H

#include "feeds/base/arena.h"
#include "feeds/base/diag.h"
#include "feeds/base/slice.h"
#include "feeds/base/value.h"
#include "feeds/base/vec.h"

enum {
	TRACE_STEPS_MAX = 500,
	TRACE_KEYS_MAX = 500,
	TRACE_REMOVED_MAX = 200, /* names in a tally */
	TRACE_NAME_MAX = 60,	 /* bytes of such a name */
};

enum trace_from {
	TRACE_HEAD,    /* a key of the head */
	TRACE_NAME,    /* the name of the file, or of its bundle's folder */
	TRACE_FOLDER,  /* a folder that it is in */
	TRACE_BODY,    /* the body, by its shape */
	TRACE_FILE,    /* what the machine knows of the file: its times */
	TRACE_SETTING, /* a setting, named by `key` */
	TRACE_RULE,    /* none of these: `how` says what */
};

enum trace_zone {	     /* what made an instant of a date */
	TRACE_ZONE_NONE,     /* it is no date */
	TRACE_ZONE_OWN,	     /* the offset written with it */
	TRACE_ZONE_SITE,     /* there was none, so site.timezone */
	TRACE_ZONE_MIDNIGHT, /* no time either: midnight in site.timezone */
	TRACE_ZONE_SEEN,     /* that was the day of first sight, which had a time */
};

struct trace_step {
	const char *what; /* "title": a literal, as fields_name has it */
	enum trace_from from;
	enum trace_zone zone;
	struct slice key;  /* as written in the head, or the setting's name; else empty */
	uint32_t line;	   /* of the value, from 1; 0: not in the file */
	struct slice text; /* what stood there; empty for lists and maps */
	const char *how;   /* what was made of it, for people: a literal, or NULL */
	const void *value; /* of the head's tree; tells steps apart */
};

enum trace_fate {    /* what became of a key of the head */
	TRACE_KNOWN, /* it speaks for a field; whether it was heard, steps tell */
	TRACE_SILENT, /* it may, but this value says nothing: a switch at its usual side, a word for a date */
	TRACE_EMPTY,   /* it has no value */
	TRACE_FOREIGN, /* no field has such a key */
};

struct trace_key {
	struct slice key, within; /* within: of the map that it is in, or empty */
	struct slice text;	  /* as in a step */
	uint32_t line;
	enum trace_fate fate;
	const char *what;  /* the field; NULL: none */
	const void *value; /* as in a step */
};

enum trace_removal { /* of what a body held and the feeds do not; see trace_removal_words */
	TRACE_REMOVED_TAG,
	TRACE_REMOVED_ELEMENT,
	TRACE_REMOVED_ATTRIBUTE,
	TRACE_REMOVED_VALUE,
	TRACE_REMOVED_FRAME,
	TRACE_REMOVED_PIXEL,
	TRACE_REMOVED_HEADING,
	TRACE_REMOVALS,
};

struct trace_removed {
	enum trace_removal removal;
	struct slice name; /* of the tag or attribute, at most TRACE_NAME_MAX */
	size_t count;
};

/* What one passage of the sanitizer removed. */
struct trace_tally {
	struct arena arena;
	VEC(struct trace_removed) items;
	size_t others; /* that found no room */
};

struct trace_token { /* of a permalink pattern */
	struct slice name, text;
};

struct trace {
	struct arena arena;
	const char *dialect; /* of the head: frontmatter_kind.name */
	VEC(struct trace_step) steps;
	VEC(struct trace_key) keys;
	VEC(struct trace_token) tokens;
	struct trace_tally removed;
	size_t steps_dropped, keys_dropped;
};

/* A value of the head was heard. Once for each `what`; NULL values are none. */
void trace_put_value(
    struct trace *trace, const char *what, const struct value *value, const char *how);
void trace_put_step(struct trace *trace, const struct trace_step *step);
void trace_put_key(struct trace *trace, const struct trace_key *key);
/* The token of a pattern was replaced by `text`. */
void trace_put_token(struct trace *trace, struct slice name, struct slice text);
void trace_free(struct trace *trace);

/* All of these do nothing where nobody asks. */
static inline void trace_value(
    struct trace *trace, const char *what, const struct value *value, const char *how)
{
	if (trace)
		trace_put_value(trace, what, value, how);
}
static inline void trace_note(
    struct trace *trace, const char *what, enum trace_from from, struct slice text, const char *how)
{
	const struct trace_step step = {.what = what, .from = from, .text = text, .how = how};

	if (trace)
		trace_put_step(trace, &step);
}
static inline void trace_setting(
    struct trace *trace, const char *what, struct slice setting, struct slice text, const char *how)
{
	const struct trace_step step = {
	    .what = what, .from = TRACE_SETTING, .key = setting, .text = text, .how = how};

	if (trace)
		trace_put_step(trace, &step);
}

/* The last step for `what`, or NULL. */
const struct trace_step *trace_last(const struct trace *trace, const char *what);
/* Was the value heard, for any field? */
bool trace_heard(const struct trace *trace, const void *value);
/* "a key of the head": for programs and people. */
const char *trace_from_name(enum trace_from from);

/* ---- tallies; NULL: nobody counts ---- */

void trace_tally_put(struct trace_tally *tally, enum trace_removal removal, struct slice name);
static inline void trace_remove(
    struct trace_tally *tally, enum trace_removal removal, struct slice name)
{
	if (tally)
		trace_tally_put(tally, removal, name);
}
/* Add what another passage removed. */
void trace_tally_add(struct trace_tally *to, const struct trace_tally *from);
void trace_tally_clear(struct trace_tally *tally);
void trace_tally_free(struct trace_tally *tally);
/* "tag": for programs; and what that means, for people: "tags; their text stays". */
const char *trace_removal_name(enum trace_removal removal);
const char *trace_removal_words(enum trace_removal removal);

#endif
