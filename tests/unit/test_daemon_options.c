/* options: what a command line comes to, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "daemon/options.h"

enum { WORDS = 8 };

/* Words with a blank between them; the result of options_parse. */
static int parse(const char *words, struct options *out, struct err *err)
{
	static char text[256]; /* options point into it */
	char *argv[WORDS + 1] = {(char *)"feedd"};
	int argc = 1;

	strcpy(text, words);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
		assert_true(argc < WORDS);
		argv[argc++] = word;
	}
	return options_parse(argc, argv, out, err);
}

static struct options expect(const char *words)
{
	struct options options;
	struct err err;

	if (parse(words, &options, &err) < 0)
		fail_msg("%s: %s", words, err.text);
	return options;
}

static void refuse(const char *words, const char *text)
{
	struct options options = {.config = "untouched"};
	struct err err;

	if (parse(words, &options, &err) == 0)
		fail_msg("%s was taken", words);
	if (!strstr(err.text, text))
		fail_msg("%s: %s", words, err.text);
	assert_string_equal(options.config, "untouched");
}

static void test_ping_now(void **state)
{
	static const char *const ways[] = {"--ping-now", "--ping-now --once", "--once --ping-now",
	    "--ping-now --config c", "--ping-now=hub", "--ping-now hub", "--ping-now hub --once",
	    "--once --ping-now hub --verbose", "--ping-now=-hub"};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct options options = expect(ways[i]);

		assert_int_equal(options.command, COMMAND_ONCE);
		assert_true(options.ping_now);
		assert_false(options.no_ping || options.dry_run);
		if (!strstr(ways[i], "hub"))
			assert_null(options.ping_target);
		else
			assert_string_equal(
			    options.ping_target, strstr(ways[i], "-hub") ? "-hub" : "hub");
	}
	assert_string_equal(expect("--ping-now hub --config c").config, "c");
	refuse("--ping-now hub other", "'other' is not an option");
	refuse("other --ping-now hub", "'other' is not an option");
	refuse("other --ping-now", "'other' is not an option");
	refuse("--ping-now --check", "--ping-now goes alone, or with --once");
	refuse("--status --ping-now", "--ping-now goes alone, or with --once");
	refuse("--settings --ping-now", "--ping-now goes alone, or with --once");
	refuse("--ping-now --no-ping", "give one of the two");
	refuse("--ping-now --adopt f.xml", "run feedd --adopt f.xml first");
}

static void test_no_ping(void **state)
{
	struct options options = expect("--no-ping");

	(void)state;
	assert_int_equal(options.command, COMMAND_DAEMON);
	assert_true(options.no_ping);
	assert_int_equal(expect("--once --no-ping").command, COMMAND_ONCE);
	options = expect("--adopt f.xml --no-ping");
	assert_int_equal(options.command, COMMAND_ONCE);
	assert_true(options.no_ping);
	refuse("--check --no-ping", "the other commands tell no hub anyway");
	refuse("--status --no-ping", "the other commands tell no hub anyway");
	refuse("--adopt f.xml --check --no-ping", "the other commands tell no hub anyway");
	refuse("--no-ping=1", "--no-ping");
}

static void test_dry_run(void **state)
{
	struct options options = expect("--dry-run");

	(void)state;
	assert_int_equal(options.command, COMMAND_ONCE);
	assert_true(options.dry_run);
	assert_int_equal(expect("--once --dry-run").command, COMMAND_ONCE);
	options = expect("--dry-run --ping-now hub");
	assert_int_equal(options.command, COMMAND_ONCE);
	assert_true(options.dry_run && options.ping_now);
	refuse("--dry-run --no-ping", "--dry-run alone sends nothing");
	refuse("--dry-run --check", "--dry-run goes alone, or with --once");
	refuse("--dry-run --adopt f.xml", "or with --check, which writes nothing");
	refuse("--dry-run --adopt f.xml --check", "one at a time");
}

static void test_server(void **state)
{
	struct options options = expect("--print-server-config caddy --config c");

	(void)state;
	assert_int_equal(options.command, COMMAND_SERVER);
	assert_ptr_equal(options.server, &server_caddy);
	assert_ptr_equal(expect("--print-server-config=nginx").server, &server_nginx);
	refuse("--print-server-config", "needs an argument");
	refuse("--print-server-config iis", "nginx, apache or caddy");
	refuse("--print-server-config nginx --once", "only one command at a time");
	refuse("--once --print-server-config nginx", "only one command at a time");
	refuse("--print-server-config nginx --dry-run", "goes alone, or with --once");
}

static void test_short(void **state)
{
	struct options options = expect("-nv -c c");

	(void)state;
	assert_true(options.dry_run);
	assert_int_equal(options.level, LOG_DEBUG);
	assert_string_equal(options.config, "c");
	assert_string_equal(expect("-cd").config, "d");
	assert_int_equal(expect("-q --once").level, LOG_WARNING);
	assert_int_equal(expect("--once --").command, COMMAND_ONCE);
	refuse("-x", "'-x' is not an option; see");
	refuse("-vx", "'-vx' is not an option; see");
	refuse("-c", "--config needs an argument, FILE");
	refuse("--once -c", "--config needs an argument, FILE");
	refuse("--init --yes", "--init needs its argument, DIR, right behind it, before --yes");
	refuse("--init --yes .", "--init needs its argument, DIR, right behind it, before --yes");
	refuse("-c --once", "--config needs its argument, FILE, right behind it, before --once");
	refuse("--once -- --check", "'--check' is not an option");
}

static void test_questions(void **state)
{
	static const char *const help[] = {
	    "-h", "--help", "--once --help", "--json -h", "-hx", "-h --nope"};

	(void)state;
	for (size_t i = 0; i < sizeof(help) / sizeof(*help); i++)
		assert_int_equal(expect(help[i]).command, COMMAND_HELP);
	assert_int_equal(expect("-V").command, COMMAND_VERSION);
	assert_int_equal(expect("--status --version --help").command, COMMAND_VERSION);
}

static void test_meant(void **state)
{
	(void)state;
	refuse("once", "did you mean --once?");
	refuse("-check", "did you mean --check?");
	refuse("--once -version", "did you mean --version?");
	refuse("-once", "did you mean --once?");
	refuse("--chekc", "did you mean --check?");
	refuse("--confg=f", "'--confg=f' is not an option, did you mean --config?");
	refuse("--once=1", "'--once=1': --once takes no argument");
	refuse("--quiet --zzz", "'--zzz' is not an option; see");
	refuse("site/feedd.toml", "--config site/feedd.toml");
}

/* A screen has 24 lines, one of which is the next prompt's. */
static void test_help_fits(void **state)
{
	struct buf help = BUF_INIT;
	struct slice rest, line;
	size_t lines = 0;

	(void)state;
	options_put_help(&help);
	rest = buf_slice(&help);
	while (slice_line(&rest, &line)) {
		assert_true(line.len <= 80);
		lines++;
	}
	assert_true(lines <= 23);
	for (size_t i = 0; i < options_len(); i++)
		assert_non_null(strstr(buf_string(&help), options_at(i).name));
	buf_free(&help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ping_now),
	    cmocka_unit_test(test_no_ping),
	    cmocka_unit_test(test_dry_run),
	    cmocka_unit_test(test_server),
	    cmocka_unit_test(test_short),
	    cmocka_unit_test(test_questions),
	    cmocka_unit_test(test_meant),
	    cmocka_unit_test(test_help_fits),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
