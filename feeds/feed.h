/*
 * feed: what stands in a feed document, free of any format.
 *
 * A channel is the document's own part, an entry is an article as it stands
 * in it. Both borrow their strings for the length of a build. The formats
 * (feeds/format/) print them and look nothing up. All strings are legal text
 * (feeds/base/text.h), all URLs absolute URIs, all times Unix seconds.
 */
#ifndef FEEDS_FEED_H
#define FEEDS_FEED_H

#include <stdint.h>

#include "feeds/base/slice.h"
#include "feeds/base/zone.h"

struct person {
	struct slice name;  /* never empty */
	struct slice email; /* empty: none */
	struct slice url;   /* empty: none */
};

struct enclosure {
	struct slice url;  /* empty: none */
	struct slice type; /* media type; empty: not known */
	int64_t length;	   /* bytes; -1: not known */
};

struct cloud {		     /* where to register for notices of changes, by rssCloud's http-post */
	struct slice domain; /* empty: nowhere */
	unsigned port;
	struct slice path;
};

struct feed_document { /* a feed in one of its formats */
	const char *title, *media_type;
	struct slice url;
};

struct channel {
	struct slice title;	  /* plain text */
	struct slice description; /* plain text; empty: the title serves */
	struct slice home_url;	  /* the site's */
	struct slice self_url;	  /* this document's: its topic */
	struct slice language;	  /* BCP 47; empty: not said */
	const struct person *authors;
	size_t authors_len;
	const struct slice *hubs; /* WebSub hubs */
	size_t hubs_len;
	struct cloud cloud;
	int64_t updated;	/* newest `updated` of the entries; 0 for none */
	unsigned ttl;		/* minutes; 0: not said */
	struct slice generator; /* "feedd"; never with a version: a newer one changes no document */
	struct slice generator_url;
	struct slice stylesheet; /* CSS, relative to this document; empty: none */

	/* For pages alone. */
	const struct feed_document *documents; /* what there is to subscribe to */
	size_t documents_len;
	struct slice index_href; /* the page of all feeds, relative; empty: none */
	const struct zone *zone; /* of dates; NULL: UTC */
};

/*
 * Bytes of content in an entry. Readers built on libxml2 refuse a document
 * with a text of more than 10,000,000 bytes, and one such entry would cost
 * the whole feed.
 */
enum { ENTRY_CONTENT_MAX = 8 << 20 };

struct entry {
	struct slice id;	   /* never empty */
	struct slice url;	   /* of the article's page */
	struct slice external_url; /* a link post's target; empty: none */
	struct slice title;	   /* plain text; empty: none */
	struct slice summary;	   /* plain text; empty: none */
	struct slice content;	   /* sanitized HTML, at most ENTRY_CONTENT_MAX; empty: none */
	int64_t published;
	int64_t updated; /* at least `published` */
	const struct person *authors;
	size_t authors_len;
	const struct slice *categories; /* tags and categories, no two equal */
	size_t categories_len;
	struct slice language;	/* BCP 47; empty: the channel's */
	struct slice image_url; /* empty: none */
	struct enclosure enclosure;
	/* The content as xmlout_escape and jsonout_escape make it, for many documents; or empty. */
	struct slice content_xml, content_json;
};

#endif
