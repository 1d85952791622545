/* uri: split, resolution (RFC 3986 section 5.4), encoding, hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/uri.h"

struct pair {
	const char *in, *out;
};

static void check_resolve(const char *base, const struct pair *pairs, size_t len)
{
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < len; i++) {
		buf_clear(&out);
		uri_resolve(slice_of(base), slice_of(pairs[i].in), &out);
		assert_string_equal(buf_string(&out), pairs[i].out);
	}
	buf_free(&out);
}

#define CHECK_RESOLVE(base, pairs) check_resolve(base, pairs, sizeof(pairs) / sizeof(pairs[0]))

static void test_split(void **state)
{
	struct uri uri;

	(void)state;
	uri_split(SLICE("https://me@host:8/a/b?c?d#e#f"), &uri);
	assert_true(slice_equal_str(uri.scheme, "https"));
	assert_true(slice_equal_str(uri.authority, "me@host:8"));
	assert_true(slice_equal_str(uri.path, "/a/b"));
	assert_true(slice_equal_str(uri.query, "c?d"));
	assert_true(slice_equal_str(uri.fragment, "e#f"));
	uri_split(SLICE("mailto:me@example.com"), &uri);
	assert_true(slice_equal_str(uri.scheme, "mailto"));
	assert_false(uri.has_authority);
	assert_true(slice_equal_str(uri.path, "me@example.com"));
	uri_split(SLICE("//host?"), &uri);
	assert_false(uri.has_scheme);
	assert_true(uri.has_authority && uri.has_query && !uri.has_fragment);
	assert_int_equal(uri.path.len + uri.query.len, 0);
	/* No scheme: it starts with a digit, or a slash comes before the colon. */
	uri_split(SLICE("2024:a"), &uri);
	assert_false(uri.has_scheme);
	assert_true(slice_equal_str(uri.path, "2024:a"));
	uri_split(SLICE("a/b:c"), &uri);
	assert_false(uri.has_scheme);
	uri_split(SLICE_NONE, &uri);
	assert_false(uri.has_scheme || uri.has_authority || uri.has_query || uri.has_fragment);
	assert_int_equal(uri.path.len, 0);
}

