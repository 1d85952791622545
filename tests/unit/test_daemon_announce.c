/* announce: who is to be told of what after a build. */
#include "daemon/announce.h"
#include "tests/unit/test_daemon_case.h"

#define SITE                                                                                       \
	"[site]\ntitle = \"T\"\nurl = \"https://t.example/\"\n"                                    \
	"[[feed]]\nname = \"main\"\nrss = \"rss.xml\"\natom = \"atom.xml\"\n"                      \
	"[[feed]]\nname = \"notes\"\npath = \"notes/**\"\natom = \"n.xml\"\n"                      \
	"[[feed]]\nname = \"tags\"\nby = \"tag\"\natom = \"t/:tag.xml\"\n"
#define PING(name, protocol, more)                                                                 \
	"[[ping]]\nname = \"" name "\"\nprotocol = \"" protocol "\"\nmin_interval = 0\n" more "\n"
#define AT(host) "url = \"https://" host "/\"\n"
#define HOOK	 AT("hook.example") "secret_file = \"hook.secret\"\n"

#define ARTICLE(...)                                                                               \
	&(const struct article)                                                                    \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

struct announce_case {
	struct library_case library;
	struct outbox *outbox;
	int64_t now;
	bool all;
};

static void start(struct announce_case *c, const char *settings)
{
	const struct outbox_target_settings *targets;
	struct arena arena = ARENA_INIT;
	const struct config *config;

	*c = (struct announce_case){.now = CASE_NOW, .all = true};
	case_start(&c->library, settings);
	config = c->library.site.config;
	targets = announce_targets(config, &arena);
	c->outbox = outbox_start(targets, config->pings_len);
	arena_free(&arena);
}

static void end(struct announce_case *c)
{
	outbox_free(c->outbox);
	case_end(&c->library);
}

static void publish(
    struct announce_case *c, const char *path, const char *feed, const char *value, uint8_t bytes)
{
	const struct library_document document = {
	    .path = (char *)path,
	    .feed = (char *)feed,
	    .value = (char *)value,
	    .format = strstr(path, "rss") ? 0 : 1,
	    .digest = {{bytes}},
	    .changed = c->now,
	};

