#include "daemon/once_ping.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/ask.h"
#include "daemon/deliver.h"
#include "daemon/exit.h"
#include "daemon/log.h"
#include "daemon/mention.h"
#include "daemon/start.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/base/uri.h"

struct run {
	struct teller *teller;
	struct library *library;
	struct deliver *deliver;
	int64_t now;
	int status;
};

/* ---- --ping-now ---- */

/* -1: it names none of them. */
static int check_target(const struct site *site, const char *name)
{
	const struct config *config = site->config;
	struct buf names = BUF_INIT;
	bool found = !name;

	for (size_t i = 0; i < config->pings_len; i++) {
		found = found || strcmp(config->pings[i].name, name) == 0;
		buf_printf(&names, "%s'%s'", i ? ", " : "", config->pings[i].name);
	}
	if (!found)
		log_error("--ping-now: no [[ping]] has the name '%s'; %s%s", name,
		    config->pings_len ? "there are " : "there is none in the settings",
		    buf_string(&names));
	buf_free(&names);
	return found ? 0 : -1;
}

/* A feedd that runs is asked to; it has the state. */
static int ping_other(const struct site *site, const struct options *options, pid_t holder)
{
	int status = ask_put(site, holder, ASK_PING, options->ping_target);

	if (status == EXIT_DONE)
		log_info("feedd, process %d, is asked to tell %s what is due", (int)holder,
		    options->ping_target ? options->ping_target : "all hubs");
	return status;
}

bool once_ask(const struct site *site, const struct options *options, int *out_status)
{
	pid_t holder = options->dry_run ? 0 : ask_holder(site);

	if (check_target(site, options->ping_target) < 0)
		*out_status = EXIT_USAGE;
	else if (holder > 0)
		*out_status = ping_other(site, options, holder);
	else
		return false;
	return true;
}

void once_hurry(struct teller *teller, const char *name, int64_t now)
{
	for (size_t i = 0; i < teller->targets.len; i++)
		if (!name || i == targets_find(&teller->targets, name))
			outbox_hurry(teller->outbox, i, now);
}

/* ---- sending ---- */

static int save_more(void *arg, struct state *state, struct err *err)
{
	return teller_save(arg, state, err);
}

static void save(struct run *run)
{
	struct err err;
	int rc;

	if (!teller_take(run->teller))
		return;
	rc = library_save(run->library, run->now, save_more, run->teller, &err);
	if (rc < 0) {
		log_error("state in %s: %s", run->library->site->state_path, err.text);
		run->status = EXIT_IO;
	}
	teller_saved(run->teller, rc == 0, start_log_renewed(run->library));
}

/* What is over goes some at a time, and what is due stands behind. */
static bool is_more(const struct teller *teller, int64_t now)
{
	int64_t next = outbox_next_time(teller->outbox, now);

	return next != 0 && next <= now;
}

/* Nobody else uses loop and library, so what blocks does no harm here. */
static void step(struct run *run)
{
	if (deliver_is_reading(run->deliver))
		return;
	if (deliver_saves(run->deliver))
		save(run);
	do
		deliver_step(run->deliver);
	while (deliver_is_quiet(run->deliver) && is_more(run->teller, run->now));
	if (deliver_reads(run->deliver))
		deliver_read(run->deliver, run->library);
	if (!deliver_is_quiet(run->deliver))
		return;
	deliver_stop(run->deliver);
	run->deliver = NULL;
}

static void on_delivered(void *arg)
{
	struct run *run = arg;

	if (run->deliver)
		step(run);
}

static void say_left(const struct run *run)
{
	size_t left = outbox_due(run->teller->outbox);

	if (left)
		log_info("%zu ping%s still due; feedd --status says when", left,
		    left == 1 ? " is" : "s are");
}

int once_ping(uv_loop_t *loop, struct teller *teller, struct library *library, int64_t now)
{
	struct run run = {teller, library, NULL, now, EXIT_DONE};
	const struct deliver_settings settings = {
	    .site = library->site, .targets = &teller->targets, .once = now};
	struct err err;

	if (outbox_due(teller->outbox) == 0)
		return EXIT_DONE;
	run.deliver = deliver_start(loop, teller->outbox, &settings, on_delivered, &run, &err);
	if (!run.deliver) {
		log_error("nobody is told of anything: %s", err.text);
		return EXIT_IO;
	}
	step(&run);
	(void)uv_run(loop, UV_RUN_DEFAULT); /* returns when deliver has stopped */
	save(&run);
	say_left(&run);
	return run.status;
}

/* ---- what would be sent ---- */

