/*
 * htmlent: character references, as libxml2 reads them and beyond.
 *
 * Its list of names is that of HTML 4. HTML has 2,231 names; of the rest this
 * knows those that people write in articles: signs, arrows, fractions, letters
 * of Europe's languages.
 */
#ifndef FEEDS_MARKUP_HTMLENT_H
#define FEEDS_MARKUP_HTMLENT_H

#include <stdbool.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

enum { HTMLENT_BROKEN = -1 };

/*
 * `text` begins with "&". Appends the character that it stands for in HTML 4, else the "&"
 * itself. Returns how many bytes of `text` that covers; HTMLENT_BROKEN, with nothing appended,
 * for a number that is unfinished or of no character, with which parsers have their own ways.
 */
int htmlent_put(struct slice text, struct buf *out);

/*
 * Append an attribute's value, decoded by htmlent_put. False when a reference in it is broken,
 * which then stays as it is.
 */
bool htmlent_put_value(struct slice value, struct buf *out);

/*
 * `text` begins with "&". Appends what stands for it in HTML 4: the character
 * of a newer name, a reference whose ";" was forgotten with it (`&nbsp`, where
 * HTML allows that), else the "&" as it is. Returns how many bytes of `text`
 * that covers, at least 1.
 */
size_t htmlent_put_classic(struct slice text, struct buf *out);

#endif
