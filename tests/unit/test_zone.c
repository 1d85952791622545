/* zone: TZif files, hand-made and the system's, and their gaps and overlaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "feeds/base/buf.h"
#include "feeds/base/date.h"
#include "feeds/base/zone.h"

static void put_u32(struct buf *buf, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_putc(buf, (char)(number >> shift));
}

static void put_header(
    struct buf *buf, char version, uint32_t leaps, uint32_t times, uint32_t types)
{
	static const char reserved[15];

	buf_puts(buf, "TZif");
	buf_putc(buf, version);
	buf_put(buf, reserved, sizeof(reserved));
	put_u32(buf, 0);
	put_u32(buf, 0);
	put_u32(buf, leaps);
	put_u32(buf, times);
	put_u32(buf, types);
	put_u32(buf, 4);
}

static void put_type(struct buf *buf, int32_t offset)
{
	put_u32(buf, (uint32_t)offset);
	buf_put(buf, "\0\0", 2);
}

/*
 * Version 2 with an empty first block and one transition, to `offset` at
 * `when` from +00:30; then the footer.
 */
static void put_file(struct buf *buf, int32_t when, int32_t offset, const char *footer)
{
	put_header(buf, '2', 0, 0, 1);
	put_type(buf, 0);
	buf_put(buf, "ABC", 4);
	put_header(buf, '2', 0, 1, 2);
	put_u32(buf, when < 0 ? UINT32_MAX : 0);
	put_u32(buf, (uint32_t)when);
	buf_putc(buf, 1);
	put_type(buf, 1800);
	put_type(buf, offset);
	buf_put(buf, "ABC", 4);
	buf_printf(buf, "\n%s\n", footer);
}

static struct zone *parse_file(int32_t when, int32_t offset, const char *footer)
{
	struct buf buf = BUF_INIT;
	struct zone *zone;
	struct err err;

	put_file(&buf, when, offset, footer);
	zone = zone_parse(buf_slice(&buf), &err);
	buf_free(&buf);
	return zone;
}

static int64_t instant(const char *text)
{
	struct date date;

	assert_int_equal(date_parse(slice_of(text), &date), 0);
	return date_unix(&date, NULL);
}

static void test_utc(void **state)
{
	(void)state;
	assert_int_equal(zone_offset(NULL, 1704067200), 0);
	assert_int_equal(zone_instant(NULL, 1704067200), 1704067200);
	zone_free(NULL);
}

static void test_version_1(void **state)
{
	struct buf buf = BUF_INIT;
	struct zone *zone;
	struct err err;

	(void)state;
	put_header(&buf, '\0', 0, 2, 2);
	put_u32(&buf, (uint32_t)-1000);
	put_u32(&buf, 1000);
	buf_put(&buf, "\1\0", 2);
	put_type(&buf, 3600);
	put_type(&buf, 7200);
	buf_put(&buf, "ABC", 4);
	zone = zone_parse(buf_slice(&buf), &err);
	assert_non_null(zone);
	assert_int_equal(zone_offset(zone, -1001), 3600);
	assert_int_equal(zone_offset(zone, -1000), 7200);
	assert_int_equal(zone_offset(zone, 999), 7200);
	assert_int_equal(zone_offset(zone, 1000), 3600);
	assert_int_equal(zone_offset(zone, INT64_MAX), 3600);
	assert_int_equal(zone_offset(zone, INT64_MIN), 3600);
	zone_free(zone);
	buf_free(&buf);
}

/* Each kind of rule in a footer; expected offsets worked out by hand. */
static void test_footers(void **state)
{
	static const struct {
		const char *footer, *when;
		int offset;
	} cases[] = {
	    {"UTC0", "2050-07-01", 0},
	    {"<+0330>-3:30", "2050-07-01", 12600},
	    {"<-02>2", "2050-07-01", -7200},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T00:59:59Z", 3600},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T01:00:00Z", 7200},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T00:59:59Z", 7200},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T01:00:00Z", 3600},
	    /* the southern summer spans the new year */
	    {"NZST-12NZDT,M9.5.0,M4.1.0/3", "2050-01-01", 46800},
	    {"NZST-12NZDT,M9.5.0,M4.1.0/3", "2050-07-01", 43200},
	    /* Irish winter time is its "daylight saving", one hour back */
	    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2050-01-01", 0},
	    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2050-07-01", 3600},
	    /* a time before midnight: 22:00 UTC on the Saturday */
	    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T00:59:59Z", -7200},
	    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T01:00:00Z", -3600},
	    /* 50 hours after Thursday midnight: Saturday, 02:00 */
	    {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2050-03-25T23:59:59Z", 7200},
	    {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2050-03-26T00:00:00Z", 10800},
	    /* J60 is March 1 in any year, 59 only in common ones */
	    {"AAA0BBB,J60/0,J365/0", "2052-02-29T23:59:59Z", 0},
	    {"AAA0BBB,J60/0,J365/0", "2052-03-01T00:00:00Z", 3600},
	    {"AAA0BBB,59/0,364/0", "2052-02-28T23:59:59Z", 0},
	    {"AAA0BBB,59/0,364/0", "2052-02-29T00:00:00Z", 3600},
	    /* daylight saving time all year: RFC 8536 section 3.3.1 */
	    {"EST5EDT,0/0,J365/25", "2050-01-01T05:00:00Z", -14400},
	    {"EST5EDT,0/0,J365/25", "2050-01-01T04:59:59Z", -14400},
	    {"EST5EDT,0/0,J365/25", "2052-12-31T23:00:00Z", -14400},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct zone *zone = parse_file(1000, 3600, cases[i].footer);
		int offset;

		if (!zone)
			fail_msg("'%s' refused", cases[i].footer);
		offset = zone_offset(zone, instant(cases[i].when));
		if (offset != cases[i].offset)
			fail_msg("'%s' at %s: %d", cases[i].footer, cases[i].when, offset);
		assert_int_equal(zone_offset(zone, 999), 1800);
		zone_free(zone);
	}
}

