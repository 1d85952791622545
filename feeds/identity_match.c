/*
 * In rounds, the strongest signs first. A round gives every article a key, sorts, and proposes
 * the two of a key that nobody else has; an article to which two others are proposed in a round
 * gets none of them. Only the round for near-same texts has no key: it looks the sketches up
 * in bands.
 */
#include <assert.h>
#include <stdlib.h>

#include "feeds/article.h"
#include "feeds/base/hash.h"
#include "feeds/base/mem.h"
#include "feeds/base/vec.h"
#include "feeds/identity.h"
#include "feeds/permalink.h"

enum {
	DAY = 86400,
	ALIKE_BITS = 11, /* of two sketches, where something else speaks for the pair too */
	BANDS = 6,	 /* of a sketch: of two that differ in ALIKE_BITS, ... */
	BAND_BITS = 11,	 /* ... one band differs in one bit at most */
	BAND_SLOTS = 1 << BAND_BITS,
	LOOKS_MAX = 20000, /* at sketches, for one article */
};

#define NONE UINT32_MAX	      /* no partner yet */
#define MANY (UINT32_MAX - 1) /* several, so none */

/* One of the two lists, and who stands with whom. */
struct side {
	const struct article *const *items;
	size_t len;
	uint32_t *partner;  /* of each: settled in a round before */
	uint32_t *proposed; /* of each: in this round */
};

struct match {
	struct side gone, come;
	struct mark *marks; /* room for both lists */
};

/* Sorts the articles of a key together, those that are gone before those that came. */
struct mark {
	uint64_t key;
	uint32_t number;
	bool come;
};

/* ---- signs ---- */

static uint64_t mix(uint64_t hash, uint64_t more)
{
	hash = (hash ^ more) * 0x9e3779b97f4a7c15u;
	return hash ^ (hash >> 32);
}

/* Neither 0, which stands for none. */
static bool same_digest(uint64_t a, uint64_t b)
{
	return a == b && a != 0;
}

static struct slice slug_of(const struct article *article)
{
	struct permalink_name name;

	permalink_name(article->path, &name);
	return name.slug;
}

/* Of one language: a translation often has the slug of the original. */
static bool same_slug(const struct article *a, const struct article *b)
{
	return slice_equal(slug_of(a), slug_of(b)) && slice_equal(a->lang, b->lang);
}

static bool same_title(const struct article *a, const struct article *b)
{
	return slice_equal(a->title, b->title);
}

static int64_t day_of(const struct article *article)
{
	return (article->published - (article->published % DAY + DAY) % DAY) / DAY;
}

/* The day of an article without a date is that of its file, which says nothing. */
static bool same_day(const struct article *a, const struct article *b)
{
	return !a->undated && !b->undated && day_of(a) == day_of(b);
}

static bool other_day(const struct article *a, const struct article *b)
{
	return !a->undated && !b->undated && day_of(a) != day_of(b);
}

/* ---- what a pair must have beside its key ---- */

/* Inodes are used again at once, and so are names and titles ("Weekly notes"). */
static bool agree_inode(const struct article *a, const struct article *b)
{
	if (same_digest(a->digest, b->digest) || same_digest(a->written, b->written) ||
	    identity_near(a->sketch, b->sketch))
		return true;
	return !other_day(a, b) && (same_slug(a, b) || same_title(a, b));
}

/* Where the extension changed, the same bytes may have been read as something else. */
static bool agree_bytes(const struct article *a, const struct article *b)
{
	return same_digest(a->digest, b->digest);
}

static bool agree_written(const struct article *a, const struct article *b)
{
	return same_digest(a->written, b->written);
}

static bool agree_slug(const struct article *a, const struct article *b)
{
	return same_day(a, b) && same_slug(a, b);
}

static bool agree_title(const struct article *a, const struct article *b)
{
	return same_day(a, b) && same_title(a, b);
}

static bool agree_both(const struct article *a, const struct article *b)
{
	return agree_slug(a, b) && agree_title(a, b);
}

/* A simhash with less to go by than identity_near: something else must speak for the pair. */
static bool agree_text(const struct article *a, const struct article *b)
{
	if ((a->sketch & b->sketch & 1) == 0)
		return false; /* short texts are the same by chance */
	if (identity_near(a->sketch, b->sketch))
		return true;
	return __builtin_popcountll(a->sketch ^ b->sketch) <= ALIKE_BITS &&
	       (same_slug(a, b) || same_title(a, b) || same_day(a, b));
}

/* ---- keys; 0: takes no part ---- */

static uint64_t key_inode(const struct article *article)
{
	return article->stamp.inode ? mix(1, article->stamp.inode) : 0;
}

