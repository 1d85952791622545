/*
 * Before a ping goes: are its pages live?
 */
#include "daemon/deliver_parts.h"

/* Seconds until the ping goes, whatever its page is like; 0: it has waited for long enough. */
static int64_t time_left(const struct delivery *delivery, size_t row, int64_t now)
{
	/* Of whole seconds the first had begun. */
	int64_t timeout = delivery_target_of(delivery)->settings->live_timeout + 1;
	int64_t left = delivery->items[row].since + timeout - now;

	return left > 0 ? left : 0;
}

static struct live_question question_of(const struct delivery *delivery, size_t row)
{
	const struct ping_item *item = &delivery->items[row];
	int64_t left = time_left(delivery, row, deliver_time(delivery->deliver));

	return (struct live_question){
	    .url = item->url,
	    .what = !item->entry		  ? LIVE_BYTES
		    : item->event == PING_REMOVED ? LIVE_GONE
						  : LIVE_THERE,
	    .digest = *outbox_wanted(delivery->rows[row]),
	    .link = item->link,
	    .patience_ms = (uint64_t)(left > 0 ? left : 1) * 1000,
	};
}

/* Seconds that a row waits whose page is not live; 0 when it has waited for long enough. */
static int64_t wait_of(const struct delivery *delivery, size_t row, int64_t now)
{
	int64_t again = live_again_in(now - delivery->items[row].since);
	int64_t left = time_left(delivery, row, now);

	return again < left ? again : left;
}

/* All pages were looked at: what is not live waits, the rest goes. */
static void look_over(struct delivery *delivery)
{
	struct deliver *deliver = delivery->deliver;
	int64_t now = deliver_time(deliver);
	size_t kept = 0;

	for (size_t i = 0; i < delivery->len; i++) {
		if (delivery->looks[i].wait == 0) {
			delivery->rows[kept] = delivery->rows[i];
			delivery->items[kept++] = delivery->items[i];
		} else {
			outbox_wait(deliver->outbox, delivery->rows[i],
			    now + delivery->looks[i].wait, delivery->looks[i].why);
		}
	}
	delivery->len = kept;
	if (kept)
		delivery_send(delivery);
	else
		delivery_free(delivery);
}

static void on_look(void *arg, bool live, const char *why)
{
	struct delivery_look *look = arg;
	struct delivery *delivery = look->delivery;
	size_t row = (size_t)(look - delivery->looks);
	int64_t now = deliver_time(delivery->deliver);

	look->ask = NULL;
	look->wait = live ? 0 : wait_of(delivery, row, now);
	if (live)
		delivery->deliver->targets[delivery->target].lates = 0;
	if (!live && look->wait == 0) {
		deliver_say_late(delivery->deliver, delivery, row, why);
	} else if (!live) {
		look->why = arena_printf(&delivery->arena, "not live yet: %s", why);
		deliver_say_later(delivery->deliver, delivery, row, look->why, now + look->wait);
	}
	if (--delivery->looking == 0)
		look_over(delivery);
}

void delivery_look(struct delivery *delivery)
{
	delivery->phase = DELIVERY_LOOKING;
	delivery->looks = arena_array(&delivery->arena, struct delivery_look, delivery->len);
	delivery->looking = delivery->len;
	for (size_t i = 0; i < delivery->len; i++) {
		const struct live_question question = question_of(delivery, i);

		delivery->looks[i].delivery = delivery;
		delivery->looks[i].ask =
		    live_ask(delivery->deliver->live, &question, on_look, &delivery->looks[i]);
	}
}

void delivery_cancel_looks(struct delivery *delivery)
{
	for (size_t i = 0; i < delivery->len; i++)
		if (delivery->looks[i].ask)
			live_cancel(delivery->looks[i].ask);
	delivery_cancel(delivery);
}
