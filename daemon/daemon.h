/*
 * daemon: feedd in the foreground, until it is told to stop.
 *
 *	events ─► settle ─► build ─► publish        clock ─► build
 *
 * One thing at a time: it starts, is idle, builds, loads other settings, or
 * stops. Whatever happens meanwhile is noted, and looked at when it is idle
 * again: one function decides what is next.
 */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include "daemon/options.h"

/* Returns an exit status. */
int daemon_run(const struct options *options);

#endif
