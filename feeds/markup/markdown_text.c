/*
 * The inline side of markdown_source: mathematics, URLs, comments and
 * kramdown's `{::…}`, outside of code spans and tags.
 */
#include "feeds/markup/markdown.h"

enum { CODE_RUN_MAX = 31 }; /* backticks; a longer run opens no code span here */

static bool is_punct(char c)
{
	return c > ' ' && c < 0x7f && !markdown_is_alnum(c);
}

static char at(struct slice s, size_t i)
{
	return i < s.len ? s.ptr[i] : '\0';
}

static size_t run_len(struct slice s, size_t from, char c)
{
	size_t n = 0;

	while (at(s, from + n) == c)
		n++;
	return n;
}

/*
 * The lines behind this one that are of the same paragraph. What is known to be
 * missing in it is forgotten when another paragraph begins.
 */
static struct slice paragraph_rest(struct markdown_text *text)
{
	struct slice rest = text->rest, line;

	if (!text->paragraph || text->paragraph < rest.ptr) {
		while (slice_line(&rest, &line) && slice_trim(line).len > 0)
			text->paragraph = line.ptr + line.len;
		if (!text->paragraph || text->paragraph < text->rest.ptr)
			text->paragraph = text->rest.ptr;
		text->missing = 0;
		text->no_math = false;
	}
	if (text->rest.len == 0)
		return SLICE_NONE;
	return slice_make(text->rest.ptr, (size_t)(text->paragraph - text->rest.ptr));
}

/* Index of a run of exactly n backticks at or behind `from`, s.len: none. */
static size_t code_run(struct slice s, size_t from, size_t n)
{
	for (size_t i = slice_find_byte(s, from, '`'); i < s.len;) {
		size_t len = run_len(s, i, '`');

		if (len == n)
			return i;
		i = slice_find_byte(s, i + len, '`');
	}
	return s.len;
}

/* Backslashes make every mark plain text; `&` keeps its entities. */
static void put_escaped(struct slice s, struct buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool in_entity = c == '&' || c == ';' || (c == '#' && at(s, i - 1) == '&');

		if (is_punct(c) && !in_entity)
			buf_putc(out, '\\');
		buf_putc(out, c);
	}
}

/* slice_find from `from`, which does not look twice where `missing` says that nothing is. */
static size_t find(struct markdown_text *text, enum markdown_missing what, struct slice s,
    size_t from, const char *needle)
{
	size_t found;

	if (s.len == 0 || text->none[what] == s.ptr + s.len)
		return s.len;
	found = slice_find(s, from, needle);
	if (found == s.len)
		text->none[what] = s.ptr + s.len;
	return found;
}

/* Does a code span that n backticks open end in a later line of the paragraph? */
static bool code_goes_on(struct markdown_text *text, size_t n)
{
	struct slice rest = paragraph_rest(text);

	if (text->missing & (1u << n))
		return false;
	if (code_run(rest, 0, n) < rest.len)
		return true;
	text->missing |= 1u << n;
	return false;
}

/* Each of these returns how much of the line from `i` it dealt with, 0: not its own. */

static size_t put_code(struct markdown_text *text, struct slice line, size_t i, struct buf *out)
{
	size_t n = run_len(line, i, '`'), end = line.len;

	if (n <= CODE_RUN_MAX)
		end = code_run(line, i + n, n);
	if (end < line.len) {
		end += n;
	} else if (n <= CODE_RUN_MAX && code_goes_on(text, n)) {
		text->in_code = n;
	} else {
		end = i + n;
	}
	buf_put_slice(out, slice_sub(line, i, end));
	return end - i;
}

static size_t put_tag(struct markdown_text *text, struct slice line, size_t i, struct buf *out)
{
	char next = at(line, i + 1);
	size_t end;

	if (!markdown_is_alnum(next) && next != '/' && next != '!')
		return 0;
	end = find(text, MARKDOWN_NO_TAG_END, line, i, ">");
	if (end == line.len)
		return 0;
	buf_put_slice(out, slice_sub(line, i, end + 1));
	return end + 1 - i;
}

/* `$$…$$`, which may go on over the line's end. */
static size_t put_display(struct markdown_text *text, struct slice line, size_t i, struct buf *out)
{
	size_t end = slice_find(line, i + 2, "$$");
	struct slice rest = paragraph_rest(text);

	if (end < line.len && end > i + 2) {
		buf_puts(out, "$$");
		put_escaped(slice_sub(line, i + 2, end), out);
		buf_puts(out, "$$");
		return end + 2 - i;
	}
	if (end < line.len || text->no_math || slice_find(rest, 0, "$$") == rest.len) {
		text->no_math = text->no_math || end == line.len;
		buf_puts(out, "$$");
		return 2;
	}
	text->in_math = true;
	buf_puts(out, "$$");
	put_escaped(slice_from(line, i + 2), out);
	return line.len - i;
}

/*
 * `$…$` within one line, by Pandoc's rule: no blank inside at either end, no
 * digit behind, so that prices stay prices.
 */
