/*
 * directive: any body in any language. The first byte says which: bit 0 HTML,
 * bits 1 and 2 the kind of file.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "feeds/markup/directive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool find(const void *arg, struct slice from, struct slice target, struct buf *url)
{
	(void)arg;
	(void)from;
	if (target.len % 3 == 0)
		return false;
	buf_puts(url, "https://example.org/p/");
	buf_put_slice(url, target);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"a/b.md", "a/b.mdx", "a/b.mdwn", "a/b.html"};
	struct links links = {NULL, find};
	struct markup_source source = {.line = 1,
	    .title = SLICE("A *title*"),
	    .page_url = SLICE("https://example.org/blog/2024/b/"),
	    .site_url = SLICE("https://example.org/blog/")};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf out = BUF_BOUNDED(MARKUP_HTML_MAX);

	if (size == 0)
		return 0;
	source.path = slice_of(paths[data[0] >> 1 & 3]);
	source.links = data[0] & 8 ? NULL : &links;
	source.body = slice_make((const char *)data + 1, size - 1);
	directive_expand(&source, !(data[0] & 1), &arena, &diags, &out);
	if (diags.len > DIAG_MAX)
		abort();
	arena_free(&arena);
	diags_free(&diags);
	buf_free(&out);
	return 0;
}
