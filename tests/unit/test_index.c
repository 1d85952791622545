/* index and query: order, conflicts, links, feeds as questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/index.h"
#include "feeds/query.h"
#include "tests/unit/query_fill.h"

/* Articles that wait for the next update. */
struct batch {
	struct index_change changes[16];
	size_t len;
};

static void change(struct batch *batch, const struct article *old, struct article *take_new)
{
	assert_true(batch->len < 16);
	batch->changes[batch->len++] = (struct index_change){old, take_new};
}

static struct article *put(struct batch *batch, const char *path, int64_t published)
{
	struct article article = {.path = slice_of(path),
	    .title = slice_of(path),
	    .id = slice_of(path),
	    .url = slice_of(path),
	    .published = published,
	    .updated = published};
	struct article *pack = article_pack(&article);

	change(batch, NULL, pack);
	return pack;
}

static void put_full(struct batch *batch, const char *path, int64_t published, struct slice tag,
    struct slice author, struct slice lang, struct slice section)
{
	struct slice tags[1] = {tag};
	struct slice authors[1] = {author};
	struct article article = {.path = slice_of(path),
	    .title = slice_of(path),
	    .id = slice_of(path),
	    .url = slice_of(path),
	    .published = published,
	    .updated = published,
	    .tags = tags,
	    .tags_len = tag.len > 0,
	    .authors = authors,
	    .authors_len = author.len > 0,
	    .lang = lang,
	    .section = section};

	change(batch, NULL, article_pack(&article));
}

static struct index_delta apply(struct index *index, struct batch *batch, int64_t now)
{
	struct index_delta delta;

	index_update(index, batch->changes, batch->len, now, &delta);
	batch->len = 0;
	return delta;
}

static void settle(struct index *index, struct batch *batch, int64_t now)
{
	struct index_delta delta = apply(index, batch, now);

	index_delta_free(&delta);
}

/* The paths of what is given, as "a b c". */
#define check_paths(want, count, article_at)                                                       \
	do {                                                                                       \
		struct buf paths = BUF_INIT;                                                       \
                                                                                                   \
		for (size_t i = 0; i < (count); i++) {                                             \
			if (paths.len)                                                             \
				buf_putc(&paths, ' ');                                             \
			buf_put_slice(&paths, (article_at)->path);                                 \
		}                                                                                  \
		assert_string_equal(buf_string(&paths), want);                                     \
		buf_free(&paths);                                                                  \
	} while (0)

static void check_order(const struct index *index, const char *want)
{
	check_paths(want, index_len(index), index_at(index, i));
}

static void check_admitted(const struct index *index, const char *want)
{
	const struct article *admitted[16];
	size_t len = 0;

	for (size_t i = 0; i < index_len(index); i++)
		if (index_admitted(index, i))
			admitted[len++] = index_at(index, i);
	check_paths(want, len, admitted[i]);
	assert_int_equal(index->admitted, len);
}

static void check_delta(struct index_delta *delta, const char *left, const char *entered)
{
	check_paths(left, delta->left.len, delta->left.items[i].article);
	check_paths(entered, delta->entered.len, delta->entered.items[i].article);
	index_delta_free(delta);
}

static void test_order(void **state)
{
	struct index index = INDEX_INIT;
	struct index_delta delta;
	struct batch batch = {.len = 0};

	(void)state;
	put(&batch, "b.md", 100);
	put(&batch, "c.md", 200);
	put(&batch, "a.md", 100);
	delta = apply(&index, &batch, 1000);
	check_delta(&delta, "", "c.md a.md b.md");
	check_order(&index, "c.md a.md b.md");
	put(&batch, "d.md", 150);
	change(&batch, index_find(&index, SLICE("a.md")), NULL);
	delta = apply(&index, &batch, 1000);
	check_delta(&delta, "a.md", "d.md");
	check_order(&index, "c.md d.md b.md");
	assert_null(index_find(&index, SLICE("a.md")));
	index_free(&index);
}

