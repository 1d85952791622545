/*
 * library: all that feedd knows of a site while it runs.
 *
 * The index of articles, the feeds asked of it, what was published, what could
 * not be read, and the state on disk that all of this is kept in.
 *
 *	library_start ─► library_load ─► (library_apply … library_save …) ─► library_close
 *
 * The loop owns it and lends it to one job at a time: a build's worker changes
 * it (library_apply), and while feeds are rendered it is frozen, so that many
 * threads may read. What changed in memory and is not on disk yet is pending;
 * library_save writes all of it in one transaction, and a save that failed
 * leaves it pending, so that the next one tries again.
 *
 * Where entries are told of (events_wanted), library_apply also journals what happened to
 * each of them, and library_save writes that with the rows of the articles. So an event is
 * known until it was taken up, whatever comes between. Of a site that is new (fresh) nothing
 * is journaled: no reader has seen any of it.
 */
#ifndef DAEMON_LIBRARY_H
#define DAEMON_LIBRARY_H

#include "daemon/ahead.h"
#include "daemon/cache.h"
#include "daemon/site.h"
#include "daemon/state.h"
#include "feeds/adopt.h"
#include "feeds/base/map.h"
#include "feeds/base/vec.h"
#include "feeds/index.h"
#include "feeds/query.h"

enum { LIBRARY_EVENTS_MOST = 1 << 17 }; /* that wait to be taken up; later ones are lost */

struct
    library_document { /* a file that was published; what no article is in any more stays known */
	char *path;    /* within output.dir; owned, as the next two */
	char *feed, *value; /* name in the settings; what `by` made of it, or "" */
	size_t format;	    /* of formats[] */
	struct digest digest, recipe;
	struct article_stamp stamp; /* of the file; its ctime is not looked at */
	size_t entries;
	int64_t changed;     /* when its bytes last changed, Unix seconds */
	int64_t empty_since; /* when it lost its last entry, Unix seconds; 0: it has some */
	bool dropped;	     /* the file is gone, or not feedd's any more */
	bool pending;	     /* the state has not got it yet */
	bool untold;	     /* in library.untold */
};

struct library_problem { /* an article that had to be skipped */
	char *path;	 /* owned, as the text */
	char *text;
	uint32_t line, column;
	struct article_stamp stamp; /* of the file as it was read */
	bool conflict;		    /* the article can be read, but another one has its id or URL */
	bool said;		    /* by this process */
	int64_t unread_since;	    /* it could not be read, which passes; Unix seconds; 0: no */
	bool solved;
	bool pending;
};

struct library_mark { /* the row of an article that has to be written */
	char *path;   /* owned */
	bool moved;   /* its article has another path now; without this it is gone, if not there */
};

/*
 * An existing feed whose ids articles are asked to take over (--adopt). It wins over
 * what they have from anywhere but their own front matter.
 */
struct library_asked {
	const char *name; /* as in messages; borrowed */
	struct adopt_table table;
	size_t skipped; /* entries without an id, or with the id or URL of another */
	size_t known;	/* entries whose id an article had already */
	size_t placed;	/* that articles have taken now */
	size_t own;	/* whose article has an id of its own */
	bool done;	/* articles have been asked */
	bool pending;	/* the state has not got it yet */
};

struct library {
	const struct site *site;
	struct state *state; /* NULL: there is none (a dry run) */
	bool dry;	     /* write nothing */
	struct ahead *ahead; /* a scan for the first look, or NULL */
	bool fresh;	     /* the state was empty: ids come from the feeds that are there */

	struct index index;
	struct query *queries;	      /* one for each [[feed]] */
	struct query_result *results; /* likewise */
	struct cache *cache;
	uint64_t names;	   /* see recipe.h */
	struct map shared; /* paths of articles whose files had other names; some may be no more */
	struct arena shared_names;
	uint64_t listed, listed_names; /* sums of what pages list, with and without entries */
	uint64_t names_planned;	       /* when every feed was looked at last */

	VEC(struct library_document *) documents;
	struct map document_numbers; /* by path */
	VEC(size_t) untold;	     /* numbers of those put or dropped since library_take_untold */
	struct map claims;	     /* the paths that feeds write, to the number of the [[feed]] */
	struct arena claim_names;
	VEC(struct library_problem *) problems;
	struct map problem_numbers; /* by path */
	VEC(struct library_mark) marks;

	struct library_asked *asked; /* borrowed; NULL: none */
	struct adopt_table adopted;  /* ids in use elsewhere, which articles may take */
	bool adopted_pending;	     /* the state has lost them */
	struct err adopt_err;	     /* of the first feed that was there and could not be read */
	VEC(char *) taken;	     /* ids of it that were; pending */
	size_t adopted_total;	     /* entries of the feeds that were there, when `fresh` */
	bool renewed;		     /* the state was begun anew under way; to be said */
	bool written_other;   /* the state's digests of what was written are of another kind */
	bool reading_pending; /* how articles are read is to be written, ... */
	bool all_read;	      /* ... once all of them were read so */
	bool ids_pending;     /* the index has ids that the state does not have yet */

