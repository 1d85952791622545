/*
 * latin: words of other scripts in the letters of ASCII, for addresses of generators that spell
 * them so (Pelican, Zola).
 *
 * Accents go (`é` is `e`), Latin letters without a plain one, Greek and Cyrillic ones become what
 * these generators make of them (`ß` is `ss`, `щ` is `shch`). Other scripts stay as they are.
 */
#ifndef FEEDS_BASE_LATIN_H
#define FEEDS_BASE_LATIN_H

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

/* Append `text`, which is in lower case; bad UTF-8 as it is. */
void latin_put(struct buf *out, struct slice text);

#endif
