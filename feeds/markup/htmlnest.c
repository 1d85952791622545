#include "feeds/markup/htmlnest.h"

#include <libxml/HTMLparser.h>
#include <stdint.h>

#include "feeds/base/text.h"

enum {
	DEPTH_MAX = 256,
	ATTRS_MAX = 48,
	ENTITY_MAX = 10, /* letters of a name; those of HTML 4 have eight at most */
	NOT_PLAIN = -1,	 /* a reference that the parser has its own ways with */
};

struct nest {
	struct slice html;
	size_t at;
	struct htmlemit *emit;
	const struct htmltag *open[DEPTH_MAX];
	size_t depth;
	struct buf values; /* of the tag at hand, decoded, each with a NUL */
	struct buf character;
	/* Bit n of row m: it is known whether element m ends before n starts; it does. */
	uint8_t asked[HTMLTAG_COUNT_MAX][HTMLTAG_COUNT_MAX / 8];
	uint8_t ends[HTMLTAG_COUNT_MAX][HTMLTAG_COUNT_MAX / 8];
};

/* ---- which element ends before which ---- */

/* Of the others that may stand in themselves few ever do. */
static bool nests_in_itself(const struct htmltag *tag)
{
	return strcmp(tag->name, "div") == 0 || strcmp(tag->name, "blockquote") == 0 ||
	       strcmp(tag->name, "span") == 0;
}

static bool ends_before(struct nest *nest, const struct htmltag *inner, const struct htmltag *next)
{
	size_t row = htmltag_index(inner), column = htmltag_index(next);
	uint8_t bit = (uint8_t)(1u << column % 8);
	uint8_t *asked = &nest->asked[row][column / 8], *ends = &nest->ends[row][column / 8];

	if (!(*asked & bit)) {
		xmlNode node = {.name = (const xmlChar *)next->name};
		/* libxml2 answers "no" for two of a kind without looking. */
		bool yes = inner == next
			       ? !nests_in_itself(next)
			       : htmlAutoCloseTag(NULL, (const xmlChar *)inner->name, &node);

		*asked |= bit;
		*ends |= yes ? bit : 0;
	}
	return *ends & bit;
}

/* ---- references ---- */

