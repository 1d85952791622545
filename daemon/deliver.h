/*
 * deliver: sends what is due.
 *
 *	outbox_next ─► (is it live?) ─► compose ─► http ─► judge ─► outbox_answer
 *	                                   └──── next step ◄─┘
 *
 * Glue on the loop: what is due and when it is tried again is the outbox's to
 * decide, what is sent and what an answer means the protocol's. Each thing
 * happens to a ping exactly once, and is said once: what was told, where a target
 * fails for the first time, where it works again, where it is given up.
 *
 * Call deliver_step when anything may have become due; `changed` is called when
 * something has come of what was sent, never from inside a call to deliver. What
 * is under way ends, or is cut off, with deliver_quiet; what is cut off counts as
 * not tried.
 *
 * An entry whose links are to be told of is read first: deliver_reads says that
 * there are some, and deliver_read reads them while nobody else uses the library.
 */
#ifndef DAEMON_DELIVER_H
#define DAEMON_DELIVER_H

#include <uv.h>

#include "daemon/library.h"
#include "daemon/outbox.h"
#include "daemon/targets.h"

enum {
	DELIVER_ANSWER_MAX = 1 << 16, /* bytes of an answer that are looked at */
	DELIVER_PAGE_MAX = 1 << 20,   /* the same, of a page whose links are followed */
	DELIVER_LIVE_ROWS = 64,	      /* rows of one request whose pages are looked at before */
	DELIVER_READ_MOST = 16,	      /* articles that deliver_read reads at once */
};

struct deliver;

struct deliver_settings { /* borrowed until deliver_set or deliver_stop */
	const struct site *site;
	const struct targets *targets;
	/*
	 * Not 0: it is this time, Unix seconds, all along, so that nothing that failed is due
	 * again, and each failure is said.
	 */
	int64_t once;
};

struct deliver *deliver_start(uv_loop_t *loop, struct outbox *outbox,
    const struct deliver_settings *settings, void (*changed)(void *arg), void *arg,
    struct err *err);
/* Other settings; only when it is quiet. It goes on with deliver_step. */
void deliver_set(
    struct deliver *deliver, struct outbox *outbox, const struct deliver_settings *settings);

/* Send what is due. After deliver_quiet it begins anew. */
void deliver_step(struct deliver *deliver);
/* Begin nothing new; what is still under way after `grace_ms` is cut off. */
void deliver_quiet(struct deliver *deliver, uint64_t grace_ms);
/* Nothing is under way. */
bool deliver_is_quiet(const struct deliver *deliver);

/*
 * Is what the outbox has changed to be saved now? Not a moment after the last time, while more is
 * under way: then the answers of a while share one save, and `changed` is called when it is time.
 * A crash repeats what was answered in that while, as it does what was under way, each once.
 * True: the caller saves.
 */
bool deliver_saves(struct deliver *deliver);

/* Articles are to be read for their links. */
bool deliver_reads(const struct deliver *deliver);
/*
 * Read some, as a job: the library is lent until `changed` is called next and deliver_is_reading
 * is false.
 */
void deliver_read(struct deliver *deliver, const struct library *library);
bool deliver_is_reading(const struct deliver *deliver);

/* When it is quiet. Memory goes when the loop has run. */
void deliver_stop(struct deliver *take_deliver);

#endif
