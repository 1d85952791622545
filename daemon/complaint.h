/*
 * complaint: what is wrong with articles, gathered from many workers and said
 * in one order.
 */
#ifndef DAEMON_COMPLAINT_H
#define DAEMON_COMPLAINT_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/buf.h"
#include "feeds/base/diag.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"

struct complaint {
	char *path; /* of the article; owned */
	char *text; /* owned */
	uint32_t line, column;
	enum diag_level level;
	bool skipped; /* the article is in no feed because of it */
};

struct complaints {
	struct complaint *items;
	size_t len, cap;
};

#define COMPLAINTS_INIT                                                                            \
	(struct complaints)                                                                        \
	{                                                                                          \
		NULL, 0, 0                                                                         \
	}

/* An article that cannot be published, and why. */
void complaint_put(struct complaints *all, struct slice path, uint32_t line, uint32_t column,
    enum diag_level level, bool skipped, const char *text);
/* All of `diags`, with a last line that says how many were too many. */
void complaint_put_diags(struct complaints *all, struct slice path, const struct diags *diags);
/* Move everything of `from` behind what `all` has. */
void complaint_move(struct complaints *all, struct complaints *from);
/* By path, then line and column: the same site says the same lines. */
void complaint_sort(struct complaints *all);
void complaint_free(struct complaints *all);

#endif
