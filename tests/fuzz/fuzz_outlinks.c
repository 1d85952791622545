/*
 * outlinks: whatever the HTML, what is found are web addresses away from the
 * site, no two the same page, each short enough. Input: a site's URL, a line
 * end, HTML.
 */
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/uri.h"
#include "feeds/ping/outlinks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct slice page_of(struct slice url)
{
	return slice_sub(url, 0, slice_find_byte(url, 0, '#'));
}

static void check(const struct outlinks *found, struct slice site)
{
	struct buf own = BUF_INIT, host = BUF_INIT;

	uri_put_host(&own, site);
	if (found->len > OUTLINKS_MAX)
		abort();
	for (size_t i = 0; i < found->len; i++) {
		if (!uri_is_web(found->urls[i]) || found->urls[i].len > OUTLINKS_URL_MAX)
			abort();
		buf_clear(&host);
		uri_put_host(&host, found->urls[i]);
		if (slice_equal(buf_slice(&host), buf_slice(&own)))
			abort();
		for (size_t k = 0; k < i; k++) {
			if (slice_equal(page_of(found->urls[k]), page_of(found->urls[i])))
				abort();
		}
	}
	buf_free(&own);
	buf_free(&host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice html = slice_make((const char *)data, size), site = SLICE_NONE;
	struct arena arena = ARENA_INIT;
	struct outlinks found;

	(void)slice_line(&html, &site);
	outlinks_find(html, site, SLICE("https://example.com/"), &arena, &found);
	check(&found, SLICE("https://example.com/"));
	outlinks_find(html, SLICE_NONE, site, &arena, &found);
	check(&found, site);
	arena_free(&arena);
	return 0;
}
