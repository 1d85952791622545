/* screen: which addresses are refused, as what, and what lets them through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/screen.h"

static const char *screen_of(const char *text, const struct network *allow, size_t allow_len)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return screen_address((const struct sockaddr *)&v4, allow, allow_len);
	if (inet_pton(AF_INET6, text, &v6.sin6_addr) != 1)
		fail_msg("%s", text);
	return screen_address((const struct sockaddr *)&v6, allow, allow_len);
}

static void test_refused(void **state)
{
	static const char *const rows[][2] = {
	    {"0.0.0.0", "an address of this machine"},
	    {"0.1.2.3", "an address of this machine"},
	    {"10.0.0.0", "a private address"},
	    {"10.255.255.255", "a private address"},
	    {"100.64.0.0", "a provider's inner address"},
	    {"100.127.255.255", "a provider's inner address"},
	    {"127.0.0.1", "a loopback address"},
	    {"127.255.255.255", "a loopback address"},
	    {"169.254.169.254", "a link-local address"},
	    {"172.16.0.0", "a private address"},
	    {"172.31.255.255", "a private address"},
	    {"192.0.0.170", "a reserved address"},
	    {"192.0.2.1", "a reserved address"},
	    {"192.88.99.1", "a reserved address"},
	    {"192.168.0.0", "a private address"},
	    {"192.168.255.255", "a private address"},
	    {"198.18.0.0", "a reserved address"},
	    {"198.19.255.255", "a reserved address"},
	    {"198.51.100.7", "a reserved address"},
	    {"203.0.113.7", "a reserved address"},
	    {"224.0.0.1", "a multicast address"},
	    {"239.255.255.255", "a multicast address"},
	    {"240.0.0.1", "a reserved address"},
	    {"255.255.255.255", "a reserved address"},
	    {"::", "an address of this machine"},
	    {"::1", "a loopback address"},
	    {"::2", "a reserved address"},
	    {"::7f00:1", "a reserved address"},
	    {"::ffff:127.0.0.1", "a loopback address"},
	    {"::ffff:169.254.169.254", "a link-local address"},
	    {"::ffff:0:127.0.0.1", "a reserved address"},
	    {"64:ff9b::127.0.0.1", "a loopback address"},
	    {"64:ff9b::10.1.2.3", "a private address"},
	    {"64:ff9b::0.0.0.0", "an address of this machine"},
	    {"64:ff9b:1::8.8.8.8", "a reserved address"},
	    {"64:ff9b::1:8.8.8.8", "a reserved address"},
	    {"100::1", "a reserved address"},
	    {"2001::1", "a reserved address"},
	    {"2001:1ff::1", "a reserved address"},
	    {"2001:db8::1", "a reserved address"},
	    {"2002:7f00:1::", "a loopback address"},
	    {"2002:a9fe:a9fe::1", "a link-local address"},
	    {"2002:c0a8:101::", "a private address"},
	    {"3fff::1", "a reserved address"},
	    {"3fff:fff::1", "a reserved address"},
	    {"4000::1", "a reserved address"},
	    {"5f00::1", "a reserved address"},
	    {"fbff::1", "a reserved address"},
	    {"fc00::1", "a private address"},
	    {"fd00:ec2::254", "a private address"},
	    {"fe80::1", "a link-local address"},
	    {"febf::1", "a link-local address"},
	    {"fec0::1", "a private address"},
	    {"ff02::1", "a multicast address"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *what = screen_of(rows[i][0], NULL, 0);

		if (!what || strcmp(what, rows[i][1]) != 0)
			fail_msg("%s: %s", rows[i][0], what ? what : "let through");
	}
}

static void test_let_through(void **state)
{
	static const char *const rows[] = {"1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0",
	    "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
	    "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.0.0",
	    "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8",
	    "64:ff9b::8.8.8.8", "2001:200::1", "2001:4860:4860::8888", "2002:808:808::1",
	    "2606:4700::1111", "2a00::1", "3ffe::1"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (screen_of(rows[i], NULL, 0))
			fail_msg("%s: %s", rows[i], screen_of(rows[i], NULL, 0));
}

static void test_allow(void **state)
{
	struct network allow[2];

	(void)state;
	assert_true(network_parse(SLICE("10.1.0.0/16"), &allow[0]));
	assert_true(network_parse(SLICE("fd00::/8"), &allow[1]));
	assert_null(screen_of("10.1.2.3", allow, 2));
	assert_null(screen_of("::ffff:10.1.2.3", allow, 2));
	assert_null(screen_of("64:ff9b::10.1.2.3", allow, 2));
	assert_null(screen_of("2002:a01:203::1", allow, 2));
	assert_null(screen_of("fd12::1", allow, 2));
	assert_non_null(screen_of("10.2.0.1", allow, 2));
	assert_non_null(screen_of("64:ff9b::10.2.0.1", allow, 2));
	assert_non_null(screen_of("fc00::1", allow, 2));
	assert_non_null(screen_of("fd12::1", allow, 1));
	assert_true(network_parse(SLICE("::/0"), &allow[0]));
	assert_null(screen_of("127.0.0.1", allow, 1));
	assert_null(screen_of("ff02::1", allow, 1));
}

static void test_other_family(void **state)
{
	struct sockaddr_storage local = {.ss_family = AF_UNIX};

	(void)state;
	assert_string_equal(
	    screen_address((const struct sockaddr *)&local, NULL, 0), "no address of the internet");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_let_through),
	    cmocka_unit_test(test_allow),
	    cmocka_unit_test(test_other_family),
	};

	return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
