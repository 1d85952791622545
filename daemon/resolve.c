#include "daemon/resolve_parts.h"

#include <stdlib.h>

#include "feeds/base/mem.h"
#include "feeds/identity.h"
#include "feeds/permalink.h"

enum {
	GONE_MOST = 20000, /* articles gone earlier that are compared with what came */
	FEW = 16,	   /* articles that came, each of which is held against all these */
	DAY = 86400,
	TWINS_MOST = 1000,
};

/* ---- taking over ---- */

/* The packed article with another id; the old pack is released. */
static struct article *with_id(struct article *take_article, struct slice id)
{
	struct article copy = *take_article;
	struct article *packed;

	if (slice_equal(take_article->id, id))
		return take_article;
	copy.id = id;
	packed = article_pack(&copy);
	free(take_article);
	return packed;
}

/* A time of first sight holds as long as its day is the one that the author wrote. */
static bool same_day(int64_t a, int64_t b)
{
	return a - b < DAY && b - a < DAY;
}

/*
 * When it was updated: as its author says, else when what was written last
 * changed, since it was first shown. That is the file's mtime, where it can be.
 */
static int64_t updated_of(
    const struct resolve *r, const struct article *old, const struct article *article)
{
	int64_t mtime = article->stamp.mtime_ns / 1000000000;
	/* One that was never edited has no other date than its own, wherever a setting moves it. */
	int64_t updated = old->updated > old->published ? old->updated : article->published;

	if (article->own_updated)
		return article->updated;
	if (!old->shown)
		return article->published;
	if (!article->minor && !r->library->written_other && old->written != article->written)
		updated = mtime > old->updated && mtime <= r->now ? mtime : r->now;
	return updated > article->published ? updated : article->published;
}

/* Its id was its author's, who has taken it out before any reader saw it. */
static bool id_is_void(const struct article *old, const struct article *article)
{
	return old->own_id && !article->own_id && !old->shown;
}

/* `article` is `old`, moved or edited or both: what was learned of it stays. */
static struct article *carry(
    const struct resolve *r, const struct article *old, struct article *take_article)
{
	struct article *article = take_article;

	article->first_seen = old->first_seen;
	if ((article->undated && old->undated) ||
	    (article->by_first_seen && same_day(old->published, article->published)))
		article->published = old->published;
	article->updated = updated_of(r, old, article);
	article->shown = old->shown;
	article->links = old->links;
	return article->own_id || id_is_void(old, article) ? article : with_id(article, old->id);
}

struct article *resolve_adopt(const struct adopt_entry *entry, struct article *take_article)
{
	struct article *article = take_article;
	/* An edit that was seen stays, and one that the feed tells of counts. */
	int64_t seen = article->updated > article->published ? article->updated : INT64_MIN;
	int64_t told = entry->updated == entry->published ? INT64_MIN : entry->updated;

	if (entry->published != ADOPT_UNDATED &&
	    (article->undated ||
		(article->by_first_seen && same_day(entry->published, article->published))))
		article->published = entry->published;
	if (!article->own_updated) {
		article->updated = told > seen ? told : seen;
		if (article->updated < article->published)
			article->updated = article->published;
	}
	article->shown = true;
	return with_id(article, entry->id);
}

/* ---- one article ---- */

static void account(const struct resolve *r, const struct article *article, enum resolve_how how,
    const struct article *from)
{
	struct resolve_account *out = r->account;

	if (!out || (!slice_equal_str(article->path, out->word) &&
			!slice_equal_str(article->url, out->word)))
		return;
	free(out->from);
	out->how = how;
	out->from = from ? mem_dup(from->path.ptr, from->path.len) : NULL;
}

struct placing {
	struct resolve *resolve;
	bool *placed; /* of each that came */
	bool *gone_used, *maybe_used;
};

static void put_come(struct placing *placing, size_t i)
{
	struct resolve *r = placing->resolve;

	vec_push(&r->changes, ((struct index_change){NULL, r->come[i]}));
	r->ids += !r->come[i]->own_id;
	placing->placed[i] = true;
}

