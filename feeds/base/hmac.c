#include "feeds/base/hmac.h"

/*
 * Over digest.h and not libcrypto's HMAC(), which sets up the whole library at first use, and
 * would bring most of it into the program.
 */
enum { BLOCK = 64, INNER = 0x36, OUTER = 0x5c }; /* RFC 2104 section 2, of SHA-256 */

/* The digest of the key's block under `pad`, and of the bytes. */
static struct digest padded(
    struct digest_stream *stream, const uint8_t key[BLOCK], uint8_t pad, struct slice bytes)
{
	uint8_t block[BLOCK];

	for (size_t i = 0; i < BLOCK; i++)
		block[i] = key[i] ^ pad;
	digest_put(stream, block, sizeof(block));
	digest_put(stream, bytes.ptr, bytes.len);
	return digest_finish(stream);
}

struct digest hmac_of(struct slice key, struct slice message)
{
	struct digest_stream *stream = digest_new();
	uint8_t block[BLOCK] = {0};
	struct digest digest;

	if (key.len > BLOCK) {
		digest = digest_of(key.ptr, key.len);
		key = slice_make((const char *)digest.bytes, DIGEST_SIZE);
	}
	if (key.len > 0)
		memcpy(block, key.ptr, key.len);
	digest = padded(stream, block, INNER, message);
	digest = padded(
	    stream, block, OUTER, slice_make((const char *)digest.bytes, sizeof(digest.bytes)));
	digest_free(stream);
	return digest;
}
