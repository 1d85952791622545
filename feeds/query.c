#include "feeds/query.h"

#include <assert.h>
#include <stdlib.h>

#include "feeds/base/glob.h"
#include "feeds/base/map.h"
#include "feeds/base/mem.h"
#include "feeds/feedpath.h"

const char *query_by_name(enum query_by by)
{
	static const char *const names[] = {
	    [QUERY_BY_NOTHING] = "",
	    [QUERY_BY_TAG] = "tag",
	    [QUERY_BY_CATEGORY] = "category",
	    [QUERY_BY_SECTION] = "section",
	    [QUERY_BY_AUTHOR] = "author",
	    [QUERY_BY_LANG] = "lang",
	};

	return names[by];
}

/* ---- keys ---- */

/* Values met during one update and their keys; the same few come again and again. */
struct keys {
	struct map known; /* from a value to its place in `keys` */
	VEC(struct slice) keys;
	struct arena arena;
};

#define KEYS_INIT                                                                                  \
	{                                                                                          \
		MAP_INIT, VEC_INIT, ARENA_INIT                                                     \
	}

static struct slice key_new(struct arena *arena, struct slice value)
{
	struct buf key = BUF_INIT;
	struct slice copy;

	feed_value_key(value, &key);
	copy = arena_copy(arena, buf_slice(&key));
	buf_free(&key);
	return copy;
}

static struct slice key_of(struct keys *keys, struct slice value)
{
	size_t *place = map_put(&keys->known, value);

	if (*place == MAP_NONE) {
		*place = keys->keys.len;
		vec_push(&keys->keys, key_new(&keys->arena, value));
	}
	return keys->keys.items[*place];
}

static void keys_free(struct keys *keys)
{
	map_free(&keys->known);
	vec_free(&keys->keys);
	arena_free(&keys->arena);
}

/* ---- filters ---- */

static struct slice article_lang(const struct query *query, const struct article *article)
{
	return article->lang.len ? article->lang : query->site_lang;
}

static size_t authors_len(const struct query *query, const struct article *article)
{
	return article->authors_len ? article->authors_len : query->site_authors_len;
}

static struct slice author_at(const struct query *query, const struct article *article, size_t i)
{
	return article->authors_len ? article->authors[i] : query->site_authors[i].name;
}

static bool any_author_is(
    struct keys *keys, const struct query *query, const struct article *article, struct slice key)
{
	for (size_t i = 0; i < authors_len(query, article); i++)
		if (slice_equal(key_of(keys, author_at(query, article, i)), key))
			return true;
	return false;
}

static bool any_value_is(
    struct keys *keys, const struct slice *values, size_t len, struct slice key)
{
	for (size_t i = 0; i < len; i++)
		if (slice_equal(key_of(keys, values[i]), key))
			return true;
	return false;
}

/* The first filter that does not take it, or NULL. */
static const char *refusal(const struct query *query, const struct query_result *result,
    const struct article *article, struct keys *keys)
{
	struct slice lang = query->lang ? article_lang(query, article) : SLICE_NONE;

	if (query->author && !any_author_is(keys, query, article, result->author))
		return "author";
	if (query->section && !any_value_is(keys, &article->section, 1, result->section))
		return "section";
	if (query->lang && !any_value_is(keys, &lang, 1, result->lang))
		return "lang";
	if (query->tag && !any_value_is(keys, article->tags, article->tags_len, result->tag))
		return "tag";
	if (query->category &&
	    !any_value_is(keys, article->categories, article->categories_len, result->category))
		return "category";
	if (query->path && !glob_match(result->path, article->path))
		return "path";
	return NULL;
}

/* The values that an article is grouped by: value number `i`, or false when there are no more. */
static bool grouping_value(
    const struct query *query, const struct article *article, size_t i, struct slice *out)
{
	size_t len = 1;

	switch (query->by) {
	case QUERY_BY_NOTHING: return false;
	case QUERY_BY_TAG:
		len = article->tags_len;
		*out = i < len ? article->tags[i] : SLICE_NONE;
		break;
	case QUERY_BY_CATEGORY:
		len = article->categories_len;
		*out = i < len ? article->categories[i] : SLICE_NONE;
		break;
	case QUERY_BY_AUTHOR:
		len = authors_len(query, article);
		*out = i < len ? author_at(query, article, i) : SLICE_NONE;
		break;
	case QUERY_BY_SECTION: *out = article->section; break;
	case QUERY_BY_LANG: *out = article_lang(query, article); break;
	}
	return i < len;
}

