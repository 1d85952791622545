#include "feeds/markup/text_shape.h"

#include <stdlib.h>

#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/markup/headline.h"

enum {
	WRAP_MAX = 120,	  /* columns; a longer line was not wrapped by hand */
	WRAP_MIN = 40,	  /* columns; nobody wraps before */
	VERSE_MAX = 60,	  /* columns of the longest line of verse */
	TEASER_MAX = 400, /* columns of a teaser */
	CODE_INDENT = 4,  /* columns */
};

enum line_kind { LINE_PLAIN, LINE_ITEM, LINE_QUOTE, LINE_RULE, LINE_INDENTED };

bool text_is_wide(uint32_t c)
{
	return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0xff01 && c <= 0xff60) || (c >= 0x20000 && c <= 0x3ffff);
}

/* Spaces, and the zero-width marks that editors leave in empty lines. */
static bool is_space(uint32_t c)
{
	return text_is_space(c) || c == 0x200b || c == 0xfeff;
}

struct slice text_trim(struct slice s)
{
	size_t start = 0, end = s.len;

	while (start < s.len) {
		size_t next = start;

		if (!is_space(text_next(s, &next)))
			break;
		start = next;
	}
	while (end > start) {
		size_t last = end - 1, next;

		while (last > start && ((unsigned char)s.ptr[last] & 0xc0) == 0x80)
			last--;
		next = last;
		if (!is_space(text_next(s, &next)))
			break;
		end = last;
	}
	return slice_sub(s, start, end);
}

/* Columns that the text takes: two for what is wide (East Asian). */
static size_t text_width(struct slice s)
{
	size_t width = 0;

	for (size_t i = 0; i < s.len;)
		width += text_is_wide(text_next(s, &i)) ? 2 : 1;
	return width;
}

static size_t indent_of(struct slice line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'); i++)
		column += line.ptr[i] == '\t' ? 4 - column % 4 : 1;
	return column;
}

size_t text_item_mark(struct slice line, bool *ordered)
{
	static const char *const bullets[] = {"-", "*", "+", "•", "–", "·", "◦", "▪", "‣", "●"};
	size_t i = 0, end = 0, start;

	*ordered = false;
	while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
		i++;
	start = i;
	for (size_t b = 0; b < sizeof(bullets) / sizeof(*bullets) && end == 0; b++)
		if (slice_starts(slice_from(line, i), bullets[b]))
			end = i + strlen(bullets[b]);
	if (end == 0) {
		while (i < line.len && i < start + 3 && line.ptr[i] >= '0' && line.ptr[i] <= '9')
			i++;
		if (i == start || i >= line.len || (line.ptr[i] != '.' && line.ptr[i] != ')'))
			return 0;
		end = i + 1;
		*ordered = true;
	}
	if (end >= line.len || (line.ptr[end] != ' ' && line.ptr[end] != '\t'))
		return 0;
	while (end < line.len && (line.ptr[end] == ' ' || line.ptr[end] == '\t'))
		end++;
	return end;
}

/* Three or more of one of these and blanks. */
static bool is_rule(struct slice line)
{
	char mark = line.len > 0 ? line.ptr[0] : '\0';
	size_t marks = 0;

	if (!mark || !strchr("-=*_~", mark))
		return false;
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] != mark && line.ptr[i] != ' ')
			return false;
		marks += line.ptr[i] == mark;
	}
	return marks >= 3;
}

static enum line_kind line_kind(struct slice line)
{
	struct slice text = text_trim(line);
	bool ordered;

	if (is_rule(text))
		return LINE_RULE;
	if (slice_starts(text, ">"))
		return LINE_QUOTE;
	if (text_item_mark(line, &ordered) > 0)
		return LINE_ITEM;
	return indent_of(line) >= CODE_INDENT ? LINE_INDENTED : LINE_PLAIN;
}

static struct slice joined(struct slice a, struct slice b)
{
	return slice_make(a.ptr, (size_t)(b.ptr + b.len - a.ptr));
}

/*
 * Blocks between two blank lines.
 */

struct reader {
	struct text_shape *shape;
	bool indented; /* most lines of the text are indented: that is its style, no code */
	bool parted;   /* a blank line, or the start, is above the line at hand */
};

static struct text_block *block_last(struct reader *reader)
{
	return reader->shape->len > 0 ? &reader->shape->blocks[reader->shape->len - 1] : NULL;
}

static struct text_block *block_add(struct reader *reader, enum text_kind kind, struct slice lines)
{
	struct text_shape *shape = reader->shape;

	if (shape->len == shape->cap) {
		shape->cap = shape->cap ? shape->cap * 2 : 16;
		shape->blocks = mem_resize(shape->blocks, shape->cap, sizeof(*shape->blocks));
	}
	shape->blocks[shape->len++] = (struct text_block){.kind = kind, .lines = lines};
	return block_last(reader);
}

