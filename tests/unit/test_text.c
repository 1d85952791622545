/* text: repair, white space, cutting, escaping, lower case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "feeds/base/text.h"

/* Run text_legal over `in` and expect `want`; the repairs are the caller's to look at. */
static struct text_repairs legal(struct slice in, const char *want)
{
	struct buf out = BUF_INIT;
	struct text_repairs repairs;
	struct slice text;
	struct err err;

	if (text_legal(in, &out, &text, &repairs, &err) < 0)
		fail_msg("refused: %s", err.text);
	if (!slice_equal_str(text, want))
		fail_msg("got '%.*s', want '%s'", SLICE_FMT(text), want);
	buf_free(&out);
	return repairs;
}

static void refused(
    struct slice in, enum err_kind kind, uint32_t line, uint32_t column, const char *part)
{
	struct buf out = BUF_INIT;
	struct text_repairs repairs;
	struct slice text = SLICE("as it was");
	struct err err;

	assert_int_equal(text_legal(in, &out, &text, &repairs, &err), -1);
	assert_int_equal(err.kind, kind);
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	assert_non_null(strstr(err.text, part));
	assert_true(slice_equal_str(text, "as it was"));
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

static void test_untouched(void **state)
{
	static const char *const texts[] = {"", "a", "plain text of some length\n\twith a tab",
	    "gr\xC3\xBC\xC3\x9F"
	    "e, \xE6\x97\xA5\xE6\x9C\xAC, \xF0\x9F\x98\x80 and \x7F",
	    "\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBD\xF4\x8F\xBF\xBF\xE0\xA0\x80\xF0\x90\x80\x80",
	    "inside \xEF\xBB\xBF stays"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct buf out = BUF_INIT;
		struct text_repairs repairs;
		struct slice text;
		struct err err;

		assert_int_equal(text_legal(slice_of(texts[i]), &out, &text, &repairs, &err), 0);
		assert_ptr_equal(text.ptr, texts[i]);
		assert_int_equal(text.len, strlen(texts[i]));
		assert_null(out.data);
		assert_int_equal(repairs.replaced + repairs.dropped, 0);
	}
}

static void test_line_ends(void **state)
{
	struct text_repairs repairs;

	(void)state;
	repairs = legal(SLICE("a\r\nb\rc\n\rd\r\r\n"), "a\nb\nc\n\nd\n\n");
	assert_int_equal(repairs.replaced + repairs.dropped, 0);
	legal(SLICE("\r"), "\n");
	legal(SLICE("\xEF\xBB\xBF"
		    "---\r\n"),
	    "---\n");
	legal(SLICE("\xEF\xBB\xBF"), "");
}

#define BAD "\xEF\xBF\xBD"

static void test_invalid(void **state)
{
	static const struct {
		const char *in, *want;
		size_t replaced;
	} cases[] = {
	    {"a\x80z", "a" BAD "z", 1},
	    {"a\xC3", "a" BAD, 1},
	    {"\xE6\x97", BAD, 1},
	    {"\xF0\x9F\x98", BAD, 1},
	    {"\xF0\x9F\x98z", BAD "z", 1},
	    {"\xC0\xAF", BAD BAD, 2},		      /* overlong */
	    {"\xE0\x80\xAF", BAD BAD BAD, 3},	      /* overlong */
	    {"\xED\xA0\x80", BAD BAD BAD, 3},	      /* a surrogate */
	    {"\xF4\x90\x80\x80", BAD BAD BAD BAD, 4}, /* beyond U+10FFFF */
	    {"\xF5z\xFF", BAD "z" BAD, 2},
	    /* the example of Unicode 15.0 section 3.9, table 3-8 */
	    {"\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64",
		"a" BAD BAD BAD "b" BAD "c" BAD BAD "d", 6},
	};
	struct text_repairs repairs;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		repairs = legal(slice_of(cases[i].in), cases[i].want);
		assert_int_equal(repairs.replaced, cases[i].replaced);
		assert_int_equal(repairs.dropped, 0);
	}
	repairs = legal(
	    SLICE("\xEF\xBB\xBFone\r\ntwo\rabc\xE9 \xE9\n"), "one\ntwo\nabc" BAD " " BAD "\n");
	assert_int_equal(repairs.replaced, 2);
	assert_int_equal(repairs.replaced_line, 3);
	assert_int_equal(repairs.replaced_column, 4);
}

