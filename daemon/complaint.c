#include "daemon/complaint.h"

#include <stdio.h>
#include <stdlib.h>

#include "feeds/base/mem.h"

static void put(struct complaints *all, struct complaint complaint)
{
	if (all->len == all->cap) {
		all->cap = all->cap ? all->cap * 2 : 16;
		all->items = mem_resize(all->items, all->cap, sizeof(*all->items));
	}
	all->items[all->len++] = complaint;
}

void complaint_put(struct complaints *all, struct slice path, uint32_t line, uint32_t column,
    enum diag_level level, bool skipped, const char *text)
{
	put(all, (struct complaint){mem_dup(path.ptr, path.len), mem_dup(text, strlen(text)), line,
		     column, level, skipped});
}

void complaint_put_diags(struct complaints *all, struct slice path, const struct diags *diags)
{
	char text[64];

	for (size_t i = 0; i < diags->len; i++)
		complaint_put(all, path, diags->items[i].line, diags->items[i].column,
		    diags->items[i].level, false, diags->items[i].text);
	if (diags->dropped == 0)
		return;
	(void)snprintf(text, sizeof(text), "and %zu more complaints", diags->dropped); /* fits */
	complaint_put(all, path, 0, 0, diags->dropped_level, false, text);
}

void complaint_move(struct complaints *all, struct complaints *from)
{
	for (size_t i = 0; i < from->len; i++)
		put(all, from->items[i]);
	free(from->items);
	*from = COMPLAINTS_INIT;
}

static int compare(const void *a, const void *b)
{
	const struct complaint *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order != 0)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->text, y->text);
}

void complaint_sort(struct complaints *all)
{
	if (all->len > 1)
		qsort(all->items, all->len, sizeof(*all->items), compare);
}

void complaint_free(struct complaints *all)
{
	for (size_t i = 0; i < all->len; i++) {
		free(all->items[i].path);
		free(all->items[i].text);
	}
	free(all->items);
	*all = COMPLAINTS_INIT;
}
