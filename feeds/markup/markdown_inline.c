#include <cmark-gfm-extension_api.h>

#include "feeds/markup/bare_url.h"
#include "feeds/markup/markdown.h"

static bool is_break(cmark_node *node)
{
	return !node || markdown_node_is(node, CMARK_NODE_SOFTBREAK) ||
	       markdown_node_is(node, CMARK_NODE_LINEBREAK);
}

/*
 * Attribute lists.
 */

static bool is_attribute(struct slice word)
{
	size_t equal = slice_find_byte(word, 0, '=');

	return word.len > 1 &&
	       (word.ptr[0] == '#' || word.ptr[0] == '.' || (equal > 0 && equal < word.len));
}

/*
 * A kramdown or Pandoc attribute list, `{: .class #id}` or `{#id .class key=value}`,
 * that is the whole of `s`. *id (may be empty) is a part of `s`.
 */
static bool is_attributes(struct slice s, struct slice *id)
{
	bool kramdown;
	size_t i = 0;

	*id = SLICE_NONE;
	if (s.len < 3 || s.ptr[0] != '{' || slice_find_byte(s, 0, '}') != s.len - 1)
		return false;
	s = slice_sub(s, 1, s.len - 1);
	kramdown = s.ptr[0] == ':';
	if (kramdown)
		s = slice_from(s, 1);
	while (i < s.len) {
		size_t start = i;
		bool quoted = false;
		struct slice word;

		for (; i < s.len && (quoted || s.ptr[i] != ' '); i++)
			quoted = quoted != (s.ptr[i] == '"');
		word = slice_sub(s, start, i++);
		if (word.len == 0)
			continue;
		/* kramdown also has bare names: `{:toc}`, `{:name: .class}`. */
		if (!is_attribute(word) && !kramdown)
			return false;
		if (word.ptr[0] == '#')
			*id = slice_from(word, 1);
	}
	return true;
}

/* Where in the text a list ends that begins it, 0: none does. */
static size_t attributes_at_start(struct slice text, struct slice *id)
{
	size_t end = slice_find_byte(text, 0, '}');

	if (text.len == 0 || text.ptr[0] != '{' || end == text.len ||
	    !is_attributes(slice_sub(text, 0, end + 1), id))
		return 0;
	return end + 1;
}

static cmark_node *ancestor(cmark_node *node, cmark_node_type type)
{
	node = cmark_node_parent(node);
	return node && markdown_node_is(node, type) ? node : NULL;
}

/*
 * A line of its own: kramdown's block attributes, which belong to the block around, or before
 * when it is the `first` line of this one.
 */
static void line_attributes(
    struct markdown_walk *walk, cmark_node *parent, struct slice text, struct slice id, bool first)
{
	cmark_node *item = ancestor(parent, CMARK_NODE_ITEM), *before;
	const char *type = cmark_node_get_type_string(parent);

	if (slice_starts(text, "{:toc") && item) {
		walk->doomed = cmark_node_parent(item);
		return;
	}
	if (type && strcmp(type, "table_cell") == 0) {
		walk->doomed = cmark_node_parent(parent);
		return;
	}
	before = cmark_node_previous(parent);
	if (first && id.len > 0 && before && markdown_node_is(before, CMARK_NODE_HEADING))
		cmark_node_set_user_data(before, (void *)arena_string(walk->arena, id));
}

/*
 * `- {:.x} item`: kramdown's attributes of the item itself, before its text. Bare names stay:
 * `{:ok value}` is rather of Elixir or Clojure.
 */
static bool starts_item(cmark_node *parent, cmark_node *child, struct slice list)
{
	struct slice first;

	if (!slice_starts(list, "{:") || cmark_node_previous(child) ||
	    cmark_node_previous(parent) || !markdown_node_is(parent, CMARK_NODE_PARAGRAPH) ||
	    !ancestor(parent, CMARK_NODE_ITEM))
		return false;
	first = slice_trim(slice_from(list, 2));
	return slice_starts(first, ".") || slice_starts(first, "#") ||
	       slice_find(first, 0, "=\"") < first.len || slice_find(first, 0, "='") < first.len;
}

/* Returns the child to go on with. */
static cmark_node *attributes_drop(
    struct markdown_walk *walk, cmark_node *parent, cmark_node *child)
{
	cmark_node *before = cmark_node_previous(child), *next = cmark_node_next(child);
	struct slice text = markdown_node_text(child), id;
	size_t end;

