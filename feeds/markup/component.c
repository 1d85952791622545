/*
 * Components: what authors reach for in every generator, under many names.
 * A reader gets the thing itself where HTML has it (picture, video, quotation),
 * else a link to it. Services that embed by script or frame become links with
 * their address as text: that is right in any language.
 */
#include "feeds/markup/directive_family.h"

#define SOURCE_KEYS "src|url|href|path|file|filename|image|image_path|image_url|img|source|name"
#define ALT_KEYS    "alt|description|image_alt"

/* ---- pictures, media ---- */

void component_put_image(struct buf *html, struct slice src, struct slice alt, struct slice title,
    struct slice width, struct slice height)
{
	if (src.len == 0)
		return;
	buf_puts(html, "<img src=\"");
	scan_put_url(html, src);
	buf_puts(html, "\" alt=\"");
	scan_put_attr(html, alt);
	buf_putc(html, '"');
	scan_put_attribute(html, "title", title);
	scan_put_attribute(html, "width", width);
	scan_put_attribute(html, "height", height);
	buf_puts(html, ">");
}

void component_put_link(const struct scan *s, struct buf *html, struct slice url, struct slice text)
{
	buf_puts(html, "<a href=\"");
	scan_put_url(html, url);
	buf_puts(html, "\">");
	scan_put_text(s, html, text.len ? text : url);
	buf_puts(html, "</a>");
}

/* A length as HTML's attribute has it: digits only, or nothing. */
static struct slice pixels(struct slice length)
{
	struct slice digits = length;

	if (slice_ends(digits, "px"))
		digits.len -= 2;
	if (digits.len > 5)
		return SLICE_NONE;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return SLICE_NONE;
	}
	return digits;
}

static void put_call_image(struct directive_call *call, struct buf *html)
{
	component_put_image(html, call_arg(call, SOURCE_KEYS, 0), call_arg(call, ALT_KEYS, 1),
	    call_arg(call, "title", -1), pixels(call_arg(call, "width|w", -1)),
	    pixels(call_arg(call, "height|h", -1)));
}

bool component_image(struct directive_call *call, struct buf *html)
{
	if (call_arg(call, "caption", -1).len > 0)
		return component_figure(call, html);
	put_call_image(call, html);
	return html->len > 0;
}

bool component_figure(struct directive_call *call, struct buf *html)
{
	struct slice caption = call_arg(call, "caption|figcaption|legend", -1);
	struct slice title = call_arg(call, "title", -1), by = call_arg(call, "attr|credit", -1);
	struct slice by_link = call_arg(call, "attrlink", -1);
	struct slice link = call_arg(call, "link", -1);

	if (call_arg(call, SOURCE_KEYS, 0).len == 0)
		return false;
	buf_puts(html, "<figure>");
	if (link.len > 0) {
		buf_puts(html, "<a href=\"");
		scan_put_url(html, link);
		buf_puts(html, "\">");
	}
	component_put_image(html, call_arg(call, SOURCE_KEYS, 0), call_arg(call, ALT_KEYS, 1),
	    SLICE_NONE, pixels(call_arg(call, "width|w", -1)),
	    pixels(call_arg(call, "height|h", -1)));
	if (link.len > 0)
		buf_puts(html, "</a>");
	if (caption.len + title.len + by.len > 0) {
		buf_puts(html, "<figcaption>");
		if (title.len > 0) {
			buf_puts(html, "<strong>");
			scan_put_text(call->scan, html, title);
			buf_puts(html, caption.len + by.len ? "</strong> " : "</strong>");
		}
		scan_put_markup(call->scan, html, caption, true);
		if (by.len > 0) {
			buf_puts(html, caption.len ? " " : "");
			if (by_link.len > 0)
				component_put_link(call->scan, html, by_link, by);
			else
				scan_put_markup(call->scan, html, by, false);
		}
		buf_puts(html, "</figcaption>");
	}
	buf_puts(html, "</figure>");
	return true;
}

bool component_media(struct directive_call *call, struct buf *html)
{
	struct slice src = call_arg(call, SOURCE_KEYS "|mp4|webm|mp3|ogg", 0);
	struct slice caption = call_arg(call, "caption|title", -1);

	if (src.len == 0)
		return false;
	buf_printf(html, "<%s controls src=\"", call->row->data);
	scan_put_url(html, src);
	buf_putc(html, '"');
	if (strcmp(call->row->data, "video") == 0) {
		struct slice poster = call_arg(call, "poster|preview|thumbnail", -1);

		if (poster.len > 0) {
			buf_puts(html, " poster=\"");
			scan_put_url(html, poster);
			buf_putc(html, '"');
		}
	}
	buf_putc(html, '>');
	component_put_link(call->scan, html, src, caption);
	buf_printf(html, "</%s>", call->row->data);
	return true;
}

