#include "feeds/markup/htmlemit.h"

#include <stdint.h>

#include "feeds/markup/htmlembed.h"
#include "feeds/markup/htmlescape.h"
#include "feeds/markup/htmlstyle.h"
#include "feeds/markup/htmltitle.h"

enum {
	DEPTH_MAX = 100,      /* elements written inside each other */
	ANCHOR_SIGN_MAX = 16, /* bytes of the text of a sign that links to its heading */
};

/* The value of an attribute; NULL without it. */
static const char *att_value(const char *const *atts, const char *name)
{
	for (; atts && atts[0]; atts += 2) {
		if (strcmp(atts[0], name) == 0)
			return atts[1] ? atts[1] : "";
	}
	return NULL;
}

static bool parent_is(const struct htmlemit *emit, enum htmltag_id id)
{
	const struct htmltag *top =
	    emit->stack.len > 0 ? emit->stack.items[emit->stack.len - 1] : NULL;

	return top && top->id == id;
}

static void push(struct htmlemit *emit, const struct htmltag *tag)
{
	vec_push(&emit->stack, tag);
}

/* Forget what stood behind `at`. */
static void cut(struct htmlemit *emit, size_t at)
{
	buf_cut(emit->out, at);
	if (*emit->more != SIZE_MAX && *emit->more > at)
		*emit->more = at;
}

/* ---- attributes ---- */

static void put_attr(struct htmlemit *emit, const char *name, struct slice value)
{
	buf_putc(emit->out, ' ');
	buf_puts(emit->out, name);
	buf_puts(emit->out, "=\"");
	htmlescape_put(emit->out, value);
	buf_putc(emit->out, '"');
}

static bool is_number(struct slice value)
{
	size_t at = value.len > 0 && value.ptr[0] == '-' ? 1 : 0;

	if (at == value.len || value.len > 8)
		return false;
	for (; at < value.len; at++) {
		if (value.ptr[at] < '0' || value.ptr[at] > '9')
			return false;
	}
	return true;
}

/* The attribute as it may be written, in emit->value; false when it has to go. */
static bool make_value(struct htmlemit *emit, enum htmlattr_kind kind, struct slice value)
{
	struct buf *out = &emit->value;

	buf_clear(out);
	switch (kind) {
	case HTMLATTR_TEXT: buf_put_slice(out, value); return true;
	case HTMLATTR_NUMBER:
		value = slice_trim(value);
		if (slice_ends_nocase(value, "px"))
			value.len -= 2;
		buf_put_slice(out, value);
		return is_number(value);
	case HTMLATTR_FLAG: return true;
	case HTMLATTR_URL: return htmlurl_put_link(emit->url, value, out);
	case HTMLATTR_MEDIA: return htmlurl_put_media(emit->url, value, out);
	case HTMLATTR_SRCSET: return htmlurl_put_srcset(emit->url, value, out);
	case HTMLATTR_STYLE: return htmlstyle_put(emit->url, value, out);
	case HTMLATTR_READ: break;
	}
	return false;
}

/* Write the attribute `as` from the first of `names` that the element has and that is fit. */
static bool put_first(struct htmlemit *emit, const char *const *atts, const char *as,
    enum htmlattr_kind kind, const char *const *names)
{
	for (; *names; names++) {
		const char *value = att_value(atts, *names);

		if (!value || htmlurl_is_placeholder(slice_of(value)) ||
		    !make_value(emit, kind, slice_of(value)))
			continue;
		put_attr(emit, as, buf_slice(&emit->value));
		return true;
	}
	return false;
}

/* What a script would put into src comes first: src itself is a stand-in then. */
static const char *const src_names[] = {"data-src", "data-lazy-src", "data-original", "src", NULL};
static const char *const srcset_names[] = {"data-srcset", "data-lazy-srcset", "srcset", NULL};
static const char *const poster_names[] = {"data-poster", "poster", NULL};

/* The attributes whose values may come under several names; true when one was written. */
static bool put_lazy(struct htmlemit *emit, const struct htmltag *tag, const char *const *atts)
{
	bool put = false;

	if (!(tag->groups & (HTMLATTR_IMG | HTMLATTR_SOURCE | HTMLATTR_PLAYER | HTMLATTR_TRACK)))
		return false;
	put = put_first(emit, atts, "src", HTMLATTR_MEDIA, src_names);
	if (tag->groups & (HTMLATTR_IMG | HTMLATTR_SOURCE))
		put |= put_first(emit, atts, "srcset", HTMLATTR_SRCSET, srcset_names);
	if (tag->groups & HTMLATTR_PLAYER)
		put |= put_first(emit, atts, "poster", HTMLATTR_MEDIA, poster_names);
	return put;
}

