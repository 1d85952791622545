#include "daemon/metrics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"

struct exposition {
	struct buf *out;
	struct slice site;
};

/* What the format wants escaped in a label's value, which else may be any UTF-8. */
static void put_value(struct buf *out, struct slice value)
{
	struct buf legal = BUF_INIT;
	struct slice text = value;
	struct text_repairs repairs;
	struct err err;

	if (text_legal(value, &legal, &text, &repairs, &err) < 0)
		text = SLICE("?"); /* bytes that are no text at all */
	for (size_t i = 0; i < text.len; i++)
		switch (text.ptr[i]) {
		case '\\': buf_puts(out, "\\\\"); break;
		case '"': buf_puts(out, "\\\""); break;
		case '\n': buf_puts(out, "\\n"); break;
		default: buf_putc(out, text.ptr[i]);
		}
	buf_free(&legal);
}

static void head(struct exposition *all, const char *name, const char *help)
{
	buf_printf(all->out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void open_sample(struct exposition *all, const char *name)
{
	buf_printf(all->out, "%s{site=\"", name);
	put_value(all->out, all->site);
	buf_putc(all->out, '"');
}

static void label(struct exposition *all, const char *name, struct slice value)
{
	buf_printf(all->out, ",%s=\"", name);
	put_value(all->out, value);
	buf_putc(all->out, '"');
}

static void close_sample(struct exposition *all, int64_t value)
{
	buf_printf(all->out, "} %lld\n", (long long)value);
}

/* A metric that has one sample. */
static void single(struct exposition *all, const char *name, const char *help, int64_t value)
{
	head(all, name, help);
	open_sample(all, name);
	close_sample(all, value);
}

static void put_articles(struct exposition *all, const struct status *status)
{
	static const char name[] = "feedd_articles";

	head(all, name, "Articles by how they stand.");
	for (size_t i = 0; i < ARTICLE_STANDINGS; i++) {
		open_sample(all, name);
		label(all, "standing", slice_of(article_standing_name((enum article_standing)i)));
		close_sample(all, (int64_t)status->standings[i]);
	}
	open_sample(all, name);
	label(all, "standing", SLICE("skipped"));
	close_sample(all, (int64_t)status->problems.len);
}

static int64_t documents_of(const struct status_feed *feed)
{
	return (int64_t)feed->len;
}

static int64_t entries_of(const struct status_feed *feed)
{
	return feed->entries;
}

static int64_t bytes_of(const struct status_feed *feed)
{
	return feed->size;
}

static int64_t changed_of(const struct status_feed *feed)
{
	return feed->changed;
}

static void put_feeds(struct exposition *all, const struct status *status)
{
	static const struct {
		const char *name, *help;
		int64_t (*value)(const struct status_feed *feed);
	} rows[] = {
	    {"feedd_feed_documents", "Files that a feed consists of.", documents_of},
	    {"feedd_feed_entries", "Entries in all documents of a feed.", entries_of},
	    {"feedd_feed_bytes", "Size of all documents of a feed.", bytes_of},
	    {"feedd_feed_changed_timestamp_seconds", "When a document of a feed last changed.",
		changed_of},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows) && status->documents.len; i++) {
		struct status_feed feed;
		size_t at = 0;

		head(all, rows[i].name, rows[i].help);
		while (status_next_feed(status, &at, &feed)) {
			if (feed.of_site)
				continue;
			open_sample(all, rows[i].name);
			label(all, "feed", feed.name);
			label(all, "format", feed.format);
			close_sample(all, rows[i].value(&feed));
		}
	}
}

static int64_t due_of(const struct status_ping *ping)
{
	return (int64_t)ping->due;
}

static int64_t failures_of(const struct status_ping *ping)
{
	return ping->failures;
}

static int64_t given_up_of(const struct status_ping *ping)
{
	return (int64_t)ping->given_up;
}

static int64_t parked_of(const struct status_ping *ping)
{
	return ping->parked != 0;
}

static int64_t next_try_of(const struct status_ping *ping)
{
	return ping->due ? ping->next_try : 0;
}

static int64_t told_of(const struct status_ping *ping)
{
	return ping->last_told;
}

static void put_pings(struct exposition *all, const struct status *status)
{
	static const struct {
		const char *name, *help;
		int64_t (*value)(const struct status_ping *ping);
	} rows[] = {
	    {"feedd_ping_due", "What a target is still to be told.", due_of},
	    {"feedd_ping_next_try_timestamp_seconds",
		"When a target is told of that at the earliest; 0: at once, or nothing is due.",
		next_try_of},
	    {"feedd_ping_failures", "Tries that failed of what is due to a target.", failures_of},
	    {"feedd_ping_given_up", "Feeds that a target is told of no more until they change.",
		given_up_of},
	    {"feedd_ping_parked", "1 while a target wants to hear nothing any more.", parked_of},
	    {"feedd_ping_last_told_timestamp_seconds",
		"When a target was last told of anything; 0 while it never was.", told_of},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows) && status->pings.len; i++) {
		head(all, rows[i].name, rows[i].help);
		for (size_t j = 0; j < status->pings.len; j++) {
			open_sample(all, rows[i].name);
			label(all, "target", status->pings.items[j].name);
			close_sample(all, rows[i].value(&status->pings.items[j]));
		}
	}
}

