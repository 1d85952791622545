#include "feeds/frontmatter/head.h"

/*
 * ikiwiki: `[[!meta title="…"]]` and `[[!tag one two]]`, anywhere in the text.
 * Values stand in quotes, or in three of them when they hold quotes or lines.
 * The directives stay in the body (offset 0); the step that works directives
 * out removes them there.
 *
 * A file is ikiwiki's by its extension, .mdwn, or by a `[[!meta` at the start of
 * a line: an article about ikiwiki has it in the middle of one.
 */
enum { KEYS_MAX = 200, TAGS_MAX = 1000 };

struct scan {
	struct slice text;
	size_t at;
	uint32_t line;
	size_t line_start;
	struct arena *arena;
	struct value *root, *tags;
	struct buf *rest; /* what is no directive of the head; NULL: not wanted */
	size_t kept;	  /* how far that was put there */
};

static bool is_ikiwiki(struct slice text, struct slice path)
{
	if (slice_ends_nocase(path, ".mdwn"))
		return slice_find(text, 0, "[[!") < text.len;
	return slice_starts(text, "[[!meta") || slice_find(text, 0, "\n[[!meta") < text.len;
}

/* Go to offset `to`, counting lines. */
static void scan_to(struct scan *scan, size_t to)
{
	struct slice passed = slice_sub(scan->text, 0, to);
	size_t end = scan->at;

	while ((end = slice_find_byte(passed, end, '\n')) < to) {
		scan->line_start = ++end;
		scan->line++;
	}
	scan->at = to;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* What stands in quotes at `at`; *out_end is the offset behind. False without an end. */
static bool quoted_at(struct slice text, size_t at, struct slice *out, size_t *out_end)
{
	const char *quote = slice_starts(slice_from(text, at), "\"\"\"") ? "\"\"\"" : "\"";
	size_t start = at + strlen(quote), end = slice_find(text, start, quote);

	if (end == text.len)
		return false;
	*out = slice_sub(text, start, end);
	*out_end = end + strlen(quote);
	return true;
}

static void scan_put(struct scan *scan, struct slice key, struct slice text)
{
	uint32_t column = (uint32_t)(scan->at - scan->line_start) + 1;

	text = slice_trim(text);
	if (key.len > 0 && scan->root->count < KEYS_MAX)
		(void)head_put_text(scan->root, scan->arena, key, text, scan->line, column);
	else if (key.len == 0 && text.len > 0 && scan->tags->count < TAGS_MAX)
		value_append(scan->tags, value_string(scan->arena, text, scan->line, column));
}

/*
 * One `key="value"`, `key=value` or bare word of a directive. False at its end,
 * or where it is broken; scan->at tells.
 */
static bool parameter_read(struct scan *scan, bool is_tag)
{
	struct slice text = scan->text, value, key = SLICE_NONE;
	size_t at = scan->at, start, end;

	while (at < text.len && is_space(text.ptr[at]))
		at++;
	scan_to(scan, at);
	if (at == text.len || slice_starts(slice_from(text, at), "]]") || text.ptr[at] == '[')
		return false;
	start = at;
	while (at < text.len && !is_space(text.ptr[at]) && !strchr("=\"[]", text.ptr[at]))
		at++;
	if (at < text.len && text.ptr[at] == '=') {
		key = slice_sub(text, start, at);
		start = ++at;
		while (at < text.len && !is_space(text.ptr[at]) && !strchr("\"[]", text.ptr[at]))
			at++;
	}
	value = slice_sub(text, start, at);
	end = at;
	if (at == start && at < text.len && text.ptr[at] == '"' &&
	    !quoted_at(text, at, &value, &end))
		end = text.len; /* no directive behind this one can have an end either */
	else if (is_tag ? key.len == 0 : key.len > 0)
		scan_put(scan, key, value);
	if (end == scan->at)
		return false; /* a lone bracket */
	scan_to(scan, end);
	return true;
}

/* What stands before the directive that goes from `start` to the "]]" at hand. */
static void rest_put(struct scan *scan, size_t start)
{
	bool own_line = start == 0 || scan->text.ptr[start - 1] == '\n';

	buf_put_slice(scan->rest, slice_sub(scan->text, scan->kept, start));
	scan->kept = scan->at + 2;
	if (own_line && slice_starts(slice_from(scan->text, scan->kept), "\n"))
		scan->kept++;
}

static void scan_all(struct scan *scan)
{
	struct slice text = scan->text;

	while (scan->at < text.len) {
		size_t at = slice_find(text, scan->at, "[[!");
		struct slice rest;
		bool is_tag;

		scan_to(scan, at);
		if (at == text.len)
			break;
		rest = slice_from(text, at + 3);
		is_tag = slice_starts(rest, "tag ") || slice_starts(rest, "tag\n");
		scan_to(scan, at + 3);
		if (at > 0 && text.ptr[at - 1] == '\\')
			continue; /* shown, not meant */
		if (!is_tag && !slice_starts(rest, "meta ") && !slice_starts(rest, "meta\n"))
			continue;
		scan_to(scan, scan->at + (is_tag ? strlen("tag") : strlen("meta")));
		while (parameter_read(scan, is_tag))
			;
		if (scan->rest && slice_starts(slice_from(text, scan->at), "]]"))
			rest_put(scan, at);
	}
	if (scan->rest)
		buf_put_slice(scan->rest, slice_from(text, scan->kept));
}

static struct scan scan_new(struct slice text, struct arena *arena)
{
	struct scan scan = {.text = text, .line = 1, .arena = arena};

	scan.root = value_new(arena, VALUE_MAP, 1, 1);
	scan.tags = value_new(arena, VALUE_LIST, 1, 1);
	return scan;
}

static enum frontmatter_verdict ikiwiki_parse(struct slice text, struct slice path,
    struct arena *arena, struct diags *diags, struct frontmatter *out, struct err *err)
{
	struct scan scan;

	(void)diags, (void)err; /* the step that removes the directives complains of broken ones */
	if (!is_ikiwiki(text, path))
		return FRONTMATTER_NOT_MINE;
	scan = scan_new(text, arena);
	scan_all(&scan);
	if (scan.tags->count > 0)
		head_put(scan.root, arena, SLICE("tags"), scan.tags);
	out->root = scan.root;
	out->body = 0;
	out->body_line = 1;
	return FRONTMATTER_READ;
}

static void ikiwiki_put_body(struct slice body, struct buf *out)
{
	struct arena arena = ARENA_INIT;
	struct scan scan = scan_new(body, &arena);

	scan.rest = out;
	scan_all(&scan);
	arena_free(&arena);
}

const struct frontmatter_kind frontmatter_ikiwiki = {
    .name = "ikiwiki",
    .parse = ikiwiki_parse,
    .put_body = ikiwiki_put_body,
};