/* "# Title" as in Markdown, which people write in text files too; 0: it is not. */
static size_t hashes(struct slice line)
{
	size_t n = 0;

	while (n < line.len && line.ptr[n] == '#')
		n++;
	return n > 0 && n <= 6 && n < line.len && line.ptr[n] == ' ' ? n + 1 : 0;
}

/* Does a rule below this block underline it? Dashes may also part: they must be about as long. */
static bool is_underlined(const struct text_block *block, struct slice rule)
{
	struct slice words = text_trim(block->lines);
	bool long_enough = rule.ptr[0] == '=' || 2 * rule.len >= text_width(words);

	return block->kind == TEXT_PARAGRAPH && slice_find_byte(words, 0, '\n') == words.len &&
	       words.len > 0 && strchr("=-~", rule.ptr[0]) && long_enough &&
	       text_width(words) <= WRAP_MAX;
}

/* May a line go on what the block above it began? */
static bool goes_on(
    const struct reader *reader, const struct text_block *last, enum line_kind kind, bool wrapped)
{
	if (!last || reader->parted)
		return last && last->kind == TEXT_CODE && kind == LINE_INDENTED &&
		       !reader->indented;
	switch (last->kind) {
	case TEXT_PARAGRAPH: return wrapped && (kind == LINE_PLAIN || kind == LINE_INDENTED);
	case TEXT_LIST: return wrapped && kind != LINE_QUOTE && kind != LINE_RULE;
	case TEXT_QUOTE: return kind == LINE_QUOTE;
	case TEXT_CODE: return kind == LINE_INDENTED;
	default: return false;
	}
}

static enum text_kind kind_of(const struct reader *reader, enum line_kind kind, struct slice line)
{
	switch (kind) {
	case LINE_QUOTE: return TEXT_QUOTE;
	case LINE_ITEM: return TEXT_LIST;
	case LINE_RULE: return TEXT_RULE;
	case LINE_INDENTED:
		return reader->indented || text_width(line) > WRAP_MAX ? TEXT_PARAGRAPH : TEXT_CODE;
	default: return TEXT_PARAGRAPH;
	}
}

/* `wrapped`: the lines between the blank lines around are short enough to belong together. */
static void line_take(struct reader *reader, struct slice line, bool wrapped, bool parted_below)
{
	enum line_kind kind = line_kind(line);
	struct text_block *last = block_last(reader);
	struct slice text = text_trim(line);
	bool parted = reader->parted, ordered = false;

	if (kind == LINE_RULE && last && !parted && is_underlined(last, text)) {
		last->kind = TEXT_HEADING;
		last->words = text_trim(last->lines);
		last->lines = joined(last->lines, line);
		last->lone = false;
	} else if (goes_on(reader, last, kind, wrapped)) {
		last->lines = joined(last->lines, line);
		last->lone = false;
	} else if (kind == LINE_PLAIN && hashes(text) > 0) {
		last = block_add(reader, TEXT_HEADING, line);
		last->words = text_trim(slice_from(text, hashes(text)));
	} else {
		last = block_add(reader, kind_of(reader, kind, line), line);
		if (kind == LINE_ITEM)
			(void)text_item_mark(line, &ordered);
		last->ordered = ordered;
		/* A number may count headings: "1. Begin with the end". */
		last->lone = (last->kind == TEXT_PARAGRAPH || ordered) &&
			     ((parted && parted_below) || !wrapped);
		last->words = text;
	}
	reader->parted = false;
}

/* Are all lines up to the next blank one short enough to have been wrapped by hand? */
static bool chunk_is_wrapped(struct slice rest)
{
	struct slice line;

	while (slice_line(&rest, &line) && text_trim(line).len > 0)
		if (line.len > WRAP_MAX && text_width(line) > WRAP_MAX)
			return false;
	return true;
}

static bool is_indented_style(struct slice rest)
{
	size_t lines = 0, indented = 0;
	struct slice line;

	while (slice_line(&rest, &line)) {
		if (text_trim(line).len == 0)
			continue;
		lines++;
		indented += indent_of(line) >= CODE_INDENT;
	}
	return 2 * indented > lines;
}

static bool blank_follows(struct slice rest)
{
	struct slice line;

	return !slice_line(&rest, &line) || text_trim(line).len == 0;
}

static void blocks_read(struct slice body, struct text_shape *out)
{
	struct reader reader = {out, is_indented_style(body), true};
	struct slice rest = body, line;
	bool wrapped = true;

	while (rest.len > 0) {
		struct slice chunk = rest;

		(void)slice_line(&rest, &line); /* there is one, as rest is not empty */
		if (text_trim(line).len == 0) {
			reader.parted = true;
			continue;
		}
		if (reader.parted)
			wrapped = chunk_is_wrapped(chunk);
		line_take(&reader, line, wrapped, blank_follows(rest));
	}
}

/*
 * What lone lines are.
 */

static bool is_wordy(const struct text_block *block)
{
	return block->kind != TEXT_HEADING && block->kind != TEXT_RULE;
}

/* A line in a script without capitals is a heading only above something longer. */
static bool needs_more_below(struct slice line)
{
	for (size_t i = 0; i < line.len;) {
		uint32_t c = text_next(line, &i);

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c < 0x590))
			return false;
	}
	return true;
}

