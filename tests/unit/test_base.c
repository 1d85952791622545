/* base: slice, buf, arena, err, diag, vec, digest, hmac, base64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/arena.h"
#include "feeds/base/base64.h"
#include "feeds/base/buf.h"
#include "feeds/base/diag.h"
#include "feeds/base/digest.h"
#include "feeds/base/err.h"
#include "feeds/base/hash.h"
#include "feeds/base/hmac.h"
#include "feeds/base/scan.h"
#include "feeds/base/slice.h"
#include "feeds/base/vec.h"

static void test_slice_lines(void **state)
{
	struct slice rest = SLICE("one\n\nthree"), line;

	(void)state;
	assert_true(slice_line(&rest, &line));
	assert_true(slice_equal_str(line, "one"));
	assert_true(slice_line(&rest, &line));
	assert_int_equal(line.len, 0);
	assert_true(slice_line(&rest, &line));
	assert_true(slice_equal_str(line, "three"));
	assert_false(slice_line(&rest, &line));
	assert_true(slice_equal_str(line, "three"));
}

static void test_slice_words(void **state)
{
	struct slice rest = SLICE(" one\t\r\ntwo-three "), word;

	(void)state;
	assert_true(slice_word(&rest, &word));
	assert_true(slice_equal_str(word, "one"));
	assert_true(slice_word(&rest, &word));
	assert_true(slice_equal_str(word, "two-three"));
	assert_false(slice_word(&rest, &word));
	assert_true(slice_equal_str(word, "two-three"));
	rest = SLICE_NONE;
	assert_false(slice_word(&rest, &word));
}

static void test_slice_compare(void **state)
{
	(void)state;
	assert_true(slice_compare(SLICE("a"), SLICE("b")) < 0);
	assert_true(slice_compare(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_compare(SLICE("b"), SLICE("ab")) > 0);
	assert_true(slice_compare(SLICE_NONE, SLICE_NONE) == 0);
	assert_true(slice_equal_nocase(SLICE("TiTle"), "title"));
	assert_false(slice_equal_nocase(SLICE("TiTl"), "title"));
	assert_true(slice_same_nocase(SLICE("TiTle"), SLICE("tItle")));
	assert_false(slice_same_nocase(SLICE("Title"), SLICE("Titles")));
	assert_true(slice_holds_nocase(SLICE("a <HTML>"), "<html>"));
	assert_false(slice_holds_nocase(SLICE("a <HTML"), "<html>"));
	assert_true(slice_starts_nocase(SLICE("JavaScript:x"), "javascript:"));
	assert_true(slice_ends(SLICE("a.md"), ".md"));
	assert_false(slice_ends(SLICE("d"), ".md"));
	assert_int_equal(slice_find(SLICE("abcabc"), 1, "abc"), 3);
	assert_int_equal(slice_find(SLICE("abc"), 0, "x"), 3);
	assert_true(slice_equal_str(slice_trim(SLICE(" \t x y\r\n")), "x y"));
	assert_int_equal(slice_trim(SLICE(" \n")).len, 0);
}

/* Needles whose beginnings are everywhere, rare, and at the end. */
static void test_slice_find(void **state)
{
	static const char *const needles[] = {
	    "a", "ab", "aab", "aaab", "aaac", "c", "ca", "ac", ""};
	char bytes[600];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i % 97 == 96 ? 'b' : i % 211 == 210 ? 'c' : 'a';
	for (size_t n = 0; n < sizeof(needles) / sizeof(needles[0]); n++) {
		size_t len = strlen(needles[n]);

		for (size_t from = 0; from <= sizeof(bytes); from++) {
			size_t at = from;

			while (at < sizeof(bytes) &&
			       (sizeof(bytes) - at < len || memcmp(bytes + at, needles[n], len)))
				at++;
			assert_int_equal(
			    slice_find(slice_make(bytes, sizeof(bytes)), from, needles[n]), at);
		}
	}
	assert_int_equal(slice_find(SLICE_NONE, 0, "a"), 0);
}