static void test_dropped(void **state)
{
	struct text_repairs repairs;

	(void)state;
	repairs =
	    legal(SLICE("ok\nsome text, then a \x0B tab\x01\x1F"), "ok\nsome text, then a  tab");
	assert_int_equal(repairs.dropped, 3);
	assert_int_equal(repairs.dropped_line, 2);
	assert_int_equal(repairs.dropped_column, 19);
	assert_int_equal(repairs.replaced, 0);
	repairs = legal(SLICE("a\xEF\xBF\xBE\xEF\xBF\xBFz\xEF\xBF\xBD"), "az" BAD);
	assert_int_equal(repairs.dropped, 2);
}

/* Each control at each place of a word, so that no lane of the fast path is left out. */
static void test_lanes(void **state)
{
	(void)state;
	for (int c = 1; c < 256; c++) {
		for (size_t i = 0; i < 24; i++) {
			char in[25], want[40];
			size_t w = 0;

			memset(in, 'x', 24);
			in[24] = '\0';
			in[i] = (char)c;
			for (size_t j = 0; j < 24; j++) {
				if (j != i || (c >= 0x20 && c < 0x80) || c == '\n' || c == '\t')
					want[w++] = in[j];
				else if (c == '\r')
					want[w++] = '\n';
				else if (c >= 0x80)
					w += (size_t)(stpcpy(want + w, BAD) - (want + w));
			}
			want[w] = '\0';
			legal(slice_make(in, 24), want);
		}
	}
}

static void test_other_encodings(void **state)
{
	(void)state;
	refused(SLICE("\xFF\xFEh\0i\0"), ERR_INVALID, 1, 1, "UTF-16");
	refused(SLICE("\xFE\xFF\0h\0i"), ERR_INVALID, 1, 1, "UTF-16");
	refused(SLICE("\xFF\xFE\0\0h\0\0\0"), ERR_INVALID, 1, 1, "UTF-32");
	refused(SLICE("\0\0\xFE\xFF\0\0\0h"), ERR_INVALID, 1, 1, "UTF-32");
	refused(SLICE("t\0i\0t\0l\0e\0"), ERR_INVALID, 1, 1, "it is UTF-16; save it as UTF-8");
	refused(SLICE("\0t\0i\0t\0l\0e"), ERR_INVALID, 1, 1, "UTF-16");
	refused(SLICE("t\0\0\0i\0\0\0t\0\0\0"), ERR_INVALID, 1, 1, "UTF-32");
	refused(SLICE("\0\0\0t\0\0\0i\0\0\0t"), ERR_INVALID, 1, 1, "UTF-32");
	refused(SLICE("text\r\nand\0more\0of it"), ERR_INVALID, 2, 4, "binary");
	refused(SLICE("\0"), ERR_INVALID, 1, 1, "binary");
}

static void test_bounded(void **state)
{
	struct buf out = BUF_BOUNDED(5);
	struct text_repairs repairs;
	struct slice text;
	struct err err;

	(void)state;
	assert_int_equal(text_legal(SLICE("\xFF\xFF"), &out, &text, &repairs, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	buf_free(&out);
}

static void test_next_and_put(void **state)
{
	static const uint32_t points[] = {
	    0x41, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x10FFFF};
	struct buf buf = BUF_INIT;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++)
		text_put(&buf, points[i]);
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++)
		assert_int_equal(text_next(buf_slice(&buf), &at), points[i]);
	assert_int_equal(at, buf.len);
	buf_clear(&buf);
	text_put(&buf, 0xD800);
	text_put(&buf, 0x110000);
	assert_string_equal(buf_string(&buf), BAD BAD);
	buf_free(&buf);
}

static void test_collapsed(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
	    {"", ""}, {" \n\t ", ""}, {"a", "a"}, {"  two\n\t words ", "two words"},
	    {"a\xC2\xA0\xE3\x80\x80\xE2\x80\xA8"
	     "b\xE2\x80\x8B"
	     "c",
		"a b\xE2\x80\x8B"
		"c"}, /* U+200B is no white space */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf buf = BUF_INIT;

		text_put_collapsed(&buf, slice_of(cases[i].in));
		assert_string_equal(buf_string(&buf), cases[i].want);
		buf_free(&buf);
	}
}

#define FAMILY "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"
#define FLAG_D "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA"
#define FLAG_F "\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7"

