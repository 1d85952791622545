/*
 * text: plain text, understood by its shape (text_shape.h).
 *
 * Some tools (Blosxom and its kin) call an HTML body `.txt`; what is plainly
 * marked up as HTML is taken for it.
 */
#include <stdlib.h>

#include "feeds/base/text.h"
#include "feeds/markup/htmlescape.h"
#include "feeds/markup/markup.h"
#include "feeds/markup/plain.h"
#include "feeds/markup/text_html.h"
#include "feeds/markup/text_shape.h"

/* The character before a line's end, U+0020 for none. */
static uint32_t char_last(struct slice line)
{
	uint32_t c = ' ';
	size_t i = line.len;

	while (i > 0 && ((unsigned char)line.ptr[i - 1] & 0xc0) == 0x80)
		i--;
	if (i > 0) {
		i--;
		c = text_next(line, &i);
	}
	return c;
}

static uint32_t char_first(struct slice line)
{
	size_t i = 0;

	return line.len > 0 ? text_next(line, &i) : ' ';
}

/* Wrapped lines as running text: between wide letters a line end is no blank. */
static void put_lines(struct slice lines, bool verse, struct buf *html)
{
	struct slice rest = lines, line, before = SLICE_NONE;

	while (slice_line(&rest, &line)) {
		line = text_trim(line);
		if (line.len == 0)
			continue;
		if (before.len > 0 && verse)
			buf_puts(html, "<br>\n");
		else if (before.len > 0 &&
			 !(text_is_wide(char_last(before)) && text_is_wide(char_first(line))))
			buf_putc(html, '\n');
		plain_put_linked(html, line);
		before = line;
	}
}

static void put_paragraph(struct slice lines, bool verse, struct buf *html)
{
	if (text_trim(lines).len == 0)
		return;
	buf_puts(html, "<p>");
	put_lines(lines, verse, html);
	buf_puts(html, "</p>\n");
}

static void put_heading(const struct text_block *block, bool is_title, struct buf *html)
{
	buf_puts(html, is_title ? "<h1>" : "<h2>");
	htmlescape_put(html, block->words);
	buf_puts(html, is_title ? "</h1>\n" : "</h2>\n");
}

/* Items of one block; a line without a mark goes on the item above. */
static void put_items(struct slice lines, struct buf *html)
{
	struct slice rest = lines, line, item = SLICE_NONE;
	bool ordered;

	while (slice_line(&rest, &line)) {
		size_t mark = text_item_mark(line, &ordered);

		if (mark == 0) {
			item.len = (size_t)(line.ptr + line.len - item.ptr);
			continue;
		}
		if (item.ptr) {
			buf_puts(html, "<li>");
			put_lines(item, false, html);
			buf_puts(html, "</li>\n");
		}
		item = slice_from(line, mark);
	}
	buf_puts(html, "<li>");
	put_lines(item, false, html);
	buf_puts(html, "</li>\n");
}

static unsigned long first_number(struct slice lines)
{
	lines = slice_trim(lines);
	return lines.len > 0 ? strtoul(lines.ptr, NULL, 10) : 1; /* up to the mark behind it */
}

/* Blocks of a list that only blank lines part are one; returns the last of them. */
static size_t put_list(const struct text_shape *shape, size_t i, struct buf *html)
{
	bool ordered = shape->blocks[i].ordered;
	unsigned long number = ordered ? first_number(shape->blocks[i].lines) : 1;

	if (ordered && number != 1)
		buf_printf(html, "<ol start=\"%lu\">\n", number);
	else
		buf_puts(html, ordered ? "<ol>\n" : "<ul>\n");
	for (;; i++) {
		put_items(shape->blocks[i].lines, html);
		if (i + 1 == shape->len || shape->blocks[i + 1].kind != TEXT_LIST ||
		    shape->blocks[i + 1].ordered != ordered)
			break;
	}
	buf_puts(html, ordered ? "</ol>\n" : "</ul>\n");
	return i;
}

static struct slice quote_open(struct slice line)
{
	line = text_trim(line);
	while (slice_starts(line, ">"))
		line = text_trim(slice_from(line, 1));
	return line;
}

static void put_quote(struct slice lines, struct buf *html)
{
	struct slice rest = lines, line;
	bool open = false;

	buf_puts(html, "<blockquote>\n");
	while (slice_line(&rest, &line)) {
		line = quote_open(line);
		if (line.len > 0)
			buf_puts(html, open ? "\n" : "<p>");
		else if (open)
			buf_puts(html, "</p>\n");
		open = line.len > 0;
		plain_put_linked(html, line);
	}
	buf_puts(html, open ? "</p>\n</blockquote>\n" : "</blockquote>\n");
}

