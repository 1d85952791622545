/*
 * reader: what the reading of one settings file has in hand. Private to config/.
 */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include "config/config.h"

enum section { /* in the order of the reference */
	SECTION_SITE,
	SECTION_AUTHOR,
	SECTION_CONTENT,
	SECTION_OUTPUT,
	SECTION_FEED,
	SECTION_PAGES,
	SECTION_STATE,
	SECTION_METRICS,
	SECTION_PING,
	SECTION_HTTP,
	SECTION_COUNT,
};

struct config_reader {
	struct config *config; /* being filled */
	struct diags *diags;
	size_t complaints; /* any of them means that there will be no config */
};

/* A complaint at the place of a value, or of its key. */
#define config_complain(reader, at, ...)                                                           \
	((reader)->complaints++,                                                                   \
	    diag_put((reader)->diags, DIAG_WARNING, (at)->line, (at)->column, __VA_ARGS__))
#define config_complain_key(reader, at, ...)                                                       \
	((reader)->complaints++, diag_put((reader)->diags, DIAG_WARNING, (at)->key_line,           \
				     (at)->key_column, __VA_ARGS__))

/* More complaints are not kept, so no pains need be taken over them. */
static inline bool config_enough(const struct config_reader *reader)
{
	return reader->complaints >= DIAG_MAX;
}

/* Foreign text for a complaint: harmless, and cut when long. Lives as long as the config. */
const char *config_shown(struct config_reader *reader, struct slice text);

/* `, did you mean "X"?`, or nothing when `best` is NULL. Lives as long as the config. */
const char *config_hint(struct config_reader *reader, const char *best);

/* -- reader.c: tables of the file by the table of settings -- */

/*
 * Fill the fields of `base` from a table, and with defaults what it leaves out;
 * all of them when `map` is NULL. What is missing is complained about at `place`.
 */
void config_read_section(struct config_reader *reader, enum section section,
    const struct value *map, const struct value *place, void *base);

/* The table of a section that is not repeated; false and a complaint when it is none. */
bool config_find_table(struct config_reader *reader, const struct value *root, enum section section,
    const struct value **out);

/* The blocks of a repeated section, at least one, all of them tables; else NULL. */
const struct value *config_find_blocks(
    struct config_reader *reader, const struct value *parent, enum section section);

/* Complaints about keys at the top that are no table. */
void config_check_tables(struct config_reader *reader, const struct value *root);

/* -- feeds.c -- */

void config_read_feeds(struct config_reader *reader, const struct value *root);

/* -- pages.c -- */

/* After the feeds, of which each gets a page. `root` says where complaints belong. */
void config_read_pages(struct config_reader *reader, const struct value *root);

/* -- pings.c -- */

/* After the feeds, whose names they hold. */
void config_read_pings(struct config_reader *reader, const struct value *root);

#endif
