#include "feeds/entry.h"

#include "feeds/base/text.h"
#include "feeds/markup/sanitize.h"
#include "feeds/markup/summary.h"
#include "feeds/trace.h"

/* Tags, then the categories that are not tags too. */
static void put_categories(const struct article *article, struct arena *arena, struct entry *out)
{
	struct slice *all =
	    arena_array(arena, struct slice, article->tags_len + article->categories_len + 1);
	size_t len = 0;

	for (size_t i = 0; i < article->tags_len; i++)
		all[len++] = article->tags[i];
	for (size_t i = 0; i < article->categories_len; i++) {
		bool known = false;

		for (size_t j = 0; j < article->tags_len && !known; j++)
			known = slice_equal(article->tags[j], article->categories[i]);
		if (!known)
			all[len++] = article->categories[i];
	}
	out->categories = all;
	out->categories_len = len;
}

static struct slice taken(struct arena *arena, struct buf *buf)
{
	struct slice copy = arena_copy(arena, buf_slice(buf));

	buf_free(buf);
	return copy;
}

/* Does it hold a tag, and not just a "<"? */
static bool has_tags(struct slice text)
{
	for (size_t at = slice_find_byte(text, 0, '<'); at + 1 < text.len;
	     at = slice_find_byte(text, at + 1, '<')) {
		char c = text.ptr[at + 1];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/')
			return true;
	}
	return false;
}

/* The author's own summary, as plain text on one line. */
static struct slice own_summary(struct slice summary, const struct markup_source *source,
    struct arena *arena, struct diags *diags)
{
	struct markup_result fragment = {BUF_BOUNDED(MARKUP_HTML_MAX), SIZE_MAX};
	struct buf text = BUF_INIT;
	struct err err;

	if (!has_tags(summary)) {
		text_put_collapsed(&text, summary);
		return taken(arena, &text);
	}
	if (sanitize_html(summary, source, false, diags, &fragment, &err) == 0)
		summary_put_text(buf_slice(&fragment.html), &text);
	markup_result_free(&fragment);
	return taken(arena, &text);
}

/*
 * What stands before the mark that the author chose (Jekyll's excerpt_separator).
 * The body is rendered once more, with a "more" mark there, so that links find
 * their references below and what the feed shows is not touched. Appends nothing
 * where the chosen mark is not between the body's words.
 */
static void put_separated(const struct article_detail *detail, const struct markup_source *source,
    struct arena *arena, struct buf *out)
{
	size_t at = slice_find(detail->body, 0, arena_string(arena, detail->separator));
	struct markup_source marked_source = *source;
	struct markup_result marked;
	struct diags said = DIAGS_INIT; /* of the body as it is */
	struct buf body = BUF_INIT;
	struct err ignored;

	if (at == detail->body.len)
		return;
	buf_put_slice(&body, slice_sub(detail->body, 0, at));
	buf_puts(&body,
	    at == 0 || detail->body.ptr[at - 1] == '\n' ? "<!-- more -->\n\n" : "<!-- more -->");
	buf_put_slice(&body, slice_from(detail->body, at));
	marked_source.body = buf_slice(&body);
	if (markup_render(detail->markup, &marked_source, &said, &marked, &ignored) == 0) {
		if (marked.more != SIZE_MAX)
			summary_put(&marked, out);
		markup_result_free(&marked);
	}
	diags_free(&said);
	buf_free(&body);
}

void entry_render(const struct article *article, const struct article_detail *detail,
    const struct entry_site *site, struct arena *arena, struct diags *diags, struct entry *out)
{
	struct markup_source source = {
	    .body = detail->body,
	    .path = article->path,
	    .line = detail->body_line,
	    .title = article->title,
	    .page_url = article->url,
	    .site_url = site->url,
	    .links = site->links,
	};
	struct markup_result body;
	struct buf summary = BUF_INIT;
	struct err err;

	*out = (struct entry){
	    .id = article->id,
	    .url = article->url,
	    .external_url = detail->external_url,
	    .title = article->title,
	    .published = article->published,
	    .updated = article->updated,
	    .authors = detail->authors,
	    .authors_len = detail->authors_len,
	    .image_url = detail->image_url,
	    .enclosure = detail->enclosure,
	};
	if (!slice_equal(article->lang, site->lang))
		out->language = article->lang;
	put_categories(article, arena, out);
	if (detail->summary.len)
		out->summary = own_summary(detail->summary, &source, arena, diags);
	if (markup_render(detail->markup, &source, diags, &body, &err) < 0) {
		(void)err_advise(&err, "make it shorter or simpler"); /* -1, as here */
		diag_put(diags, DIAG_WARNING, err.line ? err.line : detail->body_line, err.column,
		    "its body was left out of the feeds: %s", err.text);
		return;
	}
	if (out->summary.len == 0) {
		const char *how = body.more == SIZE_MAX ? "its first paragraph"
							: "what stands before its \"more\" mark";

		if (body.more == SIZE_MAX && detail->separator.len > 0)
			put_separated(detail, &source, arena, &summary);
		if (summary.len > 0)
			how = "what stands before the mark that its head names";
		else
			summary_put(&body, &summary);
		out->summary = taken(arena, &summary);
		if (out->summary.len > 0)
			trace_note(diags->trace, "summary", TRACE_BODY, SLICE_NONE, how);
	}
	out->content = arena_copy(arena, buf_slice(&body.html));
	markup_result_free(&body);
}
