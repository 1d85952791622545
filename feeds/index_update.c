/*
 * How a batch of changes is applied.
 *
 * Old articles are taken out and new ones put in; then the clock moves, for those
 * that it concerns; then it is decided who of the public ones is admitted. Whatever
 * may change its place in feeds on the way is marked once, with what it was before,
 * and in the end the marks tell what left and what entered.
 *
 * An article whose path and `published` stay keeps its slot, so that no list of slots
 * moves for the most common change: somebody went on writing.
 */
#include <assert.h>
#include <stdlib.h>

#include "feeds/base/mem.h"
#include "feeds/index.h"

/* Of this part of all articles, and more, chains are built anew instead of mended. */
enum { BULK_PART = 4 };

struct mark {
	const struct article *place;  /* stands in the order where the slot does */
	const struct article *before; /* what stood in feeds; NULL: nothing */
	uint32_t slot;
};

struct update {
	struct index *index;
	int64_t now;
	bool linked;	/* chains are mended step by step; else built anew in the end */
	bool contested; /* an id or URL got free, or is claimed by two */
	bool stale;	/* entries of `expiring` are to go */
	VEC(struct mark) marks;
	VEC(struct index_ref) gone, come;  /* slots that leave and enter the order */
	VEC(struct index_expiry) expiries; /* to add */
	VEC(uint32_t) candidates;	   /* public now, and admitted if nobody objects */
};

static bool has(const struct index *index, uint32_t slot, unsigned flag)
{
	return index->flags[slot] & flag;
}

static void mark(struct update *u, uint32_t slot)
{
	struct index *index = u->index;
	const struct article *article = index->items[slot];

	if (has(index, slot, INDEX_MARKED))
		return;
	index->flags[slot] |= INDEX_MARKED;
	vec_push(&u->marks,
	    ((struct mark){article, has(index, slot, INDEX_ADMITTED) ? article : NULL, slot}));
}

/* ---- admission ---- */

static void hold(struct update *u, uint32_t slot)
{
	mark(u, slot);
	u->index->flags[slot] |= INDEX_ADMITTED;
	u->index->admitted++;
	u->index->undated += u->index->items[slot]->undated;
	index_chain_put(u->index, INDEX_HELD_ID, slot);
	index_chain_put(u->index, INDEX_HELD_URL, slot);
}

static void release(struct update *u, uint32_t slot)
{
	if (!has(u->index, slot, INDEX_ADMITTED))
		return;
	mark(u, slot);
	u->index->flags[slot] &= (uint8_t)~INDEX_ADMITTED;
	u->index->admitted--;
	u->index->undated -= u->index->items[slot]->undated;
	u->contested = true;
	if (u->linked) {
		index_chain_remove(u->index, INDEX_HELD_ID, slot);
		index_chain_remove(u->index, INDEX_HELD_URL, slot);
	}
}

static void set_standing(struct update *u, uint32_t slot, enum article_standing standing)
{
	uint8_t *flags = &u->index->flags[slot];

	*flags = (uint8_t)((*flags & ~INDEX_STANDING) | standing);
	u->index->standings[standing]++;
	if (*flags & INDEX_LOSER)
		u->contested = true;
	else if (standing == ARTICLE_PUBLIC && !(*flags & INDEX_ADMITTED))
		vec_push(&u->candidates, slot);
}

static enum article_standing standing_of(const struct index *index, uint32_t slot)
{
	return index->flags[slot] & INDEX_STANDING;
}

/* ---- articles out and in ---- */

static bool same_place(const struct article *a, const struct article *b)
{
	return a && b && a->published == b->published && slice_equal(a->path, b->path);
}

static bool same_claims(const struct article *a, const struct article *b)
{
	return a->first_seen == b->first_seen && slice_equal(a->id, b->id) &&
	       slice_equal(a->url, b->url);
}

static void expires_not(struct update *u, uint32_t slot)
{
	if (u->index->items[slot]->expires == ARTICLE_NEVER)
		return;
	u->index->flags[slot] |= INDEX_STALE;
	u->stale = true;
}

static void expires(struct update *u, uint32_t slot)
{
	int64_t when = u->index->items[slot]->expires;

	if (when != ARTICLE_NEVER)
		vec_push(&u->expiries, ((struct index_expiry){when, slot}));
}

static void take_out(struct update *u, uint32_t slot, struct index_delta *out)
{
	struct index *index = u->index;

	mark(u, slot);
	release(u, slot);
	index->standings[standing_of(index, slot)]--;
	if (has(index, slot, INDEX_LOSER))
		u->contested = true;
	expires_not(u, slot);
	for (size_t chain = 0; u->linked && chain < INDEX_CHAINS; chain++)
		if (chain != INDEX_HELD_ID && chain != INDEX_HELD_URL)
			index_chain_remove(index, chain, slot);
	index->flags[slot] |= INDEX_GONE;
	vec_push(&u->gone, ((struct index_ref){index->items[slot], slot}));
	vec_push(&out->retired_slots, slot);
}

