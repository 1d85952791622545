#include "daemon/screen.h"

#include <netinet/in.h>
#include <string.h>

/* IPv4 in IPv6, "::ffff:a.b.c.d" (RFC 4291, 2.5.5.2). */
#define MAPPED(a, b, c, d)                                                                         \
	{                                                                                          \
		[10] = 0xff, [11] = 0xff, [12] = (a), [13] = (b), [14] = (c), [15] = (d)           \
	}

static const char reserved[] = "a reserved address";

/* The first that holds an address says what it is. After IANA's special-purpose registries. */
static const struct {
	struct network network;
	const char *what;
} ranges[] = {
    {{MAPPED(0, 0, 0, 0), 96 + 8}, "an address of this machine"},
    {{MAPPED(10, 0, 0, 0), 96 + 8}, "a private address"},
    {{MAPPED(100, 64, 0, 0), 96 + 10}, "a provider's inner address"},
    {{MAPPED(127, 0, 0, 0), 96 + 8}, "a loopback address"},
    {{MAPPED(169, 254, 0, 0), 96 + 16}, "a link-local address"},
    {{MAPPED(172, 16, 0, 0), 96 + 12}, "a private address"},
    {{MAPPED(192, 0, 0, 0), 96 + 24}, reserved},
    {{MAPPED(192, 0, 2, 0), 96 + 24}, reserved},
    {{MAPPED(192, 88, 99, 0), 96 + 24}, reserved},
    {{MAPPED(192, 168, 0, 0), 96 + 16}, "a private address"},
    {{MAPPED(198, 18, 0, 0), 96 + 15}, reserved},
    {{MAPPED(198, 51, 100, 0), 96 + 24}, reserved},
    {{MAPPED(203, 0, 113, 0), 96 + 24}, reserved},
    {{MAPPED(224, 0, 0, 0), 96 + 4}, "a multicast address"},
    {{MAPPED(240, 0, 0, 0), 96 + 4}, reserved},
    {{MAPPED(0, 0, 0, 0), 96}, NULL},
    {{{0}, 128}, "an address of this machine"},
    {{{[15] = 1}, 128}, "a loopback address"},
    {{{0x20, 0x01}, 23}, reserved},
    {{{0x20, 0x01, 0x0d, 0xb8}, 32}, reserved},
    {{{0x3f, 0xff}, 20}, reserved},
    {{{0x20}, 3}, NULL}, /* all that is given out to networks of the world */
    {{{0xfc}, 7}, "a private address"},
    {{{0xfe, 0x80}, 10}, "a link-local address"},
    {{{0xfe, 0xc0}, 10}, "a private address"},
    {{{0xff}, 8}, "a multicast address"},
    {{{0}, 0}, reserved},
};

/* IPv6 addresses behind which a gateway speaks to an IPv4 address: it is what counts. */
static const struct {
	struct network network;
	size_t at; /* where the IPv4 address begins */
} gateways[] = {
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12}, /* NAT64, RFC 6052 */
    {{{0x20, 0x02}, 16}, 2},		  /* 6to4, RFC 3056 */
};

static const char *screen(const uint8_t address[16], const struct network *allow, size_t allow_len)
{
	size_t i = 0;

	for (size_t j = 0; j < allow_len; j++)
		if (network_holds(&allow[j], address))
			return NULL;
	for (size_t j = 0; j < sizeof(gateways) / sizeof(*gateways); j++) {
		if (network_holds(&gateways[j].network, address)) {
			uint8_t inner[16] = MAPPED(0, 0, 0, 0);

			memcpy(inner + 12, address + gateways[j].at, 4);
			return screen(inner, allow, allow_len);
		}
	}
	while (!network_holds(&ranges[i].network, address)) /* the last one holds all */
		i++;
	return ranges[i].what;
}

const char *screen_address(
    const struct sockaddr *address, const struct network *allow, size_t allow_len)
{
	uint8_t bytes[16] = MAPPED(0, 0, 0, 0);

	if (address->sa_family == AF_INET)
		memcpy(bytes + 12, &((const struct sockaddr_in *)address)->sin_addr, 4);
	else if (address->sa_family == AF_INET6)
		memcpy(bytes, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
	else
		return "no address of the internet";
	return screen(bytes, allow, allow_len);
}
