/*
 * A simhash (Charikar 2002): the pieces of a text vote on each bit with their hashes. A piece is
 * eight bytes at any place, a word or two in Latin script, three characters in Chinese; one in
 * SAMPLE of them votes, told by its hash, so that an edit changes the votes about it and no
 * other. Bit 0 tells a simhash from the plain hash that a short text has: with few votes, other
 * texts may be near.
 */
#include "feeds/base/scan.h"
#include "feeds/identity.h"

enum {
	SKETCH_BYTES = 4096, /* looked at */
	TEXT_MIN = 16,	     /* bytes, for any sketch */
	VOTES_MIN = 32,	     /* for a simhash */
	SAMPLE = 8,
	PLANES = 13, /* of the counters: SKETCH_BYTES votes at most */
	NEAR_BITS = 8,
};

/* 64 counters: bit n of planes[i] is bit i of counter n. */
struct votes {
	uint64_t planes[PLANES];
	uint64_t waiting[PLANES]; /* votes of the weight of a plane; those of the bits of len */
	unsigned len;
};

static uint64_t scramble(uint64_t x)
{
	x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93u;
	return x ^ (x >> 32);
}

/*
 * Two votes of one weight are added to a plane at once, and their carry is one vote of the next
 * weight: on average that is one addition a vote.
 */
static void votes_put(struct votes *votes, uint64_t bits)
{
	unsigned i = 0;

	for (; votes->len >> i & 1; i++) {
		uint64_t plane = votes->planes[i], other = votes->waiting[i];

		votes->planes[i] = plane ^ other ^ bits;
		bits = (plane & other) | ((plane ^ other) & bits);
	}
	votes->waiting[i] = bits;
	votes->len++;
}

/* The bits that more than half of the votes have. */
static uint64_t votes_count(struct votes *votes)
{
	uint64_t more = 0, same = UINT64_MAX;

	for (unsigned i = 0; i < PLANES; i++) {
		uint64_t bits = votes->len >> i & 1 ? votes->waiting[i] : 0;

		for (unsigned at = i; at < PLANES && bits != 0; at++) {
			uint64_t carry = votes->planes[at] & bits;

			votes->planes[at] ^= bits;
			bits = carry;
		}
	}
	for (unsigned i = PLANES; i-- > 0;) {
		uint64_t half = votes->len / 2 >> i & 1 ? UINT64_MAX : 0;

		more |= same & votes->planes[i] & ~half;
		same &= ~(votes->planes[i] ^ half);
	}
	return more;
}

/* Letters of ASCII count without case. */
static inline uint64_t piece_hash(const unsigned char *p)
{
	return (scan_load(p) | 0x2020202020202020u) * 0x9e3779b97f4a7c15u;
}

/* The hashes of those that vote; returns how many. */
static size_t sample(struct slice s, uint64_t out[SKETCH_BYTES])
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	size_t len = 0;

#pragma GCC unroll 8
	for (size_t i = 0; i + 8 <= s.len; i++) {
		uint64_t hash = piece_hash(p + i);

		out[len] = hash;
		len += hash < UINT64_MAX / SAMPLE; /* no branch, which would be mispredicted */
	}
	return len;
}

/* Each piece has one vote, however often it stands there: a line of dashes is no theme. */
static void votes_put_once(struct votes *votes, const uint64_t *hashes, size_t len)
{
	enum { SLOTS = 1024 };
	uint64_t seen[SLOTS] = {0};

	for (size_t i = 0; i < len; i++) {
		uint64_t hash = scramble(hashes[i]);

		if (seen[hash % SLOTS] == hash)
			continue;
		seen[hash % SLOTS] = hash;
		votes_put(votes, hash);
	}
}

/* Of all the text, blanks and line ends aside: an editor may have wrapped it anew. */
static uint64_t plain_hash(struct slice s)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] > ' ')
			hash = scramble(hash + (unsigned char)s.ptr[i]);
	return hash;
}

uint64_t identity_sketch(struct slice text)
{
	struct votes votes = {.len = 0};
	uint64_t hashes[SKETCH_BYTES];
	size_t len;

	text = slice_trim(text);
	if (text.len < TEXT_MIN)
		return 0;
	if (text.len > SKETCH_BYTES)
		text.len = SKETCH_BYTES;
	len = sample(text, hashes);
	if (len < VOTES_MIN)
		return (plain_hash(text) & ~UINT64_C(1)) | 2; /* never 0 */
	votes_put_once(&votes, hashes, len);
	return votes_count(&votes) | 1;
}

bool identity_near(uint64_t a, uint64_t b)
{
	if ((a & b & 1) == 0)
		return a == b && a != 0;
	return __builtin_popcountll(a ^ b) <= NEAR_BITS;
}
