/* HTML in, a fragment out: what the tests of the sanitizer share. */
#ifndef TESTS_UNIT_SANITIZE_CASE_H
#define TESTS_UNIT_SANITIZE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/markup/sanitize.h"

#define PAGE "https://example.com/posts/a/"

struct pair {
	const char *in, *out;
};

/* Knows one other article, b.md beside a.md. */
static inline bool case_find(
    const void *arg, struct slice from, struct slice target, struct buf *url)
{
	(void)arg;
	assert_true(slice_equal_str(from, "posts/a.md"));
	if (!slice_equal_str(target, "b.md") && !slice_equal_str(target, "@/posts/b.md") &&
	    !slice_equal_str(target, "../posts/b") && !slice_equal_str(target, "/posts/b.md") &&
	    !slice_equal_str(target, "b%20c.md"))
		return false;
	buf_puts(url, "https://example.com/posts/b/");
	return true;
}

static const struct links links = {.find = case_find};

static inline int sanitize(
    const char *html, const char *title, bool page, struct markup_result *result)
{
	const struct markup_source source = {.path = SLICE("posts/a.md"),
	    .title = slice_of(title),
	    .page_url = SLICE(PAGE),
	    .site_url = SLICE("https://example.com/"),
	    .links = &links};
	struct diags diags = DIAGS_INIT;
	struct err err;
	int rc = sanitize_html(slice_of(html), &source, page, &diags, result, &err);

	diags_free(&diags);
	return rc;
}

static inline void check_all(const struct pair *pairs, size_t len, bool page)
{
	for (size_t i = 0; i < len; i++) {
		struct markup_result result = {.html = BUF_INIT};

		assert_int_equal(sanitize(pairs[i].in, "The Title", page, &result), 0);
		assert_string_equal(buf_string(&result.html), pairs[i].out);
		buf_free(&result.html);
	}
}

#define CHECK(pairs, page) check_all(pairs, sizeof(pairs) / sizeof(pairs[0]), page)

#endif
