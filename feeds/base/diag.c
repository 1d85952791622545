#include "feeds/base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/base/mem.h"

enum { TEXT_MAX = 400 };

void diag_put(struct diags *diags, enum diag_level level, uint32_t line, uint32_t column,
    const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list args;

	if (diags->len == DIAG_MAX) {
		diags->dropped++;
		return;
	}
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args); /* cut when too long */
	va_end(args);
	if (diags->len == 0)
		diags->items = mem_resize(NULL, DIAG_MAX, sizeof(*diags->items));
	diags->items[diags->len++] =
	    (struct diag){level, line, column, mem_dup(text, strlen(text))};
}

void diags_free(struct diags *diags)
{
	for (size_t i = 0; i < diags->len; i++)
		free(diags->items[i].text);
	free(diags->items);
	*diags = DIAGS_INIT;
}
