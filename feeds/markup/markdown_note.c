/*
 * Obsidian's and Pandoc's notes within the line, `^[what it says]`: cmark-gfm is given a
 * footnote's mark for each, and the footnotes behind all else.
 */
#include "feeds/markup/markdown.h"

enum { VAIN_MAX = 4 << 20 }; /* bytes looked through for what was no note, in a body */

/*
 * The index of the bracket that ends what begins at `i`; line.len: none does. Brackets within are
 * in pairs, and those in code do not count.
 */
static size_t end_of(struct slice line, size_t i)
{
	bool code = true; /* there may be some */
	size_t open = 0, close;

	for (; i < line.len; i++) {
		switch (line.ptr[i]) {
		case '\\': i++; break;
		case '[': open++; break;
		case ']':
			if (open-- == 0)
				return i;
			break;
		case '`':
			close = code ? slice_find_byte(line, i + 1, '`') : line.len;
			code = close < line.len;
			i = code ? close : i;
			break;
		default: break;
		}
	}
	return line.len;
}

size_t markdown_note_put(struct markdown_text *text, struct slice line, size_t i, struct buf *out)
{
	struct markdown_notes *notes = text->notes;
	struct markdown_text inner = {0}; /* in which there are no notes */
	size_t end;
	struct slice words;

	if (!notes || notes->vain > VAIN_MAX)
		return 0;
	end = end_of(line, i + 2);
	words = slice_trim(slice_sub(line, i + 2, end));
	/* `^[a-z]+$`, `^[0-9 -]*`, `^[1](#one)^` and `2^[n m]` are none. */
	if (end == line.len || (i > 0 && markdown_is_digit(line.ptr[i - 1])) ||
	    slice_find_byte(words, 0, ' ') == words.len ||
	    (end + 1 < line.len && strchr("([*+?{$", line.ptr[end + 1]))) {
		notes->vain += end - i;
		return 0;
	}
	notes->len++;
	buf_printf(out, "[^inline-note-%zu]", notes->len);
	buf_printf(&notes->definitions, "\n[^inline-note-%zu]: ", notes->len);
	markdown_text_put(&inner, words, &notes->definitions);
	buf_putc(&notes->definitions, '\n');
	return end + 1 - i;
}
