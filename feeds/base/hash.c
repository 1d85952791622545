#include "feeds/base/hash.h"

/* All of it is compiled into this file: no library is loaded. */
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_of(struct slice bytes, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes.ptr, bytes.len, seed);
}