/* XML 1.0 production 2, to which libxml2 holds HTML too. */
static bool is_char(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
	       (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

static int digit_value(char c, bool hex)
{
	char lower = (char)(c | 0x20);

	if (c >= '0' && c <= '9')
		return c - '0';
	return hex && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* `&#…;` at s[at]; its length, or NOT_PLAIN. */
static int put_number(struct slice s, size_t at, struct buf *out)
{
	bool hex = at + 2 < s.len && (s.ptr[at + 2] | 0x20) == 'x';
	size_t start = at + (hex ? 3 : 2), end = start;
	uint32_t c = 0;

	for (; end < s.len && end - start < 8 && digit_value(s.ptr[end], hex) >= 0; end++)
		c = c * (hex ? 16 : 10) + (uint32_t)digit_value(s.ptr[end], hex);
	if (end == start || end == s.len || s.ptr[end] != ';' || !is_char(c))
		return NOT_PLAIN;
	text_put(out, c);
	return (int)(end + 1 - at);
}

/* Append what the "&" at s[at] begins; the length of that in `s`, or NOT_PLAIN. */
static int put_reference(struct slice s, size_t at, struct buf *out)
{
	char name[ENTITY_MAX];
	const htmlEntityDesc *entity = NULL;
	size_t len = 0;

	if (at + 1 < s.len && s.ptr[at + 1] == '#')
		return put_number(s, at, out);
	while (len < sizeof(name) - 1 && at + 1 + len < s.len &&
	       (digit_value(s.ptr[at + 1 + len], false) >= 0 ||
		   ((s.ptr[at + 1 + len] | 0x20) >= 'a' && (s.ptr[at + 1 + len] | 0x20) <= 'z'))) {
		name[len] = s.ptr[at + 1 + len];
		len++;
	}
	name[len] = '\0';
	if (len > 0 && at + 1 + len < s.len && s.ptr[at + 1 + len] == ';')
		entity = htmlEntityLookup((const xmlChar *)name);
	if (!entity) {
		buf_putc(out, '&');
		return 1;
	}
	text_put(out, entity->value);
	return (int)len + 2;
}

/* ---- tokens ---- */

static bool take(struct nest *nest, const char *literal)
{
	bool found = slice_starts(slice_from(nest->html, nest->at), literal);

	if (found)
		nest->at += strlen(literal);
	return found;
}

/* Text up to the next tag. */
static bool put_text(struct nest *nest)
{
	size_t end = slice_find_byte(nest->html, nest->at, '<');
	struct slice text = slice_sub(nest->html, nest->at, end);

	nest->at = end;
	for (size_t at = 0; at < text.len;) {
		size_t amp = slice_find_byte(text, at, '&');
		int len;

		if (amp > at)
			htmlemit_text(nest->emit, slice_sub(text, at, amp));
		if (amp == text.len)
			break;
		buf_clear(&nest->character);
		len = put_reference(text, amp, &nest->character);
		if (len == NOT_PLAIN)
			return false;
		htmlemit_text(nest->emit, buf_slice(&nest->character));
		at = amp + (size_t)len;
	}
	return true;
}

/* The value in front, behind its quote, up to the next one; decoded and with a NUL. */
static bool read_value(struct nest *nest)
{
	size_t end = slice_find_byte(nest->html, nest->at, '"');
	struct slice value = slice_sub(nest->html, nest->at, end);

	if (end == nest->html.len)
		return false;
	nest->at = end + 1;
	for (size_t at = 0; at < value.len;) {
		size_t amp = slice_find_byte(value, at, '&');
		int len;

		buf_put_slice(&nest->values, slice_sub(value, at, amp));
		if (amp == value.len)
			break;
		len = put_reference(value, amp, &nest->values);
		if (len == NOT_PLAIN)
			return false;
		at = amp + (size_t)len;
	}
	buf_putc(&nest->values, '\0');
	return true;
}

static struct slice read_name(struct nest *nest)
{
	size_t start = nest->at, end = start;

	while (end < nest->html.len && !strchr(" =/>", nest->html.ptr[end]))
		end++;
	nest->at = end;
	return slice_sub(nest->html, start, end);
}

/* Attributes as htmlemit_start wants them; values stay in nest->values. */
static bool read_attrs(struct nest *nest, const char *atts[])
{
	size_t starts[ATTRS_MAX], len = 0;

	buf_clear(&nest->values);
	while (take(nest, " ")) {
		const struct htmlattr *attr = htmlattr_find(read_name(nest));

		if (!attr || len == ATTRS_MAX || !take(nest, "=\""))
			return false;
		atts[2 * len] = attr->name;
		starts[len++] = nest->values.len;
		if (!read_value(nest))
			return false;
	}
	for (size_t i = 0; i < len; i++)
		atts[2 * i + 1] = nest->values.data + starts[i];
	atts[2 * len] = NULL;
	return true;
}

static bool put_start(struct nest *nest)
{
	const char *atts[2 * ATTRS_MAX + 1];
	const struct htmltag *tag;
	bool closed;

	nest->at++;
	tag = htmltag_find(read_name(nest));
	if (!tag || !read_attrs(nest, atts) || nest->depth == DEPTH_MAX ||
	    ends_before(nest, nest->open[nest->depth - 1], tag))
		return false;
	closed = take(nest, "/");
	if (!take(nest, ">"))
		return false;
	htmlemit_start(nest->emit, tag, atts[0] ? atts : NULL);
	if (closed)
		htmlemit_end(nest->emit);
	else
		nest->open[nest->depth++] = tag;
	return true;
}

static bool put_end(struct nest *nest)
{
	const struct htmltag *tag;

	nest->at += 2;
	tag = htmltag_find(read_name(nest));
	if (nest->depth < 2 || nest->open[nest->depth - 1] != tag || !take(nest, ">"))
		return false;
	nest->depth--;
	htmlemit_end(nest->emit);
	return true;
}

static bool put_next(struct nest *nest)
{
	struct slice rest = slice_from(nest->html, nest->at);

	if (rest.ptr[0] != '<')
		return put_text(nest);
	if (slice_starts(rest, "</"))
		return put_end(nest);
	if (take(nest, "<!--more-->")) {
		htmlemit_more(nest->emit);
		return true;
	}
	return put_start(nest);
}

bool htmlnest_put(struct slice html, struct htmlemit *emit)
{
	struct nest nest = {.html = html, .emit = emit, .depth = 1};
	bool plain = true;

	nest.open[0] = htmltag_find(SLICE("div"));
	while (plain && nest.at < html.len)
		plain = put_next(&nest);
	buf_free(&nest.values);
	buf_free(&nest.character);
	return plain;
}