/* ---- services ---- */

static bool is_url(struct slice text)
{
	return slice_starts_nocase(text, "https://") || slice_starts_nocase(text, "http://") ||
	       slice_starts(text, "//");
}

bool component_service(struct directive_call *call, struct buf *html)
{
	struct slice id = call_arg(call,
	    "id|videoId|video_id|youtubeId|v|url|src|href|link|handle|slug|hash|shortcode|bvid", 0);
	const char *hole = strchr(call->row->data, '%');
	struct buf url = BUF_INIT;

	if (id.len == 0)
		return false;
	if (is_url(id)) {
		buf_put_slice(&url, id);
	} else {
		buf_put(&url, call->row->data, (size_t)(hole - call->row->data));
		buf_put_slice(&url, id);
		buf_puts(&url, hole + 1);
	}
	component_put_link(
	    call->scan, html, buf_slice(&url), call_arg(call, "title|alt|caption|text", -1));
	buf_free(&url);
	return true;
}

bool component_gist(struct directive_call *call, struct buf *html)
{
	struct slice url = call_arg(call, "url|src|href", -1);
	struct slice user = call_arg(call, "user|username", 0), id = call_arg(call, "id|gist", 1);
	struct slice file = SLICE_NONE;

	if (url.len == 0 && is_url(user))
		url = user;
	if (url.len > 0) {
		component_put_link(call->scan, html, url, SLICE_NONE);
		return true;
	}
	if (user.len == 0 && id.len == 0)
		return false;
	/* `user id [file]`, or `user/id [file]`, or the id alone, which works too. */
	if (slice_find_byte(user, 0, '/') < user.len || user.len >= 20 || id.len == 0 ||
	    slice_find_byte(id, 0, '.') < id.len) {
		file = id;
		id = user.len ? user : id;
		user = SLICE_NONE;
	}
	url = arena_printf(call->scan->arena, "https://gist.github.com/%.*s%s%.*s", SLICE_FMT(user),
	    user.len ? "/" : "", SLICE_FMT(id));
	component_put_link(call->scan, html, url, file.len && user.len == 0 ? file : SLICE_NONE);
	return true;
}

bool component_tweet(struct directive_call *call, struct buf *html)
{
	struct slice user = call_arg(call, "user|username", 0);
	struct slice id = call_arg(call, "id|tweetId|tweetLink|url|tweet", -1);

	if (id.len == 0)
		id = call_arg(call, "", 1);
	if (id.len == 0) { /* one positional argument is the id */
		id = user;
		user = SLICE_NONE;
	}
	if (id.len == 0)
		return false;
	if (!is_url(id))
		id =
		    slice_find_byte(id, 0, '/') < id.len
			? arena_printf(call->scan->arena, "https://twitter.com/%.*s", SLICE_FMT(id))
			: arena_printf(call->scan->arena, "https://twitter.com/%.*s/status/%.*s",
			      SLICE_FMT(user.len ? user : SLICE("i/web")), SLICE_FMT(id));
	component_put_link(call->scan, html, id, SLICE_NONE);
	return true;
}

bool component_frame(struct directive_call *call, struct buf *html)
{
	struct slice src = call_arg(call, "src|url|href|link", 0);

	if (src.len == 0)
		return false;
	component_put_link(call->scan, html, src, call_arg(call, "title|name", -1));
	return true;
}

/* ---- blocks with text inside ---- */

static bool is_kind(struct slice word)
{
	static const char *const kinds[] = {"note", "tip", "info", "warning", "danger", "caution",
	    "important", "success", "error", "question", "example", "abstract", "bug", "quote",
	    "hint", "failure", "alert", "notice", "attention"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (slice_equal_nocase(word, kinds[i]))
			return true;
	}
	return false;
}

static void put_title(const struct scan *s, struct buf *html, struct slice title, bool capital)
{
	if (title.len == 0)
		return;
	buf_puts(html, "<p><strong>");
	if (capital && title.ptr[0] >= 'a' && title.ptr[0] <= 'z') {
		buf_putc(html, (char)(title.ptr[0] - 32));
		title = slice_from(title, 1);
	}
	scan_put_text(s, html, title);
	buf_puts(html, "</strong></p>");
}

