/*
 * outbox_inside: what the parts of outbox share, and nobody else sees.
 *
 * outbox.c has the targets and what is wanted; outbox_answer.c says what becomes
 * of rows that were tried; outbox_turn.c looks after time, and lets go what is
 * old. outbox_row.c has the rows of a target, in order of their topics.
 * outbox_queue.c says whose turn it is. outbox_save.c keeps track of what the
 * state does not know yet.
 *
 *	row ─► lane (its due rows, by time) ─► times, or when it is time ─► host (its ready lanes)
 *
 * A lane is what holds together: a target, or a host that a target of
 * PING_BY_LINK leads to. It waits in `times`, or with its host when something
 * may be sent, or in no place while there is nothing to wait for.
 */
#ifndef DAEMON_OUTBOX_INSIDE_H
#define DAEMON_OUTBOX_INSIDE_H

#include <sys/queue.h>

#include "daemon/outbox.h"
#include "feeds/base/heap.h"
#include "feeds/base/map.h"
#include "feeds/base/vec.h"

enum { /* of a row, as they lie in its words */
	OUTBOX_URL,
	OUTBOX_ID,
	OUTBOX_TITLE,
	OUTBOX_LINK,
	OUTBOX_FEED,
	OUTBOX_FORMAT,
	OUTBOX_STRINGS,
};

#define OUTBOX_TOPIC UINT32_MAX

/* What a row wants to be told. Its strings never change: a ping under way can borrow them. */
struct outbox_words {
	struct digest wanted;
	int64_t since, published, updated;
	int64_t named; /* `since` as the message has it, whatever becomes of the clock */
	struct {
		uint32_t start, len; /* in `bytes`; OUTBOX_TOPIC: it is the row's topic */
	} strings[OUTBOX_STRINGS];
	char bytes[];
};

enum {
	OUTBOX_MESSAGE = 32,	   /* digits of a message */
	OUTBOX_DAY = 24 * 60 * 60, /* seconds */
};

struct outbox_flight { /* rows under way together */
	TAILQ_ENTRY(outbox_flight) next;
	struct outbox_lane *lane;
	size_t rows; /* that have no answer yet */
	uint64_t started_ms;
	int64_t at, last_sent; /* when it began, and when the lane's last one did */
	bool retry, slow;
};

struct outbox_sent { /* of a row under way */
	struct outbox_flight *flight;
	bool changed; /* another digest was wanted meanwhile, though perhaps not any more */
	struct outbox_words *words; /* those of the row, unless there are newer ones */
	char message[sizeof("msg_") + OUTBOX_MESSAGE];
};

struct outbox_row {
	struct heap_node node;		 /* of its lane: when there is something to do */
	struct outbox_row *left, *right; /* of its target's rows: a treap */
	struct outbox_lane *lane;
	struct outbox_words *words;
	TAILQ_ENTRY(outbox_row) next; /* of outbox->fresh */
	struct outbox_sent *sent;     /* NULL: it is not under way */
	char *answer;		      /* NULL: none */
	struct digest told;	      /* or an outbox_doubt */
	struct digest given_up;
	int64_t next_try, last_try, last_told; /* last_try: when it was sent, or given up */
	uint32_t attempts, priority;
	uint32_t dirty, taken; /* places in the lists of changes, from 1; 0: not there */
	uint32_t topic_len;
	uint16_t status;
	bool entry;
	bool due;    /* and counted */
	bool fresh;  /* it waits for outbox_release */
	bool doomed; /* it goes when its answer comes */
	bool stored; /* the state has it, or may have it */
	char topic[];
};

struct outbox_list {
	VEC(struct outbox_row *) rows;
};

struct outbox_lane {
	struct heap_node node; /* of outbox->times */
	TAILQ_ENTRY(outbox_lane) next;
	bool ready; /* it is in host->ready[failing] */
	bool failing;
	struct outbox_target *target;
	struct outbox_host *host;
	struct heap rows;
	unsigned in_flight, slow;
	uint32_t failures; /* in a row */
	uint32_t rung;	   /* of the ladder, in trouble; a change brings it down */
	int64_t last_sent;
	int64_t asked; /* it wants to be left alone until then */
	int64_t held;  /* trouble: it is left alone until then */
};

TAILQ_HEAD(outbox_lanes, outbox_lane);
TAILQ_HEAD(outbox_fresh, outbox_row);

struct outbox_host {
	char *name;
	unsigned in_flight, young;     /* young: those that are not slow */
	unsigned in_flight_most, most; /* of each */
	struct outbox_lanes ready[2];  /* by `failing` */
	bool listed[2], crowded[2]; /* lanes are ready, and can go; or cannot, for want of room */
	TAILQ_ENTRY(outbox_host) next[2];
};

TAILQ_HEAD(outbox_hosts, outbox_host);
TAILQ_HEAD(outbox_flights, outbox_flight);

struct outbox_target {
	char *key;
	const struct ping *ping; /* NULL: no settings name it */
	size_t number;
	int64_t min_interval;
	struct outbox_row *rows; /* root of the treap */
	struct outbox_lane lane;
	VEC(struct outbox_lane *) links; /* lanes of PING_BY_LINK */
	struct map by_host;		 /* place in `links` */
	int64_t known, parked, last_sent, last_told, absent;
	uint16_t status;
	char *answer;
	bool dirty, taken;
};

