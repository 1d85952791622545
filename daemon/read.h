/*
 * read: one article, from the disk to a struct article.
 *
 * The machine's half of article_parse: opens the file below the content
 * folder, makes its bytes legal text, and says what it had to repair. A reader
 * is used by one worker at a time, for one article after the other.
 */
#ifndef DAEMON_READ_H
#define DAEMON_READ_H

#include "daemon/site.h"
#include "feeds/article.h"

struct reader {
	struct buf raw, legal; /* the last file's bytes; `article` and `detail` point into them */
	struct buf path;       /* likewise, of read_indexed */
	struct arena arena;
	struct article article;
	struct article_detail detail;
	/*
	 * Whoever writes the file seems not to be done: it changed while it was read, or was
	 * touched within READ_SETTLE_MS and is empty or being written. Look again later.
	 */
	bool unsettled;
	bool shared; /* the file has other names, beside symlinks */
	bool doubt;  /* set by the caller: where the kernel does not tell, it is being written */
};

enum { READ_SETTLE_MS = 2000 };

#define READER_INIT                                                                                \
	(struct reader)                                                                            \
	{                                                                                          \
		.raw = BUF_INIT, .legal = BUF_INIT, .path = BUF_INIT, .arena = ARENA_INIT          \
	}

/*
 * Read the article at `path` (within content.dir; outlives the result) into
 * reader->article and ->detail, valid until the next call. `known` is the
 * article that this path held so far, or NULL: what was learned at first sight
 * stays. `now`, in Unix seconds, is first sight for others. -1: it is to be
 * skipped, and *err says why, with place.
 */
int read_article(struct reader *reader, const struct site *site, const char *path,
    const struct article *known, int64_t now, struct diags *diags, struct err *err);

/*
 * Read an article of the index again, to render it: its id, URL and dates are those that the
 * index decided on. 1: its file is not what was indexed any more, and the reader has nothing
 * of use. -1: it cannot be read, as above.
 */
int read_indexed(struct reader *reader, const struct site *site, const struct article *article,
    int64_t now, struct diags *diags, struct err *err);

/* Find the length of an enclosure that lies on this machine; for rendering. */
void read_enclosure(struct reader *reader, const struct site *site);

void reader_free(struct reader *reader);

#endif
