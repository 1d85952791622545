/*
 * reference: the words of the table of settings, as lines of a feedd.toml. Private to config/.
 */
#ifndef CONFIG_REFERENCE_H
#define CONFIG_REFERENCE_H

#include "config/settings.h"

/*
 * Prose as lines of comment, filled up; nothing for an empty text. What TOML has in no comment, and
 * what would deceive who reads it, is escaped (text_put_escaped); likewise in a remark.
 */
void reference_put_prose(struct buf *out, const char *text);
/*
 * `key = value   # remark`, commented out unless `live`. A remark that finds no room goes before
 * it, after `word`, as prose.
 */
void reference_put_line(struct buf *out, const struct setting *setting, const char *value,
    const char *word, const char *remark, bool live);

#endif
