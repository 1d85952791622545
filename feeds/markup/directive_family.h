/*
 * directive_family: what the families of directives share. Private to
 * feeds/markup/; see directive.h for what directives are.
 *
 *	directive.c       the walk, the table of families
 *	directive_code.c  what is code and stays as it is
 *	directive_margin.c what is indented for the eye alone
 *	directive_emit.c  output: escaping, and lines
 *	directive_frame.c frames of paired directives, variables, notes
 *	directive_link.c  links to other articles
 *	directive_call.c  names, arguments, rows: one call of a directive
 *	component.c       what many families have: pictures, videos, callouts, code
 *	liquid.c …        a family each; liquid_value.c, liquid_include.c: parts of it
 *
 * A family is asked where its opener stands. It either takes the directive,
 * writes to the output and returns the position behind it, or returns 0 and
 * leaves everything as it was; then the next family is asked, and in the end
 * the bytes are text.
 *
 * A directive with text inside is not looked up in advance and expanded by
 * recursion: its opening tag pushes a frame, the walk goes on through the text,
 * and the closing tag pops the frame. So nesting costs nothing and has a plain
 * bound. Only what must be taken verbatim (code, comments) is cut out at once.
 *
 * All is linear in the body: a family decides by a bounded look at what follows
 * the opener, and every search for a closer is remembered (scan_find), so that
 * openers without closers do not search the rest of the body again and again.
 */
#ifndef FEEDS_MARKUP_DIRECTIVE_FAMILY_H
#define FEEDS_MARKUP_DIRECTIVE_FAMILY_H

#include "feeds/base/vec.h"
#include "feeds/markup/directive.h"

enum {
	SCAN_FRAMES = 64,	  /* open directives; deeper ones lose their tags only */
	SCAN_MARGINS = 16,	  /* indentations within each other; deeper ones stay */
	SCAN_NESTING = 8,	  /* texts inside arguments, expanded by recursion */
	SCAN_ARGS = 32,		  /* arguments of one directive; further ones are not seen */
	SCAN_TAG_MAX = 8192,	  /* bytes of one tag; longer ones are text */
	SCAN_TEXT_MAX = 65536,	  /* bytes of a directive that holds text in its arguments */
	SCAN_VARIABLES = 128,	  /* variables of a body; further ones are not known */
	SCAN_VALUE_MAX = 16384,	  /* bytes of a variable; a longer one is not known */
	SCAN_STORE_MAX = 1048576, /* bytes of all variables and filled arguments of a body */
	SCAN_REPLAY_MAX = 131072, /* bytes of a body that its loops may walk again */
};

/* How a paired directive is closed. */
enum scan_close {
	CLOSE_LIQUID,	 /* {% endNAME %} */
	CLOSE_ZOLA,	 /* {% end %} */
	CLOSE_SHORTCODE, /* {{< /NAME >}} or {{% /NAME %}} */
	CLOSE_TAG,	 /* </NAME> */
};

/* A variable that the body itself sets, or names by an import. */
struct scan_variable {
	struct slice name;
	struct slice value;
	bool plain;		   /* text from outside of the body: to be escaped */
	const struct slice *items; /* of a list; NULL: no list */
	size_t items_len;
};

/* A loop that is walked once for each of `items`; with none, once. */
struct scan_loop {
	struct slice variable;
	const struct slice *items;
	size_t items_len, next;
	size_t body;  /* position of its text */
	bool unknown; /* its text shows items that nobody knows */
};

struct scan_frame {
	enum scan_close close_style;
	struct slice name;
	struct slice close;   /* HTML to write at the end; arena or literal */
	struct slice prefix;  /* of the lines it stands in */
	bool block;	      /* `close` wants lines of its own */
	size_t start, line;   /* scan.out->len and scan.out_line at its beginning */
	size_t muted;	      /* out->len from where its text goes; SIZE_MAX: stays */
	size_t muted_line;    /* out_line there */
	struct slice capture; /* variable that gets the text; empty: none */
	struct scan_loop *loop;
};

