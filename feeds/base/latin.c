#include "feeds/base/latin.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uninorm.h>
#include <unistr.h>

#include "feeds/base/text.h"

/* Lower case, in the order of Unicode; what accents are added to is found by taking them off. */
static const struct letter {
	uint16_t letter;
	const char *latin;
} letters[] = {
    {0xdf, "ss"},
    {0xe6, "ae"},
    {0xf0, "d"},
    {0xf8, "o"},
    {0xfe, "th"},
    {0x111, "d"},
    {0x127, "h"},
    {0x131, "i"},
    {0x138, "k"},
    {0x142, "l"},
    {0x14b, "ng"},
    {0x153, "oe"},
    {0x167, "t"},

    /* Greek */
    {0x3b1, "a"},
    {0x3b2, "b"},
    {0x3b3, "g"},
    {0x3b4, "d"},
    {0x3b5, "e"},
    {0x3b6, "z"},
    {0x3b7, "e"},
    {0x3b8, "th"},
    {0x3b9, "i"},
    {0x3ba, "k"},
    {0x3bb, "l"},
    {0x3bc, "m"},
    {0x3bd, "n"},
    {0x3be, "x"},
    {0x3bf, "o"},
    {0x3c0, "p"},
    {0x3c1, "r"},
    {0x3c2, "s"},
    {0x3c3, "s"},
    {0x3c4, "t"},
    {0x3c5, "u"},
    {0x3c6, "ph"},
    {0x3c7, "kh"},
    {0x3c8, "ps"},
    {0x3c9, "o"},
    /* Cyrillic: Russian, and what its neighbours add */
    {0x430, "a"},
    {0x431, "b"},
    {0x432, "v"},
    {0x433, "g"},
    {0x434, "d"},
    {0x435, "e"},
    {0x436, "zh"},
    {0x437, "z"},
    {0x438, "i"},
    {0x439, "i"},
    {0x43a, "k"},
    {0x43b, "l"},
    {0x43c, "m"},
    {0x43d, "n"},
    {0x43e, "o"},
    {0x43f, "p"},
    {0x440, "r"},
    {0x441, "s"},
    {0x442, "t"},
    {0x443, "u"},
    {0x444, "f"},
    {0x445, "kh"},
    {0x446, "ts"},
    {0x447, "ch"},
    {0x448, "sh"},
    {0x449, "shch"},
    {0x44a, "'"},
    {0x44b, "y"},
    {0x44c, "'"},
    {0x44d, "e"},
    {0x44e, "iu"},
    {0x44f, "ia"},
    {0x451, "io"},
    {0x452, "dj"},
    {0x453, "gj"},
    {0x454, "ie"},
    {0x455, "dz"},
    {0x456, "i"},
    {0x457, "yi"},
    {0x458, "j"},
    {0x459, "lj"},
    {0x45a, "nj"},
    {0x45b, "tsh"},
    {0x45c, "kj"},
    {0x45e, "u"},
    {0x45f, "dzh"},
    {0x491, "g'"},
    {0x2019, "'"},
};

static const char *find(uint32_t c)
{
	size_t low = 0, high = sizeof(letters) / sizeof(*letters);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (letters[middle].letter == c)
			return letters[middle].latin;
		if (letters[middle].letter < c)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool is_accent(uint32_t c)
{
	return c >= 0x300 && c <= 0x36f;
}

/* Append c without its accents. False, and nothing appended: it has no spelling in Latin letters. */
static bool put_plain(struct buf *out, uint32_t c)
{
	uint32_t parts[32]; /* Unicode's longest decomposition has 18 */
	size_t len = sizeof(parts) / sizeof(*parts), start = out->len;

	if (!u32_normalize(UNINORM_NFKD, &c, 1, parts, &len))
		return false;
	for (size_t i = 0; i < len; i++) {
		const char *latin = find(parts[i]);

		if (latin) {
			buf_puts(out, latin);
		} else if (parts[i] < 0x80) {
			/* What is in lower case may still be made of capitals, as "™" is. */
			buf_putc(out, slice_lower((char)parts[i]));
		} else if (!is_accent(parts[i])) {
			buf_cut(out, start);
			return false;
		}
	}
	return true;
}

void latin_put(struct buf *out, struct slice text)
{
	for (size_t at = 0; at < text.len;) {
		size_t from = at;
		uint32_t c = text_next(text, &at);
		const char *latin = find(c);

		if (latin)
			buf_puts(out, latin);
		else if (c < 0x80 || !put_plain(out, c))
			buf_put(out, text.ptr + from, at - from);
	}
}
