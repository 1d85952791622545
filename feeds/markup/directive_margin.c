/*
 * What is indented for the eye: authors indent what stands inside directives,
 * as they do in programs. There it is no code; but with the tags gone, or with
 * the blank lines that their HTML needs, Markdown would take it for code.
 *
 * So where a line that was no code in the body would become code behind what a
 * directive wrote, it is set back to the text of the item that holds it, or to
 * the margin, and with it all that follows from that column on: what stood deeper still does.
 */
#include "feeds/markup/directive_family.h"

/* A tag that is run, not shown. */
static bool is_tag(struct slice text)
{
	if (slice_starts(text, "{%"))
		return !slice_starts(text, "{%/*");
	if (!slice_starts(text, "{{"))
		return false;
	if (slice_starts(text, "{{<") || slice_starts(text, "{{%"))
		return !slice_starts(slice_from(text, 3), "/*");
	for (size_t at = 2; at < text.len && at < 64; at++) { /* Zola's */
		if (text.ptr[at] == '(')
			return true;
		if (text.ptr[at] != ' ' && call_word(text, at, "") == 0)
			return false;
	}
	return false;
}

/* Code for Markdown as it will be read, though not as it was meant. */
static bool is_meant_as_text(const struct scan *s, size_t at)
{
	const struct scan_block *block = &s->block;

	if (block->html || s->raw_end != SIZE_MAX)
		return false;
	if (!block->blank && scan_is_broken(s))
		return true;
	return (!block->blank || (s->depth > 0 && !block->code)) && is_tag(slice_from(s->text, at));
}

bool scan_in_margin(const struct scan *s, size_t column)
{
	return s->margins_len > 0 && column >= s->margins[s->margins_len - 1].from;
}

size_t scan_margin(struct scan *s, size_t at, size_t column, size_t blanks)
{
	/* Where the block that holds the line has its text. */
	size_t holder = s->block.list ? s->block.text : column - blanks, cut;

	while (s->margins_len > 0 && !scan_in_margin(s, column))
		s->margins_len--;
	cut = s->margins_len > 0 ? s->margins[s->margins_len - 1].cut : 0;
	if (column >= cut + holder + 4 && s->margins_len < SCAN_MARGINS &&
	    is_meant_as_text(s, at)) {
		cut = column - holder;
		s->margins[s->margins_len++] = (struct scan_margin){column, cut};
	}
	return cut < blanks ? cut : blanks;
}
