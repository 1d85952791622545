/*
 * What is code: there, directives are shown and not worked out.
 *
 * CommonMark 0.31 is followed where it is cheap: fences (4.5), indented code
 * (4.4), code spans (6.1). In lists, whether an indented line is code depends
 * on the items above; in doubt it is text, for a directive left standing in a
 * sentence is worse than one worked out in a code block.
 */
#include "feeds/markup/directive_family.h"

/* ---- code written out ---- */

static bool starts_at(struct slice text, size_t at, const char *what)
{
	return slice_starts(slice_from(text, at), what);
}

size_t scan_escaped(
    struct slice text, size_t at, struct slice *open, struct slice *inner, struct slice *close)
{
	static const struct {
		const char *open, *close, *shown_open, *shown_close;
	} escapes[] = {
	    {"{{</*", "*/>}}", "{{<", ">}}"},
	    {"{{%/*", "*/%}}", "{{%", "%}}"},
	    {"{{/*", "*/}}", "{{", "}}"},
	    {"{%/*", "*/%}", "{%", "%}"},
	};
	size_t start, end;

	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		struct slice near =
		    slice_sub(text, 0, text.len - at > SCAN_TAG_MAX ? at + SCAN_TAG_MAX : text.len);

		if (!starts_at(text, at, escapes[i].open))
			continue;
		start = at + strlen(escapes[i].open);
		end = slice_find(near, start, escapes[i].close);
		if (end == near.len)
			return 0;
		*inner = slice_sub(text, start, end);
		/* Zola's look like Go's comments; only a call is one. */
		if (i >= 2 && slice_find_byte(*inner, 0, '(') == inner->len &&
		    !slice_equal_str(slice_trim(*inner), "end"))
			return 0;
		*open = slice_of(escapes[i].shown_open);
		*close = slice_of(escapes[i].shown_close);
		return end + strlen(escapes[i].close);
	}
	return 0;
}

/* A {% NAME %} tag without arguments at `at`: the position behind it, or 0. */
static size_t bare_tag(struct slice text, size_t at, const char *name)
{
	size_t i = at + 2;

	if (!starts_at(text, at, "{%"))
		return 0;
	while (i < text.len && (text.ptr[i] == ' ' || text.ptr[i] == '-'))
		i++;
	if (!starts_at(text, i, name))
		return 0;
	i += strlen(name);
	while (i < text.len && (text.ptr[i] == ' ' || text.ptr[i] == '-'))
		i++;
	return starts_at(text, i, "%}") ? i + 2 : 0;
}

/* Behind the line's end, when only the tag at..end stands in it; else `end`. */
static size_t whole_line(struct slice text, size_t at, size_t end)
{
	while (at > 0 && (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '\t'))
		at--;
	if (at == 0 || text.ptr[at - 1] != '\n')
		return end;
	for (size_t i = end; i < text.len; i++) {
		if (text.ptr[i] == '\n')
			return i + 1;
		if (text.ptr[i] != ' ' && text.ptr[i] != '\t')
			return end;
	}
	return text.len;
}

static void put_columns(struct scan *s, size_t columns)
{
	for (; columns > 0; columns--)
		scan_put(s, SLICE(" "));
}

/* Copy from..to, without up to `strip` columns of blanks at the beginning of each line. */
static void put_stripped(struct scan *s, size_t from, size_t to, size_t strip)
{
	while (strip && from < to) {
		struct slice line = slice_sub(s->text, from, to);
		size_t end = slice_find_byte(line, 0, '\n'), cut = 0;

		if (from == 0 || s->text.ptr[from - 1] == '\n') {
			size_t columns = 0;

			while (columns < strip && cut < end && strchr(" \t", line.ptr[cut]))
				columns += line.ptr[cut++] == ' ' ? 1 : 4 - columns % 4;
			put_columns(s, columns > strip ? columns - strip : 0);
		}
		end = end < line.len ? end + 1 : end;
		scan_put(s, slice_sub(line, cut, end));
		from += end;
	}
	scan_put(s, slice_sub(s->text, from, to));
}

/* Position of the {% endraw %} before `to` that closes the {% raw %} ending at `at`. */
static size_t find_endraw(struct scan *s, size_t at, size_t to)
{
	size_t end, hit = scan_find_close(s, CLOSE_LIQUID, SLICE("raw"), at, &end);

	return end && end <= to ? hit : SIZE_MAX;
}

