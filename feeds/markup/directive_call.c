/*
 * One call of a directive: its arguments, its row, and what the row's shape
 * asks for. The same for all families, whose spellings differ less than their
 * brackets: `src="x"`, `src=x`, `src='x'`, `src={"x"}`, `src: x`, `"x", "y"`.
 */
#include "feeds/markup/directive_family.h"

static bool is_word(char c, const char *more)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || (unsigned char)c >= 0x80 || (c != '\0' && strchr(more, c));
}

size_t call_word(struct slice text, size_t at, const char *more)
{
	size_t end = at;

	while (end < text.len && is_word(text.ptr[end], more))
		end++;
	return end - at;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static size_t skip_blanks(struct slice text, size_t at)
{
	while (at < text.len && is_blank(text.ptr[at]))
		at++;
	return at;
}

/* Without the backslashes before quotes and backslashes; a copy when there are any. */
static struct slice unescape(struct arena *arena, struct slice text)
{
	char *copy;
	size_t len = 0;

	if (slice_find_byte(text, 0, '\\') == text.len)
		return text;
	copy = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\\' && i + 1 < text.len && strchr("\"'`\\", text.ptr[i + 1]))
			i++;
		copy[len++] = text.ptr[i];
	}
	return slice_make(copy, len);
}

/* A string at *at, which moves behind it; false when its quote is not closed. */
static bool parse_quoted(struct arena *arena, struct slice text, size_t *at, struct slice *out)
{
	char quote = text.ptr[*at];
	size_t start = *at + 1, end = start;

	if (slice_starts(slice_from(text, *at), "\"\"\"")) {
		end = slice_find(text, *at + 3, "\"\"\"");
		if (end == text.len)
			return false;
		*out = slice_sub(text, *at + 3, end);
		*at = end + 3;
		return true;
	}
	while (end < text.len && text.ptr[end] != quote) {
		if (text.ptr[end] == '\\' && quote != '`')
			end++;
		end++;
	}
	if (end >= text.len)
		return false;
	*out = slice_sub(text, start, end);
	if (quote != '`')
		*out = unescape(arena, *out);
	*at = end + 1;
	return true;
}

size_t call_braced_end(struct slice text, size_t at)
{
	size_t depth = 0;
	char quote = '\0';

	for (; at < text.len; at++) {
		char c = text.ptr[at];

		if (quote) {
			if (c == '\\')
				at++;
			else if (c == quote)
				quote = '\0';
		} else if (c == '"' || c == '\'' || c == '`') {
			quote = c;
		} else if (c == '/' && slice_starts(slice_from(text, at), "/*")) {
			at = slice_find(text, at + 2, "*/");
		} else if (c == '{' || c == '[' || c == '(') {
			depth++;
		} else if ((c == '}' || c == ']' || c == ')') && --depth == 0) {
			return at + 1;
		}
	}
	return text.len;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* A comma divides, unless it stands within a bare word, as in a URL. */
static bool divides(struct slice text, size_t at)
{
	return is_blank(text.ptr[at]) ||
	       (text.ptr[at] == ',' && (at + 1 == text.len || is_blank(text.ptr[at + 1])));
}

static void parse_value(
    struct directive_call *call, struct slice text, size_t *at, struct directive_arg *arg)
{
	size_t start = *at;
	char c = start < text.len ? text.ptr[start] : ' ';

	arg->form = ARG_QUOTED;
	if (is_quote(c) && parse_quoted(call->scan->arena, text, at, &arg->value))
		return;
	arg->form = ARG_BARE;
	if (c == '{' || c == '[') {
		arg->form = ARG_BRACED;
		*at = call_braced_end(text, start);
	} else {
		while (*at < text.len && !divides(text, *at))
			(*at)++;
	}
	arg->value = slice_sub(text, start, *at);
}

/* Is a key at `at`? Its length, and the position of its value. */
static size_t parse_key(struct slice text, size_t at, size_t *value)
{
	size_t len = call_word(text, at, ".:@"), next = skip_blanks(text, at + len);

	if (len == 0)
		return 0;
	if (next < text.len && text.ptr[next] == '=' &&
	    !(next + 1 < text.len && text.ptr[next + 1] == '=')) {
		*value = skip_blanks(text, next + 1);
		return len;
	}
	if (len > 1 && text.ptr[at + len - 1] == ':' &&
	    next > at + len) { /* Liquid's `key: value` */
		*value = next;
		return len - 1;
	}
	return 0;
}

void call_parse_args(struct directive_call *call, struct slice text)
{
	size_t at = 0;

	call->args_len = 0;
	while (call->args_len < SCAN_ARGS) {
		struct directive_arg *arg = &call->args[call->args_len];
		size_t len, value;

		while (at < text.len && (is_blank(text.ptr[at]) || text.ptr[at] == ','))
			at++;
		if (at == text.len)
			break;
		arg->key = SLICE_NONE;
		len = is_quote(text.ptr[at]) ? 0 : parse_key(text, at, &value);
		if (len) {
			arg->key = slice_sub(text, at, at + len);
			at = value;
		}
		parse_value(call, text, &at, arg);
		call->args_len++;
	}
}

/* ASCII without case, '-' and '_' alike. */
static char plain_char(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '-' ? '_' : c;
}

bool call_same_name(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (plain_char(a.ptr[i]) != plain_char(b.ptr[i]))
			return false;
	}
	return true;
}

