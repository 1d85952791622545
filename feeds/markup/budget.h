/*
 * budget: cmark-gfm under a bound of memory, on any number of threads.
 *
 * cmark-gfm has no bound of its own: 5 KB of table can cost hundreds of
 * megabytes, and its allocator may not fail. budget_run gives it a bump
 * allocator that jumps out of the library when MARKDOWN_MEMORY_MAX is passed;
 * everything that was allocated goes at once, on either way. As nothing is
 * freed one by one, ordinary articles also render faster.
 *
 * cmark's allocator carries no argument of its own, so the budget in use is
 * found through a thread-local pointer, set for the length of budget_run only.
 */
#ifndef FEEDS_MARKUP_BUDGET_H
#define FEEDS_MARKUP_BUDGET_H

#include <cmark-gfm.h>

#include "feeds/base/err.h"

enum { MARKDOWN_MEMORY_MAX = 64 << 20 }; /* bytes for the tree and the HTML of one body */

/*
 * Run `work` with an allocator that is good until budget_run returns. `hint`
 * is the size of the source in bytes. `work` may be left at any call into cmark, so
 * it owns nothing that only it would release. Fails with ERR_LIMIT.
 */
int budget_run(void (*work)(cmark_mem *mem, void *arg), void *arg, size_t hint, struct err *err);

/*
 * A parser with tables and task lists, its memory from budget_run.
 */
cmark_parser *budget_parser(cmark_mem *mem);

/* How budget_parser's trees are parsed and rendered: raw HTML passes, footnotes are on. */
enum { MARKDOWN_OPTIONS = CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES };

#endif
