#include "daemon/indexkey.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "feeds/base/mem.h"

enum {
	RANDOM_BYTES = 16,
	DIGITS = 2 * RANDOM_BYTES,
	FILE_MAX = 4096, /* bytes; what is longer is not our file */
};

static const char meta_name[] = "indexnow_key";
static const char suffix[] = ".txt";

static int make_key(struct buf *out, struct err *err)
{
	uint8_t bytes[RANDOM_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return err_set(err, ERR_IO, "getrandom: %s", strerrordesc_np(errno));
	for (size_t i = 0; i < sizeof(bytes); i++)
		buf_printf(out, "%02x", bytes[i]);
	return 0;
}

static bool is_there(int root, const char *name, struct slice key)
{
	struct buf bytes = BUF_INIT;
	struct stat stat;
	struct err ignored;
	int fd = fsio_open_file(root, name, &stat, &ignored);
	bool same = fd >= 0 && fsio_read(fd, &stat, FILE_MAX, &bytes, &ignored) == 0 &&
		    slice_equal(slice_trim(buf_slice(&bytes)), key);

	if (fd >= 0)
		(void)close(fd); /* only read */
	buf_free(&bytes);
	return same;
}

/* Does a file of this name hold a key as make_key() makes them? */
static bool is_key_file(int root, const char *name)
{
	return strspn(name, "0123456789abcdef") == DIGITS && strcmp(name + DIGITS, suffix) == 0 &&
	       is_there(root, name, slice_make(name, DIGITS));
}

/* The state was lost: search engines know the key that stands in its file. Of several the first. */
static void find_key(int root, struct buf *out)
{
	int fd = root >= 0 ? openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		if (!is_key_file(root, entry->d_name) ||
		    (out->len && strncmp(entry->d_name, out->data, DIGITS) > 0))
			continue;
		buf_clear(out);
		buf_put(out, entry->d_name, DIGITS);
	}
	if (folder)
		(void)closedir(folder); /* only read */
	else if (fd >= 0)
		(void)close(fd); /* the same */
}

static int store_key(struct state *state, struct slice key, struct err *err)
{
	if (state_begin(state, err) < 0)
		return -1;
	if (state_put_text(state, meta_name, key, err) < 0) {
		state_rollback(state);
		return -1;
	}
	return state_commit(state, err);
}

/* One that was used before, or another one. */
static int begin_key(int root, struct state *state, struct buf *out, struct err *err)
{
	find_key(root, out);
	if (out->len == 0 && make_key(out, err) < 0)
		return -1;
	return store_key(state, buf_slice(out), err);
}

int indexkey_load(
    const struct site *site, struct state *state, bool make, struct buf *out, struct err *err)
{
	struct buf key = BUF_INIT;
	int rc = state ? state_get_text(state, meta_name, &key, err) : 0;

	if (rc == 0 && key.len == 0 && make)
		rc = begin_key(site->output, state, &key, err);
	if (rc == 0)
		buf_put_slice(out, buf_slice(&key));
	buf_free(&key);
	return rc;
}

static int write_file(int folder, const char *name, struct slice key, struct err *err)
{
	const struct timespec now = {.tv_nsec = UTIME_NOW};
	struct fsio_temp temp = FSIO_TEMP_INIT;
	int rc = fsio_temp_open(&temp, folder, name, err);

	if (rc == 0 &&
	    (fsio_write(temp.fd, key.ptr, key.len, err) < 0 ||
		fsio_temp_sync(&temp, 0, now, err) < 0 || fsio_temp_rename(&temp, name, err) < 0 ||
		fsio_sync_folder(folder, err) < 0))
		rc = -1;
	fsio_temp_drop(&temp);
	return rc;
}

int indexkey_publish(const struct site *site, struct slice key, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc = 0;

	buf_put_slice(&name, key);
	buf_puts(&name, suffix);
	if (!is_there(site->output, buf_string(&name), key) &&
	    write_file(site->output, buf_string(&name), key, err) < 0)
		rc = err_wrap(err, "%s/%s", site->output_path, buf_string(&name));
	buf_free(&name);
	return rc;
}
