#include "daemon/outbox_inside.h"

#include "feeds/base/buf.h"
#include "feeds/base/mem.h"
#include "feeds/base/uri.h"

enum {
	CHORES =
	    1000, /* rows let go, and lanes woken, in one outbox_next: it is not to take long */
};

/* Hosts */

static struct outbox_host *host_of(struct outbox *outbox, struct slice name)
{
	size_t at = map_get(&outbox->by_host, name);
	struct outbox_host *host;

	if (at != MAP_NONE)
		return outbox->hosts.items[at];
	host = mem_zalloc(1, sizeof(*host));
	host->name = mem_dup(name.len > 0 ? name.ptr : "", name.len);
	/* No host: what is done needs none, such as reading an entry for its links. */
	host->most = name.len > 0 ? OUTBOX_PER_HOST : OUTBOX_IN_FLIGHT_MOST;
	host->in_flight_most = name.len > 0 ? OUTBOX_PER_HOST_MOST : OUTBOX_IN_FLIGHT_MOST;
	TAILQ_INIT(&host->ready[0]);
	TAILQ_INIT(&host->ready[1]);
	vec_push(&outbox->hosts, host);
	*map_put(&outbox->by_host, slice_make(host->name, name.len)) = outbox->hosts.len - 1;
	return host;
}

/* Is it there that a ping could be sent to? Then it stands in line with the others. */
static void host_list(struct outbox *outbox, struct outbox_host *host, bool failing)
{
	bool any = !TAILQ_EMPTY(&host->ready[failing]);
	bool may = any && host->young < host->most && host->in_flight < host->in_flight_most;

	outbox->crowded += (any && !may) - host->crowded[failing];
	host->crowded[failing] = any && !may;
	if (may && !host->listed[failing])
		TAILQ_INSERT_TAIL(&outbox->ready[failing], host, next[failing]);
	if (!may && host->listed[failing])
		TAILQ_REMOVE(&outbox->ready[failing], host, next[failing]);
	host->listed[failing] = may;
}

/* It had its turn. */
static void host_rotate(struct outbox *outbox, struct outbox_host *host, bool failing)
{
	if (host->listed[failing]) {
		TAILQ_REMOVE(&outbox->ready[failing], host, next[failing]);
		host->listed[failing] = false;
	}
	host_list(outbox, host, failing);
}

/* Lanes */

void outbox_lane_start(struct outbox *outbox, struct outbox_lane *lane,
    struct outbox_target *target, struct slice host)
{
	lane->target = target;
	lane->host = host_of(outbox, host);
}

static struct outbox_lane *lane_to(
    struct outbox *outbox, struct outbox_target *target, struct slice link)
{
	struct buf host = BUF_INIT;
	struct outbox_lane *lane;
	size_t at;

	uri_put_host(&host, link);
	at = map_get(&target->by_host, buf_slice(&host));
	if (at == MAP_NONE) {
		lane = mem_zalloc(1, sizeof(*lane));
		outbox_lane_start(outbox, lane, target, buf_slice(&host));
		vec_push(&target->links, lane);
		at = target->links.len - 1;
		*map_put(&target->by_host, slice_of(lane->host->name)) = at;
	}
	buf_free(&host);
	return target->links.items[at];
}

struct outbox_lane *outbox_lane_of(struct outbox *outbox, struct outbox_row *row)
{
	struct outbox_target *target = row->lane->target;
	struct slice link = outbox_string(row, row->words, OUTBOX_LINK);

	if (!target->ping || target->ping->entries != PING_BY_LINK || link.len == 0)
		return &target->lane;
	return lane_to(outbox, target, link);
}