void scan_put_code(struct scan *s, size_t from, size_t to, size_t strip)
{
	struct slice open, inner, close, code = slice_sub(s->text, 0, to);
	size_t done = from, raw = SIZE_MAX;

	for (size_t at = slice_find_byte(code, from, '{'); at < to;
	     at = slice_find_byte(code, at, '{')) {
		size_t end = 0;

		if (at == raw || at == s->raw_end) {
			end = slice_find(code, at, "%}");
			end = end < to ? end + 2 : to;
			if (at == s->raw_end)
				s->raw_end = SIZE_MAX;
			raw = SIZE_MAX;
		} else if (raw == SIZE_MAX && s->raw_end == SIZE_MAX) {
			end = s->mdx ? 0 : bare_tag(code, at, "raw");
			raw = end ? find_endraw(s, end, to) : SIZE_MAX;
			if (raw == SIZE_MAX) /* it speaks of the tag */
				end = 0;
		}
		if (end) {
			size_t behind = whole_line(code, at, end);

			put_stripped(s, done, at, strip);
			done = at = behind;
			continue;
		}
		if (raw == SIZE_MAX && s->raw_end == SIZE_MAX && !s->mdx)
			end = scan_escaped(code, at, &open, &inner, &close);
		if (!end) {
			at++;
			continue;
		}
		put_stripped(s, done, at, strip);
		scan_put(s, open);
		scan_put(s, inner);
		scan_put(s, close);
		done = at = end;
	}
	put_stripped(s, done, to, strip);
}

/* ---- code spans ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Length of a list marker at `at` (CommonMark 5.2), without the blanks behind it; else 0. */
static size_t list_marker(struct slice text, size_t at)
{
	size_t end = at;

	if (at == text.len)
		return 0;
	if (strchr("-*+", text.ptr[at])) {
		end++;
	} else if (starts_at(text, at, "[^")) { /* a footnote's text is indented like an item's */
		struct slice near = slice_sub(text, 0, text.len - at > 100 ? at + 100 : text.len);

		end = slice_find(near, at, "]:");
		return end < near.len && slice_find_byte(near, at, '\n') > end ? end + 2 - at : 0;
	} else {
		while (end < text.len && end - at < 9 && is_digit(text.ptr[end]))
			end++;
		if (end == at || end == text.len || (text.ptr[end] != '.' && text.ptr[end] != ')'))
			return 0;
		end++;
	}
	return end == text.len || strchr(" \t\n", text.ptr[end]) ? end - at : 0;
}

/* A line that begins here begins a block of its own, or is blank. */
static bool ends_paragraph(struct slice text, size_t at)
{
	while (at < text.len && strchr(" \t>", text.ptr[at]))
		at++;
	return at == text.len || strchr("\n#|", text.ptr[at]) || starts_at(text, at, "```") ||
	       starts_at(text, at, "~~~") || list_marker(text, at) > 0;
}

size_t scan_paragraph_end(struct scan *s, size_t from)
{
	size_t at = from;

	if (s->para_from <= from && from < s->para_end)
		return s->para_end;
	do {
		at = slice_find_byte(s->text, at, '\n');
		at = at < s->text.len ? at + 1 : at;
	} while (at < s->text.len && !ends_paragraph(s->text, at));
	s->para_from = from;
	s->para_end = at;
	return at;
}

size_t scan_code_span(struct scan *s)
{
	const size_t longest = sizeof(s->no_span) / sizeof(s->no_span[0]);
	size_t at = s->pos, len = 0, para = scan_paragraph_end(s, at);

	while (at < para && s->text.ptr[at] == '`')
		at++;
	len = at - s->pos;
	if (len > longest || at <= s->no_span[len - 1])
		return 0;
	for (;;) {
		size_t run;

		at = slice_find_byte(slice_sub(s->text, 0, para), at, '`');
		if (at == para)
			break;
		for (run = at; at < para && s->text.ptr[at] == '`';)
			at++;
		if (at - run == len)
			return at;
	}
	s->no_span[len - 1] = para;
	return 0;
}

/* ---- HTML ---- */

size_t scan_html_code(struct scan *s)
{
	static const char *const names[] = {"pre", "code", "script", "style", "textarea"};
	struct slice rest = slice_from(s->text, s->pos);
	size_t end;

	if (slice_starts(rest, "<!--")) {
		if (slice_starts(rest, "<!-- tab ") || slice_starts(rest, "<!-- endtab"))
			return 0; /* a tag of its own, within Hexo's tabs */
		end = scan_find(s, "-->", s->pos + 4);
		return end < s->text.len ? end + 3 : 0;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]), at;

		if (!slice_starts_nocase(slice_from(rest, 1), names[i]) || rest.len <= len + 1 ||
		    !strchr(" \t\n>", rest.ptr[len + 1]))
			continue;
		at = scan_find_close(s, CLOSE_TAG, slice_of(names[i]), s->pos + len, &end);
		/* <code> without an end is a word about it, and stays in its paragraph. */
		if (at == s->text.len ||
		    (s->markdown && i == 1 && at > scan_paragraph_end(s, s->pos)))
			return 0;
		return end;
	}
	return 0;
}

