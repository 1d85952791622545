#include "feeds/format/format.h"

const struct format *const formats[FORMAT_ALL] = {
    &format_rss,
    &format_atom,
    &format_json,
    &format_page,
    &format_index,
    &format_opml,
    &format_stylesheet,
};

size_t format_find(struct slice name)
{
	size_t i = 0;

	while (i < FORMAT_ALL && !slice_equal_str(name, formats[i]->name))
		i++;
	return i;
}
