/* watch: real folders, a real loop, and a walker like the scan's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "daemon/fsio.h"
#include "daemon/job.h"
#include "daemon/watch.h"
#include "feeds/base/arena.h"
#include "feeds/base/buf.h"
#include "feeds/base/map.h"
#include "feeds/base/vec.h"

enum { DEADLINE_MS = 20000 };

static const char *const include[] = {"**/*.md"};
static const char *const exclude[] = {"excluded/", "excluded"};
static const struct scan_rules rules = {
    .include = include, .exclude = exclude, .include_len = 1, .exclude_len = 2};

struct fixture {
	char folder[64]; /* holds the root, "in", and "out" beside it */
	uv_loop_t loop;
	int above, root; /* descriptors */
	struct watch *watch;
	struct buf log; /* "KIND PATH\n" for each event */
	uv_timer_t deadline;
	bool late;
};

static void on_event(void *arg, enum watch_kind kind, const char *path)
{
	static const char *const names[] = {
	    "changed", "touched", "created", "gone", "folder", "overflow", "root lost"};
	struct fixture *fixture = arg;
	size_t before = fixture->log.len;

	buf_printf(&fixture->log, "%s %s\n", names[kind], path);
	/* A deleted folder tells, and the one above it: once is enough. */
	if (kind == WATCH_GONE && before &&
	    slice_ends(
		slice_sub(buf_slice(&fixture->log), 0, before), buf_string(&fixture->log) + before))
		buf_cut(&fixture->log, before);
}

static void on_deadline(uv_timer_t *timer)
{
	struct fixture *fixture = timer->data;

	fixture->late = true;
}

/* As the scan does: have it watched, then list it, then what is in it. */
static void walk(struct fixture *fixture, const char *path)
{
	struct err err;
	int fd = fsio_open_folder_below(fixture->root, path, false, &err);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return;
	watch_folder(fixture->watch, path, fd);
	dir = fdopendir(fd);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		struct buf below = BUF_INIT;

		buf_printf(&below, "%s%s%s", path, *path ? "/" : "", entry->d_name);
		if (entry->d_type == DT_DIR && scan_wants(&rules, buf_string(&below), true))
			walk(fixture, buf_string(&below));
		buf_free(&below);
	}
	(void)closedir(dir);
}

static void fixture_start_with(struct fixture *fixture, bool poll)
{
	struct err err;
	char root[96];

	*fixture = (struct fixture){.log = BUF_INIT};
	(void)snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/watch-XXXXXX");
	assert_non_null(mkdtemp(fixture->folder));
	fixture->above = fsio_open_folder(fixture->folder, &err);
	assert_int_equal(mkdirat(fixture->above, "in", 0777), 0);
	assert_int_equal(mkdirat(fixture->above, "out", 0777), 0);
	(void)snprintf(root, sizeof(root), "%s/in", fixture->folder);
	fixture->root = fsio_open_folder(root, &err);
	assert_true(fixture->root >= 0);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	assert_int_equal(uv_timer_init(&fixture->loop, &fixture->deadline), 0);
	fixture->deadline.data = fixture;
	fixture->watch =
	    watch_start(&fixture->loop, fixture->root, &rules, poll, on_event, fixture);
}

