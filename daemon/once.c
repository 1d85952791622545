#include "daemon/once.h"

#include <assert.h>
#include <uv.h>

#include "daemon/announce.h"
#include "daemon/build.h"
#include "daemon/clock.h"
#include "daemon/exit.h"
#include "daemon/job.h"
#include "daemon/json.h"
#include "daemon/log.h"
#include "daemon/metrics.h"
#include "daemon/once_ping.h"
#include "daemon/report.h"
#include "daemon/secret.h"
#include "daemon/start.h"
#include "daemon/teller.h"
#include "feeds/base/date.h"
#include "feeds/base/text.h"

enum { NEWEST = 20 }; /* articles that --check lists */

struct run {
	const struct site *site;
	const struct options *options;
	struct library_asked *asked; /* NULL: no feed is adopted */
	bool tells;		     /* others are told, or it is said what they would be told */
	bool dry;
	int64_t now;	  /* Unix seconds */
	uint64_t started; /* uv_hrtime, ns */
	bool built;
	bool lost; /* nothing is known of what is published now */
	size_t standings[ARTICLE_STANDINGS];
	int status;
	struct library library;
	struct teller teller; /* when it tells */
};

/* "12 .rst files and 1 .org file are no articles by content.include" */
static void log_foreign(const struct build_report *report)
{
	struct buf line = BUF_INIT;
	size_t files = 0, kinds = 0, left;

	for (size_t i = 0; i < SCAN_FOREIGN; i++) {
		files += report->foreign[i];
		kinds += report->foreign[i] > 0;
	}
	left = kinds;
	for (size_t i = 0; i < SCAN_FOREIGN; i++) {
		if (report->foreign[i] == 0)
			continue;
		buf_printf(&line, "%s%zu .%s file%s",
		    left == kinds ? ""
		    : left > 1	  ? ", "
				  : " and ",
		    report->foreign[i], scan_foreign[i], text_plural(report->foreign[i]));
		left--;
	}
	if (files)
		log_info("%s %s by content.include", buf_string(&line),
		    files == 1 ? "is no article" : "are no articles");
	buf_free(&line);
}

static void log_summary(const struct run *run, const struct build_report *report)
{
	const struct render_report *render = &report->render;
	size_t written = render->created + render->replaced;
	struct buf line = BUF_INIT;

	report_put_articles(report, &line);
	if (report->articles == 0)
		buf_printf(&line,
		    "; nothing in '%s' is one by content.include: is it the right folder?",
		    run->site->config->content.dir);
	log_info("%s", buf_string(&line));
	log_foreign(report);
	report_log_outlook(report, run->site->config->site.timezone, run->now);
	buf_clear(&line);
	buf_printf(&line, "%zu %s: %zu %s, %zu unchanged", render->feeds + render->failed,
	    report_documents(run->site->config, render->feeds + render->failed), written,
	    run->dry ? "would be written" : "written", render->feeds - written);
	if (render->failed)
		buf_printf(&line, ", %zu failed", render->failed);
	buf_printf(&line, "; in %s; %llu ms", run->site->output_path,
	    (unsigned long long)((uv_hrtime() - run->started) / 1000000));
	log_info("%s", buf_string(&line));
	buf_free(&line);
}

/* The head of what would be published: enough to see whether addresses and dates are right. */
static void print_newest(const struct index *index)
{
	struct buf out = BUF_INIT;
	size_t shown = 0;

	for (size_t i = 0; i < index_len(index) && shown < NEWEST; i++) {
		const struct article *article = index_at(index, i);
		char date[DATE_RFC3339_SIZE];

		if (!index_admitted(index, i))
			continue;
		shown++;
		buf_printf(&out, "%s  ", date_rfc3339(article->published, date));
		text_put_escaped(&out, article->title);
		if (article->undated)
			buf_puts(&out, "  (undated)");
		buf_printf(&out, "\n%22s%.*s\n", "", SLICE_FMT(article->url));
	}
	if (index->admitted > shown)
		buf_printf(
		    &out, "%22sand %zu more (--json lists all)\n", "", index->admitted - shown);
	log_output(buf_slice(&out));
	buf_free(&out);
}

static void put_article(
    struct jsonout *json, const struct article *article, enum article_standing standing)
{
	char published[DATE_RFC3339_SIZE], updated[DATE_RFC3339_SIZE];

