#include "daemon/announce.h"

#include "daemon/document.h"
#include "daemon/log.h"
#include "feeds/base/uri.h"

enum { DAY = 86400 };

/* Something that entries are told apart by, and of which an event speaks. */
struct touched {
	struct slice key;
	const struct state_event *was;	/* before which readers saw an entry there; NULL: none */
	const struct state_event *last; /* what is known of an entry that is no more */
	struct slice url;		/* of its page */
	int64_t since;			/* of the first event, Unix seconds */
	const struct article *now;	/* in feeds with this key; NULL: none */
	struct digest digest;		/* of that */
};

struct touched_list {
	bool wanted; /* by a target */
	VEC(struct touched) items;
	struct map numbers; /* by key */
};

struct announcing {
	struct library *library;
	const struct config *config;
	struct outbox *outbox;
	bool all;
	int64_t now;
	bool *known;	  /* of each target */
	bool *heard;	  /* of each target and each [[feed]]: it has a row of it; with `all` */
	struct map feeds; /* numbers of [[feed]]s, by name */
	struct touched_list ids, urls; /* what events speak of */
	struct arena arena;	       /* of one document */
	size_t lost;		       /* changes that the outbox has no room for */
};

/* ---- targets ---- */

/* As it is connected to, so that all targets at one place share its limits: with a port if said. */
static struct slice host_of(struct arena *arena, struct slice url)
{
	struct buf host = BUF_INIT;
	struct slice copy;
	struct uri uri;
	size_t end;

	uri_put_host(&host, url);
	uri_split(url, &uri);
	end = uri.authority.len;
	while (end > 0 && uri.authority.ptr[end - 1] >= '0' && uri.authority.ptr[end - 1] <= '9')
		end--;
	if (end > 0 && uri.authority.ptr[end - 1] == ':' && end < uri.authority.len)
		buf_put_slice(&host, slice_from(uri.authority, end - 1));
	copy = arena_copy(arena, buf_slice(&host));
	buf_free(&host);
	return copy;
}

struct outbox_target_settings *announce_targets(const struct config *config, struct arena *arena)
{
	struct outbox_target_settings *targets =
	    arena_array(arena, struct outbox_target_settings, config->pings_len);

	for (size_t i = 0; i < config->pings_len; i++) {
		const struct config_ping *ping = &config->pings[i];

		targets[i] = (struct outbox_target_settings){
		    .key = slice_of(ping->protocol->name),
		    .name = slice_of(ping->name),
		    .ping = ping->protocol,
		    .min_interval = ping->min_interval,
		};
		if (!ping->url)
			continue;
		targets[i].key = arena_printf(arena, "%s %s", ping->protocol->name, ping->url);
		targets[i].host = host_of(arena, slice_of(ping->url));
	}
	return targets;
}

static void want(struct announcing *a, size_t target, const struct outbox_what *what,
    const struct digest *before, const struct digest *wanted, bool announce, int64_t since)
{
	if (!outbox_want(a->outbox, target, what, before, wanted, announce, since))
		a->lost++;
}

/* ---- topics ---- */

static size_t first_format(const struct config_feed *feed)
{
	size_t i = 0;

	while (i < FORMAT_FEEDS && !feed->paths[i])
		i++;
	return i;
}

bool announce_takes(const struct config_ping *ping, const struct config_feed *feed, size_t format)
{
	bool takes = false;

	if (formats[format]->for_people)
		return false;
	switch (ping->protocol->topics) {
	case PING_NO_TOPICS: break;
	case PING_ALL_TOPICS: takes = true; break;
	case PING_RSS_TOPICS: takes = formats[format] == &format_rss; break;
	case PING_ONE_TOPIC: takes = format == first_format(feed); break;
	}
	return takes && config_ping_wants(ping, slice_of(feed->name));
}

struct hearing {
	struct announcing *announcing;
	bool *heard; /* of one target */
};

static void find_heard(void *arg, const struct outbox_row *row)
{
	struct hearing *hearing = arg;
	struct ping_item item = outbox_item(row);
	size_t feed = item.entry ? MAP_NONE : map_get(&hearing->announcing->feeds, item.feed);

	if (feed != MAP_NONE)
		hearing->heard[feed] = true;
}

