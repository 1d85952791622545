#include "feeds/base/buf.h"
#include "feeds/frontmatter/head.h"
#include "feeds/frontmatter/keys.h"

/*
 * `Key: value` lines without marks, up to a blank line: Pelican, MultiMarkdown
 * (whose values go on in indented lines), old Hexo (which ends them at `---`);
 * and reStructuredText's `:key: value`, below the document's title.
 *
 * Prose can look so ("Note: the shop is closed."), hence the first key must be
 * one of the table of fields, every line must have the form, and a line alone
 * must hold what heads of one line hold.
 */
enum { KEYS_MAX = 200 };

struct lines {
	struct arena *arena;
	struct diags *diags;
	struct value *root;
	struct buf text; /* of the value being gathered */
	struct slice key;
	uint32_t line, column;
	size_t keys;
};

/* Put the gathered pair in; of a repeated key the last stays. */
static void lines_flush(struct lines *lines)
{
	struct value *old, *value;

	if (lines->key.len == 0)
		return;
	old = value_get(lines->root, arena_string(lines->arena, lines->key));
	if (old) {
		diag_put(lines->diags, DIAG_WARNING, lines->line, 1,
		    "\"%.*s\" stands here again, first at line %u; this one counts",
		    SLICE_FMT(lines->key), old->line);
		value = value_string(
		    lines->arena, slice_trim(buf_slice(&lines->text)), lines->line, lines->column);
		old->type = value->text.len > 0 ? VALUE_STRING : VALUE_NULL;
		old->text = value->text;
		old->line = value->line;
		old->column = value->column;
	} else {
		(void)head_put_text(lines->root, lines->arena, lines->key, buf_slice(&lines->text),
		    lines->line, lines->column);
	}
	buf_clear(&lines->text);
	lines->key = SLICE_NONE;
}

/* `Key: value`; a blank behind the colon may lack when the key is known. */
static bool plain_key(struct slice line, struct slice *key, struct slice *value)
{
	size_t colon = slice_find_byte(line, 0, ':');

	if (colon == line.len || colon == 0 || head_is_blank(slice_sub(line, 0, 1)))
		return false;
	if (!head_is_key(line, NULL) && !keys_find(slice_sub(line, 0, colon)))
		return false;
	*key = slice_trim(slice_sub(line, 0, colon));
	*value = slice_from(line, colon + 1);
	return true;
}

/* `:key: value` */
static bool field_key(struct slice line, struct slice *key, struct slice *value)
{
	struct slice rest;

	if (line.len < 2 || line.ptr[0] != ':')
		return false;
	rest = slice_from(line, 1);
	return head_is_key(rest, NULL) && plain_key(rest, key, value);
}

typedef bool key_form(struct slice line, struct slice *key, struct slice *value);

/* One line of the head; false when it cannot be one. */
static bool lines_put(struct lines *lines, const struct head_line *line, key_form *form)
{
	struct slice key, value;

	if (strchr(" \t", line->text.ptr[0])) {
		buf_putc(&lines->text, ' ');
		buf_put_slice(&lines->text, slice_trim(line->text));
		return !lines->text.overflow;
	}
	if (!form(line->text, &key, &value) || lines->keys == KEYS_MAX)
		return false;
	lines_flush(lines);
	lines->keys++;
	lines->key = key;
	lines->line = line->number;
	lines->column = (uint32_t)(slice_trim(value).ptr - line->text.ptr) + 1;
	buf_put_slice(&lines->text, slice_trim(value));
	return true;
}

/* Keys that are met as the only line of a head. */
static bool stands_alone(const struct key *key)
{
	return key->field == FIELD_TITLE || key->field == FIELD_PUBLISHED ||
	       key->field == FIELD_TAGS || key->field == FIELD_CATEGORIES ||
	       key->field == FIELD_AUTHORS;
}

/*
 * Read lines from `line` on; *line becomes the last of the head, the blank
 * line or mark that ends it included. False when this is no head.
 */
static bool lines_read(
    struct lines *lines, struct slice text, struct head_line *line, key_form *form)
{
	struct slice key, value;
	const struct key *first;
	struct head_line next = *line;

	if (!form(line->text, &key, &value))
		return false;
	first = keys_find(key);
	if (!first)
		return false;
	do {
		*line = next;
		if (head_is_blank(line->text) ||
		    (lines->keys > 1 && head_is_mark(line->text, "---")))
			break;
		if (!lines_put(lines, line, form))
			return false;
	} while (head_line_after(text, line, &next));
	lines_flush(lines);
	return lines->keys > 1 || stands_alone(first);
}

/* Whether a line is one punctuation character, over and over, as under titles. */
static bool is_adornment(struct slice line)
{
	line = slice_trim(line);
	if (line.len < 2 || !strchr("=-`:.'\"~^_*+#", line.ptr[0]))
		return false;
	for (size_t i = 1; i < line.len; i++)
		if (line.ptr[i] != line.ptr[0])
			return false;
	return true;
}

/*
 * A document title in reStructuredText (a line with an adornment below it, or
 * above too) and blank lines; *line becomes the line behind. False when there
 * is none.
 */
static bool title_read(struct slice text, struct head_line *line, struct head_line *out_title)
{
	if (is_adornment(line->text) && !head_line_after(text, line, line))
		return false;
	*out_title = *line;
	if (head_is_blank(line->text) || !head_line_after(text, line, line) ||
	    !is_adornment(line->text))
		return false;
	do {
		if (!head_line_after(text, line, line))
			return false;
	} while (head_is_blank(line->text));
	return true;
}

static bool fields_read(struct lines *lines, struct slice text, struct head_line *line)
{
	struct head_line title = {.number = 0};

	if (!slice_starts(line->text, ":")) {
		if (!title_read(text, line, &title))
			return false;
	}
	if (!lines_read(lines, text, line, field_key))
		return false;
	if (title.number > 0 && !value_get(lines->root, "title"))
		(void)head_put_text(
		    lines->root, lines->arena, SLICE("title"), title.text, title.number, 1);
	return true;
}

static enum frontmatter_verdict keyvalue_parse(struct slice text, struct slice path,
    struct arena *arena, struct diags *diags, struct frontmatter *out, struct err *err)
{
	struct lines lines = {.arena = arena, .diags = diags, .text = BUF_BOUNDED(FRONTMATTER_MAX)};
	struct head_line first, line;
	bool found = false;

	(void)path, (void)err; /* any file may start so, and what does not fit is no head */
	if (!head_first_line(text, &first))
		return FRONTMATTER_NOT_MINE;
	lines.root = value_new(arena, VALUE_MAP, first.number, 1);
	line = first;
	found = lines_read(&lines, text, &line, plain_key);
	if (!found) {
		line = first;
		found = fields_read(&lines, text, &line);
	}
	if (found)
		head_done(out, lines.root, &line);
	buf_free(&lines.text);
	return found ? FRONTMATTER_READ : FRONTMATTER_NOT_MINE;
}

const struct frontmatter_kind frontmatter_keyvalue = {
    .name = "keyvalue",
    .parse = keyvalue_parse,
};