/* A new version in its place, at another date, and under another name. */
static void test_replace(void **state)
{
	struct index index = INDEX_INIT;
	struct index_delta delta;
	struct batch batch = {.len = 0};
	struct article *pack;

	(void)state;
	put(&batch, "a.md", 1);
	put(&batch, "b.md", 2);
	put(&batch, "c.md", 3);
	settle(&index, &batch, 1000);
	pack = put(&batch, "b.md", 2);
	pack->title = SLICE("Other");
	batch.changes[0].old_article = index_find(&index, SLICE("b.md"));
	delta = apply(&index, &batch, 1000);
	assert_ptr_not_equal(delta.left.items[0].article, pack);
	assert_ptr_equal(delta.entered.items[0].article, pack);
	assert_int_equal(delta.left.items[0].slot, delta.entered.items[0].slot);
	assert_int_equal(delta.retired.len, 1);
	check_delta(&delta, "b.md", "b.md");
	assert_ptr_equal(index_find(&index, SLICE("b.md")), pack);
	assert_ptr_equal(index_link(&index, SLICE("x.md"), SLICE("other")), pack);

	put(&batch, "b.md", 4);
	batch.changes[0].old_article = pack;
	delta = apply(&index, &batch, 1000);
	check_delta(&delta, "b.md", "b.md");
	check_order(&index, "b.md c.md a.md");

	/* Two that change names in one batch. */
	put(&batch, "c.md", 1);
	put(&batch, "a.md", 3);
	batch.changes[0].old_article = index_find(&index, SLICE("a.md"));
	batch.changes[1].old_article = index_find(&index, SLICE("c.md"));
	delta = apply(&index, &batch, 1000);
	check_delta(&delta, "c.md a.md", "a.md c.md");
	check_order(&index, "b.md a.md c.md");
	assert_int_equal(index_find(&index, SLICE("a.md"))->published, 3);
	index_free(&index);
}

static void test_visibility(void **state)
{
	struct index index = INDEX_INIT;
	struct batch batch = {.len = 0};

	(void)state;
	put(&batch, "draft.md", 1)->draft = true;
	put(&batch, "out.md", 1)->excluded = true;
	put(&batch, "later.md", 1001);
	put(&batch, "now.md", 1000);
	put(&batch, "gone.md", 1)->expires = 1000;
	put(&batch, "going.md", 1)->expires = 1005;
	settle(&index, &batch, 1000);
	check_admitted(&index, "now.md going.md");
	assert_int_equal(index.standings[ARTICLE_PUBLIC], 2);
	assert_int_equal(index.standings[ARTICLE_DRAFT], 1);
	assert_int_equal(index.standings[ARTICLE_EXCLUDED], 1);
	assert_int_equal(index.standings[ARTICLE_SCHEDULED], 1);
	assert_int_equal(index.standings[ARTICLE_EXPIRED], 1);
	assert_int_equal(index.next_change, 1001);
	index_free(&index);
}

/* Time alone brings articles and takes them, and may run back. */
static void test_clock(void **state)
{
	struct index index = INDEX_INIT;
	struct index_delta delta;
	struct batch batch = {.len = 0};

	(void)state;
	put(&batch, "a.md", 1001);
	put(&batch, "b.md", 1)->expires = 1005;
	put(&batch, "c.md", 1010)->expires = 1008; /* never seen */
	put(&batch, "d.md", 1020)->draft = true;
	settle(&index, &batch, 1000);
	check_admitted(&index, "b.md");
	assert_int_equal(index.next_change, 1001);
	delta = apply(&index, &batch, 1001);
	check_delta(&delta, "", "a.md");
	assert_int_equal(index.next_change, 1005);
	delta = apply(&index, &batch, 1004);
	check_delta(&delta, "", "");
	delta = apply(&index, &batch, 1005);
	check_delta(&delta, "b.md", "");
	assert_int_equal(index.next_change, 1010);
	delta = apply(&index, &batch, 2000);
	check_delta(&delta, "", "");
	assert_int_equal(index.next_change, 0);
	assert_int_equal(index.standings[ARTICLE_EXPIRED], 2);
	delta = apply(&index, &batch, 500);
	check_delta(&delta, "a.md", "b.md");
	assert_int_equal(index.next_change, 1001);
	assert_int_equal(index.standings[ARTICLE_SCHEDULED], 2);
	index_free(&index);
}

