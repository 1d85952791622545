/* secret: the lines of a file are secrets, all else is refused, and none is ever said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/secret.h"

static char folder[] = "/tmp/feedd-secret-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	char path[64];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/hook", folder);
	(void)unlink(path);
	return rmdir(folder);
}

static void write_secret(struct slice bytes, mode_t mode)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/hook", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static const struct ping any = {.name = "any"};

static int read_secret_of(const struct ping *protocol, struct secret *out, struct err *err)
{
	const struct config_ping ping = {
	    .name = "hook", .protocol = protocol, .secret_file = "hook"};
	struct site site = {0};
	char settings[64];

	(void)snprintf(settings, sizeof(settings), "%s/feedd.toml", folder);
	site.path = settings;
	return secret_read(&site, &ping, out, err);
}

static int read_secret(struct secret *out, struct err *err)
{
	return read_secret_of(&any, out, err);
}

static void refuse(struct slice bytes, const char *words)
{
	struct secret secret = SECRET_INIT;
	struct err err = {0};

	write_secret(bytes, 0600);
	assert_int_equal(read_secret(&secret, &err), -1);
	assert_non_null(strstr(err.text, "secret_file 'hook': "));
	assert_non_null(strstr(err.text, words));
	assert_null(strstr(err.text, "xyzzy"));
	assert_int_equal(secret.len, 0);
	assert_null(secret.bytes.data);
}

static void test_lines(void **state)
{
	struct secret secret = SECRET_INIT;
	struct err err;

	(void)state;
	write_secret(SLICE("whsec_one\r\n\n  two words \nthree"), 0640);
	assert_int_equal(read_secret(&secret, &err), 0);
	assert_int_equal(secret.len, 3);
	assert_true(slice_equal_str(secret.lines[0], "whsec_one"));
	assert_true(slice_equal_str(secret.lines[1], "two words"));
	assert_true(slice_equal_str(secret.lines[2], "three"));
	assert_false(secret.exposed);
	secret_free(&secret);
	assert_int_equal(secret.len, 0);
	secret_free(&secret);
	write_secret(SLICE("xyzzy"), 0604);
	assert_int_equal(read_secret(&secret, &err), 0);
	assert_true(secret.exposed);
	secret_free(&secret);
}

static void test_refused(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	refuse(SLICE(""), "it is empty");
	refuse(SLICE(" \r\n\n"), "it is empty");
	refuse(SLICE("xyzzy\nxyz\0zy\n"), "line 2 holds bytes that are no ASCII text");
	refuse(SLICE("xyzzy\xc3\xa9"), "line 1 holds bytes");
	for (int i = 0; i <= SECRET_LINES; i++)
		buf_puts(&text, "xyzzy\n");
	refuse(buf_slice(&text), "more than 8 lines");
	buf_clear(&text);
	while (text.len <= SECRET_FILE_MAX)
		buf_puts(&text, "xyzzy");
	refuse(buf_slice(&text), "more than the 4096 allowed");
	buf_free(&text);
}

static void test_of_protocol(void **state)
{
	struct secret secret = SECRET_INIT;
	struct err err;

	(void)state;
	write_secret(SLICE("whsec_YSBzZWNyZXQgdGhhdCBzdGFuZHMgaW4gZm9yIGl0\nwhsec_xyzzy\n"), 0600);
	assert_int_equal(read_secret_of(&ping_webhook, &secret, &err), -1);
	assert_non_null(strstr(err.text, "secret_file 'hook': line 2: "));
	assert_null(strstr(err.text, "xyzzy"));
	assert_int_equal(secret.len, 0);
	assert_null(secret.bytes.data);
	write_secret(SLICE("whsec_YSBzZWNyZXQgdGhhdCBzdGFuZHMgaW4gZm9yIGl0\n"), 0600);
	assert_int_equal(read_secret_of(&ping_webhook, &secret, &err), 0);
	secret_free(&secret);
}

static void test_nowhere(void **state)
{
	const struct config_ping none = {.name = "hook"}, given = {.name = "hook",
							      .protocol = &any,
							      .secret_credential = "no-such"};
	struct secret secret = SECRET_INIT;
	struct site site = {.path = folder};
	struct err err = {0};

	(void)state;
	assert_int_equal(secret_read(&site, &none, &secret, &err), 0);
	assert_int_equal(secret.len, 0);
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	assert_int_equal(secret_read(&site, &given, &secret, &err), -1);
	assert_non_null(strstr(err.text, "LoadCredential=no-such:FILE"));
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	assert_int_equal(secret_read(&site, &given, &secret, &err), -1);
	assert_non_null(strstr(err.text, "secret_credential 'no-such': open: No such file"));
}

static void test_credential(void **state)
{
	const struct config_ping ping = {
	    .name = "hook", .protocol = &any, .secret_credential = "hook"};
	struct secret secret = SECRET_INIT;
	struct site site = {.path = folder};
	struct err err;

	(void)state;
	write_secret(SLICE("xyzzy\n"), 0400);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	assert_int_equal(secret_read(&site, &ping, &secret, &err), 0);
	assert_int_equal(secret.len, 1);
	assert_true(slice_equal_str(secret.lines[0], "xyzzy"));
	secret_free(&secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_of_protocol),
	    cmocka_unit_test(test_nowhere),
	    cmocka_unit_test(test_credential),
	};

	return cmocka_run_group_tests_name("secret", tests, set_up, tear_down);
}
