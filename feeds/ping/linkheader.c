#include "feeds/ping/linkheader.h"

/* A reader as RFC 8288 appendix B.2 has it, which gets along with most of what is sent. */

static size_t skip_blanks(struct slice s, size_t at)
{
	while (at < s.len && (s.ptr[at] == ' ' || s.ptr[at] == '\t'))
		at++;
	return at;
}

/* The first of `stops` at or behind `at`; s.len when there is none. */
static size_t find_any(struct slice s, size_t at, const char *stops)
{
	while (at < s.len && (s.ptr[at] == '\0' || !strchr(stops, s.ptr[at])))
		at++;
	return at;
}

/* A quoted string, from the quote at *at; one that is not closed reaches to the end. */
static struct slice scan_quoted(struct slice s, size_t *at)
{
	size_t start = *at + 1, end = start;

	while (end < s.len && s.ptr[end] != '"')
		end += s.ptr[end] == '\\' && end + 1 < s.len ? 2 : 1;
	*at = end < s.len ? end + 1 : end;
	return slice_sub(s, start, end);
}

/* One parameter (appendix B.3), from *at; it ends at ";" or ",". */
static void scan_param(struct slice s, size_t *at, struct slice *name, struct slice *value)
{
	size_t end = find_any(s, *at, "=;,");

	*name = slice_trim(slice_sub(s, *at, end));
	*value = SLICE_NONE;
	*at = end;
	if (end == s.len || s.ptr[end] != '=')
		return;
	*at = skip_blanks(s, end + 1);
	if (*at < s.len && s.ptr[*at] == '"') {
		*value = scan_quoted(s, at);
		*at = find_any(s, *at, ";,");
	} else {
		end = find_any(s, *at, ";,");
		*value = slice_trim(slice_sub(s, *at, end));
		*at = end;
	}
}

bool linkheader_next(struct slice *rest, struct linkheader *out)
{
	struct slice s = *rest, name, value;
	bool related = false;
	size_t at = 0, end;

	while (at < s.len && (s.ptr[at] == ',' || s.ptr[at] == ' ' || s.ptr[at] == '\t'))
		at++;
	end = slice_find_byte(s, at, '>');
	if (at == s.len || s.ptr[at] != '<' || end == s.len)
		return false;
	*out = (struct linkheader){.target = slice_trim(slice_sub(s, at + 1, end))};
	at = find_any(s, end + 1, ";,");
	while (at < s.len && s.ptr[at] == ';') {
		at++;
		scan_param(s, &at, &name, &value);
		/* Of several the first one counts (section 3.3). */
		if (slice_equal_nocase(name, "rel") && !related) {
			out->rel = value;
			related = true;
		}
		out->anchored = out->anchored || slice_equal_nocase(name, "anchor");
	}
	*rest = slice_from(s, at);
	return true;
}

bool linkheader_rel_has(struct slice rel, const char *word)
{
	struct slice one;

	while (slice_word(&rel, &one)) {
		if (slice_equal_nocase(one, word))
			return true;
	}
	return false;
}
