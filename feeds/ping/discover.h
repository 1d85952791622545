/*
 * discover: where a page takes Webmentions (W3C Webmention section 3.1.2).
 *
 * A page says so in a Link header, or in a <link> or <a> element, each of the
 * relation "webmention". Headers go before elements, and of both the first
 * counts. The page is a stranger's: time is linear in what it sent.
 */
#ifndef FEEDS_PING_DISCOVER_H
#define FEEDS_PING_DISCOVER_H

#include "feeds/base/buf.h"
#include "feeds/ping/ping.h"

enum { DISCOVER_URL_MAX = 4096 }; /* bytes of an endpoint */

enum discover_result {
	DISCOVER_NONE,
	DISCOVER_FOUND,
	DISCOVER_UNFIT, /* it names what is no web address, or a longer one */
};

/*
 * `page_url` is the absolute URL that answered, after redirects. Appends the endpoint, an
 * absolute URL with the query that it has, if one is found.
 */
enum discover_result discover_endpoint(
    const struct ping_answer *answer, struct slice page_url, struct buf *out);

#endif
