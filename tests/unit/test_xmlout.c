/* xmlout: documents, escapes, and text made legal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/xmlout.h"

static void test_document(void **state)
{
	struct buf out = BUF_INIT;
	struct xmlout xml;

	(void)state;
	xmlout_start(&xml, &out);
	xmlout_declaration(&xml);
	xmlout_open(&xml, "a");
	xmlout_attr(&xml, "x", SLICE("1"));
	xmlout_attr(&xml, "y", SLICE_NONE);
	xmlout_element(&xml, "b", SLICE("text"));
	xmlout_element(&xml, "b", SLICE_NONE);
	xmlout_open(&xml, "c");
	xmlout_open(&xml, "d");
	xmlout_text(&xml, SLICE("one "));
	xmlout_text(&xml, SLICE("two"));
	xmlout_close(&xml);
	xmlout_close(&xml);
	xmlout_close(&xml);
	assert_int_equal(xml.depth, 0);
	assert_string_equal(buf_string(&out), "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
					      "<a x=\"1\" y=\"\">\n"
					      "  <b>text</b>\n"
					      "  <b/>\n"
					      "  <c>\n"
					      "    <d>one two</d>\n"
					      "  </c>\n"
					      "</a>\n");
	buf_free(&out);
}

/* A document in pieces is the document at once. */
static void test_resume(void **state)
{
	static const char *const open[] = {"a", "b"};
	struct buf out = BUF_INIT;
	struct xmlout xml;

	(void)state;
	xmlout_start(&xml, &out);
	xmlout_open(&xml, "a");
	xmlout_open(&xml, "b");
	xmlout_element(&xml, "c", SLICE("1"));
	xmlout_resume(&xml, &out, open, 2);
	xmlout_element(&xml, "c", SLICE("2"));
	xmlout_resume(&xml, &out, open, 2);
	xmlout_close(&xml);
	xmlout_close(&xml);
	assert_string_equal(
	    buf_string(&out), "<a>\n  <b>\n    <c>1</c>\n    <c>2</c>\n  </b>\n</a>\n");
	buf_free(&out);
}

static void assert_text(struct slice text, const char *expected)
{
	struct buf out = BUF_INIT;
	struct xmlout xml;

	xmlout_start(&xml, &out);
	xmlout_element(&xml, "t", text);
	buf_cut(&out, out.len - strlen("</t>\n"));
	assert_string_equal(buf_string(&out) + strlen("<t>"), expected);
	buf_free(&out);
}

static void test_text(void **state)
{
	(void)state;
	assert_text(
	    SLICE("<p class=\"a\">x &amp; y</p>"), "&lt;p class=\"a\"&gt;x &amp;amp; y&lt;/p&gt;");
	assert_text(SLICE("a]]>b<![CDATA[c]]>"), "a]]&gt;b&lt;![CDATA[c]]&gt;");
	assert_text(SLICE("tab\tline\nreturn\r."), "tab\tline\nreturn&#13;.");
	assert_text(SLICE("日本語 é 🎉"), "日本語 é 🎉");
}

/* Wherever in a text a character stands, and however long the text is, it becomes the same. */
static void test_places(void **state)
{
	static const struct {
		struct slice text;
		const char *expected;
	} cases[] = {
	    {SLICE("&"), "&amp;"},
	    {SLICE("<"), "&lt;"},
	    {SLICE(">"), "&gt;"},
	    {SLICE("\"'\\]`\x7F"), "\"'\\]`\x7F"},
	    {SLICE("\n"), "\n"},
	    {SLICE("\r"), "&#13;"},
	    {SLICE("\x01"), ""},
	    {SLICE("\0"), ""},
	    {SLICE("é"), "é"},
	    {SLICE("日本"), "日本"},
	    {SLICE("\xEF\xBF\xBE"), ""},
	    {SLICE("\xE6\x97"), "\xEF\xBF\xBD"},
	    {SLICE("<é&"), "&lt;é&amp;"},
	};
	static const size_t lengths[] = {
	    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 1016, 1024, 1032};
	enum { LENGTHS = sizeof(lengths) / sizeof(lengths[0]) };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]) * LENGTHS * LENGTHS; i++) {
		size_t before = lengths[i % LENGTHS], behind = lengths[i / LENGTHS % LENGTHS];
		struct buf text = BUF_INIT, expected = BUF_INIT;

		for (size_t n = 0; n < before; n++) {
			buf_putc(&text, 'x');
			buf_putc(&expected, 'x');
		}
		buf_put_slice(&text, cases[i / LENGTHS / LENGTHS].text);
		buf_puts(&expected, cases[i / LENGTHS / LENGTHS].expected);
		for (size_t n = 0; n < behind; n++) {
			buf_putc(&text, 'y');
			buf_putc(&expected, 'y');
		}
		if (expected.len > 0)
			assert_text(buf_slice(&text), buf_string(&expected));
		buf_free(&text);
		buf_free(&expected);
	}
}

