/*
 * index and query under thousands of random changes: after each batch everything is
 * what it would be if it were worked out from scratch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/base/glob.h"
#include "feeds/base/mem.h"
#include "feeds/feedpath.h"
#include "feeds/query.h"
#include "tests/unit/query_fill.h"

enum { PATHS = 300, QUERIES = 9, STEPS = 2000, GROUPS = 32 };

static const struct slice site_author = {"Ann", 3};
static const struct person site_person = {.name = {"Ann", 3}};

#define SITE .site_lang = {"en", 2}, .site_authors = &site_person, .site_authors_len = 1

static const struct query queries[QUERIES] = {
    {SITE, .limit = 5},
    {SITE, .limit = 0},
    {SITE, .limit = 3, .tag = "go"},
    {SITE, .limit = 4, .author = "ann", .path = "a/**"},
    {SITE, .limit = 3, .by = QUERY_BY_TAG},
    {SITE, .limit = 0, .by = QUERY_BY_CATEGORY, .lang = "en"},
    {SITE, .limit = 2, .by = QUERY_BY_AUTHOR, .section = "b"},
    {SITE, .limit = 1, .by = QUERY_BY_SECTION},
    {SITE, .limit = 6, .by = QUERY_BY_LANG, .category = "web dev"},
};

/* What a group showed before a batch. */
struct shown {
	const struct query_group *group;
	const struct article *window[PATHS];
	size_t len;
};

struct walk {
	uint64_t random;
	struct index index;
	struct query_result results[QUERIES];
	const struct article *live[PATHS]; /* by path number; NULL: there is none */
	int64_t now;

	const struct article *before[PATHS]; /* admitted before the batch, in order */
	size_t before_len;
	struct shown shown[QUERIES][GROUPS];
	size_t shown_len[QUERIES];

	struct index_change changes[2 * PATHS];
	size_t len;

	const struct article *order[PATHS]; /* worked out from scratch */
	const struct article *admitted[PATHS];
	size_t order_len, admitted_len, public_len;
};

/* xorshift64*; below `limit`. */
static size_t chance(struct walk *w, size_t limit)
{
	w->random ^= w->random >> 12;
	w->random ^= w->random << 25;
	w->random ^= w->random >> 27;
	return (size_t)((w->random * 0x2545f4914f6cdd1du) >> 33) % limit;
}

/* ---- making changes ---- */

static size_t some_values(struct walk *w, struct slice *out, size_t max)
{
	static const char *const values[] = {
	    "Go", "go", "GO", "Rust", "rust", "web dev", "Web-Dev", "日本", "C", "-", "  "};
	size_t len = chance(w, max + 1);

	for (size_t i = 0; i < len; i++)
		out[i] = slice_of(values[chance(w, sizeof(values) / sizeof(values[0]))]);
	return len;
}

static struct slice pick(struct walk *w, const char *const *from, size_t len)
{
	return slice_of(from[chance(w, len)]);
}

static void path_of(size_t number, char out[32])
{
	static const char *const folders[] = {"", "a/", "b/"};

	(void)snprintf(
	    out, 32, "%sn%zu.%s", folders[number % 3], number % 97, number % 2 ? "md" : "html");
	if (number >= 97) /* else no two would differ */
		(void)snprintf(out, 32, "%sn%zu-%zu.md", folders[number % 3], number % 97, number);
}

static struct article *new_article(struct walk *w, size_t number)
{
	static const char *const names[] = {"Ann", "ANN", "Bob", "Cem"};
	static const char *const langs[] = {"", "", "en", "ja", "pt-BR"};
	static const char *const sections[] = {"", "a", "b", "B"};
	char path[32], id[32], url[32], title[32];
	struct slice tags[4], categories[2];
	struct slice authors[2];
	struct article article = {.tags = tags, .categories = categories, .authors = authors};

