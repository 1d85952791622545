/*
 * generate: a content directory to measure with: generate COUNT FOLDER [TAGS]
 *
 * Article number i is the same bytes at the same path whatever COUNT is, so a smaller corpus is
 * the beginning of a larger one. Sizes are log-normal, as those of real articles are: median
 * 6.5 KB, mean 10 KB, at most 103 KB. The dates lie in the 252 months of 21 years, a folder each.
 * 2 % are drafts; 2 % hold the end mark of a CDATA section; 1 % a character that XML forbids.
 * The heads are YAML that other generators read too. Up to four of 16 tags are in each, or two of
 * TAGS where so many are asked for, all about equally often.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
	SIZE_MEDIAN = 6500,
	SIZE_MAX_BYTES = 103000,
	WORDS = 4000,
	WORD_MAX = 24,
	FIRST_DAY = 12418,   /* 2004-01-01 */
	DAYS = 21 * 365 + 5, /* to the end of 2024, but for a day */
};
static const double SIZE_SIGMA = 0.93; /* of the logarithm: mean / median = exp(sigma^2 / 2) */

struct random {
	uint64_t state;
};

/* splitmix64: good enough, and the same everywhere. */
static uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned random_below(struct random *random, unsigned bound)
{
	return (unsigned)(random_next(random) % bound);
}

static double random_unit(struct random *random)
{
	return ((double)(random_next(random) >> 11) + 0.5) / 9007199254740992.0;
}

static double random_normal(struct random *random)
{
	double radius = sqrt(-2.0 * log(random_unit(random)));

	return radius * cos(6.283185307179586 * random_unit(random));
}

/* Made-up words: frequent ones are short, and some have letters outside ASCII. */
static char words[WORDS][WORD_MAX];

static void words_make(void)
{
	static const char *const heads[] = {"b", "br", "d", "f", "g", "h", "k", "l", "m", "n", "p",
	    "r", "s", "st", "t", "tr", "v", "w", "sh", "ch", ""};
	static const char *const cores[] = {
	    "a", "e", "i", "o", "u", "ai", "ea", "ou", "a", "e", "i", "o", "ä", "é"};
	static const char *const tails[] = {"", "", "n", "r", "s", "t", "l", "nd", "rm", "ck"};
	struct random random = {1};

	for (unsigned i = 0; i < WORDS; i++) {
		unsigned syllables = 1 + (i > 40) + (i > 600 && i % 3 != 0) + (i % 17 == 16);
		char *end = words[i];

		for (unsigned s = 0; s < syllables; s++) {
			end = stpcpy(end, heads[random_below(&random, 21)]);
			end = stpcpy(end, cores[random_below(&random, 14)]);
			end = stpcpy(end, tails[random_below(&random, 10)]);
		}
	}
}

/* Zipf's law, roughly: the n-th word about 1/n as often as the first. */
static const char *word(struct random *random)
{
	return words[(unsigned)exp(log(WORDS) * random_unit(random)) % WORDS];
}

struct text {
	char *bytes;
	size_t len, size;
};

__attribute__((format(printf, 2, 3))) static void text_put(
    struct text *text, const char *format, ...)
{
	va_list args;
	int len;

	if (text->size - text->len < 1024) {
		text->size = text->size * 2 + 65536;
		text->bytes = realloc(text->bytes, text->size);
		if (!text->bytes)
			abort();
	}
	va_start(args, format);
	len = vsnprintf(text->bytes + text->len, text->size - text->len, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= text->size - text->len)
		abort();
	text->len += (size_t)len;
}

static void text_words(struct text *text, struct random *random, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		text_put(text, "%s%s", i ? " " : "", word(random));
}

static void put_sentence(struct text *text, struct random *random)
{
	unsigned count = 6 + random_below(random, 16);

	for (unsigned i = 0; i < count; i++) {
		const char *space = i ? " " : "";

		switch (random_below(random, 90)) {
		case 0: text_put(text, "%s*%s*", space, word(random)); break;
		case 1: text_put(text, "%s**%s**", space, word(random)); break;
		case 2: text_put(text, "%s`%s()`", space, word(random)); break;
		case 3:
			text_put(text, "%s[%s](https://%s.example/%u)", space, word(random),
			    word(random), random_below(random, 999));
			break;
		case 4:
			text_put(text, "%s[%s](/posts/%s/)", space, word(random), word(random));
			break;
		case 5: text_put(text, "%s%s,", space, word(random)); break;
		default: text_put(text, "%s%s", space, word(random));
		}
	}
	text_put(text, ".%s", random_below(random, 4) ? " " : "\n");
}

