/*
 * hash: XXH3, a fingerprint of bytes in 64 bits, as fast as they come.
 *
 * For what is told apart and not guarded: texts, and keys of tables. Two texts
 * are the same by chance once in 2^64, but who wants two that are can make
 * them; where that matters, see digest.h. The numbers are the same on every
 * machine, have been since xxHash 0.8.0, and may be stored.
 */
#ifndef FEEDS_BASE_HASH_H
#define FEEDS_BASE_HASH_H

#include <stdint.h>

#include "feeds/base/slice.h"

/* `seed`: any number; that of the part before, where a text comes in parts of known lengths. */
uint64_t hash_of(struct slice bytes, uint64_t seed);

#endif
