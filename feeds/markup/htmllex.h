/*
 * htmllex: HTML as a stream of tags, text and comments, in one linear pass.
 *
 * Follows the tokenizer of the HTML Standard (section 13.2.5), as browsers do,
 * over borrowed bytes: nothing is decoded or copied. The caller decides what
 * an element means and skips raw content (scripts, styles) by
 * htmllex_skip_raw.
 *
 *	struct htmllex lex = {html};
 *	struct htmllex_token token;
 *	while (htmllex_next(&lex, &token))
 *		...
 */
#ifndef FEEDS_MARKUP_HTMLLEX_H
#define FEEDS_MARKUP_HTMLLEX_H

#include <stdbool.h>

#include "feeds/base/slice.h"

struct htmllex {
	struct slice html;
	size_t at;	     /* of the next token */
	unsigned unfinished; /* tags that the end of the text cut off */
};

enum htmllex_kind {
	HTMLLEX_TEXT, /* with its entities; "<" in it is a character */
	HTMLLEX_START,
	HTMLLEX_END,
	HTMLLEX_COMMENT, /* a real one, `<!-- -->` */
	HTMLLEX_OTHER,	 /* doctype, processing instruction, bogus comment */
};

struct htmllex_token {
	enum htmllex_kind kind;
	size_t start;	   /* of the token in the html; it ends at lex.at */
	struct slice text; /* TEXT: as it is; COMMENT: what is between the marks */
	struct slice name; /* START and END, as written */
	struct slice attrs;
	bool closed; /* START: "/" before the ">" */
};

struct htmllex_attr {
	struct slice name;  /* as written */
	struct slice value; /* with its entities, without its quotes; empty: none */
};

/* The next token; false at the end. */
bool htmllex_next(struct htmllex *lex, struct htmllex_token *out);

/* Take the next attribute off token.attrs; false when there is none left. */
bool htmllex_next_attr(struct slice *attrs, struct htmllex_attr *out);
/* The value of the first attribute of that name; empty: none. */
struct slice htmllex_attr(struct slice attrs, const char *name);

/* Go on at the end tag `</name`, or at the end; returns what was passed over. */
struct slice htmllex_skip_raw(struct htmllex *lex, const char *name);

#endif
