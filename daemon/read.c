#include "daemon/read.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "feeds/base/hash.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/base/uri.h"

static int64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool same_file(const struct article_stamp *a, const struct article_stamp *b)
{
	return a->size == b->size && a->mtime_ns == b->mtime_ns && a->inode == b->inode;
}

/*
 * Time stamps are as coarse as the kernel's tick, so a file touched a moment ago may change
 * once more and look the same: such a stamp is made one that fits no file.
 */
static struct article_stamp lasting(struct article_stamp stamp, int64_t now)
{
	enum { TICK_NS = 100000000 };

	if (now - stamp.mtime_ns < TICK_NS || now - stamp.ctime_ns < TICK_NS)
		stamp.size = -1;
	return stamp;
}

/* What is known of the file beside its bytes; those of `known` that first sight decided stay. */
static void describe(const struct reader *reader, const struct site *site, const struct stat *stat,
    int fd, const struct article *known, int64_t now, struct article_file *file)
{
	bool asks =
	    site->config->content.undated == UNDATED_FIRST_SEEN || site->rules.date_only_first_seen;

	file->digest = hash_of(buf_slice(&reader->raw), 0);
	if (known)
		file->first_seen = known->first_seen;
	else /* the file system may know a time before ours */
		file->first_seen = asks ? fsio_first_seen(fd, stat) : now;
	if (known && known->undated)
		file->undated = known->published;
	else if (site->config->content.undated == UNDATED_FIRST_SEEN)
		file->undated = file->first_seen;
	else
		file->undated = stat->st_mtim.tv_sec;
}

static bool being_written(const struct reader *reader, int fd)
{
	enum fsio_writer writer = fsio_writer(fd);

	return writer == FSIO_WRITER || (writer == FSIO_WRITER_UNKNOWN && reader->doubt);
}

static int read_bytes(struct reader *reader, const struct site *site, const char *path,
    const struct article *known, int64_t now, struct article_file *file, struct err *err)
{
	struct article_stamp before, after;
	struct stat stat;
	int fd = fsio_open_file(site->content, path, &stat, err), rc;
	int64_t moment = now_ns();
	bool fresh, empty;

	if (fd < 0)
		return -1;
	before = after = scan_stamp(&stat);
	rc = fsio_read(fd, &stat, (size_t)site->config->content.max_bytes, &reader->raw, err);
	if (rc < 0 && err->kind == ERR_LIMIT)
		(void)err_advise(err, "raise max_bytes in [content], or leave it out by exclude");
	describe(reader, site, &stat, fd, known, now, file);
	if (fstat(fd, &stat) == 0)
		after = scan_stamp(&stat);
	fresh = moment - after.mtime_ns < (int64_t)READ_SETTLE_MS * 1000000;
	/* With a time to come an empty file would be waited for until then. */
	empty = reader->raw.len == 0 && after.mtime_ns - moment < (int64_t)READ_SETTLE_MS * 1000000;
	reader->unsettled =
	    !same_file(&before, &after) || (fresh && (empty || being_written(reader, fd)));
	(void)close(fd); /* only read */
	reader->shared = stat.st_nlink > 1;
	file->path = slice_of(path);
	file->now = now;
	file->stamp = lasting(before, moment);
	return rc;
}

static void report_repairs(const struct text_repairs *repairs, struct diags *diags)
{
	if (repairs->replaced)
		diag_put(diags, DIAG_WARNING, repairs->replaced_line, repairs->replaced_column,
		    "%zu byte%s not UTF-8, replaced by U+FFFD; save the file as UTF-8",
		    repairs->replaced, repairs->replaced == 1 ? " is" : " sequences are");
	if (repairs->dropped)
		diag_put(diags, DIAG_WARNING, repairs->dropped_line, repairs->dropped_column,
		    "%zu control character%s that no feed may hold, left out; delete %s",
		    repairs->dropped, text_plural(repairs->dropped),
		    repairs->dropped == 1 ? "it" : "them");
}

int read_article(struct reader *reader, const struct site *site, const char *path,
    const struct article *known, int64_t now, struct diags *diags, struct err *err)
{
	struct text_repairs repairs = {0};
	struct article_file file;
	struct slice text;

	buf_clear(&reader->raw);
	buf_clear(&reader->legal);
	arena_clear(&reader->arena);
	*err = (struct err){0};
	reader->unsettled = false;
	if (read_bytes(reader, site, path, known, now, &file, err) < 0)
		return -1;
	if (text_legal(buf_slice(&reader->raw), &reader->legal, &text, &repairs, err) < 0)
		return -1;
	report_repairs(&repairs, diags);
	return article_parse(text, &file, &site->rules, &reader->arena, diags, &reader->article,
	    &reader->detail, err);
}

int read_indexed(struct reader *reader, const struct site *site, const struct article *article,
    int64_t now, struct diags *diags, struct err *err)
{
	buf_clear(&reader->path);
	buf_put_slice(&reader->path, article->path);
	if (read_article(reader, site, buf_string(&reader->path), article, now, diags, err) < 0)
		return -1;
	if (reader->article.digest != article->digest)
		return 1;
	reader->article.id = article->id;
	reader->article.url = article->url;
	reader->article.published = article->published;
	reader->article.updated = article->updated;
	return 0;
}

static bool length_of(int root, struct slice path, int64_t *length)
{
	struct stat stat;
	struct err ignored;
	char *name = mem_dup(path.ptr, path.len);
	bool found =
	    root >= 0 && fsio_stat(root, name, &stat, &ignored) == 0 && S_ISREG(stat.st_mode);

	if (found)
		*length = stat.st_size;
	free(name);
	return found;
}

/* Beside the article, as in a page bundle, else where the web server has it. */
void read_enclosure(struct reader *reader, const struct site *site)
{
	struct enclosure *enclosure = &reader->detail.enclosure;
	struct slice url = enclosure->url, path = reader->article.path;
	struct buf below = BUF_INIT, beside = BUF_INIT;
	size_t slash = path.len, name;

	if (url.len == 0 || enclosure->length >= 0 || !slice_starts(url, site->config->site.url))
		return;
	uri_put_decoded(&below, slice_from(url, strlen(site->config->site.url)));
	while (slash > 0 && path.ptr[slash - 1] != '/')
		slash--;
	for (name = below.len; name > 0 && below.data[name - 1] != '/'; name--)
		continue;
	buf_put_slice(&beside, slice_sub(path, 0, slash));
	buf_put_slice(&beside, slice_from(buf_slice(&below), name));
	if (!length_of(site->content, buf_slice(&beside), &enclosure->length) &&
	    !length_of(site->content, buf_slice(&below), &enclosure->length))
		(void)length_of(
		    site->output, buf_slice(&below), &enclosure->length); /* or unknown */
	buf_free(&below);
	buf_free(&beside);
}

void reader_free(struct reader *reader)
{
	buf_free(&reader->raw);
	buf_free(&reader->legal);
	buf_free(&reader->path);
	arena_free(&reader->arena);
}
