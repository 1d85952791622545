#include "feeds/base/mem.h"

#include <stdlib.h>
#include <string.h>

_Noreturn void mem_exhausted(void)
{
	abort();
}

void *mem_alloc(size_t size)
{
	void *ptr = malloc(size ? size : 1);

	if (!ptr)
		mem_exhausted();
	return ptr;
}

void *mem_zalloc(size_t count, size_t size)
{
	void *ptr = calloc(count ? count : 1, size ? size : 1);

	if (!ptr)
		mem_exhausted();
	return ptr;
}

void *mem_resize(void *ptr, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		mem_exhausted();
	ptr = realloc(ptr, total ? total : 1);
	if (!ptr)
		mem_exhausted();
	return ptr;
}

char *mem_dup(const char *bytes, size_t len)
{
	char *copy = mem_alloc(len + 1);

	if (len)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}
