/* settle: what tools do, told with invented times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/settle.h"
#include "feeds/base/buf.h"

enum { QUIET = 50, QUIET_MAX = 1000 };

/* What happens besides events: the file on the disk is that large now; -1: it is not there. */
enum { DISK = 100 };

struct step {
	uint64_t at_ms;
	int what; /* an enum watch_kind, or DISK */
	const char *path;
	int64_t size;
};

#define STEP(at, what, path)                                                                       \
	{                                                                                          \
		(at), WATCH_##what, (path), 0                                                      \
	}

struct disk {
	const char *path;
	int64_t size;
	uint64_t changed_ms;
} disk[8];
static size_t disk_len;

static void disk_put(const struct step *step)
{
	for (size_t i = 0; i < disk_len; i++)
		if (strcmp(disk[i].path, step->path) == 0) {
			disk[i] = (struct disk){step->path, step->size, step->at_ms};
			return;
		}
	disk[disk_len++] = (struct disk){step->path, step->size, step->at_ms};
}

static void answer(struct settle *settle, const char *path, uint64_t now_ms)
{
	for (size_t i = 0; i < disk_len; i++)
		if (strcmp(disk[i].path, path) == 0) {
			settle_probe(settle, path, disk[i].size >= 0, (uint64_t)disk[i].size,
			    (int64_t)disk[i].changed_ms * 1000000, now_ms);
			return;
		}
	settle_probe(settle, path, false, 0, 0, now_ms);
}

static void put_list(struct buf *out, const char *open, const char **paths, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf_printf(out, "%s%s", i ? " " : open, paths[i]);
}

/*
 * What came of it, a line for each batch: "AT: PATHS [MAYBE GONE] after FIRST",
 * where AT and FIRST are times.
 */
static void take(struct settle *settle, uint64_t now_ms, struct buf *out)
{
	struct settle_batch batch;

	if (!settle_take(settle, now_ms, &batch))
		return;
	if (batch.everything || batch.paths_len) {
		buf_printf(out, "%" PRIu64 ":", now_ms);
		if (batch.everything)
			buf_puts(out, " everything");
		put_list(out, " ", batch.paths, batch.paths_len);
		if (batch.maybe_gone_len) {
			put_list(out, " [", batch.maybe_gone, batch.maybe_gone_len);
			buf_puts(out, "]");
		}
		buf_printf(out, " after %" PRIu64 "\n", batch.first_ms);
	}
	for (size_t i = 0; i < batch.probes_len; i++)
		answer(settle, batch.probes[i], now_ms);
	settle_batch_free(&batch);
}

static void play(const struct step *steps, size_t len, const char *expected)
{
	struct settle *settle = settle_new(QUIET, QUIET_MAX);
	struct buf out = BUF_INIT;
	uint64_t now_ms = 0;

	disk_len = 0;
	for (size_t i = 0; i < len || settle_due(settle) != UINT64_MAX;) {
		uint64_t due_ms = settle_due(settle);

		if (i < len && steps[i].at_ms <= due_ms) {
			now_ms = steps[i].at_ms;
			if (steps[i].what == DISK)
				disk_put(&steps[i]);
			else
				settle_note(
				    settle, (enum watch_kind)steps[i].what, steps[i].path, now_ms);
			i++;
		} else {
			now_ms = due_ms > now_ms ? due_ms : now_ms;
			take(settle, now_ms, &out);
		}
		assert_true(now_ms < 1000000); /* it comes to rest */
	}
	assert_string_equal(buf_string(&out), expected);
	buf_free(&out);
	settle_free(settle);
}

#define PLAY(expected, ...)                                                                        \
	do {                                                                                       \
		static const struct step steps[] = {__VA_ARGS__};                                  \
		play(steps, sizeof(steps) / sizeof(*steps), expected);                             \
	} while (0)

