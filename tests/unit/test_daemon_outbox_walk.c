/*
 * outbox: a walk by chance through changes, outages, answers that get lost, saves
 * that fail and crashes. Afterwards each target knows what is published, and none
 * was told anything twice without a reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "daemon/outbox.h"
#include "feeds/base/vec.h"

enum {
	T = 1700000000,
	SEEDS = 24,
	STEPS = 2500,
	TARGETS = 8,
	THINGS = 6, /* topics, and as many entries */
	BATCH = 3,
	FLIGHTS = 128,
	EVENTS = 4096,
	HOUR = 3600,
};

static const struct ping plain = {.name = "plain", .topics = PING_ALL_TOPICS, .batch = 1};
static const struct ping by_id = {.name = "id", .entries = PING_BY_ID, .batch = 1};
static const struct ping by_url = {
    .name = "url", .entries = PING_BY_URL, .batch = BATCH, .again_after = 600};

static const struct outbox_target_settings settings[TARGETS] = {
    {SLICE("plain 0"), SLICE("0"), SLICE("one.example"), &plain, 0},
    {SLICE("plain 1"), SLICE("1"), SLICE("one.example"), &plain, 0},
    {SLICE("plain 2"), SLICE("2"), SLICE("one.example"), &plain, 30},
    {SLICE("plain 3"), SLICE("3"), SLICE("two.example"), &plain, 0},
    {SLICE("plain 4"), SLICE("4"), SLICE("three.example"), &plain, 300},
    {SLICE("id 5"), SLICE("5"), SLICE("four.example"), &by_id, 0},
    {SLICE("url 6"), SLICE("6"), SLICE("four.example"), &by_url, 0},
    {SLICE("id 7"), SLICE("7"), SLICE("five.example"), &by_id, 60},
};
static const char *const names[THINGS] = {"a", "b", "c", "d", "e", "f"};

/* What a target has heard of one thing. */
struct heard {
	unsigned what;	/* number of the version; 0: nothing, or that it is gone */
	unsigned crash; /* how many there had been */
	bool lost;	/* and it was not known here that it had */
	int64_t told;
	char message[64];
};

struct flight {
	struct outbox_row *rows[BATCH];
	size_t len;
	uint64_t started_ms;
};

struct saved { /* a row of the state */
	struct state_ping row;
	struct arena arena;
};

struct event {
	unsigned thing, before, after;
	int64_t when;
};

struct world {
	struct outbox *outbox;
	uint32_t seed;
	int64_t now;
	unsigned versions, crashes;
	unsigned topics[THINGS], entries[THINGS]; /* what is published; 0: nothing */
	int64_t topics_since[THINGS];
	struct event events[EVENTS]; /* not in the saved rows yet */
	size_t events_len, events_taken;
	struct heard heard[TARGETS][THINGS];
	bool down[TARGETS];
	int64_t last_sent[TARGETS];
	struct flight flights[FLIGHTS];
	size_t flights_len;
	VEC(struct saved) rows;
	struct state_target targets[TARGETS];
	bool saving;
	struct outbox_changes changes;
};

static uint32_t chance(struct world *world, uint32_t below)
{
	world->seed = world->seed * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)world->seed * below >> 32);
}

static struct digest digest_named(unsigned version)
{
	return version ? digest_of(&version, sizeof(version)) : (struct digest){{0}};
}

static unsigned number_of(struct slice name)
{
	for (unsigned i = 0; i < THINGS; i++)
		if (slice_equal_str(name, names[i]))
			return i;
	fail_msg("no '%.*s'", SLICE_FMT(name));
	return 0;
}

/* What is published */

static void want_topic(struct world *world, size_t target, unsigned topic, bool announce)
{
	struct slice name = slice_of(names[topic]);
	struct digest digest = digest_named(world->topics[topic]);

	assert_true(outbox_want(world->outbox, target, &(struct outbox_what){name, {.url = name}},
	    NULL, &digest, announce, world->topics_since[topic]));
}

