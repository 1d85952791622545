#include "feeds/markup/htmltag.h"

#include <stdlib.h>

#include "feeds/markup/htmlstyle.h"

enum {
	VOID = HTMLTAG_VOID,
	BLOCK = HTMLTAG_BLOCK,
	HEADING = HTMLTAG_BLOCK | HTMLTAG_HEADING,
	DROP = HTMLTAG_DROP,
	RAW = HTMLTAG_DROP | HTMLTAG_RAW,
	PAGE = HTMLTAG_PAGE_DROP,
	OPTIONAL = HTMLTAG_OPTIONAL,
};

/* Sorted by name. An `as` of NULL is an element whose tags go and whose content stays. */
static const struct htmltag tags[] = {
    {"a", "a", HTMLATTR_LINK | HTMLATTR_NAME, 0, HTMLTAG_A},
    {"abbr", "abbr", 0, 0, 0},
    {"acronym", "abbr", 0, 0, 0},
    {"address", "address", 0, BLOCK, 0},
    {"annotation", NULL, 0, DROP, 0}, /* the formula once more, as source */
    {"annotation-xml", NULL, 0, DROP, 0},
    {"applet", NULL, 0, 0, 0},
    {"area", NULL, 0, VOID, 0},
    {"article", "article", 0, BLOCK, HTMLTAG_ARTICLE},
    {"aside", "aside", 0, BLOCK | PAGE, 0},
    {"audio", "audio", HTMLATTR_PLAYER, 0, HTMLTAG_PLAYER},
    {"b", "b", 0, 0, 0},
    {"base", NULL, HTMLATTR_PAGE, VOID, HTMLTAG_BASE},
    {"basefont", NULL, 0, VOID, 0},
    {"bdi", "bdi", 0, 0, 0},
    {"bdo", "bdo", 0, 0, 0},
    {"big", "big", 0, 0, 0},
    {"blockquote", "blockquote", HTMLATTR_QUOTE, BLOCK, 0},
    {"body", NULL, 0, 0, HTMLTAG_BODY},
    {"br", "br", 0, VOID, 0},
    {"button", NULL, 0, DROP, 0},
    {"canvas", NULL, 0, 0, 0},
    {"caption", "caption", 0, 0, 0},
    {"center", "div", 0, BLOCK, 0},
    {"cite", "cite", 0, 0, 0},
    {"code", "code", HTMLATTR_CODE, 0, 0},
    {"col", "col", HTMLATTR_CELL, VOID, 0},
    {"colgroup", "colgroup", HTMLATTR_CELL, 0, 0},
    {"datalist", NULL, 0, DROP, 0},
    {"dd", "dd", 0, OPTIONAL, 0},
    {"del", "del", HTMLATTR_QUOTE | HTMLATTR_TIME, 0, 0},
    {"details", "details", HTMLATTR_DETAILS, BLOCK, 0},
    {"dfn", "dfn", 0, 0, 0},
    {"dialog", NULL, 0, DROP, 0},
    {"dir", "ul", 0, BLOCK, 0},
    {"div", "div", 0, BLOCK, 0},
    {"dl", "dl", 0, BLOCK, 0},
    {"dt", "dt", 0, OPTIONAL, 0},
    {"em", "em", 0, 0, 0},
    {"embed", NULL, HTMLATTR_FRAME, VOID, HTMLTAG_EMBED},
    {"fieldset", NULL, 0, 0, 0},
    {"figcaption", "figcaption", 0, BLOCK, 0},
    {"figure", "figure", 0, BLOCK, 0},
    {"footer", "footer", 0, BLOCK | PAGE, 0},
    {"form", NULL, 0, PAGE, HTMLTAG_FORM},
    {"frame", NULL, 0, VOID, 0},
    {"frameset", NULL, 0, DROP, 0},
    {"h1", "h1", 0, HEADING, HTMLTAG_H1},
    {"h2", "h2", 0, HEADING, 0},
    {"h3", "h3", 0, HEADING, 0},
    {"h4", "h4", 0, HEADING, 0},
    {"h5", "h5", 0, HEADING, 0},
    {"h6", "h6", 0, HEADING, 0},
    {"head", NULL, 0, 0, HTMLTAG_HEAD},
    {"header", "header", 0, BLOCK, HTMLTAG_HEADER},
    {"hgroup", "div", 0, BLOCK, 0},
    {"hr", "hr", 0, VOID | BLOCK, 0},
    {"html", NULL, 0, 0, HTMLTAG_HTML},
    {"i", "i", 0, 0, 0},
    {"iframe", NULL, HTMLATTR_FRAME, HTMLTAG_RAW, HTMLTAG_IFRAME},
    {"img", "img", HTMLATTR_IMG, VOID, HTMLTAG_IMG},
    {"input", NULL, HTMLATTR_INPUT, VOID, HTMLTAG_INPUT},
    {"ins", "ins", HTMLATTR_QUOTE | HTMLATTR_TIME, 0, 0},
    {"kbd", "kbd", 0, 0, 0},
    {"label", NULL, 0, 0, 0},
    {"legend", NULL, 0, 0, 0},
    {"li", "li", HTMLATTR_ITEM, OPTIONAL, 0},
    {"link", NULL, 0, VOID, 0},
    {"listing", "pre", HTMLATTR_CODE, BLOCK, 0},
    {"main", "div", 0, BLOCK, HTMLTAG_MAIN},
    {"mark", "mark", 0, 0, 0},
    {"math", "math", HTMLATTR_MATH, 0, 0},
    {"menclose", "menclose", HTMLATTR_MATH, 0, 0},
    {"menu", "ul", 0, BLOCK, 0},
    {"merror", "merror", HTMLATTR_MATH, 0, 0},
    {"meta", NULL, 0, VOID, 0},
    {"mfenced", "mfenced", HTMLATTR_MATH, 0, 0},
    {"mfrac", "mfrac", HTMLATTR_MATH, 0, 0},
    {"mi", "mi", HTMLATTR_MATH, 0, 0},
    {"mmultiscripts", "mmultiscripts", HTMLATTR_MATH, 0, 0},
    {"mn", "mn", HTMLATTR_MATH, 0, 0},
    {"mo", "mo", HTMLATTR_MATH, 0, 0},
    {"mover", "mover", HTMLATTR_MATH, 0, 0},
    {"mpadded", "mpadded", HTMLATTR_MATH, 0, 0},
    {"mphantom", "mphantom", HTMLATTR_MATH, 0, 0},
    {"mprescripts", "mprescripts", HTMLATTR_MATH, 0, 0},
    {"mroot", "mroot", HTMLATTR_MATH, 0, 0},
    {"mrow", "mrow", HTMLATTR_MATH, 0, 0},
    {"ms", "ms", HTMLATTR_MATH, 0, 0},
    {"mspace", "mspace", HTMLATTR_MATH, 0, 0},
    {"msqrt", "msqrt", HTMLATTR_MATH, 0, 0},
    {"mstyle", "mstyle", HTMLATTR_MATH, 0, 0},
    {"msub", "msub", HTMLATTR_MATH, 0, 0},
    {"msubsup", "msubsup", HTMLATTR_MATH, 0, 0},
    {"msup", "msup", HTMLATTR_MATH, 0, 0},
    {"mtable", "mtable", HTMLATTR_MATH, 0, 0},
    {"mtd", "mtd", HTMLATTR_MATH, 0, 0},
    {"mtext", "mtext", HTMLATTR_MATH, 0, 0},
    {"mtr", "mtr", HTMLATTR_MATH, 0, 0},
    {"munder", "munder", HTMLATTR_MATH, 0, 0},
    {"munderover", "munderover", HTMLATTR_MATH, 0, 0},
    {"nav", "nav", 0, BLOCK | PAGE, 0},
    {"nobr", NULL, 0, 0, 0},
    {"noembed", NULL, 0, RAW, 0},
    {"noframes", NULL, 0, RAW, 0},
    {"noscript", NULL, 0, 0, HTMLTAG_NOSCRIPT},
    {"object", NULL, HTMLATTR_FRAME, 0, HTMLTAG_EMBED},
    {"ol", "ol", HTMLATTR_LIST, BLOCK, 0},
    {"optgroup", NULL, 0, DROP, 0},
    {"option", NULL, 0, DROP, 0},
    {"p", "p", 0, BLOCK | OPTIONAL, HTMLTAG_P},
    {"param", NULL, 0, VOID, 0},
    {"picture", "picture", 0, 0, 0},
    {"plaintext", NULL, 0, 0, 0},
    {"pre", "pre", HTMLATTR_CODE, BLOCK, 0},
    {"q", "q", HTMLATTR_QUOTE, 0, 0},
    {"rb", "rb", 0, 0, 0},
    {"rp", "rp", 0, 0, 0},
    {"rt", "rt", 0, 0, 0},
    {"rtc", "rtc", 0, 0, 0},
    {"ruby", "ruby", 0, 0, 0},
    {"s", "s", 0, 0, 0},
    {"samp", "samp", 0, 0, 0},
    {"script", NULL, 0, RAW, 0},
    {"section", "section", 0, BLOCK, 0},
    {"select", NULL, 0, DROP, 0},
    {"semantics", "semantics", HTMLATTR_MATH, 0, 0},
    {"small", "small", 0, 0, 0},
    {"source", "source", HTMLATTR_SOURCE, VOID, 0},
    {"span", "span", HTMLATTR_CODE, 0, 0},
    {"strike", "s", 0, 0, 0},
    {"strong", "strong", 0, 0, 0},
    {"style", NULL, 0, RAW, 0},
    {"sub", "sub", 0, 0, 0},
    {"summary", "summary", 0, BLOCK, 0},
    {"sup", "sup", 0, 0, 0},
    {"svg", NULL, 0, DROP, 0},
    {"table", "table", HTMLATTR_TABLE, BLOCK, 0},
    {"tbody", "tbody", 0, 0, 0},
    {"td", "td", HTMLATTR_CELL, OPTIONAL, 0},
    {"template", NULL, 0, DROP, 0},
    {"textarea", NULL, 0, RAW, 0},
    {"tfoot", "tfoot", 0, 0, 0},
    {"th", "th", HTMLATTR_CELL, OPTIONAL, 0},
    {"thead", "thead", 0, 0, 0},
    {"time", "time", HTMLATTR_TIME, 0, 0},
    {"title", NULL, 0, RAW, 0},
    {"tr", "tr", 0, OPTIONAL, 0},
    {"track", "track", HTMLATTR_TRACK, VOID, 0},
    {"tt", "code", 0, 0, 0},
    {"u", "u", 0, 0, 0},
    {"ul", "ul", 0, BLOCK, 0},
    {"var", "var", 0, 0, 0},
    {"video", "video", HTMLATTR_PLAYER, 0, HTMLTAG_PLAYER},
    {"wbr", "wbr", 0, VOID, 0},
    {"xmp", NULL, 0, RAW, 0},
};

