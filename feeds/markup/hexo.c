/*
 * Tags that are no control: Hexo's own, those of its large themes (NexT,
 * Butterfly), HackMD's, and what Jekyll plugins and Eleventy sites commonly
 * have. Their arguments are words, not names and values.
 */
#include "feeds/markup/directive_family.h"

/* ---- arguments by shape ---- */

static bool is_url(struct slice word)
{
	return slice_starts_nocase(word, "http://") || slice_starts_nocase(word, "https://");
}

/* A file, not a class: it has a dot or a slash. */
static bool is_path(struct slice word)
{
	return slice_find_byte(word, 0, '.') < word.len || slice_find_byte(word, 0, '/') < word.len;
}

static bool is_number(struct slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < '0' || word.ptr[i] > '9')
			return false;
	}
	return word.len > 0;
}

/* ---- pictures and links ---- */

/* `"title" "alt"` within one argument, or a bare title. */
static void split_title(struct slice text, struct slice *title, struct slice *alt)
{
	size_t end;

	*title = *alt = text;
	if (!slice_starts(text, "\""))
		return;
	end = slice_find_byte(text, 1, '"');
	*title = *alt = slice_sub(text, 1, end);
	if (end < text.len) {
		struct slice rest = slice_trim(slice_from(text, end + 1));

		if (slice_starts(rest, "\"") && rest.len > 1)
			*alt = slice_sub(rest, 1, slice_find_byte(rest, 1, '"'));
	}
}

/* [class …] file [width] [height] ["title" "alt"] */
static bool put_img(struct directive_call *call, struct buf *html)
{
	struct slice src = SLICE_NONE, width = SLICE_NONE, height = SLICE_NONE;
	struct slice title = SLICE_NONE, alt = SLICE_NONE;
	size_t i = 0;

	/* Eleventy's: "file", "alt", "sizes". */
	if (call_arg(call, "src|path", -1).len > 0 ||
	    (call->args_len > 0 && call->args[0].form == ARG_QUOTED))
		return component_image(call, html);
	for (; i < call->args_len && src.len == 0; i++) {
		if (is_path(call->args[i].value))
			src = call->args[i].value;
	}
	if (i < call->args_len && is_number(call->args[i].value))
		width = call->args[i++].value;
	if (i < call->args_len && is_number(call->args[i].value))
		height = call->args[i++].value;
	if (i < call->args_len && call->args[i].form == ARG_BARE)
		title = alt = call_words(call, i); /* a title without quotes is all that follows */
	else if (i < call->args_len)
		split_title(call->args[i].value, &title, &alt);
	if (i + 1 < call->args_len && call->args[i].form != ARG_BARE)
		alt = call->args[i + 1].value; /* "title" "alt" without quotes around both */
	component_put_image(html, src, alt, title, width, height);
	return html->len > 0;
}

/* text … url [external] [title] */
static bool put_link(struct directive_call *call, struct buf *html)
{
	struct buf text = BUF_INIT;
	size_t i = 0;

	for (; i < call->args_len && !is_url(call->args[i].value) &&
	       !slice_starts(call->args[i].value, "/");
	     i++) {
		if (text.len > 0)
			buf_putc(&text, ' ');
		buf_put_slice(&text, call->args[i].value);
	}
	if (i < call->args_len)
		component_put_link(call->scan, html, call->args[i].value, buf_slice(&text));
	buf_free(&text);
	return i < call->args_len;
}

/* slug [title] [escape]; the title alone when no article fits. */
static bool put_post_link(struct directive_call *call, struct buf *html)
{
	struct slice target = call_arg(call, "", 0), title;
	struct buf url = BUF_INIT;

	if (target.len == 0)
		return false;
	if (call->args_len > 1 &&
	    (slice_equal_str(call->args[call->args_len - 1].value, "true") ||
		slice_equal_str(call->args[call->args_len - 1].value, "false")))
		call->args_len--;
	title = call_words(call, 1);
	title = title.len ? title : target;
	if (scan_find_link(call->scan, target, &url))
		component_put_link(call->scan, html, buf_slice(&url), title);
	else
		scan_put_text(call->scan, html, title);
	buf_free(&url);
	return true;
}

/* file [title] */
static bool put_asset_link(struct directive_call *call, struct buf *html)
{
	struct slice file = call_arg(call, "", 0), title = call_words(call, 1);

	if (file.len == 0)
		return false;
	component_put_link(call->scan, html, file, title.len ? title : file);
	return true;
}