/* A search that was made: the first hit at or after `from` is `at`. */
struct scan_mark {
	const char *needle;    /* a literal, compared by address */
	enum scan_close style; /* with a name only */
	struct slice name;     /* empty: plain search for `needle` */
	size_t from, at;
};

/* What a body and the texts nested in it have together. */
struct scan_shared {
	VEC(struct scan_variable) variables;
	size_t replayed; /* bytes that loops walked again */
	size_t stored;	 /* bytes of values kept */
	size_t wasted;	 /* bytes looked at by tries that came to nothing */
	size_t counted;	 /* up to here lines were counted, in source->body */
	size_t line_start;
	uint32_t lines;
};

/* Markdown's blocks, as far as code and line breaks depend on them. Columns are those of `out`. */
struct scan_block {
	bool blank;	  /* the line before was blank, or there is none */
	bool code;	  /* the line before was indented code */
	bool list;	  /* within a list */
	bool html;	  /* within an HTML block, which a blank line would end */
	size_t list_text; /* column of the text of the last list item */
	size_t text;	  /* column of the text of the last block */
};

/* What is indented for the eye, inside directives: lines from a column on are set back. */
struct scan_margin {
	size_t from;  /* column in the body */
	size_t cut;   /* columns that go */
	size_t depth; /* of frames around it: it ends with them */
};

struct scan {
	const struct markup_source *source;
	struct arena *arena;
	struct diags *diags;
	struct buf *out;
	struct scan_shared *shared;
	bool markdown, mdx;
	unsigned nesting;
	struct slice text; /* source->body or a part of it */
	size_t pos;
	size_t line_done; /* the line that begins here was looked at; SIZE_MAX: none */
	size_t tag_end;	  /* within an HTML tag up to here */
	size_t raw_end;	  /* here stands the {% endraw %} of an open {% raw %}; SIZE_MAX: none */
	size_t out_line;  /* where the present line of `out` begins */
	size_t out_fresh; /* out->len behind a blank line that a directive wrote; SIZE_MAX: none */
	size_t site_from, site_to; /* of `out`: the site's own address, written by an output */
	struct scan_block block;
	struct scan_margin margins[SCAN_MARGINS];
	size_t margins_len;
	size_t para_from, para_end; /* remembered by scan_paragraph_end */
	size_t no_span[80]; /* before this position no run of INDEX+1 backticks closes a span */
	struct scan_frame frames[SCAN_FRAMES];
	size_t depth;
	unsigned muted; /* frames whose text goes: no complaints from there */
	VEC(struct scan_mark) marks;
};

struct directive_family {
	const char *name;
	const char *opener;
	enum { IN_ANY, IN_MDX, IN_OTHER } where; /* MDX has braces of its own */
	bool in_tag;				 /* also within an HTML tag: yields text */
	/* Returns the position behind the directive, or 0: not one. */
	size_t (*expand)(struct scan *scan);
};

extern const struct directive_family directive_shortcode_angle, directive_shortcode_percent;
extern const struct directive_family directive_shortcode_divider;
extern const struct directive_family directive_zola_output, directive_zola_tag;
extern const struct directive_family directive_liquid_output, directive_liquid_tag,
    directive_liquid_comment;
extern const struct directive_family directive_hexo_tab, directive_hexo_endtab;
extern const struct directive_family directive_wikidirective;
extern const struct directive_family directive_wikiembed, directive_wikilink;
extern const struct directive_family directive_jsx_tag, directive_jsx_expression;

/* ---- directive.c: searching, and the walk itself ---- */

/* First `needle` (a literal) at or after `from`; text.len: none. Remembered. */
size_t scan_find(struct scan *scan, const char *needle, size_t from);
/*
 * The closing tag of `name` at or after `from`: its position, and the one
 * behind it in *end; text.len when there is none. `name` must live as long as
 * the scan and come from a table, not from the body: each is remembered.
 */
