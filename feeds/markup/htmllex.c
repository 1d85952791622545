#include "feeds/markup/htmllex.h"

/* Unfinished tags looked at in one text: each costs a look at all that follows. */
enum { UNFINISHED_MAX = 16 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t skip_blanks(struct slice s, size_t at)
{
	while (at < s.len && is_blank(s.ptr[at]))
		at++;
	return at;
}

/* The value after "=", at *at; an open quote reaches to the end. */
static struct slice scan_value(struct slice s, size_t *at)
{
	size_t start = *at, end;

	if (start < s.len && (s.ptr[start] == '"' || s.ptr[start] == '\'')) {
		end = slice_find_byte(s, start + 1, s.ptr[start]);
		*at = end < s.len ? end + 1 : end;
		return slice_sub(s, start + 1, end);
	}
	end = start;
	while (end < s.len && !is_blank(s.ptr[end]) && s.ptr[end] != '>')
		end++;
	*at = end;
	return slice_sub(s, start, end);
}

/* One attribute, from s[*at]; false at a ">", where *at then is, or at the end. */
static bool scan_attr(struct slice s, size_t *at, struct htmllex_attr *out)
{
	size_t start = *at, end;

	while (start < s.len && (is_blank(s.ptr[start]) || s.ptr[start] == '/'))
		start++;
	*at = start;
	if (start == s.len || s.ptr[start] == '>')
		return false;
	end = start + 1; /* the first character may be "=" */
	while (end < s.len && !is_blank(s.ptr[end]) && s.ptr[end] != '/' && s.ptr[end] != '>' &&
	       s.ptr[end] != '=')
		end++;
	out->name = slice_sub(s, start, end);
	out->value = slice_make("", 0);
	*at = end;
	end = skip_blanks(s, end);
	if (end < s.len && s.ptr[end] == '=') {
		*at = skip_blanks(s, end + 1);
		out->value = scan_value(s, at);
	}
	return true;
}

/* A start or end tag whose name begins at `name`; false when it has no end. */
static bool scan_tag(struct htmllex *lex, size_t name, struct htmllex_token *out)
{
	struct slice s = lex->html;
	struct htmllex_attr attr;
	size_t at = name, behind;

	while (at < s.len && !is_blank(s.ptr[at]) && s.ptr[at] != '/' && s.ptr[at] != '>')
		at++;
	out->name = slice_sub(s, name, at);
	behind = at;
	while (scan_attr(s, &at, &attr))
		behind = at;
	if (at == s.len)
		return false;
	out->attrs = slice_sub(s, name + out->name.len, at);
	out->closed = at > behind && s.ptr[at - 1] == '/';
	lex->at = at + 1;
	return true;
}

/* `<!--` at lex->at: to `-->` or `--!>`, else to the end (section 13.2.5.43 on). */
static void scan_comment(struct htmllex *lex, struct htmllex_token *out)
{
	struct slice s = lex->html;
	size_t start = lex->at + 4, at = start;

	out->kind = HTMLLEX_COMMENT;
	if (s.len > start && s.ptr[start] == '>') { /* <!--> */
		lex->at = start + 1;
		return;
	}
	if (s.len - start >= 2 && s.ptr[start] == '-' && s.ptr[start + 1] == '>') { /* <!---> */
		lex->at = start + 2;
		return;
	}
	for (;;) {
		struct slice rest;

		at = slice_find(s, at, "--");
		rest = slice_from(s, at);
		lex->at = s.len;
		if (slice_starts(rest, "-->"))
			lex->at = at + 3;
		else if (slice_starts(rest, "--!>"))
			lex->at = at + 4;
		else if (rest.len > 0) {
			at++;
			continue;
		}
		out->text = slice_sub(s, start, at);
		return;
	}
}

/* Anything but text, at lex->at; false when it is text after all. */
static bool scan_markup(struct htmllex *lex, struct htmllex_token *out)
{
	struct slice s = lex->html;
	size_t at = lex->at, end;

	if (s.len - at < 2)
		return false;
	if (is_letter(s.ptr[at + 1])) {
		out->kind = HTMLLEX_START;
		return scan_tag(lex, at + 1, out);
	}
	if (s.ptr[at + 1] == '/' && s.len - at > 2 && is_letter(s.ptr[at + 2])) {
		out->kind = HTMLLEX_END;
		return scan_tag(lex, at + 2, out);
	}
	if (slice_starts(slice_from(s, at), "<!--")) {
		scan_comment(lex, out);
		return true;
	}
	if (s.ptr[at + 1] != '!' && s.ptr[at + 1] != '?' && s.ptr[at + 1] != '/')
		return false;
	if (s.ptr[at + 1] == '/' && s.len - at == 2)
		return false;
	out->kind = HTMLLEX_OTHER;
	end = slice_find_byte(s, at, '>');
	lex->at = end < s.len ? end + 1 : end;
	return true;
}

/* Could markup begin with the "<" at s[at]? */
static bool is_opening(struct slice s, size_t at)
{
	char c = at + 1 < s.len ? s.ptr[at + 1] : ' ';

	return is_letter(c) || c == '/' || c == '!' || c == '?';
}

bool htmllex_next(struct htmllex *lex, struct htmllex_token *out)
{
	struct slice s = lex->html;
	size_t start = lex->at, at = start;

	if (start >= s.len)
		return false;
	*out = (struct htmllex_token){.kind = HTMLLEX_TEXT, .start = start};
	if (s.ptr[start] == '<') {
		if (scan_markup(lex, out))
			return true;
		/*
		 * A tag without an end is text here, where browsers drop all that
		 * follows; but not without limit, for each try runs to the end.
		 */
		if (is_opening(s, start) && ++lex->unfinished > UNFINISHED_MAX) {
			lex->at = s.len;
			return false;
		}
		*out = (struct htmllex_token){.kind = HTMLLEX_TEXT, .start = start};
		at++;
	}
	for (;;) {
		at = slice_find_byte(s, at, '<');
		if (at == s.len || is_opening(s, at))
			break;
		at++;
	}
	out->text = slice_sub(s, start, at);
	lex->at = at;
	return true;
}

bool htmllex_next_attr(struct slice *attrs, struct htmllex_attr *out)
{
	size_t at = 0;
	bool found = scan_attr(*attrs, &at, out);

	*attrs = slice_from(*attrs, at);
	return found;
}

struct slice htmllex_attr(struct slice attrs, const char *name)
{
	struct htmllex_attr attr;

	while (htmllex_next_attr(&attrs, &attr)) {
		if (slice_equal_nocase(attr.name, name))
			return attr.value;
	}
	return SLICE_NONE;
}

struct slice htmllex_skip_raw(struct htmllex *lex, const char *name)
{
	struct slice s = lex->html;
	size_t start = lex->at, at = start;

	for (;; at += 2) {
		size_t behind;

		at = slice_find(s, at, "</");
		if (at == s.len)
			break;
		behind = at + 2 + strlen(name);
		if (slice_starts_nocase(slice_from(s, at + 2), name) &&
		    (behind == s.len || is_blank(s.ptr[behind]) || s.ptr[behind] == '>' ||
			s.ptr[behind] == '/'))
			break;
	}
	lex->at = at;
	return slice_sub(s, start, at);
}
