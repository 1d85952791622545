/* identity: which article that came is one that is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "feeds/article.h"
#include "feeds/base/hash.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/base/vec.h"
#include "feeds/identity.h"

/* Two lists of articles, made of files. */
struct lists {
	VEC(const struct article *) gone, come;
	struct identity_pairs pairs;
};

#define LISTS_INIT                                                                                 \
	{                                                                                          \
		VEC_INIT, VEC_INIT, VEC_INIT                                                       \
	}

static const struct article *article_new(const char *path, uint64_t inode, const char *text)
{
	const struct article_rules rules = {
	    .site_url = SLICE("https://example.com/"), .permalink = SLICE("/:path/")};
	struct article_file file = {
	    .path = slice_of(path), .undated = 1700000000, .now = 2000000000};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct article article;
	struct article_detail detail;
	struct err err;
	const struct article *pack;

	file.stamp.inode = inode;
	file.digest = hash_of(slice_of(text), 0);
	if (article_parse(slice_of(text), &file, &rules, &arena, &diags, &article, &detail, &err) <
	    0)
		fail_msg("%s: %s", path, err.text);
	pack = article_pack(&article);
	diags_free(&diags);
	arena_free(&arena);
	return pack;
}

/* A text of `words` that only this seed has, the `edited`th of them another. */
static void put_words(struct buf *out, unsigned seed, unsigned words, unsigned edited)
{
	uint32_t state = seed * 2654435761u + 1;

	for (unsigned i = 0; i < words; i++) {
		state = state * 1664525u + 1013904223u;
		buf_printf(out, "w%04u ", edited && i % edited == 3 ? 99 : state >> 19);
	}
}

/* An article's text: `head` is front matter, `seed` chooses the words. */
static char *text_new(const char *head, unsigned seed, unsigned words, unsigned edited)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "---\n%s\n---\n", head);
	put_words(&text, seed, words, edited);
	return text.data;
}

static void gone(struct lists *lists, const char *path, uint64_t inode, char *take_text)
{
	vec_push(&lists->gone, article_new(path, inode, take_text));
	free(take_text);
}

static void come(struct lists *lists, const char *path, uint64_t inode, char *take_text)
{
	vec_push(&lists->come, article_new(path, inode, take_text));
	free(take_text);
}

static void match(struct lists *lists)
{
	identity_match(
	    lists->gone.items, lists->gone.len, lists->come.items, lists->come.len, &lists->pairs);
}

static void drop(struct lists *lists)
{
	for (size_t i = 0; i < lists->gone.len; i++)
		free((void *)lists->gone.items[i]);
	for (size_t i = 0; i < lists->come.len; i++)
		free((void *)lists->come.items[i]);
	vec_free(&lists->gone);
	vec_free(&lists->come);
	vec_free(&lists->pairs);
}

/* The pairs are the same without what is like nothing that came. */
static void check_alike(const struct lists *lists)
{
	VEC(const struct article *) alike = VEC_INIT;
	VEC(size_t) numbers = VEC_INIT;
	struct identity_pairs pairs = VEC_INIT;

	for (size_t i = 0; i < lists->gone.len; i++) {
		bool any = false;

		for (size_t j = 0; j < lists->come.len && !any; j++)
			any = identity_alike(lists->gone.items[i], lists->come.items[j]);
		if (!any)
			continue;
		vec_push(&alike, lists->gone.items[i]);
		vec_push(&numbers, i);
	}
	identity_match(alike.items, alike.len, lists->come.items, lists->come.len, &pairs);
	assert_int_equal(pairs.len, lists->pairs.len);
	for (size_t i = 0; i < pairs.len; i++) {
		assert_int_equal(numbers.items[pairs.items[i].gone], lists->pairs.items[i].gone);
		assert_int_equal(pairs.items[i].come, lists->pairs.items[i].come);
	}
	vec_free(&pairs);
	vec_free(&alike);
	vec_free(&numbers);
}

