/*
 * state_inside: what the parts of state share, and nobody else sees.
 *
 * state.c has the file: it opens it, begins and ends transactions, and keeps
 * single facts (meta). state_article.c, state_document.c (with problems, faults
 * and what was adopted) and state_ping.c (with events) have a table or more
 * each; state_sql.c has the words. All rows go through the few functions here.
 */
#ifndef DAEMON_STATE_INSIDE_H
#define DAEMON_STATE_INSIDE_H

#include <sqlite3.h>
#include <sys/stat.h>

#include "daemon/state.h"
#include "daemon/state_sql.h"
#include "feeds/base/buf.h"
#include "feeds/base/vec.h"

struct state {
	sqlite3 *db;
	sqlite3_stmt *statements[STATE_STATEMENTS];
	char *dir, *path; /* of the folder, and of the file in it */
	int folder;	  /* -1: not held open */
	int lock;	  /* -1: reads only */
	bool writing;
	bool damaged;
	bool unsaved;	       /* and it was told */
	struct stat file, log; /* as they were opened; the log is the file's "-wal" */
	/* Of the row that a callback sees, or that is being put. */
	VEC(struct slice) slices;
	struct buf list;
};

/* What SQLite says of its last failure; always -1. */
int state_fail(struct state *state, struct err *err);
/* Make a statement ready that was left until it is needed. */
int state_prepare(struct state *state, enum state_statement which, struct err *err);
/* A statement that writes: only within a transaction. */
sqlite3_stmt *state_writer(struct state *state, enum state_statement which);
/* Run a statement that gives no rows. */
int state_run(struct state *state, enum state_statement which, struct err *err);
/* A statement is through; `code` is what its last step said. */
int state_finish(struct state *state, sqlite3_stmt *statement, int code, struct err *err);
/* Run one whose only argument is a key. */
int state_remove_row(
    struct state *state, enum state_statement which, struct slice key, struct err *err);

/*
 * A binding that fails leaves NULL behind, and no column takes that. Bytes stay
 * borrowed until state_finish forgets them.
 */
void state_bind_text(sqlite3_stmt *statement, int at, struct slice text);
void state_bind_bytes(sqlite3_stmt *statement, int at, const uint8_t *bytes, size_t len);
void state_bind_int(sqlite3_stmt *statement, int at, int64_t number);

/* Of the row that a statement stands at; until its next step. */
struct slice state_column_text(sqlite3_stmt *statement, int at);
/* All 0 when it is not of that length. */
void state_column_bytes(sqlite3_stmt *statement, int at, uint8_t *out, size_t len);

#endif
