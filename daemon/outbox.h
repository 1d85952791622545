/*
 * outbox: what still has to be said, and to whom.
 *
 *	outbox_start ─► outbox_load … ─► outbox_want … outbox_next, outbox_answer … ─► outbox_free
 *	                                       │
 *	                                       └► outbox_take_changes ─► (saved) ─► outbox_saved
 *
 * A row for each (target, topic): the digest that is published (wanted), the
 * one that was told, and the one that was given up. A row is due while wanted
 * is neither of these; so ten edits are one ping, and a crash repeats one at
 * most. Entries have rows like topics, keyed by what tells them apart; such a
 * row goes when nothing of it is due any more.
 *
 * When a row is tried:
 *
 * - What has changed is tried at once. After a failure the row climbs the ladder
 *   of retry.h; another change brings it to the foot again.
 * - A target that failed OUTBOX_TROUBLE times without a good answer in between is
 *   in trouble: it is asked by one ping at a time, and the ladder is the target's,
 *   whatever rows it has. A change shortens the wait to OUTBOX_SOON at most: who
 *   publishes need not wait for a rung that was climbed last night, and who edits
 *   all the time does not ask a dead hub all the time. When it answers again, all
 *   that is due to it is due at once.
 * - Retry-After holds the target, and nothing but outbox_hurry shortens it.
 * - Targets take turns, and so do hosts. Who does not answer soon delays nobody, not on the
 *   same host either, up to OUTBOX_IN_FLIGHT_MOST and OUTBOX_PER_HOST_MOST of them.
 * - What fails for days is given up: see retry_over. In trouble, the tries are the target's.
 *
 * The row of a link is not tried before the state has it, or has refused it (outbox_saved).
 *
 * Whoever was sent something may have heard it though no answer came, or may have looked only
 * after the next change: then it is not known what was told, and whatever is wanted is due.
 *
 * For PING_BY_LINK, read host of the link where it says target here, except that
 * parked is none of them: a host that wants no more is given up on.
 *
 * Decides only: time and chance are arguments; it sends and saves nothing. What
 * has changed since the last outbox_take_changes is to be saved in the state,
 * which may take a while and fail; what changes meanwhile is taken the next time.
 * All on one thread.
 */
#ifndef DAEMON_OUTBOX_H
#define DAEMON_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/state.h"
#include "feeds/base/digest.h"
#include "feeds/ping/ping.h"

enum {
	OUTBOX_IN_FLIGHT = 32,	     /* pings under way, not counting those that take long */
	OUTBOX_PER_HOST = 4,	     /* of these, to one host */
	OUTBOX_SLOW_MS = 500,	     /* one that takes longer does not hold up others, ... */
	OUTBOX_IN_FLIGHT_MOST = 256, /* ... as long as there are not so many, ... */
	OUTBOX_PER_HOST_MOST = 16,   /* ... and to one host not so many; ... */
	OUTBOX_SLOW_MOST = 2,	     /* ... a target that has so many gets no more meanwhile */
	OUTBOX_RETRIES = 16,	     /* of those under way, whose target failed the last time */
	OUTBOX_TROUBLE = 3,	     /* failures in a row, then a target is asked one by one */
	OUTBOX_SOON = 5 * 60,	     /* seconds that a change waits for one in trouble, at most */
	OUTBOX_GIVEN_UP_DAYS = 30,   /* then an entry's row that was given up goes */
	OUTBOX_ABSENT_DAYS = 7,	     /* then a target that no settings name is forgotten */
	OUTBOX_ROWS_MOST =
	    1 << 19, /* rows in memory; what is beyond is not told, and that is said */
};

struct outbox_target_settings { /* what a [[ping]] says; copied */
	struct slice key;	/* "websub https://hub.example.com/": what it is remembered by */
	struct slice name;	/* for people */
	struct slice host;	/* of its URL, lower case, with the port; empty: that of the link */
	const struct ping *ping;
	int64_t min_interval; /* seconds */
};

struct outbox_what {	       /* what a row is about; strings are copied */
	struct slice topic;    /* key of the row: topic URL, or what tells the entry apart */
	struct ping_item item; /* but for event, since, message */
};

