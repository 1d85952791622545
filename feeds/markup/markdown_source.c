#include "feeds/base/vec.h"
#include "feeds/markup/markdown.h"

/* An admonition that is open. */
struct box {
	bool by_indent; /* `!!!` or `===`, whose content is indented; else `:::`, which is closed */
	size_t column;	/* of its mark in the source */
};

struct source {
	struct markdown_lines lines;
	struct markdown_text text;
	struct markdown_notes notes;
	VEC(struct box) boxes;
	size_t by_indent; /* boxes that are */
	struct arena arena;
	struct buf *out;
};

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

struct slice markdown_words(struct arena *arena, struct slice name)
{
	char *words = arena_alloc(arena, name.len + 1);

	for (size_t i = 0; i < name.len; i++) {
		char c = slice_lower(name.ptr[i]);

		words[i] = (char)(c == '-' || c == '_' ? ' ' : c);
	}
	if (name.len > 0 && words[0] >= 'a' && words[0] <= 'z')
		words[0] = (char)(words[0] - 'a' + 'A');
	return slice_make(words, name.len);
}

static void put_indent(struct source *source, size_t column)
{
	for (size_t i = 0; i < column; i++)
		buf_putc(source->out, ' ');
}

/*
 * A box becomes HTML blocks with blank lines around them: what is between is
 * Markdown still (CommonMark 0.29, section 4.6), and a list around it goes on.
 */
static void box_open(struct source *source, struct box box, struct slice title)
{
	vec_push(&source->boxes, box);
	source->by_indent += box.by_indent;
	buf_putc(source->out, '\n');
	put_indent(source, box.column);
	buf_puts(source->out, "<blockquote>\n\n");
	if (title.len > 0) {
		put_indent(source, box.column);
		buf_puts(source->out, "<strong>");
		markdown_text_put(&source->text, title, source->out);
		buf_puts(source->out, "</strong>\n\n");
	}
	source->lines.paragraph = false;
}

static void box_close(struct source *source)
{
	struct box box = source->boxes.items[--source->boxes.len];

	source->by_indent -= box.by_indent;
	buf_putc(source->out, '\n');
	put_indent(source, box.column);
	buf_puts(source->out, "</blockquote>\n\n");
	source->lines.paragraph = false;
}

/* The bare name in `{.callout-note}`, `{note}` or `note`. */
static struct slice box_name(struct slice s)
{
	static const char callout[] = "callout-";
	size_t start = 0, end;

	while (start < s.len && !is_name(s.ptr[start]))
		start++;
	s = slice_from(s, start);
	for (end = 0; end < s.len && is_name(s.ptr[end]);)
		end++;
	s = slice_sub(s, 0, end);
	return slice_starts(s, callout) ? slice_from(s, sizeof(callout) - 1) : s;
}

/* `:::name Title`, `:::name[Title]`, `::: {.name}`, and `:::` that ends it. */
static bool colons_take(struct source *source, struct slice line)
{
	struct slice text = slice_trim(line), name, title;
	struct box box = {.column = markdown_indent(line)};
	size_t end = 0;

	while (end < text.len && text.ptr[end] == ':')
		end++;
	if (end < 3)
		return false;
	text = slice_trim(slice_from(text, end));
	if (text.len == 0) {
		if (source->boxes.len == 0 || source->boxes.items[source->boxes.len - 1].by_indent)
			return false;
		box_close(source);
		return true;
	}
	end = 0;
	if (text.ptr[0] == '{') {
		end = slice_find_byte(text, 0, '}');
		end += end < text.len;
	} else {
		while (end < text.len && is_name(text.ptr[end]))
			end++;
	}
	name = box_name(slice_sub(text, 0, end));
	if (name.len == 0 || (end < text.len && !strchr(" \t[{", text.ptr[end])))
		return false;
	title = slice_trim(slice_from(text, end));
	if (slice_starts(title, "[") && slice_find_byte(title, 0, ']') < title.len)
		title = slice_sub(title, 1, slice_find_byte(title, 0, ']'));
	else if (slice_starts(title, "{"))
		title = SLICE_NONE;
	box_open(source, box, title.len ? title : markdown_words(&source->arena, name));
	return true;
}

