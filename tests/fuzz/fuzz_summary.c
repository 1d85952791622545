/*
 * summary: of what the sanitizer writes, and of any other text, a summary is
 * legal text in one line, within its bound.
 */
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/text.h"
#include "feeds/markup/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct slice text)
{
	struct buf collapsed = BUF_INIT;

	text_put_collapsed(&collapsed, text);
	if (!slice_equal(buf_slice(&collapsed), text))
		abort();
	buf_free(&collapsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct markup_result body = {.html = BUF_INIT, .more = SIZE_MAX};
	struct buf out = BUF_INIT, legal = BUF_INIT;
	struct text_repairs repairs;
	struct slice html;
	struct err err;

	if (size == 0 || text_legal(slice_make((const char *)data + 1, size - 1), &legal, &html,
			     &repairs, &err) < 0)
		goto out;
	buf_put_slice(&body.html, html);
	if (data[0] & 1)
		body.more = html.len * (data[0] >> 1) / 128;
	summary_put(&body, &out);
	check(buf_slice(&out));
	/* A cut adds its sign to what text_cut allows. */
	if (text_cut(buf_slice(&out), SUMMARY_MAX + 1) < out.len)
		abort();
	buf_clear(&out);
	summary_put_text(html, &out);
	check(buf_slice(&out));
out:
	buf_free(&out);
	buf_free(&body.html);
	buf_free(&legal);
	return 0;
}