/* Each byte, at each place, among bytes that join the marks around it. */
static void test_scan(void **state)
{
	static const unsigned char neighbours[] = {' ', '~', 0x80, 0xff, 0x1f, '<' - 1, '<' + 1};
	unsigned char bytes[8];

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		for (size_t at = 0; at < 8; at++) {
			for (size_t n = 0; n < sizeof(neighbours); n++) {
				size_t expected = 0;
				uint64_t word;

				memset(bytes, neighbours[n], sizeof(bytes));
				bytes[at] = (unsigned char)c;
				while (expected < 8 && bytes[expected] >= ' ' &&
				       bytes[expected] < 0x80 && bytes[expected] != '<')
					expected++;
				word = scan_load(bytes);
				assert_int_equal(
				    scan_plain(scan_odd(word) | scan_sign(word, SCAN_SIGN('<'))),
				    expected);
			}
		}
	}
}

static void test_buf_bound(void **state)
{
	struct buf buf = BUF_BOUNDED(5);

	(void)state;
	buf_puts(&buf, "1234");
	assert_false(buf.overflow);
	buf_puts(&buf, "56");
	assert_true(buf.overflow);
	assert_string_equal(buf_string(&buf), "1234");
	buf_putc(&buf, '5');
	assert_string_equal(buf_string(&buf), "1234");
	buf_clear(&buf);
	buf_printf(&buf, "%d", 12345);
	assert_false(buf.overflow);
	assert_string_equal(buf_string(&buf), "12345");
	buf_printf(&buf, "%d", 6);
	assert_true(buf.overflow);
	buf_free(&buf);
	assert_string_equal(buf_string(&buf), "");
}

static void test_arena(void **state)
{
	struct arena arena = ARENA_INIT;
	struct slice kept = arena_copy(&arena, SLICE("kept"));
	char *big = arena_alloc(&arena, 1 << 20);

	(void)state;
	big[(1 << 20) - 1] = 'x';
	for (int i = 0; i < 10000; i++) {
		struct slice s = arena_printf(&arena, "%d", i);

		assert_int_equal((uintptr_t)s.ptr % 16, 0);
	}
	assert_string_equal(kept.ptr, "kept");
	arena_clear(&arena);
	assert_string_equal(arena_string(&arena, SLICE("again")), "again");
	arena_free(&arena);
	arena_free(&arena);
}

static void test_err(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_at(&err, ERR_SYNTAX, 3, 7, "no %s", "value"), -1);
	assert_int_equal(err_wrap(&err, "article '%s'", "a.md"), -1);
	assert_string_equal(err.text, "article 'a.md': no value");
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 7);
	assert_int_equal(err.kind, ERR_SYNTAX);
}

/* A text too long for a complaint ends with a whole character, wherever the cut falls. */
static void test_diag_cut(void **state)
{
	struct diags diags = DIAGS_INIT;

	(void)state;
	for (int shift = 0; shift < 3; shift++) {
		struct buf text = BUF_INIT;
		size_t len;

		for (int i = 0; i < shift; i++)
			buf_putc(&text, 'a');
		while (text.len < 1000)
			buf_puts(&text, "\u20ac");
		diag_put(&diags, DIAG_NOTE, 1, 1, "%s", buf_string(&text));
		len = strlen(diags.items[shift].text);
		assert_in_range(len, 380, 399);
		assert_int_equal((len - (size_t)shift) % 3, 0);
		buf_free(&text);
	}
	diags_free(&diags);
}

static void test_diag_bound(void **state)
{
	struct diags diags = DIAGS_INIT;

	(void)state;
	for (int i = 0; i < DIAG_MAX + 3; i++)
		diag_put(&diags, DIAG_NOTE, 1, 1, "%d", i);
	assert_int_equal(diags.len, DIAG_MAX);
	assert_int_equal(diags.dropped, 3);
	assert_string_equal(diags.items[7].text, "7");
	diags_free(&diags);
	assert_int_equal(diags.len, 0);
}

