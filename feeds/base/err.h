/*
 * err: why something failed, in words for people and a kind for decisions.
 *
 * The lowest level says what went wrong (err_set, or err_at when it knows the
 * place), each level above adds what it was doing (err_wrap), the one that knows
 * what a person can do about it adds that (err_advise), and the level that stops
 * the error logs it once. All of these return -1, so that a function can end with
 * `return err_set(...)`.
 *
 * A struct err is filled only on failure. It owns nothing; long texts are cut.
 */
#ifndef FEEDS_BASE_ERR_H
#define FEEDS_BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

enum err_kind {
	ERR_NONE,
	ERR_SYNTAX,  /* the input breaks the rules of its own format */
	ERR_INVALID, /* well-formed, but not a value that makes sense here */
	ERR_LIMIT,   /* a bound was reached */
	ERR_IO,	     /* the machine said no */
};

struct err {
	enum err_kind kind;
	uint32_t line;	 /* in the input, from 1; 0: not known */
	uint32_t column; /* in bytes, from 1; 0: not known */
	bool passing;	 /* of ERR_IO: it may work later with nothing changed */
	bool absent;	 /* of ERR_IO: there is nothing of that name */
	char text[400];	 /* one line, no final stop */
};

int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int err_at(struct err *err, enum err_kind kind, uint32_t line, uint32_t column, const char *fmt,
    ...) __attribute__((format(printf, 5, 6)));
/* Put "; WORDS" behind the text: what to do. Nothing when it says that already, behind a ";". */
int err_advise(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Put "WORDS: " before the text; kind and place stay. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