	if (text.len == 0 || text.ptr[0] != '{')
		return next;
	end = attributes_at_start(text, &id);
	if (end == 0)
		return next;
	if (starts_item(parent, child, slice_sub(text, 0, end)) &&
	    (end < text.len || !is_break(next))) {
		text = slice_from(text, end);
		while (slice_starts(text, " "))
			text = slice_from(text, 1);
		if (text.len > 0)
			markdown_node_set(walk, child, text);
		else
			markdown_node_drop(child);
		return next;
	}
	if (is_break(before)) {
		if (text.ptr[1] != ':' || slice_trim(slice_from(text, end)).len > 0 ||
		    !is_break(next))
			return next;
		line_attributes(walk, parent, text, id, before == NULL);
		if (before) {
			markdown_node_drop(before);
		} else if (next) {
			before = next;
			next = cmark_node_next(next);
			markdown_node_drop(before);
		}
		markdown_node_drop(child);
		return next;
	}
	if (!markdown_node_is(before, CMARK_NODE_TEXT)) {
		if (end == text.len)
			markdown_node_drop(child);
		else
			markdown_node_set(walk, child, slice_from(text, end));
	}
	return next;
}

/* `Title {#id .class}`: at the end of a heading. */
static void heading_attributes(struct markdown_walk *walk, cmark_node *heading)
{
	cmark_node *last = cmark_node_last_child(heading);
	struct slice text, id;
	size_t open;

	if (!last || !markdown_node_is(last, CMARK_NODE_TEXT))
		return;
	text = markdown_node_text(last);
	while (text.len > 0 && text.ptr[text.len - 1] == ' ')
		text.len--;
	if (!slice_ends(text, "}"))
		return;
	for (open = text.len - 1; open > 0 && text.ptr[open] != '{'; open--)
		;
	if (!is_attributes(slice_from(text, open), &id))
		return;
	if (id.len > 0)
		cmark_node_set_user_data(heading, (void *)arena_string(walk->arena, id));
	text = slice_sub(text, 0, open);
	while (text.len > 0 && text.ptr[text.len - 1] == ' ')
		text.len--;
	if (text.len > 0)
		markdown_node_set(walk, last, text);
	else
		markdown_node_drop(last);
}

/*
 * Obsidian's name of a block, ` ^id` at its end or alone in the line behind it.
 */

/* Where the name begins that ends `text`, or its length: a short number is a footnote, or a power. */
static size_t block_name(struct slice text)
{
	size_t start = text.len;
	bool word = false;

	while (
	    start > 0 && (markdown_is_alnum(text.ptr[start - 1]) || text.ptr[start - 1] == '-')) {
		start--;
		word = word || text.ptr[start] > '9';
	}
	if (text.len - start < (word ? 2 : 6) || start == 0 || text.ptr[start - 1] != '^')
		return text.len;
	return start == 1 || text.ptr[start - 2] == ' ' ? start - 1 : text.len;
}

/* It stands behind a table, which takes it for a row: nothing else is in that. */
static bool is_row(cmark_node *cell, cmark_node *only)
{
	cmark_node *next = cell;

	while ((next = cmark_node_next(next)) && !cmark_node_first_child(next))
		;
	return !next && !cmark_node_previous(cell) && !cmark_node_previous(only);
}

static void block_name_drop(struct markdown_walk *walk, cmark_node *parent)
{
	cmark_node *last = cmark_node_last_child(parent), *before;
	const char *type = cmark_node_get_type_string(parent);
	struct slice text;
	size_t start;

	if (!last || !markdown_node_is(last, CMARK_NODE_TEXT))
		return;
	text = markdown_node_text(last);
	start = block_name(text);
	before = cmark_node_previous(last);
	if (start == text.len)
		return;
	if (type && strcmp(type, "table_cell") == 0 && start == 0 && is_row(parent, last))
		walk->doomed = cmark_node_parent(parent);
	if (!markdown_node_is(parent, CMARK_NODE_PARAGRAPH) &&
	    !markdown_node_is(parent, CMARK_NODE_HEADING))
		return;
	if (start == 0 && (before ? !is_break(before) : !cmark_node_previous(parent)))
		return; /* no blank before it, or no block */
	text = slice_sub(text, 0, start);
	while (slice_ends(text, " "))
		text.len--;
	if (text.len > 0)
		markdown_node_set(walk, last, text);
	else
		markdown_node_drop(last);
	if (start == 0 && before)
		markdown_node_drop(before);
}