static size_t put_inline(struct slice line, size_t i, struct buf *out)
{
	char before = i > 0 ? line.ptr[i - 1] : ' ', next = at(line, i + 1);
	size_t end = i + 1;
	struct slice inside;

	if (markdown_is_alnum(before) || markdown_is_blank(next) || next == '\0')
		return 0;
	do {
		end = slice_find_byte(line, end + 1, '$');
	} while (end < line.len && line.ptr[end - 1] == '\\');
	if (end >= line.len || markdown_is_blank(line.ptr[end - 1]) ||
	    markdown_is_alnum(at(line, end + 1)))
		return 0;
	inside = slice_sub(line, i + 1, end);
	if (slice_find(inside, 0, "](") < inside.len || slice_find(inside, 0, "://") < inside.len ||
	    slice_find_byte(inside, 0, '`') < inside.len)
		return 0;
	buf_putc(out, '$');
	put_escaped(inside, out);
	buf_putc(out, '$');
	return end + 1 - i;
}

/* A bare URL from its colon on, in which "_" and "*" are no emphasis. */
static size_t put_url(struct slice line, size_t i, struct buf *out)
{
	struct slice before = slice_sub(line, 0, i);
	size_t end;

	if (at(line, i + 1) != '/' || at(line, i + 2) != '/' ||
	    (!slice_ends(before, "http") && !slice_ends(before, "https")))
		return 0;
	for (end = i;
	     end < line.len && !markdown_is_blank(line.ptr[end]) && !strchr("<>\"`", line.ptr[end]);
	     end++) {
		char c = line.ptr[end], next = at(line, end + 1);

		if (c == '\\' && is_punct(next)) {
			buf_putc(out, c);
			buf_putc(out, next);
			end++;
			continue;
		}
		/* Emphasis ends behind a URL: those at its end stay what they are. */
		if ((c == '*' || c == '_') && next && !markdown_is_blank(next) &&
		    !strchr("<>\"`*_.,)]", next) &&
		    (c == '*' || is_punct(next) || is_punct(line.ptr[end - 1])))
			buf_putc(out, '\\');
		buf_putc(out, c);
	}
	return end - i;
}

static bool is_quote_start(struct slice line, size_t i)
{
	return strchr("'\"", line.ptr[i]) && i > 0 && strchr(" \t,;=([", line.ptr[i - 1]);
}

/* The next `%%` that stands in no code. */
static size_t comment_end(struct slice s, size_t from)
{
	for (size_t i = from; i + 1 < s.len; i++) {
		size_t n = s.ptr[i] == '`' ? run_len(s, i, '`') : 0, close;

		if (s.ptr[i] == '%' && s.ptr[i + 1] == '%')
			return i;
		if (n == 0)
			continue;
		close = n <= CODE_RUN_MAX ? code_run(s, i + n, n) : s.len;
		i = (close < s.len ? close : i) + n - 1;
	}
	return s.len;
}

/* How much of the line are marks of quotations. */
static size_t quote_len(struct slice line)
{
	size_t len = 0;

	for (size_t i = 0; i < line.len && (markdown_is_blank(line.ptr[i]) || line.ptr[i] == '>');
	     i++)
		len = line.ptr[i] == '>' ? i + 1 : len;
	return len;
}

/* May another block begin with this line of a paragraph: a list's item, a row, a quote, a fence? */
static bool begins_block(struct slice line)
{
	size_t digits = 0;

	if (line.len == 0 || strchr("#<>|", line.ptr[0]) || slice_starts(line, "```") ||
	    slice_starts(line, "~~~"))
		return true;
	if (strchr("-*+", line.ptr[0]))
		return markdown_is_blank(at(line, 1));
	while (markdown_is_digit(at(line, digits)))
		digits++;
	return digits > 0 && strchr(".)", line.ptr[digits < line.len ? digits : 0]);
}

/*
 * It goes on over the end of the line, up to one in a later line of the paragraph. Only what stands
 * by itself begins one: not "100%%", nor "('%%d')".
 */
static size_t begin_comment(struct markdown_text *text, struct slice line, size_t i)
{
	struct slice rest = paragraph_rest(text), next, shown;
	bool quoted = quote_len(line) > 0;

	if ((i > 0 && !markdown_is_blank(line.ptr[i - 1])) || slice_starts(slice_trim(line), "|") ||
	    (text->no_comment && rest.ptr < text->no_comment))
		return 0;
	while (!text->in_comment && slice_line(&rest, &next)) {
		shown = quoted ? slice_from(next, quote_len(next)) : next;
		if (begins_block(slice_trim(shown)))
			break;
		text->in_comment = comment_end(next, 0) < next.len;
		text->no_comment = next.ptr + next.len;
	}
	return text->in_comment ? line.len - i : 0;
}

/*
 * `%%…%%` within the line, Obsidian's comment, which may touch what stands around it: a note that
 * somebody made for himself is not to be published. Doubled signs of per cent are none.
 */