/* Behind the path of a target's own URL there may be a key. */
static void put_url(struct slice url, const struct ping_target *target, struct buf *out)
{
	struct uri own;

	uri_split(target->url, &own);
	if (own.has_query && url.len >= target->url.len &&
	    slice_equal(slice_sub(url, 0, target->url.len), target->url)) {
		buf_put(out, url.ptr, (size_t)(own.query.ptr - target->url.ptr));
		buf_puts(out, "***");
		url = slice_from(url, target->url.len);
	}
	ping_put_hidden(out, url, target);
}

static void print_request(
    const struct target *target, const struct ping_request *request, struct buf *out)
{
	buf_printf(out, "%s ", request->post ? "POST" : "GET");
	put_url(request->url, &target->ping, out);
	buf_putc(out, '\n');
	for (size_t i = 0; i < request->headers_len; i++) {
		buf_printf(out, "%s: ", request->headers[i].name);
		if (request->headers[i].secret)
			buf_puts(out, "***");
		else
			ping_put_hidden(out, request->headers[i].value, &target->ping);
		buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
	ping_put_hidden(out, request->body, &target->ping);
	buf_puts(out, request->body.len ? "\n\n" : "");
}

/* False: there is none, and that was said. */
static bool print_rows(const struct target *target, struct outbox_row *const *rows, size_t len,
    int64_t now, struct arena *arena, struct buf *out)
{
	struct ping_item *items = arena_array(arena, struct ping_item, len);
	const struct ping *protocol = target->settings->protocol;
	struct ping_call call = {.target = &target->ping, .items = items, .now = now};
	struct ping_request request = {0};
	struct err err;

	for (size_t i = 0; i < len; i++) {
		items[call.items_len] = outbox_item(rows[i]);
		if (!protocol->takes ||
		    protocol->takes(&target->ping, &items[call.items_len], &err) == 0)
			call.items_len++;
		else
			log_info("hub %s: would not be told of %.*s: %s", target->settings->name,
			    SLICE_FMT(items[call.items_len].url), err.text);
	}
	if (call.items_len == 0)
		return false;
	if (protocol->compose(&call, arena, &request, &err) < 0) {
		log_warning("hub %s: nothing would be sent: %s", target->settings->name, err.text);
		return false;
	}
	print_request(target, &request, out);
	call.step = 1;
	call.next = SLICE("ENDPOINT"); /* in place of what the first answer says */
	if (protocol->then && protocol->compose(&call, arena, &request, &err) == 0) {
		buf_printf(out, "Then, %s:\n\n", protocol->then);
		print_request(target, &request, out);
	}
	return true;
}

/* The links of an entry become rows. */
static void find_links(
    struct teller *teller, const struct library *library, const struct outbox_row *row, int64_t now)
{
	const struct ping_item item = outbox_item(row);
	struct mention *mention = mention_new(&item, outbox_wanted(row));
	struct err err;

	mention_read(mention, library, now);
	if (mention_want(mention, teller->outbox, outbox_target(row), now, &err) < 0)
		log_warning("%s", err.text);
	if (teller_take(teller)) /* they wait for the state, and no state is written here */
		teller_saved(teller, true, false);
	mention_free(mention);
}

static size_t largest_batch(const struct teller *teller)
{
	size_t most = 1;

	for (size_t i = 0; i < teller->targets.len; i++)
		if (teller->targets.items[i].settings->protocol->batch > most)
			most = teller->targets.items[i].settings->protocol->batch;
	return most;
}

/* 0: nothing is due any more. */
static size_t next_rows(
    const struct teller *teller, int64_t now, struct outbox_row **rows, size_t most)
{
	size_t len;

	do
		len = outbox_next(teller->outbox, now, 0, rows, most);
	while (len == 0 && is_more(teller, now));
	return len;
}

void once_ping_dry(struct teller *teller, const struct library *library, int64_t now)
{
	size_t most = largest_batch(teller), len, requests = 0;
	struct outbox_row **rows = mem_zalloc(most, sizeof(*rows));
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT;

	while ((len = next_rows(teller, now, rows, most)) > 0) {
		const struct target *target = &teller->targets.items[outbox_target(rows[0])];

		if (target->settings->protocol->entries == PING_BY_LINK &&
		    outbox_item(rows[0]).link.len == 0)
			find_links(teller, library, rows[0], now);
		else
			requests += print_rows(target, rows, len, now, &arena, &out);
		for (size_t i = 0; i < len; i++)
			outbox_wait(teller->outbox, rows[i], INT64_MAX, SLICE_NONE);
		log_output(buf_slice(&out));
		buf_clear(&out);
		arena_clear(&arena);
	}
	log_info("%zu request%s would be sent", requests, text_plural(requests));
	buf_free(&out);
	arena_free(&arena);
	free(rows);
}
