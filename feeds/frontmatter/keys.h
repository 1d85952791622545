/*
 * keys: the one table from the key spellings of all generators to fields.
 *
 * fields.h reads articles by it; nothing else needs it but its test. To teach
 * feedd a spelling, add one row to keys.c, in its alphabetical place, for the
 * table is searched by halves: a hundred thousand heads are read at a start.
 */
#ifndef FEEDS_FRONTMATTER_KEYS_H
#define FEEDS_FRONTMATTER_KEYS_H

#include "feeds/frontmatter/fields.h"

enum { KEY_SIZE = 32 }; /* bytes of a spelling with its NUL; a longer key is nobody's */

enum key_sense {	   /* which values of this key speak for its field */
	KEY_PLAIN,	   /* any */
	KEY_TEXT,	   /* any but true and false */
	KEY_DATE,	   /* any but true and false */
	KEY_MAP,	   /* a map only */
	KEY_WEB,	   /* an absolute http or https URL only */
	KEY_WHEN_TRUE,	   /* the field holds when the value is true */
	KEY_WHEN_FALSE,	   /* the field holds when the value is false */
	KEY_WHEN_SET,	   /* the field holds when there is any value */
	KEY_UNLESS_FALSE,  /* the field holds for any value but false: better held back than out */
	KEY_WHEN_STATUS,   /* the field holds when the value is a word such as "draft" */
	KEY_DATE_OR_FALSE, /* a date for its field; a boolean is FIELD_DRAFT's, when false */
	KEY_DATE_OR_TRUE,  /* a date for its field; a boolean is FIELD_DRAFT's, when true */
	KEY_URL_OR_FALSE,  /* text for its field; false is FIELD_FEED's: the page is not written */
	KEY_INSIDE,	   /* a map whose keys count as if they stood at the root */
};

struct key {
	char spelling[KEY_SIZE]; /* lower case, without "-", "_" and blanks */
	uint8_t field;		 /* enum field; FIELD_COUNT for KEY_INSIDE */
	uint8_t sense;		 /* enum key_sense */
	/*
	 * Of several keys for one field the lowest counts. For KEY_INSIDE the
	 * order in which the maps are asked, from 1; the root comes first.
	 */
	uint8_t rank;
};

extern const struct key keys_table[];
extern const size_t keys_table_len;

/* The row of a key as an author wrote it, or NULL. */
const struct key *keys_find(struct slice key);

#endif