static void test_cut(void **state)
{
	static const struct {
		const char *in;
		size_t max;
		const char *want;
	} cases[] = {
	    {"", 5, ""},
	    {"short", 5, "short"},
	    {"shorter", 0, ""},
	    {"one two three", 9, "one two"},
	    {"one two three", 7, "one two"}, /* the blank is next */
	    {"one two three", 8, "one two"}, /* not "one two " */
	    {"one  two", 4, "one"},
	    {"one two", 6, "one"},
	    {"addressthatisonelongword", 7, "address"},
	    {"  indented", 2, ""},
	    {"e\xCC\x81t\xC3\xA9 et", 3, "e\xCC\x81t\xC3\xA9"},
	    {"e\xCC\x81t\xC3\xA9", 1, "e\xCC\x81"},
	    {FAMILY FAMILY, 1, FAMILY},
	    {"a " FAMILY FAMILY, 3, "a"},
	    {FLAG_D FLAG_F FLAG_D, 2, FLAG_D FLAG_F},
	    {"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 2, "\xE6\x97\xA5\xE6\x9C\xAC"},
	    /* a word amid ideographs stays whole, an opening bracket does not end a text */
	    {"\xE6\x97\xA5\xE6\x9C\xAC"
	     "feed",
		4, "\xE6\x97\xA5\xE6\x9C\xAC"},
	    {"\xE6\x97\xA5\xE3\x80\x8C\xE6\x9C\xAC\xE3\x80\x8D", 2, "\xE6\x97\xA5"},
	    /* Korean is written with blanks */
	    {"\xEA\xB0\x80 \xEA\xB0\x81\xEA\xB0\x82", 3, "\xEA\xB0\x80"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = text_cut(slice_of(cases[i].in), cases[i].max);

		if (len != strlen(cases[i].want))
			fail_msg("case %zu: %zu bytes", i, len);
	}
}

/* A cluster longer than any first guess of its length. */
static void test_cut_long_cluster(void **state)
{
	struct buf buf = BUF_INIT;

	(void)state;
	buf_putc(&buf, 'a');
	for (int i = 0; i < 100000; i++)
		text_put(&buf, 0x0301);
	buf_puts(&buf, " b c");
	assert_int_equal(text_cut(buf_slice(&buf), 3), 200003);
	assert_int_equal(text_cut(buf_slice(&buf), 1), 200001);
	buf_free(&buf);
}

static void test_escaped(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
	    {"caf\xC3\xA9/a b.md", "caf\xC3\xA9/a b.md"},
	    {"a\nb\x1B[31m\x7F", "a\\x0ab\\x1b[31m\\x7f"},
	    {"\xE2\x80\xAE"
	     "dm.\xE2\x81\xA6\xC2\x85\xE2\x80\xA8",
		"\\u{202E}dm.\\u{2066}\\u{0085}\\u{2028}"},
	    {"\xE9t\xE9 \xF0\x9F\x98", "\\xe9t\\xe9 \\xf0\\x9f\\x98"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf buf = BUF_INIT;

		text_put_escaped(&buf, slice_of(cases[i].in));
		assert_string_equal(buf_string(&buf), cases[i].want);
		buf_free(&buf);
	}
}

static void test_lower(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
	    {"ABC xyz 1", "abc xyz 1"}, {"\xC3\x89T\xC3\x89", "\xC3\xA9t\xC3\xA9"},
	    {"E\xCC\x81", "\xC3\xA9"},				      /* NFC */
	    {"\xC4\xB0", "i\xCC\x87"},				      /* U+0130, no locale */
	    {"\xCE\xA3\xCE\x91\xCE\xA3", "\xCF\x83\xCE\xB1\xCF\x82"}, /* the final sigma */
	    {"\xF0\x90\x90\x80", "\xF0\x90\x90\xA8"},		      /* Deseret */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf buf = BUF_INIT;

		text_put_lower(&buf, slice_of(cases[i].in));
		assert_string_equal(buf_string(&buf), cases[i].want);
		buf_free(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_untouched),
	    cmocka_unit_test(test_line_ends),
	    cmocka_unit_test(test_invalid),
	    cmocka_unit_test(test_dropped),
	    cmocka_unit_test(test_lanes),
	    cmocka_unit_test(test_other_encodings),
	    cmocka_unit_test(test_bounded),
	    cmocka_unit_test(test_next_and_put),
	    cmocka_unit_test(test_collapsed),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_cut_long_cluster),
	    cmocka_unit_test(test_escaped),
	    cmocka_unit_test(test_lower),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
