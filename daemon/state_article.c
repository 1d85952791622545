#include "daemon/state_inside.h"

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

static void bind_list(
    struct state *state, sqlite3_stmt *statement, int at, const struct slice *items, size_t len)
{
	struct slice list = join(&state->list, items, len);

	/* The next list takes its place: it is copied. */
	(void)sqlite3_bind_text64(statement, at, list.len ? list.ptr : "", list.len,
	    list.len ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8);
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

/* Bind a row behind the column numbered `at`; returns the number of its last one. */
static int bind_article(
    struct state *state, sqlite3_stmt *statement, int at, const struct state_article *article)
{
	const struct article *a = &article->article;

	state_bind_text(statement, ++at, a->path);
	state_bind_int(statement, ++at, a->stamp.size);
	state_bind_int(statement, ++at, a->stamp.mtime_ns);
	state_bind_int(statement, ++at, a->stamp.ctime_ns);
	state_bind_int(statement, ++at, (int64_t)a->stamp.inode);
	state_bind_int(statement, ++at, (int64_t)a->digest);
	state_bind_int(statement, ++at, (int64_t)a->written);
	state_bind_int(statement, ++at, (int64_t)a->sketch);
	state_bind_text(statement, ++at, a->id);
	state_bind_text(statement, ++at, a->url);
	state_bind_text(statement, ++at, a->title);
	state_bind_text(statement, ++at, a->section);
	state_bind_text(statement, ++at, a->lang);
	bind_list(state, statement, ++at, a->tags, a->tags_len);
	bind_list(state, statement, ++at, a->categories, a->categories_len);
	bind_list(state, statement, ++at, a->authors, a->authors_len);
	state_bind_int(statement, ++at, a->published);
	state_bind_int(statement, ++at, a->updated);
	state_bind_int(statement, ++at, a->expires);
	state_bind_int(statement, ++at, a->first_seen);
	state_bind_int(statement, ++at, flags_of(a));
	state_bind_int(statement, ++at, article->visible);
	state_bind_int(statement, ++at, article->gone);
	return at;
}

int state_put_article(struct state *state, const struct state_article *article, struct err *err)
{
	(void)bind_article(state, state_writer(state, SQL_PUT_ARTICLE), 0, article);
	return state_run(state, SQL_PUT_ARTICLE, err);
}

int state_put_articles(
    struct state *state, const struct state_article articles[STATE_ROWS], struct err *err)
{
	sqlite3_stmt *statement;

	/* It is long, and few need it. */
	if (!state->statements[SQL_PUT_ARTICLES] && state_prepare(state, SQL_PUT_ARTICLES, err) < 0)
		return -1;
	statement = state_writer(state, SQL_PUT_ARTICLES);
	for (int i = 0, at = 0; i < STATE_ROWS; i++)
		at = bind_article(state, statement, at, &articles[i]);
	return state_run(state, SQL_PUT_ARTICLES, err);
}

int state_set_gone(struct state *state, struct slice path, int64_t when, struct err *err)
{
	sqlite3_stmt *statement = state_writer(state, SQL_SET_GONE);

	state_bind_text(statement, 1, path);
	state_bind_int(statement, 2, when);
	return state_run(state, SQL_SET_GONE, err);
}

int state_remove_article(struct state *state, struct slice path, struct err *err)
{
	return state_remove_row(state, SQL_REMOVE_ARTICLE, path, err);
}

int state_sweep_gone(struct state *state, int64_t before, struct err *err)
{
	state_bind_int(state_writer(state, SQL_SWEEP_GONE), 1, before);
	return state_run(state, SQL_SWEEP_GONE, err);
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
	out->tags_len = (uint16_t)split(state, state_column_text(statement, at));
	out->categories_len = (uint16_t)split(state, state_column_text(statement, at + 1));
	out->authors_len = (uint16_t)split(state, state_column_text(statement, at + 2));
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
	article->path = state_column_text(statement, at++);
	article->stamp.size = sqlite3_column_int64(statement, at++);
	article->stamp.mtime_ns = sqlite3_column_int64(statement, at++);
	article->stamp.ctime_ns = sqlite3_column_int64(statement, at++);
	article->stamp.inode = (uint64_t)sqlite3_column_int64(statement, at++);
	article->digest = (uint64_t)sqlite3_column_int64(statement, at++);
	article->written = (uint64_t)sqlite3_column_int64(statement, at++);
	article->sketch = (uint64_t)sqlite3_column_int64(statement, at++);
	article->id = state_column_text(statement, at++);
	article->url = state_column_text(statement, at++);
	article->title = state_column_text(statement, at++);
	article->section = state_column_text(statement, at++);
	article->lang = state_column_text(statement, at++);
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
	return state_finish(state, statement, code, err);
}

int state_has_gone_id(struct state *state, struct slice id, bool *out_has, struct err *err)
{
	sqlite3_stmt *statement = state->statements[SQL_HAS_GONE_ID];
	int code;

	state_bind_text(statement, 1, id);
	code = sqlite3_step(statement);
	if (state_finish(state, statement, code == SQLITE_ROW ? SQLITE_DONE : code, err) < 0)
		return -1;
	*out_has = code == SQLITE_ROW;
	return 0;
}
