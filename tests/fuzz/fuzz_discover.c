/*
 * discover: whatever a page answers, an endpoint is a web address, short
 * enough, and found again. Input: header lines, an empty line, the page.
 */
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/uri.h"
#include "feeds/ping/discover.h"
#include "feeds/ping/linkheader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool within(struct slice part, struct slice whole)
{
	return part.len == 0 ||
	       (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

/* Each link takes something off what is left. */
static void check_links(struct slice value)
{
	struct slice rest = value;
	struct linkheader link;
	size_t left = rest.len;

	while (linkheader_next(&rest, &link)) {
		if (rest.len >= left || !within(link.target, value) || !within(link.rel, value))
			abort();
		left = rest.len;
		(void)linkheader_rel_has(link.rel, "webmention");
	}
}

static void check_page(const struct ping_answer *answer, struct slice url)
{
	struct buf first = BUF_INIT, second = BUF_INIT;
	enum discover_result result = discover_endpoint(answer, url, &first);

	if ((result == DISCOVER_FOUND) !=
	    (first.len > 0 && first.len <= DISCOVER_URL_MAX && uri_is_web(buf_slice(&first))))
		abort();
	if (discover_endpoint(answer, url, &second) != result ||
	    !slice_equal(buf_slice(&first), buf_slice(&second)))
		abort();
	buf_free(&first);
	buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_make((const char *)data, size);
	size_t end = slice_find(input, 0, "\n\n");
	struct ping_answer answer = {.status = 200, .headers = slice_sub(input, 0, end)};

	if (end < input.len)
		answer.body = slice_from(input, end + 2);
	check_links(answer.headers);
	check_page(&answer, SLICE("https://example.com/a/b?c"));
	answer.body = input;
	answer.headers = SLICE_NONE;
	check_page(&answer, SLICE("http://example.com"));
	return 0;
}
