/* schedule: wishes, and a clock that is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/schedule.h"

enum { T = 1700000000 };

static void test_wishes(void **state)
{
	struct schedule schedule = {0};

	(void)state;
	assert_int_equal(schedule_next(&schedule, T), 0);
	assert_int_equal(schedule_take(&schedule, T), 0);
	schedule_want(&schedule, SCHEDULE_ARTICLES, T + 50);
	schedule_want_in(&schedule, SCHEDULE_RESCAN, T, 600);
	assert_int_equal(schedule_next(&schedule, T), T + 50);
	assert_int_equal(schedule_take(&schedule, T + 49), 0);
	assert_int_equal(schedule_take(&schedule, T + 50), 1u << SCHEDULE_ARTICLES);
	assert_int_equal(schedule_take(&schedule, T + 50), 0);
	assert_int_equal(schedule_next(&schedule, T + 50), T + 600);
	schedule_want(&schedule, SCHEDULE_ARTICLES, T + 700);
	assert_int_equal(
	    schedule_take(&schedule, T + 1000), 1u << SCHEDULE_ARTICLES | 1u << SCHEDULE_RESCAN);
	assert_int_equal(schedule_next(&schedule, T + 1000), 0);
}

static void test_wish_replaced(void **state)
{
	struct schedule schedule = {0};

	(void)state;
	schedule_want(&schedule, SCHEDULE_ARTICLES, T + 50);
	schedule_want(&schedule, SCHEDULE_ARTICLES, T + 90);
	assert_int_equal(schedule_next(&schedule, T), T + 90);
	schedule_want(&schedule, SCHEDULE_ARTICLES, 0);
	assert_int_equal(schedule_next(&schedule, T), 0);
	schedule_want_in(&schedule, SCHEDULE_RETRY, T, 0);
	assert_int_equal(schedule_next(&schedule, T), T + 1);
}

/* A moment stays where it is; an interval does not grow by the lost time. */
static void test_clock_set_back(void **state)
{
	struct schedule schedule = {0};

	(void)state;
	schedule_want(&schedule, SCHEDULE_ARTICLES, T + 50);
	schedule_want_in(&schedule, SCHEDULE_RESCAN, T, 600);
	assert_int_equal(schedule_next(&schedule, T - 86400), T - 86400 + 600);
	assert_int_equal(schedule_take(&schedule, T - 86400 + 600), 1u << SCHEDULE_RESCAN);
	assert_int_equal(schedule_next(&schedule, T - 86400 + 600), T + 50);
	/* Also when only the taking notices. */
	schedule_want_in(&schedule, SCHEDULE_POLL, T, 60);
	assert_int_equal(schedule_take(&schedule, T - 86400), 0);
	assert_int_equal(schedule_take(&schedule, T - 86400 + 60), 1u << SCHEDULE_POLL);
}

static void test_backoff(void **state)
{
	static const int64_t expected[] = {1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300};

	(void)state;
	for (unsigned i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		assert_int_equal(schedule_backoff(i), expected[i]);
	assert_int_equal(schedule_backoff(UINT32_MAX), 300);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wishes),
	    cmocka_unit_test(test_wish_replaced),
	    cmocka_unit_test(test_clock_set_back),
	    cmocka_unit_test(test_backoff),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
