#include "daemon/render.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/cache.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/read.h"
#include "feeds/base/map.h"
#include "feeds/base/mem.h"
#include "feeds/base/vec.h"
#include "feeds/feedpath.h"
#include "feeds/query.h"

enum {
	BATCH = 8,	     /* entries that one job renders */
	GROUPS = 8,	     /* feeds under way at once */
	PROGRESS_AFTER = 500 /* ms of silence before a progress line */
};

struct batch {
	uv_work_t work;
	struct group *group;
	size_t first, len; /* of the group's entries */
	bool done, last;
	bool stale;
	struct buf out[FORMAT_COUNT];	/* the entries, printed */
	VEC(size_t) ends[FORMAT_COUNT]; /* where each ends */
	struct complaints complaints;
	bool fresh[BATCH];	/* rendered here, not taken from the cache */
	size_t unknowns[BATCH]; /* directives removed from each */
	struct batch *next;
};

struct document { /* one file */
	uv_work_t work;
	struct group *group;
	const struct format *format;
	char *path; /* within output.dir */
	struct channel channel;
	struct publish *publish;
	const struct batch *batch; /* being appended */
	bool failed;
	enum publish_outcome outcome;
	struct err err;
};

struct group { /* one feed: the same entries in each format */
	struct render *render;
	const struct config_feed *feed;
	const struct query_group *query;
	struct arena arena;			  /* paths, titles and URLs of its documents */
	struct document *documents[FORMAT_COUNT]; /* NULL: not asked for */
	size_t next;				  /* first entry that no batch has yet */
	bool closed;				  /* the last batch was started */
	unsigned appending;			  /* documents that are at the first batch */
	struct batch *first, *last;		  /* in order */
};

struct render {
	uv_loop_t *loop;
	uv_work_t work;
	const struct site *site;
	const struct index *index;
	struct links links;
	struct entry_site entry_site;
	struct cache *cache; /* NULL: no article stands in two feeds */
	int64_t now;
	bool dry;
	render_done done;
	void *arg;
	struct render_report report;
	struct query_result *queries; /* one for each [[feed]] */
	size_t feed, group_in_feed;   /* the next group to open */
	struct group *groups[GROUPS];
	unsigned jobs;	  /* under way */
	struct map spoke; /* articles whose complaints were taken */
	uint64_t started;
};

static void pump(struct render *render);

/* ---- opening a group ---- */

static const char *by_token(enum query_by by)
{
	static const char *const tokens[] = {
	    [QUERY_BY_NOTHING] = "",
	    [QUERY_BY_TAG] = "tag",
	    [QUERY_BY_CATEGORY] = "category",
	    [QUERY_BY_SECTION] = "section",
	    [QUERY_BY_AUTHOR] = "author",
	    [QUERY_BY_LANG] = "lang",
	};

	return tokens[by];
}

static struct slice taken(struct arena *arena, struct buf *buf)
{
	struct slice copy = arena_copy(arena, buf_slice(buf));

	buf_free(buf);
	return copy;
}

static struct slice document_path(struct group *group, const char *pattern)
{
	struct buf path = BUF_INIT;

	if (group->feed->by == QUERY_BY_NOTHING)
		buf_puts(&path, pattern);
	else
		feed_path(slice_of(pattern), by_token(group->feed->by), group->query->value, &path);
	return taken(&group->arena, &path);
}

static struct slice document_url(struct group *group, struct slice path)
{
	struct buf url = BUF_INIT;

	feed_url(slice_of(group->render->site->config->site.url), path, &url);
	return taken(&group->arena, &url);
}

static struct slice channel_title(struct group *group)
{
	const struct config *config = group->render->site->config;
	const char *title = group->feed->title ? group->feed->title : config->site.title;

	if (group->feed->by == QUERY_BY_NOTHING)
		return slice_of(title);
	return arena_printf(&group->arena, "%s: %.*s", title, SLICE_FMT(group->query->value));
}

/* The newest change of the entries: the same content has the same date for ever. */
static int64_t channel_updated(const struct group *group)
{
	int64_t updated = 0;

	for (size_t i = 0; i < group->query->len; i++)
		if (group->query->items[i]->updated > updated)
			updated = group->query->items[i]->updated;
	return updated;
}

/* The hubs that are told of this feed; see [[ping]]. */
static size_t channel_hubs(struct group *group, const struct slice **out)
{
	const struct config *config = group->render->site->config;
	struct slice *hubs = arena_array(&group->arena, struct slice, config->pings_len + 1);
	size_t len = 0;

	for (size_t i = 0; i < config->pings_len; i++) {
		const struct config_ping *ping = &config->pings[i];
		bool wanted = ping->feeds.len == 0;

		for (size_t j = 0; j < ping->feeds.len && !wanted; j++)
			wanted = strcmp(ping->feeds.items[j], group->feed->name) == 0;
		if (wanted && strcmp(ping->protocol, "websub") == 0)
			hubs[len++] = slice_of(ping->url);
	}
	*out = hubs;
	return len;
}

