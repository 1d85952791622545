#include "feeds/frontmatter/jsobject.h"

#include <errno.h>
#include <stdlib.h>

#include "feeds/frontmatter/jsscan.h"

enum { MAX_BYTES = 65536, MAX_DEPTH = 32, MAX_NODES = 10000 };

struct reader {
	struct jsscan scan;
	unsigned depth, max_depth;
	size_t nodes, max_nodes;
	struct diags *diags;
};

static enum jsscan_result value_read(struct reader *reader, struct value **out);

/*
 * Whether the ":" or "?" here makes a missing comma plain: a colon that belongs to
 * no `condition ? a : b` is the next key's.
 */
static bool colon_is_stray(const struct reader *reader, size_t *questions)
{
	if (jsscan_peek(&reader->scan) == '?' && !jsscan_at(&reader->scan, "?."))
		(*questions)++;
	if (jsscan_peek(&reader->scan) != ':')
		return false;
	if (*questions == 0)
		return true;
	(*questions)--;
	return false;
}

/*
 * Pass whatever stands before the next "," or closing bracket of this level:
 * with `is_value` an expression, else a whole member of an object.
 */
static enum jsscan_result expression_skip(struct reader *reader, bool is_value)
{
	const struct jsscan_cursor start = reader->scan.cursor;
	size_t open = 0, questions = 0;

	for (;;) {
		int c;

		jsscan_space(&reader->scan);
		c = jsscan_peek(&reader->scan);
		if (c < 0)
			return jsscan_fail(&reader->scan, ERR_SYNTAX, &start, "this has no end");
		if (c == '"' || c == '\'' || c == '`') {
			if (jsscan_string_skip(&reader->scan) != JSSCAN_DONE)
				return JSSCAN_FAILED;
			continue;
		}
		if (open == 0 && strchr(",}])", c))
			return JSSCAN_DONE;
		if (open == 0 && is_value && colon_is_stray(reader, &questions))
			return jsscan_fail(&reader->scan, ERR_SYNTAX, &reader->scan.cursor,
			    "unexpected \":\"; a \",\" is missing before this key");
		if (strchr("{[(", c))
			open++;
		else if (strchr("}])", c))
			open--;
		jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
	}
}

static struct value *node_new(
    struct reader *reader, enum value_type type, const struct jsscan_cursor *at, struct slice text)
{
	struct value *value = value_new(reader->scan.arena, type, at->line, jsscan_column(at));

	reader->nodes++;
	value->text = arena_copy(reader->scan.arena, text);
	return value;
}

/* Decimal numbers; FOREIGN for other notations, whose text nobody would expect. */
static enum jsscan_result number_read(struct reader *reader, struct value **out)
{
	const struct jsscan_cursor start = reader->scan.cursor;
	struct slice text;
	const char *string;
	struct value *value;
	char *end;

	while (jsscan_is_word(jsscan_peek(&reader->scan)) ||
	       (jsscan_peek(&reader->scan) > 0 && strchr("+-.", jsscan_peek(&reader->scan))))
		reader->scan.cursor.at++; /* no line end in a number */
	text = slice_sub(reader->scan.text, start.at, reader->scan.cursor.at);
	value = node_new(reader, VALUE_INT, &start, text);
	string = value->text.ptr;
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("0123456789+-.eE", text.ptr[i]))
			return JSSCAN_FOREIGN;
	errno = 0;
	value->integer = strtoll(string, &end, 10);
	if (*end != '\0' || errno != 0) {
		value->type = VALUE_FLOAT;
		value->integer = 0;
		value->real = strtod(string, &end);
		if (*end != '\0')
			return JSSCAN_FOREIGN;
	}
	*out = value;
	return JSSCAN_DONE;
}

/* `new Date("…")` */
static enum jsscan_result date_read(struct reader *reader, struct slice *out)
{
	enum jsscan_result reading;
	int c;

	jsscan_space(&reader->scan);
	if (!slice_equal_str(jsscan_word(&reader->scan), "Date"))
		return JSSCAN_FOREIGN;
	jsscan_space(&reader->scan);
	if (jsscan_peek(&reader->scan) != '(')
		return JSSCAN_FOREIGN;
	jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
	jsscan_space(&reader->scan);
	c = jsscan_peek(&reader->scan);
	if (c != '"' && c != '\'' && c != '`')
		return JSSCAN_FOREIGN;
	reading = jsscan_string(&reader->scan, out);
	if (reading != JSSCAN_DONE)
		return reading;
	jsscan_space(&reader->scan);
	if (jsscan_peek(&reader->scan) != ')')
		return JSSCAN_FOREIGN;
	jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
	return JSSCAN_DONE;
}

static enum jsscan_result word_read(struct reader *reader, struct value **out)
{
	const struct jsscan_cursor start = reader->scan.cursor;
	struct slice word = jsscan_word(&reader->scan), date;
	enum jsscan_result reading;

