/*
 * words: what pages for people say by themselves, in the language of the site.
 *
 * Where a site's language has no row, they speak English, and say that they do,
 * so that a screen reader pronounces each part as what it is.
 */
#ifndef FEEDS_FORMAT_WORDS_H
#define FEEDS_FORMAT_WORDS_H

#include <stdbool.h>

#include "feeds/base/slice.h"
#include "feeds/base/xmlout.h"

enum word {
	WORD_FEEDS,	/* heading of the page of all feeds */
	WORD_ALL_FEEDS, /* the link to it */
	WORD_SUBSCRIBE,
	WORD_HOW, /* what to do with an address */
	WORD_ENTRIES,
	WORD_NO_ENTRIES,
	WORD_IMPORT, /* what the OPML is for */
	WORD_MORE,   /* before a number: "More: 12" */
	WORD_TAG,    /* the values of `by`, as headings, in the order of enum query_by */
	WORD_CATEGORY,
	WORD_SECTION,
	WORD_AUTHOR,
	WORD_LANG,
	WORD_COUNT
};

struct words {
	const char *lang; /* primary subtag */
	const char *of[WORD_COUNT];
};

/* `lang` is a BCP 47 tag; never NULL. */
const struct words *words_of(struct slice lang);
/* Text in this language runs from right to left. */
bool words_is_rtl(struct slice lang);
/* An element that holds a word. `lang`: of what is around it. */
void words_put(struct xmlout *xml, const char *element, struct slice lang, enum word word);
/* Its attributes alone, for an element that is open. */
void words_put_lang(struct xmlout *xml, struct slice lang);

#endif
