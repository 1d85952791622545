/*
 * deliver_parts: what the files of delivery share among themselves.
 */
#ifndef DAEMON_DELIVER_PARTS_H
#define DAEMON_DELIVER_PARTS_H

#include "daemon/deliver.h"
#include "daemon/http.h"
#include "daemon/live.h"
#include "daemon/mention.h"

enum delivery_phase {
	DELIVERY_LOOKING, /* whether its pages are live */
	DELIVERY_READING, /* for links: waits for the library, or has it */
	DELIVERY_SENDING,
};

/* One request: rows of one target, from outbox_next to outbox_answer. */
struct delivery {
	struct deliver *deliver;
	struct delivery *next, **at; /* of deliver->deliveries */
	enum delivery_phase phase;
	size_t target;
	struct outbox_row **rows; /* in the arena, as what follows */
	struct ping_item *items;  /* copied: an edit may change the rows meanwhile */
	size_t len;
	struct arena arena;

	struct delivery_look { /* for each row */
		struct delivery *delivery;
		struct live_ask *ask; /* NULL: it was answered */
		int64_t wait;	      /* seconds; 0: it goes */
		struct slice why;     /* then, in the arena */
	} * looks;
	size_t looking; /* looks that are not answered */

	struct mention *mention; /* DELIVERY_READING */

	struct arena call_arena; /* of the present step */
	struct ping_call call;
	struct http_transfer *transfer; /* NULL: none */
	bool looks_only; /* the last request only looks at a page, and tells nobody */
};

struct deliver {
	uv_loop_t *loop;
	struct outbox *outbox;
	struct deliver_settings settings;
	void (*changed)(void *arg);
	void *arg;
	struct http *http;
	struct live *live;
	char *agent, *agent_link; /* User-Agent; the latter says what it speaks */

	struct delivery *deliveries;
	size_t waiting;		  /* of these, wait for the library */
	struct outbox_row **rows; /* room for the largest batch */
	size_t rows_most;
	struct delivery_target { /* for each target */
		bool failing;	 /* that was said */
		size_t refusals; /* since it was told of anything */
		size_t lates;	 /* told before they were live, since one was */
	} * targets;

	uint64_t chance;  /* goes on with each use */
	int64_t heard;	  /* when anybody answered last, Unix seconds */
	bool quiet;	  /* nothing new is begun */
	bool waking;	  /* `changed` is called next */
	uint64_t saved;	  /* uv_now when deliver_saves was true */
	bool save_waits;  /* it was not, and something is to be saved */
	uv_timer_t timer; /* for these; or a request gets slow */
	uv_timer_t grace; /* then what is under way is cut off */
	unsigned closing; /* handles, when it is stopped */

	uv_work_t work; /* reads articles */
	const struct library *library;
	struct delivery *reading[DELIVER_READ_MOST];
	size_t reading_len;
};

/* deliver.c: the time that the outbox goes by, Unix seconds. */
int64_t deliver_time(const struct deliver *deliver);
/* `changed` is called soon, once for all that happens in one turn of the loop. */
void deliver_wake(struct deliver *deliver);
const struct target *delivery_target_of(const struct delivery *delivery);
/* The next step of its ping. */
void delivery_send(struct delivery *delivery);
/* It came to this, without an answer. */
void delivery_finish(struct delivery *delivery, enum ping_result result, const char *text);
/* It was not tried after all. */
void delivery_cancel(struct delivery *delivery);
/* The outbox has its rows back. */
void delivery_free(struct delivery *delivery);

/* deliver_look.c: look at its pages, and then send what is live. */
void delivery_look(struct delivery *delivery);
void delivery_cancel_looks(struct delivery *delivery);

/* deliver_say.c: what became of a delivery, in words. */
void deliver_say(struct deliver *deliver, const struct delivery *delivery,
    const struct ping_verdict *verdict, const struct outbox_outcome *outcome);
/* It goes though its page is not live. */
void deliver_say_late(
    struct deliver *deliver, const struct delivery *delivery, size_t row, const char *why);
/* Nobody answers, and that may be us. */
void deliver_say_deaf(
    struct deliver *deliver, const struct delivery *delivery, const char *why, int64_t until);
/* The row was not tried, and waits until then; --once says so. */
void deliver_say_later(const struct deliver *deliver, const struct delivery *delivery, size_t row,
    struct slice why, int64_t until);
/* Of an entry whose links were looked for: not all of them are told of. */
void deliver_say_cut(const struct deliver *deliver, const struct delivery *delivery);

#endif
