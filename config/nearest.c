#include "config/nearest.h"

#include <stdint.h>

enum { NAME_MAX_LEN = 40, BEGINNING_MIN = 3 };

struct nearest nearest_start(struct slice word)
{
	return (struct nearest){word, NULL, SIZE_MAX};
}

static char fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + 32);
	return c == '_' ? '-' : c;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/*
 * Edits between two short words, a swap of neighbours counting as one: optimal
 * string alignment, of which three rows are kept.
 */
static size_t edits(struct slice a, struct slice b)
{
	size_t rows[3][NAME_MAX_LEN + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b.len; j++)
		above[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *unused = before;

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			char x = fold(a.ptr[i - 1]), y = fold(b.ptr[j - 1]);

			row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == fold(b.ptr[j - 2]) && y == fold(a.ptr[i - 2]))
				row[j] = least(row[j], row[j], before[j - 2] + 1);
		}
		before = above;
		above = row;
		row = unused;
	}
	return above[b.len];
}

void nearest_try(struct nearest *nearest, const char *name)
{
	struct slice known = slice_of(name), word = nearest->word;
	size_t distance, longer = word.len > known.len ? word.len : known.len;

	if (longer > NAME_MAX_LEN || word.len == 0 || known.len == 0)
		return;
	distance = edits(word, known);
	if (word.len >= BEGINNING_MIN && word.len < known.len &&
	    edits(word, slice_sub(known, 0, word.len)) == 0)
		distance = 1;
	if (distance > longer / 3 || distance >= nearest->distance)
		return;
	nearest->best = name;
	nearest->distance = distance;
}