struct outbox {
	VEC(struct outbox_target *) targets; /* those first that settings name */
	struct map by_key;
	VEC(struct outbox_target *) numbers;
	VEC(struct outbox_host *) hosts;
	struct map by_host;
	size_t rows, due;
	bool holding;
	struct outbox_fresh fresh;    /* rows that became due meanwhile */
	struct digest_stream *stream; /* for messages */
	int64_t now;		      /* as it was last told */
	int64_t back;		      /* seconds by which the clock was set back, for outbox_turn */
	int64_t sweep_at;	      /* when to look for what has to go */

	struct heap times; /* lanes that wait */
	struct outbox_hosts ready[2];
	struct outbox_flights flights;	   /* in the order in which they began */
	struct outbox_flight *first_young; /* those before it are slow */
	size_t in_flight, young, retries, crowded;
	bool turn; /* whose it is: those that failed, or those that did not */

	struct outbox_list dirty, taken; /* of `taken`, NULL: it has gone since */
	VEC(struct state_ping_key) gone;
	bool targets_dirty, saving;
};

/*
 * What was told, where that is not known: the answer to another change was lost, and whoever was
 * sent it may have looked. No digest is like these, so that whatever is wanted is due.
 */
enum outbox_doubt {
	OUTBOX_DOUBT_NEW = 1, /* perhaps it never heard of it */
	OUTBOX_DOUBT_CHANGE,  /* it did, but not for certain of what */
};

static inline struct digest outbox_doubt(enum outbox_doubt doubt)
{
	struct digest digest;

	memset(digest.bytes, 0xff, sizeof(digest.bytes));
	digest.bytes[0] = (uint8_t)doubt;
	return digest;
}

/* Rows: memory and order. */

struct outbox_row *outbox_find(const struct outbox_target *target, struct slice topic);
struct outbox_row *outbox_row_new(
    struct outbox *outbox, struct outbox_target *target, struct slice topic, bool entry);
/* Out of the tree, and its memory; it is in no heap and in no list. */
void outbox_row_free(struct outbox *outbox, struct outbox_row *row);
/* From its target, where it is in no heap, to another, which has none of its topic. */
void outbox_row_give(struct outbox_row *row, struct outbox_target *to);
/* In order of their topics. Collected first, rows may go while they are looked at. */
void outbox_collect(const struct outbox_target *target, struct outbox_list *out);
/* Its strings are copied; those that are the topic are not. */
struct outbox_words *outbox_words_new(const struct outbox_row *row, const struct ping_item *item,
    const struct digest *wanted, int64_t since);
bool outbox_words_equal(const struct outbox_words *a, const struct outbox_words *b);
void outbox_row_set_words(struct outbox_row *row, struct outbox_words *take_words);
struct slice outbox_string(
    const struct outbox_row *row, const struct outbox_words *words, int which);
/* What people may read of an answer; NULL for nothing. */
void outbox_set_answer(char **answer, struct slice text);

/* Turns. */

void outbox_lane_start(struct outbox *outbox, struct outbox_lane *lane,
    struct outbox_target *target, struct slice host);
/* Where a row's lane is, after its settings or its words are known. */
struct outbox_lane *outbox_lane_of(struct outbox *outbox, struct outbox_row *row);
/* Before this none of its rows goes: it asked for a pause, is in trouble, or was just sent one. */
int64_t outbox_lane_opens(const struct outbox_lane *lane);
/* A lane has changed: put it where it belongs. */
void outbox_lane_place(struct outbox *outbox, struct outbox_lane *lane);
void outbox_lane_leave(struct outbox *outbox, struct outbox_lane *lane);
/* A row is not under way any more; when it was the last one of its flight, that ends. */
void outbox_land(struct outbox *outbox, struct outbox_row *row);

/* Decisions. */

/* What was sent last may have been heard, or may not. */
void outbox_row_doubt(struct outbox_row *row);
/* As far as is known, its target has heard nothing of it. */
bool outbox_row_is_new(const struct outbox_row *row);

/* The protocol does not hear of one entry again before that time; 0: it may. */
int64_t outbox_quiet_until(const struct outbox_row *row);
/* A row has changed: count it, put it where it belongs, or let it go. */
void outbox_settle(struct outbox *outbox, struct outbox_row *row);
void outbox_drop(struct outbox *outbox, struct outbox_row *row);
/* All rows of a target, while each of them may go; and all its lanes. */
void outbox_each_row(struct outbox *outbox, struct outbox_target *target,
    void (*each)(struct outbox *outbox, struct outbox_row *row, int64_t now), int64_t now);
void outbox_each_lane(struct outbox *outbox, struct outbox_target *target,
    void (*each)(struct outbox *outbox, struct outbox_lane *lane, int64_t now), int64_t now);
/* With its rows, of which the state is not told. */
void outbox_target_free(struct outbox *outbox, struct outbox_target *target);

/* Changes. */

void outbox_touch(struct outbox *outbox, struct outbox_row *row);
void outbox_touch_target(struct outbox *outbox, struct outbox_target *target);
/* A row, or with an empty topic a target, that the state is to forget. */
void outbox_forget(struct outbox *outbox, struct slice target, struct slice topic);
/* No list of changes knows the row any more. */
void outbox_untouch(struct outbox *outbox, struct outbox_row *row);

#endif