static void test_no_footer(void **state)
{
	struct zone *zone = parse_file(-500, 7200, "");

	(void)state;
	assert_non_null(zone);
	assert_int_equal(zone_offset(zone, -501), 1800);
	assert_int_equal(zone_offset(zone, -500), 7200);
	assert_int_equal(zone_offset(zone, INT64_C(1) << 60), 7200);
	/* a gap of 90 minutes from 00:21:40 local time on */
	assert_int_equal(zone_instant(zone, -500 + 1799), -500 - 1);
	assert_int_equal(zone_instant(zone, -500 + 1800), -500);
	assert_int_equal(zone_instant(zone, -500 + 1800 + 60), -500 + 60);
	assert_int_equal(zone_instant(zone, -500 + 7200), -500);
	zone_free(zone);
}

static void test_refused(void **state)
{
	static const char *const footers[] = {"AB0", "ABC", "ABC25", "ABC0DEF", "ABC0DEF,M3.5.0",
	    "ABC0DEF,M13.1.0,M4.1.0", "ABC0DEF,M3.6.0,M4.1.0", "ABC0DEF,M3.0.0,M4.1.0",
	    "ABC0DEF,M3.1.7,M4.1.0", "ABC0DEF,J0,J5", "ABC0DEF,366,5", "ABC0DEF,5/168,9",
	    "ABC0DEF,5,9x", "<ABC0", "ABC0:60", "ABC0DEF,M3.1,M4.1.0"};
	struct buf buf = BUF_INIT;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(footers) / sizeof(*footers); i++)
		if (parse_file(1000, 3600, footers[i]))
			fail_msg("'%s' was taken", footers[i]);
	assert_null(parse_file(1000, 100 * 3600, "UTC0"));

	put_file(&buf, 1000, 3600, "UTC0");
	for (size_t len = 0; len < buf.len; len++) {
		assert_null(zone_parse(slice_make(buf.data, len), &err));
		assert_int_equal(err.kind, ERR_SYNTAX);
	}
	buf.data[4] = '9';
	assert_null(zone_parse(buf_slice(&buf), &err));
	buf_clear(&buf);

	put_header(&buf, '\0', 1, 0, 1); /* counts leap seconds */
	put_type(&buf, 0);
	buf_put(&buf, "ABC\0\0\0\0\0\0\0\0\0", 12);
	assert_null(zone_parse(buf_slice(&buf), &err));
	assert_int_equal(err.kind, ERR_INVALID);
	buf_clear(&buf);

	put_header(&buf, '\0', 0, 2, 1); /* goes back in time */
	put_u32(&buf, 1000);
	put_u32(&buf, 1000);
	buf_put(&buf, "\0\0", 2);
	put_type(&buf, 0);
	buf_put(&buf, "ABC", 4);
	assert_null(zone_parse(buf_slice(&buf), &err));
	buf_free(&buf);
}

/* The system's file for a zone, NULL where there is none. */
static struct zone *system_zone(const char *name)
{
	struct buf path = BUF_INIT, bytes = BUF_INIT;
	char part[4096];
	struct zone *zone = NULL;
	struct err err;
	size_t len;
	FILE *file;

	buf_printf(&path, "/usr/share/zoneinfo/%s", name);
	file = fopen(buf_string(&path), "rb");
	if (file) {
		while ((len = fread(part, 1, sizeof(part), file)) > 0)
			buf_put(&bytes, part, len);
		(void)fclose(file); /* only read */
		zone = zone_parse(buf_slice(&bytes), &err);
		if (!zone)
			fail_msg("%s: %s", name, err.text);
	}
	buf_free(&path);
	buf_free(&bytes);
	return zone;
}

