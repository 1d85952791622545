/*
 * identity: the id of an entry, for ever.
 *
 * The rule, first that applies: the front matter's `id`, `guid` or `uuid` · the
 * id stored for the path, for the article that it was renamed from, or adopted
 * for its URL (daemon/state) · a new tag URI (RFC 4151) of the site's host, the
 * publication day and the path. This module mints the last.
 */
#ifndef FEEDS_IDENTITY_H
#define FEEDS_IDENTITY_H

#include "feeds/base/buf.h"
#include "feeds/base/date.h"
#include "feeds/base/slice.h"

/*
 * Append `tag:example.com,2024-01-02:/posts/hello`. `stem` is the path within
 * content.dir without extension (permalink_name), `day` the publication day as
 * the author wrote it.
 */
void identity_mint(
    struct slice site_url, const struct date *day, struct slice stem, struct buf *out);

#endif
