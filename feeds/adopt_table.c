#include <stdlib.h>

#include "feeds/adopt.h"
#include "feeds/article.h"
#include "feeds/base/text.h"
#include "feeds/base/uri.h"
#include "feeds/base/vec.h"

enum { DAY = 86400, ZONES = 14 * 3600 /* from UTC to the zone farthest from it */ };

/* Two entries have this title on this day: it tells neither. */
#define MANY (MAP_NONE - 1)

/* ---- keys ---- */

/* Without the last segment when that is a folder's index, and without slashes at the end. */
static struct slice page_path(struct slice path)
{
	static const char *const indexes[] = {"/index.html", "/index.htm"};

	for (size_t i = 0; i < sizeof(indexes) / sizeof(indexes[0]); i++) {
		if (!slice_ends(path, indexes[i]))
			continue;
		path.len -= strlen(indexes[i]);
		break;
	}
	while (slice_ends(path, "/"))
		path.len--;
	return path;
}

/* "%7E" and "~", "%c3" and "%C3" are one: decoded, and encoded where they must be. */
static void put_path(struct buf *out, struct slice path)
{
	struct buf decoded = BUF_INIT;

	uri_put_decoded(&decoded, path);
	uri_put_path(out, page_path(buf_slice(&decoded)));
	buf_free(&decoded);
}

/* The port of an authority with its ":", unless it is that of HTTP or HTTPS. */
static struct slice own_port(struct slice authority)
{
	size_t at = authority.len;

	while (at > 0 && authority.ptr[at - 1] >= '0' && authority.ptr[at - 1] <= '9')
		at--;
	if (at == 0 || authority.ptr[at - 1] != ':' || at == authority.len)
		return SLICE_NONE;
	authority = slice_from(authority, at - 1);
	return slice_equal_str(authority, ":80") || slice_equal_str(authority, ":443") ? SLICE_NONE
										       : authority;
}

void adopt_url_key(struct slice url, struct buf *out)
{
	struct buf whole = BUF_INIT;
	struct uri uri;

	uri_resolve(url, url, &whole); /* without dots */
	uri_split(buf_slice(&whole), &uri);
	if (uri.authority.len > 0) {
		if (!slice_equal_str(uri.scheme, "http") && !slice_equal_str(uri.scheme, "https")) {
			buf_put_slice(out, uri.scheme);
			buf_putc(out, ':');
		}
		uri_put_host(out, buf_slice(&whole));
		buf_put_slice(out, own_port(uri.authority));
		put_path(out, uri.path);
		if (uri.query.len > 0) {
			buf_putc(out, '?');
			buf_put_slice(out, uri.query);
		}
	}
	buf_free(&whole);
}

/* Behind the tag or the reference at s[at], which a title in HTML has; else `at`. */
static size_t html_end(struct slice s, size_t at)
{
	enum { REFERENCE_MAX = 12, TAG_MAX = 200 };
	bool tag = s.ptr[at] == '<';
	size_t max = at + (tag ? TAG_MAX : REFERENCE_MAX), end = at + 1;

	if (!tag && s.ptr[at] != '&')
		return at;
	for (; end < s.len && end < max; end++) {
		if (s.ptr[end] == (tag ? '>' : ';'))
			return end + 1;
		if (!tag && s.ptr[end] == ' ')
			break;
	}
	return at;
}

/*
 * Letters and digits, in lower case. Generators write quotes, dashes and entities in a title in
 * many ways, and some put HTML into it.
 */
static void put_title_key(struct buf *out, struct slice title)
{
	struct buf lower = BUF_INIT;
	struct slice text;

	text_put_lower(&lower, title);
	text = buf_slice(&lower);
	for (size_t at = 0; at < text.len;) {
		size_t from = at, end = html_end(text, at);
		uint32_t c;

		if (end > at) {
			at = end;
			continue;
		}
		c = text_next(text, &at);
		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 0xC0 && !text_is_space(c) && !(c >= 0x2000 && c <= 0x2BFF) &&
			!(c >= 0x3000 && c <= 0x303F) && !(c >= 0xFE00 && c <= 0xFF0F)))
			buf_put(out, text.ptr + from, at - from);
	}
	buf_free(&lower);
}

