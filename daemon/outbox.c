#include "daemon/outbox_inside.h"

#include <assert.h>

#include "feeds/base/mem.h"

/* Rows */

static bool is_due(const struct outbox_row *row)
{
	const struct digest *wanted = &row->words->wanted;

	if (digest_equal(wanted, &row->told))
		return false;
	return digest_is_none(wanted) || !digest_equal(wanted, &row->given_up);
}

bool outbox_row_is_new(const struct outbox_row *row)
{
	const struct digest doubt = outbox_doubt(OUTBOX_DOUBT_NEW);

	return digest_is_none(&row->told) || digest_equal(&row->told, &doubt);
}

void outbox_row_doubt(struct outbox_row *row)
{
	row->told = outbox_doubt(outbox_row_is_new(row) ? OUTBOX_DOUBT_NEW : OUTBOX_DOUBT_CHANGE);
}

static void set_due(struct outbox *outbox, struct outbox_row *row, bool due)
{
	outbox->due += (size_t)due - (size_t)row->due;
	row->due = due;
}

void outbox_drop(struct outbox *outbox, struct outbox_row *row)
{
	struct outbox_lane *lane = row->lane;

	heap_remove(&lane->rows, &row->node);
	set_due(outbox, row, false);
	if (row->stored)
		outbox_forget(outbox, slice_of(lane->target->key), outbox_topic(row));
	outbox_untouch(outbox, row);
	outbox_row_free(outbox, row);
	outbox_lane_place(outbox, lane);
}

int64_t outbox_quiet_until(const struct outbox_row *row)
{
	int64_t after = row->lane->target->ping->again_after;
	int64_t heard = outbox_heard(row->status, row->last_told, row->last_try);

	return row->entry && heard && after ? heard + after : 0;
}

static bool is_link(const struct outbox_row *row)
{
	return row->words->strings[OUTBOX_LINK].len > 0;
}

/* What was told of a link is remembered: its end will have to be told, too. */
static bool stays(const struct outbox_row *row)
{
	if (!row->entry)
		return true;
	return is_link(row) && !digest_is_none(&row->told) && !digest_is_none(&row->words->wanted);
}

/*
 * Nobody but the state knows of a link once its article has changed. So it comes there first:
 * else a crash could leave the other side with a link that it never hears the end of. While the
 * disk refuses to save, a link waits for the next attempt, and goes though that fails, too.
 */
static bool waits_for_state(const struct outbox_row *row)
{
	return is_link(row) && (!row->stored || (row->taken && digest_is_none(&row->told)));
}

/* When there is something to do with a row: to try it, or to let it go; 0: at once. */
static int64_t row_time(const struct outbox_row *row)
{
	int64_t quiet = outbox_quiet_until(row);

	if (row->due)
		return row->next_try > quiet ? row->next_try : quiet;
	if (!digest_is_none(&row->given_up) && !digest_equal(&row->words->wanted, &row->told))
		return row->last_try + (int64_t)OUTBOX_GIVEN_UP_DAYS * OUTBOX_DAY;
	return quiet;
}

void outbox_settle(struct outbox *outbox, struct outbox_row *row)
{
	struct outbox_lane *lane = row->lane;
	const struct ping *ping = lane->target->ping;
	int64_t at;

	set_due(outbox, row, ping && !row->doomed && is_due(row));
	if (!ping || row->sent)
		return; /* it may come back; its answer comes */
	heap_remove(&lane->rows, &row->node);
	at = row_time(row);
	if (row->doomed || (!row->due && !stays(row) && at == 0)) {
		outbox_drop(outbox, row);
		return;
	}
	if ((row->due && !row->fresh && !waits_for_state(row)) || (!row->due && !stays(row)))
		heap_put(&lane->rows, &row->node, at);
	outbox_lane_place(outbox, lane);
}

void outbox_each_row(struct outbox *outbox, struct outbox_target *target,
    void (*each)(struct outbox *outbox, struct outbox_row *row, int64_t now), int64_t now)
{
	struct outbox_list list = {VEC_INIT};

	outbox_collect(target, &list);
	for (size_t i = 0; i < list.rows.len; i++)
		each(outbox, list.rows.items[i], now);
	vec_free(&list.rows);
}

/* Targets */

void outbox_each_lane(struct outbox *outbox, struct outbox_target *target,
    void (*each)(struct outbox *outbox, struct outbox_lane *lane, int64_t now), int64_t now)
{
	each(outbox, &target->lane, now);
	for (size_t i = 0; i < target->links.len; i++)
		each(outbox, target->links.items[i], now);
}

static void lane_leave(struct outbox *outbox, struct outbox_lane *lane, int64_t now)
{
	(void)now;
	outbox_lane_leave(outbox, lane);
}

