/*
 * map: from byte strings to numbers, in constant time.
 *
 *	size_t *slot = map_put(&map, key);   // MAP_NONE when the key is new
 *	if (*slot == MAP_NONE)
 *		*slot = n++;
 *
 * Keys are borrowed and must outlive the map. Pointers to slots are valid
 * until the next map_put.
 */
#ifndef FEEDS_BASE_MAP_H
#define FEEDS_BASE_MAP_H

#include <stdint.h>

#include "feeds/base/slice.h"

#define MAP_NONE SIZE_MAX

struct map_slot {
	struct slice key;
	size_t value;
};

struct map {
	struct map_slot *slots; /* key.ptr is NULL where free */
	size_t len, cap;
};

#define MAP_INIT                                                                                   \
	(struct map)                                                                               \
	{                                                                                          \
		NULL, 0, 0                                                                         \
	}

size_t *map_put(struct map *map, struct slice key);
/* So many keys are about to be put: make room for them at once. */
void map_reserve(struct map *map, size_t len);
/* MAP_NONE when there is no such key. */
size_t map_get(const struct map *map, struct slice key);
void map_free(struct map *map);

#endif
