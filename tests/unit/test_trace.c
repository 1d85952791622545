/* trace: where each thing that is known of an article came from, in every dialect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <libxml/parser.h>

#include "feeds/article.h"
#include "feeds/base/buf.h"
#include "feeds/entry.h"
#include "feeds/trace.h"

struct traced {
	struct arena arena;
	struct diags diags;
	struct trace trace;
	struct article article;
	struct article_detail detail;
	int rc;
};

static void trace_text(struct traced *t, const char *path, const char *text)
{
	const struct article_file file = {
	    .path = slice_of(path), .undated = 1700000000, .now = 2000000000};
	const struct article_rules rules = {.site_url = SLICE("https://example.com/"),
	    .site_lang = SLICE("en"),
	    .permalink = SLICE("/:year/:slug/")};
	struct err err;

	*t = (struct traced){.arena = ARENA_INIT, .diags = DIAGS_INIT};
	t->diags.trace = &t->trace;
	t->rc = article_parse(
	    slice_of(text), &file, &rules, &t->arena, &t->diags, &t->article, &t->detail, &err);
	assert_int_equal(t->rc, 0);
}

static void traced_free(struct traced *t)
{
	diags_free(&t->diags);
	trace_free(&t->trace);
	arena_free(&t->arena);
}

/* "head date:3 \"2024-01-02\"": from, key, line, text. */
static void put_step(struct buf *out, const struct trace_step *step)
{
	buf_puts(out, trace_from_name(step->from));
	if (step->key.len)
		buf_printf(out, " %.*s", SLICE_FMT(step->key));
	if (step->line)
		buf_printf(out, ":%u", step->line);
	if (step->text.len)
		buf_printf(out, " \"%.*s\"", SLICE_FMT(step->text));
}

static void assert_step(const struct traced *t, const char *what, const char *expected)
{
	const struct trace_step *step = trace_last(&t->trace, what);
	struct buf out = BUF_INIT;

	if (!step)
		fail_msg("%s: no step, not %s", what, expected);
	put_step(&out, step);
	assert_string_equal(buf_string(&out), expected);
	buf_free(&out);
}

/* The head is of this dialect, and title and date come from these places. */
static void assert_dialect(const char *path, const char *text, const char *dialect,
    const char *title, const char *published)
{
	struct traced t;

	trace_text(&t, path, text);
	assert_string_equal(t.trace.dialect, dialect);
	assert_step(&t, "title", title);
	assert_step(&t, "published", published);
	traced_free(&t);
}

static void test_dialects(void **state)
{
	(void)state;
	assert_dialect("a.md", "---\ntitle: T\ndate: 2024-01-02\n---\nx\n", "yaml",
	    "head title:2 \"T\"", "head date:3 \"2024-01-02\"");
	assert_dialect("a.md", "+++\ntitle = \"T\"\ndate = 2024-01-02\n+++\nx\n", "toml",
	    "head title:2 \"T\"", "head date:3 \"2024-01-02\"");
	assert_dialect("a.md", "{\n\"title\": \"T\",\n\"date\": \"2024-01-02\"\n}\nx\n", "json",
	    "head title:2 \"T\"", "head date:3 \"2024-01-02\"");
	assert_dialect("a.md", ";;;\n\"title\": \"T\",\n\"date\": \"2024-01-02\"\n;;;\nx\n", "hexo",
	    "head title:2 \"T\"", "head date:3 \"2024-01-02\"");
	assert_dialect("a.mdx",
	    "export const meta = {\n  title: 'T',\n  date: '2024-01-02'\n}\n\nx\n", "mdx",
	    "head title:2 \"T\"", "head date:3 \"2024-01-02\"");
	assert_dialect("a.md", "Title: T\nDate: 2024-01-02\n\nx\n", "keyvalue",
	    "head Title:1 \"T\"", "head Date:2 \"2024-01-02\"");
	assert_dialect("a.mdwn", "[[!meta title=\"T\"]]\n[[!meta date=\"2024-01-02\"]]\nx\n",
	    "ikiwiki", "head title:1 \"T\"", "head date:2 \"2024-01-02\"");
	assert_dialect("a.txt", "T\nmeta-date: 2024-01-02\n\nx\n", "blosxom", "head title:1 \"T\"",
	    "head date:2 \"2024-01-02\"");
	assert_dialect("a.html",
	    "<!doctype html>\n<title>T</title>\n<meta name=\"date\" "
	    "content=\"2024-01-02\">\n<p>x\n",
	    "html", "head title:2 \"T\"", "head date:3 \"2024-01-02\"");
	assert_dialect(
	    "a.txt", "A Headline\n\nAnd text below it, as it is.\n", "none", "body", "file");
}