static void test_resolve_rfc(void **state)
{
	static const struct pair normal[] = {/* section 5.4.1 */
	    {"g:h", "g:h"}, {"g", "http://a/b/c/g"}, {"./g", "http://a/b/c/g"},
	    {"g/", "http://a/b/c/g/"}, {"/g", "http://a/g"}, {"//g", "http://g"},
	    {"?y", "http://a/b/c/d;p?y"}, {"g?y", "http://a/b/c/g?y"},
	    {"#s", "http://a/b/c/d;p?q#s"}, {"g#s", "http://a/b/c/g#s"},
	    {"g?y#s", "http://a/b/c/g?y#s"}, {";x", "http://a/b/c/;x"}, {"g;x", "http://a/b/c/g;x"},
	    {"g;x?y#s", "http://a/b/c/g;x?y#s"}, {"", "http://a/b/c/d;p?q"}, {".", "http://a/b/c/"},
	    {"./", "http://a/b/c/"}, {"..", "http://a/b/"}, {"../", "http://a/b/"},
	    {"../g", "http://a/b/g"}, {"../..", "http://a/"}, {"../../", "http://a/"},
	    {"../../g", "http://a/g"}};
	static const struct pair abnormal[] = {/* section 5.4.2 */
	    {"../../../g", "http://a/g"}, {"../../../../g", "http://a/g"}, {"/./g", "http://a/g"},
	    {"/../g", "http://a/g"}, {"g.", "http://a/b/c/g."}, {".g", "http://a/b/c/.g"},
	    {"g..", "http://a/b/c/g.."}, {"..g", "http://a/b/c/..g"}, {"./../g", "http://a/b/g"},
	    {"./g/.", "http://a/b/c/g/"}, {"g/./h", "http://a/b/c/g/h"},
	    {"g/../h", "http://a/b/c/h"}, {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
	    {"g;x=1/../y", "http://a/b/c/y"}, {"g?y/./x", "http://a/b/c/g?y/./x"},
	    {"g?y/../x", "http://a/b/c/g?y/../x"}, {"g#s/./x", "http://a/b/c/g#s/./x"},
	    {"g#s/../x", "http://a/b/c/g#s/../x"}, {"http:g", "http:g"}};

	(void)state;
	CHECK_RESOLVE("http://a/b/c/d;p?q", normal);
	CHECK_RESOLVE("http://a/b/c/d;p?q", abnormal);
}

/* What string concatenation gets wrong: hosts run together or doubled, "//", lost segments. */
static void test_resolve_joins(void **state)
{
	static const struct pair bare[] = {{"blog/", "https://ddev.com/blog/"},
	    {"/blog/", "https://ddev.com/blog/"}, {"?p=1", "https://ddev.com?p=1"},
	    {"https://ddev.com/blog/", "https://ddev.com/blog/"}, {"", "https://ddev.com"},
	    {".", "https://ddev.com/"}, {"../x", "https://ddev.com/x"}};
	static const struct pair folder[] = {{"blog/", "https://ddev.com/1/blog/"},
	    {"/blog/", "https://ddev.com/blog/"}, {"//cdn.net/a.png", "https://cdn.net/a.png"},
	    {"#top", "https://ddev.com/1/#top"}, {"2024:a", "https://ddev.com/1/2024:a"},
	    {"a//b", "https://ddev.com/1/a//b"}, {"/a/b/../../../..//c", "https://ddev.com//c"}};

	(void)state;
	CHECK_RESOLVE("https://ddev.com", bare);
	CHECK_RESOLVE("https://ddev.com/1/", folder);
}

static void test_resolve_encodes(void **state)
{
	static const struct pair pairs[] = {
	    {" a b\n", "http://h/d/a%20b"},
	    {"a\n b\tc", "http://h/d/a%20bc"}, /* broken over lines */
	    {"ü?ö#ä", "http://h/d/%C3%BC?%C3%B6#%C3%A4"}, {"a%20b%zz%", "http://h/d/a%20b%25zz%25"},
	    {"%c3%bc%2F", "http://h/d/%c3%bc%2F"}, /* valid escapes stay as they are */
	    {"a\\b\"<>^`{|}[]", "http://h/d/a%5Cb%22%3C%3E%5E%60%7B%7C%7D%5B%5D"},
	    {"?q[]=1&r=%", "http://h/d/?q%5B%5D=1&r=%25"},
	    {"a\x01\x7f\xff", "http://h/d/a%01%7F%FF"},
	    {"HTTPS://ExAmPlE.com/A", "https://example.com/A"}, {"http://h:80/", "http://h:80/"},
	    {"http://h:/a", "http://h/a"}, {"http://h:x/a", "http://h%3Ax/a"},
	    {"http://u:p@a@h/", "http://u:p%40a@h/"}, {"http://[::1]:8/", "http://[::1]:8/"},
	    {"http://[FE80::1]", "http://[fe80::1]"}, {"http://[v1.a:b]/", "http://[v1.a:b]/"},
	    {"http://[nope]/", "http://%5Bnope%5D/"},
	    {"mailto:Me@Ünï.de?subject=a b", "mailto:Me@%C3%9Cn%C3%AF.de?subject=a%20b"},
	    {"magnet:?xt=urn:btih:1/../2", "magnet:?xt=urn:btih:1/../2"},
	    {"urn:a/../b", "urn:a/../b"},
	    {"x:/..//y", "x:/.//y"}, /* a path of two slashes would become a host */
	};

	(void)state;
	CHECK_RESOLVE("http://h/d/", pairs);
}

static void test_hosts(void **state)
{
	static const struct pair pairs[] = {
	    {"http://Bücher.example/ü", "xn--bcher-kva.example"},
	    {"//faß.de", "xn--fa-hia.de"}, /* not "fass.de": IDNA 2008, nontransitional */
	    {"http://b%C3%BCcher.example", "xn--bcher-kva.example"},
	    {"http://例え。テスト/", "xn--r8jz45g.xn--zckzah"},
	    {"http://XN--BCHER-KVA.example", "xn--bcher-kva.example"},
	    {"http://my_host.example:80/", "my_host.example"},
	    {"http://user:pass@Host:1/", "host"},
	    {"http://a\xff.com/", "a%FF.com"}, /* no UTF-8: stays percent-encoded */
	    {"http://%41.com/", "a.com"},
	    {"http://a%2Fb.com/", "a%2Fb.com"},
	    {"http://a%00b.com/", "a%00b.com"},
	    {"mailto:me@example.com", ""},
	    {"/path", ""},
	};
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		buf_clear(&out);
		uri_put_host(&out, slice_of(pairs[i].in));
		assert_string_equal(buf_string(&out), pairs[i].out);
	}
	buf_clear(&out);
	uri_resolve(SLICE("https://bücher.example/"), SLICE("a"), &out);
	assert_string_equal(buf_string(&out), "https://xn--bcher-kva.example/a");
	buf_free(&out);
}

