#include "daemon/deliver.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/deliver_parts.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "feeds/base/mem.h"

enum {
	HEARD_S = 3600,	     /* since somebody answered, the network counts as being there */
	NETWORK_S = 300,     /* then it is looked at again, whether it is */
	DEAF_S = 30 * 86400, /* what is due for longer is given up like everything else */
	SAVE_MS = 20,	     /* between saves, while more is under way */
};

/* The time that the outbox goes by. */
int64_t deliver_time(const struct deliver *deliver)
{
	return deliver->settings.once ? deliver->settings.once : clock_now();
}

/* splitmix64, which is good enough to spread retries. */
static uint32_t chance(struct deliver *deliver)
{
	uint64_t state = deliver->chance += 0x9e3779b97f4a7c15;

	return (uint32_t)(((state ^ state >> 30) * 0xbf58476d1ce4e5b9) >> 32);
}

/* ---- waking ---- */

static void on_timer(uv_timer_t *timer)
{
	struct deliver *deliver = container_of(timer, struct deliver, timer);

	deliver->waking = deliver->save_waits = false;
	log_release();
	deliver->changed(deliver->arg);
}

/* Many things that happen in one turn of the loop are one change. */
void deliver_wake(struct deliver *deliver)
{
	if (deliver->waking)
		return;
	deliver->waking = true;
	(void)uv_timer_start(&deliver->timer, on_timer, 0, 0); /* cannot fail */
}

/* When a request gets slow, or something is to be saved; UINT64_MAX: never. */
static uint64_t wake_time(const struct deliver *deliver)
{
	uint64_t slow = outbox_slow_time(deliver->outbox), time;

	/* One that has passed is seen to by deliver_step, which others may hold back. */
	time = slow > uv_now(deliver->loop) ? slow : UINT64_MAX;
	if (deliver->save_waits && deliver->saved + SAVE_MS < time)
		time = deliver->saved + SAVE_MS;
	return time;
}

static void wake_later(struct deliver *deliver)
{
	uint64_t time = wake_time(deliver), now = uv_now(deliver->loop);

	if (deliver->waking)
		return;
	if (time == UINT64_MAX)
		(void)uv_timer_stop(&deliver->timer); /* cannot fail */
	else
		(void)uv_timer_start(&deliver->timer, on_timer, time > now ? time - now : 0, 0);
}

bool deliver_saves(struct deliver *deliver)
{
	uint64_t now = uv_now(deliver->loop);

	if (!outbox_changed(deliver->outbox))
		return false;
	if (now < deliver->saved + SAVE_MS && !deliver_is_quiet(deliver)) {
		deliver->save_waits = true;
		wake_later(deliver);
		return false;
	}
	deliver->saved = now;
	return true;
}

/* ---- deliveries ---- */

static struct slice copy(struct delivery *delivery, struct slice text)
{
	return arena_copy(&delivery->arena, text);
}

static struct ping_item copy_item(struct delivery *delivery, const struct outbox_row *row)
{
	struct ping_item item = outbox_item(row);

	item.url = copy(delivery, item.url);
	item.id = copy(delivery, item.id);
	item.title = copy(delivery, item.title);
	item.link = copy(delivery, item.link);
	item.feed = copy(delivery, item.feed);
	item.format = copy(delivery, item.format);
	item.message = copy(delivery, item.message);
	return item;
}

static struct delivery *new_delivery(
    struct deliver *deliver, struct outbox_row *const *rows, size_t len)
{
	struct delivery *delivery = mem_zalloc(1, sizeof(*delivery));

	delivery->deliver = deliver;
	delivery->target = outbox_target(rows[0]);
	delivery->rows = arena_array(&delivery->arena, struct outbox_row *, len);
	delivery->items = arena_array(&delivery->arena, struct ping_item, len);
	delivery->len = len;
	for (size_t i = 0; i < len; i++) {
		delivery->rows[i] = rows[i];
		delivery->items[i] = copy_item(delivery, rows[i]);
	}
	delivery->next = deliver->deliveries;
	delivery->at = &deliver->deliveries;
	if (delivery->next)
		delivery->next->at = &delivery->next;
	deliver->deliveries = delivery;
	return delivery;
}

void delivery_free(struct delivery *delivery)
{
	*delivery->at = delivery->next;
	if (delivery->next)
		delivery->next->at = delivery->at;
	deliver_wake(delivery->deliver);
	mention_free(delivery->mention);
	arena_free(&delivery->call_arena);
	arena_free(&delivery->arena);
	free(delivery);
}

