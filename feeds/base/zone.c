#include "feeds/base/zone.h"

#include <stdbool.h>
#include <stdlib.h>

#include "feeds/base/civil.h"
#include "feeds/base/mem.h"

enum {
	HEADER_SIZE = 44,	    /* RFC 8536 section 3.1 */
	TYPE_SIZE = 6,		    /* a local time type record */
	OFFSET_MAX = 26 * 3600 - 1, /* section 3.2 tells writers to stay within -25 and 26 hours */
	RULE_TIME_MAX = 167,	    /* hours in a rule's time, section 3.3.1 */
};

/* Far enough for any date, near enough that no sum overflows. */
static const int64_t INSTANT_MAX = (int64_t)1 << 56;

/* A day of the year on which a rule's change falls (POSIX.1-2017 section 8.3, TZ). */
struct rule_day {
	enum { DAY_NO_LEAP, DAY_OF_YEAR, DAY_OF_WEEK } kind;
	int day; /* Jn: 1 to 365, February 29 not counted; n: 0 to 365; weekday, 0 is Sunday */
	int month, week; /* Mm.w.d; week 5 is the last */
	int seconds;	 /* of the change, from midnight, in the time before it */
};

/* What holds after the last transition. */
struct rule {
	bool present, has_dst;
	int standard, dst;	     /* seconds east of UTC */
	struct rule_day start, stop; /* of daylight saving time */
};

struct zone {
	size_t transition_count;
	int64_t *times;	     /* ascending */
	unsigned char *kind; /* of local time from times[i] on: index into offsets */
	size_t type_count;
	int *offsets;
	int offset_min, offset_max;
	struct rule rule;
};

/* One of a file's data blocks: where its parts lie. */
struct block {
	size_t time_size; /* bytes in a transition time: 4 or 8 */
	uint32_t is_ut_count, is_std_count, leap_count, time_count, type_count, char_count;
	const unsigned char *times, *kinds, *types;
	size_t end; /* index behind the block */
};

static int no_tzif(struct err *err, const char *why)
{
	return err_set(err, ERR_SYNTAX, "is no time zone file (TZif): %s", why);
}

static uint32_t read_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t read_time(const unsigned char *p, size_t size)
{
	if (size == 4)
		return (int32_t)read_u32(p);
	return (int64_t)((uint64_t)read_u32(p) << 32 | read_u32(p + 4));
}

/* Read the header at `start` and lay out the data behind it (RFC 8536 sections 3.1, 3.2). */
static int read_block(
    struct slice file, size_t start, size_t time_size, struct block *out, struct err *err)
{
	const unsigned char *p = (const unsigned char *)file.ptr + start;
	struct block block = {.time_size = time_size};
	uint64_t size;

	if (file.len - start < HEADER_SIZE || !slice_starts(slice_from(file, start), "TZif"))
		return no_tzif(err, "no header");
	block.is_ut_count = read_u32(p + 20);
	block.is_std_count = read_u32(p + 24);
	block.leap_count = read_u32(p + 28);
	block.time_count = read_u32(p + 32);
	block.type_count = read_u32(p + 36);
	block.char_count = read_u32(p + 40);
	size = (uint64_t)block.time_count * (time_size + 1) +
	       (uint64_t)block.type_count * TYPE_SIZE + block.char_count +
	       (uint64_t)block.leap_count * (time_size + 4) + block.is_std_count +
	       block.is_ut_count;
	if (size > file.len - start - HEADER_SIZE)
		return no_tzif(err, "cut short");
	block.times = p + HEADER_SIZE;
	block.kinds = block.times + (size_t)block.time_count * time_size;
	block.types = block.kinds + block.time_count;
	block.end = start + HEADER_SIZE + (size_t)size;
	*out = block;
	return 0;
}

static void note_offset(struct zone *zone, int offset)
{
	if (offset < zone->offset_min)
		zone->offset_min = offset;
	if (offset > zone->offset_max)
		zone->offset_max = offset;
}

static int load_types(struct zone *zone, const struct block *block, struct err *err)
{
	if (block->type_count == 0 || block->type_count > 256)
		return no_tzif(err, "a bad number of local time types");
	zone->type_count = block->type_count;
	zone->offsets = mem_zalloc(zone->type_count, sizeof(*zone->offsets));
	for (size_t i = 0; i < zone->type_count; i++) {
		const unsigned char *type = block->types + i * TYPE_SIZE;
		int32_t offset = (int32_t)read_u32(type);

		if (offset < -OFFSET_MAX || offset > OFFSET_MAX || type[4] > 1 ||
		    type[5] >= block->char_count)
			return no_tzif(err, "a bad local time type");
		zone->offsets[i] = offset;
	}
	zone->offset_min = zone->offset_max = zone->offsets[0];
	for (size_t i = 1; i < zone->type_count; i++)
		note_offset(zone, zone->offsets[i]);
	return 0;
}

