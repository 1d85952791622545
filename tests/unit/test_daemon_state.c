/* state: what is put is there again, whole or not at all, for one feedd at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/lock.h"
#include "daemon/state.h"
#include "feeds/base/buf.h"

struct fixture {
	char dir[64];
	char inside[80]; /* the state folder, not made yet */
	char file[96];	 /* state.db in it */
};

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int set_up(void **arg)
{
	static struct fixture fixture;

	strcpy(fixture.dir, "/tmp/feedd-state-XXXXXX");
	assert_non_null(mkdtemp(fixture.dir));
	(void)snprintf(fixture.inside, sizeof(fixture.inside), "%s/a/state", fixture.dir);
	(void)snprintf(fixture.file, sizeof(fixture.file), "%s/state.db", fixture.inside);
	*arg = &fixture;
	return 0;
}

static int tear_down(void **arg)
{
	const struct fixture *fixture = *arg;

	(void)chmod(fixture->inside, 0700);
	return nftw(fixture->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Opening that must go well */

static struct state *open_damaged(const struct fixture *fixture, bool expect_damaged)
{
	struct state *state = NULL;
	bool damaged = !expect_damaged;
	pid_t holder = 1;
	struct err err = {.text = "none"};

	if (state_open(fixture->inside, &state, &holder, &damaged, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(holder, 0);
	assert_int_equal(damaged, expect_damaged);
	return state;
}

static struct state *open_state(const struct fixture *fixture)
{
	return open_damaged(fixture, false);
}

static struct state *open_reader(const struct fixture *fixture)
{
	struct state *state = NULL;
	struct err err = {.text = "none"};

	if (state_open_readonly(fixture->inside, &state, &err) < 0)
		fail_msg("%s", err.text);
	return state;
}

#define OK(call)                                                                                   \
	do {                                                                                       \
		struct err err = {.text = "none"};                                                 \
		if ((call) < 0)                                                                    \
			fail_msg("%s: %s", #call, err.text);                                       \
	} while (0)

static struct state_article row_of(const char *path)
{
	return (struct state_article){.article = {.path = slice_of(path),
					  .title = SLICE("Title"),
					  .id = slice_of(path),
					  .url = SLICE("https://x.example/")}};
}

static void put_one(struct state *state, const char *path)
{
	struct state_article row = row_of(path);

	OK(state_put_article(state, &row, &err));
}

static void put_committed(struct state *state, const char *path)
{
	OK(state_begin(state, &err));
	put_one(state, path);
	OK(state_commit(state, &err));
}

static void count_one(void *arg, const struct state_article *article)
{
	(void)article;
	++*(size_t *)arg;
}

static size_t count(struct state *state, bool gone)
{
	size_t number = 0;

	OK(state_articles(state, gone, count_one, &number, &err));
	return number;
}

static void assert_slice(struct slice found, const char *expected)
{
	if (!slice_equal_str(found, expected))
		fail_msg("found '%.*s', expected '%s'", SLICE_FMT(found), expected);
}

static void sql_run(const struct fixture *fixture, const char *text)
{
	sqlite3 *db;
	char *why = NULL;

	assert_int_equal(sqlite3_open(fixture->file, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", text, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static bool exists(const struct fixture *fixture, const char *name)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/%s", fixture->inside, name);
	return access(path, F_OK) == 0;
}

/* Rows */

static const struct slice full_tags[] = {{"eins", 4}, {"zwei drei", 9}};
static const struct slice full_categories[] = {{"Kat", 3}};
static const struct slice full_authors[] = {{"A B", 3}, {"C", 1}};

static struct state_article full_row(void)
{
	struct state_article row = {
	    .article =
		{
		    .path = SLICE("dir/\xff it's; \"odd\".md"),
		    .title = SLICE("Ein Titel \xe2\x82\xac"),
		    .id = SLICE("tag:x.example,2024:1"),
		    .url = SLICE("https://x.example/1"),
		    .section = SLICE("dir"),
		    .lang = SLICE("de"),
		    .tags = full_tags,
		    .tags_len = 2,
		    .categories = full_categories,
		    .categories_len = 1,
		    .authors = full_authors,
		    .authors_len = 2,
		    .published = 1700000000,
		    .updated = 1700000001,
		    .expires = 1900000000,
		    .first_seen = 1690000000,
		    .stamp = {4711, 1700000000123456789, 1700000001987654321, UINT64_MAX - 5},
		    .digest = UINT64_MAX - 3,
		    .written = 4712,
		    .sketch = 0xfedcba9876543210,
		},
	    .visible = true,
	};

	return row;
}

static void assert_full(const struct state_article *row, int64_t gone)
{
	const struct state_article want = full_row();
	const struct article *a = &row->article, *b = &want.article;

	assert_true(slice_equal(a->path, b->path));
	assert_true(slice_equal(a->title, b->title));
	assert_true(slice_equal(a->id, b->id));
	assert_true(slice_equal(a->url, b->url));
	assert_slice(a->section, "dir");
	assert_slice(a->lang, "de");
	assert_int_equal(a->tags_len, 2);
	assert_slice(a->tags[0], "eins");
	assert_slice(a->tags[1], "zwei drei");
	assert_int_equal(a->categories_len, 1);
	assert_slice(a->categories[0], "Kat");
	assert_int_equal(a->authors_len, 2);
	assert_slice(a->authors[0], "A B");
	assert_slice(a->authors[1], "C");
	assert_int_equal(a->published, b->published);
	assert_int_equal(a->updated, b->updated);
	assert_int_equal(a->expires, b->expires);
	assert_int_equal(a->first_seen, b->first_seen);
	assert_int_equal(a->stamp.size, b->stamp.size);
	assert_int_equal(a->stamp.mtime_ns, b->stamp.mtime_ns);
	assert_int_equal(a->stamp.ctime_ns, b->stamp.ctime_ns);
	assert_true(a->stamp.inode == b->stamp.inode);
	assert_true(a->sketch == b->sketch);
	assert_true(a->digest == b->digest);
	assert_true(a->written == b->written);
	assert_true(row->visible);
	assert_int_equal(row->gone, gone);
}

static void assert_full_each(void *arg, const struct state_article *row)
{
	++*(size_t *)arg;
	assert_full(row, 0);
}

struct seek {
	struct slice path;
	struct state_article *found;
	struct article *pack;
};

static void seek_each(void *arg, const struct state_article *row)
{
	struct seek *seek = arg;

	if (!slice_equal(row->article.path, seek->path))
		return;
	*seek->found = *row;
	seek->pack = article_pack(&row->article);
	seek->found->article = *seek->pack;
}

/* The row of a path, there or gone, is copied into *pack, which is freed before. */
static bool find(
    struct state *state, struct slice path, struct article **pack, struct state_article *found)
{
	struct seek seek = {path, found, NULL};

	OK(state_articles(state, false, seek_each, &seek, &err));
	OK(state_articles(state, true, seek_each, &seek, &err));
	if (!seek.pack)
		return false;
	free(*pack);
	*pack = seek.pack;
	return true;
}

/* Several at once, one of them there before. */
static void test_rows(void **arg)
{
	static const char *const paths[STATE_ROWS] = {
	    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"};
	struct state *state = open_state(*arg);
	struct state_article rows[STATE_ROWS], found;
	struct article *pack = NULL;
	bool is_found = false;

	for (size_t i = 0; i < STATE_ROWS; i++)
		rows[i] = row_of(paths[i]);
	rows[7] = full_row();
	OK(state_begin(state, &err));
	put_one(state, "p");
	OK(state_put_articles(state, rows, &err));
	OK(state_put_articles(state, rows, &err));
	OK(state_commit(state, &err));
	state_close(state);

	state = open_state(*arg);
	assert_int_equal(count(state, false), STATE_ROWS);
	is_found = find(state, rows[7].article.path, &pack, &found);
	assert_true(is_found);
	assert_full(&found, 0);
	free(pack);
	state_close(state);
}

static void test_article(void **arg)
{
	struct state *state = open_state(*arg);
	struct state_article row = full_row(), found;
	struct article *pack = NULL;
	bool is_found = false;
	size_t number = 0;

	OK(state_begin(state, &err));
	put_one(state, "other.md");
	OK(state_put_article(state, &row, &err));
	OK(state_put_article(state, &row, &err));
	OK(state_remove_article(state, SLICE("other.md"), &err));
	OK(state_commit(state, &err));
	state_close(state);

	state = open_state(*arg);
	OK(state_articles(state, false, assert_full_each, &number, &err));
	assert_int_equal(number, 1);
	assert_int_equal(count(state, true), 0);
	is_found = find(state, row.article.path, &pack, &found);
	assert_true(is_found);
	assert_full(&found, 0);
	is_found = find(state, SLICE("none"), &pack, &found);
	assert_false(is_found);
	assert_full(&found, 0); /* as it was */

	OK(state_begin(state, &err));
	OK(state_set_gone(state, row.article.path, 1234, &err));
	OK(state_set_gone(state, SLICE("none"), 1234, &err));
	OK(state_commit(state, &err));
	assert_int_equal(count(state, false), 0);
	assert_int_equal(count(state, true), 1);
	is_found = find(state, row.article.path, &pack, &found);
	assert_true(is_found);
	assert_full(&found, 1234);
	free(pack);
	state_close(state);
}

enum { FLAGS = 9 };

/* The flags of an article as a number; `set` is one of them to set, or FLAGS. */
static unsigned flags_of(struct article *a, unsigned set)
{
	a->draft |= set == 0;
	a->excluded |= set == 1;
	a->minor |= set == 2;
	a->undated |= set == 3;
	a->dateless |= set == 4;
	a->own_id |= set == 5;
	a->own_updated |= set == 6;
	a->by_first_seen |= set == 7;
	a->links |= set == 8;
	return a->draft | a->excluded << 1 | a->minor << 2 | a->undated << 3 | a->dateless << 4 |
	       a->own_id << 5 | a->own_updated << 6 | a->by_first_seen << 7 | a->links << 8;
}

/* Each flag alone comes back alone. */
static void test_flags(void **arg)
{
	struct state *state = open_state(*arg);
	struct article *pack = NULL;

	OK(state_begin(state, &err));
	for (unsigned i = 0; i < FLAGS; i++) {
		struct state_article row = row_of("a.md"), found;
		bool is_found = false;

		assert_int_equal(flags_of(&row.article, i), 1u << i);
		OK(state_put_article(state, &row, &err));
		is_found = find(state, SLICE("a.md"), &pack, &found);
		assert_true(is_found);
		assert_false(found.visible);
		assert_int_equal(flags_of(&found.article, FLAGS), 1u << i);
	}
	OK(state_commit(state, &err));
	free(pack);
	state_close(state);
}

/* Lists are lines: a line end in a value is a blank, and no lists are no lists. */
static void test_lists(void **arg)
{
	static const struct slice tags[] = {{"one\ntwo", 7}, {"three", 5}};
	struct state *state = open_state(*arg);
	struct state_article row = row_of("a\nb.md"), found;
	struct article *pack = NULL;
	bool is_found = false;

	row.article.tags = tags;
	row.article.tags_len = 2;
	OK(state_begin(state, &err));
	OK(state_put_article(state, &row, &err));
	OK(state_commit(state, &err));
	is_found = find(state, SLICE("a\nb.md"), &pack, &found);
	assert_true(is_found);
	assert_int_equal(found.article.tags_len, 2);
	assert_slice(found.article.tags[0], "one two");
	assert_slice(found.article.tags[1], "three");
	assert_int_equal(found.article.categories_len, 0);
	assert_int_equal(found.article.authors_len, 0);
	assert_slice(found.article.lang, "");
	free(pack);
	state_close(state);
}

static void test_find_id(void **arg)
{
	static const struct {
		const char *path;
		int64_t gone;
	} rows[] = {{"a.md", 300}, {"b.md", 100}, {"c.md", 0}, {"d.md", 200}};
	struct state *state = open_state(*arg);
	bool has = true;

	OK(state_begin(state, &err));
	OK(state_has_gone_id(state, SLICE("same"), &has, &err));
	assert_false(has);
	for (size_t i = 0; i < 4; i++) {
		struct state_article row = row_of(rows[i].path);

		row.article.id = SLICE("same");
		row.gone = rows[i].gone;
		OK(state_put_article(state, &row, &err));
	}
	OK(state_has_gone_id(state, SLICE("same"), &has, &err));
	assert_true(has);
	OK(state_sweep_gone(state, 200, &err));
	assert_int_equal(count(state, true), 2);
	OK(state_sweep_gone(state, 1000, &err));
	OK(state_has_gone_id(state, SLICE("same"), &has, &err));
	assert_false(has); /* c.md is there */
	OK(state_commit(state, &err));
	state_close(state);
}

static void assert_document(void *arg, const struct state_document *document)
{
	const struct state_document *want = arg;

	assert_true(slice_equal(document->path, want->path));
	assert_true(slice_equal(document->feed, want->feed));
	assert_true(slice_equal(document->value, want->value));
	assert_true(slice_equal(document->format, want->format));
	assert_memory_equal(&document->digest, &want->digest, sizeof(want->digest));
	assert_memory_equal(&document->recipe, &want->recipe, sizeof(want->recipe));
	assert_int_equal(document->size, want->size);
	assert_int_equal(document->mtime_ns, want->mtime_ns);
	assert_true(document->inode == want->inode);
	assert_int_equal(document->entries, want->entries);
	assert_int_equal(document->changed, want->changed);
	assert_int_equal(document->empty_since, want->empty_since);
}

static void never_document(void *arg, const struct state_document *document)
{
	(void)arg;
	fail_msg("'%.*s' is still there", SLICE_FMT(document->path));
}

static void test_document(void **arg)
{
	struct state *state = open_state(*arg);
	struct state_document document = {SLICE("tags/a/atom.xml"), SLICE("tags"), SLICE("A"),
	    SLICE("atom"), digest_of("x", 1), digest_of("y", 1), 1000, 1700000000000000001,
	    UINT64_MAX, 20, 1700000000, 1700000002};

	OK(state_begin(state, &err));
	OK(state_put_document(state, &document, &err));
	document.size = 2000;
	OK(state_put_document(state, &document, &err));
	OK(state_commit(state, &err));
	OK(state_documents(state, assert_document, &document, &err));
	OK(state_begin(state, &err));
	OK(state_remove_document(state, document.path, &err));
	OK(state_commit(state, &err));
	OK(state_documents(state, never_document, NULL, &err));
	state_close(state);
}

static void add_problem(void *arg, const struct state_problem *problem)
{
	buf_printf(arg, "%.*s:%u:%u:%.*s;", SLICE_FMT(problem->path), problem->line,
	    problem->column, SLICE_FMT(problem->text));
}

static void add_fault(void *arg, const struct state_fault *fault)
{
	buf_printf(
	    arg, "%.*s:%.*s:%d;", SLICE_FMT(fault->key), SLICE_FMT(fault->text), (int)fault->since);
}

static void test_problems(void **arg)
{
	struct state *state = open_state(*arg);
	struct buf out = BUF_INIT;

	OK(state_begin(state, &err));
	OK(state_put_problem(state, &(struct state_problem){SLICE("b"), 1, 2, SLICE("x")}, &err));
	OK(state_put_problem(state, &(struct state_problem){SLICE("a"), 3, 0, SLICE("y")}, &err));
	OK(state_put_problem(state, &(struct state_problem){SLICE("b"), 4, 5, SLICE("z")}, &err));
	OK(state_put_problem(state, &(struct state_problem){SLICE("c"), 4, 5, SLICE("z")}, &err));
	OK(state_remove_problem(state, SLICE("c"), &err));
	OK(state_put_fault(state, &(struct state_fault){SLICE("f"), SLICE("old"), 10}, &err));
	OK(state_put_fault(state, &(struct state_fault){SLICE("f"), SLICE("new"), 20}, &err));
	OK(state_put_fault(state, &(struct state_fault){SLICE("g"), SLICE("gone"), 20}, &err));
	OK(state_remove_fault(state, SLICE("g"), &err));
	OK(state_commit(state, &err));
	OK(state_problems(state, add_problem, &out, &err));
	OK(state_faults(state, add_fault, &out, &err));
	assert_string_equal(buf_string(&out), "a:3:0:y;b:4:5:z;f:new:10;");
	buf_free(&out);
	state_close(state);
}

static void add_adopted(void *arg, const struct state_adopted *adopted)
{
	buf_printf(arg, "%.*s,%.*s,%.*s,%d,%d,%d;", SLICE_FMT(adopted->id), SLICE_FMT(adopted->url),
	    SLICE_FMT(adopted->title), (int)adopted->published, (int)adopted->updated,
	    adopted->used);
}

static void test_adopted(void **arg)
{
	struct state *state = open_state(*arg);
	struct state_adopted one = {SLICE("z"), SLICE("u1"), SLICE("t1"), 1, 2, false},
			     two = {SLICE("a"), SLICE("u2"), SLICE("t2"), 3, 4, false},
			     three = {SLICE("b"), SLICE("u3"), SLICE("t3"), 5, 6, false};
	struct buf out = BUF_INIT;

	OK(state_begin(state, &err));
	OK(state_put_adopted(state, &one, &err));
	OK(state_put_adopted(state, &two, &err));
	OK(state_put_adopted(state, &three, &err));
	OK(state_use_adopted(state, SLICE("a"), true, &err));
	one.url = SLICE("u9");
	OK(state_put_adopted(state, &one, &err));
	OK(state_commit(state, &err));
	OK(state_adopted(state, add_adopted, &out, &err));
	assert_string_equal(buf_string(&out), "z,u9,t1,1,2,0;a,u2,t2,3,4,1;b,u3,t3,5,6,0;");
	buf_free(&out);
	state_close(state);
}

static void add_target(void *arg, const struct state_target *target)
{
	buf_printf(arg, "%.*s:%d,%d,%d,%d,%d:%.*s:%d,%d,%d,%d;", SLICE_FMT(target->key),
	    (int)target->known, (int)target->parked, (int)target->last_sent, (int)target->last_told,
	    (int)target->last_status, SLICE_FMT(target->last_answer), (int)target->failures,
	    (int)target->held, (int)target->rests, (int)target->absent);
}

static void test_targets(void **arg)
{
	struct state *state = open_state(*arg);
	struct state_target one = {SLICE("websub b"), 1, 2, 3, 4, 5, SLICE("Gone"), 6, 7, 9, 8},
			    two = {.key = SLICE("websub a"), .known = 6};
	struct buf out = BUF_INIT;

	OK(state_begin(state, &err));
	OK(state_put_target(state, &one, &err));
	OK(state_put_target(state, &two, &err));
	one.parked = 7;
	OK(state_put_target(state, &one, &err));
	one.key = SLICE("websub c");
	OK(state_put_target(state, &one, &err));
	OK(state_remove_target(state, one.key, &err));
	OK(state_commit(state, &err));
	OK(state_targets(state, add_target, &out, &err));
	assert_string_equal(
	    buf_string(&out), "websub a:6,0,0,0,0::0,0,0,0;websub b:1,7,3,4,5:Gone:6,7,9,8;");
	buf_free(&out);
	state_close(state);
}

static void add_ping(void *arg, const struct state_ping *ping)
{
	buf_printf(arg, "%.*s|%.*s|%d|%02x%02x%02x|%d,%d,%d,%d,%d,%d|%.*s|",
	    SLICE_FMT(ping->target), SLICE_FMT(ping->topic), ping->entry, ping->wanted.bytes[31],
	    ping->told.bytes[31], ping->given_up.bytes[31], (int)ping->attempts, (int)ping->since,
	    (int)ping->next_try, (int)ping->last_try, (int)ping->last_told, (int)ping->last_status,
	    SLICE_FMT(ping->last_answer));
	buf_printf(arg, "%.*s,%.*s,%.*s,%.*s,%.*s,%.*s|%d,%d;", SLICE_FMT(ping->url),
	    SLICE_FMT(ping->id), SLICE_FMT(ping->title), SLICE_FMT(ping->link),
	    SLICE_FMT(ping->feed), SLICE_FMT(ping->format), (int)ping->published,
	    (int)ping->updated);
}

static void test_pings(void **arg)
{
	struct state *state = open_state(*arg);
	struct state_ping full = {SLICE("b"), SLICE("t2"), true, {{[31] = 0xa1}}, {{[31] = 0xb2}},
	    {{[31] = 0xc3}}, 1, 2, 3, 4, 5, 6, SLICE("no"), SLICE("u"), SLICE("i"), SLICE("t"),
	    SLICE("l"), SLICE("f"), SLICE("atom"), 7, 8};
	struct state_ping bare = {.target = SLICE("b"), .topic = SLICE("t1")}, first = bare;
	struct buf out = BUF_INIT;

	first.target = SLICE("a");
	OK(state_begin(state, &err));
	OK(state_put_ping(state, &full, &err));
	OK(state_put_ping(state, &bare, &err));
	OK(state_put_ping(state, &first, &err));
	full.attempts = 9;
	OK(state_put_ping(state, &full, &err));
	OK(state_remove_ping(state, &(struct state_ping_key){SLICE("b"), SLICE("t1")}, &err));
	OK(state_remove_ping(state, &(struct state_ping_key){SLICE("a"), SLICE("t2")}, &err));
	OK(state_commit(state, &err));
	OK(state_pings(state, add_ping, &out, &err));
	assert_string_equal(buf_string(&out), "a|t1|0|000000|0,0,0,0,0,0||,,,,,|0,0;"
					      "b|t2|1|a1b2c3|9,2,3,4,5,6|no|u,i,t,l,f,atom|7,8;");
	buf_free(&out);
	first.wanted.bytes[31] = first.told.bytes[31] = 1;
	bare.wanted.bytes[31] = bare.given_up.bytes[31] = 2;
	OK(state_begin(state, &err));
	OK(state_put_ping(state, &first, &err)); /* it was told */
	OK(state_put_ping(state, &bare, &err));
	OK(state_commit(state, &err));
	OK(state_pings_open(state, add_ping, &out, &err));
	assert_string_equal(buf_string(&out), "b|t1|0|020002|0,0,0,0,0,0||,,,,,|0,0;"
					      "b|t2|1|a1b2c3|9,2,3,4,5,6|no|u,i,t,l,f,atom|7,8;");
	buf_free(&out);
	state_close(state);
}

static void add_event(void *arg, const struct state_event *event)
{
	buf_printf(arg, "%d|%02x%02x|%.*s,%.*s,%.*s,%.*s,%.*s,%.*s|%d,%d,%d;", (int)event->number,
	    event->before.bytes[0], event->after.bytes[0], SLICE_FMT(event->path),
	    SLICE_FMT(event->id), SLICE_FMT(event->title), SLICE_FMT(event->url),
	    SLICE_FMT(event->old_url), SLICE_FMT(event->feeds), (int)event->published,
	    (int)event->updated, (int)event->when);
}

/* Numbers rise even when all are gone, so that what is removed is never what came later. */
static void test_events(void **arg)
{
	struct state *state = open_state(*arg);
	struct state_event one = {0, {{0xa1}}, {{0xb2}}, SLICE("p"), SLICE("i"), SLICE("t"),
	    SLICE("u"), SLICE("o"), SLICE("main\nnews"), 1, 2, 3};
	struct state_event two = {.number = 1, .path = SLICE("q")};
	struct buf out = BUF_INIT;

	OK(state_begin(state, &err));
	OK(state_put_event(state, &one, &err));
	OK(state_put_event(state, &two, &err));
	OK(state_commit(state, &err));
	OK(state_events(state, add_event, &out, &err));
	assert_string_equal(
	    buf_string(&out), "1|a1b2|p,i,t,u,o,main\nnews|1,2,3;2|0000|q,,,,,|0,0,0;");
	OK(state_begin(state, &err));
	OK(state_remove_events(state, 1, &err));
	OK(state_commit(state, &err));
	buf_clear(&out);
	OK(state_events(state, add_event, &out, &err));
	assert_string_equal(buf_string(&out), "2|0000|q,,,,,|0,0,0;");
	OK(state_begin(state, &err));
	OK(state_remove_events(state, 2, &err));
	OK(state_put_event(state, &two, &err));
	OK(state_commit(state, &err));
	buf_clear(&out);
	OK(state_events(state, add_event, &out, &err));
	assert_string_equal(buf_string(&out), "3|0000|q,,,,,|0,0,0;");
	buf_free(&out);
	state_close(state);
}

static void test_meta(void **arg)
{
	struct state *state = open_state(*arg);
	struct buf out = BUF_INIT;
	int64_t number = -7;

	OK(state_get_int(state, "n", &number, &err));
	assert_int_equal(number, -7);
	OK(state_begin(state, &err));
	OK(state_put_int(state, "n", INT64_MIN, &err));
	OK(state_put_text(state, "t", SLICE("old"), &err));
	OK(state_put_text(state, "t", SLICE("words"), &err));
	OK(state_put_text(state, "gone", SLICE("words"), &err));
	OK(state_remove_meta(state, "gone", &err));
	OK(state_commit(state, &err));
	OK(state_get_int(state, "n", &number, &err));
	assert_true(number == INT64_MIN);
	OK(state_get_text(state, "gone", &out, &err));
	OK(state_get_text(state, "t", &out, &err));
	assert_string_equal(buf_string(&out), "words");
	buf_free(&out);
	state_close(state);
}

/* Whole or not at all */

static void test_rollback(void **arg)
{
	struct state *state = open_state(*arg);

	put_committed(state, "a.md");
	OK(state_begin(state, &err));
	put_one(state, "b.md");
	OK(state_remove_article(state, SLICE("a.md"), &err));
	assert_int_equal(count(state, false), 1);
	state_rollback(state);
	assert_int_equal(count(state, false), 1);
	put_committed(state, "c.md"); /* it goes on */
	OK(state_begin(state, &err));
	put_one(state, "d.md");
	state_close(state); /* rolls back */
	state = open_state(*arg);
	assert_int_equal(count(state, false), 2);
	state_close(state);
}

/* A disk that takes no more: all of the transaction goes, and the next one is as any. */
static void test_disk_full(void **arg)
{
	struct state *state = open_state(*arg);
	struct rlimit before, little;
	struct err why = {.text = ""};
	int rc;

	put_committed(state, "a.md");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	for (int many = 0; many < 2; many++) { /* at the commit, and before it */
		little = (struct rlimit){many ? 500000 : 20000, before.rlim_max};
		OK(state_begin(state, &err));
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
		rc = 0;
		for (int i = 0; rc == 0 && i < (many ? 20000 : 100); i++) {
			char path[32];
			struct state_article row;

			(void)snprintf(path, sizeof(path), "n%05d.md", i);
			row = row_of(path);
			rc = state_put_article(state, &row, &why);
		}
		assert_int_equal(rc, many ? -1 : 0);
		if (many)
			state_rollback(state);
		else
			assert_int_equal(state_commit(state, &why), -1);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		assert_int_equal(why.kind, ERR_IO);
		assert_false(state_damaged(state));
		assert_int_equal(count(state, false), 1 + many);
		put_committed(state, many ? "c.md" : "b.md");
	}
	state_close(state);
	state = open_state(*arg);
	assert_int_equal(count(state, false), 3);
	state_close(state);
}

/* In a child, which tells through the pipe when it is ready, and waits to be killed. */
static pid_t fork_holder(const struct fixture *fixture, void (*then)(struct state *state))
{
	int ends[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct state *state;
		bool damaged;
		pid_t holder;
		struct err err;

		if (state_open(fixture->inside, &state, &holder, &damaged, &err) < 0)
			_exit(1);
		if (then)
			then(state);
		if (write(ends[1], "x", 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1); /* 0: it died */
	close(ends[0]);
	return pid;
}

static void kill_holder(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void many_uncommitted(struct state *state)
{
	struct err err;

	if (state_begin(state, &err) < 0)
		_exit(1);
	/* More than the cache holds, so that some are in the log already. */
	for (int i = 0; i < 20000; i++) {
		char path[32];
		struct state_article row;

		(void)snprintf(path, sizeof(path), "n%05d.md", i);
		row = row_of(path);
		if (state_put_article(state, &row, &err) < 0)
			_exit(1);
	}
	if (state_remove_article(state, SLICE("a.md"), &err) < 0)
		_exit(1);
}

static void many_committed(struct state *state)
{
	struct err err;

	many_uncommitted(state);
	if (state_commit(state, &err) < 0)
		_exit(1);
}

static void test_killed(void **arg)
{
	struct state *state = open_state(*arg);
	struct stat log;
	char path[128];

	put_committed(state, "a.md");
	state_close(state);
	(void)snprintf(path, sizeof(path), "%s-wal", ((struct fixture *)*arg)->file);
	pid_t pid = fork_holder(*arg, many_uncommitted);

	assert_int_equal(stat(path, &log), 0);
	assert_true(log.st_size > 100000); /* so the test tries what it says */
	kill_holder(pid);
	state = open_state(*arg);
	assert_int_equal(count(state, false), 1);
	state_close(state);
	kill_holder(fork_holder(*arg, many_committed));
	state = open_state(*arg);
	assert_int_equal(count(state, false), 20000);
	state_close(state);
}

static void test_lock(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = NULL;
	bool damaged;
	pid_t holder = 0, pid = fork_holder(fixture, NULL);
	struct err err = {.text = ""};
	int folder;

	assert_int_equal(state_open(fixture->inside, &state, &holder, &damaged, &err), -1);
	assert_null(state);
	assert_int_equal(holder, pid);
	assert_int_equal(err.kind, ERR_INVALID);
	assert_non_null(strstr(err.text, "another feedd"));
	folder = open(fixture->inside, O_RDONLY | O_DIRECTORY);
	assert_int_equal(lock_holder(folder), pid);
	kill_holder(pid);
	assert_int_equal(lock_holder(folder), 0);
	state = open_state(fixture);
	assert_int_equal(lock_holder(folder), getpid());
	state_close(state);
	assert_int_equal(lock_holder(folder), 0);
	close(folder);
}

static void test_unsaved(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = open_state(fixture), *other = NULL;
	struct buf why = BUF_INIT;
	char many[2000];
	int64_t since = 0;

	OK(state_open_readonly(fixture->inside, &other, &err));
	assert_false(state_unsaved(other, &since, &why));
	state_tell_unsaved(state, "the disk is full", 4711);
	state_tell_unsaved(state, "it still is", 4712);
	assert_true(state_unsaved(other, &since, &why));
	assert_int_equal(since, 4711);
	assert_string_equal(buf_string(&why), "the disk is full");
	assert_int_equal(state_holder(other), getpid());
	assert_true(state_unsaved(state, &since, &why));
	state_tell_unsaved(state, NULL, 0);
	assert_false(state_unsaved(other, &since, &why));
	memset(many, 'x', sizeof(many));
	many[sizeof(many) - 1] = '\0';
	state_tell_unsaved(state, many, 4713);
	buf_clear(&why);
	assert_true(state_unsaved(other, &since, &why));
	assert_in_range(why.len, 400, 500);
	state_close(state);
	/* Nobody holds it: what was told is over. */
	assert_false(state_unsaved(other, &since, &why));
	state = open_state(fixture);
	assert_false(state_unsaved(other, &since, &why));
	state_close(state);
	state_close(other);
	buf_free(&why);
}

/* The folder */

static void test_folder(void **arg)
{
	const struct fixture *fixture = *arg;
	struct stat stat_inside, stat_above;
	char above[96];

	state_close(open_state(fixture));
	(void)snprintf(above, sizeof(above), "%s/a", fixture->dir);
	assert_int_equal(stat(fixture->inside, &stat_inside), 0);
	assert_int_equal(stat(above, &stat_above), 0);
	assert_int_equal(stat_inside.st_mode & 0777, 0700);
	assert_int_not_equal(stat_above.st_mode & 0777, 0700);
	assert_false(exists(fixture, "state.db-wal"));
	assert_false(exists(fixture, "state.db.damaged"));
}

static void test_folder_refused(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = NULL;
	bool damaged;
	pid_t holder = 1;
	struct err err = {.text = ""};
	char above[96];

	(void)snprintf(above, sizeof(above), "%s/a", fixture->dir);
	close(open(above, O_CREAT | O_WRONLY, 0600)); /* a file is in the way */
	assert_int_equal(state_open(fixture->inside, &state, &holder, &damaged, &err), -1);
	assert_int_equal(holder, 0);
	assert_int_equal(err.kind, ERR_IO);
	assert_non_null(strstr(err.text, fixture->inside));
}

/* Versions */

static void test_migration(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = open_state(fixture);

	state_close(state);
	assert_int_equal(unlink(fixture->file), 0);
	sql_run(fixture, "PRAGMA user_version = 0; VACUUM"); /* a file with nothing in it */
	assert_null(open_reader(fixture));
	state = open_state(fixture);
	put_committed(state, "a.md");
	state_close(state);
	state = open_state(fixture);
	assert_int_equal(count(state, false), 1);
	state_close(state);
}

/* A file from before there were pings keeps what it holds. */
static void test_migration_pings(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = open_state(fixture), *reader = NULL;
	struct state_event event = {.path = SLICE("a.md")};
	struct err why = {.text = ""};

	put_committed(state, "a.md");
	state_close(state);
	sql_run(fixture,
	    "DROP TABLE target; DROP TABLE ping; DROP TABLE event; PRAGMA user_version = 1");
	assert_int_equal(state_open_readonly(fixture->inside, &reader, &why), -1);
	assert_non_null(strstr(why.text, "older feedd"));
	state = open_state(fixture);
	assert_int_equal(count(state, false), 1);
	OK(state_begin(state, &err));
	OK(state_put_event(state, &event, &err));
	OK(state_commit(state, &err));
	state_close(state);
}

static void assert_newer(int rc, const struct err *err)
{
	assert_int_equal(rc, -1);
	assert_int_equal(err->kind, ERR_INVALID);
	assert_non_null(strstr(err->text, "newer feedd"));
}

static void test_newer(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = NULL;
	bool flag;
	pid_t holder = 1;
	struct err err = {.text = ""};

	state_close(open_state(fixture));
	sql_run(fixture, "PRAGMA user_version = 1000");
	assert_newer(state_open(fixture->inside, &state, &holder, &flag, &err), &err);
	assert_int_equal(holder, 0);
	assert_newer(state_open_readonly(fixture->inside, &state, &err), &err);
	assert_null(state);
	assert_false(exists(fixture, "state.db.damaged"));
	sql_run(fixture, "PRAGMA user_version = 3");
	state_close(open_state(fixture)); /* it was left as it was */
}

/* Damage */

static void overwrite(const char *path, off_t from, size_t len)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(pwrite(fd, "\xa5", 1, from + (off_t)i), 1);
	close(fd);
}

static void test_damaged(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = open_state(fixture);

	put_committed(state, "a.md");
	state_close(state);
	overwrite(fixture->file, 0, 200);
	state = open_damaged(fixture, true);
	assert_true(exists(fixture, "state.db.damaged"));
	assert_int_equal(count(state, false), 0);
	put_committed(state, "b.md");
	state_close(state);
	state = open_state(fixture);
	assert_int_equal(count(state, false), 1);
	state_close(state);
}

static void test_log_gone(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = open_state(fixture);
	char log[512];
	int file;

	put_committed(state, "a.md");
	assert_true(state_stands(state));
	(void)snprintf(log, sizeof(log), "%s/state.db-wal", fixture->inside);
	assert_int_equal(remove(log), 0);
	assert_false(state_stands(state));
	file = open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0600); /* another one is not this one's */
	assert_true(file >= 0);
	(void)close(file);
	assert_false(state_stands(state));
	OK(state_restart(state, &err));
	assert_true(state_stands(state));
	put_committed(state, "b.md");
	state_close(state);
	state = open_state(fixture);
	assert_int_equal(count(state, false), 1);
	state_close(state);
}

/* The folder goes under a state that is open. */
static void test_folder_gone(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = open_state(fixture), *other = NULL;
	struct err why = {.text = ""};
	bool damaged, has;
	pid_t holder;
	int file;

	put_committed(state, "a.md");
	assert_true(state_stands(state));
	assert_int_equal(nftw(fixture->inside, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	assert_false(state_stands(state));

	/* Something is in the way: all calls fail. */
	file = open(fixture->inside, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	(void)close(file);
	assert_int_equal(state_restart(state, &why), -1);
	assert_non_null(strstr(why.text, fixture->inside));
	assert_int_equal(state_begin(state, &why), -1);
	assert_int_equal(state_has_gone_id(state, SLICE("a"), &has, &why), -1);
	assert_non_null(strstr(why.text, "begun anew"));
	assert_false(state_stands(state));

	assert_int_equal(remove(fixture->inside), 0);
	OK(state_restart(state, &err));
	assert_true(state_stands(state));
	assert_int_equal(count(state, false), 0);
	put_committed(state, "b.md");
	assert_int_equal(state_open(fixture->inside, &other, &holder, &damaged, &why), -1);
	assert_int_equal(holder, getpid());
	state_close(state);
	state = open_state(fixture);
	assert_int_equal(count(state, false), 1);
	state_close(state);
}

static void test_tables_missing(void **arg)
{
	const struct fixture *fixture = *arg;

	state_close(open_state(fixture));
	sql_run(fixture, "DROP TABLE document");
	state_close(open_damaged(fixture, true));
	sql_run(fixture, "PRAGMA user_version = 0"); /* tables in the way of a migration */
	state_close(open_damaged(fixture, true));
	state_close(open_state(fixture));
}

/* Damage that opening does not meet: inside the articles. */
static void test_damaged_inside(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = open_state(fixture);
	size_t number = 0;
	struct stat stat_file;
	struct err why = {.text = ""};

	OK(state_begin(state, &err));
	for (int i = 0; i < 2000; i++) {
		char path[32];

		(void)snprintf(path, sizeof(path), "n%05d.md", i);
		put_one(state, path);
	}
	OK(state_commit(state, &err));
	state_close(state);
	assert_int_equal(stat(fixture->file, &stat_file), 0);
	assert_true(stat_file.st_size > 30 * 4096);
	overwrite(fixture->file, 12 * 4096, (size_t)(stat_file.st_size - 12 * 4096));

	state = open_state(fixture);
	assert_false(state_damaged(state));
	assert_int_equal(state_articles(state, false, count_one, &number, &why), -1);
	assert_int_equal(why.kind, ERR_IO);
	assert_true(state_damaged(state));
	OK(state_restart(state, &err));
	assert_false(state_damaged(state));
	assert_int_equal(count(state, false), 0);
	put_committed(state, "b.md");
	assert_true(exists(fixture, "state.db.damaged"));
	state_close(state);
	state = open_state(fixture);
	assert_int_equal(count(state, false), 1);
	state_close(state);
}

/* The log of a damaged file must not be taken for that of the new one. */
static void test_damaged_log(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state;

	kill_holder(fork_holder(fixture, many_committed));
	assert_true(exists(fixture, "state.db-wal"));
	char log[128];

	(void)snprintf(log, sizeof(log), "%s-wal", fixture->file);
	/* The file's first page comes from the log: with both gone it is no database. */
	overwrite(fixture->file, 0, 4096);
	overwrite(log, 0, 32);
	state = open_damaged(fixture, true);
	assert_int_equal(count(state, false), 0);
	assert_true(exists(fixture, "state.db.damaged"));
	state_close(state);
}

/* Readers */

static void test_reader_none(void **arg)
{
	const struct fixture *fixture = *arg;

	assert_null(open_reader(fixture));
	assert_int_equal(access(fixture->inside, F_OK), -1);
}

static void test_reader_beside(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = open_state(fixture), *reader;

	put_committed(state, "a.md");
	reader = open_reader(fixture);
	assert_int_equal(count(reader, false), 1);
	OK(state_begin(state, &err));
	put_one(state, "b.md");
	assert_int_equal(count(reader, false), 1);
	OK(state_commit(state, &err));
	assert_int_equal(count(reader, false), 2);
	state_close(reader);
	put_committed(state, "c.md");
	state_close(state);
}

/* Nothing is made or changed by reading a state at rest. */
static void test_reader_at_rest(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state = open_state(fixture);

	put_committed(state, "a.md");
	state_close(state);
	state = open_reader(fixture);
	assert_int_equal(count(state, false), 1);
	assert_false(exists(fixture, "state.db-wal"));
	assert_false(exists(fixture, "state.db-shm"));
	state_close(state);
}

/*
 * As a user who may only read: root becomes nobody for it. Returns the number
 * of articles; -1 when opening fails, and then the last word is *word.
 */
static int read_as_nobody(const struct fixture *fixture, const char *word)
{
	bool root = geteuid() == 0;
	struct state *reader = NULL;
	struct err err = {.text = ""};
	int number = -1;

	if (root)
		assert_int_equal(seteuid(65534), 0);
	if (state_open_readonly(fixture->inside, &reader, &err) == 0 && reader)
		number = (int)count(reader, false);
	state_close(reader);
	if (root)
		assert_int_equal(seteuid(0), 0);
	if (word && !strstr(err.text, word))
		fail_msg("'%s' is not in '%s'", word, err.text);
	return number;
}

static void test_reader_folder(void **arg)
{
	const struct fixture *fixture = *arg;
	struct state *state;
	char shared[128];
	pid_t pid = fork_holder(fixture, many_committed);

	(void)snprintf(shared, sizeof(shared), "%s-shm", fixture->file);
	assert_int_equal(chmod(fixture->dir, 0755), 0);
	assert_int_equal(chmod(fixture->inside, 0555), 0);
	assert_int_equal(read_as_nobody(fixture, NULL), 20000); /* beside a writer */
	kill_holder(pid);
	assert_int_equal(read_as_nobody(fixture, NULL), 20000); /* what it left */
	assert_int_equal(chmod(fixture->inside, 0755), 0);
	assert_int_equal(unlink(shared), 0);
	assert_int_equal(chmod(fixture->inside, 0555), 0);
	assert_int_equal(read_as_nobody(fixture, "as the user that feedd runs as"), -1);

	assert_int_equal(chmod(fixture->inside, 0755), 0);
	state = open_state(fixture);
	put_committed(state, "a.md");
	state_close(state);
	assert_int_equal(chmod(fixture->inside, 0555), 0);
	assert_int_equal(read_as_nobody(fixture, NULL), 20001); /* at rest */
	assert_int_equal(chmod(fixture->inside, 0), 0);
	assert_int_equal(read_as_nobody(fixture, "Permission denied"), -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_article),
	    TEST(test_rows),
	    TEST(test_flags),
	    TEST(test_lists),
	    TEST(test_find_id),
	    TEST(test_document),
	    TEST(test_problems),
	    TEST(test_adopted),
	    TEST(test_targets),
	    TEST(test_pings),
	    TEST(test_events),
	    TEST(test_meta),
	    TEST(test_rollback),
	    TEST(test_disk_full),
	    TEST(test_killed),
	    TEST(test_lock),
	    TEST(test_unsaved),
	    TEST(test_folder),
	    TEST(test_folder_refused),
	    TEST(test_migration),
	    TEST(test_migration_pings),
	    TEST(test_newer),
	    TEST(test_damaged),
	    TEST(test_log_gone),
	    TEST(test_folder_gone),
	    TEST(test_tables_missing),
	    TEST(test_damaged_inside),
	    TEST(test_damaged_log),
	    TEST(test_reader_none),
	    TEST(test_reader_beside),
	    TEST(test_reader_at_rest),
	    TEST(test_reader_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