static struct slice line_behind_blanks(struct slice rest)
{
	struct slice line = SLICE_NONE;

	while (slice_line(&rest, &line) && slice_trim(line).len == 0)
		;
	return line;
}

/*
 * `!!! name "Title"` (also `???`, `???+`) and `=== "Title"`, a tab (also `===!`, `===+`), with
 * the content indented.
 */
static bool marks_take(struct source *source, struct slice line)
{
	struct slice text = slice_trim(line), name, title;
	struct box box = {true, markdown_indent(line)};
	bool tab = slice_starts(text, "===");
	size_t quote;

	if (!tab && !slice_starts(text, "!!!") && !slice_starts(text, "???"))
		return false;
	text = slice_from(text, 3);
	if (slice_starts(text, "+") || (tab && slice_starts(text, "!")))
		text = slice_from(text, 1);
	text = slice_trim(text);
	quote = slice_find_byte(text, 0, '"');
	name = box_name(slice_sub(text, 0, quote));
	if ((tab ? quote > 0 || text.len < 3 : name.len == 0 || name.ptr != text.ptr) ||
	    markdown_indent(line_behind_blanks(source->text.rest)) <
		box.column + 4 * source->by_indent + 4)
		return false;
	if (quote < text.len) {
		title = slice_from(text, quote + 1);
		title = slice_sub(title, 0, slice_find_byte(title, 0, '"'));
	} else {
		title = markdown_words(&source->arena, name);
	}
	box_open(source, box, title);
	return true;
}

/* `*[HTML]: Hyper Text Markup Language` */
static bool is_abbreviation(struct slice line)
{
	struct slice text = slice_trim(line);

	return slice_starts(text, "*[") && slice_find(text, 2, "]:") < text.len;
}

/* Where a `%%` stands that may end a comment: with nothing or a blank at one side of it. */
static size_t comment_mark(struct slice line)
{
	for (size_t at = slice_find(line, 0, "%%"); at < line.len;
	     at = slice_find(line, at + 2, "%%"))
		if (at == 0 || markdown_is_blank(line.ptr[at - 1]) ||
		    slice_trim(slice_from(line, at + 2)).len == 0)
			return at;
	return line.len;
}

/*
 * A line that starts with `%%`, up to the next one, over blank lines too; what stands behind that
 * stays. Lines that all start as `%% Part one` does are none, nor is what reaches into code.
 */
static bool comment_take(struct source *source, struct slice line)
{
	struct slice text = slice_trim(line), rest = source->text.rest, next;
	const char **none = &source->text.none[MARKDOWN_NO_COMMENT_END], *end = rest.ptr + rest.len;
	bool alone = text.len == 2;

	if (!slice_starts(text, "%%") || slice_find(text, 2, "%%") < text.len || *none == end)
		return false;
	while (slice_line(&rest, &next)) {
		size_t at = comment_mark(next);
		struct slice behind = slice_from(next, at < next.len ? at + 2 : at);

		text = slice_trim(next);
		if (!alone && ((slice_starts(text, "%%") && slice_trim(behind).len > 0) ||
				  slice_starts(text, "```") || slice_starts(text, "~~~")))
			return false;
		if (at == next.len)
			continue;
		source->text.rest = slice_make(behind.ptr, (size_t)(end - behind.ptr));
		return true;
	}
	*none = end;
	return false;
}

/* The line's indentation says that boxes end above it. */
static struct slice boxes_follow(struct source *source, struct slice line)
{
	if (slice_trim(line).len == 0)
		return line;
	while (source->by_indent > 0) {
		const struct box *top = &source->boxes.items[source->boxes.len - 1];

		if (top->by_indent && markdown_indent(line) >= top->column + 4 * source->by_indent)
			break;
		if (!top->by_indent && markdown_indent(line) >= 4 * source->by_indent)
			break;
		source->lines.fence = 0;
		box_close(source);
	}
	return markdown_dedent(line, 4 * source->by_indent);
}