size_t scan_find_close(
    struct scan *scan, enum scan_close style, struct slice name, size_t from, size_t *end);
/* The closing tag at `at` is one of `name`: the position behind it, else 0. */
size_t scan_match_close(struct slice text, size_t at, enum scan_close style, struct slice name);
/* The closing tag of the innermost frame stands at `at`. */
bool scan_at_end(const struct scan *scan, size_t at);
/* Walk a part of scan->text as a body of its own; as it is when nested too deeply. */
void scan_nested(struct scan *scan, struct slice part);
/* The line:column of `at` for a note; see scan_unknown. */
void scan_position(struct scan *scan, size_t at, uint32_t *line, uint32_t *column);

/* ---- directive_code.c: what stays as it is ---- */

/* At the beginning of a line: take lines that are code, or none. Returns the position behind. */
size_t scan_line(struct scan *scan);
/* At a "`": the code span's end, or 0. */
size_t scan_code_span(struct scan *scan);
/* At a "<": a comment or an element that holds code; its end, or 0. */
size_t scan_html_code(struct scan *scan);
/* Position of the end of the paragraph at `from`. */
size_t scan_paragraph_end(struct scan *scan, size_t from);
/*
 * Write the code from..to: {% raw %} marks and the comment marks of escaped
 * shortcodes go, up to `strip` columns of indentation too, all else stays.
 */
void scan_put_code(struct scan *scan, size_t from, size_t to, size_t strip);
/* A shortcode with comment marks inside its brackets, at `at`: what it shows; its end, or 0. */
size_t scan_escaped(
    struct slice text, size_t at, struct slice *open, struct slice *inner, struct slice *close);

/* ---- directive_margin.c ---- */

/*
 * A line of the body has its text at `at`, in `column` behind `blanks` columns of blanks: how
 * many of these go. Called for each line, at the last blanks before the marker of a list.
 */
size_t scan_margin(struct scan *scan, size_t at, size_t column, size_t blanks);
/* A tag stands at `at` that is run, not shown. */
bool scan_at_tag(const struct scan *scan, size_t at);
/* Lines from that column on are set back. */
bool scan_in_margin(const struct scan *scan, size_t column);

/* ---- directive_emit.c ---- */

/* Append plain text as the body's language needs it. */
void scan_put_text(const struct scan *scan, struct buf *html, struct slice text);
/* Append text of code, all on one line, for <pre><code>. */
void scan_put_verbatim(const struct scan *scan, struct buf *html, struct slice text);
/* Append the value of an HTML attribute, without its quotes. */
void scan_put_attr(struct buf *html, struct slice value);
/* Append ` name="value"`; nothing when the value is empty. */
void scan_put_attribute(struct buf *html, const char *name, struct slice value);
/* The same for a URL: blanks become %20. */
void scan_put_url(struct buf *html, struct slice url);
/*
 * Append what the author wrote in the body's own language inside an argument
 * (a caption, say). `lines`: on lines of its own when it has markup.
 */
void scan_put_markup(struct scan *scan, struct buf *html, struct slice text, bool lines);
/* Write bytes of the body, or HTML with line ends, to the output. */
void scan_put(struct scan *scan, struct slice bytes);

/* Where the output stands in its line. */
struct scan_place {
	struct slice prefix; /* what a further line of the same block begins with; arena */
	bool start;	     /* nothing but that stands in the line */
	bool cell;	     /* in a row of a table, which must stay one line */
};

struct scan_place scan_where(const struct scan *scan);
/* End the line and leave one blank, in blocks that want `prefix`. */
void scan_put_blank_line(struct buf *html, struct slice prefix);

/*
 * Write the HTML of a directive that ends at `end`. A block in Markdown gets
 * the lines it needs, so that the text around it is still Markdown.
 */
