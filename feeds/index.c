#include "feeds/index.h"

#include <assert.h>
#include <stdlib.h>

#include "feeds/base/map.h"
#include "feeds/base/mem.h"
#include "feeds/base/vec.h"
#include "feeds/permalink.h"

void index_put(struct index *index, struct article *take_article)
{
	assert(!index->public);
	if (index->len == index->cap) {
		index->cap = index->cap ? index->cap * 2 : 64;
		index->items = mem_resize(index->items, index->cap, sizeof(*index->items));
	}
	index->items[index->len++] = take_article;
}

/* Newest first; ties by path, which no two articles share. */
static int compare(const void *a, const void *b)
{
	const struct article *x = *(struct article *const *)a, *y = *(struct article *const *)b;

	if (x->published != y->published)
		return x->published > y->published ? -1 : 1;
	return slice_compare(x->path, y->path);
}

static void note_change(struct index *index, int64_t when, int64_t now)
{
	if (when > now && (index->next_change == 0 || when < index->next_change))
		index->next_change = when;
}

/* ---- names ---- */

uint64_t index_hash_nocase(struct slice s)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * 0x100000001b3u;
	}
	return hash ^ (hash >> 29);
}

static void chain(
    struct index *index, uint32_t *heads, uint32_t *next, struct slice key, size_t number)
{
	uint32_t *head = &heads[index_hash_nocase(key) & (index->buckets - 1)];

	next[number] = *head;
	*head = (uint32_t)number;
}

static void build_chains(struct index *index)
{
	struct permalink_name name;

	index->buckets = 64;
	while (index->buckets < index->len)
		index->buckets *= 2;
	index->by_name = mem_alloc(index->buckets * sizeof(uint32_t));
	index->by_title = mem_alloc(index->buckets * sizeof(uint32_t));
	index->next_name = mem_alloc(index->len * sizeof(uint32_t));
	index->next_title = mem_alloc(index->len * sizeof(uint32_t));
	memset(index->by_name, 0xff, index->buckets * sizeof(uint32_t));
	memset(index->by_title, 0xff, index->buckets * sizeof(uint32_t));
	for (size_t i = 0; i < index->len; i++) {
		permalink_name(index->items[i]->path, &name);
		chain(index, index->by_name, index->next_name, name.slug, i);
		chain(index, index->by_title, index->next_title, index->items[i]->title, i);
	}
}

/* What index_finish decides with. */
struct claims {
	struct map ids, urls; /* to the number of the article that has it */
	VEC(struct index_conflict) conflicts;
};

/* May the article stand in feeds: is it public, and are its id and URL its own? */
static bool admit(struct index *index, struct claims *claims, size_t number, int64_t now)
{
	struct article *article = index->items[number];
	enum article_standing standing = article_standing(article, now);
	size_t *id, *url;

	index->standings[standing]++;
	if (standing == ARTICLE_SCHEDULED)
		note_change(index, article->published, now);
	if (standing != ARTICLE_PUBLIC)
		return false;
	note_change(index, article->expires, now);
	id = map_put(&claims->ids, article->id);
	url = map_put(&claims->urls, article->url);
	if (*id != MAP_NONE || *url != MAP_NONE) {
		bool by_url = *url != MAP_NONE;
		size_t kept = by_url ? *url : *id;

		vec_push(&claims->conflicts,
		    ((struct index_conflict){index->items[kept], article, by_url}));
		return false;
	}
	*id = *url = number;
	return true;
}

struct index_conflict *index_finish(struct index *index, int64_t now, size_t *out_len)
{
	struct claims claims = {MAP_INIT, MAP_INIT, VEC_INIT};
	bool *admitted = mem_zalloc(index->len, sizeof(*admitted));

	if (index->len)
		qsort(index->items, index->len, sizeof(*index->items), compare);
	/* The older keeps what two claim; of two from one second, the first by path. */
	for (size_t end = index->len, start; end > 0; end = start) {
		for (start = end - 1; start > 0 && index->items[start - 1]->published ==
						       index->items[end - 1]->published;)
			start--;
		for (size_t i = start; i < end; i++)
			admitted[i] = admit(index, &claims, i, now);
	}
	index->public = mem_alloc(index->len * sizeof(*index->public));
	for (size_t i = 0; i < index->len; i++)
		if (admitted[i])
			index->public[index->public_len++] = index->items[i];
	free(admitted);
	map_free(&claims.ids);
	map_free(&claims.urls);
	build_chains(index);
	*out_len = claims.conflicts.len;
	return claims.conflicts.items;
}

void index_free(struct index *index)
{
	for (size_t i = 0; i < index->len; i++)
		free(index->items[i]);
	free(index->items);
	free(index->public);
	free(index->by_name);
	free(index->by_title);
	free(index->next_name);
	free(index->next_title);
	*index = INDEX_INIT;
}
