/*
 * resolve_parts: what the files of resolve share among themselves.
 */
#ifndef DAEMON_RESOLVE_PARTS_H
#define DAEMON_RESOLVE_PARTS_H

#include "daemon/resolve.h"

/* resolve.c: the packed article with what the entry says of it; the old pack is released. */
struct article *resolve_adopt(const struct adopt_entry *entry, struct article *take_article);

/*
 * resolve.c: who has the better claim to an entry of a feed: what is public, and then as the
 * index decides about an id or URL that two have. < 0: `a` does. A total order.
 */
int resolve_claim_compare(const struct article *a, const struct article *b, int64_t now);

/*
 * resolve_shuffled.c: of each article that came, the one of the index, at another path, that it
 * is, where names were shuffled; else NULL. `sources` has come_len elements, all NULL.
 */
void resolve_find_shuffled(const struct resolve *resolve, const struct article **sources);

/* resolve_asked.c: give the ids of library.asked, after all else is in `changes`. */
void resolve_place_asked(struct resolve *resolve);

#endif