/* url, text [, icon] */
static bool put_button(struct directive_call *call, struct buf *html)
{
	size_t comma = slice_find_byte(call->rest, 0, ',');
	struct slice url = slice_trim(slice_sub(call->rest, 0, comma)), text;

	if (url.len == 0 || comma == call->rest.len)
		return component_frame(call, html);
	text = slice_from(call->rest, comma + 1);
	text = slice_trim(slice_sub(text, 0, slice_find_byte(text, 0, ',')));
	component_put_link(call->scan, html, url, text);
	return true;
}

/* primary@text */
static bool put_label(struct directive_call *call, struct buf *html)
{
	size_t at = slice_find_byte(call->rest, 0, '@');

	if (call->rest.len == 0)
		return false;
	scan_put_text(
	    call->scan, html, at < call->rest.len ? slice_from(call->rest, at + 1) : call->rest);
	return true;
}

/* [title] [lang:x] path: the file is not at hand, so a link to it. */
static bool put_include_code(struct directive_call *call, struct buf *html)
{
	struct slice path = SLICE_NONE;

	for (size_t i = 0; i < call->args_len; i++) {
		if (is_path(call->args[i].value))
			path = call->args[i].value;
	}
	if (path.len == 0)
		return false;
	scan_put_text(call->scan, html, path);
	return true;
}

/* ---- quotations ---- */

/* Author[, source] [url] [title of the link] */
static bool put_quote(struct directive_call *call, struct buf *html)
{
	struct slice rest = call->rest, author, source, url;
	size_t at = slice_find(rest, 0, "http"), end, comma;

	if (call_arg(call, "author|by|who|cite", -1).len > 0)
		return component_quote(call, html);
	if (at < rest.len && !is_url(slice_from(rest, at)))
		at = rest.len;
	end = at;
	while (end < rest.len && rest.ptr[end] != ' ')
		end++;
	url = slice_sub(rest, at, end);
	author = slice_trim(slice_sub(rest, 0, at));
	comma = slice_find_byte(author, 0, ',');
	source = comma < author.len ? slice_trim(slice_from(author, comma + 1)) : SLICE_NONE;
	author = slice_sub(author, 0, comma);
	if (end < rest.len)
		source = slice_trim(slice_from(rest, end));
	call->args[0] = (struct directive_arg){SLICE("author"), author, ARG_QUOTED};
	call->args[1] = (struct directive_arg){SLICE("source"), source, ARG_QUOTED};
	call->args[2] = (struct directive_arg){SLICE("url"), url, ARG_QUOTED};
	call->args_len = 3;
	return component_quote(call, html);
}

/* NexT: class [no-icon] [summary]; Butterfly: [class] [icon] [style] */
static bool put_note(struct directive_call *call, struct buf *html)
{
	struct slice summary = SLICE_NONE;

	for (size_t i = 0; i + 1 < call->args_len; i++) {
		if (slice_equal_str(call->args[i].value, "no-icon"))
			summary = call_words(call, i + 1);
	}
	if (call->args_len > 0 && slice_equal_str(call->args[0].value, "default"))
		call->args[0].value = SLICE("note");
	if (summary.len > 0)
		call->args[1] = (struct directive_arg){SLICE("title"), summary, ARG_QUOTED};
	return component_callout(call, html);
}

static bool put_details(struct directive_call *call, struct buf *html)
{
	struct slice summary = call->rest;

	if (call_arg(call, "summary|title", -1).len == 0 && summary.len > 0) {
		/* Behind a comma: colours. */
		summary = slice_sub(summary, 0, slice_find_byte(summary, 0, ','));
		if (call->args_len > 0 && call->args[0].form == ARG_QUOTED)
			summary = call->args[0].value;
		call->args[0] =
		    (struct directive_arg){SLICE("summary"), slice_trim(summary), ARG_QUOTED};
		call->args_len = 1;
	}
	return component_details(call, html);
}

/* ---- code and tabs ---- */

/* [title] [lang:x] [url] [text of the link] [options:…] */
static bool put_codeblock(struct directive_call *call, struct buf *html)
{
	struct slice language = SLICE("");

	for (size_t i = 0; i < call->args_len; i++) {
		if (slice_starts(call->args[i].value, "lang:"))
			language = slice_from(call->args[i].value, 5);
	}
	/* Named even when empty, so that the title is not taken for a language. */
	call->args[0] = (struct directive_arg){SLICE("lang"), language, ARG_QUOTED};
	call->args_len = 1;
	return component_code(call, html);
}

static bool put_more(struct directive_call *call, struct buf *html)
{
	(void)call;
	buf_puts(html, "<!-- more -->");
	return true;
}

