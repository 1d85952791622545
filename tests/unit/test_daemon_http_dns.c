/*
 * http with a name server that never answers: the loop goes on, and a stop does not wait.
 *
 * In namespaces of its own; skipped where there may be none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "daemon/http.h"

enum { MANY = 20, PORT = 53, CONNECT_MS = 300, PROMPT_MS = 2500 }; /* libc waits for 10 s */

static bool may_run;

/* Loopback alone, on it a name server that says nothing, and a resolv.conf that names it. */
static bool enter(void)
{
	static const char text[] = "nameserver 127.0.0.1\n";
	const struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons(PORT),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	char path[] = "/tmp/resolv-XXXXXX";
	int fd, file;
	bool entered;

	if (unshare((geteuid() == 0 ? 0 : CLONE_NEWUSER) | CLONE_NEWNS | CLONE_NEWNET) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	fd = socket(AF_INET, SOCK_DGRAM, 0); /* stays open */
	file = mkstemp(path);
	entered = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &lo) == 0 &&
		  bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 && file >= 0 &&
		  write(file, text, sizeof(text) - 1) == (ssize_t)sizeof(text) - 1 &&
		  mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
	(void)unlink(path);
	(void)close(file);
	return entered;
}

static void on_done(void *arg, const struct http_answer *answer)
{
	int *times = arg;

	times[answer->outcome]++;
	if (answer->outcome == HTTP_FAILED)
		assert_string_equal(answer->why, "no address was found within 0 s");
}

static uint64_t now_ms(void)
{
	return uv_hrtime() / 1000000;
}

static void send_many(struct http *http, int *times)
{
	for (int i = 0; i < MANY; i++) {
		char url[64];
		struct http_request request;

		(void)snprintf(url, sizeof(url), "http://host%d.example.org/", i);
		request = (struct http_request){.url = slice_of(url)};
		(void)http_send(http, &request, on_done, times);
	}
}

static void test_no_answer(void **state)
{
	const struct http_settings settings = {.agent = "test", .connect_ms = CONNECT_MS};
	int times[4] = {0};
	struct err err = {0};
	struct http *http;
	uint64_t start;
	uv_loop_t loop;

	(void)state;
	if (!may_run)
		skip();
	assert_int_equal(uv_loop_init(&loop), 0);
	http = http_start(&loop, &settings, &err);
	assert_non_null(http);
	send_many(http, times);
	start = now_ms();
	while (times[HTTP_FAILED] < MANY)
		assert_int_not_equal(uv_run(&loop, UV_RUN_ONCE), 0);
	assert_true(now_ms() - start >= CONNECT_MS - 50);
	assert_true(now_ms() - start < PROMPT_MS);
	/* And now they are cancelled while they look. */
	send_many(http, times);
	start = now_ms();
	while (now_ms() - start < CONNECT_MS / 3)
		(void)uv_run(&loop, UV_RUN_NOWAIT);
	start = now_ms();
	http_stop(http, NULL, NULL);
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	assert_true(now_ms() - start < PROMPT_MS);
	assert_int_equal(times[HTTP_CANCELLED], MANY);
	assert_int_equal(times[HTTP_FAILED], MANY);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_no_answer),
	};

	may_run = enter();
	return cmocka_run_group_tests_name("http and names", tests, NULL, NULL);
}
