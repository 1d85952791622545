#include <libxml/HTMLparser.h>

#include "feeds/base/buf.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/frontmatter/fields.h"
#include "feeds/frontmatter/head.h"
#include "feeds/frontmatter/htmlpick.h"
#include "feeds/frontmatter/jsonld.h"
#include "feeds/markup/htmlpage.h"

/*
 * Whole HTML pages without another head: what they say of themselves in
 * <title>, <meta>, <link>, <html lang>, <time> and JSON-LD. These are picked out
 * of the page (htmlpick.h) and decoded in one pass of libxml2's parser, as SAX
 * events. The body is the page itself (offset 0).
 *
 * Where several say the same thing, the order is: JSON-LD, OpenGraph, the
 * names of Dublin Core and of citations, plain <meta> names, and HTML's own
 * elements last. So a JSON-LD headline stands above og:title and that above
 * <title>, which often ends in "| Name of the site". Of each kind the first on
 * the page counts. Dates that lose stay as alternatives.
 *
 * Any other <meta name> that the table of fields knows is passed on as it is,
 * which is how Pelican's HTML articles are written.
 */
enum {
	NEAR_BEGINNING = 4096, /* bytes in which a page shows that it is one */
	RANKS = 6,
	LIST_MAX = 200,
	PASSED_MAX = 100,
};

enum slot {
	SLOT_TITLE,
	SLOT_PUBLISHED,
	SLOT_UPDATED,
	SLOT_SUMMARY,
	SLOT_IMAGE,
	SLOT_URL,
	SLOT_LANG,
	SLOT_COUNT,
	SLOT_AUTHOR, /* these three are lists */
	SLOT_TAG,
	SLOT_SECTION,
	SLOT_KEYWORDS,
	SLOT_SITE, /* the site's name, for taking it off the title */
};

enum rank { RANK_JSONLD, RANK_OPENGRAPH, RANK_LIBRARY, RANK_NAME, RANK_ELEMENT, RANK_LAST };

static const struct meta {
	const char *name;
	enum slot slot;
	enum rank rank;
} metas[] = {
    {"og:title", SLOT_TITLE, RANK_OPENGRAPH},
    {"dcterms.title", SLOT_TITLE, RANK_LIBRARY},
    {"dc.title", SLOT_TITLE, RANK_LIBRARY},
    {"citation_title", SLOT_TITLE, RANK_LIBRARY},
    {"title", SLOT_TITLE, RANK_NAME},
    {"twitter:title", SLOT_TITLE, RANK_NAME},
    {"article:published_time", SLOT_PUBLISHED, RANK_OPENGRAPH},
    {"dcterms.issued", SLOT_PUBLISHED, RANK_LIBRARY},
    {"dcterms.date", SLOT_PUBLISHED, RANK_LIBRARY},
    {"dcterms.created", SLOT_PUBLISHED, RANK_LIBRARY},
    {"dc.date", SLOT_PUBLISHED, RANK_LIBRARY},
    {"dc.date.issued", SLOT_PUBLISHED, RANK_LIBRARY},
    {"citation_publication_date", SLOT_PUBLISHED, RANK_LIBRARY},
    {"citation_date", SLOT_PUBLISHED, RANK_LIBRARY},
    {"date", SLOT_PUBLISHED, RANK_NAME},
    {"datepublished", SLOT_PUBLISHED, RANK_NAME},
    {"article:modified_time", SLOT_UPDATED, RANK_OPENGRAPH},
    {"og:updated_time", SLOT_UPDATED, RANK_OPENGRAPH},
    {"dcterms.modified", SLOT_UPDATED, RANK_LIBRARY},
    {"modified", SLOT_UPDATED, RANK_NAME},
    {"last-modified", SLOT_UPDATED, RANK_NAME},
    {"datemodified", SLOT_UPDATED, RANK_NAME},
    {"og:description", SLOT_SUMMARY, RANK_OPENGRAPH},
    {"dcterms.abstract", SLOT_SUMMARY, RANK_LIBRARY},
    {"dcterms.description", SLOT_SUMMARY, RANK_LIBRARY},
    {"dc.description", SLOT_SUMMARY, RANK_LIBRARY},
    {"description", SLOT_SUMMARY, RANK_NAME},
    {"summary", SLOT_SUMMARY, RANK_NAME},
    {"twitter:description", SLOT_SUMMARY, RANK_LAST},
    {"og:image", SLOT_IMAGE, RANK_OPENGRAPH},
    {"og:image:url", SLOT_IMAGE, RANK_OPENGRAPH},
    {"og:image:secure_url", SLOT_IMAGE, RANK_OPENGRAPH},
    {"image", SLOT_IMAGE, RANK_NAME},
    {"twitter:image", SLOT_IMAGE, RANK_LAST},
    {"og:url", SLOT_URL, RANK_LAST},	 /* below rel=canonical */
    {"og:locale", SLOT_LANG, RANK_LAST}, /* below <html lang>: often the theme's default */
    {"dcterms.language", SLOT_LANG, RANK_LIBRARY},
    {"dc.language", SLOT_LANG, RANK_LIBRARY},
    {"author", SLOT_AUTHOR, RANK_NAME},
    {"citation_author", SLOT_AUTHOR, RANK_LIBRARY},
    {"dcterms.creator", SLOT_AUTHOR, RANK_LIBRARY},
    {"dc.creator", SLOT_AUTHOR, RANK_LIBRARY},
    {"article:author", SLOT_AUTHOR, RANK_OPENGRAPH},
    {"article:tag", SLOT_TAG, RANK_OPENGRAPH},
    {"article:section", SLOT_SECTION, RANK_OPENGRAPH},
    {"keywords", SLOT_KEYWORDS, RANK_NAME},
    {"tags", SLOT_KEYWORDS, RANK_NAME},
    {"og:site_name", SLOT_SITE, RANK_OPENGRAPH},
};

