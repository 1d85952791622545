/*
 * markdown: the parts that Markdown is made of here; markdown.c is the member
 * of the family.
 *
 *	body ─► markdown_source ─► markdown_bound ─► cmark-gfm ─► markdown_tree ─► HTML
 *
 * CommonMark with tables, footnotes and task lists is cmark-gfm's. What other
 * dialects add is done before it on the source where it must be (what cmark would
 * tear apart: mathematics, admonitions, comments), else after it on the tree,
 * where code and links are already known for what they are.
 */
#ifndef FEEDS_MARKUP_MARKDOWN_H
#define FEEDS_MARKUP_MARKDOWN_H

#include <cmark-gfm.h>
#include <stdbool.h>

#include "feeds/base/arena.h"
#include "feeds/base/buf.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"

/* Bytes of ASCII alone, as CommonMark's syntax is made of them. */
static inline bool markdown_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool markdown_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool markdown_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool markdown_is_alnum(char c)
{
	return markdown_is_alpha(c) || markdown_is_digit(c);
}

/* markdown_line.c: what a line is, without parsing it. */

enum markdown_line {
	MARKDOWN_BLANK,
	MARKDOWN_TEXT, /* headings, lists and quotations too */
	MARKDOWN_HTML, /* within an HTML block: no Markdown there */
	MARKDOWN_CODE, /* fences and what is in them, indented code, <pre>, <script>, comments */
};

/* Zeroed before the first line. */
struct markdown_lines {
	char fence;	       /* '`' or '~' in a fence, else 0 */
	size_t fence_len;      /* marks that opened it */
	size_t fence_column;   /* of the list item around it; a line left of that ends both */
	bool fence_quoted;     /* in a quotation, and ends with it */
	const char *raw_until; /* in raw HTML: what ends it, "" for a blank line; else NULL */
	bool raw_is_code;
	bool paragraph; /* the line before may go on */
	bool in_list;
	size_t list_column; /* of the innermost item's content */
};

enum markdown_line markdown_line_next(struct markdown_lines *lines, struct slice line);
/* Columns of white space before the text; a tab goes to the next multiple of four. */
size_t markdown_indent(struct slice line);
/* The line without its first `columns` columns of white space. */
struct slice markdown_dedent(struct slice line, size_t columns);

/* markdown_source.c, markdown_text.c: what is better done before the parse. */

/*
 * Append the body made ready for cmark: kramdown's and Obsidian's comments and
 * abbreviation definitions gone, `:::` and `!!!` admonitions and `===` tabs as <blockquote>,
 * `^[notes]` as footnotes, mathematics and bare URLs escaped so that nothing in them is
 * read as emphasis, blanks in links' addresses as %20.
 */
void markdown_source(struct slice body, struct buf *out);

/* What was looked for up to an end and not found; see markdown_text.c. */
enum markdown_missing {
	MARKDOWN_NO_TAG_END,
	MARKDOWN_NO_BRACE,
	MARKDOWN_NO_CLOSE,
	MARKDOWN_NO_CLOSE_BELOW,
	MARKDOWN_NO_COMMENT_END,
	MARKDOWN_MISSING
};

/* Notes within lines, and what is to stand behind the body for them. Zeroed before the first. */
struct markdown_notes {
	struct buf definitions;
	size_t len;
	size_t vain; /* bytes looked through for the end of what was none */
};

/* Where a line's text is within the whole, for what goes on over its end. */
struct markdown_text {
	struct slice rest;     /* lines behind this one */
	const char *paragraph; /* end of the paragraph known last; NULL: none */
	unsigned missing;      /* bit n: the paragraph has no further run of n backticks */
	bool no_math;	       /* the paragraph has no further $$ */
	bool in_math;	       /* between $$ and $$ */
	bool in_comment;       /* between %% and %% */
	const char *none[MARKDOWN_MISSING]; /* the end up to which it is missing; NULL */
	const char *no_comment;	      /* in lines up to here none ends that begins above; NULL */
	size_t in_code;		      /* backticks that will end a code span; 0: in none */
	struct markdown_notes *notes; /* NULL: there are none in this text */
};

