/* plain text: headlines, teasers, headings, lists, code, verse, scripts, and HTML in disguise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/markup/headline.h"
#include "feeds/markup/markup.h"

static void check_titled(const char *title, const char *in, const char *out)
{
	struct markup_source source = {.body = slice_of(in), .title = slice_of(title)};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf html = BUF_INIT;
	struct err err;

	assert_int_equal(markup_text.to_html(&source, &arena, &diags, &html, &err), 0);
	assert_string_equal(buf_string(&html), out);
	buf_free(&html);
	diags_free(&diags);
	arena_free(&arena);
}

static void check(const char *in, const char *out)
{
	check_titled("", in, out);
}

static void check_headline(const char *in, const char *title, const char *summary)
{
	struct arena arena = ARENA_INIT;
	struct headline headline = {SLICE_NONE, SLICE_NONE};

	markup_text.headline(slice_of(in), &arena, &headline);
	assert_string_equal(arena_string(&arena, headline.title), title);
	assert_string_equal(arena_string(&arena, headline.summary), summary);
	arena_free(&arena);
}

/* A text as it is delivered: teaser, headline, headings, furniture. */
#define DELIVERED                                                                                  \
	"Is tea good for you? Here is what we know,\nin short.\n\n"                                \
	"Tea and Health: What We Know\n\n"                                                         \
	"Tea is drunk all over the world. Some say that it is healthy.\n\n"                        \
	"Green or Black?\n\n"                                                                      \
	"Both come from the same plant.\n\n"                                                       \
	"Related Articles\n"

static void test_delivered(void **state)
{
	(void)state;
	check_headline(DELIVERED, "Tea and Health: What We Know",
	    "Is tea good for you? Here is what we know, in short.");
	check_titled("tea and health:  what we know", DELIVERED,
	    "<p>Tea is drunk all over the world. Some say that it is healthy.</p>\n"
	    "<h2>Green or Black?</h2>\n<p>Both come from the same plant.</p>\n");
	/* Another title came from elsewhere: then the headline is the text's own. */
	check_titled("Other", "Tea and Health\n\nTea is drunk all over the world.\n",
	    "<h1>Tea and Health</h1>\n<p>Tea is drunk all over the world.</p>\n");
}

static void test_headline(void **state)
{
	(void)state;
	check_headline("", "", "");
	check_headline("Hello World", "", "");
	check_headline("It was a dark night.\n\nThen it rained.\n", "", "");
	check_headline("The Night\n\nIt was dark.\n", "The Night", "");
	check_headline("the night\n===\nIt was dark.\n", "the night", "");
	check_headline("# the night\n\nIt was dark.\n", "the night", "");
	check_headline("\n\xc2\xa0\n  The Night  \n\xc2\xa0\nIt was dark.\n", "The Night", "");
	check_headline("The Night\nBy Jane Doe\n\nIt was dark.\n", "", "");
	check_headline("The Night\n\nBy Jane Doe\n\nIt was dark.\n", "The Night", "");
	check_headline("为什么\n\n因为这样很好，大家都喜欢，也很简单。\n", "为什么", "");
	check_headline("لماذا نكتب؟\n\nنكتب لأن الكتابة تساعدنا على التفكير.\n", "لماذا نكتب؟", "");
	/* A label before a longer text in a script without capitals, but not after a longer one. */
	check_headline("很多人都喜欢喝茶因为茶很好喝\n\n对。\n\n好。\n", "", "");
}