/* Those that came and have no place yet, with their numbers. */
struct open_list {
	VEC(const struct article *) items;
	VEC(size_t) numbers;
};

static void list_open(const struct placing *placing, bool with_own_id, struct open_list *out)
{
	const struct resolve *r = placing->resolve;

	for (size_t i = 0; i < r->come_len; i++) {
		if (placing->placed[i] || (r->come[i]->own_id && !with_own_id))
			continue;
		vec_push(&out->items, r->come[i]);
		vec_push(&out->numbers, i);
	}
}

static void open_free(struct open_list *open)
{
	vec_free(&open->items);
	vec_free(&open->numbers);
}

/* It was moved from a path that is empty now. */
static void place_moved(struct placing *placing)
{
	struct resolve *r = placing->resolve;
	struct open_list open = {VEC_INIT, VEC_INIT};
	struct identity_pairs pairs = VEC_INIT;
	VEC(const struct article *) gone = VEC_INIT;

	list_open(placing, false, &open);
	for (size_t i = 0; i < r->gone_len; i++)
		vec_push(&gone, r->gone[i]);
	for (size_t i = 0; i < r->maybe_len; i++)
		vec_push(&gone, r->maybe[i]);
	identity_match(gone.items, gone.len, open.items.items, open.items.len, &pairs);
	for (size_t i = 0; i < pairs.len; i++) {
		size_t from = pairs.items[i].gone, number = open.numbers.items[pairs.items[i].come];
		const struct article *old = gone.items[from];

		*(from < r->gone_len ? &placing->gone_used[from]
				     : &placing->maybe_used[from - r->gone_len]) = true;
		account(r, r->come[number], RESOLVE_MOVED, old);
		r->come[number] = carry(r, old, r->come[number]);
		put_come(placing, number);
		vec_push(&r->changes, ((struct index_change){old, NULL}));
		vec_push(&r->moved, arena_copy(&r->arena, old->path));
	}
	vec_free(&pairs);
	vec_free(&gone);
	open_free(&open);
}

/* ---- articles that went earlier ---- */

struct past {
	const struct open_list *open; /* what came */
	VEC(struct article *) items;  /* packed; owned */
};

/* Where little came, most of what went has nothing to do with it. */
static bool concerns(const struct article *old, const struct open_list *open)
{
	bool any = open->items.len > FEW;

	for (size_t i = 0; i < open->items.len && !any; i++)
		any = slice_equal(old->path, open->items.items[i]->path) ||
		      identity_alike(old, open->items.items[i]);
	return any;
}

static void put_past(void *arg, const struct state_article *row)
{
	struct past *past = arg;
	struct article article = row->article;

	article.shown = row->visible;
	if (past->items.len < GONE_MOST && concerns(&article, past->open))
		vec_push(&past->items, article_pack(&article));
}

static void take_past(struct placing *placing, size_t number, const struct article *old)
{
	struct resolve *r = placing->resolve;

	account(r, r->come[number], RESOLVE_BACK, old);
	r->come[number] = carry(r, old, r->come[number]);
	put_come(placing, number);
}