static void test_places(void **state)
{
	struct traced t;

	(void)state;
	trace_text(&t, "ja/notes/2024-01-02-hello.md", "Text.\n");
	assert_step(&t, "title", "name \"hello\"");
	assert_step(&t, "published", "name \"2024-01-02-hello\"");
	assert_int_equal(trace_last(&t.trace, "published")->zone, TRACE_ZONE_MIDNIGHT);
	assert_step(&t, "language", "folder \"ja\"");
	assert_step(&t, "section", "folder \"notes\"");
	assert_step(&t, "url", "setting content.permalink \"/:year/:slug/\"");
	assert_int_equal(t.trace.tokens.len, 2);
	assert_memory_equal(t.trace.tokens.items[1].text.ptr, "hello", 5);
	assert_step(&t, "id", "rule \"ja/notes/2024-01-02-hello\"");
	traced_free(&t);
	trace_text(&t, "2024/01/02/x.md", "Text.\n");
	assert_step(&t, "published", "folder \"2024/01/02/x.md\"");
	traced_free(&t);
	trace_text(&t, "_drafts/x.fr.md", "Text.\n");
	assert_step(&t, "draft", "folder \"_drafts\"");
	assert_step(&t, "language", "name \"fr\"");
	assert_string_equal(trace_last(&t.trace, "url")->how, "below its language");
	traced_free(&t);
	trace_text(&t, "README.md", "Text.\n");
	assert_true(t.article.excluded);
	assert_step(&t, "left out", "rule");
	traced_free(&t);
}

static void test_zones(void **state)
{
	struct traced t;

	(void)state;
	trace_text(&t, "a.md",
	    "---\ndate: 2024-01-02T03:04:05+01:00\nlastmod: 2024-01-05 10:00\n---\nx\n");
	assert_int_equal(trace_last(&t.trace, "published")->zone, TRACE_ZONE_OWN);
	assert_int_equal(trace_last(&t.trace, "updated")->zone, TRACE_ZONE_SITE);
	assert_step(&t, "updated", "head lastmod:3 \"2024-01-05 10:00\"");
	traced_free(&t);
	/* The release decides, and then the word on an update before it does not. */
	trace_text(&t, "a.md",
	    "---\ndate: 2024-01-02\npublishDate: 2024-02-03\nlastmod: 2024-01-05\n---\nx\n");
	assert_step(&t, "published", "head publishDate:3 \"2024-02-03\"");
	assert_step(&t, "updated", "rule");
	traced_free(&t);
	/* A broken date is passed over for the next. */
	trace_text(&t, "a.md", "---\ndate: soon\ncreated: 2024-02-03\n---\nx\n");
	assert_step(&t, "published", "head created:3 \"2024-02-03\"");
	traced_free(&t);
}

static enum trace_fate fate_of(const struct traced *t, const char *key)
{
	for (size_t i = 0; i < t->trace.keys.len; i++)
		if (slice_equal_str(t->trace.keys.items[i].key, key))
			return t->trace.keys.items[i].fate;
	fail_msg("no key %s", key);
	return TRACE_FOREIGN;
}

static bool heard(const struct traced *t, const char *key)
{
	for (size_t i = 0; i < t->trace.keys.len; i++)
		if (slice_equal_str(t->trace.keys.items[i].key, key))
			return trace_heard(&t->trace, t->trace.keys.items[i].value);
	return false;
}

