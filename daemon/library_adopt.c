/*
 * What subscribers know already: a feed that is named (library_ask), and the feeds that
 * are in the output folder when there is no state. Those are feedd's own, from before the
 * state was lost, or those of another generator that feedd is to go on with. Either way
 * their readers know the ids in them.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "daemon/download.h"
#include "daemon/fsio.h"
#include "daemon/library_parts.h"
#include "feeds/base/mem.h"

enum { VALUES_MOST = 10000 }; /* feeds of values that are looked at, for each pattern */

static void adopt_file(struct library *library, const char *path)
{
	struct adopt_feed feed = ADOPT_FEED_INIT;
	struct buf bytes = BUF_INIT;
	struct stat stat;
	struct err err = {0};
	int fd = fsio_open_file(library->site->output, path, &stat, &err);

	if (fd < 0)
		return; /* most often there is none yet */
	if (fsio_read(fd, &stat, ADOPT_BYTES_MAX, &bytes, &err) == 0 &&
	    adopt_parse(buf_slice(&bytes), &feed, &err) == 0) {
		library->adopted_total += adopt_table_put(&library->adopted, &feed);
	} else if (library->adopt_err.kind == ERR_NONE) {
		library->adopt_err = err;
		(void)err_wrap(&library->adopt_err, "%s", path);
	}
	(void)close(fd); /* only read */
	adopt_feed_free(&feed);
	buf_free(&bytes);
}

/* `tags/:tag/atom.xml`: every folder in tags/ may have one. */
static void adopt_pattern(struct library *library, const char *pattern)
{
	const char *token = strchr(pattern, ':'), *start = token, *rest;
	char *parent, *path = NULL;
	struct dirent *entry;
	struct err ignored;
	unsigned left = VALUES_MOST;
	int fd;
	DIR *dir;

	while (start && start > pattern && start[-1] != '/')
		start--;
	if (!token)
		return;
	rest = strchrnul(token, '/');
	parent = mem_dup(pattern, start > pattern ? (size_t)(start - pattern) - 1 : 0);
	fd = fsio_open_folder_below(library->site->output, parent, false, &ignored);
	dir = fd < 0 ? NULL : fdopendir(fd);
	while (dir && left && (entry = readdir(dir)) != NULL) {
		/* What stands before the token in the same name, as in "tag-:tag.xml". */
		if (entry->d_name[0] == '.' ||
		    strncmp(entry->d_name, start, (size_t)(token - start)) != 0)
			continue;
		if (asprintf(&path, "%s%s%s%s", parent, *parent ? "/" : "", entry->d_name, rest) <
		    0)
			mem_exhausted();
		adopt_file(library, path);
		free(path);
		left--;
	}
	if (dir)
		(void)closedir(dir); /* only read */
	else if (fd >= 0)
		(void)close(fd); /* likewise */
	free(parent);
}

static void adopt_feed(struct library *library, const struct config_feed *feed)
{
	for (size_t i = 0; i < FORMAT_FEEDS; i++) {
		if (feed->paths[i] && feed->by != QUERY_BY_NOTHING)
			adopt_pattern(library, feed->paths[i]);
		else if (feed->paths[i])
			adopt_file(library, feed->paths[i]);
	}
}

void library_adopt_published(struct library *library)
{
	const struct config *config = library->site->config;

	if (library->site->output < 0)
		return;
	/* Feeds of everything first: where two say different things, those are read most. */
	for (size_t i = 0; i < config->feeds_len; i++)
		if (config->feeds[i].by == QUERY_BY_NOTHING)
			adopt_feed(library, &config->feeds[i]);
	for (size_t i = 0; i < config->feeds_len; i++)
		if (config->feeds[i].by != QUERY_BY_NOTHING)
			adopt_feed(library, &config->feeds[i]);
}

static bool is_url(const char *name)
{
	return strncasecmp(name, "http://", 7) == 0 || strncasecmp(name, "https://", 8) == 0;
}

int library_ask(const char *name, const char *proxy, struct library_asked *out, struct err *err)
{
	struct adopt_feed feed = ADOPT_FEED_INIT;
	struct buf bytes = BUF_INIT;
	int rc = is_url(name) ? download_run(name, proxy, ADOPT_BYTES_MAX, &bytes, err)
			      : fsio_read_path(name, ADOPT_BYTES_MAX, &bytes, err);

	*out = (struct library_asked){.name = name, .table = ADOPT_TABLE_INIT};
	if (rc == 0)
		rc = adopt_parse(buf_slice(&bytes), &feed, err);
	if (rc == 0) {
		size_t put = adopt_table_put(&out->table, &feed);

		out->skipped = feed.len - put + feed.skipped;
	}
	if (rc == 0 && out->table.len == 0)
		rc = err_set(err, ERR_INVALID, "a feed without entries that have ids");
	adopt_feed_free(&feed);
	buf_free(&bytes);
	return rc;
}

void library_asked_free(struct library_asked *asked)
{
	adopt_table_free(&asked->table);
}
