/*
 * vec: a growing array of any type.
 *
 *	VEC(struct slice) words = VEC_INIT;
 *	vec_push(&words, word);
 *	for (size_t i = 0; i < words.len; i++)
 *		use(words.items[i]);
 *	vec_free(&words);
 */
#ifndef FEEDS_BASE_VEC_H
#define FEEDS_BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>

#include "feeds/base/mem.h"

#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t len;                                                                        \
		size_t cap;                                                                        \
	}
#define VEC_INIT                                                                                   \
	{                                                                                          \
		NULL, 0, 0                                                                         \
	}

#define vec_push(vec, item)                                                                        \
	do {                                                                                       \
		if ((vec)->len == (vec)->cap) {                                                    \
			(vec)->cap = (vec)->cap ? (vec)->cap * 2 : 8;                              \
			(vec)->items =                                                             \
			    mem_resize((vec)->items, (vec)->cap, sizeof(*(vec)->items));           \
		}                                                                                  \
		(vec)->items[(vec)->len++] = (item);                                               \
	} while (0)

#define vec_free(vec)                                                                              \
	do {                                                                                       \
		free((vec)->items);                                                                \
		(vec)->items = NULL;                                                               \
		(vec)->len = (vec)->cap = 0;                                                       \
	} while (0)

#endif
