/*
 * uri: any reference against any base gives a URI, and resolving that again
 * changes nothing. Input: base, a line end, reference.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/base/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct slice base, struct slice reference)
{
	static const char extra[] = "-._~:/?#[]@!$&'()*+,;=%";
	struct buf once = BUF_INIT, twice = BUF_INIT;

	uri_resolve(base, reference, &once);
	for (size_t i = 0; i < once.len; i++) {
		char c = once.data[i];
		char folded = (char)(c | 0x20);

		if (!(folded >= 'a' && folded <= 'z') && !(c >= '0' && c <= '9') &&
		    (c == '\0' || !strchr(extra, c)))
			abort();
	}
	uri_resolve(base, buf_slice(&once), &twice);
	if (!slice_equal(buf_slice(&once), buf_slice(&twice)))
		abort();
	buf_free(&once);
	buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice reference = slice_make((const char *)data, size), base = SLICE_NONE;
	struct buf out = BUF_INIT, back = BUF_INIT;

	(void)slice_line(&reference, &base);
	check(SLICE("https://example.com/a/b/c?d"), reference);
	if (uri_is_web(base))
		check(base, reference);
	uri_resolve(base, reference, &out); /* nothing to hold it to, but it must end well */
	buf_clear(&out);
	uri_put_host(&out, reference);
	buf_clear(&out);
	uri_put_path(&out, reference);
	uri_put_decoded(&back, buf_slice(&out));
	if (!slice_equal(buf_slice(&back), reference))
		abort();
	buf_clear(&out);
	buf_clear(&back);
	uri_put_value(&out, reference);
	uri_put_decoded(&back, buf_slice(&out));
	if (!slice_equal(buf_slice(&back), reference))
		abort();
	buf_free(&out);
	buf_free(&back);
	return 0;
}