struct outbox;
struct outbox_row;

/* Targets have numbers, in the order given. Two with one key are one, and have the first number. */
struct outbox *outbox_start(const struct outbox_target_settings *targets, size_t len);
void outbox_free(struct outbox *outbox);
/*
 * Other settings: targets are known by their keys. What is due to one that is not there any
 * more stays in the state for a week, as if it might come back.
 * No row may be under way.
 */
void outbox_set_targets(
    struct outbox *outbox, const struct outbox_target_settings *targets, size_t len);

/* What the state holds. Rows and targets that no settings name are kept for outbox_set_targets. */
void outbox_load_target(struct outbox *outbox, const struct state_target *from);
void outbox_load(struct outbox *outbox, const struct state_ping *from);

/*
 * After outbox_set_targets or when all is loaded, before anything else. A target that has come,
 * where one of the same protocol has gone and no other of it has come or gone, is that one with
 * another URL: what was told and what is due is its own now. False: it is not so.
 */
bool outbox_take_over(struct outbox *outbox, size_t target);
/* After that: what is due to targets that have just gone. */
size_t outbox_left(const struct outbox *outbox);

/*
 * Has this target been told, or been there, before? If not, it is its first run: call
 * outbox_want with `announce` false to begin from what is published now, then outbox_known.
 */
bool outbox_is_known(const struct outbox *outbox, size_t target);
void outbox_known(struct outbox *outbox, size_t number, int64_t now);

/*
 * This is published now. Not `announce`: and counts as told, if there is no row yet. An entry's
 * `before` is the digest that was published until now, NULL: none was; for a topic it is
 * not looked at. `wanted` NULL: it is published no more: a topic's row goes, an entry's
 * is due if it was ever told. `since`, Unix seconds, is when it came to be so: as the state
 * has it (of the document, of the event), then messages are the same after a crash.
 * False: there are OUTBOX_ROWS_MOST already, and it will not be told.
 */
bool outbox_want(struct outbox *outbox, size_t number, const struct outbox_what *what,
    const struct digest *before, const struct digest *wanted, bool announce, int64_t since);
/*
 * What becomes due from now on is not tried before outbox_release, so that several changes are one
 * ping; what is due already goes on, and others' turns do.
 */
void outbox_hold(struct outbox *outbox);
void outbox_release(struct outbox *outbox);
/* This is none of the target's any more: its row goes, whatever is due. */
void outbox_leave(struct outbox *outbox, size_t target, struct slice topic);
/* The rows of entries whose keys begin so: for those of PING_BY_LINK. `each` does not change them. */
void outbox_rows(const struct outbox *outbox, size_t target, struct slice prefix,
    void (*each)(void *arg, const struct outbox_row *row), void *arg);

/*
 * Rows to tell now, of one target, at most its batch: they are under way until
 * outbox_answer or outbox_cancel. How many were put into `rows`, which has room for `most`;
 * 0: none is due, or as many as may be are under way. `now` in Unix seconds, `now_ms` of uv_now.
 */
size_t outbox_next(
    struct outbox *outbox, int64_t now, uint64_t now_ms, struct outbox_row **rows, size_t most);
/* When outbox_next may have more, if nothing else happens: Unix seconds; 0: never. */
int64_t outbox_next_time(const struct outbox *outbox, int64_t now);
/*
 * Milliseconds (uv_now) when one that is under way counts as slow, and makes room; 0: nothing waits
 * for that.
 */
uint64_t outbox_slow_time(const struct outbox *outbox);

struct outbox_outcome {	  /* for who says it */
	size_t given_up;  /* rows; with those that were due for as long, of a target in trouble */
	bool over;	  /* they were tried for days; else the answer was clear */
	bool parked;	  /* the target, by this */
	int64_t next_try; /* of the rows, Unix seconds; 0: never, or none failed */
};

/*
 * For a status: they could not be sent, so nobody has heard of them. With PING_GIVE_UP nobody was
 * asked, either: it says nothing of who was to hear of them.
 */
