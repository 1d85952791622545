/*
 * front: shared by the tests of heads. A head is read and its tree printed on
 * one line, `{title: A, tags: [a, b], draft: true!}`: bare text for strings,
 * "!" behind anything else that is a scalar.
 */
#ifndef TESTS_UNIT_FRONT_H
#define TESTS_UNIT_FRONT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/base/buf.h"
#include "feeds/frontmatter/frontmatter.h"

static inline void front_put(struct buf *out, const struct value *value)
{
	bool is_map = value->type == VALUE_MAP;

	if (!is_map && value->type != VALUE_LIST) {
		buf_put_slice(out, value->text);
		if (value->type != VALUE_STRING)
			buf_putc(out, '!');
		return;
	}
	buf_putc(out, is_map ? '{' : '[');
	for (const struct value *child = value->first; child; child = child->next) {
		if (child != value->first)
			buf_puts(out, ", ");
		if (is_map)
			buf_printf(out, "%.*s: ", SLICE_FMT(child->key));
		front_put(out, child);
	}
	buf_putc(out, is_map ? '}' : ']');
}

struct front {
	struct arena arena;
	struct diags diags;
	struct frontmatter read;
	struct err err;
	struct slice text;
	int result;
};

static inline struct front front_read(const char *path, struct slice text)
{
	struct front front = {.arena = ARENA_INIT, .diags = DIAGS_INIT, .text = text};

	front.result = frontmatter_parse(
	    text, slice_of(path), &front.arena, &front.diags, &front.read, &front.err);
	return front;
}

static inline void front_free(struct front *front)
{
	arena_free(&front->arena);
	diags_free(&front->diags);
}

/* A head of this kind, this tree, and this body behind it. */
static inline void assert_front(
    const char *path, const char *text, const char *kind, const char *tree, const char *body)
{
	struct front front = front_read(path, slice_of(text));
	struct buf dump = BUF_INIT;
	uint32_t line = 1;

	if (front.result < 0)
		fail_msg("'%s': %u:%u: %s", text, front.err.line, front.err.column, front.err.text);
	front_put(&dump, front.read.root);
	if (strcmp(front.read.kind->name, kind) != 0)
		fail_msg(
		    "'%s': %s, not %s: %s", text, front.read.kind->name, kind, buf_string(&dump));
	if (strcmp(buf_string(&dump), tree) != 0)
		fail_msg("'%s': %s, not %s", text, buf_string(&dump), tree);
	assert_string_equal(text + front.read.body, body);
	for (size_t i = 0; i < front.read.body; i++)
		line += text[i] == '\n';
	/* a head that ends with the file has no line behind it to count */
	if (*body)
		assert_int_equal(front.read.body_line, line);
	buf_free(&dump);
	front_free(&front);
}

/* Broken, at this place, with words in its message. */
static inline void assert_broken(
    const char *path, const char *text, uint32_t line, uint32_t column, const char *words)
{
	struct front front = front_read(path, slice_of(text));

	if (front.result == 0)
		fail_msg("'%s' is read as %s", text, front.read.kind->name);
	if (!strstr(front.err.text, words))
		fail_msg("'%s': '%s' does not say '%s'", text, front.err.text, words);
	if (front.err.line != line || front.err.column != column)
		fail_msg("'%s': %u:%u, not %u:%u (%s)", text, front.err.line, front.err.column,
		    line, column, front.err.text);
	front_free(&front);
}

static inline void assert_none(const char *path, const char *text)
{
	assert_front(path, text, "none", "{}", text);
}

/* Read, with this many complaints of which the last holds these words. */
static inline void assert_complaints(
    const char *path, const char *text, size_t count, enum diag_level level, const char *words)
{
	struct front front = front_read(path, slice_of(text));

	assert_int_equal(front.result, 0);
	assert_int_equal(front.diags.len, count);
	if (count > 0) {
		assert_int_equal(front.diags.items[count - 1].level, level);
		if (!strstr(front.diags.items[count - 1].text, words))
			fail_msg(
			    "'%s' does not say '%s'", front.diags.items[count - 1].text, words);
	}
	front_free(&front);
}

#endif
