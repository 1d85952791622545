/*
 * json: how every document begins that --json prints.
 *
 * docs/json.md says what is in them, and tests/docs/fields.py holds it to that. A
 * field that comes is no new version; one that goes, or means something else, is.
 */
#ifndef DAEMON_JSON_H
#define DAEMON_JSON_H

#include "feeds/base/jsonout.h"

enum { JSON_VERSION = 1 };

/* Open the document's object, and put the version. Close it by jsonout_close. */
static inline void json_open(struct jsonout *json, struct buf *out)
{
	jsonout_start(json, out);
	jsonout_object(json, NULL);
	jsonout_int(json, "version", JSON_VERSION);
}

#endif
