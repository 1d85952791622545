/*
 * Events of the library: what an update means for the readers of each entry.
 *
 * `minor: true` holds `updated` still, and is an event all the same: feeds have other bytes
 * then, and who keeps a copy of the entry would keep what its author has corrected. That
 * `updated` stands still tells a receiver that nobody has to look.
 */
#include "daemon/library_parts.h"

#include <assert.h>

static void put_text(struct digest_stream *stream, struct slice text)
{
	digest_put(stream, &text.len, sizeof(text.len));
	digest_put(stream, text.ptr, text.len);
}

static struct digest digest_with(const struct article *article, uint64_t written)
{
	const int64_t numbers[] = {article->published, article->updated, (int64_t)written};
	struct digest_stream *stream = digest_new();
	struct digest digest;

	put_text(stream, article->id);
	put_text(stream, article->url);
	put_text(stream, article->title);
	digest_put(stream, numbers, sizeof(numbers));
	digest = digest_finish(stream);
	digest_free(stream);
	return digest;
}

struct digest library_entry_digest(const struct article *article)
{
	return digest_with(article, article->written);
}

/* The names of the feeds that take it, a line each. */
static void put_feeds(const struct library *library, const struct article *article, struct buf *out)
{
	for (size_t i = 0; i < library->site->config->feeds_len; i++)
		if (query_takes(&library->queries[i], &library->results[i], article)) {
			buf_puts(out, library->site->config->feeds[i].name);
			buf_putc(out, '\n');
		}
}

static void keep(struct library *library, const struct state_event *event)
{
	struct arena *arena = &library->event_strings;
	struct state_event copy = *event;

	if (library->events.len == LIBRARY_EVENTS_MOST) {
		library->events_lost = true;
		return;
	}
	copy.path = arena_copy(arena, event->path);
	copy.id = arena_copy(arena, event->id);
	copy.title = arena_copy(arena, event->title);
	copy.url = arena_copy(arena, event->url);
	copy.old_url = arena_copy(arena, event->old_url);
	copy.feeds = arena_copy(arena, event->feeds);
	vec_push(&library->events, copy);
}

void library_load_event(struct library *library, const struct state_event *row)
{
	keep(library, row);
	library->events_saved = library->events.len;
}

/* One of both may be NULL: it was not to be seen, or is not any more. */
static void note(struct library *library, const struct article *before, const struct article *after)
{
	const struct article *shown = after ? after : before;
	struct buf feeds = BUF_INIT, feeds_now = BUF_INIT;
	struct state_event event;

	assert(shown);
	event = (struct state_event){
	    .path = shown->path,
	    .id = shown->id,
	    .title = shown->title,
	    .url = shown->url,
	    .published = shown->published,
	    .updated = shown->updated,
	    .when = library->index.now,
	};
	/* Of what was digested in another way only the rest can be compared. */
	if (before) {
		event.before = digest_with(
		    before, after && library->written_other ? after->written : before->written);
		put_feeds(library, before, &feeds);
		event.feeds = buf_slice(&feeds);
	}
	if (after) {
		event.after = library_entry_digest(after);
		put_feeds(library, after, &feeds_now);
	}
	if (before && !slice_equal(before->url, shown->url))
		event.old_url = before->url;
	/* A file that is elsewhere may stand in other feeds, and be the same entry. */
	if (!digest_equal(&event.before, &event.after) ||
	    !slice_equal(buf_slice(&feeds), buf_slice(&feeds_now)))
		keep(library, &event);
	buf_free(&feeds);
	buf_free(&feeds_now);
}

void library_journal(struct library *library, const struct index_delta *delta)
{
	struct map entered = MAP_INIT; /* places, by id: in feeds no two have one */

	for (size_t i = 0; i < delta->entered.len; i++)
		*map_put(&entered, delta->entered.items[i].article->id) = i;
	for (size_t i = 0; i < delta->left.len; i++) {
		const struct article *before = delta->left.items[i].article;
		size_t place = map_get(&entered, before->id);

		if (place == MAP_NONE) {
			note(library, before, NULL);
			continue;
		}
		note(library, before, delta->entered.items[place].article);
		*map_put(&entered, before->id) = MAP_NONE;
	}
	for (size_t i = 0; i < delta->entered.len; i++) {
		const struct article *after = delta->entered.items[i].article;

		if (map_get(&entered, after->id) != MAP_NONE)
			note(library, NULL, after);
	}
	map_free(&entered);
}

/* ---- the state ---- */

int library_put_events(struct library *library, struct err *err)
{
	for (size_t i = library->events_saved; i < library->events.len; i++)
		if (state_put_event(library->state, &library->events.items[i], err) < 0)
			return -1;
	return 0;
}

void library_take_events(struct library *library)
{
	library->events_taken = library->events_taken || library->events_saved > 0;
	library->events_saved = 0;
	vec_free(&library->events);
	arena_free(&library->event_strings);
	library->events_lost = false;
}

int library_clear_events(struct library *library, struct err *err)
{
	/* What came since has to stay, and no numbers are needed where nothing did. */
	if (!library->events_taken || library->events.len > 0)
		return 0;
	library->events_cleared = true;
	return state_remove_events(library->state, INT64_MAX, err);
}
