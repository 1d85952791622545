/*
 * Liquid and its like (Jekyll, Eleventy, Hexo's Nunjucks): `{% tag %}` and
 * `{{ output }}`.
 *
 * A feed cannot run a template: conditions are about data that it does not
 * have. Of `if … else` the first branch stays, for authors write the usual
 * case first. A loop over a list that the body itself sets is walked; one over
 * anything else is walked once, and goes when its text shows the items.
 *
 * White-space control ("{%-") takes blanks of its line only: a line's end may
 * hold Markdown's paragraphs apart.
 */
#include "feeds/markup/directive_family.h"

struct tag {
	struct slice name, rest;
	size_t end;
};

/* ---- control ---- */

static void push(struct scan *s, const struct tag *tag, struct scan_loop *loop)
{
	struct scan_frame *frame =
	    scan_open(s, CLOSE_LIQUID, tag->name, SLICE_NONE, SLICE_NONE, false);

	if (frame)
		frame->loop = loop;
}

static size_t tag_open(struct scan *s, const struct tag *tag)
{
	size_t end = scan_gone(s, tag->end);

	push(s, tag, NULL);
	return end;
}

/* The innermost frame that has branches. */
static struct scan_frame *branching(struct scan *s)
{
	static const char *const names[] = {"if", "unless", "case", "for", "ifchanged", "ifAsync"};

	for (size_t i = s->depth; i > 0; i--) {
		struct scan_frame *frame = &s->frames[i - 1];

		if (frame->close_style != CLOSE_LIQUID)
			return NULL;
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			if (slice_equal_str(frame->name, names[k]))
				return frame;
		}
	}
	return NULL;
}

static size_t tag_else(struct scan *s, const struct tag *tag)
{
	struct scan_frame *frame = branching(s);

	if (frame)
		scan_mute(s, frame);
	return frame && frame->muted != SIZE_MAX ? tag->end : scan_gone(s, tag->end);
}

static size_t tag_when(struct scan *s, const struct tag *tag)
{
	struct scan_frame *frame = branching(s);
	struct slice before;

	if (!frame || !slice_equal_str(frame->name, "case"))
		return scan_gone(s, tag->end);
	before = slice_from(buf_slice(s->out), frame->start);
	if (slice_trim(before).len > 0) /* a branch stands before */
		scan_mute(s, frame);
	return tag->end;
}

static size_t tag_for(struct scan *s, const struct tag *tag)
{
	struct scan_loop *loop = arena_new(s->arena, struct scan_loop);
	size_t in = slice_find(tag->rest, 0, " in "), end = scan_gone(s, tag->end);

	if (in < tag->rest.len) {
		loop->variable = slice_trim(slice_sub(tag->rest, 0, in));
		loop->items = liquid_list(s, slice_from(tag->rest, in + 4), &loop->items_len);
	}
	loop->body = end;
	if (loop->items && loop->items_len > 0) {
		scan_set(s, loop->variable, loop->items[0]);
		loop->next = 1;
	}
	push(s, tag, loop);
	return end;
}

static size_t tag_assign(struct scan *s, const struct tag *tag)
{
	size_t equals = slice_find_byte(tag->rest, 0, '='), len = 0;
	struct slice name = slice_trim(slice_sub(tag->rest, 0, equals)), expression;
	struct buf value = BUF_BOUNDED(SCAN_VALUE_MAX);
	struct scan_variable *variable = NULL;
	const struct slice *items;
	bool literal;

	if (equals == tag->rest.len) /* Nunjucks' {% set x %}…{% endset %} */
		return slice_equal_str(tag->name, "set") && name.len > 0 ? 0 : tag->end;
	expression = slice_from(tag->rest, equals + 1);
	items = liquid_list(s, expression, &len);
	if (items) {
		variable = scan_set(s, name, SLICE_NONE);
		if (variable) {
			variable->items = items;
			variable->items_len = len;
		}
	} else if (liquid_value(s, expression, &value, &literal) && scan_store(s, value.len)) {
		variable = scan_set(s, name, arena_copy(s->arena, buf_slice(&value)));
		if (variable)
			variable->plain = !literal;
	} else if (scan_variable(s, name)) { /* what it was, it is no longer */
		variable = scan_set(s, name, SLICE_NONE);
		variable->name = SLICE_NONE;
	}
	buf_free(&value);
	return scan_gone(s, tag->end);
}

