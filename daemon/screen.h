/*
 * screen: which addresses feedd may speak to.
 *
 * Whoever writes a link or a setting must not make feedd ask the machines behind
 * the wall: loopback, private, link-local (the metadata of clouds is there), unique
 * local, shared (CGNAT), multicast and reserved addresses, and IPv6 forms of
 * all these, are refused, unless a network of http.allow holds them.
 */
#ifndef DAEMON_SCREEN_H
#define DAEMON_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "config/network.h"

struct sockaddr;

/* NULL: it may be spoken to. Else what it is, for people: "a private address". */
const char *screen_address(
    const struct sockaddr *address, const struct network *allow, size_t allow_len);

#endif
