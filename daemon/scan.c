#include "daemon/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "feeds/base/vec.h"

const char *const scan_foreign[SCAN_FOREIGN] = {"adoc", "asciidoc", "creole", "dj", "djot", "ipynb",
    "mdtext", "mdwn", "mediawiki", "mkd", "mkdn", "norg", "org", "pod", "qmd", "rmd", "rst",
    "textile", "typ", "wiki"};

struct folder {
	const char *path; /* "" is the root */
	unsigned depth;
};

struct walk {
	int root;
	const struct scan_rules *rules;
	struct scan_result *out;
	VEC(struct scan_file) files;
	VEC(struct scan_complaint) complaints;
	VEC(struct folder) todo;  /* a stack */
	VEC(struct folder) later; /* folders reached by symlinks: only if not met otherwise */
	VEC(struct scan_folder) met;
	int folder; /* the one being listed; the root while paths are looked at */
};

static void put_complaint(struct walk *walk, const char *path, const char *text, bool passing)
{
	if (walk->complaints.len > SCAN_COMPLAINTS) {
		walk->out->unread_more = walk->out->unread_more || passing;
		return;
	}
	if (walk->complaints.len == SCAN_COMPLAINTS)
		text = "it cannot be used, as more than 1,000 others; mend those that are named, "
		       "and the next are";
	vec_push(&walk->complaints,
	    ((struct scan_complaint){arena_string(&walk->out->arena, slice_of(path)),
		arena_string(&walk->out->arena, slice_of(text)), passing}));
}

static void complain(struct walk *walk, const char *path, const char *text)
{
	put_complaint(walk, path, text, false);
}

static void complain_err(struct walk *walk, const char *path, const struct err *err)
{
	put_complaint(walk, path, err->text, err->passing);
}

/* fstatat failed: what is gone by now is nobody's fault. */
static void complain_unless_gone(struct walk *walk, const char *path)
{
	struct err err;

	(void)fsio_error(&err, "look at it");
	if (err.passing)
		complain_err(walk, path, &err);
}

static int compare_folders(const void *a, const void *b)
{
	const struct scan_folder *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static bool is_own(const struct walk *walk, const struct stat *stat)
{
	for (size_t i = 0; i < walk->rules->own_len; i++)
		if (walk->rules->own[i].dev == stat->st_dev &&
		    walk->rules->own[i].ino == stat->st_ino)
			return true;
	return false;
}

static const char *join(struct walk *walk, const char *folder, const char *name)
{
	size_t above = strlen(folder), len = strlen(name);
	char *path = arena_alloc(&walk->out->arena, above + 1 + len + 1), *at = path;

	if (above) {
		memcpy(path, folder, above);
		path[above] = '/';
		at += above + 1;
	}
	memcpy(at, name, len + 1);
	return path;
}

struct article_stamp scan_stamp(const struct stat *stat)
{
	enum { NS = 1000000000 };

	return (struct article_stamp){
	    .size = stat->st_size,
	    .mtime_ns = (int64_t)stat->st_mtim.tv_sec * NS + stat->st_mtim.tv_nsec,
	    .ctime_ns = (int64_t)stat->st_ctim.tv_sec * NS + stat->st_ctim.tv_nsec,
	    .inode = stat->st_ino,
	};
}

static void add_folder(struct walk *walk, const char *path, unsigned depth, bool by_symlink)
{
	struct folder folder = {path, depth};

	if (depth > SCAN_DEPTH)
		complain(walk, path, "it lies deeper than 64 folders and was left out");
	else if (by_symlink)
		vec_push(&walk->later, folder);
	else
		vec_push(&walk->todo, folder);
}

static void add_file(struct walk *walk, const char *path, struct article_stamp stamp, bool shared)
{
	if (walk->files.len < SCAN_FILES)
		vec_push(&walk->files, ((struct scan_file){path, stamp, shared}));
	else if (walk->files.len == SCAN_FILES)
		complain(
		    walk, path, "there are more than 2,000,000 articles; the rest was left out");
}

/* A file that no pattern takes: people wonder where such articles are. */
static void count_foreign(struct walk *walk, const char *path)
{
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < SCAN_FOREIGN; i++)
		if (strcasecmp(dot + 1, scan_foreign[i]) == 0)
			walk->out->foreign[i] += scan_wants(walk->rules, path, true);
}

/* What the folder says of an entry, or what stands behind a symlink. DT_FIFO: not to be read. */
static unsigned char kind_of(const struct walk *walk, const char *path, unsigned char kind,
    struct article_stamp *stamp, struct err *err)
{
	struct stat stat;