enum {
	ANY_MEDIA = HTMLATTR_IMG | HTMLATTR_SOURCE | HTMLATTR_PLAYER | HTMLATTR_TRACK,
	LAZY = HTMLATTR_IMG | HTMLATTR_SOURCE | HTMLATTR_PLAYER | HTMLATTR_FRAME,
	SIZED = HTMLATTR_IMG | HTMLATTR_SOURCE | HTMLATTR_PLAYER | HTMLATTR_CELL,
};

/* Sorted by name. */
static const struct htmlattr attrs[] = {
    {"abbr", HTMLATTR_CELL, HTMLATTR_TEXT},
    {"accent", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"align", HTMLATTR_CELL, HTMLATTR_TEXT},
    {"alt", HTMLATTR_IMG, HTMLATTR_TEXT},
    {"alttext", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"aria-hidden", HTMLATTR_LINK, HTMLATTR_READ},
    {"background", HTMLATTR_TABLE | HTMLATTR_CELL, HTMLATTR_MEDIA},
    {"border", HTMLATTR_TABLE, HTMLATTR_NUMBER},
    {"checked", HTMLATTR_INPUT, HTMLATTR_READ},
    {"cite", HTMLATTR_QUOTE, HTMLATTR_URL},
    {"class", HTMLATTR_ALL, HTMLATTR_TEXT},
    {"colspan", HTMLATTR_CELL, HTMLATTR_NUMBER},
    {"columnalign", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"controls", HTMLATTR_PLAYER, HTMLATTR_READ}, /* always written */
    {"data", HTMLATTR_FRAME, HTMLATTR_READ},
    {"data-lazy-src", LAZY, HTMLATTR_READ},
    {"data-lazy-srcset", HTMLATTR_IMG | HTMLATTR_SOURCE, HTMLATTR_READ},
    {"data-original", LAZY, HTMLATTR_READ},
    {"data-poster", HTMLATTR_PLAYER, HTMLATTR_READ},
    {"data-src", LAZY, HTMLATTR_READ},
    {"data-srcset", HTMLATTR_IMG | HTMLATTR_SOURCE, HTMLATTR_READ},
    {"datetime", HTMLATTR_TIME, HTMLATTR_TEXT},
    {"default", HTMLATTR_TRACK, HTMLATTR_FLAG},
    {"dir", HTMLATTR_ALL, HTMLATTR_TEXT},
    {"display", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"displaystyle", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"fence", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"headers", HTMLATTR_CELL, HTMLATTR_TEXT},
    {"height", SIZED, HTMLATTR_NUMBER},
    {"hidden", HTMLATTR_ALL, HTMLATTR_READ},
    {"href", HTMLATTR_LINK | HTMLATTR_PAGE, HTMLATTR_URL},
    {"hreflang", HTMLATTR_LINK, HTMLATTR_TEXT},
    {"id", HTMLATTR_ALL, HTMLATTR_TEXT},
    {"kind", HTMLATTR_TRACK, HTMLATTR_TEXT},
    {"label", HTMLATTR_TRACK, HTMLATTR_TEXT},
    {"lang", HTMLATTR_ALL, HTMLATTR_TEXT},
    {"linethickness", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"longdesc", HTMLATTR_IMG, HTMLATTR_URL},
    {"loop", HTMLATTR_PLAYER, HTMLATTR_FLAG},
    {"lspace", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"mathvariant", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"media", HTMLATTR_SOURCE, HTMLATTR_TEXT},
    {"muted", HTMLATTR_PLAYER, HTMLATTR_FLAG},
    {"name", HTMLATTR_NAME, HTMLATTR_READ}, /* written as the id, when there is none */
    {"open", HTMLATTR_DETAILS, HTMLATTR_FLAG},
    {"poster", HTMLATTR_PLAYER, HTMLATTR_MEDIA},
    {"rel", HTMLATTR_LINK, HTMLATTR_TEXT},
    {"reversed", HTMLATTR_LIST, HTMLATTR_FLAG},
    {"rowspan", HTMLATTR_CELL, HTMLATTR_NUMBER},
    {"rspace", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"scope", HTMLATTR_CELL, HTMLATTR_TEXT},
    {"separator", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"sizes", HTMLATTR_IMG | HTMLATTR_SOURCE, HTMLATTR_TEXT},
    {"span", HTMLATTR_CELL, HTMLATTR_NUMBER},
    {"src", ANY_MEDIA | HTMLATTR_FRAME, HTMLATTR_MEDIA},
    {"srclang", HTMLATTR_TRACK, HTMLATTR_TEXT},
    {"srcset", HTMLATTR_IMG | HTMLATTR_SOURCE, HTMLATTR_SRCSET},
    {"start", HTMLATTR_LIST, HTMLATTR_NUMBER},
    {"stretchy", HTMLATTR_MATH, HTMLATTR_TEXT},
    {"style", HTMLATTR_ALL, HTMLATTR_STYLE},
    {"title", HTMLATTR_ALL, HTMLATTR_TEXT},
    {"type", HTMLATTR_LINK | HTMLATTR_SOURCE | HTMLATTR_LIST | HTMLATTR_INPUT, HTMLATTR_TEXT},
    {"valign", HTMLATTR_CELL, HTMLATTR_TEXT},
    {"value", HTMLATTR_ITEM, HTMLATTR_NUMBER},
    {"width", SIZED | HTMLATTR_TABLE, HTMLATTR_NUMBER},
};