void scan_emit(struct scan *scan, struct slice html, bool block, size_t end);
/*
 * A directive that ends at `end` left nothing. Returns the position to go on
 * from: behind the line when nothing else stands in it and its blank rest
 * would cut an HTML block in two.
 */
size_t scan_gone(struct scan *scan, size_t end);

/* ---- directive_frame.c ---- */

/* Write the opening HTML, push a frame. NULL when there are too many; nothing is written then. */
struct scan_frame *scan_open(struct scan *scan, enum scan_close style, struct slice name,
    struct slice html, struct slice close, bool block);
/* From here on the text of the frame goes. */
void scan_mute(struct scan *scan, struct scan_frame *frame);
/*
 * Close the innermost frame of that style and name (any name when empty), and
 * what is still open inside. False: there is none. Frames that loop again move
 * scan->pos; *again says so.
 */
bool scan_shut(struct scan *scan, enum scan_close style, struct slice name, bool *again);
/* Close all that is open. */
void scan_shut_all(struct scan *scan);

/* "unknown KIND 'NAME' removed, …", counted; nothing from text that goes anyway. */
void scan_unknown(struct scan *scan, const char *kind, struct slice name, bool inner);
void scan_note(struct scan *scan, const char *what, struct slice name, const char *consequence);

const struct scan_variable *scan_variable(const struct scan *scan, struct slice name);
struct scan_variable *scan_set(struct scan *scan, struct slice name, struct slice value);
/* Count `bytes` that are to be kept for the body; false when that would be too much. */
bool scan_store(struct scan *scan, size_t bytes);

/* ---- directive_link.c ---- */

/*
 * Write the URL of another article. Without one: a note, and a Markdown link
 * around the directive loses its brackets and target. Returns where to go on.
 */
size_t scan_put_reference(struct scan *scan, struct slice target, size_t end);
/*
 * What a link's target begins with is not known, so the link is none: only its
 * text stays, or it leads nowhere. Returns where to go on; `end` when no link is here.
 */
size_t scan_drop_link(struct scan *scan, size_t end);
/* The URL of an article, with the target's fragment; false: none fits. */
bool scan_find_link(const struct scan *scan, struct slice target, struct buf *url);

/* ---- directive_call.c: one call of a directive ---- */

struct directive_arg {
	struct slice key; /* empty: positional */
	struct slice value;
	enum { ARG_QUOTED, ARG_BARE, ARG_BRACED } form; /* braced: with its braces */
};

struct directive_call;

enum directive_shape {
	SHAPE_INLINE, /* stands in a line: put writes it */
	SHAPE_BLOCK,  /* stands alone: put writes it */
	SHAPE_WRAP,   /* put writes the opening HTML, sets call->close; the text inside is walked */
	SHAPE_SPAN,   /* the same within a line */
	SHAPE_VERBATIM, /* put gets what is inside as call->inner */
	SHAPE_TEXT,	/* only the tags go */
	SHAPE_DROP,	/* what is inside goes too */
	SHAPE_GONE,	/* nothing for a feed, and nothing to complain of */
};

struct directive_row {
	const char *name; /* compared without case; '-' and '_' are one */
	enum directive_shape shape;
	/* Append HTML; false: not enough arguments, then it counts as unknown. */
	bool (*put)(struct directive_call *call, struct buf *html);
	const char *data; /* for put */
};

struct directive_call {
	struct scan *scan;
	const char *kind; /* "shortcode", "tag", "component" for notes */
	struct slice name;
	struct slice rest; /* what stands behind the name */
	enum scan_close style;
	bool single; /* closed by itself: nothing is inside */
	size_t end;  /* position behind the tag; moved behind the closing tag by a verbatim one */
	struct directive_arg args[SCAN_ARGS];
	size_t args_len;
	struct slice inner; /* SHAPE_VERBATIM */
	bool verbatim;	    /* `inner` was there */
	struct slice close; /* what put sets for SHAPE_WRAP and SHAPE_SPAN */
	const struct directive_row *row;
};