const char *query_refusal(
    const struct query *query, const struct query_result *result, const struct article *article)
{
	struct keys keys = KEYS_INIT;
	const char *refused = refusal(query, result, article, &keys);
	bool any = query->by == QUERY_BY_NOTHING;
	struct slice value;

	for (size_t i = 0; !refused && !any && grouping_value(query, article, i, &value); i++)
		any = key_of(&keys, value).len > 0;
	keys_free(&keys);
	return refused ? refused : any ? NULL : "by";
}

bool query_takes(
    const struct query *query, const struct query_result *result, const struct article *article)
{
	return query_refusal(query, result, article) == NULL;
}

bool query_would_join(const struct query *query, const struct query_result *result,
    const struct query_group *group, const struct article *article)
{
	struct keys keys = KEYS_INIT;
	bool joins = !refusal(query, result, article, &keys), has = query->by == QUERY_BY_NOTHING;
	struct slice value;

	for (size_t i = 0; joins && !has && grouping_value(query, article, i, &value); i++)
		has = slice_equal(key_of(&keys, value), group->key);
	keys_free(&keys);
	return joins && has;
}

/* ---- groups ---- */

/* Where the group of a key is, or would be. */
static size_t group_place(const struct query_result *result, struct slice key, bool *found)
{
	size_t from = 0, to = result->len;

	*found = false;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = slice_compare(result->groups[middle]->key, key);

		if (order < 0)
			from = middle + 1;
		else
			to = middle;
		*found = *found || order == 0;
	}
	return from;
}

static void set_value(struct query_group *group, struct slice value)
{
	char *copy;

	if (slice_equal(group->value, value))
		return;
	copy = mem_dup(value.ptr, value.len);
	free((char *)group->value.ptr);
	group->value = slice_make(copy, value.len);
}

/* The group of a key, made at need; `value` is how somebody spells it. */
static struct query_group *group_of(
    struct query_result *result, struct slice key, struct slice value, size_t limit)
{
	bool found;
	size_t place = group_place(result, key, &found);
	struct query_group *group;

	if (found)
		return result->groups[place];
	if (result->len == result->cap) {
		result->cap = result->cap ? result->cap * 2 : 8;
		result->groups = mem_resize(result->groups, result->cap, sizeof(*result->groups));
	}
	memmove(&result->groups[place + 1], &result->groups[place],
	    (result->len++ - place) * sizeof(*result->groups));
	group = result->groups[place] = mem_zalloc(1, sizeof(*group));
	group->key = slice_make(mem_dup(key.ptr, key.len), key.len);
	group->limit = limit;
	group->touched = true;
	set_value(group, value);
	return group;
}

static void group_free(struct query_group *group)
{
	free((char *)group->value.ptr);
	free((char *)group->key.ptr);
	slots_free(&group->members);
	vec_free(&group->gone);
	vec_free(&group->come);
	free(group);
}

struct query_group *query_group_want(struct query_result *result, struct slice value)
{
	struct keys keys = KEYS_INIT;
	struct slice key = key_of(&keys, value);
	struct query_group *group = key.len ? group_of(result, key, value, result->limit) : NULL;

	keys_free(&keys);
	return group;
}

void query_group_remove(struct query_result *result, struct query_group *group)
{
	bool found;
	size_t place = group_place(result, group->key, &found);

	assert(found && group->members.len == 0);
	memmove(&result->groups[place], &result->groups[place + 1],
	    (--result->len - place) * sizeof(*result->groups));
	group_free(group);
}

/* ---- updates ---- */

struct following {
	const struct query *query;
	struct query_result *result;
	const struct index *index;
	struct keys keys;
	VEC(struct query_group *) changed;
};

static void note(struct following *f, struct query_group *group, uint32_t slot, bool comes)
{
	if (group->gone.len == 0 && group->come.len == 0)
		vec_push(&f->changed, group);
	if (!comes) {
		if (group->gone.len == 0 || group->gone.items[group->gone.len - 1] != slot)
			vec_push(&group->gone, slot);
		return;
	}
	/* An article may name one tag in two spellings. */
	if (group->come.len == 0 || group->come.items[group->come.len - 1] != slot)
		vec_push(&group->come, slot);
}