static int compare_key(const void *key, const void *row)
{
	return memcmp(key, row, HTMLTAG_NAME_MAX); /* a row's name is its first member */
}

/* The row named so of `count` rows of `size` bytes that begin with their names. */
static const void *find_row(const void *rows, size_t count, size_t size, struct slice name)
{
	char key[HTMLTAG_NAME_MAX] = {0};

	if (name.len >= sizeof(key))
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		key[i] = slice_lower(name.ptr[i]);
	return bsearch(key, rows, count, size, compare_key);
}

const struct htmltag *htmltag_find(struct slice name)
{
	_Static_assert(sizeof(tags) / sizeof(tags[0]) <= HTMLTAG_COUNT_MAX, "raise the bound");
	return find_row(tags, sizeof(tags) / sizeof(tags[0]), sizeof(tags[0]), name);
}

bool htmltag_is_frame(const struct htmltag *tag)
{
	return tag->id == HTMLTAG_HTML || tag->id == HTMLTAG_HEAD || tag->id == HTMLTAG_BODY;
}

size_t htmltag_index(const struct htmltag *tag)
{
	return (size_t)(tag - tags);
}

const struct htmlattr *htmlattr_find(struct slice name)
{
	return find_row(attrs, sizeof(attrs) / sizeof(attrs[0]), sizeof(attrs[0]), name);
}

