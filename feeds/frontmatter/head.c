#include "feeds/frontmatter/head.h"

enum { KEY_MAX = 64 };

static bool head_line_at(struct slice text, size_t at, uint32_t number, struct head_line *out)
{
	size_t end;

	if (at >= text.len)
		return false;
	end = slice_find_byte(text, at, '\n');
	*out = (struct head_line){
	    .text = slice_sub(text, at, end),
	    .start = at,
	    .next = end < text.len ? end + 1 : end,
	    .number = number,
	};
	return true;
}

bool head_line_after(struct slice text, const struct head_line *line, struct head_line *out)
{
	return head_line_at(text, line->next, line->number + 1, out);
}

bool head_first_line(struct slice text, struct head_line *out)
{
	bool found = head_line_at(text, 0, 1, out);

	while (found && head_is_blank(out->text))
		found = head_line_after(text, out, out);
	return found;
}

bool head_is_blank(struct slice line)
{
	return slice_trim(line).len == 0;
}

bool head_is_mark(struct slice line, const char *mark)
{
	return slice_starts(line, mark) && head_is_blank(slice_from(line, strlen(mark)));
}

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_' || (unsigned char)c >= 0x80;
}

bool head_is_key(struct slice line, struct slice *out_key)
{
	bool quoted = line.len > 0 && (line.ptr[0] == '"' || line.ptr[0] == '\'');
	size_t start = quoted ? 1 : 0, end = start, colon;

	if (end >= line.len || !is_word_byte(line.ptr[end]))
		return false;
	while (end < line.len && end - start <= KEY_MAX &&
	       (is_word_byte(line.ptr[end]) || strchr("-. /", line.ptr[end])))
		end++;
	colon = end;
	if (quoted) {
		if (colon >= line.len || line.ptr[colon] != line.ptr[0])
			return false;
		colon++;
		while (colon < line.len && (line.ptr[colon] == ' ' || line.ptr[colon] == '\t'))
			colon++;
	}
	if (end - start > KEY_MAX || colon >= line.len || line.ptr[colon] != ':')
		return false;
	if (colon + 1 < line.len && line.ptr[colon + 1] != ' ' && line.ptr[colon + 1] != '\t')
		return false;
	if (out_key)
		*out_key = slice_trim(slice_sub(line, start, end));
	return true;
}

bool head_find_mark(struct slice text, const struct head_line *open, const char *const *marks,
    struct head_line *out)
{
	struct head_line line = *open;

	while (head_line_after(text, &line, &line)) {
		for (const char *const *mark = marks; *mark; mark++) {
			if (!head_is_mark(line.text, *mark))
				continue;
			*out = line;
			return true;
		}
	}
	return false;
}

int head_between(struct slice text, const struct head_line *open, const struct head_line *close,
    struct slice *out, struct err *err)
{
	if (close->start - open->next > FRONTMATTER_MAX)
		return err_at(err, ERR_LIMIT, open->number, 1,
		    "the head is larger than %d bytes, up to its end at line %u", FRONTMATTER_MAX,
		    close->number);
	*out = slice_sub(text, open->next, close->start);
	return 0;
}

struct value_rules head_rules(uint32_t first_line, struct diags *diags)
{
	return (struct value_rules){
	    .max_bytes = FRONTMATTER_MAX,
	    .repeats = diags,
	    .first_line = first_line,
	};
}

void head_done(struct frontmatter *out, struct value *root, const struct head_line *last)
{
	out->root = root;
	out->body = last->next;
	out->body_line = last->number + 1;
}

void head_put(struct value *map, struct arena *arena, struct slice key, struct value *child)
{
	child->key = arena_copy(arena, key);
	child->key_line = child->line;
	child->key_column = child->column;
	value_append(map, child);
}

struct value *head_put_text(struct value *map, struct arena *arena, struct slice key,
    struct slice text, uint32_t line, uint32_t column)
{
	struct value *value;

	text = slice_trim(text);
	if (text.len > 0)
		value = value_string(arena, text, line, column);
	else
		value = value_new(arena, VALUE_NULL, line, column);
	head_put(map, arena, key, value);
	return value;
}
