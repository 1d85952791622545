/* status and metrics: what they print of a status, and what a state makes of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "daemon/lock.h"
#include "daemon/metrics.h"
#include "daemon/status.h"
#include "tests/unit/test_daemon_case.h"

enum { T0 = 1704164645 }; /* 2024-01-02T03:04:05Z */

static void add_document(
    struct status *status, const char *feed, const char *format, const char *path, int64_t entries)
{
	struct state_document document = {.path = slice_of(path),
	    .feed = slice_of(feed),
	    .format = slice_of(format),
	    .entries = entries,
	    .size = 100 * entries,
	    .changed = T0 + entries};

	vec_push(&status->documents, document);
}

/* A status with one of each; sorted as status_gather does. */
static struct status filled(void)
{
	struct status status = {.now = T0,
	    .known = true,
	    .holder = 4711,
	    .started = T0 - 3600,
	    .watch_mode = SLICE("events, 12 folders polled"),
	    .build_at = T0 - 60,
	    .build_ms = 1014,
	    .build_changed = 3,
	    .held_back = SLICE("30 of 40 ids would change")};
	struct status_scheduled scheduled = {T0 + 86400, SLICE("soon.md"), SLICE("Soon \"\n")};
	struct state_problem problem = {SLICE("bad\n.md"), 3, 7, SLICE("no title")};
	struct state_fault fault = {SLICE("output"), SLICE("No space left on device"), T0 - 10};

	status.standings[ARTICLE_PUBLIC] = 94;
	status.standings[ARTICLE_DRAFT] = 3;
	status.standings[ARTICLE_SCHEDULED] = 1;
	vec_push(&status.scheduled, scheduled);
	vec_push(&status.problems, problem);
	vec_push(&status.faults, fault);
	add_document(&status, "main", "atom", "atom.xml", 20);
	add_document(&status, "main", "json", "feed.json", 1);
	status.documents.items[1].empty_since = T0;
	add_document(&status, "pages", "index", "feeds/index.html", 0);
	for (int i = 0; i < 5; i++)
		add_document(&status, "tags", "atom", "tags/x.xml", 2 + i);
	return status;
}

static void test_text(void **arg)
{
	struct status status = filled();
	struct buf out = BUF_INIT;

	(void)arg;
	status_put_text(&status, "/s", &out);
	assert_string_equal(buf_string(&out),
	    "feedd runs, process 4711, since 2024-01-02T02:04:05Z; watches by events, 12 folders "
	    "polled\n"
	    "last build: 2024-01-02T03:03:05Z, in 1014 ms, 3 documents written\n"
	    "99 articles: 94 public, 3 draft, 1 scheduled, 1 skipped\n"
	    "  scheduled for 2024-01-03T03:04:05Z: soon.md (\"Soon \"\\x0a\")\n"
	    "  skipped: bad\\x0a.md:3:7: no title\n"
	    "8 documents\n"
	    "  main: atom.xml: 20 entries, 2000 bytes, changed 2024-01-02T03:04:25Z\n"
	    "  main: feed.json: 1 entry, 100 bytes, changed 2024-01-02T03:04:06Z, empty since "
	    "2024-01-02T03:04:05Z\n"
	    "  pages: feeds/index.html: 0 bytes, changed 2024-01-02T03:04:05Z\n"
	    "  tags: 5 atom documents: 20 entries, 2000 bytes, changed 2024-01-02T03:04:11Z\n"
	    "held back until feedd --force: 30 of 40 ids would change\n"
	    "fault since 2024-01-02T03:03:55Z: output: No space left on device\n");
	buf_free(&out);
	status_free(&status);
}

static void test_text_little(void **arg)
{
	struct status none = {.now = T0}, idle = {.now = T0, .known = true};
	struct buf out = BUF_INIT;

	(void)arg;
	status_put_text(&none, "/s", &out);
	assert_non_null(
	    strstr(buf_string(&out), "has not run here yet: there is no state in /s; start it"));
	buf_clear(&out);
	status_put_text(&idle, "/s", &out);
	assert_string_equal(buf_string(&out), "feedd does not run\nlast build: none yet\n"
					      "0 articles: 0 public\n0 documents\n");
	idle.holder = LOCK_UNKNOWN;
	buf_clear(&out);
	status_put_text(&idle, "/s", &out);
	assert_non_null(strstr(buf_string(&out), "feedd runs\n"));
	buf_free(&out);
}

