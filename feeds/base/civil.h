/*
 * civil: days and dates of the Gregorian calendar, carried back before 1582 as
 * ISO 8601 does it. Arithmetic only: no zones, no clock.
 */
#ifndef FEEDS_BASE_CIVIL_H
#define FEEDS_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

enum { CIVIL_DAY = 86400 }; /* seconds */

bool civil_is_leap(int64_t year);
/* 28 to 31; `month` is 1 to 12. */
int civil_month_days(int64_t year, int month);

/* Days from 1970-01-01 to a date that exists. Years within some 10^14 of now. */
int64_t civil_days(int64_t year, int month, int day);
/* The date so many days after 1970-01-01. */
void civil_date(int64_t days, int64_t *out_year, int *out_month, int *out_day);
/* 0 is Sunday. */
int civil_weekday(int64_t days);

/* Division that rounds down, for seconds before 1970; `divisor` is positive. */
int64_t civil_floor_div(int64_t value, int64_t divisor);

#endif