/* It was at this path before, or what went has come back elsewhere. */
static int place_past(struct placing *placing, struct err *err)
{
	struct resolve *r = placing->resolve;
	struct open_list open = {VEC_INIT, VEC_INIT};
	struct past past = {&open, VEC_INIT};
	struct identity_pairs pairs = VEC_INIT;
	struct map paths = MAP_INIT;
	bool *used;
	int rc;

	list_open(placing, false, &open);
	rc = r->library->state && open.items.len
		 ? state_articles(r->library->state, true, put_past, &past, err)
		 : 0;
	used = mem_zalloc(past.items.len + 1, sizeof(*used));
	for (size_t i = 0; i < past.items.len; i++)
		*map_put(&paths, past.items.items[i]->path) = i;
	for (size_t i = 0; i < open.items.len && past.items.len; i++) {
		size_t from = map_get(&paths, open.items.items[i]->path);

		if (from == MAP_NONE)
			continue;
		take_past(placing, open.numbers.items[i], past.items.items[from]);
		used[from] = true;
	}
	open_free(&open);
	list_open(placing, false, &open);
	identity_match((const struct article *const *)past.items.items, past.items.len,
	    open.items.items, open.items.len, &pairs);
	for (size_t i = 0; i < pairs.len; i++) {
		const struct article *old = past.items.items[pairs.items[i].gone];

		if (used[pairs.items[i].gone])
			continue; /* it is back at its own path */
		take_past(placing, open.numbers.items[pairs.items[i].come], old);
		vec_push(&r->moved, arena_copy(&r->arena, old->path));
	}
	for (size_t i = 0; i < past.items.len; i++)
		free(past.items.items[i]);
	vec_free(&past.items);
	vec_free(&pairs);
	map_free(&paths);
	free(used);
	open_free(&open);
	return rc;
}

/* ---- new articles ---- */

/* The id belongs to an article that was at this path once and is elsewhere now. */
static int id_is_taken(const struct resolve *r, struct slice id, bool *out, struct err *err)
{
	const struct article *holder = index_holder(&r->library->index, id);

	*out = holder != NULL;
	for (size_t i = 0; i < r->changes.len && holder; i++)
		if (r->changes.items[i].old_article == holder)
			*out = r->changes.items[i].take_new != NULL; /* it goes now ... */
	for (size_t i = 0; i < r->moved.len && holder; i++)
		if (slice_equal(r->moved.items[i], holder->path))
			*out = true; /* ... but its id does not */
	if (holder || !r->library->state)
		return 0;
	return state_has_gone_id(r->library->state, id, out, err);
}

/* A minted id that no other article has ever had. */
static int mint_free(const struct resolve *r, struct article **article, struct err *err)
{
	struct buf id = BUF_INIT;
	bool taken;
	int rc = id_is_taken(r, (*article)->id, &taken, err);

	for (unsigned twin = 2; rc == 0 && taken && twin < TWINS_MOST; twin++) {
		buf_clear(&id);
		buf_put_slice(&id, (*article)->id);
		buf_printf(&id, "-%u", twin);
		rc = id_is_taken(r, buf_slice(&id), &taken, err);
	}
	if (rc == 0 && id.len)
		*article = with_id(*article, buf_slice(&id));
	buf_free(&id);
	return rc;
}

/* The number of an article in a list, or `len`. */
static size_t number_of(
    const struct article *article, const struct article *const *list, size_t len)
{
	size_t i = 0;

	while (i < len && list[i] != article)
		i++;
	return i;
}

/* It is what `source` was, at another path that may be empty now. */
static void put_shuffled(struct placing *placing, size_t i, const struct article *source)
{
	struct resolve *r = placing->resolve;
	const struct article *old = index_find(&r->library->index, r->come[i]->path);
	size_t gone = number_of(source, r->gone, r->gone_len);
	size_t maybe = number_of(source, r->maybe, r->maybe_len);

	account(r, r->come[i], RESOLVE_MOVED, source);
	r->come[i] = carry(r, source, r->come[i]);
	vec_push(&r->changes, ((struct index_change){old, r->come[i]}));
	if (gone == r->gone_len && maybe == r->maybe_len)
		return; /* what came to its place takes it out of the index */
	*(gone < r->gone_len ? &placing->gone_used[gone] : &placing->maybe_used[maybe]) = true;
	vec_push(&r->changes, ((struct index_change){source, NULL}));
	vec_push(&r->moved, arena_copy(&r->arena, source->path));
}

