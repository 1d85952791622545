#include "feeds/base/digest.h"

/*
 * The low-level functions, deprecated as they are: those that OpenSSL prefers set up the whole
 * library at first use, its settings file included, at the price of reading a hundred articles.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <stdlib.h>

#include "feeds/base/mem.h"

struct digest_stream {
	SHA256_CTX ctx;
};

/* They return what they check, which is nothing. */

struct digest_stream *digest_new(void)
{
	struct digest_stream *stream = mem_alloc(sizeof(*stream));

	(void)SHA256_Init(&stream->ctx);
	return stream;
}

void digest_put(struct digest_stream *stream, const void *bytes, size_t len)
{
	(void)SHA256_Update(&stream->ctx, bytes, len);
}

struct digest digest_finish(struct digest_stream *stream)
{
	struct digest digest;

	(void)SHA256_Final(digest.bytes, &stream->ctx);
	(void)SHA256_Init(&stream->ctx);
	return digest;
}

void digest_free(struct digest_stream *stream)
{
	free(stream);
}

struct digest digest_of(const void *bytes, size_t len)
{
	struct digest_stream stream;

	(void)SHA256_Init(&stream.ctx);
	digest_put(&stream, bytes, len);
	return digest_finish(&stream);
}
