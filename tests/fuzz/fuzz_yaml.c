/* yaml: any bytes give a tree that keeps its promises, or a place and a reason. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "feeds/base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct value *value, size_t lines, unsigned depth)
{
	size_t count = 0;

	assert(depth <= 32 + 1);
	assert(value->line >= 1 && value->line <= lines && value->column >= 1);
	assert(value->text.ptr[value->text.len] == '\0');
	if (value->type == VALUE_MAP || value->type == VALUE_LIST)
		assert(value->text.len == 0);
	else
		assert(!value->first && strlen(value->text.ptr) == value->text.len);
	for (const struct value *child = value->first; child; child = child->next) {
		count++;
		if (value->type == VALUE_MAP && value->count < 50)
			assert(value_get(value, child->key.ptr) == child);
		check(child, lines, depth + 1);
	}
	assert(count == value->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_make((const char *)data, size);
	struct diags diags = DIAGS_INIT;
	struct value_rules rules = {.repeats = size % 2 ? &diags : NULL};
	struct arena arena = ARENA_INIT;
	struct value *root = NULL;
	size_t lines = 1;
	struct err err;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	if (yaml_parse(text, &rules, &arena, &root, &err) == 0) {
		check(root, lines, 1);
	} else {
		assert(!root && err.kind != ERR_NONE && err.text[0]);
		assert(err.line >= 1 && err.column >= 1);
	}
	diags_free(&diags);
	arena_free(&arena);
	return 0;
}
