#include "feeds/base/base64.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_put(struct buf *out, struct slice bytes)
{
	for (size_t at = 0; at < bytes.len; at += 3) {
		size_t left = bytes.len - at;
		uint32_t group = (uint32_t)(uint8_t)bytes.ptr[at] << 16;
		char text[4] = {0, 0, '=', '='};

		if (left > 1)
			group |= (uint32_t)(uint8_t)bytes.ptr[at + 1] << 8;
		if (left > 2)
			group |= (uint8_t)bytes.ptr[at + 2];
		for (size_t i = 0; i < 4 && i <= left; i++)
			text[i] = digits[group >> (18 - 6 * i) & 63];
		buf_put(out, text, sizeof(text));
	}
}

/* -1 for what is no digit. */
static int digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool base64_put_decoded(struct buf *out, struct slice text)
{
	size_t start = out->len, len = text.len;
	uint32_t group = 0;

	if (len % 4 != 0)
		return false;
	for (size_t n = 0; n < 2 && len > 0 && text.ptr[len - 1] == '='; n++)
		len--;
	for (size_t at = 0; at < len; at++) {
		int value = digit_value(text.ptr[at]);

		if (value < 0) {
			buf_cut(out, start);
			return false;
		}
		group = group << 6 | (uint32_t)value;
		/* Of four digits the second, third and fourth each complete a byte. */
		if (at % 4 != 0)
			buf_putc(out, (char)(group >> (6 - 2 * (at % 4))));
	}
	return true;
}
