/* front matter without marks: Key: value lines, Blosxom, ikiwiki. */
#include "tests/unit/front.h"

static void test_keyvalue(void **state)
{
	(void)state;
	assert_front("a.md", "Title: My post: it is\nDate: 2010-10-03 10:20\nTags: a, b\n\nText\n",
	    "keyvalue", "{Title: My post: it is, Date: 2010-10-03 10:20, Tags: a, b}", "Text\n");
	assert_front(
	    "a.md", "Title: A\nDate: 2010-10-03", "keyvalue", "{Title: A, Date: 2010-10-03}", "");
	assert_front("a.md", "title:A\nx-key:  v \n\n", "keyvalue", "{title: A, x-key: v}", "");
	assert_front("a.md", "Title: A\nSlug:\n\nText", "keyvalue", "{Title: A, Slug: !}", "Text");
	/* MultiMarkdown: a value goes on in indented lines */
	assert_front("a.md", "Title: A\n   long\n\tone\nAuthor: B\n\nT", "keyvalue",
	    "{Title: A long one, Author: B}", "T");
	/* blank lines before are no harm, and one line can be a head */
	assert_front("a.txt", "\n\nTitle: A\n \nText", "keyvalue", "{Title: A}", "Text");
	/* values that YAML refuses, before a closing mark */
	assert_front("a.md", "title: a: b\ndate: 2013-7-13\n---\nText", "keyvalue",
	    "{title: a: b, date: 2013-7-13}", "Text");
}

static void test_keyvalue_prose(void **state)
{
	(void)state;
	assert_none("a.txt", "Note: the shop is closed.\n\nMore.\n");
	assert_none("a.txt", "Title: A\nsome words without a colon\n\nMore.\n");
	assert_none("a.txt", "Feed: the animals.\n\nMore.\n");
	assert_none("a.txt", "https://a.example/\n\nMore.\n");
	assert_none("a.txt", "title: A\nhttps://a.example/\n\nMore.\n");
	assert_none("a.txt", "Title:\n=====\n\nMore.\n");
	assert_none("a.txt", "Title: A\n---\n\nMore.\n");
	assert_none("a.txt", "Just words.\n\nTitle: A\n\n");
	assert_none("a.txt", "  Title: A\n\n");
}

static void test_keyvalue_repeats(void **state)
{
	(void)state;
	assert_front(
	    "a.md", "Title: A\nDate: 1\nTitle: B\n\nT", "keyvalue", "{Title: B, Date: 1}", "T");
	assert_complaints("a.md", "Title: A\nTitle: B\n\nT", 1, DIAG_WARNING, "first at line 1");
}

static void test_keyvalue_bounds(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	buf_puts(&text, "Title: A\n");
	for (int i = 0; i < 300; i++)
		buf_printf(&text, "k%d: v\n", i);
	assert_none("a.md", buf_string(&text));
	buf_clear(&text);
	buf_puts(&text, "Title: A\n");
	for (int i = 0; i < 20000; i++)
		buf_puts(&text, " more\n");
	assert_none("a.md", buf_string(&text));
	buf_free(&text);
}

static void test_rst(void **state)
{
	(void)state;
	assert_front("a.rst", ":title: A\n:date: 2010-10-03 10:20\n\nText", "keyvalue",
	    "{title: A, date: 2010-10-03 10:20}", "Text");
	assert_front("a.rst", "My title\n########\n\n:date: 2010-10-03\n:tags: a, b\n\nText",
	    "keyvalue", "{date: 2010-10-03, tags: a, b, title: My title}", "Text");
	assert_front("a.rst", "=====\nTitle\n=====\n:date: 2010-10-03\n:slug: s\n\nText",
	    "keyvalue", "{date: 2010-10-03, slug: s, title: Title}", "Text");
	assert_none("a.rst", "Title\n=====\n\nText\n");
	assert_none("a.rst", "Title\n=====\n");
	assert_none("a.md", ":smile: hello\n\nText\n");
}