static size_t tag_capture(struct scan *s, const struct tag *tag)
{
	struct scan_frame *frame;
	size_t end = scan_gone(s, tag->end);

	push(s, tag, NULL);
	frame = s->depth ? &s->frames[s->depth - 1] : NULL;
	if (frame && slice_equal(frame->name, tag->name))
		frame->capture = slice_sub(tag->rest, 0, call_word(tag->rest, 0, "."));
	return end;
}

static size_t tag_set(struct scan *s, const struct tag *tag)
{
	size_t end = tag_assign(s, tag);

	return end ? end : tag_capture(s, tag);
}

/* Up to the closing tag, all goes. */
static size_t tag_drop(struct scan *s, const struct tag *tag)
{
	static const char *const names[] = {
	    "comment", "doc", "macro", "schema", "stylesheet", "javascript", "style", "js", "css"};
	size_t end;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!slice_equal_str(tag->name, names[i]))
			continue;
		(void)scan_find_close(s, CLOSE_LIQUID, slice_of(names[i]), tag->end, &end);
		return scan_gone(s, end ? end : tag->end);
	}
	return tag->end;
}

static size_t tag_raw(struct scan *s, const struct tag *tag)
{
	struct slice name = slice_equal_str(tag->name, "raw") ? SLICE("raw") : SLICE("verbatim");
	size_t end, at = scan_find_close(s, CLOSE_LIQUID, name, tag->end, &end);

	if (!end)
		return scan_gone(s, tag->end);
	s->raw_end = at;
	return scan_gone(s, tag->end);
}

static size_t tag_gone(struct scan *s, const struct tag *tag)
{
	return scan_gone(s, tag->end);
}

/* ---- links and includes ---- */

static void start_call(struct directive_call *call, struct scan *s, const struct tag *tag)
{
	call->scan = s;
	call->kind = "tag";
	call->name = tag->name;
	call->style = CLOSE_LIQUID;
	call->end = tag->end;
	call->rest = liquid_fill(s, tag->rest);
	call_parse_args(call, call->rest);
}

/*
 * `{{ site.url }}{{ site.baseurl }}{% link … %}`: what is found is a whole URL,
 * so the site's address before it goes.
 */
static void drop_site(struct scan *s)
{
	if (s->site_to != s->out->len || s->site_from < s->out_line ||
	    (s->depth > 0 && s->site_from < s->frames[s->depth - 1].start))
		return;
	buf_cut(s->out, s->site_from);
}

/* Jekyll's `link PATH`; Hexo's has a text and a URL and is a row. */
static size_t tag_link(struct scan *s, const struct tag *tag)
{
	struct directive_call call = {0};

	start_call(&call, s, tag);
	if (call.args_len > 1 && slice_equal_str(tag->name, "link")) {
		call.row = call_row(liquid_tags, SLICE("link"));
		return call_run(&call);
	}
	if (call.args_len == 0)
		return scan_gone(s, tag->end);
	drop_site(s);
	return scan_put_reference(s, call.args[0].value, tag->end);
}

/* Hexo's: a file in the folder of the post's own, which is beside its page. */
static size_t tag_asset_path(struct scan *s, const struct tag *tag)
{
	struct directive_call call = {0};
	struct buf url = BUF_INIT;

	start_call(&call, s, tag);
	if (call.args_len == 0)
		return scan_gone(s, tag->end);
	scan_put_url(&url, call.args[0].value);
	scan_put(s, buf_slice(&url));
	buf_free(&url);
	return tag->end;
}

static size_t tag_include(struct scan *s, const struct tag *tag)
{
	struct directive_call call = {0};

	start_call(&call, s, tag);
	return liquid_include(&call);
}

/* ---- tags ---- */

static const struct {
	const char *name;
	size_t (*take)(struct scan *s, const struct tag *tag);
} controls[] = {
    {"raw", tag_raw},
    {"verbatim", tag_raw},
    {"comment", tag_drop},
    {"doc", tag_drop},
    {"macro", tag_drop},
    {"schema", tag_drop},
    {"stylesheet", tag_drop},
    {"javascript", tag_drop},
    {"style", tag_drop},
    {"css", tag_drop},
    {"js", tag_drop},
    {"if", tag_open},
    {"ifAsync", tag_open},
    {"ifchanged", tag_open},
    {"unless", tag_open},
    {"case", tag_open},
    {"filter", tag_open},
    {"block", tag_open},
    {"call", tag_open},
    {"tablerow", tag_for},
    {"for", tag_for},
    {"asyncEach", tag_for},
    {"asyncAll", tag_for},
    {"else", tag_else},
    {"elsif", tag_else},
    {"elseif", tag_else},
    {"elif", tag_else},
    {"when", tag_when},
    {"assign", tag_assign},
    {"set", tag_set},
    {"capture", tag_capture},
    {"increment", tag_gone},
    {"decrement", tag_gone},
    {"break", tag_gone},
    {"continue", tag_gone},
    {"cycle", tag_gone},
    {"echo", tag_gone},
    {"liquid", tag_gone},
    {"extends", tag_gone},
    {"import", tag_gone},
    {"from", tag_gone},
    {"layout", tag_gone},
    {"link", tag_link},
    {"post_url", tag_link},
    {"post_path", tag_link},
    {"asset_path", tag_asset_path},
    {"include", tag_include},
    {"include_relative", tag_include},
    {"include_cached", tag_include},
    {"remote_include", tag_include},
    {"render", tag_include},
    {"partial", tag_include},
    {"render_partial", tag_include},
};

