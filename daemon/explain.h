/*
 * explain: why an article, or a feed, is as it is.
 *
 *	word ─► explain_name ─► library, brought in line in memory ─► explain_article, explain_feed
 *	        what is meant   (a build that renders nothing)        facts, then text or JSON
 *
 * Nothing here decides anything. What is said comes from the code that reads (feeds/trace.h),
 * places (resolve_account), filters (query_refusal), scans (scan_judge) and tells (announce_takes),
 * as it is now on disk: what the next build would make of it, and of each file whether that is
 * published already. The state is only read, without its lock, so that this works beside a feedd
 * that runs, and also where none has run yet. Nothing is written.
 */
#ifndef DAEMON_EXPLAIN_H
#define DAEMON_EXPLAIN_H

#include "daemon/options.h"
#include "daemon/site.h"

/* The command: options->explain. Returns an exit status. */
int explain_run(const struct site *site, const struct options *options);

#endif