static struct outbox_target *target_new(struct outbox *outbox, struct slice key)
{
	struct outbox_target *target = mem_zalloc(1, sizeof(*target));

	target->key = mem_dup(key.len > 0 ? key.ptr : "", key.len);
	outbox_lane_start(outbox, &target->lane, target, SLICE_NONE);
	vec_push(&outbox->targets, target);
	*map_put(&outbox->by_key, slice_make(target->key, key.len)) = outbox->targets.len - 1;
	return target;
}

static struct outbox_target *target_of(struct outbox *outbox, struct slice key)
{
	size_t at = map_get(&outbox->by_key, key);

	return at == MAP_NONE ? target_new(outbox, key) : outbox->targets.items[at];
}

static void lane_free(struct outbox *outbox, struct outbox_lane *lane)
{
	outbox_lane_leave(outbox, lane);
	heap_free(&lane->rows);
}

static void row_free(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	(void)now;
	if (row->sent)
		outbox_land(outbox, row);
	heap_remove(&row->lane->rows, &row->node);
	outbox_row_free(outbox, row);
}

void outbox_target_free(struct outbox *outbox, struct outbox_target *target)
{
	outbox_each_row(outbox, target, row_free, 0);
	lane_free(outbox, &target->lane);
	for (size_t i = 0; i < target->links.len; i++) {
		lane_free(outbox, target->links.items[i]);
		free(target->links.items[i]);
	}
	vec_free(&target->links);
	map_free(&target->by_host);
	free(target->answer);
	free(target->key);
	free(target);
}

static void row_named(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	(void)now;
	heap_remove(&row->lane->rows, &row->node);
	row->lane = outbox_lane_of(outbox, row);
	outbox_settle(outbox, row);
}

static void target_name(
    struct outbox *outbox, struct outbox_target *target, const struct outbox_target_settings *to)
{
	outbox_lane_leave(outbox, &target->lane);
	outbox_lane_start(outbox, &target->lane, target, to->host);
	target->min_interval = to->min_interval;
	target->ping = to->ping;
	if (target->absent) {
		target->absent = 0;
		outbox_touch_target(outbox, target);
	}
}

void outbox_set_targets(
    struct outbox *outbox, const struct outbox_target_settings *targets, size_t len)
{
	assert(outbox->in_flight == 0);
	for (size_t i = 0; i < outbox->targets.len; i++) {
		outbox_each_lane(outbox, outbox->targets.items[i], lane_leave, 0);
		outbox->targets.items[i]->ping = NULL;
	}
	outbox->numbers.len = 0;
	for (size_t i = 0; i < len; i++) {
		struct outbox_target *target = target_of(outbox, targets[i].key);

		if (!target->ping) {
			target->number = i;
			target_name(outbox, target, &targets[i]);
		}
		vec_push(&outbox->numbers, target);
	}
	for (size_t i = 0; i < outbox->targets.len; i++)
		outbox_each_row(outbox, outbox->targets.items[i], row_named, 0);
	outbox->sweep_at = 0;
}

/* Both of one protocol? A key begins with its name. */
static bool same_protocol(const char *a, const char *b)
{
	size_t len = strcspn(a, " ");

	return len == strcspn(b, " ") && memcmp(a, b, len) == 0;
}

static bool has_come(const struct outbox_target *target)
{
	return target->ping && !target->known && !target->rows;
}

static bool has_gone(const struct outbox_target *target)
{
	return !target->ping && !target->absent && target->known;
}

/* The one of them that is of the protocol of a key; NULL: none is, or several are. */
static struct outbox_target *only(
    const struct outbox *outbox, const char *key, bool (*is)(const struct outbox_target *target))
{
	struct outbox_target *found = NULL;

	for (size_t i = 0; i < outbox->targets.len; i++) {
		struct outbox_target *target = outbox->targets.items[i];

		if (!is(target) || !same_protocol(target->key, key))
			continue;
		if (found)
			return NULL;
		found = target;
	}
	return found;
}

static void row_move(struct outbox *outbox, struct outbox_row *row, struct outbox_target *to)
{
	if (row->stored)
		outbox_forget(outbox, slice_of(row->lane->target->key), outbox_topic(row));
	row->stored = false;
	row->attempts = 0;
	row->next_try = 0;
	row->given_up = (struct digest){{0}}; /* nobody has refused it there */
	outbox_row_give(row, to);
	outbox_touch(outbox, row);
	outbox_settle(outbox, row);
}

