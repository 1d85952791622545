#include "feeds/markup/markdown.h"

#include <stdint.h>

/*
 * Steps that cmark-gfm 0.29.0.gfm.6 may spend on each of its costly ways, at some
 * ten nanoseconds a step for the first two and one for the third: each stays
 * well below a second. Real articles come nowhere near.
 */
enum { BRACKET_STEPS_MAX = 100000000, NEST_STEPS_MAX = 30000000, SCAN_STEPS_MAX = 500000000 };

/* Bytes of source up to which the first and third cannot pass their bound, whatever it holds. */
enum { HARMLESS_MAX = 28000 };

struct count {
	size_t images, closers; /* `![` and `]` in the paragraph at hand */
	size_t openings;	/* `<?`, `<!X` in it */
	size_t opening_starts;	/* sum of their offsets in it */
	size_t bytes;		/* of the paragraph so far */
	uint64_t brackets, scans;
};

/* No inline content goes on over a blank line, so this bounds what one piece costs. */
static void paragraph_end(struct count *count)
{
	/* Each link that ends walks over all image brackets that are open. */
	count->brackets += (uint64_t)count->images * count->closers;
	/* Each such opening without its end is read up to the end. */
	count->scans += (uint64_t)count->openings * count->bytes - count->opening_starts;
	count->images = count->closers = 0;
	count->openings = count->opening_starts = count->bytes = 0;
}

static void line_count(struct count *count, struct slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i], next = i + 1 < line.len ? line.ptr[i + 1] : '\0';

		if (c == ']') {
			count->closers++;
		} else if (c == '!' && next == '[') {
			count->images++;
		} else if (c == '<' && (next == '?' || next == '!')) {
			count->openings++;
			count->opening_starts += count->bytes + i;
		}
	}
	count->bytes += line.len + 1;
}

/* How many blocks the marks at the line's start may open, and how many its blanks may keep open. */
static size_t line_marks(struct slice line, size_t *columns)
{
	size_t i = 0, marks = 0;

	*columns = 0;
	while (i < line.len) {
		char c = line.ptr[i];
		size_t digits = i;

		while (digits < line.len && line.ptr[digits] >= '0' && line.ptr[digits] <= '9')
			digits++;
		if (c == ' ' || c == '\t' || c == '>') {
			*columns += c == '\t' ? 4 : 1;
			marks += c == '>';
			i++;
		} else if ((c == '-' || c == '+' || c == '*') &&
			   (i + 1 == line.len || line.ptr[i + 1] == ' ' ||
			       line.ptr[i + 1] == '\t')) {
			marks++;
			i++;
		} else if (digits > i && digits < line.len &&
			   (line.ptr[digits] == '.' || line.ptr[digits] == ')')) {
			marks++;
			i = digits + 1;
		} else {
			break;
		}
	}
	return marks;
}

int markdown_bound(struct slice source, struct err *err)
{
	struct count count = {0};
	struct slice rest = source, line;
	size_t depth = 0, deepest = 0;
	bool lazy = false; /* a paragraph may keep all blocks open */

	while (slice_line(&rest, &line)) {
		size_t columns, marks, kept;

		if (slice_trim(line).len == 0) {
			paragraph_end(&count);
			lazy = false;
			continue;
		}
		marks = line_marks(line, &columns);
		kept = columns < depth ? columns : depth;
		depth = lazy && depth > kept + marks ? depth : kept + marks;
		deepest = depth > deepest ? depth : deepest;
		lazy = true;
		if (source.len > HARMLESS_MAX)
			line_count(&count, line);
	}
	paragraph_end(&count);
	if ((uint64_t)(deepest + 1) * source.len > NEST_STEPS_MAX)
		return err_set(err, ERR_LIMIT,
		    "body would take too long to read: lists and quotations up to %zu deep",
		    deepest);
	if (count.brackets > BRACKET_STEPS_MAX)
		return err_set(err, ERR_LIMIT,
		    "body would take too long to read: thousands of \"![\" in one paragraph");
	if (count.scans > SCAN_STEPS_MAX)
		return err_set(err, ERR_LIMIT,
		    "body would take too long to read: thousands of \"<!\" or \"<?\" in one "
		    "paragraph");
	return 0;
}