struct candidate {
	struct slice text; /* in the arena; empty: none */
	uint32_t line, column;
};

enum capture { CAPTURE_NONE, CAPTURE_TITLE, CAPTURE_HEADING, CAPTURE_SCRIPT };

struct page {
	htmlParserCtxtPtr parser;
	struct arena *arena;
	struct candidate best[SLOT_COUNT][RANKS];
	struct candidate keywords, site, base;
	struct value *authors[RANKS]; /* lists */
	struct value *tags, *sections;
	struct value *linked_keywords, *linked_section, *passed; /* passed: a map */
	struct slice heading;					 /* the first <h1> */
	enum capture capture;
	struct buf text; /* what is being captured */
	uint32_t capture_line;
};

static uint32_t page_line(const struct page *page)
{
	const xmlParserInput *input = page->parser->input;

	return input && input->line > 0 ? (uint32_t)input->line : 1;
}

static void candidate_put(
    const struct page *page, struct candidate *candidate, struct slice text, uint32_t line)
{
	text = slice_trim(text);
	if (candidate->text.len > 0 || text.len == 0)
		return;
	candidate->text = arena_copy(page->arena, text);
	candidate->line = line;
	candidate->column = 1;
}

static void list_put(const struct page *page, struct value **list, struct slice text)
{
	uint32_t line = page_line(page);

	text = slice_trim(text);
	if (!*list)
		*list = value_new(page->arena, VALUE_LIST, line, 1);
	if (text.len > 0 && (*list)->count < LIST_MAX)
		value_append(*list, value_string(page->arena, text, line, 1));
}

/* An attribute's value; SLICE_NONE when it is not there or has none. */
static struct slice attribute(const xmlChar **attributes, const char *name)
{
	for (size_t i = 0; attributes && attributes[i]; i += 2)
		if (strcmp((const char *)attributes[i], name) == 0)
			return slice_of((const char *)attributes[i + 1]);
	return SLICE_NONE;
}

static bool has_attribute(const xmlChar **attributes, const char *name)
{
	for (size_t i = 0; attributes && attributes[i]; i += 2)
		if (strcmp((const char *)attributes[i], name) == 0)
			return true;
	return false;
}

/* Whether a list divided by blanks (class, rel, itemprop) holds one of the words. */
static bool has_word(struct slice list, const char *const *words)
{
	for (; *words; words++) {
		size_t len = strlen(*words), at = 0;

		while ((at = slice_find(list, at, *words)) < list.len) {
			bool starts = at == 0 || (unsigned char)list.ptr[at - 1] <= ' ';
			bool ends =
			    at + len == list.len || (unsigned char)list.ptr[at + len] <= ' ';

			if (starts && ends)
				return true;
			at += len;
		}
	}
	return false;
}