/* Names were shuffled: the identity goes with the bytes, not with the path. */
static int place_shuffled(struct placing *placing, struct err *err)
{
	struct resolve *r = placing->resolve;
	const struct article **sources = mem_zalloc(r->come_len + 1, sizeof(*sources));
	struct map elsewhere = MAP_INIT; /* paths of what has moved on */
	int rc = 0;

	resolve_find_shuffled(r, sources);
	for (size_t i = 0; i < r->come_len; i++)
		if (sources[i])
			*map_put(&elsewhere, sources[i]->path) = 1;
	for (size_t i = 0; i < r->come_len && elsewhere.len > 0 && rc == 0; i++) {
		const struct article *old = index_find(&r->library->index, r->come[i]->path);

		if (sources[i]) {
			put_shuffled(placing, i, sources[i]);
		} else if (old && map_get(&elsewhere, old->path) != MAP_NONE) {
			/* At a path that another has left, and nothing of that one. */
			account(r, r->come[i], RESOLVE_NEW, NULL);
			rc = r->come[i]->own_id ? 0 : mint_free(r, &r->come[i], err);
			vec_push(&r->changes, ((struct index_change){old, r->come[i]}));
		} else {
			continue;
		}
		r->ids++;
		placing->placed[i] = true;
	}
	map_free(&elsewhere);
	free(sources);
	return rc;
}

/* It is at a path that the library knows. */
static int place_by_path(struct placing *placing, struct err *err)
{
	struct resolve *r = placing->resolve;
	int rc = 0;

	for (size_t i = 0; i < r->come_len && rc == 0; i++) {
		const struct article *old = index_find(&r->library->index, r->come[i]->path);

		if (!old || placing->placed[i])
			continue;
		if (id_is_void(old, r->come[i])) {
			rc = mint_free(r, &r->come[i], err);
			r->ids++;
		}
		account(r, r->come[i], RESOLVE_STORED, NULL);
		r->come[i] = carry(r, old, r->come[i]);
		vec_push(&r->changes, ((struct index_change){old, r->come[i]}));
		placing->placed[i] = true;
	}
	return rc;
}

int resolve_claim_compare(const struct article *a, const struct article *b, int64_t now)
{
	bool a_public = article_standing(a, now) == ARTICLE_PUBLIC;
	bool b_public = article_standing(b, now) == ARTICLE_PUBLIC;

	return a_public != b_public ? (int)b_public - (int)a_public : index_claim_compare(a, b);
}

static int compare_come(const void *a, const void *b, void *arg)
{
	return resolve_claim_compare(
	    *(struct article *const *)a, *(struct article *const *)b, *(const int64_t *)arg);
}

/* What existing feeds say of those that are left, and for the rest the ids minted for them. */
static int place_new(struct placing *placing, struct err *err)
{
	struct resolve *r = placing->resolve;
	struct open_list open = {VEC_INIT, VEC_INIT};
	const struct adopt_entry **entries;
	int rc = 0;

	list_open(placing, true, &open);
	entries = mem_zalloc(open.items.len + 1, sizeof(const struct adopt_entry *));
	adopt_assign(&r->library->adopted, open.items.items, open.items.len, entries);
	for (size_t i = 0; i < open.items.len && rc == 0; i++) {
		struct article **article = &r->come[open.numbers.items[i]];

		account(r, *article, entries[i] ? RESOLVE_ADOPTED : RESOLVE_NEW, NULL);
		if (entries[i]) {
			vec_push(&r->adopted, entries[i]);
			*article = resolve_adopt(entries[i], *article);
		} else if (!(*article)->own_id && !r->library->fresh) {
			rc = mint_free(r, article, err);
		}
		if (rc == 0)
			put_come(placing, open.numbers.items[i]);
	}
	free(entries);
	open_free(&open);
	return rc;
}

