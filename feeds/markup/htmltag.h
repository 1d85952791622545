/*
 * htmltag: what the sanitizer knows of elements and attributes, as tables.
 *
 * The allow list of sanitize_html is these two tables: what has no row here
 * does not reach a feed. htmlfence asks them for raw tags, the sanitizer for
 * parsed ones. A row says all there is to say; code elsewhere asks for flags
 * and for the few ids of elements that are worked on.
 */
#ifndef FEEDS_MARKUP_HTMLTAG_H
#define FEEDS_MARKUP_HTMLTAG_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/slice.h"

enum { HTMLTAG_NAME_MAX = 20 }; /* of an element or attribute in the tables, with a NUL */

/* Elements that code somewhere treats by themselves. */
enum htmltag_id {
	HTMLTAG_OTHER,
	HTMLTAG_A,
	HTMLTAG_ARTICLE,
	HTMLTAG_BASE,
	HTMLTAG_BODY,
	HTMLTAG_EMBED, /* embed and object */
	HTMLTAG_FORM,
	HTMLTAG_H1,
	HTMLTAG_HEAD,
	HTMLTAG_HEADER,
	HTMLTAG_HTML,
	HTMLTAG_IFRAME,
	HTMLTAG_IMG,
	HTMLTAG_INPUT,
	HTMLTAG_MAIN,
	HTMLTAG_NOSCRIPT,
	HTMLTAG_P,
	HTMLTAG_PLAYER, /* audio and video */
};

enum htmltag_flags {
	HTMLTAG_VOID = 1,	/* has no content and no end tag */
	HTMLTAG_BLOCK = 2,	/* ends an open paragraph (HTML, "p", optional tags) */
	HTMLTAG_HEADING = 4,	/* h1 to h6 */
	HTMLTAG_DROP = 8,	/* goes with all that is inside */
	HTMLTAG_RAW = 16,	/* what is inside is no markup (HTML 13.2.5.1) */
	HTMLTAG_PAGE_DROP = 32, /* furniture of a page: goes with all that is inside it */
	HTMLTAG_OPTIONAL = 64,	/* its end tag may be left out where the next one starts */
};

/* Groups of elements that share attributes. */
enum htmlattr_group {
	HTMLATTR_ALL = 1,
	HTMLATTR_LINK = 2,
	HTMLATTR_IMG = 4,
	HTMLATTR_SOURCE = 8,
	HTMLATTR_PLAYER = 16,
	HTMLATTR_TRACK = 32,
	HTMLATTR_QUOTE = 64, /* blockquote, q, ins, del */
	HTMLATTR_TIME = 128, /* time, ins, del */
	HTMLATTR_LIST = 256,
	HTMLATTR_ITEM = 512,
	HTMLATTR_CELL = 1024,
	HTMLATTR_TABLE = 2048,
	HTMLATTR_CODE = 4096, /* code, pre, span: highlighters' classes */
	HTMLATTR_DETAILS = 8192,
	HTMLATTR_MATH = 16384,
	HTMLATTR_FRAME = 32768, /* iframe, embed, object: read, never written */
	HTMLATTR_INPUT = 65536, /* input: read, never written */
	HTMLATTR_PAGE = 131072, /* read to find a page's article: base's href */
	HTMLATTR_NAME = 262144, /* a, whose name serves as an id */
};

struct htmltag {
	char name[HTMLTAG_NAME_MAX]; /* lower case, NULs behind */
	const char *as;		     /* the name to write; NULL: the tag goes, its content stays */
	uint32_t groups;	     /* of attributes it may have, HTMLATTR_ALL understood */
	uint16_t flags;
	enum htmltag_id id;
};

/* What an attribute's value is, and so what is done to it. */
enum htmlattr_kind {
	HTMLATTR_TEXT,
	HTMLATTR_NUMBER, /* digits, with a sign, for which "px" may stand behind */
	HTMLATTR_FLAG,	 /* no value */
	HTMLATTR_URL,	 /* of something to go to */
	HTMLATTR_MEDIA,	 /* URL of something to show */
	HTMLATTR_SRCSET,
	HTMLATTR_STYLE,
	HTMLATTR_READ, /* is looked at, and never written */
};

struct htmlattr {
	char name[HTMLTAG_NAME_MAX];
	uint32_t groups; /* of elements that may have it */
	enum htmlattr_kind kind;
};

enum { HTMLTAG_COUNT_MAX = 192 }; /* rows of elements, at most */

/* By name, ASCII letters without case; NULL for what has no row. */
const struct htmltag *htmltag_find(struct slice name);
/* html, head and body, around all the rest; their tags go. */
bool htmltag_is_frame(const struct htmltag *tag);
/* The row's place in its table, below HTMLTAG_COUNT_MAX. */
size_t htmltag_index(const struct htmltag *tag);
const struct htmlattr *htmlattr_find(struct slice name);
/* May `tag` have it (written or read)? */
bool htmlattr_fits(const struct htmlattr *attr, const struct htmltag *tag);
/* Does it say that its element, with all that is inside, is not shown? */
bool htmlattr_hides(const struct htmlattr *attr, struct slice value);

/*
 * Does a word of `classes` say that the element is no part of what a reader
 * reads: line numbers beside code, text for screen readers only, formulas
 * said twice?
 */
bool htmltag_is_clutter(struct slice classes);
/* The same for furniture of pages: share buttons, comments, related posts. */
bool htmltag_is_furniture(struct slice classes);
/* Does the class belong to the sign beside a heading that links to itself? */
bool htmltag_is_anchor(struct slice classes);
/* Is a comment with this text a "more" mark, in any generator's spelling? */
bool htmltag_is_more(struct slice comment);

#endif