/* Notes make room for warnings, and what is left out is only as grave as it is. */
static void test_diag_room(void **state)
{
	struct diags diags = DIAGS_INIT;

	(void)state;
	for (int i = 0; i < DIAG_MAX + 3; i++)
		diag_put(&diags, DIAG_NOTE, 1, 1, "note %d", i);
	diag_put(&diags, DIAG_WARNING, 2, 1, "warning");
	assert_int_equal(diags.len, DIAG_MAX);
	assert_int_equal(diags.dropped, 4);
	assert_int_equal(diags.dropped_level, DIAG_NOTE);
	assert_string_equal(diags.items[0].text, "note 0");
	assert_string_equal(diags.items[DIAG_MAX - 1].text, "warning");
	for (int i = 1; i < DIAG_MAX; i++)
		diag_put(&diags, DIAG_WARNING, 2, 1, "warning %d", i);
	assert_int_equal(diags.dropped_level, DIAG_NOTE);
	diag_put(&diags, DIAG_WARNING, 2, 1, "one too many");
	assert_int_equal(diags.len, DIAG_MAX);
	assert_int_equal(diags.dropped, 4 + DIAG_MAX);
	assert_int_equal(diags.dropped_level, DIAG_WARNING);
	assert_string_equal(diags.items[DIAG_MAX - 1].text, "warning");
	diags_free(&diags);
}

static void test_vec(void **state)
{
	VEC(int) numbers = VEC_INIT;

	(void)state;
	for (int i = 0; i < 100; i++)
		vec_push(&numbers, i);
	assert_int_equal(numbers.len, 100);
	assert_int_equal(numbers.items[99], 99);
	vec_free(&numbers);
	assert_null(numbers.items);
}

static void test_digest(void **state)
{
	static const uint8_t abc[4] = {0xba, 0x78, 0x16, 0xbf}; /* FIPS 180-2, appendix B.1 */
	struct digest_stream *stream = digest_new();
	struct digest whole = digest_of("abc", 3), parts;

	(void)state;
	digest_put(stream, "a", 1);
	digest_put(stream, "bc", 2);
	parts = digest_finish(stream);
	assert_memory_equal(whole.bytes, abc, sizeof(abc));
	assert_memory_equal(whole.bytes, parts.bytes, DIGEST_SIZE);
	digest_free(stream);
}