static void test_text_many(void **arg)
{
	struct status status = {.now = T0, .known = true};
	struct buf out = BUF_INIT;

	(void)arg;
	for (int i = 0; i < 25; i++)
		vec_push(
		    &status.problems, ((struct state_problem){SLICE("a.md"), 0, 0, SLICE("x")}));
	status_put_text(&status, "/s", &out);
	assert_non_null(strstr(buf_string(&out), "  and 5 more (--json lists all)\n"));
	buf_free(&out);
	status_free(&status);
}

static void test_needs_person(void **arg)
{
	struct status status = {.known = true};

	(void)arg;
	assert_false(status_needs_person(&status, true));
	status.held_back = SLICE("x");
	assert_true(status_needs_person(&status, false));
	status.held_back = SLICE_NONE;
	vec_push(&status.problems, ((struct state_problem){SLICE("a.md"), 0, 0, SLICE("x")}));
	assert_false(status_needs_person(&status, false));
	assert_true(status_needs_person(&status, true));
	vec_push(&status.faults, ((struct state_fault){SLICE("a"), SLICE("x"), 0}));
	assert_true(status_needs_person(&status, false));
	status.faults.len = 0;
	vec_push(&status.pings, ((struct status_ping){.due = 9, .failures = 9}));
	assert_false(status_needs_person(&status, false)); /* it is tried again */
	status.pings.items[0].given_up = 1;
	assert_true(status_needs_person(&status, false));
	status.pings.items[0] = (struct status_ping){.parked = 1};
	assert_true(status_needs_person(&status, false));
	status_free(&status);
}

static const char metrics_expected[] =
    "# HELP feedd_info The version of feedd, and how it watches.\n"
    "# TYPE feedd_info gauge\n"
    "feedd_info{site=\"https://x.example/\",version=\"" FEEDD_VERSION
    "\",watch_mode=\"events, 12 folders polled\"} 1\n"
    "# HELP feedd_start_timestamp_seconds When feedd last started.\n"
    "# TYPE feedd_start_timestamp_seconds gauge\n"
    "feedd_start_timestamp_seconds{site=\"https://x.example/\"} 1704161045\n"
    "# HELP feedd_build_timestamp_seconds When the last build began.\n"
    "# TYPE feedd_build_timestamp_seconds gauge\n"
    "feedd_build_timestamp_seconds{site=\"https://x.example/\"} 1704164585\n"
    "# HELP feedd_build_duration_seconds How long the last build took.\n"
    "# TYPE feedd_build_duration_seconds gauge\n"
    "feedd_build_duration_seconds{site=\"https://x.example/\"} 1.014\n"
    "# HELP feedd_build_documents_written Documents that the last build wrote.\n"
    "# TYPE feedd_build_documents_written gauge\n"
    "feedd_build_documents_written{site=\"https://x.example/\"} 3\n"
    "# HELP feedd_articles Articles by how they stand.\n"
    "# TYPE feedd_articles gauge\n"
    "feedd_articles{site=\"https://x.example/\",standing=\"public\"} 94\n"
    "feedd_articles{site=\"https://x.example/\",standing=\"draft\"} 3\n"
    "feedd_articles{site=\"https://x.example/\",standing=\"scheduled\"} 1\n"
    "feedd_articles{site=\"https://x.example/\",standing=\"expired\"} 0\n"
    "feedd_articles{site=\"https://x.example/\",standing=\"excluded\"} 0\n"
    "feedd_articles{site=\"https://x.example/\",standing=\"undated\"} 0\n"
    "feedd_articles{site=\"https://x.example/\",standing=\"skipped\"} 1\n"
    "# HELP feedd_feed_documents Files that a feed consists of.\n"
    "# TYPE feedd_feed_documents gauge\n"
    "feedd_feed_documents{site=\"https://x.example/\",feed=\"main\",format=\"atom\"} 1\n"
    "feedd_feed_documents{site=\"https://x.example/\",feed=\"main\",format=\"json\"} 1\n"
    "feedd_feed_documents{site=\"https://x.example/\",feed=\"tags\",format=\"atom\"} 5\n";

