/*
 * front: one fuzz target for each dialect of heads.
 *
 * Any legal text is read, refused with words, or left to others; what is read
 * is a map within the text's bounds, and every reader of fields can take it.
 * A target is one line: FRONT_FUZZ(kind, path).
 */
#ifndef TESTS_FUZZ_FRONT_H
#define TESTS_FUZZ_FRONT_H

#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/text.h"
#include "feeds/frontmatter/fields.h"
#include "feeds/frontmatter/frontmatter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void front_check_tree(const struct value *value, unsigned depth)
{
	size_t children = 0;

	if (depth > 40 || !value->text.ptr || value->text.ptr[value->text.len] != '\0')
		abort();
	for (const struct value *child = value->first; child; child = child->next, children++) {
		if (value->type == VALUE_MAP && child->key.ptr[child->key.len] != '\0')
			abort();
		front_check_tree(child, depth + 1);
	}
	if (children != value->count)
		abort();
}

static void front_check_fields(
    const struct value *root, struct trace *trace, struct arena *arena, struct diags *diags)
{
	struct enclosure enclosure;
	struct person *people;
	struct fields fields;
	struct slice *items;

	fields_collect(root, trace, &fields);
	for (size_t field = 0; field < FIELD_COUNT; field++)
		(void)fields_scalar(&fields, (enum field)field);
	for (size_t i = fields_list(&fields, FIELD_TAGS, arena, diags, &items); i > 0; i--)
		if (items[i - 1].len == 0 || i > FIELDS_LIST_MAX)
			abort();
	(void)fields_list(&fields, FIELD_CATEGORIES, arena, diags, &items);
	for (size_t i = fields_authors(&fields, arena, diags, &people); i > 0; i--)
		if (people[i - 1].name.len == 0 || i > FIELDS_LIST_MAX)
			abort();
	(void)fields_id(&fields, arena, diags);
	(void)fields_image(&fields);
	if (fields_enclosure(&fields, &enclosure) && enclosure.url.len == 0)
		abort();
}

/* Who asks is told of keys that are there, and nothing changes by it. */
static void front_check_trace(const struct value *root, struct arena *arena, struct diags *diags)
{
	struct trace trace = {.dialect = NULL};

	front_check_fields(root, NULL, arena, diags);
	front_check_fields(root, &trace, arena, diags);
	if (trace.steps.len > TRACE_STEPS_MAX || trace.keys.len > TRACE_KEYS_MAX)
		abort();
	for (size_t i = 0; i < trace.steps.len; i++)
		if (!trace.steps.items[i].what || !trace.steps.items[i].value)
			abort();
	for (size_t i = 0; i < trace.keys.len; i++) {
		const struct trace_key *key = &trace.keys.items[i];

		if (key->fate == TRACE_KNOWN && !key->what)
			abort();
	}
	trace_free(&trace);
}

static void front_check_body(const struct frontmatter_kind *kind, struct slice body)
{
	struct buf rest = BUF_INIT;

	kind->put_body(body, &rest);
	if (rest.len > body.len)
		abort();
	buf_free(&rest);
}

static void front_check(const struct frontmatter_kind *kind, const char *path, struct slice text)
{
	struct frontmatter out = {.kind = kind, .body_line = 1};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct err err = {.kind = ERR_NONE};

	switch (kind->parse(text, slice_of(path), &arena, &diags, &out, &err)) {
	case FRONTMATTER_NOT_MINE: break;
	case FRONTMATTER_BROKEN:
		if (err.kind == ERR_NONE || err.text[0] == '\0')
			abort();
		break;
	case FRONTMATTER_READ:
		if (!out.root || out.root->type != VALUE_MAP || out.body > text.len ||
		    out.body_line == 0)
			abort();
		front_check_tree(out.root, 0);
		front_check_trace(out.root, &arena, &diags);
		if (kind->put_body)
			front_check_body(kind, slice_from(text, out.body));
		break;
	}
	diags_free(&diags);
	arena_free(&arena);
}

#define FRONT_FUZZ(kind, path)                                                                     \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                               \
	{                                                                                          \
		struct buf repaired = BUF_INIT;                                                    \
		struct text_repairs repairs;                                                       \
		struct slice text;                                                                 \
		struct err err;                                                                    \
                                                                                                   \
		if (text_legal(slice_make((const char *)data, size), &repaired, &text, &repairs,   \
			&err) == 0)                                                                \
			front_check(&(kind), (path), text);                                        \
		buf_free(&repaired);                                                               \
		return 0;                                                                          \
	}

#endif
