#include "feeds/index.h"

#include <stdlib.h>

#include "feeds/base/mem.h"
#include "feeds/permalink.h"

/* ---- chains ---- */

/* Eight bytes at a time. `fold` is OR-ed in: 0x20 each makes letters of both cases one. */
static uint64_t hash(struct slice s, uint64_t fold)
{
	uint64_t hash = s.len * 0x9e3779b97f4a7c15u, word;

	for (size_t i = 0; i < s.len; i += sizeof(word)) {
		size_t left = s.len - i;

		word = 0;
		memcpy(&word, s.ptr + i, left < sizeof(word) ? left : sizeof(word));
		hash = (hash ^ (word | fold)) * 0xff51afd7ed558ccdu;
		hash ^= hash >> 32;
	}
	return hash;
}

static uint32_t *head(const struct index *index, enum index_chain chain, struct slice key)
{
	bool nocase = chain == INDEX_NAME || chain == INDEX_TITLE;
	uint64_t number = hash(key, nocase ? 0x2020202020202020u : 0);

	return &index->heads[chain][number & (index->buckets - 1)];
}

static struct slice key_of(const struct article *article, enum index_chain chain)
{
	struct permalink_name name;

	switch (chain) {
	case INDEX_ID:
	case INDEX_HELD_ID: return article->id;
	case INDEX_HELD_URL: return article->url;
	case INDEX_TITLE: return article->title;
	default: permalink_name(article->path, &name);
	}
	return chain == INDEX_NAME ? name.slug : name.stem;
}

uint32_t index_chain(const struct index *index, enum index_chain chain, struct slice key)
{
	return index->buckets ? *head(index, chain, key) : INDEX_NONE;
}

void index_chain_put(struct index *index, enum index_chain chain, uint32_t slot)
{
	uint32_t *first = head(index, chain, key_of(index->items[slot], chain));

	index->next[chain][slot] = *first;
	*first = slot;
}

void index_chain_remove(struct index *index, enum index_chain chain, uint32_t slot)
{
	uint32_t *link = head(index, chain, key_of(index->items[slot], chain));

	while (*link != slot)
		link = &index->next[chain][*link];
	*link = index->next[chain][slot];
}

void index_chain_rebuild(struct index *index)
{
	size_t buckets = index->buckets ? index->buckets : 64;

	while (buckets * 2 < index->order.len)
		buckets *= 2;
	for (size_t chain = 0; chain < INDEX_CHAINS; chain++) {
		if (buckets != index->buckets)
			index->heads[chain] =
			    mem_resize(index->heads[chain], buckets, sizeof(uint32_t));
		memset(index->heads[chain], 0xff, buckets * sizeof(uint32_t));
	}
	index->buckets = buckets;
	for (size_t i = 0; i < index->order.len; i++) {
		uint32_t slot = index->order.items[i];
		bool admitted = index->flags[slot] & INDEX_ADMITTED;

		for (size_t chain = 0; chain < INDEX_CHAINS; chain++)
			if (admitted || (chain != INDEX_HELD_ID && chain != INDEX_HELD_URL))
				index_chain_put(index, chain, slot);
	}
}

/* ---- looking up ---- */

const struct article *index_find(const struct index *index, struct slice path)
{
	uint32_t slot = index_slot(index, path);

	return slot == INDEX_NONE ? NULL : index->items[slot];
}

uint32_t index_slot(const struct index *index, struct slice path)
{
	struct permalink_name name;
	uint32_t slot;

	permalink_name(path, &name);
	slot = index_chain(index, INDEX_STEM, name.stem);
	while (slot != INDEX_NONE && !slice_equal(index->items[slot]->path, path))
		slot = index->next[INDEX_STEM][slot];
	return slot;
}

uint32_t index_held(const struct index *index, enum index_chain chain, struct slice key)
{
	uint32_t slot = index_chain(index, chain, key);

	while (slot != INDEX_NONE && !slice_equal(key_of(index->items[slot], chain), key))
		slot = index->next[chain][slot];
	return slot;
}

const struct article *index_with(
    const struct index *index, enum index_chain chain, struct slice key)
{
	uint32_t slot = index_held(index, chain, key);

	return slot == INDEX_NONE ? NULL : index->items[slot];
}

const struct article *index_holder(const struct index *index, struct slice id)
{
	uint32_t slot = index_held(index, INDEX_HELD_ID, id);

	if (slot == INDEX_NONE)
		slot = index_held(index, INDEX_ID, id);
	return slot == INDEX_NONE ? NULL : index->items[slot];
}

bool index_admitted(const struct index *index, size_t place)
{
	return index->flags[slots_at(&index->order, place)] & INDEX_ADMITTED;
}

struct index_conflict *index_conflicts(const struct index *index, size_t *out_len)
{
	struct index_conflict *conflicts = mem_alloc((index->losers.len + 1) * sizeof(*conflicts));

	for (size_t i = 0; i < index->losers.len; i++) {
		const struct article *skipped = index->items[index->losers.items[i]];
		uint32_t url = index_held(index, INDEX_HELD_URL, skipped->url);
		bool by_url =
		    url != INDEX_NONE && index_claim_compare(index->items[url], skipped) < 0;

		conflicts[i] = (struct index_conflict){
		    by_url ? index->items[url] : index_holder(index, skipped->id), skipped, by_url};
	}
	*out_len = index->losers.len;
	return conflicts;
}

/* ---- the whole ---- */

void index_free(struct index *index)
{
	for (size_t i = 0; i < index->slots_len; i++)
		free(index->items[i]);
	free(index->items);
	free(index->flags);
	for (size_t chain = 0; chain < INDEX_CHAINS; chain++) {
		free(index->next[chain]);
		free(index->heads[chain]);
	}
	vec_free(&index->free_slots);
	slots_free(&index->order);
	vec_free(&index->expiring);
	vec_free(&index->losers);
	*index = INDEX_INIT;
}
