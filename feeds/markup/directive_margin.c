/*
 * What is indented for the eye: authors indent the tags that stand inside others,
 * as they do in programs. There a tag is no code; but with the tags around gone, or
 * with the blank lines that their HTML needs, Markdown would take its HTML for code.
 *
 * So such a tag is set back to the text of the item that holds it, or to the
 * margin, and with it all that follows from its column on. What stands deeper
 * than its tag still does, and is code where the generators show code.
 */
#include "feeds/markup/directive_family.h"

bool scan_at_tag(const struct scan *s, size_t at)
{
	struct slice text = slice_from(s->text, at);

	if (slice_starts(text, "{%"))
		return !slice_starts(text, "{%/*");
	if (!slice_starts(text, "{{"))
		return false;
	if (slice_starts(text, "{{<") || slice_starts(text, "{{%"))
		return !slice_starts(slice_from(text, 3), "/*");
	for (size_t i = 2; i < text.len && i < 64; i++) { /* Zola's */
		if (text.ptr[i] == '(')
			return true;
		if (text.ptr[i] != ' ' && call_word(text, i, "") == 0)
			return false;
	}
	return false;
}

/* Behind a blank line, only inside a pair of tags: else it is code that shows one. */
static bool is_set_back(const struct scan *s, size_t at)
{
	const struct scan_block *block = &s->block;

	if (s->mdx && block->list)
		return true; /* MDX has no indented code */
	if (block->html || s->raw_end != SIZE_MAX || !scan_at_tag(s, at))
		return false;
	if (!block->blank && !block->code)
		return true;
	return s->depth > 0 && (!block->code || scan_at_end(s, at));
}

bool scan_in_margin(const struct scan *s, size_t column)
{
	return s->margins_len > 0 && column >= s->margins[s->margins_len - 1].from;
}

size_t scan_margin(struct scan *s, size_t at, size_t column, size_t blanks)
{
	/* Where the block that holds the line has its text. */
	size_t holder = s->block.list ? s->block.text : column - blanks, cut;

	while (s->margins_len > 0 &&
	       (!scan_in_margin(s, column) || s->depth < s->margins[s->margins_len - 1].depth))
		s->margins_len--;
	cut = s->margins_len > 0 ? s->margins[s->margins_len - 1].cut : 0;
	if (column >= cut + holder + 4 && s->margins_len < SCAN_MARGINS && is_set_back(s, at)) {
		cut = column - holder;
		s->margins[s->margins_len++] = (struct scan_margin){column, cut, s->depth};
	}
	return cut < blanks ? cut : blanks;
}
