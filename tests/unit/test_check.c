/* check: broken documents are refused, with the line; sound ones pass, in any number of pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/format/format.h"

/* Reads `pieces` up to a NULL. 0, or -1 and *err. */
static int check(const struct format_check *with, const struct slice *pieces, struct err *err)
{
	void *check = with->start();
	int result = 0;

	*err = (struct err){0};
	for (; pieces->ptr && result == 0; pieces++)
		result = with->put(check, *pieces, err);
	if (result == 0)
		result = with->finish(check, err);
	with->free(check);
	return result;
}

static void assert_good(const struct format_check *with, const char *document)
{
	struct slice pieces[] = {slice_of(document), SLICE_NONE};
	struct err err;

	if (check(with, pieces, &err) < 0)
		fail_msg("%s\n%u: %s", document, err.line, err.text);
}

static void assert_bad_slice(const struct format_check *with, struct slice document, uint32_t line)
{
	struct slice pieces[] = {document, SLICE_NONE};
	struct err err;

	if (check(with, pieces, &err) == 0)
		fail_msg("passed: %.*s", SLICE_FMT(document));
	assert_int_equal(err.kind, ERR_SYNTAX);
	assert_true(err.text[0] != '\0');
	if (line)
		assert_int_equal(err.line, line);
}

static void assert_bad(const struct format_check *with, const char *document, uint32_t line)
{
	assert_bad_slice(with, slice_of(document), line);
}

#define XML   "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define SHEET "<?xml-stylesheet type=\"text/css\" href=\"a\"?>"

static void test_xml_good(void **state)
{
	const struct format_check *xml = &format_check_xml;

	(void)state;
	assert_good(xml, XML "<a/>\n");
	assert_good(xml, "<a>x</a>");
	assert_good(
	    xml, XML "<a b='\"&gt;>' c=\"'&#10;\">\n <b>&lt;&gt;&amp;&quot;&apos;</b>\n</a>\n");
	assert_good(xml, XML "<a>日本 &#13;&#x1F389;&#x9; ]] ]&gt; 🎉\xEF\xBF\xBD</a>");
	assert_good(xml, "<!DOCTYPE html>\n<a/>\n");
	assert_good(
	    xml, XML "<?xml-stylesheet type=\"text/css\" href=\"../a%20&amp;.css\"?>\n<a/>\n");
	assert_good(xml, XML "<a xmlns:b='u'><b:c b:d=''/></a>");
	xml->free(NULL);
	xml->free(xml->start());
}

static void test_xml_markup(void **state)
{
	const struct format_check *xml = &format_check_xml;

	(void)state;
	assert_bad(xml, "", 0);
	assert_bad(xml, XML, 0);
	assert_bad(xml, XML "<a>\n<b>\n</a>\n</b>", 4);
	assert_bad(xml, XML "<a>\n", 0);
	assert_bad(xml, XML "<a></a></a>", 2);
	assert_bad(xml, XML "<a/><b/>", 2);
	assert_bad(xml, XML "text<a/>", 2);
	assert_bad(xml, XML "<a/>\ntext", 0);
	assert_bad(xml, XML "<a b='<'/>", 2);
	assert_bad(xml, XML "<a b='&'/>", 2);
	assert_bad(xml, XML "<a b='&nbsp;'/>", 2);
	assert_bad(xml, XML "<a b='\xFF'/>", 2);
	assert_bad(xml, XML "<a b='\x01'/>", 2);
	assert_bad(xml, XML "<a b='1' b='2'/>", 2);
	assert_bad(xml, XML "<a>\n\n<b:c/></a>", 4);
	assert_bad(xml, XML "<a>\n <b", 3);
	assert_bad(xml, XML "<a>\n < b></a>", 3);
	assert_bad(xml, XML "<a b='", 2);
	assert_bad(xml, XML "<>", 2);
}

