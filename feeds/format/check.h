/*
 * check: what both checks know of text.
 */
#ifndef FEEDS_FORMAT_CHECK_H
#define FEEDS_FORMAT_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/scan.h"
#include "feeds/base/slice.h"

/* Line ends in s[from..to). */
uint32_t check_lines(struct slice s, size_t from, size_t to);

/*
 * Length of the character at s[at], which is not ASCII; 0 when it is no UTF-8
 * (Unicode, table 3-7). Inline, as it may be called for every character.
 */
static inline size_t check_utf8(struct slice s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;
	unsigned char low = 0x80, high = 0xBF;
	size_t len;

	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		len = 2;
	else if (p[0] >= 0xE0 && p[0] <= 0xEF)
		len = 3;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		len = 4;
	else
		return 0;
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	if (s.len - at < len || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (p[i] < 0x80 || p[i] > 0xBF)
			return 0;
	return len;
}

/*
 * Index of the first byte at or after `at` that `special` marks, s.len when
 * there is none. The signs are SCAN_SIGN of all it marks from
 * blank to DEL.
 */
static inline size_t check_run(
    struct slice s, size_t at, const bool special[256], uint64_t sign, uint64_t other_sign)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	while (at < s.len) {
		if (s.len - at >= 8) {
			uint64_t word = scan_load(p + at);
			size_t plain = scan_plain(
			    scan_odd(word) | scan_sign(word, sign) | scan_sign(word, other_sign));

			at += plain;
			if (plain == 8)
				continue;
		}
		if (special[p[at]])
			break;
		at++;
	}
	return at;
}

#endif
