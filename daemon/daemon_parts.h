/*
 * daemon_parts: what the files of the daemon share among themselves.
 */
#ifndef DAEMON_DAEMON_PARTS_H
#define DAEMON_DAEMON_PARTS_H

#include <uv.h>

#include "daemon/build.h"
#include "daemon/clock.h"
#include "daemon/daemon.h"
#include "daemon/deliver.h"
#include "daemon/notify.h"
#include "daemon/schedule.h"
#include "daemon/settle.h"
#include "daemon/teller.h"
#include "daemon/watch.h"

enum daemon_phase {
	DAEMON_STARTING, /* nothing is published yet */
	DAEMON_IDLE,
	DAEMON_BUILDING,
	DAEMON_LOADING, /* the library anew, after a reload */
	DAEMON_TELLING, /* answers are saved, articles are read for their links, or metrics written */
	DAEMON_STOPPING,
};

struct daemon {
	const struct options *options;
	uv_loop_t loop;
	enum daemon_phase phase;
	int status; /* to end with */

	struct site *site;
	struct library library;
	struct watch *watch;
	struct settle *settle;
	struct clock *clock;
	struct schedule schedule;
	struct notify notify;
	struct teller teller;
	struct deliver *deliver; /* NULL: nobody is told of anything */

	uv_signal_t signals[4];
	uv_timer_t settle_timer;
	uv_timer_t tell_timer;
	uv_timer_t measure_timer;
	uv_timer_t watchdog_timer;
	uv_timer_t stop_timer;
	uv_prepare_t before_poll; /* these two see how long the loop was busy */
	uv_check_t after_poll;
	uint64_t polled_ns; /* work_ns when the last poll was over */

	struct build *build;
	struct settle_batch batch; /* that the build looks at */
	uint64_t build_started;	   /* uv_now, as those that follow */
	uint64_t measured;	   /* when the metrics were last written */
	uint64_t news_first;	   /* something was published that is not told of yet */
	uint64_t tell_at;	   /* then it is, at the earliest; 0: nothing is held */
	bool everything;	   /* the next build looks at all there is */
	bool impatient;		   /* and what it does not find is gone */
	bool again;		   /* there is something to build, though no path is known */
	bool force;		   /* the next build is not held back */
	bool forced;		   /* nor was the last */
	bool held_back;		   /* the last one was */
	bool lost;		   /* the last one was; the next looks at everything */
	bool root_lost;
	bool metrics_failed; /* the last time */
	bool unmeasured;     /* something has changed since then */
	bool measuring;	     /* of no build */
	bool reloaded;	     /* other settings hold, and are not published yet */
	bool reload, stop;   /* were asked for */
	unsigned unread;     /* builds that could not read something, since all was */
	unsigned failures;   /* builds in a row that the disk refused something */
	unsigned root_tries;
	bool asked;	    /* by a command; see ask.h */
	bool saving;	    /* what the outbox has changed */
	unsigned unsaved;   /* times in a row that this failed */
	int64_t save_after; /* Unix seconds; 0: at any time */
	int64_t started_at; /* Unix seconds */

	uv_work_t work; /* loading; metrics; saving */
	struct site *next_site;
	struct err err;
	int rc;
	size_t standings[ARTICLE_STANDINGS]; /* for the metrics */
};

/* daemon.c */
void daemon_set_phase(struct daemon *daemon, enum daemon_phase phase);
/* Nothing is under way any more: let go of everything, so that the loop ends. */
void daemon_end(struct daemon *daemon);
/* Have the scan tell the watch of folders. After each change of the site. */
void daemon_join_watch(struct daemon *daemon);
/* Do the settings want no events? Says where there would be none. */
bool daemon_wants_poll(const struct daemon *daemon);

/* daemon_build.c: build what is in daemon->batch. */
void daemon_start_build(struct daemon *daemon);
/* Decide what is next, and start it. Call it when anything has happened. */
void daemon_step(struct daemon *daemon);
/* It comes in milliseconds from now, by one of the daemon's timers; instead of when that was set to. */
void daemon_step_in(uv_timer_t *timer, uint64_t milliseconds);
/* Tell settle of an event. */
void daemon_note(void *arg, enum watch_kind kind, const char *path);
void daemon_tick(void *arg, bool jumped);

/* A build is over, and its metrics are written. */
void daemon_build_over(struct daemon *daemon);

/* daemon_metrics.c: replace the file; daemon_step comes when that is done. False: there is none. */
bool daemon_measure(struct daemon *daemon);
/* Is it time to, for what hubs have said? If only for a moment not, daemon_step comes then. */
bool daemon_measures(struct daemon *daemon);

/* daemon_reload.c: load the settings again; daemon_step goes on when that is done. */
void daemon_reload(struct daemon *daemon);
/* Before a look at everything: is the root still what its name leads to? False: it is gone. */
bool daemon_follow_root(struct daemon *daemon);
/* The root went away: try to open it again. */
void daemon_find_root(struct daemon *daemon);

/* daemon_pings.c: after the start, and after other settings. */
void daemon_start_deliver(struct daemon *daemon);
/* Something was published: what follows within a moment is to be told of together with it. */
void daemon_hold_pings(struct daemon *daemon);
/* Send what is due, if it may be now. */
void daemon_send(struct daemon *daemon);
/* When idle, and nothing is to be built: what is to be done with state and library. False: nothing. */
bool daemon_tell(struct daemon *daemon);
/* When there is something to send or to save, Unix seconds; 0: never. */
int64_t daemon_next_ping(const struct daemon *daemon);
/* Nothing is sent any more, and answers are saved; daemon_step comes when that is so. True: it is. */
bool daemon_pings_rest(struct daemon *daemon, uint64_t grace_ms);
/* Take up what commands have asked for, unless the outbox is being loaded. */
void daemon_take_asked(struct daemon *daemon);
/* Within a transaction, on a worker. `arg` is the daemon. */
int daemon_save_pings(void *arg, struct state *state, struct err *err);

#endif
