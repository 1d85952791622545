/*
 * zone: a time zone out of a TZif file (RFC 8536), as bytes.
 *
 * The caller reads the file (`/usr/share/zoneinfo/Europe/Berlin`); nothing
 * here looks at the host's own zone.
 */
#ifndef FEEDS_BASE_ZONE_H
#define FEEDS_BASE_ZONE_H

#include <stdint.h>

#include "feeds/base/err.h"
#include "feeds/base/slice.h"

struct zone;

/* NULL with ERR_SYNTAX when the bytes are no TZif file of version 1 to 4. */
struct zone *zone_parse(struct slice tzif, struct err *err);
void zone_free(struct zone *zone);

/* Offset from UTC in seconds (east positive) at an instant; NULL is UTC. */
int zone_offset(const struct zone *zone, int64_t unix_seconds);

/*
 * The instant of a local wall-clock time, given as if it were UTC. A time that
 * happens twice is the first of the two; one that is skipped moves forward by
 * the length of the gap. NULL is UTC.
 */
int64_t zone_instant(const struct zone *zone, int64_t local_seconds);

#endif
