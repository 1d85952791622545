/*
 * toml: any bytes are read or refused with a place; what is read is a tree of
 * the kind promised, within its bounds.
 */
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH = 8, NODES = 200 };

static size_t check(const struct value *value, unsigned depth)
{
	size_t nodes = 1, children = 0;

	if (value->type == VALUE_NULL || value->line == 0 || value->column == 0)
		abort();
	if (value->text.ptr[value->text.len] != '\0' || value->key.ptr[value->key.len] != '\0')
		abort();
	if ((value->type == VALUE_LIST || value->type == VALUE_MAP) && depth > DEPTH)
		abort();
	for (const struct value *child = value->first; child; child = child->next, children++)
		nodes += check(child, depth + 1);
	if (children != value->count)
		abort();
	return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct value_rules rules = {.max_depth = DEPTH, .max_nodes = NODES};
	struct slice text = slice_make((const char *)data, size);
	struct arena arena = ARENA_INIT;
	struct value *root = NULL;
	struct err err = {0};

	if (toml_parse(text, &rules, &arena, &root, &err) == 0) {
		if (root->type != VALUE_MAP || check(root, 1) > NODES)
			abort();
	} else if (err.kind == ERR_NONE || !err.text[0] || (size <= 65536 && err.line == 0)) {
		abort();
	}
	arena_free(&arena);
	return 0;
}
