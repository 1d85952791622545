/*
 * once_ping: what is due, tried once: the second half of --once.
 */
#ifndef DAEMON_ONCE_PING_H
#define DAEMON_ONCE_PING_H

#include <uv.h>

#include "daemon/library.h"
#include "daemon/options.h"
#include "daemon/teller.h"

/*
 * --ping-now: if a feedd runs, it is asked, for it has the state. True: that was done, or the name
 * is that of no target; *out_status says which.
 */
bool once_ask(const struct site *site, const struct options *options, int *out_status);
/* All that is due to the target of this name is due at once; NULL: to every target. */
void once_hurry(struct teller *teller, const char *name, int64_t now);

/*
 * Send what is due at `now`, Unix seconds, each ping once; returns when all answers are in and
 * saved. An exit status; that somebody could not be told is none, for it stays due.
 */
int once_ping(uv_loop_t *loop, struct teller *teller, struct library *library, int64_t now);
/* Print each request that would be sent, secrets as "***". Sends and saves nothing. */
void once_ping_dry(struct teller *teller, const struct library *library, int64_t now);

#endif
