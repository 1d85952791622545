#include "daemon/cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "daemon/job.h"
#include "feeds/base/mem.h"

enum { BUCKETS = 4096, ITEM_SHARE = 8 /* no entry takes more than this part of the cache */ };

struct item {
	struct entry entry; /* its lists and strings lie behind the item */
	const struct article *article;
	uint64_t names; /* that it was rendered with; 0: any will do */
	size_t bytes;	/* of the whole block */
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

static void forget(struct cache *cache, struct item *item)
{
	struct item **link = bucket_of(cache, item->article);

	while (*link != item)
		link = &(*link)->next;
	*link = item->next;
	unlink_use(cache, item);
	cache->bytes -= item->bytes;
	item->forgotten = true;
	if (item->users == 0)
		free(item);
}

/* The item of an article, or NULL. */
static struct item *find(struct cache *cache, const struct article *article)
{
	struct item *item = *bucket_of(cache, article);

	while (item && item->article != article)
		item = item->next;
	return item;
}

/* The same, if it was rendered with these names or with any. */
static struct item *find_fitting(struct cache *cache, const struct article *article, uint64_t names)
{
	struct item *item = find(cache, article);

	return item && item->names && item->names != names ? NULL : item;
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	while (cache->oldest)
		forget(cache, cache->oldest);
	(void)pthread_mutex_destroy(&cache->lock); /* nobody holds it */
	free(cache);
}

const struct entry *cache_get(struct cache *cache, const struct article *article, uint64_t names)
{
	struct item *item;

	(void)pthread_mutex_lock(&cache->lock); /* never fails for a plain mutex */
	item = find_fitting(cache, article, names);
	if (item) {
		item->users++;
		unlink_use(cache, item);
		link_newest(cache, item);
	}
	(void)pthread_mutex_unlock(&cache->lock); /* likewise */
	return item ? &item->entry : NULL;
}

bool cache_has(struct cache *cache, const struct article *article, uint64_t names)
{
	bool has;

	(void)pthread_mutex_lock(&cache->lock); /* never fails for a plain mutex */
	has = find_fitting(cache, article, names) != NULL;
	(void)pthread_mutex_unlock(&cache->lock); /* likewise */
	return has;
}

size_t cache_bytes(const struct entry *entry)
{
	return container_of(entry, struct item, entry)->bytes;
}

static void take_string(char **at, struct slice *string)
{
	if (string->len)
		memcpy(*at, string->ptr, string->len);
	*string = slice_make(*at, string->len);
	*at += string->len;
}

enum { STRINGS = 12 }; /* of an entry itself */

static void strings_of(struct entry *entry, struct slice *out[STRINGS])
{
	struct slice *const all[STRINGS] = {&entry->id, &entry->url, &entry->external_url,
	    &entry->title, &entry->summary, &entry->content, &entry->language, &entry->image_url,
	    &entry->enclosure.url, &entry->enclosure.type, &entry->content_xml,
	    &entry->content_json};

	memcpy(out, all, sizeof(all));
}

static size_t entry_bytes(const struct entry *entry)
{
	struct entry copy = *entry;
	struct slice *strings[STRINGS];
	size_t bytes = entry->categories_len * sizeof(struct slice) +
		       entry->authors_len * sizeof(struct person);

	strings_of(&copy, strings);
	for (size_t i = 0; i < STRINGS; i++)
		bytes += strings[i]->len;
	for (size_t i = 0; i < entry->categories_len; i++)
		bytes += entry->categories[i].len;
	for (size_t i = 0; i < entry->authors_len; i++)
		bytes += entry->authors[i].name.len + entry->authors[i].email.len +
			 entry->authors[i].url.len;
	return bytes;
}

/* A copy of the entry in one block, behind its item. */
static struct item *item_new(
    const struct article *article, uint64_t names, const struct entry *from)
{
	size_t bytes = sizeof(struct item) + entry_bytes(from);
	struct item *item = mem_alloc(bytes);
	struct slice *categories = (struct slice *)(item + 1);
	struct person *authors = (struct person *)(categories + from->categories_len);
	char *at = (char *)(authors + from->authors_len);
	struct slice *strings[STRINGS];

	*item = (struct item){.entry = *from, .article = article, .names = names, .bytes = bytes};
	strings_of(&item->entry, strings);
	for (size_t i = 0; i < STRINGS; i++)
		take_string(&at, strings[i]);
	for (size_t i = 0; i < from->categories_len; i++) {
		categories[i] = from->categories[i];
		take_string(&at, &categories[i]);
	}
	for (size_t i = 0; i < from->authors_len; i++) {
		authors[i] = from->authors[i];
		take_string(&at, &authors[i].name);
		take_string(&at, &authors[i].email);
		take_string(&at, &authors[i].url);
	}
	item->entry.categories = categories;
	item->entry.authors = authors;
	return item;
}

const struct entry *cache_put(
    struct cache *cache, const struct article *article, uint64_t names, const struct entry *entry)
{
	struct item *item = item_new(article, names, entry), *twin;

	item->users = 1;
	item->forgotten = item->bytes > cache->max / ITEM_SHARE;
	if (item->forgotten)
		return &item->entry;
	(void)pthread_mutex_lock(&cache->lock); /* never fails for a plain mutex */
	twin = find(cache, article);
	if (twin)
		forget(cache, twin);
	item->next = *bucket_of(cache, article);
	*bucket_of(cache, article) = item;
	link_newest(cache, item);
	cache->bytes += item->bytes;
	while (cache->bytes > cache->max)
		forget(cache, cache->oldest);
	(void)pthread_mutex_unlock(&cache->lock); /* likewise */
	return &item->entry;
}

void cache_forget(struct cache *cache, const struct article *article)
{
	struct item *item;

	(void)pthread_mutex_lock(&cache->lock); /* never fails for a plain mutex */
	item = find(cache, article);
	if (item)
		forget(cache, item);
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
		free(item);
}