/* Obsidian's width behind a picture's text, `![text|300]` or `|300x200`, is no part of it. */
void markdown_image(struct markdown_walk *walk, cmark_node *image)
{
	cmark_node *last = cmark_node_last_child(image);
	struct slice text;
	size_t at;

	if (!last || !markdown_node_is(last, CMARK_NODE_TEXT))
		return;
	text = markdown_node_text(last);
	for (at = text.len; at > 0 && strchr("0123456789x", text.ptr[at - 1]);)
		at--;
	if (at == text.len || at == 0 || text.ptr[at - 1] != '|' || text.ptr[at] == 'x' ||
	    text.ptr[text.len - 1] == 'x')
		return;
	markdown_node_set(walk, last, slice_sub(text, 0, at - 1));
}

/*
 * `~~gone~~` and `==marked==`. The marks are cut out into nodes of their own;
 * two of a kind that fit become tags.
 */

static const struct pair {
	const char *mark, *start, *end;
	bool apart; /* from letters and digits, else "x==y" would open one */
} pairs[] = {
    {"~~", "<del>", "</del>", false},
    {"==", "<mark>", "</mark>", true},
};
enum { PAIRS = sizeof(pairs) / sizeof(*pairs) };

/* A text is given out in pieces before the node that it comes from. */
static cmark_node *piece_put(struct markdown_walk *walk, cmark_node *node, struct slice piece)
{
	cmark_node *text;

	if (piece.len == 0)
		return NULL;
	text = markdown_node_new(walk, CMARK_NODE_TEXT);
	markdown_node_set(walk, text, piece);
	cmark_node_insert_before(node, text);
	return text;
}

static void tag_set(struct markdown_walk *walk, cmark_node *node, const char *tag)
{
	cmark_node_set_type(node, CMARK_NODE_HTML_INLINE);
	markdown_node_set(walk, node, slice_of(tag));
}

struct openers {
	cmark_node *node[PAIRS]; /* waiting for their end; NULL: none */
};

/* The character before a mark at `at`; a blank at the start of a line, a letter's place otherwise. */
static char char_before(cmark_node *node, struct slice text, size_t at)
{
	if (at > 0)
		return text.ptr[at - 1];
	return is_break(cmark_node_previous(node)) ? ' ' : '.';
}

static char char_behind(cmark_node *node, struct slice text, size_t at)
{
	if (at < text.len)
		return text.ptr[at];
	return is_break(cmark_node_next(node)) ? ' ' : '.';
}

/* The next mark of any pair; text.len: none. */
static size_t pair_find(struct slice text, size_t from, size_t *which)
{
	for (size_t i = from; i + 1 < text.len; i++) {
		if ((text.ptr[i] == '~' || text.ptr[i] == '=') && text.ptr[i + 1] == text.ptr[i]) {
			*which = text.ptr[i] == '~' ? 0 : 1;
			return i;
		}
	}
	return text.len;
}

static void pair_meet(struct markdown_walk *walk, struct openers *openers, size_t which,
    cmark_node *mark, char before, char behind)
{
	const struct pair *pair = &pairs[which];
	bool opens = behind != ' ' && behind != '\t' && !(pair->apart && markdown_is_alnum(before));
	bool closes =
	    before != ' ' && before != '\t' && !(pair->apart && markdown_is_alnum(behind));

	if (openers->node[which] && closes) {
		tag_set(walk, openers->node[which], pair->start);
		tag_set(walk, mark, pair->end);
		/* What opened within it does not end outside of it. */
		*openers = (struct openers){{NULL}};
	} else if (opens) {
		openers->node[which] = mark;
	}
}

static void pairs_make(struct markdown_walk *walk, cmark_node *child, struct openers *openers)
{
	struct slice text = markdown_node_text(child);
	size_t done = 0, which = 0, at;

	if (slice_find_byte(text, 0, '~') == text.len && slice_find_byte(text, 0, '=') == text.len)
		return;
	at = pair_find(text, 0, &which);
	text = arena_copy(walk->arena, text);
	while (at < text.len) {
		char before = char_before(child, text, at), behind;
		size_t end = at;
		cmark_node *mark;

		while (end < text.len && text.ptr[end] == text.ptr[at])
			end++;
		behind = char_behind(child, text, end);
		if (end - at == 2) {
			piece_put(walk, child, slice_sub(text, done, at));
			mark = piece_put(walk, child, slice_sub(text, at, end));
			pair_meet(walk, openers, which, mark, before, behind);
			done = end;
		}
		at = pair_find(text, end, &which);
	}
	if (done == 0)
		return;
	piece_put(walk, child, slice_from(text, done));
	markdown_node_drop(child);
}

