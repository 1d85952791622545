/* outbox: many targets, many rows, and how many requests may be under way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "daemon/outbox.h"

enum { T = 1700000000 };

static const struct ping plain = {.name = "plain", .topics = PING_ALL_TOPICS, .batch = 1};
static const struct ping by_id = {.name = "id", .entries = PING_BY_ID, .batch = 1};

struct crowd {
	struct outbox *outbox;
	struct outbox_row *rows[1024];
	size_t len;
};

enum { CROWD = 400 };

static void crowd_want(struct crowd *crowd, size_t target, size_t topics)
{
	for (size_t i = 0; i < topics; i++) {
		struct digest digest = digest_of("A", 1);
		char topic[32];
		struct outbox_what what = {slice_of(topic), {.url = slice_of(topic)}};

		(void)snprintf(topic, sizeof(topic), "t%zu", i);
		what.topic = what.item.url = slice_of(topic);
		assert_true(outbox_want(crowd->outbox, target, &what, NULL, &digest, true, T));
	}
}

/* So many targets for a host, and so many topics for each. */
static void crowd_start(struct crowd *crowd, size_t per_host, size_t topics)
{
	static struct outbox_target_settings many[CROWD];
	static char keys[CROWD][32], hosts[CROWD][32];

	for (size_t i = 0; i < CROWD; i++) {
		(void)snprintf(keys[i], sizeof(keys[i]), "plain %zu", i);
		(void)snprintf(hosts[i], sizeof(hosts[i]), "h%zu.example", i / per_host);
		many[i] = (struct outbox_target_settings){
		    slice_of(keys[i]), slice_of(keys[i]), slice_of(hosts[i]), &plain, 0};
	}
	crowd->outbox = outbox_start(many, CROWD);
	crowd->len = 0;
	for (size_t i = 0; i < CROWD; i++)
		crowd_want(crowd, i, topics);
}

static size_t crowd_next(struct crowd *crowd, int64_t now, uint64_t now_ms)
{
	size_t before = crowd->len;

	while (outbox_next(crowd->outbox, now, now_ms, &crowd->rows[crowd->len], 1) > 0)
		crowd->len++;
	return crowd->len - before;
}

static void crowd_answer(struct crowd *crowd, enum ping_result result, int64_t now)
{
	const struct ping_verdict verdict = {.result = result};

	for (size_t i = 0; i < crowd->len; i++)
		(void)outbox_answer(
		    crowd->outbox, &crowd->rows[i], 1, &verdict, 0, now, UINT32_MAX);
	crowd->len = 0;
}

static void test_caps(void **state)
{
	struct crowd crowd;

	(void)state;
	crowd_start(&crowd, 1, 1);
	assert_int_equal(crowd_next(&crowd, T, 1000), OUTBOX_IN_FLIGHT);
	assert_int_equal(outbox_next_time(crowd.outbox, T), 0);
	assert_int_equal(outbox_slow_time(crowd.outbox), 1000 + OUTBOX_SLOW_MS);
	assert_int_equal(crowd_next(&crowd, T, 999 + OUTBOX_SLOW_MS), 0);
	/* Those that take long make room, as long as they are not too many. */
	for (uint64_t i = 1; i < OUTBOX_IN_FLIGHT_MOST / OUTBOX_IN_FLIGHT; i++)
		assert_int_equal(
		    crowd_next(&crowd, T, 1000 + i * OUTBOX_SLOW_MS), OUTBOX_IN_FLIGHT);
	assert_int_equal(crowd.len, OUTBOX_IN_FLIGHT_MOST);
	assert_int_equal(crowd_next(&crowd, T, 1000000), 0);
	assert_int_equal(outbox_slow_time(crowd.outbox), 0);
	crowd_answer(&crowd, PING_TOLD, T);
	assert_int_equal(outbox_next_time(crowd.outbox, T), T);
	assert_int_equal(crowd_next(&crowd, T, 1000000), OUTBOX_IN_FLIGHT);
	outbox_free(crowd.outbox); /* with some under way */

	crowd_start(&crowd, 40, 1); /* ten hosts */
	assert_int_equal(crowd_next(&crowd, T, 0), OUTBOX_IN_FLIGHT);
	for (uint64_t i = 1; i < 10; i++)
		(void)crowd_next(&crowd, T, i * OUTBOX_SLOW_MS);
	assert_int_equal(crowd.len, 10 * OUTBOX_PER_HOST_MOST);
	assert_int_equal(outbox_next_time(crowd.outbox, T), 0);
	crowd_answer(&crowd, PING_TOLD, T);
	for (size_t told = 10 * OUTBOX_PER_HOST_MOST; told < CROWD;
	     crowd_answer(&crowd, PING_TOLD, T))
		told += crowd_next(&crowd, T, 10 * OUTBOX_SLOW_MS);
	assert_int_equal(outbox_due(crowd.outbox), 0);
	outbox_free(crowd.outbox);
}

