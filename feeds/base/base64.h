/*
 * base64: bytes as text (RFC 4648 section 4), with "=" at the end.
 */
#ifndef FEEDS_BASE_BASE64_H
#define FEEDS_BASE_BASE64_H

#include <stdbool.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

void base64_put(struct buf *out, struct slice bytes);
/*
 * Append what `text` stands for. False, with nothing appended, when it holds another
 * character, a blank or a line end too, or is not filled up to a multiple of four.
 */
bool base64_put_decoded(struct buf *out, struct slice text);

#endif
