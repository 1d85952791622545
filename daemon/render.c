#include "daemon/render.h"

#include <assert.h>
#include <stdlib.h>

#include "daemon/batch.h"
#include "daemon/cache.h"
#include "daemon/document.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "feeds/base/map.h"
#include "feeds/base/mem.h"
#include "feeds/query.h"

enum {
	GROUPS = 8,	      /* feeds under way at once */
	CACHE_MAX = 16777216, /* bytes of rendered entries kept for other feeds */
	HELD_MAX = 33554432,  /* bytes of printed entries that wait to be appended */
	PROGRESS_AFTER = 500  /* ms of silence before a progress line */
};

struct batch_job {
	uv_work_t work;
	struct group *group;
	struct batch batch;
	bool done, last;
	struct batch_job *next; /* of the group, in order */
};

struct append_job { /* the group's first batch goes into one document */
	uv_work_t work;
	struct group *group;
	size_t format;
};

struct group { /* one feed: the same entries in each format */
	struct render *render;
	struct document_source source;
	struct document *documents[FORMAT_COUNT]; /* NULL: not asked for */
	struct append_job appends[FORMAT_COUNT];
	unsigned appending;		/* append jobs under way */
	size_t next;			/* first entry that no batch has yet */
	bool closed;			/* the last batch was started */
	struct batch_job *first, *last; /* in order */
	size_t waiting;			/* how many they are */
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
	unsigned jobs;	    /* under way */
	unsigned batching;  /* of these, batches */
	size_t held;	    /* bytes that finished batches hold */
	size_t largest;	    /* of any batch so far */
	struct map spoke;   /* articles whose complaints were taken */
	struct map paths;   /* of documents: no two may share one */
	struct map folders; /* that they lie in */
	struct arena names; /* the strings of both */
	uint64_t started;   /* uv_now, ms */
};

static void pump(struct render *render);

/* ---- groups ---- */

/* Each folder is swept once: there may be thousands of files in one. */
static void claim_folder(struct render *render, struct document *document, struct slice path)
{
	size_t slash = path.len, *swept;

	while (slash > 0 && path.ptr[slash - 1] != '/')
		slash--;
	swept = map_put(&render->folders, slice_sub(path, 0, slash));
	document->sweep = *swept == MAP_NONE;
	*swept = 0;
}

/* Settings keep patterns apart; `tags/:tag/atom.xml` and `tags/rust/atom.xml` meet only here. */
static void claim_path(struct render *render, struct document *document)
{
	struct slice name = arena_copy(&render->names, slice_of(document->path));
	size_t *taken = map_put(&render->paths, name);

	if (*taken == MAP_NONE) {
		*taken = render->feed;
		claim_folder(render, document, name);
		return;
	}
	document->failed = true;
	(void)err_set(&document->err, ERR_INVALID,
	    "feed '%s' writes this file too; give one of them another path",
	    render->site->config->feeds[*taken].name);
}

static struct group *group_new(
    struct render *render, const struct config_feed *feed, const struct query_group *query)
{
	struct group *group = mem_zalloc(1, sizeof(*group));

	group->render = render;
	group->source =
	    (struct document_source){render->site, feed, query, render->now, render->dry};
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (!feed->paths[i])
			continue;
		group->documents[i] = document_new(&group->source, i);
		claim_path(render, group->documents[i]);
	}
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
			    query->groups[render->group_in_feed++]);
		render->feed++;
		render->group_in_feed = 0;
	}
	return NULL;
}

static size_t batch_bytes(const struct batch *batch)
{
	size_t bytes = 0;

	for (size_t i = 0; i < FORMAT_COUNT; i++)
		bytes += batch->out[i].cap;
	return bytes;
}

/* Take the first batch off the group. */
static void drop_first(struct group *group)
{
	struct batch_job *job = group->first;

	group->render->held -= batch_bytes(&job->batch);

	group->first = job->next;
	if (!group->first)
		group->last = NULL;
	group->waiting--;
	batch_clear(&job->batch);
	free(job);
}

static void group_free(struct group *group)
{
	while (group->first)
		drop_first(group);
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		document_free(group->documents[i]);
	free(group);
}

static void report_document(struct render *render, const struct document *document)
{
	const struct document_source *source = document->source;
	const char *what = document->outcome == PUBLISH_UNCHANGED ? "unchanged"
			   : render->dry			  ? "would be written"
								  : "written";
	/* One line for each of a thousand tags is noise, a feed by name is news. */
	bool news = document->outcome != PUBLISH_UNCHANGED && source->feed->by == QUERY_BY_NOTHING;

	if (document->failed) {
		render->report.failed++;
		log_error(
		    "feed '%s': %s: %s", source->feed->name, document->path, document->err.text);
		return;
	}
	render->report.feeds++;
	render->report.created += document->outcome == PUBLISH_CREATED;
	render->report.replaced += document->outcome == PUBLISH_REPLACED;
	log_put(news ? LOG_INFO : LOG_DEBUG, "feed '%s': %s %s, %zu %s", source->feed->name,
	    document->path, what, query_group_window(source->query),
	    query_group_window(source->query) == 1 ? "entry" : "entries");
}

