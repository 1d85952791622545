#include "daemon/status.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/exit.h"
#include "daemon/log.h"
#include "feeds/format/format.h"

static int by_path(const void *path, const void *problem)
{
	return slice_compare(
	    *(const struct slice *)path, ((const struct state_problem *)problem)->path);
}

/* After the problems: what was read and is skipped all the same counts among those. */
static void take_article(void *arg, const struct state_article *row)
{
	struct status *out = arg;
	const struct article *article = &row->article;
	enum article_standing standing = article_standing(article, out->now);

	if (out->problems.len && bsearch(&article->path, out->problems.items, out->problems.len,
				     sizeof(*out->problems.items), by_path))
		return;
	out->standings[standing]++;
	if (standing == ARTICLE_SCHEDULED) {
		struct status_scheduled scheduled = {article->published,
		    arena_copy(&out->arena, article->path),
		    arena_copy(&out->arena, article->title)};

		vec_push(&out->scheduled, scheduled);
	}
}

static void take_problem(void *arg, const struct state_problem *row)
{
	struct status *out = arg;
	struct state_problem problem = *row;

	problem.path = arena_copy(&out->arena, row->path);
	problem.text = arena_copy(&out->arena, row->text);
	vec_push(&out->problems, problem);
}

static void take_fault(void *arg, const struct state_fault *row)
{
	struct status *out = arg;
	struct state_fault fault = *row;

	fault.key = arena_copy(&out->arena, row->key);
	fault.text = arena_copy(&out->arena, row->text);
	vec_push(&out->faults, fault);
}

static void take_document(void *arg, const struct state_document *row)
{
	struct status *out = arg;
	struct state_document document = *row;

	document.path = arena_copy(&out->arena, row->path);
	document.feed = arena_copy(&out->arena, row->feed);
	document.value = arena_copy(&out->arena, row->value);
	document.format = arena_copy(&out->arena, row->format);
	vec_push(&out->documents, document);
}

static int get_text(
    struct state *state, const char *key, struct arena *arena, struct slice *out, struct err *err)
{
	struct buf text = BUF_INIT;
	int rc = state_get_text(state, key, &text, err);

	if (rc == 0)
		*out = arena_copy(arena, buf_slice(&text));
	buf_free(&text);
	return rc;
}

static int gather_meta(struct state *state, struct status *out, struct err *err)
{
	struct arena *arena = &out->arena;

	if (get_text(state, STATUS_WATCH_MODE, arena, &out->watch_mode, err) < 0 ||
	    get_text(state, STATUS_HELD_BACK, arena, &out->held_back, err) < 0 ||
	    state_get_int(state, STATUS_STARTED_AT, &out->started, err) < 0 ||
	    state_get_int(state, STATUS_BUILD_AT, &out->build_at, err) < 0 ||
	    state_get_int(state, STATUS_BUILD_MS, &out->build_ms, err) < 0)
		return -1;
	return state_get_int(state, STATUS_BUILD_CHANGED, &out->build_changed, err);
}

static int by_time(const void *a, const void *b)
{
	const struct status_scheduled *x = a, *y = b;

	if (x->published != y->published)
		return x->published < y->published ? -1 : 1;
	return slice_compare(x->path, y->path);
}

static int by_feed(const void *a, const void *b)
{
	const struct state_document *x = a, *y = b;
	int order = slice_compare(x->feed, y->feed);

	if (order == 0)
		order = slice_compare(x->format, y->format);
	return order ? order : slice_compare(x->path, y->path);
}

/* The one fault that is in no row. By its key it is the last. */
static void gather_unsaved(struct state *state, struct status *out)
{
	struct state_fault fault = {.key = SLICE("state")};
	struct buf why = BUF_INIT;

	if (state_unsaved(state, &fault.since, &why)) {
		fault.text = arena_copy(&out->arena, buf_slice(&why));
		vec_push(&out->faults, fault);
	}
	buf_free(&why);
}

static int gather(struct state *state, const struct config *config, const size_t *standings,
    struct status *out, struct err *err)
{
	out->known = true;
	out->holder = state_holder(state);
	if (state_problems(state, take_problem, out, err) < 0)
		return -1;
	if (standings)
		memcpy(out->standings, standings, sizeof(out->standings));
	else if (state_articles(state, false, take_article, out, err) < 0)
		return -1;
	if (gather_meta(state, out, err) < 0 || state_faults(state, take_fault, out, err) < 0 ||
	    state_documents(state, take_document, out, err) < 0 ||
	    status_gather_pings(state, config, out, err) < 0)
		return -1;
	gather_unsaved(state, out);
	if (out->scheduled.len > 1)
		qsort(out->scheduled.items, out->scheduled.len, sizeof(*out->scheduled.items),
		    by_time);
	if (out->documents.len > 1)
		qsort(out->documents.items, out->documents.len, sizeof(*out->documents.items),
		    by_feed);
	return 0;
}

int status_gather(struct state *state, const struct config *config, int64_t now,
    const size_t *standings, struct status *out, struct err *err)
{
	struct status status = {.now = now};

	if (state && gather(state, config, standings, &status, err) < 0) {
		status_free(&status);
		return -1;
	}
	*out = status;
	return 0;
}

void status_free(struct status *status)
{
	arena_free(&status->arena);
	vec_free(&status->scheduled);
	vec_free(&status->problems);
	vec_free(&status->faults);
	vec_free(&status->documents);
	vec_free(&status->pings);
}

bool status_needs_person(const struct status *status, bool strict)
{
	bool told = true;

	for (size_t i = 0; i < status->pings.len; i++)
		told = told && !status->pings.items[i].parked && !status->pings.items[i].given_up;
	return !told || status->faults.len > 0 || status->held_back.len > 0 ||
	       (strict && status->problems.len > 0);
}

bool status_is_of_site(const struct state_document *document)
{
	size_t format = format_find(document->format);

	return format >= FORMAT_COUNT && format < FORMAT_ALL;
}

bool status_next_feed(const struct status *status, size_t *at, struct status_feed *out)
{
	const struct state_document *first = status->documents.items + *at;

	if (*at >= status->documents.len)
		return false;
	*out = (struct status_feed){.name = first->feed,
	    .format = first->format,
	    .documents = first,
	    .of_site = status_is_of_site(first)};
	for (; *at < status->documents.len; ++*at, out->len++) {
		const struct state_document *document = &status->documents.items[*at];

		if (!slice_equal(document->feed, out->name) ||
		    !slice_equal(document->format, out->format))
			break;
		out->entries += document->entries;
		out->size += document->size;
		if (document->changed > out->changed)
			out->changed = document->changed;
	}
	return true;
}

int status_run(const struct site *site, const struct options *options)
{
	struct state *state = NULL;
	struct status status;
	struct buf out = BUF_INIT;
	struct err err;
	bool needed;

	if (state_open_readonly(site->state_path, &state, &err) < 0 ||
	    status_gather(state, site->config, clock_now(), NULL, &status, &err) < 0) {
		state_close(state);
		log_error("%s", err.text);
		return EXIT_IO;
	}
	state_close(state);
	if (options->json)
		status_put_json(&status, options->strict, &out);
	else
		status_put_text(&status, site->state_path, &out);
	log_output(buf_slice(&out));
	needed = status_needs_person(&status, options->strict);
	buf_free(&out);
	status_free(&status);
	return needed ? EXIT_NEEDED : EXIT_DONE;
}
