#include "feeds/markup/markdown.h"

/* Start and end of HTML that goes on over blank lines (CommonMark 0.29, section 4.6, 1 and 2). */
static const char *const raw_tags[][2] = {
    {"<pre", "</pre>"},
    {"<script", "</script>"},
    {"<style", "</style>"},
    {"<textarea", "</textarea>"},
};

/* Elements whose tag begins an HTML block up to a blank line (the same, 6). */
static const char *const block_tags[] = {"address", "article", "aside", "base", "basefont",
    "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame", "frameset",
    "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li",
    "link", "main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param",
    "section", "source", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr",
    "track", "ul"};

size_t markdown_indent(struct slice line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.len && markdown_is_blank(line.ptr[i]); i++)
		column += line.ptr[i] == '\t' ? 4 - column % 4 : 1;
	return column;
}

struct slice markdown_dedent(struct slice line, size_t columns)
{
	size_t column = 0, i = 0;

	while (i < line.len && markdown_is_blank(line.ptr[i]) && column < columns) {
		column += line.ptr[i] == '\t' ? 4 - column % 4 : 1;
		i++;
	}
	return slice_from(line, i);
}

/* Length of a list marker with one blank at the start of `s`, 0: none. */
static size_t marker_len(struct slice s)
{
	size_t i = 0;

	if (s.len > 0 && strchr("-+*", s.ptr[0])) {
		i = 1;
	} else {
		while (i < s.len && i < 9 && markdown_is_digit(s.ptr[i]))
			i++;
		if (i == 0 || i >= s.len || (s.ptr[i] != '.' && s.ptr[i] != ')'))
			return 0;
		i++;
	}
	return i < s.len && markdown_is_blank(s.ptr[i]) ? i + 1 : i == s.len ? i : 0;
}

/* Behind the marks of quotations and list items. */
static struct slice containers_skip(struct slice line, bool *quoted)
{
	for (;;) {
		size_t marker;

		while (line.len > 0 && markdown_is_blank(line.ptr[0]))
			line = slice_from(line, 1);
		marker = marker_len(line);
		if (line.len > 0 && line.ptr[0] == '>') {
			*quoted = true;
			marker = 1;
		}
		if (marker == 0)
			return line;
		line = slice_from(line, marker);
	}
}

static size_t run_len(struct slice s, char c)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] == c)
		n++;
	return n;
}

static bool fence_open(struct markdown_lines *lines, struct slice line)
{
	bool quoted = false, inside;
	struct slice text = containers_skip(line, &quoted);
	char mark = text.len > 0 ? text.ptr[0] : '\0';
	size_t n;

	if (mark != '`' && mark != '~')
		return false;
	n = run_len(text, mark);
	if (n < 3 || (mark == '`' && slice_find_byte(text, n, '`') < text.len))
		return false;
	lines->fence = mark;
	lines->fence_len = n;
	lines->fence_quoted = quoted;
	inside = markdown_indent(line) >= lines->list_column || marker_len(slice_trim(line)) > 0;
	lines->fence_column = lines->in_list && inside ? lines->list_column : 0;
	return true;
}

/* In a fence: does the line belong to it? */
static bool fence_goes_on(struct markdown_lines *lines, struct slice line)
{
	bool quoted = false, closes;
	struct slice text;
	size_t n;

	if (slice_trim(line).len == 0)
		return !lines->fence_quoted;
	if (markdown_indent(line) < lines->fence_column)
		return false;
	for (text = line; text.len > 0 && (markdown_is_blank(text.ptr[0]) || text.ptr[0] == '>');
	     text = slice_from(text, 1))
		quoted = quoted || text.ptr[0] == '>';
	if (lines->fence_quoted && !quoted)
		return false;
	n = run_len(text, lines->fence);
	closes = n >= lines->fence_len && slice_trim(slice_from(text, n)).len == 0;
	if (closes)
		lines->fence = 0;
	return true;
}

