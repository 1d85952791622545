/*
 * state: what feedd remembers from one run to the next.
 *
 *	state_open ─► state_articles … ─► state_begin ─► state_put_… ─► state_commit ─► state_close
 *
 * One SQLite file, `state.db` in the state folder, in WAL mode and synced at
 * every commit: after state_commit the rows survive a crash and a power cut,
 * before it nothing of them is there. The content and the published feeds can
 * rebuild nearly all of it, so a damaged file is set aside and a new one begun.
 * One feedd at a time: lock.h. Others may read beside it (state_open_readonly).
 *
 * Every call blocks: use it on a worker or before the loop runs, one thread at
 * a time. Outputs stay as they were on failure. Slices that go in are borrowed
 * for the call; slices that come out in a callback live until it returns. A
 * callback does not use the state. What goes in is text as article.h has it;
 * a path may be any bytes.
 */
#ifndef DAEMON_STATE_H
#define DAEMON_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "feeds/article.h"
#include "feeds/base/digest.h"
#include "feeds/base/err.h"

struct state;

/*
 * Make the folder (mode 0700) if it is missing, lock it, open the file or begin
 * one, and bring it to this version's tables. On failure *out_holder is the
 * process that holds the lock, LOCK_UNKNOWN when it cannot be told, or 0 when
 * something else is wrong: a file of a newer feedd is an ERR_INVALID.
 * *out_damaged: what was there is now `state.db.damaged`, and this one is empty.
 */
int state_open(
    const char *dir, struct state **out, pid_t *out_holder, bool *out_damaged, struct err *err);

/*
 * For reading beside a feedd that runs, or when none does: takes no lock. 0 with
 * *out NULL when there is no state yet. Whoever may only read the folder can
 * read a state at rest and one that is written, and in rare cases not what a
 * crash left; the text says what to do.
 */
int state_open_readonly(const char *dir, struct state **out, struct err *err);

/* Is there a state in the folder, be it whole or not? */
bool state_exists(const char *dir);

/* Closes and unlocks. An open transaction is rolled back. */
void state_close(struct state *state);

/* The process whose lock is on it now, this one too; LOCK_UNKNOWN, or 0 for none. */
pid_t state_holder(const struct state *state);

/*
 * That the file cannot be written cannot be written to it: for who asks, it
 * stands beside the lock, since that time. NULL: it can be written.
 */
void state_tell_unsaved(struct state *state, const char *why, int64_t since);
/* Does the holder tell so? Then *out_since is set, and why is appended. */
bool state_unsaved(const struct state *state, int64_t *out_since, struct buf *why);

/*
 * Its file is the one that was opened: nobody has deleted, moved, replaced or emptied it, nor its
 * folder.
 */
bool state_stands(const struct state *state);
/* The last failure was that of a damaged file; state_restart helps. */
bool state_damaged(const struct state *state);
/*
 * Set the file aside as `state.db.damaged` and begin a new one, under the same lock; in a new
 * folder, under its lock, when the old one is not there any more. After a failure every call
 * fails, until it is called again and does not.
 */
int state_restart(struct state *state, struct err *err);

/*
 * All that is put and removed is so between these. When anything in between
 * fails, roll back; a commit that fails has rolled back.
 */
int state_begin(struct state *state, struct err *err);
int state_commit(struct state *state, struct err *err);
void state_rollback(struct state *state);

/* Articles. Of an author only the name is kept, as in an index. */

struct state_article {
	struct article article;
	bool visible; /* it stood in a feed when it was put */
	int64_t gone; /* when its file was found missing, Unix seconds; 0: it is there */
};

/* By path: a row that is there is replaced. Many go fastest in byte order of their paths. */
int state_put_article(struct state *state, const struct state_article *article, struct err *err);
/* So many of them take three quarters of the time. */
enum { STATE_ROWS = 16 };
int state_put_articles(
    struct state *state, const struct state_article articles[STATE_ROWS], struct err *err);
/* `when`: Unix seconds, 0 for one that is there again. A path without a row: nothing happens. */
int state_set_gone(struct state *state, struct slice path, int64_t when, struct err *err);
int state_remove_article(struct state *state, struct slice path, struct err *err);
/* Remove the rows of articles that went before `before`. */
int state_sweep_gone(struct state *state, int64_t before, struct err *err);

/* Every article that is there, in byte order of paths, or every one that is gone, the last first. */
int state_articles(struct state *state, bool gone,
    void (*each)(void *arg, const struct state_article *article), void *arg, struct err *err);

/* Has one that is gone this id? The index has the others. */
int state_has_gone_id(struct state *state, struct slice id, bool *out_has, struct err *err);

/* Documents: what was published. */

struct state_document {
	struct slice path;    /* within output.dir */
	struct slice feed;    /* name in the settings */
	struct slice value;   /* of `by`; or empty */
	struct slice format;  /* "atom" */
	struct digest digest; /* of its bytes */
	struct digest recipe; /* of what it was made of */
	int64_t size;	      /* bytes */
	int64_t mtime_ns;     /* Unix time in nanoseconds */
	uint64_t inode;
	int64_t entries;
	int64_t changed;     /* when its bytes last changed, Unix seconds */
	int64_t empty_since; /* when it lost its last entry, Unix seconds; 0: it has some */
};

int state_put_document(struct state *state, const struct state_document *document, struct err *err);
int state_remove_document(struct state *state, struct slice path, struct err *err);
/* In byte order of paths. */
int state_documents(struct state *state,
    void (*each)(void *arg, const struct state_document *document), void *arg, struct err *err);

