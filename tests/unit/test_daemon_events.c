/* events: what an update of the library means for readers, kept until somebody takes it up. */
#include "tests/unit/test_daemon_case.h"

static const char settings[] = "[site]\ntitle = \"T\"\nurl = \"https://example.com/\"\n"
			       "[[feed]]\nname = \"main\"\natom = \"atom.xml\"\nlimit = 1\n"
			       "[[feed]]\nname = \"notes\"\npath = \"notes/**\"\natom = \"n.xml\"\n"
			       "[[feed]]\nname = \"tags\"\nby = \"tag\"\natom = \"t/:tag.xml\"\n"
			       "[[ping]]\nprotocol = \"indexnow\"\n";

#define ARTICLE(...)                                                                               \
	&(const struct article)                                                                    \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

static bool is_nothing(const struct digest *digest)
{
	static const struct digest nothing;

	return memcmp(digest->bytes, nothing.bytes, DIGEST_SIZE) == 0;
}

/* "+id url; ~id old>new (feeds before); -id url", and they are taken up. */
static void check_events(struct library_case *c, const char *want)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < c->library.events.len; i++) {
		const struct state_event *event = &c->library.events.items[i];

		buf_puts(&text, i ? "; " : "");
		buf_putc(&text, is_nothing(&event->before)  ? '+'
				: is_nothing(&event->after) ? '-'
							    : '~');
		buf_printf(&text, "%.*s ", SLICE_FMT(event->id));
		if (event->old_url.len)
			buf_printf(&text, "%.*s>", SLICE_FMT(event->old_url));
		buf_put_slice(&text, event->url);
		for (size_t j = 0; j < event->feeds.len; j++)
			buf_putc(&text, event->feeds.ptr[j] == '\n' ? ' ' : event->feeds.ptr[j]);
	}
	assert_string_equal(buf_string(&text), want);
	buf_free(&text);
	library_take_events(&c->library);
}

static void save(struct library_case *c)
{
	struct err err;

	if (library_save(&c->library, 1000, NULL, NULL, &err) < 0)
		fail_msg("%s", err.text);
}

/* One article that was there before anybody was told of anything. */
static void begin(struct library_case *c)
{
	case_start(c, settings);
	assert_true(c->library.events_wanted);
	case_put(c, ARTICLE(.path = SLICE("old"), .published = 10));
	case_apply(c, 100);
	check_events(c, ""); /* no reader has seen any of it */
}

static void test_changes(void **arg)
{
	struct library_case c;

	(void)arg;
	begin(&c);
	case_put(&c, ARTICLE(.path = SLICE("a"), .published = 20));
	case_put(&c, ARTICLE(.path = SLICE("draft"), .published = 20, .draft = true));
	case_apply(&c, 100);
	check_events(&c, "+a a");
	/* Touched: nothing that readers see. */
	case_put(&c, ARTICLE(.path = SLICE("a"), .published = 20, .stamp = {.size = 7}));
	case_apply(&c, 100);
	check_events(&c, "");
	/* Out of the window of `main`, which has one entry: the page is there all the same. */
	case_put(&c, ARTICLE(.path = SLICE("old"), .published = 10, .written = 1));
	case_apply(&c, 100);
	check_events(&c, "~old oldmain ");
	/* A small correction does not move `updated`. */
	case_put(&c, ARTICLE(.path = SLICE("a"), .published = 20, .written = 1, .minor = true));
	case_apply(&c, 100);
	check_events(&c, "~a amain ");
	case_put(&c, ARTICLE(.path = SLICE("draft"), .published = 20));
	case_put(&c, ARTICLE(.path = SLICE("a"), .published = 20, .draft = true));
	case_remove(&c, "old");
	case_apply(&c, 100);
	check_events(&c, "-a amain ; -old oldmain ; +draft draft");
	case_end(&c);
}

static void test_moves(void **arg)
{
	struct library_case c;

	(void)arg;
	begin(&c);
	/* With its id, to another URL. */
	case_remove(&c, "old");
	case_put(&c, ARTICLE(.path = SLICE("new"), .id = SLICE("old"), .published = 10));
	case_apply(&c, 100);
	check_events(&c, "~old old>newmain ");
	/* To another folder alone: the same page, and another feed. */
	case_remove(&c, "new");
	case_put(&c, ARTICLE(.path = SLICE("notes/new"), .id = SLICE("old"), .url = SLICE("new"),
			 .title = SLICE("new"), .published = 10));
	case_apply(&c, 100);
	check_events(&c, "~old newmain ");
	/* Another id on the same page. */
	case_put(&c, ARTICLE(.path = SLICE("notes/new"), .id = SLICE("x"), .url = SLICE("new"),
			 .title = SLICE("new"), .published = 10));
	case_apply(&c, 100);
	check_events(&c, "-old newmain notes ; +x new");
	case_end(&c);
}

