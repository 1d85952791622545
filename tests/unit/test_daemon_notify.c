/* notify: datagrams as they arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "daemon/notify.h"

struct listener {
	char folder[64], name[96];
	int fd;
};

static void listen_at(struct listener *listener, bool abstract)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t len;

	(void)snprintf(listener->folder, sizeof(listener->folder), "/tmp/notify-XXXXXX");
	assert_non_null(mkdtemp(listener->folder));
	(void)snprintf(listener->name, sizeof(listener->name), "%s%s/socket", abstract ? "@" : "",
	    listener->folder);
	memcpy(address.sun_path, listener->name, strlen(listener->name));
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(listener->name));
	if (abstract)
		address.sun_path[0] = '\0';
	listener->fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(bind(listener->fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", listener->name, 1), 0);
}

static void listen_end(struct listener *listener)
{
	(void)close(listener->fd);
	(void)unlink(listener->name);
	assert_int_equal(rmdir(listener->folder), 0);
	(void)unsetenv("NOTIFY_SOCKET");
}

/* The next datagram; "" when there is none. They are there as soon as they are sent. */
static const char *heard(const struct listener *listener)
{
	static char text[256];
	ssize_t len = recv(listener->fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[len < 0 ? 0 : len] = '\0';
	return text;
}

static void say_everything(bool abstract)
{
	struct listener listener;
	struct notify notify;

	listen_at(&listener, abstract);
	notify_start(&notify);
	assert_true(notify.fd >= 0);
	notify_ready(&notify, "5 articles");
	assert_string_equal(heard(&listener), "READY=1\nSTATUS=5 articles");
	notify_ready(&notify, NULL);
	assert_string_equal(heard(&listener), "READY=1\n");
	notify_status(&notify, "a\nREADY=1\tb \xc3\xa4");
	assert_string_equal(heard(&listener), "STATUS=a READY=1 b \xc3\xa4");
	notify_stopping(&notify);
	assert_string_equal(heard(&listener), "STOPPING=1");
	notify_watchdog(&notify);
	assert_string_equal(heard(&listener), "WATCHDOG=1");
	assert_string_equal(heard(&listener), "");
	notify_stop(&notify);
	notify_watchdog(&notify);
	assert_string_equal(heard(&listener), "");
	listen_end(&listener);
}

static void test_path(void **state)
{
	(void)state;
	say_everything(false);
}

static void test_abstract(void **state)
{
	(void)state;
	say_everything(true);
}

static void test_reloading(void **state)
{
	struct listener listener;
	struct notify notify;
	struct timespec now;
	uint64_t told, before, after;

	(void)state;
	listen_at(&listener, false);
	notify_start(&notify);
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	before = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	notify_reloading(&notify);
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	after = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	assert_int_equal(
	    sscanf(heard(&listener), "RELOADING=1\nMONOTONIC_USEC=%" SCNu64, &told), 1);
	assert_true(before <= told && told <= after);
	notify_stop(&notify);
	listen_end(&listener);
}

static void test_nobody(void **state)
{
	static const char *const names[] = {"", "@", "/", "relative", "vsock:2:1"};
	struct notify notify;
	char long_name[200];

	(void)state;
	(void)unsetenv("NOTIFY_SOCKET");
	notify_start(&notify);
	assert_true(notify.fd < 0);
	notify_ready(&notify, "x");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
		notify_start(&notify);
		assert_true(notify.fd < 0);
	}
	memset(long_name, 'a', sizeof(long_name) - 1);
	long_name[0] = '/';
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(setenv("NOTIFY_SOCKET", long_name, 1), 0);
	notify_start(&notify);
	assert_true(notify.fd < 0);
	/* A name that nobody listens at costs nothing but the message. */
	assert_int_equal(setenv("NOTIFY_SOCKET", "/nobody/is/here", 1), 0);
	notify_start(&notify);
	notify_ready(&notify, "x");
	notify_stop(&notify);
	(void)unsetenv("NOTIFY_SOCKET");
}

static uint64_t watchdog_of(const char *usec, const char *pid)
{
	struct notify notify;
	uint64_t ms;

	(void)setenv("NOTIFY_SOCKET", "/nobody/is/here", 1);
	(void)setenv("WATCHDOG_USEC", usec, 1);
	if (pid)
		(void)setenv("WATCHDOG_PID", pid, 1);
	else
		(void)unsetenv("WATCHDOG_PID");
	notify_start(&notify);
	ms = notify.watchdog_ms;
	notify_stop(&notify);
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
	(void)unsetenv("NOTIFY_SOCKET");
	return ms;
}

static void test_watchdog(void **state)
{
	char own[24];

	(void)state;
	(void)snprintf(own, sizeof(own), "%d", (int)getpid());
	assert_int_equal(watchdog_of("30000000", NULL), 15000);
	assert_int_equal(watchdog_of("30000000", own), 15000);
	assert_int_equal(watchdog_of("30000000", "1"), 0);
	assert_int_equal(watchdog_of("1", NULL), 1);
	assert_int_equal(watchdog_of("0", NULL), 0);
	assert_int_equal(watchdog_of("-1", NULL), 0);
	assert_int_equal(watchdog_of("30s", NULL), 0);
	assert_int_equal(watchdog_of("", NULL), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_path),
	    cmocka_unit_test(test_abstract),
	    cmocka_unit_test(test_reloading),
	    cmocka_unit_test(test_nobody),
	    cmocka_unit_test(test_watchdog),
	};

	return cmocka_run_group_tests_name("notify", tests, NULL, NULL);
}
