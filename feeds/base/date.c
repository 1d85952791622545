#include "feeds/base/date.h"

#include <stdio.h>
#include <string.h>

#include "feeds/base/civil.h"

enum {
	HOUR = 3600,
	OFFSET_HOURS_MAX = 15, /* Manila and Alaska had nearly 16 once; today it is 14 */
};

struct named {
	const char *name;
	int number;
};

static const struct named months[] = {{"Jan", 1}, {"January", 1}, {"Feb", 2}, {"February", 2},
    {"Mar", 3}, {"March", 3}, {"Apr", 4}, {"April", 4}, {"May", 5}, {"Jun", 6}, {"June", 6},
    {"Jul", 7}, {"July", 7}, {"Aug", 8}, {"August", 8}, {"Sep", 9}, {"Sept", 9}, {"September", 9},
    {"Oct", 10}, {"October", 10}, {"Nov", 11}, {"November", 11}, {"Dec", 12}, {"December", 12},
    {NULL, 0}};

/* Only their presence counts: when the weekday is wrong, the date is not. */
static const struct named weekdays[] = {{"Mon", 1}, {"Monday", 1}, {"Tue", 2}, {"Tuesday", 2},
    {"Wed", 3}, {"Wednesday", 3}, {"Thu", 4}, {"Thursday", 4}, {"Fri", 5}, {"Friday", 5},
    {"Sat", 6}, {"Saturday", 6}, {"Sun", 7}, {"Sunday", 7}, {NULL, 0}};

/* Hours east; RFC 822 section 5.1. Its one-letter zones but Z were given wrong there. */
static const struct named zones[] = {{"Z", 0}, {"UTC", 0}, {"GMT", 0}, {"UT", 0}, {"EST", -5},
    {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7},
    {NULL, 0}};

struct cursor {
	struct slice s;
	size_t at;
};

static bool at_end(const struct cursor *c)
{
	return c->at == c->s.len;
}

/* The next byte, NUL at the end. */
static char peek(const struct cursor *c)
{
	return at_end(c) ? '\0' : c->s.ptr[c->at];
}

static bool take(struct cursor *c, char byte)
{
	if (at_end(c) || peek(c) != byte)
		return false;
	c->at++;
	return true;
}