/* Match, and expect no pair, or each of the first list with the same number of the second. */
static void check(struct lists *lists, size_t want)
{
	match(lists);
	assert_int_equal(lists->pairs.len, want);
	check_alike(lists);
	for (size_t i = 0; i < lists->pairs.len; i++)
		assert_int_equal(lists->pairs.items[i].gone, lists->pairs.items[i].come);
	drop(lists);
}

static const char jan2[] = "title: A trip\ndate: 2024-01-02";
static const char jan9[] = "title: A trip\ndate: 2024-01-09";

static void test_moved(void **state)
{
	struct lists moved = LISTS_INIT, copied = LISTS_INIT, short_one = LISTS_INIT;

	(void)state;
	gone(&moved, "a.md", 7, text_new(jan2, 1, 200, 0));
	come(&moved, "b.md", 7, text_new(jan2, 1, 200, 0));
	check(&moved, 1);
	gone(&copied, "a.md", 7, text_new(jan2, 1, 200, 0)); /* to another file system */
	come(&copied, "b.md", 8, text_new(jan2, 1, 200, 0));
	check(&copied, 1);
	gone(&short_one, "a.md", 7, mem_dup("Hi", 2));
	come(&short_one, "b.md", 8, mem_dup("Hi", 2));
	check(&short_one, 1);
}

static void test_moved_and_edited(void **state)
{
	struct lists text = LISTS_INIT, slug = LISTS_INIT, title = LISTS_INIT, all = LISTS_INIT;
	struct lists head = LISTS_INIT, inode = LISTS_INIT, undated = LISTS_INIT;

	(void)state;
	gone(&text, "a.md", 7, text_new("title: One\ndate: 2024-01-02", 1, 300, 0));
	come(&text, "b.md", 8, text_new("title: Two\ndate: 2025-01-02", 1, 300, 100));
	check(&text, 1);
	gone(&slug, "old/a.md", 7, text_new("title: One\ndate: 2024-01-02", 1, 300, 0));
	come(&slug, "new/a/index.md", 8, text_new("title: Two\ndate: 2024-01-02", 2, 300, 0));
	check(&slug, 1);
	gone(&title, "old/a.md", 7, text_new(jan2, 1, 300, 0));
	come(&title, "new/b.md", 8, text_new(jan2, 2, 300, 0));
	check(&title, 1);
	gone(&inode, "2024-01-02-a.md", 7, text_new("title: One", 1, 4, 0));
	come(&inode, "2024-01-02-b.md", 7, text_new("title: One", 2, 4, 0));
	check(&inode, 1);
	gone(&undated, "old/a.md", 7, text_new("title: One", 1, 4, 0));
	come(&undated, "new/a.md", 7, text_new("title: Two", 2, 4, 0));
	check(&undated, 1);
	/* Another dialect, and a key that no entry shows. */
	gone(&head, "a.md", 7, mem_dup("---\ntitle: T\n---\nHi there\n", 26));
	come(&head, "b.md", 8, mem_dup("+++\nweight = 3\ntitle = \"T\"\n+++\nHi there", 39));
	check(&head, 1);
	/* Nothing is left. */
	gone(&all, "a.md", 7, text_new("title: One\ndate: 2024-01-02", 1, 300, 0));
	come(&all, "b.md", 8, text_new("title: Two\ndate: 2024-01-02", 2, 300, 0));
	check(&all, 0);
}

