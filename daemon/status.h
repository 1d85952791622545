/*
 * status: how a site stands, as one struct of facts.
 *
 *	status_gather ─► status_put_text, status_put_json, metrics_put ─► status_free
 *
 * `feedd --status` and the metrics print the same facts, so they cannot
 * disagree. They come from the state alone: what the last build found, how
 * its articles stand at a given time, and what the targets that the settings have
 * are still to be told. Gathering blocks; printing is pure.
 */
#ifndef DAEMON_STATUS_H
#define DAEMON_STATUS_H

#include "daemon/options.h"
#include "daemon/site.h"
#include "daemon/state.h"
#include "feeds/base/vec.h"

enum { STATUS_DUE_LISTED = 5 }; /* of what is due to a target, so many are named */

/* The meta facts of the state that a status tells; a daemon or a build puts them. */
#define STATUS_WATCH_MODE    "watch_mode" /* text: "events", "poll", "events, 12 folders polled" */
#define STATUS_STARTED_AT    "started_at" /* Unix seconds */
#define STATUS_BUILD_AT	     "build_at"	  /* Unix seconds: when the last build began */
#define STATUS_BUILD_MS	     "build_ms"	  /* milliseconds it took */
#define STATUS_BUILD_CHANGED "build_changed" /* documents that it wrote */
#define STATUS_HELD_BACK     "held_back"     /* text: which build waits for --force; no row: none */

struct status_scheduled {
	int64_t published;
	struct slice path, title;
};

struct status_due {		  /* something that a target is still to be told */
	struct slice topic;	  /* its URL, or what tells the entry apart */
	int64_t since;		  /* Unix seconds */
	int64_t attempts;	  /* that failed, in a row */
	int64_t next_try;	  /* Unix seconds; 0: at once */
	struct slice last_answer; /* empty: it was not tried yet */
};

struct status_ping { /* a target: what a [[ping]] of the settings came to */
	struct slice name, protocol;
	struct slice url;	  /* without what may be secret; empty: it has none */
	bool known;		  /* its first run is over */
	int64_t parked;		  /* since then; 0: it is not */
	int64_t held;		  /* nothing is sent to it before that time, Unix seconds */
	int64_t last_told;	  /* Unix seconds; 0: never */
	int64_t last_status;	  /* HTTP; 0: none */
	struct slice last_answer; /* empty: it was not asked yet */
	size_t due;
	size_t given_up;  /* topics that were given up as they are now published */
	int64_t failures; /* attempts of what is due */
	int64_t next_try; /* the first of what is due; 0: at once */
	struct status_due oldest[STATUS_DUE_LISTED]; /* of what is due */
	size_t oldest_len;
};

struct status { /* its slices live in `arena` */
	struct arena arena;
	int64_t now;	 /* of the gathering, Unix seconds */
	bool known;	 /* there is a state; else all below is nothing */
	pid_t holder;	 /* the feedd that runs, LOCK_UNKNOWN, or 0 */
	int64_t started; /* Unix seconds; 0: not known */
	struct slice watch_mode;
	int64_t build_at, build_ms, build_changed; /* build_at 0: none yet */
	struct slice held_back;			   /* empty: nothing is */
	size_t standings[ARTICLE_STANDINGS];
	VEC(struct status_scheduled) scheduled; /* soonest first; see status_gather */
	VEC(struct state_problem) problems;	/* skipped articles, by path */
	VEC(struct state_fault) faults;		/* by key */
	VEC(struct state_document) documents;	/* by feed, format, path */
	VEC(struct status_ping) pings;		/* in the order of the settings */
};

/*
 * `state` NULL: there is none yet. `config`: of the targets. `standings` (ARTICLE_STANDINGS): what an
 * index has counted already; then no article is looked at and `scheduled`
 * stays empty. NULL: count them here.
 */
int status_gather(struct state *state, const struct config *config, int64_t now,
    const size_t *standings, struct status *out, struct err *err);
void status_free(struct status *status);

/*
 * Whether something waits for a person: a fault, a build that is held back, a
 * target that is parked, or a feed that somebody was not told of and will not be until
 * it changes. What is due is not: it is tried again. A skipped article is its author's
 * affair, as for --once: only if `strict`.
 */
bool status_needs_person(const struct status *status, bool strict);

/* status_ping.c: the targets of the settings, and what the state has of them. */
int status_gather_pings(
    struct state *state, const struct config *config, struct status *out, struct err *err);

/* What the documents of one feed in one format come to. */
struct status_feed {
	struct slice name, format;
	const struct state_document *documents; /* borrowed from the status */
	size_t len;
	int64_t entries, size; /* sums; bytes */
	int64_t changed;       /* the last, Unix seconds */
	bool of_site;	       /* see status_is_of_site: it has no entries */
};

/* It is no feed's, but one that there is one of for the whole site ([pages]). */
bool status_is_of_site(const struct state_document *document);
/* The next feed, from *at on, which starts as 0 and is moved; false: that was all. */
bool status_next_feed(const struct status *status, size_t *at, struct status_feed *out);

/* Append what --status prints: lines for people, or one JSON document. */
void status_put_text(const struct status *status, const char *state_path, struct buf *out);
void status_put_json(const struct status *status, bool strict, struct buf *out);

/* The command. Returns an exit status. */
int status_run(const struct site *site, const struct options *options);

#endif
