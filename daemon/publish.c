#include "daemon/publish.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/compress.h"
#include "daemon/fsio.h"
#include "daemon/scan.h"
#include "feeds/base/digest.h"
#include "feeds/base/mem.h"

enum { CHUNK = 65536 };

struct publish {
	struct publish_target target;
	struct digest_stream *digest;
	void *check;
	uint64_t size;	 /* bytes so far */
	struct buf held; /* those not written to the temp */
	struct fsio_temp temp;
	struct fsio_temp packed[COMPRESS_COUNT];
	int folder; /* the target's, once it is needed; -1 */
};

static char *folder_path(const struct publish_target *target)
{
	const char *slash = strrchr(target->path, '/');

	return mem_dup(target->path, slash ? (size_t)(slash - target->path) : 0);
}

struct publish *publish_start(const struct publish_target *target)
{
	struct publish *p = mem_zalloc(1, sizeof(*p));

	p->target = *target;
	p->digest = digest_new();
	p->check = target->format->check ? target->format->check->start() : NULL;
	p->temp = FSIO_TEMP_INIT;
	for (size_t i = 0; i < COMPRESS_COUNT; i++)
		p->packed[i] = FSIO_TEMP_INIT;
	p->folder = -1;
	return p;
}

static const char *file_name(const struct publish *p)
{
	const char *slash = strrchr(p->target.path, '/');

	return slash ? slash + 1 : p->target.path;
}

/* Open the target's folder, made when it is missing. */
static int need_folder(struct publish *p, struct err *err)
{
	char *path;

	if (p->folder >= 0)
		return 0;
	path = folder_path(&p->target);
	p->folder = fsio_open_folder_below(p->target.root, path, true, err);
	free(path);
	return p->folder < 0 ? -1 : 0;
}

/* Move what is held into the temp. */
static int spill(struct publish *p, struct err *err)
{
	if (need_folder(p, err) < 0)
		return -1;
	if (!p->temp.name && fsio_temp_open(&p->temp, p->folder, file_name(p), err) < 0)
		return -1;
	if (fsio_write(p->temp.fd, p->held.data, p->held.len, err) < 0)
		return -1;
	buf_clear(&p->held);
	return 0;
}

/* No article may bring that about: it is feedd's own fault. */
static int broken(struct err *err)
{
	(void)err_advise(
	    err, "what is published stays as it is; please report this"); /* -1, as here */
	return err_wrap(err, "the document would be broken");
}

int publish_put(struct publish *p, struct slice piece, struct err *err)
{
	if (p->check && p->target.format->check->put(p->check, piece, err) < 0)
		return broken(err);
	digest_put(p->digest, piece.ptr, piece.len);
	p->size += piece.len;
	if (p->target.dry)
		return 0;
	buf_put_slice(&p->held, piece);
	return p->held.len > PUBLISH_HELD ? spill(p, err) : 0;
}

/* Nothing else than these bytes is in the file; read to the first that differs. */
static bool same_held(int fd, struct slice bytes, char *chunk)
{
	size_t at = 0;
	ssize_t got;

	while ((got = read(fd, chunk, CHUNK)) > 0 || (got < 0 && errno == EINTR)) {
		size_t len = got > 0 ? (size_t)got : 0;

		if (len > bytes.len - at || memcmp(bytes.ptr + at, chunk, len) != 0)
			return false;
		at += len;
	}
	return got == 0 && at == bytes.len;
}

