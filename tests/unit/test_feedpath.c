/* feedpath: keys of values, names of keys, paths and URLs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/digest.h"
#include "feeds/feedpath.h"

static void assert_key(struct slice value, const char *expected)
{
	struct buf key = BUF_INIT, again = BUF_INIT;

	feed_value_key(value, &key);
	assert_string_equal(buf_string(&key), expected);
	feed_value_key(buf_slice(&key), &again);
	assert_string_equal(buf_string(&again), expected);
	buf_free(&key);
	buf_free(&again);
}

static void test_key(void **state)
{
	(void)state;
	assert_key(SLICE("Rust"), "rust");
	assert_key(SLICE("  Web \t Dev "), "web-dev");
	assert_key(SLICE("web - dev"), "web-dev");
	assert_key(SLICE("web--dev"), "web-dev");
	assert_key(SLICE("web_dev"), "web_dev");
	assert_key(SLICE("-x-"), "-x-");
	assert_key(SLICE("--"), "-");
	assert_key(SLICE("Vue.js"), "vue.js");
	assert_key(SLICE("C++"), "c++");
	assert_key(SLICE(" "), "");
	assert_key(SLICE("IT 鐵人賽"), "it-鐵人賽");
	assert_key(SLICE("東京\xE3\x80\x80都"), "東京-都");	      /* an ideographic blank */
	assert_key(SLICE("E\xCC\x81T\xC3\x89"), "\xC3\xA9t\xC3\xA9"); /* decomposed and composed */
	assert_key(SLICE("ΠΌΛΗ"), "πόλη");
}

static void assert_path(const char *value, const char *expected)
{
	struct buf path = BUF_INIT;

	feed_path(SLICE("tags/:tag/atom.xml"), "tag", slice_of(value), &path);
	assert_string_equal(buf_string(&path), expected);
	buf_free(&path);
}

/* tags/SLUG-DIGEST/atom.xml, where the digest is that of `key`. */
static void assert_suffixed(const char *value, const char *slug, const char *key)
{
	struct digest digest = digest_of(key, strlen(key));
	struct buf expected = BUF_INIT;

	buf_printf(&expected, "tags/%s-%02x%02x%02x%02x/atom.xml", slug, digest.bytes[0],
	    digest.bytes[1], digest.bytes[2], digest.bytes[3]);
	assert_path(value, buf_string(&expected));
	buf_free(&expected);
}

static void test_plain(void **state)
{
	(void)state;
	assert_path("rust", "tags/rust/atom.xml");
	assert_path("Rust", "tags/rust/atom.xml");
	assert_path("web dev", "tags/web-dev/atom.xml");
	assert_path("IT 鐵人賽", "tags/it-鐵人賽/atom.xml");
	assert_path("日本", "tags/日本/atom.xml");
	assert_path("हिन्दी", "tags/हिन्दी/atom.xml"); /* vowel signs are marks */
	assert_path("snake_case", "tags/snake_case/atom.xml");
	assert_path("2024", "tags/2024/atom.xml");
	assert_path("console", "tags/console/atom.xml");
	assert_path("20240102", "tags/20240102/atom.xml");
}

static void test_suffixed(void **state)
{
	(void)state;
	/* SHA-256 of "vue.js" as sha256sum has it: a name stays what it is for ever. */
	assert_path("Vue.js", "tags/vue-js-1930e1e3/atom.xml");
	assert_suffixed("Vue.js", "vue-js", "vue.js");
	assert_suffixed("C++", "c", "c++");
	assert_suffixed("C#", "c", "c#");
	assert_suffixed("-x-", "x", "-x-");
	assert_suffixed("!!!", "tag", "!!!");
	assert_suffixed("🎉", "tag", "🎉");
	assert_suffixed("", "tag", "");
	assert_suffixed("a\xE2\x80\x8D"
			"b",
	    "a-b",
	    "a\xE2\x80\x8D"
	    "b");
	/* What looks like a suffixed name may not stand for itself. */
	assert_suffixed("vue-js-1930e1e3", "vue-js-1930e1e3", "vue-js-1930e1e3");
	assert_suffixed("tag-deadbeef", "tag-deadbeef", "tag-deadbeef");
}