static void test_clock(void **arg)
{
	struct library_case c;

	(void)arg;
	begin(&c);
	case_put(&c, ARTICLE(.path = SLICE("soon"), .published = 200, .expires = 300));
	case_apply(&c, 100);
	check_events(&c, "");
	case_apply(&c, 200);
	check_events(&c, "+soon soon");
	case_apply(&c, 300);
	check_events(&c, "-soon soonmain ");
	case_end(&c);
}

/* Of two with one URL the older has the page. */
static void test_conflict(void **arg)
{
	struct library_case c;

	(void)arg;
	begin(&c);
	case_put(&c, ARTICLE(.path = SLICE("b"), .url = SLICE("old"), .published = 20));
	case_apply(&c, 100);
	check_events(&c, "");
	case_remove(&c, "old");
	case_apply(&c, 100);
	check_events(&c, "-old oldmain ; +b old");
	case_end(&c);
}

/* A newer feedd digests otherwise what is written: that is no change of it. */
static void test_other_digests(void **arg)
{
	struct library_case c;

	(void)arg;
	begin(&c);
	c.library.written_other = true;
	case_put(&c, ARTICLE(.path = SLICE("old"), .published = 10, .written = 9));
	case_apply(&c, 100);
	check_events(&c, "");
	case_put(&c,
	    ARTICLE(.path = SLICE("old"), .published = 10, .title = SLICE("Other"), .written = 8));
	case_apply(&c, 100);
	check_events(&c, "~old oldmain ");
	case_end(&c);
}

static int clear(void *arg, struct state *state, struct err *err)
{
	struct library_case *c = arg;

	(void)state;
	return library_clear_events(&c->library, err);
}

static int clear_and_fail(void *arg, struct state *state, struct err *err)
{
	return clear(arg, state, err) < 0 ? -1 : err_set(err, ERR_IO, "no room");
}

static void save_with(struct library_case *c,
    int (*more)(void *arg, struct state *state, struct err *err), bool works)
{
	struct err err;

	assert_int_equal(library_save(&c->library, 1000, more, c, &err), works ? 0 : -1);
}

static void count(void *arg, const struct state_event *event)
{
	size_t *len = arg;

	assert_true(event->number > 0);
	++*len;
}

static size_t saved_len(struct library_case *c)
{
	size_t len = 0;
	struct err err;

	assert_int_equal(state_events(c->library.state, count, &len, &err), 0);
	return len;
}

static void test_crash(void **arg)
{
	struct library_case c;

	(void)arg;
	begin(&c);
	case_put(&c, ARTICLE(.path = SLICE("a"), .published = 20));
	case_apply(&c, 100);
	save(&c); /* new ids alone: nobody has taken anything up */
	save(&c);
	assert_int_equal(saved_len(&c), 1);
	case_crash(&c);
	case_put(&c, ARTICLE(.path = SLICE("b"), .published = 30));
	case_apply(&c, 100);
	save(&c);
	assert_int_equal(saved_len(&c), 2);
	check_events(&c, "+a a; +b b");
	/* Taken up, but what came of them is not saved: they come again. */
	save_with(&c, clear_and_fail, false);
	save(&c);
	case_crash(&c);
	check_events(&c, "+a a; +b b");
	save_with(&c, clear, true);
	assert_int_equal(saved_len(&c), 0);
	case_crash(&c);
	check_events(&c, "");
	case_end(&c);
}

/* What came after the others were taken up is not removed with them. */
static void test_clear_later(void **arg)
{
	struct library_case c;

	(void)arg;
	begin(&c);
	case_put(&c, ARTICLE(.path = SLICE("a"), .published = 20));
	case_apply(&c, 100);
	save(&c);
	check_events(&c, "+a a");
	save_with(&c, clear_and_fail, false);
	case_put(&c, ARTICLE(.path = SLICE("b"), .published = 20));
	case_apply(&c, 100);
	save_with(&c, clear, true);
	assert_int_equal(saved_len(&c), 2);
	check_events(&c, "+b b");
	save_with(&c, clear, true);
	assert_int_equal(saved_len(&c), 0);
	case_end(&c);
}

/* Taken up before it was ever saved: the state needs to know nothing of it. */
static void test_never_saved(void **arg)
{
	struct library_case c;

	(void)arg;
	begin(&c);
	case_put(&c, ARTICLE(.path = SLICE("a"), .published = 20));
	case_apply(&c, 100);
	check_events(&c, "+a a");
	save(&c);
	assert_int_equal(saved_len(&c), 0);
	case_end(&c);
}

static void test_unwanted(void **arg)
{
	struct library_case c;

	(void)arg;
	begin(&c);
	c.library.events_wanted = false;
	case_put(&c, ARTICLE(.path = SLICE("a"), .published = 20));
	case_apply(&c, 100);
	check_events(&c, "");
	case_end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_changes),
	    cmocka_unit_test(test_moves),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_conflict),
	    cmocka_unit_test(test_other_digests),
	    cmocka_unit_test(test_crash),
	    cmocka_unit_test(test_clear_later),
	    cmocka_unit_test(test_never_saved),
	    cmocka_unit_test(test_unwanted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
