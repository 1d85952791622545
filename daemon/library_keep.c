/*
 * Documents, problems and marks of the library: kept in memory, written by library_save.
 */
#include <stdlib.h>

#include "daemon/library_parts.h"
#include "feeds/base/mem.h"

enum {
	GONE_KEPT = 366 * 86400, /* seconds that the id of an article which went is kept */
	PASSING = 60,		 /* seconds that others wait for what cannot be read */
};

static char *copy_of(const char *text)
{
	return mem_dup(text, strlen(text));
}

/* ---- documents ---- */

static struct library_document *find_document(const struct library *library, struct slice path)
{
	size_t number = map_get(&library->document_numbers, path);

	return number == MAP_NONE ? NULL : library->documents.items[number];
}

const struct library_document *library_document(const struct library *library, struct slice path)
{
	const struct library_document *document = find_document(library, path);

	return document && !document->dropped ? document : NULL;
}

static void free_document(struct library_document *document)
{
	free(document->path);
	free(document->feed);
	free(document->value);
	free(document);
}

static void note_untold(struct library *library, struct library_document *document)
{
	if (document->untold)
		return;
	document->untold = true;
	vec_push(&library->untold, map_get(&library->document_numbers, slice_of(document->path)));
}

void library_take_untold(struct library *library)
{
	for (size_t i = 0; i < library->untold.len; i++)
		library->documents.items[library->untold.items[i]]->untold = false;
	vec_free(&library->untold);
}

static struct library_document *put_document(
    struct library *library, const struct library_document *from, bool pending)
{
	struct library_document *document = find_document(library, slice_of(from->path));
	struct library_document now = *from;

	if (!document) {
		document = mem_zalloc(1, sizeof(*document));
		document->path = copy_of(from->path);
		*map_put(&library->document_numbers, slice_of(document->path)) =
		    library->documents.len;
		vec_push(&library->documents, document);
	}
	now.path = document->path; /* the map's key */
	now.feed = copy_of(from->feed);
	now.value = copy_of(from->value);
	now.dropped = false;
	now.pending = pending;
	now.untold = document->untold;
	free(document->feed);
	free(document->value);
	*document = now;
	return document;
}

void library_put_document(struct library *library, const struct library_document *document)
{
	note_untold(library, put_document(library, document, true));
}

void library_drop_document(struct library *library, struct slice path)
{
	struct library_document *document = find_document(library, path);

	if (!document)
		return;
	document->dropped = true;
	document->pending = true;
	note_untold(library, document);
}

size_t library_claim(struct library *library, struct slice path, size_t feed)
{
	size_t owner = map_get(&library->claims, path);

	if (owner != MAP_NONE)
		return owner;
	*map_put(&library->claims, arena_copy(&library->claim_names, path)) = feed;
	return feed;
}

bool library_claimed(const struct library *library, struct slice path)
{
	return map_get(&library->claims, path) != MAP_NONE;
}

void library_load_document(struct library *library, const struct state_document *row)
{
	struct library_document document = {
	    .path = mem_dup(row->path.ptr, row->path.len),
	    .feed = mem_dup(row->feed.ptr, row->feed.len),
	    .value = mem_dup(row->value.ptr, row->value.len),
	    .format = format_find(row->format),
	    .digest = row->digest,
	    .recipe = row->recipe,
	    .stamp = {.size = row->size, .mtime_ns = row->mtime_ns, .inode = row->inode},
	    .entries = (size_t)row->entries,
	    .changed = row->changed,
	    .empty_since = row->empty_since,
	};

	if (document.format < FORMAT_ALL) /* else of another version: it is written anew */
		(void)put_document(library, &document, false);
	free(document.path);
	free(document.feed);
	free(document.value);
}

static int save_document(
    struct state *state, const struct library_document *document, struct err *err)
{
	const struct state_document row = {
	    .path = slice_of(document->path),
	    .feed = slice_of(document->feed),
	    .value = slice_of(document->value),
	    .format = slice_of(formats[document->format]->name),
	    .digest = document->digest,
	    .recipe = document->recipe,
	    .size = document->stamp.size,
	    .mtime_ns = document->stamp.mtime_ns,
	    .inode = document->stamp.inode,
	    .entries = (int64_t)document->entries,
	    .changed = document->changed,
	    .empty_since = document->empty_since,
	};

