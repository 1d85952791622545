#include "feeds/markup/text_html.h"

struct tag {
	const char *name;
	bool block;
	bool empty; /* has no end tag */
};

static const struct tag tags[] = {
    {"a", false, false},
    {"b", false, false},
    {"blockquote", true, false},
    {"br", false, true},
    {"code", false, false},
    {"div", true, false},
    {"em", false, false},
    {"h1", true, false},
    {"h2", true, false},
    {"h3", true, false},
    {"h4", true, false},
    {"h5", true, false},
    {"h6", true, false},
    {"hr", true, true},
    {"i", false, false},
    {"img", false, true},
    {"li", true, false},
    {"ol", true, false},
    {"p", true, false},
    {"pre", true, false},
    {"span", false, false},
    {"strong", false, false},
    {"table", true, false},
    {"ul", true, false},
};
enum { TAGS = sizeof(tags) / sizeof(*tags) };

/* The tag that begins at `at`, which is a "<"; NULL: it is none of these. */
static const struct tag *tag_at(struct slice line, size_t at, bool *closing)
{
	size_t start = at + 1, end;

	*closing = start < line.len && line.ptr[start] == '/';
	start += *closing;
	for (end = start; end < line.len && end < start + 11; end++)
		if (strchr(" \t/>", line.ptr[end]))
			break;
	/* A tag may go on over the line's end. */
	if (end < line.len && !strchr(" \t/>", line.ptr[end]))
		return NULL;
	for (size_t i = 0; i < TAGS; i++)
		if (slice_equal_nocase(slice_sub(line, start, end), tags[i].name))
			return &tags[i];
	return NULL;
}

struct evidence {
	bool opened[TAGS];
	bool marked; /* a pair, or an empty element */
	bool blocks;
	bool breaks;
};

static void line_look(struct evidence *seen, struct slice line)
{
	if (slice_starts(line, "    ") || slice_starts(line, "\t"))
		return;
	for (size_t i = slice_find_byte(line, 0, '<'); i < line.len;
	     i = slice_find_byte(line, i + 1, '<')) {
		bool closing;
		const struct tag *tag = tag_at(line, i, &closing);

		if (!tag)
			continue;
		if (tag->empty || (closing && seen->opened[tag - tags]))
			seen->marked = true;
		if (!closing)
			seen->opened[tag - tags] = true;
		seen->blocks = seen->blocks || tag->block;
		seen->breaks = seen->breaks || strcmp(tag->name, "br") == 0;
	}
}

static struct evidence look(struct slice body)
{
	struct evidence seen = {.marked = false};
	struct slice rest = body, line;

	while (slice_line(&rest, &line))
		line_look(&seen, line);
	/* Blosxom's way: `<p>` opens paragraphs and nothing closes them. */
	if (slice_starts_nocase(slice_trim(body), "<p>"))
		seen.marked = true;
	return seen;
}

bool text_html_is(struct slice body)
{
	return look(body).marked;
}

void text_html_put(struct slice body, struct buf *html)
{
	struct evidence seen = look(body);
	struct slice rest = body, line;
	bool open = false;

	if (seen.blocks || seen.breaks) {
		buf_put_slice(html, body);
		return;
	}
	while (slice_line(&rest, &line)) {
		bool blank = slice_trim(line).len == 0;

		if (blank && open)
			buf_puts(html, "</p>\n");
		else if (!blank)
			buf_puts(html, open ? "\n" : "<p>");
		open = !blank;
		buf_put_slice(html, line);
	}
	if (open)
		buf_puts(html, "</p>\n");
}