static void put_build(struct exposition *all, const struct status *status)
{
	static const char duration[] = "feedd_build_duration_seconds";

	if (status->started)
		single(all, "feedd_start_timestamp_seconds", "When feedd last started.",
		    status->started);
	if (status->build_at == 0)
		return;
	single(
	    all, "feedd_build_timestamp_seconds", "When the last build began.", status->build_at);
	head(all, duration, "How long the last build took.");
	open_sample(all, duration);
	buf_printf(all->out, "} %lld.%03lld\n", (long long)(status->build_ms / 1000),
	    (long long)(status->build_ms % 1000));
	single(all, "feedd_build_documents_written", "Documents that the last build wrote.",
	    status->build_changed);
}

void metrics_put(const struct status *status, struct slice site, struct buf *out)
{
	struct exposition all = {out, site};

	head(&all, "feedd_info", "The version of feedd, and how it watches.");
	open_sample(&all, "feedd_info");
	label(&all, "version", SLICE(FEEDD_VERSION));
	label(&all, "watch_mode", status->watch_mode);
	close_sample(&all, 1);
	put_build(&all, status);
	put_articles(&all, status);
	put_feeds(&all, status);
	put_pings(&all, status);
	single(&all, "feedd_faults", "What a person must do something about; feedd --status says.",
	    (int64_t)status->faults.len);
	single(&all, "feedd_held_back", "1 while a build waits for feedd --force.",
	    status->held_back.len > 0);
}

/* Not synced: after a power cut the next build writes it again. */
static int replace(int folder, const char *name, const struct buf *text, struct err *err)
{
	struct fsio_temp temp = FSIO_TEMP_INIT;
	int rc = -1;

	fsio_sweep(folder);
	if (fsio_temp_open(&temp, folder, name, err) < 0)
		return -1;
	if (fchmod(temp.fd, 0644) < 0)
		(void)err_set(err, ERR_IO, "set its mode: %s", strerrordesc_np(errno));
	else if (fsio_write(temp.fd, text->data, text->len, err) == 0)
		rc = fsio_temp_rename(&temp, name, err);
	fsio_temp_drop(&temp);
	return rc;
}

int metrics_write(const char *path, const struct status *status, struct slice site, struct err *err)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	/* The folder's name with its slash, so that "/" is one too. */
	char *above = slash ? mem_dup(path, (size_t)(name - path)) : mem_dup(".", 1);
	struct buf text = BUF_INIT;
	int folder = fsio_open_folder(above, err), rc = -1;

	if (folder >= 0) {
		metrics_put(status, site, &text);
		rc = replace(folder, name, &text, err);
		(void)close(folder); /* only read */
	}
	free(above);
	buf_free(&text);
	return rc < 0 ? err_wrap(err, "metrics file '%s'", path) : 0;
}

int metrics_update(const struct site *site, struct state *state, int64_t now,
    const size_t *standings, struct err *err)
{
	struct status status;
	int rc = status_gather(state, site->config, now, standings, &status, err);

	if (rc < 0)
		return -1;
	rc = metrics_write(site->metrics_path, &status, slice_of(site->config->site.url), err);
	status_free(&status);
	return rc;
}
