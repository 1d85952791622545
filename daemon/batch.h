/*
 * batch: a few entries of a feed, rendered.
 *
 * batch_run does the costly work on a worker and shares with others only the
 * cache; everything else it needs is frozen while it runs.
 */
#ifndef DAEMON_BATCH_H
#define DAEMON_BATCH_H

#include "daemon/cache.h"
#include "daemon/complaint.h"
#include "daemon/document.h"

enum {
	BATCH_FRESH = 8, /* entries of a batch that have to be rendered */
	BATCH_MAX = 64	 /* all of them */
};

struct batch {
	/* In; borrowed. */
	const struct document_source *source;
	const struct entry_site *entry_site;
	struct cache *cache;
	uint64_t names;	   /* see recipe.h */
	size_t first, len; /* of the query's items */

	/* Out. */
	bool stale;	   /* an article is not what was indexed: build again */
	size_t stale_item; /* which: its place in the query */
	struct err unread; /* it is stale because of this alone, which passes; or ERR_NONE */
	const struct entry *entries[BATCH_MAX];
	size_t entries_len;	      /* unless stale, as many as `len` */
	size_t bytes;		      /* that they take */
	struct complaints complaints; /* of bodies */
	bool fresh[BATCH_MAX];	      /* rendered here, not taken from the cache */
	bool links[BATCH_MAX];	      /* of the fresh: its body asked for other articles */
	size_t unknowns[BATCH_MAX];   /* directives removed from each */
};

void batch_run(struct batch *batch);
/* Release what came out. */
void batch_clear(struct batch *batch);

#endif