/* Take the complaints of a batch, once for each article. */
static void take_complaints(struct render *render, struct batch *batch)
{
	for (size_t i = 0; i < batch->len; i++) {
		struct slice path = query_group_at(batch->source->query, batch->first + i)->path;
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
			const struct complaint *c = &batch->complaints.items[j];

			if (slice_equal_str(path, c->path))
				complaint_put(&render->report.complaints, path, c->line, c->column,
				    c->level, c->skipped, c->text);
		}
	}
}

/* ---- appending: documents check, digest and write on workers ---- */

/* The first batch is in every document: it goes, and with the last one the group. */
static void batch_appended(struct render *render, size_t slot)
{
	struct group *group = render->groups[slot];
	bool last = group->first->last;

	take_complaints(render, &group->first->batch);
	drop_first(group);
	if (!last)
		return;
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		if (group->documents[i])
			report_document(render, group->documents[i]);
	group_free(group);
	render->groups[slot] = NULL;
}

static void append_run(uv_work_t *work)
{
	struct append_job *job = container_of(work, struct append_job, work);
	const struct batch_job *first = job->group->first;

	document_append(job->group->documents[job->format],
	    buf_slice(&first->batch.out[job->format]), first->batch.ends[job->format].items,
	    first->batch.ends[job->format].len, first->last);
}

static void on_append(uv_work_t *work, int status)
{
	struct append_job *job = container_of(work, struct append_job, work);
	struct group *group = job->group;
	struct render *render = group->render;
	size_t slot = 0;

	(void)status; /* never cancelled */
	render->jobs--;
	if (--group->appending == 0) {
		while (render->groups[slot] != group)
			slot++;
		batch_appended(render, slot);
	}
	if (uv_now(render->loop) - render->started > PROGRESS_AFTER)
		log_progress("rendering: %zu entries, %zu feeds done", render->report.entries,
		    render->report.feeds);
	pump(render);
}

/*
 * Append the first batch of a group to its documents, if it is ready. Where every
 * document failed before nothing is under way that would call again, so those
 * behind it go at once too.
 */
static void append_start(struct render *render, size_t slot)
{
	struct group *group = render->groups[slot];

	while (group && group->appending == 0 && group->first && group->first->done) {
		for (size_t i = 0; i < FORMAT_COUNT; i++) {
			if (!group->documents[i] || group->documents[i]->failed)
				continue;
			group->appends[i].group = group;
			group->appends[i].format = i;
			group->appending++;
			render->jobs++;
			job_start(render->loop, &group->appends[i].work, append_run, on_append);
		}
		if (group->appending == 0) {
			batch_appended(render, slot);
			group = render->groups[slot];
		}
	}
}

/* ---- batches: render and print on workers ---- */

static void batch_job_run(uv_work_t *work)
{
	batch_run(&container_of(work, struct batch_job, work)->batch);
}

static void on_batch(uv_work_t *work, int status)
{
	struct batch_job *job = container_of(work, struct batch_job, work);
	struct render *render = job->group->render;
	size_t bytes;

	(void)status; /* never cancelled */
	job->done = true;
	render->jobs--;
	render->batching--;
	bytes = batch_bytes(&job->batch);
	render->held += bytes;
	render->largest = bytes > render->largest ? bytes : render->largest;
	render->report.stale = render->report.stale || job->batch.stale;
	pump(render);
}

static void batch_start(struct group *group)
{
	struct render *render = group->render;
	struct batch_job *job = mem_zalloc(1, sizeof(*job));
	size_t left = query_group_window(group->source.query) - group->next;

	job->group = group;
	job->batch.source = &group->source;
	job->batch.documents = group->documents;
	job->batch.entry_site = &render->entry_site;
	job->batch.cache = render->cache;
	job->batch.first = group->next;
	job->batch.len = left < BATCH_MAX ? left : BATCH_MAX;
	job->last = group->closed = job->batch.len == left;
	group->next += job->batch.len;
	if (group->last)
		group->last->next = job;
	else
		group->first = job;
	group->last = job;
	group->waiting++;
	render->jobs++;
	render->batching++;
	job_start(render->loop, &job->work, batch_job_run, on_batch);
}

/*
 * May one more batch be under way? Not when it and those before could hold too
 * much; the first show how large they are. With no job under way nothing is
 * held either, so this cannot stall.
 */
static bool has_room(const struct render *render)
{
	if (render->jobs == 0)
		return true;
	if (render->largest == 0)
		return render->batching < job_threads();
	return render->held + (render->batching + 1) * render->largest < HELD_MAX;
}

/* ---- the whole ---- */

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
	map_free(&render->paths);
	map_free(&render->folders);
	arena_free(&render->names);
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

		while (group && !group->closed && render->jobs < most && group->waiting < most &&
		       has_room(render))
			batch_start(group);
	}
	if (!busy) {
		assert(render->jobs == 0);
		finish(render);
	}
}

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

		query_start(&query, &render->queries[i]);
		query_fill(&query, &render->queries[i], render->index);
	}
}

static void on_queries(uv_work_t *work, int status)
{
	(void)status; /* never cancelled */
	pump(container_of(work, struct render, work));
}

void render_start(uv_loop_t *loop, const struct site *site, const struct index *index, int64_t now,
    bool dry, render_done done, void *arg)
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
}
