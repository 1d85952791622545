/*
 * Output of directives: text made safe for where it lands, HTML set so that
 * the Markdown around it stays Markdown.
 *
 * In Markdown, what comes from elsewhere is written with numeric character
 * references. They mean the same in running text, in a link's target, in an
 * HTML block and in an attribute, and never begin any markup (CommonMark 2.5).
 */
#include "feeds/markup/directive_family.h"

/* ---- escaping ---- */

static void put_reference_of(struct buf *html, char c)
{
	buf_printf(html, "&#%d;", (unsigned char)c);
}

static void put_html_char(struct buf *html, char c)
{
	switch (c) {
	case '&': buf_puts(html, "&amp;"); break;
	case '<': buf_puts(html, "&lt;"); break;
	case '>': buf_puts(html, "&gt;"); break;
	case '"': buf_puts(html, "&quot;"); break;
	case '\'': buf_puts(html, "&#39;"); break;
	default: buf_putc(html, c);
	}
}

/* Markdown may read something into text.ptr[at]. */
static bool is_markup(struct slice text, size_t at)
{
	char c = text.ptr[at];

	if (strchr("*_`[]\\~|!{}$#", c))
		return c != '\0';
	if (c == ':') /* an address would become a link, perhaps within one */
		return at + 1 < text.len && text.ptr[at + 1] == '/';
	/* Lists, headings' underlines, quotes. */
	return at == 0 && (strchr("+-=:", c) || (c >= '0' && c <= '9'));
}

void scan_put_text(const struct scan *s, struct buf *html, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n')
			buf_putc(html, ' '); /* it may stand in a cell or a list */
		else if (s->markdown && is_markup(text, i))
			put_reference_of(html, text.ptr[i]);
		else
			put_html_char(html, text.ptr[i]);
	}
}

void scan_put_verbatim(const struct scan *s, struct buf *html, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		/* One line, so that no block that holds it can end within. */
		if (s->markdown && (c == '\n' || is_markup(text, i)))
			put_reference_of(html, c);
		else
			put_html_char(html, c);
	}
}

void scan_put_attr(struct buf *html, struct slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == '\n')
			buf_putc(html, ' ');
		else if (c == '`' || c == '|') /* code spans and table cells bind closer */
			put_reference_of(html, c);
		else
			put_html_char(html, c);
	}
}

void scan_put_attribute(struct buf *html, const char *name, struct slice value)
{
	if (value.len == 0)
		return;
	buf_putc(html, ' ');
	buf_puts(html, name);
	buf_puts(html, "=\"");
	scan_put_attr(html, value);
	buf_putc(html, '"');
}

void scan_put_url(struct buf *html, struct slice url)
{
	url = slice_trim(url);
	for (size_t i = 0; i < url.len; i++) {
		char c = url.ptr[i];

		if (c == ' ' || c == '\n' || c == '\t')
			buf_puts(html, "%20");
		else if (strchr("()*[]`|\\", c)) /* it may be the target of a Markdown link */
			put_reference_of(html, c);
		else
			put_html_char(html, c);
	}
}

static bool has_markup(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("[]*_`<&", text.ptr[i]))
			return true;
	}
	return false;
}

/* ---- lines ---- */

/* The markers that open the present line, list markers as blanks. */
struct scan_place scan_where(const struct scan *s)
{
	struct scan_place place = {SLICE_NONE, false, false};
	struct slice line = slice_make(NULL, 0);
	size_t i = 0;
	char *prefix;

