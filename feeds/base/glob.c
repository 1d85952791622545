#include "feeds/base/glob.h"

#include <stdint.h>

/* One step of `[...]` at p (just behind "["). Returns the index behind "]", 0 when unclosed. */
static size_t match_set(struct slice pattern, size_t p, unsigned char c, bool *hit)
{
	bool negate = false, in = false;
	size_t start;

	if (p < pattern.len && (pattern.ptr[p] == '!' || pattern.ptr[p] == '^')) {
		negate = true;
		p++;
	}
	start = p;
	while (p < pattern.len && (pattern.ptr[p] != ']' || p == start)) {
		unsigned char low = (unsigned char)pattern.ptr[p], high = low;

		if (p + 2 < pattern.len && pattern.ptr[p + 1] == '-' && pattern.ptr[p + 2] != ']') {
			high = (unsigned char)pattern.ptr[p + 2];
			p += 2;
		}
		in = in || (c >= low && c <= high);
		p++;
	}
	if (p >= pattern.len)
		return 0;
	*hit = in != negate;
	return p + 1;
}

/* Does one segment (no "/") match? Backtracks to the last star only: linear in practice. */
static bool match_segment(struct slice pattern, struct slice text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, star_text = 0;

	while (t < text.len) {
		bool hit = false;
		size_t next = p + 1;

		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			star_text = t;
			continue;
		}
		if (p < pattern.len && pattern.ptr[p] == '[') {
			next = match_set(pattern, p + 1, (unsigned char)text.ptr[t], &hit);
			if (next == 0) {
				hit = text.ptr[t] == '[';
				next = p + 1;
			}
		} else if (p < pattern.len) {
			hit = pattern.ptr[p] == '?' || pattern.ptr[p] == text.ptr[t];
		}
		if (hit) {
			p = next;
			t++;
			/* "?" takes a whole UTF-8 character. */
			if (pattern.ptr[p - 1] == '?')
				while (t < text.len && ((unsigned char)text.ptr[t] & 0xc0) == 0x80)
					t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++star_text;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

static struct slice segment_at(struct slice s, size_t at)
{
	return slice_sub(s, at, slice_find_byte(s, at, '/'));
}

/* The same backtracking as in a segment, with `**` for the star. */
static bool match_path(struct slice pattern, struct slice path)
{
	size_t p = 0, t = 0, star = SIZE_MAX, star_text = 0;

	while (t < path.len) {
		struct slice want = p < pattern.len ? segment_at(pattern, p) : SLICE_NONE;
		struct slice have = segment_at(path, t);

		if (p < pattern.len && slice_equal_str(want, "**")) {
			p += want.len + 1;
			star = p;
			star_text = t;
			if (p >= pattern.len)
				return true;
		} else if (p < pattern.len && match_segment(want, have)) {
			p += want.len + 1;
			t += have.len + 1;
		} else if (star != SIZE_MAX) {
			star_text += segment_at(path, star_text).len + 1;
			p = star;
			t = star_text;
		} else {
			return false;
		}
	}
	return p >= pattern.len && t == path.len + 1;
}

static bool is_plain(char c)
{
	return c != '*' && c != '?' && c != '[' && c != ']' && c != '/';
}

/* The plain bytes at the end of a pattern settle most answers, the last one many. */
static bool same_end(struct slice pattern, struct slice path)
{
	size_t p = pattern.len, t = path.len;

	for (; p > 0 && is_plain(pattern.ptr[p - 1]); p--, t--)
		if (t == 0 || path.ptr[t - 1] != pattern.ptr[p - 1])
			return false;
	return true;
}

bool glob_match(struct slice pattern, struct slice path)
{
	if (!same_end(pattern, path))
		return false;
	if (slice_starts(pattern, "/"))
		pattern = slice_from(pattern, 1);
	else if (slice_find_byte(pattern, 0, '/') == pattern.len) {
		size_t slash = path.len;

		while (slash > 0 && path.ptr[slash - 1] != '/')
			slash--;
		return match_segment(pattern, slice_from(path, slash));
	}
	if (slice_ends(pattern, "/")) {
		struct slice folder = slice_sub(pattern, 0, pattern.len - 1);

		for (size_t end = slice_find_byte(path, 0, '/'); end < path.len;
		     end = slice_find_byte(path, end + 1, '/'))
			if (match_path(folder, slice_sub(path, 0, end)))
				return true;
		return false;
	}
	return match_path(pattern, path);
}