bool outbox_take_over(struct outbox *outbox, size_t target)
{
	struct outbox_target *to = outbox->numbers.items[target], *from;
	struct outbox_list list = {VEC_INIT};

	if (!has_come(to) || only(outbox, to->key, has_come) != to)
		return false;
	from = only(outbox, to->key, has_gone);
	if (!from)
		return false;
	outbox_collect(from, &list);
	for (size_t i = 0; i < list.rows.len; i++)
		row_move(outbox, list.rows.items[i], to);
	vec_free(&list.rows);
	to->known = from->known;
	from->known = 0;
	outbox_touch_target(outbox, to);
	outbox_touch_target(outbox, from);
	return true;
}

size_t outbox_left(const struct outbox *outbox)
{
	struct outbox_list list = {VEC_INIT};
	size_t left = 0;

	for (size_t i = 0; i < outbox->targets.len; i++)
		if (has_gone(outbox->targets.items[i]))
			outbox_collect(outbox->targets.items[i], &list);
	for (size_t i = 0; i < list.rows.len; i++)
		left += is_due(list.rows.items[i]);
	vec_free(&list.rows);
	return left;
}

struct outbox *outbox_start(const struct outbox_target_settings *targets, size_t len)
{
	struct outbox *outbox = mem_zalloc(1, sizeof(*outbox));

	TAILQ_INIT(&outbox->ready[0]);
	TAILQ_INIT(&outbox->ready[1]);
	TAILQ_INIT(&outbox->flights);
	TAILQ_INIT(&outbox->fresh);
	outbox->stream = digest_new();
	outbox_set_targets(outbox, targets, len);
	return outbox;
}

static void hosts_free(struct outbox *outbox)
{
	for (size_t i = 0; i < outbox->hosts.len; i++) {
		free(outbox->hosts.items[i]->name);
		free(outbox->hosts.items[i]);
	}
	vec_free(&outbox->hosts);
	map_free(&outbox->by_host);
}

static void gone_free(struct outbox *outbox)
{
	for (size_t i = 0; i < outbox->gone.len; i++) {
		free((char *)outbox->gone.items[i].target.ptr);
		free((char *)outbox->gone.items[i].topic.ptr);
	}
	vec_free(&outbox->gone);
}

void outbox_free(struct outbox *outbox)
{
	if (!outbox)
		return;
	for (size_t i = 0; i < outbox->targets.len; i++)
		outbox_target_free(outbox, outbox->targets.items[i]);
	vec_free(&outbox->targets);
	vec_free(&outbox->numbers);
	map_free(&outbox->by_key);
	hosts_free(outbox);
	heap_free(&outbox->times);
	vec_free(&outbox->dirty.rows);
	vec_free(&outbox->taken.rows);
	gone_free(outbox);
	digest_free(outbox->stream);
	free(outbox);
}

/* What the state holds */

