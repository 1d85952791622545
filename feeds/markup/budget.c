#include "feeds/markup/budget.h"

#include <assert.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/base/mem.h"

enum { BLOCK_MIN = 65536, BLOCK_MAX = 1048576, ALIGN = 16 };

/* What a byte of source usually costs in tree and HTML: a guess that saves blocks. */
enum { BYTES_PER_SOURCE_BYTE = 24 };

struct block {
	struct block *older;
	size_t size;
	_Alignas(ALIGN) char bytes[];
};

/* Stands before every allocation, for realloc must know the size. */
struct header {
	_Alignas(ALIGN) size_t size; /* bytes behind the header, a multiple of ALIGN */
};

struct budget {
	struct block *blocks; /* newest first */
	size_t used;	      /* bytes handed out of the newest block */
	size_t total;	      /* bytes of all blocks */
	size_t block_size;    /* of the next ordinary block */
	cmark_mem mem;
	jmp_buf exhausted;
};

/* The budget that this thread's budget_run has open; NULL outside of it. */
static _Thread_local struct budget *budget_current;

static pthread_once_t budget_once = PTHREAD_ONCE_INIT;

static _Noreturn void give_up(void)
{
	longjmp(budget_current->exhausted, 1);
}

static void add_block(struct budget *budget, size_t need)
{
	size_t size = need > budget->block_size ? need : budget->block_size;
	struct block *block;

	if (size > MARKDOWN_MEMORY_MAX - budget->total)
		give_up();
	block = mem_alloc(sizeof(*block) + size);
	block->older = budget->blocks;
	block->size = size;
	budget->blocks = block;
	budget->used = 0;
	budget->total += size;
	if (budget->block_size < BLOCK_MAX)
		budget->block_size *= 2;
}

static size_t size_rounded(size_t size)
{
	if (size > MARKDOWN_MEMORY_MAX)
		give_up();
	return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static void *allocate(size_t size)
{
	struct budget *budget = budget_current;
	struct header *header;
	size_t need;

	size = size_rounded(size);
	need = sizeof(*header) + size;
	if (budget->blocks->size - budget->used < need)
		add_block(budget, need);
	header = (void *)(budget->blocks->bytes + budget->used);
	header->size = size;
	budget->used += need;
	return header + 1;
}

static bool is_last(const struct budget *budget, const struct header *header)
{
	return (const char *)(header + 1) + header->size == budget->blocks->bytes + budget->used;
}

static void *budget_calloc(size_t count, size_t size)
{
	void *ptr;

	if (__builtin_mul_overflow(count, size, &size))
		give_up();
	ptr = allocate(size);
	memset(ptr, 0, size);
	return ptr;
}

static void *budget_realloc(void *ptr, size_t size)
{
	struct budget *budget = budget_current;
	struct header *header;
	void *moved;

	if (!ptr)
		return allocate(size);
	header = (struct header *)ptr - 1;
	size = size_rounded(size);
	if (size <= header->size)
		return ptr;
	/* The string that grows is mostly the newest allocation: it grows where it is. */
	if (is_last(budget, header) && budget->blocks->size - budget->used >= size - header->size) {
		budget->used += size - header->size;
		header->size = size;
		return ptr;
	}
	moved = allocate(size);
	memcpy(moved, ptr, header->size);
	return moved;
}

static void budget_free(void *ptr)
{
	struct header *header = ptr;

	if (ptr && is_last(budget_current, --header))
		budget_current->used -= sizeof(*header) + header->size;
}

static void release(struct budget *budget)
{
	while (budget->blocks) {
		struct block *older = budget->blocks->older;

		free(budget->blocks);
		budget->blocks = older;
	}
}

int budget_run(void (*work)(cmark_mem *mem, void *arg), void *arg, size_t hint, struct err *err)
{
	struct budget budget = {
	    .block_size = BLOCK_MIN,
	    .mem = {budget_calloc, budget_realloc, budget_free},
	};

	assert(!budget_current);
	while (budget.block_size < BLOCK_MAX && budget.block_size / BYTES_PER_SOURCE_BYTE < hint)
		budget.block_size *= 2;
	budget_current = &budget;
	if (setjmp(budget.exhausted) == 0) {
		add_block(&budget, 0);
		work(&budget.mem, arg);
		budget_current = NULL;
		release(&budget);
		return 0;
	}
	budget_current = NULL;
	release(&budget);
	return err_set(err, ERR_LIMIT,
	    "body needs more than %d MB of memory: is it a table with thousands of columns?",
	    MARKDOWN_MEMORY_MAX >> 20);
}

/*
 * Not among them: "strikethrough" and "autolink". For the length of a parse they enter their
 * characters into a table of the whole process, so that two threads disturb each other; both
 * also take quadratic time on short repetitions. inlines.c does their work.
 */
static const char *const extensions[] = {"table", "tasklist"};
enum { EXTENSIONS = sizeof(extensions) / sizeof(*extensions) };

cmark_parser *budget_parser(cmark_mem *mem)
{
	cmark_parser *parser;

	(void)pthread_once(&budget_once,
	    cmark_gfm_core_extensions_ensure_registered); /* cannot fail with these arguments */
	parser = cmark_parser_new_with_mem(MARKDOWN_OPTIONS, mem);
	for (size_t i = 0; i < EXTENSIONS; i++)
		cmark_parser_attach_syntax_extension(
		    parser, cmark_find_syntax_extension(extensions[i]));
	return parser;
}
