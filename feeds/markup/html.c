/* HTML: bodies that are already what the sanitizer takes. */
#include "feeds/markup/htmllex.h"
#include "feeds/markup/htmltag.h"
#include "feeds/markup/markup.h"
#include "feeds/markup/sanitize.h"
#include "feeds/markup/summary.h"

enum { HEADING_MAX = 4096 }; /* bytes of an h1 that may be a title */

static const char *const extensions[] = {"html", "htm", "xhtml", NULL};

/* What is inside the first h1 outside of scripts and the like; empty: none. */
static struct slice find_h1(struct slice body)
{
	struct htmllex lex = {.html = body};
	struct htmllex_token token;

	while (htmllex_next(&lex, &token)) {
		const struct htmltag *tag;

		if (token.kind != HTMLLEX_START)
			continue;
		tag = htmltag_find(token.name);
		if (tag && tag->id == HTMLTAG_H1)
			return htmllex_skip_raw(&lex, "h1");
		if (tag && (tag->flags & HTMLTAG_RAW) && !token.closed)
			(void)htmllex_skip_raw(&lex, tag->name); /* no heading is in there */
	}
	return SLICE_NONE;
}

static void html_headline(struct slice body, struct arena *arena, struct headline *out)
{
	const struct markup_source source = {.body = SLICE_NONE};
	struct markup_result inner = {.html = BUF_INIT};
	struct diags diags = DIAGS_INIT;
	struct buf text = BUF_INIT;
	struct slice h1 = find_h1(body);
	struct err err;

	*out = (struct headline){.title = SLICE_NONE};
	/* The sanitizer knows which of the tags inside belong to the text. */
	if (h1.len == 0 || h1.len > HEADING_MAX ||
	    sanitize_html(h1, &source, false, &diags, &inner, &err) < 0)
		return;
	summary_put_text(buf_slice(&inner.html), &text);
	out->title = arena_copy(arena, buf_slice(&text));
	buf_free(&text);
	buf_free(&inner.html);
	diags_free(&diags);
}

static int html_to_html(const struct markup_source *source, struct arena *arena,
    struct diags *diags, struct buf *html, struct err *err)
{
	(void)arena;
	(void)diags;
	buf_put_slice(html, source->body);
	if (html->overflow)
		return err_set(err, ERR_LIMIT, "more than %zu bytes of HTML", html->max);
	return 0;
}

const struct markup markup_html = {
    .name = "html",
    .extensions = extensions,
    .directives = true,
    .headline = html_headline,
    .to_html = html_to_html,
    .page = true,
};
