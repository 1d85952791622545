/*
 * ikiwiki's directives: `[[!name arguments]]`, with long texts as """…""".
 *
 * Those that speak to the wiki (meta, tag, inline, map …) go; those that show
 * something become HTML; texts in their arguments are walked like the body.
 */
#include "feeds/markup/directive_family.h"

enum { QUOTES_MAX = 64 };

/* ---- rows of their own ---- */

/* file [size=WxH] [alt=] [title=] [caption=] [link=] */
static bool put_img(struct directive_call *call, struct buf *html)
{
	struct slice src = call_arg(call, "src", 0), size = call_arg(call, "size", -1);
	struct slice link = call_arg(call, "link", -1), caption = call_arg(call, "caption", -1);
	size_t x = slice_find_byte(size, 0, 'x');
	struct slice width = slice_sub(size, 0, x);

	if (src.len == 0 || slice_find_byte(src, 0, '=') < src.len)
		return false;
	if (width.len > 0 && (width.ptr[0] < '0' || width.ptr[0] > '9'))
		width = SLICE_NONE; /* "full" */
	if (slice_equal_str(link, "no") || slice_find(link, 0, "://") == link.len)
		link = SLICE_NONE;
	if (caption.len > 0)
		buf_puts(html, "<figure>");
	if (link.len > 0) {
		buf_puts(html, "<a href=\"");
		scan_put_url(html, link);
		buf_puts(html, "\">");
	}
	component_put_image(html, src, call_arg(call, "alt", -1), call_arg(call, "title", -1),
	    width, slice_sub(size, x < size.len ? x + 1 : x, size.len));
	if (link.len > 0)
		buf_puts(html, "</a>");
	if (caption.len > 0) {
		buf_puts(html, "<figcaption>");
		scan_put_markup(call->scan, html, caption, true);
		buf_puts(html, "</figcaption></figure>");
	}
	return true;
}

/* lang """code""" */
static bool put_format(struct directive_call *call, struct buf *html)
{
	struct slice lang = call_arg(call, "type", 0), code = call_arg(call, "text", 1);

	call->args[0] = (struct directive_arg){SLICE("lang"), lang, ARG_QUOTED};
	call->args_len = 1;
	call->inner = code;
	call->verbatim = true;
	return component_code(call, html);
}

static bool put_tex(struct directive_call *call, struct buf *html)
{
	struct slice code = call_arg(call, "code|alt", -1);

	if (code.len == 0)
		return false;
	buf_puts(html, "<code>");
	scan_put_verbatim(call->scan, html, code);
	buf_puts(html, "</code>");
	return true;
}

static void put_cells(struct directive_call *call, struct buf *html, struct slice line,
    char divider, const char *cell)
{
	buf_puts(html, "<tr>");
	for (size_t at = 0; at <= line.len;) {
		size_t end = slice_find_byte(line, at, divider);
		struct slice text = slice_trim(slice_sub(line, at, end));

		if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
			text = slice_sub(text, 1, text.len - 1);
		buf_printf(html, "<%s>", cell);
		scan_put_text(call->scan, html, text);
		buf_printf(html, "</%s>", cell);
		at = end + 1;
	}
	buf_puts(html, "</tr>");
}

/* data="""…""": lines of cells, divided by "|" or with format=csv by ",". */
static bool put_table(struct directive_call *call, struct buf *html)
{
	struct slice rest = slice_trim(call_arg(call, "data", -1)), line;
	struct slice header = call_arg(call, "header", -1);
	bool head = !slice_equal_str(header, "no");
	char divider = slice_equal_str(call_arg(call, "format", -1), "csv") ? ',' : '|';
	struct slice own = call_arg(call, "delimiter", -1);

	if (rest.len == 0)
		return false;
	if (own.len > 0)
		divider = own.ptr[0];
	buf_puts(html, "<table>");
	while (slice_line(&rest, &line)) {
		if (slice_trim(line).len == 0)
			continue;
		put_cells(call, html, line, divider, head ? "th" : "td");
		head = false;
	}
	buf_puts(html, "</table>");
	return true;
}

static bool put_date(struct directive_call *call, struct buf *html)
{
	scan_put_text(call->scan, html, call->rest.len ? call_arg(call, "date", 0) : SLICE_NONE);
	return html->len > 0;
}

/* [[!wikipedia Page Name]]: data is the address, "%" what stands behind the name. */
static bool put_shortcut(struct directive_call *call, struct buf *html)
{
	struct slice text = call_arg(call, "desc", -1), what = call_words(call, 0);
	const char *hole = strchr(call->row->data, '%');
	struct buf url = BUF_INIT, name = BUF_INIT;

	if (what.len == 0)
		return false;
	buf_put(&url, call->row->data, (size_t)(hole - call->row->data));
	for (size_t i = 0; i < what.len; i++)
		buf_putc(&url, what.ptr[i] == ' ' ? '_' : what.ptr[i]);
	buf_puts(&url, hole + 1);
	if (text.len == 0 && slice_equal_str(call->name, "rfc"))
		buf_puts(&name, "RFC ");
	else if (text.len == 0 && slice_ends(call->name, "bug"))
		buf_puts(&name, "bug #");
	buf_put_slice(&name, text.len ? text : what);
	component_put_link(call->scan, html, buf_slice(&url), buf_slice(&name));
	buf_free(&url);
	buf_free(&name);
	return true;
}