	library_put_document(&c->library.library, &document);
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What is due is told; "target topic", of an entry "target +key", sorted. */
static void check_told(struct announce_case *c, const char *want)
{
	const struct config *config = c->library.site.config;
	const struct ping_verdict told = {.result = PING_TOLD};
	VEC(char *) lines = VEC_INIT;
	struct outbox_row *rows[16];
	struct buf text = BUF_INIT;
	size_t len;

	while ((len = outbox_next(c->outbox, c->now, 1000, rows, 16)) > 0) {
		for (size_t i = 0; i < len; i++) {
			const struct ping_item item = outbox_item(rows[i]);
			struct buf line = BUF_INIT;

			buf_printf(&line, "%s %s%.*s", config->pings[outbox_target(rows[i])].name,
			    !item.entry			 ? ""
			    : item.event == PING_ADDED	 ? "+"
			    : item.event == PING_UPDATED ? "~"
							 : "-",
			    SLICE_FMT(outbox_topic(rows[i])));
			vec_push(&lines, mem_dup(line.data, line.len));
			buf_free(&line);
		}
		(void)outbox_answer(c->outbox, rows, len, &told, 200, c->now, 0);
	}
	if (lines.len)
		qsort(lines.items, lines.len, sizeof(*lines.items), compare_lines);
	for (size_t i = 0; i < lines.len; i++) {
		buf_printf(&text, "%s%s", i ? "; " : "", lines.items[i]);
		free(lines.items[i]);
	}
	vec_free(&lines);
	assert_string_equal(buf_string(&text), want);
	buf_free(&text);
	assert_int_equal(outbox_due(c->outbox), 0);
}

/* A build in which articles changed while feeds were rendered: those are not written yet. */
static void build_partly(struct announce_case *c)
{
	c->now += 3600; /* past every again_after */
	case_apply(&c->library, c->now);
	announce_build(&c->library.library, c->outbox, c->all, false, c->now);
}

static void build(struct announce_case *c)
{
	c->now += 3600;
	case_apply(&c->library, c->now);
	announce_build(&c->library.library, c->outbox, c->all, true, c->now);
	c->all = false;
	assert_int_equal(c->library.library.events.len, 0);
	assert_int_equal(c->library.library.untold.len, 0);
}

static void test_topics(void **arg)
{
	struct announce_case c;

	(void)arg;
	start(&c,
	    SITE PING("hub", "websub", AT("hub.example")) PING("one", "xmlrpc", AT("x.example"))
		PING("notes", "websub", AT("n.example") "feeds = [\"notes\", \"tags\"]"));
	publish(&c, "rss.xml", "main", "", 1);
	publish(&c, "atom.xml", "main", "", 1);
	publish(&c, "n.xml", "notes", "", 1);
	build(&c);
	check_told(&c, ""); /* the first run */
	build(&c);
	check_told(&c, "");
	publish(&c, "rss.xml", "main", "", 2);
	publish(&c, "atom.xml", "main", "", 2);
	publish(&c, "n.xml", "notes", "", 1); /* the same bytes */
	build(&c);
	check_told(&c, "hub https://t.example/atom.xml; hub https://t.example/rss.xml; "
		       "one https://t.example/rss.xml");
	/* A feed that is new. */
	publish(&c, "t/x y.xml", "tags", "X y", 1);
	build(&c);
	check_told(&c, "hub https://t.example/t/x%20y.xml; notes https://t.example/t/x%20y.xml; "
		       "one https://t.example/t/x%20y.xml");
	/* After a start everything is looked at, and nothing has changed. */
	c.all = true;
	build(&c);
	check_told(&c, "");
	/* What goes before it was told is not told. */
	publish(&c, "n.xml", "notes", "", 3);
	library_drop_document(&c.library.library, SLICE("n.xml"));
	build(&c);
	check_told(&c, "");
	end(&c);
}

/* What was saved without a word to the outbox, as after a build that was lost, is found. */
static void test_untold(void **arg)
{
	struct announce_case c;
	struct err err;

	(void)arg;
	start(&c, SITE PING("hub", "websub", AT("hub.example")));
	publish(&c, "atom.xml", "main", "", 1);
	build(&c);
	publish(&c, "atom.xml", "main", "", 2);
	assert_int_equal(library_save(&c.library.library, c.now, NULL, NULL, &err), 0);
	build(&c);
	check_told(&c, "hub https://t.example/atom.xml");
	publish(&c, "atom.xml", "main", "", 3);
	assert_int_equal(library_save(&c.library.library, c.now, NULL, NULL, &err), 0);
	case_crash(&c.library);
	c.all = true;
	build(&c);
	check_told(&c, "hub https://t.example/atom.xml");
	end(&c);
}

/* A feed that the settings give to a target later is told when it changes, not before. */
static void test_widened(void **arg)
{
	struct announce_case c;
	struct config *config;
	struct err err;

	(void)arg;
	start(&c, SITE PING("hub", "websub", AT("hub.example") "feeds = [\"main\"]"));
	config = (struct config *)c.library.site.config; /* the case's own */
	publish(&c, "atom.xml", "main", "", 1);
	publish(&c, "n.xml", "notes", "", 1);
	publish(&c, "t/x.xml", "tags", "x", 1);
	build(&c);
	config->pings[0].feeds.len = 0;
	c.all = true;
	publish(&c, "n.xml", "notes", "", 2); /* changed while it was given away */
	build(&c);
	check_told(&c, "hub https://t.example/n.xml");
	publish(&c, "t/x.xml", "tags", "x", 2);
	build(&c);
	check_told(&c, "hub https://t.example/t/x.xml");
	/* Of a feed that is known, a document that nobody came to tell of is found. */
	publish(&c, "t/y.xml", "tags", "y", 1);
	assert_int_equal(library_save(&c.library.library, c.now, NULL, NULL, &err), 0);
	case_crash(&c.library);
	c.all = true;
	build(&c);
	check_told(&c, "hub https://t.example/t/y.xml");
	end(&c);
}

static void count_row(void *arg, const struct outbox_row *row)
{
	size_t *len = arg;

	(void)row;
	++*len;
}

static size_t rows_len(const struct announce_case *c)
{
	size_t len = 0;

	outbox_rows(c->outbox, 0, SLICE_NONE, count_row, &len);
	return len;
}

/* Feeds that were written are told of; entries wait until all feeds show them, and so does a start. */
static void test_partly(void **arg)
{
	struct announce_case c;

	(void)arg;
	start(&c,
	    SITE PING("hub", "websub", AT("hub.example")) PING("index", "indexnow", AT("i.example"))
		PING("new", "indexnow", AT("n.example") "announce_first_run = true"));
	publish(&c, "n.xml", "notes", "", 1);
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .published = 10));
	build_partly(&c); /* the first run has to see all */
	publish(&c, "atom.xml", "main", "", 1);
	build(&c);
	check_told(&c, "new +a");
	publish(&c, "n.xml", "notes", "", 2);
	case_put(&c.library, ARTICLE(.path = SLICE("b"), .published = 20));
	c.now += 3600;
	case_apply(&c.library, c.now);
	announce_build(&c.library.library, c.outbox, true, false, c.now);
	check_told(&c, "hub https://t.example/n.xml");
	assert_int_equal(c.library.library.events.len, 1);
	publish(&c, "atom.xml", "main", "", 2);
	build(&c);
	check_told(&c, "hub https://t.example/atom.xml; index +b; new +b");
	end(&c);
}

