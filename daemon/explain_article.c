/* An article: read once more with a trace, and looked up where it stands. */
#include "daemon/explain_inside.h"
#include "daemon/plan.h"
#include "daemon/status.h"
#include "feeds/entry.h"

/* ---- the reading ---- */

/* As batch.c has it: what the index decided at first sight stays. */
static void take_indexed(const struct article *indexed, struct article *article)
{
	article->id = indexed->id;
	article->url = indexed->url;
	article->published = indexed->published;
	article->updated = indexed->updated;
}

static void gather_fields(const struct explain_asked *asked, struct explain_article *out)
{
	const struct site *site = asked->library->site;
	const struct links links = index_links(&asked->library->index);
	const struct entry_site entry_site = {
	    slice_of(site->config->site.url), slice_of(site->config->site.language), &links};
	struct article before = out->reader.article;
	struct entry entry;

	take_indexed(out->article, &out->reader.article);
	read_enclosure(&out->reader, site);
	entry_render(&out->reader.article, &out->reader.detail, &entry_site, &out->reader.arena,
	    &out->diags, &entry);
	explain_rows_gather(asked, &entry, &before, out);
}

/* ---- feeds ---- */

static struct slice not_public(
    struct arena *arena, const struct article *article, enum article_standing standing)
{
	switch (standing) {
	case ARTICLE_SCHEDULED:
		return arena_printf(
		    arena, "not before %.*s", SLICE_FMT(explain_time(arena, article->published)));
	case ARTICLE_EXPIRED:
		return arena_printf(arena, "not since it expired at %.*s",
		    SLICE_FMT(explain_time(arena, article->expires)));
	case ARTICLE_DRAFT: return SLICE("not while it is a draft");
	case ARTICLE_EXCLUDED: return SLICE("not while it is left out");
	case ARTICLE_UNDATED: return SLICE("not while it has no date (content.undated)");
	default: return SLICE("not while its id or URL is another article's");
	}
}

static size_t place_in(const struct query_group *group, const struct article *article)
{
	for (size_t i = 0; i < query_group_len(group); i++)
		if (query_group_at(group, i) == article)
			return i + 1;
	return 0;
}

static struct slice pushed_out(struct arena *arena, const struct query_group *group)
{
	const struct article *last = query_group_at(group, query_group_window(group) - 1);

	return arena_printf(arena,
	    "limit = %zu: newer ones fill it, the last of them %.*s of %.10s",
	    query_group_window(group), SLICE_FMT(last->path),
	    explain_time(arena, last->published).ptr);
}

static void put_group(const struct explain_asked *asked, size_t feed, struct query_group *group,
    struct explain_article *out)
{
	struct explain_place place = {
	    .feed = &asked->library->site->config->feeds[feed],
	    .value = group->value,
	    .takes = true,
	    .place = place_in(group, out->article),
	    .window = query_group_window(group),
	    .members = query_group_len(group),
	};

	place.stands = place.place > 0 && place.place <= place.window;
	if (place.place == 0)
		place.why = not_public(&out->arena, out->article, out->standing);
	else if (!place.stands)
		place.why = pushed_out(&out->arena, group);
	explain_documents_gather(asked, feed, group, &out->arena, &place.documents);
	out->stands += place.stands;
	vec_push(&out->places, place);
}

/* The groups that it is in, or would be; of a value that has no feed yet, one line. */
static void put_groups(const struct explain_asked *asked, size_t feed, struct explain_article *out)
{
	const struct query_result *result = &asked->library->results[feed];
	size_t before = out->places.len;

	for (size_t i = 0; i < result->len; i++)
		if (query_would_join(
			&asked->library->queries[feed], result, result->groups[i], out->article))
			put_group(asked, feed, result->groups[i], out);
	if (out->places.len == before)
		vec_push(
		    &out->places, ((struct explain_place){
				      .feed = &asked->library->site->config->feeds[feed],
				      .takes = true,
				      .why = not_public(&out->arena, out->article, out->standing),
				  }));
}

static struct slice refused(
    struct arena *arena, const struct config_feed *feed, const char *refusal)
{
	struct slice filter = explain_filter(arena, feed, refusal);

	if (strcmp(refusal, "by") == 0)
		return arena_printf(arena, "%.*s, of which it has no value", SLICE_FMT(filter));
	return arena_printf(arena, "its filter %.*s does not take it", SLICE_FMT(filter));
}

static void gather_places(const struct explain_asked *asked, struct explain_article *out)
{
	const struct library *library = asked->library;

	for (size_t i = 0; i < library->site->config->feeds_len; i++) {
		const struct config_feed *feed = &library->site->config->feeds[i];
		const char *refusal =
		    query_refusal(&library->queries[i], &library->results[i], out->article);

		if (!refusal)
			put_groups(asked, i, out);
		else
			vec_push(&out->places, ((struct explain_place){.feed = feed,
						   .why = refused(&out->arena, feed, refusal)}));
	}
}

/* ---- the whole ---- */

static int get_held_back(
    const struct explain_asked *asked, struct arena *arena, struct slice *out, struct err *err)
{
	struct state *state = asked->library->state;
	struct buf text = BUF_INIT;
	int rc = state ? state_get_text(state, STATUS_HELD_BACK, &text, err) : 0;

	*out = arena_copy(arena, buf_slice(&text));
	buf_free(&text);
	return rc;
}

/* It is none, cannot be used, or stands behind another. */
static void gather_problem(
    const struct explain_asked *asked, const char *path, struct explain_article *out)
{
	const struct library_problem *problem = library_problem(asked->library, slice_of(path));

	out->is_article = out->article || problem;
	if (problem && out->article)
		out->why_not = arena_copy(&out->arena, slice_of(problem->text));
	else if (problem)
		(void)err_at(
		    &out->err, ERR_INVALID, problem->line, problem->column, "%s", problem->text);
	else if (!out->article)
		out->why_not = explain_no_article(&out->arena, asked->library->site, path);
}

int explain_article_gather(const struct explain_asked *asked, const char *path,
    struct explain_article *out, struct err *err)
{
	const struct library *library = asked->library;
	struct err unread;

	*out = (struct explain_article){.path = path, .reader = READER_INIT, .diags = DIAGS_INIT};
	out->diags.trace = &out->trace;
	out->has_state = library->state != NULL;
	out->article = index_find(&library->index, slice_of(path));
	gather_problem(asked, path, out);
	if (get_held_back(asked, &out->arena, &out->held_back, err) < 0)
		return -1;
	if (!out->is_article)
		return 0;
	/* One that cannot be used is read as far as it can be. */
	if (read_article(&out->reader, library->site, path, out->article, asked->now, &out->diags,
		&unread) < 0) {
		out->article = NULL; /* it may have changed since the build looked */
		out->err = unread;
		return 0;
	}
	if (!out->article)
		return 0; /* the problem is not of its bytes, or was mended meanwhile */
	out->standing = article_standing(out->article, asked->now);
	gather_fields(asked, out);
	gather_places(asked, out);
	return 0;
}

void explain_article_free(struct explain_article *article)
{
	for (size_t i = 0; i < article->places.len; i++)
		vec_free(&article->places.items[i].documents.items);
	vec_free(&article->places);
	vec_free(&article->rows);
	diags_free(&article->diags);
	trace_free(&article->trace);
	reader_free(&article->reader);
	arena_free(&article->arena);
}
