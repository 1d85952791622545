#include "daemon/render.h"

#include <assert.h>
#include <stdlib.h>

#include "daemon/batch.h"
#include "daemon/document.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/plan.h"
#include "daemon/recipe.h"
#include "feeds/base/map.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"

enum {
	GROUPS = 8,	     /* feeds under way at once */
	HELD_MAX = 33554432, /* bytes of entries that wait to be appended */
	PROGRESS_AFTER = 500 /* ms of silence before a progress line */
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
	struct query_group *query;
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
	struct library *library;
	struct render_task task;
	struct links links;
	struct entry_site entry_site;
	render_done done;
	void *arg;
	struct render_report report;
	struct plan plan;
	uv_work_t site_work;
	bool site_busy;
	size_t *written; /* documents of each [[feed]] with `by` */
	bool planned, stopped;
	size_t next_item; /* of the plan, not opened yet */
	struct group *groups[GROUPS];
	unsigned jobs;	   /* under way */
	unsigned batching; /* of these, batches */
	size_t held;	   /* bytes that finished batches hold */
	size_t largest;	   /* of any batch so far */
	struct map spoke;  /* articles whose complaints were taken */
	uint64_t started;  /* uv_now, ms */
};

static void pump(struct render *render);

/* ---- groups ---- */

/* Settings keep patterns apart; `tags/:tag/atom.xml` and `tags/rust/atom.xml` meet only here. */
static void claim_path(struct render *render, struct document *document, size_t feed)
{
	const struct config *config = render->library->site->config;
	size_t owner = library_claim(render->library, slice_of(document->path), feed);

	if (owner == feed)
		return;
	document->failed = true;
	if (owner == config->feeds_len)
		(void)err_set(&document->err, ERR_INVALID,
		    "[pages] writes this file too; give the feed another path");
	else
		(void)err_set(&document->err, ERR_INVALID,
		    "feed '%s' writes this file too; give one of them another path",
		    config->feeds[owner].name);
}

static struct group *group_new(struct render *render, const struct plan_item *item)
{
	struct group *group = mem_zalloc(1, sizeof(*group));

	group->render = render;
	group->query = item->group;
	group->source = plan_source(render->library, item->feed, item->group, render->task.now);
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (!item->wanted[i])
			continue;
		group->documents[i] = document_new(&group->source, i);
		claim_path(render, group->documents[i], item->feed);
		if (item->foreign && formats[i]->for_people && !group->documents[i]->failed)
			group->documents[i]->failed = pages_refuse(&group->documents[i]->err) < 0;
	}
	return group;
}

/* The next feed of the plan that no group works on yet, or NULL. */
static struct group *next_group(struct render *render)
{
	if (render->next_item == render->plan.items.len)
		return NULL;
	return group_new(render, &render->plan.items.items[render->next_item++]);
}

