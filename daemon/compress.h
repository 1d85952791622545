/*
 * compress: the `.gz` and `.br` that a web server hands out instead of a feed.
 *
 * One row for each encoding, the same bytes for the same input: zlib level 6 with
 * a zero mtime in its header, brotli quality 9.
 */
#ifndef DAEMON_COMPRESS_H
#define DAEMON_COMPRESS_H

#include "feeds/base/err.h"

struct compress {
	const char *name;   /* "gzip": as in output.compress */
	const char *suffix; /* ".gz" */
	/* Read all of `from` and write it packed to `to`; both are open files. Blocks. */
	int (*pack)(int from, int to, struct err *err);
};

enum { COMPRESS_GZIP, COMPRESS_BROTLI, COMPRESS_COUNT };

extern const struct compress compressions[COMPRESS_COUNT];

#endif
