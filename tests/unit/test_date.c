/* date: every shape met in articles, and how dates are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "feeds/base/date.h"

/* What was read, in one line; "refused" when nothing was. */
static void show(const char *text, char out[80])
{
	struct date date;
	size_t len;

	if (date_parse(slice_of(text), &date) < 0) {
		strcpy(out, "refused");
		return;
	}
	len = (size_t)snprintf(out, 80, "%04d-%02d-%02d", date.year, date.month, date.day);
	if (date.has_time)
		len += (size_t)snprintf(
		    out + len, 80 - len, " %02d:%02d:%02d", date.hour, date.minute, date.second);
	else
		assert_int_equal(date.hour + date.minute + date.second, 0);
	if (date.has_offset)
		(void)snprintf(out + len, 80 - len, " %+d", date.offset / 60); /* fits */
}

static void expect(const char *const cases[][2], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char got[80];

		show(cases[i][0], got);
		if (strcmp(got, cases[i][1]) != 0)
			fail_msg("'%s': got %s, want %s", cases[i][0], got, cases[i][1]);
	}
}

#define EXPECT(cases) expect((cases), sizeof(cases) / sizeof(*(cases)))

static void test_numeric(void **state)
{
	static const char *const cases[][2] = {
	    {"2013-05-06 02:12:52 +0200", "2013-05-06 02:12:52 +120"},
	    {"2016-05-28", "2016-05-28"},
	    {"2007-04-24 08:58:47+00:00", "2007-04-24 08:58:47 +0"},
	    {"2013-10-21 7:15 UTC", "2013-10-21 07:15:00 +0"},
	    {"2025-04-30T17:15:25+05:30", "2025-04-30 17:15:25 +330"},
	    {"2010-01-10 13:07:09", "2010-01-10 13:07:09"},
	    {"2013-04-02 07:40 UTC", "2013-04-02 07:40:00 +0"},
	    {"2014-11-18T00:00:00Z", "2014-11-18 00:00:00 +0"},
	    {"2013-09-06 22:02:41 -0400", "2013-09-06 22:02:41 -240"},
	    {"2013-11-22 5:00:00 +0000", "2013-11-22 05:00:00 +0"},
	    {"2013-06-07T02:33:00.000Z", "2013-06-07 02:33:00 +0"},
	    {"2019-04-09T8:09:26-07:00", "2019-04-09 08:09:26 -420"},
	    {"2010-01-10 13:07:09 +00:00", "2010-01-10 13:07:09 +0"},
	    {"2013-10-02 14:19", "2013-10-02 14:19:00"},
	    {"2014-10-9 18:45 UTC", "2014-10-09 18:45:00 +0"},
	    {"2018-7-9 7:03 UTC", "2018-07-09 07:03:00 +0"},
	    {"2023-08-28 07:28 UtC", "2023-08-28 07:28:00 +0"},
	    {"2024-01-02t10:00:00z", "2024-01-02 10:00:00 +0"},
	    {"2024-01-02T10:00:00+02", "2024-01-02 10:00:00 +120"},
	    {"2024-01-02 10:00:00.5 -5", "2024-01-02 10:00:00 -300"},
	    {"2024-01-02 10:00:00,123456789+0200", "2024-01-02 10:00:00 +120"},
	    {"2024/01/02 10:20", "2024-01-02 10:20:00"},
	    {"2024/1/2", "2024-01-02"},
	    {"20240102", "2024-01-02"},
	    {"20240102T030405Z", "2024-01-02 03:04:05 +0"},
	    {"  2024-01-02 \n", "2024-01-02"},
	    {"0001-01-01T00:00:00Z", "0001-01-01 00:00:00 +0"},
	    {"2016-12-31T23:59:60Z", "2016-12-31 23:59:60 +0"},
	    {"2024-01-02 10:00 +14:00", "2024-01-02 10:00:00 +840"},
	    {"2024-01-02 10:00 -12:00", "2024-01-02 10:00:00 -720"},
	    {"2024-02-29", "2024-02-29"},
	    {"2000-02-29", "2000-02-29"},
	};

	(void)state;
	EXPECT(cases);
}

