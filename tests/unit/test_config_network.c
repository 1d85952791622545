/* network: what is an address, what a range, and what lies in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "config/network.h"

/* What libc makes of an address, IPv4 in its mapped form. */
static void address_of(const char *text, uint8_t out[16])
{
	memset(out, 0, 16);
	if (inet_pton(AF_INET, text, out + 12) == 1)
		out[10] = out[11] = 0xff;
	else if (inet_pton(AF_INET6, text, out) != 1)
		fail_msg("%s", text);
}

static void test_addresses(void **state)
{
	static const char *const good[] = {"0.0.0.0", "255.255.255.255", "192.0.2.7", "::", "::1",
	    "1::", "1:2:3:4:5:6:7:8", "2001:DB8::aBcD", "1::8",
	    "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::ffff:192.0.2.7", "1:2:3:4:5:6:1.2.3.4",
	    "64:ff9b::10.0.0.1", "1:2:3::1.2.3.4"};
	static const char *const bad[] = {"", "1", "1.2.3", "1.2.3.4.", "1.2.3.4.5", ".1.2.3",
	    "1..2.3", "256.1.1.1", "1.2.3.1000", "01.2.3.4", "1.2.3.+4", "1.2.3.4 ", "1.2.3.a", ":",
	    ":1", "1:", ":::", "1:::2", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
	    "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4",
	    "1.2.3.4::", "::1.2.3", "::1.2.3.4:5", "fe80::1%lo", "[::1]", "localhost"};
	struct network network;
	uint8_t address[16];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		address_of(good[i], address);
		if (!network_parse(slice_of(good[i]), &network) || network.bits != 128 ||
		    memcmp(network.address, address, 16) != 0)
			fail_msg("%s", good[i]);
	}
	memset(&network, 7, sizeof(network));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (network_parse(slice_of(bad[i]), &network) || network.bits != 7)
			fail_msg("%s", bad[i]);
	assert_false(network_parse(SLICE("1.2.3.4\0"), &network));
}

static void test_prefixes(void **state)
{
	static const struct {
		const char *text;
		int bits; /* -1: it is no network */
	} rows[] = {
	    {"10.0.0.0/8", 104},
	    {"0.0.0.0/0", 96},
	    {"10.1.2.3/32", 128},
	    {"::/0", 0},
	    {"fc00::/7", 7},
	    {"::1/128", 128},
	    {"10.0.0.0/33", -1},
	    {"::/129", -1},
	    {"10.0.0.0/", -1},
	    {"10.0.0.0/08", -1},
	    {"10.0.0.0/-1", -1},
	    {"10.0.0.0/8/8", -1},
	    {"10.0.0.0/255.0.0.0", -1},
	    {"/8", -1},
	};
	struct network network;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool parsed = network_parse(slice_of(rows[i].text), &network);

		if (parsed != (rows[i].bits >= 0) || (parsed && network.bits != rows[i].bits))
			fail_msg("%s", rows[i].text);
	}
}

static void test_holds(void **state)
{
	static const struct {
		const char *network, *address;
		bool holds;
	} rows[] = {
	    {"10.0.0.0/8", "10.255.255.255", true},
	    {"10.0.0.0/8", "11.0.0.0", false},
	    {"10.0.0.0/8", "::a00:1", false},
	    {"10.0.0.0/8", "::ffff:10.0.0.1", true},
	    {"::ffff:10.0.0.0/104", "10.0.0.1", true},
	    {"172.16.0.0/12", "172.31.255.255", true},
	    {"172.16.0.0/12", "172.32.0.0", false},
	    {"172.16.99.1/12", "172.17.0.1", true},
	    {"192.0.2.7", "192.0.2.7", true},
	    {"192.0.2.7", "192.0.2.6", false},
	    {"0.0.0.0/0", "255.1.1.1", true},
	    {"0.0.0.0/0", "2001:db8::1", false},
	    {"::/0", "10.0.0.1", true},
	    {"::/0", "ffff::", true},
	    {"fc00::/7", "fdff::1", true},
	    {"fc00::/7", "fe00::1", false},
	    {"2001:db8::/33", "2001:db8:7fff::", true},
	    {"2001:db8::/33", "2001:db8:8000::", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct network network;
		uint8_t address[16];

		assert_true(network_parse(slice_of(rows[i].network), &network));
		address_of(rows[i].address, address);
		if (network_holds(&network, address) != rows[i].holds)
			fail_msg("%s %s", rows[i].network, rows[i].address);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_prefixes),
	    cmocka_unit_test(test_holds),
	};

	return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