	if (kind == DT_REG || kind == DT_DIR)
		return kind;
	if (fsio_stat(walk->root, path, &stat, err) == 0) {
		*stamp = scan_stamp(&stat);
		if (!S_ISREG(stat.st_mode) && !S_ISDIR(stat.st_mode))
			(void)err_set(
			    err, ERR_INVALID, "it is a FIFO, a socket or a device, not a file");
	} else if (fstatat(walk->root, path, &stat, 0) < 0) {
		if (kind == DT_LNK && errno == ENOENT && err->kind == ERR_IO)
			(void)err_set(err, ERR_INVALID,
			    "it is a symlink to what is not there; remove it, or mend its target");
		return DT_FIFO;
	} else if (!S_ISDIR(stat.st_mode)) {
		return DT_FIFO; /* not even a folder, out there */
	} else {
		return DT_LNK;
	}
	return S_ISREG(stat.st_mode) ? DT_REG : S_ISDIR(stat.st_mode) ? DT_DIR : DT_FIFO;
}

/* Sort in a file that the include patterns want, or a folder; name what cannot be used. */
static void add_entry(struct walk *walk, const struct folder *folder, const struct dirent *entry)
{
	const char *path = join(walk, folder->path, entry->d_name);
	bool wanted = scan_wants(walk->rules, path, false);
	struct article_stamp stamp = {.inode = entry->d_ino};
	unsigned char kind;
	struct stat stat;
	struct err err;

	if (!wanted && entry->d_type != DT_DIR && entry->d_type != DT_LNK &&
	    entry->d_type != DT_UNKNOWN) {
		count_foreign(walk, path);
		return;
	}
	kind = kind_of(walk, path, entry->d_type, &stamp, &err);
	if (kind == DT_DIR || kind == DT_LNK)
		wanted = scan_wants(walk->rules, path, true);
	if (!wanted)
		return;
	if (!scan_good_name(entry->d_name))
		complain(
		    walk, path, "its name holds control characters or is not UTF-8; rename it");
	else if (kind == DT_DIR)
		add_folder(walk, path, folder->depth + 1, entry->d_type == DT_LNK);
	else if (kind != DT_REG)
		complain_err(walk, path, &err);
	else if (entry->d_type != DT_REG || !walk->rules->stamps)
		add_file(walk, path, stamp, entry->d_type == DT_LNK);
	else if (fstatat(walk->folder, walk->folder == walk->root ? path : entry->d_name, &stat,
		     AT_SYMLINK_NOFOLLOW) == 0)
		add_file(walk, path, scan_stamp(&stat), stat.st_nlink > 1);
	else
		complain_unless_gone(walk, path);
}

