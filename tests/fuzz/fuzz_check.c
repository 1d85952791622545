/*
 * check: what our own readers let pass, libxml2 and jansson read too; and JSON
 * that jansson refuses for its form is refused here. The first byte cuts the
 * rest into two pieces.
 */
#include <jansson.h>
#include <libxml/parser.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool passes(const struct format_check *with, struct slice document, size_t cut)
{
	void *check = with->start();
	struct err err = {0};
	bool good = with->put(check, slice_sub(document, 0, cut), &err) == 0 &&
		    with->put(check, slice_from(document, cut), &err) == 0 &&
		    with->finish(check, &err) == 0;

	with->free(check);
	if (!good && (err.kind == ERR_NONE || err.text[0] == '\0'))
		abort();
	return good;
}

static bool libxml_reads(struct slice document)
{
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	xmlDocPtr doc = xmlCtxtReadMemory(parser, document.ptr, (int)document.len, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	bool good = doc && parser->wellFormed && parser->nsWellFormed;

	xmlFreeDoc(doc);
	xmlFreeParserCtxt(parser);
	return good;
}

/* `form`: as far as its form goes. Jansson's numbers have a range, the grammar's have none. */
static bool jansson_reads(struct slice document, bool form)
{
	json_error_t error = {0};
	json_t *json = json_loadb(document.ptr, document.len, 0, &error);
	bool good = json ? json_is_object(json)
			 : form && json_error_code(&error) == json_error_numeric_overflow;

	json_decref(json);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice document;
	size_t cut;

	if (size == 0)
		return 0;
	document = slice_make((const char *)data + 1, size - 1);
	cut = data[0] < document.len ? data[0] : document.len;
	if (passes(&format_check_xml, document, cut) && !libxml_reads(document))
		abort();
	if (passes(&format_check_json, document, cut) && !jansson_reads(document, true))
		abort();
	/* In one piece the two agree, but for a NUL behind a word, which jansson overlooks. */
	if (!memchr(data, '\0', size) && jansson_reads(document, false) &&
	    !passes(&format_check_json, document, document.len))
		abort();
	return 0;
}