static uint64_t key_bytes(const struct article *article)
{
	return article->digest;
}

static uint64_t key_bytes_slug(const struct article *article)
{
	return key_bytes(article) ? hash_of(slug_of(article), key_bytes(article)) : 0;
}

static uint64_t key_written(const struct article *article)
{
	return article->written;
}

static uint64_t key_written_slug(const struct article *article)
{
	return key_written(article) ? hash_of(slug_of(article), key_written(article)) : 0;
}

static uint64_t key_slug(const struct article *article)
{
	return article->undated ? 0 : hash_of(slug_of(article), mix(2, (uint64_t)day_of(article)));
}

static uint64_t key_title(const struct article *article)
{
	return article->undated ? 0 : hash_of(article->title, mix(3, (uint64_t)day_of(article)));
}

static uint64_t key_both(const struct article *article)
{
	return article->undated ? 0 : hash_of(slug_of(article), key_title(article));
}

/* ---- rounds ---- */

static void propose(struct match *match, uint32_t gone, uint32_t come)
{
	uint32_t *of_gone = &match->gone.proposed[gone], *of_come = &match->come.proposed[come];

	*of_gone = *of_gone == NONE || *of_gone == come ? come : MANY;
	*of_come = *of_come == NONE || *of_come == gone ? gone : MANY;
}

static void round_start(struct match *match)
{
	memset(match->gone.proposed, 0xff, match->gone.len * sizeof(uint32_t));
	memset(match->come.proposed, 0xff, match->come.len * sizeof(uint32_t));
}

static void round_end(struct match *match)
{
	for (uint32_t gone = 0; gone < match->gone.len; gone++) {
		uint32_t come = match->gone.proposed[gone];

		if (come >= MANY || match->come.proposed[come] != gone)
			continue;
		match->gone.partner[gone] = come;
		match->come.partner[come] = gone;
	}
}

static bool is_free(const struct side *side, uint32_t number)
{
	return side->partner[number] == NONE;
}

static int compare_marks(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->come != y->come)
		return x->come ? 1 : -1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static size_t put_marks(
    const struct side *side, bool come, uint64_t (*key)(const struct article *), struct mark *out)
{
	size_t len = 0;

	for (uint32_t i = 0; i < side->len; i++) {
		uint64_t value = is_free(side, i) ? key(side->items[i]) : 0;

		if (value != 0)
			out[len++] = (struct mark){value, i, come};
	}
	return len;
}

/* All articles of one key. Where there are more than two, none of them is meant for sure. */
static void propose_group(struct match *match, const struct mark *marks, size_t len,
    bool (*agree)(const struct article *, const struct article *))
{
	bool both = len > 1 && !marks[0].come && marks[len - 1].come;

	if (!both)
		return;
	if (len == 2) {
		uint32_t gone = marks[0].number, come = marks[1].number;

		if (agree(match->gone.items[gone], match->come.items[come]))
			propose(match, gone, come);
		return;
	}
	for (size_t i = 0; i < len; i++)
		(marks[i].come ? &match->come : &match->gone)->proposed[marks[i].number] = MANY;
}

static void propose_by(struct match *match, uint64_t (*key)(const struct article *),
    bool (*agree)(const struct article *, const struct article *))
{
	struct mark *marks = match->marks;
	size_t len = put_marks(&match->gone, false, key, marks);

	len += put_marks(&match->come, true, key, marks + len);
	qsort(marks, len, sizeof(*marks), compare_marks);
	for (size_t start = 0, end; start < len; start = end) {
		for (end = start + 1; end < len && marks[end].key == marks[start].key; end++)
			;
		propose_group(match, marks + start, end - start, agree);
	}
}

static void round_by(struct match *match, uint64_t (*key)(const struct article *),
    bool (*agree)(const struct article *, const struct article *))
{
	round_start(match);
	propose_by(match, key, agree);
	round_end(match);
}

/* ---- near-same texts ---- */

/* The numbers of a list by the bands of their sketches: those of slot s start at starts[s]. */
struct bands {
	uint32_t starts[BANDS][BAND_SLOTS + 1];
	uint32_t *numbers[BANDS];
};

static unsigned band_of(uint64_t sketch, unsigned band)
{
	static const unsigned shifts[BANDS + 1] = {0, 11, 22, 33, 44, 54, 64};
	unsigned bits = shifts[band + 1] - shifts[band];

	return (unsigned)(sketch >> shifts[band]) & ((1u << bits) - 1);
}

static bool has_text(const struct side *side, uint32_t number)
{
	return is_free(side, number) && (side->items[number]->sketch & 1);
}

static struct bands *bands_new(const struct side *side)
{
	struct bands *bands = mem_zalloc(1, sizeof(*bands));

