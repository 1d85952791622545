#include "feeds/base/xmlout.h"

#include <assert.h>

#include "feeds/base/escape.h"

/*
 * ">" is escaped everywhere, so that "]]>" cannot stand in text (XML 1.0
 * section 2.4). A carriage return is written as a reference, because a reader
 * would turn it into a line feed (section 2.11).
 */
static const struct escapes in_text = {{
    ESCAPES_BASE,
    ['\r'] = ESCAPE("&#13;"),
    ['&'] = ESCAPE("&amp;"),
    ['<'] = ESCAPE("&lt;"),
    ['>'] = ESCAPE("&gt;"),
}};

static const struct escapes in_plain_text = {{
    ESCAPES_BASE,
    ['\r'] = ESCAPE("&#13;"),
    ['&'] = ESCAPE("&#x26;"),
    ['<'] = ESCAPE("&#x3C;"),
    ['>'] = ESCAPE("&gt;"),
}};

/* White space but blanks as references: a reader would make blanks of it (section 3.3.3). */
static const struct escapes in_attribute = {{
    ESCAPES_BASE,
    ['\t'] = ESCAPE("&#9;"),
    ['\n'] = ESCAPE("&#10;"),
    ['\r'] = ESCAPE("&#13;"),
    ['&'] = ESCAPE("&amp;"),
    ['<'] = ESCAPE("&lt;"),
    ['>'] = ESCAPE("&gt;"),
    ['"'] = ESCAPE("&quot;"),
}};

static void indent(struct xmlout *xml)
{
	for (unsigned i = 0; i < xml->depth; i++)
		buf_put(xml->out, "  ", 2);
}

void xmlout_start(struct xmlout *xml, struct buf *out)
{
	*xml = (struct xmlout){.out = out};
}

void xmlout_resume(struct xmlout *xml, struct buf *out, const char *const *open, unsigned depth)
{
	assert(depth <= XMLOUT_DEPTH);
	xmlout_start(xml, out);
	for (unsigned i = 0; i < depth; i++)
		xml->open[i] = open[i];
	xml->depth = depth;
}

void xmlout_declaration(struct xmlout *xml)
{
	assert(xml->depth == 0);
	buf_puts(xml->out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
}

/* Its pseudo-attributes take references, too (xml-stylesheet, section 3). */
void xmlout_stylesheet(struct xmlout *xml, struct slice href)
{
	assert(xml->depth == 0);
	if (href.len == 0)
		return;
	buf_puts(xml->out, "<?xml-stylesheet type=\"text/css\" href=\"");
	escape_put(xml->out, href, &in_attribute);
	buf_puts(xml->out, "\"?>\n");
}

void xmlout_open(struct xmlout *xml, const char *name)
{
	assert(xml->depth < XMLOUT_DEPTH && !xml->has_text);
	if (xml->in_tag)
		buf_put(xml->out, ">\n", 2);
	indent(xml);
	buf_putc(xml->out, '<');
	buf_puts(xml->out, name);
	xml->open[xml->depth++] = name;
	xml->in_tag = true;
}

void xmlout_attr(struct xmlout *xml, const char *name, struct slice value)
{
	assert(xml->in_tag);
	buf_putc(xml->out, ' ');
	buf_puts(xml->out, name);
	buf_put(xml->out, "=\"", 2);
	escape_put(xml->out, value, &in_attribute);
	buf_putc(xml->out, '"');
}

static void begin_text(struct xmlout *xml)
{
	if (xml->in_tag)
		buf_putc(xml->out, '>');
	xml->in_tag = false;
	xml->has_text = true;
}

static void put_text(struct xmlout *xml, struct slice text, const struct escapes *escapes)
{
	assert(xml->in_tag || xml->has_text); /* never beside an element */
	if (text.len == 0)
		return;
	begin_text(xml);
	escape_put(xml->out, text, escapes);
}

void xmlout_escape(struct slice text, struct buf *out)
{
	escape_put(out, text, &in_text);
}

void xmlout_escaped(struct xmlout *xml, struct slice escaped)
{
	assert(xml->in_tag || xml->has_text);
	if (escaped.len == 0)
		return;
	begin_text(xml);
	buf_put_slice(xml->out, escaped);
}

void xmlout_text(struct xmlout *xml, struct slice text)
{
	put_text(xml, text, &in_text);
}

void xmlout_text_plain(struct xmlout *xml, struct slice text)
{
	put_text(xml, text, &in_plain_text);
}

void xmlout_close(struct xmlout *xml)
{
	assert(xml->depth > 0);
	xml->depth--;
	if (xml->in_tag) {
		buf_put(xml->out, "/>\n", 3);
	} else {
		if (!xml->has_text)
			indent(xml);
		buf_put(xml->out, "</", 2);
		buf_puts(xml->out, xml->open[xml->depth]);
		buf_put(xml->out, ">\n", 2);
	}
	xml->in_tag = xml->has_text = false;
}

void xmlout_element(struct xmlout *xml, const char *name, struct slice text)
{
	xmlout_open(xml, name);
	xmlout_text(xml, text);
	xmlout_close(xml);
}
