#include "feeds/markup/htmlfence.h"

#include <stdint.h>

#include "feeds/markup/htmlent.h"
#include "feeds/markup/htmllex.h"
#include "feeds/markup/htmltag.h"

enum {
	HEADERS_MAX = 8 /* of a page that are looked into */
};

/* A start tag, as far as the tables know it. */
struct tag {
	const struct htmltag *tag;
	bool closed, hidden, lazy; /* lazy: a picture that a script is to load */
	struct slice classes, id;
	struct htmlfence_attr attrs[HTMLFENCE_ATTRS];
	size_t attrs_len;
};

struct fence {
	const struct htmlfence *rules;
	struct htmllex lex;
	const struct htmlfence_listener *listener;
	void *arg;
	size_t depth;
	unsigned headers;
	/* Of each element: tags written and not yet closed; tags left out for their depth. */
	uint32_t open[HTMLTAG_COUNT_MAX], deep[HTMLTAG_COUNT_MAX];
	/* Where its last end tag begins, plus one; 0: not looked for yet, SIZE_MAX: nowhere. */
	size_t last_end[HTMLTAG_COUNT_MAX];
};

static void tag_read(const struct htmllex_token *token, const struct htmltag *row,
    struct trace_tally *removed, struct tag *out)
{
	struct slice rest = token->attrs;
	struct htmllex_attr attr;

	out->tag = row;
	out->closed = token->closed || (row->flags & HTMLTAG_VOID);
	out->hidden = out->lazy = false;
	out->classes = out->id = SLICE_NONE;
	out->attrs_len = 0;
	while (out->attrs_len < HTMLFENCE_ATTRS && htmllex_next_attr(&rest, &attr)) {
		const struct htmlattr *known = htmlattr_find(attr.name);
		bool repeated = false;

		if (!known || !htmlattr_fits(known, row)) {
			trace_remove(removed, TRACE_REMOVED_ATTRIBUTE, attr.name);
			continue;
		}
		for (size_t i = 0; i < out->attrs_len; i++)
			repeated = repeated || out->attrs[i].attr == known;
		if (repeated)
			continue; /* the first one counts (section 13.2.5.33) */
		out->attrs[out->attrs_len++] = (struct htmlfence_attr){known, attr.value};
		out->hidden = out->hidden || htmlattr_hides(known, attr.value);
		out->lazy = out->lazy || (row->id == HTMLTAG_IMG &&
					     slice_starts(slice_of(known->name), "data-"));
		if (strcmp(known->name, "class") == 0)
			out->classes = attr.value;
		else if (strcmp(known->name, "id") == 0)
			out->id = attr.value;
	}
}

/* Is there an end tag of the element at or behind the place reached? */
static bool has_end(struct fence *fence, const struct htmltag *tag)
{
	size_t *last = &fence->last_end[htmltag_index(tag)];

	if (*last == 0) {
		struct htmllex lex = {.html = fence->lex.html, .at = fence->lex.at};

		*last = SIZE_MAX;
		for (;;) {
			(void)htmllex_skip_raw(&lex, tag->name); /* only the place matters */
			if (lex.at >= lex.html.len)
				break;
			*last = ++lex.at;
		}
	}
	return *last != SIZE_MAX && *last > fence->lex.at;
}

/* Does a start tag of `next` end an element whose end tag may be missing (HTML 13.1.2.4)? */
static bool ends_before(const struct htmltag *tag, const struct htmltag *next)
{
	static const char *const kin[][2] = {{"dt", "dd"}, {"td", "th"}};

	if (tag == next || (tag->id == HTMLTAG_P && (next->flags & HTMLTAG_BLOCK)))
		return true;
	for (size_t i = 0; i < sizeof(kin) / sizeof(*kin); i++)
		if ((strcmp(tag->name, kin[i][0]) == 0 && strcmp(next->name, kin[i][1]) == 0) ||
		    (strcmp(tag->name, kin[i][1]) == 0 && strcmp(next->name, kin[i][0]) == 0))
			return true;
	return false;
}

/*
 * Pass over what is inside an element whose end tag may be missing: it ends at
 * the latest where the next of its kind starts, or its parent ends.
 */