/* A start finds what no document has any more. */
static void test_stale(void **arg)
{
	struct announce_case c;

	(void)arg;
	start(&c, SITE PING("hub", "websub", AT("hub.example")));
	publish(&c, "atom.xml", "main", "", 1);
	publish(&c, "rss.xml", "main", "", 1);
	build(&c);
	assert_int_equal(rows_len(&c), 2);
	case_crash(&c.library); /* the library has never saved them */
	publish(&c, "rss.xml", "main", "", 1);
	c.all = true;
	build(&c);
	check_told(&c, "");
	assert_int_equal(rows_len(&c), 1);
	end(&c);
}

static void test_entries(void **arg)
{
	struct announce_case c;

	(void)arg;
	start(&c, SITE PING("hook", "webhook", HOOK) PING("search", "indexnow", "")
		      PING("links", "webmention", ""));
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .published = 10));
	build(&c);
	check_told(&c, ""); /* the first run */
	case_put(&c.library, ARTICLE(.path = SLICE("b"), .published = 20));
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .published = 10, .written = 1));
	build(&c);
	check_told(&c, "hook +b; hook ~a; links +b; links ~a; search +b; search ~a");
	/* Moved: for who goes by URLs one goes and one comes. */
	case_remove(&c.library, "b");
	case_put(&c.library, ARTICLE(.path = SLICE("c"), .id = SLICE("b"), .published = 20));
	build(&c);
	check_told(&c, "hook ~b; links +c; links -b; search +c; search -b");
	case_remove(&c.library, "c");
	build(&c);
	check_told(&c, "hook -b; links -c; search -c");
	end(&c);
}

/* Two articles change places: no page goes. */
static void test_swapped(void **arg)
{
	struct announce_case c;

	(void)arg;
	start(&c, SITE PING("search", "indexnow", ""));
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .url = SLICE("u1"), .published = 10));
	case_put(&c.library, ARTICLE(.path = SLICE("b"), .url = SLICE("u2"), .published = 20));
	build(&c);
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .url = SLICE("u2"), .published = 10));
	case_put(&c.library, ARTICLE(.path = SLICE("b"), .url = SLICE("u1"), .published = 20));
	build(&c);
	check_told(&c, "search ~u1; search ~u2");
	/* One takes the place of another that goes, with an id of its own. */
	case_remove(&c.library, "b");
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .url = SLICE("u1"), .published = 10));
	build(&c);
	check_told(&c, "search -u2; search ~u1");
	end(&c);
}