static bool is_block_tag(struct slice text)
{
	size_t start = text.len > 1 && text.ptr[1] == '/' ? 2 : 1, end = start;

	while (end < text.len &&
	       (markdown_is_alpha(text.ptr[end]) || markdown_is_digit(text.ptr[end])))
		end++;
	if (end < text.len && !markdown_is_blank(text.ptr[end]) && text.ptr[end] != '>' &&
	    text.ptr[end] != '/')
		return false;
	for (size_t i = 0; i < sizeof(block_tags) / sizeof(*block_tags); i++)
		if (slice_equal_nocase(slice_sub(text, start, end), block_tags[i]))
			return true;
	return false;
}

/* A line that is one tag and nothing else (section 4.6, 7), near enough. */
static bool is_lone_tag(struct slice text)
{
	return text.len > 2 && (markdown_is_alpha(text.ptr[1]) || text.ptr[1] == '/') &&
	       slice_find_byte(text, 0, '>') == text.len - 1 &&
	       slice_find(text, 0, ":/") == text.len;
}

static bool html_open(struct markdown_lines *lines, struct slice line)
{
	struct slice text = slice_trim(line);

	if (text.len < 2 || text.ptr[0] != '<')
		return false;
	if (slice_starts(text, "<!--")) {
		lines->raw_is_code = true;
		lines->raw_until = slice_find(text, 4, "-->") < text.len ? NULL : "-->";
		return true;
	}
	for (size_t i = 0; i < sizeof(raw_tags) / sizeof(*raw_tags); i++) {
		size_t len = strlen(raw_tags[i][0]);

		if (!slice_starts_nocase(text, raw_tags[i][0]) ||
		    (text.len > len && !markdown_is_blank(text.ptr[len]) && text.ptr[len] != '>'))
			continue;
		lines->raw_is_code = true;
		lines->raw_until = slice_holds_nocase(text, raw_tags[i][1]) ? NULL : raw_tags[i][1];
		return true;
	}
	if (!is_block_tag(text) && (lines->paragraph || !is_lone_tag(text)))
		return false;
	lines->raw_is_code = false;
	lines->raw_until = "";
	return true;
}

static enum markdown_line raw_next(struct markdown_lines *lines, struct slice line, bool blank)
{
	const char *until = lines->raw_until;
	bool ends;

	if (*until == '\0')
		ends = blank;
	else if (*until == '-')
		ends = slice_find(line, 0, until) < line.len;
	else
		ends = slice_holds_nocase(line, until);
	if (ends)
		lines->raw_until = NULL;
	if (*until == '\0' && blank)
		return MARKDOWN_BLANK;
	return lines->raw_is_code ? MARKDOWN_CODE : MARKDOWN_HTML;
}

/* Keep count of where the content of the innermost list item begins. */
static void list_follow(struct markdown_lines *lines, struct slice line, size_t indent)
{
	struct slice text = slice_trim(line);
	size_t marker = marker_len(text);

	if (marker > 0 && indent < (lines->in_list ? lines->list_column : 0) + 4) {
		lines->in_list = true;
		lines->list_column = indent + marker;
	} else if (lines->in_list && !lines->paragraph && indent < lines->list_column) {
		lines->in_list = indent > 1;
		lines->list_column = indent;
	}
}

enum markdown_line markdown_line_next(struct markdown_lines *lines, struct slice line)
{
	size_t indent = markdown_indent(line), base = lines->in_list ? lines->list_column : 0;
	bool blank = slice_trim(line).len == 0;

	if (lines->fence && fence_goes_on(lines, line))
		return MARKDOWN_CODE;
	lines->fence = 0;
	if (lines->raw_until)
		return raw_next(lines, line, blank);
	if (blank) {
		lines->paragraph = false;
		return MARKDOWN_BLANK;
	}
	list_follow(lines, line, indent);
	base = lines->in_list && lines->list_column < base ? lines->list_column : base;
	if (!lines->paragraph && indent >= base + 4 && marker_len(slice_trim(line)) == 0)
		return MARKDOWN_CODE;
	if (!lines->paragraph && !lines->in_list && indent >= 4)
		return MARKDOWN_CODE;
	if (fence_open(lines, line)) {
		lines->paragraph = false;
		return MARKDOWN_CODE;
	}
	if (html_open(lines, line)) {
		lines->paragraph = false;
		return lines->raw_is_code ? MARKDOWN_CODE : MARKDOWN_HTML;
	}
	lines->paragraph = slice_trim(line).ptr[0] != '#';
	return MARKDOWN_TEXT;
}