/* Answer what is under way to all targets but the first. */
static size_t answer_others(struct crowd *crowd)
{
	const struct ping_verdict told = {.result = PING_TOLD};
	size_t kept = 0, len = crowd->len;

	for (size_t i = 0; i < len; i++)
		if (outbox_target(crowd->rows[i]) == 0)
			crowd->rows[kept++] = crowd->rows[i];
		else
			(void)outbox_answer(
			    crowd->outbox, &crowd->rows[i], 1, &told, 200, T, UINT32_MAX);
	crowd->len = kept;
	return len - kept;
}

/* One that does not answer delays another on its host by OUTBOX_SLOW_MS, and only once. */
static void test_slow_neighbour(void **state)
{
	enum { TOPICS = 50 };
	struct crowd crowd;
	size_t told = 0;

	(void)state;
	crowd_start(&crowd, CROWD, 0);
	for (size_t i = 0; i < 2; i++)
		crowd_want(&crowd, i, TOPICS);
	while (crowd_next(&crowd, T, 0) > 0)
		told += answer_others(&crowd);
	assert_int_equal(crowd.len, OUTBOX_PER_HOST); /* all of the first */
	assert_true(told < TOPICS);
	assert_int_equal(outbox_slow_time(crowd.outbox), OUTBOX_SLOW_MS);
	while (crowd_next(&crowd, T, OUTBOX_SLOW_MS) > 0)
		told += answer_others(&crowd);
	assert_int_equal(told, TOPICS);
	assert_int_equal(crowd.len, OUTBOX_PER_HOST);
	assert_int_equal(outbox_slow_time(crowd.outbox), 0);
	assert_int_equal(crowd_next(&crowd, T, 100 * OUTBOX_SLOW_MS), 0);
	crowd_answer(&crowd, PING_TOLD, T);
	assert_true(crowd_next(&crowd, T, 100 * OUTBOX_SLOW_MS) > 0);
	outbox_free(crowd.outbox);
}

/* Targets that failed get their share and no more, others theirs. */
static void test_retry_share(void **state)
{
	struct crowd crowd;
	size_t failed = 0, others = 0;
	bool failing[CROWD] = {false};

	(void)state;
	crowd_start(&crowd, 1, 2);
	assert_int_equal(crowd_next(&crowd, T, 0), OUTBOX_IN_FLIGHT);
	for (size_t i = 0; i < crowd.len; i++)
		failing[outbox_target(crowd.rows[i])] = true;
	crowd_answer(&crowd, PING_RETRY, T);
	assert_int_equal(crowd_next(&crowd, T + 5, 10), OUTBOX_IN_FLIGHT);
	for (size_t i = 0; i < crowd.len; i++)
		failing[outbox_target(crowd.rows[i])] ? failed++ : others++;
	assert_int_equal(failed, OUTBOX_RETRIES);
	assert_int_equal(others, OUTBOX_IN_FLIGHT - OUTBOX_RETRIES);
	outbox_free(crowd.outbox);
}

/* Each target has its turn before any has another. */
static void test_turns(void **state)
{
	struct crowd crowd;
	size_t turns[CROWD] = {0};

	(void)state;
	crowd_start(&crowd, 2, 3);
	for (size_t told = 0; told < (size_t)CROWD * 3;) {
		size_t len = crowd_next(&crowd, T, 0);

		assert_true(len > 0);
		for (size_t i = 0; i < len; i++, told++)
			assert_int_equal(turns[outbox_target(crowd.rows[i])]++, told / CROWD);
		crowd_answer(&crowd, PING_TOLD, T);
	}
	outbox_free(crowd.outbox);
}

/* So many rows and no more; what there is goes on. */
static void test_bound(void **state)
{
	static const struct outbox_target_settings target = {
	    SLICE("id"), SLICE("id"), SLICE("id.example"), &by_id, 0};
	struct outbox *outbox = outbox_start(&target, 1);
	struct digest a = digest_of("A", 1), b = digest_of("B", 1);
	struct outbox_row *row;
	char topic[32];

	(void)state;
	for (size_t i = 0; i <= OUTBOX_ROWS_MOST; i++) {
		struct outbox_what what = {slice_of(topic), {.entry = true}};

		(void)snprintf(topic, sizeof(topic), "%zu", i);
		what.topic = slice_of(topic);
		assert_int_equal(
		    outbox_want(outbox, 0, &what, NULL, &a, true, T), i < OUTBOX_ROWS_MOST);
	}
	assert_int_equal(outbox_due(outbox), OUTBOX_ROWS_MOST);
	assert_true(outbox_want(
	    outbox, 0, &(struct outbox_what){SLICE("7"), {.entry = true}}, &a, &b, true, T));
	assert_int_equal(outbox_next(outbox, T, 0, &row, 1), 1);
	(void)outbox_answer(
	    outbox, &row, 1, &(struct ping_verdict){.result = PING_TOLD}, 204, T, 0);
	assert_true(outbox_want(
	    outbox, 0, &(struct outbox_what){SLICE("new"), {.entry = true}}, NULL, &a, true, T));
	outbox_free(outbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_caps),
	    cmocka_unit_test(test_slow_neighbour),
	    cmocka_unit_test(test_retry_share),
	    cmocka_unit_test(test_turns),
	    cmocka_unit_test(test_bound),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