/* Of what a damaged or a planted state may say, what can be. */
static uint32_t count_of(int64_t number)
{
	return number < 0 ? 0 : number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

void outbox_load_target(struct outbox *outbox, const struct state_target *from)
{
	struct outbox_target *target = target_of(outbox, from->key);

	target->known = from->known;
	target->parked = from->parked;
	target->last_sent = from->last_sent;
	target->last_told = from->last_told;
	target->status = (uint16_t)from->last_status;
	outbox_set_answer(&target->answer, from->last_answer);
	target->lane.failures = count_of(from->failures);
	if (target->lane.failures >= OUTBOX_TROUBLE)
		target->lane.rung = target->lane.failures - OUTBOX_TROUBLE + 1;
	target->lane.asked = from->held;
	target->lane.last_sent = from->last_sent;
	if (target->ping && from->absent)
		outbox_touch_target(outbox, target); /* it is back */
	else
		target->absent = from->absent;
	outbox_lane_place(outbox, &target->lane);
}

void outbox_load(struct outbox *outbox, const struct state_ping *from)
{
	const struct ping_item item = {.url = from->url,
	    .id = from->id,
	    .title = from->title,
	    .link = from->link,
	    .feed = from->feed,
	    .format = from->format,
	    .published = from->published,
	    .updated = from->updated};
	struct outbox_target *target = target_of(outbox, from->target);
	struct outbox_row *row;

	if (outbox->rows >= OUTBOX_ROWS_MOST || from->topic.len == 0 ||
	    outbox_find(target, from->topic))
		return;
	row = outbox_row_new(outbox, target, from->topic, from->entry);
	row->told = from->told;
	row->given_up = from->given_up;
	row->attempts = count_of(from->attempts);
	row->next_try = from->next_try;
	row->last_try = from->last_try;
	row->last_told = from->last_told;
	row->status = (uint16_t)from->last_status;
	outbox_set_answer(&row->answer, from->last_answer);
	row->stored = true;
	row->words = outbox_words_new(row, &item, &from->wanted, from->since);
	if (is_due(row)) /* perhaps it was under way at the end */
		outbox_row_doubt(row);
	row->lane = outbox_lane_of(outbox, row);
	outbox_settle(outbox, row);
}

bool outbox_is_known(const struct outbox *outbox, size_t target)
{
	return outbox->numbers.items[target]->known != 0;
}

void outbox_known(struct outbox *outbox, size_t number, int64_t now)
{
	struct outbox_target *target = outbox->numbers.items[number];

	if (target->known)
		return;
	target->known = now;
	outbox_touch_target(outbox, target);
}

/* Wants */

/* Something new is to be tried: at once, or soon when the target is in trouble. */
static void hurry_change(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	struct outbox_lane *lane = row->lane;
	int64_t soon = now + OUTBOX_SOON;

	row->attempts = 0;
	if (!is_due(row) || lane->failures < OUTBOX_TROUBLE) {
		row->next_try = 0;
		return;
	}
	row->next_try = row->next_try < soon ? row->next_try : soon;
	lane->held = lane->held < soon ? lane->held : soon;
	/* Not to the foot of the ladder: one who edits all the time would never leave it. */
	lane->rung = 1;
	outbox_touch_target(outbox, lane->target);
}

/* What was due before keeps its place. */
static void hold(struct outbox *outbox, struct outbox_row *row)
{
	if (!outbox->holding || row->fresh || (row->due && !row->sent))
		return;
	row->fresh = true;
	TAILQ_INSERT_TAIL(&outbox->fresh, row, next);
}

/* Let a row want this. Of the digest that it wants already, `since` stays. */
static void row_want(struct outbox *outbox, struct outbox_row *row, struct outbox_words *take_words)
{
	struct outbox_words *words = take_words;
	bool same = row->words && !row->doomed && digest_equal(&row->words->wanted, &words->wanted);

	if (same) {
		words->since = row->words->since;
		words->named = row->words->named;
		if (outbox_words_equal(row->words, words)) {
			free(words);
			return;
		}
	}
	row->doomed = false;
	if (row->sent && !same)
		row->sent->changed = true;
	outbox_row_set_words(row, words);
	row->lane = outbox_lane_of(outbox, row);
	if (!same) {
		hold(outbox, row);
		hurry_change(outbox, row, outbox->now ? outbox->now : words->since);
	}
	outbox_touch(outbox, row);
	outbox_settle(outbox, row);
}

/* Nothing is to be said, and nothing to be remembered. */
static bool is_idle(const struct outbox_what *what, const struct digest *before,
    const struct digest *wanted, bool announce)
{
	static const struct digest none;

	if (!what->item.entry)
		return !wanted;
	return !announce || digest_equal(before ? before : &none, wanted ? wanted : &none);
}

static struct outbox_row *row_begin(struct outbox *outbox, struct outbox_target *target,
    const struct outbox_what *what, const struct digest *before, const struct digest *wanted,
    bool announce)
{
	struct outbox_row *row = outbox_row_new(outbox, target, what->topic, what->item.entry);

	if (what->item.entry && before)
		row->told = *before;
	else if (!what->item.entry && !announce)
		row->told = *wanted;
	return row;
}

bool outbox_want(struct outbox *outbox, size_t number, const struct outbox_what *what,
    const struct digest *before, const struct digest *wanted, bool announce, int64_t since)
{
	struct outbox_target *target = outbox->numbers.items[number];
	struct outbox_row *row = outbox_find(target, what->topic);

	assert(what->topic.len > 0);
	if (!row) {
		if (is_idle(what, before, wanted, announce))
			return true;
		if (outbox->rows >= OUTBOX_ROWS_MOST)
			return false;
		row = row_begin(outbox, target, what, before, wanted, announce);
	}
	if (row->entry || wanted)
		row_want(outbox, row, outbox_words_new(row, &what->item, wanted, since));
	else
		outbox_leave(outbox, number, what->topic);
	return true;
}

void outbox_hold(struct outbox *outbox)
{
	outbox->holding = true;
}

void outbox_release(struct outbox *outbox)
{
	struct outbox_row *row;

	outbox->holding = false;
	while ((row = TAILQ_FIRST(&outbox->fresh))) {
		TAILQ_REMOVE(&outbox->fresh, row, next);
		row->fresh = false;
		outbox_settle(outbox, row);
	}
}

void outbox_leave(struct outbox *outbox, size_t target, struct slice topic)
{
	struct outbox_row *row = outbox_find(outbox->numbers.items[target], topic);

	if (!row)
		return;
	row->doomed = true;
	outbox_settle(outbox, row);
}

size_t outbox_due(const struct outbox *outbox)
{
	return outbox->due;
}
