#include "feeds/format/check.h"

uint32_t check_lines(struct slice s, size_t from, size_t to)
{
	uint32_t lines = 0;

	s = slice_sub(s, 0, to);
	for (size_t at = from; (at = slice_find_byte(s, at, '\n')) < to; at++)
		lines++;
	return lines;
}