/* Problems: articles that had to be skipped, and why. One a path. */

struct state_problem {
	struct slice path;
	uint32_t line, column; /* from 1; 0: not known */
	struct slice text;
};

int state_put_problem(struct state *state, const struct state_problem *problem, struct err *err);
int state_remove_problem(struct state *state, struct slice path, struct err *err);
int state_problems(struct state *state,
    void (*each)(void *arg, const struct state_problem *problem), void *arg, struct err *err);

/* Faults: what a person must do something about, by a key that its cause chooses. */

struct state_fault {
	struct slice key;  /* "content", "output" */
	struct slice text; /* for people */
	int64_t since;	   /* Unix seconds */
};

/* When the key is there, its text is replaced and `since` stays. */
int state_put_fault(struct state *state, const struct state_fault *fault, struct err *err);
int state_remove_fault(struct state *state, struct slice key, struct err *err);
int state_faults(struct state *state, void (*each)(void *arg, const struct state_fault *fault),
    void *arg, struct err *err);

/* Adopted entries: ids of an existing feed, and whether an article has taken them. */

struct state_adopted {
	struct slice id; /* its key */
	struct slice url, title;
	int64_t published, updated; /* Unix seconds; 0: not said */
	bool used;
};

int state_put_adopted(struct state *state, const struct state_adopted *adopted, struct err *err);
int state_use_adopted(struct state *state, struct slice id, bool used, struct err *err);
/* In the order in which they were first put. */
int state_adopted(struct state *state, void (*each)(void *arg, const struct state_adopted *adopted),
    void *arg, struct err *err);

/* Targets of pings, and what is to be told to each: what an outbox (outbox.h) keeps. */

struct state_target {
	struct slice key;	      /* "websub https://hub.example.com/" */
	int64_t known;		      /* since when, Unix seconds */
	int64_t parked;		      /* since when, Unix seconds; 0: it is not */
	int64_t last_sent, last_told; /* Unix seconds; 0: never */
	int64_t last_status;	      /* HTTP; 0: it gave no answer, or was not asked yet */
	struct slice last_answer;     /* for people */
	int64_t failures;	      /* in a row, without an answer that was good */
	int64_t held;		      /* it asked to be left alone until then; 0: it did not */
	int64_t rests;		      /* it is in trouble, and left alone until then; for people */
	int64_t absent;		      /* since when no settings name it; 0: they do */
};

struct state_ping {	     /* digests are all 0 where there is none */
	struct slice target; /* its key */
	struct slice topic;  /* URL of the topic, or what tells an entry apart */
	bool entry;
	struct digest wanted, told, given_up;
	int64_t attempts; /* that failed, in a row */
	int64_t since;	  /* when it came to be due, Unix seconds; 0: it is not */
	int64_t next_try, last_try, last_told;		 /* Unix seconds; 0: none */
	int64_t last_status;				 /* HTTP; 0: no answer */
	struct slice last_answer;			 /* for people */
	struct slice url, id, title, link, feed, format; /* see struct ping_item */
	int64_t published, updated;
};

struct state_ping_key {
	struct slice target, topic;
};

int state_put_target(struct state *state, const struct state_target *target, struct err *err);
int state_targets(struct state *state, void (*each)(void *arg, const struct state_target *target),
    void *arg, struct err *err);
/* Its pings stay; they are removed one by one. */
int state_remove_target(struct state *state, struct slice key, struct err *err);
int state_put_ping(struct state *state, const struct state_ping *ping, struct err *err);
int state_remove_ping(struct state *state, const struct state_ping_key *key, struct err *err);
/* In byte order of targets and topics. */
int state_pings(struct state *state, void (*each)(void *arg, const struct state_ping *ping),
    void *arg, struct err *err);
/* The same, of those alone that are due, and of topics that were given up as they are wanted. */
int state_pings_open(struct state *state, void (*each)(void *arg, const struct state_ping *ping),
    void *arg, struct err *err);

/*
 * Events: entries that were published, changed or removed and that the outbox has not
 * taken up yet. They are put in the transaction that puts their articles, so none is lost.
 */

struct state_event {
	int64_t number; /* given by the state, rising; not looked at by state_put_event */
	struct digest before, after;  /* what readers saw of it and see now; all 0: nothing */
	struct slice path, id, title; /* of the article, as it is or last was */
	struct slice url, old_url;    /* of its page; what it was before, or empty */
	struct slice feeds;	      /* names of the [[feed]]s that took it before, a line each */
	int64_t published, updated;
	int64_t when; /* it was put, Unix seconds: the same after a crash */
};

int state_put_event(struct state *state, const struct state_event *event, struct err *err);
/* In the order in which they were put. */
int state_events(struct state *state, void (*each)(void *arg, const struct state_event *event),
    void *arg, struct err *err);
/* Those up to this number have been taken up. */
int state_remove_events(struct state *state, int64_t number, struct err *err);

/*
 * Meta: single facts by name; `key` is a literal of ours. What is not there
 * leaves *out as it was, so that the caller says what it then is.
 */
int state_put_int(struct state *state, const char *key, int64_t value, struct err *err);
int state_put_text(struct state *state, const char *key, struct slice value, struct err *err);
int state_remove_meta(struct state *state, const char *key, struct err *err);
int state_get_int(struct state *state, const char *key, int64_t *out, struct err *err);
int state_get_text(struct state *state, const char *key, struct buf *out, struct err *err);

#endif
