#include "feeds/base/text.h"
#include "feeds/markup/budget.h"
#include "feeds/markup/markdown.h"

/*
 * Callouts.
 */

/* `[!type]`, with `-` or `+` behind for one that folds; 0: none. *type is a part of `text`. */
static size_t callout_mark(struct slice text, struct slice *type)
{
	size_t end = slice_find_byte(text, 0, ']');

	if (!slice_starts(text, "[!") || end == text.len || end == 2 || end > 40)
		return 0;
	*type = slice_trim(slice_sub(text, 2, slice_find_byte(slice_sub(text, 0, end), 0, '|')));
	end++;
	if (end < text.len && (text.ptr[end] == '-' || text.ptr[end] == '+'))
		end++;
	while (end < text.len && text.ptr[end] == ' ')
		end++;
	return end;
}

void markdown_callout(struct markdown_walk *walk, cmark_node *quotation)
{
	cmark_node *paragraph = cmark_node_first_child(quotation), *child, *next, *title, *strong;
	struct slice text, type = SLICE_NONE;
	size_t end;

	if (!paragraph || !markdown_node_is(paragraph, CMARK_NODE_PARAGRAPH))
		return;
	child = cmark_node_first_child(paragraph);
	if (!child || !markdown_node_is(child, CMARK_NODE_TEXT))
		return;
	text = markdown_node_text(child);
	end = callout_mark(text, &type);
	if (end == 0)
		return;
	title = markdown_node_new(walk, CMARK_NODE_PARAGRAPH);
	strong = markdown_node_new(walk, CMARK_NODE_STRONG);
	cmark_node_append_child(title, strong);
	cmark_node_insert_before(paragraph, title);
	next = cmark_node_next(child);
	if (end < text.len) {
		markdown_node_set(walk, child, slice_from(text, end));
	} else if (!next || markdown_node_is(next, CMARK_NODE_SOFTBREAK) ||
		   markdown_node_is(next, CMARK_NODE_LINEBREAK)) {
		markdown_node_set(walk, child, markdown_words(walk->arena, type));
	} else {
		markdown_node_drop(child);
		child = next;
	}
	for (; child && !markdown_node_is(child, CMARK_NODE_SOFTBREAK) &&
	       !markdown_node_is(child, CMARK_NODE_LINEBREAK);
	     child = next) {
		next = cmark_node_next(child);
		cmark_node_append_child(strong, child);
	}
	if (child)
		markdown_node_drop(child); /* the line's end */
	if (!cmark_node_first_child(paragraph))
		markdown_node_drop(paragraph);
}

/*
 * Definition lists, as PHP Markdown Extra and kramdown have them:
 *
 *	term
 *	: definition
 *
 * With a blank line between, the definition is a paragraph and what is indented
 * behind it (code to cmark) belongs to it.
 */

static bool is_break(cmark_node *node)
{
	return markdown_node_is(node, CMARK_NODE_SOFTBREAK) ||
	       markdown_node_is(node, CMARK_NODE_LINEBREAK);
}

static bool starts_definition(cmark_node *node)
{
	return node && markdown_node_is(node, CMARK_NODE_TEXT) &&
	       slice_starts(markdown_node_text(node), ": ");
}

static void colon_cut(struct markdown_walk *walk, cmark_node *text)
{
	struct slice rest = slice_from(markdown_node_text(text), 1);

	while (rest.len > 0 && rest.ptr[0] == ' ')
		rest = slice_from(rest, 1);
	markdown_node_set(walk, text, rest);
}

static cmark_node *element_add(
    struct markdown_walk *walk, cmark_node *list, const char *start, const char *end)
{
	cmark_node *element = markdown_element_new(walk, start, end);

	cmark_node_append_child(list, element);
	return element;
}

/* The paragraph's lines into <dt>, and from the first ": " on into <dd>; the paragraph goes. */
static void lines_define(struct markdown_walk *walk, cmark_node *list, cmark_node *paragraph)
{
	cmark_node *child = cmark_node_first_child(paragraph), *next, *into = NULL;
	bool defined = false;

	for (; child; child = next) {
		next = cmark_node_next(child);
		if (!into || (is_break(child) && (!defined || starts_definition(next)))) {
			if (is_break(child)) {
				markdown_node_drop(child);
				child = next;
				next = child ? cmark_node_next(child) : NULL;
				if (!child)
					break;
			}
			if (starts_definition(child)) {
				colon_cut(walk, child);
				defined = true;
			}
			into = defined ? element_add(walk, list, "<dd>", "</dd>")
				       : element_add(walk, list, "<dt>", "</dt>");
		}
		cmark_node_append_child(into, child);
	}
	markdown_node_drop(paragraph);
}

static bool defines_within(cmark_node *paragraph)
{
	cmark_node *child = cmark_node_first_child(paragraph);

	if (starts_definition(child))
		return false;
	for (; child; child = cmark_node_next(child))
		if (is_break(child) && starts_definition(cmark_node_next(child)))
			return true;
	return false;
}

/* Indented text behind a definition is Markdown of its own. */
static void code_define(struct markdown_walk *walk, cmark_node *definition, cmark_node *code)
{
	struct slice text = markdown_node_text(code);
	struct markdown_walk nested = {.arena = walk->arena,
	    .mem = walk->mem,
	    .scratch = walk->scratch,
	    .plain = walk->plain,
	    .nested = true};
	cmark_parser *parser = budget_parser(walk->mem);
	cmark_node *root, *child;

	cmark_parser_feed(parser, text.ptr, text.len);
	root = cmark_parser_finish(parser);
	markdown_tree(&nested, root);
	while ((child = cmark_node_first_child(root)))
		cmark_node_append_child(definition, child);
	markdown_node_drop(code);
}

