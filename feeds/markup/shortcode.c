/*
 * Shortcodes: Hugo's `{{< name args >}}` and `{{% name args %}}`, alone, closed
 * by themselves, or with text up to `{{< /name >}}`; Zola's `{{ name(k=v) }}`
 * and `{% name(k=v) %} … {% end %}`.
 *
 * Sites make their own, but under few names. Both generators write a shortcode
 * that is only shown with comment marks inside its brackets.
 */
#include "feeds/markup/directive_family.h"

/* ---- rows of their own ---- */

/* `term`, or text=: what the reader sees. */
static bool put_term(struct directive_call *call, struct buf *html)
{
	struct slice text = call_arg(call, "text|term|label|name|title", 0);

	if (text.len == 0)
		return false;
	scan_put_text(call->scan, html, text);
	return true;
}

/* Paired, or with the text as an argument. */
static bool put_button(struct directive_call *call, struct buf *html)
{
	if (component_anchor(call, html))
		return true;
	call->close = SLICE("");
	return call->args_len > 0;
}

/* Zola's: width and height are bounds of an image that it makes, not sizes of the one at hand. */
static bool put_resized(struct directive_call *call, struct buf *html)
{
	for (size_t i = 0; i < call->args_len; i++) {
		struct directive_arg *arg = &call->args[i];

		if (slice_equal_str(arg->key, "width") || slice_equal_str(arg->key, "height"))
			arg->value = SLICE_NONE;
	}
	return component_image(call, html);
}