static void test_in_place(void **state)
{
	(void)state;
	/* vim, nano, cp, >>: the file was there; only the close is told. */
	PLAY("50: a.md after 0\n", STEP(0, CHANGED, "a.md"));
	/* vim with a backup: moved aside, made anew. */
	PLAY("56: a.md after 6\n", STEP(0, GONE, "a.md"), STEP(1, CREATED, "a.md"),
	    STEP(6, CHANGED, "a.md"), STEP(6, TOUCHED, "a.md"));
	/* emacs (precious), sed -i, rsync: a temp that is not told, moved over it. */
	PLAY("50: a.md after 0\n", STEP(0, CHANGED, "a.md"));
	/* touch: twice, once looked at. */
	PLAY("51: a.md after 0\n", STEP(0, TOUCHED, "a.md"), STEP(1, CHANGED, "a.md"));
	/* Truncated, then written through another descriptor. */
	PLAY("70: a.md after 0\n", STEP(0, CHANGED, "a.md"), STEP(20, CHANGED, "a.md"));
}

static void test_quiet(void **state)
{
	(void)state;
	/* Many files, one batch. */
	PLAY("90: a.md b.md c.md after 0\n", STEP(0, CHANGED, "b.md"), STEP(40, CHANGED, "a.md"),
	    STEP(40, CHANGED, "c.md"));
	/* Far enough from each other: two. */
	PLAY("50: a.md after 0\n110: a.md after 60\n", STEP(0, CHANGED, "a.md"),
	    STEP(60, CHANGED, "a.md"));
}

/* One who writes without a pause delays the others by quiet_max_ms, no more. */
static void test_quiet_max(void **state)
{
	struct settle *settle = settle_new(QUIET, QUIET_MAX);
	struct buf out = BUF_INIT;

	(void)state;
	for (uint64_t now_ms = 0; now_ms < 2500; now_ms += 40) {
		settle_note(settle, WATCH_CHANGED, now_ms ? "log.md" : "a.md", now_ms);
		if (settle_due(settle) < now_ms + 40)
			take(settle, settle_due(settle), &out);
	}
	assert_string_equal(
	    buf_string(&out), "1000: a.md log.md after 0\n2040: log.md after 1040\n");
	buf_free(&out);
	settle_free(settle);
}

/* Deleted and created: nothing vanishes for a moment, however long the writing takes. */
static void test_checkout(void **state)
{
	(void)state;
	PLAY("52: a.md after 2\n", STEP(0, GONE, "a.md"), STEP(1, CREATED, "a.md"),
	    STEP(2, CHANGED, "a.md"));
	PLAY("150: b.md after 100\n1550: a.md after 1500\n", STEP(0, GONE, "a.md"),
	    {0, DISK, "a.md", 1}, STEP(1, CREATED, "a.md"), STEP(100, CHANGED, "b.md"),
	    {1400, DISK, "a.md", 2}, STEP(1500, CHANGED, "a.md"));
	/* It comes back late, but within the second; others do not take it along. */
	PLAY("150: b.md [a.md] after 100\n950: a.md after 900\n", STEP(0, GONE, "a.md"),
	    STEP(100, CHANGED, "b.md"), STEP(900, CHANGED, "a.md"));
}

static void test_deleted(void **state)
{
	(void)state;
	PLAY("1000: a.md after 0\n", STEP(0, GONE, "a.md"));
	/* Told twice (by the folder above, and by itself): the first counts. */
	PLAY("1000: a after 0\n", STEP(0, GONE, "a"), STEP(900, GONE, "a"));
	/* Each in its time; one that is due takes no other along, but a batch takes what is due. */
	PLAY("1000: a.md [b.md] after 0\n1400: b.md after 400\n", STEP(0, GONE, "a.md"),
	    STEP(400, GONE, "b.md"));
	PLAY("1040: a.md c.md after 0\n", STEP(0, GONE, "a.md"), STEP(990, CHANGED, "c.md"));
	/* Those that follow one another are one deletion, whatever else comes meanwhile. */
	PLAY("1040: a.md b.md after 0\n", STEP(0, GONE, "a.md"), STEP(40, GONE, "b.md"));
	PLAY("1240: a.md b.md after 0\n", STEP(0, GONE, "a.md"), STEP(240, GONE, "b.md"));
	PLAY("1005: c.md [a.md b.md] after 955\n1040: a.md b.md after 0\n", STEP(0, GONE, "a.md"),
	    STEP(40, GONE, "b.md"), STEP(955, CHANGED, "c.md"));
	/* Changed, then deleted: no batch before its time. */
	PLAY("1020: a.md after 20\n", STEP(0, CHANGED, "a.md"), STEP(20, GONE, "a.md"));
}