static size_t blanks(struct slice line)
{
	size_t n = 0;

	while (n < line.len && (line.ptr[n] == ' ' || line.ptr[n] == '\t'))
		n++;
	return n;
}

static void put_code(struct slice lines, struct buf *html)
{
	struct slice rest = lines, line;
	size_t least = SIZE_MAX;

	while (slice_line(&rest, &line))
		if (blanks(line) < line.len && blanks(line) < least)
			least = blanks(line);
	rest = lines;
	buf_puts(html, "<pre><code>");
	while (slice_line(&rest, &line)) {
		if (blanks(line) < line.len)
			htmlescape_put(html, slice_from(line, least));
		buf_putc(html, '\n');
	}
	buf_puts(html, "</code></pre>\n");
}

/* The same words, blanks and case aside? */
static bool says_same(struct slice a, struct slice b)
{
	struct buf collapsed = BUF_INIT, left = BUF_INIT, right = BUF_INIT;
	bool same;

	text_put_collapsed(&collapsed, a);
	text_put_lower(&left, buf_slice(&collapsed));
	buf_clear(&collapsed);
	text_put_collapsed(&collapsed, b);
	text_put_lower(&right, buf_slice(&collapsed));
	same = slice_equal(buf_slice(&left), buf_slice(&right));
	buf_free(&collapsed);
	buf_free(&left);
	buf_free(&right);
	return same;
}

/* The first block to show: what headline() takes for title and teaser is shown elsewhere. */
static size_t body_start(const struct text_shape *shape, struct slice title)
{
	for (size_t i = 0; i < 2 && i < shape->len && title.len > 0; i++) {
		if (shape->blocks[i].words.len > 0 && says_same(shape->blocks[i].words, title))
			return i + 1;
		if (!text_shape_is_teaser(&shape->blocks[i]))
			break;
	}
	return 0;
}

static void put_blocks(const struct text_shape *shape, size_t start, struct buf *html)
{
	size_t title = start == 0 ? text_shape_headline(shape) : SIZE_MAX;

	for (size_t i = start; i < shape->len; i++) {
		const struct text_block *block = &shape->blocks[i];

		switch (block->kind) {
		case TEXT_PARAGRAPH: put_paragraph(block->lines, block->verse, html); break;
		case TEXT_HEADING: put_heading(block, i == title, html); break;
		case TEXT_LIST: i = put_list(shape, i, html); break;
		case TEXT_QUOTE: put_quote(block->lines, html); break;
		case TEXT_CODE: put_code(block->lines, html); break;
		case TEXT_RULE: buf_puts(html, "<hr>\n"); break;
		case TEXT_DROPPED: break;
		}
	}
}

static int text_to_html(const struct markup_source *source, struct arena *arena,
    struct diags *diags, struct buf *html, struct err *err)
{
	struct text_shape shape;

	(void)arena;
	(void)diags; /* no text is wrong */
	if (text_html_is(source->body)) {
		text_html_put(source->body, html);
	} else {
		text_shape_read(source->body, &shape);
		put_blocks(&shape, body_start(&shape, source->title), html);
		text_shape_free(&shape);
	}
	if (html->overflow)
		return err_set(err, ERR_LIMIT, "body becomes more HTML than fits");
	return 0;
}

static void text_headline(struct slice body, struct arena *arena, struct headline *out)
{
	struct text_shape shape;
	size_t title;

	if (text_html_is(body)) {
		if (markup_html.headline)
			markup_html.headline(body, arena, out);
		return;
	}
	text_shape_read(body, &shape);
	title = text_shape_headline(&shape);
	if (title != SIZE_MAX)
		out->title = shape.blocks[title].words;
	if (title == 1) {
		struct buf teaser = BUF_INIT;

		text_put_collapsed(&teaser, shape.blocks[0].lines);
		out->summary = arena_copy(arena, buf_slice(&teaser));
		buf_free(&teaser);
	}
	text_shape_free(&shape);
}

static const char *const extensions[] = {"txt", "text", NULL};

const struct markup markup_text = {
    .name = "text",
    .extensions = extensions,
    .headline = text_headline,
    .to_html = text_to_html,
};