/* The other attributes; true when one says where to go. */
static bool put_attrs(struct htmlemit *emit, const struct htmltag *tag, const char *const *atts)
{
	bool leads = false;

	for (; atts && atts[0]; atts += 2) {
		const struct htmlattr *attr = htmlattr_find(slice_of(atts[0]));
		struct slice value = atts[1] ? slice_of(atts[1]) : SLICE("");

		if (!attr || !htmlattr_fits(attr, tag))
			continue;
		if (strcmp(attr->name, "src") == 0 || strcmp(attr->name, "srcset") == 0 ||
		    strcmp(attr->name, "poster") == 0)
			continue; /* put_lazy's */
		/* Only highlighters' classes are of use outside of the site. */
		if (strcmp(attr->name, "class") == 0 && !(tag->groups & HTMLATTR_CODE)) {
			trace_remove(emit->removed, TRACE_REMOVED_ATTRIBUTE, slice_of(atts[0]));
			continue;
		}
		if (!make_value(emit, attr->kind, value)) {
			if (attr->kind != HTMLATTR_READ)
				trace_remove(emit->removed, TRACE_REMOVED_VALUE, slice_of(atts[0]));
			continue;
		}
		put_attr(emit, attr->name, buf_slice(&emit->value));
		leads = leads || attr->kind == HTMLATTR_URL;
	}
	return leads;
}

/* ---- elements ---- */

/* A block ends the paragraph that it stands in; the parser knows only HTML 4's blocks. */
static void end_paragraph(struct htmlemit *emit)
{
	if (!parent_is(emit, HTMLTAG_P))
		return;
	buf_puts(emit->out, "</p>");
	emit->stack.items[emit->stack.len - 1] = NULL;
	emit->depth--;
	emit->paragraphs--;
}

/* Does the size say that nobody is to see it? */
static bool is_pixel(const char *const *atts)
{
	const char *width = att_value(atts, "width"), *height = att_value(atts, "height");

	return width && height && (strcmp(width, "0") == 0 || strcmp(width, "1") == 0) &&
	       (strcmp(height, "0") == 0 || strcmp(height, "1") == 0);
}

/* A box of a task list; other controls are of no use in a feed. */
static void put_checkbox(struct htmlemit *emit, const char *const *atts)
{
	const char *type = att_value(atts, "type");

	if (type && slice_equal_nocase(slice_of(type), "checkbox"))
		buf_puts(emit->out, att_value(atts, "checked") ? "☑" : "☐");
}

/* What a player at `src` shows, as a link; true when one was written. */
static bool put_player(
    struct htmlemit *emit, struct slice src, const char *title, const char *was, bool known_only)
{
	struct buf page = BUF_INIT;
	struct htmlembed embed;
	bool block = emit->paragraphs == 0 && emit->links == 0 && emit->headings == 0;

	htmlembed_put(src, slice_of(title ? title : ""), &page, &embed);
	if (known_only && !embed.known) {
		buf_free(&page);
		return false;
	}
	trace_remove(emit->removed, TRACE_REMOVED_FRAME, slice_of(was));
	buf_puts(emit->out, block ? "<p>" : "");
	if (emit->links == 0) {
		buf_puts(emit->out, "<a");
		put_attr(emit, "href", buf_slice(&page));
		buf_putc(emit->out, '>');
	}
	htmlescape_put(emit->out, !embed.label	   ? slice_trim(slice_of(title))
				  : embed.label[0] ? slice_of(embed.label)
						   : buf_slice(&page));
	buf_puts(emit->out, emit->links == 0 ? "</a>" : "");
	buf_puts(emit->out, block ? "</p>" : "");
	emit->text_seen = true;
	buf_free(&page);
	return true;
}

/* A frame, as a link; true when one was written. */
static bool put_frame(struct htmlemit *emit, const char *const *atts, bool known_only)
{
	static const char *const names[] = {"data-src", "data-lazy-src", "src", "data", NULL};
	struct buf src = BUF_INIT;
	bool put;

	for (const char *const *name = names; *name && src.len == 0; name++) {
		const char *value = att_value(atts, *name);

		if (value && !slice_starts_nocase(slice_trim(slice_of(value)), "data:"))
			(void)htmlurl_put_media(emit->url, slice_of(value), &src); /* by src.len */
	}
	put = src.len > 0 &&
	      put_player(emit, buf_slice(&src), att_value(atts, "title"), "iframe", known_only);
	buf_free(&src);
	return put;
}

