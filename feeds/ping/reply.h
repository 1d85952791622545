/*
 * reply: an answer's body as XML, for the protocols that answer so.
 *
 *	reply_parse ─► reply_child, reply_text, reply_attribute … ─► xmlFreeDoc
 *
 * Strict: what is not well-formed, declares a document type, or is longer than
 * ANSWER_READ_MAX is not read, so there are no entities but XML's own five.
 */
#ifndef FEEDS_PING_REPLY_H
#define FEEDS_PING_REPLY_H

#include <libxml/tree.h>

#include "feeds/ping/answer.h"

/* NULL when it cannot be read, or is not XML. */
xmlDocPtr reply_parse(const struct ping_answer *answer);
/* An element with this name, in no matter which namespace? NULL is none. */
bool reply_is(const xmlNode *node, const char *name);
/* The first child element with this name, NULL: with any; NULL when there is none, or no node. */
xmlNodePtr reply_child(const xmlNode *node, const char *name);
/* All text within, without white space at the ends; in the arena. */
struct slice reply_text(const xmlNode *node, struct arena *arena);
/* The value of an attribute, empty when it is not there; in the arena. */
struct slice reply_attribute(const xmlNode *node, const char *name, struct arena *arena);

#endif