	path_of(number, path);
	(void)snprintf(id, sizeof(id), "id:%zu", chance(w, 4) ? number : chance(w, 40));
	(void)snprintf(url, sizeof(url), "https://e/%zu", chance(w, 4) ? number : chance(w, 40));
	(void)snprintf(
	    title, sizeof(title), "%s %zu", chance(w, 2) ? "Title" : "TITLE", chance(w, 20));
	article.path = slice_of(path);
	article.id = slice_of(id);
	article.url = slice_of(url);
	article.title = slice_of(title);
	article.section = pick(w, sections, 4);
	article.lang = pick(w, langs, 5);
	article.tags_len = some_values(w, tags, 4);
	article.categories_len = some_values(w, categories, 2);
	article.authors_len = chance(w, 3);
	for (size_t i = 0; i < article.authors_len; i++)
		authors[i] = pick(w, names, 4);
	article.published = (int64_t)chance(w, 150);
	article.updated = article.published;
	article.first_seen = (int64_t)chance(w, 5);
	article.expires = chance(w, 6) ? ARTICLE_NEVER : (int64_t)(1 + chance(w, 200));
	article.draft = chance(w, 12) == 0;
	article.excluded = chance(w, 20) == 0;
	article.undated = chance(w, 4) == 0;
	article.shown = chance(w, 2) == 0;
	return article_pack(&article);
}

/* As it was but for a few things: the usual way to write on. */
static struct article *edited(struct walk *w, const struct article *old)
{
	struct article article = *old;
	struct slice tags[4];

	if (chance(w, 3) == 0) {
		article.tags = tags;
		article.tags_len = some_values(w, tags, 4);
	}
	if (chance(w, 5) == 0)
		article.title = SLICE("Another");
	if (chance(w, 5) == 0)
		article.draft = !article.draft;
	if (chance(w, 5) == 0)
		article.undated = !article.undated;
	if (chance(w, 5) == 0)
		article.expires = chance(w, 2) ? ARTICLE_NEVER : (int64_t)(1 + chance(w, 200));
	if (chance(w, 6) == 0)
		article.published = (int64_t)chance(w, 150);
	if (chance(w, 8) == 0)
		article.first_seen = (int64_t)chance(w, 5);
	if (chance(w, 8) == 0)
		article.id = SLICE("id:7");
	return article_pack(&article);
}

static void push(struct walk *w, const struct article *old, struct article *take_new)
{
	w->changes[w->len++] = (struct index_change){old, take_new};
}

static void change_one(struct walk *w, size_t number)
{
	const struct article *old = w->live[number];
	struct article *new = NULL;

	if (!old || chance(w, 3) == 0)
		new = new_article(w, number);
	else if (chance(w, 3))
		new = edited(w, old);
	if (old && new &&chance(w, 6) == 0) { /* said as two changes */
		push(w, NULL, new);
		push(w, old, NULL);
	} else {
		push(w, old, new);
	}
	w->live[number] = new;
}

/* A file gets the name of another that is not there: one change with two paths. */
static void rename_one(struct walk *w, size_t from, size_t to, const bool *changed)
{
	struct article *new;

	if (!w->live[from] || w->live[to] || changed[from] || changed[to])
		return;
	new = new_article(w, to);
	push(w, w->live[from], new);
	w->live[from] = NULL;
	w->live[to] = new;
}

static void make_batch(struct walk *w)
{
	static const size_t sizes[] = {0, 1, 1, 1, 2, 3, 8, 40, PATHS};
	size_t size = sizes[chance(w, chance(w, 8) ? 6 : 9)];
	bool changed[PATHS] = {false};

	w->len = 0;
	for (size_t i = 0; i < size; i++) {
		size_t number = chance(w, PATHS);

		if (!changed[number])
			change_one(w, number);
		changed[number] = true;
	}
	rename_one(w, chance(w, PATHS), chance(w, PATHS), changed);
	if (chance(w, 4) == 0)
		w->now = (int64_t)chance(w, 200);
	else if (chance(w, 2))
		w->now++;
}

/* ---- from scratch ---- */

static int by_date(const void *a, const void *b)
{
	const struct article *x = *(const struct article *const *)a;
	const struct article *y = *(const struct article *const *)b;

	if (x->published != y->published)
		return x->published > y->published ? -1 : 1;
	return slice_compare(x->path, y->path);
}

static int by_claim(const void *a, const void *b)
{
	const struct article *x = *(const struct article *const *)a;
	const struct article *y = *(const struct article *const *)b;

	if (x->shown != y->shown)
		return x->shown ? -1 : 1;
	if (x->first_seen != y->first_seen)
		return x->first_seen < y->first_seen ? -1 : 1;
	if (x->published != y->published)
		return x->published < y->published ? -1 : 1;
	return slice_compare(x->path, y->path);
}

static bool holds(const struct article *const *all, size_t len, const struct article *article)
{
	for (size_t i = 0; i < len; i++)
		if (all[i] == article)
			return true;
	return false;
}