static struct document *document_new(struct group *group, size_t format)
{
	const struct config *config = group->render->site->config;
	struct document *document = mem_zalloc(1, sizeof(*document));
	struct slice path = document_path(group, group->feed->paths[format]);

	document->group = group;
	document->format = formats[format];
	document->path = mem_dup(path.ptr, path.len);
	document->channel = (struct channel){
	    .title = channel_title(group),
	    .description = slice_of(config->site.description),
	    .home_url = slice_of(config->site.url),
	    .self_url = document_url(group, path),
	    .language = group->feed->by == QUERY_BY_LANG ? group->query->value
							 : slice_of(config->site.language),
	    .authors = config->site.authors,
	    .authors_len = config->site.authors_len,
	    .updated = channel_updated(group),
	    .ttl = (unsigned)group->feed->ttl,
	    .generator = SLICE("feedd"),
	};
	document->channel.hubs_len = channel_hubs(group, &document->channel.hubs);
	return document;
}

static struct group *group_new(
    struct render *render, const struct config_feed *feed, const struct query_group *query)
{
	struct group *group = mem_zalloc(1, sizeof(*group));

	group->render = render;
	group->feed = feed;
	group->query = query;
	group->arena = ARENA_INIT;
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		if (feed->paths[i])
			group->documents[i] = document_new(group, i);
	return group;
}

/* The next feed that no group works on yet, or NULL. */
static struct group *next_group(struct render *render)
{
	const struct config *config = render->site->config;

	while (render->feed < config->feeds_len) {
		struct query_result *query = &render->queries[render->feed];

		if (render->group_in_feed < query->len)
			return group_new(render, &config->feeds[render->feed],
			    &query->groups[render->group_in_feed++]);
		render->feed++;
		render->group_in_feed = 0;
	}
	return NULL;
}

/* ---- batches: render and print, on a worker ---- */

static void print_entry(struct batch *batch, const struct entry *full, bool first)
{
	struct group *group = batch->group;
	struct entry entry = *full;

	if (group->feed->content != BODY_FULL)
		entry.content = SLICE_NONE;
	if (group->feed->content == BODY_NONE)
		entry.summary = SLICE_NONE;
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (!group->documents[i])
			continue;
		formats[i]->entry(&group->documents[i]->channel, &entry, first, &batch->out[i]);
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
	const struct render *render = batch->group->render;
	const struct article *article = batch->group->query->items[batch->first + number];
	struct diags known = DIAGS_INIT, diags = DIAGS_INIT;
	char *path = mem_dup(article->path.ptr, article->path.len);
	struct entry entry;
	struct err err;
	bool same = read_article(reader, render->site, path, &known, &err) == 0 &&
		    still_same(article, &reader->article, render->now);

	if (same) {
		read_enclosure(reader, render->site);
		entry_render(&reader->article, &reader->detail, &render->entry_site, &reader->arena,
		    &diags, &entry);
		print_entry(batch, &entry, batch->first + number == 0);
		if (render->cache)
			cache_put(render->cache, article, &entry);
		batch->fresh[number] = true;
		batch->unknowns[number] = diags.unknowns;
		complaint_put_diags(&batch->complaints, article->path, &diags);
	}
	free(path);
	diags_free(&known); /* said when the article was indexed */
	diags_free(&diags);
	return same;
}

static void batch_run(uv_work_t *work)
{
	struct batch *batch = container_of(work, struct batch, work);
	struct cache *cache = batch->group->render->cache;
	struct reader reader = READER_INIT;

	for (size_t i = 0; i < batch->len && !batch->stale; i++) {
		const struct article *article = batch->group->query->items[batch->first + i];
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

static void batch_free(struct batch *batch)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		buf_free(&batch->out[i]);
		vec_free(&batch->ends[i]);
	}
	complaint_free(&batch->complaints);
	free(batch);
}

static void on_batch(uv_work_t *work, int status)
{
	struct batch *batch = container_of(work, struct batch, work);
	struct render *render = batch->group->render;

	(void)status; /* never cancelled */
	batch->done = true;
	render->jobs--;
	render->report.stale = render->report.stale || batch->stale;
	pump(render);
}

static void batch_start(struct group *group)
{
	struct batch *batch = mem_zalloc(1, sizeof(*batch));
	size_t left = group->query->len - group->next;

	batch->group = group;
	batch->first = group->next;
	batch->len = left < BATCH ? left : BATCH;
	batch->last = batch->len == left;
	group->next += batch->len;
	group->closed = batch->last;
	if (group->last)
		group->last->next = batch;
	else
		group->first = batch;
	group->last = batch;
	group->render->jobs++;
	job_start(group->render->loop, &batch->work, batch_run, on_batch);
}