	if (s->out->len > s->out_line)
		line = slice_from(buf_slice(s->out), s->out_line);
	while (i < line.len && i < 128) {
		if (strchr(" \t>", line.ptr[i]))
			i++;
		else if (i + 1 < line.len && strchr("-*+", line.ptr[i]) && line.ptr[i + 1] == ' ')
			i += 2;
		else
			break;
	}
	for (size_t digit = i; digit < line.len && digit - i < 9; digit++) {
		if (line.ptr[digit] >= '0' && line.ptr[digit] <= '9')
			continue;
		if (digit > i && (line.ptr[digit] == '.' || line.ptr[digit] == ')') &&
		    digit + 1 < line.len && line.ptr[digit + 1] == ' ')
			i = digit + 2;
		break;
	}
	place.start = i == line.len;
	place.cell = i < line.len && line.ptr[i] == '|';
	if (i == 0)
		return place;
	prefix = arena_alloc(s->arena, i);
	for (size_t k = 0; k < i; k++)
		prefix[k] = line.ptr[k] == '>' || line.ptr[k] == '\t' ? line.ptr[k] : ' ';
	place.prefix = slice_make(prefix, i);
	return place;
}

void scan_put(struct scan *s, struct slice bytes)
{
	size_t before = s->out->len;
	const char *newline;

	buf_put_slice(s->out, bytes);
	if (s->out->len == before)
		return;
	newline = memrchr(bytes.ptr, '\n', bytes.len);
	if (newline)
		s->out_line = before + (size_t)(newline - bytes.ptr) + 1;
}

void scan_put_blank_line(struct buf *html, struct slice prefix)
{
	buf_putc(html, '\n');
	buf_put_slice(html, prefix);
	buf_putc(html, '\n');
	buf_put_slice(html, prefix);
}

void scan_put_markup(struct scan *s, struct buf *html, struct slice text, bool lines)
{
	struct scan_place place;

	text = slice_trim(text);
	if (!has_markup(text)) {
		scan_put_text(s, html, text);
		return;
	}
	place = scan_where(s);
	lines = lines && s->markdown && place.start && !s->block.html;
	if (lines)
		scan_put_blank_line(html, place.prefix);
	for (size_t i = 0; i < text.len; i++)
		buf_putc(html, text.ptr[i] == '\n' ? ' ' : text.ptr[i]);
	if (lines)
		scan_put_blank_line(html, place.prefix);
}

static bool rest_is_blank(struct slice text, size_t at)
{
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t'))
		at++;
	return at == text.len || text.ptr[at] == '\n';
}

/* The line behind the one that `at` stands in is blank, or there is none. */
static bool next_is_blank(struct slice text, size_t at)
{
	at = slice_find_byte(text, at, '\n');
	if (at == text.len)
		return true;
	for (at++; at < text.len && strchr(" \t>", text.ptr[at]);)
		at++;
	return at == text.len || text.ptr[at] == '\n';
}

/*
 * An HTML block goes on to the next blank line (CommonMark 4.6): without one,
 * the text behind would no longer be read as Markdown.
 */
void scan_emit(struct scan *s, struct slice html, bool block, size_t end)
{
	struct scan_place place;

	if (!s->markdown || s->block.html || html.len == 0 || end < s->tag_end) {
		scan_put(s, html);
		return;
	}
	place = scan_where(s);
	/* A lone <img> begins such a block too; within a line it does not. */
	block = block || (slice_starts(html, "<img") && rest_is_blank(s->text, end));
	scan_put(s, html);
	if (!block || !place.start)
		return;
	if (!rest_is_blank(s->text, end)) {
		struct buf lines = BUF_INIT;

		scan_put_blank_line(&lines, place.prefix);
		scan_put(s, buf_slice(&lines));
		s->out_fresh = s->out->len;
		buf_free(&lines);
	} else if (!next_is_blank(s->text, end)) {
		scan_put(s, SLICE("\n"));
		scan_put(s, place.prefix);
	}
}

size_t scan_gone(struct scan *s, size_t end)
{
	struct scan_place place;
	size_t next;

	if (!s->markdown || !s->block.html || end < s->tag_end || !rest_is_blank(s->text, end))
		return end;
	place = scan_where(s);
	if (!place.start || slice_trim(place.prefix).len > 0)
		return end;
	next = slice_find_byte(s->text, end, '\n');
	if (s->raw_end != SIZE_MAX && s->raw_end < next)
		return end;
	buf_cut(s->out, s->out_line);
	return next < s->text.len ? next + 1 : next;
}
