/*
 * indexkey: the key by which IndexNow knows that a site is whose it says it is.
 *
 * A key is made up by chance, once, and kept in the state; or the settings have
 * one. It has to stand in a file of its name among the published files, where
 * the search engines look for it before they believe a ping.
 */
#ifndef DAEMON_INDEXKEY_H
#define DAEMON_INDEXKEY_H

#include "daemon/site.h"
#include "daemon/state.h"
#include "feeds/base/buf.h"

/*
 * Append the key that the state keeps. When it has none, the one is taken up whose file stands in
 * output.dir, else one is made up, and stored; without `make`, nothing is appended then. Blocks;
 * opens a transaction of its own.
 */
int indexkey_load(
    const struct site *site, struct state *state, bool make, struct buf *out, struct err *err);
/* Bring KEY.txt into output.dir, for good, unless it is there. Blocks. */
int indexkey_publish(const struct site *site, struct slice key, struct err *err);

#endif