static void test_is_web(void **state)
{
	static const char *const yes[] = {"http://a", "HTTPS://example.com/a?b#c",
	    "http://[::1]:80/", "https://bücher.example/", "https://u@h:65535",
	    "http://localhost:8080"};
	static const char *const no[] = {"", "example.com", "//example.com", "/a",
	    "http:", "http:/a", "http://", "https:///a", "http://:80/", "http://user@/", "ftp://a",
	    "mailto:a@b", "http://a b/", "http://a/b c", " http://a", "http://a\\b", "http://a:x/",
	    "http://a<b>/", "http://a:123456", "javascript://a", "http://a\xff/"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(uri_is_web(slice_of(yes[i])));
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(uri_is_web(slice_of(no[i])));
}

static void test_put(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	uri_put_path(&out, SLICE("a b/ü%20?#:@~"));
	assert_string_equal(buf_string(&out), "a%20b/%C3%BC%2520%3F%23:@~");
	buf_clear(&out);
	uri_put_value(&out, SLICE("a-._~Z0 b/ü%20?#:@&=+"));
	assert_string_equal(buf_string(&out), "a-._~Z0%20b%2F%C3%BC%2520%3F%23%3A%40%26%3D%2B");
	buf_clear(&out);
	uri_put_with(&out, SLICE("https://e.org/a#b?c"), "url", SLICE("https://x/?y&z"));
	assert_string_equal(buf_string(&out), "https://e.org/a?url=https%3A%2F%2Fx%2F%3Fy%26z");
	buf_clear(&out);
	uri_put_with(&out, SLICE("https://e.org/a?b=c"), "url", SLICE("d"));
	uri_put_with(&out, SLICE(" https://e.org/?"), "url", SLICE_NONE);
	assert_string_equal(buf_string(&out), "https://e.org/a?b=c&url=d https://e.org/?url=");
	buf_clear(&out);
	uri_put_decoded(&out, SLICE("a%20b%C3%bc%zz%4"));
	assert_string_equal(buf_string(&out), "a bü%zz%4");
	buf_clear(&out);
	uri_put_path(&out, SLICE_NONE);
	uri_put_decoded(&out, SLICE_NONE);
	uri_put_host(&out, SLICE_NONE);
	uri_resolve(SLICE_NONE, SLICE_NONE, &out);
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

/* A path of dots and one long folder: each byte is looked at a few times only. */
static void test_long(void **state)
{
	struct buf reference = BUF_INIT, out = BUF_INIT;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_puts(&reference, "a/");
	for (int i = 0; i < 100000; i++)
		buf_puts(&reference, "../");
	uri_resolve(SLICE("http://h/"), buf_slice(&reference), &out);
	assert_string_equal(buf_string(&out), "http://h/");
	buf_free(&reference);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_split),
	    cmocka_unit_test(test_resolve_rfc),
	    cmocka_unit_test(test_resolve_joins),
	    cmocka_unit_test(test_resolve_encodes),
	    cmocka_unit_test(test_hosts),
	    cmocka_unit_test(test_is_web),
	    cmocka_unit_test(test_put),
	    cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
