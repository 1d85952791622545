#include "daemon/state.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "daemon/lock.h"
#include "daemon/state_sql.h"
#include "feeds/base/buf.h"
#include "feeds/base/mem.h"
#include "feeds/base/vec.h"

static const char file_name[] = "state.db";

/* Of article.flags. */
enum {
	FLAG_DRAFT = 1,
	FLAG_EXCLUDED = 2,
	FLAG_MINOR = 4,
	FLAG_UNDATED = 8,
	FLAG_OWN_ID = 16,
	FLAG_OWN_UPDATED = 32,
	FLAG_BY_FIRST_SEEN = 64,
	FLAG_LINKS = 128,
	FLAG_DATELESS = 256,
	FLAG_SHARED = 512,
};

struct state {
	sqlite3 *db;
	sqlite3_stmt *statements[STATE_STATEMENTS];
	char *path; /* of the file */
	int folder; /* -1: not held open */
	int lock;   /* -1: reads only */
	bool writing;
	bool damaged;
	bool unsaved;	  /* and it was told */
	struct stat file; /* as it was opened */
	/* Of the row that a callback sees, or that is being put. */
	VEC(struct slice) slices;
	struct buf lists[3];
};

/* Failures */

static int fail(struct state *state, struct err *err)
{
	int code = sqlite3_errcode(state->db), os = sqlite3_system_errno(state->db);

	/* SQLITE_ERROR: our statements are right, so the tables are not those of their version. */
	state->damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR;
	if ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && os != 0)
		return err_set(err, ERR_IO, "'%s': %s: %s", state->path, sqlite3_errmsg(state->db),
		    strerrordesc_np(os));
	return err_set(err, ERR_IO, "'%s': %s", state->path, sqlite3_errmsg(state->db));
}