	jsonout_object(json, NULL);
	jsonout_string(json, "path", article->path);
	jsonout_string(json, "standing", slice_of(article_standing_name(standing)));
	jsonout_string(json, "title", article->title);
	jsonout_string(json, "url", article->url);
	jsonout_string(json, "id", article->id);
	jsonout_string(json, "published", slice_of(date_rfc3339(article->published, published)));
	jsonout_string(json, "updated", slice_of(date_rfc3339(article->updated, updated)));
	jsonout_bool(json, "undated", article->undated);
	jsonout_close(json);
}

static void put_complaint(struct jsonout *json, const struct complaint *complaint)
{
	jsonout_object(json, NULL);
	jsonout_string(json, "path", slice_of(complaint->path));
	if (complaint->line)
		jsonout_int(json, "line", complaint->line);
	if (complaint->column)
		jsonout_int(json, "column", complaint->column);
	jsonout_string(json, "level",
	    complaint->skipped		    ? SLICE("error")
	    : complaint->level == DIAG_NOTE ? SLICE("note")
					    : SLICE("warning"));
	jsonout_bool(json, "skipped", complaint->skipped);
	jsonout_string(json, "text", slice_of(complaint->text));
	jsonout_close(json);
}

static void print_json(const struct build_report *report, int64_t now)
{
	struct buf out = BUF_INIT;
	struct jsonout json;

	json_open(&json, &out);
	jsonout_object(&json, "articles");
	jsonout_int(&json, "found", (int64_t)report->articles);
	for (size_t i = 0; i < ARTICLE_STANDINGS; i++)
		jsonout_int(&json, article_standing_name((enum article_standing)i),
		    (int64_t)report->standings[i]);
	jsonout_int(&json, "skipped", (int64_t)report->skipped);
	jsonout_close(&json);
	jsonout_object(&json, "feeds");
	jsonout_int(&json, "created", (int64_t)report->render.created);
	jsonout_int(&json, "replaced", (int64_t)report->render.replaced);
	jsonout_int(&json, "unchanged",
	    (int64_t)(report->render.feeds - report->render.created - report->render.replaced));
	jsonout_int(&json, "failed", (int64_t)report->render.failed);
	jsonout_close(&json);
	jsonout_int(&json, "unknown_shortcodes", (int64_t)report->render.unknowns);
	jsonout_array(&json, "items");
	for (size_t i = 0; i < index_len(report->index); i++)
		put_article(&json, index_at(report->index, i),
		    article_standing(index_at(report->index, i), now));
	jsonout_close(&json);
	jsonout_array(&json, "complaints");
	for (size_t i = 0; i < report->complaints.len; i++)
		put_complaint(&json, &report->complaints.items[i]);
	jsonout_close(&json);
	jsonout_close(&json);
	log_output(buf_slice(&out));
	buf_free(&out);
}

static bool any_fault(const struct build_report *report)
{
	for (size_t i = 0; i < report->complaints.len; i++)
		if (report->complaints.items[i].skipped ||
		    report->complaints.items[i].level == DIAG_WARNING)
			return true;
	return report->render.failed > 0;
}

static void on_built(void *arg, const struct build_report *report)
{
	struct run *run = arg;

	run->built = true;
	memcpy(run->standings, report->standings, sizeof(run->standings));
	if (run->tells)
		teller_saved(&run->teller, !report->lost && !report->unsaved, report->renewed);
	if (report->lost || report->unsaved) {
		run->lost = true;
		log_error("%s", report->err.text);
		run->status = EXIT_IO;
		return;
	}
	if (report->held_back.len) {
		log_error("%s", buf_string(&report->held_back));
		run->status = run->tells ? EXIT_IO : EXIT_FAULTS;
		return;
	}
	if (run->options->json)
		print_json(report, run->now);
	else
		report_log_complaints(&report->complaints);
	if (run->asked)
		report_log_asked(run->asked, run->dry);
	if (report->render.stale && !report->unread)
		log_warning("articles kept changing while they were being published; run it again");
	if (!run->options->json) {
		if (!run->tells && log_wants(LOG_INFO))
			print_newest(report->index);
		log_summary(run, report);
	}
	if (!run->tells) /* --check */
		run->status =
		    any_fault(report) || run->site->output_fault ? EXIT_FAULTS : EXIT_DONE;
	else if (report->render.failed > 0 || report->render.stale || report->unread)
		run->status = EXIT_IO;
	else
		run->status =
		    report->skipped > 0 && run->options->strict ? EXIT_SKIPPED : EXIT_DONE;
}

/* The feeds are published, and the state does not know yet. */
static void saving(void *arg, const struct build_report *report)
{
	struct run *run = arg;

	teller_saving(&run->teller, &run->library, !report->render.stale, run->now);
}

