/* An address of the front matter, with tokens or as a template, in each style of names. */
#include <stdlib.h>

#include "feeds/base/text.h"
#include "feeds/base/uri.h"
#include "feeds/permalink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first line is the title, the rest is the address; both are legal text, as an article's are. */
static void check(struct slice text, enum permalink_style style)
{
	size_t line = slice_find_byte(text, 0, '\n');
	struct slice own = slice_from(text, line < text.len ? line + 1 : line);
	struct permalink_parts parts = {
	    .site_url = SLICE("https://example.com/blog/"),
	    .pattern = SLICE("/:categories/:year/:title/"),
	    .style = style,
	    .title = slice_sub(text, 0, line),
	    .slug = slice_sub(text, 0, line),
	    .categories = &parts.title,
	    .categories_len = 1,
	    .date = {.year = 2024, .month = 1, .day = 2},
	};
	struct buf filled = BUF_INIT, url = BUF_INIT;

	permalink_name(SLICE("posts/2024-01-02-a.md"), &parts.name);
	if (!permalink_fill(&parts, own, &filled) && filled.len > 0)
		abort();
	(void)permalink_put(
	    &parts, filled.len ? buf_slice(&filled) : own, &url); /* either is an URL */
	if (!uri_is_web(buf_slice(&url)))
		abort();
	buf_free(&filled);
	buf_free(&url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf repaired = BUF_INIT;
	struct text_repairs repairs;
	struct slice text;
	struct err err;

	if (text_legal(slice_make((const char *)data, size), &repaired, &text, &repairs, &err) == 0)
		for (int style = PERMALINK_PLAIN; style <= PERMALINK_PELICAN; style++)
			check(text, (enum permalink_style)style);
	buf_free(&repaired);
	return 0;
}
