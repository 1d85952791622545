#include "feeds/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "feeds/base/mem.h"

/* Make room for `more` bytes and a NUL; false when the bound forbids it. */
static bool reserve(struct buf *buf, size_t more)
{
	size_t need;

	if (buf->overflow)
		return false;
	if (__builtin_add_overflow(buf->len, more, &need) || (buf->max && need > buf->max)) {
		buf->overflow = true;
		return false;
	}
	if (need + 1 > buf->cap) {
		size_t cap = buf->cap ? buf->cap * 2 : 64;

		if (cap < need + 1)
			cap = need + 1;
		buf->data = mem_resize(buf->data, cap, 1);
		buf->cap = cap;
	}
	return true;
}

void buf_put(struct buf *buf, const void *bytes, size_t len)
{
	if (len == 0 || !reserve(buf, len))
		return;
	memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void buf_put_slice(struct buf *buf, struct slice s)
{
	buf_put(buf, s.ptr, s.len);
}

void buf_puts(struct buf *buf, const char *string)
{
	buf_put(buf, string, strlen(string));
}

void buf_putc(struct buf *buf, char c)
{
	buf_put(buf, &c, 1);
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	buf_vprintf(buf, fmt, args);
	va_end(args);
}

void buf_vprintf(struct buf *buf, const char *fmt, va_list args)
{
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len > 0 && reserve(buf, (size_t)len)) {
		(void)vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, again); /* measured */
		buf->len += (size_t)len;
	}
	va_end(again);
}

void buf_cut(struct buf *buf, size_t len)
{
	if (len < buf->len) {
		buf->len = len;
		buf->data[len] = '\0';
	}
}

void buf_clear(struct buf *buf)
{
	buf_cut(buf, 0);
	buf->overflow = false;
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = BUF_BOUNDED(buf->max);
}
