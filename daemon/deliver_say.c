/*
 * What becomes of pings, as lines of the log: what was told always, trouble when it begins and
 * when it is over.
 */
#include "daemon/deliver_parts.h"
#include "daemon/log.h"
#include "feeds/base/date.h"
#include "feeds/base/text.h"
#include "feeds/ping/outlinks.h"

enum {
	DAY = 86400,
	/* One by one: a hub that refuses a thousand feeds does it for one reason. */
	REFUSALS_SAID = 10,
	LATES_SAID = 10, /* pages that do not get live */
};

static const char *name_of(const struct deliver *deliver, const struct delivery *delivery)
{
	return deliver->settings.targets->items[delivery->target].settings->name;
}

static void put_row(const struct delivery *delivery, size_t row, struct buf *out)
{
	const struct ping_item *item = &delivery->items[row];

	if (item->link.len) {
		text_put_escaped(out, item->link);
		buf_puts(out, ", of the link in ");
	}
	text_put_escaped(out, item->url);
	if (item->entry && item->event == PING_REMOVED)
		buf_puts(out, ", which is gone");
}

/* "https://example.com/atom.xml", "12 pages, one of them https://example.com/a/" */
static void put_rows(const struct delivery *delivery, struct buf *out)
{
	if (delivery->len > 1)
		buf_printf(out, "%zu pages, one of them ", delivery->len);
	put_row(delivery, 0, out);
}

static void say_told(struct deliver *deliver, const struct delivery *delivery, const char *what)
{
	struct delivery_target *target = &deliver->targets[delivery->target];

	log_hold(); /* until deliver has its turn: there may be many */
	if (target->failing)
		log_info("hub %s: it works again", name_of(deliver, delivery));
	target->failing = false;
	target->refusals = 0;
	log_info("hub %s: told of %s", name_of(deliver, delivery), what);
}

static void say_failed(struct deliver *deliver, const struct delivery *delivery, const char *what,
    struct slice why, int64_t next_try)
{
	struct delivery_target *target = &deliver->targets[delivery->target];
	const char *name = name_of(deliver, delivery);
	char time[DATE_RFC3339_SIZE];

	log_put(target->failing && !deliver->settings.once ? LOG_DEBUG : LOG_WARNING,
	    "hub %s: not told of %s: %.*s; due again at %s", name, what, SLICE_FMT(why),
	    date_rfc3339(next_try, time));
	target->failing = true;
}

static void say_refused(
    struct deliver *deliver, const struct delivery *delivery, const char *what, struct slice why)
{
	size_t refusals = ++deliver->targets[delivery->target].refusals;
	bool quiet = refusals > REFUSALS_SAID && !deliver->settings.once;

	log_put(quiet ? LOG_DEBUG : LOG_WARNING,
	    "hub %s: not told of %s, and given up until that changes: %.*s%s",
	    name_of(deliver, delivery), what, SLICE_FMT(why),
	    refusals == REFUSALS_SAID && !deliver->settings.once
		? "; more of these are not said until it is told of something"
		: "");
}

static void say_given_up(struct deliver *deliver, const struct delivery *delivery, const char *what,
    struct slice why, const struct outbox_outcome *outcome)
{
	const char *name = name_of(deliver, delivery);

	int64_t days = (deliver_time(deliver) - delivery->items[0].since) / DAY;

	if (outcome->over)
		log_warning("hub %s: %zu ping%s given up after %lld days, %s among them, "
			    "until there is something new to tell: %.*s",
		    name, outcome->given_up, text_plural(outcome->given_up), (long long)days, what,
		    SLICE_FMT(why));
	else if (delivery->looks_only) /* a page that is gone is nobody's fault here */
		log_info("hub %s: not told of %s, and given up until that changes: %.*s", name,
		    what, SLICE_FMT(why));
	else
		say_refused(deliver, delivery, what, why);
}

void deliver_say(struct deliver *deliver, const struct delivery *delivery,
    const struct ping_verdict *verdict, const struct outbox_outcome *outcome)
{
	const char *name = name_of(deliver, delivery);
	struct buf what = BUF_INIT;

	put_rows(delivery, &what);
	if (verdict->result == PING_NOTHING && delivery->mention)
		log_debug("hub %s: links are looked for in %s", name, buf_string(&what));
	else if (verdict->result == PING_NOTHING)
		log_debug("hub %s: not told of %s: %.*s", name, buf_string(&what),
		    SLICE_FMT(verdict->text));
	else if (verdict->result == PING_TOLD)
		say_told(deliver, delivery, buf_string(&what));
	else if (outcome->parked)
		log_warning("hub %s: it wants to be told nothing more: %.*s; nothing is sent to it "
			    "until feedd --ping-now '%s'",
		    name, SLICE_FMT(verdict->text), name);
	else if (outcome->given_up)
		say_given_up(deliver, delivery, buf_string(&what), verdict->text, outcome);
	else
		say_failed(deliver, delivery, buf_string(&what), verdict->text, outcome->next_try);
	buf_free(&what);
}

void deliver_say_deaf(
    struct deliver *deliver, const struct delivery *delivery, const char *why, int64_t until)
{
	struct buf what = BUF_INIT;

	put_rows(delivery, &what);
	say_failed(deliver, delivery, buf_string(&what), slice_of(why), until);
	buf_free(&what);
}

void deliver_say_late(
    struct deliver *deliver, const struct delivery *delivery, size_t row, const char *why)
{
	const struct config_ping *settings =
	    deliver->settings.targets->items[delivery->target].settings;
	size_t lates = ++deliver->targets[delivery->target].lates;
	struct buf what = BUF_INIT;

	put_row(delivery, row, &what);
	log_put(lates > LATES_SAID ? LOG_DEBUG : LOG_WARNING,
	    "hub %s: told now, though %s is not live after %lld s (live_timeout): %s%s",
	    settings->name, buf_string(&what), (long long)settings->live_timeout, why,
	    lates == LATES_SAID ? "; more of these are not said until a page is live" : "");
	buf_free(&what);
}

void deliver_say_later(const struct deliver *deliver, const struct delivery *delivery, size_t row,
    struct slice why, int64_t until)
{
	struct buf what = BUF_INIT;
	char time[DATE_RFC3339_SIZE];

	put_row(delivery, row, &what);
	log_put(deliver->settings.once ? LOG_INFO : LOG_DEBUG,
	    "hub %s: not told of %s yet: %.*s; due again at %s", name_of(deliver, delivery),
	    buf_string(&what), SLICE_FMT(why), date_rfc3339(until, time));
	buf_free(&what);
}

void deliver_say_cut(const struct deliver *deliver, const struct delivery *delivery)
{
	struct buf what = BUF_INIT;

	put_row(delivery, 0, &what);
	log_warning(
	    "hub %s: %s has more than %d links, or some of more than %d bytes; those are not "
	    "told of",
	    name_of(deliver, delivery), buf_string(&what), OUTLINKS_MAX, OUTLINKS_URL_MAX);
	buf_free(&what);
}