static void skip_optional(struct fence *fence, const struct htmltag *tag)
{
	struct htmllex_token token;
	size_t depth = 0; /* of elements inside that surely have end tags */

	while (htmllex_next(&fence->lex, &token)) {
		const struct htmltag *row;

		if (token.kind != HTMLLEX_START && token.kind != HTMLLEX_END)
			continue;
		row = htmltag_find(token.name);
		if (depth == 0 && row && token.kind == HTMLLEX_START && ends_before(tag, row)) {
			fence->lex.at = token.start;
			return;
		}
		if (!row || (row != tag && (row->flags & (HTMLTAG_VOID | HTMLTAG_OPTIONAL))))
			continue;
		if (depth == 0 && token.kind == HTMLLEX_END) {
			if (row != tag)
				fence->lex.at = token.start;
			return;
		}
		if (row == tag || (token.kind == HTMLLEX_START && token.closed))
			continue;
		if (row->flags & HTMLTAG_RAW)
			(void)htmllex_skip_raw(&fence->lex, row->name); /* dropped as well */
		depth += token.kind == HTMLLEX_START ? 1 : (size_t)-1;
	}
}

/* Pass over what is inside the element whose start tag was just read. */
static void skip_element(struct fence *fence, const struct htmltag *tag)
{
	struct htmllex_token token;
	size_t depth = 1, blocks = 0;

	if (tag->flags & HTMLTAG_RAW) {
		(void)htmllex_skip_raw(&fence->lex, tag->name); /* dropped */
		return;
	}
	if (tag->flags & HTMLTAG_OPTIONAL) {
		skip_optional(fence, tag);
		return;
	}
	/* Nobody closed it: better its content than the loss of all that follows. */
	if (!has_end(fence, tag))
		return;
	while (depth > 0 && htmllex_next(&fence->lex, &token)) {
		const struct htmltag *row;

		if (token.kind != HTMLLEX_START && token.kind != HTMLLEX_END)
			continue;
		row = htmltag_find(token.name);
		/* Of the text of a paragraph: it ends with that at the latest. */
		if (row && !(tag->flags & HTMLTAG_BLOCK) && (row->flags & HTMLTAG_BLOCK)) {
			if (token.kind == HTMLLEX_END && blocks == 0 &&
			    fence->open[htmltag_index(row)] > 0) {
				fence->lex.at = token.start;
				return;
			}
			blocks += token.kind == HTMLLEX_START && !token.closed;
			blocks -= token.kind == HTMLLEX_END && blocks > 0;
		}
		if (row == tag && token.kind == HTMLLEX_END)
			depth--;
		else if (row == tag && !token.closed)
			depth++;
		else if (row && token.kind == HTMLLEX_START && (row->flags & HTMLTAG_RAW) &&
			 !token.closed)
			(void)htmllex_skip_raw(&fence->lex, row->name); /* dropped as well */
	}
}

/* Does the header whose start tag was just read show a figure? */
static bool has_figure(const struct fence *fence)
{
	struct htmllex lex = fence->lex;
	struct htmllex_token token;

	while (htmllex_next(&lex, &token)) {
		if (token.kind == HTMLLEX_END && slice_equal_nocase(token.name, "header"))
			return false;
		if (token.kind == HTMLLEX_START && (slice_equal_nocase(token.name, "figure") ||
						       slice_equal_nocase(token.name, "picture") ||
						       slice_equal_nocase(token.name, "video")))
			return true;
	}
	return false;
}

/* Does the element go with all that is inside? */
static bool is_dropped(struct fence *fence, const struct tag *tag)
{
	unsigned flags = tag->tag->flags;

	if (flags & HTMLTAG_DROP)
		return true;
	/* Scripts show a body when all is there, and a picture when it is wanted. */
	if (tag->hidden && !tag->lazy && !htmltag_is_frame(tag->tag) && !fence->rules->hidden_too)
		return true;
	if (htmltag_is_clutter(tag->classes))
		return true;
	if (!fence->rules->page)
		return false;
	if (flags & HTMLTAG_PAGE_DROP)
		return true;
	if (tag->tag->id == HTMLTAG_HEADER)
		return !fence->rules->own_headers || fence->headers++ >= HEADERS_MAX ||
		       !has_figure(fence);
	return (flags & HTMLTAG_BLOCK) && !(flags & HTMLTAG_HEADING) &&
	       (htmltag_is_furniture(tag->classes) || htmltag_is_furniture(tag->id));
}