static bool same_digest(int fd, const struct digest *digest, char *chunk)
{
	struct digest_stream *stream = digest_new();
	struct digest there;
	ssize_t got;

	while ((got = read(fd, chunk, CHUNK)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			digest_put(stream, chunk, (size_t)got);
	there = digest_finish(stream);
	digest_free(stream);
	return got == 0 && digest_equal(&there, digest);
}

/* Does the file on disk hold just these bytes? Its stat is filled when there is one. */
static bool same_bytes(
    const struct publish *p, const struct digest *digest, struct stat *stat, bool *exists)
{
	struct err ignored;
	char *chunk;
	bool same;
	int fd = p->target.root < 0
		     ? -1
		     : fsio_open_file(p->target.root, p->target.path, stat, &ignored);

	*exists = fd >= 0;
	if (fd < 0 || (uint64_t)stat->st_size != p->size) {
		if (fd >= 0)
			(void)close(fd); /* only looked at */
		return false;
	}
	chunk = mem_alloc(CHUNK);
	if (p->held.len == p->size) /* all of it: a digest would only take longer */
		same = same_held(fd, buf_slice(&p->held), chunk);
	else
		same = same_digest(fd, digest, chunk);
	free(chunk);
	(void)close(fd); /* only read */
	return same;
}

static char *packed_name(const char *name, size_t kind)
{
	char *packed = NULL;

	if (asprintf(&packed, "%s%s", name, compressions[kind].suffix) < 0)
		mem_exhausted();
	return packed;
}

static bool wants_packed(const struct publish_target *target, size_t kind)
{
	return kind == COMPRESS_GZIP ? target->gzip : target->brotli;
}

/* A packed sibling belongs to a file when it has its mtime. */
static bool packed_fits(int root, const char *plain_path, size_t kind, const struct stat *plain)
{
	char *path = packed_name(plain_path, kind);
	struct stat stat;
	struct err ignored;
	bool fits = fsio_stat(root, path, &stat, &ignored) == 0 && S_ISREG(stat.st_mode) &&
		    stat.st_mtim.tv_sec == plain->st_mtim.tv_sec &&
		    stat.st_mtim.tv_nsec == plain->st_mtim.tv_nsec;

	free(path);
	return fits;
}

static int pack(
    struct publish *p, size_t kind, int from, mode_t mode, struct timespec mtime, struct err *err)
{
	char *name = packed_name(file_name(p), kind);
	int rc = fsio_temp_open(&p->packed[kind], p->folder, name, err);

	free(name);
	if (rc == 0)
		rc = compressions[kind].pack(from, p->packed[kind].fd, err);
	if (rc == 0)
		rc = fsio_temp_sync(&p->packed[kind], mode, mtime, err);
	return rc < 0 ? err_wrap(err, "its %s", compressions[kind].suffix) : 0;
}

static int put_packed(struct publish *p, size_t kind, struct err *err)
{
	char *name = packed_name(file_name(p), kind);
	int rc = fsio_temp_rename(&p->packed[kind], name, err);

	free(name);
	return rc;
}

/* The bytes stay, but a packed sibling may be missing or of another day. */
static int repair_packed(struct publish *p, const struct stat *plain, struct err *err)
{
	struct stat stat;
	bool any = false;
	int fd, rc = 0;

	for (size_t kind = 0; kind < COMPRESS_COUNT && rc == 0; kind++) {
		if (!wants_packed(&p->target, kind) ||
		    packed_fits(p->target.root, p->target.path, kind, plain))
			continue;
		if (need_folder(p, err) < 0)
			return -1;
		fd = fsio_open_file(p->target.root, p->target.path, &stat, err);
		if (fd < 0)
			return -1;
		rc = pack(p, kind, fd, plain->st_mode, plain->st_mtim, err);
		(void)close(fd); /* only read */
		if (rc == 0)
			rc = put_packed(p, kind, err);
		any = true;
	}
	return rc == 0 && any ? fsio_sync_folder(p->folder, err) : rc;
}

/*
 * Web servers make ETag and Last-Modified of mtime and size, so a file that is
 * replaced within the same second must still show a later one.
 */
static struct timespec new_mtime(const struct publish *p, bool exists, const struct stat *old)
{
	enum { FAR = 3600 };
	struct timespec mtime = {p->target.mtime, 0};

	if (exists && old->st_mtim.tv_sec >= mtime.tv_sec &&
	    old->st_mtim.tv_sec < mtime.tv_sec + FAR)
		mtime.tv_sec = old->st_mtim.tv_sec + 1;
	return mtime;
}

/*
 * What the file will be known by is taken from the temp: whoever changes the file
 * once it is in place then changes it for us, too.
 */
static int stamp_temp(const struct publish *p, struct article_stamp *out, struct err *err)
{
	struct stat stat;

	if (fstat(p->temp.fd, &stat) < 0)
		return err_set(err, ERR_IO, "look at it: %s", strerrordesc_np(errno));
	if ((uint64_t)stat.st_size != p->size)
		return err_set(err, ERR_IO, "somebody else has written to it");
	*out = scan_stamp(&stat);
	return 0;
}

static int replace(struct publish *p, bool exists, const struct stat *old,
    struct article_stamp *out_stamp, struct err *err)
{
	struct timespec mtime = new_mtime(p, exists, old);
	mode_t mode = exists ? old->st_mode : 0;

	if (spill(p, err) < 0)
		return -1;
	for (size_t kind = 0; kind < COMPRESS_COUNT; kind++)
		if (wants_packed(&p->target, kind) &&
		    pack(p, kind, p->temp.fd, mode, mtime, err) < 0)
			return -1;
	if (fsio_temp_sync(&p->temp, mode, mtime, err) < 0 || stamp_temp(p, out_stamp, err) < 0)
		return -1;
	for (size_t kind = 0; kind < COMPRESS_COUNT; kind++) {
		if (wants_packed(&p->target, kind)) {
			if (put_packed(p, kind, err) < 0)
				return -1;
		} else if (exists && packed_fits(p->target.root, p->target.path, kind, old)) {
			/* Left from when compression was on: it would hide the new feed. */
			char *name = packed_name(file_name(p), kind);

			(void)unlinkat(p->folder, name, 0); /* the rename below still counts */
			free(name);
		}
	}
	if (fsio_temp_rename(&p->temp, file_name(p), err) < 0)
		return -1;
	return fsio_sync_folder(p->folder, err);
}

static bool same_stamp(const struct stat *stat, const struct article_stamp *stamp)
{
	struct article_stamp there = scan_stamp(stat);

	/* Not the ctime: a hard link is no change. But what nobody can read is no feed. */
	return S_ISREG(stat->st_mode) && (stat->st_mode & S_IRUSR) && there.size == stamp->size &&
	       there.mtime_ns == stamp->mtime_ns && there.inode == stamp->inode;
}

bool publish_stands(const struct publish_target *target, const struct article_stamp *stamp)
{
	struct stat stat;
	struct err ignored;

	if (target->root < 0 || fsio_stat(target->root, target->path, &stat, &ignored) < 0 ||
	    !same_stamp(&stat, stamp))
		return false;
	for (size_t kind = 0; kind < COMPRESS_COUNT; kind++)
		if (wants_packed(target, kind) &&
		    !packed_fits(target->root, target->path, kind, &stat))
			return false;
	return true;
}

int publish_remove(int root, const char *path, const struct article_stamp *stamp, struct err *err)
{
	struct stat stat;

	if (fsio_stat(root, path, &stat, err) < 0 || !same_stamp(&stat, stamp))
		return 0; /* gone already, or somebody else's by now */
	for (size_t kind = 0; kind < COMPRESS_COUNT; kind++) {
		char *packed = packed_name(path, kind);
		bool ours = packed_fits(root, path, kind, &stat);
		int rc = ours ? fsio_remove(root, packed, err) : 0;

		free(packed);
		if (rc < 0)
			return -1;
	}
	return fsio_remove(root, path, err);
}

int publish_finish(struct publish *p, struct publish_result *out, struct err *err)
{
	struct digest digest = digest_finish(p->digest);
	struct stat old;
	bool exists, same;

	if (p->check && p->target.format->check->finish(p->check, err) < 0)
		return broken(err);
	same = same_bytes(p, &digest, &old, &exists);
	*out = (struct publish_result){.digest = digest};
	out->outcome = same ? PUBLISH_UNCHANGED : exists ? PUBLISH_REPLACED : PUBLISH_CREATED;
	if (p->target.dry)
		return 0;
	if (!same)
		return replace(p, exists, &old, &out->stamp, err);
	out->stamp = scan_stamp(&old);
	return repair_packed(p, &old, err);
}

void publish_free(struct publish *p)
{
	if (!p)
		return;
	fsio_temp_drop(&p->temp);
	for (size_t i = 0; i < COMPRESS_COUNT; i++)
		fsio_temp_drop(&p->packed[i]);
	if (p->folder >= 0)
		(void)close(p->folder); /* synced before */
	if (p->check)
		p->target.format->check->free(p->check);
	digest_free(p->digest);
	buf_free(&p->held);
	free(p);
}
