/* What a site's folder shows to the family of generators. */
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "daemon/init.h"
#include "feeds/base/vec.h"

/* A file that is there, and cannot be read. */
static void take_fault(struct arena *arena, const struct err *err, struct generator_seen *seen)
{
	seen->kind = GENERATOR_FILE;
	seen->fault = err->kind == ERR_LIMIT ? "it is too large to be somebody's settings; not read"
					     : arena_string(arena, slice_of(err->text));
}

static void read_file(int folder, struct arena *arena, struct generator_seen *seen)
{
	struct buf bytes = BUF_INIT;
	struct stat stat;
	struct err err;
	int fd = fsio_open_file(folder, seen->path, &stat, &err);

	seen->kind = GENERATOR_FILE;
	if (fd >= 0 && fsio_read(fd, &stat, GENERATOR_FILE_MAX, &bytes, &err) == 0)
		seen->bytes = arena_copy(arena, buf_slice(&bytes));
	else
		take_fault(arena, &err, seen);
	if (fd >= 0)
		(void)close(fd); /* only read */
	buf_free(&bytes);
}

static void read_names(int folder, struct arena *arena, struct generator_seen *seen)
{
	struct buf names = BUF_INIT;
	struct err ignored;
	int fd = fsio_open_folder_below(folder, seen->path, false, &ignored);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	for (size_t i = 0; dir && i < GENERATOR_NAMES_MAX && (entry = readdir(dir)) != NULL; i++)
		if (entry->d_name[0] != '.')
			buf_printf(
			    &names, "%s%s\n", entry->d_name, entry->d_type == DT_DIR ? "/" : "");
	if (dir)
		(void)closedir(dir); /* only read */
	else if (fd >= 0)
		(void)close(fd); /* likewise */
	seen->kind = GENERATOR_FOLDER;
	seen->bytes = arena_copy(arena, buf_slice(&names));
	buf_free(&names);
}

static const char *name_of(const char *dir, struct arena *arena)
{
	char *whole = realpath(dir, NULL), *slash = whole ? strrchr(whole, '/') : NULL;
	const char *name = arena_string(arena, slice_of(slash ? slash + 1 : dir));

	free(whole);
	return name;
}

void init_look(int folder, const char *dir, struct arena *arena, struct generator_site *out)
{
	struct generator_seen *items;
	const char *path;
	size_t len = 0;

	while (generator_wants(len))
		len++;
	items = arena_array(arena, struct generator_seen, len);
	for (size_t i = 0; (path = generator_wants(i)) != NULL; i++) {
		struct stat stat;
		struct err err;

		items[i].path = path;
		if (fsio_stat(folder, path, &stat, &err) < 0) {
			if (fsio_is_taken(folder, path)) /* a symlink that leads elsewhere */
				take_fault(arena, &err, &items[i]);
		} else if (S_ISDIR(stat.st_mode)) {
			read_names(folder, arena, &items[i]);
		} else if (S_ISREG(stat.st_mode)) { /* nobody's settings are a device */
			read_file(folder, arena, &items[i]);
		}
	}
	*out = (struct generator_site){name_of(dir, arena), items, len};
}