static bool is_candidate(const struct text_shape *shape, size_t i)
{
	const struct text_block *block = &shape->blocks[i];
	struct slice words = block->words;
	bool ordered;

	if (!block->lone)
		return false;
	if (block->kind == TEXT_LIST) {
		if ((i > 0 && shape->blocks[i - 1].ordered) ||
		    (i + 1 < shape->len && shape->blocks[i + 1].ordered))
			return false;
		words = slice_from(words, text_item_mark(words, &ordered));
	}
	if (!headline_likely(words))
		return false;
	/* A label before a list names the list: "You need:" */
	return !slice_ends(words, ":") || i + 1 == shape->len ||
	       shape->blocks[i + 1].kind != TEXT_LIST;
}

/*
 * Blocks first to end-1 all look like headlines. Three and more of them are a title with
 * its byline, or lines of a list without marks: the first heads them, the last what
 * comes below.
 */
static void run_settle(struct text_shape *shape, size_t first, size_t end)
{
	struct text_block *blocks = shape->blocks;
	bool at_end = end == shape->len;

	if (at_end && end - first == 1) {
		if (first > 0 && headline_is_bare(blocks[first].words))
			blocks[first].kind = TEXT_DROPPED;
		return;
	}
	blocks[first].kind = TEXT_HEADING;
	if (at_end)
		return;
	if (is_wordy(&blocks[end]) && needs_more_below(blocks[end - 1].words) &&
	    text_width(blocks[end].lines) <= text_width(blocks[end - 1].lines))
		blocks[end - 1].kind = TEXT_PARAGRAPH;
	else
		blocks[end - 1].kind = TEXT_HEADING;
}

static void headings_settle(struct text_shape *shape)
{
	for (size_t first = 0, end; first < shape->len; first = end) {
		end = first + 1;
		if (!is_candidate(shape, first))
			continue;
		while (end < shape->len && is_candidate(shape, end))
			end++;
		run_settle(shape, first, end);
	}
	/* The same of headings that are marked. */
	if (shape->len > 1 && shape->blocks[shape->len - 1].kind == TEXT_HEADING)
		shape->blocks[shape->len - 1].kind = TEXT_DROPPED;
}

static size_t first_word_width(struct slice line)
{
	size_t end = 0;

	line = text_trim(line);
	while (end < line.len && line.ptr[end] != ' ' && line.ptr[end] != '\t')
		end++;
	return text_width(slice_sub(line, 0, end));
}

/* Columns of the widest line of running text, but no less than anybody wraps at. */
static size_t wrap_width(const struct text_shape *shape)
{
	size_t width = WRAP_MIN;

	for (size_t i = 0; i < shape->len; i++) {
		struct slice rest = shape->blocks[i].lines, line;

		if (shape->blocks[i].kind != TEXT_PARAGRAPH || shape->blocks[i].lone)
			continue;
		while (slice_line(&rest, &line)) {
			size_t columns = text_width(text_trim(line));

			if (columns > width && columns <= WRAP_MAX &&
			    slice_find(line, 0, "://") == line.len)
				width = columns;
		}
	}
	return width;
}

/*
 * Whoever wraps at a width goes on to the next line when the next word does not
 * fit. Where most of the next words would have fitted, the line ends are meant:
 * a poem, an address.
 */
static bool is_verse(struct slice lines, size_t wrap)
{
	size_t breaks = 0, meant = 0, columns = 0;
	struct slice rest = lines, line;

	while (slice_line(&rest, &line)) {
		if (columns > 0) {
			breaks++;
			meant += columns + 1 + first_word_width(line) <= wrap;
		}
		columns = text_width(text_trim(line));
		if (columns > VERSE_MAX)
			return false;
	}
	return breaks > 0 && 5 * meant >= 3 * breaks;
}

void text_shape_read(struct slice body, struct text_shape *out)
{
	size_t wrap;

	*out = (struct text_shape){NULL, 0, 0};
	blocks_read(body, out);
	headings_settle(out);
	wrap = wrap_width(out);
	for (size_t i = 0; i < out->len; i++)
		out->blocks[i].verse =
		    out->blocks[i].kind == TEXT_PARAGRAPH && is_verse(out->blocks[i].lines, wrap);
}

void text_shape_free(struct text_shape *shape)
{
	free(shape->blocks);
	*shape = (struct text_shape){NULL, 0, 0};
}

bool text_shape_is_teaser(const struct text_block *block)
{
	return block->kind == TEXT_PARAGRAPH && !block->verse &&
	       text_width(block->lines) <= TEASER_MAX;
}

size_t text_shape_headline(const struct text_shape *shape)
{
	if (shape->len > 1 && shape->blocks[0].kind == TEXT_HEADING)
		return 0;
	if (shape->len > 2 && shape->blocks[1].kind == TEXT_HEADING &&
	    text_shape_is_teaser(&shape->blocks[0]))
		return 1;
	return SIZE_MAX;
}
