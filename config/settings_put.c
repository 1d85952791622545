/* Parts of a setting as people read them. */
#include <inttypes.h>

#include "config/settings.h"

void settings_put_kind(const struct setting *setting, struct buf *out)
{
	if (setting->type->takes == VALUE_LIST)
		buf_puts(out, "list of ");
	if (setting->type->choice)
		type_put_choices(setting, out);
	else if (setting->type->takes == VALUE_INT)
		buf_printf(
		    out, "%s, %" PRId64 " to %" PRId64, setting->unit, setting->min, setting->max);
	else if (setting->unit)
		buf_printf(out, "%s, %s", setting->type->name, setting->unit);
	else
		buf_puts(out, setting->type->name);
	if (setting->required)
		buf_puts(out, "; required");
	else if (!setting->standard)
		buf_puts(out, "; not set");
}

void settings_put_value(const struct setting *setting, struct buf *out)
{
	const char *value = setting->standard ? setting->standard : setting->example;

	if (value)
		buf_puts(out, value);
	for (size_t i = 0; !value && i < FORMAT_FEEDS; i++)
		if (slice_equal_str(slice_of(formats[i]->name), setting->key))
			buf_printf(out, "\"%s\"", formats[i]->file);
}
