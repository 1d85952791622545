#include "feeds/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "feeds/base/mem.h"

enum { BLOCK_SIZE = 16384, ALIGN = 16 };

struct arena_block {
	struct arena_block *older;
	size_t size;
	_Alignas(ALIGN) char bytes[];
};

static struct arena_block *block_new(size_t size, struct arena_block *older)
{
	struct arena_block *block;

	if (size > SIZE_MAX / 2)
		mem_exhausted();
	block = mem_alloc(sizeof(*block) + size);
	block->older = older;
	block->size = size;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *ptr;

	if (size > SIZE_MAX / 2)
		mem_exhausted();
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!arena->blocks || arena->blocks->size - arena->used < size) {
		arena->blocks = block_new(
		    size > BLOCK_SIZE / 4 ? size + BLOCK_SIZE : BLOCK_SIZE, arena->blocks);
		arena->used = 0;
	}
	ptr = arena->blocks->bytes + arena->used;
	arena->used += size;
	memset(ptr, 0, size);
	return ptr;
}

struct slice arena_copy(struct arena *arena, struct slice s)
{
	char *copy;

	if (s.len == 0)
		return slice_make("", 0);
	copy = arena_alloc(arena, s.len + 1);
	memcpy(copy, s.ptr, s.len);
	return slice_make(copy, s.len);
}

const char *arena_string(struct arena *arena, struct slice s)
{
	return arena_copy(arena, s).ptr;
}

struct slice arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list args, again;
	char *text;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		len = 0;
	text = arena_alloc(arena, (size_t)len + 1);
	(void)vsnprintf(text, (size_t)len + 1, fmt, again); /* measured just now */
	va_end(again);
	return slice_make(text, (size_t)len);
}

void arena_clear(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	arena->used = 0;
	if (!block)
		return;
	for (struct arena_block *older = block->older; older;) {
		struct arena_block *next = older->older;

		free(older);
		older = next;
	}
	block->older = NULL;
}

void arena_free(struct arena *arena)
{
	arena_clear(arena);
	free(arena->blocks);
	*arena = ARENA_INIT;
}
