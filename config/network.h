/*
 * network: a range of IP addresses, "192.0.2.0/24" or "2001:db8::/32" (RFC 4632, RFC 4291 2.3).
 */
#ifndef CONFIG_NETWORK_H
#define CONFIG_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/slice.h"

/*
 * IPv4 addresses are kept in their IPv4-mapped form, so 96 bits are added to their length; "::/0"
 * holds them all.
 */
struct network {
	uint8_t address[16];
	uint8_t bits; /* 0 to 128; what is behind them does not count */
};

/*
 * An address alone is a network of one. False: it is none; *out stays. Bits behind the prefix
 * may be set: "192.0.2.7/24" is the network that 192.0.2.7 lies in.
 */
bool network_parse(struct slice text, struct network *out);
bool network_holds(const struct network *network, const uint8_t address[16]);

#endif