/* ---- documents: check, digest, write, on a worker ---- */

static int document_head(struct document *document)
{
	const struct render *render = document->group->render;
	const struct publish_target target = {
	    .root = render->site->output,
	    .path = document->path,
	    .format = document->format,
	    .mtime = render->now,
	    .gzip = render->site->config->output.gzip,
	    .brotli = render->site->config->output.brotli,
	    .dry = render->dry,
	};
	struct buf head = BUF_INIT;
	int rc;

	document->publish = publish_start(&target);
	document->format->head(&document->channel, &head);
	rc = publish_put(document->publish, buf_slice(&head), &document->err);
	buf_free(&head);
	return rc;
}

static int document_entries(struct document *document, size_t format)
{
	const struct batch *batch = document->batch;
	size_t start = 0;

	for (size_t i = 0; i < batch->ends[format].len; i++) {
		size_t end = batch->ends[format].items[i];

		if (publish_put(document->publish,
			slice_sub(buf_slice(&batch->out[format]), start, end), &document->err) < 0)
			return err_wrap(&document->err, "entry '%.*s'",
			    SLICE_FMT(document->group->query->items[batch->first + i]->path));
		start = end;
	}
	return 0;
}

static int document_tail(struct document *document)
{
	struct buf tail = BUF_INIT;
	int rc;

	document->format->tail(&document->channel, document->group->query->len == 0, &tail);
	rc = publish_put(document->publish, buf_slice(&tail), &document->err);
	buf_free(&tail);
	if (rc == 0)
		rc = publish_finish(document->publish, &document->outcome, &document->err);
	return rc;
}

static void document_run(uv_work_t *work)
{
	struct document *document = container_of(work, struct document, work);
	size_t format = 0;
	int rc = 0;

	while (formats[format] != document->format)
		format++;
	if (!document->publish)
		rc = document_head(document);
	if (rc == 0)
		rc = document_entries(document, format);
	if (rc == 0 && document->batch->last)
		rc = document_tail(document);
	document->failed = rc < 0;
	if (document->failed || document->batch->last) {
		publish_free(document->publish);
		document->publish = NULL;
	}
}

/* ---- bookkeeping, on the loop ---- */

static void report_document(struct render *render, const struct document *document)
{
	static const char *const words[] = {
	    [PUBLISH_UNCHANGED] = "unchanged",
	    [PUBLISH_REPLACED] = "written",
	    [PUBLISH_CREATED] = "written",
	};
	const struct group *group = document->group;
	/* One line for each of a thousand tags is noise, a feed by name is news. */
	bool quiet = document->outcome == PUBLISH_UNCHANGED || group->feed->by != QUERY_BY_NOTHING;

	if (document->failed) {
		render->report.failed++;
		log_error(
		    "feed '%s': %s: %s", group->feed->name, document->path, document->err.text);
		return;
	}
	render->report.feeds++;
	render->report.created += document->outcome == PUBLISH_CREATED;
	render->report.replaced += document->outcome == PUBLISH_REPLACED;
	log_put(quiet ? LOG_DEBUG : LOG_INFO, "feed '%s': %s %s%s, %zu %s", group->feed->name,
	    document->path,
	    render->dry && document->outcome != PUBLISH_UNCHANGED ? "would be " : "",
	    words[document->outcome], group->query->len,
	    group->query->len == 1 ? "entry" : "entries");
}

static void group_free(struct group *group)
{
	while (group->first) {
		struct batch *batch = group->first;

		group->first = batch->next;
		batch_free(batch);
	}
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (!group->documents[i])
			continue;
		publish_free(group->documents[i]->publish);
		free(group->documents[i]->path);
		free(group->documents[i]);
	}
	arena_free(&group->arena);
	free(group);
}

/* Take the complaints of a batch, once for each article. */
static void take_complaints(struct render *render, struct batch *batch)
{
	struct complaints fresh = COMPLAINTS_INIT;

	for (size_t i = 0; i < batch->len; i++) {
		struct slice path = batch->group->query->items[batch->first + i]->path;
		size_t *said;

		if (!batch->fresh[i])
			continue;
		said = map_put(&render->spoke, path);
		if (*said != MAP_NONE)
			continue;
		*said = 0;
		render->report.entries++;
		render->report.unknowns += batch->unknowns[i];
		for (size_t j = 0; j < batch->complaints.len; j++) {
			struct complaint *c = &batch->complaints.items[j];

			if (slice_equal_str(path, c->path))
				complaint_put(
				    &fresh, path, c->line, c->column, c->level, false, c->text);
		}
	}
	complaint_move(&render->report.complaints, &fresh);
}