static bool read_start(struct fence *fence, const struct htmllex_token *token)
{
	const struct htmltag *row = htmltag_find(token->name);
	struct tag tag;

	if (!row) {
		trace_remove(fence->rules->removed, TRACE_REMOVED_TAG, token->name);
		return true;
	}
	tag_read(token, row, fence->rules->removed, &tag);
	if (is_dropped(fence, &tag)) {
		trace_remove(fence->rules->removed, TRACE_REMOVED_ELEMENT, token->name);
		if (!tag.closed)
			skip_element(fence, row);
		return true;
	}
	if (row->id == HTMLTAG_IFRAME) {
		/* What is inside is for browsers without frames; an end is often forgotten. */
		if (!tag.closed && has_end(fence, row))
			skip_element(fence, row);
		tag.closed = true;
	}
	if (htmltag_is_frame(row))
		return true;
	if (!tag.closed) {
		if (fence->depth >= fence->rules->depth_max) {
			fence->deep[htmltag_index(row)]++;
			return true;
		}
		fence->depth++;
		fence->open[htmltag_index(row)]++;
	}
	return fence->listener->start(fence->arg, row, tag.attrs, tag.attrs_len, tag.closed);
}

static bool read_end(struct fence *fence, const struct htmllex_token *token)
{
	const struct htmltag *row = htmltag_find(token->name);
	size_t index = row ? htmltag_index(row) : 0;

	if (!row)
		return true;
	if (fence->deep[index] > 0) {
		fence->deep[index]--;
		return true;
	}
	/* The parser looks for it among all that is open: spare it what cannot be found. */
	if (fence->open[index] == 0)
		return true;
	fence->open[index]--;
	fence->depth--;
	return fence->listener->end(fence->arg, row);
}

static bool read_token(struct fence *fence, const struct htmllex_token *token)
{
	switch (token->kind) {
	case HTMLLEX_TEXT: return fence->listener->text(fence->arg, token->text);
	case HTMLLEX_START: return read_start(fence, token);
	case HTMLLEX_END: return read_end(fence, token);
	case HTMLLEX_COMMENT:
		return !htmltag_is_more(token->text) || fence->listener->more(fence->arg);
	case HTMLLEX_OTHER: break;
	}
	return true;
}

bool htmlfence_read(const struct htmlfence *rules, struct slice html,
    const struct htmlfence_listener *listener, void *arg)
{
	struct fence fence = {
	    .rules = rules, .lex = {.html = html}, .listener = listener, .arg = arg};
	struct htmllex_token token;

	while (htmllex_next(&fence.lex, &token))
		if (!read_token(&fence, &token))
			return false;
	return true;
}

/* ---- written anew ---- */

static void put_quoted(struct buf *out, struct slice value)
{
	for (;;) {
		size_t quote = slice_find_byte(value, 0, '"');

		buf_put_slice(out, slice_sub(value, 0, quote));
		if (quote == value.len)
			return;
		buf_puts(out, "&quot;");
		value = slice_from(value, quote + 1);
	}
}

/* Text in which "<" is a character, and entities are such as HTML 4 had. */
static bool put_text(void *arg, struct slice text)
{
	struct buf *out = arg;
	size_t at = 0, amp = slice_find_byte(text, 0, '&'), angle = slice_find_byte(text, 0, '<');

	while (amp < text.len || angle < text.len) {
		size_t end = amp < angle ? amp : angle;

		buf_put_slice(out, slice_sub(text, at, end));
		if (end == angle) {
			buf_puts(out, "&lt;");
			at = end + 1;
			angle = slice_find_byte(text, at, '<');
		} else {
			at = end + htmlent_put_classic(slice_from(text, end), out);
			amp = slice_find_byte(text, at, '&');
		}
	}
	buf_put_slice(out, slice_from(text, at));
	return true;
}

static bool put_start(void *arg, const struct htmltag *tag, const struct htmlfence_attr *attrs,
    size_t attrs_len, bool closed)
{
	struct buf *out = arg;

	buf_putc(out, '<');
	buf_puts(out, tag->name);
	for (size_t i = 0; i < attrs_len; i++) {
		buf_putc(out, ' ');
		buf_puts(out, attrs[i].attr->name);
		buf_puts(out, "=\"");
		put_quoted(out, attrs[i].value);
		buf_putc(out, '"');
	}
	/*
	 * `<a id="x"/>` is meant as XML has it, and so taken; the parser also needs
	 * it for void elements that are younger than HTML 4.
	 */
	buf_puts(out, closed ? "/>" : ">");
	return true;
}

static bool put_end(void *arg, const struct htmltag *tag)
{
	struct buf *out = arg;

	buf_puts(out, "</");
	buf_puts(out, tag->name);
	buf_putc(out, '>');
	return true;
}

static bool put_more(void *arg)
{
	buf_puts(arg, "<!--more-->");
	return true;
}

void htmlfence_put(const struct htmlfence *rules, struct slice html, struct buf *out)
{
	static const struct htmlfence_listener writer = {put_text, put_start, put_end, put_more};

	(void)htmlfence_read(rules, html, &writer, out); /* the writer never stops it */
}
