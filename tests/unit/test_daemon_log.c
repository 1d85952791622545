/* log: when lines come out, and what they look like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"

static int out = -1, kept = -1; /* end of the pipe that standard error is; the true one */

/* The log is begun once, for what is no terminal. */
static int start(void **state)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)state;
	(void)unsetenv("JOURNAL_STREAM");
	kept = dup(STDERR_FILENO);
	if (null < 0 || kept < 0 || dup2(null, STDERR_FILENO) < 0)
		return -1;
	log_start(LOG_INFO);
	(void)close(null);
	return dup2(kept, STDERR_FILENO) < 0 ? -1 : 0;
}

static int setup(void **state)
{
	int ends[2];

	(void)state;
	if (pipe2(ends, O_CLOEXEC) < 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return -1;
	(void)close(ends[1]);
	out = ends[0];
	return fcntl(out, F_SETFL, O_NONBLOCK);
}

static int teardown(void **state)
{
	(void)state;
	return dup2(kept, STDERR_FILENO) < 0 ? -1 : close(out);
}

/* What has been written since the last time, at one go. */
static void expect(const char *text)
{
	char found[1024];
	ssize_t len = read(out, found, sizeof(found) - 1);

	found[len > 0 ? len : 0] = '\0';
	assert_string_equal(found, text);
}

static void test_lines(void **state)
{
	(void)state;
	log_info("one %d", 1);
	expect("one 1\n");
	log_warning("two\nlines");
	expect("warning: two\\x0alines\n");
	log_debug("not wanted");
	expect("");
	log_at(LOG_ERROR, SLICE("a\n.md"), 3, 4, "odd");
	expect("error: a\\x0a.md:3:4: odd\n");
	log_progress("nobody sees it");
	expect("");
}

static void test_held(void **state)
{
	(void)state;
	log_hold();
	log_info("one");
	log_hold(); /* again is the same */
	log_warning("two");
	expect("");
	log_release();
	expect("one\nwarning: two\n");
	log_info("three");
	expect("three\n");
	log_release(); /* of nothing */
	expect("");
}

static void test_held_error(void **state)
{
	(void)state;
	log_hold();
	log_info("one");
	log_error("two");
	expect("one\nerror: two\n");
	log_info("three");
	expect("");
	assert_int_equal(log_finish(), 0);
	expect("three\n");
	log_release();
}

/* More than may wait goes before, and nothing is lost. */
static void test_held_much(void **state)
{
	char line[101] = "";
	size_t len = 0;
	ssize_t got;
	char found[4096];

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	log_hold();
	for (int i = 0; i < 300; i++)
		log_info("%s", line);
	log_release();
	while ((got = read(out, found, sizeof(found))) > 0)
		len += (size_t)got;
	assert_int_equal(len, 300 * 101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_held, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_held_error, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_held_much, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, NULL);
}
