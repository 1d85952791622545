/*
 * digest: SHA-256, as it goes.
 */
#ifndef FEEDS_BASE_DIGEST_H
#define FEEDS_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DIGEST_SIZE = 32 };

struct digest {
	uint8_t bytes[DIGEST_SIZE];
};

struct digest_stream;

struct digest_stream *digest_new(void);
void digest_put(struct digest_stream *stream, const void *bytes, size_t len);
/* The digest of everything put; the stream starts anew. */
struct digest digest_finish(struct digest_stream *stream);
void digest_free(struct digest_stream *stream);

struct digest digest_of(const void *bytes, size_t len);

static inline bool digest_equal(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

/* All 0, as where there is none. */
static inline bool digest_is_none(const struct digest *digest)
{
	static const struct digest none;

	return digest_equal(digest, &none);
}

#endif
