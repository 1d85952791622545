/*
 * Wikilinks: `[[Page]]`, `[[Page|Text]]`, `[[Page#Heading|Text]]`, and embeds
 * `![[picture.png|300]]`, `![[Note]]`, as Obsidian, Foam and others have them;
 * ikiwiki (.mdwn) has `[[Text|Page]]`. A page that nobody has becomes its text.
 *
 * Doubled brackets occur elsewhere too: `[[1]](url)` is Markdown's link, and
 * `[[1,2],[3]]` or `[[ -z $x ]]` no link at all.
 */
#include "feeds/markup/directive_family.h"

enum { LINK_MAX = 512 };

struct wikilink {
	struct slice target, heading, text;
	bool has_text;
	size_t end;
};

static bool is_ikiwiki(const struct scan *s)
{
	return slice_ends_nocase(s->source->path, ".mdwn");
}

/* The position of the "|" that divides; in a table it is written "\|". */
static size_t find_bar(struct slice text, size_t *behind)
{
	size_t bar = slice_find_byte(text, 0, '|');

	*behind = bar < text.len ? bar + 1 : bar;
	return bar > 0 && bar < text.len && text.ptr[bar - 1] == '\\' ? bar - 1 : bar;
}

/* Behind the brackets: the address or the name that makes them Markdown's; no footnote does. */
static bool goes_on(struct slice rest)
{
	return slice_starts(rest, "(") || (slice_starts(rest, "[") && !slice_starts(rest, "[^"));
}

/* Read what begins at `at`, behind the brackets; `swap`: text first. False when it is no link. */
static bool read_link(struct scan *s, size_t at, bool swap, struct wikilink *link)
{
	size_t end = scan_find(s, "]]", at), bar, behind, hash;
	struct slice text;

	if (end == s->text.len || end - at > LINK_MAX || end == at)
		return false;
	text = slice_sub(s->text, at, end);
	if (slice_find_byte(text, 0, '[') < text.len || slice_find_byte(text, 0, ']') < text.len ||
	    slice_find_byte(text, 0, '\n') < text.len)
		return false;
	link->end = end + 2;
	if (goes_on(slice_from(s->text, link->end)))
		return false;
	bar = find_bar(text, &behind);
	link->target = slice_trim(slice_sub(text, 0, bar));
	link->text = slice_trim(slice_from(text, behind));
	link->has_text = link->text.len > 0;
	if (link->has_text && swap) {
		struct slice first = link->target;

		link->target = link->text;
		link->text = first;
	}
	hash = slice_find_byte(link->target, 0, '#');
	link->heading = slice_from(link->target, hash);
	link->target = slice_trim(slice_sub(link->target, 0, hash));
	return link->target.len + link->heading.len > 0;
}

static bool is_url(struct slice target)
{
	return slice_starts_nocase(target, "http://") || slice_starts_nocase(target, "https://");
}

