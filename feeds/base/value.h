/*
 * value: one tree for everything that is read as YAML, TOML, JSON or
 * `Key: value` lines, whether front matter or settings.
 *
 * A value keeps its text beside its type: the key that holds it decides what
 * it must be, so `title: 2024` gives the string "2024" and a date is parsed
 * from what the author wrote. Every node knows its line and column.
 *
 * The tree lives in the arena given to the reader, texts included, and dies
 * with it. Readers: toml.h, yaml.h, json.h, and feeds/frontmatter/.
 */
#ifndef FEEDS_BASE_VALUE_H
#define FEEDS_BASE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/arena.h"
#include "feeds/base/diag.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"

enum value_type {
	VALUE_NULL, /* an empty value, YAML's null and ~, JSON's null */
	VALUE_BOOL,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_STRING,
	VALUE_TIME, /* a TOML date, time or date-time; text holds it as written */
	VALUE_LIST,
	VALUE_MAP,
};

enum value_time { /* which of TOML's four, for VALUE_TIME */
	VALUE_OFFSET_DATETIME,
	VALUE_LOCAL_DATETIME,
	VALUE_LOCAL_DATE,
	VALUE_LOCAL_TIME,
};

struct value {
	enum value_type type;
	enum value_time time;
	bool quoted;	   /* the author put quotes around it: a string, whatever it looks like */
	bool boolean;	   /* VALUE_BOOL */
	int64_t integer;   /* VALUE_INT */
	double real;	   /* VALUE_FLOAT */
	uint32_t line;	   /* of the value's first byte, from 1 */
	uint32_t column;   /* in bytes, from 1 */
	struct slice text; /* scalars: unquoted, unescaped, NUL-terminated; maps and lists: empty */

	struct slice key; /* when the parent is a map; NUL-terminated */
	uint32_t key_line, key_column;
	struct value *first, *last; /* children, in the order written */
	struct value *next;	    /* the next child of the same parent */
	size_t count;		    /* children */
};

/* Bounds and manners of a reader. Zero means the default named. */
struct value_rules {
	size_t max_bytes;   /* of the text; 65536 */
	unsigned max_depth; /* of lists and maps; 32 */
	size_t max_nodes;   /* 100,000 */
	/*
	 * Where a repeated key goes: NULL refuses it (settings, and TOML and JSON
	 * always refuse), else the last one wins and the complaint is put here.
	 */
	struct diags *repeats;
	uint32_t first_line; /* line of the text's first byte in its file; 1 */
};

struct value *value_new(struct arena *arena, enum value_type type, uint32_t line, uint32_t column);
/* A VALUE_STRING; `text` is copied into the arena. */
struct value *value_string(struct arena *arena, struct slice text, uint32_t line, uint32_t column);
/* Add a child at the end of a list or, with its key set, of a map. */
void value_append(struct value *parent, struct value *child);
/* The child of a map with exactly this key, or NULL; NULL for anything but a map. */
struct value *value_get(const struct value *map, const char *key);
/* "a string", "a list": for messages. */
const char *value_type_name(enum value_type type);

#endif
