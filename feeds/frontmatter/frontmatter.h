/*
 * frontmatter: the family of heads an article can have, a row each.
 *
 * Rows are asked in the order of the table; the first that recognises the
 * text's beginning reads it into one value tree. A head that is recognised and
 * broken is an error with its place: the article is skipped, so that half a
 * head never goes out. To add a dialect, write feeds/frontmatter/NAME.c and add
 * its row in frontmatter.c.
 */
#ifndef FEEDS_FRONTMATTER_FRONTMATTER_H
#define FEEDS_FRONTMATTER_FRONTMATTER_H

#include "feeds/base/arena.h"
#include "feeds/base/buf.h"
#include "feeds/base/diag.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"
#include "feeds/base/value.h"

enum { FRONTMATTER_MAX = 65536 }; /* bytes of a head */

struct frontmatter_kind;

struct frontmatter {
	const struct frontmatter_kind *kind; /* never NULL after frontmatter_parse */
	struct value *root;		     /* a VALUE_MAP, maybe empty; never NULL after parse */
	size_t body;			     /* offset of the body's first byte in the text */
	uint32_t body_line;		     /* its line, from 1 */
	struct slice base; /* of an HTML page: what its relative URLs stand behind; empty: none */
};

enum frontmatter_verdict {
	FRONTMATTER_NOT_MINE, /* some other dialect, or none */
	FRONTMATTER_READ,
	FRONTMATTER_BROKEN, /* *err says why and where */
};

struct frontmatter_kind {
	const char *name; /* "yaml" */
	/*
	 * `path` is the article's, for dialects bound to an extension. On READ sets
	 * root, body and body_line; texts live in `arena`.
	 */
	enum frontmatter_verdict (*parse)(struct slice text, struct slice path, struct arena *arena,
	    struct diags *diags, struct frontmatter *out, struct err *err);
	/* Append the body without what of the head stands in it; NULL: that never does. */
	void (*put_body)(struct slice body, struct buf *out);
};

extern const struct frontmatter_kind frontmatter_yaml;	   /* --- … --- (or ...) */
extern const struct frontmatter_kind frontmatter_toml;	   /* +++ … +++ */
extern const struct frontmatter_kind frontmatter_hexo;	   /* ;;; … ;;;, JSON without braces */
extern const struct frontmatter_kind frontmatter_json;	   /* { … } */
extern const struct frontmatter_kind frontmatter_mdx;	   /* export const meta = { … } */
extern const struct frontmatter_kind frontmatter_ikiwiki;  /* [[!meta key="value"]] */
extern const struct frontmatter_kind frontmatter_html;	   /* <title>, <meta>, OpenGraph, JSON-LD */
extern const struct frontmatter_kind frontmatter_blosxom;  /* title line, meta-key: lines */
extern const struct frontmatter_kind frontmatter_keyvalue; /* Key: value lines */
extern const struct frontmatter_kind frontmatter_none;

/*
 * Read the head of an article. `text` is legal text. Returns 0, or -1 with
 * place when a head is broken. An article without a head has an empty map, kind "none".
 */
int frontmatter_parse(struct slice text, struct slice path, struct arena *arena,
    struct diags *diags, struct frontmatter *out, struct err *err);

#endif