static void text_take(struct source *source, struct slice line)
{
	struct markdown_text *text = &source->text;
	bool begun = text->in_comment;
	size_t len = source->out->len;

	if (text->in_code == 0 && !text->in_math && !text->in_comment &&
	    (colons_take(source, line) || marks_take(source, line) || is_abbreviation(line) ||
		comment_take(source, line)))
		return;
	markdown_text_put(text, line, source->out);
	/* Of a line within a comment nothing is left, not even a blank line. */
	if (!begun || source->out->len > len)
		buf_putc(source->out, '\n');
}

/* `<div markdown="1">`: a blank line behind it makes its content Markdown. */
static bool asks_for_markdown(struct slice line)
{
	struct slice text = slice_trim(line);

	return slice_starts(text, "<") && slice_ends(text, ">") &&
	       slice_find_byte(text, 0, '>') == text.len - 1 &&
	       slice_find(text, 0, " markdown") < text.len;
}

static void line_take(struct source *source, struct slice line)
{
	enum markdown_line kind;

	line = boxes_follow(source, line);
	kind = markdown_line_next(&source->lines, line);
	if (kind == MARKDOWN_TEXT) {
		text_take(source, line);
		return;
	}
	source->text.in_code = 0;
	source->text.in_math = source->text.in_comment = false;
	buf_put_slice(source->out, line);
	buf_putc(source->out, '\n');
	if (kind == MARKDOWN_HTML && asks_for_markdown(line)) {
		buf_putc(source->out, '\n');
		source->lines.raw_until = NULL;
	}
}

/* Behind all else, where no fence and no HTML may be open any more. */
static void put_notes(struct source *source)
{
	const struct markdown_lines *lines = &source->lines;

	if (source->notes.len == 0)
		return;
	/* One in a quotation or a list ends with it; its marks would begin another. */
	if (lines->fence && !lines->fence_quoted && lines->fence_column == 0)
		for (size_t i = 0; i < lines->fence_len; i++)
			buf_putc(source->out, lines->fence);
	else if (lines->raw_until)
		buf_puts(source->out, lines->raw_until);
	buf_putc(source->out, '\n');
	buf_put_slice(source->out, buf_slice(&source->notes.definitions));
}

/* May a bare URL be in need of escapes? See put_url of markdown_text.c. */
static bool has_marked_url(struct slice body)
{
	for (size_t at = slice_find(body, 0, "://"); at < body.len;
	     at = slice_find(body, at, "://"))
		for (at += 3; at < body.len && !strchr(" \t\n<>\"`", body.ptr[at]); at++)
			if (body.ptr[at] == '*' || body.ptr[at] == '_')
				return true;
	return false;
}

/* Most bodies have none of all this and are left as they are. */
static bool is_plain(struct slice body)
{
	static const char *const signs[] = {"$", ":::", "!!!", "???", "=== \"", "===! \"",
	    "===+ \"", "%%", "{::", "{:/", "*[", " markdown", "^["};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (slice_find(body, 0, signs[i]) < body.len)
			return false;
	return !has_marked_url(body) && !markdown_address_any(body);
}

void markdown_source(struct slice body, struct buf *out)
{
	struct source source = {.text.rest = body, .out = out, .arena = ARENA_INIT};
	struct slice line;

	if (is_plain(body)) {
		buf_put_slice(out, body);
		return;
	}
	source.text.notes = &source.notes;
	while (slice_line(&source.text.rest, &line))
		line_take(&source, line);
	while (source.boxes.len > 0)
		box_close(&source);
	put_notes(&source);
	vec_free(&source.boxes);
	buf_free(&source.notes.definitions);
	arena_free(&source.arena);
}
