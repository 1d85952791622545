#include "daemon/library.h"

#include <stdlib.h>

#include "daemon/library_parts.h"
#include "daemon/recipe.h"
#include "daemon/status.h"
#include "feeds/base/mem.h"
#include "feeds/written.h"

enum { CACHE_MAX = 16777216 }; /* bytes of rendered entries kept for later builds */

/* ---- what reading depends on ---- */

static void put_text(struct digest_stream *stream, struct slice text)
{
	digest_put(stream, &text.len, sizeof(text.len));
	digest_put(stream, text.ptr, text.len);
}

static void put_hex(const struct digest *digest, struct buf *out)
{
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		buf_printf(out, "%02x", digest->bytes[i]);
}

/*
 * Rows hold what an article was read as. Another version of the program, or
 * other settings, may read it as something else: then every file is read again.
 */
static void put_reading(const struct site *site, struct buf *out)
{
	const struct config *config = site->config;
	const int64_t numbers[] = {WRITTEN_VERSION, config->content.undated,
	    config->content.date_only, config->content.permalink_style,
	    config->content.permalink_site_days, config->content.max_bytes};
	struct digest_stream *stream = digest_new();
	struct digest digest;

	put_text(stream, SLICE(FEEDD_VERSION));
	put_text(stream, slice_of(config->site.url));
	put_text(stream, slice_of(config->site.language));
	put_text(stream, slice_of(config->site.timezone));
	put_text(stream, slice_of(config->content.permalink));
	digest_put(stream, numbers, sizeof(numbers));
	for (size_t i = 0; i < site->rules.sections_len; i++)
		put_text(stream, site->rules.sections[i]);
	digest = digest_finish(stream);
	digest_free(stream);
	put_hex(&digest, out);
}

/* ---- opening ---- */

static struct query query_of(const struct site *site, const struct config_feed *feed)
{
	return (struct query){
	    .section = feed->section,
	    .tag = feed->tag,
	    .category = feed->category,
	    .author = feed->author,
	    .lang = feed->lang,
	    .path = feed->path,
	    .by = feed->by,
	    .limit = (size_t)feed->limit,
	    .site_lang = slice_of(site->config->site.language),
	    .site_authors = site->config->site.authors,
	    .site_authors_len = site->config->site.authors_len,
	};
}

static bool wants_events(const struct config *config)
{
	bool any = false;

	for (size_t i = 0; i < config->pings_len; i++)
		any = any || config->pings[i].protocol->entries != PING_NO_ENTRIES;
	return any;
}

void library_start(struct library *out, const struct site *site, struct state *take_state, bool dry)
{
	size_t feeds = site->config->feeds_len;

	*out = (struct library){.site = site, .state = take_state, .dry = dry};
	out->index = INDEX_INIT;
	out->queries = mem_zalloc(feeds, sizeof(*out->queries));
	out->results = mem_zalloc(feeds, sizeof(*out->results));
	for (size_t i = 0; i < feeds; i++) {
		out->queries[i] = query_of(site, &site->config->feeds[i]);
		query_start(&out->queries[i], &out->results[i]);
	}
	out->events_wanted = wants_events(site->config);
	out->cache = cache_new(CACHE_MAX);
	out->adopted = ADOPT_TABLE_INIT;
}

struct state *library_close(struct library *library)
{
	struct state *state = library->state;

	ahead_drop(library->ahead);
	for (size_t i = 0; i < library->site->config->feeds_len; i++)
		query_free(&library->results[i]);
	free(library->queries);
	free(library->results);
	cache_free(library->cache);
	index_free(&library->index);
	map_free(&library->shared);
	arena_free(&library->shared_names);
	adopt_table_free(&library->adopted);
	vec_free(&library->events);
	arena_free(&library->event_strings);
	library_free_parts(library);
	*library = (struct library){0};
	return state;
}

/* ---- changes ---- */

static void note_shared(struct library *library, const struct article *article)
{
	if (article && article->shared && map_get(&library->shared, article->path) == MAP_NONE)
		*map_put(&library->shared, arena_copy(&library->shared_names, article->path)) = 1;
}

static void count_names(struct library *library, const struct article *article)
{
	if (article)
		library->names ^= recipe_name(article); /* in and out alike */
}