static bool is_indented_code(cmark_node *node)
{
	int length = 0, offset = 0;
	char mark = '\0';

	return markdown_node_is(node, CMARK_NODE_CODE_BLOCK) &&
	       !cmark_node_get_fenced(node, &length, &offset, &mark);
}

void markdown_definitions(struct markdown_walk *walk, cmark_node *parent)
{
	cmark_node *list = NULL, *child, *next;

	for (child = cmark_node_first_child(parent); child; child = next) {
		cmark_node *before = cmark_node_previous(child);
		bool within;

		next = cmark_node_next(child);
		if (list && before == list && is_indented_code(child)) {
			code_define(walk, cmark_node_last_child(list), child);
			continue;
		}
		if (!markdown_node_is(child, CMARK_NODE_PARAGRAPH))
			continue;
		within = defines_within(child);
		if (!within &&
		    (!starts_definition(cmark_node_first_child(child)) || !before ||
			(before != list && !markdown_node_is(before, CMARK_NODE_PARAGRAPH))))
			continue;
		if (!list || before != list) {
			cmark_node *term = within ? NULL : before;

			list = markdown_element_new(walk, "<dl>", "</dl>");
			cmark_node_insert_before(child, list);
			if (term)
				lines_define(walk, list, term);
		}
		if (within) {
			lines_define(walk, list, child);
		} else {
			colon_cut(walk, cmark_node_first_child(child));
			cmark_node_append_child(element_add(walk, list, "<dd>", "</dd>"), child);
		}
	}
}

/*
 * Ids of headings.
 */

/* GitHub's slug: lower case, blanks as "-", most punctuation gone. */
static struct slice slug_of(struct markdown_walk *walk, cmark_node *heading)
{
	struct buf lower = BUF_INIT, slug = BUF_INIT;
	struct slice result;

	buf_clear(walk->scratch);
	markdown_inline_text(heading, walk->scratch);
	text_put_lower(&lower, slice_trim(buf_slice(walk->scratch)));
	for (size_t i = 0; i < lower.len;) {
		size_t start = i;
		uint32_t c = text_next(buf_slice(&lower), &i);
		bool kept = c == '-' || c == '_' || (c >= '0' && c <= '9') ||
			    (c >= 'a' && c <= 'z') || c > 0x7f;

		if (c == ' ')
			buf_putc(&slug, '-');
		else if (kept && !(c >= 0x2000 && c <= 0x206f) && !(c >= 0x3000 && c <= 0x303f) &&
			 !(c >= 0xff01 && c <= 0xff0f))
			buf_put(&slug, lower.data + start, i - start);
	}
	result = arena_copy(walk->arena, buf_slice(&slug));
	buf_free(&lower);
	buf_free(&slug);
	return result;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Do a fragment, maybe percent-encoded, and a slug say the same? */
static bool fragment_is(struct slice fragment, struct slice slug)
{
	size_t at = 0;

	for (size_t i = 0; i < fragment.len; i++, at++) {
		char c = fragment.ptr[i];

		if (c == '%' && i + 2 < fragment.len && hex(fragment.ptr[i + 1]) >= 0 &&
		    hex(fragment.ptr[i + 2]) >= 0) {
			c = (char)(hex(fragment.ptr[i + 1]) * 16 + hex(fragment.ptr[i + 2]));
			i += 2;
		}
		if (at >= slug.len || slug.ptr[at] != c)
			return false;
	}
	return at == slug.len;
}

static struct slice id_of(struct markdown_walk *walk, cmark_node *heading)
{
	const char *given = cmark_node_get_user_data(heading);
	struct slice slug;

	if (given)
		return slice_of(given);
	if (walk->fragments_len == 0)
		return SLICE_NONE;
	slug = slug_of(walk, heading);
	for (size_t i = 0; i < walk->fragments_len; i++) {
		if (slug.len > 0 && fragment_is(walk->fragments[i], slug)) {
			/* The first heading has it, as ids are single. */
			walk->fragments[i] = walk->fragments[--walk->fragments_len];
			return slug;
		}
	}
	return SLICE_NONE;
}

static void heading_name(struct markdown_walk *walk, cmark_node *heading, struct slice id)
{
	int level = cmark_node_get_heading_level(heading);
	struct buf start = BUF_INIT;
	cmark_node *element, *child;
	const char *tag;

	buf_printf(&start, "<h%d id=\"", level);
	for (size_t i = 0; i < id.len; i++) {
		if (id.ptr[i] == '"' || id.ptr[i] == '&' || id.ptr[i] == '<')
			buf_printf(&start, "&#%d;", id.ptr[i]);
		else
			buf_putc(&start, id.ptr[i]);
	}
	buf_puts(&start, "\">");
	tag = arena_string(walk->arena, buf_slice(&start));
	buf_free(&start);
	element = markdown_element_new(walk, tag, arena_printf(walk->arena, "</h%d>", level).ptr);
	cmark_node_insert_before(heading, element);
	while ((child = cmark_node_first_child(heading)))
		cmark_node_append_child(element, child);
	markdown_node_drop(heading);
}

void markdown_headings(struct markdown_walk *walk, cmark_node *root)
{
	cmark_iter *iter = cmark_iter_new(root);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		struct slice id;

		if (event != CMARK_EVENT_EXIT || !markdown_node_is(node, CMARK_NODE_HEADING))
			continue;
		id = id_of(walk, node);
		if (id.len > 0)
			heading_name(walk, node, id);
	}
	cmark_iter_free(iter);
}
