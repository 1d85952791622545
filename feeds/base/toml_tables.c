#include "feeds/base/toml_reader.h"

#include <stdlib.h>

#include "feeds/base/hash.h"
#include "feeds/base/mem.h"

enum { SLOTS_FIRST = 64 };

static uint32_t key_hash(const struct value *parent, struct slice key)
{
	return (uint32_t)hash_of(key, (uintptr_t)parent);
}

static struct toml_slot *slot_free(struct toml_tables *tables, uint32_t hash)
{
	size_t i = hash & (tables->size - 1);

	while (tables->slots[i].parent)
		i = (i + 1) & (tables->size - 1);
	return &tables->slots[i];
}

static void grow(struct toml_tables *tables)
{
	struct toml_tables bigger = {
	    .size = tables->size ? tables->size * 2 : SLOTS_FIRST,
	    .used = tables->used,
	};

	bigger.slots = mem_zalloc(bigger.size, sizeof(*bigger.slots));
	for (size_t i = 0; i < tables->size; i++)
		if (tables->slots[i].parent)
			*slot_free(&bigger, tables->slots[i].hash) = tables->slots[i];
	free(tables->slots);
	*tables = bigger;
}

struct toml_slot *toml_table_find(
    const struct toml_reader *r, const struct value *parent, struct slice key)
{
	const struct toml_tables *tables = &r->tables;
	uint32_t hash = key_hash(parent, key);

	if (tables->size == 0)
		return NULL;
	for (size_t i = hash & (tables->size - 1); tables->slots[i].parent;
	     i = (i + 1) & (tables->size - 1)) {
		struct toml_slot *slot = &tables->slots[i];

		if (slot->hash == hash && slot->parent == parent &&
		    slice_equal(slot->child->key, key))
			return slot;
	}
	return NULL;
}

void toml_table_add(struct toml_reader *r, struct value *parent, struct slice key,
    struct toml_place key_place, struct value *child, enum toml_origin origin)
{
	uint32_t hash = key_hash(parent, key);

	if ((r->tables.used + 1) * 2 > r->tables.size)
		grow(&r->tables);
	child->key = arena_copy(r->arena, key);
	child->key_line = key_place.line;
	child->key_column = key_place.column;
	value_append(parent, child);
	*slot_free(&r->tables, hash) = (struct toml_slot){parent, child, hash, origin};
	r->tables.used++;
}

/* Why nothing can be added below a key. */
static int refuse_entry(
    struct toml_reader *r, struct slice key, struct toml_place place, const struct toml_slot *slot)
{
	struct toml_shown name = toml_show(key, "this key");
	const struct value *child = slot->child;

	if (slot->origin == TOML_HEADER)
		return toml_fail(r, place,
		    "%s is a table of its own, defined in line %u; put the key under its "
		    "header",
		    name.text, child->line);
	if (slot->origin == TOML_ELEMENTS)
		return toml_fail(r, place,
		    "%s is a list of tables, begun in line %u; put the key under one of its "
		    "[[headers]]",
		    name.text, child->line);
	if (child->type == VALUE_MAP)
		return toml_fail(r, place,
		    "%s is an inline table, complete in line %u; add the key there, inside its "
		    "braces",
		    name.text, child->line);
	return toml_fail(r, place, "%s is %s, set in line %u, and cannot hold a key", name.text,
	    value_type_name(child->type), child->key_line);
}

int toml_table_enter(struct toml_reader *r, struct slice key, struct toml_place place, bool header,
    struct value **table)
{
	struct toml_slot *slot = toml_table_find(r, *table, key);

	if (toml_deeper(r, place, slot && slot->origin == TOML_ELEMENTS ? 2 : 1) < 0)
		return -1;
	if (!slot) {
		struct value *made = toml_value(r, VALUE_MAP, place);

		if (!made)
			return -1;
		toml_table_add(r, *table, key, place, made, header ? TOML_IMPLIED : TOML_DOTTED);
		*table = made;
		return 0;
	}
	switch (slot->origin) {
	case TOML_IMPLIED:
		/* A dotted key defines the tables it goes through ("Keys", "Table"). */
		if (!header)
			slot->origin = TOML_DOTTED;
		break;
	case TOML_DOTTED: break;
	case TOML_HEADER:
		if (!header)
			return refuse_entry(r, key, place, slot);
		break;
	case TOML_ELEMENTS:
		if (!header)
			return refuse_entry(r, key, place, slot);
		/* "Array of Tables": a header goes on in the element defined last. */
		*table = slot->child->last;
		return 0;
	case TOML_VALUE: return refuse_entry(r, key, place, slot);
	}
	*table = slot->child;
	return 0;
}

/* The next [[header]] of a list; the list itself with the first. */
static int define_element(struct toml_reader *r, struct slice key, struct toml_place place,
    struct toml_place header, struct value **table)
{
	struct toml_slot *slot = toml_table_find(r, *table, key);
	struct value *list, *element;

	if (slot && slot->origin != TOML_ELEMENTS)
		return toml_fail(r, place,
		    "%s is %s already, since line %u, and cannot be a list of tables too; use one "
		    "kind of header, or another name",
		    toml_show(key, "this key").text, value_type_name(slot->child->type),
		    slot->child->key_line);
	if (slot) {
		list = slot->child;
	} else {
		list = toml_value(r, VALUE_LIST, header);
		if (!list)
			return -1;
		toml_table_add(r, *table, key, place, list, TOML_ELEMENTS);
	}
	element = toml_value(r, VALUE_MAP, header);
	if (!element)
		return -1;
	value_append(list, element);
	*table = element;
	return 0;
}

static int define_table(struct toml_reader *r, struct slice key, struct toml_place place,
    struct toml_place header, struct value **table)
{
	struct toml_slot *slot = toml_table_find(r, *table, key);
	struct toml_shown name = toml_show(key, "this key");
	struct value *made;

	if (!slot) {
		made = toml_value(r, VALUE_MAP, header);
		if (!made)
			return -1;
		toml_table_add(r, *table, key, place, made, TOML_HEADER);
		*table = made;
		return 0;
	}
	if (slot->origin == TOML_ELEMENTS)
		return toml_fail(r, place,
		    "%s is a list of tables since line %u; write its header in two brackets, [[ ]]",
		    name.text, slot->child->line);
	if (slot->origin != TOML_IMPLIED)
		return toml_fail(r, place,
		    "%s is defined already, in line %u; put all its keys in one place", name.text,
		    slot->child->key_line);
	slot->origin = TOML_HEADER;
	slot->child->line = header.line;
	slot->child->column = header.column;
	slot->child->key_line = place.line;
	slot->child->key_column = place.column;
	*table = slot->child;
	return 0;
}

int toml_table_define(struct toml_reader *r, struct slice key, struct toml_place place,
    struct toml_place header, bool element, struct value **table)
{
	if (toml_deeper(r, place, element ? 2 : 1) < 0)
		return -1;
	return element ? define_element(r, key, place, header, table)
		       : define_table(r, key, place, header, table);
}

int toml_table_set(struct toml_reader *r, struct value *table, struct slice key,
    struct toml_place place, struct value *value)
{
	struct toml_slot *slot = toml_table_find(r, table, key);

	if (slot)
		return toml_fail(r, place,
		    "%s stands here for the second time, after line %u; keep one of the two",
		    toml_show(key, "this key").text, slot->child->key_line);
	toml_table_add(r, table, key, place, value, TOML_VALUE);
	return 0;
}
