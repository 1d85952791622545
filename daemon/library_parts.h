/*
 * library_parts: what the files of the library share among themselves.
 */
#ifndef DAEMON_LIBRARY_PARTS_H
#define DAEMON_LIBRARY_PARTS_H

#include "daemon/library.h"

/* library_keep.c: rows as they were loaded, pending nothing. */
void library_load_document(struct library *library, const struct state_document *row);
void library_load_problem(struct library *library, const struct state_problem *row);
/* What is marked came from the state just now. */
void library_forget_marks(struct library *library);
void library_free_parts(struct library *library);

/* library_adopt.c: put the entries of the feeds in the output folder into the table. Blocks. */
void library_adopt_published(struct library *library);

/* library_events.c: what an update of the index means for readers. Before *delta is freed. */
void library_journal(struct library *library, const struct index_delta *delta);
void library_load_event(struct library *library, const struct state_event *row);
/* Within a transaction: those that the state does not have. */
int library_put_events(struct library *library, struct err *err);

/* library.c: say in the state how articles are read. */
int library_put_reading(struct library *library, struct err *err);

#endif