	return document->dropped ? state_remove_document(state, row.path, err)
				 : state_put_document(state, &row, err);
}

/* ---- problems ---- */

static struct library_problem *find_problem(const struct library *library, struct slice path)
{
	size_t number = map_get(&library->problem_numbers, path);

	return number == MAP_NONE ? NULL : library->problems.items[number];
}

const struct library_problem *library_problem(const struct library *library, struct slice path)
{
	const struct library_problem *problem = find_problem(library, path);

	return problem && !problem->solved ? problem : NULL;
}

static struct library_problem *need_problem(struct library *library, struct slice path)
{
	struct library_problem *problem = find_problem(library, path);

	if (problem)
		return problem;
	problem = mem_zalloc(1, sizeof(*problem));
	problem->path = mem_dup(path.ptr, path.len);
	problem->text = copy_of("");
	problem->solved = true;
	*map_put(&library->problem_numbers, slice_of(problem->path)) = library->problems.len;
	vec_push(&library->problems, problem);
	return problem;
}

static void fill_problem(
    struct library_problem *problem, uint32_t line, uint32_t column, struct slice text)
{
	free(problem->text);
	problem->text = mem_dup(text.ptr, text.len);
	problem->line = line;
	problem->column = column;
	problem->solved = false;
}

static bool says(const struct library_problem *problem, const struct err *err)
{
	return problem->said && strcmp(problem->text, err->text) == 0 &&
	       problem->line == err->line && problem->column == err->column;
}

static void put_problem(struct library_problem *problem, const struct err *err, bool conflict)
{
	fill_problem(problem, err->line, err->column, slice_of(err->text));
	problem->conflict = conflict;
	problem->said = true;
	problem->pending = true;
}

bool library_put_problem(struct library *library, struct slice path,
    const struct article_stamp *stamp, const struct err *err)
{
	struct library_problem *problem = need_problem(library, path);
	bool known = !problem->solved && says(problem, err);

	problem->stamp = *stamp;
	if (!err->passing || problem->solved)
		problem->unread_since = 0;
	if (!known)
		put_problem(problem, err, false);
	return !known;
}

void library_note_unread(struct library *library, struct slice path, int64_t now)
{
	struct library_problem *problem = find_problem(library, path);

	if (problem && (problem->unread_since == 0 || problem->unread_since > now))
		problem->unread_since = now;
}

bool library_is_lasting(const struct library *library, struct slice path, int64_t now)
{
	const struct library_problem *problem = library_problem(library, path);

	return problem && problem->unread_since && now - problem->unread_since > PASSING;
}

bool library_put_conflict(struct library *library, struct slice path, const struct err *err)
{
	struct library_problem *problem = need_problem(library, path);
	bool known = problem->conflict && says(problem, err);

	if (!problem->solved && problem->unread_since)
		return false; /* whose it is is asked when it can be read */

	/* It was solved a moment ago, by library_solve_conflicts. */
	put_problem(problem, err, true);
	return !known;
}

void library_solve_conflicts(struct library *library)
{
	for (size_t i = 0; i < library->problems.len; i++) {
		struct library_problem *problem = library->problems.items[i];

		if (!problem->conflict || problem->solved)
			continue;
		problem->solved = true;
		problem->pending = true;
	}
}

void library_end_conflicts(struct library *library)
{
	for (size_t i = 0; i < library->problems.len; i++)
		if (library->problems.items[i]->solved)
			library->problems.items[i]->conflict = false;
}

void library_solve_problem(struct library *library, struct slice path)
{
	struct library_problem *problem = find_problem(library, path);

	if (!problem || problem->solved || problem->conflict)
		return;
	problem->unread_since = 0;
	problem->solved = true;
	problem->pending = true;
}

void library_load_problem(struct library *library, const struct state_problem *row)
{
	struct library_problem *problem = need_problem(library, row->path);

	fill_problem(problem, row->line, row->column, row->text);
	problem->stamp.size = -1; /* said again at each start */
}

