#include "feeds/markup/htmlstyle.h"

enum {
	DECLARATIONS_MAX = 64, /* that are written */
	VALUE_MAX = 64,	       /* bytes of a value that is no URL */
};

/* Take the next declaration off *rest; a ";" within brackets or quotes does not end it. */
static struct slice take_declaration(struct slice *rest)
{
	struct slice s = *rest;
	unsigned brackets = 0;
	size_t at = 0;

	for (; at < s.len; at++) {
		char c = s.ptr[at];

		if (c == '"' || c == '\'')
			at = slice_find_byte(s, at + 1, c);
		else if (c == '(')
			brackets++;
		else if (c == ')' && brackets > 0)
			brackets--;
		else if (c == ';' && brackets == 0)
			break;
	}
	if (at >= s.len) { /* at its end, or behind it for want of a quote */
		*rest = SLICE_NONE;
		return s;
	}
	*rest = slice_from(s, at + 1);
	return slice_sub(s, 0, at);
}

/* The next declaration's name and value, empty where it has none; false: there is none left. */
static bool next(struct slice *style, struct slice *name, struct slice *value)
{
	struct slice declaration;
	size_t colon;

	if (style->len == 0)
		return false;
	declaration = take_declaration(style);
	colon = slice_find_byte(declaration, 0, ':');
	*name = slice_trim(slice_sub(declaration, 0, colon));
	*value = slice_trim(slice_from(declaration, colon < declaration.len ? colon + 1 : colon));
	return true;
}

/* The last one counts (CSS Cascading 6.1), and before others one that is important. */
bool htmlstyle_hides(struct slice style)
{
	struct slice name, value;
	bool none = false, held = false;

	while (next(&style, &name, &value)) {
		size_t mark = slice_find_byte(value, 0, '!');
		bool important = mark < value.len;

		if (!slice_equal_nocase(name, "display") || (held && !important))
			continue;
		held = important;
		none = slice_equal_nocase(slice_trim(slice_sub(value, 0, mark)), "none");
	}
	return none;
}

/* Properties that show and cannot hurt; `url`: may hold one. */
static const struct property {
	const char *name;
	bool url;
} properties[] = {
    {"background-color", false},
    {"background-image", true},
    {"clear", false},
    {"color", false},
    {"direction", false},
    {"float", false},
    {"font-style", false},
    {"font-variant", false},
    {"font-weight", false},
    {"height", false},
    {"letter-spacing", false},
    {"list-style-image", true},
    {"list-style-type", false},
    {"max-width", false},
    {"text-align", false},
    {"text-decoration", false},
    {"text-indent", false},
    {"vertical-align", false},
    {"white-space", false},
    {"width", false},
};

/* Words, numbers, colours; no escapes, no quotes, no functions but those of colours. */
static bool is_plain_value(struct slice value)
{
	size_t open = slice_find_byte(value, 0, '(');

	if (value.len == 0 || value.len > VALUE_MAX)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i], folded = (char)(c | 0x20);

		if (!(folded >= 'a' && folded <= 'z') && !(c >= '0' && c <= '9') &&
		    (c == '\0' || !strchr("#%., ()-+/", c)))
			return false;
	}
	return open == value.len || slice_starts_nocase(value, "rgb(") ||
	       slice_starts_nocase(value, "rgba(") || slice_starts_nocase(value, "hsl(") ||
	       slice_starts_nocase(value, "hsla(");
}

/* `url(...)` alone, with or without quotes. */
static bool put_url(const struct htmlurl *url, struct slice value, struct buf *out)
{
	struct buf link = BUF_INIT;
	bool ok;

	if (!slice_starts_nocase(value, "url(") || !slice_ends(value, ")"))
		return false;
	value = slice_trim(slice_sub(value, 4, value.len - 1));
	if (value.len >= 2 && (value.ptr[0] == '"' || value.ptr[0] == '\'') &&
	    value.ptr[value.len - 1] == value.ptr[0])
		value = slice_sub(value, 1, value.len - 1);
	for (size_t i = 0; i < value.len; i++) {
		if (strchr("\"'()\\", value.ptr[i]))
			return false;
	}
	ok = htmlurl_put_media(url, value, &link);
	if (ok) {
		buf_puts(out, "url('");
		for (size_t i = 0; i < link.len; i++) {
			/* Of the characters of a URI these would end the string or the function. */
			if (link.data[i] == '\'' || link.data[i] == '(' || link.data[i] == ')')
				buf_printf(out, "%%%02X", link.data[i]);
			else
				buf_putc(out, link.data[i]);
		}
		buf_puts(out, "')");
	}
	buf_free(&link);
	return ok;
}

static bool put_property(
    const struct htmlurl *url, struct slice name, struct slice value, struct buf *out)
{
	size_t start = out->len;

	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		if (!slice_equal_nocase(name, properties[i].name))
			continue;
		buf_puts(out, properties[i].name);
		buf_puts(out, ": ");
		if (properties[i].url && put_url(url, value, out))
			return true;
		if (is_plain_value(value)) {
			buf_put_slice(out, value);
			return true;
		}
		buf_cut(out, start);
		return false;
	}
	return false;
}

bool htmlstyle_put(const struct htmlurl *url, struct slice style, struct buf *out)
{
	size_t start = out->len;
	struct slice name, value;

	/* An escape could spell anything, and a comment could hide it. */
	if (slice_find(style, 0, "/*") < style.len || slice_find_byte(style, 0, '\\') < style.len)
		return false;
	for (unsigned n = 0; n < DECLARATIONS_MAX && next(&style, &name, &value); n++) {
		size_t before = out->len;

		if (before > start)
			buf_puts(out, "; ");
		if (!put_property(url, name, value, out))
			buf_cut(out, before);
	}
	return out->len > start;
}