static bool put_more(struct directive_call *call, struct buf *html)
{
	(void)call;
	buf_puts(html, "<!-- more -->");
	return true;
}

static bool put_link(struct directive_call *call, struct buf *html)
{
	struct slice page = call_arg(call, "", 0), text = call_arg(call, "text", -1);
	struct buf url = BUF_INIT;

	if (page.len == 0)
		return false;
	text = text.len ? text : page;
	if (scan_find_link(call->scan, page, &url))
		component_put_link(call->scan, html, buf_slice(&url), text);
	else
		scan_put_text(call->scan, html, text);
	buf_free(&url);
	return true;
}

static const struct directive_row rows[] = {
    {"img", SHAPE_INLINE, put_img, NULL},
    {"format", SHAPE_BLOCK, put_format, NULL},
    {"highlight", SHAPE_BLOCK, put_format, NULL},
    {"table", SHAPE_BLOCK, put_table, NULL},
    {"teximg", SHAPE_INLINE, put_tex, NULL},
    {"date", SHAPE_INLINE, put_date, NULL},
    {"taglink", SHAPE_INLINE, put_link, NULL},
    {"video", SHAPE_BLOCK, component_media, "video"},
    {"audio", SHAPE_BLOCK, component_media, "audio"},
    {"youtube", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"graph", SHAPE_GONE, NULL, NULL},
    {"more", SHAPE_BLOCK, put_more, NULL},
    {"wikipedia", SHAPE_INLINE, put_shortcut, "https://en.wikipedia.org/wiki/%"},
    {"wikitravel", SHAPE_INLINE, put_shortcut, "https://wikitravel.org/en/%"},
    {"wiktionary", SHAPE_INLINE, put_shortcut, "https://en.wiktionary.org/wiki/%"},
    {"rfc", SHAPE_INLINE, put_shortcut, "https://www.rfc-editor.org/rfc/rfc%"},
    {"debbug", SHAPE_INLINE, put_shortcut, "https://bugs.debian.org/%"},
    {"debpkg", SHAPE_INLINE, put_shortcut, "https://packages.debian.org/%"},
    {"debpts", SHAPE_INLINE, put_shortcut, "https://tracker.debian.org/%"},
    {"deb", SHAPE_INLINE, put_shortcut, "https://packages.debian.org/%"},
    {"cve", SHAPE_INLINE, put_shortcut, "https://www.cve.org/CVERecord?id=%"},
    {"cpan", SHAPE_INLINE, put_shortcut, "https://metacpan.org/search?q=%"},
    {"imdb", SHAPE_INLINE, put_shortcut, "https://www.imdb.com/find?q=%"},
    {"iki", SHAPE_INLINE, put_shortcut, "https://ikiwiki.info/%/"},
    {"joey", SHAPE_INLINE, put_shortcut, "https://kitenet.net/~joey/%/"},
    {"google", SHAPE_INLINE, put_shortcut, "https://www.google.com/search?q=%"},
    {"man", SHAPE_INLINE, put_shortcut, "https://manpages.debian.org/%"},
    {"mozillazinebug", SHAPE_INLINE, put_shortcut, "https://bugzilla.mozilla.org/%"},
    {"mozbug", SHAPE_INLINE, put_shortcut, "https://bugzilla.mozilla.org/%"},
    {"meta", SHAPE_GONE, NULL, NULL},
    {"tag", SHAPE_GONE, NULL, NULL},
    {"toc", SHAPE_GONE, NULL, NULL},
    {"inline", SHAPE_GONE, NULL, NULL},
    {"sidebar", SHAPE_GONE, NULL, NULL},
    {"map", SHAPE_GONE, NULL, NULL},
    {"linkmap", SHAPE_GONE, NULL, NULL},
    {"waypoint", SHAPE_GONE, NULL, NULL},
    {"osm", SHAPE_GONE, NULL, NULL},
    {"pagecount", SHAPE_GONE, NULL, NULL},
    {"pagestats", SHAPE_GONE, NULL, NULL},
    {"postsparkline", SHAPE_GONE, NULL, NULL},
    {"sparkline", SHAPE_GONE, NULL, NULL},
    {"progress", SHAPE_GONE, NULL, NULL},
    {"brokenlinks", SHAPE_GONE, NULL, NULL},
    {"orphans", SHAPE_GONE, NULL, NULL},
    {"shortcut", SHAPE_GONE, NULL, NULL},
    {"aggregate", SHAPE_GONE, NULL, NULL},
    {"calendar", SHAPE_GONE, NULL, NULL},
    {"comment", SHAPE_GONE, NULL, NULL},
    {"comments", SHAPE_GONE, NULL, NULL},
    {"edittemplate", SHAPE_GONE, NULL, NULL},
    {"pagetemplate", SHAPE_GONE, NULL, NULL},
    {"templatebody", SHAPE_GONE, NULL, NULL},
    {"favicon", SHAPE_GONE, NULL, NULL},
    {"flattr", SHAPE_GONE, NULL, NULL},
    {"fortune", SHAPE_GONE, NULL, NULL},
    {"listdirectives", SHAPE_GONE, NULL, NULL},
    {"local", SHAPE_GONE, NULL, NULL},
    {"localstyle", SHAPE_GONE, NULL, NULL},
    {"poll", SHAPE_GONE, NULL, NULL},
    {"prettydate", SHAPE_GONE, NULL, NULL},
    {"rename", SHAPE_GONE, NULL, NULL},
    {"searchform", SHAPE_GONE, NULL, NULL},
    {"testpagespec", SHAPE_GONE, NULL, NULL},
    {"toggle", SHAPE_GONE, NULL, NULL},
    {"trail", SHAPE_GONE, NULL, NULL},
    {"trailitem", SHAPE_GONE, NULL, NULL},
    {"trailitems", SHAPE_GONE, NULL, NULL},
    {"traillink", SHAPE_GONE, NULL, NULL},
    {"trailoptions", SHAPE_GONE, NULL, NULL},
    {"version", SHAPE_GONE, NULL, NULL},
    {"haiku", SHAPE_GONE, NULL, NULL},
    {"if_", SHAPE_GONE, NULL, NULL},
    {NULL, SHAPE_GONE, NULL, NULL},
};