/* ---- lines ---- */

/* Columns of blanks at *at, which moves behind them; tabs stop at 4 (CommonMark 2.2). */
static size_t indentation(struct slice text, size_t *at, size_t column)
{
	size_t start = column;

	for (; *at < text.len; (*at)++) {
		if (text.ptr[*at] == ' ')
			column++;
		else if (text.ptr[*at] == '\t')
			column += 4 - column % 4;
		else
			break;
	}
	return column - start;
}

static size_t line_end(struct slice text, size_t at)
{
	size_t end = slice_find_byte(text, at, '\n');

	return end < text.len ? end + 1 : end;
}

/* The fence at `at`: its character repeated, or 0. */
static size_t fence_len(struct slice text, size_t at)
{
	size_t len = 0, end;
	char c;

	if (at == text.len || (text.ptr[at] != '`' && text.ptr[at] != '~'))
		return 0;
	c = text.ptr[at];
	while (at + len < text.len && text.ptr[at + len] == c)
		len++;
	if (len < 3)
		return 0;
	end = line_end(text, at);
	if (c == '`' && slice_find_byte(slice_sub(text, 0, end), at + len, '`') < end)
		return 0; /* a code span */
	return len;
}

/* What stands before a line's text. Columns are those of the output. */
struct line_head {
	size_t text;   /* position of the first byte of its text */
	size_t indent; /* columns of blanks behind the last marker */
	size_t column; /* of the text */
	bool quoted, item;
	struct {
		size_t at, end; /* blanks behind the ">", from where columns go */
		size_t cut, left;
	} margin;
};

/* End of the fenced block whose fence of `len` stands at head->text. */
static size_t fence_end(const struct scan *s, const struct line_head *head, size_t len)
{
	struct slice text = s->text;
	char c = text.ptr[head->text];
	size_t at = line_end(text, head->text);

	while (at < text.len) {
		size_t i = at, run = 0, column;
		bool quoted = false;

		column = indentation(text, &i, 0);
		while (i < text.len && text.ptr[i] == '>') {
			quoted = true;
			i++;
			indentation(text, &i, 0);
		}
		/* The block that holds it ends, and the fence with it (CommonMark 4.5). */
		if (head->quoted && !quoted)
			return at;
		if (head->item && !quoted && i < text.len && text.ptr[i] != '\n' &&
		    column < head->column + head->margin.cut)
			return at;
		while (i + run < text.len && text.ptr[i + run] == c)
			run++;
		i += run;
		indentation(text, &i, 0);
		at = line_end(text, at);
		if (run >= len && (i == text.len || text.ptr[i] == '\n'))
			return at;
		if (run >= len && scan_at_end(s, i)) /* a pair's end hugs it */
			return i;
	}
	return at;
}

/* The blanks from..at before a line's text, or its first list marker, are cut to the margin. */
static void cut_margin(
    struct scan *s, struct line_head *head, size_t from, size_t at, size_t column)
{
	head->margin.at = from;
	head->margin.end = at;
	head->margin.cut = scan_margin(s, at, column, head->indent);
	head->indent -= head->margin.cut;
	head->margin.left = head->indent;
}

/* Go through ">" and list markers; notes lists. */
static void read_head(struct scan *s, struct line_head *head)
{
	struct slice text = s->text;
	size_t at = s->pos, column = 0, marker;

	*head = (struct line_head){0};
	for (;;) {
		size_t from = at;

		head->indent = indentation(text, &at, column);
		column += head->indent;
		if (!head->item && head->margin.cut == 0 && at < text.len && text.ptr[at] != '\n' &&
		    (text.ptr[at] != '>' || scan_in_margin(s, column))) {
			cut_margin(s, head, from, at, column);
			column -= head->margin.cut;
		}
		if (!s->block.list && head->indent >= 4)
			break;
		if (at < text.len && text.ptr[at] == '>') {
			head->quoted = true;
			at++;
			column++;
			if (at < text.len && text.ptr[at] == ' ') {
				at++;
				column++;
			}
			continue;
		}
		marker = list_marker(text, at);
		if (marker == 0 || (s->block.list && head->indent >= s->block.list_text + 4))
			break;
		head->item = s->block.list = true;
		column += text.ptr[at] == '[' ? 3 : marker; /* a footnote's text is indented by 4 */
		s->block.list_text = column + 1;
		at += marker;
	}
	head->text = at;
	head->column = column;
}

