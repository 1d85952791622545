#include "feeds/slots.h"

#include <assert.h>
#include <stdlib.h>

#include "feeds/base/mem.h"

int slots_compare(const struct article *a, const struct article *b)
{
	if (a->published != b->published)
		return a->published > b->published ? -1 : 1;
	return slice_compare(a->path, b->path);
}

/* How many of items[from..to) are older than the article, and `from`. */
static size_t older(const struct slots *slots, struct article *const *by_slot, size_t from,
    size_t to, const struct article *article)
{
	/* What comes is mostly the newest. */
	if (from < to && slots_compare(by_slot[slots->items[to - 1]], article) > 0)
		return to;
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (slots_compare(by_slot[slots->items[middle]], article) > 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

size_t slots_place(
    const struct slots *slots, struct article *const *by_slot, const struct article *article)
{
	size_t at = older(slots, by_slot, 0, slots->len, article);
	bool there = at < slots->len && slots_compare(by_slot[slots->items[at]], article) == 0;

	return slots->len - at - there;
}

/* Close the gap of `gap` numbers before items[from..to). */
static void close_gap(struct slots *slots, size_t from, size_t to, size_t gap)
{
	memmove(&slots->items[from - gap], &slots->items[from], (to - from) * sizeof(uint32_t));
}

size_t slots_remove(
    struct slots *slots, struct article *const *by_slot, const uint32_t *numbers, size_t len)
{
	size_t at = 0, after = 0, removed = 0;

	for (size_t i = len; i-- > 0; removed++) {
		at = older(slots, by_slot, after, slots->len, by_slot[numbers[i]]);
		assert(at < slots->len && slots->items[at] == numbers[i]);
		if (removed)
			close_gap(slots, after, at, removed);
		after = at + 1;
	}
	if (removed == 0)
		return slots->len;
	close_gap(slots, after, slots->len, removed);
	slots->len -= removed;
	return slots->len + removed - after;
}

size_t slots_insert(
    struct slots *slots, struct article *const *by_slot, const uint32_t *numbers, size_t len)
{
	size_t rest = slots->len, to = slots->len + len, first = to;

	if (to > slots->cap) {
		slots->cap = to + to / 16 + 2;
		slots->items = mem_resize(slots->items, slots->cap, sizeof(*slots->items));
	}
	for (size_t i = 0; i < len; i++) {
		size_t at = older(slots, by_slot, 0, rest, by_slot[numbers[i]]);

		to -= rest - at;
		memmove(&slots->items[to], &slots->items[at], (rest - at) * sizeof(uint32_t));
		slots->items[--to] = numbers[i];
		if (i == 0)
			first = slots->len - at;
		rest = at;
	}
	slots->len += len;
	return first;
}

void slots_free(struct slots *slots)
{
	free(slots->items);
	*slots = SLOTS_INIT;
}
