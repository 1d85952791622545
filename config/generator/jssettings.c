#include "config/generator/jssettings.h"

#include "feeds/frontmatter/jsobject.h"
#include "feeds/frontmatter/jsscan.h"

struct reader {
	struct jsscan scan;
	struct value *root;
	struct slice word;     /* the last one, while nothing but one of "=(,:" stands behind it */
	struct slice declared; /* by const, let or var, until its value */
	bool declaring;	       /* the word before was const, let or var */
	int sign;	       /* what stands behind the word; 0: nothing */
	size_t tried;
	struct err err; /* of a literal that cannot be read; nobody asks */
};

static void put(struct reader *reader, struct slice key, struct value *value)
{
	value->key = arena_copy(reader->scan.arena, key);
	value->key_line = value->line;
	value->key_column = value->column;
	value_append(reader->root, value);
}

/* The object at the cursor; passed when it can be read, else entered. */
static void take_object(struct reader *reader, struct slice key)
{
	struct value_rules rules = {.first_line = reader->scan.cursor.line};
	struct diags diags = DIAGS_INIT;
	size_t at = reader->scan.cursor.at;
	struct value *value;

	reader->tried++;
	if (jsobject_parse(reader->scan.text, &at, &rules, reader->scan.arena, &diags, &value,
		&reader->err) == 0) {
		put(reader, key, value);
		jsscan_advance(&reader->scan, at);
	} else {
		jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
	}
	diags_free(&diags);
}

/* The string at the cursor; what has no end on its line is no string, but a regular expression's. */
static void take_string(struct reader *reader, struct slice key)
{
	const struct jsscan_cursor start = reader->scan.cursor;
	struct slice text;
	struct value *value;

	reader->tried++;
	switch (jsscan_string(&reader->scan, &text)) {
	case JSSCAN_DONE:
		jsscan_space(&reader->scan);
		if (key.len == 0 || jsscan_peek(&reader->scan) == '+' ||
		    jsscan_peek(&reader->scan) == '.')
			break; /* a part of something that is computed */
		value = value_string(reader->scan.arena, text, start.line, jsscan_column(&start));
		value->quoted = true;
		put(reader, key, value);
		break;
	case JSSCAN_FOREIGN:
		if (jsscan_string_skip(&reader->scan) == JSSCAN_DONE)
			break;
		/* fall through */
	case JSSCAN_FAILED: jsscan_advance(&reader->scan, start.at + 1); break;
	}
}

static void take_word(struct reader *reader)
{
	struct slice word = jsscan_word(&reader->scan);

	if (reader->declaring)
		reader->declared = word;
	reader->declaring = slice_equal_str(word, "const") || slice_equal_str(word, "let") ||
			    slice_equal_str(word, "var");
	reader->word = word;
	reader->sign = 0;
}

/* Under which name a literal here is known; empty: none. */
static struct slice name_here(const struct reader *reader, bool object)
{
	if (reader->sign == '=')
		return reader->declared.len ? reader->declared : reader->word;
	if (!object)
		return SLICE_NONE;
	if (reader->sign == '(' || reader->sign == ',')
		return reader->word;
	return reader->sign == 0 && (slice_equal_str(reader->word, "return") ||
					slice_equal_str(reader->word, "default"))
		   ? reader->word
		   : SLICE_NONE;
}

/* A sign behind the word keeps it; everything else makes it forgotten. */
static void take_sign(struct reader *reader, int c)
{
	bool keeps = c == '=' || c == '(' || c == ',' || (c == ':' && reader->declared.len);

	if (!keeps) {
		reader->word = SLICE_NONE;
		if (c == ';' || c == '}' || c == '{')
			reader->declared = SLICE_NONE;
	}
	reader->sign = c;
	reader->declaring = false;
	jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
}

/*
 * A regular expression, where a "/" can be no division: quotes in it open no strings. One that does
 * not end on its line is none.
 */
static bool skip_regex(struct reader *reader)
{
	struct slice text = reader->scan.text;
	bool class = false;

	if (!reader->sign || !strchr("(,=:[!&|?", reader->sign))
		return false;
	for (size_t at = reader->scan.cursor.at + 1; at < text.len && text.ptr[at] != '\n'; at++) {
		if (text.ptr[at] == '\\') {
			at++;
		} else if (text.ptr[at] == '/' && !class) {
			jsscan_advance(&reader->scan, at + 1);
			return true;
		} else if (text.ptr[at] == '[' || text.ptr[at] == ']') {
			class = text.ptr[at] == '[';
		}
	}
	return false;
}

static void step(struct reader *reader)
{
	int c = jsscan_peek(&reader->scan);
	struct slice name;

	if (c == '/' && skip_regex(reader))
		return;

	if (jsscan_is_word(c)) {
		take_word(reader);
		return;
	}
	if (c != '{' && c != '"' && c != '\'' && c != '`') {
		take_sign(reader, c);
		return;
	}
	name = name_here(reader, c == '{');
	reader->word = reader->declared = SLICE_NONE;
	reader->sign = 0;
	reader->declaring = false;
	if (c != '{')
		take_string(reader, name);
	else if (name.len > 0)
		take_object(reader, name);
	else
		jsscan_advance(&reader->scan, reader->scan.cursor.at + 1);
}

struct value *jssettings_read(struct slice text, struct arena *arena)
{
	struct reader reader = {
	    .scan = {.text = text, .cursor = {.line = 1}, .arena = arena},
	    .root = value_new(arena, VALUE_MAP, 1, 1),
	};

	reader.scan.err = &reader.err;
	for (jsscan_space(&reader.scan);
	     jsscan_peek(&reader.scan) >= 0 && reader.tried < JSSETTINGS_MAX;
	     jsscan_space(&reader.scan))
		step(&reader);
	return reader.root;
}