/*
 * Append one line of text, without line end. May move text->rest forward over lines
 * that a comment takes away.
 */
void markdown_text_put(struct markdown_text *text, struct slice line, struct buf *out);

/* markdown_note.c */

/* A note's `^[` at `i`: append its mark. How much of the line it dealt with, 0: it is none. */
size_t markdown_note_put(struct markdown_text *text, struct slice line, size_t i, struct buf *out);

/* markdown_address.c */

/*
 * A link's `](` at `i` whose address has blanks: append it with %20 for them. How much of the
 * line it dealt with, 0: nothing, the address is none or needs no such help.
 */
size_t markdown_address_put(struct slice line, size_t i, struct buf *out);
/* May there be one in the body, code not left out? */
bool markdown_address_any(struct slice body);

/* markdown_bound.c */

/*
 * Fails with ERR_LIMIT for a source that would take cmark-gfm more than about
 * a second: repetitions that it reads in quadratic time.
 */
int markdown_bound(struct slice source, struct err *err);

/* markdown_tree.c, markdown_block.c, markdown_inline.c: what is done to the parsed tree. */

/* State of one walk over a tree. Nodes are cmark's memory, all else lies in the arena. */
struct markdown_walk {
	struct arena *arena;
	cmark_mem *mem;
	struct buf *scratch; /* the caller's, who frees it: cmark may leave the walk at any call */
	struct slice *fragments; /* of links within the page */
	size_t fragments_len;
	size_t fragments_cap;
	size_t links;	    /* open links and images */
	int raw_links;	    /* the same of `<a>` in inline HTML */
	bool definitions;   /* some paragraph has a line that starts with ": " */
	cmark_node *doomed; /* a list or table row to go when the walk leaves it */
	bool plain;	    /* the source has no mark and no URL that markdown_inline would make */
	bool nested;	    /* a tree within the tree: no definitions there */
};

/* Work over a whole tree. */
void markdown_tree(struct markdown_walk *walk, cmark_node *root);

/* Children of a node with inline content: attributes go, marks and bare URLs are made. */
void markdown_inline(struct markdown_walk *walk, cmark_node *parent);
/* The text of an image: no width in it. */
void markdown_image(struct markdown_walk *walk, cmark_node *image);
/* Is there nothing in the source that could become a mark or a link? For markdown_walk.plain. */
bool markdown_inline_is_plain(struct slice source);
/* What an inline node does to raw_links: `<a …>` 1, `</a>` -1, all else 0. */
int markdown_raw_link(cmark_node *node);
/* The text of the inline content: no marks, no HTML, no image. */
void markdown_inline_text(cmark_node *parent, struct buf *out);

/* Children of a container: `term`, `: definition` become a definition list. */
void markdown_definitions(struct markdown_walk *walk, cmark_node *parent);
/* A quotation that starts with `[!note] Title`. */
void markdown_callout(struct markdown_walk *walk, cmark_node *quotation);
/* Ids: those that the author gave, and slugs that a link within the page asks for. */
void markdown_headings(struct markdown_walk *walk, cmark_node *root);

cmark_node *markdown_node_new(struct markdown_walk *walk, cmark_node_type type);
/* A block that prints its own start and end tag. */
cmark_node *markdown_element_new(struct markdown_walk *walk, const char *start, const char *end);
void markdown_node_set(struct markdown_walk *walk, cmark_node *node, struct slice literal);
void markdown_node_drop(cmark_node *node);
struct slice markdown_node_text(cmark_node *node);
bool markdown_node_is(cmark_node *node, cmark_node_type type);

/* The words of a class or admonition name: "my-note" is "My note". */
struct slice markdown_words(struct arena *arena, struct slice name);

/* markdown_headline.c */

struct headline;
void markdown_headline(struct slice body, struct arena *arena, struct headline *out);

#endif