static void test_xml_text(void **state)
{
	const struct format_check *xml = &format_check_xml;

	(void)state;
	assert_bad(xml, XML "<a>\nx & y</a>", 3);
	assert_bad(xml, XML "<a>\n\n&nbsp;</a>", 4);
	assert_bad(xml, XML "<a>&lt</a>", 2);
	assert_bad(xml, XML "<a>&#1;</a>", 2);
	assert_bad(xml, XML "<a>&#xFFFE;</a>", 2);
	assert_bad(xml, XML "<a>&#xD800;</a>", 2);
	assert_bad(xml, XML "<a>&#x110000;</a>", 2);
	assert_bad(xml, XML "<a>&#99999999999999999999999;</a>", 2);
	assert_bad(xml, XML "<a>&#;</a>", 2);
	assert_bad(xml, XML "<a>&#x;</a>", 2);
	assert_bad(xml, XML "<a>]]></a>", 2);
	assert_bad(xml, XML "<a>x\x01</a>", 2);
	assert_bad(xml, XML "<a>\n\xFF</a>", 3);
	assert_bad(xml, XML "<a>\xE6\x97</a>", 2);
	assert_bad(xml, XML "<a>\xED\xA0\x80</a>", 2);
	assert_bad(xml, XML "<a>日本\xEF\xBF\xBE</a>", 2);
	assert_bad(xml, XML "<a>\xEF\xBF\xBF</a>", 2);
	assert_bad_slice(xml, SLICE(XML "<a>\0</a>"), 2);
}