/* Whoever looks at what came sees what went. */
static void test_renamed(void **state)
{
	(void)state;
	/* In the tree: moved from, moved to. */
	PLAY("50: b.md [a.md] after 0\n1000: a.md after 0\n", STEP(0, GONE, "a.md"),
	    STEP(0, CHANGED, "b.md"));
	/* Deleted, and created elsewhere, later. */
	PLAY("750: x/b.md [a.md] after 700\n1000: a.md after 0\n", STEP(0, GONE, "a.md"),
	    STEP(600, CREATED, "x/b.md"), STEP(700, CHANGED, "x/b.md"));
	/* mv from another file system: copied, then deleted. */
	PLAY("55: b.md [a.md] after 5\n1006: a.md after 6\n", STEP(0, CREATED, "b.md"),
	    STEP(5, CHANGED, "b.md"), STEP(6, GONE, "a.md"));
	/* A folder. */
	PLAY("50: new [old] after 0\n1000: old after 0\n", STEP(0, GONE, "old"),
	    STEP(0, FOLDER, "new"));
	/* There and back. */
	PLAY("51: a.md [b.md] after 1\n1001: b.md after 1\n", STEP(0, GONE, "a.md"),
	    STEP(0, CHANGED, "b.md"), STEP(1, GONE, "b.md"), STEP(1, CHANGED, "a.md"));
}

/* Hard links and symlinks are told as changed; mv -T moves one over another. */
static void test_links(void **state)
{
	(void)state;
	PLAY("50: a.md after 0\n", STEP(0, CHANGED, "a.md"));
	PLAY("50: current [next] after 0\n1000: next after 0\n", STEP(0, GONE, "next"),
	    STEP(0, FOLDER, "current"));
	/* ln and rm: nobody closes the new name, so the old one stays until that has been still. */
	PLAY("2100: a.md b.md after 1\n", {0, DISK, "b.md", 10}, STEP(0, CREATED, "b.md"),
	    STEP(1, GONE, "a.md"));
	/* A file that grows for long does not hold up what has gone. */
	PLAY("3001: a.md after 1\n5050: b.md after 5000\n", {0, DISK, "b.md", 10},
	    STEP(0, CREATED, "b.md"), STEP(1, GONE, "a.md"), {1000, DISK, "b.md", 20},
	    {3000, DISK, "b.md", 30}, {4000, DISK, "b.md", 40}, STEP(5000, CHANGED, "b.md"));
}

