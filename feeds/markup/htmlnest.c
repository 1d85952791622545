#include "feeds/markup/htmlnest.h"

#include <libxml/HTMLparser.h>
#include <stdint.h>

#include "feeds/markup/htmlent.h"

enum { DEPTH_MAX = 256 };

struct nest {
	struct htmlemit *emit;
	struct slice text;  /* since the last tag that counts */
	struct buf joined;  /* such text, when tags that go stand in it */
	struct slice piece; /* the last one of it */
	const struct htmltag *open[DEPTH_MAX];
	size_t depth;
	struct buf values;	       /* of the tag at hand, decoded, each with a NUL */
	struct buf character, classic; /* of the reference at hand */
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

/*
 * What the "&" at s[at] begins, in text, where the fence helps names that HTML 4 does not know,
 * or whose ";" was forgotten. Its length in `s`, or HTMLENT_BROKEN.
 */
static int put_text_reference(struct nest *nest, struct slice s, size_t at)
{
	struct slice classic;
	size_t used;
	int len;

	buf_clear(&nest->character);
	buf_clear(&nest->classic);
	used = htmlent_put_classic(slice_from(s, at), &nest->classic);
	classic = buf_slice(&nest->classic);
	if (used == 1)
		return htmlent_put(slice_from(s, at), &nest->character);
	if (!slice_starts(classic, "&"))
		buf_put_slice(&nest->character, classic);
	else if ((len = htmlent_put(classic, &nest->character)) != (int)classic.len)
		return len;
	return (int)used;
}

/* ---- what the fence says ---- */

/* May a reference be cut off by the end of the text? */
static bool ends_in_reference(struct slice text)
{
	size_t at = text.len;

	while (at > 0 && text.ptr[at - 1] != '&' && text.ptr[at - 1] != ';')
		at--;
	return at > 0 && text.ptr[at - 1] == '&';
}

/* Text is one thing up to the next tag that counts. */
static bool on_text(void *arg, struct slice text)
{
	struct nest *nest = arg;

	if (nest->text.len == 0) {
		nest->text = nest->piece = text;
		return true;
	}
	if (ends_in_reference(nest->piece))
		return false;
	nest->piece = text;
	if (nest->joined.len == 0)
		buf_put_slice(&nest->joined, nest->text);
	buf_put_slice(&nest->joined, text);
	nest->text = buf_slice(&nest->joined);
	return true;
}

/* Say it as the parser does, to which "<" comes as a reference: those by themselves. */
static bool flush_text(struct nest *nest)
{
	struct slice text = nest->text;
	size_t at = 0, amp = slice_find_byte(text, 0, '&'), angle = slice_find_byte(text, 0, '<');

	while (at < text.len) {
		size_t end = amp < angle ? amp : angle;
		int len = 1;

		if (end > at)
			htmlemit_text(nest->emit, slice_sub(text, at, end));
		if (end == text.len)
			break;
		if (end == angle) {
			htmlemit_text(nest->emit, SLICE("<"));
			angle = slice_find_byte(text, angle + 1, '<');
		} else {
			len = put_text_reference(nest, text, amp);
			if (len == HTMLENT_BROKEN)
				return false;
			htmlemit_text(nest->emit, buf_slice(&nest->character));
			amp = slice_find_byte(text, amp + (size_t)len, '&');
		}
		at = end + (size_t)len;
	}
	nest->text = SLICE_NONE;
	buf_clear(&nest->joined);
	return true;
}

/* Attributes as htmlemit_start wants them; values stay in nest->values. */
static bool make_attrs(
    struct nest *nest, const struct htmlfence_attr *attrs, size_t len, const char *atts[])
{
	size_t starts[HTMLFENCE_ATTRS];

	buf_clear(&nest->values);
	for (size_t i = 0; i < len; i++) {
		starts[i] = nest->values.len;
		if (!htmlent_put_value(attrs[i].value, &nest->values))
			return false;
		buf_putc(&nest->values, '\0');
	}
	for (size_t i = 0; i < len; i++) {
		atts[2 * i] = attrs[i].attr->name;
		atts[2 * i + 1] = nest->values.data + starts[i];
	}
	atts[2 * len] = NULL;
	return true;
}

static bool on_start(void *arg, const struct htmltag *tag, const struct htmlfence_attr *attrs,
    size_t attrs_len, bool closed)
{
	const char *atts[2 * HTMLFENCE_ATTRS + 1];
	struct nest *nest = arg;

	if (nest->depth == DEPTH_MAX || ends_before(nest, nest->open[nest->depth - 1], tag) ||
	    !flush_text(nest) || !make_attrs(nest, attrs, attrs_len, atts))
		return false;
	htmlemit_start(nest->emit, tag, attrs_len > 0 ? atts : NULL);
	if (closed)
		htmlemit_end(nest->emit);
	else
		nest->open[nest->depth++] = tag;
	return true;
}

static bool on_end(void *arg, const struct htmltag *tag)
{
	struct nest *nest = arg;

	if (nest->depth < 2 || nest->open[nest->depth - 1] != tag || !flush_text(nest))
		return false;
	nest->depth--;
	htmlemit_end(nest->emit);
	return true;
}

static bool on_more(void *arg)
{
	struct nest *nest = arg;

	if (!flush_text(nest))
		return false;
	htmlemit_more(nest->emit);
	return true;
}

bool htmlnest_put(const struct htmlfence *rules, struct slice html, struct htmlemit *emit)
{
	static const struct htmlfence_listener listener = {on_text, on_start, on_end, on_more};
	struct nest nest = {.emit = emit, .depth = 1};
	bool plain;

	nest.open[0] = htmltag_find(SLICE("div"));
	plain = htmlfence_read(rules, html, &listener, &nest) && flush_text(&nest);
	buf_free(&nest.joined);
	buf_free(&nest.values);
	buf_free(&nest.character);
	buf_free(&nest.classic);
	return plain;
}