static void apply(struct library *library, const struct index_change *changes, size_t len,
    int64_t now, struct index_delta *out)
{
	for (size_t i = 0; i < len; i++) {
		count_names(library, changes[i].old_article);
		count_names(library, changes[i].take_new);
		note_shared(library, changes[i].take_new);
		if (changes[i].take_new)
			library_mark(library, changes[i].take_new->path, false);
	}
	index_update(&library->index, changes, len, now, out);
	for (size_t i = 0; i < library->site->config->feeds_len; i++)
		query_update(&library->queries[i], &library->results[i], &library->index, out);
	for (size_t i = 0; i < out->retired.len; i++)
		cache_forget(library->cache, out->retired.items[i]);
	for (size_t i = 0; i < out->entered.len; i++) {
		/* The index is the library's own. */
		struct article *article = (struct article *)out->entered.items[i].article;

		if (!article->shown)
			library_mark(library, article->path, false);
		article->shown = true;
	}
}

void library_apply(struct library *library, const struct index_change *changes, size_t len,
    int64_t now, struct index_delta *out)
{
	apply(library, changes, len, now, out);
	if (library->events_wanted && !library->fresh)
		library_journal(library, out);
}

/* ---- loading ---- */

struct loading {
	struct library *library;
	bool reread; /* no file is what it was read as */
	VEC(struct index_change) changes;
};

static void load_article(void *arg, const struct state_article *row)
{
	struct loading *loading = arg;
	struct article article = row->article;

	article.shown = row->visible;
	if (loading->reread)
		article.stamp.size = -1;
	vec_push(&loading->changes, ((struct index_change){NULL, article_pack(&article)}));
}

static void load_document(void *arg, const struct state_document *row)
{
	library_load_document(arg, row);
}

static void load_event(void *arg, const struct state_event *row)
{
	library_load_event(arg, row);
}

static void load_problem(void *arg, const struct state_problem *row)
{
	library_load_problem(arg, row);
}

/* A tag that lost its last article has a feed all the same, until it is dropped. */
static void want_empty_groups(struct library *library)
{
	const struct config *config = library->site->config;

	for (size_t i = 0; i < library->documents.len; i++) {
		const struct library_document *document = library->documents.items[i];

		for (size_t j = 0; j < config->feeds_len; j++)
			if (config->feeds[j].by != QUERY_BY_NOTHING && *document->value &&
			    strcmp(config->feeds[j].name, document->feed) == 0)
				(void)query_group_want(
				    &library->results[j], slice_of(document->value));
	}
}

static void load_adopted(void *arg, const struct state_adopted *row)
{
	struct adopt_entry entry = {
	    .id = row->id,
	    .url = row->url,
	    .title = row->title,
	    .published = row->published ? row->published : ADOPT_UNDATED,
	    .updated = row->updated ? row->updated : ADOPT_UNDATED,
	};
	const struct adopt_feed one = {.items = &entry, .len = 1, .cap = 1};
	struct library *library = arg;

	if (!row->used)
		(void)adopt_table_put(&library->adopted, &one);
}

int library_load(struct library *library, int64_t now, struct err *err)
{
	struct loading loading = {.library = library};
	struct buf reading = BUF_INIT, known = BUF_INIT;
	struct index_delta delta;
	int64_t built = 0, written = 0;
	int rc = 0;

	if (library->state && (state_get_int(library->state, STATUS_BUILD_AT, &built, err) < 0 ||
				  state_get_int(library->state, "written", &written, err) < 0 ||
				  state_get_text(library->state, "reading", &known, err) < 0))
		rc = -1;
	library->written_other = built != 0 && written != WRITTEN_VERSION;
	put_reading(library->site, &reading);
	library->reading_pending = !slice_equal(buf_slice(&known), buf_slice(&reading));
	loading.reread = library->reading_pending;
	if (rc == 0 && library->state &&
	    (state_articles(library->state, false, load_article, &loading, err) < 0 ||
		state_documents(library->state, load_document, library, err) < 0 ||
		state_problems(library->state, load_problem, library, err) < 0 ||
		state_adopted(library->state, load_adopted, library, err) < 0 ||
		state_events(library->state, load_event, library, err) < 0))
		rc = -1;
	/* Ids are stored before feeds show them: with rows, what is published is known. */
	library->fresh = built == 0 && loading.changes.len == 0;
	/* As it was published last: what time has changed since then is for the first build. */
	apply(library, loading.changes.items, loading.changes.len, built ? built : now, &delta);
	index_delta_free(&delta);
	want_empty_groups(library);
	library_forget_marks(library); /* what was loaded is what is there */
	if (rc == 0 && library->fresh)
		library_adopt_published(library);
	vec_free(&loading.changes);
	buf_free(&reading);
	buf_free(&known);
	return rc;
}

int library_put_reading(struct library *library, struct err *err)
{
	struct buf reading = BUF_INIT;
	int rc;

	put_reading(library->site, &reading);
	rc = state_put_text(library->state, "reading", buf_slice(&reading), err);
	buf_free(&reading);
	return rc < 0 ? -1 : state_put_int(library->state, "written", WRITTEN_VERSION, err);
}