static int load_transitions(struct zone *zone, const struct block *block, struct err *err)
{
	zone->transition_count = block->time_count;
	zone->times = mem_zalloc(block->time_count, sizeof(*zone->times));
	zone->kind = mem_zalloc(block->time_count, 1);
	for (size_t i = 0; i < block->time_count; i++) {
		int64_t time = read_time(block->times + i * block->time_size, block->time_size);

		if (i > 0 && time <= zone->times[i - 1])
			return no_tzif(err, "transitions out of order");
		if (block->kinds[i] >= block->type_count)
			return no_tzif(err, "a transition to no local time type");
		zone->times[i] = time;
		zone->kind[i] = block->kinds[i];
	}
	return 0;
}

static bool take(struct slice *rest, char c)
{
	if (rest->len == 0 || rest->ptr[0] != c)
		return false;
	*rest = slice_from(*rest, 1);
	return true;
}

static bool take_number(struct slice *rest, int low, int high, int *out)
{
	size_t len = 0;
	int number = 0;

	while (len < rest->len && len < 4 && rest->ptr[len] >= '0' && rest->ptr[len] <= '9')
		number = number * 10 + (rest->ptr[len++] - '0');
	if (len == 0 || number < low || number > high)
		return false;
	*rest = slice_from(*rest, len);
	*out = number;
	return true;
}

/* [+-]hh[:mm[:ss]] as seconds. */
static bool take_time(struct slice *rest, int max_hours, int *out)
{
	bool minus = take(rest, '-');
	int hours, minutes = 0, seconds = 0;

	if (!minus)
		(void)take(rest, '+'); /* may be left out */
	if (!take_number(rest, 0, max_hours, &hours))
		return false;
	if (take(rest, ':')) {
		if (!take_number(rest, 0, 59, &minutes))
			return false;
		if (take(rest, ':') && !take_number(rest, 0, 59, &seconds))
			return false;
	}
	seconds += hours * 3600 + minutes * 60;
	*out = minus ? -seconds : seconds;
	return true;
}

/* The abbreviation of a zone: letters, or anything in <>. Nobody needs to know it. */
static bool take_name(struct slice *rest)
{
	size_t len = 0;

	if (take(rest, '<')) {
		*rest = slice_from(*rest, slice_find_byte(*rest, 0, '>'));
		return take(rest, '>');
	}
	while (len < rest->len && ((rest->ptr[len] | 32) >= 'a' && (rest->ptr[len] | 32) <= 'z'))
		len++;
	*rest = slice_from(*rest, len);
	return len >= 3;
}

/* ",date[/time]"; the time is 02:00 when left out. */
static bool take_rule_day(struct slice *rest, struct rule_day *out)
{
	out->seconds = 2 * 3600;
	if (!take(rest, ','))
		return false;
	if (take(rest, 'M')) {
		out->kind = DAY_OF_WEEK;
		if (!take_number(rest, 1, 12, &out->month) || !take(rest, '.') ||
		    !take_number(rest, 1, 5, &out->week) || !take(rest, '.') ||
		    !take_number(rest, 0, 6, &out->day))
			return false;
	} else if (take(rest, 'J')) {
		out->kind = DAY_NO_LEAP;
		if (!take_number(rest, 1, 365, &out->day))
			return false;
	} else {
		out->kind = DAY_OF_YEAR;
		if (!take_number(rest, 0, 365, &out->day))
			return false;
	}
	return !take(rest, '/') || take_time(rest, RULE_TIME_MAX, &out->seconds);
}

/* A POSIX TZ string with the extensions of RFC 8536 section 3.3.1. */
static bool read_rule(struct slice text, struct rule *out)
{
	struct rule rule = {.present = true};
	int west;

	if (!take_name(&text) || !take_time(&text, 24, &west))
		return false;
	rule.standard = -west; /* POSIX counts to the west */
	if (text.len > 0) {
		rule.has_dst = true;
		rule.dst = rule.standard + 3600;
		if (!take_name(&text))
			return false;
		if (text.len > 0 && text.ptr[0] != ',') {
			if (!take_time(&text, 24, &west))
				return false;
			rule.dst = -west;
		}
		/* Without a rule POSIX leaves the dates open: of no use here. */
		if (!take_rule_day(&text, &rule.start) || !take_rule_day(&text, &rule.stop))
			return false;
	}
	*out = rule;
	return text.len == 0;
}

/* The footer, between two line ends (RFC 8536 section 3.3); it may be empty. */
static int load_footer(struct zone *zone, struct slice rest, struct err *err)
{
	size_t end;

	if (!take(&rest, '\n'))
		return no_tzif(err, "no footer");
	end = slice_find_byte(rest, 0, '\n');
	if (end == rest.len)
		return no_tzif(err, "footer cut short");
	if (end == 0)
		return 0;
	if (!read_rule(slice_sub(rest, 0, end), &zone->rule))
		return no_tzif(err, "a bad rule in the footer");
	note_offset(zone, zone->rule.standard);
	if (zone->rule.has_dst)
		note_offset(zone, zone->rule.dst);
	return 0;
}

struct zone *zone_parse(struct slice tzif, struct err *err)
{
	struct zone *zone = NULL;
	struct block block;
	char version;

