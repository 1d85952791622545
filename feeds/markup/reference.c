/*
 * Pelican's marks in front of a link's target: `{filename}../other.md`,
 * `{static}/images/x.png`, `{attach}x.pdf`, `|filename|x.md`. Without the mark,
 * the target is an ordinary reference, to an article's source or a file.
 */
#include "feeds/markup/directive_family.h"

static size_t expand(struct scan *s)
{
	static const char *const marks[] = {
	    "{filename}", "{static}", "{attach}", "{photo}", "|filename|", "|static|", "|attach|"};
	char before = s->pos > 0 ? s->text.ptr[s->pos - 1] : ' ';

	if (!strchr("(\"'<= ", before))
		return 0; /* a target begins with it */
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t end = s->pos + strlen(marks[i]);

		if (slice_starts(slice_from(s->text, s->pos), marks[i]) && end < s->text.len &&
		    !strchr(" \t\n", s->text.ptr[end]))
			return end;
	}
	return 0;
}

const struct directive_family directive_reference = {"reference", "{", IN_OTHER, true, expand};
const struct directive_family directive_reference_bar = {"reference", "|", IN_OTHER, true, expand};
