#include "daemon/settle.h"

#include <stdlib.h>
#include <string.h>

#include "feeds/base/map.h"
#include "feeds/base/mem.h"
#include "feeds/base/vec.h"

enum state { DIRTY, WAITS, GONE, STATES };

struct item {
	char *path;
	enum state state;
	bool probed;	   /* WAITS: size, mtime_ns and since_ms are known */
	uint64_t at_ms;	   /* DIRTY, GONE: the event; WAITS: when to probe */
	uint64_t since_ms; /* the first probe that found these */
	uint64_t size;
	int64_t mtime_ns;
};

struct settle {
	uint64_t quiet_ms, quiet_max_ms;
	VEC(struct item) items;
	struct map map; /* path: place in items */
	size_t count[STATES];
	bool everything, urgent;	    /* urgent: without quiet */
	uint64_t first_ms, last_ms;	    /* events that made paths dirty, when any is */
	uint64_t gone_due_ms, probe_due_ms; /* no item is due before; UINT64_MAX: none at all */
};

struct settle *settle_new(uint64_t quiet_ms, uint64_t quiet_max_ms)
{
	struct settle *settle = mem_zalloc(1, sizeof(*settle));

	settle_tune(settle, quiet_ms, quiet_max_ms);
	settle->gone_due_ms = settle->probe_due_ms = UINT64_MAX;
	return settle;
}

void settle_tune(struct settle *settle, uint64_t quiet_ms, uint64_t quiet_max_ms)
{
	settle->quiet_ms = quiet_ms;
	settle->quiet_max_ms = quiet_max_ms;
}

static void drop_all(struct settle *settle)
{
	for (size_t i = 0; i < settle->items.len; i++)
		free(settle->items.items[i].path);
	settle->items.len = 0;
	map_free(&settle->map);
	memset(settle->count, 0, sizeof(settle->count));
	settle->gone_due_ms = settle->probe_due_ms = UINT64_MAX;
}

void settle_free(struct settle *settle)
{
	if (!settle)
		return;
	drop_all(settle);
	vec_free(&settle->items);
	free(settle);
}

static bool any_dirty(const struct settle *settle)
{
	return settle->everything || settle->count[DIRTY] > 0;
}

static struct item *find(const struct settle *settle, const char *path)
{
	size_t at = map_get(&settle->map, slice_of(path));

	return at == MAP_NONE ? NULL : &settle->items.items[at];
}

/* An event that makes something dirty, at this time. */
static void disturb(struct settle *settle, uint64_t now_ms)
{
	if (!any_dirty(settle))
		settle->first_ms = now_ms;
	settle->last_ms = now_ms;
}

/* Into a state, out of another one if it had any. `at_ms` as in struct item. */
static void enter(struct settle *settle, struct item *item, enum state state, uint64_t at_ms)
{
	settle->count[item->state]--;
	settle->count[state]++;
	item->state = state;
	item->at_ms = at_ms;
	if (state == GONE && at_ms + SETTLE_GONE_MS < settle->gone_due_ms)
		settle->gone_due_ms = at_ms + SETTLE_GONE_MS;
	if (state == WAITS && at_ms < settle->probe_due_ms)
		settle->probe_due_ms = at_ms;
	if (settle->count[GONE] == 0)
		settle->gone_due_ms = UINT64_MAX;
	if (settle->count[WAITS] == 0)
		settle->probe_due_ms = UINT64_MAX;
}

static void add(struct settle *settle, const char *path, enum state state, uint64_t at_ms)
{
	struct item item = {.path = mem_dup(path, strlen(path)), .state = state};

	vec_push(&settle->items, item);
	*map_put(&settle->map, slice_of(item.path)) = settle->items.len - 1;
	settle->count[state]++;
	enter(settle, &settle->items.items[settle->items.len - 1], state, at_ms);
}

/* Too many paths to tell apart. What was held is to be scanned like the rest. */
static void give_up(struct settle *settle, uint64_t now_ms)
{
	disturb(settle, now_ms);
	drop_all(settle);
	settle->everything = true;
}

static void put(
    struct settle *settle, const char *path, enum state state, uint64_t at_ms, uint64_t now_ms)
{
	struct item *item = find(settle, path);