/* `![title](https://www.youtube.com/watch?v=…)`, Obsidian's embed; true when it was one. */
static bool put_video(struct htmlemit *emit, const char *const *atts)
{
	const char *value = att_value(atts, "src");
	struct buf src = BUF_INIT;
	bool put = value && htmlurl_put_media(emit->url, slice_of(value), &src) &&
		   htmlembed_is_video(buf_slice(&src)) &&
		   put_player(emit, buf_slice(&src), att_value(atts, "alt"), "img", true);

	buf_free(&src);
	return put;
}

static void put_image(struct htmlemit *emit, const struct htmltag *tag, const char *const *atts)
{
	size_t before = emit->out->len;

	if (is_pixel(atts)) {
		trace_remove(emit->removed, TRACE_REMOVED_PIXEL, SLICE("img"));
		return;
	}
	if (put_video(emit, atts)) {
		emit->lazy = false;
		return;
	}
	buf_puts(emit->out, "<img");
	if (!put_lazy(emit, tag, atts)) {
		cut(emit, before);
		emit->lazy = true;
		return;
	}
	(void)put_attrs(emit, tag, atts); /* an image leads nowhere */
	buf_putc(emit->out, '>');
	emit->lazy = false;
}

/* Is the link but a sign beside a heading, as far as its start tag tells? */
static bool is_anchor(const struct htmlemit *emit, const char *const *atts)
{
	const char *href = att_value(atts, "href"), *classes = att_value(atts, "class");
	const char *hidden = att_value(atts, "aria-hidden");

	if (!href || !slice_starts(slice_trim(slice_of(href)), "#"))
		return false;
	return emit->headings > 0 || (hidden && strcmp(hidden, "true") == 0) ||
	       (classes && htmltag_is_anchor(slice_of(classes)));
}

/*
 * A link. One that leads nowhere is left out, or closed at once when it is the
 * place that others lead to: often nobody closed it, and links do not nest.
 */
static void put_link(struct htmlemit *emit, const struct htmltag *tag, const char *const *atts)
{
	size_t at = emit->out->len;
	const char *id = att_value(atts, "id"), *name = att_value(atts, "name");
	bool leads;

	if (emit->links > 0) {
		push(emit, NULL);
		return;
	}
	buf_puts(emit->out, "<a");
	leads = put_attrs(emit, tag, atts);
	if (!id && name)
		put_attr(emit, "id", slice_of(name));
	buf_putc(emit->out, '>');
	if (!leads) {
		if (id || name)
			buf_puts(emit->out, "</a>");
		else
			cut(emit, at);
		push(emit, NULL);
		return;
	}
	if (is_anchor(emit, atts)) {
		emit->in_anchor = true;
		emit->anchor_at = at;
		emit->anchor_depth = emit->stack.len;
		emit->anchor_title = emit->title.len;
		buf_clear(&emit->anchor);
	}
	emit->links++;
	emit->depth++;
	push(emit, tag);
}

/* An element that has an end tag. */
static void put_element(struct htmlemit *emit, const struct htmltag *tag, const char *const *atts)
{
	if (tag->flags & HTMLTAG_BLOCK)
		end_paragraph(emit);
	if (emit->depth >= DEPTH_MAX) {
		push(emit, NULL);
		return;
	}
	if (tag->id == HTMLTAG_A) {
		put_link(emit, tag, atts);
		return;
	}
	if (tag->id == HTMLTAG_H1 && !emit->text_seen && !emit->in_title) {
		emit->in_title = true;
		emit->title_at = emit->out->len;
		emit->title_depth = emit->stack.len;
		buf_clear(&emit->title);
	}
	if (tag->flags & HTMLTAG_HEADING)
		emit->headings++;
	if (tag->id == HTMLTAG_P)
		emit->paragraphs++;
	buf_putc(emit->out, '<');
	buf_puts(emit->out, tag->as);
	(void)put_lazy(emit, tag, atts); /* nothing hangs on these here */
	(void)put_attrs(emit, tag, atts);
	if (tag->id == HTMLTAG_PLAYER) /* without, a reader shows nothing to press */
		put_attr(emit, "controls", SLICE_NONE);
	buf_putc(emit->out, '>');
	emit->depth++;
	push(emit, tag);
}

static void put_void(struct htmlemit *emit, const struct htmltag *tag, const char *const *atts)
{
	size_t before = emit->out->len;
	bool put;

	if (tag->flags & HTMLTAG_BLOCK)
		end_paragraph(emit);
	buf_putc(emit->out, '<');
	buf_puts(emit->out, tag->as);
	put = put_lazy(emit, tag, atts);
	(void)put_attrs(emit, tag, atts); /* nor does this lead anywhere */
	buf_putc(emit->out, '>');
	if (!put && (tag->groups & (HTMLATTR_SOURCE | HTMLATTR_TRACK)))
		cut(emit, before); /* it shows nothing */
}

