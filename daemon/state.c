#include "daemon/state_inside.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "daemon/lock.h"
#include "feeds/base/buf.h"
#include "feeds/base/mem.h"

static const char file_name[] = "state.db", log_name[] = "state.db-wal";

/* Failures */

int state_fail(struct state *state, struct err *err)
{
	int code, os;

	if (!state->db)
		return err_set(err, ERR_IO, "'%s': it could not be begun anew", state->path);
	code = sqlite3_errcode(state->db);
	os = sqlite3_system_errno(state->db);
	/* SQLITE_ERROR: our statements are right, so the tables are not those of their version. */
	state->damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR;
	if ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && os != 0)
		return err_set(err, ERR_IO, "'%s': %s: %s", state->path, sqlite3_errmsg(state->db),
		    strerrordesc_np(os));
	return err_set(err, ERR_IO, "'%s': %s", state->path, sqlite3_errmsg(state->db));
}

static int exec(struct state *state, const char *text, struct err *err)
{
	return sqlite3_exec(state->db, text, NULL, NULL, NULL) == SQLITE_OK
		   ? 0
		   : state_fail(state, err);
}

int state_finish(struct state *state, sqlite3_stmt *statement, int code, struct err *err)
{
	int rc = code == SQLITE_DONE ? 0 : state_fail(state, err);

	(void)sqlite3_reset(statement);			 /* says again what step said */
	if (statement)					 /* none: a restart failed */
		(void)sqlite3_clear_bindings(statement); /* what is bound is borrowed */
	return rc;
}

int state_run(struct state *state, enum state_statement which, struct err *err)
{
	sqlite3_stmt *statement = state->statements[which];

	return state_finish(state, statement, sqlite3_step(statement), err);
}

sqlite3_stmt *state_writer(struct state *state, enum state_statement which)
{
	assert(state->writing);
	return state->statements[which];
}

/* Binding, and columns */

void state_bind_text(sqlite3_stmt *statement, int at, struct slice text)
{
	(void)sqlite3_bind_text64(
	    statement, at, text.len ? text.ptr : "", text.len, SQLITE_STATIC, SQLITE_UTF8);
}

void state_bind_bytes(sqlite3_stmt *statement, int at, const uint8_t *bytes, size_t len)
{
	(void)sqlite3_bind_blob64(statement, at, bytes, len, SQLITE_STATIC);
}

void state_bind_int(sqlite3_stmt *statement, int at, int64_t number)
{
	(void)sqlite3_bind_int64(statement, at, number);
}

struct slice state_column_text(sqlite3_stmt *statement, int at)
{
	const char *bytes = sqlite3_column_blob(statement, at); /* of text: the same, untouched */
	int len = sqlite3_column_bytes(statement, at);

	return bytes ? slice_make(bytes, (size_t)len) : SLICE_NONE;
}

void state_column_bytes(sqlite3_stmt *statement, int at, uint8_t *out, size_t len)
{
	struct slice bytes = state_column_text(statement, at);

	if (bytes.len == len)
		memcpy(out, bytes.ptr, len);
	else
		memset(out, 0, len);
}

int state_remove_row(
    struct state *state, enum state_statement which, struct slice key, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, which);

	state_bind_text(statement, 1, key);
	return state_run(state, which, err);
}

/* Opening */

/* Where nobody may ask for what only a damaged or a planted file would make of it. */
static const char pragmas[] = "PRAGMA trusted_schema = OFF;"
			      "PRAGMA cell_size_check = ON;"
			      "PRAGMA mmap_size = 0;"
			      "PRAGMA cache_size = -1024;"; /* KiB */

static const char pragmas_write[] = "PRAGMA journal_mode = WAL;"
				    "PRAGMA synchronous = FULL;"
				    "PRAGMA wal_autocheckpoint = 1000;" /* pages of 4096 bytes */
				    "PRAGMA journal_size_limit = 4194304;";

/* What a PRAGMA says that is a number. */
static int read_number(struct state *state, const char *pragma, int *out, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(state->db, pragma, -1, &statement, NULL);

	if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
		*out = sqlite3_column_int(statement, 0);
		(void)sqlite3_finalize(statement); /* only read */
		return 0;
	}
	(void)state_fail(state, err);
	(void)sqlite3_finalize(statement); /* said already */
	return -1;
}

static int check_version(const struct state *state, int version, struct err *err)
{
	if (version >= 0 && version <= STATE_VERSION)
		return 0;
	return err_set(err, ERR_INVALID,
	    "'%s' is of a newer feedd (its tables are version %d, this feedd knows %d): install "
	    "that one again, or move the file away",
	    state->path, version, STATE_VERSION);
}