	if (state == DIRTY)
		disturb(settle, now_ms);
	if (item)
		enter(settle, item, state, at_ms);
	else if (state == DIRTY && settle->everything)
		return; /* it will be scanned anyway */
	else if (settle->items.len == SETTLE_PATHS)
		give_up(settle, now_ms);
	else
		add(settle, path, state, at_ms);
}

void settle_note(struct settle *settle, enum watch_kind kind, const char *path, uint64_t now_ms)
{
	struct item *item;

	if (kind == WATCH_OVERFLOW || kind == WATCH_ROOT_LOST) {
		disturb(settle, now_ms);
		settle->everything = settle->urgent = true;
		return;
	}
	item = find(settle, path);
	switch (kind) {
	case WATCH_TOUCHED:
		if (item && item->state == WAITS)
			break;
		/* fall through */
	case WATCH_CHANGED:
	case WATCH_FOLDER:
		if (item && item->state == DIRTY)
			disturb(settle, now_ms); /* it keeps the time of its first event */
		else
			put(settle, path, DIRTY, now_ms, now_ms);
		break;
	case WATCH_CREATED:
		put(settle, path, WAITS, now_ms + settle->quiet_ms, now_ms);
		item = find(settle, path);
		if (item)
			item->probed = false;
		break;
	default:
		if (!item || item->state != GONE)
			put(settle, path, GONE, now_ms, now_ms);
	}
}

static void found_still(struct item *item, uint64_t size, int64_t mtime_ns, uint64_t now_ms)
{
	item->probed = true;
	item->since_ms = now_ms;
	item->size = size;
	item->mtime_ns = mtime_ns;
}

void settle_hold(
    struct settle *settle, const char *path, uint64_t size, int64_t mtime_ns, uint64_t now_ms)
{
	struct item *item;

	if (find(settle, path))
		return; /* an event knows better */
	put(settle, path, WAITS, now_ms + SETTLE_STILL_MS, now_ms);
	item = find(settle, path);
	if (item)
		found_still(item, size, mtime_ns, now_ms);
}

void settle_miss(struct settle *settle, const char *path, uint64_t now_ms)
{
	if (!find(settle, path)) /* an event knows better */
		put(settle, path, GONE, now_ms, now_ms);
}

void settle_probe(struct settle *settle, const char *path, bool exists, uint64_t size,
    int64_t mtime_ns, uint64_t now_ms)
{
	struct item *item = find(settle, path);

	if (!item || item->state != WAITS)
		return;
	if (!exists) {
		enter(settle, item, GONE, now_ms);
	} else if (!item->probed || item->size != size || item->mtime_ns != mtime_ns) {
		found_still(item, size, mtime_ns, now_ms);
		enter(settle, item, WAITS, now_ms + SETTLE_STILL_MS);
	} else if (now_ms - item->since_ms >= SETTLE_STILL_MS) {
		put(settle, path, DIRTY, now_ms, now_ms);
	} else {
		enter(settle, item, WAITS, item->since_ms + SETTLE_STILL_MS);
	}
}

bool settle_waits(const struct settle *settle, const char *path)
{
	const struct item *item = find(settle, path);

	return item && item->state == WAITS;
}

