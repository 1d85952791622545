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

/* Passes questions on, and remembers that there was one. */
struct asking {
	const struct links *links;
	bool asked;
};

static bool ask(const void *arg, struct slice from, struct slice target, struct buf *url)
{
	struct asking *asking = (struct asking *)arg; /* batch's own, and not const */

	asking->asked = true;
	return asking->links->find(asking->links->arg, from, target, url);
}

/*
 * Take over what the index decided: where the file was read again, its id,
 * dates and the rest are still those of first sight.
 */
static void take_indexed(const struct article *indexed, struct article *article)
{
	article->id = indexed->id;
	article->url = indexed->url;
	article->published = indexed->published;
	article->updated = indexed->updated;
}

/* Render one article of the batch. Returns false when it is not what was indexed. */
static bool render_fresh(struct batch *batch, size_t number, struct reader *reader)
{
	const struct document_source *source = batch->source;
	const struct article *article = query_group_at(source->query, batch->first + number);
	struct asking asking = {batch->entry_site->links, false};
	const struct links links = {&asking, ask};
	struct entry_site entry_site = *batch->entry_site;
	struct diags known = DIAGS_INIT, diags = DIAGS_INIT;
	char *path = mem_dup(article->path.ptr, article->path.len);
	struct entry entry;
	struct err err;
	bool same =
	    read_article(reader, source->site, path, article, source->now, &known, &err) == 0 &&
	    reader->article.digest == article->digest;

	if (same) {
		entry_site.links = &links;
		take_indexed(article, &reader->article);
		read_enclosure(reader, source->site);
		entry_render(
		    &reader->article, &reader->detail, &entry_site, &reader->arena, &diags, &entry);
		print_entry(batch, &entry, batch->first + number == 0);
		if (batch->cache)
			cache_put(batch->cache, article, asking.asked ? batch->names : 0, &entry);
		batch->fresh[number] = true;
		batch->links[number] = asking.asked;
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
		const struct entry *entry = cache ? cache_get(cache, article, batch->names) : NULL;

		if (entry) {
			print_entry(batch, entry, batch->first + i == 0);
			cache_release(cache, entry);
		} else {
			batch->stale = !render_fresh(batch, i, &reader);
			batch->stale_item = batch->first + i;
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