static int run_migrations(struct state *state, int version, struct err *err)
{
	char stamp[40];

	for (; version < STATE_VERSION; version++)
		if (exec(state, state_migrations[version], err) < 0)
			return -1;
	(void)snprintf(stamp, sizeof(stamp), "PRAGMA user_version = %d", STATE_VERSION);
	if (exec(state, stamp, err) < 0)
		return -1;
	return exec(state, "COMMIT", err);
}

/* All of them or none. */
static int migrate(struct state *state, int version, struct err *err)
{
	if (version == STATE_VERSION)
		return 0;
	if (exec(state, "BEGIN IMMEDIATE", err) < 0)
		return -1;
	if (run_migrations(state, version, err) == 0)
		return 0;
	(void)sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL); /* on top of a failure */
	return -1;
}

/*
 * A file with nothing in it needs no journal on disk to become one with a WAL: two syncs less,
 * and an unlink.
 */
static int start_wal(struct state *state, struct err *err)
{
	int pages;

	if (read_number(state, "PRAGMA page_count", &pages, err) < 0 ||
	    (pages == 0 && exec(state, "PRAGMA journal_mode = MEMORY", err) < 0))
		return -1;
	return exec(state, pragmas_write, err);
}

int state_prepare(struct state *state, enum state_statement which, struct err *err)
{
	if (sqlite3_prepare_v3(state->db, state_sql[which], -1, SQLITE_PREPARE_PERSISTENT,
		&state->statements[which], NULL) != SQLITE_OK)
		return state_fail(state, err);
	return 0;
}

static int prepare_all(struct state *state, struct err *err)
{
	for (enum state_statement i = 0; i < STATE_STATEMENTS; i++)
		if (i != SQL_PUT_ARTICLES && state_prepare(state, i, err) < 0)
			return -1;
	return 0;
}

static void db_close(struct state *state)
{
	for (size_t i = 0; i < STATE_STATEMENTS; i++) {
		(void)sqlite3_finalize(state->statements[i]); /* said when it failed */
		state->statements[i] = NULL;
	}
	(void)sqlite3_close(state->db); /* all is committed; the log is kept if it is not merged */
	state->db = NULL;
}