/* "#A Heading" to "#a-heading", as renderers name headings; "#^block" has no counterpart. */
static void put_fragment(struct buf *url, struct slice heading)
{
	size_t start = heading.len, len;

	while (start > 0 && heading.ptr[start - 1] != '#') /* of "#A#B" the last counts */
		start--;
	heading = slice_trim(slice_from(heading, start));
	if (heading.len == 0 || heading.ptr[0] == '^')
		return;
	buf_putc(url, '#');
	len = url->len;
	for (size_t i = 0; i < heading.len; i++) {
		char c = heading.ptr[i];

		if (c == ' ' || c == '-')
			buf_putc(url, '-');
		else if (call_word(heading, i, "") > 0)
			buf_putc(url, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
	if (url->len == len)
		buf_cut(url, len - 1);
}

static bool find_page(const struct scan *s, struct slice target, struct buf *url)
{
	char *plain;

	if (is_url(target)) {
		buf_put_slice(url, target);
		return true;
	}
	if (target.len == 0 || scan_find_link(s, target, url))
		return true;
	if (!is_ikiwiki(s) || slice_find_byte(target, 0, ' ') == target.len)
		return false;
	plain = arena_alloc(s->arena, target.len); /* its files have "_" for blanks */
	for (size_t i = 0; i < target.len; i++)
		plain[i] = target.ptr[i] == ' ' ? '_' : target.ptr[i];
	return scan_find_link(s, slice_make(plain, target.len), url);
}

/* What a reader sees of a link without a text: "Page", "Page > Heading". */
static void put_name(const struct scan *s, struct buf *html, const struct wikilink *link)
{
	struct slice name = link->target, heading = link->heading;

	if (link->has_text) {
		scan_put_text(s, html, link->text);
		return;
	}
	if (slice_ends_nocase(name, ".md"))
		name.len -= 3;
	scan_put_text(s, html, name);
	while (heading.len > 0) {
		size_t next = slice_find_byte(heading, 1, '#');
		struct slice part = slice_trim(slice_sub(heading, 1, next));

		if (part.len > 0 && part.ptr[0] != '^') {
			if (html->len > 0)
				buf_puts(html, " &gt; ");
			scan_put_text(s, html, part);
		}
		heading = slice_from(heading, next);
	}
}

static void put_anchor(struct scan *s, const struct wikilink *link, struct buf *html)
{
	struct buf url = BUF_INIT, name = BUF_INIT;
	bool found = find_page(s, link->target, &url);

	put_name(s, &name, link);
	if (found)
		put_fragment(&url, link->heading);
	if (found && url.len > 0) {
		buf_puts(html, "<a href=\"");
		scan_put_url(html, buf_slice(&url));
		buf_puts(html, "\">");
		buf_put_slice(html, buf_slice(&name));
		buf_puts(html, "</a>");
	} else {
		buf_put_slice(html, buf_slice(&name));
		if (!found)
			scan_note(s, "no article fits", link->target, ", so its link is dropped");
	}
	buf_free(&url);
	buf_free(&name);
}

/* ---- files ---- */

static bool has_extension(struct slice name, const char *const *extensions)
{
	for (; *extensions; extensions++) {
		if (slice_ends_nocase(name, *extensions))
			return true;
	}
	return false;
}

static bool is_image(struct slice name)
{
	static const char *const extensions[] = {
	    ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".apng", NULL};

	return has_extension(name, extensions);
}

static bool is_video(struct slice name)
{
	static const char *const extensions[] = {".mp4", ".webm", ".ogv", ".mov", ".mkv", NULL};

	return has_extension(name, extensions);
}

static bool is_audio(struct slice name)
{
	static const char *const extensions[] = {
	    ".mp3", ".ogg", ".wav", ".m4a", ".flac", ".opus", NULL};

	return has_extension(name, extensions);
}

static size_t digits(struct slice text, size_t at)
{
	size_t end = at;

	while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9')
		end++;
	return end - at;
}

/* "300", "300x200", "alt", "alt|300". */
static void put_image(const struct wikilink *link, struct buf *html)
{
	struct slice alt = link->text, size = link->text, width = SLICE_NONE, height = SLICE_NONE;
	size_t at = size.len, len;

	while (at > 0 && size.ptr[at - 1] != '|')
		at--;
	size = slice_from(size, at);
	len = digits(size, 0);
	if (len > 0 && len < 6) {
		width = slice_sub(size, 0, len);
		if (len < size.len && size.ptr[len] == 'x' &&
		    len + 1 + digits(size, len + 1) == size.len)
			height = slice_from(size, len + 1);
		else if (len < size.len)
			width = SLICE_NONE; /* "3 apples" */
	}
	if (width.len > 0)
		alt = slice_trim(slice_sub(alt, 0, at > 0 ? at - 1 : 0));
	while (slice_ends(alt, "\\") || slice_ends(alt, "|"))
		alt.len--;
	component_put_image(html, link->target, alt, SLICE_NONE, width, height);
}

static void put_media(
    const struct scan *s, const struct wikilink *link, const char *element, struct buf *html)
{
	buf_printf(html, "<%s controls src=\"", element);
	scan_put_url(html, link->target);
	buf_puts(html, "\">");
	component_put_link(s, html, link->target, link->text);
	buf_printf(html, "</%s>", element);
}

/* A file that is no article, with a name of its own: "paper.pdf". */
static bool is_other_file(struct slice name)
{
	static const char *const extensions[] = {
	    ".pdf", ".zip", ".epub", ".csv", ".docx", ".xlsx", ".pptx", ".tar.gz", NULL};

	return has_extension(name, extensions);
}

static size_t expand_embed(struct scan *s)
{
	struct wikilink link;
	struct buf html = BUF_INIT;

	if (!read_link(s, s->pos + 3, false, &link))
		return 0;
	if (is_image(link.target))
		put_image(&link, &html);
	else if (is_video(link.target))
		put_media(s, &link, "video", &html);
	else if (is_audio(link.target))
		put_media(s, &link, "audio", &html);
	else if (is_other_file(link.target))
		component_put_link(s, &html, link.target, link.text);
	else
		put_anchor(s, &link, &html);
	scan_emit(s, buf_slice(&html), false, link.end);
	buf_free(&html);
	return link.end;
}

/* "[[toc]]" in several dialects: a table of contents is nothing for a feed. */
static bool is_toc(struct slice target)
{
	return slice_equal_nocase(target, "toc") || slice_equal_nocase(target, "_toc_");
}

static size_t expand_link(struct scan *s)
{
	char next = s->pos + 2 < s->text.len ? s->text.ptr[s->pos + 2] : ' ';
	struct wikilink link;
	struct buf html = BUF_INIT;

	if (next == ' ' || next == '[' || next == '!' || next == '^' ||
	    !read_link(s, s->pos + 2, is_ikiwiki(s), &link))
		return 0;
	if (is_toc(link.target) && !link.has_text)
		return scan_gone(s, link.end);
	if (is_image(link.target) && !link.has_text && is_ikiwiki(s))
		put_image(&link, &html);
	else if (is_image(link.target) || is_other_file(link.target))
		component_put_link(s, &html, link.target, link.has_text ? link.text : link.target);
	else
		put_anchor(s, &link, &html);
	scan_emit(s, buf_slice(&html), false, link.end);
	buf_free(&html);
	return link.end;
}

const struct directive_family directive_wikiembed = {
    "wiki embed", "![[", IN_ANY, false, expand_embed};
const struct directive_family directive_wikilink = {"wikilink", "[[", IN_ANY, false, expand_link};
