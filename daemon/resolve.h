/*
 * resolve: what a batch of read articles means for the library: who is who.
 *
 * The machine's half of identity (feeds/identity.h). Each article that was read
 * takes over what is known of it: from its path, from the article that it was
 * moved from, from one that went within the last year, from an adopted feed.
 * What is left has the id that was minted for it. When ids of a feed are asked for
 * (library.asked), the articles of the index take part too. Out comes a batch of
 * changes for library_apply.
 *
 * Runs on a worker. Reads the state, changes nothing but the articles of the
 * batch and the table of adopted ids.
 */
#ifndef DAEMON_RESOLVE_H
#define DAEMON_RESOLVE_H

#include "daemon/library.h"

/* How one article came to its identity, for who asks (build_task.account). */
enum resolve_how {
	RESOLVE_UNREAD,	 /* it was not read anew: it is as the state has it */
	RESOLVE_STORED,	 /* it is at a path that is known */
	RESOLVE_MOVED,	 /* it is what was at `from`, moved in this batch */
	RESOLVE_BACK,	 /* it went earlier, from `from`, and is back */
	RESOLVE_ADOPTED, /* an existing feed has an entry of it */
	RESOLVE_NEW,	 /* no path and no feed knows it */
};

struct resolve_account {
	const char *word; /* of the article: its path within content.dir, or its URL; borrowed */
	enum resolve_how how;
	char *from; /* a path, or NULL; owned */
};

struct resolve {
	/* In. */
	struct library *library;
	int64_t now;	       /* Unix seconds */
	struct article **come; /* read now, from article_pack; taken over */
	size_t come_len;
	const struct article *const *gone; /* of the index; out of it in any case */
	size_t gone_len;
	const struct article *const *maybe; /* of the index: only if one that came is it */
	size_t maybe_len;
	bool held_before; /* the last build was held back: for the guard, those of `maybe` go too */
	struct resolve_account *account; /* is filled; NULL: nobody asks */

	/* Out; freed with resolve_free. */
	VEC(struct index_change) changes;
	VEC(struct slice) moved;		 /* old paths of what is elsewhere now */
	VEC(const struct adopt_entry *) adopted; /* that were taken, of the library's table */
	bool *taken_before;			 /* of each entry of the table */
	size_t ids;				 /* articles whose id no state has yet */
	struct map leaving; /* ids that go out of the index, but for those that were asked to */
	struct arena arena; /* holds the strings of these */
};

int resolve_run(struct resolve *resolve, struct err *err);

/*
 * Would the changes take more than half of the ids out of some feed? Then *out
 * says which, and how many. Small feeds are not guarded: there, one deletion is
 * half of it.
 */
bool resolve_guard(const struct resolve *resolve, struct buf *out);

/* The changes are not applied: their articles go, what was adopted goes back to the table. */
void resolve_drop(struct resolve *resolve);
/* They will be: mark what else the state has to know. Before library_apply. */
void resolve_keep(struct resolve *resolve);
void resolve_free(struct resolve *resolve);

#endif
