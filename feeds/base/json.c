#include "feeds/base/json.h"

#include <jansson.h>

#include "feeds/base/mem.h"

/*
 * jansson says what the text means, but not where its values stand. So the
 * text is gone through twice more: before, for the extent and the depth, which
 * bounds jansson's recursion; and after, in step with jansson's tree, whose
 * objects keep the order of the text.
 */

enum { BYTES_MAX = 65536, DEPTH_MAX = 32, NODES_MAX = 100000 };

struct reader {
	struct slice text;
	size_t at;	   /* index of the next byte */
	size_t line_start; /* index of the line's first byte */
	uint32_t line;
	struct arena *arena;
	struct err *err;
	size_t nodes_max, nodes;
};

static uint32_t column(const struct reader *r)
{
	return (uint32_t)(r->at - r->line_start) + 1;
}

static void step(struct reader *r)
{
	if (r->text.ptr[r->at++] == '\n') {
		r->line++;
		r->line_start = r->at;
	}
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct reader *r)
{
	while (r->at < r->text.len && is_space(r->text.ptr[r->at]))
		step(r);
}

/* A string, its first quote next; up to the end if it is not closed. */
static void skip_string(struct reader *r)
{
	for (step(r); r->at < r->text.len && r->text.ptr[r->at] != '"'; step(r))
		if (r->text.ptr[r->at] == '\\' && r->at + 1 < r->text.len)
			step(r);
	if (r->at < r->text.len)
		step(r);
}

/*
 * Move behind the object or array that is next, or to the end if it is not
 * closed; anything else stays. Which bracket closes which is jansson's affair.
 */
static int skip_brackets(struct reader *r, unsigned depth_max)
{
	unsigned depth = 0;

	skip_space(r);
	do {
		char next = r->at < r->text.len ? r->text.ptr[r->at] : '\0';

		if (r->at == r->text.len)
			return 0;
		if (next == '"' && depth > 0) {
			skip_string(r);
			continue;
		}
		if (next == '[' || next == '{') {
			if (depth++ == depth_max)
				return err_at(r->err, ERR_LIMIT, r->line, column(r),
				    "objects and arrays are nested more than %u deep", depth_max);
		} else if (depth == 0) {
			return 0;
		} else if (next == ']' || next == '}') {
			depth--;
		}
		step(r);
	} while (depth > 0);
	return 0;
}

static const char *complaint(enum json_error_code code)
{
	switch (code) {
	case json_error_premature_end_of_input:
		return "the text ends inside a value; a closing quote, ] or } is missing";
	case json_error_end_of_input_expected: return "something follows the value; remove it";
	case json_error_invalid_utf8: return "bytes that are no UTF-8; save the file as UTF-8";
	case json_error_null_character:
	case json_error_null_byte_in_key: return "U+0000 cannot be read; remove it";
	case json_error_duplicate_key:
		return "a key stands here for the second time in its object; keep one of the two";
	case json_error_numeric_overflow:
		return "a number too large; put it in quotes if it is meant as text";
	default:
		return "this is no JSON here; keys and strings stand in double quotes, with a "
		       "comma between two values and none after the last";
	}
}

/* jansson counts the bytes that it has read, the one at fault included if it was a character. */
static void refuse(struct reader *r, const json_error_t *error)
{
	enum json_error_code code = json_error_code(error);
	size_t end = error->position > 0 ? (size_t)error->position : 0;

	if (code == json_error_out_of_memory)
		mem_exhausted();
	if (end > 0 && code != json_error_invalid_utf8)
		end--;
	if (code == json_error_premature_end_of_input || end > r->text.len)
		end = r->text.len;
	while (r->at < end)
		step(r);
	(void)err_at(r->err, ERR_SYNTAX, r->line, column(r), "%s", complaint(code));
}

static void skip_digits(struct reader *r)
{
	while (r->at < r->text.len && r->text.ptr[r->at] >= '0' && r->text.ptr[r->at] <= '9')
		r->at++;
}

static bool skip_one(struct reader *r, char a, char b)
{
	if (r->at == r->text.len || (r->text.ptr[r->at] != a && r->text.ptr[r->at] != b))
		return false;
	r->at++;
	return true;
}

/* The number next (RFC 8259 section 6) as written: jansson keeps only its value. */
static struct slice take_number(struct reader *r)
{
	size_t start = r->at;

	(void)skip_one(r, '-', '-'); /* or none */
	skip_digits(r);
	if (skip_one(r, '.', '.'))
		skip_digits(r);
	if (skip_one(r, 'e', 'E')) {
		(void)skip_one(r, '+', '-'); /* or none */
		skip_digits(r);
	}
	return slice_sub(r->text, start, r->at);
}

static struct value *convert(struct reader *r, const json_t *json);