bool htmlattr_fits(const struct htmlattr *attr, const struct htmltag *tag)
{
	return (attr->groups & (tag->groups | HTMLATTR_ALL)) != 0;
}

/* ---- words of class attributes ---- */

static const char *const clutter[] = {"katex-html", "gutter", "rouge-gutter", "linenos", "lineno",
    "line-numbers-rows", "lnt", "ln", "sr-only", "visually-hidden", "screen-reader-text", NULL};

static const char *const anchors[] = {"anchor", "anchor-link", "anchorjs-link", "direct-link",
    "hash-link", "header-anchor", "header-link", "headerlink", "heading-anchor", "heading-link",
    "headline-hash", "permalink", "toc-anchor", "zola-anchor", NULL};

/* These as parts of a word, between "-" and "_". */
static const char *const furniture[] = {"share", "sharing", "sharedaddy", "addtoany", "social",
    "comments", "disqus", "giscus", "utterances", "breadcrumb", "breadcrumbs", "sidebar",
    "newsletter", "subscribe", "related", "relatedposts", "pagination", "pager", "cookie",
    "cookies", "consent", "advert", "advertisement", "promo", "popup", "modal", "paywall", "nav",
    "navbar", "navigation", NULL};

/* A word with one of these says that something is not there, or is elsewhere. */
static const char *const negators[] = {"no", "not", "has", "with", "without", "hide", "is", NULL};