	/* Entries that came, changed or went and that nobody has taken up; see library_take_events. */
	bool events_wanted;		/* somebody will, as the settings have it */
	VEC(struct state_event) events; /* oldest first; their numbers say nothing */
	struct arena event_strings;
	size_t events_saved; /* of these, the first so many are in the state */
	bool events_lost;    /* there were more than LIBRARY_EVENTS_MOST; to be said */
	bool events_taken;   /* the state has some that were taken up */
	bool events_cleared; /* not any more, when this transaction is over */
};

/*
 * Begin with nothing in memory. The state, which may be NULL, is the library's until
 * library_close gives it back.
 */
void library_start(
    struct library *out, const struct site *site, struct state *take_state, bool dry);
/* Returns the state. */
struct state *library_close(struct library *library);

/*
 * Take in what the state holds, as it was published last; when it is empty, what
 * the feeds in the output folder say of ids. `now` in Unix seconds. Blocks.
 */
int library_load(struct library *library, int64_t now, struct err *err);

/*
 * Read the feed `name`: a file, or what is at an http or https URL (`proxy`: NULL for none).
 * ERR_SYNTAX, ERR_INVALID and ERR_LIMIT say that it is none that can be used. Free *out in any
 * case; library_save puts its entries into the state, for articles that come later. Blocks.
 */
int library_ask(const char *name, const char *proxy, struct library_asked *out, struct err *err);
void library_asked_free(struct library_asked *asked);

/* ---- articles ---- */

/*
 * Bring the index and the feeds in line with a batch of changes, or with another
 * `now` alone, and mark the rows that this makes. *out is to be freed
 * (index_delta_free) when nobody borrows what it retired.
 */
void library_apply(struct library *library, const struct index_change *changes, size_t len,
    int64_t now, struct index_delta *out);
/* A row has to be written. */
void library_mark(struct library *library, struct slice path, bool moved);
/* The id is of a feed that was there before: its readers know it. */
bool library_is_adopted(const struct library *library, struct slice id);
/* An article has taken an adopted id. */
void library_take_adopted(struct library *library, struct slice id);

/* An article cannot be used. False: that is known, and was said. */
bool library_put_problem(struct library *library, struct slice path,
    const struct article_stamp *stamp, const struct err *err);
/* Behind library_put_problem: it could not be read at `now`, Unix seconds, and that passes. */
void library_note_unread(struct library *library, struct slice path, int64_t now);
/* It could not be read for so long that others are not to wait for it. */
bool library_is_lasting(const struct library *library, struct slice path, int64_t now);
/* An article that was read is in no feed, since another one has its id or URL. */
bool library_put_conflict(struct library *library, struct slice path, const struct err *err);
/* All of these are over, but for those that are put again before library_end_conflicts. */
void library_solve_conflicts(struct library *library);
void library_end_conflicts(struct library *library);
void library_solve_problem(struct library *library, struct slice path);
/* NULL: there is none. */
const struct library_problem *library_problem(const struct library *library, struct slice path);

/* ---- documents ---- */

/* NULL: nothing was published there. */
const struct library_document *library_document(const struct library *library, struct slice path);
/* What is there now; strings are copied. */
void library_put_document(struct library *library, const struct library_document *document);
void library_drop_document(struct library *library, struct slice path);
/* Who had to hear of library->untold has heard. */
void library_take_untold(struct library *library);

/* The feed writes this file. The number of the feed that has claimed it first. */
size_t library_claim(struct library *library, struct slice path, size_t feed);
bool library_claimed(const struct library *library, struct slice path);

/* ---- events ---- */

/*
 * What readers see of an entry: its id, URL, dates, title, and what its author wrote. While
 * it stays, nobody is told of the entry, whatever was done to its file.
 */
struct digest library_entry_digest(const struct article *article);

/*
 * All of library->events were taken up: something that is saved by itself holds what
 * came of them. They go from memory now, and from the state with library_clear_events,
 * which belongs into the transaction that saves that something.
 */
void library_take_events(struct library *library);
int library_clear_events(struct library *library, struct err *err);

/* ---- the state ---- */

/*
 * Write all that is pending, and what `more` adds, in one transaction; `now` is
 * when articles went. On failure everything stays pending. Nothing when there
 * is no state or the run is dry. Blocks.
 */
int library_save(struct library *library, int64_t now,
    int (*more)(void *arg, struct state *state, struct err *err), void *arg, struct err *err);

#endif
