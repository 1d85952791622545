#include "feeds/base/map.h"

#include <stdlib.h>

#include "feeds/base/hash.h"
#include "feeds/base/mem.h"

enum { CAP_LEAST = 64 };

/* The slot of the key, or the free one where it would go. `cap` is a power of two. */
static struct map_slot *locate(struct map_slot *slots, size_t cap, struct slice key)
{
	size_t at = (size_t)hash_of(key, 0) & (cap - 1);

	while (slots[at].key.ptr && !slice_equal(slots[at].key, key))
		at = (at + 1) & (cap - 1);
	return &slots[at];
}

static void grow(struct map *map, size_t cap)
{
	struct map_slot *slots = mem_zalloc(cap, sizeof(*slots));

	for (size_t i = 0; i < map->cap; i++)
		if (map->slots[i].key.ptr)
			*locate(slots, cap, map->slots[i].key) = map->slots[i];
	free(map->slots);
	map->slots = slots;
	map->cap = cap;
}

void map_reserve(struct map *map, size_t len)
{
	size_t cap = CAP_LEAST;

	while (cap / 2 < len)
		cap *= 2;
	if (len > 0 && cap > map->cap)
		grow(map, cap);
}

size_t *map_put(struct map *map, struct slice key)
{
	struct map_slot *slot;

	if (map->len * 2 >= map->cap)
		grow(map, map->cap ? map->cap * 2 : CAP_LEAST);
	if (!key.ptr)
		key.ptr = "";
	slot = locate(map->slots, map->cap, key);
	if (!slot->key.ptr) {
		*slot = (struct map_slot){key, MAP_NONE};
		map->len++;
	}
	return &slot->value;
}

size_t map_get(const struct map *map, struct slice key)
{
	const struct map_slot *slot;

	if (map->cap == 0)
		return MAP_NONE;
	slot = locate(map->slots, map->cap, key);
	return slot->key.ptr ? slot->value : MAP_NONE;
}

void map_free(struct map *map)
{
	free(map->slots);
	*map = MAP_INIT;
}