static int exec(struct state *state, const char *text, struct err *err)
{
	return sqlite3_exec(state->db, text, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(state, err);
}

/* A statement is through; `code` is what its last step said. */
static int finish(struct state *state, sqlite3_stmt *statement, int code, struct err *err)
{
	int rc = code == SQLITE_DONE ? 0 : fail(state, err);

	(void)sqlite3_reset(statement);		 /* says again what step said */
	(void)sqlite3_clear_bindings(statement); /* what is bound is borrowed */
	return rc;
}

/* Run a statement that gives no rows. */
static int run(struct state *state, enum state_statement which, struct err *err)
{
	sqlite3_stmt *statement = state->statements[which];

	return finish(state, statement, sqlite3_step(statement), err);
}

static sqlite3_stmt *writer(struct state *state, enum state_statement which)
{
	assert(state->writing);
	return state->statements[which];
}

/*
 * Binding. A binding that fails leaves NULL behind, and no column takes that.
 * Bytes stay borrowed until finish() forgets them.
 */

static void bind_text(sqlite3_stmt *statement, int at, struct slice text)
{
	(void)sqlite3_bind_text64(
	    statement, at, text.len ? text.ptr : "", text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_bytes(sqlite3_stmt *statement, int at, const uint8_t *bytes, size_t len)
{
	(void)sqlite3_bind_blob64(statement, at, bytes, len, SQLITE_STATIC);
}

static void bind_int(sqlite3_stmt *statement, int at, int64_t number)
{
	(void)sqlite3_bind_int64(statement, at, number);
}

static struct slice column_text(sqlite3_stmt *statement, int at)
{
	const char *bytes = sqlite3_column_blob(statement, at); /* of text: the same, untouched */
	int len = sqlite3_column_bytes(statement, at);

	return bytes ? slice_make(bytes, (size_t)len) : SLICE_NONE;
}

static void column_bytes(sqlite3_stmt *statement, int at, uint8_t *out, size_t len)
{
	struct slice bytes = column_text(statement, at);

	if (bytes.len == len)
		memcpy(out, bytes.ptr, len);
	else
		memset(out, 0, len);
}

static int remove_row(
    struct state *state, enum state_statement which, struct slice key, struct err *err)
{
	sqlite3_stmt *statement = writer(state, which);

	bind_text(statement, 1, key);
	return run(state, which, err);
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

static int read_version(struct state *state, int *out, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(state->db, "PRAGMA user_version", -1, &statement, NULL);

	if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
		*out = sqlite3_column_int(statement, 0);
		(void)sqlite3_finalize(statement); /* only read */
		return 0;
	}
	(void)fail(state, err);
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

static int migrate_step(struct state *state, int version, struct err *err)
{
	char stamp[40];

	(void)snprintf(stamp, sizeof(stamp), "PRAGMA user_version = %d", version + 1);
	if (exec(state, "BEGIN IMMEDIATE", err) < 0)
		return -1;
	if (exec(state, state_migrations[version], err) == 0 && exec(state, stamp, err) == 0 &&
	    exec(state, "COMMIT", err) == 0)
		return 0;
	(void)sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL); /* on top of a failure */
	return -1;
}

static int prepare(struct state *state, struct err *err)
{
	for (size_t i = 0; i < STATE_STATEMENTS; i++)
		if (sqlite3_prepare_v3(state->db, state_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
			&state->statements[i], NULL) != SQLITE_OK)
			return fail(state, err);
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
		return fail(state, err);
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
	if (db_open(state, state->path, FLAGS, BUSY_MS, err) < 0 ||
	    exec(state, pragmas_write, err) < 0 || read_version(state, &version, err) < 0 ||
	    check_version(state, version, err) < 0)
		return -1;
	for (; version < STATE_VERSION; version++)
		if (migrate_step(state, version, err) < 0)
			return -1;
	if (fstatat(state->folder, file_name, &state->file, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set(err, ERR_IO, "look at it: %s", strerrordesc_np(errno));
	return prepare(state, err);
}

/*
 * The log goes first: beside a new file it would be taken for that one's. What
 * is left when a crash comes in between is the file as it was before its log.
 */
static int set_aside(struct state *state, struct err *err)
{
	if (fsio_set_aside(state->folder, "state.db-wal", "state.db.damaged-wal", err) < 0 ||
	    fsio_set_aside(state->folder, file_name, "state.db.damaged", err) < 0)
		return err_wrap(err, "set the damaged '%s' aside", state->path);
	(void)unlinkat(state->folder, "state.db-shm", 0); /* made anew from the log */
	return 0;
}

static struct state *state_new(const char *dir)
{
	struct state *state = mem_zalloc(1, sizeof(*state));

	state->folder = state->lock = -1;
	if (asprintf(&state->path, "%s/%s", dir, file_name) < 0)
		mem_exhausted();
	return state;
}

int state_restart(struct state *state, struct err *err)
{
	assert(state->lock >= 0);
	db_close(state);
	state->writing = false;
	return set_aside(state, err) < 0 ? -1 : db_start(state, err);
}

int state_open(
    const char *dir, struct state **out, pid_t *out_holder, bool *out_damaged, struct err *err)
{
	struct state *state = state_new(dir);

	*out_holder = 0;
	*out_damaged = false;
	state->folder = fsio_make_private_folder(dir, err);
	if (state->folder < 0 || (state->lock = lock_take(state->folder, out_holder, err)) < 0) {
		(void)err_wrap(err, "state folder '%s'", dir);
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
	for (size_t i = 0; i < sizeof(state->lists) / sizeof(*state->lists); i++)
		buf_free(&state->lists[i]);
	vec_free(&state->slices);
	free(state->path);
	free(state);
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

bool state_stands(const struct state *state)
{
	struct stat stat;

	return fstatat(state->folder, file_name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
	       stat.st_dev == state->file.st_dev && stat.st_ino == state->file.st_ino;
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
	if (rc < 0 || read_version(state, out_version, err) < 0)
		return -1;
	return check_version(state, *out_version, err);
}

static int reader_prepare(struct state *state, int version, struct err *err)
{
	if (version < STATE_VERSION)
		return err_set(err, ERR_INVALID,
		    "'%s' is of an older feedd; it can be read as soon as feedd has run",
		    state->path);
	return prepare(state, err);
}

/* Does the folder hold a state? -1 when it cannot be looked at. */
static int reader_look(const char *dir, int *out_folder, struct err *err)
{
	struct stat stat;

	*out_folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*out_folder >= 0 && fstatat(*out_folder, file_name, &stat, 0) == 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	return err_set(err, ERR_IO, "state folder '%s': %s", dir, strerrordesc_np(errno));
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
	if (run(state, SQL_BEGIN, err) < 0)
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
		(void)run(state, SQL_ROLLBACK, &ignored);
}

int state_commit(struct state *state, struct err *err)
{
	bool damaged;

	assert(state->writing);
	if (run(state, SQL_COMMIT, err) == 0) {
		state->writing = false;
		return 0;
	}
	damaged = state->damaged;
	state_rollback(state);
	state->damaged = damaged;
	return -1;
}

/* Articles */

/* One of a list: the newline that ends it may not be in it. */
static void put_item(struct buf *out, bool first, struct slice item)
{
	size_t start;

	if (!first)
		buf_putc(out, '\n');
	start = out->len;
	buf_put_slice(out, item);
	for (size_t i = start; i < out->len; i++)
		if (out->data[i] == '\n')
			out->data[i] = ' ';
}

static struct slice join(struct buf *out, const struct slice *items, size_t len)
{
	buf_clear(out);
	for (size_t i = 0; i < len; i++)
		put_item(out, i == 0, items[i]);
	return buf_slice(out);
}

static int64_t flags_of(const struct article *article)
{
	return (article->draft ? FLAG_DRAFT : 0) | (article->excluded ? FLAG_EXCLUDED : 0) |
	       (article->minor ? FLAG_MINOR : 0) | (article->undated ? FLAG_UNDATED : 0) |
	       (article->own_id ? FLAG_OWN_ID : 0) | (article->own_updated ? FLAG_OWN_UPDATED : 0) |
	       (article->by_first_seen ? FLAG_BY_FIRST_SEEN : 0) |
	       (article->links ? FLAG_LINKS : 0) | (article->dateless ? FLAG_DATELESS : 0) |
	       (article->shared ? FLAG_SHARED : 0);
}

int state_put_article(struct state *state, const struct state_article *article, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_ARTICLE);
	const struct article *a = &article->article;
	int at = 0;

	bind_text(statement, ++at, a->path);
	bind_int(statement, ++at, a->stamp.size);
	bind_int(statement, ++at, a->stamp.mtime_ns);
	bind_int(statement, ++at, a->stamp.ctime_ns);
	bind_int(statement, ++at, (int64_t)a->stamp.inode);
	bind_bytes(statement, ++at, a->digest, sizeof(a->digest));
	bind_bytes(statement, ++at, a->written, sizeof(a->written));
	bind_int(statement, ++at, (int64_t)a->sketch);
	bind_text(statement, ++at, a->id);
	bind_text(statement, ++at, a->url);
	bind_text(statement, ++at, a->title);
	bind_text(statement, ++at, a->section);
	bind_text(statement, ++at, a->lang);
	bind_text(statement, ++at, join(&state->lists[0], a->tags, a->tags_len));
	bind_text(statement, ++at, join(&state->lists[1], a->categories, a->categories_len));
	bind_text(statement, ++at, join(&state->lists[2], a->authors, a->authors_len));
	bind_int(statement, ++at, a->published);
	bind_int(statement, ++at, a->updated);
	bind_int(statement, ++at, a->expires);
	bind_int(statement, ++at, a->first_seen);
	bind_int(statement, ++at, flags_of(a));
	bind_int(statement, ++at, article->visible);
	bind_int(statement, ++at, article->gone);
	return run(state, SQL_PUT_ARTICLE, err);
}

int state_set_gone(struct state *state, struct slice path, int64_t when, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_SET_GONE);

	bind_text(statement, 1, path);
	bind_int(statement, 2, when);
	return run(state, SQL_SET_GONE, err);
}

int state_remove_article(struct state *state, struct slice path, struct err *err)
{
	return remove_row(state, SQL_REMOVE_ARTICLE, path, err);
}

int state_sweep_gone(struct state *state, int64_t before, struct err *err)
{
	bind_int(writer(state, SQL_SWEEP_GONE), 1, before);
	return run(state, SQL_SWEEP_GONE, err);
}

/* Append the items of a list to state->slices; how many. */
static size_t split(struct state *state, struct slice list)
{
	size_t before = state->slices.len;

	for (size_t end; list.len > 0; list = slice_from(list, end + (end < list.len))) {
		end = slice_find_byte(list, 0, '\n');
		vec_push(&state->slices, slice_sub(list, 0, end));
	}
	return state->slices.len - before;
}

static void read_lists(struct state *state, sqlite3_stmt *statement, int at, struct article *out)
{
	const struct slice *all;

	state->slices.len = 0;
	out->tags_len = (uint16_t)split(state, column_text(statement, at));
	out->categories_len = (uint16_t)split(state, column_text(statement, at + 1));
	out->authors_len = (uint16_t)split(state, column_text(statement, at + 2));
	all = state->slices.items;
	out->tags = all;
	out->categories = all ? all + out->tags_len : NULL;
	out->authors = all ? out->categories + out->categories_len : NULL;
}

static void read_flags(int64_t flags, struct article *out)
{
	out->draft = flags & FLAG_DRAFT;
	out->excluded = flags & FLAG_EXCLUDED;
	out->minor = flags & FLAG_MINOR;
	out->undated = flags & FLAG_UNDATED;
	out->own_id = flags & FLAG_OWN_ID;
	out->own_updated = flags & FLAG_OWN_UPDATED;
	out->by_first_seen = flags & FLAG_BY_FIRST_SEEN;
	out->links = flags & FLAG_LINKS;
	out->dateless = flags & FLAG_DATELESS;
	out->shared = flags & FLAG_SHARED;
}

/* The row that a statement stands at; borrowed until its next step. */
static void read_article(struct state *state, sqlite3_stmt *statement, struct state_article *out)
{
	struct article *article = &out->article;
	int at = 0;

	memset(out, 0, sizeof(*out));
	article->path = column_text(statement, at++);
	article->stamp.size = sqlite3_column_int64(statement, at++);
	article->stamp.mtime_ns = sqlite3_column_int64(statement, at++);
	article->stamp.ctime_ns = sqlite3_column_int64(statement, at++);
	article->stamp.inode = (uint64_t)sqlite3_column_int64(statement, at++);
	column_bytes(statement, at++, article->digest, sizeof(article->digest));
	column_bytes(statement, at++, article->written, sizeof(article->written));
	article->sketch = (uint64_t)sqlite3_column_int64(statement, at++);
	article->id = column_text(statement, at++);
	article->url = column_text(statement, at++);
	article->title = column_text(statement, at++);
	article->section = column_text(statement, at++);
	article->lang = column_text(statement, at++);
	read_lists(state, statement, at, article);
	at += 3;
	article->published = sqlite3_column_int64(statement, at++);
	article->updated = sqlite3_column_int64(statement, at++);
	article->expires = sqlite3_column_int64(statement, at++);
	article->first_seen = sqlite3_column_int64(statement, at++);
	read_flags(sqlite3_column_int64(statement, at++), article);
	out->visible = sqlite3_column_int64(statement, at++) != 0;
	out->gone = sqlite3_column_int64(statement, at++);
}

int state_articles(struct state *state, bool gone,
    void (*each)(void *arg, const struct state_article *article), void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[gone ? SQL_ARTICLES_GONE : SQL_ARTICLES_THERE];
	struct state_article row;
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		read_article(state, statement, &row);
		each(arg, &row);
	}
	return finish(state, statement, code, err);
}

static const struct slice *copy_slices(struct arena *arena, const struct slice *slices, size_t len)
{
	struct slice *copy = len ? arena_array(arena, struct slice, len) : NULL;

	for (size_t i = 0; i < len; i++)
		copy[i] = arena_copy(arena, slices[i]);
	return copy;
}

static void keep_article(struct arena *arena, struct article *article)
{
	article->path = arena_copy(arena, article->path);
	article->id = arena_copy(arena, article->id);
	article->url = arena_copy(arena, article->url);
	article->title = arena_copy(arena, article->title);
	article->section = arena_copy(arena, article->section);
	article->lang = arena_copy(arena, article->lang);
	article->tags = copy_slices(arena, article->tags, article->tags_len);
	article->categories = copy_slices(arena, article->categories, article->categories_len);
	article->authors = copy_slices(arena, article->authors, article->authors_len);
}

static int find(struct state *state, enum state_statement which, struct slice key,
    struct arena *arena, struct state_article *out, bool *out_found, struct err *err)
{
	sqlite3_stmt *statement = state->statements[which];
	struct state_article row;
	int code;

	bind_text(statement, 1, key);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		read_article(state, statement, &row);
		keep_article(arena, &row.article);
	}
	if (finish(state, statement, code == SQLITE_ROW ? SQLITE_DONE : code, err) < 0)
		return -1;
	*out_found = code == SQLITE_ROW;
	if (*out_found)
		*out = row;
	return 0;
}

int state_find(struct state *state, struct slice path, struct arena *arena,
    struct state_article *out, bool *out_found, struct err *err)
{
	return find(state, SQL_FIND_PATH, path, arena, out, out_found, err);
}

int state_find_gone_id(struct state *state, struct slice id, struct arena *arena,
    struct state_article *out, bool *out_found, struct err *err)
{
	return find(state, SQL_FIND_GONE_ID, id, arena, out, out_found, err);
}

/* Documents */

int state_put_document(struct state *state, const struct state_document *document, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_DOCUMENT);
	int at = 0;

	bind_text(statement, ++at, document->path);
	bind_text(statement, ++at, document->feed);
	bind_text(statement, ++at, document->value);
	bind_text(statement, ++at, document->format);
	bind_bytes(statement, ++at, document->digest.bytes, DIGEST_SIZE);
	bind_bytes(statement, ++at, document->recipe.bytes, DIGEST_SIZE);
	bind_int(statement, ++at, document->size);
	bind_int(statement, ++at, document->mtime_ns);
	bind_int(statement, ++at, (int64_t)document->inode);
	bind_int(statement, ++at, document->entries);
	bind_int(statement, ++at, document->changed);
	bind_int(statement, ++at, document->empty_since);
	return run(state, SQL_PUT_DOCUMENT, err);
}

int state_remove_document(struct state *state, struct slice path, struct err *err)
{
	return remove_row(state, SQL_REMOVE_DOCUMENT, path, err);
}

int state_documents(struct state *state,
    void (*each)(void *arg, const struct state_document *document), void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_DOCUMENTS];
	struct state_document row;
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		row.path = column_text(statement, 0);
		row.feed = column_text(statement, 1);
		row.value = column_text(statement, 2);
		row.format = column_text(statement, 3);
		column_bytes(statement, 4, row.digest.bytes, DIGEST_SIZE);
		column_bytes(statement, 5, row.recipe.bytes, DIGEST_SIZE);
		row.size = sqlite3_column_int64(statement, 6);
		row.mtime_ns = sqlite3_column_int64(statement, 7);
		row.inode = (uint64_t)sqlite3_column_int64(statement, 8);
		row.entries = sqlite3_column_int64(statement, 9);
		row.changed = sqlite3_column_int64(statement, 10);
		row.empty_since = sqlite3_column_int64(statement, 11);
		each(arg, &row);
	}
	return finish(state, statement, code, err);
}

/* Problems and faults */

int state_put_problem(struct state *state, const struct state_problem *problem, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_PROBLEM);

	bind_text(statement, 1, problem->path);
	bind_int(statement, 2, problem->line);
	bind_int(statement, 3, problem->column);
	bind_text(statement, 4, problem->text);
	return run(state, SQL_PUT_PROBLEM, err);
}

