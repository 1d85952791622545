/*
 * zone: a file that is taken answers for any instant, and a local time comes
 * back from its instant unless it was skipped.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct zone *zone, int64_t local)
{
	int64_t instant = zone_instant(zone, local);
	int64_t shown = instant + zone_offset(zone, instant);

	assert(shown >= local); /* equal, or moved forward out of a gap */
	assert(shown - local <= 2 * 26 * 3600);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t some[] = {0, -1, 1711846800, 1729990800, 2531955600, 4118083200,
	    -3786825600, 253402300799, -62135596800};
	struct err err;
	struct zone *zone = zone_parse(slice_make((const char *)data, size), &err);

	if (!zone)
		return 0;
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++)
		for (int64_t step = -4; step <= 4; step++)
			check(zone, some[i] + step * 1801);
	(void)zone_offset(zone, INT64_MIN);
	(void)zone_offset(zone, INT64_MAX);
	(void)zone_instant(zone, INT64_MIN);
	(void)zone_instant(zone, INT64_MAX);
	zone_free(zone);
	return 0;
}
