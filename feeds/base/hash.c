/* Of https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md, "XXH64 Algorithm". */
#include "feeds/base/hash.h"

#include "feeds/base/scan.h"

#define PRIME_1 0x9E3779B185EBCA87u
#define PRIME_2 0xC2B2AE3D27D4EB4Fu
#define PRIME_3 0x165667B19E3779F9u
#define PRIME_4 0x85EBCA77C2B2AE63u
#define PRIME_5 0x27D4EB2F165667C5u

enum { LANES = 4, STRIPE = LANES * 8 };

static inline uint64_t turn(uint64_t number, unsigned bits)
{
	return number << bits | number >> (64 - bits);
}

static inline uint64_t round_of(uint64_t lane, uint64_t word)
{
	return turn(lane + word * PRIME_2, 31) * PRIME_1;
}

static inline uint64_t merge(uint64_t hash, uint64_t lane)
{
	return (hash ^ round_of(0, lane)) * PRIME_1 + PRIME_4;
}

/* All stripes from *p; what is left of `left` is less than one. */
static uint64_t put_stripes(const char **p, size_t *left, uint64_t seed)
{
	uint64_t a = seed + PRIME_1 + PRIME_2, b = seed + PRIME_2, c = seed, d = seed - PRIME_1;
	uint64_t hash;

	for (; *left >= STRIPE; *p += STRIPE, *left -= STRIPE) {
		a = round_of(a, scan_load(*p));
		b = round_of(b, scan_load(*p + 8));
		c = round_of(c, scan_load(*p + 16));
		d = round_of(d, scan_load(*p + 24));
	}
	hash = turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18);
	return merge(merge(merge(merge(hash, a), b), c), d);
}

static uint64_t put_rest(uint64_t hash, const char *p, size_t left)
{
	uint32_t half;

	for (; left >= 8; p += 8, left -= 8)
		hash = turn(hash ^ round_of(0, scan_load(p)), 27) * PRIME_1 + PRIME_4;
	if (left >= 4) {
		memcpy(&half, p, sizeof(half));
		hash = turn(hash ^ le32toh(half) * PRIME_1, 23) * PRIME_2 + PRIME_3;
		p += 4;
		left -= 4;
	}
	for (; left > 0; p++, left--)
		hash = turn(hash ^ (unsigned char)*p * PRIME_5, 11) * PRIME_1;
	return hash;
}

uint64_t hash_of(struct slice bytes, uint64_t seed)
{
	const char *p = bytes.ptr;
	size_t left = bytes.len;
	uint64_t hash = left >= STRIPE ? put_stripes(&p, &left, seed) : seed + PRIME_5;

	hash = put_rest(hash + bytes.len, p, left);
	hash = (hash ^ hash >> 33) * PRIME_2;
	hash = (hash ^ hash >> 29) * PRIME_3;
	return hash ^ hash >> 32;
}
