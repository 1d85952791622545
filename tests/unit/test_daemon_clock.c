/* clock: a real timer. A clock that is set cannot be had without privileges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>
#include <uv.h>

#include "daemon/clock.h"

struct seen {
	struct clock *clock;
	unsigned ticks, jumps;
	int64_t second; /* of the last tick */
	int64_t again;	/* ask for this in the tick; 0: stop */
};

static void on_tick(void *arg, bool jumped)
{
	struct seen *seen = arg;

	seen->second = clock_now();
	seen->jumps += jumped;
	seen->ticks++;
	if (seen->again)
		clock_set(seen->clock, seen->again);
	else
		clock_stop(seen->clock);
	seen->again = 0;
}

static void start(struct seen *seen, uv_loop_t *loop)
{
	struct err err;

	assert_int_equal(uv_loop_init(loop), 0);
	*seen = (struct seen){0};
	seen->clock = clock_start(loop, on_tick, seen, &err);
	assert_non_null(seen->clock);
}

/* Comes at the beginning of its second, not before. */
static void test_second(void **state)
{
	struct seen seen;
	struct timespec now;
	uv_loop_t loop;
	int64_t wanted;

	(void)state;
	start(&seen, &loop);
	wanted = clock_now() + 1;
	clock_set(seen.clock, wanted + 3600);
	clock_set(seen.clock, wanted);
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	assert_int_equal(seen.ticks, 1);
	assert_true(seen.jumps || seen.second >= wanted);
	assert_int_equal(uv_loop_close(&loop), 0);
}

/* What is past comes at once, but not from inside the call, and may ask again. */
static void test_past(void **state)
{
	struct seen seen;
	uv_loop_t loop;

	(void)state;
	start(&seen, &loop);
	seen.again = clock_now() - 5;
	clock_set(seen.clock, -1);
	assert_int_equal(seen.ticks, 0);
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(seen.ticks, 2);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void on_late(uv_timer_t *timer)
{
	uv_close((uv_handle_t *)timer, NULL);
}

/* Nothing asked for, asked for no more, or asked for in some thousand years: no tick. */
static void test_none(void **state)
{
	static const int64_t never[] = {0, INT64_MAX};
	struct seen seen;
	uv_timer_t late;
	uv_loop_t loop;

	(void)state;
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		start(&seen, &loop);
		clock_set(seen.clock, clock_now() - 1);
		clock_set(seen.clock, never[i]);
		assert_int_equal(uv_timer_init(&loop, &late), 0);
		assert_int_equal(uv_timer_start(&late, on_late, 20, 0), 0);
		while (!uv_is_closing((uv_handle_t *)&late))
			(void)uv_run(&loop, UV_RUN_ONCE);
		assert_true(seen.ticks == seen.jumps);
		if (!seen.ticks)
			clock_stop(seen.clock);
		assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
		assert_int_equal(uv_loop_close(&loop), 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_second),
	    cmocka_unit_test(test_past),
	    cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
