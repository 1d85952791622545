/* Parts of a date in addresses, by the names that Jekyll and Hexo have for them, and by strftime's. */
#include "feeds/base/civil.h"
#include "feeds/base/text.h"
#include "feeds/permalink.h"

static const struct {
	const char *name, *format;
} tokens[] = {{"year", "%Y"}, {"month", "%m"}, {"day", "%d"}, {"short_year", "%y"},
    {"i_month", "%-m"}, {"short_month", "%b"}, {"long_month", "%B"}, {"i_day", "%-d"},
    {"y_day", "%j"}, {"w_year", "%G"}, {"week", "%V"}, {"w_day", "%u"}, {"short_day", "%a"},
    {"long_day", "%A"}, {"hour", "%H"}, {"minute", "%M"}, {"second", "%S"}};

/* English whatever the locale, as these generators have them. */
static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December"};
static const char *const weekdays[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/* What the calendar says of a day. */
struct day {
	int of_year;		/* 1 to 366 */
	int of_week;		/* 1 is Monday, 7 is Sunday (ISO 8601) */
	int week, year_of_week; /* the year that the week's Thursday lies in (ISO 8601) */
};

static struct day look_up(const struct date *date)
{
	int64_t days = civil_days(date->year, date->month, date->day), thursday, year;
	int month, day, weekday = civil_weekday(days);
	struct day out = {.of_year = (int)(days - civil_days(date->year, 1, 1)) + 1,
	    .of_week = weekday > 0 ? weekday : 7};

	thursday = days + 4 - out.of_week;
	civil_date(thursday, &year, &month, &day);
	out.year_of_week = (int)year;
	out.week = (int)(thursday - civil_days(year, 1, 1)) / 7 + 1;
	return out;
}

/* `%c`, or `%-c` where `bare`: without its leading zeros. False: no such letter. */
static bool put_field(struct buf *out, const struct date *date, char c, bool bare)
{
	const char *month = months[date->month - 1];
	struct day day = look_up(date);
	const char *weekday = weekdays[day.of_week - 1];
	int width = 2, number;

	switch (c) {
	case 'a': buf_printf(out, "%.3s", weekday); return true;
	case 'A': buf_puts(out, weekday); return true;
	case 'b': buf_printf(out, "%.3s", month); return true;
	case 'B': buf_puts(out, month); return true;
	case 'Y': number = date->year, width = 4; break;
	case 'G': number = day.year_of_week, width = 4; break;
	case 'j': number = day.of_year, width = 3; break;
	case 'u': number = day.of_week, width = 1; break;
	case 'V': number = day.week; break;
	case 'y': number = date->year % 100; break;
	case 'm': number = date->month; break;
	case 'd': number = date->day; break;
	case 'H': number = date->hour; break;
	case 'M': number = date->minute; break;
	case 'S': number = date->second; break;
	default: return false;
	}
	buf_printf(out, "%0*d", bare ? 1 : width, number);
	return true;
}

bool permalink_put_date(struct buf *out, const struct date *date, struct slice format)
{
	for (size_t i = 0; i < format.len; i++) {
		bool bare;

		if (format.ptr[i] != '%') {
			buf_putc(out, format.ptr[i]);
			continue;
		}
		bare = i + 1 < format.len && format.ptr[i + 1] == '-';
		i += bare ? 2 : 1;
		if (i >= format.len || !put_field(out, date, format.ptr[i], bare))
			return false;
	}
	return true;
}

const char *permalink_date_token(size_t index)
{
	return index < sizeof(tokens) / sizeof(*tokens) ? tokens[index].name : NULL;
}

bool permalink_put_date_token(
    struct buf *out, const struct permalink_parts *parts, struct slice token)
{
	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++) {
		struct buf text = BUF_INIT;

		if (!slice_equal_str(token, tokens[i].name))
			continue;
		(void)permalink_put_date(
		    &text, &parts->date, slice_of(tokens[i].format)); /* it is right */
		if (permalink_lowers_dates(parts->style))
			text_put_lower(out, buf_slice(&text));
		else
			buf_put_slice(out, buf_slice(&text));
		buf_free(&text);
		return true;
	}
	return false;
}
