/*
 * outlinks: where an entry leads, away from its own site.
 *
 * What Webmentions are sent to: the pages that an entry's HTML links to, and a
 * link post's own. A page counts once, whatever parts of it are linked to.
 */
#ifndef FEEDS_PING_OUTLINKS_H
#define FEEDS_PING_OUTLINKS_H

#include <stdbool.h>

#include "feeds/base/arena.h"
#include "feeds/base/slice.h"

enum {
	OUTLINKS_MAX = 100,	 /* of an entry */
	OUTLINKS_URL_MAX = 2048, /* bytes of one */
};

struct outlinks {
	struct slice urls[OUTLINKS_MAX]; /* http and https, as written with their fragments */
	size_t len;
	bool cut; /* some were left out: there were more, or longer ones */
};

/*
 * `html` is sanitized and its URLs are absolute, as of struct entry; `external_url` is that of
 * the entry, or empty, and comes first. The rest is in the order of the document. No link leads
 * to the host of `site_url`, be it with or without "www.". Strings are in the arena.
 */
void outlinks_find(struct slice html, struct slice external_url, struct slice site_url,
    struct arena *arena, struct outlinks *out);

#endif
