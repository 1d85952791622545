/*
 * settings: the one table of everything that feedd.toml may say.
 *
 * Reading, defaults, complaints and the printed reference all follow these
 * rows. To add a setting, add a field to struct config and a row in settings.c.
 * The keys of [[feed]] that name a format's path follow the table of formats.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "config/type.h"

struct section_info {
	const char *name;   /* "site.authors" */
	const char *header; /* "[[site.authors]]" */
	const char *key;    /* in the table around it: "authors" */
	bool repeated;
	const char *text; /* for the reference */
};

extern const struct section_info sections[SECTION_COUNT];

struct setting {
	enum section section;
	const char *key;
	const struct setting_type *type;
	size_t offset; /* of the field: in struct config, or in the part that a section repeats */
	bool required;
	const char *standard;	    /* what holds when it is not set, as TOML; NULL: nothing */
	const char *example;	    /* for the reference, where there is no default */
	int64_t min, max;	    /* of a number; min: of an enum's first choice */
	const char *unit;	    /* of a number; of a path: its format */
	const char *const *choices; /* ends with NULL */
	const char *apart; /* the reference shows it in a block of its own, after these lines */
	const char *text;  /* one or two sentences */
};

/* Rows, the formats' ones included; in the order of the sections. */
size_t settings_len(void);
struct setting settings_at(size_t index);
/* The index of a row, or settings_len(). */
size_t settings_find(enum section section, struct slice key);

/* Append what its value may be: `text; required`. */
void settings_put_kind(const struct setting *setting, struct buf *out);
/* Append the value that the reference shows, as TOML: the default, else an example. */
void settings_put_value(const struct setting *setting, struct buf *out);

/* The tokens of `by`, without ":", in the order of enum query_by from QUERY_BY_TAG; ends with NULL. */
extern const char *const settings_by[];

#endif
