#include "daemon/cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "daemon/job.h"
#include "feeds/base/arena.h"
#include "feeds/base/mem.h"

enum { BUCKETS = 4096, ITEM_SHARE = 8 /* no entry takes more than this part of the cache */ };

struct item {
	struct entry entry;
	struct arena arena; /* the entry's strings */
	const struct article *article;
	size_t bytes;
	unsigned users;
	bool forgotten;	   /* goes when its last user releases it */
	struct item *next; /* of its bucket */
	struct item *newer, *older;
};

struct cache {
	pthread_mutex_t lock;
	size_t max, bytes;
	struct item *buckets[BUCKETS];
	struct item *newest, *oldest;
};

struct cache *cache_new(size_t max_bytes)
{
	struct cache *cache = mem_zalloc(1, sizeof(*cache));

	cache->max = max_bytes;
	(void)pthread_mutex_init(&cache->lock, NULL); /* never fails with default attributes */
	return cache;
}

static struct item **bucket_of(struct cache *cache, const struct article *article)
{
	return &cache->buckets[((uintptr_t)article / sizeof(void *) * 2654435761u >> 7) % BUCKETS];
}

static void item_free(struct item *item)
{
	arena_free(&item->arena);
	free(item);
}

static void unlink_use(struct cache *cache, struct item *item)
{
	*(item->newer ? &item->newer->older : &cache->newest) = item->older;
	*(item->older ? &item->older->newer : &cache->oldest) = item->newer;
	item->newer = item->older = NULL;
}

static void link_newest(struct cache *cache, struct item *item)
{
	item->older = cache->newest;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = item;
	cache->newest = item;
}

static void forget_oldest(struct cache *cache)
{
	struct item *item = cache->oldest, **link = bucket_of(cache, item->article);

	while (*link != item)
		link = &(*link)->next;
	*link = item->next;
	unlink_use(cache, item);
	cache->bytes -= item->bytes;
	item->forgotten = true;
	if (item->users == 0)
		item_free(item);
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	while (cache->oldest)
		forget_oldest(cache);
	(void)pthread_mutex_destroy(&cache->lock); /* nobody holds it */
	free(cache);
}

const struct entry *cache_get(struct cache *cache, const struct article *article)
{
	struct item *item;

	(void)pthread_mutex_lock(&cache->lock); /* never fails for a plain mutex */
	item = *bucket_of(cache, article);
	while (item && item->article != article)
		item = item->next;
	if (item) {
		item->users++;
		unlink_use(cache, item);
		link_newest(cache, item);
	}
	(void)pthread_mutex_unlock(&cache->lock); /* likewise */
	return item ? &item->entry : NULL;
}

/* The strings and lists of an entry, copied into the item's arena. */
static void copy_entry(struct item *item, const struct entry *from)
{
	struct arena *arena = &item->arena;
	struct slice *categories = arena_array(arena, struct slice, from->categories_len + 1);
	struct person *authors = arena_array(arena, struct person, from->authors_len + 1);
	struct entry *entry = &item->entry;
	struct slice *const texts[] = {&entry->id, &entry->url, &entry->external_url, &entry->title,
	    &entry->summary, &entry->content, &entry->language, &entry->image_url,
	    &entry->enclosure.url, &entry->enclosure.type};

	*entry = *from;
	item->bytes = sizeof(*item) + 16384; /* an arena's block */
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		item->bytes += texts[i]->len;
		*texts[i] = arena_copy(arena, *texts[i]);
	}
	for (size_t i = 0; i < from->categories_len; i++)
		categories[i] = arena_copy(arena, from->categories[i]);
	for (size_t i = 0; i < from->authors_len; i++)
		authors[i] = (struct person){arena_copy(arena, from->authors[i].name),
		    arena_copy(arena, from->authors[i].email),
		    arena_copy(arena, from->authors[i].url)};
	entry->categories = categories;
	entry->authors = authors;
}

void cache_put(struct cache *cache, const struct article *article, const struct entry *entry)
{
	struct item *item = mem_zalloc(1, sizeof(*item)), *twin;

	item->arena = ARENA_INIT;
	item->article = article;
	copy_entry(item, entry);
	(void)pthread_mutex_lock(&cache->lock); /* never fails for a plain mutex */
	twin = *bucket_of(cache, article);
	while (twin && twin->article != article)
		twin = twin->next;
	if (twin || item->bytes > cache->max / ITEM_SHARE) {
		(void)pthread_mutex_unlock(&cache->lock); /* likewise */
		item_free(item);
		return;
	}
	item->next = *bucket_of(cache, article);
	*bucket_of(cache, article) = item;
	link_newest(cache, item);
	cache->bytes += item->bytes;
	while (cache->bytes > cache->max)
		forget_oldest(cache);
	(void)pthread_mutex_unlock(&cache->lock); /* likewise */
}

void cache_release(struct cache *cache, const struct entry *entry)
{
	struct item *item = container_of(entry, struct item, entry);
	bool last;

	(void)pthread_mutex_lock(&cache->lock); /* never fails for a plain mutex */
	last = --item->users == 0 && item->forgotten;
	(void)pthread_mutex_unlock(&cache->lock); /* likewise */
	if (last)
		item_free(item);
}
