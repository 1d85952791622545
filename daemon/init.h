/*
 * init: `feedd --init DIR`, a feedd.toml for a site that is there.
 *
 *	look (init_look.c) ─► generator_read ─► questions ─► feed to adopt (init_adopt.c) ─► write
 *
 * What config/generator/ cannot find out is asked at the terminal, or with --yes filled in where
 * that is safe, and named. The settings are written when all is answered, and never over a file
 * that is there; main then shows what --check says to them. Blocks, and has no loop but while a
 * feed is downloaded.
 */
#ifndef DAEMON_INIT_H
#define DAEMON_INIT_H

#include "config/draft.h"
#include "config/generator/generator.h"
#include "daemon/options.h"

struct init {
	const char *dir; /* as it was named */
	int folder;	 /* the same, open; -1 */
	bool asks;	 /* there is somebody to ask */
	struct draft draft;
	const struct generator *generator;
	char *settings; /* the path of what was written; NULL until then */
	char *adopt;	/* a feed whose ids are to be taken over; NULL: none */
	struct buf old; /* a feed that was downloaded, not written yet */
};

/* Returns an exit status; with EXIT_DONE settings were written. Then, and else, init_free. */
int init_run(const struct options *options, struct init *out);
/* Say what to do next. */
void init_log_next(const struct init *init);
void init_free(struct init *init);

/* -- init_look.c -- */

/* What the family of generators wants to see of a folder, in `arena`. `dir` names it. */
void init_look(int folder, const char *dir, struct arena *arena, struct generator_site *out);

/* -- init_adopt.c -- */

/* Find a feed that readers know, and ask. -1: the input has ended. */
int init_find_feed(struct init *init);
/* Keep what was downloaded beside the settings. */
int init_keep_feed(struct init *init, struct err *err);

#endif
