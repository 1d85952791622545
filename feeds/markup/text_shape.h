/*
 * text_shape: what the lines of a plain text are, by their shape alone.
 *
 * A text is a row of blocks. Blank lines part them; where lines are too long to
 * have been wrapped by hand, each line is a block. A short line that stands
 * alone and reads like a headline (headline.h) is a heading when something stands
 * under it. Works in every script: where there are no capitals, length and
 * punctuation decide.
 */
#ifndef FEEDS_MARKUP_TEXT_SHAPE_H
#define FEEDS_MARKUP_TEXT_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feeds/base/slice.h"

enum text_kind {
	TEXT_PARAGRAPH,
	TEXT_HEADING,
	TEXT_LIST,   /* items begin with a bullet or a number */
	TEXT_QUOTE,  /* lines begin with ">" */
	TEXT_CODE,   /* indented */
	TEXT_RULE,   /* a line of dashes */
	TEXT_DROPPED /* a heading with nothing under it, at the end */
};

struct text_block {
	enum text_kind kind;
	struct slice lines; /* with the ends of all but the last */
	struct slice words; /* of a heading, without underline or mark */
	bool lone;	    /* one line between blank lines: may turn out a heading */
	bool ordered;	    /* a list: by numbers */
	bool verse;	    /* a paragraph whose line ends were meant */
};

struct text_shape {
	struct text_block *blocks;
	size_t len, cap;
};

void text_shape_read(struct slice body, struct text_shape *out);
void text_shape_free(struct text_shape *shape);

/*
 * The block that is the text's headline: the first, or the second behind a
 * teaser of one short paragraph. SIZE_MAX: it has none.
 */
size_t text_shape_headline(const struct text_shape *shape);
/* One short paragraph, as stands before a headline. */
bool text_shape_is_teaser(const struct text_block *block);

/* Without white space of any script at both ends. */
struct slice text_trim(struct slice s);
/* East Asian letters, between which a line end is no blank. */
bool text_is_wide(uint32_t c);

/* Length of the mark with its blanks if the line begins an item of a list; 0: it does not. */
size_t text_item_mark(struct slice line, bool *ordered);

#endif
