#include "feeds/base/yaml_scalar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool all_digits(const char *digits, const char *allowed)
{
	return *digits && digits[strspn(digits, allowed)] == '\0';
}

/* YAML 1.2.2 section 10.3.2: [-+]?[0-9]+, 0o[0-7]+, 0x[0-9a-fA-F]+ */
static bool read_int(const char *text, int64_t *out)
{
	int base = 10;
	const char *digits = text + (*text == '-' || *text == '+');

	if (text[0] == '0' && text[1] == 'o' && all_digits(text + 2, "01234567"))
		base = 8;
	else if (text[0] == '0' && text[1] == 'x' && all_digits(text + 2, "0123456789abcdefABCDEF"))
		base = 16;
	else if (!all_digits(digits, "0123456789"))
		return false;
	errno = 0;
	*out = strtoll(base == 10 ? text : text + 2, NULL, base);
	return errno == 0; /* what does not fit is a float, its text is there */
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?; [-+]?\.inf and \.nan, each in three cases */
static bool read_float(const char *text, double *out)
{
	static const char digits[] = "0123456789";
	const char *p = text + (*text == '-' || *text == '+');
	size_t whole = strspn(p, digits), fraction = 0;

	if (same(p, ".inf") || same(p, ".Inf") || same(p, ".INF")) {
		*out = *text == '-' ? -__builtin_inf() : __builtin_inf();
		return true;
	}
	if (same(text, ".nan") || same(text, ".NaN") || same(text, ".NAN")) {
		*out = __builtin_nan("");
		return true;
	}
	p += whole;
	if (*p == '.') {
		p++;
		fraction = strspn(p, digits);
		p += fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (*p == 'e' || *p == 'E') {
		p += 1 + (p[1] == '-' || p[1] == '+');
		if (strspn(p, digits) == 0)
			return false;
		p += strspn(p, digits);
	}
	if (*p)
		return false;
	*out = strtod(text, NULL);
	return true;
}

void yaml_type_plain(struct value *value)
{
	const char *text = value->text.ptr;

	if (*text == '\0' || same(text, "~") || same(text, "null") || same(text, "Null") ||
	    same(text, "NULL")) {
		value->type = VALUE_NULL;
	} else if (same(text, "true") || same(text, "True") || same(text, "TRUE")) {
		value->type = VALUE_BOOL;
		value->boolean = true;
	} else if (same(text, "false") || same(text, "False") || same(text, "FALSE")) {
		value->type = VALUE_BOOL;
	} else if (read_int(text, &value->integer)) {
		value->type = VALUE_INT;
	} else if (read_float(text, &value->real)) {
		value->type = VALUE_FLOAT;
	}
}
