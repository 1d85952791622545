/*
 * Reads an XML document back as it is written.
 *
 * Markup goes to libxml2's push parser, as SAX without a tree. Text between
 * tags, which is nearly all of a feed with full content, is read here, at ten
 * times the speed: it may hold legal characters, line ends and references to
 * characters, nothing else. The parser sees its line ends and an "x" in its
 * place, so that it still knows where text may not stand and which line it is
 * on.
 *
 * Stricter than XML: no comment and no CDATA section stands in a feed, no
 * processing instruction but that of a stylesheet at the top, and no document
 * type but HTML's for a page, so no entity of a document's own either.
 */
#include <libxml/parser.h>
#include <stdlib.h>

#include "feeds/base/mem.h"
#include "feeds/format/check.h"
#include "feeds/format/format.h"

enum {
	TEXT_MAX = 10000000, /* libxml2's XML_MAX_TEXT_LENGTH: its trees refuse longer texts */
	CHUNK = 1 << 16,     /* what the parser gets at once: more makes it give up */
};

/* No other encoding: text is read as UTF-8 here. */
#define DECLARATION "<?xml version=\"1.0\" encoding=\"utf-8\"?>"

struct xml_check {
	xmlParserCtxtPtr parser;
	struct buf skeleton; /* of the piece at hand: the markup */
	bool started;	     /* the first piece has been read */
	uint32_t line;	     /* where the text at hand begins */
	uint32_t bad_line;   /* of the parser's first complaint */
	char bad_text[200];
};

/* The parser's complaints; the first is the one that matters. */
static void complain(void *arg, xmlErrorPtr error)
{
	struct xml_check *check = arg;
	size_t len = 0;

	if (check->bad_text[0] || error->level < XML_ERR_ERROR)
		return;
	check->bad_line = error->line > 0 ? (uint32_t)error->line : 0;
	for (const char *p = error->message ? error->message : "not well-formed";
	     *p && *p != '\n' && len + 1 < sizeof(check->bad_text); p++)
		check->bad_text[len++] = *p;
	check->bad_text[len] = '\0';
}

static void *xml_start(void)
{
	struct xml_check *check = mem_zalloc(1, sizeof(*check));
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC, .serror = complain};

	check->parser = xmlCreatePushParserCtxt(&sax, check, NULL, 0, NULL);
	if (!check->parser)
		mem_exhausted();
	(void)xmlCtxtUseOptions(check->parser, XML_PARSE_NONET); /* knows the option */
	check->line = 1;
	return check;
}

static bool is_digit(char c, bool hex)
{
	char lower = (char)(c | 0x20);

	return (c >= '0' && c <= '9') || (hex && lower >= 'a' && lower <= 'f');
}

