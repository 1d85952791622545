/*
 * scan: eight bytes at a step, for loops that pass over text and stop at signs.
 *
 *	uint64_t word = scan_load(p);
 *	size_t plain = scan_plain(scan_odd(word) | scan_sign(word, SCAN_SIGN('<')));
 *
 * The first `plain` of the bytes at p are printable ASCII (or DEL) and no "<".
 */
#ifndef FEEDS_BASE_SCAN_H
#define FEEDS_BASE_SCAN_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SCAN_ONES 0x0101010101010101u
/* An ASCII character, as scan_sign wants it. */
#define SCAN_SIGN(c) ((uint64_t)(c)*SCAN_ONES)

/* The eight bytes at p, the first one lowest. */
static inline uint64_t scan_load(const void *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

/*
 * Marks, to be joined by "|": the high bit of the first byte that is one is
 * set, those below it are not, those above it mean nothing.
 */

/* Of a control character but DEL, or of a byte beyond ASCII. */
static inline uint64_t scan_odd(uint64_t word)
{
	return word | (word - 0x20 * SCAN_ONES);
}

/* Of the sign; to be joined with scan_odd, for it may mark bytes beyond ASCII too. */
static inline uint64_t scan_sign(uint64_t word, uint64_t sign)
{
	return (word ^ sign) - SCAN_ONES;
}

/* How many bytes there are before the first one that is marked: 0 to 8. */
static inline size_t scan_plain(uint64_t marks)
{
	marks &= 0x80 * SCAN_ONES;
	return marks ? (size_t)__builtin_ctzll(marks) / 8 : 8;
}

#endif