static bool take_blanks(struct cursor *c)
{
	size_t start = c->at;

	while (peek(c) == ' ' || peek(c) == '\t')
		c->at++;
	return c->at > start;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Digits from here on, counted up to one more than anyone wants. */
static int digits_ahead(const struct cursor *c)
{
	int count = 0;

	while (count < 9 && c->at + (size_t)count < c->s.len &&
	       is_digit(c->s.ptr[c->at + (size_t)count]))
		count++;
	return count;
}

/* Exactly `count` of the digits that stand here, which may be more. */
static int take_digits(struct cursor *c, int count)
{
	int number = 0;

	while (count-- > 0)
		number = number * 10 + (c->s.ptr[c->at++] - '0');
	return number;
}

/* A number of `min` to `max` digits, and not one more. */
static bool take_number(struct cursor *c, int min, int max, int *out)
{
	int count = digits_ahead(c);

	if (count < min || count > max)
		return false;
	*out = take_digits(c, count);
	return true;
}

static struct slice take_word(struct cursor *c)
{
	size_t start = c->at;

	while ((peek(c) | 32) >= 'a' && (peek(c) | 32) <= 'z')
		c->at++;
	return slice_sub(c->s, start, c->at);
}

static const struct named *find_named(const struct named *names, struct slice word)
{
	for (; names->name; names++)
		if (slice_equal_nocase(word, names->name))
			return names;
	return NULL;
}

/* YYYY-M-D or YYYY/M/D; or YYYYMMDD, and then *out_compact is set. */
static bool read_numeric(struct cursor *c, struct date *out, bool *out_compact)
{
	char mark;

	*out_compact = digits_ahead(c) == 8;
	if (*out_compact) {
		out->year = take_digits(c, 4);
		out->month = take_digits(c, 2);
		out->day = take_digits(c, 2);
		return true;
	}
	if (!take_number(c, 4, 4, &out->year))
		return false;
	mark = peek(c);
	return (mark == '-' || mark == '/') && take(c, mark) && take_number(c, 1, 2, &out->month) &&
	       take(c, mark) && take_number(c, 1, 2, &out->day);
}

static bool read_month(struct cursor *c, int *out)
{
	const struct named *month = find_named(months, take_word(c));

	if (!month)
		return false;
	*out = month->number;
	return true;
}

/*
 * A year behind day and month. Two digits are RFC 822's own form and are read
 * as RFC 5322 section 4.3 says; without a time behind them they may be anything.
 */
static bool read_year(struct cursor *c, bool may_be_short, int *out)
{
	int count = digits_ahead(c);

	if (count == 4) {
		*out = take_digits(c, 4);
		return true;
	}
	if (count != 2 || !may_be_short)
		return false;
	*out = take_digits(c, 2);
	*out += *out < 50 ? 2000 : 1900;
	return !at_end(c);
}

/* `Weekday, `, when it is there; false when nothing may follow what is. */
static bool read_weekday(struct cursor *c)
{
	struct cursor start = *c;

	if (!find_named(weekdays, take_word(c))) {
		*c = start;
		return true;
	}
	(void)take(c, '.'); /* these two may be left out */
	(void)take(c, ',');
	return take_blanks(c);
}

/* `[Weekday,] 8 July 2022`, `[Weekday] Jul 8, 2022`. */
static bool read_named(struct cursor *c, struct date *out)
{
	if (!read_weekday(c))
		return false;
	if (is_digit(peek(c))) {
		if (!take_number(c, 1, 2, &out->day) || !take_blanks(c) ||
		    !read_month(c, &out->month))
			return false;
		(void)take(c, '.'); /* as above */
		(void)take(c, ',');
		return take_blanks(c) && read_year(c, true, &out->year);
	}
	if (!read_month(c, &out->month))
		return false;
	(void)take(c, '.'); /* as above */
	if (!take_blanks(c) || !take_number(c, 1, 2, &out->day))
		return false;
	(void)take(c, ','); /* as above */
	return take_blanks(c) && read_year(c, false, &out->year);
}

/* H:MM[:SS[.fraction]]; behind YYYYMMDD also HHMM[SS]. */
static bool read_clock(struct cursor *c, bool compact, struct date *out)
{
	int count = digits_ahead(c);

	out->has_time = true;
	if (compact && (count == 4 || count == 6)) {
		out->hour = take_digits(c, 2);
		out->minute = take_digits(c, 2);
		if (count == 6)
			out->second = take_digits(c, 2);
		return true;
	}
	if (!take_number(c, 1, 2, &out->hour) || !take(c, ':') ||
	    !take_number(c, 2, 2, &out->minute))
		return false;
	if (!take(c, ':'))
		return true;
	if (!take_number(c, 2, 2, &out->second))
		return false;
	if (take(c, '.') || take(c, ',')) {
		if (!is_digit(peek(c)))
			return false;
		while (is_digit(peek(c)))
			c->at++;
	}
	return true;
}

/* AM or PM, when it is there. */
static bool read_half(struct cursor *c, struct date *out)
{
	struct cursor start = *c;
	struct slice word;
	bool is_pm;

	(void)take_blanks(c); /* may be none */
	word = take_word(c);
	is_pm = slice_equal_nocase(word, "pm");
	if (!is_pm && !slice_equal_nocase(word, "am")) {
		*c = start;
		return true;
	}
	if (out->hour < 1 || out->hour > 12)
		return false;
	out->hour = out->hour % 12 + (is_pm ? 12 : 0);
	return true;
}

/* +H, +HH, +HHMM, +HH:MM, + or -. */
static bool read_offset(struct cursor *c, struct date *out)
{
	bool minus = take(c, '-');
	int hours, minutes = 0;

	if (!minus && !take(c, '+'))
		return false;
	if (digits_ahead(c) == 4) {
		hours = take_digits(c, 2);
		minutes = take_digits(c, 2);
	} else if (!take_number(c, 1, 2, &hours) ||
		   (take(c, ':') && !take_number(c, 2, 2, &minutes))) {
		return false;
	}
	if (hours > OFFSET_HOURS_MAX || minutes > 59)
		return false;
	out->has_offset = true;
	out->offset = (hours * HOUR + minutes * 60) * (minus ? -1 : 1);
	return true;
}

/* A zone's name, an offset, or UTC and an offset; it may be missing. */
static bool read_zone(struct cursor *c, struct date *out)
{
	const struct named *zone;
	struct slice word;

	(void)take_blanks(c); /* may be none */
	if (at_end(c) || peek(c) == '(')
		return true;
	word = take_word(c);
	if (word.len == 0)
		return read_offset(c, out);
	zone = find_named(zones, word);
	if (!zone)
		return false;
	out->has_offset = true;
	out->offset = zone->number * HOUR;
	if (zone->number == 0 && word.len > 1 && (peek(c) == '+' || peek(c) == '-'))
		return read_offset(c, out);
	return true;
}

/* A zone's name in words, as JavaScript and mail programs add it. */
static bool read_comment(struct cursor *c)
{
	(void)take_blanks(c); /* may be none */
	if (!take(c, '('))
		return true;
	while (!at_end(c) && peek(c) != ')' && peek(c) != '(')
		c->at++;
	return take(c, ')');
}

/*
 * The year behind the time, as C's ctime and date(1) have it, and git with an
 * offset at the end: `[Weekday] Jul 8 12:00:00 [zone] 2022 [+0200]`.
 */
static bool read_ctime(struct cursor *c, struct date *out)
{
	if (!read_weekday(c) || !read_month(c, &out->month) || !take_blanks(c) ||
	    !take_number(c, 1, 2, &out->day) || !take_blanks(c) || !read_clock(c, false, out) ||
	    !read_half(c, out) || !take_blanks(c))
		return false;
	if (digits_ahead(c) != 4 && (!read_zone(c, out) || !take_blanks(c)))
		return false;
	if (digits_ahead(c) != 4)
		return false;
	out->year = take_digits(c, 4);
	return out->has_offset || read_zone(c, out);
}

static bool exists(const struct date *date)
{
	return date->year >= 1 && date->month >= 1 && date->month <= 12 && date->day >= 1 &&
	       date->day <= civil_month_days(date->year, date->month) && date->hour <= 23 &&
	       date->minute <= 59 && date->second <= 60; /* a leap second */
}

int date_parse(struct slice text, struct date *out)
{
	struct cursor c = {slice_trim(text), 0};
	struct date date = {0};
	bool compact = false, is_numeric = digits_ahead(&c) >= 4;
	struct cursor ctime = c;

	if (!is_numeric && read_ctime(&ctime, &date) && at_end(&ctime) && exists(&date)) {
		*out = date;
		return 0;
	}
	date = (struct date){0};
	if (is_numeric ? !read_numeric(&c, &date, &compact) : !read_named(&c, &date))
		return -1;
	if (!at_end(&c)) {
		if (!is_numeric || (!take(&c, 'T') && !take(&c, 't'))) {
			(void)take(&c, ','); /* may be left out */
			if (!take_blanks(&c))
				return -1;
		}
		if (!read_clock(&c, compact, &date) || !read_half(&c, &date) ||
		    !read_zone(&c, &date) || !read_comment(&c))
			return -1;
	}
	if (!at_end(&c) || !exists(&date))
		return -1;
	*out = date;
	return 0;
}

/*
 * What divides the date from the rest of a name: one mark, or one with blanks
 * around it as in "2024-01-02 - Title".
 */
static bool take_separator(struct cursor *c)
{
	bool blank = take_blanks(c);
	bool mark = take(c, '-') || take(c, '_') || take(c, '.');

	if (blank && mark)
		(void)take_blanks(c); /* may be none */
	return blank || mark;
}

/* The day that begins a name, whether it exists or not; with "-" within it, else eight digits. */
static bool take_name_day(struct cursor *c, struct date *date, bool *out_dashed)
{
	*out_dashed = digits_ahead(c) != 8;
	if (*out_dashed)
		return take_number(c, 4, 4, &date->year) && take(c, '-') &&
		       take_number(c, 1, 2, &date->month) && take(c, '-') &&
		       take_number(c, 1, 2, &date->day);
	date->year = take_digits(c, 4);
	date->month = take_digits(c, 2);
	date->day = take_digits(c, 2);
	/* Eight digits may be any number: let them be a date that a writer could mean. */
	return date->year >= 1900 && date->year <= 2199;
}

static bool take_two(struct cursor *c, int *out)
{
	return take_number(c, 2, 2, out);
}

/*
 * The time behind a name's day, as Zola has it: `T10:00:00Z`, `T10:00:00+02:00`; with "-" for ":"
 * in the time, as file systems want that know no ":", and without a zone. All of it or nothing.
 */
static void take_name_time(struct cursor *c, struct date *date)
{
	struct cursor ahead = *c, zone;
	struct date timed = *date, zoned;
	char mark;

	if (!take(&ahead, 'T') || !take_two(&ahead, &timed.hour))
		return;
	mark = peek(&ahead);
	if ((mark != ':' && mark != '-') || !take(&ahead, mark) ||
	    !take_two(&ahead, &timed.minute) || !take(&ahead, mark) ||
	    !take_two(&ahead, &timed.second) || !exists(&timed))
		return;
	timed.has_time = true;
	zone = ahead;
	zoned = timed;
	if (take(&ahead, 'Z')) {
		timed.has_offset = true;
	} else if (read_offset(&zone, &zoned) && zone.at - ahead.at == strlen("+02:00")) {
		/* A shorter one may be the title's own number. */
		timed = zoned;
		ahead = zone;
	}
	*c = ahead;
	*date = timed;
}

size_t date_prefix(struct slice name, struct date *out)
{
	struct cursor c = {name, 0};
	struct date date = {0};
	bool dashed;

	if (!take_name_day(&c, &date, &dashed) || !exists(&date))
		return 0;
	if (dashed)
		take_name_time(&c, &date);
	if (!at_end(&c) && !take_separator(&c))
		return 0;
	*out = date;
	return c.at;
}

size_t date_prefix_broken(struct slice name)
{
	struct cursor c = {name, 0};
	struct date date = {0};
	bool dashed;
	size_t end;

	if (!take_name_day(&c, &date, &dashed) || !dashed || exists(&date))
		return 0;
	end = c.at;
	return at_end(&c) || take_separator(&c) ? end : 0;
}

bool date_in_path(struct slice path, struct date *out, size_t *out_end)
{
	enum { LENGTH = 10 }; /* of YYYY/MM/DD */

	for (size_t start = path.len + 1; start-- > 0;) {
		struct cursor c = {path, start};
		struct date date = {0};

		if (path.len - start < LENGTH || (start > 0 && path.ptr[start - 1] != '/'))
			continue;
		if (!take_number(&c, 4, 4, &date.year) || !take(&c, '/') ||
		    !take_number(&c, 2, 2, &date.month) || !take(&c, '/') ||
		    !take_number(&c, 2, 2, &date.day) || !exists(&date))
			continue;
		if (!at_end(&c) && peek(&c) != '/')
			continue;
		*out = date;
		if (out_end)
			*out_end = c.at;
		return true;
	}
	return false;
}

int64_t date_unix(const struct date *date, const struct zone *zone)
{
	int64_t local = civil_days(date->year, date->month, date->day) * CIVIL_DAY +
			date->hour * HOUR + date->minute * 60 + date->second;

	return date->has_offset ? local - date->offset : zone_instant(zone, local);
}

/* Keep the civil year within 1 to 9999. */
static int64_t clamp_local(int64_t seconds)
{
	int64_t first = civil_days(1, 1, 1) * CIVIL_DAY;
	int64_t last = civil_days(10000, 1, 1) * CIVIL_DAY - 1;

	if (seconds < first)
		return first;
	return seconds > last ? last : seconds;
}

/* The date that a UTC clock shows. */
static struct date split(int64_t seconds)
{
	int64_t days = civil_floor_div(seconds, CIVIL_DAY), year;
	int rest = (int)(seconds - days * CIVIL_DAY);
	struct date date = {.has_time = true, .has_offset = true};

	civil_date(days, &year, &date.month, &date.day);
	date.year = (int)year;
	date.hour = rest / HOUR;
	date.minute = rest / 60 % 60;
	date.second = rest % 60;
	return date;
}

struct date date_civil(int64_t unix_seconds, const struct zone *zone)
{
	int offset = zone_offset(zone, unix_seconds);
	struct date date = split(clamp_local(clamp_local(unix_seconds) + offset));

	date.offset = offset;
	return date;
}

const char *date_rfc3339(int64_t unix_seconds, char out[DATE_RFC3339_SIZE])
{
	struct date date = split(clamp_local(unix_seconds));

	(void)snprintf(out, DATE_RFC3339_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ", date.year,
	    date.month, date.day, date.hour, date.minute, date.second); /* 20 bytes */
	return out;
}

const char *date_rfc822(int64_t unix_seconds, char out[DATE_RFC822_SIZE])
{
	int64_t seconds = clamp_local(unix_seconds);
	struct date date = split(seconds);
	int weekday = civil_weekday(civil_floor_div(seconds, CIVIL_DAY));

	/* Names are English whatever the locale (RFC 822 section 5.1). */
	(void)snprintf(out, DATE_RFC822_SIZE, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
	    &"SunMonTueWedThuFriSat"[weekday * 3], date.day,
	    &"JanFebMarAprMayJunJulAugSepOctNovDec"[(date.month - 1) * 3], date.year, date.hour,
	    date.minute, date.second); /* 29 bytes */
	return out;
}
