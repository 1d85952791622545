#include "feeds/markup/sanitize.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdint.h>

#include "feeds/base/mem.h"
#include "feeds/base/uri.h"
#include "feeds/markup/htmlemit.h"
#include "feeds/markup/htmlfence.h"
#include "feeds/markup/htmllex.h"
#include "feeds/markup/htmlnest.h"
#include "feeds/markup/htmlpage.h"

enum {
	/*
	 * Elements that the parser may have open. It looks through all of them at
	 * some tags, so more would cost time. When there are more, the HTML is read
	 * again with the deepest tags left out, at last without any nesting.
	 */
	PARSER_DEPTH_MAX = 400,
	FENCE_DEPTH_MAX = 300,
};

/* One reading of the HTML. */
struct reading {
	htmlParserCtxtPtr parser;
	struct htmlemit emit;
	unsigned ignored; /* start tags of the frame around the fragment still to come */
	bool too_deep;
};

static void on_start(void *data, const xmlChar *name, const xmlChar **atts)
{
	struct reading *reading = data;
	const struct htmltag *tag = NULL;

	if (reading->too_deep)
		return;
	if (reading->parser->nameNr > PARSER_DEPTH_MAX) {
		reading->too_deep = true;
		xmlStopParser(reading->parser);
		return;
	}
	if (reading->ignored > 0)
		reading->ignored--;
	else
		tag = htmltag_find(slice_of((const char *)name));
	htmlemit_start(&reading->emit, tag, (const char *const *)atts);
}

static void on_end(void *data, const xmlChar *name)
{
	struct reading *reading = data;

	(void)name; /* the parser nests them properly */
	if (!reading->too_deep)
		htmlemit_end(&reading->emit);
}

static void on_text(void *data, const xmlChar *text, int len)
{
	struct reading *reading = data;

	if (!reading->too_deep && len > 0)
		htmlemit_text(&reading->emit, slice_make((const char *)text, (size_t)len));
}

static void on_comment(void *data, const xmlChar *text)
{
	struct reading *reading = data;

	(void)text; /* the fence lets only "more" marks through */
	if (!reading->too_deep)
		htmlemit_more(&reading->emit);
}

/* Parse what the fence wrote. */
static void parse(struct reading *reading, const struct buf *html)
{
	htmlSAXHandler sax = {.startElement = on_start,
	    .endElement = on_end,
	    .characters = on_text,
	    .cdataBlock = on_text,
	    .ignorableWhitespace = on_text,
	    .comment = on_comment};
	htmlParserCtxtPtr parser;

	if (html->len > INT32_MAX)
		return; /* the caller's bounds are far below */
	parser = htmlCreateMemoryParserCtxt(html->data, (int)html->len);
	if (!parser)
		mem_exhausted();
	*parser->sax = sax;
	parser->userData = reading;
	(void)htmlCtxtUseOptions(parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR |
					     HTML_PARSE_NOWARNING); /* all of them are known */
	/* It is UTF-8 whatever it says: no guess, and no conversion. */
	(void)xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
	reading->parser = parser;
	(void)htmlParseDocument(parser); /* any HTML is fine */
	htmlFreeParserCtxt(parser);
}

/* What stands around a fragment; htmlnest only needs to know that it does. */
static const char frame[] = "<html><body><div>";
enum { FRAME_TAGS = 3 };

/* What came before has its end here, whether its end tags were there or not. */
static void finish(struct htmlemit *emit)
{
	while (emit->stack.len > 0)
		htmlemit_end(emit);
	htmlemit_free(emit);
}

/* Without the parser; false when the HTML needs it. */
static bool run_nested(const struct htmlurl *url, const struct htmlfence *rules, struct slice html,
    struct markup_result *out)
{
	struct htmlemit emit = {
	    .url = url, .out = &out->html, .more = &out->more, .removed = rules->removed};
	size_t start = out->html.len;

