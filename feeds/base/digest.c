#include "feeds/base/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "feeds/base/mem.h"

struct digest_stream {
	EVP_MD_CTX *ctx;
};

/* SHA-256 fails only for want of memory. */
static void must(int ok)
{
	if (ok != 1)
		mem_exhausted();
}

struct digest_stream *digest_new(void)
{
	struct digest_stream *stream = mem_alloc(sizeof(*stream));

	stream->ctx = EVP_MD_CTX_new();
	must(stream->ctx != NULL);
	must(EVP_DigestInit_ex(stream->ctx, EVP_sha256(), NULL));
	return stream;
}

void digest_put(struct digest_stream *stream, const void *bytes, size_t len)
{
	must(EVP_DigestUpdate(stream->ctx, bytes, len));
}

struct digest digest_finish(struct digest_stream *stream)
{
	struct digest digest;

	must(EVP_DigestFinal_ex(stream->ctx, digest.bytes, NULL));
	must(EVP_DigestInit_ex(stream->ctx, NULL, NULL)); /* as it was: not looked up anew */
	return digest;
}

void digest_free(struct digest_stream *stream)
{
	if (!stream)
		return;
	EVP_MD_CTX_free(stream->ctx);
	free(stream);
}

struct digest digest_of(const void *bytes, size_t len)
{
	struct digest digest;

	must(EVP_Digest(bytes, len, digest.bytes, NULL, EVP_sha256(), NULL));
	return digest;
}
