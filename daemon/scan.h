/*
 * scan: which files below a folder are articles.
 *
 * The scan is truth: whatever else hints at a change, this says what is there.
 * It follows symlinks that stay inside, visits each folder once, names symlinks to what they lie
 * in, knows the litter of editors and sync tools, and never opens a file. scan_run looks at the
 * whole tree, scan_look at some paths of it. Both tell `enter` of each folder before they list it,
 * so that a folder is watched first and nothing slips between. Blocks: use it on a worker.
 */
#ifndef DAEMON_SCAN_H
#define DAEMON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "feeds/article.h"
#include "feeds/base/arena.h"
#include "feeds/base/err.h"

enum {
	SCAN_DEPTH = 64,	/* folders within folders */
	SCAN_FILES = 2000000,	/* articles */
	SCAN_COMPLAINTS = 1000, /* names that cannot be used; one more says that there are more */
};

struct scan_rules {
	const char *const *include, *const *exclude; /* glob patterns */
	size_t include_len, exclude_len;
	/* Folders not to enter, by device and inode: feedd's own output and state. */
	struct scan_folder {
		dev_t dev;
		ino_t ino;
	} own[2];
	size_t own_len;
	/*
	 * Called for each folder before it is listed, with -1 for one that cannot be; NULL: nobody
	 * wants to know.
	 */
	void (*enter)(void *arg, const char *path, int fd);
	void *enter_arg;
	bool stamps; /* fill the stamp of each file */
};

struct scan_file {
	const char *path;	    /* within the root; in the result's arena */
	struct article_stamp stamp; /* without scan_rules.stamps only the inode */
	bool shared; /* it is a symlink, or (with stamps) has other names: see struct article */
};

struct scan_complaint {
	const char *path;
	const char *text;
	bool passing; /* it could not be looked at, for now: who knows what is there, or below? */
};

/* Languages of articles that no include pattern takes by default; see scan_result. */
enum { SCAN_FOREIGN = 20 };
extern const char *const scan_foreign[SCAN_FOREIGN]; /* extensions, lower case */

struct scan_result {
	struct arena arena;
	struct scan_file *files; /* by inode: the order that a cold disk likes */
	size_t len;
	struct scan_complaint *complaints;
	size_t complaints_len;
	bool unread_more;	      /* of those that pass there are more than could be named */
	size_t foreign[SCAN_FOREIGN]; /* files that no include pattern took, by extension */
	bool more; /* scan_look met a symlink to a folder: only scan_run knows what it adds */
};

/*
 * What names tell, for all who look at the tree. Is a path within the root one
 * that the scan would take, or, being a folder, enter? No dot file, nothing that
 * editors, sync tools or generators leave about, and not excluded; a file also
 * matches an include pattern. The folders above are not looked at.
 */
bool scan_wants(const struct scan_rules *rules, const char *path, bool is_folder);
/* The same, with the reason; *out_pattern, which may be NULL, is the pattern that decided, if one did. */
enum scan_judgement {
	SCAN_WANTED,
	SCAN_NOT_INCLUDED, /* no include pattern matches */
	SCAN_DOT,	   /* its name begins with a dot */
	SCAN_LITTER,	   /* of editors, sync tools, generators */
	SCAN_EXCLUDED
};
enum scan_judgement scan_judge(
    const struct scan_rules *rules, const char *path, bool is_folder, const char **out_pattern);
/* Is a name one that text and logs can carry: legal UTF-8 without controls? */
bool scan_good_name(const char *name);

/* `root` is an open folder. Fails only when the root itself cannot be read. */
int scan_run(int root, const struct scan_rules *rules, struct scan_result *out, struct err *err);
/*
 * Look at `paths` (within the root) alone: a file that is an article is in
 * the result, of a folder everything below it, of what is not there nothing.
 */
void scan_look(int root, const struct scan_rules *rules, const char *const *paths, size_t paths_len,
    struct scan_result *out);
/* A file's stamp. */
struct article_stamp scan_stamp(const struct stat *stat);
void scan_free(struct scan_result *result);

#endif
