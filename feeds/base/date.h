/*
 * date: dates as authors write them, and as feeds want them.
 *
 * date_parse reads the text of a value; the zone comes later, in date_unix,
 * because a date without one is meant in the site's zone. Writing is always
 * in UTC: RFC 3339 for Atom and JSON Feed, RFC 822 with a four-digit year
 * for RSS.
 */
#ifndef FEEDS_BASE_DATE_H
#define FEEDS_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/slice.h"
#include "feeds/base/zone.h"

struct date {
	int year;		  /* 1 to 9999 */
	int month;		  /* 1 to 12 */
	int day;		  /* 1 to 31, one that the month has */
	int hour, minute, second; /* 0 to 23, 59, 60; zero without a time */
	bool has_time;
	bool has_offset;
	int offset; /* seconds east of UTC, when has_offset */
};

/*
 * Reads every shape met in articles: ISO 8601 with "T" or blanks, one-digit
 * months, days and hours, seconds left out, fractions dropped, offsets as
 * `Z`, `UTC`, `+02:00`, `+0200`, `+02`, with or without a blank before;
 * `Jul 08 2022`, `8 July 2022`, RFC 822, what JavaScript's Date prints
 * (`Sat May 21 2022 00:00:00 GMT-0400 (Eastern Daylight Time)`), what C's ctime,
 * date(1) and git print (`Sat May 21 12:00:00 2022`), `YYYY/MM/DD`, `YYYYMMDD`.
 * Returns 0, or -1 when the text is none of these as a whole or names a day that does not exist.
 */
int date_parse(struct slice text, struct date *out);

/*
 * A date at the start of a file or folder name: `2024-01-02-slug`,
 * `2024-1-2-slug`, `20240102-slug`, `2024-01-02` alone, with "-", "_", "." or a
 * blank behind it; and with a time, `2024-01-02T10:00:00Z-slug`, `2024-01-02T10-00-00-slug`.
 * Returns the number of bytes that belong to the date and its separator, 0 when there is none.
 */
size_t date_prefix(struct slice name, struct date *out);

/*
 * The same of a name that begins like one but with a day that does not exist, as in
 * `2024-02-30-slug`: the bytes of that day, 0 when there is none. Eight digits in a row are left
 * alone: they may be any number.
 */
size_t date_prefix_broken(struct slice name);

/*
 * `YYYY/MM/DD` as three path segments anywhere in `path`, the last such. Returns true when
 * found; *out_end (may be NULL) is the index just behind the day.
 */
bool date_in_path(struct slice path, struct date *out, size_t *out_end);

/* The instant, Unix seconds; `zone` (NULL: UTC) serves dates without an offset. */
int64_t date_unix(const struct date *date, const struct zone *zone);

/* The civil date and time at an instant in a zone (NULL: UTC); has_offset is set. */
struct date date_civil(int64_t unix_seconds, const struct zone *zone);

enum { DATE_RFC3339_SIZE = 32, DATE_RFC822_SIZE = 40 };

/* `2024-01-02T03:04:05Z`. Years 1 to 9999; others are clamped. */
const char *date_rfc3339(int64_t unix_seconds, char out[DATE_RFC3339_SIZE]);
/* `Tue, 02 Jan 2024 03:04:05 GMT`. */
const char *date_rfc822(int64_t unix_seconds, char out[DATE_RFC822_SIZE]);

#endif
