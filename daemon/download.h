/*
 * download: one document from the web, for a person who waits for it.
 *
 * The address was typed or confirmed by a person, so it may lead into the own network too, as it
 * might with any browser. Redirects are followed. What takes too long ends as http.h says.
 */
#ifndef DAEMON_DOWNLOAD_H
#define DAEMON_DOWNLOAD_H

#include "feeds/base/buf.h"
#include "feeds/base/err.h"

/*
 * Append the whole body of an answer 200; ERR_LIMIT when it is larger than `max`. `proxy` as in
 * http.h; NULL: none. Blocks.
 */
int download_run(const char *url, const char *proxy, size_t max, struct buf *out, struct err *err);

#endif
