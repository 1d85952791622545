/*
 * jsscan: the words of JavaScript, for those who read literals from it (jsobject.h).
 *
 * A place in a text that knows its line, and the few things that are found
 * there: white space and comments, words, strings.
 */
#ifndef FEEDS_FRONTMATTER_JSSCAN_H
#define FEEDS_FRONTMATTER_JSSCAN_H

#include "feeds/base/arena.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"

struct jsscan_cursor {
	size_t at;
	size_t line_start; /* offset of the line's first byte */
	uint32_t line;
};

struct jsscan {
	struct slice text;
	struct jsscan_cursor cursor; /* may be kept, and put back to step back */
	struct arena *arena;	     /* strings live here */
	struct err *err;
};

/* What a try to read a literal came to. FOREIGN: it is some other expression. */
enum jsscan_result { JSSCAN_DONE, JSSCAN_FOREIGN, JSSCAN_FAILED };

/* Fill *err with the place of a cursor; JSSCAN_FAILED. */
enum jsscan_result jsscan_fail(
    struct jsscan *scan, enum err_kind kind, const struct jsscan_cursor *at, const char *what);
uint32_t jsscan_column(const struct jsscan_cursor *cursor);

/* The byte at the cursor, -1 at the end. */
int jsscan_peek(const struct jsscan *scan);
/* Whether these bytes stand at the cursor. */
bool jsscan_at(const struct jsscan *scan, const char *word);
/* Go to offset `to`, counting lines on the way. */
void jsscan_advance(struct jsscan *scan, size_t to);

/* Pass white space and comments; an open comment reaches to the end. */
void jsscan_space(struct jsscan *scan);
/* Whether a byte can stand in a name or a number. */
bool jsscan_is_word(int c);
/* Take a name or a number; empty when there is none. A slice of the text. */
struct slice jsscan_word(struct jsscan *scan);
/*
 * Take the string that opens at the cursor, in any of the three quotes, worked
 * out and in the arena. FOREIGN for a template that computes something.
 */
enum jsscan_result jsscan_string(struct jsscan *scan, struct slice *out);
/* Pass a string of any kind. */
enum jsscan_result jsscan_string_skip(struct jsscan *scan);

#endif