/* The members of an object or array, its bracket next. */
static int convert_members(struct reader *r, const json_t *json, struct value *parent)
{
	void *iter = json_object_iter((json_t *)json); /* NULL for an array; not changed */
	size_t len = iter ? json_object_size(json) : json_array_size(json);
	struct value *child;

	for (size_t i = 0; i < len; i++) {
		uint32_t key_line, key_column;

		step(r); /* the bracket or a comma */
		skip_space(r);
		key_line = r->line;
		key_column = column(r);
		if (iter) {
			skip_string(r);
			skip_space(r);
			step(r); /* ":" */
			skip_space(r);
		}
		child = convert(r, iter ? json_object_iter_value(iter) : json_array_get(json, i));
		if (!child)
			return -1;
		if (iter) {
			child->key = arena_copy(r->arena,
			    slice_make(json_object_iter_key(iter), json_object_iter_key_len(iter)));
			child->key_line = key_line;
			child->key_column = key_column;
			iter = json_object_iter_next((json_t *)json, iter);
		}
		value_append(parent, child);
		skip_space(r);
	}
	if (len == 0) {
		step(r);
		skip_space(r);
	}
	step(r); /* the closing bracket */
	return 0;
}

static void convert_scalar(struct reader *r, const json_t *json, struct value *value)
{
	switch (json_typeof(json)) {
	case JSON_STRING:
		skip_string(r);
		value->quoted = true;
		value->text = arena_copy(
		    r->arena, slice_make(json_string_value(json), json_string_length(json)));
		break;
	case JSON_INTEGER:
		value->integer = json_integer_value(json);
		value->text = arena_copy(r->arena, take_number(r));
		break;
	case JSON_REAL:
		value->real = json_real_value(json);
		value->text = arena_copy(r->arena, take_number(r));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		value->boolean = json_is_true(json);
		value->text = value->boolean ? SLICE("true") : SLICE("false");
		r->at += value->text.len;
		break;
	default: r->at += strlen("null"); break;
	}
}

/*
 * The value next, which is `json`; NULL with ERR_LIMIT when there are too many.
 * Nested no deeper than skip_brackets allowed.
 */
static struct value *convert(struct reader *r, const json_t *json)
{
	static const enum value_type types[] = {
	    [JSON_OBJECT] = VALUE_MAP,
	    [JSON_ARRAY] = VALUE_LIST,
	    [JSON_STRING] = VALUE_STRING,
	    [JSON_INTEGER] = VALUE_INT,
	    [JSON_REAL] = VALUE_FLOAT,
	    [JSON_TRUE] = VALUE_BOOL,
	    [JSON_FALSE] = VALUE_BOOL,
	    [JSON_NULL] = VALUE_NULL,
	};
	enum value_type type = types[json_typeof(json)];
	struct value *value;

	if (r->nodes++ == r->nodes_max) {
		(void)err_at(
		    r->err, ERR_LIMIT, r->line, column(r), "more than %zu values", r->nodes_max);
		return NULL; /* the caller hands the failure on */
	}
	value = value_new(r->arena, type, r->line, column(r));
	if (type != VALUE_MAP && type != VALUE_LIST)
		convert_scalar(r, json, value);
	else if (convert_members(r, json, value) < 0)
		return NULL;
	return value;
}

/* One value from r->at on; r->at moves behind it. */
static struct value *parse(struct reader *r, size_t flags)
{
	json_error_t error;
	json_t *json = json_loadb(r->text.ptr, r->text.len, flags, &error);
	struct value *value;

	if (!json) {
		refuse(r, &error);
		return NULL;
	}
	skip_space(r);
	value = convert(r, json);
	json_decref(json);
	return value;
}

static int too_long(struct err *err, size_t bytes_max)
{
	return err_set(err, ERR_LIMIT, "longer than the %zu bytes that are read", bytes_max);
}

int json_parse(struct slice text, const struct value_rules *rules, struct arena *arena,
    struct value **out, size_t *out_len, struct err *err)
{
	size_t bytes_max = rules->max_bytes ? rules->max_bytes : BYTES_MAX;
	size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, end;
	/* jansson takes no notice of a zero byte, so none is shown to it. */
	struct reader r = {
	    .text = slice_make(text.len ? text.ptr : "", slice_find_byte(text, 0, '\0')),
	    .line = rules->first_line ? rules->first_line : 1,
	    .arena = arena,
	    .err = err,
	    .nodes_max = rules->max_nodes ? rules->max_nodes : NODES_MAX,
	};
	struct reader ahead;
	struct value *value;

	if (!out_len && text.len > bytes_max)
		return too_long(err, bytes_max);
	if (r.text.len > bytes_max)
		r.text.len = bytes_max + 1; /* enough to see that a value is longer */
	ahead = r;
	if (skip_brackets(&ahead, rules->max_depth ? rules->max_depth : DEPTH_MAX) < 0)
		return -1;
	if (ahead.at > bytes_max)
		return too_long(err, bytes_max);
	value = parse(&r, out_len ? flags | JSON_DISABLE_EOF_CHECK : flags);
	if (!value)
		return -1;
	if (r.at > bytes_max)
		return too_long(err, bytes_max);
	end = r.at;
	skip_space(&r);
	if (!out_len && r.at < text.len)
		return err_at(err, ERR_SYNTAX, r.line, column(&r), "%s",
		    complaint(json_error_null_character));
	*out = value;
	if (out_len)
		*out_len = end;
	return 0;
}