static void note_article(
    struct following *f, const struct article *article, uint32_t slot, bool comes)
{
	struct slice value;

	if (refusal(f->query, f->result, article, &f->keys))
		return;
	if (f->query->by == QUERY_BY_NOTHING)
		note(f, f->result->groups[0], slot, comes);
	for (size_t i = 0; grouping_value(f->query, article, i, &value); i++) {
		struct slice key = key_of(&f->keys, value);

		if (key.len)
			note(f, group_of(f->result, key, value, f->query->limit), slot, comes);
	}
}

/* What goes and comes in one slot stays where it is: take it off both lists. */
static bool drop_stayers(struct query_group *group, const struct index *index, uint32_t *out_first)
{
	size_t gone = 0, come = 0, i = 0, j = 0;
	bool any = false;

	while (i < group->gone.len || j < group->come.len) {
		uint32_t old = i < group->gone.len ? group->gone.items[i] : INDEX_NONE;
		uint32_t new = j < group->come.len ? group->come.items[j] : INDEX_NONE;

		if (old == new) {
			if (!any)
				*out_first = old;
			any = true;
			i++;
			j++;
		} else if (new == INDEX_NONE ||
			   (old != INDEX_NONE &&
			       slots_compare(index->items[old], index->items[new]) < 0)) {
			group->gone.items[gone++] = old;
			i++;
		} else {
			group->come.items[come++] = new;
			j++;
		}
	}
	group->gone.len = gone;
	group->come.len = come;
	return any;
}

/* How the newest article spells the group's key. */
static void respell(struct following *f, struct query_group *group)
{
	struct slice value;

	if (group->members.len == 0)
		return;
	for (size_t i = 0; grouping_value(f->query, query_group_at(group, 0), i, &value); i++) {
		if (slice_equal(key_of(&f->keys, value), group->key)) {
			set_value(group, value);
			return;
		}
	}
}

static bool in_window(const struct query_group *group, size_t place)
{
	return group->limit == 0 || place < group->limit;
}

static void follow(struct following *f, struct query_group *group)
{
	struct article *const *items = f->index->items;
	bool touched = false;
	uint32_t stays;

	group->index = f->index;
	if (drop_stayers(group, f->index, &stays))
		touched = in_window(group, slots_place(&group->members, items, items[stays]));
	if (group->gone.len) {
		size_t place =
		    slots_remove(&group->members, items, group->gone.items, group->gone.len);

		touched = in_window(group, place) || touched;
	}
	if (group->come.len) {
		size_t place =
		    slots_insert(&group->members, items, group->come.items, group->come.len);

		touched = in_window(group, place) || touched;
	}
	vec_free(&group->gone);
	vec_free(&group->come);
	if (!touched)
		return;
	group->touched = true;
	respell(f, group);
}

void query_update(const struct query *query, struct query_result *result, const struct index *index,
    const struct index_delta *delta)
{
	struct following f = {query, result, index, KEYS_INIT, VEC_INIT};

	for (size_t i = 0; i < delta->left.len; i++)
		note_article(&f, delta->left.items[i].article, delta->left.items[i].slot, false);
	for (size_t i = 0; i < delta->entered.len; i++)
		note_article(
		    &f, delta->entered.items[i].article, delta->entered.items[i].slot, true);
	for (size_t i = 0; i < f.changed.len; i++)
		follow(&f, f.changed.items[i]);
	vec_free(&f.changed);
	keys_free(&f.keys);
}

void query_start(const struct query *query, struct query_result *out)
{
	struct arena *arena = &out->arena;

	*out = (struct query_result){.arena = ARENA_INIT, .limit = query->limit};
	out->section = key_new(arena, slice_of(query->section));
	out->tag = key_new(arena, slice_of(query->tag));
	out->category = key_new(arena, slice_of(query->category));
	out->author = key_new(arena, slice_of(query->author));
	out->lang = key_new(arena, slice_of(query->lang));
	out->path = slice_of(query->path);
	if (query->by == QUERY_BY_NOTHING)
		(void)group_of(out, SLICE_NONE, SLICE_NONE, query->limit);
}

void query_free(struct query_result *result)
{
	for (size_t i = 0; i < result->len; i++)
		group_free(result->groups[i]);
	free(result->groups);
	arena_free(&result->arena);
	*result = (struct query_result){.arena = ARENA_INIT};
}
