/*
 * teller: what a site keeps to tell others of it, put together.
 *
 *	teller_open ─► teller_load ─► (teller_saving ─► teller_save ─► teller_saved) ... ─► teller_close
 *
 * Targets and outbox, and how they go along with builds and the state: a build
 * that is about to be saved is announced to the outbox, what the outbox has
 * changed is written in the build's transaction, and the outbox is told whether it
 * was. Sending is deliver's.
 */
#ifndef DAEMON_TELLER_H
#define DAEMON_TELLER_H

#include "daemon/library.h"
#include "daemon/outbox.h"
#include "daemon/targets.h"

struct teller {
	const struct site *site;
	struct targets targets;
	struct outbox *outbox;
	bool loaded;		       /* the outbox has what the state has */
	bool all;		       /* the next build is the first with these settings */
	bool taken;		       /* changes are on their way to the state */
	struct outbox_changes changes; /* these */
	struct err key_err;	       /* a key's file could not be written; not said yet */
	bool key_failed;	       /* that was said */
};

/* The targets of the settings, with an empty outbox. An exit status, as of targets_load. */
int teller_open(const struct site *site, enum targets_use use, struct teller *out);
/*
 * What the state has: the outbox, unless it is loaded, and the key of IndexNow, which is made up
 * if need be, but for a dry run. Blocks.
 */
int teller_load(struct teller *teller, struct state *state, bool dry, int64_t now, struct err *err);
/*
 * Go on with other settings, which are opened: with the outbox that there is, unless the state
 * is another; teller_load comes next. Nothing may be under way.
 */
void teller_replace(struct teller *teller, struct teller *take_next, bool same_state, int64_t now);

/* For build_task.saving: the outbox learns what is published now, all of it (`whole`) or not. */
void teller_saving(struct teller *teller, struct library *library, bool whole, int64_t now);
/* Take what the outbox has changed, for teller_save. False: nothing. */
bool teller_take(struct teller *teller);
/* Within a transaction, after one of the two; on a worker. Keys' files are brought in place too. */
int teller_save(struct teller *teller, struct state *state, struct err *err);
/* On the loop. Nothing was taken: nothing happens. `renewed`: it went to a new, empty state. */
void teller_saved(struct teller *teller, bool saved, bool renewed);

void teller_close(struct teller *teller);

#endif