static void test_moved_folder(void **state)
{
	enum { COUNT = 500 };
	struct lists same = LISTS_INIT, other = LISTS_INIT, alike = LISTS_INIT, rest = LISTS_INIT;
	char path[64], head[64];

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		(void)snprintf(head, sizeof(head), "title: T\ndate: 2024-01-%02u", i % 28 + 1);
		(void)snprintf(path, sizeof(path), "old/p%u.md", i);
		gone(&same, path, i + 1, text_new(head, i, 60, 0));
		gone(&other, path, i + 1, text_new(head, i, 200, 0));
		gone(&alike, path, i + 1, mem_dup("To do", 5));
		(void)snprintf(path, sizeof(path), "new/p%u.md", i);
		come(&same, path, i + 1, text_new(head, i, 60, 0));
		come(&other, path, i + 1001, text_new(head, i, 200, 90)); /* and edited */
		come(&alike, path, i + 1001, mem_dup("To do", 5));
	}
	check(&same, COUNT);
	check(&other, COUNT);
	check(&alike, COUNT); /* their names tell them apart */
	/* The same, where another extension makes another article of it, or only keys changed. */
	gone(&rest, "old/a.txt", 1, mem_dup("Title\nmeta-tags: x\n\nText\n", 26));
	gone(&rest, "old/b.txt", 2, mem_dup("Title\nmeta-tags: x\n\nText\n", 26));
	gone(&rest, "old/c.txt", 3, mem_dup("Title\nmeta-tags: y\n\nText\n", 26));
	gone(&rest, "old/d.md", 4, mem_dup("---\na: 1\n---\nText\n", 19));
	gone(&rest, "old/e.md", 5, mem_dup("---\na: 1\n---\nText\n", 19));
	come(&rest, "new/a.md", 6, mem_dup("Title\nmeta-tags: x\n\nText\n", 26));
	come(&rest, "new/b.md", 7, mem_dup("Title\nmeta-tags: x\n\nText\n", 26));
	come(&rest, "new/z.md", 8, mem_dup("Title\nmeta-tags: y\n\nText\n", 26));
	come(&rest, "new/d.md", 9, mem_dup("---\na: 2\n---\nText\n", 19));
	come(&rest, "new/e.md", 10, mem_dup("---\na: 2\n---\nText\n", 19));
	check(&rest, 5);
}

static void test_ambiguous(void **state)
{
	struct lists twice = LISTS_INIT, both = LISTS_INIT, cross = LISTS_INIT, one = LISTS_INIT;
	struct lists near = LISTS_INIT, names = LISTS_INIT, most = LISTS_INIT;

	(void)state;
	gone(&twice, "a.md", 7, text_new(jan2, 1, 200, 0));
	come(&twice, "b.md", 8, text_new(jan2, 1, 200, 0));
	come(&twice, "c.md", 9, text_new(jan2, 1, 200, 0));
	check(&twice, 0);
	gone(&both, "a.md", 7, text_new(jan2, 1, 200, 0));
	gone(&both, "b.md", 8, text_new(jan2, 1, 200, 0));
	come(&both, "c.md", 9, text_new(jan2, 1, 200, 0));
	check(&both, 0);
	/* The inode says which of two equal ones it is. */
	gone(&one, "a.md", 7, text_new(jan2, 1, 200, 0));
	come(&one, "b.md", 7, text_new(jan2, 1, 200, 0));
	come(&one, "c.md", 9, text_new(jan2, 1, 200, 0));
	check(&one, 1);
	/* The name of one and the title of another. */
	gone(&cross, "old/a.md", 7, text_new(jan2, 1, 200, 0));
	come(&cross, "new/a.md", 8, text_new("title: Else\ndate: 2024-01-02", 2, 200, 0));
	come(&cross, "new/b.md", 9, text_new(jan2, 3, 200, 0));
	check(&cross, 0);
	/* A title that one has, where a name is another's. */
	gone(&names, "old/a.md", 7, text_new(jan2, 1, 200, 0));
	come(&names, "new/a.md", 8, text_new("title: One\ndate: 2024-01-02", 2, 200, 0));
	come(&names, "else/a.md", 9, text_new("title: Two\ndate: 2024-01-02", 3, 200, 0));
	come(&names, "new/b.md", 10, text_new(jan2, 4, 200, 0));
	check(&names, 0);
	/* Of those that have the name, and those that have the title, one has both. */
	gone(&most, "old/a.md", 7, text_new(jan2, 1, 200, 0));
	come(&most, "new/a.md", 8, text_new(jan2, 2, 200, 0));
	come(&most, "else/a.md", 9, text_new("title: Two\ndate: 2024-01-02", 3, 200, 0));
	come(&most, "new/b.md", 10, text_new(jan2, 4, 200, 0));
	check(&most, 1);
	gone(&near, "a.md", 7, text_new("title: One", 1, 300, 0));
	come(&near, "b.md", 8, text_new("title: Two", 1, 300, 100));
	come(&near, "c.md", 9, text_new("title: Three", 1, 300, 90));
	check(&near, 0);
}