/* 'id' 'text' */
static bool put_sidenote(struct directive_call *call, struct buf *html)
{
	struct slice text = call_arg(call, "", call->args_len > 1 ? 1 : 0);

	if (text.len == 0)
		return false;
	buf_puts(html, " (");
	scan_put_markup(call->scan, html, text, false);
	buf_putc(html, ')');
	return true;
}

const struct directive_row liquid_tags[] = {
    {"highlight", SHAPE_VERBATIM, component_code, NULL},
    {"codeblock", SHAPE_VERBATIM, put_codeblock, NULL},
    {"code", SHAPE_VERBATIM, put_codeblock, NULL},
    {"prism", SHAPE_VERBATIM, component_code, NULL},
    {"mermaid", SHAPE_VERBATIM, component_code, "mermaid"},
    {"plantuml", SHAPE_VERBATIM, component_code, "plantuml"},
    {"graphviz", SHAPE_VERBATIM, component_code, "dot"},
    {"math", SHAPE_VERBATIM, component_plain, NULL},
    {"katex", SHAPE_VERBATIM, component_plain, NULL},
    {"katexmm", SHAPE_TEXT, NULL, NULL},
    {"blockquote", SHAPE_WRAP, put_quote, NULL},
    {"quote", SHAPE_WRAP, put_quote, NULL},
    {"pullquote", SHAPE_WRAP, component_element, "blockquote"},
    {"cq", SHAPE_WRAP, component_element, "blockquote"},
    {"centerquote", SHAPE_WRAP, component_element, "blockquote"},
    {"epigraph", SHAPE_WRAP, component_element, "blockquote"},
    {"note", SHAPE_WRAP, put_note, NULL},
    {"subnote", SHAPE_WRAP, put_note, NULL},
    {"callout", SHAPE_WRAP, put_note, NULL},
    {"alert", SHAPE_WRAP, put_note, NULL},
    {"notice", SHAPE_WRAP, put_note, NULL},
    {"admonition", SHAPE_WRAP, put_note, NULL},
    {"tip", SHAPE_WRAP, component_callout, "tip"},
    {"info", SHAPE_WRAP, component_callout, "info"},
    {"warning", SHAPE_WRAP, component_callout, "warning"},
    {"danger", SHAPE_WRAP, component_callout, "danger"},
    {"important", SHAPE_WRAP, component_callout, "important"},
    {"details", SHAPE_WRAP, put_details, NULL},
    {"collapse", SHAPE_WRAP, put_details, NULL},
    {"folding", SHAPE_WRAP, put_details, NULL},
    {"fold", SHAPE_WRAP, put_details, NULL},
    {"spoiler", SHAPE_WRAP, put_details, NULL},
    {"hideToggle", SHAPE_WRAP, put_details, NULL},
    {"hideBlock", SHAPE_WRAP, put_details, NULL},
    {"tabs", SHAPE_WRAP, component_element, "div"},
    {"tab", SHAPE_WRAP, component_section, NULL},
    {"timeline", SHAPE_TEXT, NULL, NULL},
    {"gallery", SHAPE_TEXT, NULL, NULL},
    {"grouppicture", SHAPE_TEXT, NULL, NULL},
    {"gp", SHAPE_TEXT, NULL, NULL},
    {"center", SHAPE_TEXT, NULL, NULL},
    {"row", SHAPE_TEXT, NULL, NULL},
    {"column", SHAPE_TEXT, NULL, NULL},
    {"markdown", SHAPE_TEXT, NULL, NULL},
    {"cache", SHAPE_TEXT, NULL, NULL},
    {"img", SHAPE_BLOCK, put_img, NULL},
    {"image", SHAPE_BLOCK, put_img, NULL},
    {"asset_img", SHAPE_BLOCK, put_img, NULL},
    {"fullimage", SHAPE_BLOCK, put_img, NULL},
    {"picture", SHAPE_BLOCK, put_img, NULL},
    {"responsive_image", SHAPE_BLOCK, put_img, NULL},
    {"cloudinary", SHAPE_BLOCK, put_img, NULL},
    {"maincolumn", SHAPE_BLOCK, put_img, NULL},
    {"marginfigure", SHAPE_BLOCK, put_img, NULL},
    {"fullwidth", SHAPE_BLOCK, put_img, NULL},
    {"inlineImage", SHAPE_INLINE, put_img, NULL},
    {"figure", SHAPE_TEXT, NULL, NULL},
    {"link", SHAPE_INLINE, put_link, NULL},
    {"post_link", SHAPE_INLINE, put_post_link, NULL},
    {"asset_link", SHAPE_INLINE, put_asset_link, NULL},
    {"btn", SHAPE_INLINE, put_button, NULL},
    {"button", SHAPE_INLINE, put_button, NULL},
    {"label", SHAPE_INLINE, put_label, NULL},
    {"include_code", SHAPE_INLINE, put_include_code, NULL},
    {"sidenote", SHAPE_INLINE, put_sidenote, NULL},
    {"marginnote", SHAPE_INLINE, put_sidenote, NULL},
    {"newthought", SHAPE_INLINE, component_plain, NULL},
    {"kbd", SHAPE_INLINE, component_plain, "kbd"},
    {"youtube", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"vimeo", SHAPE_INLINE, component_service, "https://vimeo.com/%"},
    {"bilibili", SHAPE_INLINE, component_service, "https://www.bilibili.com/video/%"},
    {"jsfiddle", SHAPE_INLINE, component_service, "https://jsfiddle.net/%/"},
    {"codepen", SHAPE_INLINE, component_service, "https://codepen.io/%"},
    {"caniuse", SHAPE_INLINE, component_service, "https://caniuse.com/%"},
    {"hackmd", SHAPE_INLINE, component_service, "https://hackmd.io/%"},
    {"slideshare", SHAPE_INLINE, component_service, "https://www.slideshare.net/%"},
    {"speakerdeck", SHAPE_INLINE, component_service, "https://speakerdeck.com/%"},
    {"figma", SHAPE_INLINE, component_frame, NULL},
    {"instagram", SHAPE_INLINE, component_service, "https://www.instagram.com/p/%/"},
    {"asciinema", SHAPE_INLINE, component_service, "https://asciinema.org/a/%"},
    {"issue", SHAPE_INLINE, component_plain, NULL},
    {"gist", SHAPE_INLINE, component_gist, NULL},
    {"twitter", SHAPE_INLINE, component_tweet, NULL},
    {"tweet", SHAPE_INLINE, component_tweet, NULL},
    {"iframe", SHAPE_INLINE, component_frame, NULL},
    {"oembed", SHAPE_INLINE, component_frame, NULL},
    {"pdf", SHAPE_INLINE, component_frame, NULL},
    {"video", SHAPE_BLOCK, component_media, "video"},
    {"audio", SHAPE_BLOCK, component_media, "audio"},
    {"more", SHAPE_BLOCK, put_more, NULL},
    {"octicon", SHAPE_GONE, NULL, NULL},
    {"seo", SHAPE_GONE, NULL, NULL},
    {"feed_meta", SHAPE_GONE, NULL, NULL},
    {"toc", SHAPE_GONE, NULL, NULL},
    {"paginate", SHAPE_GONE, NULL, NULL},
    {NULL, SHAPE_GONE, NULL, NULL},
};

