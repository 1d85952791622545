#include "feeds/frontmatter/head.h"
#include "feeds/frontmatter/jsobject.h"

/*
 * MDX as Next and its kin have it: `export const meta = {…}`, the first
 * statement but for imports. The body starts behind it, so the imports before
 * it are out of the body too.
 */

/* Whether `line`, a word at its start, is that word and not a longer one. */
static bool starts_word(struct slice line, const char *word)
{
	size_t len = strlen(word);

	return slice_starts(line, word) && line.len > len && strchr(" \t{\"'*", line.ptr[len]);
}

/* To the last line of an import: the one that names the module, in quotes. */
static bool import_skip(struct slice text, struct head_line *line)
{
	do {
		if (head_is_blank(line->text))
			return false;
		if (slice_find_byte(line->text, 0, '"') < line->text.len ||
		    slice_find_byte(line->text, 0, '\'') < line->text.len)
			return true;
	} while (head_line_after(text, line, line));
	return false;
}

/* To the last line of a comment, MDX's or JavaScript's; false when it is none, or has no end. */
static bool comment_skip(struct slice text, struct head_line *line)
{
	const char *end = slice_starts(line->text, "{/*") ? "*/}" : "*/";

	if (slice_starts(line->text, "//"))
		return true;
	if (!slice_starts(line->text, "/*") && !slice_starts(line->text, "{/*"))
		return false;
	do {
		if (slice_find(line->text, 0, end) < line->text.len)
			return true;
	} while (head_line_after(text, line, line));
	return false;
}

static bool take_word(struct slice *rest, const char *const *words)
{
	for (; *words; words++) {
		size_t len = strlen(*words);

		if (!starts_word(*rest, *words) &&
		    !(slice_starts(*rest, *words) && rest->len > len &&
			strchr(":=", rest->ptr[len])))
			continue;
		*rest = slice_trim(slice_from(*rest, len));
		return true;
	}
	return false;
}

/* `export const meta =`, a type between name and "=" aside; *out_start is the object's offset. */
static bool opens_export(struct slice text, const struct head_line *line, size_t *out_start)
{
	static const char *const exports[] = {"export", NULL};
	static const char *const kinds[] = {"const", "let", "var", NULL};
	static const char *const names[] = {
	    "meta", "metadata", "frontmatter", "frontMatter", "attributes", NULL};
	struct slice rest = line->text;
	size_t equals, at;

	if (!take_word(&rest, exports) || !take_word(&rest, kinds) || !take_word(&rest, names))
		return false;
	equals = slice_find_byte(rest, 0, '=');
	if (equals == rest.len || (equals > 0 && rest.ptr[0] != ':'))
		return false;
	at = (size_t)(rest.ptr - text.ptr) + equals + 1;
	while (at < text.len && strchr(" \t\n", text.ptr[at]))
		at++;
	*out_start = at;
	return at < text.len && text.ptr[at] == '{';
}

/* The line of the export; false when something else stands before it. */
static bool find_export(struct slice text, struct head_line *line, size_t *out_start)
{
	bool found = head_first_line(text, line);

	for (; found; found = head_line_after(text, line, line)) {
		if (head_is_blank(line->text))
			continue;
		if (opens_export(text, line, out_start))
			return true;
		if (starts_word(line->text, "import") ? !import_skip(text, line)
						      : !comment_skip(text, line))
			return false;
	}
	return false;
}

static enum frontmatter_verdict mdx_parse(struct slice text, struct slice path, struct arena *arena,
    struct diags *diags, struct frontmatter *out, struct err *err)
{
	struct head_line line;
	struct value_rules rules;
	struct value *root;
	size_t at;

	(void)path; /* no prose starts so, and some sites call the files .md */
	if (!find_export(text, &line, &at))
		return FRONTMATTER_NOT_MINE;
	rules = head_rules(1, diags);
	if (jsobject_parse(text, &at, &rules, arena, diags, &root, err) < 0)
		return FRONTMATTER_BROKEN;
	/* `;`, `as Meta` and what else stands on the last line belong to the statement. */
	while (line.next < at && head_line_after(text, &line, &line))
		;
	head_done(out, root, &line);
	return FRONTMATTER_READ;
}

const struct frontmatter_kind frontmatter_mdx = {
    .name = "mdx",
    .parse = mdx_parse,
};
