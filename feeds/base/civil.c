#include "feeds/base/civil.h"

enum {
	YEARS_400 = 146097, /* days in 400 years, after which the calendar repeats */
	EPOCH = 719162,	    /* days from 0001-01-01 to 1970-01-01 */
};

/* Days of a common year before each month. */
static const int before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

int64_t civil_floor_div(int64_t value, int64_t divisor)
{
	return value / divisor - (value % divisor < 0);
}

bool civil_is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_month_days(int64_t year, int month)
{
	return before_month[month] - before_month[month - 1] + (month == 2 && civil_is_leap(year));
}

/* Days from 1970-01-01 to the first day of a year. */
static int64_t year_start(int64_t year)
{
	int64_t past = year - 1;

	return past * 365 + civil_floor_div(past, 4) - civil_floor_div(past, 100) +
	       civil_floor_div(past, 400) - EPOCH;
}

int64_t civil_days(int64_t year, int month, int day)
{
	return year_start(year) + before_month[month - 1] + (month > 2 && civil_is_leap(year)) +
	       day - 1;
}

void civil_date(int64_t days, int64_t *out_year, int *out_month, int *out_day)
{
	int64_t year = 1970 + civil_floor_div(days * 400, YEARS_400); /* off by one at most */
	int month = 12, day;

	while (year_start(year) > days)
		year--;
	while (year_start(year + 1) <= days)
		year++;
	while (civil_days(year, month, 1) > days)
		month--;
	day = (int)(days - civil_days(year, month, 1)) + 1;
	*out_year = year;
	*out_month = month;
	*out_day = day;
}

int civil_weekday(int64_t days)
{
	int64_t since_sunday = days + 4; /* 1970-01-01 was a Thursday */

	return (int)(since_sunday - civil_floor_div(since_sunday, 7) * 7);
}
