#include "feeds/markup/headline.h"

#include <stddef.h>
#include <stdint.h>
#include <unictype.h>

#include "feeds/base/date.h"
#include "feeds/base/text.h"
#include "feeds/markup/text_shape.h"

enum {
	CHARS_MAX = 100,      /* of a headline */
	CHARS_MAX_WIDE = 40,  /* in East Asian script */
	WORDS_MAX = 12,	      /* in sentence case */
	WORDS_MAX_TITLE = 18, /* in Title Case */
	LONG_WORD = 4,	      /* letters; shorter ones may be small in Title Case */
};

struct reading {
	size_t chars, words;
	size_t long_words, long_capitals; /* words of LONG_WORD letters and more */
	size_t letters, cased, wide;
	bool starts_small; /* the first letter is a small one */
	bool sentence_in;  /* a full stop within, with a capital behind */
	uint32_t last;	   /* character, behind closing quotes and brackets */
};

static bool is_closing(uint32_t c)
{
	return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x2019 || c == 0x201d ||
	       c == 0xbb || c == 0x300d || c == 0x300f || c == 0xff09;
}

static bool is_stop(uint32_t c)
{
	switch (c) {
	case '.':
	case ',':
	case ';':
	case ':':
	case 0x2026: /* … */
	case 0x3002: /* 。 */
	case 0x3001: /* 、 */
	case 0xff0e:
	case 0xff61:
	case 0xff0c:
	case 0xff1b:
	case 0xff1a:
	case 0x60c: /* Arabic comma, semicolon, full stop */
	case 0x61b:
	case 0x6d4:
	case 0x964: /* danda and double danda */
	case 0x965:
	case 0x589: /* Armenian full stop */
	case 0x1362: /* Ethiopic full stop */ return true;
	default: return false;
	}
}

static bool is_question(uint32_t c)
{
	return c == '?' || c == '!' || c == 0xff1f || c == 0xff01 || c == 0x61f || c == 0x203d;
}

static void word_read(struct reading *reading, struct slice word)
{
	size_t letters = 0;
	bool capital = false;

	for (size_t i = 0; i < word.len;) {
		uint32_t c = text_next(word, &i);
		bool upper = uc_is_upper(c), lower = uc_is_lower(c);

		reading->wide += text_is_wide(c);
		if (!is_closing(c))
			reading->last = c;
		if (!uc_is_alpha(c))
			continue;
		if (letters == 0)
			capital = !lower;
		if (reading->letters == 0)
			reading->starts_small = lower;
		letters++;
		reading->letters++;
		reading->cased += upper || lower;
	}
	reading->words++;
	if (letters >= LONG_WORD) {
		reading->long_words++;
		reading->long_capitals += capital;
	}
}

/* A word with a full stop that is too long for an abbreviation: "ended." but not "St." */
static bool ends_sentence(struct slice word)
{
	size_t letters = 0;
	bool small = false;

	if (!slice_ends(word, ".") || slice_find_byte(word, 0, '.') != word.len - 1)
		return false;
	for (size_t i = 0; i < word.len;) {
		uint32_t c = text_next(word, &i);

		letters += uc_is_alpha(c);
		small = uc_is_lower(c) || (c == '.' && small);
	}
	return small && letters >= LONG_WORD;
}

static bool word_next(struct slice *rest, struct slice *word)
{
	size_t end = 0;

	*rest = text_trim(*rest);
	if (rest->len == 0)
		return false;
	while (end < rest->len) {
		size_t next = end;

		if (text_is_space(text_next(*rest, &next)))
			break;
		end = next;
	}
	*word = slice_sub(*rest, 0, end);
	*rest = slice_from(*rest, end);
	return true;
}

static struct reading line_read(struct slice line)
{
	struct reading reading = {0};
	struct slice rest = line, word;
	bool ended = false;

	while (reading.words <= WORDS_MAX_TITLE && word_next(&rest, &word)) {
		reading.sentence_in = reading.sentence_in || ended;
		word_read(&reading, word);
		ended = ends_sentence(word);
	}
	for (size_t i = 0; i < line.len; reading.chars++)
		(void)text_next(line, &i);
	return reading;
}

/* No bullet, dash or mark of code; quotes, brackets and emoji may stand before the words. */
static bool starts_like_one(struct slice line)
{
	size_t i = 0;
	uint32_t first = text_next(line, &i);

	if (first < 0x80 && strchr("-*+>|=_~/\\<@&%,;.:)]}", (int)first))
		return false;
	return first != 0x2022 && first != 0x2013 && first != 0x2014 && first != 0xb7;
}

/* "By Jane Doe", all of it capitalised. */
static bool is_byline(struct slice line, const struct reading *reading)
{
	struct slice rest = line, word;

	if (!slice_starts_nocase(line, "by ") || reading->words > 6)
		return false;
	while (word_next(&rest, &word)) {
		size_t i = 0;

		if (uc_is_lower(text_next(word, &i)))
			return word.ptr == line.ptr;
	}
	return true;
}

static bool is_address(struct slice line, const struct reading *reading)
{
	return slice_find(line, 0, "://") < line.len || slice_starts_nocase(line, "www.") ||
	       (reading->words == 1 && slice_find_byte(line, 0, '@') < line.len);
}

/* "Conclusion:" is one; "He said:" is not. */
static bool is_label(const struct reading *reading)
{
	return (reading->last == ':' || reading->last == 0xff1a) && reading->words <= 6 &&
	       reading->cased > 0 && reading->long_words > 0 &&
	       reading->long_capitals == reading->long_words;
}

bool headline_likely(struct slice line)
{
	struct reading reading;
	struct date date;
	bool title_case;

	line = text_trim(line);
	if (line.len == 0 || line.len > 4 * CHARS_MAX || !starts_like_one(line))
		return false;
	reading = line_read(line);
	title_case = reading.cased > 0 && 2 * reading.long_capitals >= reading.long_words;
	if (reading.letters == 0 || reading.starts_small || reading.sentence_in ||
	    reading.chars > (reading.wide > 0 ? CHARS_MAX_WIDE : CHARS_MAX) ||
	    reading.words > (size_t)(title_case ? WORDS_MAX_TITLE : WORDS_MAX))
		return false;
	if (is_stop(reading.last) && !is_label(&reading))
		return false;
	return !is_address(line, &reading) && !is_byline(line, &reading) &&
	       date_parse(line, &date) < 0;
}

bool headline_is_bare(struct slice line)
{
	struct reading reading = line_read(text_trim(line));

	return !is_question(reading.last) && !is_stop(reading.last);
}
