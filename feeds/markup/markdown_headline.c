#include "feeds/base/text.h"
#include "feeds/markup/budget.h"
#include "feeds/markup/markdown.h"
#include "feeds/markup/markup.h"

enum { HEADING_MAX = 1000 }; /* bytes; a longer one is no title */

struct heading {
	struct slice source;
	struct buf text;
	struct arena arena;
};

static void heading_work(cmark_mem *mem, void *arg)
{
	struct heading *heading = arg;
	struct markdown_walk walk = {
	    .arena = &heading->arena, .mem = mem, .scratch = &heading->text};
	cmark_parser *parser = budget_parser(mem);
	cmark_node *root, *first;

	cmark_parser_feed(parser, "# ", 2);
	cmark_parser_feed(parser, heading->source.ptr, heading->source.len);
	root = cmark_parser_finish(parser);
	markdown_tree(&walk, root);
	first = cmark_node_first_child(root);
	if (!first)
		return;
	buf_clear(&heading->text);
	markdown_inline_text(first, &heading->text);
}

/* `[[Page|Name]]` is "Name", `[^1]` nothing, and other text itself. */
static void put_unwiki(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len;) {
		bool wiki = slice_starts(slice_from(text, i), "[[");
		bool note = slice_starts(slice_from(text, i), "[^");
		size_t end = slice_find(text, i, wiki ? "]]" : "]"), bar;

		if ((!wiki && !note) || end == text.len) {
			buf_putc(out, text.ptr[i++]);
			continue;
		}
		if (wiki) {
			bar = slice_find_byte(slice_sub(text, 0, end), i, '|');
			buf_put_slice(out, slice_sub(text, bar < end ? bar + 1 : i + 2, end));
		}
		i = end + (wiki ? 2 : 1);
	}
}

/* The heading as plain text; empty when it has none, or only what a template would fill in. */
static struct slice plain(struct slice source, struct arena *arena)
{
	struct heading heading = {.arena = ARENA_INIT};
	struct markdown_notes notes = {.definitions = BUF_INIT};
	struct markdown_text lines = {.notes = &notes};
	struct buf words = BUF_INIT, text = BUF_INIT, shown = BUF_INIT;
	struct slice result = SLICE_NONE;
	struct err err;

	source = slice_trim(source);
	if (source.len == 0 || source.len > HEADING_MAX ||
	    slice_find(source, 0, "{{") < source.len || slice_find(source, 0, "{%") < source.len)
		return SLICE_NONE;
	buf_put_slice(&words, source);
	for (size_t i = 0; i < words.len; i++)
		if (words.data[i] == '\n')
			words.data[i] = ' ';
	/* No comment, and no note, is part of a title. */
	markdown_text_put(&lines, buf_slice(&words), &shown);
	buf_clear(&words);
	put_unwiki(buf_slice(&shown), &words);
	heading.source = buf_slice(&words);
	if (words.len > 0 && budget_run(heading_work, &heading, words.len, &err) == 0) {
		text_put_collapsed(&text, buf_slice(&heading.text));
		result = text.len > 0 ? arena_copy(arena, buf_slice(&text)) : SLICE_NONE;
	}
	buf_free(&heading.text);
	arena_free(&heading.arena);
	buf_free(&words);
	buf_free(&shown);
	buf_free(&notes.definitions);
	buf_free(&text);
	return result;
}

/* `# Title`, with up to three blanks before it; its text, else a slice without pointer. */
static struct slice atx(struct slice line)
{
	size_t i = markdown_indent(line);

	line = slice_trim(line);
	if (i > 3 || line.len == 0 || line.ptr[0] != '#' ||
	    (line.len > 1 && line.ptr[1] != ' ' && line.ptr[1] != '\t'))
		return SLICE_NONE;
	return slice_from(line, 1);
}

static bool is_underline(struct slice line)
{
	size_t i = 0;

	if (markdown_indent(line) > 3)
		return false;
	line = slice_trim(line);
	while (i < line.len && line.ptr[i] == '=')
		i++;
	return line.len > 0 && i == line.len;
}

static bool starts_other(struct slice line)
{
	line = slice_trim(line);
	return line.len > 0 && strchr("#>-+*|", line.ptr[0]);
}

/* `<h1 …>Title</h1>` on one line, as READMEs have it. */
static struct slice html_h1(struct slice line)
{
	size_t start, end;

	line = slice_trim(line);
	if (!slice_starts_nocase(line, "<h1"))
		return SLICE_NONE;
	start = slice_find_byte(line, 0, '>');
	end = slice_find(line, start, "</h1");
	return start < end && end < line.len ? slice_sub(line, start + 1, end) : SLICE_NONE;
}

/* cmark is asked about the heading's own text only: this is called for every untitled article. */
void markdown_headline(struct slice body, struct arena *arena, struct headline *out)
{
	struct markdown_lines lines = {0};
	struct slice rest = body, line, title;
	const char *paragraph = NULL; /* start of the one at hand */

	while (slice_line(&rest, &line)) {
		enum markdown_line kind = markdown_line_next(&lines, line);

		title = SLICE_NONE;
		if (kind == MARKDOWN_HTML) {
			title = html_h1(line);
		} else if (kind == MARKDOWN_TEXT) {
			title = atx(line);
			if (!title.ptr && paragraph && is_underline(line))
				title = slice_make(paragraph, (size_t)(line.ptr - paragraph));
		}
		if (kind != MARKDOWN_TEXT || title.ptr || starts_other(line))
			paragraph = NULL;
		else if (!paragraph)
			paragraph = line.ptr;
		if (!title.ptr)
			continue;
		title = plain(title, arena);
		if (title.len > 0) {
			out->title = title;
			return;
		}
	}
}