static int save_problem(struct state *state, const struct library_problem *problem, struct err *err)
{
	const struct state_problem row = {
	    slice_of(problem->path), problem->line, problem->column, slice_of(problem->text)};

	return problem->solved ? state_remove_problem(state, row.path, err)
			       : state_put_problem(state, &row, err);
}

/* ---- articles ---- */

void library_mark(struct library *library, struct slice path, bool moved)
{
	if (!library->dry)
		vec_push(
		    &library->marks, ((struct library_mark){mem_dup(path.ptr, path.len), moved}));
}

void library_forget_marks(struct library *library)
{
	for (size_t i = 0; i < library->marks.len; i++)
		free(library->marks.items[i].path);
	vec_free(&library->marks);
}

bool library_is_adopted(const struct library *library, struct slice id)
{
	return map_get(&library->adopted.ids, id) != MAP_NONE ||
	       (library->asked && map_get(&library->asked->table.ids, id) != MAP_NONE);
}

void library_take_adopted(struct library *library, struct slice id)
{
	if (!library->dry)
		vec_push(&library->taken, mem_dup(id.ptr, id.len));
}

/* Rows that wait until there are enough of them to be put at once. */
struct row_batch {
	struct state *state;
	struct state_article rows[STATE_ROWS];
	size_t len;
};

static int put_rows(struct row_batch *batch, struct err *err)
{
	int rc = 0;

	if (batch->len == STATE_ROWS)
		rc = state_put_articles(batch->state, batch->rows, err);
	for (size_t i = 0; i < batch->len && batch->len < STATE_ROWS && rc == 0; i++)
		rc = state_put_article(batch->state, &batch->rows[i], err);
	batch->len = 0;
	return rc;
}

static int save_mark(struct library *library, const struct library_mark *mark, int64_t now,
    struct row_batch *batch, struct err *err)
{
	struct slice path = slice_of(mark->path);
	const struct article *article = index_find(&library->index, path);

	if (!article)
		return mark->moved ? state_remove_article(library->state, path, err)
				   : state_set_gone(library->state, path, now, err);
	batch->rows[batch->len++] =
	    (struct state_article){.article = *article, .visible = article->shown};
	return batch->len == STATE_ROWS ? put_rows(batch, err) : 0;
}