static bool is_code_line(const struct scan *s, const struct line_head *head)
{
	const struct scan_block *block = &s->block;

	if (s->mdx || block->html || (!block->blank && !block->code))
		return false; /* MDX has no indented code; a paragraph goes on */
	return block->list ? head->column >= block->list_text + 4 && !head->item
			   : head->indent >= 4;
}

/* `<name` or `</name`, in lower case: another is a component. */
static bool is_element(struct slice text)
{
	size_t name = slice_starts(text, "</") ? 2 : 1;

	return slice_starts(text, "<") && text.len > name && text.ptr[name] >= 'a' &&
	       text.ptr[name] <= 'z';
}

/* Keep the state of the block that the line belongs to, up to date. */
static void note_block(struct scan *s, const struct line_head *head)
{
	struct scan_block *block = &s->block;
	struct slice text = slice_from(s->text, head->text);
	/* A blank line stands before; a directive's own is behind text alone: a tag may go. */
	bool apart =
	    block->blank || (s->out->len == s->out_fresh + 1 && !scan_at_tag(s, head->text));

	/* The end of a pair is put where its beginning is. */
	if (apart && head->column == 0 && !head->item && !scan_at_end(s, head->text))
		block->list = false;
	/* A comment ends the block with its line (CommonMark 4.6). */
	if ((slice_starts(text, "<!") && !slice_starts(text, "<!--")) || is_element(text))
		block->html = true;
	if (block->blank || head->item || head->column < block->text)
		block->text = head->column;
	block->blank = block->code = false;
}

/*
 * In MDX, text in a line of its own behind a tag of an element that holds blocks
 * is Markdown; CommonMark wants a blank line there.
 */
static bool is_text_behind_tag(const struct scan *s, const struct line_head *head)
{
	static const char *const names[] = {"div", "section", "article", "main", "aside", "details",
	    "summary", "figure", "center", "blockquote", "li", "td", "dd"};
	struct slice before = slice_sub(s->text, 0, s->pos ? s->pos - 1 : 0);
	const char *start = memrchr(before.ptr, '\n', before.len);
	struct slice name;

	if (!s->mdx || !s->block.html || s->pos < s->tag_end ||
	    strchr("<{}", s->text.ptr[head->text]))
		return false;
	if (start)
		before = slice_from(before, (size_t)(start - before.ptr) + 1);
	before = slice_trim(before);
	if (!slice_starts(before, "<") || !slice_ends(before, ">"))
		return false;
	name = slice_sub(before, 1, 1 + call_word(before, 1, ""));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (slice_equal_str(name, names[i]))
			return true;
	}
	return slice_starts(before, "</");
}

/* The line's beginning without what goes of its indentation. Returns where to go on. */
static size_t put_margin(struct scan *s, const struct line_head *head)
{
	if (head->margin.cut == 0)
		return s->pos;
	scan_put(s, slice_sub(s->text, s->pos, head->margin.at));
	put_columns(s, head->margin.left);
	return head->margin.end;
}

size_t scan_line(struct scan *s)
{
	struct line_head head;
	size_t end, len;

	read_head(s, &head);
	if (head.text == s->text.len || s->text.ptr[head.text] == '\n') {
		s->block.blank = true;
		s->block.html = false;
		return s->pos;
	}
	if (s->mdx && s->pos == head.text && (end = jsx_module(s)))
		return end;
	len = fence_len(s->text, head.text);
	if (len && (head.indent < 4 || s->block.list || s->mdx || !s->block.blank)) {
		size_t strip = s->mdx && !s->block.list ? head.indent : 0;

		strip += head.margin.at == s->pos ? head.margin.cut : 0;
		end = fence_end(s, &head, len);
		scan_put_code(s, s->pos, end, strip);
		note_block(s, &head);
		s->block.blank = true;
		return end;
	}
	if (is_code_line(s, &head)) {
		end = line_end(s->text, s->pos);
		scan_put_code(s, s->pos, end, head.margin.at == s->pos ? head.margin.cut : 0);
		s->block.code = true;
		return end;
	}
	note_block(s, &head);
	if (is_text_behind_tag(s, &head)) {
		scan_put(s, SLICE("\n"));
		s->block.html = false;
	}
	/* What was indented for the eye, inside components, would become code. */
	if (s->mdx && !s->block.list && head.indent >= 4 && !head.quoted)
		return head.text;
	return put_margin(s, &head);
}
