/*
 * arena: memory for many small things that die together.
 *
 * Everything an article's reading makes lives in one arena and goes with
 * arena_free, or with arena_clear when the arena is used for the next article.
 * An arena belongs to one thread at a time.
 */
#ifndef FEEDS_BASE_ARENA_H
#define FEEDS_BASE_ARENA_H

#include <stddef.h>

#include "feeds/base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;		    /* bytes handed out of the newest block */
};

#define ARENA_INIT                                                                                 \
	(struct arena)                                                                             \
	{                                                                                          \
		NULL, 0                                                                            \
	}

/* `size` zeroed bytes, aligned for any type; never NULL. */
void *arena_alloc(struct arena *arena, size_t size);
#define arena_new(arena, type)	      ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, len) ((type *)arena_alloc((arena), sizeof(type) * (len)))

/* A copy with a NUL behind it (not counted in len); an empty slice stays empty. */
struct slice arena_copy(struct arena *arena, struct slice s);
/* The same as a C string; "" for an empty slice. */
const char *arena_string(struct arena *arena, struct slice s);
struct slice arena_printf(struct arena *arena, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Forget everything, keep one block for the next use. */
void arena_clear(struct arena *arena);
void arena_free(struct arena *arena);

#endif
