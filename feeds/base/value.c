#include "feeds/base/value.h"

#include <assert.h>

struct value *value_new(struct arena *arena, enum value_type type, uint32_t line, uint32_t column)
{
	struct value *value = arena_new(arena, struct value);

	value->type = type;
	value->line = line;
	value->column = column;
	value->text = slice_make("", 0);
	value->key = slice_make("", 0);
	return value;
}

struct value *value_string(struct arena *arena, struct slice text, uint32_t line, uint32_t column)
{
	struct value *value = value_new(arena, VALUE_STRING, line, column);

	value->text = arena_copy(arena, text);
	return value;
}

void value_append(struct value *parent, struct value *child)
{
	assert(parent->type == VALUE_LIST || parent->type == VALUE_MAP);
	assert(!child->next);
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
}

struct value *value_get(const struct value *map, const char *key)
{
	if (!map || map->type != VALUE_MAP)
		return NULL;
	for (struct value *child = map->first; child; child = child->next)
		if (slice_equal_str(child->key, key))
			return child;
	return NULL;
}

const char *value_type_name(enum value_type type)
{
	static const char *const names[] = {
	    [VALUE_NULL] = "nothing",
	    [VALUE_BOOL] = "true or false",
	    [VALUE_INT] = "a whole number",
	    [VALUE_FLOAT] = "a number",
	    [VALUE_STRING] = "a string",
	    [VALUE_TIME] = "a date",
	    [VALUE_LIST] = "a list",
	    [VALUE_MAP] = "a table",
	};

	return names[type];
}