static void test_slow_writer(void **state)
{
	(void)state;
	/* Not before it is closed, at once when it is. */
	PLAY("5050: a.md after 5000\n", {0, DISK, "a.md", 0}, STEP(0, CREATED, "a.md"),
	    {500, DISK, "a.md", 10}, {2000, DISK, "a.md", 20}, {4000, DISK, "a.md", 30},
	    STEP(5000, CHANGED, "a.md"));
	/* Its mode changes meanwhile: that says nothing about its bytes. */
	PLAY("1050: a.md after 1000\n", {0, DISK, "a.md", 0}, STEP(0, CREATED, "a.md"),
	    STEP(1, TOUCHED, "a.md"), STEP(1000, CHANGED, "a.md"));
	/* Never closed (linked from a nameless temp): still for two seconds from the first look. */
	PLAY("2100: a.md after 2050\n", {0, DISK, "a.md", 9}, STEP(0, CREATED, "a.md"));
	/* The same size, but written again: counted from there. */
	PLAY("4100: a.md after 4050\n", {0, DISK, "a.md", 9}, STEP(0, CREATED, "a.md"),
	    {1500, DISK, "a.md", 9});
	/* Deleted before it was done; deleted without a word. */
	PLAY("1500: a.md after 500\n", {0, DISK, "a.md", 9}, STEP(0, CREATED, "a.md"),
	    STEP(500, GONE, "a.md"));
	PLAY("3050: a.md after 2050\n", {0, DISK, "a.md", 9}, STEP(0, CREATED, "a.md"),
	    {1000, DISK, "a.md", -1});
	/* Others do not wait for it. */
	PLAY("60: b.md after 10\n1050: a.md after 1000\n", {0, DISK, "a.md", 0},
	    STEP(0, CREATED, "a.md"), STEP(10, CHANGED, "b.md"), STEP(1000, CHANGED, "a.md"));
}

/* cp -r: the folder, then what lies in it as the scan has it watched. */
static void test_copied_folder(void **state)
{
	(void)state;
	PLAY("50: d after 0\n130: d/a.md after 80\n", STEP(0, FOLDER, "d"), {60, DISK, "d/a.md", 5},
	    STEP(60, CREATED, "d/a.md"), STEP(80, CHANGED, "d/a.md"));
}

static void test_hold(void **state)
{
	struct settle *settle = settle_new(QUIET, QUIET_MAX);
	struct buf out = BUF_INIT;

	(void)state;
	/* A scan found an empty file. It fills. */
	settle_hold(settle, "a.md", 0, 7, 100);
	assert_true(settle_waits(settle, "a.md"));
	assert_int_equal(settle_due(settle), 2100);
	settle_note(settle, WATCH_CHANGED, "a.md", 500);
	assert_false(settle_waits(settle, "a.md"));
	assert_int_equal(settle_due(settle), 550);
	/* What an event said since is not undone. */
	settle_hold(settle, "a.md", 0, 7, 510);
	assert_int_equal(settle_due(settle), 550);
	take(settle, 550, &out);
	/* It stays empty: so be it. */
	disk_len = 0;
	disk_put(&(struct step){0, DISK, "b.md", 0});
	settle_hold(settle, "b.md", 0, 0, 1000);
	take(settle, 2999, &out);
	take(settle, 3000, &out);
	take(settle, settle_due(settle), &out);
	assert_string_equal(buf_string(&out), "550: a.md after 500\n3050: b.md after 3000\n");
	assert_int_equal(settle_due(settle), UINT64_MAX);
	buf_free(&out);
	settle_free(settle);
}

/* A build did not find it. What came meanwhile is looked at soon all the same. */
static void test_miss(void **state)
{
	struct settle *settle = settle_new(QUIET, QUIET_MAX);
	struct buf out = BUF_INIT;

	(void)state;
	settle_note(settle, WATCH_CHANGED, "a.md", 100);
	settle_miss(settle, "a.md", 110);
	settle_miss(settle, "b.md", 110);
	assert_false(settle_is_gone(settle, "a.md"));
	assert_true(settle_is_gone(settle, "b.md"));
	take(settle, 150, &out);
	take(settle, 1110, &out);
	assert_string_equal(buf_string(&out), "150: a.md [b.md] after 100\n1110: b.md after 110\n");
	buf_free(&out);
	settle_free(settle);
}