int state_remove_problem(struct state *state, struct slice path, struct err *err)
{
	return remove_row(state, SQL_REMOVE_PROBLEM, path, err);
}

int state_problems(struct state *state,
    void (*each)(void *arg, const struct state_problem *problem), void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_PROBLEMS];
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct state_problem row = {column_text(statement, 0),
		    (uint32_t)sqlite3_column_int64(statement, 1),
		    (uint32_t)sqlite3_column_int64(statement, 2), column_text(statement, 3)};

		each(arg, &row);
	}
	return finish(state, statement, code, err);
}

int state_put_fault(struct state *state, const struct state_fault *fault, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_FAULT);

	bind_text(statement, 1, fault->key);
	bind_text(statement, 2, fault->text);
	bind_int(statement, 3, fault->since);
	return run(state, SQL_PUT_FAULT, err);
}

int state_remove_fault(struct state *state, struct slice key, struct err *err)
{
	return remove_row(state, SQL_REMOVE_FAULT, key, err);
}

int state_faults(struct state *state, void (*each)(void *arg, const struct state_fault *fault),
    void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_FAULTS];
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct state_fault row = {column_text(statement, 0), column_text(statement, 1),
		    sqlite3_column_int64(statement, 2)};

		each(arg, &row);
	}
	return finish(state, statement, code, err);
}

