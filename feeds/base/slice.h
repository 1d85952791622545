/*
 * slice: borrowed bytes.
 *
 * A slice points into memory that somebody else owns and keeps. It is not
 * NUL-terminated. A slice never outlives the call it is passed to, unless the
 * comment at its declaration names its owner.
 */
#ifndef FEEDS_BASE_SLICE_H
#define FEEDS_BASE_SLICE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *ptr; /* NULL only when len is 0 */
	size_t len;	 /* bytes */
};

#define SLICE(literal)                                                                             \
	(struct slice)                                                                             \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}
#define SLICE_NONE                                                                                 \
	(struct slice)                                                                             \
	{                                                                                          \
		NULL, 0                                                                            \
	}

/* For printf's "%.*s". */
#define SLICE_FMT(s) (int)(s).len, (s).len ? (s).ptr : ""

static inline struct slice slice_of(const char *string)
{
	return (struct slice){string, string ? strlen(string) : 0};
}

/* ASCII letters alone are made lower case. */
static inline char slice_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline struct slice slice_make(const char *ptr, size_t len)
{
	return (struct slice){ptr, len};
}

/*
 * The bytes from `start` up to, not including, `end`: start <= end <= s.len. Sanitized builds stop
 * at a caller that breaks this, which tests and fuzzers would hardly see; others would stop for one
 * article the feeds of all.
 */
static inline struct slice slice_sub(struct slice s, size_t start, size_t end)
{
#ifdef SLICE_CHECKED
	assert(start <= end && end <= s.len);
#endif
	return (struct slice){s.ptr ? s.ptr + start : NULL, end - start};
}

static inline struct slice slice_from(struct slice s, size_t start)
{
	return slice_sub(s, start, s.len);
}

bool slice_equal(struct slice a, struct slice b);
bool slice_equal_str(struct slice a, const char *b);
/* ASCII letters compare without case; other bytes exactly. */
bool slice_equal_nocase(struct slice a, const char *b);
/* The same of two slices. */
bool slice_same_nocase(struct slice a, struct slice b);
bool slice_starts(struct slice s, const char *prefix);
bool slice_starts_nocase(struct slice s, const char *prefix);
bool slice_ends(struct slice s, const char *suffix);
bool slice_ends_nocase(struct slice s, const char *suffix);

/* Byte order, a shorter prefix first; < 0, 0 or > 0. A total order. */
int slice_compare(struct slice a, struct slice b);

/* Index of the first `byte` at or after `from`, or s.len when there is none. */
size_t slice_find_byte(struct slice s, size_t from, char byte);
/* Index of the first `needle` at or after `from`, or s.len when there is none. */
size_t slice_find(struct slice s, size_t from, const char *needle);

/* Whether `needle` stands anywhere in it, ASCII letters without case. */
bool slice_holds_nocase(struct slice s, const char *needle);
/* Without ASCII white space (space, \t \n \v \f \r) at both ends. */
struct slice slice_trim(struct slice s);

/*
 * Take the next line off *rest: bytes up to a "\n", which is dropped. Returns
 * false when *rest is empty and leaves *line as it was.
 */
bool slice_line(struct slice *rest, struct slice *line);
/* Take the next word, bytes without ASCII white space, off *rest; false when there is none left. */
bool slice_word(struct slice *rest, struct slice *word);

#endif