static void test_named(void **state)
{
	static const char *const cases[][2] = {
	    {"Jul 08 2022", "2022-07-08"},
	    {"8 July 2022", "2022-07-08"},
	    {"January 2, 2024", "2024-01-02"},
	    {"Sept. 2, 2024", "2024-09-02"},
	    {"may 2 2024", "2024-05-02"},
	    {"2 Jan 2024 10:00 +0200", "2024-01-02 10:00:00 +120"},
	    {"January 2, 2024 3:04 PM", "2024-01-02 15:04:00"},
	    {"Sat May 21 2022 00:00:00 GMT-0400 (Eastern Daylight Time)",
		"2022-05-21 00:00:00 -240"},
	    {"Tue Jan  2 03:04:05 2024", "2024-01-02 03:04:05"},
	    {"Tue Jan  2 03:04:05 PM UTC 2024", "2024-01-02 15:04:05 +0"},
	    {"Tue Jan 2 03:04:05 2024 +0200", "2024-01-02 03:04:05 +120"},
	    {"Jan 2 03:04 EST 2024", "2024-01-02 03:04:00 -300"},
	    {"Tue, 02 Jan 2024 03:04:05 GMT", "2024-01-02 03:04:05 +0"},
	    {"Wednesday, 3 January 2024 03:04:05 -0330", "2024-01-03 03:04:05 -210"},
	    {"02 Jan 24 03:04 EST", "2024-01-02 03:04:00 -300"},
	    {"02 Jan 98 03:04 PDT", "1998-01-02 03:04:00 -420"},
	    {"Tue, 2 Jan 2024 03:04:05 +0000 (UTC)", "2024-01-02 03:04:05 +0"},
	};

	(void)state;
	EXPECT(cases);
}

static void test_halves_and_zones(void **state)
{
	static const char *const cases[][2] = {
	    {"2024-01-02 3:04 PM", "2024-01-02 15:04:00"},
	    {"2024-01-02 3:04pm", "2024-01-02 15:04:00"},
	    {"2024-01-02 12:04 AM", "2024-01-02 00:04:00"},
	    {"2024-01-02 12:04 PM", "2024-01-02 12:04:00"},
	    {"2024-01-02 3:04:05 AM UTC", "2024-01-02 03:04:05 +0"},
	    {"2024-01-02 10:00 GMT+2", "2024-01-02 10:00:00 +120"},
	    {"2024-01-02 10:00 UT", "2024-01-02 10:00:00 +0"},
	    {"2024-01-02 10:00 EDT", "2024-01-02 10:00:00 -240"},
	    {"2024-01-02 10:00 CST", "2024-01-02 10:00:00 -360"},
	    {"2024-01-02 10:00 CDT", "2024-01-02 10:00:00 -300"},
	    {"2024-01-02 10:00 MST", "2024-01-02 10:00:00 -420"},
	    {"2024-01-02 10:00 MDT", "2024-01-02 10:00:00 -360"},
	    {"2024-01-02 10:00 PST", "2024-01-02 10:00:00 -480"},
	};

	(void)state;
	EXPECT(cases);
}

static void test_refused(void **state)
{
	static const char *const texts[] = {"", " ", "2021-02-08 16:30-:00+16:30",
	    "2013-04-29 12.04 UTC", "2023-01-29 18:30:22 2023 -0800", "{{ date }}", "{{date}}",
	    "TBD", "now", "2024", "2024-01", "2024-02-30", "2023-02-29", "1900-02-29", "2024-04-31",
	    "2024-00-01", "2024-01-00", "2024-13-01", "0000-01-01", "2024-01-02 24:10",
	    "2024-01-02 24:00", "2024-01-02 10:60", "2024-01-02 10:00:61", "2024-01-02 13:00 PM",
	    "2024-01-02 0:10 AM", "2024-01-02 10:00 +16:00", "2024-01-02 10:00 +10:60",
	    "2024-01-02 10:00 XYZ", "2024-01-02 10:00 +", "2024-01-02T", "2024-01-02T10",
	    "2024-01-02 10", "2024-01-02 10:0", "2024-01-02 10:00:0", "2024-01-02 10:00:00.",
	    "2024-01/02", "03/04/2024", "3.4.2024", "24-01-02", "02 Jan 24", "Jan 2024",
	    "2 Jan 2024 (", "2024-01-02 10:00 (no end", "2024-01-02 10:00Z Z", "2024-01-02x",
	    "2024-01-02 UTC", "20241301", "202401021", "Foo, 2 Jan 2024", "Janu 2 2024",
	    "Tue Jan 2 03:04:05", "Tue Jan 2 03:04:05 24", "Jan 2 03:04 2024 x", "Jan 2 03:04 CET",
	    "Feb 30 03:04:05 2024", "Jan 2 03:04 UTC 2024 +0100", "2024-01-02 10:00\xC2\xA0UTC"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char got[80];

		show(texts[i], got);
		if (strcmp(got, "refused") != 0)
			fail_msg("'%s' was read as %s", texts[i], got);
	}
}