static int read_folder(struct walk *walk, const struct folder *folder, DIR *dir, struct err *err)
{
	struct dirent *entry;

	walk->folder = dirfd(dir);
	while (errno = 0, (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			add_entry(walk, folder, entry);
	return errno ? fsio_error(err, "read to its end") : 0;
}

/*
 * A folder that a symlink leads back to. Most are read once and that is all, as in a farm of
 * symlinks; one that the symlink lies in is a circle, and somebody's slip.
 */
static int met_before(
    const struct walk *walk, const char *path, const struct scan_folder *met, struct err *err)
{
	struct buf above = BUF_INIT;
	struct stat stat;
	bool circle = false;

	for (const char *end = path; end && !circle; end = strchr(end + 1, '/')) {
		buf_clear(&above);
		buf_put(&above, end > path ? path : ".", end > path ? (size_t)(end - path) : 1);
		circle = fstatat(walk->root, buf_string(&above), &stat, 0) == 0 &&
			 stat.st_dev == met->dev && stat.st_ino == met->ino;
	}
	buf_free(&above);
	return !circle ? 0
		       : err_set(err, ERR_INVALID,
			     "it is a symlink to a folder that it lies in; remove it, or leave it "
			     "out by exclude");
}

static int list_folder(struct walk *walk, const struct folder *folder, int take_fd, struct err *err)
{
	DIR *dir;
	int rc;

	if (walk->rules->enter)
		walk->rules->enter(walk->rules->enter_arg, folder->path, take_fd);
	dir = fdopendir(take_fd);
	if (!dir)
		mem_exhausted();
	rc = read_folder(walk, folder, dir, err);
	(void)closedir(dir); /* only read */
	return rc;
}

static int visit(struct walk *walk, const struct folder *folder, bool by_symlink, struct err *err)
{
	int fd = fsio_open_folder_below(walk->root, folder->path, false, err), rc = 0;
	struct scan_folder here;
	struct stat stat;

	if (fd < 0) {
		if (walk->rules->enter)
			walk->rules->enter(walk->rules->enter_arg, folder->path, -1);
		return -1;
	}
	if (fstat(fd, &stat) < 0) {
		(void)fsio_error(err, "look at it");
		(void)close(fd); /* only read */
		return -1;
	}
	here = (struct scan_folder){stat.st_dev, stat.st_ino};
	if (by_symlink &&
	    bsearch(&here, walk->met.items, walk->met.len, sizeof(here), compare_folders)) {
		rc = met_before(walk, folder->path, &here, err);
	} else if (!*folder->path || !is_own(walk, &stat)) {
		/* feedd's own folders are left out, unless one of them is the root itself. */
		vec_push(&walk->met, here);
		return list_folder(walk, folder, fd, err);
	}
	(void)close(fd); /* not ours to read, or read before */
	return rc;
}

static void drain(struct walk *walk)
{
	struct err err;

	while (walk->todo.len > 0) {
		struct folder folder = walk->todo.items[--walk->todo.len];

		if (visit(walk, &folder, false, &err) < 0)
			complain_err(walk, folder.path, &err);
	}
}

/* Folders behind symlinks come last, so that a folder keeps its real path. */
static void drain_symlinks(struct walk *walk)
{
	struct err err;

	while (walk->later.len > 0) {
		struct folder folder = walk->later.items[--walk->later.len];

		qsort(walk->met.items, walk->met.len, sizeof(*walk->met.items), compare_folders);
		if (visit(walk, &folder, true, &err) < 0)
			complain_err(walk, folder.path, &err);
		drain(walk);
	}
}

static int compare_files(const void *a, const void *b)
{
	const struct scan_file *x = a, *y = b;

	if (x->stamp.inode != y->stamp.inode)
		return x->stamp.inode < y->stamp.inode ? -1 : 1;
	return strcmp(x->path, y->path);
}

static void finish(struct walk *walk)
{
	struct scan_result *out = walk->out;

	if (walk->files.len > 1)
		qsort(
		    walk->files.items, walk->files.len, sizeof(*walk->files.items), compare_files);
	out->files = walk->files.items;
	out->len = walk->files.len;
	out->complaints = walk->complaints.items;
	out->complaints_len = walk->complaints.len;
	vec_free(&walk->todo);
	vec_free(&walk->later);
	vec_free(&walk->met);
}

int scan_run(int root, const struct scan_rules *rules, struct scan_result *out, struct err *err)
{
	struct walk walk = {.root = root, .rules = rules, .out = out};
	const struct folder top = {"", 0};
	int rc;

	*out = (struct scan_result){.arena = ARENA_INIT};
	rc = visit(&walk, &top, false, err);
	if (rc == 0) {
		drain(&walk);
		drain_symlinks(&walk);
	}
	finish(&walk);
	return rc;
}

/* Would scan_run come into this folder? Symlinks on the way are for scan_run alone. */
static bool enters(struct walk *walk, const char *path)
{
	const char *name = path;
	unsigned depth = 0;

	for (const char *end; *name; name = *end ? end + 1 : end) {
		struct slice upto;
		struct stat stat;
		struct buf folder = BUF_INIT;
		bool leads, there;

		end = strchrnul(name, '/');
		upto = slice_make(path, (size_t)(end - path));
		buf_put_slice(&folder, upto);
		leads = ++depth <= SCAN_DEPTH && scan_wants(walk->rules, buf_string(&folder), true);
		there = leads &&
			fstatat(walk->root, buf_string(&folder), &stat, AT_SYMLINK_NOFOLLOW) == 0;
		if (leads && !there)
			complain_unless_gone(walk, buf_string(&folder));
		leads = there &&
			(S_ISLNK(stat.st_mode) || (S_ISDIR(stat.st_mode) && !is_own(walk, &stat)));
		walk->out->more = walk->out->more || (leads && S_ISLNK(stat.st_mode));
		buf_free(&folder);
		if (!leads)
			return false;
	}
	return true;
}

static unsigned depth_of(const char *path)
{
	unsigned depth = 0;

	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

static void look_at(struct walk *walk, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = mem_dup(path, slash ? (size_t)(slash - path) : 0);
	struct folder folder = {parent, depth_of(path)};
	struct dirent entry = {.d_type = DT_UNKNOWN};
	const char *name = slash ? slash + 1 : path;
	struct stat stat;

	if (name[0] == '.' || strlen(name) >= sizeof(entry.d_name) || !enters(walk, parent)) {
		free(parent);
		return;
	}
	if (fstatat(walk->root, path, &stat, AT_SYMLINK_NOFOLLOW) < 0) {
		complain_unless_gone(walk, path);
	} else {
		memcpy(entry.d_name, name, strlen(name) + 1);
		entry.d_ino = stat.st_ino;
		entry.d_type = IFTODT(stat.st_mode);
		add_entry(walk, &folder, &entry);
	}
	free(parent);
}

void scan_look(int root, const struct scan_rules *rules, const char *const *paths, size_t paths_len,
    struct scan_result *out)
{
	struct walk walk = {.root = root, .rules = rules, .out = out, .folder = root};

	*out = (struct scan_result){.arena = ARENA_INIT};
	for (size_t i = 0; i < paths_len; i++)
		if (*paths[i])
			look_at(&walk, paths[i]);
	drain(&walk);
	out->more = out->more || walk.later.len > 0;
	finish(&walk);
}

void scan_free(struct scan_result *result)
{
	free(result->files);
	free(result->complaints);
	arena_free(&result->arena);
	*result = (struct scan_result){.arena = ARENA_INIT};
}
