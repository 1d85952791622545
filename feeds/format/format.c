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