static void test_blosxom(void **state)
{
	(void)state;
	assert_front("a.txt", "A title\nmeta-creation_date: 05/01/2009\nmeta-tags: a\n\nText",
	    "blosxom", "{title: A title, creation_date: 05/01/2009, tags: a}", "Text");
	assert_front(
	    "a.TXT", "A\nMeta-Author: J\nText\n", "blosxom", "{title: A, Author: J}", "Text\n");
	assert_front("a.txt", "A\nmeta-author: J", "blosxom", "{title: A, author: J}", "");
	assert_none("a.txt", "A title\n\nmeta-author: J\n");
	assert_none("a.txt", "A title\nText\n");
	assert_none("a.md", "A title\nmeta-author: J\n\nText");
	assert_none("a.txt", "A title\nmeta-: J\n\nText");
}

static void test_ikiwiki(void **state)
{
	static const char text[] =
	    "Text\n[[!meta title=\"A \\ title\" date='x']]\n"
	    "[[!meta author=\"\"\"J \"D\"\nE\"\"\" authorurl=http://a.example/]]"
	    "[[!tag one two/three\nfour]] \\[[!tag no]] [[!taglink five]]\n";

	(void)state;
	assert_front("a.mdwn", text, "ikiwiki",
	    "{title: A \\ title, date: 'x', author: J \"D\"\nE, authorurl: http://a.example/,"
	    " tags: [one, two/three, four]}",
	    text);
	assert_front("a.mdwn", "[[!img a.png]]", "ikiwiki", "{}", "[[!img a.png]]");
	assert_front(
	    "a.md", "[[!meta title=\"A\"]]\n", "ikiwiki", "{title: A}", "[[!meta title=\"A\"]]\n");
	assert_none("a.md", "Write [[!meta title=\"A\"]].\n");
	assert_none("a.mdwn", "Text [[link]].\n");
	/* broken directives end nothing and hang nothing */
	assert_front("a.mdwn", "[[!meta title=\"A", "ikiwiki", "{}", "[[!meta title=\"A");
	assert_front(
	    "a.mdwn", "[[!tag a [[!tag b]]", "ikiwiki", "{tags: [a, b]}", "[[!tag a [[!tag b]]");
	assert_front("a.mdwn", "[[!tag a]b]]", "ikiwiki", "{tags: [a]}", "[[!tag a]b]]");
	assert_front("a.mdwn", "[[!meta =]] [[!tag", "ikiwiki", "{}", "[[!meta =]] [[!tag");
}

static void test_ikiwiki_place(void **state)
{
	struct front front = front_read("a.mdwn", SLICE("x\n\n [[!meta\n title=\"A\"]]"));
	const struct value *title;

	(void)state;
	assert_int_equal(front.result, 0);
	title = value_get(front.read.root, "title");
	assert_non_null(title);
	assert_int_equal(title->line, 4);
	assert_int_equal(title->column, 2);
	front_free(&front);
}

/* A megabyte of openings must not cost a square of it. */
static void test_ikiwiki_openings(void **state)
{
	static const char *const units[] = {"[[!meta a=\"", "[[!tag a ", "[[!meta a=\"\"\"", "[[!"};

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct buf text = BUF_INIT;
		struct front front;

		while (text.len < 1000000)
			buf_puts(&text, units[i]);
		front = front_read("a.mdwn", buf_slice(&text));
		assert_int_equal(front.result, 0);
		front_free(&front);
		buf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keyvalue),
	    cmocka_unit_test(test_keyvalue_prose),
	    cmocka_unit_test(test_keyvalue_repeats),
	    cmocka_unit_test(test_keyvalue_bounds),
	    cmocka_unit_test(test_rst),
	    cmocka_unit_test(test_blosxom),
	    cmocka_unit_test(test_ikiwiki),
	    cmocka_unit_test(test_ikiwiki_place),
	    cmocka_unit_test(test_ikiwiki_openings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