const struct target *delivery_target_of(const struct delivery *delivery)
{
	return &delivery->deliver->settings.targets->items[delivery->target];
}

void delivery_cancel(struct delivery *delivery)
{
	struct outbox *outbox = delivery->deliver->outbox;

	if (delivery->phase == DELIVERY_SENDING)
		outbox_cut_off(outbox, delivery->rows, delivery->len);
	else
		outbox_cancel(outbox, delivery->rows, delivery->len);
	delivery_free(delivery);
}

static void finish(struct delivery *delivery, const struct ping_verdict *verdict, int status)
{
	struct deliver *deliver = delivery->deliver;
	struct outbox_outcome outcome = outbox_answer(deliver->outbox, delivery->rows,
	    delivery->len, verdict, status, deliver_time(deliver), chance(deliver));

	deliver_say(deliver, delivery, verdict, &outcome);
	delivery_free(delivery);
}

void delivery_finish(struct delivery *delivery, enum ping_result result, const char *text)
{
	const struct ping_verdict verdict = {.result = result, .text = slice_of(text)};

	finish(delivery, &verdict, result == PING_GIVE_UP ? OUTBOX_UNSENT : 0);
}

static void fail(struct delivery *delivery, const struct http_answer *answer)
{
	const struct ping_verdict verdict = {.result = PING_RETRY, .text = slice_of(answer->why)};

	finish(delivery, &verdict, answer->unsent ? OUTBOX_UNSENT : 0);
}

/* ---- sending ---- */

static void judge(struct delivery *delivery, const struct http_answer *answer)
{
	const struct ping_answer said = {
	    answer->status, answer->headers, answer->body, answer->url};
	struct ping_verdict verdict = {.result = PING_RETRY};

	ping_judge(delivery_target_of(delivery)->settings->protocol, &delivery->call, &said,
	    &delivery->call_arena, &verdict);
	if (verdict.result == PING_NEXT && delivery->call.step + 1 < PING_STEPS) {
		delivery->call.step++;
		delivery->call.next = copy(delivery, verdict.next);
		arena_clear(&delivery->call_arena);
		delivery_send(delivery);
		return;
	}
	if (verdict.result == PING_NEXT)
		verdict = (struct ping_verdict){
		    .result = PING_GIVE_UP, .text = SLICE("it leads on and on")};
	if (verdict.retry_after) /* of whole seconds the present one has begun */
		verdict.retry_after++;
	finish(delivery, &verdict, answer->status);
}

/*
 * It would be given up, for it has been tried for days, and for a while nobody at all was heard: a
 * machine that has no network is no reason to give up.
 */
static bool is_deaf(const struct delivery *delivery)
{
	int64_t now = deliver_time(delivery->deliver);
	bool over = false;

	for (size_t i = 0; i < delivery->len; i++)
		over = over || (outbox_is_last_try(delivery->rows[i], now) &&
				   now - delivery->items[i].since < DEAF_S);
	return over && now - delivery->deliver->heard > HEARD_S;
}

static void wait_for_network(struct delivery *delivery, const char *why)
{
	struct deliver *deliver = delivery->deliver;
	int64_t until = deliver_time(deliver) + NETWORK_S;

	deliver_say_deaf(deliver, delivery, why, until);
	for (size_t i = 0; i < delivery->len; i++)
		outbox_unheard(deliver->outbox, delivery->rows[i], until, slice_of(why));
	delivery_free(delivery);
}

/* Our own settings do not let it go there. They may change; what a stranger links to does not. */
static void refuse(struct delivery *delivery, const struct http_answer *answer)
{
	if (delivery_target_of(delivery)->settings->protocol->no_url)
		delivery_finish(delivery, PING_GIVE_UP, answer->why);
	else
		fail(delivery, answer);
}

static void on_answer(void *arg, const struct http_answer *answer)
{
	struct delivery *delivery = arg;

	delivery->transfer = NULL;
	if (answer->outcome == HTTP_DONE || (answer->outcome == HTTP_FAILED && !answer->silent))
		delivery->deliver->heard = clock_now();
	switch (answer->outcome) {
	case HTTP_DONE: judge(delivery, answer); break;
	case HTTP_FAILED:
		if (answer->silent && is_deaf(delivery))
			wait_for_network(delivery, answer->why);
		else
			fail(delivery, answer);
		break;
	case HTTP_REFUSED: refuse(delivery, answer); break;
	case HTTP_CANCELLED: delivery_cancel(delivery); break;
	}
}

