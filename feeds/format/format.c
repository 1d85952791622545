#include "feeds/format/format.h"

const struct format *const formats[FORMAT_COUNT] = {
    &format_rss,
    &format_atom,
    &format_json,
};
