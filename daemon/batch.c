#include "daemon/batch.h"

#include <stdlib.h>

#include "daemon/read.h"
#include "feeds/base/mem.h"

static void print_entry(struct batch *batch, const struct entry *full, bool first)
{
	enum config_body body = batch->source->feed->content;
	struct entry entry = *full;

	if (body != BODY_FULL)
		entry.content = SLICE_NONE;
	if (body == BODY_NONE)
		entry.summary = SLICE_NONE;
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (!batch->documents[i])
			continue;
		formats[i]->entry(&batch->documents[i]->channel, &entry, first, &batch->out[i]);
		vec_push(&batch->ends[i], batch->out[i].len);
	}
}

/* Is the file still the article that was indexed, as far as feeds can tell? */
static bool still_same(const struct article *indexed, const struct article *now, int64_t instant)
{
	return article_standing(now, instant) == ARTICLE_PUBLIC &&
	       slice_equal(indexed->id, now->id) && slice_equal(indexed->url, now->url) &&
	       indexed->published == now->published && indexed->updated == now->updated;
}

/* Render one article of the batch. Returns false when it is not what was indexed. */
static bool render_fresh(struct batch *batch, size_t number, struct reader *reader)
{
	const struct site *site = batch->source->site;
	const struct article *article = query_group_at(batch->source->query, batch->first + number);
	struct diags known = DIAGS_INIT, diags = DIAGS_INIT;
	char *path = mem_dup(article->path.ptr, article->path.len);
	struct entry entry;
	struct err err;
	bool same = read_article(reader, site, path, &known, &err) == 0 &&
		    still_same(article, &reader->article, batch->source->now);

	if (same) {
		read_enclosure(reader, site);
		entry_render(&reader->article, &reader->detail, batch->entry_site, &reader->arena,
		    &diags, &entry);
		print_entry(batch, &entry, batch->first + number == 0);
		if (batch->cache)
			cache_put(batch->cache, article, &entry);
		batch->fresh[number] = true;
		batch->unknowns[number] = diags.unknowns;
		complaint_put_diags(&batch->complaints, article->path, &diags);
	}
	free(path);
	diags_free(&known); /* said when the article was indexed */
	diags_free(&diags);
	return same;
}

void batch_run(struct batch *batch)
{
	struct cache *cache = batch->cache;
	struct reader reader = READER_INIT;

	for (size_t i = 0; i < batch->len && !batch->stale; i++) {
		const struct article *article =
		    query_group_at(batch->source->query, batch->first + i);
		const struct entry *entry = cache ? cache_get(cache, article) : NULL;

		if (entry) {
			print_entry(batch, entry, batch->first + i == 0);
			cache_release(cache, entry);
		} else {
			batch->stale = !render_fresh(batch, i, &reader);
		}
	}
	reader_free(&reader);
}

void batch_clear(struct batch *batch)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		buf_free(&batch->out[i]);
		vec_free(&batch->ends[i]);
	}
	complaint_free(&batch->complaints);
}
