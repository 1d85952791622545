#include "feeds/markup/directive.h"

#include "feeds/markup/directive_family.h"

/* Asked in this order where their opener stands: a longer opener before its beginning. */
static const struct directive_family *const families[] = {
    &directive_shortcode_angle,
    &directive_shortcode_percent,
    &directive_shortcode_divider,
    &directive_zola_output,
    &directive_liquid_output,
    &directive_zola_tag,
    &directive_liquid_tag,
    &directive_liquid_comment,
    &directive_hexo_tab,
    &directive_hexo_endtab,
    &directive_wikidirective,
    &directive_wikiembed,
    &directive_wikilink,
    &directive_jsx_tag,
    &directive_jsx_expression,
};

/* ---- searching ---- */

static struct scan_mark *mark_for(
    struct scan *s, const char *needle, enum scan_close style, struct slice name)
{
	for (size_t i = 0; i < s->marks.len; i++) {
		struct scan_mark *mark = &s->marks.items[i];

		if (mark->needle == needle && mark->style == style && slice_equal(mark->name, name))
			return mark;
	}
	vec_push(&s->marks, ((struct scan_mark){needle, style, name, SIZE_MAX, 0}));
	return &s->marks.items[s->marks.len - 1];
}

size_t scan_find(struct scan *s, const char *needle, size_t from)
{
	struct scan_mark *mark = mark_for(s, needle, CLOSE_LIQUID, SLICE_NONE);

	if (from < mark->from || from > mark->at) {
		mark->from = from;
		mark->at = slice_find(s->text, from, needle);
	}
	return mark->at;
}

static size_t skip_blanks(struct slice text, size_t at)
{
	while (
	    at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t' || text.ptr[at] == '\n'))
		at++;
	return at;
}

/* `at` moved behind `name`, compared without case, when a word ends there; else 0. */
static size_t match_name(struct slice text, size_t at, struct slice name)
{
	for (size_t i = 0; i < name.len; i++, at++) {
		char c = at < text.len ? text.ptr[at] : '\0', n = name.ptr[i];

		c = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		n = n >= 'A' && n <= 'Z' ? (char)(n + 32) : n;
		if (c != n && !(c == '-' && n == '_') && !(c == '_' && n == '-'))
			return 0;
	}
	return call_word(text, at, "") == 0 || (at < text.len && text.ptr[at] == '/') ? at : 0;
}

/* Behind `closer`, which must come within a bounded distance; else 0. */
static size_t match_end(struct slice text, size_t at, const char *closer)
{
	struct slice near = slice_sub(text, 0, text.len - at > 256 ? at + 256 : text.len);
	size_t end = slice_find(near, at, closer);

	return end < near.len ? end + strlen(closer) : 0;
}

static size_t match_liquid(struct slice text, size_t at, struct slice name, bool zola)
{
	at += 2;
	if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+'))
		at++;
	at = skip_blanks(text, at);
	if (!slice_starts(slice_from(text, at), "end"))
		return 0;
	at = match_name(text, at + 3, zola ? SLICE_NONE : name);
	return at ? match_end(text, at, "%}") : 0;
}

static size_t match_shortcode(struct slice text, size_t at, struct slice name)
{
	bool percent = at + 2 < text.len && text.ptr[at + 2] == '%';

	if (at + 2 >= text.len || (!percent && text.ptr[at + 2] != '<'))
		return 0;
	at = skip_blanks(text, at + 3);
	if (at == text.len || text.ptr[at] != '/')
		return 0;
	at = match_name(text, skip_blanks(text, at + 1), name);
	return at ? match_end(text, at, percent ? "%}}" : ">}}") : 0;
}

size_t scan_match_close(struct slice text, size_t at, enum scan_close style, struct slice name)
{
	switch (style) {
	case CLOSE_LIQUID:
	case CLOSE_ZOLA: return match_liquid(text, at, name, style == CLOSE_ZOLA);
	case CLOSE_SHORTCODE: return match_shortcode(text, at, name);
	case CLOSE_TAG: break;
	}
	at = match_name(text, at + 2, name);
	return at ? match_end(text, at, ">") : 0;
}

/* What a closing tag begins with, by its style. */
static const char *const openers[] = {"{%", "{%", "{{", "</"};

bool scan_at_end(const struct scan *s, size_t at)
{
	const struct scan_frame *frame = &s->frames[s->depth ? s->depth - 1 : 0];

	return s->depth > 0 && slice_starts(slice_from(s->text, at), openers[frame->close_style]) &&
	       scan_match_close(s->text, at, frame->close_style, frame->name) > 0;
}

size_t scan_find_close(
    struct scan *s, enum scan_close style, struct slice name, size_t from, size_t *end)
{
	const char *opener = openers[style];
	struct scan_mark *mark = mark_for(s, opener, style, name);

	if (from < mark->from || from > mark->at) {
		size_t at = slice_find(s->text, from, opener);

		while (at < s->text.len && !scan_match_close(s->text, at, style, name))
			at = slice_find(s->text, at + 1, opener);
		mark->from = from;
		mark->at = at;
	}
	*end = mark->at < s->text.len ? scan_match_close(s->text, mark->at, style, name) : 0;
	return mark->at;
}

/* ---- the walk ---- */

void scan_position(struct scan *s, size_t at, uint32_t *line, uint32_t *column)
{
	struct scan_shared *shared = s->shared;
	struct slice body = s->source->body;
	size_t here;

	*line = *column = 0;
	if (s->text.ptr < body.ptr || s->text.ptr > body.ptr + body.len)
		return; /* made up on the way */
	here = (size_t)(s->text.ptr - body.ptr) + at;
	if (here < shared->counted) /* a loop went back */
		shared->counted = shared->line_start = shared->lines = 0;
	for (size_t i = shared->counted;; i++) {
		i = slice_find_byte(slice_sub(body, 0, here), i, '\n');
		if (i >= here)
			break;
		shared->lines++;
		shared->line_start = i + 1;
	}
	shared->counted = here;
	*line = s->source->line + shared->lines;
	*column = (uint32_t)(here - shared->line_start + 1);
}

/* A tag's own end, so that families know when they stand in an attribute. */
static void note_tag(struct scan *s)
{
	size_t next = s->pos + 1;
	char c = next < s->text.len ? s->text.ptr[next] : ' ';

	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
		size_t end = scan_find(s, ">", next);

		if (end < s->text.len && end - next < SCAN_TAG_MAX)
			s->tag_end = end;
	}
}