static void urls_link(struct markdown_walk *walk, cmark_node *child)
{
	struct slice text = markdown_node_text(child);
	struct bare_url url;
	size_t done = 0;

	if (slice_find(text, 0, "://") == text.len && slice_find(text, 0, "www.") == text.len &&
	    slice_find_byte(text, 0, '@') == text.len)
		return;
	text = arena_copy(walk->arena, text);
	while (bare_url_find(text, done, &url)) {
		struct slice plain = arena_copy(walk->arena, slice_sub(text, url.start, url.end));
		cmark_node *link = markdown_node_new(walk, CMARK_NODE_LINK);
		cmark_node *words = markdown_node_new(walk, CMARK_NODE_TEXT);
		struct slice target = arena_printf(walk->arena, "%s%s", url.scheme, plain.ptr);

		piece_put(walk, child, slice_sub(text, done, url.start));
		cmark_node_set_url(link, target.ptr);
		markdown_node_set(walk, words, plain);
		cmark_node_append_child(link, words);
		cmark_node_insert_before(child, link);
		done = url.end;
	}
	if (done == 0)
		return;
	piece_put(walk, child, slice_from(text, done));
	markdown_node_drop(child);
}

int markdown_raw_link(cmark_node *node)
{
	struct slice tag = SLICE_NONE;

	if (markdown_node_is(node, CMARK_NODE_HTML_INLINE))
		tag = markdown_node_text(node);
	if (slice_starts_nocase(tag, "</a>"))
		return -1;
	return slice_starts_nocase(tag, "<a") && tag.len > 2 && strchr(" \t\n>", tag.ptr[2]) ? 1
											     : 0;
}

/* URLs become links, but not within a link, the author's own `<a>` included. */
static void links_make(struct markdown_walk *walk, cmark_node *parent)
{
	cmark_node *child, *next;
	int raw = walk->raw_links; /* here at the parent's end, so count back to its start */

	for (child = cmark_node_first_child(parent); child; child = cmark_node_next(child))
		raw -= markdown_raw_link(child);
	for (child = cmark_node_first_child(parent); child && walk->links == 0; child = next) {
		next = cmark_node_next(child);
		raw += markdown_raw_link(child);
		if (raw <= 0 && markdown_node_is(child, CMARK_NODE_TEXT))
			urls_link(walk, child);
	}
}

bool markdown_inline_is_plain(struct slice source)
{
	static const char *const signs[] = {"://", "~~", "==", "www.", "@"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (slice_find(source, 0, signs[i]) < source.len)
			return false;
	return true;
}

void markdown_inline(struct markdown_walk *walk, cmark_node *parent)
{
	struct openers openers = {{NULL}};
	cmark_node *child, *next;

	for (child = cmark_node_first_child(parent); child; child = next)
		next = markdown_node_is(child, CMARK_NODE_TEXT)
			   ? attributes_drop(walk, parent, child)
			   : cmark_node_next(child);
	if (markdown_node_is(parent, CMARK_NODE_HEADING))
		heading_attributes(walk, parent);
	block_name_drop(walk, parent);
	if (walk->plain)
		return;
	for (child = cmark_node_first_child(parent); child; child = next) {
		next = cmark_node_next(child);
		if (markdown_node_is(child, CMARK_NODE_TEXT))
			pairs_make(walk, child, &openers);
	}
	links_make(walk, parent);
}

void markdown_inline_text(cmark_node *parent, struct buf *out)
{
	cmark_iter *iter = cmark_iter_new(parent);
	cmark_event_type event;
	size_t images = 0;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (markdown_node_is(node, CMARK_NODE_IMAGE))
			images += event == CMARK_EVENT_ENTER ? 1 : (size_t)-1;
		else if (images > 0)
			continue;
		else if (markdown_node_is(node, CMARK_NODE_TEXT) ||
			 markdown_node_is(node, CMARK_NODE_CODE))
			buf_put_slice(out, markdown_node_text(node));
		else if (markdown_node_is(node, CMARK_NODE_SOFTBREAK) ||
			 markdown_node_is(node, CMARK_NODE_LINEBREAK))
			buf_putc(out, ' ');
	}
	cmark_iter_free(iter);
}