/* The same place in the order: the slot stays, and perhaps the claims. */
static void exchange(struct update *u, uint32_t slot, struct article *take_new)
{
	struct index *index = u->index;
	const struct article *old = index->items[slot];
	enum article_standing standing = article_standing(take_new, u->now);
	bool id = u->linked && !slice_equal(old->id, take_new->id);
	bool title = u->linked && !slice_equal(old->title, take_new->title);

	mark(u, slot);
	if (standing != ARTICLE_PUBLIC || !same_claims(old, take_new))
		release(u, slot);
	index->standings[standing_of(index, slot)]--;
	expires_not(u, slot);
	if (id)
		index_chain_remove(index, INDEX_ID, slot);
	if (title)
		index_chain_remove(index, INDEX_TITLE, slot);
	if (has(index, slot, INDEX_ADMITTED)) {
		index->undated -= old->undated;
		index->undated += take_new->undated;
	}
	index->items[slot] = take_new;
	if (id)
		index_chain_put(index, INDEX_ID, slot);
	if (title)
		index_chain_put(index, INDEX_TITLE, slot);
	expires(u, slot);
	set_standing(u, slot, standing);
}

static uint32_t slot_new(struct index *index)
{
	if (index->free_slots.len)
		return index->free_slots.items[--index->free_slots.len];
	assert(index->slots_len < index->slots_cap);
	return (uint32_t)index->slots_len++;
}

static void slots_reserve(struct index *index, size_t more)
{
	size_t need =
	    index->slots_len + (more > index->free_slots.len ? more - index->free_slots.len : 0);

	assert(need < INDEX_NONE);
	if (need <= index->slots_cap)
		return;
	index->slots_cap = need + need / 16 + 16;
	index->items = mem_resize(index->items, index->slots_cap, sizeof(*index->items));
	index->flags = mem_resize(index->flags, index->slots_cap, sizeof(*index->flags));
	for (size_t chain = 0; chain < INDEX_CHAINS; chain++)
		index->next[chain] =
		    mem_resize(index->next[chain], index->slots_cap, sizeof(uint32_t));
}

static void put_in(struct update *u, struct article *take_new)
{
	struct index *index = u->index;
	uint32_t slot = slot_new(index);

	assert(!u->linked || index_slot(index, take_new->path) == INDEX_NONE);
	index->items[slot] = take_new;
	index->flags[slot] = 0;
	vec_push(&u->come, ((struct index_ref){take_new, slot}));
	for (size_t chain = 0; u->linked && chain < INDEX_CHAINS; chain++)
		if (chain != INDEX_HELD_ID && chain != INDEX_HELD_URL)
			index_chain_put(index, chain, slot);
	expires(u, slot);
}

static int compare_refs(const void *a, const void *b)
{
	return slots_compare(
	    ((const struct index_ref *)a)->article, ((const struct index_ref *)b)->article);
}

/* Sorts the references; the caller frees the numbers. */
static uint32_t *in_order(struct index_ref *refs, size_t len)
{
	uint32_t *numbers = mem_alloc((len + 1) * sizeof(*numbers));

	if (len > 1)
		qsort(refs, len, sizeof(*refs), compare_refs);
	for (size_t i = 0; i < len; i++)
		numbers[i] = refs[i].slot;
	return numbers;
}

static void change_order(struct update *u)
{
	struct index *index = u->index;
	uint32_t *gone = in_order(u->gone.items, u->gone.len);
	uint32_t *come = in_order(u->come.items, u->come.len);

	(void)slots_remove(&index->order, index->items, gone, u->gone.len);
	(void)slots_insert(&index->order, index->items, come, u->come.len);
	free(gone);
	free(come);
	if (!u->linked || index->buckets * 2 < index->order.len)
		index_chain_rebuild(index);
	u->linked = true;
	for (size_t i = 0; i < u->come.len; i++) {
		uint32_t slot = u->come.items[i].slot;

		mark(u, slot);
		set_standing(u, slot, article_standing(index->items[slot], u->now));
	}
}

static void apply(
    struct update *u, const struct index_change *changes, size_t len, struct index_delta *out)
{
	struct index *index = u->index;
	size_t added = 0;