static void test_metrics(void **arg)
{
	struct status status = filled();
	struct buf out = BUF_INIT;

	(void)arg;
	metrics_put(&status, SLICE("https://x.example/"), &out);
	assert_true(slice_starts(buf_slice(&out), metrics_expected));
	assert_null(strstr(buf_string(&out), "\"pages\"")); /* which is no feed */
	assert_non_null(strstr(buf_string(&out), "feedd_faults{site=\"https://x.example/\"} 1\n"));
	assert_non_null(
	    strstr(buf_string(&out), "feedd_held_back{site=\"https://x.example/\"} 1\n"));
	buf_free(&out);
	status_free(&status);
}

static void test_metrics_escaped(void **arg)
{
	struct status status = {.known = true};
	struct buf out = BUF_INIT;

	(void)arg;
	add_document(&status, "a\\b\"c\nd\xff", "atom", "a", 1);
	metrics_put(&status, SLICE("s"), &out);
	assert_non_null(strstr(buf_string(&out), ",feed=\"a\\\\b\\\"c\\nd\xef\xbf\xbd\","));
	assert_null(strstr(buf_string(&out), "feedd_build_")); /* nothing is known of one */
	buf_free(&out);
	status_free(&status);
}

static void test_metrics_file(void **arg)
{
	struct status status = filled();
	struct buf out = BUF_INIT;
	struct stat stat_file;
	struct err err = {.text = "none"};
	char dir[] = "/tmp/feedd-status-XXXXXX", path[64];
	mode_t mask = umask(077);

	(void)arg;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/feedd.prom", dir);
	for (int i = 0; i < 2; i++)
		if (metrics_write(path, &status, SLICE("https://x.example/"), &err) < 0)
			fail_msg("%s", err.text);
	(void)umask(mask);
	assert_int_equal(stat(path, &stat_file), 0);
	assert_int_equal(stat_file.st_mode & 0777, 0644);
	assert_int_equal(fsio_read_path(path, 65536, &out, &err), 0);
	assert_true(slice_starts(buf_slice(&out), metrics_expected));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0); /* nothing else was left in it */
	assert_int_equal(metrics_write(path, &status, SLICE("x"), &err), -1);
	assert_non_null(strstr(err.text, path));
	buf_free(&out);
	status_free(&status);
}

static const char settings[] = "[site]\ntitle = \"T\"\nurl = \"https://t.example/\"\n"
			       "[[ping]]\nprotocol = \"websub\"\nname = \"hub\"\n"
			       "url = \"https://hub.example/a?token=1\"\n"
			       "[[ping]]\nprotocol = \"websub\"\nname = \"quiet\"\n"
			       "url = \"https://quiet.example/\"\n"
			       "[[ping]]\nprotocol = \"webmention\"\n";

/* A state folder of its own, filled, gathered at a time, and removed. */

static void put_article(struct state *state, const char *path, int64_t published, int64_t gone)
{
	struct state_article row = {
	    .article = {.path = slice_of(path), .title = SLICE("T"), .published = published},
	    .gone = gone};
	struct err err;

	assert_int_equal(state_put_article(state, &row, &err), 0);
}

static void fill_state(struct state *state)
{
	struct state_problem problem = {SLICE("p.md"), 1, 0, SLICE("why")};
	struct state_fault fault = {SLICE("f"), SLICE("what"), 5};
	struct state_document z = {.path = SLICE("a"), .feed = SLICE("z"), .format = SLICE("atom")},
			      y = {.path = SLICE("b"), .feed = SLICE("y"), .format = SLICE("atom")};
	struct err err;

	put_article(state, "a.md", T0, 0);
	put_article(state, "late.md", T0 + 20, 0);
	put_article(state, "soon.md", T0 + 10, 0);
	put_article(state, "gone.md", T0 + 10, T0);
	assert_int_equal(state_put_problem(state, &problem, &err), 0);
	assert_int_equal(state_put_fault(state, &fault, &err), 0);
	assert_int_equal(state_put_document(state, &z, &err), 0);
	assert_int_equal(state_put_document(state, &y, &err), 0);
	assert_int_equal(state_put_int(state, STATUS_BUILD_AT, 11, &err), 0);
	assert_int_equal(state_put_int(state, STATUS_BUILD_MS, 12, &err), 0);
	assert_int_equal(state_put_int(state, STATUS_BUILD_CHANGED, 13, &err), 0);
	assert_int_equal(state_put_int(state, STATUS_STARTED_AT, 14, &err), 0);
	assert_int_equal(state_put_text(state, STATUS_WATCH_MODE, SLICE("poll"), &err), 0);
	assert_int_equal(state_put_text(state, STATUS_HELD_BACK, SLICE("held"), &err), 0);
}