static void want_entry(struct world *world, size_t target, const struct event *event)
{
	struct slice name = slice_of(names[event->thing]);
	struct digest before = digest_named(event->before), after = digest_named(event->after);

	assert_true(outbox_want(world->outbox, target,
	    &(struct outbox_what){name, {.entry = true, .id = name, .url = name}},
	    event->before ? &before : NULL, event->after ? &after : NULL, true, event->when));
}

static bool has_topics(size_t target)
{
	return settings[target].ping->topics != PING_NO_TOPICS;
}

static void change_topic(struct world *world)
{
	unsigned topic = chance(world, THINGS);

	world->topics[topic] = ++world->versions;
	world->topics_since[topic] = world->now;
	for (size_t i = 0; i < TARGETS; i++)
		if (has_topics(i))
			want_topic(world, i, topic, true);
}

/* An entry comes, changes or goes; the event is there until the rows are saved. */
static void change_entry(struct world *world)
{
	struct event event = {.thing = chance(world, THINGS), .when = world->now};

	event.before = world->entries[event.thing];
	event.after = event.before && chance(world, 3) == 0 ? 0 : ++world->versions;
	world->entries[event.thing] = event.after;
	assert_true(world->events_len < EVENTS);
	world->events[world->events_len++] = event;
	for (size_t i = 0; i < TARGETS; i++)
		if (!has_topics(i))
			want_entry(world, i, &event);
}

/* The state */

static struct saved *saved_find(struct world *world, struct slice target, struct slice topic)
{
	for (size_t i = 0; i < world->rows.len; i++)
		if (slice_equal(world->rows.items[i].row.target, target) &&
		    slice_equal(world->rows.items[i].row.topic, topic))
			return &world->rows.items[i];
	return NULL;
}

static void saved_remove(struct world *world, struct slice target, struct slice topic)
{
	struct saved *saved = saved_find(world, target, topic);

	if (!saved)
		return;
	arena_free(&saved->arena);
	*saved = world->rows.items[--world->rows.len];
}

static void saved_put(struct world *world, const struct state_ping *row)
{
	struct saved saved = {*row, ARENA_INIT};
	struct slice *strings[] = {&saved.row.target, &saved.row.topic, &saved.row.last_answer,
	    &saved.row.url, &saved.row.id, &saved.row.title, &saved.row.link, &saved.row.feed,
	    &saved.row.format};

	saved_remove(world, row->target, row->topic);
	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++)
		*strings[i] = arena_copy(&saved.arena, *strings[i]);
	vec_push(&world->rows, saved);
}

static void save_targets(struct world *world)
{
	for (size_t i = 0; i < world->changes.targets_len; i++)
		for (size_t j = 0; j < TARGETS; j++)
			if (slice_equal(world->changes.targets[i].key, settings[j].key)) {
				world->targets[j] = world->changes.targets[i];
				world->targets[j].key = settings[j].key;
				world->targets[j].last_answer = SLICE_NONE;
			}
}

static void save_begin(struct world *world)
{
	if (world->saving)
		return;
	world->saving = true;
	world->events_taken = world->events_len;
	outbox_take_changes(world->outbox, &world->changes);
}

static void save_end(struct world *world, bool good)
{
	if (!world->saving)
		return;
	world->saving = false;
	if (good) {
		for (size_t i = 0; i < world->changes.gone_len; i++)
			saved_remove(
			    world, world->changes.gone[i].target, world->changes.gone[i].topic);
		for (size_t i = 0; i < world->changes.rows_len; i++)
			saved_put(world, &world->changes.rows[i]);
		save_targets(world);
		world->events_len -= world->events_taken;
		memmove(world->events, world->events + world->events_taken,
		    world->events_len * sizeof(*world->events));
	}
	outbox_saved(world->outbox, &world->changes, good);
}

static void start(struct world *world)
{
	world->outbox = outbox_start(settings, TARGETS);
	for (size_t i = 0; i < TARGETS; i++)
		if (world->targets[i].key.len > 0)
			outbox_load_target(world->outbox, &world->targets[i]);
	for (size_t i = 0; i < world->rows.len; i++)
		outbox_load(world->outbox, &world->rows.items[i].row);
	for (size_t i = 0; i < TARGETS; i++) {
		bool known = outbox_is_known(world->outbox, i);

		for (unsigned j = 0; has_topics(i) && j < THINGS; j++)
			want_topic(world, i, j, known);
		for (size_t j = 0; !has_topics(i) && j < world->events_len; j++)
			want_entry(world, i, &world->events[j]);
		outbox_known(world->outbox, i, world->now);
	}
}

