/*
 * publish: bring a feed file on disk in line with freshly rendered bytes.
 *
 *	publish_start ─► publish_put … ─► publish_finish ─► publish_free
 *
 * Bytes go in as the format makes them. They are read back by the format's own
 * check and digested as they pass, and held in memory only while they are few;
 * then they stream into a hidden file beside the target. Bytes equal to the
 * file's leave it untouched, so readers see no new mtime and hubs hear nothing.
 * Otherwise the file is replaced as a whole; a reader, or a crash at any
 * moment, meets the old file or the new one. A failure leaves the old file.
 *
 * Every call blocks and may run on any worker, one call at a time for each
 * struct publish. Nothing outside the output folder is ever written.
 */
#ifndef DAEMON_PUBLISH_H
#define DAEMON_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/article.h"
#include "feeds/base/digest.h"
#include "feeds/base/err.h"
#include "feeds/format/format.h"

enum { PUBLISH_HELD = 524288 }; /* bytes held in memory before they go to a file */

struct publish_target {
	int root;	  /* the open output folder; -1: there is none yet (a dry run) */
	const char *path; /* within it; outlives the publish */
	const struct format *format;
	int64_t mtime;	   /* Unix seconds: all files of one build have the same */
	bool gzip, brotli; /* with `.gz` and `.br` beside it */
	bool dry;	   /* compare only, write nothing */
};

enum publish_outcome {
	PUBLISH_UNCHANGED, /* the file held these bytes already */
	PUBLISH_REPLACED,  /* there was another one */
	PUBLISH_CREATED,
};

struct publish_result {
	enum publish_outcome outcome;
	struct digest digest;	    /* of the document */
	struct article_stamp stamp; /* of its file; all 0 in a dry run */
};

struct publish;

/*
 * Is the file still the one with this stamp, with the packed siblings that it
 * should have? Then what was published is what is there.
 */
bool publish_stands(const struct publish_target *target, const struct article_stamp *stamp);
/*
 * Remove a file that was published with this stamp, and its packed siblings.
 * One that is not ours any more stays. -1: the disk refused.
 */
int publish_remove(int root, const char *path, const struct article_stamp *stamp, struct err *err);

struct publish *publish_start(const struct publish_target *target);
/* One head, entry or tail. -1: the document is broken, or the disk refused. */
int publish_put(struct publish *publish, struct slice piece, struct err *err);
/* After the tail. In a dry run the outcome says what would happen. */
int publish_finish(struct publish *publish, struct publish_result *out, struct err *err);
/* Also when something failed; temporary files go. */
void publish_free(struct publish *publish);

#endif