static void put_ping(struct state *state, const char *target, const char *topic, int64_t since,
    int64_t next_try, bool given_up)
{
	struct state_ping row = {.target = slice_of(target),
	    .topic = slice_of(topic),
	    .wanted = {{1}},
	    .given_up = {{given_up}},
	    .attempts = since ? 2 : 0,
	    .since = since,
	    .next_try = next_try,
	    .last_answer = since ? SLICE("503: busy") : SLICE_NONE};
	struct err err;

	assert_int_equal(state_put_ping(state, &row, &err), 0);
}

static void fill_pings(struct state *state)
{
	static const char hub[] = "websub https://hub.example/a?token=1";
	struct state_target target = {.key = slice_of(hub),
	    .known = 1,
	    .last_told = T0 - 50,
	    .held = T0 + 30,
	    .rests = T0 + 40,
	    .last_status = 503,
	    .last_answer = SLICE("503: busy")};
	struct state_target parked = {.key = SLICE("websub https://quiet.example/"),
	    .known = 1,
	    .parked = T0 - 40,
	    .last_status = 410,
	    .last_answer = SLICE("410: Gone")};
	char topic[32];
	struct err err;

	assert_int_equal(state_put_target(state, &target, &err), 0);
	assert_int_equal(state_put_target(state, &parked, &err), 0);
	for (int i = 0; i < 7; i++) { /* the oldest are the last */
		(void)snprintf(topic, sizeof(topic), "https://t.example/%d", i);
		put_ping(state, hub, topic, T0 - 10 - i, i == 3 ? T0 + 30 : T0 + 60 + i, false);
	}
	put_ping(state, hub, "https://t.example/told", 0, 0, false);
	put_ping(state, hub, "https://t.example/up", 0, 0, true);
	put_ping(state, "websub https://quiet.example/", "https://t.example/x", T0 - 30, 0, false);
	put_ping(state, "webhook https://removed.example/", "x", T0 - 1, 0, true);
}

static void assert_pings(const struct status *status)
{
	struct status only = {.now = T0, .known = true};
	struct buf out = BUF_INIT;

	assert_int_equal(status->pings.len, 3);
	for (size_t i = 0; i < status->pings.len; i++)
		vec_push(&only.pings, status->pings.items[i]);
	status_put_text(&only, "/s", &out);
	assert_string_equal(strstr(buf_string(&out), "3 targets"),
	    "3 targets of pings\n"
	    "  hub (websub https://hub.example/a?...): last told 2024-01-02T03:03:15Z, 7 due, "
	    "next try 2024-01-02T03:04:45Z, 1 given up until the next change; last answer: 503: "
	    "busy\n"
	    "    due since 2024-01-02T03:03:49Z: https://t.example/6; 2 tries failed; next try "
	    "2024-01-02T03:05:11Z; last answer: 503: busy\n"
	    "    due since 2024-01-02T03:03:50Z: https://t.example/5; 2 tries failed; next try "
	    "2024-01-02T03:05:10Z; last answer: 503: busy\n"
	    "    due since 2024-01-02T03:03:51Z: https://t.example/4; 2 tries failed; next try "
	    "2024-01-02T03:05:09Z; last answer: 503: busy\n"
	    "    due since 2024-01-02T03:03:52Z: https://t.example/3; 2 tries failed; next try "
	    "2024-01-02T03:04:45Z; last answer: 503: busy\n"
	    "    due since 2024-01-02T03:03:53Z: https://t.example/2; 2 tries failed; next try "
	    "2024-01-02T03:05:07Z; last answer: 503: busy\n"
	    "    and 2 more\n"
	    "  quiet (websub https://quiet.example/): not told of anything yet, 1 due; last "
	    "answer: "
	    "410: Gone\n"
	    "    it has not wanted to hear anything since 2024-01-02T03:03:25Z; remove its "
	    "[[ping]], or try it again with --ping-now quiet\n"
	    "    due since 2024-01-02T03:03:35Z: https://t.example/x; 2 tries failed; last answer: "
	    "503: busy\n"
	    "  webmention (webmention): not started yet, 0 due\n");
	buf_clear(&out);
	status_put_json(&only, false, &out);
	assert_null(strstr(buf_string(&out), "token"));
	assert_non_null(strstr(buf_string(&out), "\"parked\": \"2024-01-02T03:03:25Z\""));
	buf_clear(&out);
	metrics_put(&only, SLICE("s"), &out);
	assert_non_null(
	    strstr(buf_string(&out), "# HELP feedd_ping_due What a target is still to be told.\n"
				     "# TYPE feedd_ping_due gauge\n"
				     "feedd_ping_due{site=\"s\",target=\"hub\"} 7\n"
				     "feedd_ping_due{site=\"s\",target=\"quiet\"} 1\n"
				     "feedd_ping_due{site=\"s\",target=\"webmention\"} 0\n"));
	assert_non_null(
	    strstr(buf_string(&out), "feedd_ping_failures{site=\"s\",target=\"hub\"} 14\n"));
	assert_non_null(
	    strstr(buf_string(&out), "feedd_ping_given_up{site=\"s\",target=\"hub\"} 1\n"));
	assert_non_null(
	    strstr(buf_string(&out), "feedd_ping_parked{site=\"s\",target=\"quiet\"} 1\n"));
	assert_non_null(strstr(buf_string(&out),
	    "feedd_ping_last_told_timestamp_seconds{site=\"s\",target=\"hub\"} 1704164595\n"));
	buf_free(&out);
	vec_free(&only.pings);
}

