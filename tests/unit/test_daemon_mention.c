/* mention: which links of an entry are to be told of, from its file to rows of the outbox. */
#include "daemon/announce.h"
#include "daemon/mention.h"
#include "feeds/base/hash.h"
#include "tests/unit/test_daemon_case.h"

#include <sys/stat.h>

#define A "https://t.example/a/"
#define B "https://t.example/a/b/" /* whose URL begins like that of the other */

static const char settings[] =
    "[site]\ntitle = \"T\"\nurl = \"https://t.example/\"\n[content]\ndir = \"content\"\n"
    "[[feed]]\natom = \"atom.xml\"\n[[ping]]\nprotocol = \"webmention\"\n";

struct mention_case {
	char dir[64];
	struct site site;
	struct library library;
	struct outbox *outbox;
};

static void put_file(const struct mention_case *c, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", c->dir, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* The article at a.md stands, with this text in its file, under this URL; NULL: it does not. */
static void put_article(struct mention_case *c, const char *text, const char *url)
{
	struct index_change change = {index_find(&c->library.index, SLICE("a.md")), NULL};
	struct index_delta delta;
	const struct article article = {.path = SLICE("a.md"),
	    .id = SLICE("a"),
	    .url = slice_of(url),
	    .title = SLICE("A"),
	    .digest = text ? hash_of(slice_of(text), 0) : 0,
	    .published = 50,
	    .updated = 50};

	if (text) {
		put_file(c, "content/a.md", text);
		change.take_new = article_pack(&article);
	}
	library_apply(&c->library, &change, 1, CASE_NOW, &delta);
	index_delta_free(&delta);
}

static void start(struct mention_case *c)
{
	struct arena arena = ARENA_INIT;
	char path[128];

	*c = (struct mention_case){.dir = "/tmp/feedd-mention-XXXXXX"};
	assert_non_null(mkdtemp(c->dir));
	(void)snprintf(path, sizeof(path), "%s/content", c->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	put_file(c, "feedd.toml", settings);
	(void)snprintf(path, sizeof(path), "%s/feedd.toml", c->dir);
	assert_int_equal(site_load(path, false, &c->site), SITE_OK);
	library_start(&c->library, &c->site, NULL, false);
	c->outbox = outbox_start(announce_targets(c->site.config, &arena), 1);
	outbox_known(c->outbox, 0, CASE_NOW);
	arena_free(&arena);
}

static void end(struct mention_case *c)
{
	outbox_free(c->outbox);
	(void)library_close(&c->library);
	site_free(&c->site);
	assert_int_equal(nftw(c->dir, case_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static struct ping_item item_at(const char *url)
{
	return (struct ping_item){
	    .entry = true, .id = SLICE("a"), .url = slice_of(url), .title = SLICE("A")};
}

/* 0, or -1: it could not be read. `wanted` 0: nothing is published of it. */
static int look(struct mention_case *c, const char *url, uint8_t wanted, struct err *err)
{
	const struct ping_item item = item_at(url);
	const struct digest digest = {{wanted}};
	struct mention *mention = mention_new(&item, &digest);
	int rc;

	mention_read(mention, &c->library, CASE_NOW);
	rc = mention_want(mention, c->outbox, 0, CASE_NOW, err);
	mention_free(mention);
	return rc;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* "+link" for one that is new, "~" for one that is there again, "-" for one that is gone; sorted. */
static void check(struct mention_case *c, const char *want)
{
	const struct ping_verdict told = {.result = PING_TOLD};
	struct outbox_changes changes;
	struct outbox_row *row;
	struct buf text = BUF_INIT;
	char lines[16][64];
	size_t len = 0;

	outbox_take_changes(c->outbox, &changes);
	outbox_saved(c->outbox, &changes, true);
	while (outbox_next(c->outbox, CASE_NOW, 1000, &row, 1) > 0) {
		const struct ping_item item = outbox_item(row);

		assert_in_range(len, 0, 15);
		(void)snprintf(lines[len++], sizeof(lines[0]), "%c%.*s",
		    item.event == PING_ADDED	 ? '+'
		    : item.event == PING_UPDATED ? '~'
						 : '-',
		    SLICE_FMT(item.link));
		(void)outbox_answer(c->outbox, &row, 1, &told, 202, CASE_NOW, 0);
	}
	qsort(lines, len, sizeof(lines[0]), compare_lines);
	for (size_t i = 0; i < len; i++)
		buf_printf(&text, "%s%s", i ? " " : "", lines[i]);
	assert_string_equal(buf_string(&text), want);
	buf_free(&text);
}

static void look_and_check(
    struct mention_case *c, const char *url, uint8_t wanted, const char *want)
{
	struct err err;

	if (look(c, url, wanted, &err) < 0)
		fail_msg("%s", err.text);
	check(c, want);
}

static void test_life(void **state)
{
	struct mention_case c;

	(void)state;
	start(&c);
	put_article(&c, "[x](https://x.example/1) [own](/other/) <https://y.example/>\n", A);
	look_and_check(&c, A, 1, "+https://x.example/1 +https://y.example/");
	look_and_check(&c, A, 1, ""); /* a crash may ask again */
	/* An update is told to all that are linked to; who is not any more hears it once. */
	put_article(&c, "[x](https://x.example/1) [z](https://z.example/#p)\n", A);
	look_and_check(&c, A, 2, "+https://z.example/#p -https://y.example/ ~https://x.example/1");
	put_article(&c, "[x](https://x.example/1)\n", A);
	look_and_check(&c, A, 3, "-https://z.example/#p ~https://x.example/1");
	/* A link comes back. */
	put_article(&c, "[x](https://x.example/1) [z](https://z.example/#p)\n", A);
	look_and_check(&c, A, 4, "+https://z.example/#p ~https://x.example/1");
	/* The entry goes, and with it what it linked to. */
	put_article(&c, NULL, A);
	look_and_check(&c, A, 0, "-https://x.example/1 -https://z.example/#p");
	look_and_check(&c, A, 0, "");
	end(&c);
}

/* Rows of an entry whose URL only begins so are left alone. */
static void test_prefix(void **state)
{
	struct mention_case c;

	(void)state;
	start(&c);
	put_article(&c, "[x](https://x.example/)\n", B);
	look_and_check(&c, B, 1, "+https://x.example/");
	put_article(&c, "[y](https://y.example/)\n", A);
	look_and_check(&c, A, 1, "+https://y.example/");
	look_and_check(&c, A, 0, "-https://y.example/");
	look_and_check(&c, B, 0, "-https://x.example/");
	end(&c);
}

/* The entry got another URL: what was told under the old one is taken back, as nothing is there. */
static void test_moved(void **state)
{
	struct mention_case c;

	(void)state;
	start(&c);
	put_article(&c, "[x](https://x.example/)\n", A);
	look_and_check(&c, A, 1, "+https://x.example/");
	put_article(&c, "[x](https://x.example/)\n", B);
	look_and_check(
	    &c, A, 1, "-https://x.example/"); /* the article of that id stands elsewhere */
	look_and_check(&c, B, 1, "+https://x.example/");
	end(&c);
}

static void test_unreadable(void **state)
{
	struct mention_case c;
	char path[128];
	struct err err;

	(void)state;
	start(&c);
	put_article(&c, "[x](https://x.example/)\n", A);
	look_and_check(&c, A, 1, "+https://x.example/");
	(void)snprintf(path, sizeof(path), "%s/content/a.md", c.dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(look(&c, A, 2, &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	check(&c, ""); /* and nothing is taken back for that */
	end(&c);
}

/* The file has changed since it was published: readers see the link that it had. */
static void test_early(void **state)
{
	const struct ping_item item = item_at(A);
	const struct digest digest = {{2}};
	struct mention_case c;
	struct mention *mention;
	struct err err;

	(void)state;
	start(&c);
	put_article(&c, "[x](https://x.example/)\n", A);
	look_and_check(&c, A, 1, "+https://x.example/");
	put_file(&c, "content/a.md", "[y](https://y.example/)\n");
	mention = mention_new(&item, &digest);
	mention_read(mention, &c.library, CASE_NOW);
	assert_true(mention_is_early(mention));
	assert_int_equal(mention_want(mention, c.outbox, 0, CASE_NOW, &err), 0);
	mention_free(mention);
	check(&c, "");
	put_article(&c, "[y](https://y.example/)\n", A);
	look_and_check(&c, A, 2, "+https://y.example/ -https://x.example/");
	end(&c);
}

/* The first try failed: the link is still told of as one that is new. */
static void test_untold(void **state)
{
	struct mention_case c;
	struct err err;

	(void)state;
	start(&c);
	put_article(&c, "[x](https://x.example/)\n", A);
	assert_int_equal(look(&c, A, 1, &err), 0);
	put_article(&c, "[x](https://x.example/) again\n", A);
	look_and_check(&c, A, 2, "+https://x.example/");
	/* And one that was there only until anybody heard is nothing to tell of. */
	put_article(&c, "[x](https://x.example/) [y](https://y.example/)\n", A);
	assert_int_equal(look(&c, A, 3, &err), 0);
	put_article(&c, "[x](https://x.example/)\n", A);
	look_and_check(&c, A, 4, "~https://x.example/");
	end(&c);
}

/* A link that the outbox has no room for is no link that was told of: the entry stays due. */
static void test_no_room(void **state)
{
	const struct digest digest = {{1}};
	struct err err = {.kind = ERR_NONE};
	struct mention_case c;
	char topic[32];

	(void)state;
	start(&c);
	put_article(&c, "[x](https://x.example/) [y](https://y.example/)\n", A);
	for (size_t i = 0; i < OUTBOX_ROWS_MOST - 1; i++) {
		struct outbox_what what = {.item = {.entry = true}};

		(void)snprintf(topic, sizeof(topic), "%zu", i);
		what.topic = slice_of(topic);
		assert_true(outbox_want(c.outbox, 0, &what, NULL, &digest, true, CASE_NOW));
	}
	assert_int_equal(look(&c, A, 1, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_string_equal(err.text, "too much is due to be told: 1 of its links wait");
	for (size_t i = 0; i < OUTBOX_ROWS_MOST - 1; i++) {
		(void)snprintf(topic, sizeof(topic), "%zu", i);
		outbox_leave(c.outbox, 0, slice_of(topic));
	}
	look_and_check(&c, A, 1, "+https://x.example/ +https://y.example/");
	end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_life),
	    cmocka_unit_test(test_prefix),
	    cmocka_unit_test(test_moved),
	    cmocka_unit_test(test_unreadable),
	    cmocka_unit_test(test_early),
	    cmocka_unit_test(test_untold),
	    cmocka_unit_test(test_no_room),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("mention", tests, NULL, NULL);
}