/* How many of two lists with these sketches are paired; `day` apart from each other or not. */
static size_t paired(const uint64_t gone[2], const uint64_t come[2], bool one_day)
{
	static const char *const titles[] = {"a", "b", "c", "d"};
	struct article articles[4];
	const struct article *pointers[4];
	struct identity_pairs pairs = VEC_INIT;
	size_t len;

	for (size_t i = 0; i < 4; i++) {
		articles[i] = (struct article){.path = slice_of(titles[i]),
		    .title = slice_of(titles[i]),
		    .sketch = i < 2 ? gone[i] : come[i - 2],
		    .published = one_day ? 0 : (int64_t)i * 86400};
		pointers[i] = &articles[i];
	}
	identity_match(pointers, 2, pointers + 2, 2, &pairs);
	len = pairs.len;
	vec_free(&pairs);
	return len;
}

static void test_sketches(void **state)
{
	enum { NONE = 0 };
	const uint64_t text = 0x123456789abcdef1u;
	const uint64_t six = 0x0080200400801002u;    /* a bit in each of six bands */
	const uint64_t eleven = 0x0080600c01803006u; /* two in each band but the last */
	const uint64_t some = 0x0000000000801002u, others = 0xf800000000000000u;

	(void)state;
	assert_int_equal(
	    paired((uint64_t[]){text, NONE}, (uint64_t[]){NONE, text ^ six}, false), 1);
	assert_int_equal(
	    paired((uint64_t[]){text, NONE}, (uint64_t[]){NONE, text ^ eleven}, true), 1);
	assert_int_equal(
	    paired((uint64_t[]){text, NONE}, (uint64_t[]){NONE, text ^ eleven}, false), 0);
	assert_int_equal(
	    paired((uint64_t[]){text, NONE}, (uint64_t[]){NONE, text ^ 0x1ffe}, true), 0);
	/* The first is near both, so that the second is not sure of its one. */
	assert_int_equal(
	    paired((uint64_t[]){text ^ some, text ^ others}, (uint64_t[]){text, text ^ six}, false),
	    0);
	assert_int_equal(
	    paired((uint64_t[]){NONE, text ^ others}, (uint64_t[]){text, text ^ six}, false), 1);
	/* Short texts are the same by chance. */
	assert_int_equal(paired((uint64_t[]){2, NONE}, (uint64_t[]){NONE, 2}, false), 0);
}

static void test_inode_again(void **state)
{
	struct lists other = LISTS_INIT, notes = LISTS_INIT;

	(void)state;
	gone(&other, "a.md", 7, text_new("title: One\ndate: 2024-01-02", 1, 200, 0));
	come(&other, "b.md", 7, text_new("title: Two\ndate: 2024-01-02", 2, 200, 0));
	check(&other, 0);
	gone(&notes, "2024-01-02-notes.md", 7, text_new(jan2, 1, 200, 0));
	come(&notes, "2024-01-09-notes.md", 7, text_new(jan9, 2, 200, 0));
	check(&notes, 0);
}