static void test_feeds(void **arg)
{
	struct announce_case c;

	(void)arg;
	start(&c, SITE PING("search", "indexnow", "feeds = [\"notes\"]"));
	case_put(&c.library, ARTICLE(.path = SLICE("notes/a"), .published = 10));
	build(&c);
	case_put(&c.library, ARTICLE(.path = SLICE("b"), .published = 10));
	case_put(&c.library, ARTICLE(.path = SLICE("notes/a"), .published = 10, .written = 1));
	build(&c);
	check_told(&c, "search ~notes/a");
	/* The same page in another folder, in and out of the feed. */
	case_remove(&c.library, "b");
	case_put(&c.library, ARTICLE(.path = SLICE("notes/b"), .id = SLICE("b"), .url = SLICE("b"),
				 .title = SLICE("b"), .published = 10));
	build(&c);
	check_told(&c, "search +b");
	case_remove(&c.library, "notes/b");
	case_put(&c.library, ARTICLE(.path = SLICE("b"), .published = 10));
	build(&c);
	c.all = true; /* a restart, before it is told */
	build(&c);
	check_told(&c, "search -b");
	end(&c);
}

/* Events of builds that were lost meet what the index has now. */
static void test_late(void **arg)
{
	struct announce_case c;

	(void)arg;
	start(&c, SITE PING("hook", "webhook", HOOK) PING("search", "indexnow", ""));
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .published = 10));
	build(&c);
	case_put(&c.library, ARTICLE(.path = SLICE("b"), .published = 10));
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .published = 10, .written = 1));
	case_apply(&c.library, c.now);
	case_remove(&c.library, "b"); /* it came and went: nobody has heard of it */
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .published = 10, .written = 2));
	case_apply(&c.library, c.now);
	case_put(&c.library, ARTICLE(.path = SLICE("c"), .published = 10));
	build(&c);
	check_told(&c, "hook +c; hook ~a; search +c; search ~a");
	/* There and back. */
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .published = 10, .written = 3));
	case_apply(&c.library, c.now);
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .published = 10, .written = 2));
	build(&c);
	check_told(&c, "");
	end(&c);
}

static void test_first_run_announced(void **arg)
{
	struct announce_case c;

	(void)arg;
	start(&c, SITE PING("hook", "webhook", HOOK "announce_first_run = true")
		      PING("search", "indexnow", "announce_first_run = true\nfeeds = [\"notes\"]"));
	publish(&c, "n.xml", "notes", "", 1);
	case_put(&c.library, ARTICLE(.path = SLICE("a"), .published = 10));
	case_put(&c.library, ARTICLE(.path = SLICE("notes/b"), .id = SLICE("i"), .published = 20));
	case_put(&c.library, ARTICLE(.path = SLICE("draft"), .published = 20, .draft = true));
	build(&c);
	check_told(&c, "hook +a; hook +i; hook https://t.example/n.xml; search +notes/b");
	build(&c);
	check_told(&c, "");
	end(&c);
}

static void test_targets(void **arg)
{
	struct arena arena = ARENA_INIT;
	struct config *config = case_config(
	    SITE "[[ping]]\nprotocol = \"websub\"\nurl = \"https://Hub.example:8443/x\"\n"
		 "min_interval = 7\n[[ping]]\nprotocol = \"webmention\"\n");
	const struct outbox_target_settings *targets = announce_targets(config, &arena);

	(void)arg;
	assert_string_equal(targets[0].key.ptr, "websub https://hub.example:8443/x");
	assert_true(slice_equal_str(targets[0].host, "hub.example:8443"));
	assert_true(slice_equal_str(targets[0].name, "hub.example"));
	assert_int_equal(targets[0].min_interval, 7);
	assert_ptr_equal(targets[0].ping, &ping_websub);
	assert_true(slice_equal_str(targets[1].key, "webmention"));
	assert_int_equal(targets[1].host.len, 0);
	config_free(config);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_topics),
	    cmocka_unit_test(test_untold),
	    cmocka_unit_test(test_widened),
	    cmocka_unit_test(test_partly),
	    cmocka_unit_test(test_stale),
	    cmocka_unit_test(test_entries),
	    cmocka_unit_test(test_swapped),
	    cmocka_unit_test(test_feeds),
	    cmocka_unit_test(test_late),
	    cmocka_unit_test(test_first_run_announced),
	    cmocka_unit_test(test_targets),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