static void work_out(struct walk *w)
{
	const struct article *public[PATHS];

	w->order_len = w->admitted_len = w->public_len = 0;
	for (size_t i = 0; i < PATHS; i++) {
		if (!w->live[i])
			continue;
		w->order[w->order_len++] = w->live[i];
		if (article_standing(w->live[i], w->now) == ARTICLE_PUBLIC)
		public[w->public_len++] = w->live[i];
	}
	qsort(w->order, w->order_len, sizeof(*w->order), by_date);
	qsort(public, w->public_len, sizeof(*public), by_claim);
	for (size_t i = 0; i < w->public_len; i++) {
		bool free = true;

		for (size_t j = 0; j < w->admitted_len && free; j++)
			free = !slice_equal(w->admitted[j]->id, public[i] -> id) &&
			       !slice_equal(w->admitted[j]->url, public[i] -> url);
		if (free)
			w->admitted[w->admitted_len++] = public[i];
	}
	qsort(w->admitted, w->admitted_len, sizeof(*w->admitted), by_date);
}

static bool same_key(struct slice value, struct slice key)
{
	struct buf own = BUF_INIT;
	bool same;

	feed_value_key(value, &own);
	same = slice_equal(buf_slice(&own), key);
	buf_free(&own);
	return same;
}

static bool is(struct slice value, const char *wanted)
{
	struct buf key = BUF_INIT;
	bool same;

	feed_value_key(slice_of(wanted), &key);
	same = same_key(value, buf_slice(&key));
	buf_free(&key);
	return same;
}

static bool among(const struct slice *values, size_t len, const char *wanted)
{
	for (size_t i = 0; i < len; i++)
		if (is(values[i], wanted))
			return true;
	return false;
}

static struct slice lang_of(const struct article *article)
{
	return article->lang.len ? article->lang : SLICE("en");
}

static const struct slice *authors_of(const struct article *article, size_t *len)
{
	*len = article->authors_len ? article->authors_len : 1;
	return article->authors_len ? article->authors : &site_author;
}

static bool fits(const struct query *query, const struct article *article)
{
	size_t len;
	const struct slice *authors = authors_of(article, &len);

	return (!query->section || is(article->section, query->section)) &&
	       (!query->lang || is(lang_of(article), query->lang)) &&
	       (!query->tag || among(article->tags, article->tags_len, query->tag)) &&
	       (!query->category ||
		   among(article->categories, article->categories_len, query->category)) &&
	       (!query->author || among(authors, len, query->author)) &&
	       (!query->path || glob_match(slice_of(query->path), article->path));
}

/* The values by which it is grouped. */
static size_t values_of(const struct query *query, const struct article *article, struct slice *out)
{
	const struct slice *authors;
	size_t len;

	switch (query->by) {
	case QUERY_BY_NOTHING: break;
	case QUERY_BY_SECTION: out[0] = article->section; break;
	case QUERY_BY_LANG: out[0] = lang_of(article); break;
	case QUERY_BY_AUTHOR:
		authors = authors_of(article, &len);
		memcpy(out, authors, len * sizeof(*out));
		return len;
	case QUERY_BY_TAG:
		memcpy(out, article->tags, article->tags_len * sizeof(*out));
		return article->tags_len;
	case QUERY_BY_CATEGORY:
		memcpy(out, article->categories, article->categories_len * sizeof(*out));
		return article->categories_len;
	}
	if (query->by == QUERY_BY_NOTHING)
		out[0] = SLICE_NONE;
	return 1;
}

/* ---- comparing ---- */

static void check_index(struct walk *w)
{
	const struct index *index = &w->index;
	size_t standings[ARTICLE_STANDINGS] = {0}, undated = 0;
	int64_t next = 0;

	assert_int_equal(index_len(index), w->order_len);
	assert_int_equal(index->admitted, w->admitted_len);
	for (size_t i = 0; i < w->admitted_len; i++)
		undated += w->admitted[i]->undated;
	assert_int_equal(index->undated, undated);
	for (size_t i = 0; i < w->order_len; i++) {
		const struct article *article = w->order[i];
		enum article_standing standing = article_standing(article, w->now);

		assert_ptr_equal(index_at(index, i), article);
		assert_int_equal(
		    index_admitted(index, i), holds(w->admitted, w->admitted_len, article));
		assert_ptr_equal(index_find(index, article->path), article);
		standings[standing]++;
		if (standing == ARTICLE_SCHEDULED && (!next || article->published < next))
			next = article->published;
		if (standing == ARTICLE_PUBLIC && article->expires &&
		    (!next || article->expires < next))
			next = article->expires;
	}
	assert_int_equal(index->next_change, next);
	assert_memory_equal(index->standings, standings, sizeof(standings));
	for (size_t i = 0; i < PATHS; i++) {
		char path[32];

		path_of(i, path);
		assert_ptr_equal(index_find(index, slice_of(path)), w->live[i]);
	}
}