static void test_recurring(void **state)
{
	struct lists notes = LISTS_INIT, brief = LISTS_INIT, readme = LISTS_INIT, lang = LISTS_INIT;

	(void)state;
	gone(&notes, "2024-01-02-notes.md", 7, text_new(jan2, 1, 200, 0));
	come(&notes, "2024-01-09-notes.md", 8, text_new(jan9, 2, 200, 0));
	check(&notes, 0);
	gone(&brief, "2024-01-02-notes.md", 7, text_new(jan2, 1, 3, 0));
	come(&brief, "2024-01-09-notes.md", 8, text_new(jan9, 2, 3, 0));
	check(&brief, 0);
	gone(&readme, "a/readme.md", 7, text_new("weight: 1", 1, 200, 0));
	come(&readme, "b/readme.md", 8, text_new("weight: 1", 2, 200, 0));
	check(&readme, 0);
	gone(&lang, "post.en.md", 7, text_new("title: The one\ndate: 2024-01-02", 1, 200, 0));
	come(&lang, "post.de.md", 8, text_new("title: Das eine\ndate: 2024-01-02", 2, 200, 0));
	check(&lang, 0);
}

static void test_swapped(void **state)
{
	struct lists lists = LISTS_INIT, edited = LISTS_INIT;

	(void)state;
	gone(&lists, "a.md", 7, text_new("title: One\ndate: 2024-01-02", 1, 200, 0));
	gone(&lists, "b.md", 8, text_new("title: Two\ndate: 2024-01-02", 2, 200, 0));
	come(&lists, "b.md", 7, text_new("title: One\ndate: 2024-01-02", 1, 200, 0));
	come(&lists, "a.md", 8, text_new("title: Two\ndate: 2024-01-02", 2, 200, 0));
	check(&lists, 2);
	gone(&edited, "a.md", 7, text_new("title: One\ndate: 2024-01-02", 1, 200, 0));
	gone(&edited, "b.md", 8, text_new("title: Two\ndate: 2024-01-02", 2, 200, 0));
	come(&edited, "b.md", 9, text_new("title: One\ndate: 2024-01-02", 1, 200, 90));
	come(&edited, "a.md", 10, text_new("title: Two\ndate: 2024-01-02", 2, 200, 90));
	check(&edited, 2);
}

static void test_own_id(void **state)
{
	struct lists lists = LISTS_INIT, was = LISTS_INIT;

	(void)state;
	gone(&lists, "a.md", 7, text_new("title: One", 1, 200, 0));
	come(&lists, "b.md", 7, text_new("title: One\nguid: mine", 1, 200, 0));
	check(&lists, 0);
	gone(&was, "a.md", 7, text_new("title: One\nguid: mine", 1, 200, 0));
	come(&was, "b.md", 7, text_new("title: One", 1, 200, 0));
	check(&was, 1);
}

static void test_empty(void **state)
{
	struct lists lists = LISTS_INIT;

	(void)state;
	check(&lists, 0);
	gone(&lists, "a.md", 7, text_new(jan2, 1, 20, 0));
	check(&lists, 0);
	come(&lists, "a.md", 7, text_new(jan2, 1, 20, 0));
	check(&lists, 0);
}

/*
 * The sketch of a text of `len` words of `letters` from `first` on; without the one numbered
 * `without`. Words are of up to six letters, or of one and no blanks between.
 */
struct script {
	uint32_t first;
	unsigned letters;
	bool blanks;
};

static uint64_t sketch_of(struct script script, unsigned seed, unsigned len, unsigned without)
{
	uint32_t state = seed;
	struct buf text = BUF_INIT;
	uint64_t sketch;

	for (unsigned i = 0; i < len; i++) {
		unsigned letters = script.blanks ? 2 + i % 5 : 1;

		for (; letters > 0; letters--) {
			state = state * 1664525u + 1013904223u;
			if (i != without)
				text_put(&text, script.first + (state >> 16) % script.letters);
		}
		if (script.blanks)
			buf_putc(&text, ' ');
	}
	sketch = identity_sketch(buf_slice(&text));
	buf_free(&text);
	return sketch;
}

