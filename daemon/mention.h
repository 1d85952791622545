/*
 * mention: the links of an entry, as rows of the outbox.
 *
 *	mention_new (loop) ─► mention_read (worker, index frozen) ─► mention_want (loop) ─► free
 *
 * Whoever is told of links (PING_BY_LINK) is told of each link of an entry by a
 * row of its own. The row of the entry, which has no link, stands for looking
 * for them: the article is read and rendered as for a feed, and what its HTML
 * links to beyond the site is wanted told. Links that were told and are not
 * there any more are wanted too, as removed: the other side then looks at the
 * entry and drops what it had of it (Webmention section 3.1.4).
 */
#ifndef DAEMON_MENTION_H
#define DAEMON_MENTION_H

#include "daemon/library.h"
#include "daemon/outbox.h"

struct mention;

/* `item` is borrowed; `wanted` is what is published of the entry now, all 0: nothing. */
struct mention *mention_new(const struct ping_item *item, const struct digest *wanted);
/* Blocks; the library's index stands still. */
void mention_read(struct mention *mention, const struct library *library, int64_t now);
/*
 * The file is not what is published any more, so its links are not either: nothing is known of
 * them until that is published.
 */
bool mention_is_early(const struct mention *mention);
/* It has more links than are told of, or some that are too long. */
bool mention_is_cut(const struct mention *mention);
/*
 * Puts the rows, unless it is too early. -1: the article could not be read, or the outbox has no
 * room for some of them; then it is to be done again later, which changes nothing of the others.
 */
int mention_want(const struct mention *mention, struct outbox *outbox, size_t target, int64_t now,
    struct err *err);
void mention_free(struct mention *mention);

#endif
