/*
 * plaintext: any text renders in time, and its headline is found.
 */
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/text.h"
#include "feeds/markup/markup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct markup_source source = {.path = SLICE("a.txt")};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf legal = BUF_INIT, html = BUF_BOUNDED(MARKUP_HTML_MAX);
	struct headline headline = {SLICE_NONE, SLICE_NONE};
	struct text_repairs repairs;
	struct err err;

	if (text_legal(
		slice_make((const char *)data, size), &legal, &source.body, &repairs, &err) == 0) {
		if (markup_text.to_html(&source, &arena, &diags, &html, &err) < 0 && !html.overflow)
			abort();
		markup_text.headline(source.body, &arena, &headline);
	}
	buf_free(&legal);
	buf_free(&html);
	diags_free(&diags);
	arena_free(&arena);
	return 0;
}
