/*
 * head: what the dialects of heads share.
 *
 * Lines, marks, and the bounds that every reader of values is given. Line
 * numbers count from 1 and lead to the place in the article's file.
 */
#ifndef FEEDS_FRONTMATTER_HEAD_H
#define FEEDS_FRONTMATTER_HEAD_H

#include "feeds/frontmatter/frontmatter.h"

struct head_line {
	struct slice text;  /* without its line end */
	size_t start, next; /* offsets of its first byte and of the line behind it */
	uint32_t number;
};

/* The line behind `line`, which may be `out` itself; false at the end of the text. */
bool head_line_after(struct slice text, const struct head_line *line, struct head_line *out);
/* The first line that is not blank; false when there is none. */
bool head_first_line(struct slice text, struct head_line *out);

/* Whether nothing but blanks stand in it. */
bool head_is_blank(struct slice line);
/* Whether it is `mark` with nothing but blanks behind. */
bool head_is_mark(struct slice line, const char *mark);
/*
 * Whether it starts as `key:` does: a word or words of at most 64 bytes, in
 * quotes or not, a colon, and a blank or the line's end. `*out_key` may be NULL.
 */
bool head_is_key(struct slice line, struct slice *out_key);

/*
 * The first line behind `open` that is one of `marks` (NULL-terminated); false
 * when there is none.
 */
bool head_find_mark(struct slice text, const struct head_line *open, const char *const *marks,
    struct head_line *out);

/*
 * What stands between two marks. Fails with ERR_LIMIT, at the opening mark,
 * when it is larger than FRONTMATTER_MAX.
 */
int head_between(struct slice text, const struct head_line *open, const struct head_line *close,
    struct slice *out, struct err *err);

/* The bounds for a head whose first line has this number. */
struct value_rules head_rules(uint32_t first_line, struct diags *diags);

/* Fill *out; the body starts behind `last`. */
void head_done(struct frontmatter *out, struct value *root, const struct head_line *last);

/*
 * Add `child` to a map under `key`, copied into the arena. The place of the
 * key is the value's unless the caller knows better.
 */
void head_put(struct value *map, struct arena *arena, struct slice key, struct value *child);
/* The same with a string; nothing (VALUE_NULL) when the text is blank. White space at its ends goes. */
struct value *head_put_text(struct value *map, struct arena *arena, struct slice key,
    struct slice text, uint32_t line, uint32_t column);

#endif
