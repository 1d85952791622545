/*
 * The name of a key.
 *
 * The slug of a key is its letters and digits of any script, with the marks that
 * stand on them, and "_"; each run of other characters is a "-", none at the ends.
 *
 * A key is *plain* when it is its own slug, no longer than PLAIN_MAX, no device
 * of Windows, and does not end like a suffixed name. A plain key is its own
 * name. Any other key gets a suffixed name: its slug, cut to SLUG_MAX, or the
 * token when nothing is left of it, then "-" and eight hexadecimal digits of
 * the key's SHA-256.
 *
 * So the name depends on the key alone, not on what else a site has, and two
 * keys never share one: plain names are the keys themselves and differ as those
 * do; a plain name never ends as all suffixed names do; and two suffixed names
 * are equal only if their slugs are and 32 bits of a cryptographic digest agree.
 * No name holds a "/", a "." or a control character, so none leads out
 * of its folder, hides, or ends in what Windows drops.
 */
#include "feeds/feedpath.h"

#include <unictype.h>

#include "feeds/base/digest.h"
#include "feeds/base/text.h"
#include "feeds/base/uri.h"

enum {
	SUFFIX_DIGITS = 8,
	SLUG_MAX = FEED_NAME_MAX - SUFFIX_DIGITS - 1,
	PLAIN_MAX = FEED_NAME_MAX,
};

static bool is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

static void put_lower(struct buf *out, struct slice value)
{
	if (!is_ascii(value)) {
		text_put_lower(out, value);
		return;
	}
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
	}
}

void feed_value_key(struct slice value, struct buf *out)
{
	struct buf lower = BUF_INIT;
	struct slice text;
	size_t start = out->len, at = 0;
	bool blank = false, hyphen = false;

	put_lower(&lower, value);
	text = buf_slice(&lower);
	while (at < text.len) {
		size_t from = at;
		uint32_t c = text_next(text, &at);

		if (text_is_space(c)) {
			blank = true;
			continue;
		}
		if (c == '-') {
			hyphen = true;
			continue;
		}
		/* Blanks at the ends are nothing, hyphens there belong to the value. */
		if (hyphen || (blank && out->len > start))
			buf_putc(out, '-');
		blank = hyphen = false;
		buf_put(out, text.ptr + from, at - from);
	}
	if (hyphen)
		buf_putc(out, '-');
	buf_free(&lower);
}

/* How a character enters a slug: as a word's, as a mark on one, or not. */
static bool is_word(uint32_t c, bool after_word)
{
	if (c < 0x80)
		return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
	if (uc_is_property(c, UC_PROPERTY_DEFAULT_IGNORABLE_CODE_POINT))
		return false;
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N) ||
	       (after_word && uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M));
}

/* Append the slug of a key, whole characters up to `max` bytes. */
static void put_slug(struct buf *out, struct slice key, size_t max)
{
	size_t start = out->len, at = 0;
	bool word = false;

	while (at < key.len) {
		size_t from = at;
		bool gap = !word && out->len > start, was_word = word;

		word = is_word(text_next(key, &at), was_word);
		if (!word)
			continue;
		if (out->len - start + gap + (at - from) > max)
			return;
		if (gap)
			buf_putc(out, '-');
		buf_put(out, key.ptr + from, at - from);
	}
}

/* A device that Windows finds behind this name in any folder, whatever its extension. */
static bool is_device(struct slice name)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul"};
	struct slice rest;

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (slice_equal_str(name, devices[i]))
			return true;
	if (!slice_starts(name, "com") && !slice_starts(name, "lpt"))
		return false;
	rest = slice_from(name, 3);
	return (rest.len == 1 && rest.ptr[0] >= '0' && rest.ptr[0] <= '9') ||
	       slice_equal_str(rest, "¹") || slice_equal_str(rest, "²") ||
	       slice_equal_str(rest, "³");
}

static bool has_suffix(struct slice name)
{
	if (name.len <= SUFFIX_DIGITS || name.ptr[name.len - SUFFIX_DIGITS - 1] != '-')
		return false;
	for (size_t i = name.len - SUFFIX_DIGITS; i < name.len; i++) {
		char c = name.ptr[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return true;
}

static void put_name(struct buf *out, const char *token, struct slice key)
{
	size_t start = out->len;
	struct digest digest;
	struct slice slug;

	put_slug(out, key, PLAIN_MAX);
	slug = slice_from(buf_slice(out), start);
	if (key.len > 0 && slice_equal(slug, key) && !is_device(key) && !has_suffix(key))
		return;
	buf_cut(out, start);
	put_slug(out, key, SLUG_MAX);
	if (out->len == start)
		buf_puts(out, token);
	digest = digest_of(key.ptr, key.len);
	buf_putc(out, '-');
	for (size_t i = 0; i < SUFFIX_DIGITS / 2; i++)
		buf_printf(out, "%02x", digest.bytes[i]);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Index of the next `:token` at or after `from`, as a whole word; pattern.len when there is none. */
static size_t find_token(struct slice pattern, size_t from, const char *token)
{
	for (size_t at = from; (at = slice_find_byte(pattern, at, ':')) < pattern.len; at++) {
		struct slice rest = slice_from(pattern, at + 1);
		size_t len = strlen(token);

		if (slice_starts(rest, token) && (rest.len == len || !is_letter(rest.ptr[len])))
			return at;
	}
	return pattern.len;
}

bool feed_path_has(struct slice pattern, const char *token)
{
	return find_token(pattern, 0, token) < pattern.len;
}

void feed_path(struct slice pattern, const char *token, struct slice value, struct buf *out)
{
	struct buf key = BUF_INIT;
	size_t at = 0, found;

	feed_value_key(value, &key);
	while ((found = find_token(pattern, at, token)) < pattern.len) {
		buf_put_slice(out, slice_sub(pattern, at, found));
		put_name(out, token, buf_slice(&key));
		at = found + 1 + strlen(token);
	}
	buf_put_slice(out, slice_from(pattern, at));
	buf_free(&key);
}

void feed_url(struct slice site_url, struct slice path, struct buf *out)
{
	while (slice_starts(path, "./"))
		path = slice_from(path, 2);
	buf_put_slice(out, site_url);
	if (!slice_ends(site_url, "/"))
		buf_putc(out, '/');
	uri_put_path(out, path);
}

void feed_href(struct slice from, struct slice to, struct buf *out)
{
	size_t common = 0; /* length of the folders that both are in, with their "/" */

	for (size_t i = 0; i < from.len && i < to.len && from.ptr[i] == to.ptr[i]; i++)
		if (from.ptr[i] == '/')
			common = i + 1;
	from = slice_from(from, common);
	to = slice_from(to, common);
	/* A ":" in a first segment would be taken for a scheme (RFC 3986 section 4.2). */
	if (slice_find_byte(from, 0, '/') == from.len && slice_find_byte(to, 0, ':') < to.len)
		buf_puts(out, "./");
	for (size_t at = 0; (at = slice_find_byte(from, at, '/')) < from.len; at++)
		buf_puts(out, "../");
	uri_put_path(out, to);
}