/* Which feeds each target had to hear of until now. */
static void find_all_heard(struct announcing *a)
{
	size_t feeds = a->config->feeds_len;

	a->heard = mem_zalloc(a->config->pings_len * feeds + 1, sizeof(*a->heard));
	for (size_t i = 0; i < a->config->pings_len; i++) {
		struct hearing hearing = {a, a->heard + i * feeds};

		outbox_rows(a->outbox, i, SLICE_NONE, find_heard, &hearing);
	}
}

/*
 * Is it news for a target that has no row of it? Yes, if it was written just now, or if nobody
 * came to say so when it was. But not if the settings have given the feed to the target since:
 * that alone is no change of the feed.
 */
static bool is_news(
    const struct announcing *a, size_t target, const struct library_document *document, size_t feed)
{
	if (a->config->pings[target].announce_first_run)
		return true;
	if (!a->known[target])
		return false;
	return document->untold || !a->all || a->heard[target * a->config->feeds_len + feed];
}

static void put_document(struct announcing *a, const struct library_document *document)
{
	size_t number = map_get(&a->feeds, slice_of(document->feed));
	const struct config_feed *feed =
	    number == MAP_NONE || document->dropped ? NULL : &a->config->feeds[number];
	struct slice topic = document_topic(&a->arena, a->config, slice_of(document->path));
	struct outbox_what what = {
	    .topic = topic,
	    .item = {.url = topic,
		.feed = slice_of(document->feed),
		.format = slice_of(formats[document->format]->name)},
	};
	/* The same after a crash; but what nobody had to hear of until now is due since now. */
	bool recent = document->changed <= a->now && a->now - document->changed < DAY;
	int64_t since = recent ? document->changed : a->now;

	if (feed)
		what.item.title =
		    document_title(&a->arena, a->config, feed, slice_of(document->value));
	for (size_t i = 0; i < a->config->pings_len; i++) {
		const struct config_ping *ping = &a->config->pings[i];
		bool takes = feed && announce_takes(ping, feed, document->format);

		if (document->untold || a->all || !a->known[i])
			want(a, i, &what, NULL, takes ? &document->digest : NULL,
			    takes && is_news(a, i, document, number), since);
	}
	arena_clear(&a->arena);
}

struct stale {
	struct map published; /* topics */
	struct arena arena;
	VEC(struct slice) topics; /* of one target's rows that are not */
};

static void find_stale(void *arg, const struct outbox_row *row)
{
	struct stale *stale = arg;

	if (!outbox_item(row).entry && map_get(&stale->published, outbox_topic(row)) == MAP_NONE)
		vec_push(&stale->topics, arena_copy(&stale->arena, outbox_topic(row)));
}

/* Topics that were known once, such as under another site.url, and that no document has now. */
static void drop_stale(struct announcing *a)
{
	const struct library *library = a->library;
	struct stale stale = {.arena = ARENA_INIT};

	for (size_t i = 0; i < library->documents.len; i++)
		*map_put(&stale.published, document_topic(&stale.arena, a->config,
					       slice_of(library->documents.items[i]->path))) = i;
	for (size_t i = 0; i < a->config->pings_len; i++) {
		outbox_rows(a->outbox, i, SLICE_NONE, find_stale, &stale);
		for (size_t j = 0; j < stale.topics.len; j++) {
			const struct outbox_what what = {.topic = stale.topics.items[j]};

			want(a, i, &what, NULL, NULL, true, a->now);
		}
		stale.topics.len = 0;
	}
	vec_free(&stale.topics);
	map_free(&stale.published);
	arena_free(&stale.arena);
}

static void put_topics(struct announcing *a)
{
	const struct library *library = a->library;
	bool every = a->all;

	for (size_t i = 0; i < a->config->pings_len; i++)
		every = every || !a->known[i];
	if (every)
		for (size_t i = 0; i < library->documents.len; i++)
			put_document(a, library->documents.items[i]);
	else
		for (size_t i = 0; i < library->untold.len; i++)
			put_document(a, library->documents.items[library->untold.items[i]]);
}

/* ---- entries ---- */

