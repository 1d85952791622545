#include "feeds/ping/reply.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "feeds/base/mem.h"

static void on_doctype(void *arg, const xmlChar *name, const xmlChar *public, const xmlChar *system)
{
	xmlParserCtxtPtr parser = arg;

	(void)name, (void)public, (void)system;
	parser->wellFormed = 0;
	xmlStopParser(parser);
}

/* Nobody is to hear of it: it is the answer of a stranger. */
static void on_error(void *arg, xmlErrorPtr error)
{
	(void)arg, (void)error;
}

xmlDocPtr reply_parse(const struct ping_answer *answer)
{
	struct slice body = slice_trim(answer->body); /* PHP likes an empty line before it */
	xmlParserCtxtPtr parser;
	xmlDocPtr doc;

	if (body.len > ANSWER_READ_MAX || body.len == 0)
		return NULL;
	parser = xmlCreateMemoryParserCtxt(body.ptr, (int)body.len);
	if (!parser)
		mem_exhausted();
	parser->sax->internalSubset = on_doctype;
	parser->sax->serror = on_error;
	(void)xmlCtxtUseOptions(parser, XML_PARSE_NONET); /* knows the option */
	(void)xmlParseDocument(parser);			  /* `wellFormed` tells */
	doc = parser->myDoc;
	if (!parser->wellFormed) {
		xmlFreeDoc(doc);
		doc = NULL;
	}
	xmlFreeParserCtxt(parser);
	return doc;
}

bool reply_is(const xmlNode *node, const char *name)
{
	return node && node->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)node->name, name) == 0;
}

xmlNodePtr reply_child(const xmlNode *node, const char *name)
{
	for (xmlNodePtr child = node ? node->children : NULL; child; child = child->next)
		if (name ? reply_is(child, name) : child->type == XML_ELEMENT_NODE)
			return child;
	return NULL;
}

static struct slice taken(xmlChar *text, struct arena *arena)
{
	struct slice copy = arena_copy(arena, slice_trim(slice_of((const char *)text)));

	xmlFree(text);
	return copy;
}

struct slice reply_text(const xmlNode *node, struct arena *arena)
{
	return taken(xmlNodeGetContent(node), arena);
}

struct slice reply_attribute(const xmlNode *node, const char *name, struct arena *arena)
{
	return taken(xmlGetNoNsProp(node, BAD_CAST name), arena);
}
