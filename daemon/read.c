#include "daemon/read.h"

#include <stdlib.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/base/uri.h"

static int read_bytes(struct reader *reader, const struct site *site, const char *path,
    struct article_file *file, struct err *err)
{
	struct stat stat;
	int fd = fsio_open_file(site->content, path, &stat, err), rc;

	if (fd < 0)
		return -1;
	rc = fsio_read(fd, &stat, (size_t)site->config->content.max_bytes, &reader->raw, err);
	if (rc < 0 && err->kind == ERR_LIMIT)
		(void)err_wrap(err, "it is too large (content.max_bytes)");
	*file = (struct article_file){slice_of(path), stat.st_mtim.tv_sec, stat.st_mtim.tv_sec};
	if (site->config->content.undated == UNDATED_FIRST_SEEN || site->rules.date_only_first_seen)
		file->first_seen = fsio_first_seen(fd, &stat);
	if (site->config->content.undated == UNDATED_FIRST_SEEN)
		file->undated = file->first_seen;
	(void)close(fd); /* only read */
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
		    repairs->dropped, repairs->dropped == 1 ? "" : "s",
		    repairs->dropped == 1 ? "it" : "them");
}

int read_article(struct reader *reader, const struct site *site, const char *path,
    struct diags *diags, struct err *err)
{
	struct text_repairs repairs = {0};
	struct article_file file;
	struct slice text;

	buf_clear(&reader->raw);
	buf_clear(&reader->legal);
	arena_clear(&reader->arena);
	*err = (struct err){0};
	if (read_bytes(reader, site, path, &file, err) < 0)
		return -1;
	if (text_legal(buf_slice(&reader->raw), &reader->legal, &text, &repairs, err) < 0)
		return -1;
	report_repairs(&repairs, diags);
	return article_parse(text, &file, &site->rules, &reader->arena, diags, &reader->article,
	    &reader->detail, err);
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
	arena_free(&reader->arena);
}
