/*
 * start: the library of a site, ready for a build, or the reason why not.
 */
#ifndef DAEMON_START_H
#define DAEMON_START_H

#include "daemon/library.h"

/*
 * Open the state and load the library; what is wrong is logged, and the exit
 * status for it comes back, EXIT_DONE when all is well. `dry`: only read, and do
 * without a state when there is none. start_end in any case.
 */
int start_library(const struct site *site, bool dry, int64_t now, struct library *out);
/* The state alone, for writing: the same. */
int start_state(const struct site *site, struct state **out);
/* Close both. */
void start_end(struct library *library);

/* Say what loading has found about feeds that were there before. */
void start_log_adopted(const struct library *library);
/* Was the state begun anew under way? Then that is said, once. After a save. */
bool start_log_renewed(struct library *library);

#endif