void outbox_lane_leave(struct outbox *outbox, struct outbox_lane *lane)
{
	heap_remove(&outbox->times, &lane->node);
	if (lane->ready) {
		TAILQ_REMOVE(&lane->host->ready[lane->failing], lane, next);
		lane->ready = false;
		host_list(outbox, lane->host, lane->failing);
	}
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t outbox_lane_opens(const struct outbox_lane *lane)
{
	return outbox_opens(lane->asked, lane->held, lane->last_sent, lane->target->min_interval);
}

void outbox_lane_place(struct outbox *outbox, struct outbox_lane *lane)
{
	const struct outbox_target *target = lane->target;
	bool busy = (lane->failures >= OUTBOX_TROUBLE && lane->in_flight > 0) ||
		    lane->slow >= OUTBOX_SLOW_MOST;

	outbox_lane_leave(outbox, lane);
	if (!heap_first(&lane->rows) || !target->ping || target->parked || busy)
		return;
	heap_put(&outbox->times, &lane->node,
	    later(heap_first(&lane->rows)->at, outbox_lane_opens(lane)));
}

/* Lanes whose time has come stand in line at their hosts. */
static void wake(struct outbox *outbox, int64_t now)
{
	struct heap_node *node;

	for (size_t i = 0; i < CHORES && (node = heap_first(&outbox->times)) && node->at <= now;
	     i++) {
		struct outbox_lane *lane = heap_of(node, struct outbox_lane, node);

		heap_remove(&outbox->times, node);
		lane->ready = true;
		lane->failing = lane->failures > 0;
		TAILQ_INSERT_TAIL(&lane->host->ready[lane->failing], lane, next);
		host_list(outbox, lane->host, lane->failing);
	}
}

/* Flights */

/*
 * The same for all tries of one change, and for none of another: `since` tells
 * apart two that lead to one digest. What was told before is no part of it: a
 * crash may have forgotten that.
 */
static void put_message(struct outbox *outbox, const struct outbox_row *row, char *out)
{
	static const char hex[] = "0123456789abcdef", start[] = "msg_";
	const char *key = row->lane->target->key;
	struct digest digest;

	digest_put(outbox->stream, key, strlen(key) + 1);
	digest_put(outbox->stream, row->topic, row->topic_len + 1);
	digest_put(outbox->stream, row->words->wanted.bytes, DIGEST_SIZE);
	digest_put(outbox->stream, &row->words->named, sizeof(row->words->named));
	digest = digest_finish(outbox->stream);
	memcpy(out, start, sizeof(start) - 1);
	out += sizeof(start) - 1;
	for (size_t i = 0; i < OUTBOX_MESSAGE / 2; i++) {
		*out++ = hex[digest.bytes[i] >> 4];
		*out++ = hex[digest.bytes[i] & 15];
	}
	*out = '\0';
}

static void row_send(struct outbox *outbox, struct outbox_row *row, struct outbox_flight *flight)
{
	row->sent = mem_zalloc(1, sizeof(*row->sent));
	row->sent->flight = flight;
	row->sent->words = row->words;
	put_message(outbox, row, row->sent->message);
	flight->rows++;
}

static void flight_start(
    struct outbox *outbox, struct outbox_flight *flight, int64_t now, uint64_t now_ms)
{
	struct outbox_lane *lane = flight->lane;

	flight->at = now;
	flight->last_sent = lane->last_sent;
	flight->started_ms = now_ms;
	flight->retry = lane->failures > 0;
	lane->last_sent = now;
	lane->in_flight++;
	lane->host->in_flight++;
	lane->host->young++;
	outbox->in_flight++;
	outbox->young++;
	outbox->retries += flight->retry;
	TAILQ_INSERT_TAIL(&outbox->flights, flight, next);
	if (!outbox->first_young)
		outbox->first_young = flight;
}

/* It is young no more: it has ended, or takes long. */
static void flight_grow(struct outbox *outbox, struct outbox_flight *flight)
{
	outbox->young--;
	flight->lane->host->young--;
	if (outbox->first_young == flight)
		outbox->first_young = TAILQ_NEXT(flight, next);
}

/* Its flights have changed: what is due to it may have to wait, or to wait no more. */
static void lane_review(struct outbox *outbox, struct outbox_lane *lane)
{
	outbox_lane_place(outbox, lane);
	host_list(outbox, lane->host, false);
	host_list(outbox, lane->host, true);
}

static void flight_end(struct outbox *outbox, struct outbox_flight *flight)
{
	struct outbox_lane *lane = flight->lane;

	if (!flight->slow)
		flight_grow(outbox, flight);
	lane->slow -= flight->slow;
	lane->in_flight--;
	lane->host->in_flight--;
	outbox->in_flight--;
	outbox->retries -= flight->retry;
	TAILQ_REMOVE(&outbox->flights, flight, next);
	free(flight);
	lane_review(outbox, lane);
}

void outbox_land(struct outbox *outbox, struct outbox_row *row)
{
	struct outbox_flight *flight = row->sent->flight;

	if (row->sent->words != row->words)
		free(row->sent->words);
	free(row->sent);
	row->sent = NULL;
	if (--flight->rows == 0)
		flight_end(outbox, flight);
}

/* Those that take long hold nobody up. */
static void age(struct outbox *outbox, uint64_t now_ms)
{
	struct outbox_flight *flight;

	while ((flight = outbox->first_young) && flight->started_ms + OUTBOX_SLOW_MS <= now_ms) {
		flight_grow(outbox, flight);
		flight->slow = true;
		flight->lane->slow++;
		lane_review(outbox, flight->lane);
	}
}

/* Turns */

/* The rows of a lane whose time has come; those that only wait to go, go. */
static size_t take(struct outbox *outbox, struct outbox_lane *lane, int64_t now, uint64_t now_ms,
    size_t *chores, struct outbox_row **rows, size_t most)
{
	struct outbox_flight *flight = NULL;
	struct heap_node *node;
	size_t batch = lane->target->ping->batch, len = 0;

	if (batch == 0)
		batch = 1;
	while (len < most && len<batch && * chores> 0 && (node = heap_first(&lane->rows)) &&
	       node->at <= now) {
		struct outbox_row *row = heap_of(node, struct outbox_row, node);

		if (!row->due) {
			--*chores;
			outbox_drop(outbox, row);
			continue;
		}
		heap_remove(&lane->rows, node);
		if (!flight) {
			flight = mem_zalloc(1, sizeof(*flight));
			flight->lane = lane;
		}
		row_send(outbox, row, flight);
		rows[len++] = row;
	}
	if (flight)
		flight_start(outbox, flight, now, now_ms);
	return len;
}

static bool room(const struct outbox *outbox)
{
	return outbox->young < OUTBOX_IN_FLIGHT && outbox->in_flight < OUTBOX_IN_FLIGHT_MOST;
}

/* The host whose turn it is, NULL: none; those that failed last time and the others alternate. */
static struct outbox_host *host_next(const struct outbox *outbox, bool *out_failing)
{
	struct outbox_host *hosts[2] = {TAILQ_FIRST(&outbox->ready[0]), NULL};

	if (outbox->retries < OUTBOX_RETRIES)
		hosts[1] = TAILQ_FIRST(&outbox->ready[1]);
	*out_failing = hosts[outbox->turn] ? outbox->turn : !outbox->turn;
	return hosts[*out_failing];
}

size_t outbox_next(
    struct outbox *outbox, int64_t now, uint64_t now_ms, struct outbox_row **rows, size_t most)
{
	struct outbox_host *host;
	size_t chores = CHORES, len = 0;
	bool failing;

	outbox_turn(outbox, now);
	age(outbox, now_ms);
	if (most == 0 || !room(outbox))
		return 0;
	wake(outbox, now);
	while (len == 0 && chores > 0 && (host = host_next(outbox, &failing))) {
		struct outbox_lane *lane = TAILQ_FIRST(&host->ready[failing]);

		len = take(outbox, lane, now, now_ms, &chores, rows, most);
		outbox_lane_place(outbox, lane);
		host_rotate(outbox, host, failing);
		host_list(outbox, host, !failing);
		outbox->turn = !failing;
	}
	return len;
}

int64_t outbox_next_time(const struct outbox *outbox, int64_t now)
{
	const struct heap_node *node = heap_first(&outbox->times);
	bool failing;

	if (!room(outbox))
		return 0;
	if (host_next(outbox, &failing))
		return now;
	return node ? node->at : 0;
}

uint64_t outbox_slow_time(const struct outbox *outbox)
{
	if (!outbox->first_young || (outbox->young < OUTBOX_IN_FLIGHT && !outbox->crowded))
		return 0;
	return outbox->first_young->started_ms + OUTBOX_SLOW_MS;
}
