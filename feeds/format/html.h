/*
 * html: what the pages for people have in common.
 *
 * They are HTML that is XML as well, so that the check of XML reads them back,
 * and they hold no script, no style, nothing from elsewhere: a strict
 * Content-Security-Policy (default-src 'none'; style-src 'self') is content.
 * Elements that hold text hold no other elements, as xmlout has it. An element
 * with an end tag must not be empty, for "<p/>" opens a paragraph in HTML; the
 * calls here leave out what has no text.
 */
#ifndef FEEDS_FORMAT_HTML_H
#define FEEDS_FORMAT_HTML_H

#include "feeds/base/xmlout.h"
#include "feeds/feed.h"
#include "feeds/format/words.h"

/* How each page names who made it. What is there without it is not feedd's. */
#define HTML_GENERATOR "<meta name=\"generator\" content=\"feedd\"/>"

struct html_page {
	struct slice title, language; /* language: BCP 47, or empty */
	struct slice stylesheet;
};

/* Up to the links of the head, which is left open. */
void html_start(struct xmlout *xml, struct buf *out, const struct html_page *page);
/* <link rel="alternate">, for what finds feeds by itself. */
void html_alternate(struct xmlout *xml, struct slice feed_title, const struct feed_document *feed);
/* Text of any language that the site's authors wrote. Nothing when it is empty. */
void html_text(struct xmlout *xml, const char *element, struct slice text);
void html_link(struct xmlout *xml, struct slice href, struct slice text);
/* The addresses of a feed, each to be followed or copied. */
void html_documents(struct xmlout *xml, const struct feed_document *documents, size_t len);

#endif