static const struct directive_row shortcodes[] = {
    {"figure", SHAPE_BLOCK, component_figure, NULL},
    {"fig", SHAPE_BLOCK, component_figure, NULL},
    {"img", SHAPE_BLOCK, component_image, NULL},
    {"image", SHAPE_BLOCK, component_image, NULL},
    {"imgproc", SHAPE_BLOCK, component_image, NULL},
    {"picture", SHAPE_BLOCK, component_image, NULL},
    {"photo", SHAPE_BLOCK, component_image, NULL},
    {"lazyimg", SHAPE_BLOCK, component_image, NULL},
    {"screenshot", SHAPE_BLOCK, component_image, NULL},
    {"resize_image", SHAPE_BLOCK, put_resized, NULL},
    {"youtube", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"youtube_lite", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"youtubeLite", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"yt", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"vimeo", SHAPE_INLINE, component_service, "https://vimeo.com/%"},
    {"vimeo_simple", SHAPE_INLINE, component_service, "https://vimeo.com/%"},
    {"bilibili", SHAPE_INLINE, component_service, "https://www.bilibili.com/video/%"},
    {"streamable", SHAPE_INLINE, component_service, "https://streamable.com/%"},
    {"instagram", SHAPE_INLINE, component_service, "https://www.instagram.com/p/%/"},
    {"instagram_simple", SHAPE_INLINE, component_service, "https://www.instagram.com/p/%/"},
    {"codepen", SHAPE_INLINE, component_service, "https://codepen.io/%"},
    {"asciinema", SHAPE_INLINE, component_service, "https://asciinema.org/a/%"},
    {"speakerdeck", SHAPE_INLINE, component_service, "https://speakerdeck.com/%"},
    {"jsfiddle", SHAPE_INLINE, component_service, "https://jsfiddle.net/%/"},
    {"spotify", SHAPE_INLINE, component_service, "https://open.spotify.com/%"},
    {"github", SHAPE_INLINE, component_service, "https://github.com/%"},
    {"telegram", SHAPE_INLINE, component_service, "https://t.me/%"},
    {"mastodon", SHAPE_INLINE, component_frame, NULL},
    {"gist", SHAPE_INLINE, component_gist, NULL},
    {"tweet", SHAPE_INLINE, component_tweet, NULL},
    {"twitter", SHAPE_INLINE, component_tweet, NULL},
    {"twitter_simple", SHAPE_INLINE, component_tweet, NULL},
    {"x", SHAPE_INLINE, component_tweet, NULL},
    {"x_simple", SHAPE_INLINE, component_tweet, NULL},
    {"iframe", SHAPE_INLINE, component_frame, NULL},
    {"embed", SHAPE_INLINE, component_frame, NULL},
    {"pdf", SHAPE_INLINE, component_frame, NULL},
    {"bookmark", SHAPE_INLINE, component_frame, NULL},
    {"video", SHAPE_BLOCK, component_media, "video"},
    {"audio", SHAPE_BLOCK, component_media, "audio"},
    {"details", SHAPE_WRAP, component_details, NULL},
    {"expand", SHAPE_WRAP, component_details, NULL},
    {"collapse", SHAPE_WRAP, component_details, NULL},
    {"accordion", SHAPE_WRAP, component_details, NULL},
    {"accordionItem", SHAPE_WRAP, component_details, NULL},
    {"spoiler", SHAPE_WRAP, component_details, NULL},
    {"toggle", SHAPE_WRAP, component_details, NULL},
    {"notice", SHAPE_WRAP, component_callout, NULL},
    {"alert", SHAPE_WRAP, component_callout, NULL},
    {"admonition", SHAPE_WRAP, component_callout, NULL},
    {"callout", SHAPE_WRAP, component_callout, NULL},
    {"hint", SHAPE_WRAP, component_callout, NULL},
    {"box", SHAPE_WRAP, component_callout, NULL},
    {"aside", SHAPE_WRAP, component_callout, NULL},
    {"lead", SHAPE_WRAP, component_callout, NULL},
    {"note", SHAPE_WRAP, component_callout, "note"},
    {"tip", SHAPE_WRAP, component_callout, "tip"},
    {"info", SHAPE_WRAP, component_callout, "info"},
    {"warning", SHAPE_WRAP, component_callout, "warning"},
    {"warn", SHAPE_WRAP, component_callout, "warning"},
    {"caution", SHAPE_WRAP, component_callout, "caution"},
    {"danger", SHAPE_WRAP, component_callout, "danger"},
    {"error", SHAPE_WRAP, component_callout, "error"},
    {"important", SHAPE_WRAP, component_callout, "important"},
    {"question", SHAPE_WRAP, component_callout, "question"},
    {"success", SHAPE_WRAP, component_callout, "success"},
    {"pageinfo", SHAPE_WRAP, component_callout, NULL},
    {"quote", SHAPE_WRAP, component_quote, NULL},
    {"blockquote", SHAPE_WRAP, component_quote, NULL},
    {"pullquote", SHAPE_WRAP, component_quote, NULL},
    {"tab", SHAPE_WRAP, component_section, NULL},
    {"card", SHAPE_WRAP, component_section, NULL},
    {"step", SHAPE_WRAP, component_section, NULL},
    {"tabs", SHAPE_TEXT, NULL, NULL},
    {"tabgroup", SHAPE_TEXT, NULL, NULL},
    {"tabpane", SHAPE_TEXT, NULL, NULL},
    {"cards", SHAPE_TEXT, NULL, NULL},
    {"cardpane", SHAPE_TEXT, NULL, NULL},
    {"steps", SHAPE_TEXT, NULL, NULL},
    {"columns", SHAPE_TEXT, NULL, NULL},
    {"column", SHAPE_TEXT, NULL, NULL},
    {"row", SHAPE_TEXT, NULL, NULL},
    {"center", SHAPE_TEXT, NULL, NULL},
    {"align", SHAPE_TEXT, NULL, NULL},
    {"div", SHAPE_TEXT, NULL, NULL},
    {"gallery", SHAPE_TEXT, NULL, NULL},
    {"carousel", SHAPE_TEXT, NULL, NULL},
    {"md", SHAPE_TEXT, NULL, NULL},
    {"markdown", SHAPE_TEXT, NULL, NULL},
    {"highlight_text", SHAPE_TEXT, NULL, NULL},
    {"mark", SHAPE_SPAN, component_element, "mark"},
    {"small", SHAPE_SPAN, component_element, "small"},
    {"sub", SHAPE_SPAN, component_element, "sub"},
    {"sup", SHAPE_SPAN, component_element, "sup"},
    {"underline", SHAPE_SPAN, component_element, "u"},
    {"button", SHAPE_SPAN, put_button, NULL},
    {"btn", SHAPE_SPAN, put_button, NULL},
    {"link", SHAPE_SPAN, put_button, NULL},
    {"linkbutton", SHAPE_SPAN, put_button, NULL},
    {"highlight", SHAPE_VERBATIM, component_code, NULL},
    {"code", SHAPE_VERBATIM, component_code, NULL},
    {"code_toggle", SHAPE_VERBATIM, component_code, NULL},
    {"codeblock", SHAPE_VERBATIM, component_code, NULL},
    {"codeimporter", SHAPE_GONE, NULL, NULL},
    {"prism", SHAPE_VERBATIM, component_code, NULL},
    {"mermaid", SHAPE_VERBATIM, component_code, "mermaid"},
    {"goat", SHAPE_VERBATIM, component_code, "goat"},
    {"plantuml", SHAPE_VERBATIM, component_code, "plantuml"},
    {"chart", SHAPE_VERBATIM, component_code, "json"},
    {"math", SHAPE_VERBATIM, component_plain, NULL},
    {"katex", SHAPE_VERBATIM, component_plain, NULL},
    {"latex", SHAPE_VERBATIM, component_plain, NULL},
    {"rawhtml", SHAPE_VERBATIM, component_html, NULL},
    {"raw_html", SHAPE_VERBATIM, component_html, NULL},
    {"raw", SHAPE_VERBATIM, component_html, NULL},
    {"unsafe", SHAPE_VERBATIM, component_html, NULL},
    {"html", SHAPE_VERBATIM, component_html, NULL},
    {"kbd", SHAPE_INLINE, component_plain, "kbd"},
    {"badge", SHAPE_INLINE, put_term, NULL},
    {"keyword", SHAPE_INLINE, put_term, NULL},
    {"glossary", SHAPE_INLINE, put_term, NULL},
    {"glossary_tooltip", SHAPE_INLINE, put_term, NULL},
    {"gl", SHAPE_INLINE, put_term, NULL},
    {"abbr", SHAPE_INLINE, put_term, NULL},
    {"qr", SHAPE_INLINE, component_frame, NULL},
    {"comment", SHAPE_DROP, NULL, NULL},
    {"style", SHAPE_DROP, NULL, NULL},
    {"script", SHAPE_DROP, NULL, NULL},
    {"toc", SHAPE_GONE, NULL, NULL},
    {"tableofcontents", SHAPE_GONE, NULL, NULL},
    {"icon", SHAPE_GONE, NULL, NULL},
    {"fa", SHAPE_GONE, NULL, NULL},
    {"new_in", SHAPE_GONE, NULL, NULL},
    {"deprecated_in", SHAPE_GONE, NULL, NULL},
    {"list_children", SHAPE_GONE, NULL, NULL},
    {"children", SHAPE_GONE, NULL, NULL},
    {"pagebreak", SHAPE_GONE, NULL, NULL},
    {"clear", SHAPE_GONE, NULL, NULL},
    {"anchor", SHAPE_GONE, NULL, NULL},
    {"ads", SHAPE_GONE, NULL, NULL},
    {NULL, SHAPE_GONE, NULL, NULL},
};

