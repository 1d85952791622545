/*
 * html: of any page the row finds a headline that is text in one line, and the
 * article as a fragment that keeps to the rules of htmlrules.h.
 */
#include <libxml/parser.h>
#include <stdint.h>

#include "feeds/markup/markup.h"
#include "feeds/markup/sanitize.h"
#include "tests/fuzz/htmlrules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct slice body)
{
	struct markup_source source = {.body = body,
	    .path = SLICE("a.html"),
	    .page_url = SLICE("https://example.com/a/"),
	    .site_url = SLICE("https://example.com/")};
	struct markup_result result = {.html = BUF_BOUNDED(1 << 20)};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf html = BUF_INIT;
	struct headline headline;
	struct err err;

	markup_html.headline(body, &arena, &headline);
	if (slice_find_byte(headline.title, 0, '\n') < headline.title.len)
		htmlrules_broken("headline", headline.title);
	source.title = headline.title;
	if (markup_html.to_html(&source, &arena, &diags, &html, &err) == 0 &&
	    sanitize_html(buf_slice(&html), &source, true, &diags, &result, &err) == 0)
		htmlrules_check(buf_slice(&result.html));
	buf_free(&html);
	buf_free(&result.html);
	arena_free(&arena);
	diags_free(&diags);
	xmlResetLastError();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text_repairs repairs;
	struct buf legal = BUF_INIT;
	struct slice body;
	struct err err;

	if (text_legal(slice_make((const char *)data, size), &legal, &body, &repairs, &err) == 0)
		check(body);
	buf_free(&legal);
	return 0;
}