/* A name that the table of fields knows goes through, once. */
static void meta_pass(struct page *page, struct slice name, struct slice content)
{
	if (!page->passed)
		page->passed = value_new(page->arena, VALUE_MAP, page_line(page), 1);
	if (!fields_known(name) || page->passed->count == PASSED_MAX ||
	    slice_trim(content).len == 0)
		return;
	(void)head_put_text(page->passed, page->arena, name, content, page_line(page), 1);
}

static void meta_put(struct page *page, const struct meta *meta, struct slice content)
{
	uint32_t line = page_line(page);

	switch (meta->slot) {
	case SLOT_AUTHOR:
		/* OpenGraph wants a profile's URL here, which is no name. */
		if (!slice_starts_nocase(content, "http"))
			list_put(page, &page->authors[meta->rank], content);
		break;
	case SLOT_TAG: list_put(page, &page->tags, content); break;
	case SLOT_SECTION: list_put(page, &page->sections, content); break;
	case SLOT_KEYWORDS: candidate_put(page, &page->keywords, content, line); break;
	case SLOT_SITE: candidate_put(page, &page->site, content, line); break;
	default: candidate_put(page, &page->best[meta->slot][meta->rank], content, line); break;
	}
}

static void meta_element(struct page *page, const xmlChar **attributes)
{
	static const char *const kinds[] = {"property", "name", "itemprop"};
	struct slice content = attribute(attributes, "content");

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct slice name = slice_trim(attribute(attributes, kinds[k]));
		size_t i = 0, len = sizeof(metas) / sizeof(metas[0]);

		if (name.len == 0)
			continue;
		while (i < len && !slice_equal_nocase(name, metas[i].name))
			i++;
		if (i < len)
			meta_put(page, &metas[i], content);
		else if (k == 1)
			meta_pass(page, name, content);
		return;
	}
}

static void time_element(struct page *page, const xmlChar **attributes)
{
	static const char *const published_props[] = {"datePublished", NULL};
	static const char *const updated_props[] = {"dateModified", NULL};
	static const char *const published_classes[] = {"dt-published", "published", NULL};
	static const char *const updated_classes[] = {"dt-updated", "updated", NULL};
	struct slice datetime = attribute(attributes, "datetime");
	struct slice itemprop = attribute(attributes, "itemprop");
	struct slice class = attribute(attributes, "class");
	uint32_t line = page_line(page);

	if (has_attribute(attributes, "pubdate") || has_word(itemprop, published_props) ||
	    has_word(class, published_classes))
		candidate_put(page, &page->best[SLOT_PUBLISHED][RANK_ELEMENT], datetime, line);
	else if (has_word(itemprop, updated_props) || has_word(class, updated_classes))
		candidate_put(page, &page->best[SLOT_UPDATED][RANK_ELEMENT], datetime, line);
}

static void capture_start(struct page *page, enum capture capture)
{
	page->capture = capture;
	page->capture_line = page_line(page);
	buf_clear(&page->text);
}

static void on_start(void *arg, const xmlChar *name_bytes, const xmlChar **attributes)
{
	static const char *const canonical[] = {"canonical", NULL};
	const char *name = (const char *)name_bytes;
	struct page *page = arg;

	if (strcmp(name, "meta") == 0)
		meta_element(page, attributes);
	else if (strcmp(name, "title") == 0)
		capture_start(page, CAPTURE_TITLE);
	else if (strcmp(name, "h1") == 0)
		capture_start(page, CAPTURE_HEADING);
	else if (strcmp(name, "html") == 0)
		candidate_put(page, &page->best[SLOT_LANG][RANK_ELEMENT],
		    attribute(attributes, "lang"), page_line(page));
	else if (strcmp(name, "link") == 0 && has_word(attribute(attributes, "rel"), canonical))
		candidate_put(page, &page->best[SLOT_URL][RANK_ELEMENT],
		    attribute(attributes, "href"), page_line(page));
	else if (strcmp(name, "base") == 0)
		candidate_put(page, &page->base, attribute(attributes, "href"), page_line(page));
	else if (strcmp(name, "time") == 0)
		time_element(page, attributes);
	else if (strcmp(name, "script") == 0)
		capture_start(page, CAPTURE_SCRIPT);
}

static void on_text(void *arg, const xmlChar *bytes, int len)
{
	struct page *page = arg;

	if (page->capture != CAPTURE_NONE && len > 0)
		buf_put(&page->text, bytes, (size_t)len);
}

