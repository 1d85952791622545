#include "feeds/base/heap.h"

#include <assert.h>

/* Turns may have come round: they are compared by how far one is from the other. */
static bool before(const struct heap_node *a, const struct heap_node *b)
{
	return a->at != b->at ? a->at < b->at : (int32_t)(a->turn - b->turn) < 0;
}

static void set(struct heap *heap, size_t at, struct heap_node *node)
{
	heap->nodes.items[at] = node;
	node->place = (uint32_t)at + 1;
}

/* Put a node where it belongs, `at` or above it. */
static void rise(struct heap *heap, size_t at, struct heap_node *node)
{
	while (at > 0 && before(node, heap->nodes.items[(at - 1) / 2])) {
		set(heap, at, heap->nodes.items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	set(heap, at, node);
}

static void sink(struct heap *heap, size_t at, struct heap_node *node)
{
	for (size_t child; (child = at * 2 + 1) < heap->nodes.len; at = child) {
		if (child + 1 < heap->nodes.len &&
		    before(heap->nodes.items[child + 1], heap->nodes.items[child]))
			child++;
		if (!before(heap->nodes.items[child], node))
			break;
		set(heap, at, heap->nodes.items[child]);
	}
	set(heap, at, node);
}

void heap_put(struct heap *heap, struct heap_node *node, int64_t at)
{
	assert(!heap_has(node));
	node->at = at;
	node->turn = heap->turn++;
	vec_push(&heap->nodes, node);
	rise(heap, heap->nodes.len - 1, node);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
	struct heap_node *last;
	size_t at = node->place - 1;

	if (!heap_has(node))
		return;
	node->place = 0;
	last = heap->nodes.items[--heap->nodes.len];
	if (last == node)
		return;
	if (at > 0 && before(last, heap->nodes.items[(at - 1) / 2]))
		rise(heap, at, last);
	else
		sink(heap, at, last);
}

void heap_free(struct heap *heap)
{
	vec_free(&heap->nodes);
}