static void check_conflicts(const struct index *index, const char *want)
{
	size_t len;
	struct index_conflict *conflicts = index_conflicts(index, &len);
	struct buf found = BUF_INIT;

	for (size_t i = 0; i < len; i++)
		buf_printf(&found, "%s%.*s-%s-%.*s", i ? " " : "",
		    SLICE_FMT(conflicts[i].kept->path), conflicts[i].url ? "url" : "id",
		    SLICE_FMT(conflicts[i].skipped->path));
	assert_string_equal(buf_string(&found), want);
	buf_free(&found);
	free(conflicts);
}

static void test_conflicts(void **state)
{
	struct index index = INDEX_INIT;
	struct index_delta delta;
	struct batch batch = {.len = 0};
	struct article *draft;

	(void)state;
	put(&batch, "new.md", 200)->url = SLICE("same");
	put(&batch, "old.md", 100)->url = SLICE("same");
	put(&batch, "x.md", 50)->id = SLICE("one");
	put(&batch, "y.md", 50)->id = SLICE("one");
	draft = put(&batch, "draft.md", 1);
	draft->url = SLICE("same");
	draft->draft = true;
	settle(&index, &batch, 1000);
	check_admitted(&index, "old.md x.md");
	check_conflicts(&index, "x.md-id-y.md old.md-url-new.md");
	assert_true(slice_equal_str(index_holder(&index, SLICE("one"))->path, "x.md"));
	assert_non_null(index_holder(&index, SLICE("draft.md")));
	assert_null(index_holder(&index, SLICE("two")));
	assert_ptr_equal(
	    index_with(&index, INDEX_HELD_ID, SLICE("one")), index_holder(&index, SLICE("one")));
	assert_null(index_with(&index, INDEX_HELD_ID, SLICE("draft.md"))); /* in no feed */

	/* The draft is published: it was first. */
	put(&batch, "draft.md", 1)->url = SLICE("same");
	batch.changes[0].old_article = draft;
	delta = apply(&index, &batch, 1000);
	check_delta(&delta, "old.md", "draft.md");
	check_conflicts(&index, "x.md-id-y.md draft.md-url-old.md draft.md-url-new.md");

	/* The holder goes, the next in time takes over. */
	change(&batch, index_find(&index, SLICE("draft.md")), NULL);
	change(&batch, index_find(&index, SLICE("x.md")), NULL);
	delta = apply(&index, &batch, 1000);
	check_delta(&delta, "x.md draft.md", "old.md y.md");
	check_conflicts(&index, "old.md-url-new.md");
	index_free(&index);
}

/* Who is not admitted holds nothing back from others; first sight counts before all. */
static void test_conflict_chain(void **state)
{
	struct index index = INDEX_INIT;
	struct index_delta delta;
	struct batch batch = {.len = 0};

	(void)state;
	put(&batch, "b.md", 2)->url = SLICE("u");
	put(&batch, "c.md", 3)->url = SLICE("u");
	settle(&index, &batch, 1000);
	check_admitted(&index, "b.md");
	put(&batch, "a.md", 9)->id = SLICE("b.md");
	batch.changes[0].take_new->first_seen = -1;
	delta = apply(&index, &batch, 1000);
	check_delta(&delta, "b.md", "a.md c.md");
	check_conflicts(&index, "a.md-id-b.md");
	change(&batch, index_find(&index, SLICE("a.md")), NULL);
	delta = apply(&index, &batch, 1000);
	check_delta(&delta, "a.md c.md", "b.md");
	check_conflicts(&index, "b.md-url-c.md");
	index_free(&index);
}

static void check_link(
    const struct index *index, const char *from, const char *target, const char *want)
{
	const struct article *found = index_link(index, slice_of(from), slice_of(target));

	if (want) {
		assert_non_null(found);
		assert_true(slice_equal_str(found->path, want));
	} else {
		assert_null(found);
	}
}

