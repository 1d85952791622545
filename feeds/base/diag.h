/*
 * diag: complaints about one input that do not stop its reading.
 *
 * A reader that works around something (a broken date, an unknown shortcode)
 * adds a diag and goes on. Whoever called it prints them, each as one line
 * `path:line:column: text`. What stops a reading is a struct err instead.
 *
 * The list holds at most DIAG_MAX complaints; the rest are only counted. Notes
 * make room for warnings, so that a warning is missing only where DIAG_MAX stand.
 *
 * Diags go wherever a reading goes, so they also carry the account of it that somebody may
 * have asked for (feeds/trace.h).
 */
#ifndef FEEDS_BASE_DIAG_H
#define FEEDS_BASE_DIAG_H

#include <stddef.h>
#include <stdint.h>

enum { DIAG_MAX = 50 };

struct trace;

enum diag_level {
	DIAG_NOTE,    /* counted in the summary, shown by --verbose: an unknown shortcode went */
	DIAG_WARNING, /* shown: something was worked around, and the text says how */
};

struct diag {
	enum diag_level level;
	uint32_t line;	 /* from 1; 0: not known */
	uint32_t column; /* in bytes, from 1; 0: not known */
	char *text;	 /* one line of legal UTF-8, owned */
};

struct diags {
	struct diag *items;
	size_t len;
	size_t dropped;		       /* complaints beyond DIAG_MAX */
	enum diag_level dropped_level; /* the highest of theirs */
	size_t unknowns;	       /* directives removed because nobody knows them */
	struct trace *trace;	       /* borrowed; NULL: nobody asks how things were read */
};

#define DIAGS_INIT                                                                                 \
	(struct diags)                                                                             \
	{                                                                                          \
		NULL, 0, 0, DIAG_NOTE, 0, NULL                                                     \
	}

void diag_put(struct diags *diags, enum diag_level level, uint32_t line, uint32_t column,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void diags_free(struct diags *diags);

#endif
