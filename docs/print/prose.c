/* Text of a table as lines of mdoc(7). */
#include <ctype.h>

#include "docs/print/print.h"

enum { WIDTH = 78 }; /* mandoc -Tlint wants lines below 80 bytes */

struct prose {
	struct buf *out;
	size_t column;
};

static void end_line(struct prose *prose)
{
	if (prose->column > 0)
		buf_putc(prose->out, '\n');
	prose->column = 0;
}

/* What roff would take for its own is escaped; a value or an option is not broken at a hyphen. */
static void put_word(struct prose *prose, struct slice word)
{
	bool verbatim = slice_starts(word, "--") || slice_find_byte(word, 0, '"') < word.len;
	struct buf text = BUF_INIT;

	if (slice_starts(word, ".") || slice_starts(word, "'"))
		buf_puts(&text, "\\&");
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] == '\\')
			buf_puts(&text, "\\e");
		else if (word.ptr[i] == '-' && verbatim)
			buf_puts(&text, "\\-");
		else
			buf_putc(&text, word.ptr[i]);
	}
	if (prose->column > 0 && prose->column + 1 + text.len > WIDTH)
		end_line(prose);
	if (prose->column > 0) {
		buf_putc(prose->out, ' ');
		prose->column++;
	}
	buf_put_slice(prose->out, buf_slice(&text));
	prose->column += text.len;
	buf_free(&text);
}

/* `name` and the punctuation behind it, which mdoc wants apart. */
static void put_name(struct prose *prose, struct slice word)
{
	size_t end = slice_find_byte(word, 1, '`');
	struct slice behind = slice_from(word, end < word.len ? end + 1 : end);

	end_line(prose);
	buf_puts(prose->out, ".Ic ");
	buf_put_slice(prose->out, slice_sub(word, 1, end));
	if (behind.len > 0)
		buf_putc(prose->out, ' ');
	buf_put_slice(prose->out, behind);
	buf_putc(prose->out, '\n');
}

static bool ends_sentence(struct slice word, struct slice rest)
{
	return (slice_ends(word, ".") || slice_ends(word, ".\"")) && rest.len > 0 &&
	       !islower((unsigned char)rest.ptr[0]);
}

void print_prose(struct buf *out, const char *text)
{
	struct prose prose = {out, 0};
	struct slice rest = slice_of(text);

	while (rest.len > 0) {
		size_t end = slice_find_byte(rest, 0, ' ');
		struct slice word = slice_sub(rest, 0, end);

		rest = slice_from(rest, end < rest.len ? end + 1 : end);
		if (slice_starts(word, "`"))
			put_name(&prose, word);
		else
			put_word(&prose, word);
		if (ends_sentence(word, rest))
			end_line(&prose);
	}
	end_line(&prose);
}
