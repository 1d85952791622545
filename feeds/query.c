#include "feeds/query.h"

#include <stdlib.h>

#include "feeds/base/glob.h"
#include "feeds/base/map.h"
#include "feeds/base/mem.h"
#include "feeds/feedpath.h"

/* The filters of a query with their values as keys. */
struct filter {
	struct slice section, tag, category, author, lang, path;
};

static struct slice key_of(struct arena *arena, struct slice value)
{
	struct buf key = BUF_INIT;
	struct slice copy;

	feed_value_key(value, &key);
	copy = arena_copy(arena, buf_slice(&key));
	buf_free(&key);
	return copy;
}

static struct slice filter_key(struct arena *arena, const char *value)
{
	return value ? key_of(arena, slice_of(value)) : SLICE_NONE;
}

static struct slice article_lang(const struct query *query, const struct article *article)
{
	return article->lang.len ? article->lang : query->site_lang;
}

static bool value_is(struct arena *scratch, struct slice value, struct slice key)
{
	return slice_equal(value, key) || slice_equal(key_of(scratch, value), key);
}

static bool any_value_is(
    struct arena *scratch, const struct slice *values, size_t len, struct slice key)
{
	for (size_t i = 0; i < len; i++)
		if (value_is(scratch, values[i], key))
			return true;
	return false;
}

static bool passes(const struct query *query, const struct filter *filter,
    const struct article *article, struct arena *scratch)
{
	bool author = !query->author;

	for (size_t i = 0; i < article->authors_len && !author; i++)
		author = value_is(scratch, article->authors[i].name, filter->author);
	return author &&
	       (!query->section || value_is(scratch, article->section, filter->section)) &&
	       (!query->lang || value_is(scratch, article_lang(query, article), filter->lang)) &&
	       (!query->tag ||
		   any_value_is(scratch, article->tags, article->tags_len, filter->tag)) &&
	       (!query->category || any_value_is(scratch, article->categories,
					article->categories_len, filter->category)) &&
	       (!query->path || glob_match(filter->path, article->path));
}

static void group_add(struct query_group *group, const struct article *article, size_t limit)
{
	if (limit && group->len == limit)
		return;
	/* An article may name one tag in two spellings. */
	if (group->len && group->items[group->len - 1] == article)
		return;
	if (group->len == group->cap) {
		group->cap = group->cap ? group->cap * 2 : 8;
		group->items = mem_resize(group->items, group->cap, sizeof(*group->items));
	}
	group->items[group->len++] = article;
}

static struct query_group *group_new(
    struct query_result *result, struct slice value, struct slice key)
{
	if (result->len == result->cap) {
		result->cap = result->cap ? result->cap * 2 : 8;
		result->groups = mem_resize(result->groups, result->cap, sizeof(*result->groups));
	}
	result->groups[result->len] = (struct query_group){.value = value, .key = key};
	return &result->groups[result->len++];
}

static void sort_in(struct query_result *result, struct map *groups, struct slice value,
    const struct article *article, size_t limit, struct arena *scratch)
{
	struct slice key = key_of(scratch, value);
	size_t number;

	if (key.len == 0)
		return;
	number = map_get(groups, key);
	if (number == MAP_NONE) {
		key = arena_copy(&result->arena, key);
		number = result->len;
		(void)group_new(result, value, key);
		*map_put(groups, key) = number;
	}
	group_add(&result->groups[number], article, limit);
}

static void sort_article(const struct query *query, struct query_result *result, struct map *groups,
    const struct article *article, struct arena *scratch)
{
	switch (query->by) {
	case QUERY_BY_NOTHING: group_add(&result->groups[0], article, query->limit); break;
	case QUERY_BY_TAG:
		for (size_t i = 0; i < article->tags_len; i++)
			sort_in(result, groups, article->tags[i], article, query->limit, scratch);
		break;
	case QUERY_BY_CATEGORY:
		for (size_t i = 0; i < article->categories_len; i++)
			sort_in(
			    result, groups, article->categories[i], article, query->limit, scratch);
		break;
	case QUERY_BY_AUTHOR:
		for (size_t i = 0; i < article->authors_len; i++)
			sort_in(result, groups, article->authors[i].name, article, query->limit,
			    scratch);
		break;
	case QUERY_BY_SECTION:
		sort_in(result, groups, article->section, article, query->limit, scratch);
		break;
	case QUERY_BY_LANG:
		sort_in(
		    result, groups, article_lang(query, article), article, query->limit, scratch);
		break;
	}
}

static int compare_groups(const void *a, const void *b)
{
	return slice_compare(
	    ((const struct query_group *)a)->key, ((const struct query_group *)b)->key);
}

void query_run(const struct query *query, const struct index *index, struct query_result *out)
{
	struct arena scratch = ARENA_INIT, filter_arena = ARENA_INIT;
	struct map groups = MAP_INIT;
	struct filter filter = {
	    .section = filter_key(&filter_arena, query->section),
	    .tag = filter_key(&filter_arena, query->tag),
	    .category = filter_key(&filter_arena, query->category),
	    .author = filter_key(&filter_arena, query->author),
	    .lang = filter_key(&filter_arena, query->lang),
	    .path = slice_of(query->path),
	};

	*out = (struct query_result){.arena = ARENA_INIT};
	if (query->by == QUERY_BY_NOTHING)
		(void)group_new(out, SLICE_NONE, SLICE_NONE);
	for (size_t i = 0; i < index->public_len; i++) {
		if (passes(query, &filter, index->public[i], &scratch))
			sort_article(query, out, &groups, index->public[i], &scratch);
		arena_clear(&scratch);
		if (query->by == QUERY_BY_NOTHING && query->limit &&
		    out->groups[0].len == query->limit)
			break;
	}
	if (out->len > 1)
		qsort(out->groups, out->len, sizeof(*out->groups), compare_groups);
	map_free(&groups);
	arena_free(&scratch);
	arena_free(&filter_arena);
}

void query_free(struct query_result *result)
{
	for (size_t i = 0; i < result->len; i++)
		free(result->groups[i].items);
	free(result->groups);
	arena_free(&result->arena);
	*result = (struct query_result){.arena = ARENA_INIT};
}
