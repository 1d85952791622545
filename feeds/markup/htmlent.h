/*
 * htmlent: named characters that libxml2 does not know.
 *
 * Its list is that of HTML 4. HTML has 2,231 names; of the rest this knows
 * those that people write in articles: signs, arrows, fractions, letters of
 * Europe's languages.
 */
#ifndef FEEDS_MARKUP_HTMLENT_H
#define FEEDS_MARKUP_HTMLENT_H

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

/*
 * `text` begins with "&". Appends what stands for it in HTML 4: the character
 * of a newer name, a reference whose ";" was forgotten with it (`&nbsp`, where
 * HTML allows that), else the "&" as it is. Returns how many bytes of `text`
 * that covers, at least 1.
 */
size_t htmlent_put_classic(struct slice text, struct buf *out);

#endif
