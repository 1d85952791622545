/*
 * digest: SHA-256, as it goes.
 */
#ifndef FEEDS_BASE_DIGEST_H
#define FEEDS_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

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

#endif