/* Title and day; empty when the title has no letter or the day is not known. */
static void put_day_key(struct buf *out, struct slice title, int64_t published)
{
	int64_t rest;
	size_t start = out->len;

	if (published == ADOPT_UNDATED)
		return;
	put_title_key(out, title);
	rest = (published % DAY + DAY) % DAY;
	if (out->len > start)
		buf_printf(out, " %lld", (long long)((published - rest) / DAY));
}

/* ---- the table ---- */

/* For what an entry says nothing of, its update: many Atom feeds have no other date. */
static int64_t entry_day(const struct adopt_entry *entry)
{
	return entry->published == ADOPT_UNDATED ? entry->updated : entry->published;
}

static bool put_entry(struct adopt_table *table, const struct adopt_entry *from, struct buf *key)
{
	struct adopt_entry entry = *from;
	size_t *slot;

	if (table->len == ADOPT_ENTRIES_MAX || map_get(&table->ids, from->id) != MAP_NONE)
		return false;
	buf_clear(key);
	adopt_url_key(from->url, key);
	if (key->len > 0) {
		if (map_get(&table->urls, buf_slice(key)) != MAP_NONE)
			return false;
		*map_put(&table->urls, arena_copy(&table->arena, buf_slice(key))) = table->len;
	}
	buf_clear(key);
	put_day_key(key, from->title, entry_day(from));
	if (key->len > 0) {
		slot = map_put(&table->titles, arena_copy(&table->arena, buf_slice(key)));
		*slot = *slot == MAP_NONE ? table->len : MANY;
	}
	entry.id = arena_copy(&table->arena, from->id);
	entry.url = arena_copy(&table->arena, from->url);
	entry.title = arena_copy(&table->arena, from->title);
	entry.taken = false;
	*map_put(&table->ids, entry.id) = table->len;
	vec_push(table, entry);
	return true;
}

size_t adopt_table_put(struct adopt_table *table, const struct adopt_feed *feed)
{
	struct buf key = BUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < feed->len; i++)
		count += put_entry(table, &feed->items[i], &key);
	buf_free(&key);
	return count;
}

void adopt_table_free(struct adopt_table *table)
{
	map_free(&table->ids);
	map_free(&table->urls);
	map_free(&table->titles);
	arena_free(&table->arena);
	free(table->items);
	*table = ADOPT_TABLE_INIT;
}

/* ---- articles ---- */

static struct adopt_entry *free_entry(
    struct adopt_table *table, const struct map *map, struct slice key)
{
	size_t number = key.len > 0 ? map_get(map, key) : MAP_NONE;

	if (number >= MANY || table->items[number].taken)
		return NULL;
	return &table->items[number];
}

/* How well an article is like the entry that has its URL, or the id which is its own. */
enum likeness { SAME_ID, SAME_DAY, SAME_TITLE, SAME_ADDRESS, LIKENESSES };

struct addressed {
	struct adopt_entry *entry; /* NULL: none has it */
	enum likeness likeness;
};

static bool is_titled(
    const struct adopt_entry *entry, int64_t entry_date, struct slice title, int64_t date)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	bool same;

	put_day_key(&a, entry->title, entry_date);
	put_day_key(&b, title, date);
	same = a.len > 0 && slice_equal(buf_slice(&a), buf_slice(&b));
	buf_free(&a);
	buf_free(&b);
	return same;
}

