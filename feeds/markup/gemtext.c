/*
 * gemtext: the text format of Gemini (gemini://geminiprotocol.net/docs/gemtext-specification.gmi).
 *
 * Each line is of one kind, told by its first characters, and each line of text
 * is a paragraph. Links that follow each other become a list; no link becomes
 * an image, for its author chose a link.
 */
#include "feeds/markup/htmlescape.h"
#include "feeds/markup/markup.h"

enum line_kind { TEXT, LINK, HEADING, ITEM, QUOTE, TOGGLE, KINDS };

struct line {
	enum line_kind kind;
	int level;	   /* of a heading */
	struct slice text; /* without the mark */
};

static struct line line_read(struct slice raw)
{
	struct line line = {TEXT, 0, raw};

	if (slice_starts(raw, "```"))
		return (struct line){TOGGLE, 0, slice_trim(slice_from(raw, 3))};
	if (slice_starts(raw, "=>") && slice_trim(slice_from(raw, 2)).len > 0)
		return (struct line){LINK, 0, slice_trim(slice_from(raw, 2))};
	if (slice_starts(raw, "* "))
		return (struct line){ITEM, 0, slice_trim(slice_from(raw, 2))};
	if (slice_starts(raw, ">"))
		return (struct line){QUOTE, 0, slice_trim(slice_from(raw, 1))};
	while (line.level < 3 && slice_starts(line.text, "#")) {
		line.text = slice_from(line.text, 1);
		line.level++;
	}
	line.kind = line.level > 0 ? HEADING : TEXT;
	line.text = slice_trim(line.text);
	return line;
}

/* The rest of a link line is its words; without any the URL serves. */
static void put_link(struct slice text, struct buf *html)
{
	size_t end = 0;
	struct slice url, words;

	while (end < text.len && text.ptr[end] != ' ' && text.ptr[end] != '\t')
		end++;
	url = slice_sub(text, 0, end);
	words = slice_trim(slice_from(text, end));
	buf_puts(html, "<a href=\"");
	htmlescape_put(html, url);
	buf_puts(html, "\">");
	htmlescape_put(html, words.len > 0 ? words : url);
	buf_puts(html, "</a>");
}

/* Text that stands in a tag of its own; a blank line of text is nothing. */
static void put_element(const char *tag, struct slice text, struct buf *html)
{
	if (text.len == 0)
		return;
	buf_printf(html, "<%s>", tag);
	htmlescape_put(html, text);
	buf_printf(html, "</%s>\n", tag);
}

/* From behind the opening toggle line up to the closing one, or the end. */
static void put_preformatted(struct slice alt, struct slice *rest, struct buf *html)
{
	bool is_word = alt.len > 0 && slice_find_byte(alt, 0, ' ') == alt.len;
	struct slice line;

	buf_puts(html, "<pre><code");
	if (is_word) {
		buf_puts(html, " class=\"language-");
		htmlescape_put(html, alt);
		buf_puts(html, "\"");
	}
	buf_puts(html, ">");
	while (slice_line(rest, &line) && !slice_starts(line, "```")) {
		htmlescape_put(html, line);
		buf_putc(html, '\n');
	}
	buf_puts(html, "</code></pre>\n");
}

static bool next_is(struct slice rest, enum line_kind kind)
{
	struct slice raw;

	return slice_line(&rest, &raw) && line_read(raw).kind == kind;
}

/* A run of lines of one kind is one element. */
static void put_run(struct line line, struct slice *rest, struct buf *html)
{
	static const char *const around[KINDS] = {
	    [LINK] = "ul", [ITEM] = "ul", [QUOTE] = "blockquote"};
	enum line_kind kind = line.kind;
	struct slice raw;

	buf_printf(html, "<%s>\n", around[kind]);
	for (;;) {
		if (kind == LINK) {
			buf_puts(html, "<li>");
			put_link(line.text, html);
			buf_puts(html, "</li>\n");
		} else {
			put_element(kind == ITEM ? "li" : "p", line.text, html);
		}
		if (!next_is(*rest, kind))
			break;
		(void)slice_line(rest, &raw); /* there is one, as next_is saw */
		line = line_read(raw);
	}
	buf_printf(html, "</%s>\n", around[kind]);
}

static void put_line(struct line line, struct slice *rest, struct buf *html)
{
	static const char *const headings[] = {"h1", "h1", "h2", "h3"};

	switch (line.kind) {
	case HEADING: put_element(headings[line.level], line.text, html); break;
	case TOGGLE: put_preformatted(line.text, rest, html); break;
	case LINK:
		if (!next_is(*rest, LINK)) {
			buf_puts(html, "<p>");
			put_link(line.text, html);
			buf_puts(html, "</p>\n");
			break;
		}
		put_run(line, rest, html);
		break;
	case ITEM:
	case QUOTE: put_run(line, rest, html); break;
	default: put_element("p", line.text, html); break;
	}
}

static int gemtext_to_html(const struct markup_source *source, struct arena *arena,
    struct diags *diags, struct buf *html, struct err *err)
{
	struct slice rest = source->body, raw;

	(void)arena;
	(void)diags; /* no gemtext is wrong */
	while (slice_line(&rest, &raw))
		put_line(line_read(raw), &rest, html);
	if (html->overflow)
		return err_set(err, ERR_LIMIT, "body becomes more HTML than fits");
	return 0;
}

static void gemtext_headline(struct slice body, struct arena *arena, struct headline *out)
{
	struct slice rest = body, raw;
	bool preformatted = false;

	(void)arena;
	while (slice_line(&rest, &raw)) {
		struct line line = line_read(raw);

		if (line.kind == TOGGLE)
			preformatted = !preformatted;
		if (!preformatted && line.kind == HEADING && line.level == 1 && line.text.len > 0) {
			out->title = line.text;
			return;
		}
	}
}

static const char *const extensions[] = {"gmi", "gemini", NULL};

const struct markup markup_gemtext = {
    .name = "gemtext",
    .extensions = extensions,
    .headline = gemtext_headline,
    .to_html = gemtext_to_html,
};