static void test_likely(void **state)
{
	static const char *const yes[] = {"Why?", "10 Ways to Sleep", "PLAIN TALK", "iOS at Work",
	    "\"Yes\" and “No”", "Ein Satz ohne Ende", "Dr. No and St. Paul Go Home",
	    "Conclusion:", "🎉 We Won!", "Что такое чай", "¿Qué es esto?", "By the Numbers"};
	static const char *const no[] = {"", "...", "2024", "January 5, 2024", "2024-01-05",
	    "He said:", "It ends.", "It \"ends.\"", "small start", "- item", "— Jane",
	    "https://a.b/", "By Jane Doe", "It ended. The rest is known", "完了。", "$ make",
	    "A line with far more words than any headline in sentence case would ever have in it"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (i != 3) /* a small letter first: no headline, whatever it means */
			assert_true(headline_likely(slice_of(yes[i])));
	assert_false(headline_likely(slice_of(yes[3])));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		assert_false(headline_likely(slice_of(no[i])));
}

static void test_headings(void **state)
{
	(void)state;
	/* A run of lone lines: the first heads them, the last what follows. */
	check("Cake\n\nEggs\n\nFlour\n\nMethod\n\nMix it all.\n",
	    "<h1>Cake</h1>\n<p>Eggs</p>\n<p>Flour</p>\n<h2>Method</h2>\n<p>Mix it all.</p>\n");
	/* At the end they may be a list: nothing of it is lost. */
	check("Mix it.\n\nBuy\n\nEggs\n\nFlour\n",
	    "<p>Mix it.</p>\n<h1>Buy</h1>\n<p>Eggs</p>\n<p>Flour</p>\n");
	check("Go.\n\nIt was nice there.\n\nHappy travels!\n",
	    "<p>Go.</p>\n<p>It was nice there.</p>\n<p>Happy travels!</p>\n");
	check("1. Rise Early\n\nDo it.\n\n2. Sleep Late\n\nDo it too.\n",
	    "<h1>1. Rise Early</h1>\n<p>Do it.</p>\n<h2>2. Sleep Late</h2>\n<p>Do it too.</p>\n");
	check("A <b\n----\nc & d\n\nUsed Up\n=======\n", "<h1>A &lt;b</h1>\n<p>c &amp; d</p>\n");
	check("You Need:\n\n- a\n", "<p>You Need:</p>\n<ul>\n<li>a</li>\n</ul>\n");
}

static void test_paragraphs(void **state)
{
	(void)state;
	check("Lines that were wrapped by hand some time\nago, at forty columns, no more than "
	      "that.\n",
	    "<p>Lines that were wrapped by hand some time\nago, at forty columns, no more than "
	    "that.</p>\n");
	check("Roses are red\nViolets are blue\nSugar is sweet\n",
	    "<p>Roses are red<br>\nViolets are blue<br>\nSugar is sweet</p>\n");
	check("我们今天去了一个很远的地方看了很多的花和\n树，还有湖。\n",
	    "<p>我们今天去了一个很远的地方看了很多的花和树，还有湖。</p>\n");
	check("See http://a.b/c?d&e.\n",
	    "<p>See <a href=\"http://a.b/c?d&amp;e\">http://a.b/c?d&amp;e</a>.</p>\n");
	/* One line for each paragraph, no blank lines. */
	check(
	    "A Title\nThis line is so long that nobody can have wrapped it by hand, for it goes on "
	    "and on and on, up to its very end, which is here.\nNext one.\n",
	    "<h1>A Title</h1>\n<p>This line is so long that nobody can have wrapped it by hand, "
	    "for it "
	    "goes on and on and on, up to its very end, which is here.</p>\n<p>Next one.</p>\n");
}

static void test_blocks(void **state)
{
	(void)state;
	check("- a\n  b\n* c\n\n• d\n\n3) e\n4) f\n",
	    "<ul>\n<li>a\nb</li>\n<li>c</li>\n<li>d</li>\n</ul>\n"
	    "<ol start=\"3\">\n<li>e</li>\n<li>f</li>\n</ol>\n");
	check("We need this:\n- a\n- b\n",
	    "<p>We need this:</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
	check("> a\n>> b\n>\n> c\n", "<blockquote>\n<p>a\nb</p>\n<p>c</p>\n</blockquote>\n");
	check("It goes so.\n\n    if (a)\n\n        b < c;\n\nAnd on.\nSo.\n",
	    "<p>It goes so.</p>\n<pre><code>if (a)\n\n    b &lt; c;\n</code></pre>\n<p>And "
	    "on.<br>\nSo.</p>\n");
	/* All of it is indented: that is no code. */
	check("    One day it rained.\n\n    It was wet.\n",
	    "<p>One day it rained.</p>\n<p>It was wet.</p>\n");
	check("a b.\n\n* * *\n\nc d.\n", "<p>a b.</p>\n<hr>\n<p>c d.</p>\n");
}

static void test_html(void **state)
{
	(void)state;
	check("<p>a\n<p>b\n", "<p>a\n<p>b\n");
	check("One <em>a</em>\nline\n\ntwo\n", "<p>One <em>a</em>\nline</p>\n<p>two</p>\n");
	check("a<br />b\n\nc", "a<br />b\n\nc");
	check("Is 1 < 2 and <unknown>a</unknown>?\n",
	    "<p>Is 1 &lt; 2 and &lt;unknown&gt;a&lt;/unknown&gt;?</p>\n");
	check("Write so.\n\n    <b>a</b>\n",
	    "<p>Write so.</p>\n<pre><code>&lt;b&gt;a&lt;/b&gt;\n</code></pre>\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_delivered),
	    cmocka_unit_test(test_headline),
	    cmocka_unit_test(test_likely),
	    cmocka_unit_test(test_headings),
	    cmocka_unit_test(test_paragraphs),
	    cmocka_unit_test(test_blocks),
	    cmocka_unit_test(test_html),
	};

	return cmocka_run_group_tests_name("plaintext", tests, NULL, NULL);
}
