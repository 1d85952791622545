#include "feeds/markup/htmlescape.h"

#include <stdint.h>

#include "feeds/base/scan.h"

/* Bytes that cannot just be copied: 1 escapes, 2 dropped, 3 begin what may have to go. */
static const uint8_t special[256] = {
    [0x00 ... 0x08] = 2,
    [0x0b ... 0x1f] = 2,
    [0x7f] = 2,
    ['&'] = 1,
    ['<'] = 1,
    ['>'] = 1,
    ['"'] = 1,
    [0xc2] = 3,
    [0xef] = 3,
};

/* What Windows-1252 has from 0x80 on; empty where it has nothing. */
static const char windows_1252[32][4] = {"€", "", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹",
    "Œ", "", "Ž", "", "", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "", "ž", "Ÿ"};

static const char *escape_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	default: return "&quot;";
	}
}

/* Bytes at s[at], after 0xc2 or 0xef, that do not stay; *as is what they become. */
static size_t bad_sequence(struct slice s, size_t at, const char **as)
{
	uint8_t second = s.len - at > 1 ? (uint8_t)s.ptr[at + 1] : 0;

	if ((uint8_t)s.ptr[at] == 0xc2) {
		if (second < 0x80 || second > 0x9f)
			return 0;
		*as = windows_1252[second - 0x80];
		return 2;
	}
	/* U+FFFE and U+FFFF */
	if (second == 0xbf && s.len - at > 2 && (uint8_t)s.ptr[at + 2] >= 0xbe) {
		*as = "";
		return 3;
	}
	return 0;
}

/* How many bytes at s[at] are plain for sure. */
static size_t plain_run(struct slice s, size_t at)
{
	size_t start = at, plain = 8;

	while (plain == 8 && s.len - at >= 8) {
		uint64_t word = scan_load(s.ptr + at);

		plain = scan_plain(
		    scan_odd(word) | scan_sign(word, SCAN_SIGN('&')) |
		    scan_sign(word, SCAN_SIGN('<')) | scan_sign(word, SCAN_SIGN('>')) |
		    scan_sign(word, SCAN_SIGN('"')) | scan_sign(word, SCAN_SIGN('\x7f')));
		at += plain;
	}
	return at - start;
}

void htmlescape_put(struct buf *out, struct slice text)
{
	size_t run = 0;

	for (size_t at = 0; at < text.len; at++) {
		const char *as = "";
		size_t len = 1;

		at += plain_run(text, at);
		if (at == text.len)
			break;
		switch (special[(uint8_t)text.ptr[at]]) {
		case 0: continue;
		case 1: as = escape_of(text.ptr[at]); break;
		case 2: break;
		default:
			len = bad_sequence(text, at, &as);
			if (len == 0)
				continue;
		}
		buf_put_slice(out, slice_sub(text, run, at));
		buf_puts(out, as);
		run = at + len;
		at = run - 1;
	}
	buf_put_slice(out, slice_from(text, run));
}
