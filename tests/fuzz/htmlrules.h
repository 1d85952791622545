/*
 * htmlrules: what every fragment that leaves the sanitizer keeps to, checked by
 * a reader of its own. Aborts when a rule is broken.
 */
#ifndef TESTS_FUZZ_HTMLRULES_H
#define TESTS_FUZZ_HTMLRULES_H

#include <stdio.h>
#include <stdlib.h>

#include "feeds/base/text.h"
#include "feeds/markup/htmltag.h"

enum { HTMLRULES_DEPTH = 100 };

static void htmlrules_broken(const char *rule, struct slice html)
{
	(void)fprintf(stderr, "%s:\n%.*s\n", rule, SLICE_FMT(html));
	abort();
}

/* Text or a value: references of four kinds, nothing that opens or closes markup. */
static void htmlrules_text(struct slice text)
{
	static const char *const references[] = {"&amp;", "&lt;", "&gt;", "&quot;"};

	for (size_t i = 0; i < text.len; i++) {
		bool known = text.ptr[i] != '&';

		for (size_t r = 0; r < 4; r++)
			known = known || slice_starts(slice_from(text, i), references[r]);
		if (!known || text.ptr[i] == '<' || text.ptr[i] == '>' || text.ptr[i] == '"')
			htmlrules_broken("unescaped", text);
	}
}

static void htmlrules_url(struct slice value, bool media)
{
	static const char *const never[] = {"javascript:", "vbscript:", "file:", "about:", "blob:"};
	size_t colon = slice_find_byte(value, 0, ':');

	if (media && !slice_starts(value, "http:") && !slice_starts(value, "https:") &&
	    !slice_starts(value, "data:image/"))
		htmlrules_broken("no URL of something to show", value);
	if (colon == 0 || colon == value.len || colon > 16)
		htmlrules_broken("not absolute", value);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		if (slice_starts_nocase(value, never[i]))
			htmlrules_broken("scheme", value);
	}
	if (!media && slice_starts_nocase(value, "data:"))
		htmlrules_broken("scheme", value);
	for (size_t i = 0; i < value.len; i++) {
		if ((uint8_t)value.ptr[i] <= ' ' || (uint8_t)value.ptr[i] >= 0x7f)
			htmlrules_broken("no URI", value);
	}
}

static void htmlrules_attr(struct slice name, struct slice value)
{
	const struct htmlattr *attr = htmlattr_find(name);

	if (!attr || (attr->kind == HTMLATTR_READ && !slice_equal_str(name, "controls")))
		htmlrules_broken("attribute", name);
	htmlrules_text(value);
	if (attr->kind == HTMLATTR_URL || attr->kind == HTMLATTR_MEDIA)
		htmlrules_url(value, attr->kind == HTMLATTR_MEDIA);
	if (attr->kind == HTMLATTR_STYLE && (slice_find(value, 0, "expression") < value.len ||
						slice_find_byte(value, 0, '\\') < value.len))
		htmlrules_broken("style", value);
}

/* A tag between "<" and ">"; its row, and whether it is an end tag. */
static const struct htmltag *htmlrules_tag(struct slice tag, bool *end)
{
	const struct htmltag *row;
	struct slice name;
	size_t at;

	*end = slice_starts(tag, "/");
	tag = slice_from(tag, *end ? 1 : 0);
	at = slice_find_byte(tag, 0, ' ');
	name = slice_sub(tag, 0, at);
	row = htmltag_find(name);
	if (!row || !row->as || !slice_equal_str(name, row->as) || (*end && at < tag.len))
		htmlrules_broken("element", tag);
	while (at < tag.len) {
		size_t equals = slice_find(tag, at, "=\""), quote;

		if (tag.ptr[at] != ' ' || equals == tag.len)
			htmlrules_broken("attribute", tag);
		quote = slice_find_byte(tag, equals + 2, '"');
		if (quote == tag.len)
			htmlrules_broken("quote", tag);
		htmlrules_attr(slice_sub(tag, at + 1, equals), slice_sub(tag, equals + 2, quote));
		at = quote + 1;
	}
	return row;
}

static void htmlrules_check(struct slice html)
{
	const struct htmltag *open[HTMLRULES_DEPTH];
	struct text_repairs repairs = {0};
	struct buf legal = BUF_INIT;
	struct slice text, rest = html;
	size_t depth = 0;
	struct err err;

	if (text_legal(html, &legal, &text, &repairs, &err) < 0 || repairs.replaced > 0 ||
	    repairs.dropped > 0)
		htmlrules_broken("illegal text", html);
	buf_free(&legal);
	while (rest.len > 0) {
		size_t at = slice_find_byte(rest, 0, '<'), gt;
		const struct htmltag *row;
		bool end;

		htmlrules_text(slice_sub(rest, 0, at));
		if (at == rest.len)
			break;
		gt = slice_find_byte(rest, at, '>');
		if (gt == rest.len)
			htmlrules_broken("open tag", html);
		row = htmlrules_tag(slice_sub(rest, at + 1, gt), &end);
		rest = slice_from(rest, gt + 1);
		if (end && (depth == 0 || open[--depth] != row))
			htmlrules_broken("nesting", html);
		if (end || (row->flags & HTMLTAG_VOID))
			continue;
		if (depth == HTMLRULES_DEPTH)
			htmlrules_broken("depth", html);
		open[depth++] = row;
	}
	if (depth > 0)
		htmlrules_broken("not closed", html);
}

#endif
