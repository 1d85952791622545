/*
 * format: the family of formats, a row each: of feeds, and of pages for people.
 *
 * A document is a stream: head once, entry for each entry, tail once, all
 * appended to a buf that the caller empties as it likes. A row only prints: it
 * looks nothing up, knows no clock and no file, and the same input gives the
 * same bytes. To add a format, write feeds/format/NAME.c and add its row to
 * the table in format.c; settings, command line and builds follow the table.
 *
 * What is for people (a page of each feed, and the documents of the whole site,
 * see listing.h) is published like feeds and told to nobody: no reader
 * subscribes to it. It has no key in [[feed]]; [pages] says where it goes.
 */
#ifndef FEEDS_FORMAT_FORMAT_H
#define FEEDS_FORMAT_FORMAT_H

#include <stdbool.h>

#include "feeds/base/buf.h"
#include "feeds/base/err.h"
#include "feeds/feed.h"

/*
 * Reads back what a format wrote, as it is written, the way a strict reader
 * would. It shares no code with the writers. The line of an error is that of
 * the document. Used by one thread at a time.
 */
struct format_check {
	/* NULL never: memory is there. */
	void *(*start)(void);
	/* The next piece, one call for each head, entry and tail. -1 with ERR_SYNTAX. */
	int (*put)(void *check, struct slice bytes, struct err *err);
	/* After the tail. -1 when the document is not complete. */
	int (*finish)(void *check, struct err *err);
	void (*free)(void *check); /* at any time; NULL is fine */
};

struct format {
	const char *name;	/* "rss": the setting's key in [[feed]], if it is of a feed */
	const char *title;	/* "RSS 2.0": for messages */
	const char *media_type; /* of the document */
	const char *file;	/* "rss.xml": where it goes when nobody says where */
	bool for_people;	/* see above */
	/* NULL for documents of the whole site. */
	void (*head)(const struct channel *channel, struct buf *out);
	/* `first`: no entry stands before this one. */
	void (*entry)(
	    const struct channel *channel, const struct entry *entry, bool first, struct buf *out);
	/* `empty`: no entry was written. */
	void (*tail)(const struct channel *channel, bool empty, struct buf *out);
	const struct format_check *check; /* NULL: there is nothing to read back */
};

enum {
	FORMAT_FEEDS = 3, /* the first so many are for feed readers */
	FORMAT_PAGE = 3,  /* the place of format_page */
	FORMAT_COUNT = 4, /* with those that each feed may have: a page */
	FORMAT_ALL = 7	  /* with those that there is one of for the whole site */
};

extern const struct format *const formats[FORMAT_ALL];

/* The place of the format with this name; FORMAT_ALL: there is none. */
size_t format_find(struct slice name);

extern const struct format format_rss;	/* RSS 2.0, with the RSS Advisory Board's profile */
extern const struct format format_atom; /* RFC 4287 */
extern const struct format format_json; /* JSON Feed 1.1 */
extern const struct format format_page; /* HTML that is XML as well */

extern const struct format format_index;      /* HTML as well, of all feeds */
extern const struct format format_opml;	      /* OPML 2.0, of all feeds */
extern const struct format format_stylesheet; /* CSS, for both kinds of pages and for XML */

extern const struct format_check format_check_xml;  /* markup by libxml2, text by its own scan */
extern const struct format_check format_check_json; /* RFC 8259, nothing else allowed */

#endif