/* Probes that nobody answers are asked again; answers that nobody asked for do no harm. */
static void test_probes(void **state)
{
	struct settle *settle = settle_new(QUIET, QUIET_MAX);
	struct settle_batch batch;

	(void)state;
	settle_note(settle, WATCH_CREATED, "a.md", 0);
	assert_int_equal(settle_due(settle), 50);
	assert_false(settle_take(settle, 49, &batch));
	assert_true(settle_take(settle, 50, &batch));
	assert_int_equal(batch.probes_len, 1);
	assert_string_equal(batch.probes[0], "a.md");
	assert_int_equal(batch.paths_len, 0);
	settle_batch_free(&batch);
	assert_int_equal(settle_due(settle), 2050);
	settle_probe(settle, "a.md", true, 1, 1, 60);
	settle_probe(settle, "a.md", true, 1, 1, 1000);
	assert_false(settle_take(settle, 2059, &batch));
	assert_int_equal(settle_due(settle), 2060);
	settle_probe(settle, "a.md", true, 1, 1, 2060);
	assert_int_equal(settle_due(settle), 2110);
	settle_probe(settle, "a.md", false, 0, 0, 2070);
	settle_probe(settle, "b.md", true, 0, 0, 2070);
	assert_int_equal(settle_due(settle), 2110);
	settle_free(settle);
}

static void test_everything(void **state)
{
	(void)state;
	/* Lost events: at once, all that is dirty with it; what is gone stays held. */
	PLAY("20: everything [b.md] after 0\n1010: b.md after 10\n", STEP(0, CHANGED, "a.md"),
	    STEP(10, GONE, "b.md"), STEP(20, OVERFLOW, ""));
	PLAY("0: everything after 0\n", STEP(0, OVERFLOW, ""));
	PLAY("5: everything after 5\n70: a.md after 20\n", STEP(5, OVERFLOW, ""),
	    STEP(20, CHANGED, "a.md"));
	/* One whose writer is not done goes on waiting. */
	PLAY("20: everything after 20\n550: a.md after 500\n", {0, DISK, "a.md", 1},
	    STEP(0, CREATED, "a.md"), STEP(20, OVERFLOW, ""), STEP(500, CHANGED, "a.md"));
}

/* Bounded: more paths than can be told apart are everything, after the same quiet. */
static void test_bound(void **state)
{
	static const enum watch_kind kinds[] = {WATCH_CHANGED, WATCH_CREATED, WATCH_GONE};
	struct settle_batch batch;
	char path[32];

	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		struct settle *settle = settle_new(QUIET, QUIET_MAX);

		for (unsigned i = 0; i <= SETTLE_PATHS; i++) {
			(void)snprintf(path, sizeof(path), "%u.md", i);
			settle_note(settle, kinds[k], path, 7);
			if (i == SETTLE_PATHS - 1)
				assert_false(settle_take(settle, 8, &batch));
		}
		settle_note(settle, WATCH_CHANGED, "more.md", 20);
		assert_int_equal(settle_due(settle), 70);
		assert_true(settle_take(settle, 70, &batch));
		assert_true(batch.everything);
		assert_int_equal(batch.first_ms, 7);
		assert_int_equal(batch.paths_len + batch.maybe_gone_len + batch.probes_len, 0);
		settle_batch_free(&batch);
		assert_int_equal(settle_due(settle), UINT64_MAX);
		settle_free(settle);
	}
}

/* Any bytes; the same path is one path. */
static void test_names(void **state)
{
	(void)state;
	PLAY("50: a\nb.md \xff.md after 0\n", STEP(0, CHANGED, "\xff.md"),
	    STEP(0, CHANGED, "a\nb.md"), STEP(0, CHANGED, "\xff.md"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_in_place),
	    cmocka_unit_test(test_quiet),
	    cmocka_unit_test(test_quiet_max),
	    cmocka_unit_test(test_checkout),
	    cmocka_unit_test(test_deleted),
	    cmocka_unit_test(test_renamed),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_slow_writer),
	    cmocka_unit_test(test_copied_folder),
	    cmocka_unit_test(test_hold),
	    cmocka_unit_test(test_miss),
	    cmocka_unit_test(test_probes),
	    cmocka_unit_test(test_everything),
	    cmocka_unit_test(test_bound),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("settle", tests, NULL, NULL);
}