	if (slice_equal_str(word, "new")) {
		reading = date_read(reader, &date);
		if (reading == JSSCAN_DONE) {
			*out = node_new(reader, VALUE_STRING, &start, date);
			(*out)->quoted = true;
		}
		return reading;
	}
	if (slice_equal_str(word, "true") || slice_equal_str(word, "false")) {
		*out = node_new(reader, VALUE_BOOL, &start, word);
		(*out)->boolean = word.len == 4;
		return JSSCAN_DONE;
	}
	if (slice_equal_str(word, "null") || slice_equal_str(word, "undefined")) {
		*out = node_new(reader, VALUE_NULL, &start, SLICE_NONE);
		return JSSCAN_DONE;
	}
	return JSSCAN_FOREIGN;
}

/*
 * A value that must end at a "," or at `close`. What is no literal is passed
 * over, *out is NULL then.
 */
static enum jsscan_result element_read(struct reader *reader, char close, struct value **out)
{
	const struct jsscan_cursor start = reader->scan.cursor;
	enum jsscan_result reading = value_read(reader, out);

	if (reading == JSSCAN_DONE) {
		jsscan_space(&reader->scan);
		if (jsscan_peek(&reader->scan) == ',' || jsscan_peek(&reader->scan) == close)
			return JSSCAN_DONE;
		reading = JSSCAN_FOREIGN;
	}
	*out = NULL;
	if (reading == JSSCAN_FAILED)
		return reading;
	reader->scan.cursor = start;
	return expression_skip(reader, true);
}

/* Behind an element: true when another may follow; the bracket is passed when not. */
static enum jsscan_result separator_read(struct reader *reader, char close, bool *out_more)
{
	int c;

	jsscan_space(&reader->scan);
	c = jsscan_peek(&reader->scan);
	if (c != ',' && c != close)
		return jsscan_fail(&reader->scan, ERR_SYNTAX, &reader->scan.cursor,
		    close == '}' ? "expected \",\" or \"}\"" : "expected \",\" or \"]\"");
	jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
	*out_more = c == ',';
	return JSSCAN_DONE;
}

/* `key:`; FOREIGN for spreads, methods, shorthands and computed keys. */
static enum jsscan_result key_read(struct reader *reader, struct slice *out)
{
	int c = jsscan_peek(&reader->scan);

	if (c == '"' || c == '\'') {
		enum jsscan_result reading = jsscan_string(&reader->scan, out);

		if (reading != JSSCAN_DONE)
			return reading;
	} else {
		*out = jsscan_word(&reader->scan);
		if (out->len == 0)
			return JSSCAN_FOREIGN;
		*out = arena_copy(reader->scan.arena, *out);
	}
	jsscan_space(&reader->scan);
	if (jsscan_peek(&reader->scan) != ':')
		return JSSCAN_FOREIGN;
	jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
	jsscan_space(&reader->scan);
	return JSSCAN_DONE;
}

/*
 * Pass a member that has no plain `key:`. Only what JavaScript knows is passed
 * (`...spread`, `[computed]: 1`, `method() {}`, `shorthand`), so that a missing colon
 * is a fault and not a key left out.
 */
static enum jsscan_result member_skip(struct reader *reader)
{
	static const char *const prefixes[] = {"get", "set", "async", "static"};
	const struct jsscan_cursor start = reader->scan.cursor;
	int c = jsscan_peek(&reader->scan);
	bool is_known = c == '[' || c == '*' || jsscan_at(&reader->scan, "...");

	if (!is_known) {
		struct slice word = jsscan_word(&reader->scan);

		jsscan_space(&reader->scan);
		c = jsscan_peek(&reader->scan);
		is_known = word.len > 0 && (c == ',' || c == '}' || c == '(');
		for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
			is_known = is_known || slice_equal_str(word, prefixes[i]);
		if (word.len == 0)
			return jsscan_fail(&reader->scan, ERR_SYNTAX, &start, "expected a key");
	}
	if (!is_known)
		return jsscan_fail(&reader->scan, ERR_SYNTAX, &reader->scan.cursor,
		    "expected \":\" after the key");
	reader->scan.cursor = start;
	return expression_skip(reader, false);
}

static enum jsscan_result member_read(struct reader *reader, struct value *map)
{
	const struct jsscan_cursor start = reader->scan.cursor;
	struct slice key = SLICE_NONE;
	struct value *value = NULL;
	enum jsscan_result reading = key_read(reader, &key);

	if (reading == JSSCAN_DONE) {
		reading = element_read(reader, '}', &value);
	} else if (reading == JSSCAN_FOREIGN) {
		reader->scan.cursor = start;
		reading = member_skip(reader);
		key = SLICE_NONE;
	}
	if (reading != JSSCAN_DONE)
		return reading;
	if (!value) {
		diag_put(reader->diags, DIAG_NOTE, start.line, jsscan_column(&start),
		    "%.*s is code, not a plain value; left out", key.len ? (int)key.len : 9,
		    key.len ? key.ptr : "this part");
		return JSSCAN_DONE;
	}
	value->key = key;
	value->key_line = start.line;
	value->key_column = jsscan_column(&start);
	value_append(map, value);
	return JSSCAN_DONE;
}

