#include "feeds/markup/htmltitle.h"

#include "feeds/base/text.h"

/* What a typographic character was typed as; NULL for others. */
static const char *typed_as(uint32_t c)
{
	if ((c >= 0x2018 && c <= 0x201b) || c == 0x2032)
		return "'";
	if ((c >= 0x201c && c <= 0x201f) || c == 0x2033)
		return "\"";
	if (c >= 0x2010 && c <= 0x2015)
		return "-";
	return c == 0x2026 ? "..." : NULL;
}

static void put_folded(struct buf *out, struct slice text)
{
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		uint32_t c = text_next(text, &at);
		const char *typed = typed_as(c);

		if (c == '*' || c == '_' || c == '`' || c == '~')
			continue; /* Markdown's marks, which a heading has lost */
		if (text_is_space(c)) {
			if (out->len > 0 && out->data[out->len - 1] != ' ')
				buf_putc(out, ' ');
		} else if (c == '-' || (typed && typed[0] == '-')) {
			if (out->len == 0 || out->data[out->len - 1] != '-')
				buf_putc(out, '-'); /* two or three make one long dash */
		} else if (typed) {
			buf_puts(out, typed);
		} else {
			buf_put_slice(out, slice_sub(text, start, at));
		}
	}
	if (out->len > 0 && out->data[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
}

static void put_lower(struct buf *out, struct slice text)
{
	struct buf lower = BUF_INIT;

	text_put_lower(&lower, text);
	put_folded(out, buf_slice(&lower));
	buf_free(&lower);
}

bool htmltitle_equal(struct slice heading, struct slice title)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	bool equal;

	put_lower(&a, heading);
	put_lower(&b, title);
	equal = a.len > 0 && slice_equal(buf_slice(&a), buf_slice(&b));
	buf_free(&a);
	buf_free(&b);
	return equal;
}

bool htmltitle_is_sign(struct slice text)
{
	/* The signs themselves; then what is not seen. */
	static const uint32_t signs[] = {'#', 0xa7, 0xb6, 0x221e, 0x2693, 0x26d3, 0x1f517, 0x200b,
	    0x2060, 0xfe0e, 0xfe0f, 0xfeff};

	for (size_t at = 0; at < text.len;) {
		uint32_t c = text_next(text, &at);
		bool sign = text_is_space(c);

		for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]) && !sign; i++)
			sign = signs[i] == c;
		if (!sign)
			return false;
	}
	return true;
}