bool settle_is_gone(const struct settle *settle, const char *path)
{
	const struct item *item = find(settle, path);

	return item && item->state == GONE;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* When the next batch of paths comes; deletions go along with what is dirty. */
static uint64_t batch_due(const struct settle *settle)
{
	if (settle->urgent)
		return settle->first_ms;
	if (any_dirty(settle))
		return earlier(
		    settle->last_ms + settle->quiet_ms, settle->first_ms + settle->quiet_max_ms);
	return settle->gone_due_ms;
}

uint64_t settle_due(const struct settle *settle)
{
	return earlier(batch_due(settle), settle->probe_due_ms);
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(const char **paths, size_t len)
{
	if (len > 1)
		qsort(paths, len, sizeof(*paths), compare_paths);
}

/* Put an item's path into the list that it belongs to; true when it leaves settle with it. */
static bool give(
    const struct settle *settle, struct item *item, uint64_t now_ms, struct settle_batch *out)
{
	bool held = settle->gone_due_ms > now_ms || item->at_ms + SETTLE_GONE_MS > now_ms;
	const char *path = NULL;

	if (item->state == GONE && held) {
		path = arena_string(&out->arena, slice_of(item->path));
		out->maybe_gone[out->maybe_gone_len++] = path;
		return false;
	}
	if (item->at_ms < out->first_ms)
		out->first_ms = item->at_ms;
	if (!settle->everything) {
		path = arena_string(&out->arena, slice_of(item->path));
		out->paths[out->paths_len++] = path;
	}
	return true;
}

/* The batch that is due, but for its probes. What stays moves together. */
static void take_paths(struct settle *settle, uint64_t now_ms, struct settle_batch *out)
{
	size_t kept = 0;

	out->everything = settle->everything;
	out->first_ms = settle->everything ? settle->first_ms : UINT64_MAX;
	out->paths =
	    arena_array(&out->arena, const char *, settle->count[DIRTY] + settle->count[GONE] + 1);
	out->maybe_gone = arena_array(&out->arena, const char *, settle->count[GONE] + 1);
	map_free(&settle->map);
	for (size_t i = 0; i < settle->items.len; i++) {
		struct item *item = &settle->items.items[i];

		if (item->state != WAITS && give(settle, item, now_ms, out)) {
			settle->count[item->state]--;
			free(item->path);
			continue;
		}
		settle->items.items[kept] = *item;
		*map_put(&settle->map, slice_of(item->path)) = kept++;
	}
	settle->items.len = kept;
	settle->everything = settle->urgent = false;
	sort(out->paths, out->paths_len);
	sort(out->maybe_gone, out->maybe_gone_len);
}

static void take_probes(struct settle *settle, uint64_t now_ms, struct settle_batch *out)
{
	out->probes = arena_array(&out->arena, const char *, settle->count[WAITS] + 1);
	for (size_t i = 0; i < settle->items.len; i++) {
		struct item *item = &settle->items.items[i];

		if (item->state != WAITS || item->at_ms > now_ms)
			continue;
		out->probes[out->probes_len++] = arena_string(&out->arena, slice_of(item->path));
		item->at_ms = now_ms + SETTLE_STILL_MS; /* if no answer comes */
	}
	sort(out->probes, out->probes_len);
}

static int compare_times(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/*
 * Deletions that follow one another are one, or nobody would see how much goes. A file that
 * waits may be what one of them has become, as after link and unlink.
 */
static uint64_t gone_due(const struct settle *settle, uint64_t *times, size_t len)
{
	uint64_t patience = SETTLE_GONE_MS, last;

	if (len == 0)
		return UINT64_MAX;
	qsort(times, len, sizeof(*times), compare_times);
	last = times[0];
	for (size_t i = 1; i < len && times[i] - last <= SETTLE_TOGETHER_MS; i++)
		last = times[i];
	if (settle->count[WAITS] > 0)
		patience += SETTLE_STILL_MS;
	return earlier(last, times[0] + settle->quiet_max_ms) + patience;
}

/* What was only a lower bound is known exactly again. */
static void find_dues(struct settle *settle)
{
	uint64_t *times = mem_alloc((settle->count[GONE] + 1) * sizeof(*times));
	size_t len = 0;

	settle->probe_due_ms = UINT64_MAX;
	for (size_t i = 0; i < settle->items.len; i++) {
		const struct item *item = &settle->items.items[i];

		if (item->state == GONE)
			times[len++] = item->at_ms;
		else if (item->state == WAITS)
			settle->probe_due_ms = earlier(settle->probe_due_ms, item->at_ms);
	}
	settle->gone_due_ms = gone_due(settle, times, len);
	free(times);
}

bool settle_take(struct settle *settle, uint64_t now_ms, struct settle_batch *out)
{
	*out = (struct settle_batch){.arena = ARENA_INIT};
	if (settle_due(settle) > now_ms)
		return false;
	find_dues(settle); /* is a deletion really due? */
	if (batch_due(settle) <= now_ms)
		take_paths(settle, now_ms, out);
	take_probes(settle, now_ms, out);
	find_dues(settle);
	if (out->everything || out->paths_len || out->probes_len)
		return true;
	settle_batch_free(out);
	return false;
}

void settle_batch_free(struct settle_batch *batch)
{
	arena_free(&batch->arena);
	*batch = (struct settle_batch){.arena = ARENA_INIT};
}
