#include "feeds/markup/htmlpage.h"

#include "feeds/markup/htmllex.h"
#include "feeds/markup/htmltag.h"

/* The inside of one element, as it is found. */
struct region {
	const struct htmltag *tag; /* NULL: not found yet */
	size_t depth;		   /* of elements of its name, itself included; 0: it has ended */
	size_t start, end;
	size_t text; /* bytes of text inside, and one for each picture, player or frame */
};

struct page {
	struct slice html;
	struct region article; /* the one at hand */
	struct region best;    /* the one with most text so far */
	struct region main, role, body;
	struct region hidden; /* the one at hand; nothing inside counts */
	struct slice base;
	size_t articles;    /* that have text */
	bool is_page, tags; /* tags: one was seen */
};

static void region_open(struct region *region, const struct htmltag *tag, size_t at, size_t end)
{
	*region = (struct region){.tag = tag, .depth = 1, .start = at, .end = end};
}

/* A tag of the element `row`, whose end tag, if it is one, begins at `at`. */
static void region_tag(struct region *region, const struct htmltag *row, bool end, size_t at)
{
	if (region->tag != row || region->depth == 0)
		return;
	if (!end)
		region->depth++;
	else if (--region->depth == 0)
		region->end = at;
}

/* An empty one, as for comments that a script puts there, is none. */
static void page_article_done(struct page *page)
{
	if (!page->article.tag || page->article.text == 0)
		return;
	page->articles++;
	if (page->article.text > page->best.text)
		page->best = page->article;
}

static void page_count(struct page *page, size_t len)
{
	struct region *const regions[] = {&page->article, &page->main, &page->role};

	if (page->hidden.depth > 0)
		return;
	for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
		if (regions[i]->depth > 0)
			regions[i]->text += len;
	}
}

/* Those whose end tags may be missing hold too little to matter. */
static bool is_hidden(const struct htmllex_token *token, const struct htmltag *row)
{
	struct slice rest = token->attrs;
	struct htmllex_attr attr;

	if ((row->flags & (HTMLTAG_VOID | HTMLTAG_OPTIONAL)) || htmltag_is_frame(row))
		return false;
	while (htmllex_next_attr(&rest, &attr)) {
		const struct htmlattr *known = htmlattr_find(attr.name);

		if (known && htmlattr_hides(known, attr.value))
			return true;
	}
	return false;
}

static void page_start(
    struct page *page, const struct htmllex_token *token, const struct htmltag *row, size_t behind)
{
	size_t end = page->html.len;
	bool hidden;

	region_tag(&page->hidden, row, false, token->start);
	if (page->hidden.depth == 0 && is_hidden(token, row))
		region_open(&page->hidden, row, behind, end);
	hidden = page->hidden.depth > 0;
	region_tag(&page->article, row, false, token->start);
	region_tag(&page->main, row, false, token->start);
	region_tag(&page->role, row, false, token->start);
	switch (row->id) {
	case HTMLTAG_HTML: page->is_page = true; break;
	case HTMLTAG_BODY:
		page->is_page = true;
		if (!page->body.tag)
			region_open(&page->body, row, behind, end);
		break;
	case HTMLTAG_ARTICLE:
		page->is_page = page->is_page || !page->tags;
		if (hidden || page->article.depth > 0)
			break;
		page_article_done(page);
		region_open(&page->article, row, behind, end);
		break;
	case HTMLTAG_MAIN:
		page->is_page = page->is_page || !page->tags;
		if (!hidden && !page->main.tag)
			region_open(&page->main, row, behind, end);
		break;
	case HTMLTAG_BASE:
		if (page->base.len == 0)
			page->base = htmllex_attr(token->attrs, "href");
		break;
	case HTMLTAG_EMBED:
	case HTMLTAG_IFRAME:
	case HTMLTAG_IMG:
	case HTMLTAG_PLAYER: page_count(page, 1); break;
	default: break;
	}
	if (!hidden && !page->role.tag && !(row->flags & HTMLTAG_VOID) &&
	    slice_equal_nocase(htmllex_attr(token->attrs, "role"), "main"))
		region_open(&page->role, row, behind, end);
	page->tags = true;
}

static void page_end(struct page *page, const struct htmltag *row, size_t at)
{
	region_tag(&page->hidden, row, true, at);
	region_tag(&page->article, row, true, at);
	region_tag(&page->main, row, true, at);
	region_tag(&page->role, row, true, at);
	/* Text behind it belongs to the body all the same (HTML 13.2.6.4.19); tags do not nest. */
	if (row->id == HTMLTAG_BODY)
		page->body.end = at;
}

static void page_text(struct page *page, struct slice text)
{
	size_t len = slice_trim(text).len;

	page->tags = page->tags || len > 0;
	page_count(page, len);
}

/* Is the largest article all that counts of what is around it, `outer`? */
static bool is_all(const struct page *page, const struct region *outer)
{
	const struct region *best = &page->best;

	if (outer == &page->body)
		return true;
	if (best->start < outer->start || best->end > outer->end)
		return best->text > outer->text; /* it stands beside it */
	/* Several small ones are cards that lead elsewhere. */
	return page->articles == 1 || best->text >= outer->text / 2;
}

/* Which of the regions found is the article's. */
static const struct region *page_choose(const struct page *page)
{
	const struct region *outer = page->main.text > 0   ? &page->main
				     : page->role.text > 0 ? &page->role
							   : &page->body;

	return page->best.tag && is_all(page, outer) ? &page->best : outer;
}

bool htmlpage_find(struct slice html, struct htmlpage *out)
{
	struct page page = {.html = html};
	struct htmllex lex = {.html = html};
	struct htmllex_token token;
	const struct region *region;

	while (htmllex_next(&lex, &token)) {
		const struct htmltag *row;

		if (token.kind == HTMLLEX_TEXT)
			page_text(&page, token.text);
		if (token.kind != HTMLLEX_START && token.kind != HTMLLEX_END)
			continue;
		row = htmltag_find(token.name);
		if (!row) {
			page.tags = true;
		} else if (token.kind == HTMLLEX_END) {
			page_end(&page, row, token.start);
		} else {
			page_start(&page, &token, row, lex.at);
			if ((row->flags & HTMLTAG_RAW) && !token.closed &&
			    row->id != HTMLTAG_IFRAME)
				(void)htmllex_skip_raw(&lex, row->name); /* no text of the page */
		}
	}
	page_article_done(&page);
	*out = (struct htmlpage){.inner = html};
	if (!page.is_page)
		return false;
	region = page_choose(&page);
	out->base = page.base;
	out->article = region->tag && region != &page.body;
	if (region->tag)
		out->inner = slice_sub(html, region->start, region->end);
	return true;
}
