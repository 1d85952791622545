/*
 * pelican: `{filename}` and its kin, which Pelican's authors write in front of
 * what a link or a picture is to. htmlurl asks for each URL of an article.
 */
#ifndef FEEDS_MARKUP_PELICAN_H
#define FEEDS_MARKUP_PELICAN_H

#include "feeds/markup/htmlurl.h"

enum pelican_mark {
	PELICAN_NONE,
	PELICAN_FILENAME, /* an article's source file */
	PELICAN_STATIC,	  /* a file that is copied to where it is within the content */
	PELICAN_ATTACH,	  /* one that is copied to where the article's page is */
	PELICAN_PHOTO,
	PELICAN_TAG, /* the page that lists what has this name, as the next two */
	PELICAN_CATEGORY,
	PELICAN_AUTHOR,
	PELICAN_INDEX, /* the site's own page */
};

/* Take the mark off *value, if it begins with one. */
enum pelican_mark pelican_take(struct slice *value);
/* Append the absolute URL of what stood behind a mark; no article is known at a `{filename}`. */
void pelican_put(
    const struct htmlurl *url, enum pelican_mark mark, struct slice value, struct buf *out);

#endif