static void touch(struct touched_list *list, struct slice key, struct slice url,
    const struct state_event *was, const struct state_event *event)
{
	size_t *number = list->wanted ? map_put(&list->numbers, key) : NULL;
	struct touched *touched;

	if (!number)
		return;
	if (*number == MAP_NONE) {
		*number = list->items.len;
		vec_push(
		    &list->items, ((struct touched){.key = key, .was = was, .since = event->when}));
	}
	touched = &list->items.items[*number];
	/* It came to a page that another one left only now; not: it came, and changed again. */
	if (!touched->was && was && !digest_equal(&was->before, &touched->last->after))
		touched->was = was;
	touched->last = event;
	touched->url = url;
}

static void find_now(
    const struct library *library, struct touched_list *list, enum index_chain chain)
{
	for (size_t i = 0; i < list->items.len; i++) {
		struct touched *touched = &list->items.items[i];

		touched->now = index_with(&library->index, chain, touched->key);
		if (touched->now)
			touched->digest = library_entry_digest(touched->now);
	}
}

static void touch_all(struct announcing *a)
{
	const struct library *library = a->library;

	for (size_t i = 0; i < library->events.len; i++) {
		const struct state_event *event = &library->events.items[i];
		const struct state_event *was = digest_is_none(&event->before) ? NULL : event;

		touch(&a->ids, event->id, event->url, was, event);
		if (event->old_url.len)
			touch(&a->urls, event->old_url, event->old_url, was, event);
		touch(&a->urls, event->url, event->url, event->old_url.len ? NULL : was, event);
	}
	find_now(library, &a->ids, INDEX_HELD_ID);
	find_now(library, &a->urls, INDEX_HELD_URL);
}

static bool takes_article(
    const struct announcing *a, const struct config_ping *ping, const struct article *article)
{
	const struct library *library = a->library;
	bool any = ping->feeds.len == 0;

	for (size_t i = 0; i < ping->feeds.len && !any; i++) {
		size_t feed = map_get(&a->feeds, slice_of(ping->feeds.items[i]));

		any = query_takes(&library->queries[feed], &library->results[feed], article);
	}
	return any;
}

/* Was it in one of the target's feeds? `event->feeds` has a line for each that it was in. */
static bool took_before(const struct config_ping *ping, const struct state_event *event)
{
	bool any = ping->feeds.len == 0;
	size_t start = 0;

	for (size_t i = 0; i < event->feeds.len && !any; i++) {
		if (event->feeds.ptr[i] != '\n')
			continue;
		any = config_ping_wants(ping, slice_sub(event->feeds, start, i));
		start = i + 1;
	}
	return any;
}

static struct ping_item item_of(const struct article *article)
{
	return (struct ping_item){
	    .entry = true,
	    .url = article->url,
	    .id = article->id,
	    .title = article->title,
	    .published = article->published,
	    .updated = article->updated,
	};
}

static struct ping_item item_gone(const struct touched *touched)
{
	return (struct ping_item){
	    .entry = true,
	    .url = touched->url,
	    .id = touched->last->id,
	    .title = touched->last->title,
	    .published = touched->last->published,
	    .updated = touched->last->updated,
	};
}

static void put_touched(struct announcing *a, size_t target, const struct touched_list *list)
{
	const struct config_ping *ping = &a->config->pings[target];

	for (size_t i = 0; i < list->items.len; i++) {
		const struct touched *touched = &list->items.items[i];
		bool takes = touched->now && takes_article(a, ping, touched->now);
		bool took = touched->was && took_before(ping, touched->was);
		const struct outbox_what what = {
		    touched->key, takes ? item_of(touched->now) : item_gone(touched)};

		want(a, target, &what, took ? &touched->was->before : NULL,
		    takes ? &touched->digest : NULL, true, touched->since);
	}
}

/* A target that wants to hear at its first run of what is there already. */
static void put_every_entry(struct announcing *a, size_t target)
{
	const struct config_ping *ping = &a->config->pings[target];
	const struct index *index = &a->library->index;

	for (size_t i = 0; i < index_len(index); i++) {
		const struct article *article = index_at(index, i);
		struct outbox_what what = {article->url, item_of(article)};
		struct digest digest;

		if (!index_admitted(index, i) || !takes_article(a, ping, article))
			continue;
		if (ping->protocol->entries == PING_BY_ID)
			what.topic = article->id;
		digest = library_entry_digest(article);
		want(a, target, &what, NULL, &digest, true, a->now);
	}
}