static void fixture_start(struct fixture *fixture)
{
	fixture_start_with(fixture, false);
	assert_null(watch_polling(fixture->watch));
	walk(fixture, "");
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
	(void)stat;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static void fixture_end(struct fixture *fixture)
{
	watch_stop(fixture->watch);
	uv_close((uv_handle_t *)&fixture->deadline, NULL);
	(void)uv_run(&fixture->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	(void)close(fixture->root);
	(void)close(fixture->above);
	assert_int_equal(nftw(fixture->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	buf_free(&fixture->log);
}

/* ---- What is done to files; paths are within the folder: "in/a.md", "out/b" ---- */

static void put(struct fixture *fixture, const char *path)
{
	int fd = openat(fixture->above, path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "text", 4), 4);
	assert_int_equal(close(fd), 0);
}

static void make(struct fixture *fixture, const char *path)
{
	assert_int_equal(mkdirat(fixture->above, path, 0777), 0);
}

static void move(struct fixture *fixture, const char *from, const char *to)
{
	assert_int_equal(renameat(fixture->above, from, fixture->above, to), 0);
}

static void erase(struct fixture *fixture, const char *path, bool is_folder)
{
	assert_int_equal(unlinkat(fixture->above, path, is_folder ? AT_REMOVEDIR : 0), 0);
}

/* Run the loop until the log holds this. */
static void await(struct fixture *fixture, const char *text)
{
	fixture->late = false;
	(void)uv_timer_start(&fixture->deadline, on_deadline, DEADLINE_MS, 0);
	while (!strstr(buf_string(&fixture->log), text)) {
		if (fixture->late)
			print_message("# no '%s' in:\n%s", text, buf_string(&fixture->log));
		assert_false(fixture->late);
		(void)uv_run(&fixture->loop, UV_RUN_ONCE);
	}
	(void)uv_timer_stop(&fixture->deadline);
}

/* All that was said up to now. What is not said is seen by a file that is, and comes after. */
static void expect(struct fixture *fixture, const char *expected)
{
	static const char end[] = "changed end.md\ngone end.md\n";

	put(fixture, "out/end.md");
	move(fixture, "out/end.md", "in/end.md");
	erase(fixture, "in/end.md", false);
	await(fixture, end);
	assert_true(slice_ends(buf_slice(&fixture->log), end));
	buf_cut(&fixture->log, fixture->log.len - strlen(end));
	assert_string_equal(buf_string(&fixture->log), expected);
	buf_clear(&fixture->log);
}

static void test_files(void **state)
{
	struct fixture fixture;
	int fd;

	(void)state;
	fixture_start(&fixture);
	put(&fixture, "in/a.md");
	expect(&fixture, "created a.md\nchanged a.md\n");
	put(&fixture, "in/a.md");
	expect(&fixture, "changed a.md\n");
	assert_int_equal(utimensat(fixture.above, "in/a.md", NULL, 0), 0);
	expect(&fixture, "touched a.md\n");
	/* A temp, then moved over it; moved away; moved in; deleted. */
	put(&fixture, "in/.a.md.tmp");
	move(&fixture, "in/.a.md.tmp", "in/a.md");
	expect(&fixture, "changed a.md\n");
	move(&fixture, "in/a.md", "in/b.md");
	expect(&fixture, "gone a.md\nchanged b.md\n");
	move(&fixture, "in/b.md", "out/b.md");
	expect(&fixture, "gone b.md\n");
	move(&fixture, "out/b.md", "in/c.md");
	expect(&fixture, "changed c.md\n");
	erase(&fixture, "in/c.md", false);
	expect(&fixture, "gone c.md\n");
	/* Open: created, and no more than that. */
	fd = openat(fixture.above, "in/d.md", O_WRONLY | O_CREAT, 0666);
	expect(&fixture, "created d.md\n");
	assert_int_equal(write(fd, "text", 4), 4);
	expect(&fixture, "");
	assert_int_equal(close(fd), 0);
	expect(&fixture, "changed d.md\n");
	fixture_end(&fixture);
}

/* What the scan would not take is not reported. */
static void test_litter(void **state)
{
	static const char *const names[] = {"in/post.md~", "in/.post.md.swp", "in/4913",
	    "in/#post.md#", "in/_index.md", "in/picture.png", "in/excluded"};
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		put(&fixture, names[i]);
		put(&fixture, names[i]);
		assert_int_equal(fchmodat(fixture.above, names[i], 0600, 0), 0);
		move(&fixture, names[i], "out/x");
		move(&fixture, "out/x", names[i]);
		erase(&fixture, names[i], false);
	}
	assert_int_equal(symlinkat("nobody@host.1", fixture.above, "in/.#post.md"), 0);
	make(&fixture, "in/.git");
	make(&fixture, "in/node_modules");
	make(&fixture, "in/excluded");
	put(&fixture, "in/node_modules/readme.md");
	move(&fixture, "in/node_modules", "in/_site");
	expect(&fixture, "");
	assert_int_equal(watch_len(fixture.watch), 1);
	/* A name that it was: that is the end of it. And one that it becomes. */
	put(&fixture, "in/post.md");
	move(&fixture, "in/post.md", "in/post.md~");
	expect(&fixture, "created post.md\nchanged post.md\ngone post.md\n");
	move(&fixture, "in/post.md~", "in/post.md");
	move(&fixture, "in/_site", "in/pages");
	expect(&fixture, "changed post.md\nfolder pages\n");
	fixture_end(&fixture);
}

static void test_links(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start_with(&fixture, false);
	make(&fixture, "in/.store");
	make(&fixture, "in/.store/one");
	make(&fixture, "in/.store/two");
	put(&fixture, "in/.store/one/deep.md");
	walk(&fixture, "");
	put(&fixture, "out/a.md");
	assert_int_equal(linkat(fixture.above, "out/a.md", fixture.above, "in/hard.md", 0), 0);
	expect(&fixture, "changed hard.md\n");
	assert_int_equal(symlinkat("hard.md", fixture.above, "in/soft.md"), 0);
	assert_int_equal(symlinkat("nothing", fixture.above, "in/dangling.md"), 0);
	assert_int_equal(symlinkat("nothing", fixture.above, "in/dangling"), 0);
	assert_int_equal(symlinkat("../out", fixture.above, "in/outside"), 0);
	expect(&fixture, "changed soft.md\nchanged dangling.md\n");
	assert_int_equal(symlinkat(".store/one", fixture.above, "in/current"), 0);
	expect(&fixture, "folder current\n");
	walk(&fixture, "current");
	put(&fixture, "in/.store/one/deep.md");
	expect(&fixture, "changed current/deep.md\n");
	/* mv -T: it leads elsewhere now, and is watched there. */
	assert_int_equal(symlinkat(".store/two", fixture.above, "in/.next"), 0);
	move(&fixture, "in/.next", "in/current");
	expect(&fixture, "folder current\n");
	walk(&fixture, "current");
	put(&fixture, "in/.store/one/deep.md");
	put(&fixture, "in/.store/two/new.md");
	expect(&fixture, "created current/new.md\nchanged current/new.md\n");
	assert_int_equal(watch_len(fixture.watch), 2);
	/* The folder behind it goes: nobody but itself can tell. */
	move(&fixture, "in/.store/two", "in/.store/three");
	expect(&fixture, "folder current\n");
	assert_int_equal(watch_len(fixture.watch), 1);
	erase(&fixture, "in/current", false);
	expect(&fixture, "");
	assert_int_equal(symlinkat(".store/one", fixture.above, "in/current"), 0);
	expect(&fixture, "folder current\n");
	walk(&fixture, "current");
	erase(&fixture, "in/current", false);
	expect(&fixture, "gone current\n");
	assert_int_equal(watch_len(fixture.watch), 1);
	fixture_end(&fixture);
}

static void test_folders(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	make(&fixture, "in/a");
	expect(&fixture, "folder a\n");
	make(&fixture, "in/a/b");
	walk(&fixture, "a");
	put(&fixture, "in/a/b/x.md");
	expect(&fixture, "created a/b/x.md\nchanged a/b/x.md\n");
	/* Renamed: what lies below it is known under the new name, without a scan. */
	move(&fixture, "in/a", "in/c");
	put(&fixture, "in/c/b/x.md");
	expect(&fixture, "gone a\nfolder c\nchanged c/b/x.md\n");
	assert_int_equal(watch_len(fixture.watch), 3);
	/* Deeper, and on top of an empty folder. */
	make(&fixture, "in/d");
	walk(&fixture, "d");
	move(&fixture, "in/c/b", "in/d");
	put(&fixture, "in/d/x.md");
	expect(&fixture, "folder d\ngone c/b\nfolder d\nchanged d/x.md\n");
	assert_int_equal(watch_len(fixture.watch), 3);
	/* Its mode changes: no news for a folder that is watched. */
	assert_int_equal(fchmodat(fixture.above, "in/d", 0700, 0), 0);
	expect(&fixture, "");
	/* Deleted. */
	erase(&fixture, "in/d/x.md", false);
	erase(&fixture, "in/d", true);
	erase(&fixture, "in/c", true);
	expect(&fixture, "gone d/x.md\ngone d\ngone c\n");
	assert_int_equal(watch_len(fixture.watch), 1);
	/* One that cannot be read, then can. */
	make(&fixture, "in/e");
	expect(&fixture, "folder e\n");
	assert_int_equal(fchmodat(fixture.above, "in/e", 0711, 0), 0);
	expect(&fixture, "folder e\n");
	fixture_end(&fixture);
}

/* What leaves the tree is not heard of any more; what comes into it is. */
static void test_moved_trees(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	make(&fixture, "in/a");
	make(&fixture, "in/a/b");
	walk(&fixture, "a");
	move(&fixture, "in/a", "out/a");
	put(&fixture, "out/a/b/x.md");
	expect(&fixture, "folder a\ngone a\n");
	while (watch_len(fixture.watch) > 1)
		(void)uv_run(&fixture.loop, UV_RUN_ONCE);
	put(&fixture, "out/a/b/x.md");
	move(&fixture, "out/a", "in/z");
	put(&fixture, "in/z/b/x.md");
	expect(&fixture, "folder z\n");
	walk(&fixture, "z");
	put(&fixture, "in/z/b/x.md");
	expect(&fixture, "changed z/b/x.md\n");
	/* To a name that is not looked at. */
	move(&fixture, "in/z", "in/.z");
	put(&fixture, "in/.z/b/x.md");
	expect(&fixture, "gone z\n");
	assert_int_equal(watch_len(fixture.watch), 1);
	fixture_end(&fixture);
}

/* Found at its new place by a scan, before the event of the rename is read. */
static void test_scan_is_ahead(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	make(&fixture, "in/a");
	make(&fixture, "in/a/b");
	walk(&fixture, "a");
	expect(&fixture, "folder a\n");
	move(&fixture, "in/a", "in/c");
	make(&fixture, "in/a");
	walk(&fixture, "");
	expect(&fixture, "gone a\nfolder c\nfolder a\n");
	/* Places may be wrong now, but each was named, so that this puts them right. */
	walk(&fixture, "c");
	walk(&fixture, "a");
	put(&fixture, "in/c/b/x.md");
	put(&fixture, "in/a/y.md");
	expect(&fixture, "created c/b/x.md\nchanged c/b/x.md\ncreated a/y.md\nchanged a/y.md\n");
	/* Gone before it could be listed: the folder above is not known any more. */
	make(&fixture, "in/a/sub");
	int fd = openat(fixture.above, "in/a/sub", O_RDONLY | O_DIRECTORY);
	move(&fixture, "in/a", "out/a");
	expect(&fixture, "folder a/sub\ngone a\n");
	while (watch_len(fixture.watch) > 3)
		(void)uv_run(&fixture.loop, UV_RUN_ONCE);
	watch_folder(fixture.watch, "a/sub", fd);
	assert_int_equal(watch_len(fixture.watch), 3);
	put(&fixture, "out/a/sub/x.md");
	expect(&fixture, "");
	(void)close(fd);
	fixture_end(&fixture);
}

/* Names are bytes. */
static void test_names(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	put(&fixture, "in/a\nb.md");
	put(&fixture, "in/\xff.md");
	make(&fixture, "in/\xfe");
	walk(&fixture, "\xfe");
	put(&fixture, "in/\xfe/c.md");
	expect(&fixture, "created a\nb.md\nchanged a\nb.md\ncreated \xff.md\nchanged \xff.md\n"
			 "folder \xfe\ncreated \xfe/c.md\nchanged \xfe/c.md\n");
	fixture_end(&fixture);
}

static void lose_root(void (*lose)(struct fixture *fixture))
{
	struct fixture fixture;
	struct err err;
	char root[96];
	int old;

	fixture_start(&fixture);
	lose(&fixture);
	await(&fixture, "root lost \n");
	assert_string_equal(buf_string(&fixture.log), "root lost \n");
	buf_clear(&fixture.log);
	/* Whatever becomes of it is not heard of; another one is. */
	make(&fixture, "in");
	(void)snprintf(root, sizeof(root), "%s/in", fixture.folder);
	old = fixture.root;
	fixture.root = fsio_open_folder(root, &err);
	watch_restart(fixture.watch, fixture.root, &rules, false);
	(void)close(old);
	walk(&fixture, "");
	put(&fixture, "in/a.md");
	expect(&fixture, "created a.md\nchanged a.md\n");
	fixture_end(&fixture);
}

static void move_root(struct fixture *fixture)
{
	move(fixture, "in", "gone");
}

/* It is held open, and tells nothing then. */
static void delete_root(struct fixture *fixture)
{
	erase(fixture, "in", true);
}

static void test_root(void **state)
{
	(void)state;
	lose_root(move_root);
	lose_root(delete_root);
}

static void test_overflow(void **state)
{
	struct fixture fixture;
	unsigned long len = 0;
	FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");

	(void)state;
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%lu", &len), 1);
	(void)fclose(file);
	if (len > 200000)
		skip(); /* someone raised it; that takes too long */
	fixture_start(&fixture);
	make(&fixture, "in/a");
	walk(&fixture, "");
	put(&fixture, "in/x.md");
	put(&fixture, "in/y.md");
	/* Alike ones that follow each other are one event, so they take turns. */
	for (unsigned long i = 0; i < len / 2 + 100; i++) {
		assert_int_equal(utimensat(fixture.above, "in/x.md", NULL, 0), 0);
		assert_int_equal(utimensat(fixture.above, "in/y.md", NULL, 0), 0);
	}
	await(&fixture, "overflow \n");
	assert_true(slice_ends(buf_slice(&fixture.log), "\noverflow \n"));
	buf_clear(&fixture.log);
	assert_int_equal(watch_len(fixture.watch), 1);
	walk(&fixture, "");
	put(&fixture, "in/a/x.md");
	expect(&fixture, "created a/x.md\nchanged a/x.md\n");
	fixture_end(&fixture);
}

static void test_poll(void **state)
{
	struct fixture fixture;
	struct err err;

	(void)state;
	fixture_start_with(&fixture, true);
	assert_string_equal(watch_polling(fixture.watch), "the settings ask for it");
	assert_int_equal(watch_complain(fixture.watch, &err), 0);
	walk(&fixture, "");
	watch_restart(fixture.watch, fixture.root, &rules, false);
	assert_null(watch_polling(fixture.watch));
	walk(&fixture, "");
	put(&fixture, "in/a.md");
	expect(&fixture, "created a.md\nchanged a.md\n");
	fixture_end(&fixture);
}

/*
 * ---- A writer without mercy, and what feedd would know in the end ----
 *
 * The writer is a thread that makes nested folders with a file in the deepest
 * at once, moves trees in and out, and renames folders. Here is what daemon.c
 * does about events, without settling: a look at each path, walks on a worker.
 */

enum { ROUNDS = 400 };

struct race {
	struct fixture fixture;
	uv_work_t work;
	bool walking;
	struct map known;   /* path: 1 if it is there */
	struct arena names; /* of `known` */
	VEC(char *) dirty;
	VEC(char *) found; /* by the walk on the worker */
	char *from;	   /* where it walks */
	atomic_bool written;
};

static void race_note(void *arg, enum watch_kind kind, const char *path)
{
	struct race *race = container_of((struct fixture *)arg, struct race, fixture);

	(void)kind;
	vec_push(&race->dirty, mem_dup(path, strlen(path)));
}

static void race_walk(struct race *race, const char *path)
{
	struct err err;
	int fd = fsio_open_folder_below(race->fixture.root, path, false, &err);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return;
	watch_folder(race->fixture.watch, path, fd);
	dir = fdopendir(fd);
	if (!dir)
		abort();
	while ((entry = readdir(dir)) != NULL) {
		struct buf below = BUF_INIT;

		buf_printf(&below, "%s%s%s", path, *path ? "/" : "", entry->d_name);
		if (entry->d_type == DT_DIR && scan_wants(&rules, buf_string(&below), true))
			race_walk(race, buf_string(&below));
		else if (entry->d_type == DT_REG && scan_wants(&rules, buf_string(&below), false))
			vec_push(&race->found, mem_dup(below.data, below.len));
		buf_free(&below);
	}
	(void)closedir(dir);
}

static void race_run(uv_work_t *work)
{
	struct race *race = container_of(work, struct race, work);

	race_walk(race, race->from);
}

static void race_know(struct race *race, const char *path, bool is_there)
{
	if (is_there)
		*map_put(&race->known, arena_copy(&race->names, slice_of(path))) = 1;
	else if (map_get(&race->known, slice_of(path)) != MAP_NONE)
		*map_put(&race->known, slice_of(path)) = 0;
}

static void race_forget_below(struct race *race, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < race->known.cap; i++) {
		struct slice key = race->known.slots[i].key;

		if (key.ptr && slice_starts(key, path) &&
		    (key.len == len || !len || key.ptr[len] == '/'))
			race->known.slots[i].value = 0;
	}
}

static void race_step(struct race *race);

static void race_walked(uv_work_t *work, int status)
{
	struct race *race = container_of(work, struct race, work);

	(void)status;
	race_forget_below(race, race->from);
	for (size_t i = 0; i < race->found.len; i++) {
		race_know(race, race->found.items[i], true);
		free(race->found.items[i]);
	}
	race->found.len = 0;
	free(race->from);
	race->walking = false;
	race_step(race);
}

/* Look at what is dirty, up to the first folder: that is for the worker. */
static void race_step(struct race *race)
{
	size_t done = 0;

	while (!race->walking && done < race->dirty.len) {
		char *path = race->dirty.items[done++];
		struct stat stat;

		if (*path && fstatat(race->fixture.root, path, &stat, AT_SYMLINK_NOFOLLOW) < 0) {
			race_forget_below(race, path);
		} else if (*path && S_ISREG(stat.st_mode)) {
			race_know(race, path, true);
		} else {
			race->from = path;
			race->walking = true;
			assert_int_equal(
			    uv_queue_work(&race->fixture.loop, &race->work, race_run, race_walked),
			    0);
			continue;
		}
		free(path);
	}
	race->dirty.len -= done;
	if (done)
		memmove(race->dirty.items, race->dirty.items + done,
		    race->dirty.len * sizeof(*race->dirty.items));
}

static void *race_write(void *arg)
{
	struct race *race = arg;
	int at = race->fixture.above;
	char a[64], b[64];

	for (int i = 0; i < ROUNDS; i++) {
		int failed = 0, fd;

		(void)snprintf(a, sizeof(a), "in/n%d", i);
		failed |= mkdirat(at, a, 0777);
		(void)snprintf(a, sizeof(a), "in/n%d/b", i);
		failed |= mkdirat(at, a, 0777);
		(void)snprintf(a, sizeof(a), "in/n%d/b/c", i);
		failed |= mkdirat(at, a, 0777);
		(void)snprintf(a, sizeof(a), "in/n%d/b/c/x.md", i);
		fd = openat(at, a, O_WRONLY | O_CREAT, 0666);
		failed |= fd < 0 || close(fd);
		(void)snprintf(a, sizeof(a), "in/n%d", i);
		switch (i % 5) {
		case 1: /* renamed while it is met */
			(void)snprintf(b, sizeof(b), "in/m%d", i);
			failed |= renameat(at, a, at, b);
			(void)snprintf(b, sizeof(b), "in/m%d/b/late.md", i);
			fd = openat(at, b, O_WRONLY | O_CREAT, 0666);
			failed |= fd < 0 || close(fd);
			break;
		case 2: /* into another */
			(void)snprintf(b, sizeof(b), "in/n%d/b/sub", i - 2);
			failed |= renameat(at, a, at, b);
			break;
		case 3: /* out, and some of it in again */
			(void)snprintf(b, sizeof(b), "out/n%d", i);
			failed |= renameat(at, a, at, b);
			if (i % 2)
				failed |= renameat(at, b, at, a);
			break;
		case 4: /* its place is taken by another */
			(void)snprintf(b, sizeof(b), "in/m%d", i);
			failed |= renameat(at, a, at, b) || mkdirat(at, a, 0777);
			(void)snprintf(b, sizeof(b), "in/n%d/new.md", i);
			fd = openat(at, b, O_WRONLY | O_CREAT, 0666);
			failed |= fd < 0 || close(fd);
			break;
		default: break;
		}
		if (failed)
			abort();
	}
	race->written = true;
	return NULL;
}

/* Before the end everything must be known, and a last file tells that all was heard. */
static void test_race(void **state)
{
	struct race *race = calloc(1, sizeof(*race));
	struct fixture *fixture = &race->fixture;
	size_t there = 0, known = 0;
	pthread_t writer;

	(void)state;
	fixture_start_with(fixture, false);
	watch_stop(fixture->watch);
	fixture->watch =
	    watch_start(&fixture->loop, fixture->root, &rules, false, race_note, fixture);
	race_walk(race, "");
	assert_int_equal(pthread_create(&writer, NULL, race_write, race), 0);
	(void)uv_timer_start(&fixture->deadline, on_deadline, DEADLINE_MS, 0);
	while (!race->written) {
		(void)uv_run(&fixture->loop, UV_RUN_NOWAIT);
		race_step(race);
		assert_false(fixture->late);
		(void)sched_yield();
	}
	assert_int_equal(pthread_join(writer, NULL), 0);
	put(fixture, "in/zz.md");
	while (map_get(&race->known, SLICE("zz.md")) != 1 || race->walking || race->dirty.len) {
		assert_false(fixture->late);
		(void)uv_run(&fixture->loop, UV_RUN_ONCE);
		race_step(race);
	}
	/* What is there is known, and nothing else is. */
	race_walk(race, "");
	for (size_t i = 0; i < race->found.len; i++) {
		if (map_get(&race->known, slice_of(race->found.items[i])) != 1)
			print_message("# missed: %s\n", race->found.items[i]);
		else
			there++;
	}
	for (size_t i = 0; i < race->known.cap; i++)
		known += race->known.slots[i].key.ptr && race->known.slots[i].value == 1;
	assert_int_equal(there, race->found.len);
	assert_int_equal(known, race->found.len);
	assert_true(there > ROUNDS);
	for (size_t i = 0; i < race->found.len; i++)
		free(race->found.items[i]);
	vec_free(&race->found);
	vec_free(&race->dirty);
	map_free(&race->known);
	arena_free(&race->names);
	fixture_end(fixture);
	free(race);
}

/* ---- The kernel's limits, lowered in a user namespace of a child's own ---- */

static bool limit(const char *name, int value)
{
	char path[64], text[16];
	int fd, len = snprintf(text, sizeof(text), "%d", value);
	bool done;

	(void)snprintf(path, sizeof(path), "/proc/sys/user/%s", name);
	fd = open(path, O_WRONLY);
	done = fd >= 0 && write(fd, text, (size_t)len) == len;
	if (fd >= 0)
		(void)close(fd);
	return done;
}

static void count(void *arg, const char *path)
{
	struct buf *list = arg;

	buf_printf(list, "%s;", path);
}

enum { CHILD_SKIPS = 42, CHILD_FAILED = 1 };

/* The child has no cmocka: what is not so is its exit. */
#define HOLDS(what)                                                                                \
	do {                                                                                       \
		if (!(what)) {                                                                     \
			print_error("%s:%d: %s\n", __FILE__, __LINE__, #what);                     \
			_exit(CHILD_FAILED);                                                       \
		}                                                                                  \
	} while (0)

static void watches_run_out(void)
{
	struct fixture fixture;
	struct buf list = BUF_INIT;
	struct err err;

	fixture_start_with(&fixture, false);
	make(&fixture, "in/a");
	make(&fixture, "in/a/b");
	make(&fixture, "in/a/b/c");
	make(&fixture, "in/a/b/c/d");
	/* The root, the folder above it, and "a". */
	HOLDS(limit("max_inotify_watches", 3));
	walk(&fixture, "");
	watch_unwatched(fixture.watch, count, &list);
	HOLDS(strcmp(buf_string(&list), "a/b;a/b/c;a/b/c/d;") == 0);
	HOLDS(watch_len(fixture.watch) == 5);
	HOLDS(watch_complain(fixture.watch, &err) == -1);
	HOLDS(strcmp(err.text,
		  "3 of 5 folders are not watched but looked at every so often: the kernel "
		  "allows no more; raise fs.inotify.max_user_watches") == 0);
	HOLDS(watch_complain(fixture.watch, &err) == 0);
	/* They move with those above them. */
	move(&fixture, "in/a", "in/z");
	await(&fixture, "folder z\n");
	buf_clear(&list);
	watch_unwatched(fixture.watch, count, &list);
	HOLDS(strcmp(buf_string(&list), "z/b;z/b/c;z/b/c/d;") == 0);
	watch_forget(fixture.watch, "z/b/c/d");
	HOLDS(watch_len(fixture.watch) == 4);
	/* Enough again, and then not. */
	HOLDS(limit("max_inotify_watches", 100));
	walk(&fixture, "");
	buf_clear(&list);
	watch_unwatched(fixture.watch, count, &list);
	HOLDS(list.len == 0);
	HOLDS(watch_complain(fixture.watch, &err) == 0);
	HOLDS(limit("max_inotify_watches", 6));
	make(&fixture, "in/z/e");
	walk(&fixture, "");
	HOLDS(watch_complain(fixture.watch, &err) == -1);
	buf_free(&list);
	fixture_end(&fixture);
}

static void instances_run_out(void)
{
	struct buf list = BUF_INIT;
	struct fixture fixture;
	struct err err;

	HOLDS(limit("max_inotify_instances", 0));
	fixture_start_with(&fixture, false);
	HOLDS(strstr(watch_polling(fixture.watch), "fs.inotify.max_user_instances") != NULL);
	HOLDS(watch_complain(fixture.watch, &err) == -1);
	HOLDS(strstr(err.text, "fs.inotify.max_user_instances") != NULL);
	HOLDS(watch_complain(fixture.watch, &err) == 0);
	make(&fixture, "in/a");
	walk(&fixture, "");
	watch_unwatched(fixture.watch, count, &list);
	HOLDS(strcmp(buf_string(&list), ";") == 0);
	buf_free(&list);
	fixture_end(&fixture);
}

static void run_limited(void (*run)(void))
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (unshare(CLONE_NEWUSER) < 0 || !limit("max_inotify_watches", 1000))
			_exit(CHILD_SKIPS);
		run();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CHILD_SKIPS)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_watches_run_out(void **state)
{
	(void)state;
	run_limited(watches_run_out);
}

static void test_instances_run_out(void **state)
{
	(void)state;
	run_limited(instances_run_out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_litter),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_folders),
	    cmocka_unit_test(test_moved_trees),
	    cmocka_unit_test(test_scan_is_ahead),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_root),
	    cmocka_unit_test(test_overflow),
	    cmocka_unit_test(test_poll),
	    cmocka_unit_test(test_race),
	    cmocka_unit_test(test_watches_run_out),
	    cmocka_unit_test(test_instances_run_out),
	};

	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