static void test_unsafe(void **state)
{
	(void)state;
	assert_suffixed("../../etc/passwd", "etc-passwd", "../../etc/passwd");
	assert_suffixed("..", "tag", "..");
	assert_suffixed(".hidden", "hidden", ".hidden");
	assert_suffixed("a\\b", "a-b", "a\\b");
	assert_suffixed("dot.", "dot", "dot.");
	assert_suffixed("a\x7F"
			"b",
	    "a-b",
	    "a\x7F"
	    "b");
	assert_suffixed("CON", "con", "con");
	assert_suffixed("lpt1", "lpt1", "lpt1");
	assert_suffixed("com²", "com²", "com²");
}

static void test_long(void **state)
{
	struct buf value = BUF_INIT, path = BUF_INIT, other = BUF_INIT;

	(void)state;
	for (int i = 0; i < FEED_NAME_MAX; i++)
		buf_putc(&value, 'x');
	feed_path(SLICE(":tag"), "tag", buf_slice(&value), &path);
	assert_string_equal(buf_string(&path), buf_string(&value)); /* just fits */
	buf_clear(&path);
	buf_puts(&value, "y");
	feed_path(SLICE(":tag"), "tag", buf_slice(&value), &path);
	assert_int_equal(path.len, FEED_NAME_MAX);
	buf_puts(&value, "z");
	feed_path(SLICE(":tag"), "tag", buf_slice(&value), &other);
	assert_memory_equal(path.data, other.data, 92);
	assert_string_not_equal(buf_string(&path), buf_string(&other));
	buf_clear(&value);
	buf_clear(&path);
	for (int i = 0; i < 100000; i++)
		buf_puts(&value, "日");
	feed_path(SLICE(":tag"), "tag", buf_slice(&value), &path);
	assert_int_equal(path.len, 30 * 3 + 9); /* whole characters */
	buf_free(&value);
	buf_free(&path);
	buf_free(&other);
}

static void test_pattern(void **state)
{
	struct buf path = BUF_INIT;

	(void)state;
	feed_path(SLICE(":tags/:tag-:tag.xml:"), "tag", SLICE("a"), &path);
	assert_string_equal(buf_string(&path), ":tags/a-a.xml:");
	assert_true(feed_path_has(SLICE("x/:tag.xml"), "tag"));
	assert_true(feed_path_has(SLICE(":tag"), "tag"));
	assert_false(feed_path_has(SLICE(":tags.xml"), "tag"));
	assert_false(feed_path_has(SLICE("tag.xml"), "tag"));
	assert_false(feed_path_has(SLICE_NONE, "tag"));
	buf_free(&path);
}

static void test_url(void **state)
{
	struct buf url = BUF_INIT;

	(void)state;
	feed_url(SLICE("https://example.com/blog/"), SLICE("tags/日 %/a.xml"), &url);
	assert_string_equal(
	    buf_string(&url), "https://example.com/blog/tags/%E6%97%A5%20%25/a.xml");
	buf_clear(&url);
	feed_url(SLICE("https://example.com"), SLICE("./a.xml"), &url);
	assert_string_equal(buf_string(&url), "https://example.com/a.xml");
	buf_free(&url);
}

static void check_href(const char *from, const char *to, const char *want)
{
	struct buf href = BUF_INIT;

	feed_href(slice_of(from), slice_of(to), &href);
	assert_string_equal(buf_string(&href), want);
	buf_free(&href);
}

static void test_href(void **state)
{
	(void)state;
	check_href("a.xml", "feeds/feedd.css", "feeds/feedd.css");
	check_href("feeds/main.html", "feeds/feedd.css", "feedd.css");
	check_href("feeds/tag/rust.html", "feeds/index.html", "../index.html");
	check_href("tags/rust/atom.xml", "feeds/feedd.css", "../../feeds/feedd.css");
	check_href("feeds/a.xml", "feeds2/feedd.css", "../feeds2/feedd.css");
	check_href("a/b/c/d.html", "a/b/e f/日.html", "../e%20f/%E6%97%A5.html");
	check_href("a.html", "b:c.html", "./b:c.html");
	check_href("a/b.html", "b:c.html", "../b:c.html");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_key),
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_suffixed),
	    cmocka_unit_test(test_unsafe),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_pattern),
	    cmocka_unit_test(test_url),
	    cmocka_unit_test(test_href),
	};

	return cmocka_run_group_tests_name("feedpath", tests, NULL, NULL);
}