static void script_end(struct page *page)
{
	struct candidate(*best)[RANKS] = page->best;
	uint32_t line = page->capture_line;
	struct jsonld found = {.authors = NULL};

	if (!jsonld_read(buf_slice(&page->text), line, page->arena, &found))
		return;
	candidate_put(page, &best[SLOT_TITLE][RANK_JSONLD], found.headline, line);
	candidate_put(page, &best[SLOT_PUBLISHED][RANK_JSONLD], found.published, line);
	candidate_put(page, &best[SLOT_UPDATED][RANK_JSONLD], found.modified, line);
	candidate_put(page, &best[SLOT_SUMMARY][RANK_JSONLD], found.summary, line);
	candidate_put(page, &best[SLOT_IMAGE][RANK_JSONLD], found.image, line);
	candidate_put(page, &best[SLOT_LANG][RANK_JSONLD], found.language, line);
	if (!page->authors[RANK_JSONLD])
		page->authors[RANK_JSONLD] = found.authors;
	if (!page->linked_keywords)
		page->linked_keywords = found.keywords;
	if (!page->linked_section)
		page->linked_section = found.section;
}

/* What was captured, with its white space collapsed. */
static struct slice captured(const struct page *page)
{
	struct buf collapsed = BUF_INIT;
	struct slice text;

	text_put_collapsed(&collapsed, buf_slice(&page->text));
	text = arena_copy(page->arena, buf_slice(&collapsed));
	buf_free(&collapsed);
	return text;
}

static void on_end(void *arg, const xmlChar *name_bytes)
{
	const char *name = (const char *)name_bytes;
	struct page *page = arg;

	if (page->capture == CAPTURE_TITLE && strcmp(name, "title") == 0) {
		candidate_put(page, &page->best[SLOT_TITLE][RANK_ELEMENT], captured(page),
		    page->capture_line);
	} else if (page->capture == CAPTURE_HEADING && strcmp(name, "h1") == 0) {
		page->heading = captured(page);
	} else if (page->capture == CAPTURE_SCRIPT && strcmp(name, "script") == 0) {
		script_end(page);
	} else {
		return;
	}
	page->capture = CAPTURE_NONE;
}

/* Length of a separator such as sites put beside their name, with a blank on each side; or 0. */
static size_t separator_at(struct slice text, size_t at)
{
	static const char *const separators[] = {
	    " | ", " - ", " – ", " — ", " · ", " • ", " :: ", " » ", " « ", " / ", ": "};

	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++)
		if (slice_starts(slice_from(text, at), separators[i]))
			return strlen(separators[i]);
	return 0;
}

/*
 * <title> without the site's name: what stands before or behind a separator is
 * dropped when it is og:site_name, or when the rest is the page's <h1>.
 */
static struct slice title_alone(const struct page *page, struct slice title)
{
	struct slice site = page->site.text, heading = page->heading;

	for (size_t at = 0; at < title.len; at++) {
		size_t len = separator_at(title, at);
		struct slice before, behind;

		if (len == 0)
			continue;
		before = slice_sub(title, 0, at);
		behind = slice_from(title, at + len);
		if (before.len > 0 && (slice_equal(behind, site) || slice_equal(before, heading)))
			return before;
		if (behind.len > 0 && (slice_equal(before, site) || slice_equal(behind, heading)))
			return behind;
	}
	return title;
}

static void page_put(
    const struct page *page, struct value *root, const char *key, const struct candidate *from)
{
	(void)head_put_text(root, page->arena, slice_of(key), from->text, from->line, from->column);
}

/*
 * The candidates of a slot in their order, under keys that the table of fields
 * asks in the same order. There is a key for each that may be needed.
 */
static void slot_put(
    const struct page *page, struct value *root, enum slot slot, const char *const *keys)
{
	for (size_t rank = 0; rank < RANKS && *keys; rank++)
		if (page->best[slot][rank].text.len > 0)
			page_put(page, root, *keys++, &page->best[slot][rank]);
}

/* A value of the JSON-LD tree, under a key of our own. */
static void linked_put(
    const struct page *page, struct value *root, const char *key, const struct value *linked)
{
	struct value *copy = value_new(page->arena, linked->type, linked->line, linked->column);

	*copy = *linked;
	copy->next = NULL;
	head_put(root, page->arena, slice_of(key), copy);
}

