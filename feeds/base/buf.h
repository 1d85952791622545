/*
 * buf: a string that grows, with a bound and one check at the end.
 *
 * Append freely; when an append would pass `max`, nothing is added, the buf
 * remembers `overflow`, and every later append is ignored. Ask once, when the
 * work is done. The bytes belong to the buf and are always followed by a NUL.
 */
#ifndef FEEDS_BASE_BUF_H
#define FEEDS_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "feeds/base/slice.h"

struct buf {
	char *data;    /* NULL until the first append */
	size_t len;    /* bytes, without the NUL */
	size_t cap;    /* bytes allocated */
	size_t max;    /* bound of len in bytes; 0: none */
	bool overflow; /* an append was refused */
};

#define BUF_INIT                                                                                   \
	(struct buf)                                                                               \
	{                                                                                          \
		NULL, 0, 0, 0, false                                                               \
	}
#define BUF_BOUNDED(max_bytes)                                                                     \
	(struct buf)                                                                               \
	{                                                                                          \
		NULL, 0, 0, (max_bytes), false                                                     \
	}

void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_put_slice(struct buf *buf, struct slice s);
void buf_puts(struct buf *buf, const char *string);
void buf_putc(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));
/* Shorten to `len` bytes, at most the present length; keeps the memory. */
void buf_cut(struct buf *buf, size_t len);
/* Empty, no overflow, memory kept for the next use. */
void buf_clear(struct buf *buf);
void buf_free(struct buf *buf);

/* The bytes, valid until the next append. */
static inline struct slice buf_slice(const struct buf *buf)
{
	return slice_make(buf->data, buf->len);
}

/* The bytes as a string, "" when empty. */
static inline const char *buf_string(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

#endif
