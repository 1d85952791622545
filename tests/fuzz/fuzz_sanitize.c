/*
 * sanitize: any HTML becomes a fragment that keeps to the rules of htmlrules.h, and the same one
 * whether htmlnest reads it or libxml2's parser has to.
 * Input: flags (1: a page, 2: with links), then the HTML.
 */
#include <libxml/parser.h>
#include <stdint.h>

#include "feeds/markup/sanitize.h"
#include "tests/fuzz/htmlrules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool find(const void *arg, struct slice from, struct slice target, struct buf *url)
{
	(void)arg;
	(void)from;
	if (target.len % 2 == 0)
		return false;
	buf_puts(url, "https://example.com/other/");
	return true;
}

/* The fragment of the HTML behind elements that are nested, or crossed: for the parser. */
static struct buf fragment_behind(
    const char *elements, struct slice html, const struct markup_source *source)
{
	struct markup_result result = {.html = BUF_BOUNDED(1 << 20)};
	struct diags diags = DIAGS_INIT;
	struct buf whole = BUF_INIT;
	struct err err;

	buf_puts(&whole, elements);
	buf_put_slice(&whole, html);
	if (sanitize_html(buf_slice(&whole), source, false, &diags, &result, &err) < 0)
		buf_puts(&result.html, "refused");
	buf_free(&whole);
	diags_free(&diags);
	return result.html;
}

static void check_readers(struct slice html, const struct markup_source *source)
{
	struct buf nested = fragment_behind("<i><b></b></i>", html, source);
	struct buf parsed = fragment_behind("<i><b></i></b>", html, source);

	if (!slice_equal(buf_slice(&nested), buf_slice(&parsed)))
		htmlrules_broken("read otherwise than by the parser", buf_slice(&nested));
	buf_free(&nested);
	buf_free(&parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct links links = {.find = find};
	struct markup_source source = {.path = SLICE("posts/a.md"),
	    .title = SLICE("Title"),
	    .page_url = SLICE("https://example.com/posts/a/"),
	    .site_url = SLICE("https://example.com/")};
	struct markup_result result = {.html = BUF_BOUNDED(1 << 20)};
	struct diags diags = DIAGS_INIT;
	struct text_repairs repairs;
	struct buf legal = BUF_INIT;
	struct slice html;
	struct err err;

	if (size == 0)
		return 0;
	source.links = data[0] & 2 ? &links : NULL;
	if (text_legal(
		slice_make((const char *)data + 1, size - 1), &legal, &html, &repairs, &err) == 0 &&
	    sanitize_html(html, &source, data[0] & 1, &diags, &result, &err) == 0) {
		htmlrules_check(buf_slice(&result.html));
		if (result.more != SIZE_MAX && result.more > result.html.len)
			htmlrules_broken("more mark", buf_slice(&result.html));
		check_readers(html, &source);
	}
	buf_free(&legal);
	buf_free(&result.html);
	diags_free(&diags);
	xmlResetLastError();
	return 0;
}
