/*
 * json: what the documents that --json prints have in common.
 *
 * docs/json.md says what is in them, and tests/docs/fields.py holds it to that. A
 * field that comes is no new version; one that goes, or means something else, is.
 */
#ifndef DAEMON_JSON_H
#define DAEMON_JSON_H

#include "feeds/base/jsonout.h"

enum { JSON_VERSION = 1 };

/* Open the document's object, and put the version. Close it by jsonout_close. */
void json_open(struct jsonout *json, struct buf *out);
/* A fact that is not known has no key: nothing for an empty text, or the time 0 (Unix seconds). */
void json_text(struct jsonout *json, const char *key, struct slice text);
void json_time(struct jsonout *json, const char *key, int64_t when);

#endif
