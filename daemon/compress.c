#include "daemon/compress.h"

#include <brotli/encode.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "daemon/fsio.h"
#include "feeds/base/mem.h"

enum { CHUNK = 65536, GZIP_LEVEL = 6, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8, BROTLI_QUALITY = 9 };

static ssize_t read_chunk(int fd, uint8_t *chunk, off_t at, struct err *err)
{
	ssize_t got;

	do
		got = pread(fd, chunk, CHUNK, at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		(void)err_set(err, ERR_IO, "read back: %s", strerrordesc_np(errno));
	return got;
}

static int pack_gzip(int from, int to, struct err *err)
{
	uint8_t *in = mem_alloc(CHUNK), *out = mem_alloc(CHUNK);
	z_stream z = {0};
	off_t at = 0;
	ssize_t got;
	int rc = 0;

	/* The header that deflateInit2 writes has no mtime, name or chance in it. */
	if (deflateInit2(
		&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		mem_exhausted();
	do {
		got = read_chunk(from, in, at, err);
		if (got < 0) {
			rc = -1;
			break;
		}
		at += got;
		z.next_in = in;
		z.avail_in = (uInt)got;
		do {
			z.next_out = out;
			z.avail_out = CHUNK;
			(void)deflate(&z, got == 0 ? Z_FINISH : Z_NO_FLUSH); /* cannot fail here */
			rc = fsio_write(to, out, CHUNK - z.avail_out, err);
		} while (rc == 0 && z.avail_out == 0);
	} while (rc == 0 && got > 0);
	(void)deflateEnd(&z); /* complains only of unfinished streams */
	free(in);
	free(out);
	return rc;
}

static int pack_brotli(int from, int to, struct err *err)
{
	BrotliEncoderState *state = BrotliEncoderCreateInstance(NULL, NULL, NULL);
	uint8_t *in = mem_alloc(CHUNK), *out = mem_alloc(CHUNK);
	off_t at = 0;
	ssize_t got;
	int rc = 0;

	if (!state)
		mem_exhausted();
	(void)BrotliEncoderSetParameter(state, BROTLI_PARAM_QUALITY, BROTLI_QUALITY); /* in range */
	do {
		const uint8_t *next_in = in;
		size_t avail_in;
		bool more = true;

		got = read_chunk(from, in, at, err);
		if (got < 0) {
			rc = -1;
			break;
		}
		at += got;
		avail_in = (size_t)got;
		while (rc == 0 && more) {
			uint8_t *next_out = out;
			size_t avail_out = CHUNK;

			if (!BrotliEncoderCompressStream(state,
				got == 0 ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS,
				&avail_in, &next_in, &avail_out, &next_out, NULL))
				mem_exhausted();
			rc = fsio_write(to, out, CHUNK - avail_out, err);
			more = avail_in > 0 || BrotliEncoderHasMoreOutput(state);
		}
	} while (rc == 0 && got > 0);
	BrotliEncoderDestroyInstance(state);
	free(in);
	free(out);
	return rc;
}

const struct compress compressions[COMPRESS_COUNT] = {
    [COMPRESS_GZIP] = {"gzip", ".gz", pack_gzip},
    [COMPRESS_BROTLI] = {"brotli", ".br", pack_brotli},
};
