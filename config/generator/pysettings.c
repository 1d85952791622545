#include "config/generator/pysettings.h"

#include "feeds/base/buf.h"

struct reader {
	struct slice text;
	size_t at;
	uint32_t line;
	struct arena *arena;
};

static int peek(const struct reader *reader)
{
	return reader->at < reader->text.len ? (unsigned char)reader->text.ptr[reader->at] : -1;
}

static bool at_word(const struct reader *reader, const char *word)
{
	return slice_starts(slice_from(reader->text, reader->at), word);
}

static void advance(struct reader *reader, size_t to)
{
	while ((reader->at = slice_find_byte(reader->text, reader->at, '\n')) < to) {
		reader->at++;
		reader->line++;
	}
	reader->at = to;
}

static void skip_comment(struct reader *reader)
{
	if (peek(reader) == '#')
		reader->at = slice_find_byte(reader->text, reader->at, '\n');
}

/* Blanks; within brackets also line ends and comments. */
static void skip_space(struct reader *reader, bool bracketed)
{
	for (;;) {
		int c = peek(reader);

		if (c == '#' && bracketed)
			skip_comment(reader);
		else if (c == ' ' || c == '\t' || c == '\f')
			reader->at++;
		else if (c == '\\' && at_word(reader, "\\\n"))
			advance(reader, reader->at + 2);
		else if (c == '\n' && bracketed)
			advance(reader, reader->at + 1);
		else
			return;
	}
}

static bool is_name_byte(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static struct slice take_name(struct reader *reader)
{
	size_t start = reader->at;

	while (is_name_byte(peek(reader)))
		reader->at++;
	return slice_sub(reader->text, start, reader->at);
}

/* What is behind a backslash (Python's reference, 2.4.1): those that settings use. */
static void put_escape(struct buf *out, char c)
{
	static const char names[] = "nrtabfv", codes[] = "\n\r\t\a\b\f\v";
	const char *name = c ? strchr(names, c) : NULL;

	if (c == '\n')
		return;
	if (name) {
		buf_putc(out, codes[name - names]);
	} else {
		if (c != '\\' && c != '\'' && c != '"')
			buf_putc(out, '\\'); /* an escape that is none stays as it is */
		buf_putc(out, c);
	}
}

/* The string at the cursor, of one of the four kinds of quotes. */
static bool take_quoted(struct reader *reader, bool raw, struct buf *out)
{
	char quote = (char)peek(reader);
	const char *end = quote == '"' ? "\"" : "'";
	size_t at = reader->at + 1;

	if (at_word(reader, "\"\"\"") || at_word(reader, "'''")) {
		end = quote == '"' ? "\"\"\"" : "'''";
		at += 2;
	}
	while (at < reader->text.len) {
		char c = reader->text.ptr[at];

		if (slice_starts(slice_from(reader->text, at), end)) {
			advance(reader, at + strlen(end));
			return true;
		}
		if (c == '\n' && !end[1])
			return false;
		if (c == '\\' && !raw && at + 1 < reader->text.len)
			put_escape(out, reader->text.ptr[++at]);
		else
			buf_putc(out, c);
		at++;
	}
	return false;
}

/* Strings, one behind the other are one; f"" computes. */
static struct value *take_string(struct reader *reader, bool bracketed)
{
	uint32_t line = reader->line;
	struct buf text = BUF_INIT;
	struct value *value = NULL;
	bool good = true, raw;
	int c;

	do {
		size_t start = reader->at;
		struct slice prefix = take_name(reader);

		raw = slice_equal_nocase(prefix, "r");
		c = peek(reader);
		good = (prefix.len == 0 || raw || slice_equal_nocase(prefix, "u")) &&
		       (c == '"' || c == '\'') && take_quoted(reader, raw, &text);
		if (!good)
			reader->at = start;
		skip_space(reader, bracketed);
		c = peek(reader);
	} while (good && (c == '"' || c == '\''));
	if (good) {
		value = value_string(reader->arena, buf_slice(&text), line, 1);
		value->quoted = true;
	}
	buf_free(&text);
	return value;
}

/* None, True, False and whole numbers. */
static struct value *take_plain(struct reader *reader)
{
	size_t start = reader->at;
	struct slice word = take_name(reader);
	struct value *value;
	bool digits = word.len > 0;

	for (size_t i = 0; i < word.len; i++)
		digits = digits && word.ptr[i] >= '0' && word.ptr[i] <= '9';
	if (slice_equal_str(word, "None")) {
		return value_new(reader->arena, VALUE_NULL, reader->line, 1);
	} else if (slice_equal_str(word, "True") || slice_equal_str(word, "False")) {
		value = value_new(reader->arena, VALUE_BOOL, reader->line, 1);
		value->boolean = word.len == 4;
	} else if (digits) {
		value = value_new(reader->arena, VALUE_INT, reader->line, 1);
	} else {
		reader->at = start;
		return NULL;
	}
	value->text = arena_copy(reader->arena, word);
	return value;
}

static struct value *take_scalar(struct reader *reader, bool bracketed)
{
	struct value *value = take_plain(reader);

	return value ? value : take_string(reader, bracketed);
}

/* A list or tuple of scalars; brackets around one scalar without a comma are only brackets. */
static struct value *take_list(struct reader *reader)
{
	char close = peek(reader) == '[' ? ']' : ')';
	struct value *list = value_new(reader->arena, VALUE_LIST, reader->line, 1), *item;
	bool comma = false;

	reader->at++;
	for (skip_space(reader, true); peek(reader) != close; skip_space(reader, true)) {
		item = take_scalar(reader, true);
		if (!item)
			return NULL;
		value_append(list, item);
		skip_space(reader, true);
		if (peek(reader) == ',')
			reader->at++, comma = true;
		else if (peek(reader) != close)
			return NULL;
	}
	reader->at++;
	return close == ')' && !comma && list->count == 1 ? list->first : list;
}

/* `NAME = literal` and the end of the line; else nothing. */
static void take_assignment(struct reader *reader, struct value *root)
{
	struct slice name = take_name(reader);
	struct value *value;
	int c;

	skip_space(reader, false);
	if (name.len == 0 || peek(reader) != '=' || at_word(reader, "=="))
		return;
	reader->at++;
	skip_space(reader, false);
	c = peek(reader);
	value = c == '[' || c == '(' ? take_list(reader) : take_scalar(reader, false);
	skip_space(reader, false);
	c = peek(reader);
	if (!value || (c != '\n' && c != '#' && c != -1))
		return;
	value->key = arena_copy(reader->arena, name);
	value->key_line = value->line;
	value->key_column = 1;
	value_append(root, value);
}

/* A text that stands alone, as notes do in Python: what is in it is no assignment. */
static bool skip_text(struct reader *reader)
{
	struct buf ignored = BUF_INIT;
	bool text = at_word(reader, "\"\"\"") || at_word(reader, "'''");

	if (text && !take_quoted(reader, false, &ignored))
		reader->at = reader->text.len;
	buf_free(&ignored);
	return text;
}

struct value *pysettings_read(struct slice text, struct arena *arena)
{
	struct reader reader = {.text = text, .line = 1, .arena = arena};
	struct value *root = value_new(arena, VALUE_MAP, 1, 1);

	while (reader.at < text.len && root->count < PYSETTINGS_MAX) {
		if (!skip_text(&reader))
			take_assignment(&reader, root);
		reader.at = slice_find_byte(text, reader.at, '\n');
		advance(&reader, reader.at + (reader.at < text.len));
	}
	return root;
}
