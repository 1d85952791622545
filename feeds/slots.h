/*
 * slots: articles of an index by their numbers, in the order of feeds.
 *
 * The index itself and each group of a query keep such a list. It lies in
 * memory with the oldest article first, since most articles come at the newest
 * end; callers count from the newest.
 */
#ifndef FEEDS_SLOTS_H
#define FEEDS_SLOTS_H

#include <stdint.h>

#include "feeds/article.h"

struct slots {
	uint32_t *items; /* oldest first */
	size_t len, cap;
};

#define SLOTS_INIT                                                                                 \
	(struct slots)                                                                             \
	{                                                                                          \
		NULL, 0, 0                                                                         \
	}

/* Newest `published` first, ties by path: < 0 when `a` stands before `b`. A total order. */
int slots_compare(const struct article *a, const struct article *b);

/* The number at `place`, counted from 0 at the newest. */
static inline uint32_t slots_at(const struct slots *slots, size_t place)
{
	return slots->items[slots->len - 1 - place];
}

/* The place of an article, or the place it would take. `by_slot` tells articles by number. */
size_t slots_place(
    const struct slots *slots, struct article *const *by_slot, const struct article *article);

/*
 * Take numbers out that are in the list, or put such in that are not. They come in the
 * order of feeds, newest first. Returns the place of the first: where it was, or is now.
 */
size_t slots_remove(
    struct slots *slots, struct article *const *by_slot, const uint32_t *numbers, size_t len);
size_t slots_insert(
    struct slots *slots, struct article *const *by_slot, const uint32_t *numbers, size_t len);

void slots_free(struct slots *slots);

#endif