static enum jsscan_result items_read(struct reader *reader, struct value *parent, char close)
{
	bool more = true;

	while (more) {
		struct value *value = NULL;
		enum jsscan_result reading;

		jsscan_space(&reader->scan);
		if (jsscan_peek(&reader->scan) == close) { /* nothing inside, or a trailing comma */
			jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
			return JSSCAN_DONE;
		}
		if (close == '}') {
			reading = member_read(reader, parent);
		} else {
			const struct jsscan_cursor start = reader->scan.cursor;

			reading = element_read(reader, ']', &value);
			if (reading == JSSCAN_DONE && value)
				value_append(parent, value);
			else if (reading == JSSCAN_DONE)
				diag_put(reader->diags, DIAG_NOTE, start.line,
				    jsscan_column(&start),
				    "this element is code, not a plain value; left out");
		}
		if (reading == JSSCAN_DONE)
			reading = separator_read(reader, close, &more);
		if (reading != JSSCAN_DONE)
			return reading;
	}
	return JSSCAN_DONE;
}

static enum jsscan_result collection_read(struct reader *reader, struct value **out)
{
	const struct jsscan_cursor start = reader->scan.cursor;
	bool is_map = jsscan_peek(&reader->scan) == '{';
	enum jsscan_result reading;

	if (reader->depth == reader->max_depth)
		return jsscan_fail(
		    &reader->scan, ERR_LIMIT, &start, "objects and arrays are nested too deeply");
	*out = node_new(reader, is_map ? VALUE_MAP : VALUE_LIST, &start, SLICE_NONE);
	jsscan_advance(&reader->scan, start.at + 1);
	reader->depth++;
	reading = items_read(reader, *out, is_map ? '}' : ']');
	reader->depth--;
	return reading;
}

static enum jsscan_result value_read(struct reader *reader, struct value **out)
{
	const struct jsscan_cursor start = reader->scan.cursor;
	enum jsscan_result reading;
	struct slice text;
	int c = jsscan_peek(&reader->scan);

	if (reader->nodes >= reader->max_nodes)
		return jsscan_fail(&reader->scan, ERR_LIMIT, &start, "there are too many values");
	if (c == '{' || c == '[')
		return collection_read(reader, out);
	if (c == '"' || c == '\'' || c == '`') {
		reading = jsscan_string(&reader->scan, &text);
		if (reading == JSSCAN_DONE) {
			*out = value_new(
			    reader->scan.arena, VALUE_STRING, start.line, jsscan_column(&start));
			(*out)->text = text;
			(*out)->quoted = true;
			reader->nodes++;
		}
		return reading;
	}
	if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.')
		return number_read(reader, out);
	return word_read(reader, out);
}

/* Behind the object nothing but ";" may follow. */
static int end_check(struct reader *reader)
{
	jsscan_space(&reader->scan);
	if (jsscan_peek(&reader->scan) == ';')
		jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
	jsscan_space(&reader->scan);
	if (jsscan_peek(&reader->scan) < 0)
		return 0;
	(void)jsscan_fail(
	    &reader->scan, ERR_SYNTAX, &reader->scan.cursor, "nothing may follow the object");
	return -1;
}

int jsobject_parse(struct slice text, size_t *at, const struct value_rules *rules,
    struct arena *arena, struct diags *diags, struct value **out, struct err *err)
{
	size_t max = rules->max_bytes ? rules->max_bytes : MAX_BYTES, start = at ? *at : 0;
	struct reader reader = {
	    .scan =
		{
		    .text = slice_sub(text, 0, text.len - start < max ? text.len : start + max),
		    .cursor = {.line = rules->first_line ? rules->first_line : 1},
		    .arena = arena,
		    .err = err,
		},
	    .max_depth = rules->max_depth ? rules->max_depth : MAX_DEPTH,
	    .max_nodes = rules->max_nodes ? rules->max_nodes : MAX_NODES,
	    .diags = diags,
	};
	struct value *root;

	if (!at && text.len > max)
		return err_set(err, ERR_LIMIT, "it is larger than %zu bytes", max);
	jsscan_advance(&reader.scan, start);
	jsscan_space(&reader.scan);
	if (jsscan_peek(&reader.scan) != '{') {
		(void)jsscan_fail(
		    &reader.scan, ERR_SYNTAX, &reader.scan.cursor, "expected an object, \"{\"");
		return -1;
	}
	if (value_read(&reader, &root) != JSSCAN_DONE || (!at && end_check(&reader) < 0))
		return -1;
	if (at)
		*at = reader.scan.cursor.at;
	*out = root;
	return 0;
}