static void test_keys(void **state)
{
	struct traced t;

	(void)state;
	trace_text(&t, "a.md",
	    "---\ntitle: T\nheadline: H\ndraft: false\nweight: 3\nimage:\nid: intro\n"
	    "guid: 'urn:x:1'\nkeywords: k\ntags: [a]\nauthor: Jane\nauthors: Joe\n"
	    "extra:\n  lang: fr\n  nothing: 1\nfeed: false\n---\nx\n");
	assert_int_equal(fate_of(&t, "title"), TRACE_KNOWN);
	assert_true(heard(&t, "title"));
	assert_false(heard(&t, "headline"));
	assert_int_equal(fate_of(&t, "draft"), TRACE_SILENT);
	assert_int_equal(fate_of(&t, "weight"), TRACE_FOREIGN);
	assert_int_equal(fate_of(&t, "image"), TRACE_EMPTY);
	assert_false(heard(&t, "id"));
	assert_true(heard(&t, "guid"));
	assert_false(heard(&t, "keywords"));
	assert_true(heard(&t, "tags"));
	assert_false(heard(&t, "author"));
	assert_true(heard(&t, "authors"));
	assert_true(heard(&t, "lang"));
	assert_int_equal(fate_of(&t, "nothing"), TRACE_FOREIGN);
	assert_step(&t, "language", "head lang:14 \"fr\"");
	assert_step(&t, "left out", "head feed:16 \"false\"");
	traced_free(&t);
	/* What cannot be used does not count, though it was looked at. */
	trace_text(&t, "a.md", "---\ntitle: '  '\nlang: no such language\n---\nx\n");
	assert_step(&t, "title", "name \"a\"");
	assert_step(&t, "language", "setting site.language \"en\"");
	traced_free(&t);
}

static size_t removed(const struct traced *t, enum trace_removal removal, const char *name)
{
	for (size_t i = 0; i < t->trace.removed.items.len; i++)
		if (t->trace.removed.items.items[i].removal == removal &&
		    slice_equal_str(t->trace.removed.items.items[i].name, name))
			return t->trace.removed.items.items[i].count;
	return 0;
}

static void render(struct traced *t)
{
	const struct entry_site site = {SLICE("https://example.com/"), SLICE("en"), NULL};
	struct entry entry;

	entry_render(&t->article, &t->detail, &site, &t->arena, &t->diags, &entry);
}

static void test_removed(void **state)
{
	static const char body[] =
	    "---\ntitle: T\n---\n# T\n\n<blink onclick=\"x()\" style=\"color: red\">a</blink>\n"
	    "<script>x</script> <script>y</script> <a href=\"javascript:x()\">l</a>\n"
	    "<p onclick=\"x()\">\n<img src=\"a.png\" width=\"1\" height=\"1\">\n";
	struct traced t;
	struct buf deep = BUF_INIT;

	(void)state;
	trace_text(&t, "a.md", body);
	render(&t);
	assert_int_equal(removed(&t, TRACE_REMOVED_TAG, "blink"), 1);
	assert_int_equal(removed(&t, TRACE_REMOVED_ELEMENT, "script"), 2);
	assert_int_equal(removed(&t, TRACE_REMOVED_ATTRIBUTE, "onclick"), 1);
	assert_int_equal(removed(&t, TRACE_REMOVED_VALUE, "href"), 1);
	assert_int_equal(removed(&t, TRACE_REMOVED_PIXEL, "img"), 1);
	assert_int_equal(removed(&t, TRACE_REMOVED_HEADING, "h1"), 1);
	assert_step(&t, "summary", "body");
	traced_free(&t);
	/* HTML that is read several times is counted once. */
	for (size_t i = 0; i < 2000; i++)
		buf_puts(&deep, "<div>");
	buf_puts(&deep, "<blink>x</i></blink>");
	trace_text(&t, "a.html", buf_string(&deep));
	render(&t);
	assert_int_equal(removed(&t, TRACE_REMOVED_TAG, "blink"), 1);
	traced_free(&t);
	buf_free(&deep);
}

static void test_bounds(void **state)
{
	struct buf text = BUF_INIT;
	struct traced t;

	(void)state;
	buf_puts(&text, "---\n");
	for (size_t i = 0; i < 2 * TRACE_KEYS_MAX; i++)
		buf_printf(&text, "key%zu: 1\n", i);
	buf_puts(&text, "---\n");
	for (size_t i = 0; i < 2 * TRACE_REMOVED_MAX; i++)
		buf_printf(&text, "<tag%zu>x</tag%zu>\n", i, i);
	trace_text(&t, "a.md", buf_string(&text));
	render(&t);
	assert_int_equal(t.trace.keys.len, TRACE_KEYS_MAX);
	assert_int_equal(t.trace.keys_dropped, TRACE_KEYS_MAX);
	assert_int_equal(t.trace.removed.items.len, TRACE_REMOVED_MAX);
	assert_int_equal(t.trace.removed.others, TRACE_REMOVED_MAX);
	traced_free(&t);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_dialects),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_zones),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_removed),
	    cmocka_unit_test(test_bounds),
	};

	xmlInitParser();
	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
