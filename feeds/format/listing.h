/*
 * listing: all feeds of a site, as a page and as OPML.
 *
 * The page names each feed of the settings with its addresses. The feeds of
 * values are links to their own pages, where the addresses are: the page stays
 * small when there are many. Only so many of them stand there; the OPML, which is
 * written piece by piece, has all.
 */
#ifndef FEEDS_FORMAT_LISTING_H
#define FEEDS_FORMAT_LISTING_H

#include "feeds/feed.h"
#include "feeds/format/words.h"

enum { LISTING_VALUES = 1000 }; /* of one `by` on the page */

struct listing_value {
	struct slice value, href;
	size_t entries;
};

struct listing_feed {
	struct slice title;
	struct slice href; /* of its page, relative */
	size_t entries;
	const struct feed_document *documents;
	size_t documents_len;

	/* Of feeds by a value, in place of the three above; WORD_COUNT: it is none. */
	enum word by;
	const struct listing_value *values; /* at most LISTING_VALUES, by name */
	size_t values_len;
	size_t values_all;
};

struct listing { /* all borrowed */
	struct slice title, description, home_url, owner, language;
	struct slice stylesheet; /* relative to the page */
	struct slice opml_url;	 /* empty: there is none */
	const struct listing_feed *feeds;
	size_t feeds_len;
};

/* The whole page. */
void listing_put_page(const struct listing *listing, struct buf *out);

/* OPML 2.0: a head, a feed each, a tail. Of the listing, its own facts are taken. */
void listing_opml_head(const struct listing *listing, struct buf *out);
void listing_opml_feed(
    const struct listing *listing, struct slice title, struct slice url, struct buf *out);
void listing_opml_tail(struct buf *out);

#endif
