/*
 * htmlfence: puts HTML from anywhere into a shape that libxml2 can take.
 *
 * libxml2's HTML parser compares each attribute of a tag with all before it,
 * looks through all open elements at each end tag, and reads markup by the
 * rules of HTML 4. So tags are found here, by the rules of browsers, and
 * written anew: elements and attributes that the tables of htmltag name, all
 * others left out, values quoted, void elements closed, end tags only for what
 * is open, scripts and the like dropped with all that is inside, and so what is
 * not to be seen (`hidden`, `display:none`). What remains to be done, entities and
 * nesting, is the parser's.
 *
 * Linear in the input, whatever is in it. The result is not safe yet: URLs and
 * styles are as they were.
 */
#ifndef FEEDS_MARKUP_HTMLFENCE_H
#define FEEDS_MARKUP_HTMLFENCE_H

#include <stdbool.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"
#include "feeds/markup/htmltag.h"
#include "feeds/trace.h"

struct htmlfence {
	/*
	 * Furniture of pages goes too: nav, footer, aside, forms, share buttons; and
	 * headers, unless they show a figure and `own_headers` says that they are
	 * the article's.
	 */
	bool page, own_headers;
	bool hidden_too; /* what is not to be seen is shown */
	/* Elements open at once, as far as tags tell; deeper ones go, their text stays. */
	size_t depth_max;
	struct trace_tally *removed; /* of what is left out; NULL: nobody counts */
};

enum { HTMLFENCE_ATTRS = 48 }; /* of one tag; the tables do not know many more names */

struct htmlfence_attr {
	const struct htmlattr *attr;
	struct slice value; /* as written, with its entities and without its quotes */
};

/* Who is told, in order. Each may return false: then it is told no more. */
struct htmlfence_listener {
	bool (*text)(void *arg, struct slice text); /* with its entities; "<" is a character */
	/* `closed`: nothing is inside, and no end tag comes. */
	bool (*start)(void *arg, const struct htmltag *tag, const struct htmlfence_attr *attrs,
	    size_t attrs_len, bool closed);
	bool (*end)(void *arg, const struct htmltag *tag); /* of some element that is open */
	bool (*more)(void *arg);			   /* a "more" mark; other comments go */
};

/* False when the listener has returned false. */
bool htmlfence_read(const struct htmlfence *rules, struct slice html,
    const struct htmlfence_listener *listener, void *arg);

/* Written anew. "More" marks are left as `<!--more-->`. */
void htmlfence_put(const struct htmlfence *rules, struct slice html, struct buf *out);

#endif
