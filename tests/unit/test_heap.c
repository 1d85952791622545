/* heap: in order of time, then of putting; anything may be taken out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/heap.h"

enum { NODES = 500 };

struct thing {
	int number;
	struct heap_node node;
};

static uint32_t chance(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void test_order(void **state)
{
	struct thing things[NODES] = {{0, {0}}};
	struct heap heap = {.turn = UINT32_MAX - NODES / 2}; /* turns come round meanwhile */
	uint32_t seed = 1;
	size_t len = NODES;
	const struct thing *last = NULL;

	(void)state;
	assert_null(heap_first(&heap));
	for (int i = 0; i < NODES; i++) {
		things[i].number = i;
		heap_put(&heap, &things[i].node, (int64_t)(chance(&seed) % 50) - 25);
	}
	for (int i = 0; i < NODES; i += 1 + (int)(chance(&seed) % 7), len--) {
		assert_true(heap_has(&things[i].node));
		heap_remove(&heap, &things[i].node);
		heap_remove(&heap, &things[i].node); /* it is not there: nothing */
		assert_false(heap_has(&things[i].node));
	}
	assert_int_equal(heap.nodes.len, len);
	for (struct heap_node *node; (node = heap_first(&heap)); heap_remove(&heap, node), len--) {
		struct thing *thing = heap_of(node, struct thing, node);

		if (last && (last->node.at > node->at ||
				(last->node.at == node->at && last->number > thing->number)))
			fail_msg("%d before %d", last->number, thing->number);
		last = thing;
	}
	assert_int_equal(len, 0);
	heap_free(&heap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