/* The other way round than load_adopted. */
static int save_adopted(struct state *state, const struct adopt_table *table, struct err *err)
{
	for (size_t i = 0; i < table->len; i++) {
		const struct adopt_entry *entry = &table->items[i];
		const struct state_adopted row = {
		    .id = entry->id,
		    .url = entry->url,
		    .title = entry->title,
		    .published = entry->published == ADOPT_UNDATED ? 0 : entry->published,
		    .updated = entry->updated == ADOPT_UNDATED ? 0 : entry->updated,
		    .used = entry->taken,
		};

		if (state_put_adopted(state, &row, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- the whole ---- */

static void forget_taken(struct library *library)
{
	for (size_t i = 0; i < library->taken.len; i++)
		free(library->taken.items[i]);
	vec_free(&library->taken);
}

static int compare_marks(const void *a, const void *b)
{
	const struct library_mark *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (int)x->moved - (int)y->moved; /* gone, then moved */
}

static bool is_marked_again(const struct library *library, size_t i)
{
	const struct library_mark *marks = library->marks.items;

	return i + 1 < library->marks.len && strcmp(marks[i].path, marks[i + 1].path) == 0;
}

static int save_marks(struct library *library, int64_t now, struct err *err)
{
	struct row_batch batch = {.state = library->state};

	/* In the order of the rows: SQLite takes them several times as fast. */
	if (library->marks.len)
		qsort(library->marks.items, library->marks.len, sizeof(*library->marks.items),
		    compare_marks);
	/* Of several marks of a path the last one counts: moved is more than gone. */
	for (size_t i = 0; i < library->marks.len; i++)
		if (!is_marked_again(library, i) &&
		    save_mark(library, &library->marks.items[i], now, &batch, err) < 0)
			return -1;
	return put_rows(&batch, err);
}

static int put_pending(struct library *library, int64_t now, struct err *err)
{
	struct state *state = library->state;

	if (save_marks(library, now, err) < 0)
		return -1;
	if (library->adopted_pending && save_adopted(state, &library->adopted, err) < 0)
		return -1;
	for (size_t i = 0; i < library->taken.len; i++)
		if (state_use_adopted(state, slice_of(library->taken.items[i]), true, err) < 0)
			return -1;
	if (library->asked && library->asked->pending &&
	    save_adopted(state, &library->asked->table, err) < 0)
		return -1;
	for (size_t i = 0; i < library->documents.len; i++)
		if (library->documents.items[i]->pending &&
		    save_document(state, library->documents.items[i], err) < 0)
			return -1;
	for (size_t i = 0; i < library->problems.len; i++)
		if (library->problems.items[i]->pending &&
		    save_problem(state, library->problems.items[i], err) < 0)
			return -1;
	if (library->reading_pending && library->all_read && library_put_reading(library, err) < 0)
		return -1;
	if (library_put_events(library, err) < 0)
		return -1;
	return state_sweep_gone(state, now - GONE_KEPT, err);
}

static void nothing_pending(struct library *library)
{
	library_forget_marks(library);
	library->adopted_pending = false;
	forget_taken(library);
	if (library->asked)
		library->asked->pending = false;
	for (size_t i = 0; i < library->documents.len; i++)
		library->documents.items[i]->pending = false;
	for (size_t i = 0; i < library->problems.len; i++)
		library->problems.items[i]->pending = false;
	library->reading_pending = library->reading_pending && !library->all_read;
	library->events_saved = library->events.len;
	library->events_taken = library->events_taken && !library->events_cleared;
}

/* The state is empty: all that is known is to be written. */
static void mark_all(struct library *library)
{
	for (size_t i = 0; i < index_len(&library->index); i++)
		library_mark(library, index_at(&library->index, i)->path, false);
	for (size_t i = 0; i < library->documents.len; i++)
		library->documents.items[i]->pending = !library->documents.items[i]->dropped;
	for (size_t i = 0; i < library->problems.len; i++)
		library->problems.items[i]->pending = !library->problems.items[i]->solved;
	library->adopted_pending = true;
	if (library->asked)
		library->asked->pending = true;
	library->reading_pending = true;
	library->events_saved = 0;
}

static int save(struct library *library, int64_t now,
    int (*more)(void *arg, struct state *state, struct err *err), void *arg, struct err *err)
{
	library->events_cleared = false;
	if (state_begin(library->state, err) < 0)
		return -1;
	if (put_pending(library, now, err) < 0 || (more && more(arg, library->state, err) < 0)) {
		state_rollback(library->state);
		return -1;
	}
	return state_commit(library->state, err);
}

int library_save(struct library *library, int64_t now,
    int (*more)(void *arg, struct state *state, struct err *err), void *arg, struct err *err)
{
	int rc = -1;

	if (!library->state || library->dry)
		return 0;
	/* Who deletes the file, or a disk that spoils it, costs what only it knew, and no more. */
	if (state_stands(library->state))
		rc = save(library, now, more, arg, err);
	if (rc < 0 && (!state_stands(library->state) || state_damaged(library->state))) {
		if (state_restart(library->state, err) < 0)
			return -1;
		library->renewed = true;
		mark_all(library);
		rc = save(library, now, more, arg, err);
	}
	if (rc == 0)
		nothing_pending(library);
	return rc;
}

void library_free_parts(struct library *library)
{
	for (size_t i = 0; i < library->documents.len; i++)
		free_document(library->documents.items[i]);
	vec_free(&library->documents);
	vec_free(&library->untold);
	map_free(&library->document_numbers);
	map_free(&library->claims);
	arena_free(&library->claim_names);
	for (size_t i = 0; i < library->problems.len; i++) {
		free(library->problems.items[i]->path);
		free(library->problems.items[i]->text);
		free(library->problems.items[i]);
	}
	vec_free(&library->problems);
	map_free(&library->problem_numbers);
	library_forget_marks(library);
	forget_taken(library);
}