static void assert_gathered(const struct status *status)
{
	assert_true(status->known);
	assert_int_equal(status->holder, getpid());
	assert_int_equal(status->standings[ARTICLE_PUBLIC], 1);
	assert_int_equal(status->standings[ARTICLE_SCHEDULED], 2);
	assert_int_equal(status->scheduled.len, 2);
	assert_true(slice_equal_str(status->scheduled.items[0].path, "soon.md"));
	assert_int_equal(status->problems.len, 1);
	assert_true(slice_equal_str(status->problems.items[0].text, "why"));
	assert_int_equal(status->faults.len, 1);
	assert_int_equal(status->documents.len, 2);
	assert_true(slice_equal_str(status->documents.items[0].feed, "y"));
	assert_int_equal(status->build_at, 11);
	assert_int_equal(status->build_ms, 12);
	assert_int_equal(status->build_changed, 13);
	assert_int_equal(status->started, 14);
	assert_true(slice_equal_str(status->watch_mode, "poll"));
	assert_true(slice_equal_str(status->held_back, "held"));
}

static void test_gather(void **arg)
{
	static const size_t counted[ARTICLE_STANDINGS] = {[ARTICLE_DRAFT] = 9};
	char dir[] = "/tmp/feedd-status-XXXXXX", path[64];
	struct config *config = case_config(settings);
	struct status status;
	struct state *state;
	bool damaged;
	pid_t holder;
	struct err err;

	(void)arg;
	assert_int_equal(status_gather(NULL, config, T0, NULL, &status, &err), 0);
	assert_false(status.known);
	assert_non_null(mkdtemp(dir));
	assert_int_equal(state_open(dir, &state, &holder, &damaged, &err), 0);
	assert_int_equal(state_begin(state, &err), 0);
	fill_state(state);
	fill_pings(state);
	assert_int_equal(state_commit(state, &err), 0);
	assert_int_equal(status_gather(state, config, T0, NULL, &status, &err), 0);
	assert_gathered(&status);
	assert_pings(&status);
	status_free(&status);
	assert_int_equal(status_gather(state, config, T0, counted, &status, &err), 0);
	assert_int_equal(status.standings[ARTICLE_DRAFT], 9);
	assert_int_equal(status.standings[ARTICLE_PUBLIC], 0);
	assert_int_equal(status.scheduled.len, 0);
	status_free(&status);
	state_close(state);
	config_free(config);
	(void)snprintf(path, sizeof(path), "%s/state.db", dir);
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof(path), "%s/lock", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_text_little),
	    cmocka_unit_test(test_text_many),
	    cmocka_unit_test(test_needs_person),
	    cmocka_unit_test(test_metrics),
	    cmocka_unit_test(test_metrics_escaped),
	    cmocka_unit_test(test_metrics_file),
	    cmocka_unit_test(test_gather),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