/* The first batch is in every document: it goes, and with the last one the group. */
static void batch_appended(struct render *render, size_t slot)
{
	struct group *group = render->groups[slot];
	struct batch *batch = group->first;
	bool last = batch->last;

	take_complaints(render, batch);
	group->first = batch->next;
	if (!group->first)
		group->last = NULL;
	batch_free(batch);
	if (!last)
		return;
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		if (group->documents[i])
			report_document(render, group->documents[i]);
	group_free(group);
	render->groups[slot] = NULL;
}

static void on_document(uv_work_t *work, int status)
{
	struct document *document = container_of(work, struct document, work);
	struct render *render = document->group->render;
	size_t slot = 0;

	(void)status; /* never cancelled */
	render->jobs--;
	if (--document->group->appending == 0) {
		while (render->groups[slot] != document->group)
			slot++;
		batch_appended(render, slot);
	}
	if (uv_now(render->loop) - render->started > PROGRESS_AFTER)
		log_progress("rendering: %zu entries, %zu feeds", render->report.entries,
		    render->report.feeds);
	pump(render);
}

/* Append the first batch of a group to its documents, if it is ready. */
static void append_start(struct render *render, size_t slot)
{
	struct group *group = render->groups[slot];

	if (group->appending > 0 || !group->first || !group->first->done)
		return;
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		struct document *document = group->documents[i];

		if (!document || document->failed)
			continue;
		document->batch = group->first;
		group->appending++;
		render->jobs++;
		job_start(render->loop, &document->work, document_run, on_document);
	}
	if (group->appending == 0)
		batch_appended(render, slot); /* every document failed before */
}

static size_t waiting_batches(const struct group *group)
{
	size_t len = 0;

	for (const struct batch *batch = group->first; batch; batch = batch->next)
		len++;
	return len;
}

static void finish(struct render *render)
{
	struct render_report report = render->report;

	for (size_t i = 0; i < GROUPS; i++)
		if (render->groups[i])
			group_free(render->groups[i]);
	for (size_t i = 0; i < render->site->config->feeds_len; i++)
		query_free(&render->queries[i]);
	free(render->queries);
	map_free(&render->spoke);
	cache_free(render->cache);
	render->done(render->arg, &report);
	free(render);
}

/* Start whatever can start; the one place that decides. */
static void pump(struct render *render)
{
	unsigned most = 2 * job_threads() + FORMAT_COUNT;
	bool busy = false;

	if (render->report.stale) {
		if (render->jobs == 0)
			finish(render);
		return;
	}
	for (size_t i = 0; i < GROUPS; i++) {
		if (render->groups[i])
			append_start(render, i);
		if (!render->groups[i])
			render->groups[i] = next_group(render);
		busy = busy || render->groups[i];
	}
	for (size_t i = 0; i < GROUPS; i++) {
		struct group *group = render->groups[i];

		while (
		    group && !group->closed && render->jobs < most && waiting_batches(group) < most)
			batch_start(group);
	}
	if (!busy) {
		assert(render->jobs == 0);
		finish(render);
	}
}

/* ---- the start: the queries, on a worker ---- */

static void queries_run(uv_work_t *work)
{
	struct render *render = container_of(work, struct render, work);
	const struct config *config = render->site->config;

	for (size_t i = 0; i < config->feeds_len; i++) {
		const struct config_feed *feed = &config->feeds[i];
		const struct query query = {
		    .section = feed->section,
		    .tag = feed->tag,
		    .category = feed->category,
		    .author = feed->author,
		    .lang = feed->lang,
		    .path = feed->path,
		    .by = feed->by,
		    .limit = (size_t)feed->limit,
		    .site_lang = slice_of(config->site.language),
		};

		query_run(&query, render->index, &render->queries[i]);
	}
}

static void on_queries(uv_work_t *work, int status)
{
	(void)status; /* never cancelled */
	pump(container_of(work, struct render, work));
}

struct render *render_start(uv_loop_t *loop, const struct site *site, const struct index *index,
    int64_t now, bool dry, render_done done, void *arg)
{
	struct render *render = mem_zalloc(1, sizeof(*render));

	render->loop = loop;
	render->site = site;
	render->index = index;
	render->links = index_links(index);
	render->entry_site = (struct entry_site){slice_of(site->config->site.url),
	    slice_of(site->config->site.language), &render->links};
	render->now = now;
	render->dry = dry;
	render->done = done;
	render->arg = arg;
	render->started = uv_now(loop);
	if (site->config->feeds_len > 1 || site->config->feeds[0].by != QUERY_BY_NOTHING)
		render->cache = cache_new(CACHE_MAX);
	render->queries = mem_zalloc(site->config->feeds_len, sizeof(*render->queries));
	job_start(loop, &render->work, queries_run, on_queries);
	return render;
}
