#include "feeds/base/toml.h"

#include <stdio.h>
#include <stdlib.h>

#include "feeds/base/toml_reader.h"

enum { BYTES_MAX = 65536, DEPTH_MAX = 32, NODES_MAX = 100000, SHOWN_MAX = 40 };

static int read_value(struct toml_reader *r, struct value **out);

struct toml_shown toml_show(struct slice bytes, const char *instead)
{
	struct toml_shown shown;
	bool plain = bytes.len > 0;

	for (size_t i = 0; i < bytes.len && i < SHOWN_MAX; i++)
		plain = plain && bytes.ptr[i] >= ' ' && bytes.ptr[i] <= '~';
	if (plain)
		(void)snprintf(shown.text, sizeof(shown.text), "'%.*s%s'",
		    bytes.len > SHOWN_MAX ? SHOWN_MAX : (int)bytes.len, bytes.ptr,
		    bytes.len > SHOWN_MAX ? "..." : ""); /* 45 bytes at most */
	else
		(void)snprintf(shown.text, sizeof(shown.text), "%s", instead);
	return shown;
}

int toml_deeper(struct toml_reader *r, struct toml_place place, unsigned levels)
{
	if (r->depth + levels > r->depth_max)
		return err_at(r->err, ERR_LIMIT, place.line, place.column,
		    "tables and lists are nested more than %u deep", r->depth_max);
	r->depth += levels;
	return 0;
}

struct value *toml_value(struct toml_reader *r, enum value_type type, struct toml_place place)
{
	if (r->nodes == r->nodes_max) {
		(void)err_at(r->err, ERR_LIMIT, place.line, place.column, "more than %zu values",
		    r->nodes_max);
		return NULL; /* the caller hands the failure on */
	}
	r->nodes++;
	return value_new(r->arena, type, place.line, place.column);
}

bool toml_newline(struct toml_reader *r)
{
	size_t len = toml_peek(r, 0) == '\n' ? 1 : toml_peek(r, 0) == '\r' ? 2 : 0;

	if (len == 0)
		return false;
	r->at += len;
	r->line++;
	r->line_start = r->at;
	return true;
}

/*
 * Length of the UTF-8 sequence at s[at] (RFC 3629 section 4), or 0 when it is
 * none: too long, a surrogate, beyond U+10FFFF, cut short.
 */
