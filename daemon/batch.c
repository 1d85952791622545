#include "daemon/batch.h"

#include "daemon/read.h"
#include "feeds/base/jsonout.h"
#include "feeds/base/xmlout.h"

enum { ESCAPED_MAX = 200 }; /* entries of a feed: of longer ones few stay in the cache */

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

struct rendering { /* one article after the other in the same memory */
	struct reader reader;
	struct buf xml, json;
};

/* Once for all documents, and for all builds that find it in the cache. */
static void escape_content(struct rendering *r, struct entry *entry)
{
	buf_clear(&r->xml);
	buf_clear(&r->json);
	xmlout_escape(entry->content, &r->xml);
	jsonout_escape(entry->content, &r->json);
	entry->content_xml = buf_slice(&r->xml);
	entry->content_json = buf_slice(&r->json);
}

/* Render one article of the batch; NULL when it is not what was indexed. */
static const struct entry *render_fresh(struct batch *batch, size_t number, struct rendering *r)
{
	struct reader *reader = &r->reader;
	const struct document_source *source = batch->source;
	const struct article *article = query_group_at(source->query, batch->first + number);
	struct asking asking = {batch->entry_site->links, false};
	const struct links links = {&asking, ask};
	struct entry_site entry_site = *batch->entry_site;
	struct diags known = DIAGS_INIT, diags = DIAGS_INIT;
	const struct entry *kept = NULL;
	struct entry entry;
	struct err err;
	int rc = read_indexed(reader, source->site, article, source->now, &known, &err);

	if (rc < 0 && err.passing)
		batch->unread = err;
	if (rc == 0) {
		entry_site.links = &links;
		read_enclosure(reader, source->site);
		entry_render(
		    &reader->article, &reader->detail, &entry_site, &reader->arena, &diags, &entry);
		if (source->feed->content == BODY_FULL && source->len <= ESCAPED_MAX)
			escape_content(r, &entry);
		kept = cache_put(batch->cache, article, asking.asked ? batch->names : 0, &entry);
		batch->fresh[number] = true;
		batch->links[number] = asking.asked;
		batch->unknowns[number] = diags.unknowns;
		complaint_put_diags(&batch->complaints, article->path, &diags);
	}
	diags_free(&known); /* said when the article was indexed */
	diags_free(&diags);
	return kept;
}

void batch_run(struct batch *batch)
{
	struct rendering rendering = {READER_INIT, BUF_INIT, BUF_INIT};

	for (size_t i = 0; i < batch->len && !batch->stale; i++) {
		const struct article *article =
		    query_group_at(batch->source->query, batch->first + i);
		const struct entry *entry = cache_get(batch->cache, article, batch->names);

		if (!entry)
			entry = render_fresh(batch, i, &rendering);
		if (entry) {
			batch->entries[batch->entries_len++] = entry;
			batch->bytes += cache_bytes(entry);
		} else {
			batch->stale = true;
			batch->stale_item = batch->first + i;
		}
	}
	reader_free(&rendering.reader);
	buf_free(&rendering.xml);
	buf_free(&rendering.json);
}

void batch_clear(struct batch *batch)
{
	for (size_t i = 0; i < batch->entries_len; i++)
		cache_release(batch->cache, batch->entries[i]);
	complaint_free(&batch->complaints);
}