	out->more = SIZE_MAX;
	for (unsigned i = 0; i < FRAME_TAGS; i++)
		htmlemit_start(&emit, NULL, NULL);
	if (htmlnest_put(rules, html, &emit)) {
		finish(&emit);
		return true;
	}
	htmlemit_free(&emit);
	buf_cut(&out->html, start);
	if (rules->removed)
		trace_tally_clear(rules->removed);
	return false;
}

/* With it; false when the elements nest too deeply for it. */
static bool run_parser(const struct htmlurl *url, const struct htmlfence *rules, struct slice html,
    struct markup_result *out)
{
	struct reading reading = {
	    .emit = {.url = url, .out = &out->html, .more = &out->more, .removed = rules->removed},
	    .ignored = FRAME_TAGS};
	struct buf fenced = BUF_INIT;
	size_t start = out->html.len;

	out->more = SIZE_MAX;
	buf_puts(&fenced, frame);
	htmlfence_put(rules, html, &fenced);
	parse(&reading, &fenced);
	buf_free(&fenced);
	if (!reading.too_deep) {
		finish(&reading.emit);
		return true;
	}
	htmlemit_free(&reading.emit);
	buf_cut(&out->html, start);
	if (rules->removed)
		trace_tally_clear(rules->removed);
	return false;
}

/* With it where it must be, and with less nesting where that is too deep. */
static void run(const struct htmlurl *url, struct htmlfence *rules, struct slice html,
    struct diags *diags, struct markup_result *out)
{
	static const size_t depths[] = {SIZE_MAX, FENCE_DEPTH_MAX, 0};
	bool done;

	rules->depth_max = depths[0];
	done = run_nested(url, rules, html, out);
	for (size_t i = 0; !done && i < sizeof(depths) / sizeof(depths[0]); i++) {
		rules->depth_max = depths[i];
		done = run_parser(url, rules, html, out);
		if (i == 0 && !done)
			diag_put(diags, DIAG_WARNING, url->source->line, 0,
			    "elements nested more than %d deep: the innermost tags are left out",
			    PARSER_DEPTH_MAX);
	}
}

/* Is there neither text nor anything that has a place of its own, as a picture has? */
static bool is_blank(struct slice html)
{
	struct htmllex lex = {.html = html};
	struct htmllex_token token;

	while (htmllex_next(&lex, &token))
		if ((token.kind == HTMLLEX_TEXT && slice_trim(token.text).len > 0) ||
		    (token.kind == HTMLLEX_START && htmllex_attr(token.attrs, "src").len > 0))
			return false;
	return true;
}

int sanitize_html(struct slice html, const struct markup_source *source, bool page,
    struct diags *diags, struct markup_result *out, struct err *err)
{
	struct htmlurl url = {.source = source, .base = source->page_url};
	struct trace_tally tally = {ARENA_INIT, VEC_INIT, 0};
	struct htmlfence rules = {.removed = diags->trace ? &tally : NULL};
	struct buf base = BUF_INIT;
	size_t start = out->html.len;
	struct htmlpage found;

	if (page && htmlpage_find(html, &found)) {
		rules.page = true;
		rules.own_headers = found.article;
		html = found.inner;
		if (found.base.len > 0) {
			uri_resolve(source->page_url, found.base, &base);
			if (uri_is_web(buf_slice(&base))) /* else it could make any URL anything */
				url.base = buf_slice(&base);
		}
	}
	run(&url, &rules, html, diags, out);
	/* A page that a script shows when all is there. */
	if (rules.page && is_blank(slice_from(buf_slice(&out->html), start))) {
		buf_cut(&out->html, start);
		trace_tally_clear(&tally);
		rules.hidden_too = true;
		run(&url, &rules, html, diags, out);
	}
	buf_free(&base);
	if (diags->trace)
		trace_tally_add(&diags->trace->removed, &tally);
	trace_tally_free(&tally);
	if (!out->html.overflow)
		return 0;
	buf_cut(&out->html, start);
	return err_set(err, ERR_LIMIT, "more than %zu bytes of HTML", out->html.max);
}