/* Well-formed, but no feed holds it. */
static void test_xml_forbidden(void **state)
{
	const struct format_check *xml = &format_check_xml;

	(void)state;
	assert_bad(xml, XML "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 2);
	assert_bad(xml, XML "<a><![CDATA[x]]></a>", 2);
	assert_bad(xml, XML "<a><!-- x --></a>", 2);
	assert_bad(xml, XML "<a><?x y?></a>", 2);
	assert_bad(xml, "<!DOCTYPE html>\n<a>\n<!DOCTYPE html></a>", 3);
	assert_bad(xml, "<!DOCTYPE html>\n\n<a>\n&nbsp;</a>", 4);
	assert_bad(xml, "<!DOCTYPE html SYSTEM 'a'><a/>", 1);
	assert_bad(xml, XML "<!DOCTYPE html><a/>", 2);
	assert_bad(xml, XML "<?xml-stylesheet type=\"text/xsl\" href=\"a\"?><a/>", 2);
	assert_bad(xml, XML "<?xml-stylesheet type=\"text/css\" href=\"a", 2);
	assert_bad(xml, XML SHEET "\n" SHEET "<a/>", 3);
	assert_bad(xml, XML SHEET "\n<a>\n<b></a>", 4);
	assert_bad(xml, "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a/>", 1);
	assert_bad(xml, "\xEF\xBB\xBF<a/>", 1);
}

static void test_xml_pieces(void **state)
{
	struct slice good[] = {SLICE(XML "<a>\n"), SLICE("<b>1</b>\n"), SLICE("<b>2</b>\n"),
	    SLICE("</a>\n"), SLICE_NONE};
	struct slice bad[] = {
	    SLICE(XML "<a>\n"), SLICE("<b>1\n</b>\n"), SLICE("<b>2</c>\n"), SLICE_NONE};
	struct err err;

	(void)state;
	assert_int_equal(check(&format_check_xml, good, &err), 0);
	assert_int_equal(check(&format_check_xml, bad, &err), -1);
	assert_int_equal(err.line, 5);
	bad[0] = SLICE(XML "<a>\n");
	bad[1] = SLICE("<b>1</b>\n" XML);
	assert_int_equal(check(&format_check_xml, bad, &err), -1);
}

/* The longest text that readers with a tree take, and one byte more. */
static void test_xml_long_text(void **state)
{
	enum { LONGEST = 10000000 };
	struct buf document = BUF_INIT;
	struct slice pieces[2] = {SLICE_NONE, SLICE_NONE};
	struct err err;

	(void)state;
	buf_puts(&document, "<a>&lt;");
	for (int i = 0; i < LONGEST - 1; i += 9)
		buf_puts(&document, "123456789");
	assert_int_equal((LONGEST - 1) % 9, 0);
	buf_puts(&document, "</a>");
	pieces[0] = buf_slice(&document);
	assert_int_equal(check(&format_check_xml, pieces, &err), 0);
	buf_cut(&document, document.len - 4);
	buf_puts(&document, "x</a>");
	pieces[0] = buf_slice(&document);
	assert_int_equal(check(&format_check_xml, pieces, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_in_range(ENTRY_CONTENT_MAX, 1, LONGEST);
	buf_free(&document);
}

/* More markup in a piece than the parser takes at once. */
static void test_xml_many_lines(void **state)
{
	struct buf document = BUF_INIT;
	struct slice pieces[2] = {SLICE_NONE, SLICE_NONE};
	struct err err;

	(void)state;
	for (int i = 0; i < 9 << 20; i++)
		buf_putc(&document, '\n');
	buf_puts(&document, "<a>");
	for (int i = 0; i < 9 << 20; i++)
		buf_putc(&document, '\n');
	buf_puts(&document, "</b>");
	pieces[0] = buf_slice(&document);
	assert_int_equal(check(&format_check_xml, pieces, &err), -1);
	assert_int_equal(err.line, (18 << 20) + 1);
	buf_free(&document);
}

static void test_json_good(void **state)
{
	const struct format_check *json = &format_check_json;

	(void)state;
	assert_good(json, "{}");
	assert_good(json, " {\r\n\t\"a\" : [ 1 , -0.5e+3, 0, 1E5, true, false, null, {}, [] ] }\n");
	assert_good(
	    json, "{\"a\": \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83C\\uDF89 日本 🎉\x7F\"}");
	json->free(NULL);
	json->free(json->start());
}

static void test_json_bad(void **state)
{
	static const char *const documents[] = {"", "1", "[]", "\"a\"", "{", "{]", "}", "{}}",
	    "{} {}", "{,}", "{1:2}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}",
	    "{\"a\"::1}", "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1 2]}", "{\"a\":[1}", "{:1}",
	    "{\"a\":01}", "{\"a\":-}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1e}",
	    "{\"a\":1e+}", "{\"a\":1x}", "{\"a\":0x1}", "{\"a\":tru}", "{\"a\":True}",
	    "{\"a\":nullnull}", "{\"a\":'b'}", "{a:1}", "{\"a\":\"", "{\"a\":\"\\",
	    "{\"a\":\"\\\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\u12\"}",
	    "{\"a\":\"\\u0000\"}", "{\"a\":\"\\uD800\"}", "{\"a\":\"\\uD800x\"}",
	    "{\"a\":\"\\uD800\\u0041\"}", "{\"a\":\"\\uDC00\"}", "{\"a\":\"\n\"}",
	    "{\"a\":\"\x01\"}", "{\"a\":\"\xFF\"}", "{\"a\":\"\xE6\x97\"}",
	    "{\"a\":\"\xED\xA0\x80\"}", "{\"a\":\"\xC0\x80\"}", "\xEF\xBB\xBF{}", "{}x", "{/**/}"};

	(void)state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		assert_bad(&format_check_json, documents[i], 1);
	assert_bad_slice(&format_check_json, SLICE("{\"a\":\"\0\"}"), 1);
	assert_bad_slice(&format_check_json, SLICE("{\0}"), 1);
	assert_bad(&format_check_json, "{\n\"a\":\n x}", 3);
}

static void test_json_pieces(void **state)
{
	struct slice good[] = {SLICE("{\"a\": ["), SLICE("\n  1"), SLICE(",\n  {}"), SLICE("\n]"),
	    SLICE("}\n"), SLICE_NONE};
	struct slice bad[] = {SLICE("{\"a\": ["), SLICE("\n  1"), SLICE("\n  {}"), SLICE_NONE};
	struct slice open[] = {SLICE("{\"a\": ["), SLICE("\n  1"), SLICE_NONE};
	struct err err;

	(void)state;
	assert_int_equal(check(&format_check_json, good, &err), 0);
	assert_int_equal(check(&format_check_json, bad, &err), -1);
	assert_int_equal(err.line, 3);
	assert_int_equal(check(&format_check_json, open, &err), -1);
}

static void test_json_depth(void **state)
{
	struct buf document = BUF_INIT;

	(void)state;
	buf_puts(&document, "{\"a\":");
	for (int i = 0; i < 100000; i++)
		buf_putc(&document, '[');
	assert_bad(&format_check_json, buf_string(&document), 1);
	buf_free(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_xml_good),
	    cmocka_unit_test(test_xml_markup),
	    cmocka_unit_test(test_xml_text),
	    cmocka_unit_test(test_xml_forbidden),
	    cmocka_unit_test(test_xml_pieces),
	    cmocka_unit_test(test_xml_long_text),
	    cmocka_unit_test(test_xml_many_lines),
	    cmocka_unit_test(test_json_good),
	    cmocka_unit_test(test_json_bad),
	    cmocka_unit_test(test_json_pieces),
	    cmocka_unit_test(test_json_depth),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
