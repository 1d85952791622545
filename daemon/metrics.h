/*
 * metrics: a status as Prometheus' textfile collector reads it.
 *
 * One file in its text exposition format, replaced as a whole. Every sample has
 * the label `site`, so that many sites may have their files in one folder. A
 * feed has a sample for each format, however many documents it consists of.
 */
#ifndef DAEMON_METRICS_H
#define DAEMON_METRICS_H

#include "daemon/site.h"
#include "daemon/status.h"

/* Append the exposition. `site` is the site's URL. */
void metrics_put(const struct status *status, struct slice site, struct buf *out);

/*
 * Replace the file at `path`, a name that ends with ".prom" in the collector's
 * folder, which must be there. Readable for all: the collector is another user.
 */
int metrics_write(
    const char *path, const struct status *status, struct slice site, struct err *err);

/* The same for the file of the settings, which there must be: of what the state has, as status_gather. */
int metrics_update(const struct site *site, struct state *state, int64_t now,
    const size_t *standings, struct err *err);

#endif