static void check_script(struct script script)
{
	uint64_t a = sketch_of(script, 1, 300, 1000);

	assert_true(identity_near(a, sketch_of(script, 1, 300, 1000)));
	assert_true(identity_near(a, sketch_of(script, 1, 300, 150)));
	assert_true(identity_near(a, sketch_of(script, 1, 310, 1000)));
	for (unsigned seed = 2; seed < 200; seed++)
		assert_false(identity_near(a, sketch_of(script, seed, 300, 1000)));
}

static void test_scripts(void **state)
{
	(void)state;
	check_script((struct script){'a', 26, true});
	check_script((struct script){0x430, 32, true});	    /* Cyrillic */
	check_script((struct script){0x627, 36, true});	    /* Arabic */
	check_script((struct script){0x4E00, 2000, false}); /* Chinese */
	check_script((struct script){0x3042, 80, false});   /* Hiragana */
	check_script((struct script){0xE01, 46, false});    /* Thai */
}

/* Texts of their own below lines of signs that both have. */
static void test_common_parts(void **state)
{
	struct buf a = BUF_INIT, b = BUF_INIT;

	(void)state;
	for (unsigned i = 0; i < 3600; i++) {
		buf_putc(&a, (char)('!' + i / 120));
		buf_putc(&b, (char)('!' + i / 120));
	}
	put_words(&a, 1, 300, 0);
	put_words(&b, 2, 300, 0);
	assert_false(identity_near(identity_sketch(buf_slice(&a)), identity_sketch(buf_slice(&b))));
	buf_free(&a);
	buf_free(&b);
}

static void check_near(const char *a, const char *b, bool want)
{
	assert_int_equal(
	    identity_near(identity_sketch(slice_of(a)), identity_sketch(slice_of(b))), want);
}

static void test_short_texts(void **state)
{
	(void)state;
	assert_int_equal(identity_sketch(SLICE_NONE), 0);
	assert_true(identity_sketch(SLICE(" \n\n Hello \n\n\n\n\n\n\n\n\n\n\n")) == 0);
	check_near("", "", false);
	check_near("Hello", "Hello", false);
	check_near("A short text, but one.", "A short text, but one.\n", true);
	check_near("A short text, but one.", "A short\ntext,  but one.", true);
	check_near("A short text, but one.", "A short text, but two.", false);
}

static double seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Five thousand that have nothing in common, or all of it but their inodes: no square of it. */
static void test_thousands(void **state)
{
	enum { COUNT = 5000 };
	struct lists other = LISTS_INIT, alike = LISTS_INIT;
	char path[64];
	double start, took;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		(void)snprintf(path, sizeof(path), "old%u.md", i);
		gone(&other, path, i + 1, text_new("weight: 1", i, 60, 0));
		gone(&alike, path, i + 1, text_new(jan2, 1, 60, 0));
		(void)snprintf(path, sizeof(path), "new%u.md", i);
		come(&other, path, i + 90001, text_new("weight: 1", i + 90000, 60, 0));
		come(&alike, path, i + 90001, text_new(jan2, 1, 60, 50));
	}
	start = seconds();
	match(&other);
	match(&alike);
	took = seconds() - start;
	assert_true(other.pairs.len < 10);
	assert_int_equal(alike.pairs.len, 0);
	drop(&other);
	drop(&alike);
	print_message("# 5,000 by 5,000, twice: %.0f ms\n", took * 1e3);
	assert_true(took < 5); /* under any sanitizer */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_moved),
	    cmocka_unit_test(test_moved_and_edited),
	    cmocka_unit_test(test_moved_folder),
	    cmocka_unit_test(test_ambiguous),
	    cmocka_unit_test(test_inode_again),
	    cmocka_unit_test(test_recurring),
	    cmocka_unit_test(test_swapped),
	    cmocka_unit_test(test_own_id),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_thousands),
	    cmocka_unit_test(test_sketches),
	    cmocka_unit_test(test_scripts),
	    cmocka_unit_test(test_common_parts),
	    cmocka_unit_test(test_short_texts),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
