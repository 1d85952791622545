/*
 * heap: what comes first, of things that know their time.
 *
 * A node lies in the thing that it stands for, which is found again with
 * heap_of. Of equal times the one that was put first comes first. Putting and
 * removing take time that grows with the logarithm of their number.
 *
 *	struct task { struct heap_node node; ... };
 *	heap_put(&heap, &task->node, at);
 *	task = heap_of(heap_first(&heap), struct task, node);
 */
#ifndef FEEDS_BASE_HEAP_H
#define FEEDS_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feeds/base/vec.h"

struct heap_node { /* all 0: in no heap */
	int64_t at;
	uint32_t turn;
	uint32_t place; /* from 1 */
};

struct heap { /* all 0: empty */
	VEC(struct heap_node *) nodes;
	uint32_t turn;
};

#define heap_of(node, type, member) ((type *)((char *)(node)-offsetof(type, member)))

/* A node in no heap. */
void heap_put(struct heap *heap, struct heap_node *node, int64_t at);
/* A node in no heap stays so. */
void heap_remove(struct heap *heap, struct heap_node *node);
void heap_free(struct heap *heap);

static inline bool heap_has(const struct heap_node *node)
{
	return node->place > 0;
}

/* NULL when it is empty. */
static inline struct heap_node *heap_first(const struct heap *heap)
{
	return heap->nodes.len > 0 ? heap->nodes.items[0] : NULL;
}

#endif