static void test_links(void **state)
{
	struct index index = INDEX_INIT;
	struct batch batch = {.len = 0};

	(void)state;
	put(&batch, "posts/2014-05-06-trip.md", 1);
	put(&batch, "posts/bundle/index.md", 2);
	put(&batch, "posts/bundle/index.ja.md", 3);
	put(&batch, "posts/other/index.ja.md", 4);
	put(&batch, "a/same.md", 5);
	put(&batch, "b/same.md", 6);
	put(&batch, "notes/My Note.md", 7)->title = SLICE("A Long Title");
	put(&batch, "a/_posts/2023-01-02-news.md", 8);
	put(&batch, "a/_posts/2024-03-04-news.ja.md", 9);
	put(&batch, "b/2024-03-04-diary.md", 10);
	put(&batch, "b/diary.md", 11);
	settle(&index, &batch, 1000);
	check_link(&index, "x.md", "2014-05-06-trip", "posts/2014-05-06-trip.md");
	check_link(&index, "x.md", "trip", "posts/2014-05-06-trip.md");
	check_link(&index, "x.md", "/posts/2014-05-06-trip.md", "posts/2014-05-06-trip.md");
	check_link(&index, "x.md", "@/posts/bundle/index.md", "posts/bundle/index.md");
	check_link(&index, "x.md", "bundle", "posts/bundle/index.md");
	check_link(&index, "posts/other/index.ja.md", "bundle", "posts/bundle/index.ja.md");
	check_link(
	    &index, "posts/other/index.ja.md", "../bundle/index.md", "posts/bundle/index.md");
	check_link(&index, "x.md", "@/bundle/index.md", "posts/bundle/index.md");
	check_link(&index, "x.ko.md", "@/bundle/index.md", "posts/bundle/index.md");
	check_link(&index, "x.md", "@/bundle/index.ja.md", "posts/bundle/index.ja.md");
	check_link(&index, "x.md", "@/bundle/index.de.md", NULL);
	check_link(&index, "a/x.md", "same.md", "a/same.md");
	check_link(&index, "b/x.md", "./same.md", "b/same.md");
	check_link(&index, "x.md", "same", NULL);
	check_link(&index, "x.md", "b/same", "b/same.md");
	check_link(&index, "x.md", "my note", "notes/My Note.md");
	check_link(&index, "x.md", "My%20Note.md", "notes/My Note.md");
	check_link(&index, "x.md", "a long title", "notes/My Note.md");
	/* Of one slug, the date in the name tells. */
	check_link(&index, "x.md", "2023-01-02-news", "a/_posts/2023-01-02-news.md");
	check_link(&index, "x.ja.md", "2023-01-02-news", "a/_posts/2023-01-02-news.md");
	check_link(&index, "x.md", "2024-03-04-news", "a/_posts/2024-03-04-news.ja.md");
	check_link(&index, "x.md", "_posts/2024-03-04-news", "a/_posts/2024-03-04-news.ja.md");
	check_link(&index, "x.md", "diary", "b/diary.md");
	check_link(&index, "x.md", "2024-03-04-diary", "b/2024-03-04-diary.md");
	/* A place is stated: no article of the same name or title elsewhere is meant. */
	check_link(&index, "a/x.md", "../b/same.md", "b/same.md");
	check_link(&index, "a/x.md", "./trip.md", NULL);
	check_link(&index, "a/x.md", "../bundle/index.md", NULL);
	check_link(&index, "x.md", "./my note", NULL);
	check_link(&index, "notes/x.md", "./my%20note.md", NULL);
	check_link(&index, "notes/x.md", "./My%20Note.md", "notes/My Note.md");
	check_link(&index, "x.md", "nowhere", NULL);
	check_link(&index, "x.md", "", NULL);
	check_link(&index, "x.md", "../../..", NULL);
	index_free(&index);
}

/* More articles of one name than a link looks at: by their paths all are found. */
static void test_links_of_one_name(void **state)
{
	struct index index = INDEX_INIT;
	struct batch batch = {.len = 0};
	char path[32];

	(void)state;
	for (int i = 0; i < 10000; i++) {
		(void)snprintf(path, sizeof(path), "notes/%d/readme.md", i);
		put(&batch, path, i);
		if (batch.len == 16)
			settle(&index, &batch, 20000);
	}
	put(&batch, "notes/7/readme.html", 1);
	settle(&index, &batch, 20000);
	for (int i = 8; i < 10000; i++) {
		(void)snprintf(path, sizeof(path), "notes/%d/readme.md", i);
		check_link(&index, "x.md", path, path);
		check_link(&index, "notes/0/x.md", path, path);
	}
	check_link(&index, "notes/0/x.md", "../9/readme.md", "notes/9/readme.md");
	check_link(&index, "x.md", "notes/7/readme", NULL); /* or the other one */
	check_link(&index, "x.md", "readme", NULL);
	index_free(&index);
}