/* ---- directives whose arguments hold text of the body ---- */

static const struct {
	const char *name;
	const char *keys; /* of the text */
	int nth;	  /* or its position */
	bool quote;	  /* set apart from the text around */
} texts[] = {
    {"template", "text|mouseover|popup|content", -1, true},
    {"note", "text", 0, true},
    {"toggleable", "text", 1, false},
    {"more", "text", -1, false},
    {"if", "then", -1, false},
    {"cut", "text", -1, false},
    {"wikitext", "text", 0, false},
    {"format", "text", 1, false},
    {"inlinetext", "text", 0, false},
};

/* `format` is about code, but for these. */
static bool is_text_format(const struct directive_call *call)
{
	struct slice lang = call_arg(call, "", 0);

	return slice_equal_str(lang, "mdwn") || slice_equal_str(lang, "html") ||
	       slice_equal_str(lang, "md");
}

/* Walk the text of a directive that has one. False: it has none. */
static bool walk_text(struct directive_call *call)
{
	struct scan *s = call->scan;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct slice text;

		if (!slice_equal_str(call->name, texts[i].name))
			continue;
		if (slice_equal_str(call->name, "format") && !is_text_format(call))
			return false;
		text = call_arg(call, texts[i].keys, texts[i].nth);
		if (text.len == 0)
			return false;
		if (slice_equal_str(call->name, "more"))
			scan_put(s, SLICE("<!-- more -->\n\n"));
		if (!texts[i].quote) {
			scan_nested(s, text);
			return true;
		}
		if (scan_open(s, CLOSE_TAG, SLICE("[[!"), SLICE("<blockquote>"),
			SLICE("</blockquote>"), true)) {
			bool again;

			scan_nested(s, text);
			(void)scan_shut(s, CLOSE_TAG, SLICE("[[!"), &again); /* just opened */
		} else {
			scan_nested(s, text);
		}
		return true;
	}
	return false;
}

/* The "]]" that ends the directive, outside of """…"""; text.len: none nearby. */
static size_t find_end(struct scan *s)
{
	size_t at = s->pos + 3;

	for (size_t i = 0; i < QUOTES_MAX; i++) {
		size_t end = scan_find(s, "]]", at);
		size_t quote = scan_find(s, "\"\"\"", at);

		if (end == s->text.len || end - s->pos > SCAN_TEXT_MAX || end < quote)
			return end - s->pos > SCAN_TEXT_MAX ? s->text.len : end;
		at = scan_find(s, "\"\"\"", quote + 3);
		if (at == s->text.len)
			return at;
		at += 3;
	}
	return s->text.len;
}

static size_t expand(struct scan *s)
{
	struct directive_call call = {
	    .scan = s, .kind = "directive", .style = CLOSE_TAG, .single = true};
	size_t end = find_end(s), len;
	struct slice text;

	if (end == s->text.len)
		return 0;
	text = slice_trim(slice_sub(s->text, s->pos + 3, end));
	len = call_word(text, 0, "");
	if (len == 0 || len > 60)
		return 0;
	call.end = end + 2;
	call.name = slice_sub(text, 0, len);
	call.rest = slice_trim(slice_from(text, len));
	call_parse_args(&call, call.rest);
	call.row = call_row(rows, call.name);
	if (walk_text(&call))
		return call.end;
	return call_run(&call);
}

const struct directive_family directive_wikidirective = {
    "wiki directive", "[[!", IN_OTHER, false, expand};