/* XML 1.0 production 2. */
static bool is_char(unsigned long c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
	       (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/* Length of the reference to a character by its number at text[at], 0 when it is none. */
static size_t numeric_reference(struct slice text, size_t at)
{
	struct slice rest = slice_from(text, at);
	bool hex = slice_starts(rest, "&#x");
	size_t end = hex ? 3 : 2;
	unsigned long c = 0;

	for (; end < rest.len && is_digit(rest.ptr[end], hex) && c <= 0x10FFFF; end++) {
		char digit = rest.ptr[end];

		c = c * (hex ? 16 : 10) +
		    (unsigned long)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
	}
	return end < rest.len && rest.ptr[end] == ';' && is_char(c) ? end + 1 : 0;
}

/* The same for any reference that needs no declaration (section 4.6). */
static size_t reference(struct slice text, size_t at)
{
	const char *p = text.ptr + at;
	size_t left = text.len - at;

	if (left >= 4 && (memcmp(p, "&lt;", 4) == 0 || memcmp(p, "&gt;", 4) == 0))
		return 4;
	if (left >= 5 && memcmp(p, "&amp;", 5) == 0)
		return 5;
	if (left >= 6 && (memcmp(p, "&quot;", 6) == 0 || memcmp(p, "&apos;", 6) == 0))
		return 6;
	return left >= 2 && p[1] == '#' ? numeric_reference(text, at) : 0;
}

/* Length of the character beyond ASCII at text[at], 0 when it is not legal. */
static size_t foreign(struct slice text, size_t at)
{
	size_t len = check_utf8(text, at);
	const char *p = text.ptr + at;

	if (len == 3 && (memcmp(p, "\xEF\xBF\xBE", 3) == 0 || memcmp(p, "\xEF\xBF\xBF", 3) == 0))
		return 0;
	return len;
}

/* What ends a run of plain text. */
static const bool special[256] = {
    [0x00 ... 0x08] = true,
    [0x0B] = true,
    [0x0C] = true,
    [0x0E ... 0x1F] = true,
    ['&'] = true,
    [']'] = true,
    [0x80 ... 0xFF] = true,
};

static int bad_text(
    const struct xml_check *check, struct slice text, size_t at, const char *what, struct err *err)
{
	return err_at(err, ERR_SYNTAX, check->line + check_lines(text, 0, at), 0, "%s", what);
}

/* Text between two tags. */
static int check_text(struct xml_check *check, struct slice text, struct err *err)
{
	size_t at = 0, hidden = 0; /* bytes that a reader will not count as text */

	while ((at = check_run(text, at, special, SCAN_SIGN('&'), SCAN_SIGN(']'))) < text.len) {
		unsigned char c = (unsigned char)text.ptr[at];
		size_t len = 0;

		if (c == '&') {
			len = reference(text, at);
			if (len == 0)
				return bad_text(check, text, at, "a bare '&' in text", err);
			hidden += len - 1;
		} else if (c == ']') {
			if (slice_starts(slice_from(text, at), "]]>"))
				return bad_text(check, text, at, "']]>' in text", err);
			len = 1;
		} else if (c >= 0x80) {
			len = foreign(text, at);
		}
		if (len == 0)
			return bad_text(check, text, at, "illegal character", err);
		at += len;
	}
	if (text.len - hidden > TEXT_MAX)
		return err_at(err, ERR_LIMIT, check->line, 0,
		    "a text of more than %d bytes, which many readers refuse", TEXT_MAX);
	return 0;
}

/* Index behind the tag at s[at], beyond s.len when it has no end. Attributes may hold ">". */
static size_t tag_end(struct slice s, size_t at)
{
	for (; at < s.len; at++) {
		char c = s.ptr[at];

		if (c == '"' || c == '\'')
			at = slice_find_byte(s, at + 1, c);
		else if (c == '>')
			return at + 1;
	}
	return s.len + 1;
}

/* Length of what may stand before the first element. */
static size_t prologue(struct slice piece)
{
	static const char sheet[] = "\n<?xml-stylesheet type=\"text/css\" href=\"";
	static const char html[] = "<!DOCTYPE html>";
	size_t at, end;

	if (slice_starts(piece, html))
		return strlen(html);
	if (!slice_starts(piece, DECLARATION))
		return 0;
	at = strlen(DECLARATION);
	if (!slice_starts(slice_from(piece, at), sheet))
		return at;
	end = slice_find_byte(piece, at + strlen(sheet), '"');
	return slice_starts(slice_from(piece, end), "\"?>") ? end + 3 : at;
}

/* Copy the markup of a piece, and check the text between. */
static int split(struct xml_check *check, struct slice piece, struct err *err)
{
	size_t at = 0;

	if (!check->started)
		at = prologue(piece);
	check->line += check_lines(piece, 0, at);
	buf_put_slice(&check->skeleton, slice_sub(piece, 0, at));
	while (at < piece.len) {
		size_t end = slice_find_byte(piece, at, '<');
		struct slice text = slice_sub(piece, at, end);
		uint32_t lines = check_lines(text, 0, text.len);

		if (check_text(check, text, err) < 0)
			return -1;
		check->line += lines;
		for (; lines > 0; lines--)
			buf_putc(&check->skeleton, '\n');
		if (slice_trim(text).len)
			buf_putc(&check->skeleton, 'x');
		if (end == piece.len)
			return 0;
		at = tag_end(piece, end);
		if (at > piece.len)
			return err_at(err, ERR_SYNTAX, check->line, 0, "a tag without an end");
		if (piece.ptr[end + 1] == '!' || piece.ptr[end + 1] == '?')
			return err_at(
			    err, ERR_SYNTAX, check->line, 0, "markup other than an element's tags");
		check->line += check_lines(piece, end, at);
		buf_put_slice(&check->skeleton, slice_sub(piece, end, at));
	}
	return 0;
}

static int parse(struct xml_check *check, struct slice bytes, bool last, struct err *err)
{
	do {
		size_t len = bytes.len < CHUNK ? bytes.len : CHUNK;

		(void)xmlParseChunk(check->parser, bytes.ptr, (int)len, 0); /* asked below */
		bytes = slice_from(bytes, len);
	} while (bytes.len > 0 && !check->bad_text[0]);
	if (last)
		(void)xmlParseChunk(check->parser, NULL, 0, 1); /* asked below */
	if (check->bad_text[0])
		return err_at(err, ERR_SYNTAX, check->bad_line, 0, "%s", check->bad_text);
	if (!check->parser->wellFormed || !check->parser->nsWellFormed)
		return err_set(err, ERR_SYNTAX, "not well-formed");
	return 0;
}

static int xml_put(void *arg, struct slice bytes, struct err *err)
{
	struct xml_check *check = arg;

	buf_clear(&check->skeleton);
	if (split(check, bytes, err) < 0)
		return -1;
	check->started = true;
	return parse(check, buf_slice(&check->skeleton), false, err);
}

static int xml_finish(void *arg, struct err *err)
{
	return parse(arg, SLICE_NONE, true, err);
}

static void xml_free(void *arg)
{
	struct xml_check *check = arg;

	if (!check)
		return;
	xmlFreeParserCtxt(check->parser);
	buf_free(&check->skeleton);
	free(check);
}

const struct format_check format_check_xml = {
    .start = xml_start,
    .put = xml_put,
    .finish = xml_finish,
    .free = xml_free,
};
