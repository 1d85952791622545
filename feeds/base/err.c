#include "feeds/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct err *err, enum err_kind kind, uint32_t line, uint32_t column,
    const char *fmt, va_list args)
{
	err->kind = kind;
	err->line = line;
	err->column = column;
	err->passing = err->absent = false;
	(void)vsnprintf(err->text, sizeof(err->text), fmt, args); /* cut when too long */
}

int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fill(err, kind, 0, 0, fmt, args);
	va_end(args);
	return -1;
}

int err_at(
    struct err *err, enum err_kind kind, uint32_t line, uint32_t column, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fill(err, kind, line, column, fmt, args);
	va_end(args);
	return -1;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
	char old[sizeof(err->text)];
	size_t len;
	va_list args;

	memcpy(old, err->text, sizeof(old));
	va_start(args, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, args); /* cut when too long */
	va_end(args);
	len = strlen(err->text);
	(void)snprintf(err->text + len, sizeof(err->text) - len, ": %s", old);
	return -1;
}

int err_advise(struct err *err, const char *fmt, ...)
{
	size_t len = strlen(err->text);
	va_list args;

	if (strstr(err->text, "; ") || len + sizeof("; ") >= sizeof(err->text))
		return -1;
	memcpy(err->text + len, "; ", sizeof("; "));
	len += strlen("; ");
	va_start(args, fmt);
	(void)vsnprintf(
	    err->text + len, sizeof(err->text) - len, fmt, args); /* cut when too long */
	va_end(args);
	return -1;
}
