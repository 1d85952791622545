#include "daemon/explain.h"

#include <assert.h>
#include <stdlib.h>
#include <uv.h>

#include "daemon/build.h"
#include "daemon/clock.h"
#include "daemon/exit.h"
#include "daemon/explain_inside.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/start.h"

struct asking {
	const struct options *options;
	struct explain_name name;
	bool built;
	struct err err; /* of a build that was lost */
};

static void on_built(void *arg, const struct build_report *report)
{
	struct asking *asking = arg;

	asking->built = true;
	if (report->lost || report->unsaved)
		asking->err = report->err;
}

/* Bring the library in line with what is on disk, in memory alone. */
static int build_library(
    struct asking *asking, struct library *library, struct resolve_account *account, int64_t now)
{
	const struct build_task task = {
	    .look = {.everything = true},
	    .now = now,
	    .force = true, /* the question is what would be, not whether it is let out */
	    .unrendered = true,
	    .account = account,
	};
	struct build *build;
	uv_loop_t loop;

	job_threads_start();
	if (uv_loop_init(&loop) != 0) {
		log_error("no event loop: the machine is out of file descriptors or memory");
		return -1;
	}
	build = build_start(&loop, library, &task, on_built, asking);
	(void)uv_run(&loop, UV_RUN_DEFAULT); /* returns when nothing is left to do */
	assert(asking->built);
	build_free(build);
	(void)uv_loop_close(&loop); /* nothing is open in it */
	if (asking->err.kind != ERR_NONE)
		log_error("%s", asking->err.text);
	return asking->err.kind != ERR_NONE ? -1 : 0;
}

static int answer_article(const struct explain_asked *asked, const struct asking *asking,
    struct buf *out, struct err *err)
{
	struct explain_article article;
	int rc = explain_article_gather(asked, asking->name.path, &article, err);

	if (rc == 0 && asking->options->json)
		explain_article_json(&article, out);
	else if (rc == 0)
		explain_article_text(&article, out);
	explain_article_free(&article);
	return rc;
}

static int answer_feed(const struct explain_asked *asked, const struct asking *asking,
    struct buf *out, struct err *err)
{
	struct explain_feed feed;
	int rc = explain_feed_gather(asked, &asking->name, &feed, err);

	if (rc == 0 && asking->options->json)
		explain_feed_json(&feed, out);
	else if (rc == 0)
		explain_feed_text(&feed, out);
	explain_feed_free(&feed);
	return rc;
}

static int log_unknown(const struct asking *asking, const struct site *site)
{
	const char *word = asking->options->explain;

	if (asking->name.kind == EXPLAIN_FOLDER)
		log_error("--explain: '%s' is a folder; name one file of it", word);
	else if (asking->name.kind == EXPLAIN_PAGES)
		log_error(
		    "--explain: '%s' is of no feed, but of all ([pages]); name one of them, or "
		    "one of their pages",
		    word);
	else
		log_error("--explain: '%s' is neither a file in %s nor a feed: give a path as seen "
			  "from here or from that folder, the name of a [[feed]], or the path or "
			  "URL of one of its files",
		    word, site->config->content.dir);
	return EXIT_FAULTS;
}

static int answer(struct asking *asking, const struct explain_asked *asked)
{
	struct buf out = BUF_INIT;
	struct err err;
	int rc;

	if (asking->name.kind == EXPLAIN_UNKNOWN)
		explain_name_look(asked->library, asking->options->explain, &asking->name);
	if (asking->name.kind != EXPLAIN_ARTICLE && asking->name.kind != EXPLAIN_FEED)
		return log_unknown(asking, asked->library->site);
	rc = asking->name.kind == EXPLAIN_ARTICLE ? answer_article(asked, asking, &out, &err)
						  : answer_feed(asked, asking, &out, &err);
	if (rc == 0)
		log_output(buf_slice(&out));
	else
		log_error("state in %s: %s", asked->library->site->state_path, err.text);
	buf_free(&out);
	return rc == 0 ? EXIT_DONE : EXIT_IO;
}

int explain_run(const struct site *site, const struct options *options)
{
	struct asking asking = {.options = options};
	struct resolve_account account = {.word = options->explain};
	int64_t now = clock_now();
	struct library library;
	int status;

	explain_name_find(site, options->explain, &asking.name);
	if (asking.name.path)
		account.word = asking.name.path;
	status = start_library(site, true, now, &library);
	if (status == EXIT_DONE && build_library(&asking, &library, &account, now) < 0)
		status = EXIT_IO;
	if (status == EXIT_DONE)
		status = answer(&asking, &(struct explain_asked){&library, &account, now});
	start_end(&library);
	explain_name_free(&asking.name);
	free(account.from);
	return status;
}
