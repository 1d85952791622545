/*
 * live: does the world see yet what was published here?
 *
 * feedd writes files; a sync or a cache may take minutes to bring them to where
 * readers look. Who is told before that fetches the old bytes and forgets the
 * new ones. So the page is fetched as a reader would, with conditional requests
 * (RFC 9110 section 13.1), and looked at: a feed has to have the digest that was
 * published, the page of an entry has to be there, or to be gone.
 *
 *	live_start ─► live_ask … ─► (done, once each) ─► live_stop
 *
 * What was seen is kept for each URL, so that several targets and later tries
 * cost little. When to ask again is the caller's to decide: live_again_in.
 */
#ifndef DAEMON_LIVE_H
#define DAEMON_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/http.h"
#include "feeds/base/digest.h"
#include "feeds/base/slice.h"

enum {
	LIVE_AT_ONCE = 4,	 /* fetches under way; the others wait */
	LIVE_FEED_MAX = 1 << 28, /* bytes of a feed; none of them is kept */
	LIVE_PAGE_MAX = 1 << 23, /* bytes of a page in which the link is looked for */
	LIVE_PAGES = 1024,	 /* URLs of which something is kept */
	LIVE_AGAIN_MOST = 60,	 /* seconds between two looks */
};

enum live_what {
	LIVE_BYTES, /* it has this digest */
	LIVE_THERE, /* it is found, and holds the link, if one is given */
	LIVE_GONE,  /* it is not found, or does not hold the link any more */
};

struct live_question { /* copied */
	struct slice url;
	enum live_what what;
	struct digest digest;
	struct slice link;    /* or empty */
	uint64_t patience_ms; /* that its answer may take; 0: as long as any */
};

struct live;
struct live_ask;

/* `why` says what is seen instead, for people. */
typedef void (*live_done)(void *arg, bool live, const char *why);

/* The http outlives it. */
struct live *live_start(struct http *http);
/* `done` is called once, never from inside this call, unless it is cancelled. */
struct live_ask *live_ask(
    struct live *live, const struct live_question *question, live_done done, void *arg);
/* No more is heard of it. */
void live_cancel(struct live_ask *ask);
/* When nothing is asked. Memory goes when fetches that nobody waits for have ended. */
void live_stop(struct live *live);

/*
 * Seconds to wait after a look that found the old page, `waited` seconds after it was changed: 1,
 * 2, 4, ... LIVE_AGAIN_MOST, so that a look comes twice as late as the one before.
 */
int64_t live_again_in(int64_t waited);

#endif