/* ---- <!-- tab title --> … <!-- endtab --> within {% tabs %} ---- */

static bool in_tabs(const struct scan *s)
{
	for (size_t i = s->depth; i > 0; i--) {
		if (slice_equal_str(s->frames[i - 1].name, "tabs"))
			return true;
	}
	return false;
}

static size_t comment_end(struct scan *s)
{
	size_t end = scan_find(s, "-->", s->pos);

	return end == s->text.len || end - s->pos > SCAN_TAG_MAX ? 0 : end + 3;
}

static size_t tab_expand(struct scan *s)
{
	size_t end = comment_end(s);
	struct slice title;
	struct buf html = BUF_INIT;

	if (!end || !in_tabs(s))
		return 0;
	title = slice_trim(slice_sub(s->text, s->pos + strlen("<!-- tab "), end - 3));
	title = slice_sub(title, 0, slice_find_byte(title, 0, '@')); /* behind it: an icon */
	if (title.len > 0) {
		buf_puts(&html, "<p><strong>");
		scan_put_text(s, &html, title);
		buf_puts(&html, "</strong></p>");
		scan_emit(s, buf_slice(&html), true, end);
	}
	buf_free(&html);
	return end;
}

static size_t endtab_expand(struct scan *s)
{
	size_t end = comment_end(s);

	return end && in_tabs(s) ? scan_gone(s, end) : 0;
}

const struct directive_family directive_hexo_tab = {
    "Hexo tab", "<!-- tab ", IN_OTHER, false, tab_expand};
const struct directive_family directive_hexo_endtab = {
    "Hexo tab's end", "<!-- endtab", IN_OTHER, false, endtab_expand};
