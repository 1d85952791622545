/* index and query: order, conflicts, links, feeds as questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/index.h"
#include "feeds/query.h"

static struct article *put(struct index *index, const char *path, int64_t published)
{
	struct article article = {.path = slice_of(path),
	    .title = slice_of(path),
	    .id = slice_of(path),
	    .url = slice_of(path),
	    .published = published,
	    .updated = published};
	struct article *pack = article_pack(&article);

	index_put(index, pack);
	return pack;
}

static void put_full(struct index *index, const char *path, int64_t published, struct slice tag,
    struct slice author, struct slice lang, struct slice section)
{
	struct slice tags[1] = {tag};
	struct person authors[1] = {{author, SLICE_NONE, SLICE_NONE}};
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

	index_put(index, article_pack(&article));
}

static void test_order(void **state)
{
	struct index index = INDEX_INIT;
	size_t conflicts;

	(void)state;
	put(&index, "b.md", 100);
	put(&index, "c.md", 200);
	put(&index, "a.md", 100);
	free(index_finish(&index, 1000, &conflicts));
	assert_int_equal(index.public_len, 3);
	assert_true(slice_equal_str(index.public[0] -> path, "c.md"));
	assert_true(slice_equal_str(index.public[1] -> path, "a.md"));
	assert_true(slice_equal_str(index.public[2] -> path, "b.md"));
	assert_int_equal(conflicts, 0);
	index_free(&index);
}

static void test_visibility(void **state)
{
	struct index index = INDEX_INIT;
	size_t conflicts;

	(void)state;
	put(&index, "draft.md", 1)->draft = true;
	put(&index, "out.md", 1)->excluded = true;
	put(&index, "later.md", 1001);
	put(&index, "now.md", 1000);
	put(&index, "gone.md", 1)->expires = 1000;
	put(&index, "going.md", 1)->expires = 1005;
	free(index_finish(&index, 1000, &conflicts));
	assert_int_equal(index.public_len, 2);
	assert_true(slice_equal_str(index.public[0] -> path, "now.md"));
	assert_true(slice_equal_str(index.public[1] -> path, "going.md"));
	assert_int_equal(index.standings[ARTICLE_DRAFT], 1);
	assert_int_equal(index.standings[ARTICLE_EXCLUDED], 1);
	assert_int_equal(index.standings[ARTICLE_SCHEDULED], 1);
	assert_int_equal(index.standings[ARTICLE_EXPIRED], 1);
	assert_int_equal(index.next_change, 1001);
	index_free(&index);
}

static void test_conflicts(void **state)
{
	struct index index = INDEX_INIT;
	struct index_conflict *conflicts;
	size_t len;

	(void)state;
	put(&index, "new.md", 200)->url = SLICE("same");
	put(&index, "old.md", 100)->url = SLICE("same");
	put(&index, "x.md", 50)->id = SLICE("one");
	put(&index, "y.md", 50)->id = SLICE("one");
	put(&index, "draft.md", 1)->url = SLICE("same");
	index.items[4]->draft = true;
	conflicts = index_finish(&index, 1000, &len);
	assert_int_equal(len, 2);
	assert_int_equal(index.public_len, 2);
	assert_true(slice_equal_str(conflicts[0].kept->path, "x.md"));
	assert_true(slice_equal_str(conflicts[0].skipped->path, "y.md"));
	assert_false(conflicts[0].url);
	assert_true(slice_equal_str(conflicts[1].kept->path, "old.md"));
	assert_true(slice_equal_str(conflicts[1].skipped->path, "new.md"));
	assert_true(conflicts[1].url);
	free(conflicts);
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
	size_t conflicts;

	(void)state;
	put(&index, "posts/2014-05-06-trip.md", 1);
	put(&index, "posts/bundle/index.md", 2);
	put(&index, "posts/bundle/index.ja.md", 3);
	put(&index, "posts/other/index.ja.md", 4);
	put(&index, "a/same.md", 5);
	put(&index, "b/same.md", 6);
	put(&index, "notes/My Note.md", 7)->title = SLICE("A Long Title");
	free(index_finish(&index, 1000, &conflicts));
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
	check_link(&index, "x.md", "nowhere", NULL);
	check_link(&index, "x.md", "", NULL);
	check_link(&index, "x.md", "../../..", NULL);
	index_free(&index);
}

static struct query_result ask(const struct index *index, struct query query)
{
	struct query_result result;

	query.site_lang = SLICE("en");
	query_run(&query, index, &result);
	return result;
}

static void fill(struct index *index)
{
	size_t conflicts;

	put_full(index, "posts/1.md", 1, SLICE("Rust"), SLICE("Ann"), SLICE_NONE, SLICE("posts"));
	put_full(index, "posts/2.md", 2, SLICE("rust"), SLICE("Bob"), SLICE("ja"), SLICE("posts"));
	put_full(index, "notes/3.md", 3, SLICE("日本"), SLICE("Ann"), SLICE_NONE, SLICE("notes"));
	put_full(index, "4.md", 4, SLICE_NONE, SLICE_NONE, SLICE_NONE, SLICE_NONE);
	free(index_finish(index, 1000, &conflicts));
}

static void test_filters(void **state)
{
	struct index index = INDEX_INIT;
	struct query_result result;

	(void)state;
	fill(&index);
	result = ask(&index, (struct query){.limit = 2});
	assert_int_equal(result.len, 1);
	assert_int_equal(result.groups[0].len, 2);
	assert_true(slice_equal_str(result.groups[0].items[0]->path, "4.md"));
	query_free(&result);
	result = ask(&index, (struct query){.tag = "RUST"});
	assert_int_equal(result.groups[0].len, 2);
	query_free(&result);
	result = ask(&index, (struct query){.author = "ann", .section = "posts"});
	assert_int_equal(result.groups[0].len, 1);
	query_free(&result);
	result = ask(&index, (struct query){.lang = "en"});
	assert_int_equal(result.groups[0].len, 3);
	query_free(&result);
	result = ask(&index, (struct query){.path = "notes/**"});
	assert_int_equal(result.groups[0].len, 1);
	query_free(&result);
	result = ask(&index, (struct query){.tag = "nothing"});
	assert_int_equal(result.len, 1);
	assert_int_equal(result.groups[0].len, 0);
	query_free(&result);
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
	assert_true(slice_equal_str(result.groups[0].value, "rust"));
	assert_int_equal(result.groups[0].len, 2);
	assert_true(slice_equal_str(result.groups[1].value, "日本"));
	query_free(&result);
	result = ask(&index, (struct query){.by = QUERY_BY_LANG, .limit = 1});
	assert_int_equal(result.len, 2);
	assert_int_equal(result.groups[0].len, 1);
	query_free(&result);
	result = ask(&index, (struct query){.by = QUERY_BY_SECTION});
	assert_int_equal(result.len, 2);
	query_free(&result);
	result = ask(&index, (struct query){.by = QUERY_BY_CATEGORY});
	assert_int_equal(result.len, 0);
	query_free(&result);
	index_free(&index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_visibility),
	    cmocka_unit_test(test_conflicts),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_by),
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
