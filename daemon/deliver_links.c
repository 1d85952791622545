/*
 * Entries whose links are to be told of: they are read while nobody else uses the library.
 */
#include "daemon/clock.h"
#include "daemon/deliver_parts.h"
#include "daemon/job.h"

/*
 * Seconds until a file that has changed is read again: what is published of it is an event, which
 * waits for nothing; but not all changes are, and some are held back.
 */
enum { EARLY_S = 60 };

static void read_work(uv_work_t *work)
{
	struct deliver *deliver = container_of(work, struct deliver, work);

	for (size_t i = 0; i < deliver->reading_len; i++)
		mention_read(deliver->reading[i]->mention, deliver->library, clock_now());
}

static void take_links(struct delivery *delivery)
{
	const struct slice early = SLICE("its file has changed since it was published");
	struct deliver *deliver = delivery->deliver;
	int64_t now = deliver_time(deliver);
	struct err err;

	if (mention_is_early(delivery->mention)) {
		deliver_say_later(deliver, delivery, 0, early, now + EARLY_S);
		outbox_wait(deliver->outbox, delivery->rows[0], now + EARLY_S, early);
		delivery_free(delivery);
	} else if (mention_want(delivery->mention, deliver->outbox, delivery->target, now, &err) <
		   0) {
		delivery_finish(delivery, PING_RETRY, err.text);
	} else {
		if (mention_is_cut(delivery->mention))
			deliver_say_cut(deliver, delivery);
		delivery_finish(delivery, PING_NOTHING, "");
	}
}

static void on_read(uv_work_t *work, int status)
{
	struct deliver *deliver = container_of(work, struct deliver, work);

	(void)status; /* never cancelled */
	deliver->library = NULL;
	for (size_t i = 0; i < deliver->reading_len; i++)
		take_links(deliver->reading[i]);
	deliver->reading_len = 0;
	deliver_wake(deliver);
}

bool deliver_reads(const struct deliver *deliver)
{
	return deliver && deliver->waiting > 0 && !deliver->quiet;
}

bool deliver_is_reading(const struct deliver *deliver)
{
	return deliver && deliver->library;
}

void deliver_read(struct deliver *deliver, const struct library *library)
{
	for (struct delivery *d = deliver->deliveries;
	     d && deliver->reading_len < DELIVER_READ_MOST; d = d->next)
		if (d->phase == DELIVERY_READING)
			deliver->reading[deliver->reading_len++] = d;
	deliver->waiting -= deliver->reading_len;
	deliver->library = library;
	job_start(deliver->loop, &deliver->work, read_work, on_read);
}