/* Not what some themes have there: true, false, a colour, the name of an icon. */
static bool is_title(struct slice word)
{
	return word.len > 0 && !slice_equal_nocase(word, "true") &&
	       !slice_equal_nocase(word, "false") && !slice_equal_nocase(word, "no-icon") &&
	       !slice_starts(word, "#") && !slice_starts(word, "{") && !slice_starts(word, "fa-") &&
	       !slice_starts(word, "fas ") && !slice_starts(word, "fab ");
}

bool component_callout(struct directive_call *call, struct buf *html)
{
	struct slice title = call_arg(call, "title|heading|summary|header", -1);
	struct slice kind = call_arg(call, "type|kind|variant|style|level|class|status|intent", 0);
	struct slice second = call_arg(call, "", 1);
	bool own = title.len > 0;

	if (!own && is_kind(kind) && is_title(second) && call->args_len > 1 &&
	    slice_find_byte(second, 0, ' ') < second.len)
		title = second;
	else if (!own && is_kind(kind))
		title = kind;
	else if (!own && call->row->data)
		title = slice_of(call->row->data);
	buf_puts(html, "<blockquote>");
	put_title(call->scan, html, title, !own);
	call->close = SLICE("</blockquote>");
	return true;
}

bool component_details(struct directive_call *call, struct buf *html)
{
	struct slice summary = call_arg(call, "summary|title|label|header|name", 0);

	buf_puts(html, "<details><summary>");
	if (summary.len > 0)
		scan_put_text(call->scan, html, summary);
	else
		buf_puts(html, "Details");
	buf_puts(html, "</summary>");
	call->close = SLICE("</details>");
	return true;
}

bool component_section(struct directive_call *call, struct buf *html)
{
	struct slice title = call_arg(call, "title|label|name|header|heading|tabName|value", 0);

	buf_puts(html, "<div>");
	if (is_title(title))
		put_title(call->scan, html, title, false);
	call->close = SLICE("</div>");
	return true;
}

bool component_quote(struct directive_call *call, struct buf *html)
{
	struct slice author = call_arg(call, "author|by|who|cite|attribution|name", 0);
	struct slice source = call_arg(call, "source|title|from", -1);
	struct slice url = call_arg(call, "url|href|link|src|sourceUrl", -1);
	struct buf close = BUF_INIT;

	buf_puts(html, "<blockquote>");
	if (author.len + source.len + url.len > 0) {
		buf_puts(&close, "<footer>");
		scan_put_text(call->scan, &close, author);
		if (source.len + url.len > 0) {
			buf_puts(&close, author.len ? ", <cite>" : "<cite>");
			if (url.len > 0)
				component_put_link(call->scan, &close, url, source);
			else
				scan_put_text(call->scan, &close, source);
			buf_puts(&close, "</cite>");
		}
		buf_puts(&close, "</footer>");
	}
	buf_puts(&close, "</blockquote>");
	call->close = arena_copy(call->scan->arena, buf_slice(&close));
	buf_free(&close);
	return true;
}

bool component_anchor(struct directive_call *call, struct buf *html)
{
	struct slice url = call_arg(call, "href|to|url|link|relref|page", 0);

	if (url.len == 0)
		return false;
	buf_puts(html, "<a href=\"");
	scan_put_url(html, url);
	buf_puts(html, "\">");
	call->close = SLICE("</a>");
	return true;
}

bool component_element(struct directive_call *call, struct buf *html)
{
	buf_printf(html, "<%s>", call->row->data);
	call->close = arena_printf(call->scan->arena, "</%s>", call->row->data);
	return true;
}

/* ---- what is inside is no body text ---- */

/* Without the line of the opening tag, the blank end, and the indentation that all lines share. */
static struct slice code_lines(struct arena *arena, struct slice code)
{
	struct slice rest, line;
	size_t indent = SIZE_MAX, len = 0;
	char *copy;