static void crash(struct world *world)
{
	world->crashes++;
	if (world->saving)
		outbox_saved(world->outbox, &world->changes, false);
	world->saving = false;
	world->flights_len = 0;
	outbox_free(world->outbox);
	start(world);
}

/* Targets */

static void check_message(const struct heard *heard, struct slice message)
{
	if (!slice_equal_str(message, heard->message))
		fail_msg("'%.*s' is told again as '%s'", SLICE_FMT(message), heard->message);
}

static void hear(struct world *world, const struct outbox_row *row, bool lost)
{
	size_t target = outbox_target(row);
	struct heard *heard = &world->heard[target][number_of(outbox_topic(row))];
	struct ping_item item = outbox_item(row);
	unsigned what = 0;
	struct digest named;

	for (unsigned i = world->versions; i > 0 && !what; i--) {
		named = digest_named(i);
		what = memcmp(&named, outbox_wanted(row), sizeof(named)) == 0 ? i : 0;
	}
	assert_int_equal(what == 0, item.event == PING_REMOVED);
	/* An end may be told again: it may have been there, and gone, while that was under way. */
	if (heard->message[0] && what && what == heard->what) {
		if (!heard->lost && heard->crash == world->crashes)
			fail_msg("target %zu hears of '%.*s' twice", target, SLICE_FMT(item.url));
		check_message(heard, item.message);
	}
	if (settings[target].ping->again_after && heard->told && heard->crash == world->crashes)
		assert_true(world->now - heard->told >= settings[target].ping->again_after);
	heard->what = what;
	heard->crash = world->crashes;
	heard->lost = lost;
	heard->told = world->now;
	(void)snprintf(heard->message, sizeof(heard->message), "%.*s", SLICE_FMT(item.message));
}

static uint64_t ms(const struct world *world)
{
	return (uint64_t)(world->now - T) * 1000;
}

static bool is_young(const struct world *world, const struct flight *flight)
{
	return flight->started_ms + OUTBOX_SLOW_MS > ms(world);
}

static void check_caps(const struct world *world)
{
	static const char *const hosts[] = {
	    "one.example", "two.example", "three.example", "four.example", "five.example"};
	size_t young = 0;

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		size_t number = 0, quick = 0;

		for (size_t j = 0; j < world->flights_len; j++) {
			bool here = slice_equal_str(
			    settings[outbox_target(world->flights[j].rows[0])].host, hosts[i]);

			number += here;
			quick += here && is_young(world, &world->flights[j]);
		}
		assert_true(number <= OUTBOX_PER_HOST_MOST);
		assert_true(quick <= OUTBOX_PER_HOST);
	}
	for (size_t j = 0; j < world->flights_len; j++)
		young += is_young(world, &world->flights[j]);
	assert_true(young <= OUTBOX_IN_FLIGHT);
}

static void send(struct world *world)
{
	struct flight *flight = &world->flights[world->flights_len];

	while ((flight->len = outbox_next(
		    world->outbox, world->now, ms(world), flight->rows, BATCH)) > 0) {
		size_t target = outbox_target(flight->rows[0]);

		if (world->last_sent[target])
			assert_true(
			    world->now - world->last_sent[target] >= settings[target].min_interval);
		world->last_sent[target] = world->now;
		flight->started_ms = ms(world);
		assert_true(++world->flights_len < FLIGHTS);
		check_caps(world);
		flight = &world->flights[world->flights_len];
	}
}