static size_t skip_comment(struct markdown_text *text, struct slice line, size_t i)
{
	char before = i > 0 ? line.ptr[i - 1] : ' ', first = at(line, i + 2), last;
	size_t end = comment_end(line, i + 2);

	if (end == line.len)
		return begin_comment(text, line, i);
	if (end == i + 2)
		return 0;
	last = line.ptr[end - 1];
	/* "for %%i in (*) do %%i" and "100%% of that%%" */
	if ((markdown_is_blank(last) && !markdown_is_blank(first) &&
		markdown_is_alnum(at(line, end + 2))) ||
	    (markdown_is_blank(first) && !markdown_is_blank(last) && markdown_is_alnum(before)))
		return 0;
	/* "100%%, not 50%%" and "%d%%; %s%%" */
	if ((markdown_is_digit(before) && markdown_is_digit(last)) ||
	    (markdown_is_alnum(before) && strchr(",.;:!?)", first)))
		return 0;
	/* "'%%a' or '%%b'" and "(%%a) (%%b)" */
	if (markdown_is_alnum(at(line, end + 2)) &&
	    (strchr("([", last) || is_quote_start(line, end - 1)))
		return 0;
	return end + 2 - i;
}

/* kramdown's `{::name …}` and `{:/name}`; what stands in a comment goes with it. */
static size_t skip_extension(struct markdown_text *text, struct slice line, size_t i)
{
	size_t end = find(text, MARKDOWN_NO_BRACE, line, i, "}"), close;
	struct slice tag;

	if (end == line.len)
		return 0;
	end++;
	tag = slice_sub(line, i, end);
	if (!slice_starts(tag, "{::comment") || slice_ends(tag, "/}"))
		return end - i;
	close = find(text, MARKDOWN_NO_CLOSE, line, end, "{:/");
	if (close < line.len) {
		end = slice_find_byte(line, close, '}');
		return (end < line.len ? end + 1 : end) - i;
	}
	close = find(text, MARKDOWN_NO_CLOSE_BELOW, text->rest, 0, "{:/");
	if (close < text->rest.len)
		close = slice_find_byte(text->rest, close, '}');
	if (close < text->rest.len) {
		text->rest = slice_from(text->rest, close + 1);
		return line.len - i;
	}
	return end - i;
}

static size_t put_special(struct markdown_text *text, struct slice line, size_t i, struct buf *out)
{
	char c = line.ptr[i], next = at(line, i + 1);

	switch (c) {
	case '\\':
		buf_put_slice(out, slice_sub(line, i, next ? i + 2 : i + 1));
		return next ? 2 : 1;
	case '`': return put_code(text, line, i, out);
	case '<': return put_tag(text, line, i, out);
	case '$': return next == '$' ? put_display(text, line, i, out) : put_inline(line, i, out);
	case '%': return next == '%' ? skip_comment(text, line, i) : 0;
	case '{':
		return next == ':' && (at(line, i + 2) == ':' || at(line, i + 2) == '/')
			   ? skip_extension(text, line, i)
			   : 0;
	case ':': return put_url(line, i, out);
	case '^': return next == '[' ? markdown_note_put(text, line, i, out) : 0;
	case ']': return next == '(' ? markdown_address_put(line, i, out) : 0;
	default: return 0;
	}
}

/* What goes on from the line before; returns where the rest of the line begins. */
static size_t put_begun(struct markdown_text *text, struct slice line, struct buf *out)
{
	size_t end;

	if (text->in_code > 0) {
		end = code_run(line, 0, text->in_code);
		if (end < line.len) {
			end += text->in_code;
			text->in_code = 0;
		}
		buf_put_slice(out, slice_sub(line, 0, end));
		return end;
	}
	if (text->in_comment) {
		end = comment_end(line, 0);
		text->in_comment = end == line.len;
		if (text->in_comment)
			return end;
		if (slice_trim(slice_from(line, end + 2)).len > 0)
			buf_put_slice(out, slice_sub(line, 0, quote_len(line)));
		return end + 2;
	}
	if (!text->in_math)
		return 0;
	end = slice_find(line, 0, "$$");
	/* Without indentation, so that no line of it becomes code. */
	put_escaped(slice_trim(slice_sub(line, 0, end)), out);
	if (end == line.len)
		return end;
	text->in_math = false;
	buf_puts(out, "$$");
	return end + 2;
}

void markdown_text_put(struct markdown_text *text, struct slice line, struct buf *out)
{
	static const bool special[256] = {
	    ['\\'] = true,
	    ['`'] = true,
	    ['<'] = true,
	    ['$'] = true,
	    ['%'] = true,
	    ['{'] = true,
	    [':'] = true,
	    ['^'] = true,
	    [']'] = true,
	};
	size_t i = put_begun(text, line, out);

	while (i < line.len) {
		size_t from = i, dealt;

		while (i < line.len && !special[(unsigned char)line.ptr[i]])
			i++;
		buf_put_slice(out, slice_sub(line, from, i));
		if (i == line.len)
			return;
		dealt = put_special(text, line, i, out);
		if (dealt == 0) {
			buf_putc(out, line.ptr[i]);
			dealt = 1;
		}
		i += dealt;
	}
}