static enum likeness likeness_of(const struct adopt_entry *entry, const struct article *article)
{
	if (!is_titled(entry, 0, article->title, 0))
		return SAME_ADDRESS;
	if (!is_titled(entry, entry_day(entry), article->title, article->published))
		return SAME_TITLE;
	return slice_equal(entry->id, article->id) ? SAME_ID : SAME_DAY;
}

static struct addressed addressed(
    struct adopt_table *table, const struct article *article, struct buf *key)
{
	struct adopt_entry *entry =
	    article->own_id ? free_entry(table, &table->ids, article->id) : NULL;
	enum likeness likeness = SAME_ADDRESS;

	buf_clear(key);
	adopt_url_key(article->url, key);
	if (!entry)
		entry = free_entry(table, &table->urls, buf_slice(key));
	if (entry && !article->draft && !article->excluded)
		likeness = likeness_of(entry, article);
	return (struct addressed){entry, likeness};
}

/* Of several that have the address of an entry, it is the first of those most like it. */
static void assign_addressed(struct adopt_table *table, const struct article *const *articles,
    size_t len, const struct adopt_entry **out)
{
	struct addressed *all = mem_zalloc(len + 1, sizeof(*all));
	struct buf key = BUF_INIT;

	for (size_t i = 0; i < len; i++)
		all[i] = addressed(table, articles[i], &key);
	for (enum likeness likeness = 0; likeness < LIKENESSES; likeness++)
		for (size_t i = 0; i < len; i++) {
			struct adopt_entry *entry = all[i].entry;

			if (!entry || all[i].likeness != likeness || entry->taken)
				continue;
			entry->taken = true;
			if (!articles[i]->own_id || slice_equal(articles[i]->id, entry->id))
				out[i] = entry;
		}
	free(all);
	buf_free(&key);
}

static struct adopt_entry *free_titled(
    struct adopt_table *table, struct slice title, int64_t published, struct buf *key)
{
	buf_clear(key);
	put_day_key(key, title, published);
	return free_entry(table, &table->titles, buf_slice(key));
}

/*
 * The entry by title and day, for an article that has none yet. `near`: the day may be the one
 * before or after, since generators differ in whose midnight a date without time means.
 */
static struct adopt_entry *titled(
    struct adopt_table *table, const struct article *article, bool near, struct buf *key)
{
	struct adopt_entry *before, *after;

	if (article->own_id || article->undated)
		return NULL;
	if (article->published < INT64_MIN + ZONES || article->published > INT64_MAX - ZONES)
		return NULL; /* no day of any calendar */
	if (!near)
		return free_titled(table, article->title, article->published, key);
	before = free_titled(table, article->title, article->published - ZONES, key);
	after = free_titled(table, article->title, article->published + ZONES, key);
	if (before && after && before != after)
		return NULL;
	return before ? before : after;
}

static void assign_titled(struct adopt_table *table, const struct article *const *articles,
    size_t len, bool near, const struct adopt_entry **out)
{
	size_t *wanted = mem_zalloc(table->len + 1, sizeof(*wanted)); /* by how many articles */
	struct buf key = BUF_INIT;

	for (size_t i = 0; i < len; i++) {
		struct adopt_entry *entry = out[i] ? NULL : titled(table, articles[i], near, &key);

		if (entry)
			wanted[entry - table->items]++;
	}
	for (size_t i = 0; i < len; i++) {
		struct adopt_entry *entry = out[i] ? NULL : titled(table, articles[i], near, &key);

		if (!entry || wanted[entry - table->items] != 1)
			continue;
		entry->taken = true;
		out[i] = entry;
	}
	free(wanted);
	buf_free(&key);
}

void adopt_assign(struct adopt_table *table, const struct article *const *articles, size_t len,
    const struct adopt_entry **out)
{
	for (size_t i = 0; i < len; i++)
		out[i] = NULL;
	if (table->len == 0)
		return; /* most often */
	assign_addressed(table, articles, len, out);
	assign_titled(table, articles, len, false, out);
	assign_titled(table, articles, len, true, out);
}