/* Adopted entries */

int state_put_adopted(struct state *state, const struct state_adopted *adopted, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_ADOPTED);

	bind_text(statement, 1, adopted->id);
	bind_text(statement, 2, adopted->url);
	bind_text(statement, 3, adopted->title);
	bind_int(statement, 4, adopted->published);
	bind_int(statement, 5, adopted->updated);
	bind_int(statement, 6, adopted->used);
	return run(state, SQL_PUT_ADOPTED, err);
}

int state_use_adopted(struct state *state, struct slice id, bool used, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_USE_ADOPTED);

	bind_text(statement, 1, id);
	bind_int(statement, 2, used);
	return run(state, SQL_USE_ADOPTED, err);
}

int state_adopted(struct state *state, void (*each)(void *arg, const struct state_adopted *adopted),
    void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_ADOPTED];
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct state_adopted row = {column_text(statement, 0), column_text(statement, 1),
		    column_text(statement, 2), sqlite3_column_int64(statement, 3),
		    sqlite3_column_int64(statement, 4), sqlite3_column_int64(statement, 5) != 0};

		each(arg, &row);
	}
	return finish(state, statement, code, err);
}

/* Targets and pings */

int state_put_target(struct state *state, const struct state_target *target, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_TARGET);

	bind_text(statement, 1, target->key);
	bind_int(statement, 2, target->known);
	bind_int(statement, 3, target->parked);
	bind_int(statement, 4, target->last_sent);
	bind_int(statement, 5, target->last_told);
	bind_int(statement, 6, target->last_status);
	bind_text(statement, 7, target->last_answer);
	return run(state, SQL_PUT_TARGET, err);
}

