/* What a status says of pings. */
#include "daemon/announce.h"
#include "daemon/status.h"
#include "feeds/base/map.h"
#include "feeds/base/uri.h"

struct gathering {
	struct status *status;
	const struct config *config;
	struct map numbers; /* of targets, by key */
};

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void take_target(void *arg, const struct state_target *row)
{
	const struct gathering *gathering = arg;
	size_t number = map_get(&gathering->numbers, row->key);
	const struct config_ping *settings;
	struct status_ping *ping;

	if (number == MAP_NONE)
		return; /* the settings do not have it any more */
	settings = &gathering->config->pings[number];
	ping = &gathering->status->pings.items[number];
	ping->known = row->known != 0;
	ping->parked = row->parked;
	ping->held = outbox_opens(row->held, row->rests, row->last_sent, settings->min_interval);
	ping->last_told = row->last_told;
	ping->last_status = row->last_status;
	ping->last_answer = arena_copy(&gathering->status->arena, row->last_answer);
}

/* Among the oldest, if it is one of them; of two of one age the first stays before. */
static void put_oldest(
    struct status_ping *ping, const struct state_ping *row, int64_t next_try, struct arena *arena)
{
	size_t place = ping->oldest_len;

	while (place > 0 && ping->oldest[place - 1].since > row->since)
		place--;
	if (place == STATUS_DUE_LISTED)
		return;
	ping->oldest_len += ping->oldest_len < STATUS_DUE_LISTED;
	for (size_t i = ping->oldest_len - 1; i > place; i--)
		ping->oldest[i] = ping->oldest[i - 1];
	ping->oldest[place] = (struct status_due){
	    .topic = arena_copy(arena, row->topic),
	    .since = row->since,
	    .attempts = row->attempts,
	    .next_try = next_try,
	    .last_answer = arena_copy(arena, row->last_answer),
	};
}

static void take_ping(void *arg, const struct state_ping *row)
{
	const struct gathering *gathering = arg;
	size_t number = map_get(&gathering->numbers, row->target);
	struct status_ping *ping;
	int64_t next_try, heard;

	if (number == MAP_NONE)
		return;
	ping = &gathering->status->pings.items[number];
	/* What other sites answer to a mention of them is their affair. */
	if (!row->entry && !digest_is_none(&row->wanted) &&
	    digest_equal(&row->wanted, &row->given_up))
		ping->given_up++;
	if (row->since == 0)
		return;
	next_try = later(row->next_try, ping->held);
	heard = outbox_heard(row->last_status, row->last_told, row->last_try);
	if (row->entry && heard)
		next_try =
		    later(next_try, heard + gathering->config->pings[number].protocol->again_after);
	if (ping->due++ == 0 || next_try < ping->next_try)
		ping->next_try = next_try;
	ping->failures += row->attempts;
	put_oldest(ping, row, next_try, &gathering->status->arena);
}

/* Keys stand behind the path; the settings take no names and passwords. */
static struct slice shown_url(struct arena *arena, struct slice url)
{
	struct uri uri;

	uri_split(url, &uri);
	return uri.has_query
		   ? arena_printf(arena, "%.*s?...", (int)(uri.query.ptr - 1 - url.ptr), url.ptr)
		   : arena_copy(arena, url);
}

int status_gather_pings(
    struct state *state, const struct config *config, struct status *out, struct err *err)
{
	struct gathering gathering = {.status = out, .config = config};
	const struct outbox_target_settings *targets = announce_targets(config, &out->arena);
	int rc;

	for (size_t i = 0; i < config->pings_len; i++) {
		const struct config_ping *ping = &config->pings[i];
		struct status_ping row = {
		    .name = arena_copy(&out->arena, targets[i].name),
		    .protocol = slice_of(ping->protocol->name),
		};

		if (ping->url)
			row.url = shown_url(&out->arena, slice_of(ping->url));
		vec_push(&out->pings, row);
		*map_put(&gathering.numbers, targets[i].key) = i;
	}
	rc = config->pings_len == 0 || (state_targets(state, take_target, &gathering, err) == 0 &&
					   state_pings_open(state, take_ping, &gathering, err) == 0)
		 ? 0
		 : -1;
	map_free(&gathering.numbers);
	return rc;
}