	for (unsigned band = 0; band < BANDS; band++) {
		uint32_t *starts = bands->starts[band];

		bands->numbers[band] = mem_alloc((side->len + 1) * sizeof(uint32_t));
		for (uint32_t i = 0; i < side->len; i++)
			if (has_text(side, i))
				starts[band_of(side->items[i]->sketch, band)]++;
		for (unsigned slot = 1; slot <= BAND_SLOTS; slot++)
			starts[slot] += starts[slot - 1];
		for (uint32_t i = 0; i < side->len; i++)
			if (has_text(side, i))
				bands->numbers[band]
					      [--starts[band_of(side->items[i]->sketch, band)]] = i;
	}
	return bands;
}

static void bands_free(struct bands *bands)
{
	for (unsigned band = 0; band < BANDS; band++)
		free(bands->numbers[band]);
	free(bands);
}

/* The one of a list that an article's text agrees with: its number, NONE, or MANY. */
static uint32_t find_text(
    const struct bands *bands, const struct side *side, const struct article *article)
{
	uint32_t found = NONE;
	unsigned looks = 0;

	for (unsigned band = 0; band < BANDS; band++) {
		unsigned own = band_of(article->sketch, band);

		for (unsigned flip = 0; flip <= BAND_BITS; flip++) {
			unsigned slot = own ^ (1u << flip >> 1); /* first the band as it is */
			const uint32_t *at = bands->numbers[band] + bands->starts[band][slot];
			const uint32_t *end = bands->numbers[band] + bands->starts[band][slot + 1];

			for (; at < end; at++) {
				if (++looks > LOOKS_MAX)
					return MANY;
				if (*at == found || !agree_text(article, side->items[*at]))
					continue;
				if (found != NONE)
					return MANY;
				found = *at;
			}
		}
	}
	return found;
}

static void round_by_text(struct match *match)
{
	struct bands *gone = bands_new(&match->gone), *come = bands_new(&match->come);

	round_start(match);
	for (uint32_t i = 0; i < match->gone.len; i++) {
		uint32_t found = NONE;

		if (has_text(&match->gone, i))
			found = find_text(come, &match->come, match->gone.items[i]);
		if (found < MANY && find_text(gone, &match->gone, match->come.items[found]) == i)
			propose(match, i, found);
	}
	round_end(match);
	bands_free(gone);
	bands_free(come);
}

/* ---- all of it ---- */

/* Of each round what its key says: with it, the article may be one of several. */
bool identity_alike(const struct article *gone, const struct article *come)
{
	return (gone->stamp.inode != 0 && gone->stamp.inode == come->stamp.inode) ||
	       agree_bytes(gone, come) || agree_written(gone, come) || agree_text(gone, come) ||
	       agree_slug(gone, come) || agree_title(gone, come);
}

static void side_start(struct side *side, const struct article *const *items, size_t len)
{
	*side = (struct side){items, len, mem_alloc((len + 1) * sizeof(uint32_t)),
	    mem_alloc((len + 1) * sizeof(uint32_t))};
	memset(side->partner, 0xff, len * sizeof(uint32_t));
}

static void side_free(struct side *side)
{
	free(side->partner);
	free(side->proposed);
}

void identity_match(const struct article *const *gone, size_t gone_len,
    const struct article *const *come, size_t come_len, struct identity_pairs *out)
{
	struct match match;

	assert(gone_len < MANY && come_len < MANY);
	if (gone_len == 0 || come_len == 0)
		return;
	side_start(&match.gone, gone, gone_len);
	side_start(&match.come, come, come_len);
	match.marks = mem_alloc((gone_len + come_len) * sizeof(*match.marks));
	for (size_t i = 0; i < come_len; i++)
		if (come[i]->own_id)
			match.come.partner[i] = MANY; /* taken */
	round_by(&match, key_inode, agree_inode);
	/* Of several that are the same, as in a folder that was moved, the slug tells which. */
	round_by(&match, key_bytes_slug, agree_bytes);
	round_by(&match, key_bytes, agree_bytes);
	round_by(&match, key_written_slug, agree_written);
	round_by(&match, key_written, agree_written);
	round_by_text(&match);
	round_by(&match, key_both, agree_both);
	/* A slug for one and a title for another is no sign for either. */
	round_start(&match);
	propose_by(&match, key_slug, agree_slug);
	propose_by(&match, key_title, agree_title);
	round_end(&match);
	for (size_t i = 0; i < gone_len; i++)
		if (match.gone.partner[i] != NONE)
			vec_push(out, ((struct identity_pair){i, match.gone.partner[i]}));
	side_free(&match.gone);
	side_free(&match.come);
	free(match.marks);
}
