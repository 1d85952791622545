#include "feeds/base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/base/mem.h"

enum { TEXT_MAX = 400 };

/*
 * Where the next complaint goes; NULL when there is no room. In a full list the
 * last note makes room for a warning: notes are shown to who asks for them, and
 * many of them must not hide that a body is left out.
 */
static struct diag *place_for(struct diags *diags, enum diag_level level)
{
	if (diags->len == 0)
		diags->items = mem_resize(NULL, DIAG_MAX, sizeof(*diags->items));
	if (diags->len < DIAG_MAX)
		return &diags->items[diags->len++];
	diags->dropped++;
	for (size_t i = DIAG_MAX; i-- > 0 && level > DIAG_NOTE;) {
		if (diags->items[i].level == DIAG_NOTE) {
			free(diags->items[i].text);
			return &diags->items[i];
		}
	}
	if (level > diags->dropped_level)
		diags->dropped_level = level;
	return NULL;
}

void diag_put(struct diags *diags, enum diag_level level, uint32_t line, uint32_t column,
    const char *fmt, ...)
{
	struct diag *place = place_for(diags, level);
	char text[TEXT_MAX];
	va_list args;
	int len;

	if (!place)
		return;
	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len >= TEXT_MAX) { /* cut where a character ends */
		len = TEXT_MAX - 1;
		while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
			len--;
		text[len > 0 && (unsigned char)text[len - 1] >= 0xc0 ? len - 1 : len] = '\0';
	}
	*place = (struct diag){level, line, column, mem_dup(text, strlen(text))};
}

void diags_free(struct diags *diags)
{
	for (size_t i = 0; i < diags->len; i++)
		free(diags->items[i].text);
	free(diags->items);
	*diags = DIAGS_INIT;
}
