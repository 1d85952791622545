#include "feeds/base/json.h"

#include "feeds/frontmatter/head.h"

/*
 * `;;;`, the inside of a JSON object, `;;;`: Hexo, which puts the braces round
 * it itself. The opening mark may be missing, as in its YAML heads; then the
 * first line is a name in quotes. Written braces are taken too.
 */
enum { MARK_MIN = 3, UNOPENED_MAX = 200 }; /* lines of a head without an opening mark */

static bool is_mark(struct slice line)
{
	struct slice trimmed = slice_trim(line);
	size_t len = 0;

	while (len < trimmed.len && trimmed.ptr[len] == ';')
		len++;
	return len >= MARK_MIN && len == trimmed.len && line.ptr[0] == ';';
}

static bool is_quoted_key(struct slice line)
{
	line = slice_trim(line);
	return slice_starts(line, "\"") && head_is_key(line, NULL);
}

/* The closing mark of a head whose first line, or opening mark, is `first`. */
static bool find_close(
    struct slice text, const struct head_line *first, uint32_t lines, struct head_line *out)
{
	struct head_line line = *first;

	while (line.number - first->number < lines && head_line_after(text, &line, &line)) {
		if (!is_mark(line.text))
			continue;
		*out = line;
		return true;
	}
	return false;
}

/* Whether a key stands below the opening mark, and not the prose below an odd line. */
static bool key_follows(struct slice text, const struct head_line *open)
{
	struct head_line line = *open;

	while (head_line_after(text, &line, &line))
		if (!head_is_blank(line.text))
			return is_quoted_key(line.text) || slice_starts(slice_trim(line.text), "{");
	return false;
}

/* The head with its braces, its lines where they were; of an unopened one's first, a column off. */
static struct slice object_of(struct slice head, bool opened, struct arena *arena)
{
	if (slice_starts(slice_trim(head), "{"))
		return arena_printf(arena, "%s%.*s", opened ? "\n" : "", SLICE_FMT(head));
	return arena_printf(arena, "{%s%.*s}", opened ? "\n" : "", SLICE_FMT(head));
}

static enum frontmatter_verdict hexo_front_parse(struct slice text, struct slice path,
    struct arena *arena, struct diags *diags, struct frontmatter *out, struct err *err)
{
	struct head_line first, close;
	struct value_rules rules;
	struct value *root;
	struct slice head;
	bool opened;

	(void)path; /* the marks say enough */
	if (!head_first_line(text, &first))
		return FRONTMATTER_NOT_MINE;
	opened = is_mark(first.text);
	if (opened ? !key_follows(text, &first) : !is_quoted_key(first.text))
		return FRONTMATTER_NOT_MINE;
	if (!find_close(text, &first, opened ? UINT32_MAX : UNOPENED_MAX, &close)) {
		if (!opened)
			return FRONTMATTER_NOT_MINE;
		(void)err_at(err, ERR_SYNTAX, first.number, 1,
		    "it opens with \";;;\" and never ends; put a line \";;;\" after its last key");
		return FRONTMATTER_BROKEN;
	}
	head = slice_sub(text, opened ? first.next : first.start, close.start);
	if (head.len > FRONTMATTER_MAX) {
		(void)err_at(err, ERR_LIMIT, first.number, 1,
		    "the head is larger than %d bytes, up to its end at line %u", FRONTMATTER_MAX,
		    close.number);
		return FRONTMATTER_BROKEN;
	}
	rules = head_rules(first.number, diags);
	rules.max_bytes += strlen("{\n}");
	if (json_parse(object_of(head, opened, arena), &rules, arena, &root, NULL, err) < 0)
		return FRONTMATTER_BROKEN;
	head_done(out, root, &close);
	return FRONTMATTER_READ;
}

const struct frontmatter_kind frontmatter_hexo = {
    .name = "hexo",
    .parse = hexo_front_parse,
};
