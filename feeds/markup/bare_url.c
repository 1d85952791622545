#include "feeds/markup/bare_url.h"

#include <stdint.h>

#include "feeds/base/text.h"

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Length of the scheme that a URL at the start of `s` has, 0 for none. */
static size_t scheme_len(struct slice s)
{
	if (slice_starts_nocase(s, "https://"))
		return 8;
	return slice_starts_nocase(s, "http://") ? 7 : 0;
}

/* Characters that no bare URL goes on over. */
static bool is_end(uint32_t c)
{
	if (c <= ' ' || (c < 0x80 && strchr("<>\"`|^{}\\", (int)c)))
		return true;
	return text_is_space(c) || c == 0xab || c == 0xbb ||  /* guillemets */
	       (c >= 0x2018 && c <= 0x201f) || c == 0x2026 || /* quotation marks, ellipsis */
	       (c >= 0x3000 && c <= 0x303f) ||		      /* CJK punctuation */
	       (c >= 0xff01 && c <= 0xff0f) || (c >= 0xff1a && c <= 0xff20);
}

/* Length without what belongs to the sentence: stops, and brackets that nothing opened. */
static size_t trimmed(struct slice url)
{
	size_t open = 0, round = 0, square = 0, len = url.len;

	for (size_t i = 0; i < len; i++) {
		if (url.ptr[i] == '(')
			open++;
		else if (url.ptr[i] == ')' && open > 0)
			open--;
		else if (url.ptr[i] == ')')
			round++; /* closes nothing */
		else if (url.ptr[i] == '[')
			square++;
	}
	while (len > 0) {
		char c = url.ptr[len - 1];

		if (c == ')' && round > 0)
			round--;
		else if (!(c == ']' && square == 0) && (c == ')' || !strchr("?!.,:;*_~'", c)))
			break;
		len--;
	}
	return len;
}

/* The end of the URL that begins at `start`, whose host begins at `host`; 0: it is none. */
static size_t url_end(struct slice text, size_t start, size_t host, bool needs_dot)
{
	size_t at = host, dot;

	if (host >= text.len || (!is_alnum(text.ptr[host]) && (signed char)text.ptr[host] >= 0 &&
				    text.ptr[host] != '['))
		return 0;
	while (at < text.len) {
		size_t next = at;

		if (is_end(text_next(text, &next)))
			break;
		at = next;
	}
	at = start + trimmed(slice_sub(text, start, at));
	if (at <= host)
		return 0;
	dot = slice_find_byte(text, host, '.');
	return needs_dot && dot + 1 >= at ? 0 : at;
}

static bool is_letter(char c)
{
	return is_alnum(c) && c > '9';
}

/* The end of the host of a mail address that begins at `host`; 0: it is none. */
static size_t mail_end(struct slice text, size_t host)
{
	size_t end = host, dot;

	for (; end < text.len; end++) {
		char c = text.ptr[end];

		if (!is_alnum(c) && c != '-' && c != '_' &&
		    !(c == '.' && end + 1 < text.len && is_alnum(text.ptr[end + 1])))
			break;
	}
	for (dot = end; dot > host && is_letter(text.ptr[dot - 1]);)
		dot--;
	if (dot == end || dot < host + 2 || text.ptr[dot - 1] != '.')
		return 0;
	/* A path follows, as of a repository; or what is no host. */
	if (end < text.len && strchr("/@", text.ptr[end]))
		return 0;
	if (end + 1 < text.len && text.ptr[end] == ':' && !strchr(" \t\n", text.ptr[end + 1]))
		return 0;
	return end;
}

/* No address begins behind this: a handle, a path, a password, the rest of a word like "müller". */
static bool is_in_word(struct slice text, size_t at)
{
	if (at == 0)
		return false;
	if (at > 1 && (unsigned char)text.ptr[at - 2] >= 0xc3 &&
	    (unsigned char)text.ptr[at - 2] < 0xe0)
		return true; /* a letter up to U+07FF */
	return strchr("@/:", text.ptr[at - 1]) != NULL;
}

/* The mail address whose "@" stands at `at`, not before `from`. */
static bool mail_find(struct slice text, size_t from, size_t at, struct bare_url *out)
{
	size_t start = at, end;

	while (
	    start > from && (is_alnum(text.ptr[start - 1]) || strchr(".-_+", text.ptr[start - 1])))
		start--;
	end = start < at && !is_in_word(text, start) ? mail_end(text, at + 1) : 0;
	if (end == 0)
		return false;
	*out = (struct bare_url){start, end, "mailto:"};
	return true;
}

bool bare_url_find(struct slice text, size_t from, struct bare_url *out)
{
	for (size_t i = from; i < text.len; i++) {
		char before = i > 0 ? text.ptr[i - 1] : ' ';
		struct slice rest = slice_from(text, i);
		size_t scheme, end = 0;
		bool www;

		if (text.ptr[i] == '@' && mail_find(text, from, i, out))
			return true;
		if ((text.ptr[i] != 'h' && text.ptr[i] != 'H' && text.ptr[i] != 'w') ||
		    is_alnum(before))
			continue;
		scheme = scheme_len(rest);
		www = scheme == 0 && slice_starts(rest, "www.") && strchr(" \t\n(*_~", before);
		if (scheme > 0 || www)
			end = url_end(text, i, i + (www ? 4 : scheme), www);
		if (end > 0) {
			*out = (struct bare_url){i, end, www ? "http://" : ""};
			return true;
		}
	}
	return false;
}