/* Blanks before "{%-" go, unless they are the line's indentation. */
static void trim_before(struct scan *s)
{
	size_t len = s->out->len;

	while (len > s->out_line && (s->out->data[len - 1] == ' ' || s->out->data[len - 1] == '\t'))
		len--;
	if (len > s->out_line && (s->depth == 0 || len >= s->frames[s->depth - 1].start))
		buf_cut(s->out, len);
}

static size_t trim_behind(const struct scan *s, size_t end)
{
	size_t at = end;

	while (at < s->text.len && (s->text.ptr[at] == ' ' || s->text.ptr[at] == '\t'))
		at++;
	return at < s->text.len && s->text.ptr[at] != '\n' && at <= s->raw_end ? at : end;
}

/* What stands between the brackets, without the signs of white-space control. */
static struct slice inside(struct scan *s, size_t end, bool *before, bool *behind)
{
	struct slice text = slice_sub(s->text, s->pos + 2, end);

	*before = slice_starts(text, "-") || slice_starts(text, "~");
	if (*before || slice_starts(text, "+"))
		text = slice_from(text, 1);
	*behind = slice_ends(text, "-") || slice_ends(text, "~");
	if (*behind)
		text.len--;
	return slice_trim(text);
}

static size_t run_tag(struct scan *s, const struct tag *tag)
{
	struct directive_call call = {0};
	bool again;

	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
		if (slice_equal_str(tag->name, controls[i].name))
			return controls[i].take(s, tag);
	}
	if (tag->name.len > 3 && slice_starts(tag->name, "end")) {
		size_t end;

		if (scan_shut(s, CLOSE_LIQUID, slice_from(tag->name, 3), &again))
			return again ? s->pos : scan_gone(s, tag->end);
		end = scan_gone(s, tag->end);
		return end;
	}
	start_call(&call, s, tag);
	call.row = call_row(liquid_tags, tag->name);
	return call_run(&call);
}

static size_t liquid_tag_expand(struct scan *s)
{
	struct tag tag;
	struct slice text;
	size_t close = scan_find(s, "%}", s->pos + 2), next;
	bool before, behind;

	if (close == s->text.len || close - s->pos > SCAN_TAG_MAX)
		return 0;
	text = inside(s, close, &before, &behind);
	tag.end = close + 2;
	if (slice_starts(text, "#")) /* a comment in a line */
		return scan_gone(s, tag.end);
	tag.name = slice_sub(text, 0, call_word(text, 0, ""));
	tag.rest = slice_trim(slice_from(text, tag.name.len));
	if (tag.name.len == 0 || tag.name.len > 60)
		return 0;
	if (before)
		trim_before(s);
	next = run_tag(s, &tag);
	return behind && next == tag.end ? trim_behind(s, next) : next;
}

/* ---- outputs ---- */

/* TeX: "x^{{n}}", "\mathbf{{x}}". */
static bool is_tex(const struct scan *s)
{
	size_t at = s->pos;
	char c = at > 0 ? s->text.ptr[at - 1] : ' ';

	if (s->pos + 2 < s->text.len && s->text.ptr[s->pos + 2] == ' ')
		return false;
	if (c == '^' || c == '_')
		return true;
	while (at > 0 && s->pos - at < 20 && call_word(s->text, at - 1, "") > 0)
		at--;
	return at < s->pos && at > 0 && s->text.ptr[at - 1] == '\\';
}

/* Position behind the string at the beginning of `text`; 0 without one. */
static size_t string_end(struct slice text)
{
	size_t end;

	if (text.len < 2 || (text.ptr[0] != '"' && text.ptr[0] != '\''))
		return 0;
	if (text.len > 512)
		text.len = 512;
	end = slice_find_byte(text, 1, text.ptr[0]);
	return end < text.len ? end + 1 : 0;
}

