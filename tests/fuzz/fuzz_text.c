/*
 * text: what text_legal lets through needs no second repair, and the rest of
 * the family keeps its promises on it.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistr.h>

#include "feeds/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_helpers(struct slice text)
{
	struct buf buf = BUF_INIT;
	size_t whole = text_cut(text, text.len);

	assert(whole == text.len);
	for (size_t max = 0; max < 40; max += 7) {
		size_t len = text_cut(text, max);

		assert(len <= text.len);
		assert(max > 0 || len == 0);
		assert(u8_check((const uint8_t *)text.ptr, len) == NULL);
	}
	text_put_collapsed(&buf, text);
	assert(buf.len <= text.len);
	buf_clear(&buf);
	text_put_lower(&buf, text);
	assert(!u8_check((const uint8_t *)buf_string(&buf), buf.len));
	buf_free(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_make((const char *)data, size), text, again;
	struct buf out = BUF_INIT, spare = BUF_INIT;
	struct text_repairs repairs;
	struct err err;

	text_put_escaped(&out, bytes);
	assert(!u8_check((const uint8_t *)buf_string(&out), out.len));
	buf_clear(&out);
	if (text_legal(bytes, &out, &text, &repairs, &err) == 0) {
		assert(!u8_check((const uint8_t *)(text.len ? text.ptr : ""), text.len));
		for (size_t at = 0; at < text.len;) {
			uint32_t c = text_next(text, &at);

			assert(c >= 0x20 || c == '\n' || c == '\t');
			assert(c != 0xFFFE && c != 0xFFFF);
		}
		/* a second mark at the start is text, and would be taken for a mark */
		if (!slice_starts(text, "\xEF\xBB\xBF")) {
			int rc = text_legal(text, &spare, &again, &repairs, &err);

			assert(rc == 0 && again.ptr == text.ptr && again.len == text.len);
		}
		check_helpers(text);
	}
	buf_free(&out);
	buf_free(&spare);
	return 0;
}