static const struct person site_authors[] = {
    {.name = {"Bob", 3}},
    {.name = {"Sue", 3}},
};

static struct query_result ask(const struct index *index, struct query query)
{
	struct query_result result;

	query.site_lang = SLICE("en");
	query.site_authors = site_authors;
	query.site_authors_len = 2;
	query_start(&query, &result);
	query_fill(&query, &result, index);
	return result;
}

/* The window of a group, newest first. */
static void check_group(const struct query_group *group, const char *value, const char *want)
{
	assert_true(slice_equal_str(group->value, value));
	check_paths(want, query_group_window(group), query_group_at(group, i));
}

static void fill(struct index *index)
{
	struct batch batch = {.len = 0};

	put_full(&batch, "posts/1.md", 1, SLICE("Rust"), SLICE("Ann"), SLICE_NONE, SLICE("posts"));
	put_full(&batch, "posts/2.md", 2, SLICE("rust"), SLICE("Bob"), SLICE("ja"), SLICE("posts"));
	put_full(&batch, "notes/3.md", 3, SLICE("日本"), SLICE("Ann"), SLICE_NONE, SLICE("notes"));
	put_full(&batch, "4.md", 4, SLICE_NONE, SLICE_NONE, SLICE_NONE, SLICE_NONE);
	settle(index, &batch, 1000);
}

static void test_filters(void **state)
{
	struct index index = INDEX_INIT;
	struct query_result result;
	static const struct {
		struct query query;
		const char *window;
	} cases[] = {
	    {{.limit = 2}, "4.md notes/3.md"},
	    {{.tag = "RUST"}, "posts/2.md posts/1.md"},
	    {{.author = "ann", .section = "posts"}, "posts/1.md"},
	    {{.author = "bob"}, "4.md posts/2.md"},
	    {{.author = "sue"}, "4.md"},
	    {{.lang = "en"}, "4.md notes/3.md posts/1.md"},
	    {{.path = "notes/**"}, "notes/3.md"},
	    {{.tag = "nothing"}, ""},
	};

	(void)state;
	fill(&index);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		result = ask(&index, cases[i].query);
		assert_int_equal(result.len, 1);
		check_group(result.groups[0], "", cases[i].window);
		query_free(&result);
	}
	index_free(&index);
}

/* Which articles the filters take, whatever stands in the window. */
static void test_takes(void **state)
{
	struct index index = INDEX_INIT;
	static const struct {
		struct query query;
		const char *taken;
	} cases[] = {
	    {{.limit = 1}, "4.md notes/3.md posts/2.md posts/1.md"},
	    {{.tag = "RUST", .limit = 1}, "posts/2.md posts/1.md"},
	    {{.lang = "en"}, "4.md notes/3.md posts/1.md"},
	    {{.tag = "nothing"}, ""},
	    {{.by = QUERY_BY_TAG}, "notes/3.md posts/2.md posts/1.md"},
	    {{.by = QUERY_BY_SECTION, .author = "Ann"}, "notes/3.md posts/1.md"},
	    {{.by = QUERY_BY_CATEGORY}, ""},
	};

	(void)state;
	fill(&index);
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		struct query query = cases[c].query;
		const struct article *taken[4];
		struct query_result result;
		size_t len = 0;

		query.site_lang = SLICE("en");
		query_start(&query, &result); /* no article has to be in it */
		for (size_t j = 0; j < index_len(&index); j++)
			if (query_takes(&query, &result, index_at(&index, j)))
				taken[len++] = index_at(&index, j);
		check_paths(cases[c].taken, len, taken[i]);
		query_free(&result);
	}
	index_free(&index);
}