static void test_system_offsets(void **state)
{
	static const struct {
		const char *zone, *when;
		int offset;
	} cases[] = {
	    {"Europe/Berlin", "2024-03-31T00:59:59Z", 3600},
	    {"Europe/Berlin", "2024-03-31T01:00:00Z", 7200},
	    {"Europe/Berlin", "2024-10-27T00:59:59Z", 7200},
	    {"Europe/Berlin", "2024-10-27T01:00:00Z", 3600},
	    {"Europe/Berlin", "2050-03-27T00:59:59Z", 3600},
	    {"Europe/Berlin", "2050-03-27T01:00:00Z", 7200},
	    {"Europe/Berlin", "2050-10-30T00:59:59Z", 7200},
	    {"Europe/Berlin", "2050-10-30T01:00:00Z", 3600},
	    {"Europe/Berlin", "1850-01-01T00:00:00Z", 3208}, /* mean solar time */
	    {"America/New_York", "2024-03-10T06:59:59Z", -18000},
	    {"America/New_York", "2024-03-10T07:00:00Z", -14400},
	    {"America/New_York", "2060-11-07T05:59:59Z", -14400},
	    {"America/New_York", "2060-11-07T06:00:00Z", -18000},
	    {"Asia/Kolkata", "2024-01-01T00:00:00Z", 19800},
	    {"Asia/Kolkata", "1943-01-01T00:00:00Z", 23400},
	    {"Australia/Lord_Howe", "2024-04-06T14:59:59Z", 39600},
	    {"Australia/Lord_Howe", "2024-04-06T15:00:00Z", 37800},
	    {"Australia/Lord_Howe", "2055-10-02T15:29:59Z", 37800},
	    {"Australia/Lord_Howe", "2055-10-02T15:30:00Z", 39600},
	    {"Pacific/Apia", "2011-12-30T09:59:59Z", -36000},
	    {"Pacific/Apia", "2011-12-30T10:00:00Z", 50400},
	    {"Europe/Dublin", "2050-01-01T00:00:00Z", 0},
	    {"Europe/Dublin", "2050-07-01T00:00:00Z", 3600},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct zone *zone = system_zone(cases[i].zone);
		int offset;

		if (!zone)
			skip();
		offset = zone_offset(zone, instant(cases[i].when));
		if (offset != cases[i].offset)
			fail_msg("%s at %s: %d", cases[i].zone, cases[i].when, offset);
		zone_free(zone);
	}
}

static void test_system_instants(void **state)
{
	static const struct {
		const char *zone, *local, *utc;
	} cases[] = {
	    {"Europe/Berlin", "2024-07-01 12:00", "2024-07-01T10:00:00Z"},
	    {"Europe/Berlin", "2024-03-31 01:59:59", "2024-03-31T00:59:59Z"},
	    {"Europe/Berlin", "2024-03-31 02:30", "2024-03-31T01:30:00Z"}, /* skipped */
	    {"Europe/Berlin", "2024-03-31 03:00", "2024-03-31T01:00:00Z"},
	    {"Europe/Berlin", "2024-10-27 02:30", "2024-10-27T00:30:00Z"}, /* twice */
	    {"Europe/Berlin", "2024-10-27 03:00", "2024-10-27T02:00:00Z"},
	    {"Europe/Berlin", "2050-03-27 02:30", "2050-03-27T01:30:00Z"}, /* skipped */
	    {"Europe/Berlin", "2050-10-30 02:30", "2050-10-30T00:30:00Z"}, /* twice */
	    {"Asia/Kolkata", "2024-01-01 00:00", "2023-12-31T18:30:00Z"},
	    {"Australia/Lord_Howe", "2024-10-06 02:15", "2024-10-05T15:45:00Z"}, /* skipped */
	    {"Australia/Lord_Howe", "2024-04-07 01:45", "2024-04-06T14:45:00Z"}, /* twice */
	    {"Pacific/Apia", "2011-12-29 23:59:59", "2011-12-30T09:59:59Z"},
	    {"Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z"}, /* a day without */
	    {"Pacific/Apia", "2011-12-31 00:00", "2011-12-30T10:00:00Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct zone *zone = system_zone(cases[i].zone);
		struct date date;

		if (!zone)
			skip();
		assert_int_equal(date_parse(slice_of(cases[i].local), &date), 0);
		if (date_unix(&date, zone) != instant(cases[i].utc))
			fail_msg("%s at %s", cases[i].zone, cases[i].local);
		date = date_civil(instant(cases[i].utc), zone);
		assert_true(date.has_offset);
		assert_int_equal(date_unix(&date, NULL), instant(cases[i].utc));
		zone_free(zone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_utc),
	    cmocka_unit_test(test_version_1),
	    cmocka_unit_test(test_footers),
	    cmocka_unit_test(test_no_footer),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_system_offsets),
	    cmocka_unit_test(test_system_instants),
	};

	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