static int save_more(void *arg, struct state *state, struct err *err)
{
	struct run *run = arg;

	return teller_save(&run->teller, state, err);
}

static void build(struct run *run, uv_loop_t *loop)
{
	struct build_task task = {
	    .look = {.everything = true, .reread = run->dry, .take_ahead = run->library.ahead},
	    .now = run->now,
	    .force = run->options->force,
	    .saving = run->tells ? saving : NULL,
	    .save = run->tells ? save_more : NULL,
	    .save_arg = run,
	};
	struct build *under_way;

	run->library.ahead = NULL;
	run->library.asked = run->asked;
	under_way = build_start(loop, &run->library, &task, on_built, run);
	(void)uv_run(loop, UV_RUN_DEFAULT); /* returns when nothing is left to do */
	assert(run->built);
	build_free(under_way);
}

static int load(struct run *run)
{
	int status = start_library(run->site, run->dry, run->now, &run->library);
	struct err err;

	if (status == EXIT_HELD && run->asked)
		log_error("to adopt, stop it first (systemctl stop feedd), run this as the user "
			  "that it has, and start it again");
	if (status != EXIT_DONE || !run->tells ||
	    teller_load(&run->teller, run->library.state, run->dry, run->now, &err) == 0)
		return status;
	log_error("state in %s: %s", run->site->state_path, err.text);
	return EXIT_IO;
}

/* After a build, though some of it may have failed: what was due before is due. */
static void tell(struct run *run, uv_loop_t *loop)
{
	int status = EXIT_DONE;

	if (run->dry) /* such a build does not come as far as to save */
		announce_build(&run->library, run->teller.outbox, true, true, run->now);
	if (run->options->ping_now)
		once_hurry(&run->teller, run->options->ping_target, run->now);
	if (run->dry)
		once_ping_dry(&run->teller, &run->library, run->now);
	else if (!run->options->no_ping)
		status = once_ping(loop, &run->teller, &run->library, run->now);
	if (run->status == EXIT_DONE)
		run->status = status;
}

static void measure(struct run *run)
{
	struct err err;

	if (run->site->metrics_path && !run->dry &&
	    metrics_update(run->site, run->library.state, run->now, run->standings, &err) < 0)
		log_warning("%s", err.text);
}

static void run_loop(struct run *run)
{
	uv_loop_t loop;

	job_threads_start();
	if (uv_loop_init(&loop) != 0) {
		log_error("no event loop: the machine is out of file descriptors or memory");
		run->status = EXIT_IO;
		return;
	}
	run->status = load(run);
	if (run->status == EXIT_DONE) {
		build(run, &loop);
		if (run->tells && !run->lost)
			tell(run, &loop);
		if (!run->lost)
			measure(run);
	}
	start_end(&run->library);
	(void)uv_loop_close(&loop); /* nothing is open in it */
}

static int build_once(
    const struct site *site, const struct options *options, struct library_asked *asked, bool dry)
{
	struct run run = {
	    .site = site,
	    .options = options,
	    .asked = asked,
	    .tells = !dry || options->dry_run,
	    .dry = dry,
	    .now = clock_now(),
	    .started = uv_hrtime(),
	    .status = EXIT_IO,
	};
	const enum targets_use use = dry ? TARGETS_SHOW : targets_use(options->no_ping);

	if (run.tells) {
		int status = teller_open(site, use, &run.teller);

		if (status != EXIT_DONE)
			return status;
	}
	run_loop(&run);
	if (run.tells)
		teller_close(&run.teller);
	return run.status;
}

/* With what --adopt names, if it does. */
static int run_command(const struct site *site, const struct options *options, bool dry)
{
	struct library_asked asked;
	struct err err;
	int status;

	if (!options->adopt)
		return build_once(site, options, NULL, dry);
	if (library_ask(options->adopt, site->config->http.proxy, &asked, &err) == 0) {
		status = build_once(site, options, &asked, dry);
	} else {
		log_at(LOG_ERROR, slice_of(options->adopt), err.line, err.column, err.text);
		status = err.kind == ERR_IO ? EXIT_IO : EXIT_FAULTS;
	}
	library_asked_free(&asked);
	return status;
}

int once_run(const struct site *site, const struct options *options)
{
	int status = EXIT_DONE;

	if (options->ping_now && once_ask(site, options, &status))
		return status;
	return run_command(site, options, options->dry_run);
}

int check_run(const struct site *site, const struct options *options)
{
	bool secrets = secret_check(site);
	int status = run_command(site, options, true);

	return status == EXIT_DONE && !secrets ? EXIT_FAULTS : status;
}