static void test_by(void **state)
{
	struct index index = INDEX_INIT;
	struct query_result result;

	(void)state;
	fill(&index);
	result = ask(&index, (struct query){.by = QUERY_BY_TAG});
	assert_int_equal(result.len, 2);
	check_group(result.groups[0], "rust", "posts/2.md posts/1.md");
	check_group(result.groups[1], "日本", "notes/3.md");
	query_free(&result);
	result = ask(&index, (struct query){.by = QUERY_BY_LANG, .limit = 1});
	assert_int_equal(result.len, 2);
	check_group(result.groups[0], "en", "4.md");
	assert_int_equal(query_group_len(result.groups[0]), 3);
	query_free(&result);
	result = ask(&index, (struct query){.by = QUERY_BY_AUTHOR});
	assert_int_equal(result.len, 3);
	check_group(result.groups[0], "Ann", "notes/3.md posts/1.md");
	check_group(result.groups[1], "Bob", "4.md posts/2.md");
	check_group(result.groups[2], "Sue", "4.md");
	query_free(&result);
	result = ask(&index, (struct query){.by = QUERY_BY_SECTION});
	assert_int_equal(result.len, 2);
	query_free(&result);
	result = ask(&index, (struct query){.by = QUERY_BY_CATEGORY});
	assert_int_equal(result.len, 0);
	query_free(&result);
	index_free(&index);
}

static void step(struct index *index, struct batch *batch, const struct query *query,
    struct query_result *result)
{
	struct index_delta delta = apply(index, batch, 1000);

	for (size_t i = 0; i < result->len; i++)
		result->groups[i]->touched = false;
	query_update(query, result, index, &delta);
	index_delta_free(&delta);
}

static void test_touched(void **state)
{
	const struct query query = {.by = QUERY_BY_TAG, .limit = 1};
	struct index index = INDEX_INIT;
	struct batch batch = {.len = 0};
	struct query_result result;
	struct query_group *rust;

	(void)state;
	fill(&index);
	query_start(&query, &result);
	query_fill(&query, &result, &index);
	rust = result.groups[0];
	assert_true(rust->touched);

	/* Behind the window. */
	put_full(&batch, "5.md", 0, SLICE("rust"), SLICE_NONE, SLICE_NONE, SLICE_NONE);
	change(&batch, index_find(&index, SLICE("posts/1.md")), NULL);
	step(&index, &batch, &query, &result);
	check_group(rust, "rust", "posts/2.md");
	assert_false(rust->touched);

	/* In it: another text, another spelling. */
	put_full(&batch, "posts/2.md", 2, SLICE("RUST"), SLICE_NONE, SLICE_NONE, SLICE_NONE);
	batch.changes[0].old_article = index_find(&index, SLICE("posts/2.md"));
	step(&index, &batch, &query, &result);
	check_group(rust, "RUST", "posts/2.md");
	assert_true(rust->touched);
	assert_false(result.groups[1]->touched);

	/* It loses its tag, and what was behind moves up; then all go. */
	put_full(&batch, "posts/2.md", 2, SLICE("Go"), SLICE_NONE, SLICE_NONE, SLICE_NONE);
	batch.changes[0].old_article = index_find(&index, SLICE("posts/2.md"));
	step(&index, &batch, &query, &result);
	assert_ptr_equal(result.groups[1], rust);
	check_group(result.groups[0], "Go", "posts/2.md");
	check_group(rust, "rust", "5.md");
	assert_true(rust->touched);
	change(&batch, index_find(&index, SLICE("5.md")), NULL);
	step(&index, &batch, &query, &result);
	check_group(rust, "rust", "");
	assert_true(rust->touched);

	/* An empty group stays until it is told to go. */
	assert_ptr_equal(query_group_want(&result, SLICE("Rust")), rust);
	assert_null(query_group_want(&result, SLICE("  ")));
	query_group_remove(&result, rust);
	assert_int_equal(result.len, 2);
	rust = query_group_want(&result, SLICE("Rust"));
	assert_true(rust->touched);
	check_group(rust, "Rust", "");
	query_free(&result);
	index_free(&index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_replace),
	    cmocka_unit_test(test_visibility),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_conflicts),
	    cmocka_unit_test(test_conflict_chain),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_links_of_one_name),
	    cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_takes),
	    cmocka_unit_test(test_by),
	    cmocka_unit_test(test_touched),
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