static size_t sequence_len(struct slice s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if ((p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4 || len > s.len - at)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

static int refuse_byte(struct toml_reader *r)
{
	unsigned char byte = (unsigned char)r->text.ptr[r->at];
	bool utf16 = r->at < 2 && r->text.len > 1 &&
		     (r->text.ptr[0] == '\0' || r->text.ptr[1] == '\0' || byte >= 0xfe);

	if (utf16)
		return toml_fail(r, toml_here(r), "this is UTF-16; save the file as UTF-8");
	if (byte >= 0x80)
		return toml_fail(r, toml_here(r),
		    "byte 0x%02X is not valid UTF-8 here; save the file as UTF-8", byte);
	if (byte == '\r')
		return toml_fail(r, toml_here(r),
		    "a carriage return without a line feed; end lines with LF or CR LF");
	return toml_fail(r, toml_here(r),
	    "a control character, U+%04X; remove it, or write \\u%04X in a string", byte, byte);
}

/* "Spec": valid UTF-8; control characters but tab and line ends are nowhere permitted. */
static int check_bytes(struct toml_reader *r)
{
	while (r->at < r->text.len) {
		unsigned char byte = (unsigned char)r->text.ptr[r->at];
		size_t len = 1;

		if (byte == '\n' || (byte == '\r' && toml_peek(r, 1) == '\n')) {
			(void)toml_newline(r); /* it is one */
			continue;
		}
		if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
			return refuse_byte(r);
		if (byte >= 0x80)
			len = sequence_len(r->text, r->at);
		if (len == 0)
			return refuse_byte(r);
		r->at += len;
	}
	return 0;
}

static void skip_blanks(struct toml_reader *r)
{
	while (toml_peek(r, 0) == ' ' || toml_peek(r, 0) == '\t')
		r->at++;
}

static void skip_comment(struct toml_reader *r)
{
	if (toml_peek(r, 0) == '#')
		while (r->at < r->text.len && toml_peek(r, 0) != '\n' && toml_peek(r, 0) != '\r')
			r->at++;
}

/* Blanks, comments and line ends, as they may stand inside a list. */
static void skip_lines(struct toml_reader *r)
{
	do {
		skip_blanks(r);
		skip_comment(r);
	} while (toml_newline(r));
}

static bool at_line_end(const struct toml_reader *r)
{
	char next = toml_peek(r, 0);

	return r->at == r->text.len || next == '\n' || next == '\r';
}

static int end_line(struct toml_reader *r, const char *what)
{
	skip_blanks(r);
	skip_comment(r);
	if (!at_line_end(r))
		return toml_fail(r, toml_here(r),
		    "the line must end after %s; put what follows on a line of its own, or # "
		    "before it",
		    what);
	(void)toml_newline(r); /* or the text ends */
	return 0;
}

static bool is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static int refuse_key(struct toml_reader *r)
{
	unsigned char next = (unsigned char)toml_peek(r, 0);

	if (at_line_end(r))
		return toml_fail(r, toml_here(r), "a key is missing at the end of the line");
	if (next >= 0x80)
		return toml_fail(
		    r, toml_here(r), "a key with letters beyond a-z must stand in quotes: \"...\"");
	return toml_fail(r, toml_here(r),
	    "a key is expected, found '%c'; keys are made of a-z, A-Z, 0-9, - and _, others stand "
	    "in quotes",
	    next);
}

/* One part of a dotted key. *out lives as long as the text and the arena. */
static int read_key_part(struct toml_reader *r, struct slice *out)
{
	size_t start = r->at;

	if (toml_peek(r, 0) == '"' || toml_peek(r, 0) == '\'') {
		if (toml_peek(r, 0) == toml_peek(r, 1) && toml_peek(r, 1) == toml_peek(r, 2))
			return toml_fail(r, toml_here(r),
			    "a key cannot be a string of several lines; use one quote");
		if (toml_read_line_string(r) < 0)
			return -1;
		*out = arena_copy(r->arena, buf_slice(&r->scratch));
		return 0;
	}
	while (is_bare(toml_peek(r, 0)))
		r->at++;
	if (r->at == start)
		return refuse_key(r);
	*out = slice_sub(r->text, start, r->at);
	return 0;
}

/*
 * A key, dotted or not. All parts but the last are entered: *table is then the
 * table that the last, *out, belongs to.
 */
static int read_key(struct toml_reader *r, bool header, struct value **table, struct slice *out,
    struct toml_place *out_place)
{
	for (;;) {
		skip_blanks(r);
		*out_place = toml_here(r);
		if (read_key_part(r, out) < 0)
			return -1;
		skip_blanks(r);
		if (toml_peek(r, 0) != '.')
			return 0;
		r->at++;
		if (toml_table_enter(r, *out, *out_place, header, table) < 0)
			return -1;
	}
}

static int refuse_equals(struct toml_reader *r, struct slice key)
{
	struct toml_shown name = toml_show(key, "the key");

	if (toml_peek(r, 0) == ':')
		return toml_fail(r, toml_here(r), "'=' stands between %s and its value, not ':'%s",
		    name.text,
		    strchr("\r\n", toml_peek(r, 1)) ? "; a table is written [NAME]" : "");
	if (at_line_end(r))
		return toml_fail(r, toml_here(r), "%s has no value; write KEY = VALUE", name.text);
	return toml_fail(r, toml_here(r),
	    "'=' is missing after %s; a key with blanks stands in quotes", name.text);
}

/* KEY = VALUE, put into `table`. */
static int read_pair(struct toml_reader *r, struct value *table)
{
	unsigned depth = r->depth;
	struct toml_place place = {0, 0};
	struct value *value;
	struct slice key = SLICE_NONE;

	if (read_key(r, false, &table, &key, &place) < 0)
		return -1;
	if (toml_peek(r, 0) != '=')
		return refuse_equals(r, key);
	r->at++;
	skip_blanks(r);
	if (at_line_end(r) || toml_peek(r, 0) == '#')
		return toml_fail(r, toml_here(r),
		    "%s has no value; write one on the same line, \"\" for an empty string",
		    toml_show(key, "the key").text);
	if (read_value(r, &value) < 0 || toml_table_set(r, table, key, place, value) < 0)
		return -1;
	r->depth = depth;
	return 0;
}

static int read_list(struct toml_reader *r, struct value **out)
{
	struct toml_place start = toml_here(r);
	struct value *list, *item;

	if (toml_deeper(r, start, 1) < 0)
		return -1;
	list = toml_value(r, VALUE_LIST, start);
	if (!list)
		return -1;
	r->at++;
	for (;;) {
		skip_lines(r);
		if (toml_peek(r, 0) == ']')
			break;
		if (r->at == r->text.len)
			return toml_fail(r, start, "a list is not closed; put ] at its end");
		if (toml_peek(r, 0) == ',')
			return toml_fail(
			    r, toml_here(r), "a comma without a value before it; remove one comma");
		if (read_value(r, &item) < 0)
			return -1;
		value_append(list, item);
		skip_lines(r);
		if (toml_peek(r, 0) == ',')
			r->at++;
		else if (r->at < r->text.len && toml_peek(r, 0) != ']')
			return toml_fail(r, toml_here(r),
			    "a comma or ] is expected after a value of the list that begins in "
			    "line %u",
			    start.line);
	}
	r->at++;
	r->depth--;
	*out = list;
	return 0;
}

/* "Inline Table": on one line, no comma after the last pair. */
static int read_inline_table(struct toml_reader *r, struct value **out)
{
	struct toml_place start = toml_here(r);
	struct value *table;

	if (toml_deeper(r, start, 1) < 0)
		return -1;
	table = toml_value(r, VALUE_MAP, start);
	if (!table)
		return -1;
	r->at++;
	skip_blanks(r);
	while (toml_peek(r, 0) != '}') {
		if (at_line_end(r))
			return toml_fail(r, start,
			    "an inline table must be closed with } on the line where it begins; "
			    "use a [header] for a longer one");
		if (read_pair(r, table) < 0)
			return -1;
		skip_blanks(r);
		if (toml_peek(r, 0) == '}')
			break;
		if (!at_line_end(r) && toml_peek(r, 0) != ',')
			return toml_fail(r, toml_here(r),
			    "a comma or } is expected after a value of an inline table");
		if (at_line_end(r))
			continue;
		r->at++;
		skip_blanks(r);
		if (toml_peek(r, 0) == '}')
			return toml_fail(r, toml_here(r),
			    "an inline table has no comma behind its last value; remove it");
	}
	r->at++;
	r->depth--;
	*out = table;
	return 0;
}

static int read_value(struct toml_reader *r, struct value **out)
{
	switch (toml_peek(r, 0)) {
	case '[': return read_list(r, out);
	case '{': return read_inline_table(r, out);
	default: return toml_read_scalar(r, out);
	}
}

/* [KEY] or [[KEY]]; *table is then the table that the lines below fill. */
static int read_header(struct toml_reader *r, struct value *root, struct value **table)
{
	struct toml_place start = toml_here(r), place = {0, 0};
	bool element = toml_peek(r, 1) == '[';
	struct value *at = root;
	struct slice key = SLICE_NONE;

	r->at += element ? 2 : 1;
	r->depth = 1;
	skip_blanks(r);
	if (toml_peek(r, 0) == ']')
		return toml_fail(r, toml_here(r), "a header needs a name between its brackets");
	if (read_key(r, true, &at, &key, &place) < 0)
		return -1;
	if (toml_peek(r, 0) != ']')
		return toml_fail(r, toml_here(r), "a header is not closed; put %s after its name",
		    element ? "]]" : "]");
	if (element && toml_peek(r, 1) != ']')
		return toml_fail(r, toml_here(r),
		    "a header that begins with [[ ends with ]], without a blank between");
	r->at += element ? 2 : 1;
	if (toml_table_define(r, key, place, start, element, &at) < 0)
		return -1;
	*table = at;
	return end_line(r, "a header");
}

static int read_document(struct toml_reader *r, struct value **out)
{
	struct value *root = toml_value(r, VALUE_MAP, toml_here(r)), *table = root;

	if (!root)
		return -1;
	for (;;) {
		skip_lines(r);
		if (r->at == r->text.len)
			break;
		if (toml_peek(r, 0) == '[') {
			if (read_header(r, root, &table) < 0)
				return -1;
		} else if (read_pair(r, table) < 0 || end_line(r, "a value") < 0) {
			return -1;
		}
	}
	*out = root;
	return 0;
}

int toml_parse(struct slice text, const struct value_rules *rules, struct arena *arena,
    struct value **out, struct err *err)
{
	size_t bytes_max = rules->max_bytes ? rules->max_bytes : BYTES_MAX;
	struct toml_reader r = {
	    .text = text,
	    .line = rules->first_line ? rules->first_line : 1,
	    .arena = arena,
	    .err = err,
	    .nodes_max = rules->max_nodes ? rules->max_nodes : NODES_MAX,
	    .depth_max = rules->max_depth ? rules->max_depth : DEPTH_MAX,
	    .depth = 1,
	};
	struct toml_reader start;
	int result;

	if (text.len > bytes_max)
		return err_set(err, ERR_LIMIT, "%zu bytes are more than the %zu that are read",
		    text.len, bytes_max);
	if (slice_starts(text, "\xef\xbb\xbf")) /* a byte order mark; no column counts it */
		r.at = r.line_start = 3;
	start = r;
	result = check_bytes(&r);
	if (result == 0) {
		r = start;
		result = read_document(&r, out);
	}
	buf_free(&r.scratch);
	free(r.tables.slots);
	return result;
}
