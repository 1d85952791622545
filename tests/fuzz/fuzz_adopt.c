/*
 * adopt: what is read of any feed is text on one line, and each entry of a table is found by
 * its URL.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/adopt.h"
#include "feeds/article.h"
#include "feeds/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(struct slice text)
{
	struct buf repaired = BUF_INIT;
	struct text_repairs repairs;
	struct slice legal;
	struct err err;

	if (text_legal(text, &repaired, &legal, &repairs, &err) < 0 || repairs.replaced ||
	    repairs.dropped || slice_find_byte(text, 0, '\n') < text.len)
		abort();
	buf_free(&repaired);
}

static const struct adopt_entry *take(
    struct adopt_table *table, struct slice url, struct slice title, int64_t published)
{
	const struct article article = {.url = url, .title = title, .published = published};
	const struct article *const one = &article;
	const struct adopt_entry *entry;

	adopt_assign(table, &one, 1, &entry);
	return entry;
}

static void check_table(const struct adopt_feed *feed)
{
	struct adopt_table table = ADOPT_TABLE_INIT;
	struct buf key = BUF_INIT;

	if (adopt_table_put(&table, feed) > feed->len || adopt_table_put(&table, feed) > 0)
		abort();
	for (size_t i = 0; i < table.len; i++) {
		const struct adopt_entry *entry = &table.items[i];

		buf_clear(&key);
		adopt_url_key(entry->url, &key);
		if (key.len > 0 && take(&table, entry->url, SLICE_NONE, 0) != entry)
			abort();
		(void)take(&table, SLICE_NONE, entry->title, entry->published);
	}
	buf_free(&key);
	adopt_table_free(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_make((const char *)data, size);
	struct adopt_feed feed = ADOPT_FEED_INIT;
	struct err err = {0};

	if (adopt_parse(bytes, &feed, &err) < 0) {
		if (err.kind == ERR_NONE || err.text[0] == '\0' || feed.items)
			abort();
		return 0;
	}
	for (size_t i = 0; i < feed.len; i++) {
		if (feed.items[i].id.len == 0)
			abort();
		check_line(feed.items[i].id);
		check_line(feed.items[i].url);
		check_line(feed.items[i].title);
	}
	check_table(&feed);
	adopt_feed_free(&feed);
	return 0;
}
