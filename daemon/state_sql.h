/*
 * state_sql: the words of SQL that state speaks, all of them constant.
 */
#ifndef DAEMON_STATE_SQL_H
#define DAEMON_STATE_SQL_H

enum { STATE_VERSION = 2 }; /* user_version of the tables that this feedd knows */

/* Step N brings a file of user_version N to N + 1. */
extern const char *const state_migrations[STATE_VERSION];

enum state_statement {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_PUT_ARTICLE,
	SQL_SET_GONE,
	SQL_REMOVE_ARTICLE,
	SQL_SWEEP_GONE,
	SQL_ARTICLES_THERE,
	SQL_ARTICLES_GONE,
	SQL_FIND_PATH,
	SQL_FIND_GONE_ID,
	SQL_PUT_DOCUMENT,
	SQL_REMOVE_DOCUMENT,
	SQL_DOCUMENTS,
	SQL_PUT_PROBLEM,
	SQL_REMOVE_PROBLEM,
	SQL_PROBLEMS,
	SQL_PUT_FAULT,
	SQL_REMOVE_FAULT,
	SQL_FAULTS,
	SQL_PUT_ADOPTED,
	SQL_USE_ADOPTED,
	SQL_ADOPTED,
	SQL_PUT_TARGET,
	SQL_TARGETS,
	SQL_PUT_PING,
	SQL_REMOVE_PING,
	SQL_PINGS,
	SQL_PUT_EVENT,
	SQL_EVENTS,
	SQL_REMOVE_EVENTS,
	SQL_PUT_META,
	SQL_REMOVE_META,
	SQL_GET_META,
	STATE_STATEMENTS,
};

extern const char *const state_sql[STATE_STATEMENTS];

#endif