static void test_prefix(void **state)
{
	static const struct {
		const char *name;
		size_t len;
		int month, day;
	} cases[] = {
	    {"2024-01-02-slug.md", 11, 1, 2},
	    {"2024-1-2-slug", 9, 1, 2},
	    {"2017-2-05_slug", 10, 2, 5},
	    {"20240102-slug", 9, 1, 2},
	    {"2024-11-12", 10, 11, 12},
	    {"2024-11-12.md", 11, 11, 12},
	    {"20241112.md", 9, 11, 12},
	    {"2024-11-12 A title", 11, 11, 12},
	    {"2024-11-12 - A title", 13, 11, 12},
	    {"2024-11-12--slug", 11, 11, 12},
	    {"2024-02-30-slug", 0, 0, 0},
	    {"2024-11-123", 0, 0, 0},
	    {"2024-11-12slug", 0, 0, 0},
	    {"2024-11", 0, 0, 0},
	    {"240102-slug", 0, 0, 0},
	    {"12345678-slug", 0, 0, 0},
	    {"99991231-slug", 0, 0, 0},
	    {"202401021-slug", 0, 0, 0},
	    {"", 0, 0, 0},
	    {"slug", 0, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct date date = {0};
		size_t len = date_prefix(slice_of(cases[i].name), &date);

		if (len != cases[i].len || date.month != cases[i].month || date.day != cases[i].day)
			fail_msg("'%s': %zu bytes", cases[i].name, len);
		assert_false(date.has_time);
	}
}

static void test_prefix_time(void **state)
{
	static const struct {
		const char *name;
		size_t len;
		int64_t instant;
	} cases[] = {
	    {"2018-10-10T10:00:00Z-foo", 21, 1539165600},
	    {"2018-10-10T10:00:00Z_foo", 21, 1539165600},
	    {"2018-10-10T10:00:00+02:00-foo", 26, 1539158400},
	    {"2018-10-10T10-00-00-foo", 20, 1539165600},
	    {"2018-10-10T10-00-00Z-foo", 21, 1539165600},
	    {"2018-10-10T10-00-00-05-foo", 20, 1539165600},
	    {"2018-10-10T10-00-00-05:00-foo", 26, 1539183600},
	    {"2018-10-10T10:00:00Z", 20, 1539165600},
	    {"2018-10-10T10:00:00Zfoo", 0, 0},
	    {"2018-10-10T25:00:00Z-foo", 0, 0},
	    {"2018-10-10T10:00-foo", 0, 0},
	    {"20181010T100000Z-foo", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct date date = {0};
		size_t len = date_prefix(slice_of(cases[i].name), &date);

		if (len != cases[i].len || (len && date_unix(&date, NULL) != cases[i].instant))
			fail_msg("'%s': %zu bytes", cases[i].name, len);
	}
}

static void test_prefix_broken(void **state)
{
	static const struct {
		const char *name;
		size_t len;
	} cases[] = {
	    {"2024-02-30-slug", 10},
	    {"2023-2-29_slug", 9},
	    {"2024-13-01", 10},
	    {"2024-00-01 A title", 10},
	    {"2024-02-29-slug", 0},
	    {"2024-02-30slug", 0},
	    {"20240230-slug", 0},
	    {"12345678-slug", 0},
	    {"slug", 0},
	    {"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (date_prefix_broken(slice_of(cases[i].name)) != cases[i].len)
			fail_msg("'%s'", cases[i].name);
}

static void test_in_path(void **state)
{
	struct date date;
	size_t end;

	(void)state;
	assert_true(date_in_path(SLICE("blog/2024/03/09/slug.md"), &date, &end));
	assert_int_equal(date.day, 9);
	assert_int_equal(end, 15);
	assert_true(date_in_path(SLICE("/2001/01/01/2024/12/31"), &date, &end));
	assert_int_equal(date.year, 2024);
	assert_int_equal(end, 22);
	assert_true(date_in_path(SLICE("2024/12/31"), &date, NULL));
	assert_false(date_in_path(SLICE("2024/02/30/x"), &date, NULL));
	assert_false(date_in_path(SLICE("2024/02"), &date, NULL));
	assert_false(date_in_path(SLICE("2024/02/031"), &date, NULL));
	assert_false(date_in_path(SLICE("12024/02/03/x"), &date, NULL));
	assert_false(date_in_path(SLICE("2024/02/03-x"), &date, NULL));
	assert_false(date_in_path(SLICE(""), &date, NULL));
}

static int64_t instant(const char *text)
{
	struct date date;

	assert_int_equal(date_parse(slice_of(text), &date), 0);
	return date_unix(&date, NULL);
}

static void test_unix(void **state)
{
	(void)state;
	assert_int_equal(instant("1970-01-01"), 0);
	assert_int_equal(instant("1969-12-31T23:59:59Z"), -1);
	assert_int_equal(instant("2000-02-29 12:00 UTC"), 951825600);
	assert_int_equal(instant("2024-01-02T03:04:05+02:00"), 1704157445);
	assert_int_equal(instant("2038-01-19T03:14:08Z"), 2147483648);
	assert_int_equal(instant("0001-01-01"), -62135596800);
	assert_int_equal(instant("9999-12-31T23:59:59Z"), 253402300799);
	assert_int_equal(instant("2016-12-31T23:59:60Z"), instant("2017-01-01T00:00:00Z"));
	assert_int_equal(
	    instant("Sat May 21 2022 00:00:00 GMT-0400 (EDT)"), instant("2022-05-21T04:00:00Z"));
}

/* Each day of 800 years there and back. */
static void test_calendar(void **state)
{
	int64_t day = instant("1600-01-01") / 86400, last = instant("2400-01-01") / 86400;
	struct date before = date_civil((day - 1) * 86400, NULL);

	(void)state;
	for (; day < last; day++) {
		struct date date = date_civil(day * 86400 + 86399, NULL);

		assert_int_equal(date_unix(&date, NULL), day * 86400 + 86399);
		if (date.day != before.day + 1) {
			assert_int_equal(date.day, 1);
			assert_true(before.day >= 28);
		}
		before = date;
	}
	assert_int_equal(before.year, 2399);
}

static void test_written(void **state)
{
	char out[DATE_RFC822_SIZE];

	(void)state;
	assert_string_equal(date_rfc3339(1704164645, out), "2024-01-02T03:04:05Z");
	assert_string_equal(date_rfc3339(-1, out), "1969-12-31T23:59:59Z");
	assert_string_equal(date_rfc3339(INT64_MAX, out), "9999-12-31T23:59:59Z");
	assert_string_equal(date_rfc3339(INT64_MIN, out), "0001-01-01T00:00:00Z");
	assert_string_equal(date_rfc822(1704164645, out), "Tue, 02 Jan 2024 03:04:05 GMT");
	assert_string_equal(date_rfc822(0, out), "Thu, 01 Jan 1970 00:00:00 GMT");
	assert_string_equal(date_rfc822(-1, out), "Wed, 31 Dec 1969 23:59:59 GMT");
	assert_string_equal(date_rfc822(951782400, out), "Tue, 29 Feb 2000 00:00:00 GMT");
	assert_string_equal(date_rfc822(INT64_MAX, out), "Fri, 31 Dec 9999 23:59:59 GMT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numeric),
	    cmocka_unit_test(test_named),
	    cmocka_unit_test(test_halves_and_zones),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_prefix),
	    cmocka_unit_test(test_prefix_time),
	    cmocka_unit_test(test_prefix_broken),
	    cmocka_unit_test(test_in_path),
	    cmocka_unit_test(test_unix),
	    cmocka_unit_test(test_calendar),
	    cmocka_unit_test(test_written),
	};

	return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
