#include "feeds/frontmatter/htmlpick.h"

#include <stdint.h>

#include "feeds/frontmatter/jsonld.h"
#include "feeds/markup/htmllex.h"

struct picker {
	struct htmllex lex;
	struct buf *out;
	size_t counted; /* line ends of the html before here stand in `out` */
	size_t picked, scripts, svg_depth;
	bool has_title, has_heading;
	size_t heading_left; /* bytes that the open <h1> may still hold; 0: none is open */
};

static bool is_one_of(struct slice name, const char *const *names)
{
	for (; *names; names++)
		if (slice_equal_nocase(name, *names))
			return true;
	return false;
}

/* The line ends between what was picked last and `at`, so that lines agree. */
static void put_lines(struct picker *picker, size_t at)
{
	struct slice html = picker->lex.html;

	while (picker->counted < at) {
		size_t end = slice_find_byte(html, picker->counted, '\n');

		if (end >= at)
			break;
		buf_putc(picker->out, '\n');
		picker->counted = end + 1;
	}
	if (picker->counted < at)
		picker->counted = at;
}

/* Text with its entities, on one line; what would end it is escaped. */
static void put_text(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		switch (text.ptr[i]) {
		case '<': buf_puts(out, "&lt;"); break;
		case '"': buf_puts(out, "&quot;"); break;
		case '\n': buf_putc(out, ' '); break;
		default: buf_putc(out, text.ptr[i]); break;
		}
	}
}

static void put_tag(struct picker *picker, const struct htmllex_token *token)
{
	static const char *const names[] = {"property", "name", "itemprop", "content", "rel",
	    "href", "lang", "datetime", "pubdate", "class", "type", NULL};
	struct slice attrs = token->attrs;
	struct htmllex_attr attr;
	size_t written = 0;

	put_lines(picker, token->start);
	buf_printf(picker->out, "<%.*s", SLICE_FMT(token->name));
	while (written < 16 && htmllex_next_attr(&attrs, &attr)) {
		if (!is_one_of(attr.name, names) || attr.value.len > HTMLPICK_TEXT_MAX)
			continue;
		buf_printf(picker->out, " %.*s=\"", SLICE_FMT(attr.name));
		put_text(picker->out, attr.value);
		buf_putc(picker->out, '"');
		written++;
	}
	buf_putc(picker->out, '>');
	picker->picked++;
}

/* A title holds no tags (HTML Standard section 13.2.5.2); one without an end stops at the next. */
static void pick_title(struct picker *picker, const struct htmllex_token *token)
{
	size_t start = picker->lex.at;
	struct slice text = htmllex_skip_raw(&picker->lex, "title");

	if (text.len > HTMLPICK_TEXT_MAX) {
		picker->lex.at = slice_find_byte(picker->lex.html, start, '<');
		text = slice_sub(picker->lex.html, start, picker->lex.at);
	}
	if (text.len > HTMLPICK_TEXT_MAX)
		return;
	put_tag(picker, token);
	put_text(picker->out, text);
	buf_puts(picker->out, "</title>");
	picker->has_title = true;
}

static void pick_script(struct picker *picker, const struct htmllex_token *token)
{
	struct slice type = htmllex_attr(token->attrs, "type");
	struct slice text = htmllex_skip_raw(&picker->lex, "script");

	if (!slice_starts_nocase(slice_trim(type), "application/ld+json") ||
	    text.len > JSONLD_MAX || picker->scripts == HTMLPICK_SCRIPTS_MAX)
		return;
	put_tag(picker, token);
	buf_put_slice(picker->out, text);
	buf_puts(picker->out, "</script>");
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '\n')
			picker->counted = (size_t)(text.ptr + i + 1 - picker->lex.html.ptr);
	picker->scripts++;
}

static void heading_end(struct picker *picker)
{
	if (picker->heading_left > 0)
		buf_puts(picker->out, "</h1>");
	picker->heading_left = 0;
}

static void heading_text(struct picker *picker, struct slice text)
{
	if (picker->heading_left == 0)
		return;
	if (text.len >= picker->heading_left) {
		heading_end(picker);
		return;
	}
	picker->heading_left -= text.len;
	put_text(picker->out, text);
}

static void pick_start(struct picker *picker, const struct htmllex_token *token)
{
	static const char *const flat[] = {"html", "base", "meta", "link", "time", NULL};
	static const char *const raws[] = {
	    "style", "textarea", "iframe", "noembed", "noframes", "xmp"};
	struct slice name = token->name;

	if (slice_equal_nocase(name, "script")) {
		heading_end(picker);
		pick_script(picker, token);
	} else if (is_one_of(name, flat)) {
		put_tag(picker, token);
		if (slice_equal_nocase(name, "time"))
			buf_puts(picker->out, "</time>");
	} else if (slice_equal_nocase(name, "title")) {
		if (!picker->has_title && picker->svg_depth == 0)
			pick_title(picker, token);
	} else if (slice_equal_nocase(name, "h1")) {
		if (picker->has_heading)
			return;
		put_tag(picker, token);
		picker->has_heading = true;
		picker->heading_left = HTMLPICK_TEXT_MAX;
	} else if (slice_equal_nocase(name, "svg")) {
		picker->svg_depth += !token->closed;
	}
	for (size_t i = 0; i < sizeof(raws) / sizeof(raws[0]); i++)
		if (slice_equal_nocase(name, raws[i]))
			(void)htmllex_skip_raw(&picker->lex, raws[i]);
}

void htmlpick_put(struct slice html, struct buf *out)
{
	struct picker picker = {.lex = {.html = html}, .out = out};
	struct htmllex_token token;

	while (picker.picked < HTMLPICK_TAGS_MAX && htmllex_next(&picker.lex, &token)) {
		switch (token.kind) {
		case HTMLLEX_START: pick_start(&picker, &token); break;
		case HTMLLEX_END:
			if (slice_equal_nocase(token.name, "h1"))
				heading_end(&picker);
			else if (slice_equal_nocase(token.name, "svg"))
				picker.svg_depth -= picker.svg_depth > 0;
			break;
		case HTMLLEX_TEXT: heading_text(&picker, token.text); break;
		default: break;
		}
	}
	heading_end(&picker);
}