/* A target that is down says so, asks for time, or has heard and cannot say so. */
static void answer(struct world *world, size_t at)
{
	struct flight flight = world->flights[at];
	size_t target = outbox_target(flight.rows[0]);
	bool lost = world->down[target] && chance(world, 4) == 0;
	struct ping_verdict verdict = {.result = world->down[target] ? PING_RETRY : PING_TOLD};

	if (world->down[target] && chance(world, 8) == 0)
		verdict.retry_after = chance(world, 2 * HOUR);
	if (!world->down[target] || lost)
		for (size_t i = 0; i < flight.len; i++)
			hear(world, flight.rows[i], lost);
	world->flights[at] = world->flights[--world->flights_len];
	(void)outbox_answer(world->outbox, flight.rows, flight.len, &verdict,
	    lost		  ? 0
	    : world->down[target] ? 503
				  : 204,
	    world->now, chance(world, UINT32_MAX));
}

static void cancel(struct world *world, size_t at)
{
	struct flight flight = world->flights[at];

	world->flights[at] = world->flights[--world->flights_len];
	world->last_sent[outbox_target(flight.rows[0])] = 0;
	if (chance(world, 2))
		outbox_wait(world->outbox, flight.rows[--flight.len],
		    world->now + chance(world, 60), SLICE("not live"));
	outbox_cancel(world->outbox, flight.rows, flight.len);
}

static void wait_some(struct world *world)
{
	static const uint32_t spans[] = {2, 2, 10, 10, 100, 1000, 6 * HOUR};

	world->now += chance(world, spans[chance(world, sizeof(spans) / sizeof(*spans))]);
}

static void step(struct world *world)
{
	uint32_t what = chance(world, 1000);
	size_t target = chance(world, TARGETS);

	if (what < 150)
		change_topic(world);
	else if (what < 300)
		change_entry(world);
	else if (what < 500)
		wait_some(world);
	else if (what < 750 && world->flights_len > 0)
		answer(world, chance(world, (uint32_t)world->flights_len));
	else if (what < 780 && world->flights_len > 0)
		cancel(world, chance(world, (uint32_t)world->flights_len));
	else if (what < 860)
		save_begin(world);
	else if (what < 940)
		save_end(world, chance(world, 4) > 0);
	else if (what < 950)
		world->down[target] = !world->down[target];
	else if (what < 953)
		crash(world);
	if (what >= 950 && what < 953)
		memset(world->last_sent, 0, sizeof(world->last_sent));
	send(world);
}

/* All targets are up again: soon everything is told. */
static void come_to_rest(struct world *world)
{
	memset(world->down, 0, sizeof(world->down));
	for (unsigned rounds = 0; outbox_due(world->outbox) > 0; rounds++) {
		int64_t next;

		assert_true(rounds < 10000);
		while (world->flights_len > 0)
			answer(world, 0);
		send(world);
		if (world->flights_len > 0)
			continue;
		next = outbox_next_time(world->outbox, world->now);
		assert_true(outbox_due(world->outbox) == 0 || next > world->now);
		world->now = next > world->now ? next : world->now;
	}
}

static void check_heard(const struct world *world, const unsigned *first)
{
	for (size_t i = 0; i < TARGETS; i++)
		for (unsigned j = 0; j < THINGS; j++) {
			unsigned is = has_topics(i) ? world->topics[j] : world->entries[j];

			if (has_topics(i) && is == first[j])
				is = 0; /* never changed, and so never told */
			if (world->heard[i][j].what != is)
				fail_msg("target %zu has heard %u of '%s', not %u", i,
				    world->heard[i][j].what, names[j], is);
		}
}

static void walk(uint32_t seed)
{
	static struct world world;
	unsigned first[THINGS];

	world = (struct world){.seed = seed * 2654435761u, .now = T};
	for (size_t i = 0; i < THINGS; i++)
		first[i] = world.topics[i] = ++world.versions;
	start(&world);
	send(&world);
	assert_int_equal(world.flights_len, 0); /* the first run says nothing */
	save_begin(&world);
	save_end(&world, true);
	for (unsigned i = 0; i < STEPS; i++)
		step(&world);
	save_end(&world, true);
	come_to_rest(&world);
	check_heard(&world, first);
	outbox_free(world.outbox);
	for (size_t i = 0; i < world.rows.len; i++)
		arena_free(&world.rows.items[i].arena);
	vec_free(&world.rows);
}

static void test_walk(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= SEEDS; seed++)
		walk(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_walk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
