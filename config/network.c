#include "config/network.h"

#include <stddef.h>
#include <string.h>

enum { GROUPS = 8, MAPPED_BITS = 96, DECIMAL_MAX = 3, HEX_MAX = 4 };

/* Decimal digits alone, at most three, and no 0 in front: to some, "010" is 8. */
static bool parse_decimal(struct slice text, unsigned max, unsigned *out)
{
	unsigned number = 0;

	if (text.len == 0 || text.len > DECIMAL_MAX || (text.len > 1 && text.ptr[0] == '0'))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		number = number * 10 + (unsigned)(text.ptr[i] - '0');
	}
	*out = number;
	return number <= max;
}

static bool parse_ipv4(struct slice text, uint8_t out[4])
{
	for (size_t i = 0; i < 4; i++) {
		size_t dot = slice_find_byte(text, 0, '.');
		unsigned byte;

		if ((dot == text.len) != (i == 3) ||
		    !parse_decimal(slice_sub(text, 0, dot), UINT8_MAX, &byte))
			return false;
		out[i] = (uint8_t)byte;
		text = slice_from(text, dot + (i < 3));
	}
	return true;
}

static bool parse_hex(struct slice text, uint8_t out[2])
{
	unsigned number = 0;

	if (text.len == 0 || text.len > HEX_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		static const char digits[] = "0123456789abcdef";
		char c = text.ptr[i];
		const char *digit =
		    c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

		if (!digit)
			return false;
		number = number << 4 | (unsigned)(digit - digits);
	}
	out[0] = (uint8_t)(number >> 8);
	out[1] = (uint8_t)number;
	return true;
}

/* RFC 4291, 2.2: groups of hex digits, once "::" for zeros, perhaps IPv4 at the end. */
static bool parse_ipv6(struct slice text, uint8_t out[16])
{
	uint8_t bytes[2 * GROUPS] = {0};
	size_t len = 0, gap = SIZE_MAX;

	if (slice_starts(text, "::")) {
		gap = 0;
		text = slice_from(text, 2);
	}
	while (text.len > 0) {
		size_t colon = slice_find_byte(text, 0, ':');

		if (colon == text.len && len + 4 <= sizeof(bytes) &&
		    parse_ipv4(text, bytes + len)) {
			len += 4;
			break;
		}
		if (len == sizeof(bytes) || !parse_hex(slice_sub(text, 0, colon), bytes + len))
			return false;
		len += 2;
		if (colon == text.len)
			break;
		text = slice_from(text, colon + 1);
		if (text.len == 0)
			return false;
		if (text.ptr[0] == ':') {
			if (gap != SIZE_MAX)
				return false;
			gap = len;
			text = slice_from(text, 1);
		}
	}
	if (gap == SIZE_MAX ? len != sizeof(bytes) : len > sizeof(bytes) - 2)
		return false;
	memset(out, 0, sizeof(bytes));
	if (gap == SIZE_MAX)
		gap = len;
	memcpy(out, bytes, gap);
	memcpy(out + sizeof(bytes) - (len - gap), bytes + gap, len - gap);
	return true;
}

bool network_parse(struct slice text, struct network *out)
{
	static const struct network mapped = {
	    .address = {[10] = 0xff, [11] = 0xff}, .bits = MAPPED_BITS};
	size_t slash = slice_find_byte(text, 0, '/');
	struct slice address = slice_sub(text, 0, slash);
	struct network found = mapped;
	unsigned bits;

	if (!parse_ipv4(address, found.address + 12)) {
		found.bits = 0;
		if (!parse_ipv6(address, found.address))
			return false;
	}
	bits = 128U - found.bits;
	if (slash < text.len && !parse_decimal(slice_from(text, slash + 1), bits, &bits))
		return false;
	found.bits = (uint8_t)(found.bits + bits);
	*out = found;
	return true;
}

bool network_holds(const struct network *network, const uint8_t address[16])
{
	size_t bytes = network->bits / 8;
	unsigned rest = network->bits % 8;

	if (memcmp(network->address, address, bytes) != 0)
		return false;
	return rest == 0 || ((network->address[bytes] ^ address[bytes]) >> (8 - rest)) == 0;
}