static bool expand_here(struct scan *s)
{
	struct slice rest = slice_from(s->text, s->pos);

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct directive_family *family = families[i];
		size_t end;

		if (!slice_starts(rest, family->opener) ||
		    (family->where != IN_ANY && (family->where == IN_MDX) != s->mdx) ||
		    (!family->in_tag && s->pos < s->tag_end))
			continue;
		end = family->expand(s);
		if (end) {
			s->pos = end;
			return true;
		}
	}
	return false;
}

/* "$$ … $$": TeX is full of doubled brackets. */
static size_t math_end(struct scan *s)
{
	size_t end;

	if (s->pos + 1 >= s->text.len || s->text.ptr[s->pos + 1] != '$')
		return 0;
	end = scan_find(s, "$$", s->pos + 2);
	return end < scan_paragraph_end(s, s->pos) ? end + 2 : 0;
}

static void put_through(struct scan *s, size_t end)
{
	/* What divided two directives would be the next one's indentation, and grow to code. */
	while (s->out->len == s->out_fresh && s->pos < end &&
	       (s->text.ptr[s->pos] == ' ' || s->text.ptr[s->pos] == '\t'))
		s->pos++;
	scan_put(s, slice_sub(s->text, s->pos, end));
	s->pos = end;
}

/* The {% endraw %} of an open {% raw %}. */
static void end_raw(struct scan *s)
{
	size_t end = slice_find(s->text, s->pos, "%}");

	s->raw_end = SIZE_MAX;
	s->pos = scan_gone(s, end + 2);
}

/* The end of what stays as it is and begins here: code, mathematics, a comment; or 0. */
static size_t verbatim_end(struct scan *s)
{
	switch (s->text.ptr[s->pos]) {
	case '`': return s->markdown ? scan_code_span(s) : 0;
	case '$': return s->markdown ? math_end(s) : 0;
	case '<': return scan_html_code(s);
	default: return 0;
	}
}

static void step(struct scan *s)
{
	char c = s->text.ptr[s->pos];
	size_t end = verbatim_end(s);

	if (end) {
		scan_put_code(s, s->pos, end, 0);
		s->pos = end;
		return;
	}
	if (s->raw_end == SIZE_MAX && expand_here(s))
		return;
	if (c == '<' && s->pos >= s->tag_end)
		note_tag(s);
	end = s->pos + 1;
	if (c == '`') { /* a run of them is one thing */
		while (end < s->text.len && s->text.ptr[end] == '`')
			end++;
	} else if (c == '\\' && s->markdown && end < s->text.len &&
		   strchr(s->mdx ? "\\`[<$!{" : "\\`[<$!", s->text.ptr[end])) {
		end++; /* an escaped character opens nothing; but Liquid knows no escapes */
	}
	put_through(s, end);
}