/* Take the first batch off the group. */
static void drop_first(struct group *group)
{
	struct batch_job *job = group->first;

	group->render->held -= job->batch.bytes;
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

/* ", 2 new ("The latest")" */
static void put_news(
    const struct render *render, const struct document_source *source, struct buf *out)
{
	const struct article *first = NULL;
	size_t news = 0;

	for (size_t i = 0; render->task.news && render->task.news->len && i < source->len; i++) {
		const struct article *article = query_group_at(source->query, i);

		if (map_get(render->task.news, article->id) == MAP_NONE)
			continue;
		first = first ? first : article;
		news++;
	}
	if (news == 0)
		return;
	buf_printf(out, ", %zu new (\"", news);
	text_put_escaped(out, first->title);
	buf_puts(out, "\")");
}

static void log_document(const struct render *render, const struct document *document)
{
	const struct document_source *source = document->source;
	enum publish_outcome outcome = document->result.outcome;
	/* One line for each of a thousand tags is noise, a feed by name is news. */
	bool news = outcome != PUBLISH_UNCHANGED && source->feed->by == QUERY_BY_NOTHING;
	struct buf line = BUF_INIT;

	buf_printf(&line, "feed '%s': %s %s, %zu entr%s", source->feed->name, document->path,
	    outcome == PUBLISH_UNCHANGED ? "unchanged"
	    : render->library->dry	 ? "would be written"
					 : "written",
	    source->len, text_plural_y(source->len));
	if (outcome == PUBLISH_REPLACED)
		put_news(render, source, &line);
	if (render->task.since_ms && outcome != PUBLISH_UNCHANGED)
		buf_printf(&line, ", %llu ms after the save",
		    (unsigned long long)(uv_now(render->loop) - render->task.since_ms));
	log_put(news ? LOG_INFO : LOG_DEBUG, "%s", buf_string(&line));
	if (!news && outcome != PUBLISH_UNCHANGED)
		render->written[source->feed - render->library->site->config->feeds]++;
	buf_free(&line);
}

/* Remember what is on disk now, or would be. */
static void keep_document(struct render *render, const struct document *document)
{
	const struct document_source *source = document->source;
	const struct library_document *before =
	    library_document(render->library, slice_of(document->path));
	struct buf value = BUF_INIT;
	struct library_document now = {
	    .path = (char *)document->path, /* copied there, as the others */
	    .feed = (char *)source->feed->name,
	    .format = document->number,
	    .digest = document->result.digest,
	    /* Rendering has shown which bodies ask for other articles. */
	    .recipe = recipe_of(document, render->library->names),
	    .stamp = document->result.stamp,
	    .entries = source->len,
	    .changed = render->task.now,
	};

	if (before && document->result.outcome == PUBLISH_UNCHANGED)
		now.changed = before->changed;
	if (source->feed->by != QUERY_BY_NOTHING && source->len == 0)
		now.empty_since =
		    before && before->empty_since ? before->empty_since : render->task.now;
	buf_put_slice(&value, source->query->value);
	now.value = (char *)buf_string(&value);
	library_put_document(render->library, &now);
	buf_free(&value);
}

/* `err` becomes what is said of it. */
static void count_failure(struct render *render, struct err *err, bool failed_before)
{
	if (render->report.failed++ == 0)
		render->report.err = *err;
	log_put(failed_before ? LOG_DEBUG : LOG_ERROR, "%s", err->text);
}

static void count_outcome(struct render *render, enum publish_outcome outcome)
{
	render->report.feeds++;
	render->report.created += outcome == PUBLISH_CREATED;
	render->report.replaced += outcome == PUBLISH_REPLACED;
}

static void report_document(
    struct render *render, const struct document *document, bool failed_before)
{
	if (document->failed) {
		struct err err = document->err;

		(void)err_wrap(&err, "feed '%s': %s", document->source->feed->name, document->path);
		count_failure(render, &err, failed_before);
		return;
	}
	count_outcome(render, document->result.outcome);
	log_document(render, document);
	keep_document(render, document);
}

/* Take the complaints of a batch, once for each article. */
static void take_complaints(struct render *render, struct batch *batch)
{
	for (size_t i = 0; i < batch->len; i++) {
		struct article *article = (struct article *)query_group_at(
		    batch->source->query, batch->first + i); /* the library is ours for now */
		struct slice path = article->path;
		size_t *said;

		if (!batch->fresh[i])
			continue;
		if (article->links != batch->links[i])
			library_mark(render->library, path, false);
		article->links = batch->links[i];
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
	bool last = group->first->last, right = true;

	take_complaints(render, &group->first->batch);
	drop_first(group);
	if (!last)
		return;
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (!group->documents[i])
			continue;
		report_document(render, group->documents[i], group->query->failing);
		right = right && !group->documents[i]->failed;
	}
	group->query->touched = group->query->failing = !right;
	group_free(group);
	render->groups[slot] = NULL;
}

static void append_run(uv_work_t *work)
{
	struct append_job *job = container_of(work, struct append_job, work);
	const struct batch_job *first = job->group->first;

	document_append(job->group->documents[job->format], first->batch.entries,
	    first->batch.entries_len, first->last);
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

/* ---- documents of the whole site ---- */

static void report_site_document(struct render *render, const struct pages_document *document)
{
	if (document->failed) {
		struct err err = document->err;

		(void)err_wrap(&err, "%s: %s", pages_name, document->path);
		count_failure(render, &err, render->task.failed_before);
		return;
	}
	count_outcome(render, document->result.outcome);
	if (document->result.outcome == PUBLISH_UNCHANGED)
		log_debug("%s: %s unchanged", pages_name, document->path);
	else
		log_info("%s: %s %s", pages_name, document->path,
		    render->library->dry ? "would be written" : "written");
	if (!render->library->dry)
		pages_keep(render->library, document, render->task.now);
}

static void site_run(uv_work_t *work)
{
	struct render *render = container_of(work, struct render, site_work);

	pages_render(render->library, render->task.now, &render->plan.pages);
}

static void on_site(uv_work_t *work, int status)
{
	struct render *render = container_of(work, struct render, site_work);

	(void)status; /* never cancelled */
	render->jobs--;
	render->site_busy = false;
	for (size_t i = 0; i < PAGES_COUNT; i++)
		if (render->plan.pages.documents[i].wanted)
			report_site_document(render, &render->plan.pages.documents[i]);
	pump(render);
}

static void site_start(struct render *render)
{
	for (size_t i = 0; i < PAGES_COUNT; i++) {
		const struct pages_document *document = &render->plan.pages.documents[i];

		render->site_busy = render->site_busy || document->wanted;
		if (document->foreign && !document->wanted)
			log_debug("%s: %s is not as feedd wrote it, and is left as it is",
			    pages_name, document->path);
	}
	if (!render->site_busy)
		return;
	render->jobs++;
	job_start(render->loop, &render->site_work, site_run, on_site);
}

/* ---- batches: render on workers ---- */

static void batch_job_run(uv_work_t *work)
{
	batch_run(&container_of(work, struct batch_job, work)->batch);
}

static void note_unread(struct render *render, struct slice path, const struct err *err)
{
	const struct article_stamp stamp = {.size = -1}; /* to be read again, changed or not */

	render->report.unread = *err;
	(void)err_wrap(&render->report.unread, "%.*s", SLICE_FMT(path));
	if (library_put_problem(render->library, path, &stamp, err)) {
		render->report.unread_first = true;
		complaint_put(
		    &render->report.complaints, path, 0, 0, DIAG_WARNING, true, err->text);
	}
	library_note_unread(render->library, path, render->task.now);
}

static void on_batch(uv_work_t *work, int status)
{
	struct batch_job *job = container_of(work, struct batch_job, work);
	struct render *render = job->group->render;
	size_t bytes = job->batch.bytes;

	(void)status; /* never cancelled */
	job->done = true;
	render->jobs--;
	render->batching--;
	render->held += bytes;
	render->largest = bytes > render->largest ? bytes : render->largest;
	if (job->batch.stale) {
		struct slice path =
		    query_group_at(job->group->source.query, job->batch.stale_item)->path;

		render->report.stale = true;
		vec_push(&render->report.stale_paths, mem_dup(path.ptr, path.len));
		if (job->batch.unread.kind != ERR_NONE)
			note_unread(render, path, &job->batch.unread);
	}
	pump(render);
}

/* Entries of the next batch: what is rendered already costs little, and a job on a worker some. */
static size_t batch_len(const struct group *group)
{
	const struct library *library = group->render->library;
	size_t left = group->source.len - group->next, len = 0, fresh = 0;

	while (len < left && len < BATCH_MAX && fresh < BATCH_FRESH) {
		const struct article *article =
		    query_group_at(group->source.query, group->next + len++);

		fresh += !cache_has(library->cache, article, library->names);
	}
	return len;
}

static void batch_start(struct group *group)
{
	struct render *render = group->render;
	struct batch_job *job = mem_zalloc(1, sizeof(*job));

	job->group = group;
	job->batch.source = &group->source;
	job->batch.entry_site = &render->entry_site;
	job->batch.cache = render->library->cache;
	job->batch.names = render->library->names;
	job->batch.first = group->next;
	job->batch.len = batch_len(group);
	group->next += job->batch.len;
	job->last = group->closed = group->next == group->source.len;
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

/* What the lines that were too many come to. */
static void log_values(const struct render *render)
{
	const struct config *config = render->library->site->config;

	for (size_t i = 0; i < config->feeds_len; i++)
		if (render->written[i])
			log_info("feed '%s': %zu document%s %s", config->feeds[i].name,
			    render->written[i], text_plural(render->written[i]),
			    render->library->dry ? "would be written" : "written");
}

/* ---- the whole ---- */

static void finish(struct render *render)
{
	struct render_report report = render->report;

	for (size_t i = 0; i < GROUPS; i++)
		if (render->groups[i])
			group_free(render->groups[i]);
	log_values(render);
	free(render->written);
	plan_free(&render->plan);
	map_free(&render->spoke);
	render->done(render->arg, &report);
	free(render);
}

/* Start whatever can start; the one place that decides. */
static void pump(struct render *render)
{
	unsigned most = 2 * job_threads() + FORMAT_COUNT;
	bool busy = render->site_busy;

	if (render->report.stale || render->stopped) {
		if (render->jobs == 0 && render->planned)
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

static void plan_run(uv_work_t *work)
{
	struct render *render = container_of(work, struct render, work);

	plan_make(render->library, render->task.now, render->task.all, &render->plan);
}

static void on_planned(uv_work_t *work, int status)
{
	struct render *render = container_of(work, struct render, work);
	const struct plan *plan = &render->plan;

	(void)status; /* never cancelled */
	render->planned = true;
	render->report.feeds = plan->standing;
	if (plan->removed)
		log_info("%zu document%s removed, without an entry for output.keep_empty days",
		    plan->removed, text_plural(plan->removed));
	for (size_t i = 0; i < plan->orphans.len; i++)
		log_warning("%s/%s is of no feed and no page in the settings any more; it is left "
			    "as it is, delete it when nobody asks for it",
		    render->library->site->output_path, plan->orphans.items[i]);
	if (plan->err.kind != ERR_NONE) {
		render->report.failed++;
		render->report.err = plan->err;
		log_put(render->task.failed_before ? LOG_DEBUG : LOG_ERROR,
		    "a feed that is empty could not be removed: %s", plan->err.text);
	}
	site_start(render);
	pump(render);
}

void render_stop(struct render *render)
{
	render->stopped = true;
	pump(render);
}

struct render *render_start(uv_loop_t *loop, struct library *library,
    const struct render_task *task, render_done done, void *arg)
{
	struct render *render = mem_zalloc(1, sizeof(*render));
	const struct site *site = library->site;

	render->loop = loop;
	render->library = library;
	render->task = *task;
	render->links = index_links(&library->index);
	render->entry_site = (struct entry_site){slice_of(site->config->site.url),
	    slice_of(site->config->site.language), &render->links};
	render->done = done;
	render->arg = arg;
	render->started = uv_now(loop);
	render->written = mem_zalloc(site->config->feeds_len, sizeof(*render->written));
	job_start(loop, &render->work, plan_run, on_planned);
	return render;
}
