/* The two shapes of a status: lines for people, and JSON. */
#include "daemon/json.h"
#include "daemon/lock.h"
#include "daemon/status.h"
#include "feeds/base/date.h"
#include "feeds/base/text.h"

enum {
	LISTED = 20,   /* lines of a kind; JSON has all */
	FEED_LINES = 4 /* documents of a feed and format named one by one */
};

static void put_time(struct buf *out, int64_t when)
{
	char date[DATE_RFC3339_SIZE];

	buf_puts(out, date_rfc3339(when, date));
}

static void put_running(const struct status *status, struct buf *out)
{
	if (status->holder == 0) {
		buf_puts(out, "feedd does not run\n");
		return;
	}
	buf_puts(out, "feedd runs");
	if (status->holder != LOCK_UNKNOWN)
		buf_printf(out, ", process %ld", (long)status->holder);
	if (status->started) {
		buf_puts(out, ", since ");
		put_time(out, status->started);
	}
	if (status->watch_mode.len) {
		buf_puts(out, "; watches by ");
		text_put_escaped(out, status->watch_mode);
	}
	buf_putc(out, '\n');
}

static void put_build(const struct status *status, struct buf *out)
{
	if (status->build_at == 0) {
		buf_puts(out, "last build: none yet\n");
		return;
	}
	buf_puts(out, "last build: ");
	put_time(out, status->build_at);
	buf_printf(out, ", in %lld ms, %lld document%s written\n", (long long)status->build_ms,
	    (long long)status->build_changed, text_plural((uint64_t)status->build_changed));
}

/* "and 5 more" when a list was cut. */
static void put_more(struct buf *out, size_t len)
{
	if (len > LISTED)
		buf_printf(out, "  and %zu more (--json lists all)\n", len - LISTED);
}

static void put_articles(const struct status *status, struct buf *out)
{
	size_t articles = status->problems.len;

	for (size_t i = 0; i < ARTICLE_STANDINGS; i++)
		articles += status->standings[i];
	buf_printf(out, "%zu article%s: %zu public", articles, text_plural(articles),
	    status->standings[ARTICLE_PUBLIC]);
	for (size_t i = 0; i < ARTICLE_STANDINGS; i++)
		if (i != ARTICLE_PUBLIC && status->standings[i])
			buf_printf(out, ", %zu %s", status->standings[i],
			    article_standing_name((enum article_standing)i));
	if (status->problems.len)
		buf_printf(out, ", %zu skipped", status->problems.len);
	buf_putc(out, '\n');
}

static void put_scheduled(const struct status *status, struct buf *out)
{
	for (size_t i = 0; i < status->scheduled.len && i < LISTED; i++) {
		const struct status_scheduled *scheduled = &status->scheduled.items[i];

		buf_puts(out, "  scheduled for ");
		put_time(out, scheduled->published);
		buf_puts(out, ": ");
		text_put_escaped(out, scheduled->path);
		buf_puts(out, " (\"");
		text_put_escaped(out, scheduled->title);
		buf_puts(out, "\")\n");
	}
	put_more(out, status->scheduled.len);
}

static void put_problems(const struct status *status, struct buf *out)
{
	for (size_t i = 0; i < status->problems.len && i < LISTED; i++) {
		const struct state_problem *problem = &status->problems.items[i];

		buf_puts(out, "  skipped: ");
		text_put_escaped(out, problem->path);
		if (problem->line)
			buf_printf(out, ":%u", problem->line);
		if (problem->line && problem->column)
			buf_printf(out, ":%u", problem->column);
		buf_puts(out, ": ");
		text_put_escaped(out, problem->text);
		buf_putc(out, '\n');
	}
	put_more(out, status->problems.len);
}

/* ": 20 entries, " */
static void put_entries(struct buf *out, int64_t entries)
{
	buf_printf(out, ": %lld entr%s, ", (long long)entries, text_plural_y((uint64_t)entries));
}

/* "4711 bytes, changed 2024-01-02T03:04:05Z" */
static void put_file(struct buf *out, int64_t size, int64_t changed)
{
	buf_printf(out, "%lld bytes, changed ", (long long)size);
	put_time(out, changed);
}

static void put_feed(const struct status_feed *feed, struct buf *out)
{
	if (feed->len > FEED_LINES) {
		buf_puts(out, "  ");
		text_put_escaped(out, feed->name);
		buf_printf(out, ": %zu ", feed->len);
		text_put_escaped(out, feed->format);
		buf_puts(out, " documents");
		put_entries(out, feed->entries);
		put_file(out, feed->size, feed->changed);
		buf_putc(out, '\n');
		return;
	}
	for (size_t i = 0; i < feed->len; i++) {
		const struct state_document *document = &feed->documents[i];

		buf_puts(out, "  ");
		text_put_escaped(out, document->feed);
		buf_puts(out, ": ");
		text_put_escaped(out, document->path);
		if (feed->of_site)
			buf_puts(out, ": ");
		else
			put_entries(out, document->entries);
		put_file(out, document->size, document->changed);
		if (document->empty_since) {
			buf_puts(out, ", empty since ");
			put_time(out, document->empty_since);
		}
		buf_putc(out, '\n');
	}
}

