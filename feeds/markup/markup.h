/*
 * markup: the family of body languages, a row each, and the way of a body.
 *
 *	body ─► directives ─► to_html ─► sanitize ─► HTML fragment, summary
 *
 * Directives (directive.h) turns what generators add (Liquid, shortcodes, JSX,
 * wikilinks) into the body's own language or HTML. to_html is the language
 * itself. The sanitizer (sanitize.h) holds the result to an allow list, makes
 * every URL absolute and drops a first heading that repeats the title.
 *
 * To add a language, write feeds/markup/NAME.c and add its row to the table in
 * markup.c.
 */
#ifndef FEEDS_MARKUP_MARKUP_H
#define FEEDS_MARKUP_MARKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/arena.h"
#include "feeds/base/buf.h"
#include "feeds/base/diag.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"
#include "feeds/feed.h"

enum {
	MARKUP_BODY_MAX =
	    262144, /* bytes; a larger Markdown body could take seconds (quadratic cases) */
	MARKUP_HTML_MAX = ENTRY_CONTENT_MAX, /* bytes of HTML that one body may become */
};

/* How a body finds the pages of other articles. */
struct links {
	const void *arg;
	/*
	 * Append the URL of the article that `target` means, as seen from the
	 * article at `from` (both paths within content.dir); `target` is a path
	 * with or without extension, relative or from the root, `@/path`, a Jekyll
	 * post name (`2024-01-02-slug`), or a bare name or title as wikilinks have
	 * it, without any fragment. Returns false and appends nothing when no article, or more than one, fits.
	 */
	bool (*find)(const void *arg, struct slice from, struct slice target, struct buf *url);
};

struct markup_source {
	struct slice body;	   /* legal text */
	struct slice path;	   /* of the article within content.dir */
	uint32_t line;		   /* of the body's first byte in its file, for complaints */
	struct slice title;	   /* an H1 before all else that says the same goes; may be empty */
	struct slice page_url;	   /* the article's, absolute */
	struct slice site_url;	   /* the site's, absolute, ends with "/" */
	const struct links *links; /* NULL: nothing can be found */
};

struct markup_result {
	struct buf html; /* the fragment: sanitized, absolute, legal; owned */
	size_t more;	 /* bytes of html that stand before a "more" mark; SIZE_MAX without one */
};

/* What a body says of itself, when the front matter is silent. */
struct headline {
	struct slice title;   /* plain text in the arena or the body; empty: none */
	struct slice summary; /* plain text: a teaser before the headline; empty: none */
};

struct markup {
	const char *name;
	const char *const *extensions; /* lower case, without dot, NULL-terminated */
	bool directives;	       /* bodies may hold directives */
	/*
	 * Finds title and teaser by the body's shape; cheap, for it is called for
	 * every article without a title. May be NULL.
	 */
	void (*headline)(struct slice body, struct arena *arena, struct headline *out);
	/*
	 * Body to HTML, any HTML: the sanitizer comes after. -1 with ERR_LIMIT when
	 * the body is more than the language's bounds allow.
	 */
	int (*to_html)(const struct markup_source *source, struct arena *arena, struct diags *diags,
	    struct buf *html, struct err *err);
	bool page; /* bodies may be whole pages, of which only the article counts */
};

extern const struct markup markup_markdown;
extern const struct markup markup_html;
extern const struct markup markup_text;
extern const struct markup markup_gemtext;

/* By the extension of `path`; Markdown for one that no row names. */
const struct markup *markup_for_path(struct slice path);

/*
 * Render a body. On success *out is filled and markup_result_free releases it.
 * Fails with ERR_LIMIT; complaints go to `diags`.
 */
int markup_render(const struct markup *markup, const struct markup_source *source,
    struct diags *diags, struct markup_result *out, struct err *err);
void markup_result_free(struct markup_result *result);

#endif