int state_targets(struct state *state, void (*each)(void *arg, const struct state_target *target),
    void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_TARGETS];
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct state_target row = {column_text(statement, 0),
		    sqlite3_column_int64(statement, 1), sqlite3_column_int64(statement, 2),
		    sqlite3_column_int64(statement, 3), sqlite3_column_int64(statement, 4),
		    sqlite3_column_int64(statement, 5), column_text(statement, 6)};

		each(arg, &row);
	}
	return finish(state, statement, code, err);
}

int state_put_ping(struct state *state, const struct state_ping *ping, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_PING);
	int at = 0;

	bind_text(statement, ++at, ping->target);
	bind_text(statement, ++at, ping->topic);
	bind_int(statement, ++at, ping->entry);
	bind_bytes(statement, ++at, ping->wanted.bytes, DIGEST_SIZE);
	bind_bytes(statement, ++at, ping->told.bytes, DIGEST_SIZE);
	bind_bytes(statement, ++at, ping->given_up.bytes, DIGEST_SIZE);
	bind_int(statement, ++at, ping->attempts);
	bind_int(statement, ++at, ping->since);
	bind_int(statement, ++at, ping->next_try);
	bind_int(statement, ++at, ping->last_try);
	bind_int(statement, ++at, ping->last_told);
	bind_int(statement, ++at, ping->last_status);
	bind_text(statement, ++at, ping->last_answer);
	bind_text(statement, ++at, ping->url);
	bind_text(statement, ++at, ping->id);
	bind_text(statement, ++at, ping->title);
	bind_text(statement, ++at, ping->link);
	bind_text(statement, ++at, ping->feed);
	bind_text(statement, ++at, ping->format);
	bind_int(statement, ++at, ping->published);
	bind_int(statement, ++at, ping->updated);
	return run(state, SQL_PUT_PING, err);
}