	for (size_t i = 0; i < len; i++) {
		const struct index_change *change = &changes[i];
		bool stays = same_place(change->old_article, change->take_new);
		uint32_t slot;

		added += change->take_new && !stays;
		if (!change->old_article)
			continue;
		slot = index_slot(index, change->old_article->path);
		assert(slot != INDEX_NONE && index->items[slot] == change->old_article);
		vec_push(&out->retired, index->items[slot]);
		if (stays)
			exchange(u, slot, change->take_new);
		else
			take_out(u, slot, out);
	}
	slots_reserve(index, added);
	for (size_t i = 0; i < len; i++)
		if (changes[i].take_new && !same_place(changes[i].old_article, changes[i].take_new))
			put_in(u, changes[i].take_new);
	change_order(u);
}

/* ---- expiry and the clock ---- */

static int compare_expiries(const void *a, const void *b)
{
	const struct index_expiry *x = a, *y = b;

	if (x->expires != y->expires)
		return x->expires < y->expires ? -1 : 1;
	return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static void change_expiries(struct update *u)
{
	struct index *index = u->index;
	size_t kept = 0;

	for (size_t i = 0; u->stale && i < index->expiring.len; i++) {
		struct index_expiry *e = &index->expiring.items[i];

		if (has(index, e->slot, INDEX_STALE))
			index->flags[e->slot] &= (uint8_t)~INDEX_STALE;
		else
			index->expiring.items[kept++] = *e;
	}
	if (u->stale)
		index->expiring.len = kept;
	for (size_t i = 0; i < u->expiries.len; i++)
		vec_push(&index->expiring, u->expiries.items[i]);
	if (u->expiries.len)
		qsort(index->expiring.items, index->expiring.len, sizeof(*index->expiring.items),
		    compare_expiries);
}

/* The first that expires later than `when`. */
static size_t expiry_after(const struct index *index, int64_t when)
{
	size_t from = 0, to = index->expiring.len;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (index->expiring.items[middle].expires <= when)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The oldest that was published later than `when`, counted from the oldest of all. */
static size_t published_after(const struct index *index, int64_t when)
{
	size_t from = 0, to = index->order.len;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (index->items[index->order.items[middle]]->published <= when)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static void reconsider(struct update *u, uint32_t slot)
{
	enum article_standing old = standing_of(u->index, slot);
	enum article_standing standing = article_standing(u->index->items[slot], u->now);

	if (standing == old)
		return;
	release(u, slot);
	u->index->standings[old]--;
	set_standing(u, slot, standing);
}

/* Only what lies between the two instants can stand otherwise now. */
static void move_clock(struct update *u)
{
	struct index *index = u->index;
	int64_t from = u->now < index->now ? u->now : index->now;
	int64_t to = u->now < index->now ? index->now : u->now;
	size_t end = published_after(index, to);

	for (size_t i = published_after(index, from); i < end; i++)
		reconsider(u, index->order.items[i]);
	end = expiry_after(index, to);
	for (size_t i = expiry_after(index, from); i < end; i++)
		reconsider(u, index->expiring.items[i].slot);
	index->now = u->now;
}

static int64_t next_change(const struct index *index)
{
	int64_t next = 0;

	for (size_t i = published_after(index, index->now); i < index->order.len && !next; i++)
		if (standing_of(index, index->order.items[i]) == ARTICLE_SCHEDULED)
			next = index->items[index->order.items[i]]->published;
	for (size_t i = expiry_after(index, index->now); i < index->expiring.len; i++) {
		const struct index_expiry *e = &index->expiring.items[i];

		if (next && e->expires >= next)
			break;
		if (standing_of(index, e->slot) == ARTICLE_PUBLIC) {
			next = e->expires;
			break;
		}
	}
	return next;
}

/* ---- conflicts ---- */

int index_claim_compare(const struct article *a, const struct article *b)
{
	if (a->shown != b->shown)
		return a->shown ? -1 : 1;
	if (a->first_seen != b->first_seen)
		return a->first_seen < b->first_seen ? -1 : 1;
	if (a->published != b->published)
		return a->published < b->published ? -1 : 1;
	return slice_compare(a->path, b->path);
}

static int compare_claims(const void *a, const void *b)
{
	return index_claim_compare(
	    ((const struct index_ref *)a)->article, ((const struct index_ref *)b)->article);
}

/* Who is still to be decided; those from `next` on in the order of claims. */
struct contest {
	VEC(struct index_ref) refs;
	size_t next;
};

/* A former holder has the weaker claim, so its turn is still to come. */
static void send_off(struct update *u, struct contest *contest, uint32_t slot)
{
	struct index_ref ref = {u->index->items[slot], slot};
	size_t at;

	release(u, slot);
	vec_push(&contest->refs, ref);
	for (at = contest->refs.len - 1;
	     at > contest->next && compare_claims(&contest->refs.items[at - 1], &ref) > 0; at--)
		contest->refs.items[at] = contest->refs.items[at - 1];
	contest->refs.items[at] = ref;
}

static void decide_one(struct update *u, struct contest *contest, const struct index_ref *ref)
{
	struct index *index = u->index;
	uint32_t holders[] = {index_held(index, INDEX_HELD_ID, ref->article->id),
	    index_held(index, INDEX_HELD_URL, ref->article->url)};

	for (size_t i = 0; i < 2; i++) {
		if (holders[i] == INDEX_NONE ||
		    index_claim_compare(index->items[holders[i]], ref->article) > 0)
			continue;
		index->flags[ref->slot] |= INDEX_LOSER;
		vec_push(&index->losers, ref->slot);
		return;
	}
	for (size_t i = 0; i < 2; i++)
		if (holders[i] != INDEX_NONE && has(index, holders[i], INDEX_ADMITTED))
			send_off(u, contest, holders[i]);
	hold(u, ref->slot);
}

/*
 * Whoever meets no holder is admitted at once. If anybody does, or a holder left, all who
 * are not admitted come in the order of their claims: those before each are final by
 * then, and it takes what it claims from any holder whose claim is weaker.
 */
static void decide(struct update *u)
{
	struct index *index = u->index;
	struct contest contest = {VEC_INIT, 0};

	for (size_t i = u->candidates.len; i-- > 0;) { /* the oldest first */
		uint32_t slot = u->candidates.items[i];
		const struct article *article = index->items[slot];

		if (standing_of(index, slot) != ARTICLE_PUBLIC)
			continue;
		if (index_held(index, INDEX_HELD_ID, article->id) == INDEX_NONE &&
		    index_held(index, INDEX_HELD_URL, article->url) == INDEX_NONE)
			hold(u, slot);
		else
			vec_push(&contest.refs, ((struct index_ref){article, slot}));
	}
	if (contest.refs.len == 0 && !(u->contested && index->losers.len))
		return;
	for (size_t i = 0; i < index->losers.len; i++) {
		uint32_t slot = index->losers.items[i];

		index->flags[slot] &= (uint8_t)~INDEX_LOSER;
		if (!has(index, slot, INDEX_GONE) && standing_of(index, slot) == ARTICLE_PUBLIC)
			vec_push(&contest.refs, ((struct index_ref){index->items[slot], slot}));
	}
	index->losers.len = 0;
	if (contest.refs.len > 1)
		qsort(contest.refs.items, contest.refs.len, sizeof(*contest.refs.items),
		    compare_claims);
	while (contest.next < contest.refs.len) {
		struct index_ref ref = contest.refs.items[contest.next++];

		decide_one(u, &contest, &ref);
	}
	vec_free(&contest.refs);
}

/* ---- the whole ---- */

static int compare_marks(const void *a, const void *b)
{
	return slots_compare(((const struct mark *)a)->place, ((const struct mark *)b)->place);
}

static void tell(struct update *u, struct index_delta *out)
{
	struct index *index = u->index;
	bool sorted = true;

	for (size_t i = 1; i < u->marks.len && sorted; i++)
		sorted = compare_marks(&u->marks.items[i - 1], &u->marks.items[i]) <= 0;
	if (!sorted)
		qsort(u->marks.items, u->marks.len, sizeof(*u->marks.items), compare_marks);
	for (size_t i = 0; i < u->marks.len; i++) {
		const struct mark *m = &u->marks.items[i];
		const struct article *after =
		    has(index, m->slot, INDEX_ADMITTED) ? index->items[m->slot] : NULL;

		index->flags[m->slot] &= (uint8_t)~INDEX_MARKED;
		if (m->before == after)
			continue;
		if (m->before)
			vec_push(&out->left, ((struct index_ref){m->before, m->slot}));
		if (after)
			vec_push(&out->entered, ((struct index_ref){after, m->slot}));
	}
}

void index_update(struct index *index, const struct index_change *changes, size_t len, int64_t now,
    struct index_delta *out)
{
	struct update u = {.index = index, .now = now};

	*out = (struct index_delta){.index = index};
	u.linked = len <= index_len(index) / BULK_PART;
	if (len)
		apply(&u, changes, len, out);
	change_expiries(&u);
	move_clock(&u);
	decide(&u);
	tell(&u, out);
	index->next_change = next_change(index);
	vec_free(&u.marks);
	vec_free(&u.gone);
	vec_free(&u.come);
	vec_free(&u.expiries);
	vec_free(&u.candidates);
}

void index_delta_free(struct index_delta *delta)
{
	struct index *index = delta->index;

	for (size_t i = 0; i < delta->retired_slots.len; i++) {
		uint32_t slot = delta->retired_slots.items[i];

		index->items[slot] = NULL;
		vec_push(&index->free_slots, slot);
	}
	for (size_t i = 0; i < delta->retired.len; i++)
		free(delta->retired.items[i]);
	vec_free(&delta->left);
	vec_free(&delta->entered);
	vec_free(&delta->retired);
	vec_free(&delta->retired_slots);
}
