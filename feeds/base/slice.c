#include "feeds/base/slice.h"

bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool slice_equal_str(struct slice a, const char *b)
{
	return slice_equal(a, slice_of(b));
}

bool slice_equal_nocase(struct slice a, const char *b)
{
	return a.len == strlen(b) && slice_starts_nocase(a, b);
}

bool slice_starts(struct slice s, const char *prefix)
{
	size_t len = strlen(prefix);

	return len <= s.len && (len == 0 || memcmp(s.ptr, prefix, len) == 0);
}

static bool equal_nocase(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];

		x = x >= 'A' && x <= 'Z' ? (unsigned char)(x + 32) : x;
		y = y >= 'A' && y <= 'Z' ? (unsigned char)(y + 32) : y;
		if (x != y)
			return false;
	}
	return true;
}

bool slice_same_nocase(struct slice a, struct slice b)
{
	return a.len == b.len && equal_nocase(a.ptr, b.ptr, a.len);
}

bool slice_holds_nocase(struct slice s, const char *needle)
{
	size_t len = strlen(needle);

	for (size_t i = 0; i + len <= s.len; i++)
		if (equal_nocase(s.ptr + i, needle, len))
			return true;
	return false;
}

bool slice_starts_nocase(struct slice s, const char *prefix)
{
	size_t len = strlen(prefix);

	return len <= s.len && equal_nocase(s.ptr, prefix, len);
}

bool slice_ends(struct slice s, const char *suffix)
{
	size_t len = strlen(suffix);

	return len <= s.len && (len == 0 || memcmp(s.ptr + s.len - len, suffix, len) == 0);
}

bool slice_ends_nocase(struct slice s, const char *suffix)
{
	size_t len = strlen(suffix);

	return len <= s.len && equal_nocase(s.ptr + s.len - len, suffix, len);
}

int slice_compare(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

size_t slice_find_byte(struct slice s, size_t from, char byte)
{
	const char *hit;

	if (from >= s.len)
		return s.len;
	hit = memchr(s.ptr + from, byte, s.len - from);
	return hit ? (size_t)(hit - s.ptr) : s.len;
}

/*
 * memchr goes through thirty bytes while memmem goes through one, and most needles
 * begin with a sign that is rare. Where it is not, memmem takes over.
 */
size_t slice_find(struct slice s, size_t from, const char *needle)
{
	enum { MISSES = 16, FAR = 32 };
	size_t len = strlen(needle), at = from, misses = 0;
	const char *hit;

	if (from >= s.len)
		return s.len;
	if (len == 0)
		return from;
	while (s.len - at >= len && misses <= MISSES + (at - from) / FAR) {
		hit = memchr(s.ptr + at, needle[0], s.len - at - len + 1);
		if (!hit)
			return s.len;
		at = (size_t)(hit - s.ptr);
		if (memcmp(hit + 1, needle + 1, len - 1) == 0)
			return at;
		at++;
		misses++;
	}
	hit = memmem(s.ptr + at, s.len - at, needle, len);
	return hit ? (size_t)(hit - s.ptr) : s.len;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice s)
{
	while (s.len > 0 && is_space(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool slice_line(struct slice *rest, struct slice *line)
{
	size_t end;

	if (rest->len == 0)
		return false;
	end = slice_find_byte(*rest, 0, '\n');
	*line = slice_sub(*rest, 0, end);
	*rest = slice_from(*rest, end < rest->len ? end + 1 : end);
	return true;
}

bool slice_word(struct slice *rest, struct slice *word)
{
	size_t start = 0, end;

	while (start < rest->len && is_space(rest->ptr[start]))
		start++;
	end = start;
	while (end < rest->len && !is_space(rest->ptr[end]))
		end++;
	if (end == start)
		return false;
	*word = slice_sub(*rest, start, end);
	*rest = slice_from(*rest, end);
	return true;
}
