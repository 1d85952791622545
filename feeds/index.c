#include "feeds/index.h"

#include <assert.h>
#include <stdlib.h>

#include "feeds/base/map.h"
#include "feeds/base/mem.h"
#include "feeds/base/uri.h"
#include "feeds/base/vec.h"
#include "feeds/permalink.h"

#define NO_ARTICLE UINT32_MAX

/* Articles of one name that a link looks at: a thousand `readme.md` cost no more than this. */
enum { LINK_CANDIDATES = 4096 };

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

static uint64_t hash_nocase(struct slice s)
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
	uint32_t *head = &heads[hash_nocase(key) & (index->buckets - 1)];

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

/* ---- links ---- */

/* What a link says, taken apart once. */
struct wanted {
	struct permalink_name name;
	struct slice exact; /* the path it would have from its own place, without extension */
	struct slice near;  /* the same seen from the article that holds the link */
	bool rooted;
	struct slice lang; /* of the article that holds the link */
};

/* Append `path` to folder segments already in `out`, working "." and ".." off. */
static void put_resolved(struct buf *out, struct slice path)
{
	while (path.len > 0) {
		size_t end = slice_find_byte(path, 0, '/');
		struct slice segment = slice_sub(path, 0, end);

		path = slice_from(path, end < path.len ? end + 1 : end);
		if (slice_equal_str(segment, "..")) {
			size_t len = out->len;

			while (len > 0 && out->data[len - 1] != '/')
				len--;
			buf_cut(out, len > 0 ? len - 1 : 0);
		} else if (segment.len > 0 && !slice_equal_str(segment, ".")) {
			if (out->len > 0)
				buf_putc(out, '/');
			buf_put_slice(out, segment);
		}
	}
}

static struct slice folder_of(struct slice path)
{
	size_t slash = path.len;

	while (slash > 0 && path.ptr[slash - 1] != '/')
		slash--;
	return slice_sub(path, 0, slash > 0 ? slash - 1 : 0);
}

/* How well a candidate fits; 0: not at all. */
static int fit(const struct wanted *wanted, const struct article *article)
{
	struct permalink_name name;
	int rank;

	permalink_name(article->path, &name);
	if (!slice_same_nocase(name.slug, wanted->name.slug))
		return 0;
	if (slice_equal(name.stem, wanted->near) || slice_equal(name.stem, wanted->exact))
		rank = 16;
	else if (wanted->name.lang.len > 0 && !slice_equal(name.lang, wanted->name.lang))
		return 0;
	else if (wanted->name.folders.len == 0)
		rank = 8;
	else if (slice_equal(name.folders, wanted->name.folders))
		rank = 12;
	else if (name.folders.len > wanted->name.folders.len &&
		 name.folders.ptr[name.folders.len - wanted->name.folders.len - 1] == '/' &&
		 slice_equal(slice_from(name.folders, name.folders.len - wanted->name.folders.len),
		     wanted->name.folders))
		rank = wanted->rooted ? 4 : 8;
	else
		return 0;
	/* Among translations: the language of the link's own article, else the main one. */
	if (slice_equal(name.lang, wanted->lang))
		return rank + 2;
	return name.lang.len == 0 ? rank + 1 : rank;
}

static const struct article *best_fit(const struct index *index, const struct wanted *wanted)
{
	const struct article *best = NULL;
	int best_rank = 0;
	bool tie = false;
	unsigned left = LINK_CANDIDATES;

	for (uint32_t i = index->by_name[hash_nocase(wanted->name.slug) & (index->buckets - 1)];
	     i != NO_ARTICLE && left-- > 0; i = index->next_name[i]) {
		int rank = fit(wanted, index->items[i]);

		if (rank > best_rank) {
			best = index->items[i];
			best_rank = rank;
			tie = false;
		} else if (rank > 0 && rank == best_rank) {
			tie = true;
		}
	}
	return tie ? NULL : best;
}

static const struct article *by_title(const struct index *index, struct slice title)
{
	const struct article *found = NULL;
	unsigned left = LINK_CANDIDATES;

	for (uint32_t i = index->by_title[hash_nocase(title) & (index->buckets - 1)];
	     i != NO_ARTICLE && left-- > 0; i = index->next_title[i]) {
		if (!slice_same_nocase(index->items[i]->title, title))
			continue;
		if (found)
			return NULL;
		found = index->items[i];
	}
	return found;
}

static struct slice stem_of(struct slice path)
{
	struct permalink_name name;

	permalink_name(path, &name);
	return name.stem;
}

const struct article *index_link(const struct index *index, struct slice from, struct slice target)
{
	struct buf path = BUF_INIT, near = BUF_INIT, exact = BUF_INIT;
	struct wanted wanted = {.rooted = slice_starts(target, "/") || slice_starts(target, "@/")};
	struct permalink_name own;
	const struct article *found = NULL;

	if (index->len == 0 || target.len == 0)
		return NULL;
	uri_put_decoded(&path, slice_from(target, slice_starts(target, "@") ? 1 : 0));
	while (path.len > 0 && path.data[path.len - 1] == '/')
		buf_cut(&path, path.len - 1);
	put_resolved(&exact, buf_slice(&path));
	buf_put_slice(&near, folder_of(from));
	if (wanted.rooted)
		buf_clear(&near);
	put_resolved(&near, buf_slice(&path));
	if (exact.len > 0) {
		permalink_name(from, &own);
		wanted.lang = own.lang;
		permalink_name(buf_slice(&exact), &wanted.name);
		wanted.exact = stem_of(buf_slice(&exact));
		wanted.near = stem_of(buf_slice(&near));
		found = best_fit(index, &wanted);
		if (!found)
			found = by_title(index, buf_slice(&path));
	}
	buf_free(&path);
	buf_free(&near);
	buf_free(&exact);
	return found;
}

static bool find_url(const void *arg, struct slice from, struct slice target, struct buf *url)
{
	const struct article *article = index_link(arg, from, target);

	if (article)
		buf_put_slice(url, article->url);
	return article != NULL;
}

struct links index_links(const struct index *index)
{
	return (struct links){index, find_url};
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
