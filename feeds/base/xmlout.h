/*
 * xmlout: writes XML 1.0 into a buf.
 *
 * Text and attribute values pass one entry point each, which makes them legal:
 * invalid UTF-8 becomes U+FFFD, characters outside XML's Char are dropped,
 * markup is escaped. CDATA is never used. Names are literals of our own code
 * and trusted. Nesting is checked by assert: every open has its close, and an
 * element holds text or elements, not both. Every line is whole: what has been
 * written always ends with "\n", but for a start tag that waits for its inside.
 */
#ifndef FEEDS_BASE_XMLOUT_H
#define FEEDS_BASE_XMLOUT_H

#include <stdbool.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

enum { XMLOUT_DEPTH = 16 };

struct xmlout {
	struct buf *out;
	const char *open[XMLOUT_DEPTH]; /* names of the open elements */
	unsigned depth;
	bool in_tag;   /* a start tag is not closed yet */
	bool has_text; /* the innermost element holds text: its end tag stays on the line */
};

/* Appends to `out`, which stays the caller's. Writes nothing yet. */
void xmlout_start(struct xmlout *xml, struct buf *out);
/* The XML declaration. */
void xmlout_declaration(struct xmlout *xml);
/* Behind it: the CSS that a browser shows the document by. Nothing when `href` is empty. */
void xmlout_stylesheet(struct xmlout *xml, struct slice href);
/* A start tag on its own line, indented by two blanks a level. */
void xmlout_open(struct xmlout *xml, const char *name);
/* An attribute of the start tag just written. */
void xmlout_attr(struct xmlout *xml, const char *name, struct slice value);
void xmlout_text(struct xmlout *xml, struct slice text);
/*
 * Text for RSS elements that hold plain text: "&" and "<" become &#x26; and
 * &#x3C;, which readers that decode once and readers that decode twice both
 * show right (RSS Advisory Board profile).
 */
void xmlout_text_plain(struct xmlout *xml, struct slice text);
/* The end tag, or "/>" when nothing is inside. */
void xmlout_close(struct xmlout *xml);
/* open, text, close. Writes the element also when `text` is empty. */
void xmlout_element(struct xmlout *xml, const char *name, struct slice text);

/* Append what xmlout_text would put, and put what was made so: for what stands in many places. */
void xmlout_escape(struct slice text, struct buf *out);
void xmlout_escaped(struct xmlout *xml, struct slice escaped);
/*
 * Go on inside elements that another xmlout opened: used by formats whose
 * entry and tail are written apart from the head.
 */
void xmlout_resume(struct xmlout *xml, struct buf *out, const char *const *open, unsigned depth);

#endif
