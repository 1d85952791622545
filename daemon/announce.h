/*
 * announce: what a build means for the outbox.
 *
 *	build ─► library (documents, events) ─► announce ─► outbox ─► deliver
 *
 * At the end of a build, before it is saved (build_task.saving), the outbox
 * learns what is published now: documents that the build wrote or removed, and
 * entries that it added, changed or removed, each for the targets that want to
 * hear of them. Events only say where to look: what is wanted is what the index
 * has now, so that events which come twice, late or crossed make no difference.
 *
 * A target of which the outbox knows nothing has its first run: what is
 * published counts as told, unless its settings say otherwise.
 *
 * The cost follows what changed; all documents are looked at only at the start, and
 * for a first run. Decides only, on the loop; the library stands still meanwhile.
 */
#ifndef DAEMON_ANNOUNCE_H
#define DAEMON_ANNOUNCE_H

#include "config/config.h"
#include "daemon/library.h"
#include "daemon/outbox.h"

/*
 * The targets of the settings, in their order: the number of a target is that of its
 * [[ping]]. config->pings_len of them; they live in the arena, and borrow from the config.
 */
struct outbox_target_settings *announce_targets(const struct config *config, struct arena *arena);

/* Is it told of the document that the feed has in this format, an index of formats[]? */
bool announce_takes(const struct config_ping *ping, const struct config_feed *feed, size_t format);

/*
 * Tell the outbox, whose targets are those of the library's settings, and take up the
 * library's events. `all`: look at every document; for the first build after a start, and
 * after other settings. Not `whole`: some feeds do not show yet what the index has, as
 * articles changed while they were published; entries, and a first run, wait for the next build.
 * Afterwards outbox_take_changes, for the transaction of the build.
 */
void announce_build(
    struct library *library, struct outbox *outbox, bool all, bool whole, int64_t now);

#endif
