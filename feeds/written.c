#include "feeds/written.h"

#include <inttypes.h>

#include "feeds/base/buf.h"
#include "feeds/base/digest.h"

/* With its length before it, so that nothing can stand for two things. */
static void put(struct buf *out, struct slice text)
{
	buf_printf(out, "%zu:", text.len);
	buf_put_slice(out, text);
}

static void put_list(struct buf *out, const struct slice *items, size_t len)
{
	buf_printf(out, "%zu;", len);
	for (size_t i = 0; i < len; i++)
		put(out, items[i]);
}

static void put_head(struct buf *out, const struct written *written)
{
	const struct date *date = written->published;

	put(out, written->title);
	put(out, written->summary);
	put(out, written->lang);
	put(out, written->external_url);
	put(out, written->image);
	put(out, written->enclosure.url);
	put(out, written->enclosure.type);
	buf_printf(out, "%" PRId64 ";%zu;", written->enclosure.length, written->authors_len);
	for (size_t i = 0; i < written->authors_len; i++) {
		put(out, written->authors[i].name);
		put(out, written->authors[i].email);
		put(out, written->authors[i].url);
	}
	put_list(out, written->tags, written->tags_len);
	put_list(out, written->categories, written->categories_len);
	if (date)
		buf_printf(out, "%d-%d-%d %d:%d:%d %d %d", date->year, date->month, date->day,
		    date->hour, date->minute, date->second, date->has_time,
		    date->has_offset ? date->offset : -1);
	buf_putc(out, ';');
}

void written_digest(const struct written *written, uint8_t out[WRITTEN_SIZE])
{
	struct digest_stream *stream = digest_new();
	struct slice body = slice_trim(written->body);
	struct buf head = BUF_INIT;
	struct digest digest;

	put_head(&head, written);
	digest_put(stream, head.data, head.len);
	digest_put(stream, body.ptr, body.len);
	digest = digest_finish(stream);
	memcpy(out, digest.bytes, WRITTEN_SIZE);
	digest_free(stream);
	buf_free(&head);
}