/* ---- ends ---- */

/* A link to its own heading that shows "#" or the like. */
static void end_anchor(struct htmlemit *emit)
{
	if (!emit->in_anchor || emit->stack.len != emit->anchor_depth)
		return;
	emit->in_anchor = false;
	if (emit->anchor.len > ANCHOR_SIGN_MAX || !htmltitle_is_sign(buf_slice(&emit->anchor)))
		return;
	cut(emit, emit->anchor_at);
	buf_cut(&emit->title, emit->anchor_title);
}

static void end_title(struct htmlemit *emit)
{
	if (!emit->in_title || emit->stack.len != emit->title_depth)
		return;
	emit->in_title = false;
	if (htmltitle_equal(buf_slice(&emit->title), emit->url->source->title)) {
		cut(emit, emit->title_at);
		trace_remove(emit->removed, TRACE_REMOVED_HEADING, SLICE("h1"));
	}
	emit->text_seen = emit->text_seen || slice_trim(buf_slice(&emit->title)).len > 0;
}

/* Write the end tag of the innermost element. */
static void end_element(struct htmlemit *emit)
{
	const struct htmltag *tag = emit->stack.items[--emit->stack.len];

	if (!tag)
		return;
	buf_puts(emit->out, "</");
	buf_puts(emit->out, tag->as);
	buf_putc(emit->out, '>');
	emit->depth--;
	if (tag->flags & HTMLTAG_HEADING)
		emit->headings--;
	if (tag->id == HTMLTAG_P)
		emit->paragraphs--;
	if (tag->id == HTMLTAG_A) {
		emit->links--;
		end_anchor(emit);
	}
	if (tag->id == HTMLTAG_H1)
		end_title(emit);
}

/* ---- what the parser says ---- */

void htmlemit_start(struct htmlemit *emit, const struct htmltag *tag, const char *const *atts)
{
	enum htmltag_id id = tag ? tag->id : HTMLTAG_OTHER;

	emit->in_text = false;
	if (emit->skip > 0) {
		emit->skip++;
		return;
	}
	/* It says again what a script shows, unless that was an image left out. */
	if ((id == HTMLTAG_NOSCRIPT && !emit->lazy) ||
	    (id == HTMLTAG_EMBED && put_frame(emit, atts, true))) {
		emit->skip = 1;
		return;
	}
	if (tag && tag->as && !(tag->flags & HTMLTAG_VOID)) {
		put_element(emit, tag, atts);
		return;
	}
	push(emit, NULL);
	if (id == HTMLTAG_IMG)
		put_image(emit, tag, atts);
	else if (id == HTMLTAG_IFRAME)
		(void)put_frame(emit, atts, false); /* without a URL it just goes */
	else if (id == HTMLTAG_INPUT)
		put_checkbox(emit, atts);
	else if (tag && tag->as)
		put_void(emit, tag, atts);
}

void htmlemit_end(struct htmlemit *emit)
{
	emit->in_text = false;
	if (emit->skip > 0)
		emit->skip--;
	else if (emit->stack.len > 0)
		end_element(emit);
}

/* White space between blocks: one line end, also where something went. */
static void put_gap(struct htmlemit *emit, struct slice text)
{
	struct buf *out = emit->out;

	if (out->len > 0 && out->data[out->len - 1] != '\n')
		buf_putc(out, slice_find_byte(text, 0, '\n') < text.len ? '\n' : ' ');
}

void htmlemit_text(struct htmlemit *emit, struct slice text)
{
	if (emit->skip > 0)
		return;
	if (emit->depth == 0 && !emit->in_text && slice_trim(text).len == 0) {
		put_gap(emit, text);
		return;
	}
	emit->in_text = true;
	htmlescape_put(emit->out, text);
	if (emit->in_anchor && emit->anchor.len <= ANCHOR_SIGN_MAX)
		buf_put_slice(&emit->anchor, text);
	if (emit->in_title)
		buf_put_slice(&emit->title, text);
	if (slice_trim(text).len > 0) {
		emit->lazy = false;
		emit->text_seen = emit->text_seen || !emit->in_title;
	}
}

void htmlemit_more(struct htmlemit *emit)
{
	emit->in_text = false;
	if (*emit->more == SIZE_MAX)
		*emit->more = emit->out->len;
}

void htmlemit_free(struct htmlemit *emit)
{
	vec_free(&emit->stack);
	buf_free(&emit->title);
	buf_free(&emit->anchor);
	buf_free(&emit->value);
}