/* Length of the word at `at`: letters, digits, and "_-./" (and `more`). */
size_t call_word(struct slice text, size_t at, const char *more);
/* Braces or brackets at `at`: the position behind their end, text.len without one. */
size_t call_braced_end(struct slice text, size_t at);
/* Parse `text` as arguments: positional or key=value, quoted or bare, divided by blanks or commas. */
void call_parse_args(struct directive_call *call, struct slice text);
/*
 * The value of the first of the "a|b|c" keys that is there, else the `nth`
 * positional one (from 0; -1: none), else nothing.
 */
struct slice call_arg(const struct directive_call *call, const char *keys, int nth);
/* Names are compared without case, '-' and '_' alike. */
bool call_same_name(struct slice a, struct slice b);
/* The positional arguments behind the first `from`, with one blank between; arena. */
struct slice call_words(const struct directive_call *call, size_t from);

/* A table ends with a row without name. */
const struct directive_row *call_row(const struct directive_row *table, struct slice name);
/* Do what call->row (may be NULL: unknown) asks for. Returns the position to go on from. */
size_t call_run(struct directive_call *call);

/* ---- component.c: what several families have ---- */

bool component_image(struct directive_call *call, struct buf *html);
bool component_figure(struct directive_call *call, struct buf *html);
bool component_media(struct directive_call *call, struct buf *html); /* data: "video", "audio" */
bool component_service(
    struct directive_call *call, struct buf *html); /* data: URL, "%" is the id */
bool component_gist(struct directive_call *call, struct buf *html);
bool component_tweet(struct directive_call *call, struct buf *html);
bool component_frame(struct directive_call *call, struct buf *html); /* an iframe becomes a link */
bool component_callout(struct directive_call *call, struct buf *html); /* data: kind, or NULL */
bool component_details(struct directive_call *call, struct buf *html);
bool component_section(struct directive_call *call, struct buf *html); /* its title in bold */
bool component_quote(struct directive_call *call, struct buf *html);
bool component_anchor(struct directive_call *call, struct buf *html);
bool component_element(
    struct directive_call *call, struct buf *html);		    /* data: element to wrap in */
bool component_code(struct directive_call *call, struct buf *html); /* data: language, or NULL */
bool component_html(struct directive_call *call, struct buf *html); /* inner is HTML */
bool component_plain(
    struct directive_call *call, struct buf *html); /* inner, or argument, is text */

/* <img> of parts that may be empty; nothing without src. */
void component_put_image(struct buf *html, struct slice src, struct slice alt, struct slice title,
    struct slice width, struct slice height);
/* <a href>text</a>; the URL is the text when there is no other. */
void component_put_link(
    const struct scan *scan, struct buf *html, struct slice url, struct slice text);

/* ---- jsx.c ---- */

/* At the beginning of a line: an import or export statement; its end, or 0. */
size_t jsx_module(struct scan *scan);

/* ---- liquid_value.c ---- */

/* What `{{ … }}` and arguments of tags hold; false: not known. *literal: all of it stands in the body. */
bool liquid_value(struct scan *scan, struct slice expression, struct buf *value, bool *literal);
/* `text` with the outputs in it replaced; the text itself when there are none. */
struct slice liquid_fill(struct scan *scan, struct slice text);
/* Whether an expression begins with the variable of a loop whose items are not known. */
bool liquid_is_item(struct scan *scan, struct slice expression);
/* The items of a list: `(1..3)`, a variable, `"a,b" | split: ","`; NULL: not known. */
const struct slice *liquid_list(struct scan *scan, struct slice expression, size_t *len);

/* ---- liquid_include.c ---- */

/* An include whose arguments are parsed, the file among them. Returns where to go on. */
size_t liquid_include(struct directive_call *call);

/* ---- hexo.c: tags of Hexo, its themes, and of Jekyll's plugins ---- */

extern const struct directive_row liquid_tags[];

#endif