/* RFC 4231, cases 1, 6 and 7; and keys at the border of a block, after Python's hmac. */
static void test_hmac(void **state)
{
	static const struct {
		char key;
		size_t key_len;
		const char *message, *hex;
	} cases[] = {
	    {'\x0b', 20, "Hi There",
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
	    {'\xaa', 131, "Test Using Larger Than Block-Size Key - Hash Key First",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	    {'\xaa', 131,
		"This is a test using a larger than block-size key and a larger than block-size "
		"data. The key needs to be hashed before being used by the HMAC algorithm.",
		"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
	    {'k', 0, "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
	    {'k', 24, "", "01aa9b16dc8b10ec72c45be3b861e116825ad30326f184efb45988c7d431bf34"},
	    {'k', 63, "m", "e458f5dd7e8afee6b774e5d451ae43f4d268bf11646030143d0b0231dcb02383"},
	    {'k', 64, "m", "3b7a8d453e76edb519238a515105a57508d0f169f480ebeee120a9e7803289fa"},
	    {'k', 65, "m", "c2d7d4c2256ddb097409ec0c67e1d58fa1a007fc6932cac0d892a525d08af7cc"},
	};
	char key[200];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf hex = BUF_INIT;
		struct digest digest;

		memset(key, cases[i].key, sizeof(key));
		digest = hmac_of(slice_make(key, cases[i].key_len), slice_of(cases[i].message));
		for (size_t b = 0; b < DIGEST_SIZE; b++)
			buf_printf(&hex, "%02x", digest.bytes[b]);
		assert_string_equal(buf_string(&hex), cases[i].hex);
		buf_free(&hex);
	}
}

static void test_base64(void **state)
{
	static const char *const vectors[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
	    {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"}}; /* RFC 4648 section 10 */
	static const char *const bad[] = {"Z", "Zg",
	    "Zg=", "Z===", "====", "Zg==Zg==", "Zm9v Zg==", "Zm9\n", "Zm9-", "Zm9_", "Zm9\xc3"};
	struct buf out = BUF_INIT, all = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		buf_clear(&out);
		base64_put(&out, slice_of(vectors[i][0]));
		assert_string_equal(buf_string(&out), vectors[i][1]);
		buf_clear(&out);
		assert_true(base64_put_decoded(&out, slice_of(vectors[i][1])));
		assert_string_equal(buf_string(&out), vectors[i][0]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		buf_clear(&out);
		buf_puts(&out, "x");
		assert_false(base64_put_decoded(&out, slice_of(bad[i])));
		assert_string_equal(buf_string(&out), "x");
	}
	for (int byte = 0; byte < 256; byte++)
		buf_putc(&all, (char)byte);
	buf_clear(&out);
	base64_put(&out, buf_slice(&all));
	assert_true(slice_starts(buf_slice(&out), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"));
	buf_cut(&all, 0);
	assert_true(base64_put_decoded(&all, buf_slice(&out)));
	assert_int_equal(all.len, 256);
	for (int byte = 0; byte < 256; byte++)
		assert_int_equal((uint8_t)all.data[byte], byte);
	buf_free(&out);
	buf_free(&all);
}

static void check_hash(const char *text, uint64_t want)
{
	char shifted[64];

	assert_true(hash_of(slice_of(text), 0) == want);
	memcpy(shifted + 1, text, strlen(text)); /* wherever it lies */
	assert_true(hash_of(slice_make(shifted + 1, strlen(text)), 0) == want);
}

/* States hold them: these must never become others. */
static void test_hash(void **state)
{
	char text[300];

	(void)state;
	check_hash("", 0x2d06800538d394c2);
	check_hash("a", 0xe6c632b61e964e1f);
	check_hash("abc", 0x78af5f94892f3950);
	check_hash("Nobody inspects the spammish repetition", 0x6cb00603b5cc47e9);
	assert_true(hash_of(SLICE("abc"), 2654435761) == 0x05823d71d740ed4f);
	memset(text, 'x', sizeof(text));
	assert_true(hash_of(slice_make(text, sizeof(text)), 0) == 0xa5d1b4607dc83554);
	assert_true(hash_of(slice_make(text, sizeof(text)), 7) == 0x65afa05e0f083a41);
	assert_true(hash_of(SLICE_NONE, 0) == hash_of(SLICE(""), 0));
}

static void test_err_advise(void **state)
{
	char path[500];
	struct err err;

	(void)state;
	(void)err_set(&err, ERR_IO, "open: %s", "no");
	assert_int_equal(err_advise(&err, "write %s", "it"), -1);
	assert_string_equal(err.text, "open: no; write it");
	(void)err_advise(&err, "or not");
	assert_string_equal(err.text, "open: no; write it");
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	for (size_t len = sizeof(err.text) - 5; len < sizeof(err.text) + 2; len++) {
		(void)err_set(&err, ERR_IO, "%.*s", (int)len, path);
		(void)err_advise(&err, "what to do");
		assert_true(strlen(err.text) < sizeof(err.text));
		assert_int_equal(strspn(err.text, "x"), len < sizeof(err.text) ? len : 399);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_slice_lines),
	    cmocka_unit_test(test_slice_words),
	    cmocka_unit_test(test_slice_compare),
	    cmocka_unit_test(test_err_advise),
	    cmocka_unit_test(test_slice_find),
	    cmocka_unit_test(test_scan),
	    cmocka_unit_test(test_buf_bound),
	    cmocka_unit_test(test_arena),
	    cmocka_unit_test(test_err),
	    cmocka_unit_test(test_diag_bound),
	    cmocka_unit_test(test_diag_room),
	    cmocka_unit_test(test_diag_cut),
	    cmocka_unit_test(test_vec),
	    cmocka_unit_test(test_digest),
	    cmocka_unit_test(test_hmac),
	    cmocka_unit_test(test_base64),
	    cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