int state_remove_ping(struct state *state, const struct state_ping_key *key, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_REMOVE_PING);

	bind_text(statement, 1, key->target);
	bind_text(statement, 2, key->topic);
	return run(state, SQL_REMOVE_PING, err);
}

static void read_ping(sqlite3_stmt *statement, struct state_ping *out)
{
	int at = 0;

	out->target = column_text(statement, at++);
	out->topic = column_text(statement, at++);
	out->entry = sqlite3_column_int64(statement, at++) != 0;
	column_bytes(statement, at++, out->wanted.bytes, DIGEST_SIZE);
	column_bytes(statement, at++, out->told.bytes, DIGEST_SIZE);
	column_bytes(statement, at++, out->given_up.bytes, DIGEST_SIZE);
	out->attempts = sqlite3_column_int64(statement, at++);
	out->since = sqlite3_column_int64(statement, at++);
	out->next_try = sqlite3_column_int64(statement, at++);
	out->last_try = sqlite3_column_int64(statement, at++);
	out->last_told = sqlite3_column_int64(statement, at++);
	out->last_status = sqlite3_column_int64(statement, at++);
	out->last_answer = column_text(statement, at++);
	out->url = column_text(statement, at++);
	out->id = column_text(statement, at++);
	out->title = column_text(statement, at++);
	out->link = column_text(statement, at++);
	out->feed = column_text(statement, at++);
	out->format = column_text(statement, at++);
	out->published = sqlite3_column_int64(statement, at++);
	out->updated = sqlite3_column_int64(statement, at++);
}

