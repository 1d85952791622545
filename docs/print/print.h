/*
 * print: what is made from feedd's own tables for people and their shells.
 *
 * A program that runs while feedd is built: `print NAME` prints one of the
 * pieces below. The completions are installed as they are printed. The pieces
 * of manual pages go into the pages by docs/merge, between remarks that name
 * the row they are of, so that the pages can say more about each:
 *
 *     .\" [--adopt]
 *     (printed from the table)
 *     .\" [.]
 *     (written by hand)
 *
 * A piece is a row of pieces[] in print.c and one function in a file of its own.
 */
#ifndef DOCS_PRINT_PRINT_H
#define DOCS_PRINT_PRINT_H

#include "daemon/options.h"
#include "feeds/base/buf.h"

struct piece {
	const char *name; /* of the command line */
	void (*put)(struct buf *out);
};

void print_options(struct buf *out);  /* for feedd(8) */
void print_settings(struct buf *out); /* for feedd.toml(5) */
void print_bash(struct buf *out);
void print_zsh(struct buf *out);
void print_fish(struct buf *out);

/* ---- for those of shells ---- */

enum argument {
	ARGUMENT_NONE,
	ARGUMENT_FILE,
	ARGUMENT_FOLDER,
	ARGUMENT_WORDS, /* one of those in option->argument, between bars */
	ARGUMENT_OTHER, /* nothing that a shell could know */
};

enum argument print_argument(const struct option_shown *option);
/* Append the text with each of `special` behind `escape`. */
void print_escaped(struct buf *out, const char *text, const char *special, const char *escape);
/* Append the words of ARGUMENT_WORDS, between spaces. */
void print_words(struct buf *out, const struct option_shown *option);

/* ---- for those of pages ---- */

/*
 * Append prose as lines of mdoc: a sentence begins on a new line, `names` in
 * backticks are marked up.
 */
void print_prose(struct buf *out, const char *text);

#endif
