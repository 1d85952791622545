#include "daemon/state_inside.h"

int state_put_target(struct state *state, const struct state_target *target, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_PUT_TARGET);

	state_bind_text(statement, 1, target->key);
	state_bind_int(statement, 2, target->known);
	state_bind_int(statement, 3, target->parked);
	state_bind_int(statement, 4, target->last_sent);
	state_bind_int(statement, 5, target->last_told);
	state_bind_int(statement, 6, target->last_status);
	state_bind_text(statement, 7, target->last_answer);
	state_bind_int(statement, 8, target->failures);
	state_bind_int(statement, 9, target->held);
	state_bind_int(statement, 10, target->rests);
	state_bind_int(statement, 11, target->absent);
	return state_run(state, SQL_PUT_TARGET, err);
}

int state_targets(struct state *state, void (*each)(void *arg, const struct state_target *target),
    void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_TARGETS];
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct state_target row = {state_column_text(statement, 0),
		    sqlite3_column_int64(statement, 1), sqlite3_column_int64(statement, 2),
		    sqlite3_column_int64(statement, 3), sqlite3_column_int64(statement, 4),
		    sqlite3_column_int64(statement, 5), state_column_text(statement, 6),
		    sqlite3_column_int64(statement, 7), sqlite3_column_int64(statement, 8),
		    sqlite3_column_int64(statement, 9), sqlite3_column_int64(statement, 10)};

		each(arg, &row);
	}
	return state_finish(state, statement, code, err);
}

int state_remove_target(struct state *state, struct slice key, struct err *err)
{
	return state_remove_row(state, SQL_REMOVE_TARGET, key, err);
}

int state_put_ping(struct state *state, const struct state_ping *ping, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_PUT_PING);
	int at = 0;

	state_bind_text(statement, ++at, ping->target);
	state_bind_text(statement, ++at, ping->topic);
	state_bind_int(statement, ++at, ping->entry);
	state_bind_bytes(statement, ++at, ping->wanted.bytes, DIGEST_SIZE);
	state_bind_bytes(statement, ++at, ping->told.bytes, DIGEST_SIZE);
	state_bind_bytes(statement, ++at, ping->given_up.bytes, DIGEST_SIZE);
	state_bind_int(statement, ++at, ping->attempts);
	state_bind_int(statement, ++at, ping->since);
	state_bind_int(statement, ++at, ping->next_try);
	state_bind_int(statement, ++at, ping->last_try);
	state_bind_int(statement, ++at, ping->last_told);
	state_bind_int(statement, ++at, ping->last_status);
	state_bind_text(statement, ++at, ping->last_answer);
	state_bind_text(statement, ++at, ping->url);
	state_bind_text(statement, ++at, ping->id);
	state_bind_text(statement, ++at, ping->title);
	state_bind_text(statement, ++at, ping->link);
	state_bind_text(statement, ++at, ping->feed);
	state_bind_text(statement, ++at, ping->format);
	state_bind_int(statement, ++at, ping->published);
	state_bind_int(statement, ++at, ping->updated);
	return state_run(state, SQL_PUT_PING, err);
}

int state_remove_ping(struct state *state, const struct state_ping_key *key, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_REMOVE_PING);

	state_bind_text(statement, 1, key->target);
	state_bind_text(statement, 2, key->topic);
	return state_run(state, SQL_REMOVE_PING, err);
}

static void read_ping(sqlite3_stmt *statement, struct state_ping *out)
{
	int at = 0;

	out->target = state_column_text(statement, at++);
	out->topic = state_column_text(statement, at++);
	out->entry = sqlite3_column_int64(statement, at++) != 0;
	state_column_bytes(statement, at++, out->wanted.bytes, DIGEST_SIZE);
	state_column_bytes(statement, at++, out->told.bytes, DIGEST_SIZE);
	state_column_bytes(statement, at++, out->given_up.bytes, DIGEST_SIZE);
	out->attempts = sqlite3_column_int64(statement, at++);
	out->since = sqlite3_column_int64(statement, at++);
	out->next_try = sqlite3_column_int64(statement, at++);
	out->last_try = sqlite3_column_int64(statement, at++);
	out->last_told = sqlite3_column_int64(statement, at++);
	out->last_status = sqlite3_column_int64(statement, at++);
	out->last_answer = state_column_text(statement, at++);
	out->url = state_column_text(statement, at++);
	out->id = state_column_text(statement, at++);
	out->title = state_column_text(statement, at++);
	out->link = state_column_text(statement, at++);
	out->feed = state_column_text(statement, at++);
	out->format = state_column_text(statement, at++);
	out->published = sqlite3_column_int64(statement, at++);
	out->updated = sqlite3_column_int64(statement, at++);
}

static int each_ping(struct state *state, enum state_statement which,
    void (*each)(void *arg, const struct state_ping *ping), void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[which];
	struct state_ping row;
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		read_ping(statement, &row);
		each(arg, &row);
	}
	return state_finish(state, statement, code, err);
}

int state_pings(struct state *state, void (*each)(void *arg, const struct state_ping *ping),
    void *arg, struct err *err)
{
	return each_ping(state, SQL_PINGS, each, arg, err);
}

int state_pings_open(struct state *state, void (*each)(void *arg, const struct state_ping *ping),
    void *arg, struct err *err)
{
	return each_ping(state, SQL_PINGS_OPEN, each, arg, err);
}

/* Events */

int state_put_event(struct state *state, const struct state_event *event, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_PUT_EVENT);

	state_bind_bytes(statement, 1, event->before.bytes, DIGEST_SIZE);
	state_bind_bytes(statement, 2, event->after.bytes, DIGEST_SIZE);
	state_bind_text(statement, 3, event->path);
	state_bind_text(statement, 4, event->id);
	state_bind_text(statement, 5, event->title);
	state_bind_text(statement, 6, event->url);
	state_bind_text(statement, 7, event->old_url);
	state_bind_text(statement, 8, event->feeds);
	state_bind_int(statement, 9, event->published);
	state_bind_int(statement, 10, event->updated);
	state_bind_int(statement, 11, event->when);
	return state_run(state, SQL_PUT_EVENT, err);
}

static void read_event(sqlite3_stmt *statement, struct state_event *out)
{
	out->number = sqlite3_column_int64(statement, 0);
	state_column_bytes(statement, 1, out->before.bytes, DIGEST_SIZE);
	state_column_bytes(statement, 2, out->after.bytes, DIGEST_SIZE);
	out->path = state_column_text(statement, 3);
	out->id = state_column_text(statement, 4);
	out->title = state_column_text(statement, 5);
	out->url = state_column_text(statement, 6);
	out->old_url = state_column_text(statement, 7);
	out->feeds = state_column_text(statement, 8);
	out->published = sqlite3_column_int64(statement, 9);
	out->updated = sqlite3_column_int64(statement, 10);
	out->when = sqlite3_column_int64(statement, 11);
}

int state_events(struct state *state, void (*each)(void *arg, const struct state_event *event),
    void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_EVENTS];
	struct state_event row;
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		read_event(statement, &row);
		each(arg, &row);
	}
	return state_finish(state, statement, code, err);
}

int state_remove_events(struct state *state, int64_t number, struct err *err)
{
	state_bind_int(state_writer(state, SQL_REMOVE_EVENTS), 1, number);
	return state_run(state, SQL_REMOVE_EVENTS, err);
}