	if (read_block(tzif, 0, 4, &block, err) < 0)
		return NULL;
	version = tzif.ptr[4];
	if (version != '\0' && (version < '2' || version > '4')) {
		(void)no_tzif(err, "an unknown version"); /* NULL says that it failed */
		return NULL;
	}
	/* The first block is for readers of version 1 only, and may be empty. */
	if (version != '\0' && read_block(tzif, block.end, 8, &block, err) < 0)
		return NULL;
	if (block.leap_count > 0) {
		(void)err_set(err, ERR_INVALID, /* as above */
		    "is a time zone that counts leap seconds; use the one without 'right/'");
		return NULL;
	}
	zone = mem_zalloc(1, sizeof(*zone));
	if (load_types(zone, &block, err) < 0 || load_transitions(zone, &block, err) < 0 ||
	    (version != '\0' && load_footer(zone, slice_from(tzif, block.end), err) < 0)) {
		zone_free(zone);
		return NULL;
	}
	return zone;
}

void zone_free(struct zone *zone)
{
	if (!zone)
		return;
	free(zone->times);
	free(zone->kind);
	free(zone->offsets);
	free(zone);
}

/* Days from 1970-01-01 to the day that a rule means in a year. */
static int64_t rule_days(const struct rule_day *rule, int64_t year)
{
	int64_t first;
	int day;

	switch (rule->kind) {
	case DAY_NO_LEAP:
		return civil_days(year, 1, 1) + rule->day - 1 +
		       (rule->day >= 60 && civil_is_leap(year));
	case DAY_OF_YEAR: return civil_days(year, 1, 1) + rule->day;
	case DAY_OF_WEEK: break;
	}
	first = civil_days(year, rule->month, 1);
	day = 1 + (rule->day - civil_weekday(first) + 7) % 7 + (rule->week - 1) * 7;
	while (day > civil_month_days(year, rule->month))
		day -= 7;
	return first + day - 1;
}

/*
 * The last change of a rule at or before `at`, and the first one after it. A
 * change may lie a week outside its year, and so may those of the years around
 * it: two to each side are enough. Where DST ends in the moment that it starts
 * again (all year, section 3.3.1), the start counts.
 */
static void rule_changes(const struct rule *rule, int64_t at, bool *out_dst, int64_t *out_next)
{
	int64_t year, last = INT64_MIN, next = INT64_MAX;
	int month, day;
	bool dst = false;

	civil_date(civil_floor_div(at, CIVIL_DAY), &year, &month, &day);
	for (int64_t y = year - 2; y <= year + 2; y++) {
		for (int is_start = 0; is_start < 2; is_start++) {
			const struct rule_day *change = is_start ? &rule->start : &rule->stop;
			int64_t when = rule_days(change, y) * CIVIL_DAY + change->seconds -
				       (is_start ? rule->standard : rule->dst);

			if (when > at) {
				next = when < next ? when : next;
			} else if (when > last || (when == last && is_start)) {
				last = when;
				dst = is_start;
			}
		}
	}
	*out_dst = dst;
	*out_next = next;
}

static int64_t clamp_instant(int64_t seconds)
{
	if (seconds < -INSTANT_MAX)
		return -INSTANT_MAX;
	return seconds > INSTANT_MAX ? INSTANT_MAX : seconds;
}

/* How many transitions lie at or before `at`. */
static size_t transitions_past(const struct zone *zone, int64_t at)
{
	size_t low = 0, high = zone->transition_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->times[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The offset at an instant, and the next instant at which it may change (INT64_MAX: never). */
static int offset_at(const struct zone *zone, int64_t at, int64_t *out_next)
{
	size_t past = transitions_past(zone, at);
	bool dst = false;

	if (past < zone->transition_count) {
		*out_next = zone->times[past];
		/* Before the first transition type 0 holds (RFC 8536 section 3.2). */
		return zone->offsets[past > 0 ? zone->kind[past - 1] : 0];
	}
	*out_next = INT64_MAX;
	if (!zone->rule.present)
		return zone->offsets[past > 0 ? zone->kind[past - 1] : 0];
	if (zone->rule.has_dst)
		rule_changes(&zone->rule, at, &dst, out_next);
	return dst ? zone->rule.dst : zone->rule.standard;
}

int zone_offset(const struct zone *zone, int64_t unix_seconds)
{
	int64_t next;

	return zone ? offset_at(zone, clamp_instant(unix_seconds), &next) : 0;
}

int64_t zone_instant(const struct zone *zone, int64_t local_seconds)
{
	int64_t at, next;
	int offset;

	if (!zone)
		return local_seconds;
	local_seconds = clamp_instant(local_seconds);
	/*
	 * Walk the spans of equal offset from the earliest instant that can
	 * show this local time. The first span that shows it is the answer; if
	 * one ends before it and the next begins behind it, it was skipped, and
	 * the offset before the gap moves it forward by the gap.
	 */
	at = local_seconds - zone->offset_max;
	offset = offset_at(zone, at, &next);
	while (local_seconds - offset >= next) {
		int64_t change = next;
		int later = offset_at(zone, change, &next);

		if (local_seconds - later < change)
			break;
		offset = later;
	}
	return local_seconds - offset;
}
