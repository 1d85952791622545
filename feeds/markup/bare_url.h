/*
 * bare_url: URLs that stand in running text without any mark.
 *
 * What counts follows GitHub's extended autolinks (GFM spec, section 6.9) for `http://`,
 * `https://`, `www.` and mail addresses, and knows besides that a quotation mark or a full-width
 * stop ends a URL. What only looks like an address stays text: `git@host:path`, `@user@host`,
 * `name@1.2.3`.
 */
#ifndef FEEDS_MARKUP_BARE_URL_H
#define FEEDS_MARKUP_BARE_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "feeds/base/slice.h"

struct bare_url {
	size_t start, end; /* in the text searched */
	const char
	    *scheme; /* to put before it: "http://" for `www.`, "mailto:" for an address, or "" */
};

/* The first URL at or after `from`; false when there is none. Linear in the text. */
bool bare_url_find(struct slice text, size_t from, struct bare_url *out);

#endif