static void lists_put(const struct page *page, struct value *root)
{
	for (size_t rank = 0; rank < RANKS; rank++) {
		if (!page->authors[rank])
			continue;
		head_put(root, page->arena, SLICE("authors"), page->authors[rank]);
		break;
	}
	if (page->tags)
		head_put(root, page->arena, SLICE("tags"), page->tags);
	else if (page->linked_keywords)
		linked_put(page, root, "tags", page->linked_keywords);
	else if (page->keywords.text.len > 0)
		page_put(page, root, "tags", &page->keywords);
	if (page->sections)
		head_put(root, page->arena, SLICE("categories"), page->sections);
	else if (page->linked_section)
		linked_put(page, root, "categories", page->linked_section);
}

static struct value *page_root(struct page *page)
{
	static const char *const title[] = {"title", NULL}, *const summary[] = {"summary", NULL},
				 *const image[] = {"image", NULL}, *const url[] = {"url", NULL},
				 *const lang[] = {"lang", NULL};
	static const char *const published[] = {
	    "date", "datetime", "publishDate", "pubDate", "datePublished", NULL};
	static const char *const updated[] = {"lastmod", "modified", "updated", NULL};
	struct candidate *own = &page->best[SLOT_TITLE][RANK_ELEMENT];
	struct value *root = page->passed;

	if (!root)
		root = value_new(page->arena, VALUE_MAP, 1, 1);
	own->text = title_alone(page, own->text);
	slot_put(page, root, SLOT_TITLE, title);
	slot_put(page, root, SLOT_PUBLISHED, published);
	slot_put(page, root, SLOT_UPDATED, updated);
	slot_put(page, root, SLOT_SUMMARY, summary);
	slot_put(page, root, SLOT_IMAGE, image);
	slot_put(page, root, SLOT_URL, url);
	slot_put(page, root, SLOT_LANG, lang);
	lists_put(page, root);
	return root;
}

static bool is_page(struct slice text, struct slice path)
{
	static const char *const signs[] = {"<!doctype", "<html", "<head>", "<title"};
	struct slice beginning =
	    slice_sub(text, 0, text.len < NEAR_BEGINNING ? text.len : NEAR_BEGINNING);

	if (!slice_ends_nocase(path, ".html") && !slice_ends_nocase(path, ".htm") &&
	    !slice_ends_nocase(path, ".xhtml"))
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (slice_holds_nocase(beginning, signs[i]))
			return true;
	return false;
}

/*
 * The pull parser with handlers of our own: no tree is built. The encoding is
 * forced, for the text is UTF-8 whatever its <meta charset> says.
 */
static void page_parse(struct page *page, struct slice picked)
{
	static const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
				   HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC;
	htmlParserCtxtPtr parser = htmlNewParserCtxt();
	htmlDocPtr document;

	if (!parser)
		mem_exhausted();
	memset(parser->sax, 0, sizeof(*parser->sax));
	parser->sax->startElement = on_start;
	parser->sax->endElement = on_end;
	parser->sax->characters = on_text;
	parser->sax->ignorableWhitespace = on_text;
	parser->sax->cdataBlock = on_text; /* scripts arrive here */
	parser->userData = page;
	page->parser = parser;
	document = htmlCtxtReadMemory(parser, picked.ptr, (int)picked.len, NULL, "UTF-8", options);
	xmlFreeDoc(document); /* NULL: our handlers build none */
	htmlFreeParserCtxt(parser);
}

static enum frontmatter_verdict html_parse(struct slice text, struct slice path,
    struct arena *arena, struct diags *diags, struct frontmatter *out, struct err *err)
{
	struct page page = {.arena = arena, .text = BUF_INIT};
	struct buf picked = BUF_BOUNDED(INT32_MAX); /* what the parser can count */

	(void)diags, (void)err; /* a page is a page, whatever it says or keeps to itself */
	if (!is_page(text, path))
		return FRONTMATTER_NOT_MINE;
	htmlpick_put(text, &picked);
	if (picked.len > 0)
		page_parse(&page, buf_slice(&picked));
	out->root = page_root(&page);
	out->body = 0;
	out->body_line = 1;
	out->base = page.base.text;
	buf_free(&picked);
	buf_free(&page.text);
	return FRONTMATTER_READ;
}

/* The article on the page: what <head> and the page's frame say is no part of it. */
static void html_put_body(struct slice body, struct buf *out)
{
	struct htmlpage page;

	(void)htmlpage_find(body, &page); /* else all of it */
	buf_put_slice(out, page.inner);
}

const struct frontmatter_kind frontmatter_html = {
    .name = "html",
    .parse = html_parse,
    .put_body = html_put_body,
};
