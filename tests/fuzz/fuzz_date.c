/* date: whatever is read exists, and comes back from its own instant. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "feeds/base/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct date *date)
{
	char out[DATE_RFC3339_SIZE];
	int64_t instant = date_unix(date, NULL);
	struct date again;

	assert(date->year >= 1 && date->year <= 9999);
	assert(date->has_offset || date->offset == 0);
	assert(date->has_time || (date->hour == 0 && !date->has_offset));
	if (instant < -62135596800 || instant > 253402300799)
		return; /* beyond what can be written */
	assert(date_parse(slice_of(date_rfc3339(instant, out)), &again) == 0);
	assert(date_unix(&again, NULL) == instant);
	again = date_civil(instant, NULL);
	assert(date_unix(&again, NULL) == instant);
	if (date->second < 60 && date->offset == 0)
		assert(again.day == date->day && again.hour == date->hour);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_make((const char *)data, size);
	struct date date = {0};
	size_t len, end;

	if (date_parse(text, &date) == 0)
		check(&date);
	date = (struct date){0};
	len = date_prefix(text, &date);
	assert(len <= size);
	if (len > 0)
		check(&date);
	date = (struct date){0};
	if (date_in_path(text, &date, &end)) {
		assert(end >= 10 && end <= size);
		check(&date);
	}
	return 0;
}
