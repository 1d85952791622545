/* Bodies in, bodies out: what the tests of directives share. */
#ifndef TESTS_UNIT_DIRECTIVE_CASE_H
#define TESTS_UNIT_DIRECTIVE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/base/mem.h"
#include "feeds/markup/directive.h"

struct directive_case {
	const char *path;
	bool html; /* the body is HTML */
	struct diags diags;
};

/* Pages that exist: those whose name does not begin with "no-". */
static inline bool case_find(
    const void *arg, struct slice from, struct slice target, struct buf *url)
{
	(void)arg;
	(void)from;
	if (slice_starts(target, "no-"))
		return false;
	buf_puts(url, "https://example.org/p/");
	buf_put_slice(url, target);
	return true;
}

/* The expanded body, to be freed; the complaints stay in the case. */
static inline char *case_expand(struct directive_case *c, const char *body)
{
	struct links links = {NULL, case_find};
	struct markup_source source = {.body = slice_of(body),
	    .path = slice_of(c->path ? c->path : "posts/one.md"),
	    .line = 10,
	    .title = SLICE("A *Title*"),
	    .page_url = SLICE("https://example.org/blog/2024/one/"),
	    .site_url = SLICE("https://example.org/blog/"),
	    .links = &links};
	struct buf out = BUF_BOUNDED(MARKUP_HTML_MAX);
	struct arena arena = ARENA_INIT;
	char *text;

	c->diags = DIAGS_INIT;
	directive_expand(&source, !c->html, &arena, &c->diags, &out);
	assert_false(out.overflow);
	text = mem_dup(buf_string(&out), out.len);
	arena_free(&arena);
	buf_free(&out);
	return text;
}

static inline void case_check(struct directive_case c, const char *body, const char *expected)
{
	char *text = case_expand(&c, body);

	assert_string_equal(text, expected);
	free(text);
	diags_free(&c.diags);
}

/* In Markdown: expands to `expected`. */
static inline void check(const char *body, const char *expected)
{
	case_check((struct directive_case){0}, body, expected);
}

/* Stays as it is. */
static inline void check_same(const char *body)
{
	check(body, body);
}

static inline void check_html(const char *body, const char *expected)
{
	case_check((struct directive_case){.path = "one.html", .html = true}, body, expected);
}

static inline void check_in(const char *path, const char *body, const char *expected)
{
	case_check((struct directive_case){.path = path}, body, expected);
}

/* How many unknown directives went. */
static inline size_t count_unknown(const char *path, const char *body)
{
	struct directive_case c = {.path = path};
	char *text = case_expand(&c, body);
	size_t unknowns = c.diags.unknowns;

	free(text);
	diags_free(&c.diags);
	return unknowns;
}

#endif
