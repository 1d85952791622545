#include "feeds/ping/discover.h"

#include "feeds/base/uri.h"
#include "feeds/markup/htmlent.h"
#include "feeds/markup/htmllex.h"
#include "feeds/markup/htmltag.h"
#include "feeds/ping/answer.h"
#include "feeds/ping/linkheader.h"

static const char relation[] = "webmention";

/* What a page in HTML says; values are as written, with their references. */
struct page {
	struct slice endpoint, base;
	bool has_endpoint, has_base;
};

static bool headers_find(struct slice headers, struct slice *out_endpoint)
{
	struct linkheader link;
	struct slice value;

	while (answer_next_header(&headers, "link", &value)) {
		while (linkheader_next(&value, &link)) {
			if (link.anchored || !linkheader_rel_has(link.rel, relation))
				continue;
			*out_endpoint = link.target;
			return true;
		}
	}
	return false;
}

/* What does not say of itself that it is something else may be a page. */
static bool is_html(const struct ping_answer *answer)
{
	struct slice type = answer_header(answer, "content-type");

	type = slice_trim(slice_sub(type, 0, slice_find_byte(type, 0, ';')));
	return type.len == 0 || slice_equal_nocase(type, "text/html") ||
	       slice_equal_nocase(type, "application/xhtml+xml");
}

/* The first rel and href of a start tag; *rel is empty without one. False without href. */
static bool attrs_read(struct slice attrs, struct slice *rel, struct slice *href)
{
	bool has_rel = false, has_href = false;
	struct htmllex_attr attr;

	*rel = SLICE_NONE;
	while (htmllex_next_attr(&attrs, &attr)) {
		if (!has_rel && slice_equal_nocase(attr.name, "rel")) {
			*rel = attr.value;
			has_rel = true;
		} else if (!has_href && slice_equal_nocase(attr.name, "href")) {
			*href = attr.value; /* an empty one means the page itself */
			has_href = true;
		}
	}
	return has_href;
}

static void page_start(struct page *page, const struct htmllex_token *token)
{
	bool base = slice_equal_nocase(token->name, "base");
	struct slice rel, href;

	if (!base && !slice_equal_nocase(token->name, "a") &&
	    !slice_equal_nocase(token->name, "link"))
		return;
	if (!attrs_read(token->attrs, &rel, &href))
		return;
	if (base && !page->has_base) {
		page->base = href;
		page->has_base = true;
	} else if (!base && !page->has_endpoint && linkheader_rel_has(rel, relation)) {
		page->endpoint = href;
		page->has_endpoint = true;
	}
}

/* To the end, for a <base> counts for what stands before it too (HTML, 2.4.3). */
static void page_read(struct page *page, struct slice html)
{
	struct htmllex lex = {.html = html};
	struct htmllex_token token;
	size_t templates = 0; /* that are open: what is inside is no part of the page */

	while (!(page->has_base && page->has_endpoint) && htmllex_next(&lex, &token)) {
		bool start = token.kind == HTMLLEX_START;
		const struct htmltag *row;

		if (!start && token.kind != HTMLLEX_END)
			continue;
		if (slice_equal_nocase(token.name, "template")) {
			if (start)
				templates++;
			else if (templates > 0)
				templates--;
		}
		if (!start)
			continue;
		if (templates == 0)
			page_start(page, &token);
		row = htmltag_find(token.name);
		if (row && (row->flags & HTMLTAG_RAW) && !token.closed)
			(void)htmllex_skip_raw(&lex, row->name); /* no markup */
	}
}

/* Append what the value of an attribute refers to. */
static void put_resolved(struct buf *out, struct slice base, struct slice value)
{
	struct buf decoded = BUF_INIT;

	(void)htmlent_put_value(value, &decoded); /* broken references stay, as in browsers */
	uri_resolve(base, buf_slice(&decoded), out);
	buf_free(&decoded);
}

static bool page_find(struct slice html, struct slice page_url, struct buf *out)
{
	struct buf base = BUF_INIT;
	struct page page = {.has_base = false};

	page_read(&page, html);
	if (!page.has_endpoint)
		return false;
	if (page.has_base)
		put_resolved(&base, page_url, page.base);
	put_resolved(
	    out, uri_is_web(buf_slice(&base)) ? buf_slice(&base) : page_url, page.endpoint);
	buf_free(&base);
	return true;
}

enum discover_result discover_endpoint(
    const struct ping_answer *answer, struct slice page_url, struct buf *out)
{
	size_t start = out->len;
	struct slice endpoint;

	if (headers_find(answer->headers, &endpoint))
		uri_resolve(page_url, endpoint, out);
	else if (!is_html(answer) || !page_find(answer->body, page_url, out))
		return DISCOVER_NONE;
	endpoint = slice_from(buf_slice(out), start);
	if (endpoint.len <= DISCOVER_URL_MAX && uri_is_web(endpoint))
		return DISCOVER_FOUND;
	buf_cut(out, start);
	return DISCOVER_UNFIT;
}
