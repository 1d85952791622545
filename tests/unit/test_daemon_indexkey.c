/* indexkey: a key is made up once, kept, and stands in a file of its name. */
#include <fcntl.h>

#include "daemon/indexkey.h"
#include "tests/unit/test_daemon_case.h"

static const char settings[] = "[site]\ntitle = \"T\"\nurl = \"https://t.example/\"\n"
			       "[[feed]]\natom = \"atom.xml\"\n[[ping]]\nprotocol = \"indexnow\"\n";

/* The key in the state, "" when there is none; to be freed. */
static char *load(struct library_case *c, bool make)
{
	struct buf key = BUF_INIT;
	struct err err;
	char *copy;

	if (indexkey_load(&c->site, c->library.state, make, &key, &err) < 0)
		fail_msg("%s", err.text);
	copy = mem_dup(key.data, key.len);
	buf_free(&key);
	return copy;
}

static void test_made_once(void **state)
{
	struct library_case c;
	char *none, *first, *again, *other;

	(void)state;
	case_start(&c, settings);
	none = load(&c, false);
	assert_string_equal(none, "");
	first = load(&c, true);
	assert_int_equal(strlen(first), 32);
	assert_int_equal(strspn(first, "0123456789abcdef"), 32);
	case_crash(&c);
	again = load(&c, true);
	assert_string_equal(again, first);
	free(again);
	again = load(&c, false);
	assert_string_equal(again, first);
	case_end(&c);
	/* By chance: another site has another one. */
	case_start(&c, settings);
	other = load(&c, true);
	assert_string_not_equal(other, first);
	case_end(&c);
	free(none);
	free(first);
	free(again);
	free(other);
}

static void test_no_state(void **state)
{
	const struct site site = {.output = -1};
	struct buf key = BUF_INIT;
	struct err err;

	(void)state;
	assert_int_equal(indexkey_load(&site, NULL, false, &key, &err), 0);
	assert_int_equal(key.len, 0);
	buf_free(&key);
}

static int open_output(struct library_case *c)
{
	c->site.output = open(c->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(c->site.output >= 0);
	return c->site.output;
}

static void put_file_at(int folder, const char *name, const char *text)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	(void)close(fd);
}

static void put_file(int folder, const char *text)
{
	put_file_at(folder, "abc.txt", text);
}

static void check_file(int folder, const char *want, struct stat *out)
{
	char text[64] = "";
	int fd = openat(folder, "abc.txt", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	assert_string_equal(text, want);
	assert_int_equal(fstat(fd, out), 0);
	(void)close(fd);
}

static void publish(struct library_case *c)
{
	struct err err;

	if (indexkey_publish(&c->site, SLICE("abc"), &err) < 0)
		fail_msg("%s", err.text);
}

#define KEY_A "0123456789abcdef0123456789abcdef"
#define KEY_B "1123456789abcdef0123456789abcdef"
#define KEY_C "2123456789abcdef0123456789abcdef"

/* The state is lost, and the file of its key stands yet: search engines know that one. */
static void test_taken_up(void **state)
{
	struct library_case c;
	char *key;
	int folder;

	(void)state;
	case_start(&c, settings);
	folder = open_output(&c);
	put_file_at(folder, KEY_A ".txt", "of something else");
	put_file_at(folder, KEY_C ".txt", KEY_C);
	put_file_at(folder, KEY_B ".txt", KEY_B "\n");
	put_file_at(folder, KEY_A "0.txt", KEY_A "0"); /* not one of ours */
	put_file_at(folder, "readme.txt", "readme");
	key = load(&c, false);
	assert_string_equal(key, ""); /* a dry run says nothing of it */
	free(key);
	key = load(&c, true);
	assert_string_equal(key, KEY_B);
	free(key);
	assert_int_equal(unlinkat(folder, KEY_B ".txt", 0), 0);
	key = load(&c, true);
	assert_string_equal(key, KEY_B); /* it is in the state now */
	free(key);
	(void)close(folder);
	case_end(&c);
}

static void test_publish(void **state)
{
	struct library_case c;
	struct stat first, again;
	int folder;

	(void)state;
	case_start(&c, settings);
	folder = open_output(&c);
	publish(&c);
	check_file(folder, "abc", &first);
	assert_int_equal(first.st_mode & 0777, 0644); /* a web server reads it */
	publish(&c);				      /* it is there: it stays */
	check_file(folder, "abc", &again);
	assert_int_equal(first.st_ino, again.st_ino);
	put_file(folder, "abc\n"); /* as an editor leaves it; good enough */
	publish(&c);
	check_file(folder, "abc\n", &again);
	put_file(folder, "spoilt");
	publish(&c);
	check_file(folder, "abc", &again);
	assert_int_equal(unlinkat(folder, "abc.txt", 0), 0);
	publish(&c);
	check_file(folder, "abc", &again);
	(void)close(folder);
	case_end(&c);
}

/* A link that somebody put there is replaced, and what it leads to is not touched. */
static void test_publish_link(void **state)
{
	struct library_case c;
	struct stat stat;
	int folder;

	(void)state;
	case_start(&c, settings);
	folder = open_output(&c);
	assert_int_equal(symlinkat("/dev/null", folder, "abc.txt"), 0);
	publish(&c);
	check_file(folder, "abc", &stat);
	assert_true(S_ISREG(stat.st_mode));
	(void)close(folder);
	case_end(&c);
}

static void test_publish_not(void **state)
{
	struct library_case c;
	struct err err;
	int folder;

	(void)state;
	case_start(&c, settings);
	folder = open_output(&c);
	assert_int_equal(mkdirat(folder, "abc.txt", 0700), 0);
	assert_int_equal(indexkey_publish(&c.site, SLICE("abc"), &err), -1);
	assert_non_null(strstr(err.text, "abc.txt"));
	(void)close(folder);
	case_end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_made_once),
	    cmocka_unit_test(test_no_state),
	    cmocka_unit_test(test_taken_up),
	    cmocka_unit_test(test_publish),
	    cmocka_unit_test(test_publish_link),
	    cmocka_unit_test(test_publish_not),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("indexkey", tests, NULL, NULL);
}
