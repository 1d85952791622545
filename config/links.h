/*
 * links: what the pages of a site say of its feeds, for whoever writes them.
 *
 * Browsers and readers find feeds by <link rel="alternate"> in the head of any
 * page. `feedd --print-links` prints these lines for pasting.
 */
#ifndef CONFIG_LINKS_H
#define CONFIG_LINKS_H

#include "config/config.h"

/* Append them; those of feeds by a value as a pattern, in a comment. */
void links_put(const struct config *config, struct buf *out);

#endif
