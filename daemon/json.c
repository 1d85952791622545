#include "daemon/json.h"

#include "feeds/base/date.h"

void json_open(struct jsonout *json, struct buf *out)
{
	jsonout_start(json, out);
	jsonout_object(json, NULL);
	jsonout_int(json, "version", JSON_VERSION);
}

void json_text(struct jsonout *json, const char *key, struct slice text)
{
	if (text.len)
		jsonout_string(json, key, text);
}

void json_time(struct jsonout *json, const char *key, int64_t when)
{
	char date[DATE_RFC3339_SIZE];

	if (when)
		jsonout_string(json, key, slice_of(date_rfc3339(when, date)));
}