static int db_open(struct state *state, const char *name, int flags, int busy_ms, struct err *err)
{
	if (sqlite3_open_v2(name, &state->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		if (!state->db)
			mem_exhausted();
		return state_fail(state, err);
	}
	(void)sqlite3_db_config(state->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	(void)sqlite3_busy_timeout(state->db, busy_ms);
	return exec(state, pragmas, err);
}

static int db_start(struct state *state, struct err *err)
{
	enum { FLAGS = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, BUSY_MS = 10000 };
	int version;

	state->damaged = false;
	if (db_open(state, state->path, FLAGS, BUSY_MS, err) < 0 || start_wal(state, err) < 0 ||
	    read_number(state, "PRAGMA user_version", &version, err) < 0 ||
	    check_version(state, version, err) < 0 || migrate(state, version, err) < 0)
		return -1;
	if (fstatat(state->folder, file_name, &state->file, AT_SYMLINK_NOFOLLOW) < 0 ||
	    fstatat(state->folder, log_name, &state->log, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set(err, ERR_IO, "look at it: %s", strerrordesc_np(errno));
	return prepare_all(state, err);
}

/*
 * The log goes first: beside a new file it would be taken for that one's. What
 * is left when a crash comes in between is the file as it was before its log.
 */
static int set_aside(struct state *state, struct err *err)
{
	if (fsio_set_aside(state->folder, log_name, "state.db.damaged-wal", err) < 0 ||
	    fsio_set_aside(state->folder, file_name, "state.db.damaged", err) < 0)
		return err_wrap(err, "set the damaged '%s' aside", state->path);
	(void)unlinkat(state->folder, "state.db-shm", 0); /* made anew from the log */
	return 0;
}

static struct state *state_new(const char *dir)
{
	struct state *state = mem_zalloc(1, sizeof(*state));

	state->folder = state->lock = -1;
	state->dir = mem_dup(dir, strlen(dir) + 1);
	if (asprintf(&state->path, "%s/%s", dir, file_name) < 0)
		mem_exhausted();
	return state;
}

/* The folder is still where it was. */
static bool folder_stands(const struct state *state)
{
	struct stat own, there;

	return fstat(state->folder, &own) == 0 && stat(state->dir, &there) == 0 &&
	       own.st_dev == there.st_dev && own.st_ino == there.st_ino;
}

/* Hold the folder and its lock, in place of those that are held. */
static int folder_take(struct state *state, pid_t *out_holder, struct err *err)
{
	int folder = fsio_make_private_folder(state->dir, err), lock = -1;

	*out_holder = 0;
	if (folder < 0 || (lock = lock_take(folder, out_holder, err)) < 0) {
		if (folder >= 0)
			(void)close(folder); /* only read */
		return err_wrap(err, "state folder '%s'", state->dir);
	}
	if (state->lock >= 0)
		(void)close(state->lock); /* nothing to be kept */
	if (state->folder >= 0)
		(void)close(state->folder); /* only read */
	state->folder = folder;
	state->lock = lock;
	state->unsaved = false;
	return 0;
}

int state_restart(struct state *state, struct err *err)
{
	pid_t holder;

	assert(state->lock >= 0);
	db_close(state);
	state->writing = false;
	if ((!folder_stands(state) && folder_take(state, &holder, err) < 0) ||
	    set_aside(state, err) < 0)
		return -1;
	return db_start(state, err);
}

int state_open(
    const char *dir, struct state **out, pid_t *out_holder, bool *out_damaged, struct err *err)
{
	struct state *state = state_new(dir);

	*out_damaged = false;
	if (folder_take(state, out_holder, err) < 0) {
		state_close(state);
		return -1;
	}
	if (db_start(state, err) < 0) {
		*out_damaged = state->damaged;
		if (!state->damaged || state_restart(state, err) < 0) {
			state_close(state);
			return -1;
		}
	}
	*out = state;
	return 0;
}

void state_close(struct state *state)
{
	if (!state)
		return;
	db_close(state);
	if (state->lock >= 0)
		(void)close(state->lock); /* nothing to be kept */
	if (state->folder >= 0)
		(void)close(state->folder); /* only read */
	buf_free(&state->list);
	vec_free(&state->slices);
	free(state->dir);
	free(state->path);
	free(state);
}

bool state_exists(const char *dir)
{
	struct state *state = state_new(dir);
	bool exists = access(state->path, F_OK) == 0;

	state_close(state);
	return exists;
}

pid_t state_holder(const struct state *state)
{
	return state->lock >= 0 ? getpid() : lock_holder(state->folder);
}

void state_tell_unsaved(struct state *state, const char *why, int64_t since)
{
	struct buf line = BUF_INIT;

	if (!state || state->lock < 0 || state->unsaved == (why != NULL))
		return;
	state->unsaved = why != NULL;
	buf_printf(&line, "%lld %s", (long long)since, why ? why : "");
	lock_tell(state->lock, why ? buf_string(&line) : NULL);
	buf_free(&line);
}

bool state_unsaved(const struct state *state, int64_t *out_since, struct buf *why)
{
	struct buf line = BUF_INIT;
	char *end = NULL;
	long long since;

	if (state_holder(state) != 0)
		lock_told(state->folder, &line);
	since = strtoll(buf_string(&line), &end, 10);
	if (since > 0) {
		*out_since = since;
		buf_puts(why, end + (*end == ' '));
	}
	buf_free(&line);
	return since > 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool state_stands(const struct state *state)
{
	struct stat file, log;

	/* What was committed last is in the log alone. */
	return lstat(state->path, &file) == 0 && is_same(&file, &state->file) && file.st_size > 0 &&
	       fstatat(state->folder, log_name, &log, AT_SYMLINK_NOFOLLOW) == 0 &&
	       is_same(&log, &state->log);
}

bool state_damaged(const struct state *state)
{
	return state->damaged;
}

/* Opening to read */

/* The file as a URI that says it does not change: read as it lies, with nothing beside it. */
static char *immutable_uri(const char *path)
{
	struct buf uri = BUF_INIT;

	buf_puts(&uri, *path == '/' ? "file://" : "file:");
	for (; *path; path++)
		if (strchr("%?#", *path))
			buf_printf(&uri, "%%%02X", (unsigned char)*path);
		else
			buf_putc(&uri, *path);
	buf_puts(&uri, "?immutable=1");
	return uri.data;
}

/* Open and look whether it can be read; *out_version is that of its tables. */
static int reader_start(struct state *state, bool immutable, int *out_version, struct err *err)
{
	enum { BUSY_MS = 5000 };
	char *uri = immutable ? immutable_uri(state->path) : NULL;
	int flags = SQLITE_OPEN_READONLY | (immutable ? SQLITE_OPEN_URI : 0), rc;

	state->damaged = false;
	rc = db_open(state, immutable ? uri : state->path, flags, BUSY_MS, err);
	free(uri);
	if (rc < 0 || read_number(state, "PRAGMA user_version", out_version, err) < 0)
		return -1;
	return check_version(state, *out_version, err);
}

static int reader_prepare(struct state *state, int version, struct err *err)
{
	if (version < STATE_VERSION)
		return err_set(err, ERR_INVALID,
		    "'%s' is of an older feedd; it can be read as soon as feedd has run",
		    state->path);
	return prepare_all(state, err);
}

/* Does the folder hold a state? -1 when it cannot be looked at. */
static int reader_look(const char *dir, int *out_folder, struct err *err)
{
	struct stat stat;
	int number;

	*out_folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*out_folder >= 0 && fstatat(*out_folder, file_name, &stat, 0) == 0)
		return 1;
	number = errno;
	if (number == ENOENT)
		return 0;
	(void)err_set(err, ERR_IO, "state folder '%s': %s", dir, strerrordesc_np(number)); /* -1 */
	if (number == EACCES)
		return err_advise(
		    err, "run this as the user that feedd runs as, as in sudo -u feedd");
	return -1;
}

static int reader_open(struct state *state, int *out_version, struct err *err)
{
	struct stat stat;
	/* A file at rest is read as it lies: that makes nothing beside it. */
	bool at_rest =
	    fstatat(state->folder, "state.db-wal", &stat, 0) < 0 && lock_holder(state->folder) == 0;

	if (reader_start(state, at_rest, out_version, err) == 0)
		return 0;
	if (state->damaged)
		return err_wrap(err, "damaged; feedd sets it aside when it starts");
	if (err->kind != ERR_IO)
		return -1;
	/* SQLite's own words lead astray. Its index of the log is missing, or closed to us. */
	return err_set(err, ERR_IO,
	    "'%s' cannot be read together with its log by this user; ask as the user that feedd "
	    "runs as",
	    state->path);
}

int state_open_readonly(const char *dir, struct state **out, struct err *err)
{
	struct state *state = state_new(dir);
	int version = 0, there = reader_look(dir, &state->folder, err), rc = there;

	if (there == 1)
		rc = reader_open(state, &version, err);
	if (rc == 0 && version > 0) {
		rc = reader_prepare(state, version, err);
		if (rc == 0) {
			*out = state;
			return 0;
		}
	}
	state_close(state);
	if (rc == 0) /* there is none, or it has no tables yet */
		*out = NULL;
	return rc;
}

/* Transactions */

int state_begin(struct state *state, struct err *err)
{
	assert(!state->writing && state->lock >= 0);
	if (state_run(state, SQL_BEGIN, err) < 0)
		return -1;
	state->writing = true;
	return 0;
}

void state_rollback(struct state *state)
{
	struct err ignored;

	assert(state->writing);
	state->writing = false;
	/* After some failures SQLite has rolled back already. */
	if (!sqlite3_get_autocommit(state->db))
		(void)state_run(state, SQL_ROLLBACK, &ignored);
}

int state_commit(struct state *state, struct err *err)
{
	bool damaged;

	assert(state->writing);
	if (state_run(state, SQL_COMMIT, err) == 0) {
		state->writing = false;
		return 0;
	}
	damaged = state->damaged;
	state_rollback(state);
	state->damaged = damaged;
	return -1;
}

/* Meta */

int state_put_int(struct state *state, const char *key, int64_t value, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_PUT_META);

	state_bind_text(statement, 1, slice_of(key));
	state_bind_int(statement, 2, value);
	return state_run(state, SQL_PUT_META, err);
}

int state_put_text(struct state *state, const char *key, struct slice value, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_PUT_META);

	state_bind_text(statement, 1, slice_of(key));
	state_bind_text(statement, 2, value);
	return state_run(state, SQL_PUT_META, err);
}

int state_remove_meta(struct state *state, const char *key, struct err *err)
{
	return state_remove_row(state, SQL_REMOVE_META, slice_of(key), err);
}

/* The statement at its row, or NULL when there is none; *out_code is for state_finish(). */
static sqlite3_stmt *get_meta(struct state *state, const char *key, int *out_code)
{
	sqlite3_stmt *statement = state->statements[SQL_GET_META];

	state_bind_text(statement, 1, slice_of(key));
	*out_code = sqlite3_step(statement);
	if (*out_code != SQLITE_ROW)
		return NULL;
	*out_code = SQLITE_DONE; /* keys are unique */
	return statement;
}

int state_get_int(struct state *state, const char *key, int64_t *out, struct err *err)
{
	int code;
	sqlite3_stmt *row = get_meta(state, key, &code);

	if (row)
		*out = sqlite3_column_int64(row, 0);
	return state_finish(state, state->statements[SQL_GET_META], code, err);
}

int state_get_text(struct state *state, const char *key, struct buf *out, struct err *err)
{
	int code;
	sqlite3_stmt *row = get_meta(state, key, &code);

	if (row)
		buf_put_slice(out, state_column_text(row, 0));
	return state_finish(state, state->statements[SQL_GET_META], code, err);
}
