#include "daemon/state_inside.h"

int state_put_document(struct state *state, const struct state_document *document, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_PUT_DOCUMENT);
	int at = 0;

	state_bind_text(statement, ++at, document->path);
	state_bind_text(statement, ++at, document->feed);
	state_bind_text(statement, ++at, document->value);
	state_bind_text(statement, ++at, document->format);
	state_bind_bytes(statement, ++at, document->digest.bytes, DIGEST_SIZE);
	state_bind_bytes(statement, ++at, document->recipe.bytes, DIGEST_SIZE);
	state_bind_int(statement, ++at, document->size);
	state_bind_int(statement, ++at, document->mtime_ns);
	state_bind_int(statement, ++at, (int64_t)document->inode);
	state_bind_int(statement, ++at, document->entries);
	state_bind_int(statement, ++at, document->changed);
	state_bind_int(statement, ++at, document->empty_since);
	return state_run(state, SQL_PUT_DOCUMENT, err);
}

int state_remove_document(struct state *state, struct slice path, struct err *err)
{
	return state_remove_row(state, SQL_REMOVE_DOCUMENT, path, err);
}

int state_documents(struct state *state,
    void (*each)(void *arg, const struct state_document *document), void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_DOCUMENTS];
	struct state_document row;
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		row.path = state_column_text(statement, 0);
		row.feed = state_column_text(statement, 1);
		row.value = state_column_text(statement, 2);
		row.format = state_column_text(statement, 3);
		state_column_bytes(statement, 4, row.digest.bytes, DIGEST_SIZE);
		state_column_bytes(statement, 5, row.recipe.bytes, DIGEST_SIZE);
		row.size = sqlite3_column_int64(statement, 6);
		row.mtime_ns = sqlite3_column_int64(statement, 7);
		row.inode = (uint64_t)sqlite3_column_int64(statement, 8);
		row.entries = sqlite3_column_int64(statement, 9);
		row.changed = sqlite3_column_int64(statement, 10);
		row.empty_since = sqlite3_column_int64(statement, 11);
		each(arg, &row);
	}
	return state_finish(state, statement, code, err);
}

/* Problems and faults */

int state_put_problem(struct state *state, const struct state_problem *problem, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_PUT_PROBLEM);

	state_bind_text(statement, 1, problem->path);
	state_bind_int(statement, 2, problem->line);
	state_bind_int(statement, 3, problem->column);
	state_bind_text(statement, 4, problem->text);
	return state_run(state, SQL_PUT_PROBLEM, err);
}

int state_remove_problem(struct state *state, struct slice path, struct err *err)
{
	return state_remove_row(state, SQL_REMOVE_PROBLEM, path, err);
}

int state_problems(struct state *state,
    void (*each)(void *arg, const struct state_problem *problem), void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_PROBLEMS];
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct state_problem row = {state_column_text(statement, 0),
		    (uint32_t)sqlite3_column_int64(statement, 1),
		    (uint32_t)sqlite3_column_int64(statement, 2), state_column_text(statement, 3)};

		each(arg, &row);
	}
	return state_finish(state, statement, code, err);
}

int state_put_fault(struct state *state, const struct state_fault *fault, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_PUT_FAULT);

	state_bind_text(statement, 1, fault->key);
	state_bind_text(statement, 2, fault->text);
	state_bind_int(statement, 3, fault->since);
	return state_run(state, SQL_PUT_FAULT, err);
}

int state_remove_fault(struct state *state, struct slice key, struct err *err)
{
	return state_remove_row(state, SQL_REMOVE_FAULT, key, err);
}

int state_faults(struct state *state, void (*each)(void *arg, const struct state_fault *fault),
    void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_FAULTS];
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct state_fault row = {state_column_text(statement, 0),
		    state_column_text(statement, 1), sqlite3_column_int64(statement, 2)};

		each(arg, &row);
	}
	return state_finish(state, statement, code, err);
}

/* Adopted entries */

int state_put_adopted(struct state *state, const struct state_adopted *adopted, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_PUT_ADOPTED);

	state_bind_text(statement, 1, adopted->id);
	state_bind_text(statement, 2, adopted->url);
	state_bind_text(statement, 3, adopted->title);
	state_bind_int(statement, 4, adopted->published);
	state_bind_int(statement, 5, adopted->updated);
	state_bind_int(statement, 6, adopted->used);
	return state_run(state, SQL_PUT_ADOPTED, err);
}

int state_use_adopted(struct state *state, struct slice id, bool used, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_USE_ADOPTED);

	state_bind_text(statement, 1, id);
	state_bind_int(statement, 2, used);
	return state_run(state, SQL_USE_ADOPTED, err);
}

int state_adopted(struct state *state, void (*each)(void *arg, const struct state_adopted *adopted),
    void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_ADOPTED];
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct state_adopted row = {state_column_text(statement, 0),
		    state_column_text(statement, 1), state_column_text(statement, 2),
		    sqlite3_column_int64(statement, 3), sqlite3_column_int64(statement, 4),
		    sqlite3_column_int64(statement, 5) != 0};

		each(arg, &row);
	}
	return state_finish(state, statement, code, err);
}
