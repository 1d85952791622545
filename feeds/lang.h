/*
 * lang: language tags (BCP 47, RFC 5646) as articles and folders name them.
 */
#ifndef FEEDS_LANG_H
#define FEEDS_LANG_H

#include <stdbool.h>

#include "feeds/base/arena.h"
#include "feeds/base/slice.h"

/*
 * The tag in its usual form: `zh_tw` is `zh-TW`, `EN` is `en`, `sr_latn_rs` is
 * `sr-Latn-RS`; what stands behind a "." or "@", as in locale names, is
 * dropped. Empty when the text cannot be a language tag.
 */
struct slice lang_tag(struct arena *arena, struct slice text);

/*
 * Does a file's suffix (`index.ja.md`) or a folder name a language? Stricter
 * than a tag: an assigned two-letter code, alone or with a script or region.
 * Suffixes of file types that are codes too (`.io`, `.so`, `.ts`) are none.
 */
bool lang_is_code(struct slice text);

#endif