/* Something that Liquid could output: a literal, or a path of names, perhaps with filters. */
static bool is_output(struct slice text)
{
	size_t len = string_end(text);
	char c = text.len ? text.ptr[0] : ' ';

	if (slice_find(text, len, "{{") < text.len || slice_find(text, len, "\n\n") < text.len)
		return false;
	if (len == 0) {
		len = call_word(text, 0, ".[]'\"@");
		if (len == 0 || strchr(".[]'\"-", c))
			return false;
	}
	while (len < text.len && strchr(" \t\n", text.ptr[len]))
		len++;
	return len == text.len || !strchr(":=,;", text.ptr[len]);
}

/* The "}}" of the output here, behind a string that may hold one itself. */
static size_t find_output_end(struct scan *s)
{
	size_t at = s->pos + 2, string;

	while (at < s->text.len && (s->text.ptr[at] == ' ' || s->text.ptr[at] == '-'))
		at++;
	string = string_end(slice_from(s->text, at));
	return scan_find(s, "}}", string ? at + string : s->pos + 2);
}

/* Lines of Markdown in an HTML block, as in `<div>{{ notice | markdownify }}</div>`. */
static void put_lines(struct scan *s, struct slice value)
{
	scan_put(s, SLICE("\n\n"));
	scan_put(s, value);
	scan_put(s, SLICE("\n\n"));
	s->out_fresh = s->out->len;
}

static void put_value(struct scan *s, struct slice value, bool literal)
{
	struct buf text = BUF_INIT;

	if (literal) {
		scan_put(s, value);
		return;
	}
	if (slice_starts(value, "/") || slice_find(value, 0, "://") < value.len)
		scan_put_url(&text, value);
	else
		scan_put_text(s, &text, value);
	scan_put(s, buf_slice(&text));
	buf_free(&text);
}

/* Remember where the site's address stands in the output, in one part or in two. */
static void note_site(struct scan *s, struct slice expression, size_t from)
{
	if (!slice_equal_str(expression, "site.url") &&
	    !slice_equal_str(expression, "site.baseurl"))
		return;
	if (s->site_to != from)
		s->site_from = from;
	s->site_to = s->out->len;
}

static size_t liquid_output_expand(struct scan *s)
{
	size_t close = find_output_end(s), end = close + 2;
	struct buf value = BUF_INIT;
	struct slice text;
	bool before, behind, literal;

	if (close == s->text.len || close - s->pos > SCAN_TAG_MAX || is_tex(s) ||
	    (s->pos > 0 && s->text.ptr[s->pos - 1] == '{') || s->text.ptr[s->pos + 2] == '{')
		return 0;
	text = inside(s, close, &before, &behind);
	if (!is_output(text))
		return 0;
	if (before)
		trim_before(s);
	if (liquid_value(s, text, &value, &literal)) {
		size_t from = s->out->len;

		if (literal && s->markdown && s->block.html && slice_ends(text, "markdownify") &&
		    slice_find_byte(buf_slice(&value), 0, '\n') < value.len)
			put_lines(s, buf_slice(&value));
		else
			put_value(s, buf_slice(&value), literal);
		note_site(s, text, from);
	} else {
		if (!liquid_is_item(s, text))
			scan_unknown(
			    s, "output", slice_sub(text, 0, call_word(text, 0, ".")), false);
		end = scan_drop_link(s, end);
		if (end == close + 2)
			end = scan_gone(s, end);
	}
	buf_free(&value);
	return behind && end == close + 2 ? trim_behind(s, end) : end;
}

/* Nunjucks' comment; `{#id}` names a heading. */
static size_t comment_expand(struct scan *s)
{
	size_t end = scan_find(s, "#}", s->pos + 2);

	if (end == s->text.len || end - s->pos > SCAN_TAG_MAX ||
	    !strchr(" \t\n-", s->text.ptr[s->pos + 2]))
		return 0;
	return scan_gone(s, end + 2);
}

const struct directive_family directive_liquid_comment = {
    "Nunjucks comment", "{#", IN_OTHER, false, comment_expand};
const struct directive_family directive_liquid_tag = {
    "liquid tag", "{%", IN_OTHER, true, liquid_tag_expand};
const struct directive_family directive_liquid_output = {
    "liquid output", "{{", IN_OTHER, true, liquid_output_expand};
