/*
 * htmlemit: writes the fragment, one element, end and text at a time.
 *
 * The parser (sanitize.c) says what comes; this decides what is written of it:
 * allowed attributes with their values made good, images as they will be seen,
 * frames as links, no heading that repeats the title, no signs beside headings.
 * What is written is well-formed at any time but for the elements still open.
 */
#ifndef FEEDS_MARKUP_HTMLEMIT_H
#define FEEDS_MARKUP_HTMLEMIT_H

#include <stdbool.h>

#include "feeds/base/vec.h"
#include "feeds/markup/htmltag.h"
#include "feeds/markup/htmlurl.h"
#include "feeds/trace.h"

/* To be zeroed but for the first four; htmlemit_free releases what it holds. */
struct htmlemit {
	const struct htmlurl *url;
	struct buf *out;
	size_t *more;		     /* as in struct markup_result */
	struct trace_tally *removed; /* of what is left out; NULL: nobody counts */

	VEC(const struct htmltag *) stack; /* the parser's; NULL where no start tag was written */
	unsigned depth;			   /* elements written and open */
	size_t skip;	   /* elements open inside one that is left out, itself included */
	bool in_text;	   /* the last thing was text, be it said in pieces */
	bool text_seen;	   /* some text was written, or dropped with the title's heading */
	bool lazy;	   /* the last thing was an image that only a script can show */
	unsigned headings; /* open, as are the next two */
	unsigned links;
	unsigned paragraphs;
	/* A first h1, which goes if it says no more than the title. */
	bool in_title;
	size_t title_at, title_depth; /* out and stack when it began */
	struct buf title;
	/* A link in or to a heading, which goes if it shows but a sign. */
	bool in_anchor;
	size_t anchor_at, anchor_depth, anchor_title; /* out, stack and title when it began */
	struct buf anchor;
	struct buf value; /* for building attributes */
};

/*
 * A start tag; each has its htmlemit_end, void elements too. `tag` is NULL for
 * one that is not known. `atts`: names and values in turn, decoded, a NULL
 * name at the end; NULL for none.
 */
void htmlemit_start(struct htmlemit *emit, const struct htmltag *tag, const char *const *atts);
void htmlemit_end(struct htmlemit *emit);
void htmlemit_text(struct htmlemit *emit, struct slice text);
/* A "more" mark; the first one counts. */
void htmlemit_more(struct htmlemit *emit);
void htmlemit_free(struct htmlemit *emit);

#endif