enum { OUTBOX_UNSENT = -1 };

/*
 * What became of rows that outbox_next gave. They may be gone afterwards. `status` 0: no answer
 * came, but they may have been heard; then what was told before is due when it is wanted again.
 */
struct outbox_outcome outbox_answer(struct outbox *outbox, struct outbox_row *const *rows,
    size_t len, const struct ping_verdict *verdict, int status, int64_t now, uint32_t chance);
/* They were not tried after all; they are due as before, unless they have gone meanwhile. */
void outbox_cancel(struct outbox *outbox, struct outbox_row *const *rows, size_t len);
/* The same, but they were sent, and may have been heard. */
void outbox_cut_off(struct outbox *outbox, struct outbox_row *const *rows, size_t len);
/* A row that was not tried waits until then, unless it has changed meanwhile; `why` is for people. */
void outbox_wait(struct outbox *outbox, struct outbox_row *row, int64_t until, struct slice why);
/* The same, and no try of it counts: there was no network. */
void outbox_unheard(struct outbox *outbox, struct outbox_row *row, int64_t until, struct slice why);
/* Of a row under way: if this try fails, it is given up. */
bool outbox_is_last_try(const struct outbox_row *row, int64_t now);
/*
 * All that is due to a target is due at once, what was given up too, and it is parked no
 * more. Only its min_interval and the protocol's again_after still count.
 */
void outbox_hurry(struct outbox *outbox, size_t number, int64_t now);
/* What is due to whom nothing could be said the last time is due at once: a try, and no more. */
void outbox_hurry_unheard(struct outbox *outbox, int64_t now);
/*
 * The time has come: what was set by a clock that was wrong is put right, what is old goes, and
 * the days of targets that are not there any more are counted. outbox_next does this, too.
 */
void outbox_turn(struct outbox *outbox, int64_t now);

/* When a row was heard of, or may have been: the protocol's again_after begins there. 0: never. */
static inline int64_t outbox_heard(int64_t last_status, int64_t last_told, int64_t last_try)
{
	return last_status ? last_told : last_try;
}

/*
 * Before this nothing is sent to a target: it asked for a pause until `asked`, is in trouble until
 * `held`, and was last sent something at `last_sent`, 0: never.
 */
static inline int64_t outbox_opens(
    int64_t asked, int64_t held, int64_t last_sent, int64_t min_interval)
{
	int64_t at = asked > held ? asked : held;

	if (!last_sent || min_interval == 0)
		return at;
	/* Of whole seconds that one had begun. */
	return last_sent + min_interval + 1 > at ? last_sent + min_interval + 1 : at;
}

size_t outbox_target(const struct outbox_row *row);
struct slice outbox_topic(const struct outbox_row *row);
/* All 0: it is published no more. Of a row under way what is told now, though another is wanted. */
const struct digest *outbox_wanted(const struct outbox_row *row);
/* With event and since, and with message while it is under way; borrowed from the row. */
struct ping_item outbox_item(const struct outbox_row *row);
/* Rows due to all targets, under way or not. */
size_t outbox_due(const struct outbox *outbox);

/* Rows and targets as they are to be in the state; strings live in the arena. */
struct outbox_changes {
	struct arena arena;
	struct state_target *targets;
	size_t targets_len;
	struct state_ping *rows;
	size_t rows_len;
	struct state_ping_key *gone; /* rows to be removed; before `rows`. No topic: the target */
	size_t gone_len;
};

bool outbox_changed(const struct outbox *outbox);
/* All of it is, for the state is a new one; of a save that goes to it, before outbox_saved. */
void outbox_save_all(struct outbox *outbox);
/* One at a time: until outbox_saved. */
void outbox_take_changes(struct outbox *outbox, struct outbox_changes *out);
/* Not `saved`: they are to be saved again. Frees what *changes holds. */
void outbox_saved(struct outbox *outbox, struct outbox_changes *changes, bool saved);
/* Within a transaction; on a worker. */
int outbox_save(struct state *state, const struct outbox_changes *changes, struct err *err);

#endif
