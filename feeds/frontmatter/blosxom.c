#include "feeds/frontmatter/head.h"

/*
 * Blosxom and PyBlosxom: the first line is the title, `meta-key: value` lines
 * may follow it up to a blank line or the body. Only .txt files, and only with
 * at least one such line: the first line of other texts is the business of
 * their markup.
 */
enum { KEYS_MAX = 200 };

static bool meta_line(struct slice line, struct slice *key, struct slice *value)
{
	size_t colon = slice_find_byte(line, 0, ':');
	size_t prefix = strlen("meta-");

	if (!slice_starts_nocase(line, "meta-") || colon == line.len || colon == prefix)
		return false;
	if (!head_is_key(slice_sub(line, prefix, colon + 1), NULL))
		return false;
	*key = slice_trim(slice_sub(line, prefix, colon));
	*value = slice_trim(slice_from(line, colon + 1));
	return true;
}

static enum frontmatter_verdict blosxom_parse(struct slice text, struct slice path,
    struct arena *arena, struct diags *diags, struct frontmatter *out, struct err *err)
{
	struct head_line title, line, last;
	struct slice key, value;
	struct value *root;

	(void)diags, (void)err; /* what does not fit is no head */
	if (!slice_ends_nocase(path, ".txt") || !head_first_line(text, &title) ||
	    !head_line_after(text, &title, &line) || !meta_line(line.text, &key, &value))
		return FRONTMATTER_NOT_MINE;
	root = value_new(arena, VALUE_MAP, title.number, 1);
	(void)head_put_text(root, arena, SLICE("title"), title.text, title.number, 1);
	do {
		last = line;
		(void)head_put_text(root, arena, key, value, line.number,
		    (uint32_t)(value.ptr - line.text.ptr) + 1);
	} while (head_line_after(text, &last, &line) && meta_line(line.text, &key, &value) &&
		 root->count <= KEYS_MAX);
	if (last.next < text.len && head_is_blank(line.text))
		last = line;
	head_done(out, root, &last);
	return FRONTMATTER_READ;
}

const struct frontmatter_kind frontmatter_blosxom = {
    .name = "blosxom",
    .parse = blosxom_parse,
};
