/*
 * --adopt: every article, new or long known, is asked whether it is an entry of a feed.
 */
#include <stdlib.h>

#include "daemon/resolve_parts.h"

struct candidate {
	const struct article *article;
	size_t change; /* its number in resolve.changes; NO_CHANGE: none yet */
};

#define NO_CHANGE SIZE_MAX

static int compare_candidates(const void *a, const void *b, void *arg)
{
	return resolve_claim_compare(((const struct candidate *)a)->article,
	    ((const struct candidate *)b)->article, *(const int64_t *)arg);
}

struct candidates {
	struct candidate *items;
	size_t len, cap;
};

/* All articles as they will be: the changed ones, and of the index the others. */
static void list_candidates(const struct resolve *r, struct candidates *out)
{
	const struct index *index = &r->library->index;
	struct map replaced = MAP_INIT;
	int64_t now = r->now;

	for (size_t i = 0; i < r->changes.len; i++) {
		const struct index_change *change = &r->changes.items[i];

		if (change->old_article)
			*map_put(&replaced, change->old_article->path) = i;
		if (change->take_new)
			vec_push(out, ((struct candidate){change->take_new, i}));
	}
	for (size_t i = 0; i < index_len(index); i++)
		if (map_get(&replaced, index_at(index, i)->path) == MAP_NONE)
			vec_push(out, ((struct candidate){index_at(index, i), NO_CHANGE}));
	map_free(&replaced);
	if (out->len)
		qsort_r(out->items, out->len, sizeof(*out->items), compare_candidates, &now);
}

/* Those that have an id of the feed keep it, and what they have learned since. */
static void leave_known(struct library_asked *asked, struct candidates *candidates)
{
	size_t kept = 0;

	for (size_t i = 0; i < candidates->len; i++) {
		size_t number = map_get(&asked->table.ids, candidates->items[i].article->id);

		if (number == MAP_NONE) {
			candidates->items[kept++] = candidates->items[i];
		} else if (!asked->table.items[number].taken) {
			asked->table.items[number].taken = true;
			asked->known++;
		}
	}
	candidates->len = kept;
}

static void take(
    struct resolve *r, const struct adopt_entry *entry, const struct candidate *candidate)
{
	struct index_change *change;

	if (candidate->change == NO_CHANGE)
		vec_push(&r->changes, ((struct index_change){candidate->article,
					  resolve_adopt(entry, article_pack(candidate->article))}));
	else {
		change = &r->changes.items[candidate->change];
		change->take_new = resolve_adopt(entry, change->take_new);
	}
	r->ids++;
}

void resolve_place_asked(struct resolve *r)
{
	struct library_asked *asked = r->library->asked;
	struct candidates candidates = {NULL, 0, 0};
	VEC(const struct article *) articles = VEC_INIT;
	const struct adopt_entry **entries;

	list_candidates(r, &candidates);
	leave_known(asked, &candidates);
	for (size_t i = 0; i < candidates.len; i++)
		vec_push(&articles, candidates.items[i].article);
	entries = mem_zalloc(articles.len + 1, sizeof(const struct adopt_entry *));
	adopt_assign(&asked->table, articles.items, articles.len, entries);
	for (size_t i = 0; i < candidates.len; i++) {
		if (!entries[i])
			continue;
		take(r, entries[i], &candidates.items[i]);
		asked->placed++;
	}
	for (size_t i = 0; i < asked->table.len; i++)
		asked->own += asked->table.items[i].taken;
	asked->own -= asked->known + asked->placed;
	free(entries);
	vec_free(&articles);
	vec_free(&candidates);
}
