/*
 * ask: what a command asks of the feedd that runs.
 *
 * A file in the state folder says what, SIGUSR1 says that there is something. Files
 * are empty, and are removed by whoever takes them up.
 */
#ifndef DAEMON_ASK_H
#define DAEMON_ASK_H

#include <stdbool.h>
#include <sys/types.h>

#include "daemon/site.h"

enum ask_what {
	ASK_FORCE, /* the next full look is not held back; `about` is NULL */
	ASK_PING,  /* what is due to the target of this name is due now; NULL: to all */
};

/* The feedd that runs on this site; 0: none. */
pid_t ask_holder(const struct site *site);
/* Ask that one. Returns an exit status; what is wrong is logged. */
int ask_put(const struct site *site, pid_t holder, enum ask_what what, const char *about);
/* Was it asked? Then it is taken up. */
bool ask_take(const struct site *site, enum ask_what what, const char *about);

#endif
