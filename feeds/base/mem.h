/*
 * mem: memory that is there, or the process is not.
 *
 * Inputs are bounded, so running out of memory means that the machine is out
 * of it. The process ends in one place, mem_exhausted(); being killed is a
 * case that is handled anyway. No caller checks for NULL.
 */
#ifndef FEEDS_BASE_MEM_H
#define FEEDS_BASE_MEM_H

#include <stddef.h>

_Noreturn void mem_exhausted(void);

/* `size` bytes, not initialised; never NULL. Released with free(). */
void *mem_alloc(size_t size) __attribute__((malloc, alloc_size(1)));
/* `count` zeroed elements of `size` bytes. */
void *mem_zalloc(size_t count, size_t size) __attribute__((malloc, alloc_size(1, 2)));
/* Room for `count` elements of `size` bytes; the product may not overflow. */
void *mem_resize(void *ptr, size_t count, size_t size) __attribute__((alloc_size(2, 3)));
/* A copy of `len` bytes with a NUL behind them. */
char *mem_dup(const char *bytes, size_t len);

#endif
