/* retry: the rungs, chance, what was asked for, and the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/retry.h"

enum { T = 1700000000, MINUTE = 60, HOUR = 3600, DAY = 24 * HOUR };

static void test_wait(void **state)
{
	static const struct {
		unsigned attempt;
		int64_t retry_after;
		uint32_t chance;
		int64_t wait;
	} cases[] = {
	    {1, 0, UINT32_MAX, 5}, /* the rungs at most */
	    {2, 0, UINT32_MAX, 5 * MINUTE},
	    {3, 0, UINT32_MAX, 30 * MINUTE},
	    {4, 0, UINT32_MAX, 2 * HOUR},
	    {5, 0, UINT32_MAX, 5 * HOUR},
	    {6, 0, UINT32_MAX, 10 * HOUR},
	    {7, 0, UINT32_MAX, 14 * HOUR},
	    {8, 0, UINT32_MAX, 20 * HOUR},
	    {9, 0, UINT32_MAX, 24 * HOUR},
	    {10, 0, UINT32_MAX, 24 * HOUR}, /* the last one stays */
	    {UINT32_MAX, 0, UINT32_MAX, 24 * HOUR},
	    {0, 0, UINT32_MAX, 5},
	    {1, 0, 0, 1}, /* never at once */
	    {9, 0, 0, 1},
	    {9, 0, 1u << 31, 12 * HOUR + 1}, /* by chance in between */
	    {1, 0, 1u << 31, 3},
	    {1, 120, UINT32_MAX, 120}, /* what was asked for is the least */
	    {1, 2, UINT32_MAX, 5},
	    {3, 120, UINT32_MAX, 30 * MINUTE},
	    {1, RETRY_AFTER_MAX, 0, RETRY_AFTER_MAX}, /* as far as it goes */
	    {1, RETRY_AFTER_MAX + 1, 0, RETRY_AFTER_MAX},
	    {1, INT64_MAX, 0, RETRY_AFTER_MAX},
	    {1, INT64_MIN, 0, 1},
	    {1, -1, 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t wait = retry_wait(cases[i].attempt, cases[i].retry_after, cases[i].chance);

		if (wait != cases[i].wait)
			fail_msg("case %zu: %lld, not %lld", i, (long long)wait,
			    (long long)cases[i].wait);
	}
}

static void test_over(void **state)
{
	static const struct {
		int64_t since, now;
		unsigned tries;
		bool over;
	} cases[] = {
	    {T, T, 10, false}, {T, T + 3 * DAY - 1, 10, false}, {T, T + 3 * DAY, 10, true},
	    {T, T + 30 * DAY, 9, false}, /* the machine was asleep */
	    {T, T - DAY, 10, false},	 /* the clock was set back */
	    {0, T, 10, false},		 /* it is not due */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
		    retry_over(cases[i].since, cases[i].tries, cases[i].now), cases[i].over);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wait),
	    cmocka_unit_test(test_over),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
