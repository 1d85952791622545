/* An address in the front matter that is a template, as Eleventy has them. */
#include "feeds/permalink.h"

static void put_file_slug(const struct permalink_parts *parts, struct buf *out)
{
	buf_put_slice(out, parts->name.slug);
}

static void put_path_stem(const struct permalink_parts *parts, struct buf *out)
{
	const struct permalink_name *name = &parts->name;

	if (name->bundle)
		buf_printf(out, "/%.*s/index", SLICE_FMT(name->stem));
	else
		buf_printf(out, "/%.*s/%.*s", SLICE_FMT(name->folders), SLICE_FMT(name->slug));
}

static void put_slug(const struct permalink_parts *parts, struct buf *out)
{
	buf_put_slice(out, parts->slug);
}

static void put_title(const struct permalink_parts *parts, struct buf *out)
{
	buf_put_slice(out, parts->title);
}

/* What a template may name; without `put` it is the date, which needs its filter. */
static const struct template_value {
	const char *name;
	void (*put)(const struct permalink_parts *parts, struct buf *out);
} values[] = {{"page.fileSlug", put_file_slug}, {"page.filePathStem", put_path_stem},
    {"slug", put_slug}, {"title", put_title}, {"page.date", NULL}, {"date", NULL}};

static const struct template_value *find_value(struct slice name)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (slice_equal_str(name, values[i].name))
			return &values[i];
	return NULL;
}

/* `: "x"` or `("x")` behind a filter's name; false when it is neither. */
static bool take_argument(struct slice text, struct slice *out)
{
	text = slice_trim(text);
	if (slice_starts(text, "(") && slice_ends(text, ")"))
		text = slice_sub(text, 1, text.len - 1);
	else if (slice_starts(text, ":"))
		text = slice_from(text, 1);
	else
		return false;
	text = slice_trim(text);
	if (text.len < 2 || (text.ptr[0] != '"' && text.ptr[0] != '\'') ||
	    text.ptr[text.len - 1] != text.ptr[0])
		return false;
	*out = slice_sub(text, 1, text.len - 1);
	return true;
}

/* Take what stands before the next "|" off *rest; false when nothing is left. */
static bool take_piece(struct slice *rest, struct slice *out)
{
	size_t end = slice_find_byte(*rest, 0, '|');

	if (rest->len == 0)
		return false;
	*out = slice_trim(slice_sub(*rest, 0, end));
	*rest = slice_from(*rest, end < rest->len ? end + 1 : end);
	return true;
}

/* One filter, on *text; `date`: it is still one, and not yet text. */
static bool apply_filter(
    const struct permalink_parts *parts, struct slice filter, bool *date, struct buf *text)
{
	struct buf after = BUF_INIT;
	struct slice format;
	bool ok = false;

	if (*date) {
		ok = slice_starts(filter, "date") &&
		     take_argument(slice_from(filter, strlen("date")), &format) &&
		     permalink_put_date(&after, &parts->date, format);
		*date = false;
	} else if (slice_equal_str(filter, "slug") || slice_equal_str(filter, "slugify")) {
		permalink_put_slug(&after, buf_slice(text));
		ok = true;
	}
	buf_clear(text);
	buf_put_slice(text, buf_slice(&after));
	buf_free(&after);
	return ok;
}

/* What stands within the braces, which must come to something. */
static bool fill_expression(
    const struct permalink_parts *parts, struct slice expression, struct buf *out)
{
	const struct template_value *value;
	struct slice rest = expression, piece;
	struct buf text = BUF_INIT;
	bool date, ok;

	if (slice_starts(rest, "-"))
		rest = slice_from(rest, 1);
	if (slice_ends(rest, "-"))
		rest = slice_sub(rest, 0, rest.len - 1);
	if (!take_piece(&rest, &piece) || !(value = find_value(piece)))
		return false;
	date = !value->put;
	if (value->put)
		value->put(parts, &text);
	for (ok = true; ok && take_piece(&rest, &piece);)
		ok = apply_filter(parts, piece, &date, &text);
	ok = ok && !date && text.len > 0;
	if (ok)
		buf_put_slice(out, buf_slice(&text));
	buf_free(&text);
	return ok;
}

bool permalink_fill(const struct permalink_parts *parts, struct slice own, struct buf *out)
{
	size_t start = out->len;

	if (slice_find(own, 0, "{%") < own.len)
		return false;
	while (own.len > 0) {
		size_t open = slice_find(own, 0, "{{"), close = slice_find(own, open, "}}");

		if ((open < own.len && close == own.len) || out->len - start > PERMALINK_OWN_MAX)
			goto unknown;
		buf_put_slice(out, slice_sub(own, 0, open));
		if (open == own.len)
			break;
		if (!fill_expression(parts, slice_sub(own, open + 2, close), out))
			goto unknown;
		own = slice_from(own, close + 2);
	}
	return true;
unknown:
	buf_cut(out, start);
	return false;
}