int state_pings(struct state *state, void (*each)(void *arg, const struct state_ping *ping),
    void *arg, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_PINGS];
	struct state_ping row;
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		read_ping(statement, &row);
		each(arg, &row);
	}
	return finish(state, statement, code, err);
}

/* Events */

int state_put_event(struct state *state, const struct state_event *event, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_EVENT);

	bind_bytes(statement, 1, event->before.bytes, DIGEST_SIZE);
	bind_bytes(statement, 2, event->after.bytes, DIGEST_SIZE);
	bind_text(statement, 3, event->path);
	bind_text(statement, 4, event->id);
	bind_text(statement, 5, event->title);
	bind_text(statement, 6, event->url);
	bind_text(statement, 7, event->old_url);
	bind_text(statement, 8, event->feeds);
	bind_int(statement, 9, event->published);
	bind_int(statement, 10, event->updated);
	return run(state, SQL_PUT_EVENT, err);
}

static void read_event(sqlite3_stmt *statement, struct state_event *out)
{
	out->number = sqlite3_column_int64(statement, 0);
	column_bytes(statement, 1, out->before.bytes, DIGEST_SIZE);
	column_bytes(statement, 2, out->after.bytes, DIGEST_SIZE);
	out->path = column_text(statement, 3);
	out->id = column_text(statement, 4);
	out->title = column_text(statement, 5);
	out->url = column_text(statement, 6);
	out->old_url = column_text(statement, 7);
	out->feeds = column_text(statement, 8);
	out->published = sqlite3_column_int64(statement, 9);
	out->updated = sqlite3_column_int64(statement, 10);
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
	return finish(state, statement, code, err);
}

int state_remove_events(struct state *state, int64_t number, struct err *err)
{
	bind_int(writer(state, SQL_REMOVE_EVENTS), 1, number);
	return run(state, SQL_REMOVE_EVENTS, err);
}

/* Meta */

int state_put_int(struct state *state, const char *key, int64_t value, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_META);

	bind_text(statement, 1, slice_of(key));
	bind_int(statement, 2, value);
	return run(state, SQL_PUT_META, err);
}

int state_put_text(struct state *state, const char *key, struct slice value, struct err *err)
{
	sqlite3_stmt *statement = writer(state, SQL_PUT_META);

	bind_text(statement, 1, slice_of(key));
	bind_text(statement, 2, value);
	return run(state, SQL_PUT_META, err);
}

int state_remove_meta(struct state *state, const char *key, struct err *err)
{
	return remove_row(state, SQL_REMOVE_META, slice_of(key), err);
}

/* The statement at its row, or NULL when there is none; *out_code is for finish(). */
static sqlite3_stmt *get_meta(struct state *state, const char *key, int *out_code)
{
	sqlite3_stmt *statement = state->statements[SQL_GET_META];

	bind_text(statement, 1, slice_of(key));
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
	return finish(state, state->statements[SQL_GET_META], code, err);
}

int state_get_text(struct state *state, const char *key, struct buf *out, struct err *err)
{
	int code;
	sqlite3_stmt *row = get_meta(state, key, &code);

	if (row)
		buf_put_slice(out, column_text(row, 0));
	return finish(state, state->statements[SQL_GET_META], code, err);
}
