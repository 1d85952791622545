#include "feeds/written.h"

#include <endian.h>

#include "feeds/base/buf.h"
#include "feeds/base/hash.h"

static void put_number(struct buf *out, int64_t number)
{
	const uint64_t bytes = htole64((uint64_t)number); /* the same on every machine */

	buf_put(out, &bytes, sizeof(bytes));
}

/* With its length before it, so that nothing can stand for two things. */
static void put(struct buf *out, struct slice text)
{
	put_number(out, (int64_t)text.len);
	buf_put_slice(out, text);
}

static void put_list(struct buf *out, const struct slice *items, size_t len)
{
	put_number(out, (int64_t)len);
	for (size_t i = 0; i < len; i++)
		put(out, items[i]);
}

/* A date is as written: an instant would depend on the site's zone. */
static void put_date(struct buf *out, const struct date *date)
{
	put_number(out, date != NULL);
	if (!date)
		return;
	put_number(out, date->year * 10000 + date->month * 100 + date->day);
	put_number(out, date->hour * 10000 + date->minute * 100 + date->second);
	put_number(out, date->has_time);
	put_number(out, date->has_offset);
	put_number(out, date->has_offset ? date->offset : 0);
}

static void put_head(struct buf *out, const struct written *written)
{
	put(out, written->title);
	put(out, written->summary);
	put(out, written->lang);
	put(out, written->external_url);
	put(out, written->image);
	put(out, written->enclosure.url);
	put(out, written->enclosure.type);
	put_number(out, written->enclosure.length);
	put_number(out, (int64_t)written->authors_len);
	for (size_t i = 0; i < written->authors_len; i++) {
		put(out, written->authors[i].name);
		put(out, written->authors[i].email);
		put(out, written->authors[i].url);
	}
	put_list(out, written->tags, written->tags_len);
	put_list(out, written->categories, written->categories_len);
	put_date(out, written->published);
}

uint64_t written_digest(const struct written *written)
{
	struct buf head = BUF_INIT;
	uint64_t digest;

	put_head(&head, written);
	digest = hash_of(slice_trim(written->body), hash_of(buf_slice(&head), 0));
	buf_free(&head);
	return digest;
}