/* By name, or by what follows the last "/" of a nested one. */
static const struct directive_row *find_row(struct slice name)
{
	const struct directive_row *row = call_row(shortcodes, name);

	for (size_t i = name.len; i > 0 && !row; i--) {
		if (name.ptr[i - 1] == '/')
			return call_row(shortcodes, slice_from(name, i));
	}
	return row;
}

/* ---- Hugo ---- */

/* Shown, not run. */
static size_t put_escaped(struct scan *s)
{
	struct slice open, inner, close;
	size_t end = scan_escaped(s->text, s->pos, &open, &inner, &close);
	struct buf html = BUF_INIT;

	if (!end)
		return 0;
	scan_put_text(s, &html, open);
	scan_put_text(s, &html, inner);
	scan_put_text(s, &html, close);
	scan_put(s, buf_slice(&html));
	buf_free(&html);
	return end;
}

static size_t shut(struct scan *s, enum scan_close style, struct slice name, size_t end)
{
	bool again;

	(void)scan_shut(s, style, name, &again); /* one of a shortcode that nobody knows */
	return scan_gone(s, end);
}

static size_t run_reference(struct directive_call *call)
{
	return scan_put_reference(call->scan, call_arg(call, "path|page|url|src", 0), call->end);
}

/* `{{< x.inline >}}` holds a template, not text. */
static size_t drop_inline(struct directive_call *call)
{
	struct scan *s = call->scan;
	size_t at = scan_find(s, ".inline", call->end), word = at, end = scan_find(s, "}}", at);

	while (word > call->end && at - word < 100 && call_word(s->text, word - 1, "") > 0)
		word--;
	if (end < s->text.len && s->text.ptr[word - 1] == '/')
		call->end = end + 2;
	scan_unknown(s, call->kind, call->name, false);
	return scan_gone(s, call->end);
}

