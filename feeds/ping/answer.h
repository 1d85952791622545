/*
 * answer: what judges, and whoever follows links, read out of an answer.
 *
 * Whoever answers is a stranger: each function here takes any bytes, and what
 * it gives is bounded.
 */
#ifndef FEEDS_PING_ANSWER_H
#define FEEDS_PING_ANSWER_H

#include "feeds/base/value.h"
#include "feeds/ping/ping.h"

enum {
	ANSWER_LINE_MAX = 200,	    /* characters of a line for people */
	ANSWER_LOOKED_AT = 2048,    /* bytes that it is made of */
	ANSWER_READ_MAX = 65536,    /* bytes of a body that is read as XML or JSON */
	ANSWER_WAIT_MAX = INT32_MAX /* seconds of a Retry-After; more count as so many */
};

/*
 * Take the next header called `name`, whatever its case, off *rest, which is
 * ping_answer.headers at first. *out_value has no white space at its ends.
 */
bool answer_next_header(struct slice *rest, const char *name, struct slice *out_value);
/* The last header of that name; empty when there is none. */
struct slice answer_header(const struct ping_answer *answer, const char *name);

/*
 * Seconds from `now` that Retry-After asks to wait (RFC 9110 section 10.2.3):
 * seconds, or a date in any of HTTP's three forms. 0 when it does not ask.
 */
int64_t answer_retry_after(const struct ping_answer *answer, int64_t now);

/*
 * Text of any kind as one short line for people: white space is one blank,
 * control characters and what would turn the line around are escaped or gone.
 * Empty for what is no text.
 */
struct slice answer_line(struct slice text, struct arena *arena);
/* The same of the body: a page in HTML says what its title says. */
struct slice answer_said(const struct ping_answer *answer, struct arena *arena);
/* "STATUS PHRASE", and ": TEXT" behind it unless the text is empty. */
struct slice answer_text(int status, struct slice text, struct arena *arena);

/* Does it ask, in words, to come back later? */
bool answer_asks_to_wait(struct slice text);

/* The body as a JSON object; NULL when it is none. */
const struct value *answer_json(const struct ping_answer *answer, struct arena *arena);

#endif
