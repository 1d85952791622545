/*
 * cache: rendered entries, so that an article which stands in five feeds is
 * rendered once.
 *
 * Holds at most a number of bytes, and forgets what was not asked for longest.
 * Any thread may use it. An entry that was got stays valid until it is
 * released, whatever the cache forgets meanwhile.
 */
#ifndef DAEMON_CACHE_H
#define DAEMON_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feeds/article.h"
#include "feeds/feed.h"

struct cache;

struct cache *cache_new(size_t max_bytes);
/* Everything must have been released. */
void cache_free(struct cache *cache);

/*
 * The rendered entry of an article, or NULL. Release it when done. `names`: see recipe.h; an
 * entry that was put with others is not got.
 */
const struct entry *cache_get(struct cache *cache, const struct article *article, uint64_t names);
/* Would cache_get give one? */
bool cache_has(struct cache *cache, const struct article *article, uint64_t names);
/* What an entry that was got takes, in bytes. */
size_t cache_bytes(const struct entry *entry);
/*
 * Remember a copy, `names` 0: with any, and get it. Entries too large for the cache are not kept,
 * and go when they are released.
 */
const struct entry *cache_put(
    struct cache *cache, const struct article *article, uint64_t names, const struct entry *entry);
/* The article goes, or is another one from now on. */
void cache_forget(struct cache *cache, const struct article *article);
void cache_release(struct cache *cache, const struct entry *entry);

#endif
