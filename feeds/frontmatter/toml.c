#include "feeds/base/toml.h"

#include "feeds/frontmatter/head.h"

/*
 * `+++`, TOML, `+++`: Hugo and Zola. A line of three pluses is nothing in any
 * body language, so a head that has no end is only left alone when no TOML
 * follows it either.
 */
static enum frontmatter_verdict toml_unclosed(
    struct slice text, const struct head_line *open, struct err *err)
{
	struct head_line line = *open;

	while (head_line_after(text, &line, &line)) {
		struct slice trimmed = slice_trim(line.text);

		if (trimmed.len == 0 || trimmed.ptr[0] == '#')
			continue;
		if (trimmed.ptr[0] != '[' && slice_find_byte(trimmed, 0, '=') == trimmed.len)
			break;
		(void)err_at(err, ERR_SYNTAX, open->number, 1,
		    "it opens with \"+++\" and never ends; put a line \"+++\" after its last key");
		return FRONTMATTER_BROKEN;
	}
	return FRONTMATTER_NOT_MINE;
}

static enum frontmatter_verdict toml_front_parse(struct slice text, struct slice path,
    struct arena *arena, struct diags *diags, struct frontmatter *out, struct err *err)
{
	static const char *const marks[] = {"+++", NULL};
	struct head_line open, close;
	struct value_rules rules;
	struct value *root;
	struct slice head;

	(void)path; /* the marks say enough */
	if (!head_first_line(text, &open) || !head_is_mark(open.text, "+++"))
		return FRONTMATTER_NOT_MINE;
	if (!head_find_mark(text, &open, marks, &close))
		return toml_unclosed(text, &open, err);
	rules = head_rules(open.number + 1, diags);
	if (head_between(text, &open, &close, &head, err) < 0 ||
	    toml_parse(head, &rules, arena, &root, err) < 0)
		return FRONTMATTER_BROKEN;
	head_done(out, root, &close);
	return FRONTMATTER_READ;
}

const struct frontmatter_kind frontmatter_toml = {
    .name = "toml",
    .parse = toml_front_parse,
};
