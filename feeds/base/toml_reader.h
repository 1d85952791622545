/*
 * toml_reader: what the parts of the TOML reader share. Private to toml*.c.
 *
 * toml.c knows the grammar of documents, toml_scalar.c that of strings,
 * numbers and dates, toml_tables.c which tables and keys may still be added to.
 * All three move one struct toml_reader over the text.
 *
 * The text was looked through before any of them sees it: it is legal UTF-8,
 * and its only control characters are tabs and line ends (LF or CR LF).
 *
 * Section numbers in comments are headings of https://toml.io/en/v1.0.0.
 */
#ifndef FEEDS_BASE_TOML_READER_H
#define FEEDS_BASE_TOML_READER_H

#include "feeds/base/buf.h"
#include "feeds/base/value.h"

/* How a table or list came to be, which decides who may add to it. */
enum toml_origin {
	TOML_VALUE,    /* a value: scalar, list in brackets, inline table; closed */
	TOML_IMPLIED,  /* made on the way to a [header] below it; may still be defined, once */
	TOML_DOTTED,   /* made by a dotted key; open to dotted keys and to [headers] below it */
	TOML_HEADER,   /* defined by its [header]; open to [headers] below it */
	TOML_ELEMENTS, /* the list that [[headers]] add to */
};

struct toml_slot {
	const struct value *parent; /* NULL: the slot is free */
	struct value *child;
	uint32_t hash;
	enum toml_origin origin;
};

/* All keys of all tables: a hash table from (parent, key) to the child. */
struct toml_tables {
	struct toml_slot *slots; /* a power of two of them, at most half in use */
	size_t size, used;
};

struct toml_reader {
	struct slice text;
	size_t at;	   /* index of the next byte */
	size_t line_start; /* index of the line's first byte */
	uint32_t line;
	struct arena *arena;
	struct err *err;
	size_t nodes_max, nodes;
	unsigned depth_max, depth; /* lists and tables around the next byte, the root too */
	struct buf scratch;	   /* a key, string or number being put together */
	struct toml_tables tables;
};

struct toml_place {
	uint32_t line, column;
};

/* The byte `ahead` of the next one; 0, which the text cannot hold, behind the end. */
static inline char toml_peek(const struct toml_reader *r, size_t ahead)
{
	return ahead < r->text.len - r->at ? r->text.ptr[r->at + ahead] : '\0';
}

static inline struct toml_place toml_here(const struct toml_reader *r)
{
	return (struct toml_place){r->line, (uint32_t)(r->at - r->line_start) + 1};
}

/* Step over a line end, if one is next. */
bool toml_newline(struct toml_reader *r);
/*
 * Up to 40 bytes for a message: the bytes in quotes when they are plain ASCII,
 * else `instead`.
 */
struct toml_shown {
	char text[48];
};
struct toml_shown toml_show(struct slice bytes, const char *instead);

/* Fail with ERR_SYNTAX at a place. */
#define toml_fail(r, place, ...)                                                                   \
	err_at((r)->err, ERR_SYNTAX, (place).line, (place).column, __VA_ARGS__)

/* Go `levels` deeper; ERR_LIMIT when that is too deep. The caller restores r->depth. */
int toml_deeper(struct toml_reader *r, struct toml_place place, unsigned levels);

/* A new value; NULL with ERR_LIMIT when there are too many. */
struct value *toml_value(struct toml_reader *r, enum value_type type, struct toml_place place);

/* -- toml_scalar.c -- */

/* A string of one line, its first quote next; into r->scratch. */
int toml_read_line_string(struct toml_reader *r);
/* A string of any kind, a number, a date, true or false. */
int toml_read_scalar(struct toml_reader *r, struct value **out);

/* -- toml_tables.c -- */

/* The slot of a key, or NULL; valid until the next toml_table_add. */
struct toml_slot *toml_table_find(
    const struct toml_reader *r, const struct value *parent, struct slice key);
/* Add `child` under a key that is not there yet. */
void toml_table_add(struct toml_reader *r, struct value *parent, struct slice key,
    struct toml_place key_place, struct value *child, enum toml_origin origin);
/*
 * One step along a key: the table that `key` names in *table. `header` tells a
 * [header]'s key from a dotted key in front of "=".
 */
int toml_table_enter(struct toml_reader *r, struct slice key, struct toml_place place, bool header,
    struct value **table);
/* The end of a [header] or [[header]]: the table that the lines below it fill. */
int toml_table_define(struct toml_reader *r, struct slice key, struct toml_place place,
    struct toml_place header, bool element, struct value **table);
/* The end of the key in front of "=": put the value there. */
int toml_table_set(struct toml_reader *r, struct value *table, struct slice key,
    struct toml_place place, struct value *value);

#endif