static void send_request(struct delivery *delivery, const struct ping_request *ping)
{
	const struct config_ping *settings = delivery_target_of(delivery)->settings;
	struct http_header headers[PING_HEADERS + 1];
	struct http_request request = {
	    .post = ping->post,
	    .redirects = ping->redirects || settings->redirects,
	    .url = ping->url,
	    .headers = headers,
	    .body = ping->body,
	    .answer_max = ping->redirects ? DELIVER_PAGE_MAX : DELIVER_ANSWER_MAX,
	};

	for (size_t i = 0; i < ping->headers_len; i++)
		headers[request.headers_len++] =
		    (struct http_header){ping->headers[i].name, ping->headers[i].value};
	if (settings->protocol->no_url) /* who is asked has not been told of us */
		headers[request.headers_len++] =
		    (struct http_header){"User-Agent", slice_of(delivery->deliver->agent_link)};
	delivery->phase = DELIVERY_SENDING;
	delivery->looks_only = ping->redirects;
	delivery->transfer = http_send(delivery->deliver->http, &request, on_answer, delivery);
}

void delivery_send(struct delivery *delivery)
{
	const struct target *target = delivery_target_of(delivery);
	struct ping_request request = {0};
	struct err err;

	delivery->call.target = &target->ping;
	delivery->call.items = delivery->items;
	delivery->call.items_len = delivery->len;
	delivery->call.now = clock_now();
	if (target->settings->protocol->compose(
		&delivery->call, &delivery->call_arena, &request, &err) < 0)
		delivery_finish(delivery, PING_GIVE_UP, err.text);
	else
		send_request(delivery, &request);
}

/* ---- what is due ---- */

/*
 * What the protocol does not take is given up by itself: with others it would count as told, or
 * they as refused. Those that are left, in front: how many.
 */
static size_t give_up_untaken(struct deliver *deliver, struct outbox_row **rows, size_t len)
{
	const struct target *target = &deliver->settings.targets->items[outbox_target(rows[0])];
	const struct ping *protocol = target->settings->protocol;
	size_t kept = 0;
	struct err err;

	if (!protocol->takes)
		return len;
	for (size_t i = 0; i < len; i++) {
		const struct ping_item item = outbox_item(rows[i]);

		if (protocol->takes(&target->ping, &item, &err) < 0)
			delivery_finish(new_delivery(deliver, &rows[i], 1), PING_GIVE_UP, err.text);
		else
			rows[kept++] = rows[i];
	}
	return kept;
}

static void begin(struct deliver *deliver, struct outbox_row *const *rows, size_t len)
{
	const struct config_ping *settings =
	    deliver->settings.targets->items[outbox_target(rows[0])].settings;
	size_t most = settings->live_check && len > DELIVER_LIVE_ROWS ? DELIVER_LIVE_ROWS : len;
	struct delivery *delivery = new_delivery(deliver, rows, most);

	if (most < len) /* they come with the next request */
		outbox_cancel(deliver->outbox, rows + most, len - most);
	if (settings->protocol->entries == PING_BY_LINK && delivery->items[0].link.len == 0) {
		delivery->phase = DELIVERY_READING;
		delivery->mention = mention_new(delivery->items, outbox_wanted(rows[0]));
		deliver->waiting++;
	} else if (settings->live_check) {
		delivery_look(delivery);
	} else {
		delivery_send(delivery);
	}
}

void deliver_step(struct deliver *deliver)
{
	size_t len;

	if (!deliver)
		return;
	deliver->quiet = false;
	while ((len = outbox_next(deliver->outbox, deliver_time(deliver), uv_now(deliver->loop),
		    deliver->rows, deliver->rows_most)) > 0)
		if ((len = give_up_untaken(deliver, deliver->rows, len)) > 0)
			begin(deliver, deliver->rows, len);
	wake_later(deliver);
}

/* ---- the end ---- */

static void cut_off(struct delivery *delivery)
{
	switch (delivery->phase) {
	case DELIVERY_LOOKING: delivery_cancel_looks(delivery); break;
	case DELIVERY_SENDING: http_cancel(delivery->transfer); break;
	case DELIVERY_READING: break; /* the job ends soon */
	}
}

static void on_grace(uv_timer_t *timer)
{
	struct deliver *deliver = container_of(timer, struct deliver, grace);
	struct delivery *delivery, *next;

	for (delivery = deliver->deliveries; delivery && deliver->quiet; delivery = next) {
		next = delivery->next;
		cut_off(delivery);
	}
}

