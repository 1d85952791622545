/*
 * once: the commands that do one build and end, --once and --check.
 */
#ifndef DAEMON_ONCE_H
#define DAEMON_ONCE_H

#include "daemon/options.h"
#include "daemon/site.h"

/* Build everything that is out of date. Returns an exit status. */
int once_run(const struct site *site, const struct options *options);
/* Say what would be published and what is wrong. Returns an exit status. */
int check_run(const struct site *site, const struct options *options);

#endif
