/*
 * Names that were shuffled: two articles swapped theirs, or a row of them moved
 * up by one. Each path has another article now, so what was stored for a path is
 * no guide; the bytes are. Only where it all adds up is a file taken for one that
 * was elsewhere: the place that it left is empty or has something else, and not
 * the same article edited, of which it would be a copy; and the article that it
 * found at its new place has moved on as well, or it has replaced that one.
 */
#include <stdlib.h>

#include "daemon/resolve_parts.h"
#include "feeds/base/mem.h"
#include "feeds/identity.h"

enum { ROUNDS = 64 }; /* a row of names that is longer is not followed */

#define TWICE (MAP_NONE - 1) /* in the map of digests: two have these bytes */

struct shuffle {
	const struct resolve *resolve;
	const struct article **found; /* of each that came: what its path held, or NULL */
	struct map digests;	      /* of what lost its place, to numbers of `left` */
	VEC(const struct article *) left;
	struct map came; /* paths, to numbers of what came */
};

static struct slice digest_of_article(const struct article *article)
{
	return slice_make((const char *)&article->digest, sizeof(article->digest));
}

static void put_left(struct shuffle *shuffle, const struct article *article)
{
	size_t *number = map_put(&shuffle->digests, digest_of_article(article));

	*number = *number == MAP_NONE ? shuffle->left.len : TWICE;
	vec_push(&shuffle->left, article);
}

static bool same_bytes(const struct article *a, const struct article *b)
{
	return a->digest == b->digest;
}

/* What is where it was, with other bytes or not at all. False: all that was there is as it was. */
static bool collect(struct shuffle *shuffle)
{
	const struct resolve *r = shuffle->resolve;
	bool any = false;

	for (size_t i = 0; i < r->come_len; i++) {
		const struct article *old = index_find(&r->library->index, r->come[i]->path);

		shuffle->found[i] = old;
		if (old && !same_bytes(old, r->come[i])) {
			put_left(shuffle, old);
			any = true;
		}
	}
	if (!any)
		return false;
	for (size_t i = 0; i < r->come_len; i++)
		*map_put(&shuffle->came, r->come[i]->path) = i;
	for (size_t i = 0; i < r->gone_len; i++)
		put_left(shuffle, r->gone[i]);
	for (size_t i = 0; i < r->maybe_len; i++)
		put_left(shuffle, r->maybe[i]);
	return true;
}

/* The article elsewhere that has just these bytes, or NULL. */
static const struct article *source_of(const struct shuffle *shuffle, size_t number)
{
	const struct article *article = shuffle->resolve->come[number];
	size_t left = map_get(&shuffle->digests, digest_of_article(article));

	if (article->own_id || left == MAP_NONE || left == TWICE ||
	    shuffle->left.items[left] == shuffle->found[number])
		return NULL;
	return shuffle->left.items[left];
}

/* Is the article one that some other has taken for its source? */
static bool has_moved_on(
    const struct article *article, const struct article *const *sources, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (sources[i] == article)
			return true;
	return false;
}

/* Has the path the article that it had, edited? Then what has its old bytes is but a copy. */
static bool is_still(const struct article *old, const struct article *now)
{
	return slice_equal(old->title, now->title) || identity_near(old->sketch, now->sketch);
}

/* Is the place that a source has left empty, or taken by something else? */
static bool place_is_left(const struct shuffle *shuffle, const struct article *source,
    const struct article *const *sources)
{
	size_t came = map_get(&shuffle->came, source->path);

	return came == MAP_NONE || sources[came] || !is_still(source, shuffle->resolve->come[came]);
}

/* Take back what does not add up; true: something was. */
static bool take_back(const struct shuffle *shuffle, const struct article **sources)
{
	size_t len = shuffle->resolve->come_len;
	bool any = false;

	for (size_t i = 0; i < len; i++) {
		if (!sources[i] ||
		    (place_is_left(shuffle, sources[i], sources) &&
			(!shuffle->found[i] || has_moved_on(shuffle->found[i], sources, len))))
			continue;
		sources[i] = NULL;
		any = true;
	}
	return any;
}

void resolve_find_shuffled(const struct resolve *resolve, const struct article **sources)
{
	struct shuffle shuffle = {.resolve = resolve, .digests = MAP_INIT, .came = MAP_INIT};
	size_t len = resolve->come_len, some = 0;

	shuffle.found = mem_zalloc(len + 1, sizeof(*shuffle.found));
	if (collect(&shuffle))
		for (size_t i = 0; i < len; i++) {
			sources[i] = source_of(&shuffle, i);
			some +=
			    sources[i] && (shuffle.found[i] ||
					      map_get(&shuffle.came, sources[i]->path) != MAP_NONE);
		}
	/* What came to a new path from an empty one is simply moved: see identity_match. */
	for (size_t round = 0; some > 0 && take_back(&shuffle, sources); round++)
		some = round < ROUNDS ? some : 0;
	for (size_t i = 0; i < len; i++)
		if (some == 0 || (sources[i] && !shuffle.found[i] &&
				     map_get(&shuffle.came, sources[i]->path) == MAP_NONE))
			sources[i] = NULL;
	free(shuffle.found);
	map_free(&shuffle.digests);
	map_free(&shuffle.came);
	vec_free(&shuffle.left);
}