/* The next byte that may mean something; a line's end only in Markdown. */
static size_t next_special(const struct scan *s)
{
	static const bool special[256] = {['\\'] = true,
	    ['`'] = true,
	    ['$'] = true,
	    ['<'] = true,
	    ['{'] = true,
	    ['['] = true,
	    ['!'] = true,
	    ['|'] = true};
	size_t end = s->text.len, at = s->pos;

	if (s->raw_end != SIZE_MAX && s->raw_end < end)
		end = s->raw_end;
	while (at < end && !special[(unsigned char)s->text.ptr[at]] &&
	       !(s->markdown && s->text.ptr[at] == '\n'))
		at++;
	return at;
}

static void walk(struct scan *s)
{
	while (s->pos < s->text.len) {
		size_t end;

		if (s->pos == s->raw_end) {
			end_raw(s);
			continue;
		}
		if (s->markdown && s->line_done != s->pos &&
		    (s->pos == 0 || s->text.ptr[s->pos - 1] == '\n')) {
			s->line_done = s->pos;
			end = scan_line(s);
			if (end > s->pos) {
				s->pos = end;
				continue;
			}
		}
		end = next_special(s);
		if (end < s->text.len && s->text.ptr[end] == '\n')
			end++;
		if (end > s->pos)
			put_through(s, end);
		else
			step(s);
	}
	scan_shut_all(s);
}

static void scan_start(struct scan *s, struct slice text)
{
	s->text = text;
	s->line_done = s->raw_end = s->out_fresh = SIZE_MAX;
	s->block.blank = true;
	s->para_from = SIZE_MAX;
	s->out_line = s->out->len;
	walk(s);
	vec_free(&s->marks);
}

void scan_nested(struct scan *s, struct slice part)
{
	struct scan *inner;

	if (s->nesting == SCAN_NESTING) {
		scan_put(s, part);
		return;
	}
	inner = mem_zalloc(1, sizeof(*inner)); /* frames make it large for a stack */
	inner->source = s->source;
	inner->arena = s->arena;
	inner->diags = s->diags;
	inner->out = s->out;
	inner->shared = s->shared;
	inner->markdown = s->markdown;
	inner->mdx = s->mdx;
	inner->muted = s->muted;
	inner->nesting = s->nesting + 1;
	scan_start(inner, part);
	s->out_line = inner->out_line;
	free(inner);
}

/* ---- what kind of body this is ---- */

static bool has(struct slice body, const char *needle)
{
	return slice_find(body, 0, needle) < body.len;
}

/* A line of a module: no prose begins like this and ends like this. */
static bool is_module_line(struct slice line)
{
	struct slice text = slice_trim(line);
	char last;

	if (slice_starts(line, "export "))
		return slice_starts(line, "export const ") || slice_starts(line, "export default ");
	if (!slice_starts(line, "import ") || text.len < 10)
		return false;
	last = text.ptr[text.len - 1] == ';' ? text.ptr[text.len - 2] : text.ptr[text.len - 1];
	return (last == '"' || last == '\'') && (has(text, " from '") || has(text, " from \"") ||
						    text.ptr[7] == '"' || text.ptr[7] == '\'');
}

/* MDX under another name: modules are named before all else. */
static bool begins_as_mdx(struct slice body)
{
	struct slice line;

	while (slice_line(&body, &line)) {
		if (slice_trim(line).len > 0)
			return is_module_line(line);
	}
	return false;
}

void directive_expand(const struct markup_source *source, bool markdown, struct arena *arena,
    struct diags *diags, struct buf *out)
{
	struct scan_shared shared = {.variables = VEC_INIT};
	struct scan *s;
	bool mdx =
	    markdown && (slice_ends_nocase(source->path, ".mdx") || begins_as_mdx(source->body));

	if (source->body.len == 0)
		return;
	if (!mdx && !has(source->body, "{{") && !has(source->body, "{%") &&
	    !has(source->body, "{# ") && !has(source->body, "[[") &&
	    !has(source->body, "{filename}") && !has(source->body, "{static}") &&
	    !has(source->body, "{attach}") && !has(source->body, "|filename|")) {
		buf_put_slice(out, source->body);
		return;
	}
	s = mem_zalloc(1, sizeof(*s));
	s->source = source;
	s->arena = arena;
	s->diags = diags;
	s->out = out;
	s->shared = &shared;
	s->markdown = markdown;
	s->mdx = mdx;
	scan_start(s, source->body);
	free(s);
	vec_free(&shared.variables);
}
