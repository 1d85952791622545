/*
 * feedpath: where the feeds of values live, such as those of each tag.
 *
 * With `by`, a feed's path holds a token (`tags/:tag/atom.xml`) and there is a
 * file for each value met in articles. Values come in any script and spelling;
 * a name has to be safe in every file system and URL, to stay what it is for
 * ever, and to belong to one value only.
 *
 * Values that differ in case alone, or in blanks and hyphens between words,
 * are one value: "Web Dev", "web dev" and "web-dev" have one key, and so one feed
 * and one file. This is how generators keep their pages of tags.
 */
#ifndef FEEDS_FEEDPATH_H
#define FEEDS_FEEDPATH_H

#include <stdbool.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

enum { FEED_NAME_MAX = 100 }; /* bytes of the part of a path that stands for a value */

/*
 * Append the key of a value, by which articles are grouped: lower case, NFC, white space
 * and hyphens between words as one "-". A key's key is the key itself.
 */
void feed_value_key(struct slice value, struct buf *out);

/*
 * Append the path of the feed of `value`: `pattern` with each `:token`
 * replaced by a name made of the value's key, as feedpath.c lays down. Two
 * values have one path when their keys are equal.
 */
void feed_path(struct slice pattern, const char *token, struct slice value, struct buf *out);
/* The pattern has the token. Without it all values would meet in one file. */
bool feed_path_has(struct slice pattern, const char *token);

/*
 * Append the URL of a file within output.dir, encoded. `site_url` is absolute
 * and ends with "/".
 */
void feed_url(struct slice site_url, struct slice path, struct buf *out);

/* Append a reference to the file `to` from the file `from`, both within output.dir, encoded. */
void feed_href(struct slice from, struct slice to, struct buf *out);

#endif