static void put_feeds(const struct status *status, struct buf *out)
{
	struct status_feed feed;
	size_t at = 0;

	buf_printf(
	    out, "%zu document%s\n", status->documents.len, text_plural(status->documents.len));
	while (status_next_feed(status, &at, &feed))
		put_feed(&feed, out);
}

static void put_answer(struct buf *out, struct slice answer)
{
	if (answer.len == 0)
		return;
	buf_puts(out, "; last answer: ");
	text_put_escaped(out, answer);
}

static void put_next(const struct status *status, int64_t next_try, struct buf *out)
{
	if (next_try <= status->now) {
		buf_puts(out, "next try now");
		return;
	}
	buf_puts(out, "next try ");
	put_time(out, next_try);
}

static void put_due(const struct status *status, const struct status_ping *ping, struct buf *out)
{
	for (size_t i = 0; i < ping->oldest_len; i++) {
		const struct status_due *due = &ping->oldest[i];

		buf_puts(out, "    due since ");
		put_time(out, due->since);
		buf_puts(out, ": ");
		text_put_escaped(out, due->topic);
		if (due->attempts)
			buf_printf(out, "; %lld tr%s failed", (long long)due->attempts,
			    text_plural_y((uint64_t)due->attempts));
		if (!ping->parked) {
			buf_puts(out, "; ");
			put_next(status, due->next_try, out);
		}
		put_answer(out, due->last_answer);
		buf_putc(out, '\n');
	}
	if (ping->due > ping->oldest_len)
		buf_printf(out, "    and %zu more\n", ping->due - ping->oldest_len);
}

static void put_ping(const struct status *status, const struct status_ping *ping, struct buf *out)
{
	buf_puts(out, "  ");
	text_put_escaped(out, ping->name);
	buf_puts(out, " (");
	text_put_escaped(out, ping->protocol);
	if (ping->url.len) {
		buf_putc(out, ' ');
		text_put_escaped(out, ping->url);
	}
	buf_puts(out, "): ");
	if (ping->last_told) {
		buf_puts(out, "last told ");
		put_time(out, ping->last_told);
	} else {
		buf_puts(out, ping->known ? "not told of anything yet" : "not started yet");
	}
	buf_printf(out, ", %zu due", ping->due);
	if (ping->due && !ping->parked) {
		buf_puts(out, ", ");
		put_next(status, ping->next_try, out);
	}
	if (ping->given_up)
		buf_printf(out, ", %zu given up until the next change", ping->given_up);
	put_answer(out, ping->last_answer);
	buf_putc(out, '\n');
	if (ping->parked) {
		buf_puts(out, "    it has not wanted to hear anything since ");
		put_time(out, ping->parked);
		buf_puts(out, "; remove its [[ping]], or try it again with --ping-now ");
		text_put_escaped(out, ping->name);
		buf_putc(out, '\n');
	}
	put_due(status, ping, out);
}

static void put_pings(const struct status *status, struct buf *out)
{
	if (status->pings.len)
		buf_printf(out, "%zu target%s of pings\n", status->pings.len,
		    text_plural(status->pings.len));
	for (size_t i = 0; i < status->pings.len; i++)
		put_ping(status, &status->pings.items[i], out);
}

static void put_faults(const struct status *status, struct buf *out)
{
	if (status->held_back.len) {
		buf_puts(out, "held back until feedd --force: ");
		text_put_escaped(out, status->held_back);
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < status->faults.len; i++) {
		const struct state_fault *fault = &status->faults.items[i];

		buf_puts(out, "fault since ");
		put_time(out, fault->since);
		buf_puts(out, ": ");
		text_put_escaped(out, fault->key);
		buf_puts(out, ": ");
		text_put_escaped(out, fault->text);
		buf_putc(out, '\n');
	}
}

void status_put_text(const struct status *status, const char *state_path, struct buf *out)
{
	if (!status->known) {
		buf_puts(out, "feedd has not run here yet: there is no state in ");
		text_put_escaped(out, slice_of(state_path));
		buf_puts(out, "; start it, or run feedd --once; if it runs elsewhere, name that "
			      "folder by dir in [state]\n");
		return;
	}
	put_running(status, out);
	put_build(status, out);
	put_articles(status, out);
	put_scheduled(status, out);
	put_problems(status, out);
	put_feeds(status, out);
	put_pings(status, out);
	put_faults(status, out);
}

/* JSON. A fact that is not known has no key. */

