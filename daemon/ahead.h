/*
 * ahead: the scan of a start, on a thread of its own while the state is opened and loaded.
 *
 * To load the rows takes a processor about as long as the scan takes another,
 * and neither needs the other's result before both are compared (look.h).
 * Whoever watches does so before: folders are announced from that thread.
 */
#ifndef DAEMON_AHEAD_H
#define DAEMON_AHEAD_H

#include "daemon/scan.h"
#include "daemon/site.h"

struct ahead;

/* Begin to scan everything. The site stays until the end. NULL: there is no thread. */
struct ahead *ahead_start(const struct site *site, bool stamps);
/* Wait for the end; as scan_run, which it stands for. */
int ahead_take(struct ahead *take_ahead, struct scan_result *out, struct err *err);
/* Wait for the end, and forget it. */
void ahead_drop(struct ahead *take_ahead);

#endif