	for (size_t end = slice_find_byte(code, 0, '\n');
	     end < code.len && slice_trim(slice_sub(code, 0, end)).len == 0;
	     end = slice_find_byte(code, 0, '\n'))
		code = slice_from(code, end + 1);
	while (code.len > 0 && strchr(" \t\n", code.ptr[code.len - 1]))
		code.len--;
	for (rest = code; slice_line(&rest, &line);) {
		size_t i = 0;

		while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
			i++;
		if (i < line.len && i < indent)
			indent = i;
	}
	if (indent == 0 || code.len == 0)
		return code;
	copy = arena_alloc(arena, code.len);
	for (rest = code; slice_line(&rest, &line);) {
		line = slice_from(line, line.len < indent ? line.len : indent);
		if (len > 0)
			copy[len++] = '\n';
		memcpy(copy + len, line.ptr, line.len);
		len += line.len;
	}
	return slice_make(copy, len);
}

/* {% raw %} marks go: highlighters of old wanted them around braces. */
static struct slice without_raw(struct scan *s, struct slice code)
{
	struct buf plain = BUF_INIT;
	struct slice result = code;
	size_t done = 0;

	for (size_t at = slice_find(code, 0, "{%"); at < code.len;) {
		size_t end = slice_find(code, at + 2, "%}"); /* "{%}" is no mark */
		struct slice name;

		if (end == code.len)
			break;
		name = slice_trim(slice_sub(code, at + 2, end));
		if (slice_equal_str(name, "raw") || slice_equal_str(name, "endraw")) {
			buf_put_slice(&plain, slice_sub(code, done, at));
			done = end + 2;
			if (done < code.len && code.ptr[done] == '\n' &&
			    (at == 0 || code.ptr[at - 1] == '\n'))
				done++; /* alone in its line */
			at = end;
		}
		at = slice_find(code, at + 2, "{%");
	}
	if (done > 0) {
		buf_put_slice(&plain, slice_from(code, done));
		result = arena_copy(s->arena, buf_slice(&plain));
	}
	buf_free(&plain);
	return result;
}

static void put_language(struct buf *html, struct slice language)
{
	size_t len = call_word(language, 0, "+#.");

	if (len == 0 || len > 40)
		return;
	buf_puts(html, " class=\"language-");
	buf_put(html, language.ptr, len);
	buf_putc(html, '"');
}

/* "{`code`}" */
static struct slice without_braces(struct slice code)
{
	struct slice text = slice_trim(code);

	if (text.len < 4 || !slice_starts(text, "{`") || !slice_ends(text, "`}"))
		return code;
	return slice_sub(text, 2, text.len - 2);
}

bool component_code(struct directive_call *call, struct buf *html)
{
	struct slice language = call->row->data ? slice_of(call->row->data)
						: call_arg(call, "lang|language|syntax|type", -1);
	struct slice code = call->inner;

	if (!call->verbatim)
		code = call_arg(call, "code|content|chart|children|data|value|definition", 0);
	if (language.len == 0 && call->args_len > 0 && call->args[0].key.len == 0 &&
	    (call->verbatim || call->args_len > 1))
		language = call->args[call->verbatim ? 0 : 1].value;
	if (call->style == CLOSE_TAG) /* JSX has it as a template literal */
		code = without_braces(code);
	if (code.len == 0)
		return false;
	code = code_lines(call->scan->arena, without_raw(call->scan, code));
	buf_puts(html, "<pre><code");
	put_language(html, language);
	buf_putc(html, '>');
	scan_put_verbatim(call->scan, html, code);
	buf_puts(html, "</code></pre>");
	return true;
}

bool component_html(struct directive_call *call, struct buf *html)
{
	struct slice rest = call->inner, line;

	if (!call->verbatim)
		return false;
	if (!call->scan->markdown || slice_find(rest, 0, "<pre") < rest.len) {
		buf_put_slice(html, rest);
		return true;
	}
	/* A blank line would end the HTML block, and indentation begin code. */
	buf_puts(html, "<div>");
	while (slice_line(&rest, &line)) {
		line = slice_trim(line);
		if (line.len == 0)
			continue;
		buf_put_slice(html, line);
		buf_putc(html, ' ');
	}
	buf_puts(html, "</div>");
	return true;
}

bool component_plain(struct directive_call *call, struct buf *html)
{
	struct slice text = call->verbatim ? slice_trim(call->inner)
					   : call_arg(call, "text|content|name|term|label", 0);

	if (text.len == 0)
		return false;
	if (call->row->data)
		buf_printf(html, "<%s>", call->row->data);
	scan_put_text(call->scan, html, text);
	if (call->row->data)
		buf_printf(html, "</%s>", call->row->data);
	return true;
}