struct slice call_arg(const struct directive_call *call, const char *keys, int nth)
{
	const struct slice none = SLICE_NONE;

	for (size_t len; *keys; keys += len + (keys[len] == '|')) {
		len = strcspn(keys, "|");
		for (size_t i = 0; i < call->args_len; i++) {
			if (call_same_name(call->args[i].key, slice_make(keys, len)))
				return call->args[i].value;
		}
	}
	for (size_t i = 0; nth >= 0 && i < call->args_len; i++) {
		if (call->args[i].key.len == 0 && nth-- == 0)
			return call->args[i].value;
	}
	return none;
}

struct slice call_words(const struct directive_call *call, size_t from)
{
	struct buf words = BUF_INIT;
	struct slice result;

	for (size_t i = from; i < call->args_len; i++) {
		if (call->args[i].key.len > 0)
			continue;
		if (words.len > 0)
			buf_putc(&words, ' ');
		buf_put_slice(&words, call->args[i].value);
	}
	result = arena_copy(call->scan->arena, buf_slice(&words));
	buf_free(&words);
	return result;
}

/* ---- rows ---- */

const struct directive_row *call_row(const struct directive_row *table, struct slice name)
{
	for (; table->name; table++) {
		if (call_same_name(name, slice_of(table->name)))
			return table;
	}
	return NULL;
}

/* Where the closing tag is; false: there is none, or nothing is ever inside. */
static bool find_close(struct directive_call *call, size_t *at, size_t *end)
{
	/* The row's name, which outlives the scan; it differs from the body's in case at most. */
	struct slice name = slice_of(call->row->name);

	if (call->single)
		return false;
	*at = scan_find_close(call->scan, call->style, name, call->end, end);
	return *end > 0;
}

static size_t run_wrap(struct directive_call *call, struct buf *html)
{
	struct scan *s = call->scan;
	bool block = call->row->shape == SHAPE_WRAP;
	size_t at, end;

	if (!call->row->put(call, html))
		return 0;
	if (!find_close(call, &at, &end)) { /* what it says stands in its arguments */
		struct slice text =
		    call_arg(call, "content|text|body|message|children|label", block ? -1 : 1);

		if (text.len == 0 && block)
			return 0;
		if (text.len == 0)
			text = call_arg(call, "href|to|url|link", 0);
		scan_put_markup(s, html, text, true);
		buf_put_slice(html, call->close);
		scan_emit(s, buf_slice(html), block, call->end);
		return call->end;
	}
	if (!scan_open(
		s, call->style, slice_of(call->row->name), buf_slice(html), call->close, block))
		return scan_gone(s, call->end);
	return call->end;
}

static size_t run_verbatim(struct directive_call *call, struct buf *html)
{
	size_t at, end;

	if (find_close(call, &at, &end)) {
		call->inner = slice_sub(call->scan->text, call->end, at);
		call->verbatim = true;
		call->end = end;
	}
	if (!call->row->put(call, html))
		return 0;
	scan_emit(call->scan, buf_slice(html), true, call->end);
	return call->end;
}

static size_t run_drop(struct directive_call *call)
{
	size_t at, end;

	if (find_close(call, &at, &end))
		call->end = end;
	return scan_gone(call->scan, call->end);
}

static size_t run_text(struct directive_call *call)
{
	size_t at, end;

	if (find_close(call, &at, &end))
		scan_open(call->scan, call->style, slice_of(call->row->name), SLICE_NONE,
		    SLICE_NONE, false);
	return scan_gone(call->scan, call->end);
}

size_t call_run(struct directive_call *call)
{
	struct scan *s = call->scan;
	struct buf html = BUF_BOUNDED(MARKUP_HTML_MAX);
	size_t end = 0;

	if (call->row) {
		switch (call->row->shape) {
		case SHAPE_INLINE:
		case SHAPE_BLOCK:
			if (call->row->put(call, &html)) {
				scan_emit(s, buf_slice(&html), call->row->shape == SHAPE_BLOCK,
				    call->end);
				end = call->end;
			}
			break;
		case SHAPE_WRAP:
		case SHAPE_SPAN: end = run_wrap(call, &html); break;
		case SHAPE_VERBATIM: end = run_verbatim(call, &html); break;
		case SHAPE_TEXT: end = run_text(call); break;
		case SHAPE_DROP: end = run_drop(call); break;
		case SHAPE_GONE: end = scan_gone(s, call->end); break;
		}
	}
	buf_free(&html);
	if (end)
		return end;
	scan_unknown(s, call->kind, call->name, !call->single);
	/* Its {% end %} must not close what stands around it. */
	if (call->style == CLOSE_ZOLA && !call->single)
		scan_open(s, CLOSE_ZOLA, SLICE("?"), SLICE_NONE, SLICE_NONE, false);
	return scan_gone(s, call->end);
}