static bool is_being_read(const struct deliver *deliver, const struct delivery *delivery)
{
	for (size_t i = 0; i < deliver->reading_len; i++)
		if (deliver->reading[i] == delivery)
			return true;
	return false;
}

void deliver_quiet(struct deliver *deliver, uint64_t grace_ms)
{
	struct delivery *delivery, *next;

	if (!deliver || deliver->quiet)
		return;
	deliver->quiet = true;
	(void)uv_timer_start(&deliver->grace, on_grace, grace_ms, 0); /* cannot fail */
	for (delivery = deliver->deliveries; delivery; delivery = next) {
		next = delivery->next;
		if (delivery->phase == DELIVERY_READING && !is_being_read(deliver, delivery))
			delivery_cancel(delivery); /* nobody lends the library any more */
	}
	deliver->waiting = 0;
}

bool deliver_is_quiet(const struct deliver *deliver)
{
	return !deliver || !deliver->deliveries;
}

/* ---- start and stop ---- */

static char *make_agent(const struct site *site, const char *more)
{
	char *agent = NULL;

	if (asprintf(&agent, "feedd/" FEEDD_VERSION " (+%s)%s", site->config->site.url, more) < 0)
		mem_exhausted();
	return agent;
}

static struct http_settings take_settings(struct deliver *deliver)
{
	const struct site *site = deliver->settings.site;
	const struct targets *targets = deliver->settings.targets;

	free(deliver->agent);
	free(deliver->agent_link);
	free(deliver->targets);
	free(deliver->rows);
	deliver->agent = make_agent(site, "");
	deliver->agent_link = make_agent(site, " Webmention");
	deliver->targets = mem_zalloc(targets->len + 1, sizeof(*deliver->targets));
	deliver->rows_most = 1;
	for (size_t i = 0; i < targets->len; i++) {
		unsigned batch = targets->items[i].settings->protocol->batch;

		if (batch > deliver->rows_most)
			deliver->rows_most = batch;
	}
	deliver->rows = mem_zalloc(deliver->rows_most, sizeof(struct outbox_row *));
	return (struct http_settings){
	    .proxy = site->config->http.proxy,
	    .agent = deliver->agent,
	    .allow = site->config->http.allow,
	    .allow_len = site->config->http.allow_len,
	};
}

static void free_deliver(struct deliver *deliver)
{
	free(deliver->agent);
	free(deliver->agent_link);
	free(deliver->targets);
	free(deliver->rows);
	free(deliver);
}

struct deliver *deliver_start(uv_loop_t *loop, struct outbox *outbox,
    const struct deliver_settings *settings, void (*changed)(void *arg), void *arg, struct err *err)
{
	struct deliver *deliver = mem_zalloc(1, sizeof(*deliver));
	struct http_settings http;

	deliver->loop = loop;
	deliver->outbox = outbox;
	deliver->settings = *settings;
	deliver->changed = changed;
	deliver->arg = arg;
	deliver->chance = uv_hrtime();
	http = take_settings(deliver);
	deliver->http = http_start(loop, &http, err);
	if (!deliver->http) {
		free_deliver(deliver);
		return NULL;
	}
	deliver->live = live_start(deliver->http);
	(void)uv_timer_init(loop, &deliver->timer); /* cannot fail, nor can the next */
	(void)uv_timer_init(loop, &deliver->grace);
	return deliver;
}

void deliver_set(
    struct deliver *deliver, struct outbox *outbox, const struct deliver_settings *settings)
{
	struct http_settings http;

	deliver->outbox = outbox;
	deliver->settings = *settings;
	http = take_settings(deliver);
	http_set(deliver->http, &http);
}

static void on_closed(uv_handle_t *handle)
{
	struct deliver *deliver = handle->data;

	if (--deliver->closing == 0)
		free_deliver(deliver);
}

static void on_http_stopped(void *arg)
{
	struct deliver *deliver = arg;

	if (--deliver->closing == 0)
		free_deliver(deliver);
}

void deliver_stop(struct deliver *take_deliver)
{
	struct deliver *deliver = take_deliver;

	if (!deliver)
		return;
	deliver->closing = 3;
	live_stop(deliver->live);
	http_stop(deliver->http, on_http_stopped, deliver);
	deliver->timer.data = deliver->grace.data = deliver;
	uv_close((uv_handle_t *)&deliver->timer, on_closed);
	uv_close((uv_handle_t *)&deliver->grace, on_closed);
}