static size_t expand_hugo(struct scan *s, const char *closer)
{
	struct directive_call call = {.scan = s, .kind = "shortcode", .style = CLOSE_SHORTCODE};
	size_t end = put_escaped(s), len;
	struct slice text;

	if (end)
		return end;
	end = scan_find(s, closer, s->pos + 3);
	if (end == s->text.len || end - s->pos > SCAN_TAG_MAX)
		return 0;
	text = slice_trim(slice_sub(s->text, s->pos + 3, end));
	call.end = end + 3;
	if (slice_starts(text, "/")) {
		text = slice_trim(slice_from(text, 1));
		return shut(s, CLOSE_SHORTCODE, text, call.end);
	}
	if (slice_ends(text, "/")) {
		call.single = true;
		text = slice_trim(slice_sub(text, 0, text.len - 1));
	}
	len = call_word(text, 0, "./");
	if (len == 0 || len > 100)
		return 0;
	call.name = slice_sub(text, 0, len);
	call.rest = slice_trim(slice_from(text, len));
	call_parse_args(&call, call.rest);
	if (slice_equal_str(call.name, "ref") || slice_equal_str(call.name, "relref"))
		return run_reference(&call);
	if (slice_ends(call.name, ".inline") && !call.single)
		return drop_inline(&call);
	call.row = find_row(call.name);
	return call_run(&call);
}

static size_t expand_angle(struct scan *s)
{
	return expand_hugo(s, ">}}");
}

static size_t expand_percent(struct scan *s)
{
	return expand_hugo(s, "%}}");
}

/* "<--->" divides what stands in `columns`, as the theme Book has them. */
static size_t expand_divider(struct scan *s)
{
	for (size_t i = s->depth; i > 0; i--) {
		if (slice_equal_str(s->frames[i - 1].name, "columns"))
			return scan_gone(s, s->pos + 5);
	}
	return 0;
}

/* ---- Zola ---- */

/* `name(arguments)` between the brackets; 0 when it is no such call. */
static size_t parse_zola(struct scan *s, const char *closer, struct directive_call *call)
{
	size_t at = s->pos + 2, len, end;
	struct slice text;

	while (at < s->text.len && (s->text.ptr[at] == ' ' || s->text.ptr[at] == '-'))
		at++;
	len = call_word(s->text, at, "");
	if (len == 0 || len > 100 || at + len >= s->text.len || s->text.ptr[at + len] != '(')
		return 0;
	end = scan_find(s, closer, at);
	if (end == s->text.len || end - s->pos > SCAN_TAG_MAX)
		return 0;
	text = slice_sub(s->text, at + len + 1, end);
	if (slice_ends(text, "-"))
		text.len--;
	text = slice_trim(text);
	if (!slice_ends(text, ")"))
		return 0;
	call->scan = s;
	call->kind = "shortcode";
	call->style = CLOSE_ZOLA;
	call->end = end + 2;
	call->name = slice_sub(s->text, at, at + len);
	call->rest = slice_sub(text, 0, text.len - 1);
	call_parse_args(call, call->rest);
	return call->end;
}

static size_t expand_zola_output(struct scan *s)
{
	static const char *const urls[] = {"get_url", "url_for", "url", "asset", "full_url_for"};
	struct directive_call call = {.single = true};
	size_t end = slice_starts(slice_from(s->text, s->pos), "{{/*") ? put_escaped(s) : 0;

	if (end || !parse_zola(s, "}}", &call))
		return end;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		if (slice_equal_str(call.name, urls[i])) {
			struct slice target = call_arg(&call, "path", 0);
			struct buf url = BUF_INIT;

			if (slice_starts(target, "@/"))
				return run_reference(&call);
			scan_put_url(&url, target);
			scan_put(s, buf_slice(&url));
			buf_free(&url);
			return call.end;
		}
	}
	call.row = find_row(call.name);
	return call_run(&call);
}

static size_t expand_zola_tag(struct scan *s)
{
	struct directive_call call = {0};
	size_t end = slice_starts(slice_from(s->text, s->pos), "{%/*") ? put_escaped(s) : 0;

	if (end)
		return end;
	end = scan_match_close(s->text, s->pos, CLOSE_ZOLA, SLICE_NONE);
	if (end)
		return shut(s, CLOSE_ZOLA, SLICE_NONE, end);
	if (!parse_zola(s, "%}", &call))
		return 0;
	call.row = find_row(call.name);
	return call_run(&call);
}

const struct directive_family directive_shortcode_angle = {
    "Hugo shortcode", "{{<", IN_OTHER, true, expand_angle};
const struct directive_family directive_shortcode_percent = {
    "Hugo shortcode", "{{%", IN_OTHER, true, expand_percent};
const struct directive_family directive_shortcode_divider = {
    "Hugo columns", "<--->", IN_OTHER, false, expand_divider};
const struct directive_family directive_zola_output = {
    "Zola shortcode", "{{", IN_OTHER, true, expand_zola_output};
const struct directive_family directive_zola_tag = {
    "Zola shortcode", "{%", IN_OTHER, true, expand_zola_tag};
