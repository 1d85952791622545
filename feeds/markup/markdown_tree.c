#include "feeds/markup/markdown.h"

enum { FRAGMENTS_MAX = 1000 }; /* links within a page that headings answer to */

bool markdown_node_is(cmark_node *node, cmark_node_type type)
{
	return cmark_node_get_type(node) == type;
}

cmark_node *markdown_node_new(struct markdown_walk *walk, cmark_node_type type)
{
	return cmark_node_new_with_mem(type, walk->mem);
}

cmark_node *markdown_element_new(struct markdown_walk *walk, const char *start, const char *end)
{
	cmark_node *node = markdown_node_new(walk, CMARK_NODE_CUSTOM_BLOCK);

	cmark_node_set_on_enter(node, start);
	cmark_node_set_on_exit(node, end);
	return node;
}

void markdown_node_set(struct markdown_walk *walk, cmark_node *node, struct slice literal)
{
	/* A copy, for `literal` may be a part of what is replaced. */
	cmark_node_set_literal(node, arena_string(walk->arena, literal));
}

void markdown_node_drop(cmark_node *node)
{
	cmark_node_unlink(node);
	cmark_node_free(node);
}

struct slice markdown_node_text(cmark_node *node)
{
	return slice_of(cmark_node_get_literal(node));
}

static void fragment_add(struct markdown_walk *walk, struct slice fragment)
{
	if (fragment.len == 0 || walk->fragments_len == FRAGMENTS_MAX)
		return;
	if (walk->fragments_len == walk->fragments_cap) {
		size_t cap = walk->fragments_cap ? walk->fragments_cap * 2 : 16;
		struct slice *more = arena_array(walk->arena, struct slice, cap);

		if (walk->fragments_len > 0)
			memcpy(more, walk->fragments, walk->fragments_len * sizeof(*more));
		walk->fragments = more;
		walk->fragments_cap = cap;
	}
	walk->fragments[walk->fragments_len++] = arena_copy(walk->arena, fragment);
}

/* Links within the page that raw HTML has. */
static void html_fragments(struct markdown_walk *walk, struct slice html)
{
	static const char href[] = "href=\"#";

	for (size_t i = slice_find(html, 0, href); i < html.len; i = slice_find(html, i, href)) {
		i += sizeof(href) - 1;
		fragment_add(walk, slice_sub(html, i, slice_find_byte(html, i, '"')));
	}
}

static bool starts_definition(cmark_node *node)
{
	return node && markdown_node_is(node, CMARK_NODE_TEXT) &&
	       slice_starts(markdown_node_text(node), ": ");
}

/* A paragraph that holds nothing any more, or only the place of a table of contents. */
static bool is_idle(cmark_node *paragraph)
{
	cmark_node *only = cmark_node_first_child(paragraph);

	if (!only)
		return true;
	return !cmark_node_next(only) && markdown_node_is(only, CMARK_NODE_TEXT) &&
	       slice_equal_nocase(markdown_node_text(only), "[toc]");
}

static void paragraph_leave(struct markdown_walk *walk, cmark_node *paragraph)
{
	markdown_inline(walk, paragraph);
	for (cmark_node *child = cmark_node_first_child(paragraph); child;
	     child = cmark_node_next(child))
		if (starts_definition(child))
			walk->definitions = true;
	if (is_idle(paragraph))
		markdown_node_drop(paragraph);
}

static bool is_container(cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_DOCUMENT:
	case CMARK_NODE_BLOCK_QUOTE:
	case CMARK_NODE_ITEM:
	case CMARK_NODE_FOOTNOTE_DEFINITION: return true;
	default: return false;
	}
}

static bool has_inlines(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(cmark_node_first_child(node));

	return (type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_INLINE;
}

/* The node and all in it may be changed or go now: the walk does not come back to it. */
static void node_leave(struct markdown_walk *walk, cmark_node *node)
{
	if (markdown_node_is(node, CMARK_NODE_PARAGRAPH)) {
		paragraph_leave(walk, node);
		return;
	}
	if (cmark_node_first_child(node) && has_inlines(node))
		markdown_inline(walk, node);
	if (markdown_node_is(node, CMARK_NODE_IMAGE))
		markdown_image(walk, node);
	if (markdown_node_is(node, CMARK_NODE_LINK) || markdown_node_is(node, CMARK_NODE_IMAGE))
		walk->links--;
	if (node == walk->doomed) {
		walk->doomed = NULL;
		markdown_node_drop(node);
		return;
	}
	if (markdown_node_is(node, CMARK_NODE_BLOCK_QUOTE))
		markdown_callout(walk, node);
	if (is_container(node) && walk->definitions && !walk->nested)
		markdown_definitions(walk, node);
}

static void node_enter(struct markdown_walk *walk, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_LINK:
		if (cmark_node_get_url(node)[0] == '#')
			fragment_add(walk, slice_of(cmark_node_get_url(node) + 1));
		walk->links++;
		break;
	case CMARK_NODE_IMAGE: walk->links++; break;
	case CMARK_NODE_HTML_INLINE:
		walk->raw_links += markdown_raw_link(node);
		html_fragments(walk, markdown_node_text(node));
		break;
	case CMARK_NODE_HTML_BLOCK: html_fragments(walk, markdown_node_text(node)); break;
	case CMARK_NODE_PARAGRAPH:
	case CMARK_NODE_HEADING: walk->raw_links = 0; break; /* what was left open ends there */
	default: break;
	}
}

void markdown_tree(struct markdown_walk *walk, cmark_node *root)
{
	cmark_iter *iter;
	cmark_event_type event;

	cmark_consolidate_text_nodes(root);
	iter = cmark_iter_new(root);
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		if (event == CMARK_EVENT_ENTER)
			node_enter(walk, cmark_iter_get_node(iter));
		else
			node_leave(walk, cmark_iter_get_node(iter));
	}
	cmark_iter_free(iter);
	if (!walk->nested)
		markdown_headings(walk, root);
}