static void put_entries(struct announcing *a, size_t target)
{
	const struct config_ping *ping = &a->config->pings[target];

	if (ping->protocol->entries == PING_NO_ENTRIES)
		return;
	if (a->known[target])
		put_touched(a, target, ping->protocol->entries == PING_BY_ID ? &a->ids : &a->urls);
	else if (ping->announce_first_run)
		put_every_entry(a, target);
}

struct untaken {
	const struct announcing *announcing;
	const struct config_ping *ping;
	struct arena arena;
	VEC(struct slice) keys; /* of rows */
};

static void find_untaken(void *arg, const struct outbox_row *row)
{
	struct untaken *untaken = arg;
	const struct announcing *a = untaken->announcing;
	struct ping_item item = outbox_item(row);
	bool by_id = untaken->ping->protocol->entries == PING_BY_ID;
	const struct article *article = NULL;

	/* What goes, and what may be linked to elsewhere, has to be told all the same. */
	if (item.entry && item.link.len == 0 && item.event != PING_REMOVED)
		article = index_with(&a->library->index, by_id ? INDEX_HELD_ID : INDEX_HELD_URL,
		    by_id ? item.id : item.url);
	if (article && !takes_article(a, untaken->ping, article))
		vec_push(&untaken->keys, arena_copy(&untaken->arena, outbox_topic(row)));
}

/* Entries in none of the feeds that the settings name for a target now. */
static void drop_untaken(struct announcing *a, size_t target)
{
	struct untaken untaken = {.announcing = a, .ping = &a->config->pings[target]};

	if (untaken.ping->feeds.len == 0 || untaken.ping->protocol->entries == PING_NO_ENTRIES)
		return;
	outbox_rows(a->outbox, target, SLICE_NONE, find_untaken, &untaken);
	for (size_t i = 0; i < untaken.keys.len; i++)
		outbox_leave(a->outbox, target, untaken.keys.items[i]);
	vec_free(&untaken.keys);
	arena_free(&untaken.arena);
}

/* ---- the whole ---- */

static void announcing_start(struct announcing *a)
{
	a->known = mem_zalloc(a->config->pings_len, sizeof(*a->known));
	for (size_t i = 0; i < a->config->pings_len; i++) {
		enum ping_entries entries = a->config->pings[i].protocol->entries;

		a->known[i] = outbox_is_known(a->outbox, i);
		a->ids.wanted = a->ids.wanted || entries == PING_BY_ID;
		a->urls.wanted =
		    a->urls.wanted || entries == PING_BY_URL || entries == PING_BY_LINK;
	}
	for (size_t i = 0; i < a->config->feeds_len; i++)
		*map_put(&a->feeds, slice_of(a->config->feeds[i].name)) = i;
	if (a->all)
		find_all_heard(a);
	touch_all(a);
}

static void touched_free(struct touched_list *list)
{
	vec_free(&list->items);
	map_free(&list->numbers);
}

static void announcing_end(struct announcing *a)
{
	free(a->known);
	free(a->heard);
	map_free(&a->feeds);
	touched_free(&a->ids);
	touched_free(&a->urls);
	arena_free(&a->arena);
}

static void put_all(struct announcing *a, bool whole)
{
	bool every_known = true;

	for (size_t i = 0; i < a->config->pings_len; i++)
		every_known = every_known && a->known[i];
	if (!whole && !every_known) /* what a first run has not seen would be news later */
		return;
	put_topics(a);
	if (a->all)
		drop_stale(a);
	library_take_untold(a->library);
	if (!whole)
		return;
	for (size_t i = 0; i < a->config->pings_len; i++) {
		put_entries(a, i);
		if (a->all)
			drop_untaken(a, i);
		if (!a->known[i])
			outbox_known(a->outbox, i, a->now);
	}
	library_take_events(a->library);
}

void announce_build(
    struct library *library, struct outbox *outbox, bool all, bool whole, int64_t now)
{
	struct announcing a = {.library = library,
	    .config = library->site->config,
	    .outbox = outbox,
	    .all = all,
	    .now = now};

	announcing_start(&a);
	put_all(&a, whole);
	announcing_end(&a);
	if (a.lost)
		log_warning("too much is due to be told: %zu changes were left out", a.lost);
	if (library->events_lost)
		log_warning("more than %d entries changed before anyone was told; pings of entries "
			    "tell of the first %d",
		    LIBRARY_EVENTS_MOST, LIBRARY_EVENTS_MOST);
}