/* Every chain has each article that it should have, once, and nothing else. */
static void check_chains(const struct index *index, size_t all, size_t admitted)
{
	for (size_t chain = 0; chain < INDEX_CHAINS; chain++) {
		bool held = chain == INDEX_HELD_ID || chain == INDEX_HELD_URL;
		size_t met = 0;

		for (size_t i = 0; i < index->buckets; i++)
			for (uint32_t slot = index->heads[chain][i]; slot != INDEX_NONE;
			     slot = index->next[chain][slot]) {
				assert_non_null(index->items[slot]);
				met++;
			}
		assert_int_equal(met, held ? admitted : all);
	}
}

static void check_holders(struct walk *w)
{
	for (size_t i = 0; i < w->order_len; i++) {
		const struct article *article = w->order[i];
		const struct article *holder = index_holder(&w->index, article->id);

		assert_non_null(holder);
		assert_true(slice_equal(holder->id, article->id));
		if (holds(w->admitted, w->admitted_len, article))
			assert_ptr_equal(holder, article);
	}
}

static void check_conflicts(struct walk *w)
{
	size_t len;
	struct index_conflict *conflicts = index_conflicts(&w->index, &len);

	assert_int_equal(len, w->public_len - w->admitted_len);
	for (size_t i = 0; i < len; i++) {
		const struct article *kept = conflicts[i].kept, *skipped = conflicts[i].skipped;

		assert_true(holds(w->admitted, w->admitted_len, kept));
		assert_false(holds(w->admitted, w->admitted_len, skipped));
		assert_int_equal(article_standing(skipped, w->now), ARTICLE_PUBLIC);
		assert_true(by_claim(&kept, &skipped) < 0);
		assert_true(conflicts[i].url ? slice_equal(kept->url, skipped->url)
					     : slice_equal(kept->id, skipped->id));
		if (i)
			assert_true(by_claim(&conflicts[i - 1].skipped, &skipped) < 0);
	}
	free(conflicts);
}

static void check_delta(struct walk *w, const struct index_delta *delta)
{
	size_t left = 0, entered = 0;

	for (size_t i = 0; i < w->before_len; i++) {
		if (holds(w->admitted, w->admitted_len, w->before[i]))
			continue;
		assert_true(left < delta->left.len);
		assert_ptr_equal(delta->left.items[left++].article, w->before[i]);
	}
	for (size_t i = 0; i < w->admitted_len; i++) {
		if (holds(w->before, w->before_len, w->admitted[i]))
			continue;
		assert_true(entered < delta->entered.len);
		assert_ptr_equal(delta->entered.items[entered++].article, w->admitted[i]);
	}
	assert_int_equal(delta->left.len, left);
	assert_int_equal(delta->entered.len, entered);
}

/* Articles that the group should hold, in order; returns how many. */
static size_t members(const struct walk *w, const struct query *query,
    const struct query_group *group, const struct article **out, struct slice *out_value)
{
	size_t len = 0;

	for (size_t i = 0; i < w->admitted_len; i++) {
		struct slice values[8];
		size_t values_len = values_of(query, w->admitted[i], values), j = 0;

		while (j < values_len && !same_key(values[j], group->key))
			j++;
		if (j == values_len || !fits(query, w->admitted[i]))
			continue;
		if (len == 0)
			*out_value = values[j];
		out[len++] = w->admitted[i];
	}
	return len;
}

static void check_group(struct walk *w, size_t number, const struct query_group *group)
{
	const struct query *query = &queries[number];
	const struct article *want[PATHS];
	const struct shown *shown = NULL;
	struct slice value = group->value;
	size_t len = members(w, query, group, want, &value);
	size_t window = query->limit && query->limit < len ? query->limit : len;
	bool same;

	assert_int_equal(query_group_len(group), len);
	assert_int_equal(query_group_window(group), window);
	assert_true(slice_equal(group->value, value));
	for (size_t i = 0; i < len; i++)
		assert_ptr_equal(query_group_at(group, i), want[i]);
	for (size_t i = 0; i < w->shown_len[number] && !shown; i++)
		if (w->shown[number][i].group == group)
			shown = &w->shown[number][i];
	same = shown && shown->len == window;
	for (size_t i = 0; i < window && same; i++)
		same = shown->window[i] == want[i];
	assert_int_equal(group->touched, !same);
}

