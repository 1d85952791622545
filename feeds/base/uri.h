/*
 * uri: references and their resolution, RFC 3986, over bytes.
 *
 * Output is always a URI: what an IRI (RFC 3987) has beyond ASCII is
 * percent-encoded, host names become A-labels (IDNA 2008), blanks and
 * characters that a URI may not hold are percent-encoded, valid escapes are
 * left as they are.
 */
#ifndef FEEDS_BASE_URI_H
#define FEEDS_BASE_URI_H

#include <stdbool.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

struct uri { /* components as in RFC 3986 section 3; slices of the text parsed */
	struct slice scheme, authority, path, query, fragment;
	bool has_scheme, has_authority, has_query, has_fragment;
};

/* Never fails: any text is some reference (RFC 3986 appendix B). */
void uri_split(struct slice text, struct uri *out);

/* An absolute http or https URL with a host, fit to be the base of a site. */
bool uri_is_web(struct slice text);

/*
 * Append `reference` resolved against the absolute URL `base` (RFC 3986
 * section 5.2), encoded. White space around it is ignored.
 */
void uri_resolve(struct slice base, struct slice reference, struct buf *out);

/* Append as a path: bytes outside RFC 3986 pchar and "/" percent-encoded ("%" too). */
void uri_put_path(struct buf *out, struct slice bytes);
/* Append as a value in a query or a form: all but RFC 3986 unreserved percent-encoded. */
void uri_put_value(struct buf *out, struct slice bytes);
/* Append `url`, without its fragment, with one more parameter in its query. */
void uri_put_with(struct buf *out, struct slice url, const char *name, struct slice value);
/* Append percent-decoded. */
void uri_put_decoded(struct buf *out, struct slice text);
/* Host of a URL, lower case, A-labels, without port; nothing when it has none. */
void uri_put_host(struct buf *out, struct slice url);

#endif