static bool in_list(struct slice word, const char *const *list)
{
	for (; *list; list++) {
		if (slice_equal_nocase(word, *list))
			return true;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool has_word(struct slice classes, const char *const *list)
{
	struct slice word;

	while (slice_word(&classes, &word)) {
		if (in_list(word, list))
			return true;
	}
	return false;
}

bool htmltag_is_clutter(struct slice classes)
{
	return has_word(classes, clutter);
}

bool htmltag_is_anchor(struct slice classes)
{
	return has_word(classes, anchors);
}

bool htmltag_is_furniture(struct slice classes)
{
	struct slice word;

	while (slice_word(&classes, &word)) {
		bool found = false, negated = false;

		while (word.len > 0) {
			size_t end = 0;

			while (end < word.len && word.ptr[end] != '-' && word.ptr[end] != '_')
				end++;
			found = found || in_list(slice_sub(word, 0, end), furniture);
			negated = negated || in_list(slice_sub(word, 0, end), negators);
			word = slice_from(word, end < word.len ? end + 1 : end);
		}
		if (found && !negated)
			return true;
	}
	return false;
}

/* ---- what nobody is to see ---- */

bool htmlattr_hides(const struct htmlattr *attr, struct slice value)
{
	if (attr->kind == HTMLATTR_STYLE)
		return htmlstyle_hides(value);
	return attr->kind == HTMLATTR_READ && strcmp(attr->name, "hidden") == 0 &&
	       !slice_equal_nocase(slice_trim(value), "until-found");
}

/* ---- "more" marks ---- */

/* Compared by their letters alone. */
static const char *const more_marks[] = {
    "more",		 /* Hugo, Zola, Hexo, Jekyll, WordPress, micro.blog */
    "readmore",		 /* Eleventy's and Gatsby's starters */
    "excerpt",		 /* Eleventy */
    "excerptend",	 /* Jekyll */
    "endexcerpt",	 /* Jekyll, Gatsby */
    "excerptseparator",	 /* Jekyll */
    "truncate",		 /* Docusaurus */
    "endsummary",	 /* Pelican */
    "pelicanendsummary", /* Pelican's summary plugin */
    "summaryend",
    "teaserend", /* Nikola */
    "endteaser",
    "endofteaser",
    NULL,
};

enum { MORE_MAX = 32 }; /* letters of a mark, at most */

bool htmltag_is_more(struct slice comment)
{
	char letters[MORE_MAX];
	size_t len = 0;

	/* WordPress: text behind the word is the link's. A blank before it makes it a remark. */
	if (slice_starts(comment, "more "))
		return true;
	for (size_t i = 0; i < comment.len; i++) {
		char c = (char)(comment.ptr[i] | 0x20);

		if (comment.ptr[i] == '_' || comment.ptr[i] == '-' || is_blank(comment.ptr[i]))
			continue;
		if (c < 'a' || c > 'z' || len == sizeof(letters))
			return false;
		letters[len++] = c;
	}
	return in_list(slice_make(letters, len), more_marks);
}