static void json_daemon(struct jsonout *json, const struct status *status)
{
	jsonout_bool(json, "running", status->holder != 0);
	if (status->holder > 0)
		jsonout_int(json, "pid", status->holder);
	if (status->holder != 0) {
		json_time(json, "started", status->started);
		json_text(json, "watch_mode", status->watch_mode);
	}
	if (status->build_at) {
		jsonout_object(json, "last_build");
		json_time(json, "at", status->build_at);
		jsonout_int(json, "milliseconds", status->build_ms);
		jsonout_int(json, "written", status->build_changed);
		jsonout_close(json);
	}
	json_text(json, "held_back", status->held_back);
}

static void json_articles(struct jsonout *json, const struct status *status)
{
	jsonout_object(json, "articles");
	for (size_t i = 0; i < ARTICLE_STANDINGS; i++)
		jsonout_int(json, article_standing_name((enum article_standing)i),
		    (int64_t)status->standings[i]);
	jsonout_int(json, "skipped", (int64_t)status->problems.len);
	jsonout_close(json);
	jsonout_array(json, "scheduled");
	for (size_t i = 0; i < status->scheduled.len; i++) {
		jsonout_object(json, NULL);
		jsonout_string(json, "path", status->scheduled.items[i].path);
		jsonout_string(json, "title", status->scheduled.items[i].title);
		json_time(json, "published", status->scheduled.items[i].published);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void json_problems(struct jsonout *json, const struct status *status)
{
	jsonout_array(json, "skipped");
	for (size_t i = 0; i < status->problems.len; i++) {
		const struct state_problem *problem = &status->problems.items[i];

		jsonout_object(json, NULL);
		jsonout_string(json, "path", problem->path);
		if (problem->line)
			jsonout_int(json, "line", problem->line);
		if (problem->column)
			jsonout_int(json, "column", problem->column);
		jsonout_string(json, "text", problem->text);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void json_documents(struct jsonout *json, const struct status *status)
{
	jsonout_array(json, "documents");
	for (size_t i = 0; i < status->documents.len; i++) {
		const struct state_document *document = &status->documents.items[i];
		bool of_site = status_is_of_site(document);

		jsonout_object(json, NULL);
		jsonout_string(json, "path", document->path);
		if (!of_site)
			jsonout_string(json, "feed", document->feed);
		json_text(json, "value", document->value);
		jsonout_string(json, "format", document->format);
		if (!of_site)
			jsonout_int(json, "entries", document->entries);
		jsonout_int(json, "bytes", document->size);
		json_time(json, "changed", document->changed);
		json_time(json, "empty_since", document->empty_since);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void json_due(struct jsonout *json, const struct status_ping *ping)
{
	jsonout_array(json, "oldest_due");
	for (size_t i = 0; i < ping->oldest_len; i++) {
		const struct status_due *due = &ping->oldest[i];

		jsonout_object(json, NULL);
		jsonout_string(json, "topic", due->topic);
		json_time(json, "since", due->since);
		jsonout_int(json, "failures", due->attempts);
		json_time(json, "next_try", due->next_try);
		json_text(json, "last_answer", due->last_answer);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void json_pings(struct jsonout *json, const struct status *status)
{
	jsonout_array(json, "targets");
	for (size_t i = 0; i < status->pings.len; i++) {
		const struct status_ping *ping = &status->pings.items[i];

		jsonout_object(json, NULL);
		jsonout_string(json, "name", ping->name);
		jsonout_string(json, "protocol", ping->protocol);
		json_text(json, "url", ping->url);
		json_time(json, "parked", ping->parked);
		json_time(json, "last_told", ping->last_told);
		if (ping->last_status)
			jsonout_int(json, "last_status", ping->last_status);
		json_text(json, "last_answer", ping->last_answer);
		jsonout_int(json, "due", (int64_t)ping->due);
		jsonout_int(json, "given_up", (int64_t)ping->given_up);
		json_time(json, "next_try", ping->next_try);
		json_due(json, ping);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void json_faults(struct jsonout *json, const struct status *status)
{
	jsonout_array(json, "faults");
	for (size_t i = 0; i < status->faults.len; i++) {
		jsonout_object(json, NULL);
		jsonout_string(json, "key", status->faults.items[i].key);
		jsonout_string(json, "text", status->faults.items[i].text);
		json_time(json, "since", status->faults.items[i].since);
		jsonout_close(json);
	}
	jsonout_close(json);
}

void status_put_json(const struct status *status, bool strict, struct buf *out)
{
	struct jsonout json;

	json_open(&json, out);
	jsonout_bool(&json, "known", status->known);
	jsonout_bool(&json, "needs_person", status_needs_person(status, strict));
	json_daemon(&json, status);
	json_articles(&json, status);
	json_problems(&json, status);
	json_documents(&json, status);
	json_pings(&json, status);
	json_faults(&json, status);
	jsonout_close(&json);
}
