#include "feeds/base/json.h"

#include "feeds/frontmatter/head.h"

/*
 * An object at the very start, as Hugo has it: a brace, and on its line nothing
 * more, or a name in quotes. `{%` and `{{` are Liquid, `{:` is kramdown's, `{ word` is text.
 */
static bool opens_object(struct slice text)
{
	size_t at = 1;

	if (text.len < 2 || text.ptr[0] != '{')
		return false;
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t'))
		at++;
	return at < text.len &&
	       (text.ptr[at] == '"' || text.ptr[at] == '}' || text.ptr[at] == '\n');
}

static uint32_t count_lines(struct slice text)
{
	uint32_t lines = 0;

	for (size_t at = 0; (at = slice_find_byte(text, at, '\n')) < text.len; at++)
		lines++;
	return lines;
}

static enum frontmatter_verdict json_front_parse(struct slice text, struct slice path,
    struct arena *arena, struct diags *diags, struct frontmatter *out, struct err *err)
{
	struct value_rules rules = head_rules(1, diags);
	struct value *root;
	size_t len, body;

	(void)path; /* the brace says enough */
	if (!opens_object(text))
		return FRONTMATTER_NOT_MINE;
	if (json_parse(text, &rules, arena, &root, &len, err) < 0)
		return FRONTMATTER_BROKEN;
	/* The rest of the brace's line, when it is blank, belongs to the head. */
	body = slice_find_byte(text, len, '\n');
	if (head_is_blank(slice_sub(text, len, body)))
		len = body < text.len ? body + 1 : body;
	out->root = root;
	out->body = len;
	out->body_line = 1 + count_lines(slice_sub(text, 0, len));
	return FRONTMATTER_READ;
}

const struct frontmatter_kind frontmatter_json = {
    .name = "json",
    .parse = json_front_parse,
};