/* Nothing but U+FFFD is left of it. */
static void assert_replaced(struct slice text)
{
	struct buf out = BUF_INIT;
	struct xmlout xml;
	struct slice rest;

	xmlout_start(&xml, &out);
	xmlout_element(&xml, "t", text);
	rest = slice_from(buf_slice(&out), strlen("<t>"));
	assert_true(slice_starts(rest, "\xEF\xBF\xBD"));
	while (slice_starts(rest, "\xEF\xBF\xBD"))
		rest = slice_from(rest, 3);
	assert_true(slice_equal_str(rest, "</t>\n"));
	buf_free(&out);
}

static void test_illegal_text(void **state)
{
	(void)state;
	assert_text(SLICE("a\0b\x01"
			  "c\x08\x0B\x0C\x0E\x1F"
			  "d\x7F"),
	    "abcd\x7F");
	/* U+FFFE, U+FFFF; U+FFFD and U+1FFFE are Chars. */
	assert_text(SLICE("a\xEF\xBF\xBE\xEF\xBF\xBF"
			  "b\xEF\xBF\xBD\xF0\x9F\xBF\xBE"),
	    "ab\xEF\xBF\xBD\xF0\x9F\xBF\xBE");
	/* A stray byte, a cut sequence; then an overlong form, a surrogate, beyond U+10FFFF. */
	assert_text(SLICE("a\xFF"
			  "b\xC3"),
	    "a\xEF\xBF\xBD"
	    "b\xEF\xBF\xBD");
	assert_text(SLICE("\xE6\x97x"), "\xEF\xBF\xBDx");
	assert_replaced(SLICE("\xC0\x80"));
	assert_replaced(SLICE("\xED\xA0\x80"));
	assert_replaced(SLICE("\xF4\x90\x80\x80"));
	assert_replaced(SLICE("\xF8\x88\x80\x80\x80"));
}

static void test_text_plain(void **state)
{
	struct buf out = BUF_INIT;
	struct xmlout xml;

	(void)state;
	xmlout_start(&xml, &out);
	xmlout_open(&xml, "t");
	xmlout_text_plain(&xml, SLICE("AT&T <3 >\x02"));
	xmlout_close(&xml);
	assert_string_equal(buf_string(&out), "<t>AT&#x26;T &#x3C;3 &gt;</t>\n");
	buf_free(&out);
}

static void test_attribute(void **state)
{
	struct buf out = BUF_INIT;
	struct xmlout xml;

	(void)state;
	xmlout_start(&xml, &out);
	xmlout_open(&xml, "t");
	xmlout_attr(&xml, "a", SLICE("\"<&>'\t\n\r\x01é\xFF"));
	xmlout_close(&xml);
	assert_string_equal(
	    buf_string(&out), "<t a=\"&quot;&lt;&amp;&gt;'&#9;&#10;&#13;é\xEF\xBF\xBD\"/>\n");
	buf_free(&out);
}

/* A bound that is reached is known at the end; nothing half is added. */
static void test_bound(void **state)
{
	struct buf out = BUF_BOUNDED(20);
	struct xmlout xml;

	(void)state;
	xmlout_start(&xml, &out);
	xmlout_element(&xml, "t", SLICE("a text that is longer than twenty bytes"));
	assert_true(out.overflow);
	assert_true(out.len <= 20);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_document),
	    cmocka_unit_test(test_resume),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_illegal_text),
	    cmocka_unit_test(test_text_plain),
	    cmocka_unit_test(test_attribute),
	    cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests_name("xmlout", tests, NULL, NULL);
}