/* The ids that the changes take out of the index. */
static void find_leaving(struct resolve *r)
{
	struct map staying = MAP_INIT;
	bool any = r->held_before && r->maybe_len > 0;

	for (size_t i = 0; i < r->changes.len && !any; i++)
		any = r->changes.items[i].old_article != NULL;
	for (size_t i = 0; i < r->changes.len && any; i++)
		if (r->changes.items[i].take_new)
			*map_put(&staying, r->changes.items[i].take_new->id) = 1;
	for (size_t i = 0; i < r->changes.len; i++) {
		const struct article *old = r->changes.items[i].old_article;

		if (old && map_get(&staying, old->id) == MAP_NONE)
			*map_put(&r->leaving, old->id) = 1;
	}
	for (size_t i = 0; r->held_before && i < r->maybe_len; i++)
		if (map_get(&staying, r->maybe[i]->id) == MAP_NONE)
			*map_put(&r->leaving, r->maybe[i]->id) = 1;
	map_free(&staying);
}

/* A folder that changes while it is listed may show one name twice. */
static void drop_twins(struct resolve *r)
{
	struct map paths = MAP_INIT;
	size_t kept = 0;

	map_reserve(&paths, r->come_len);
	for (size_t i = 0; i < r->come_len; i++) {
		size_t *known = map_put(&paths, r->come[i]->path);

		if (*known == MAP_NONE)
			r->come[kept++] = r->come[i];
		else
			free(r->come[i]);
		*known = 1;
	}
	r->come_len = kept;
	map_free(&paths);
}

int resolve_run(struct resolve *r, struct err *err)
{
	struct placing placing = {
	    .resolve = r,
	    .placed = mem_zalloc(r->come_len + 1, sizeof(bool)),
	    .gone_used = mem_zalloc(r->gone_len + 1, sizeof(bool)),
	    .maybe_used = mem_zalloc(r->maybe_len + 1, sizeof(bool)),
	};
	int rc;

	drop_twins(r);
	/* They come as workers are done with them; of two with one URL the first is the entry. */
	if (r->come_len && r->library->adopted.len)
		qsort_r(r->come, r->come_len, sizeof(*r->come), compare_come, &r->now);
	r->taken_before = mem_zalloc(r->library->adopted.len + 1, sizeof(bool));
	for (size_t i = 0; i < r->library->adopted.len; i++)
		r->taken_before[i] = r->library->adopted.items[i].taken;
	rc = place_shuffled(&placing, err);
	if (rc == 0)
		rc = place_by_path(&placing, err);
	place_moved(&placing);
	for (size_t i = 0; i < r->gone_len; i++)
		if (!placing.gone_used[i])
			vec_push(&r->changes, ((struct index_change){r->gone[i], NULL}));
	if (rc == 0)
		rc = place_past(&placing, err);
	if (rc == 0)
		rc = place_new(&placing, err);
	find_leaving(r);
	if (rc == 0 && r->library->asked && !r->library->asked->done)
		resolve_place_asked(r);
	for (size_t i = 0; i < r->come_len; i++)
		if (!placing.placed[i])
			free(r->come[i]); /* the state could not be asked */
	free(placing.placed);
	free(placing.gone_used);
	free(placing.maybe_used);
	return rc;
}

/* ---- what becomes of it ---- */

void resolve_drop(struct resolve *r)
{
	for (size_t i = 0; i < r->changes.len; i++)
		free(r->changes.items[i].take_new);
	r->changes.len = 0;
	for (size_t i = 0; i < r->library->adopted.len; i++)
		r->library->adopted.items[i].taken = r->taken_before[i];
	r->adopted.len = 0;
}

void resolve_keep(struct resolve *r)
{
	for (size_t i = 0; i < r->changes.len; i++)
		if (!r->changes.items[i].take_new)
			library_mark(r->library, r->changes.items[i].old_article->path, false);
	for (size_t i = 0; i < r->moved.len; i++)
		library_mark(r->library, r->moved.items[i], true);
	for (size_t i = 0; i < r->adopted.len; i++)
		library_take_adopted(r->library, r->adopted.items[i]->id);
	if (r->library->asked && !r->library->asked->done)
		r->library->asked->done = r->library->asked->pending = true;
}

void resolve_free(struct resolve *r)
{
	vec_free(&r->changes);
	vec_free(&r->moved);
	vec_free(&r->adopted);
	map_free(&r->leaving);
	free(r->taken_before);
	arena_free(&r->arena);
}