/* Each value that is there has a group, and groups are sorted. */
static void check_result(struct walk *w, size_t number)
{
	const struct query *query = &queries[number];
	const struct query_result *result = &w->results[number];

	for (size_t i = 0; i < result->len; i++) {
		check_group(w, number, result->groups[i]);
		if (i)
			assert_true(
			    slice_compare(result->groups[i - 1]->key, result->groups[i]->key) < 0);
	}
	for (size_t i = 0; i < w->admitted_len; i++) {
		struct slice values[8];
		size_t len =
		    fits(query, w->admitted[i]) ? values_of(query, w->admitted[i], values) : 0;

		for (size_t j = 0; j < len; j++) {
			bool found = query->by != QUERY_BY_NOTHING && is(values[j], "");

			for (size_t k = 0; k < result->len && !found; k++)
				found = same_key(values[j], result->groups[k]->key);
			assert_true(found);
		}
	}
}

/* ---- the walk ---- */

static void remember(struct walk *w)
{
	memcpy(w->before, w->admitted, sizeof(w->before));
	w->before_len = w->admitted_len;
	for (size_t i = 0; i < QUERIES; i++) {
		assert_true(w->results[i].len <= GROUPS);
		w->shown_len[i] = w->results[i].len;
		for (size_t j = 0; j < w->results[i].len; j++) {
			struct query_group *group = w->results[i].groups[j];
			struct shown *shown = &w->shown[i][j];

			group->touched = false;
			shown->group = group;
			shown->len = query_group_window(group);
			for (size_t k = 0; k < shown->len; k++)
				shown->window[k] = query_group_at(group, k);
		}
	}
}

/* Now and then empty groups go. */
static void remove_groups(struct walk *w)
{
	struct query_result *result = &w->results[chance(w, QUERIES)];

	for (size_t i = result->len; i-- > 0;)
		if (result->groups[i]->key.len && query_group_len(result->groups[i]) == 0)
			query_group_remove(result, result->groups[i]);
}

static void take_step(struct walk *w)
{
	struct index_delta delta;

	if (chance(w, 20) == 0)
		remove_groups(w);
	remember(w);
	make_batch(w);
	index_update(&w->index, w->changes, w->len, w->now, &delta);
	for (size_t i = 0; i < QUERIES; i++)
		query_update(&queries[i], &w->results[i], &w->index, &delta);
	work_out(w);
	check_index(w);
	check_chains(&w->index, w->order_len, w->admitted_len);
	check_holders(w);
	check_conflicts(w);
	check_delta(w, &delta);
	for (size_t i = 0; i < QUERIES; i++)
		check_result(w, i);
	index_delta_free(&delta);
}

/* A new result, filled at once, has what the old one came to have. */
static void check_filled(const struct walk *w)
{
	for (size_t i = 0; i < QUERIES; i++) {
		struct query_result fresh;
		size_t next = 0;

		query_start(&queries[i], &fresh);
		query_fill(&queries[i], &fresh, &w->index);
		for (size_t j = 0; j < w->results[i].len; j++) {
			const struct query_group *old = w->results[i].groups[j];

			if (query_group_len(old) == 0 && queries[i].by != QUERY_BY_NOTHING)
				continue;
			assert_true(next < fresh.len);
			assert_true(slice_equal(old->key, fresh.groups[next]->key));
			assert_int_equal(query_group_len(old), query_group_len(fresh.groups[next]));
			for (size_t k = 0; k < query_group_len(old); k++)
				assert_ptr_equal(
				    query_group_at(old, k), query_group_at(fresh.groups[next], k));
			next++;
		}
		assert_int_equal(next, fresh.len);
		query_free(&fresh);
	}
}

static void run(uint64_t seed)
{
	struct walk *w = mem_zalloc(1, sizeof(*w));

	w->random = seed;
	w->index = INDEX_INIT;
	w->now = 100;
	for (size_t i = 0; i < QUERIES; i++)
		query_start(&queries[i], &w->results[i]);
	for (size_t i = 0; i < STEPS; i++)
		take_step(w);
	check_filled(w);
	for (size_t i = 0; i < QUERIES; i++)
		query_free(&w->results[i]);
	index_free(&w->index);
	free(w);
}

static void test_walk(void **state)
{
	(void)state;
	run(0x9e3779b97f4a7c15u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_walk),
	};

	return cmocka_run_group_tests_name("index_walk", tests, NULL, NULL);
}
