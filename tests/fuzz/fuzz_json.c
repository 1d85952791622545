/*
 * json: any bytes are read or refused with a place. Of what is read, each key
 * and scalar stands in the text where its value says, and reading the beginning
 * of a longer text finds the same end.
 */
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH = 8, NODES = 200 };

/* The byte at a place, which has to exist. */
static const char *find(struct slice text, uint32_t line, uint32_t column)
{
	size_t at = 0;

	for (uint32_t i = 1; i < line; i++) {
		at = slice_find_byte(text, at, '\n') + 1;
		if (at > text.len)
			abort();
	}
	if (line == 0 || column == 0 || at + column - 1 >= text.len)
		abort();
	return text.ptr + at + column - 1;
}

static void check(struct slice text, const struct value *value, unsigned depth)
{
	static const char first[] = {
	    [VALUE_NULL] = 'n', [VALUE_STRING] = '"', [VALUE_LIST] = '[', [VALUE_MAP] = '{'};
	const char *at = find(text, value->line, value->column);
	size_t left = text.len - (size_t)(at - text.ptr);

	if (value->type == VALUE_INT || value->type == VALUE_FLOAT || value->type == VALUE_BOOL) {
		if (value->text.len == 0 || left < value->text.len ||
		    memcmp(at, value->text.ptr, value->text.len) != 0)
			abort();
	} else if (*at != first[value->type]) {
		abort();
	}
	if ((value->type == VALUE_LIST || value->type == VALUE_MAP) && depth > DEPTH)
		abort();
	for (const struct value *child = value->first; child; child = child->next) {
		if (value->type == VALUE_MAP &&
		    *find(text, child->key_line, child->key_column) != '"')
			abort();
		check(text, child, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct value_rules rules = {.max_depth = DEPTH, .max_nodes = NODES};
	struct slice text = slice_make((const char *)data, size);
	struct arena arena = ARENA_INIT;
	struct value *root = NULL;
	struct err err = {0};
	size_t len = 0;
	int whole;

	whole = json_parse(text, &rules, &arena, &root, NULL, &err);
	if (whole == 0)
		check(text, root, 1);
	else if (err.kind == ERR_NONE || !err.text[0] || (err.kind == ERR_SYNTAX && err.line == 0))
		abort();
	if (json_parse(text, &rules, &arena, &root, &len, &err) == 0) {
		if (len > size || slice_trim(slice_sub(text, 0, len)).len == 0)
			abort();
		check(text, root, 1);
		if (json_parse(slice_sub(text, 0, len), &rules, &arena, &root, NULL, &err) < 0)
			abort();
	} else if (whole == 0) {
		abort();
	}
	arena_free(&arena);
	return 0;
}