static void put_block(struct text *text, struct random *random)
{
	unsigned kind = random_below(random, 40), rows = 2 + random_below(random, 6);

	if (kind < 4) {
		text_put(text, "## ");
		text_words(text, random, 3 + random_below(random, 4));
	} else if (kind < 7) {
		for (unsigned i = 0; i < rows; i++) {
			text_put(text, "%s", kind == 4 ? "1. " : "- ");
			put_sentence(text, random);
			text_put(text, "\n");
		}
	} else if (kind < 9) {
		text_put(text, "```c\n");
		for (unsigned i = 0; i < rows; i++)
			text_put(text, "\tif (%s < %u && %s)\n\t\treturn %s(&%s);\n", word(random),
			    random_below(random, 100), word(random), word(random), word(random));
		text_put(text, "```");
	} else if (kind == 9) {
		text_put(text, "> ");
		put_sentence(text, random);
	} else if (kind == 10) {
		text_put(text, "![%s](/images/%s.jpg)", word(random), word(random));
	} else if (kind == 11) {
		text_put(text, "| %s | %s |\n|---|---|\n", word(random), word(random));
		for (unsigned i = 0; i < rows; i++)
			text_put(text, "| %s | %u |\n", word(random), random_below(random, 1000));
	} else if (kind == 12) {
		text_put(text, "<p class=\"%s\">%s <em>%s</em></p>", word(random), word(random),
		    word(random));
	} else {
		for (unsigned i = 0; i < rows; i++)
			put_sentence(text, random);
	}
	text_put(text, "\n\n");
}

static void put_head(struct text *text, struct random *random, const struct tm *date,
    uint64_t number, unsigned own_tags)
{
	static const char *const tags[] = {"boats", "bread", "cities", "code", "cycling", "film",
	    "garden", "history", "language", "linux", "maps", "music", "networks", "photos",
	    "trains", "weather"};
	unsigned count = random_below(random, 5), first = random_below(random, 16);

	text_put(text, "---\ntitle: \"");
	text_words(text, random, 3 + random_below(random, 6));
	text_put(text, "\"\ndate: %04d-%02d-%02dT%02d:%02d:%02d+00:00\n", date->tm_year + 1900,
	    date->tm_mon + 1, date->tm_mday, date->tm_hour, date->tm_min, date->tm_sec);
	if (count || own_tags)
		text_put(text, "tags:\n");
	for (unsigned i = 0; i < 2 && own_tags; i++)
		text_put(text, "  - topic %u\n", (unsigned)(number * 7 + i * 101) % own_tags);
	for (unsigned i = 0; i < count && !own_tags; i++)
		text_put(text, "  - %s\n", tags[(first + i * 3) % 16]);
	if (random_below(random, 3) == 0) {
		text_put(text, "description: \"");
		text_words(text, random, 8 + random_below(random, 14));
		text_put(text, "\"\n");
	}
	if (random_below(random, 50) == 0)
		text_put(text, "draft: true\n");
	text_put(text, "---\n\n");
}

static void article_make(struct text *text, uint64_t number, unsigned own_tags, struct tm *out_date)
{
	static const char *const illegal[] = {"\x01", "\x08", "\x0b", "\x1b", "\xef\xbf\xbe"};
	struct random random = {number * 0xd1342543de82ef95u + 7};
	double size = SIZE_MEDIAN * exp(SIZE_SIGMA * random_normal(&random));
	time_t when = (FIRST_DAY + (time_t)random_below(&random, DAYS)) * 86400 +
		      (time_t)random_below(&random, 86400);
	unsigned odd = random_below(&random, 100);

	if (size > SIZE_MAX_BYTES - 2000)
		size = SIZE_MAX_BYTES - 2000;
	gmtime_r(&when, out_date);
	text->len = 0;
	put_head(text, &random, out_date, number, own_tags);
	if (odd < 2)
		text_put(text, "An end mark ]]> in the midst of things.\n\n");
	if (odd == 2)
		text_put(text, "A stray %s byte.\n\n", illegal[random_below(&random, 5)]);
	do {
		put_block(text, &random);
	} while ((double)text->len < size);
}

static int article_write(
    const struct text *text, const char *folder, uint64_t number, const struct tm *date)
{
	char *month, *path;
	FILE *file;
	int status = -1;

	if (asprintf(&month, "%s/posts/%04d/%02d", folder, date->tm_year + 1900, date->tm_mon + 1) <
		0 ||
	    asprintf(&path, "%s/%06llu.md", month, (unsigned long long)number) < 0)
		abort();
	file = fopen(path, "wb");
	if (!file && errno == ENOENT) {
		for (char *at = month + strlen(folder); (at = strchr(at + 1, '/'));) {
			*at = '\0';
			(void)mkdir(month, 0777); /* fopen tells whether it is there */
			*at = '/';
		}
		(void)mkdir(month, 0777);
		file = fopen(path, "wb");
	}
	if (file) {
		status = fwrite(text->bytes, 1, text->len, file) == text->len ? 0 : -1;
		if (fclose(file) != 0)
			status = -1;
	}
	if (status < 0)
		perror(path);
	free(path);
	free(month);
	return status;
}

int main(int argc, char **argv)
{
	struct text text = {0};
	struct tm date;
	uint64_t count = argc == 3 || argc == 4 ? strtoull(argv[1], NULL, 10) : 0;
	unsigned own_tags = argc == 4 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
	int status = 0;

	if (!count) {
		(void)fprintf(stderr, "usage: %s COUNT FOLDER [TAGS]\n", argv[0]);
		return 64;
	}
	words_make();
	(void)mkdir(argv[2], 0777); /* writing tells whether it is there */
	for (uint64_t i = 0; i < count && status == 0; i++) {
		article_make(&text, i, own_tags, &date);
		status = article_write(&text, argv[2], i, &date);
	}
	free(text.bytes);
	return status ? 74 : 0;
}
