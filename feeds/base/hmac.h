/*
 * hmac: a digest that only who knows the key can make: HMAC-SHA256 (RFC 2104).
 */
#ifndef FEEDS_BASE_HMAC_H
#define FEEDS_BASE_HMAC_H

#include "feeds/base/digest.h"
#include "feeds/base/slice.h"

struct digest hmac_of(struct slice key, struct slice message);

#endif
