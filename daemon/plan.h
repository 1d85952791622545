/*
 * plan: which documents have to be rendered.
 *
 * A document is as it should be when its recipe (recipe.h) is the one that it
 * was made by and its file is the one that was published. Every other is
 * wanted. The plan also removes feeds that have been empty for long enough,
 * and names files that no feed writes any more.
 *
 * Blocks: use it on a worker, which has the library to itself meanwhile.
 */
#ifndef DAEMON_PLAN_H
#define DAEMON_PLAN_H

#include "daemon/document.h"
#include "daemon/library.h"
#include "daemon/pages.h"

struct plan_item {
	size_t feed; /* of the settings */
	struct query_group *group;
	bool wanted[FORMAT_COUNT];
	bool foreign; /* where its page goes somebody else's is */
};

struct plan {
	VEC(struct plan_item) items;
	struct pages pages;  /* of the whole site */
	size_t standing;     /* documents that are right already */
	size_t removed;	     /* empty feeds */
	VEC(char *) orphans; /* paths of documents that no feed writes any more; owned */
	struct err err;	     /* of a removal that failed; kind ERR_NONE: none did */
};

/*
 * `all`: look at every feed; else at those that were touched, and at those whose links may lead
 * elsewhere, since an article came, went or has another name.
 */
void plan_make(struct library *library, int64_t now, bool all, struct plan *out);
void plan_free(struct plan *plan);

/* Is what was published made by document->recipe, and is it what is there? */
bool plan_stands(const struct library *library, const struct document *document);

/* When the next empty feed is to go, Unix seconds; 0: none is. */
int64_t plan_next_removal(const struct library *library);

/* The source of a group's documents. */
struct document_source plan_source(
    const struct library *library, size_t feed, const struct query_group *group, int64_t now);

#endif
