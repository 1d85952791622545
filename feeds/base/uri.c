#include "feeds/base/uri.h"

#include <idn2.h>
#include <stdint.h>

/* Where a byte may stand as it is: RFC 3986 section 3.3, 3.4, 3.5, 3.2.1, 3.2.2, 2.3. */
enum {
	IN_PATH = 1,  /* pchar and "/" */
	IN_QUERY = 2, /* pchar, "/" and "?": queries and fragments */
	IN_USER = 4,  /* userinfo */
	IN_HOST = 8,  /* reg-name */
	IN_SCHEME = 16,
	IN_NAME = 32,  /* of what a name in the DNS is made, the underscore of use included */
	IN_VALUE = 64, /* unreserved */
	ANYWHERE = IN_PATH | IN_QUERY | IN_USER | IN_HOST,
};

static const uint8_t allowed[256] = {
    ['a' ... 'z'] = ANYWHERE | IN_SCHEME | IN_NAME | IN_VALUE,
    ['A' ... 'Z'] = ANYWHERE | IN_SCHEME | IN_NAME | IN_VALUE,
    ['0' ... '9'] = ANYWHERE | IN_SCHEME | IN_NAME | IN_VALUE,
    ['-'] = ANYWHERE | IN_SCHEME | IN_NAME | IN_VALUE,
    ['.'] = ANYWHERE | IN_SCHEME | IN_NAME | IN_VALUE,
    ['_'] = ANYWHERE | IN_NAME | IN_VALUE,
    ['~'] = ANYWHERE | IN_VALUE,
    ['!'] = ANYWHERE,
    ['$'] = ANYWHERE,
    ['&'] = ANYWHERE,
    ['\''] = ANYWHERE,
    ['('] = ANYWHERE,
    [')'] = ANYWHERE,
    ['*'] = ANYWHERE,
    ['+'] = ANYWHERE | IN_SCHEME,
    [','] = ANYWHERE,
    [';'] = ANYWHERE,
    ['='] = ANYWHERE,
    [':'] = IN_PATH | IN_QUERY | IN_USER,
    ['@'] = IN_PATH | IN_QUERY,
    ['/'] = IN_PATH | IN_QUERY,
    ['?'] = IN_QUERY,
};

/* Longer than any name in the DNS (255 octets) can be in UTF-8. */
enum { HOST_MAX = 1024 };

struct authority {
	struct slice user, host, port;
	bool has_user, has_port;
};

static bool is_allowed(char c, uint8_t where)
{
	return (allowed[(uint8_t)c] & where) != 0;
}

static bool all_allowed(struct slice s, uint8_t where)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_allowed(s.ptr[i], where))
			return false;
	}
	return true;
}

/* -1 for what is no hexadecimal digit. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = slice_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Is there a valid escape, "%" and two digits, at s[at]? */
static bool is_escape(struct slice s, size_t at)
{
	return s.len - at >= 3 && s.ptr[at] == '%' && hex_value(s.ptr[at + 1]) >= 0 &&
	       hex_value(s.ptr[at + 2]) >= 0;
}

static void put_escaped(struct buf *out, char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char escape[3] = {'%', digits[(uint8_t)c >> 4], digits[(uint8_t)c & 15]};

	buf_put(out, escape, sizeof(escape));
}

/* Valid escapes stay, the rest that may not stand `where` becomes one. */
static void put_encoded(struct buf *out, struct slice s, uint8_t where)
{
	size_t run = 0; /* start of the bytes not yet written, which stay as they are */

	for (size_t i = 0; i < s.len; i++) {
		if (is_allowed(s.ptr[i], where) || is_escape(s, i))
			continue;
		buf_put_slice(out, slice_sub(s, run, i));
		put_escaped(out, s.ptr[i]);
		run = i + 1;
	}
	buf_put_slice(out, slice_from(s, run));
}

static void put_lower(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		buf_putc(out, slice_lower(s.ptr[i]));
}

/* scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ); its length, 0 without one. */
static size_t scheme_length(struct slice text)
{
	size_t colon = slice_find_byte(text, 0, ':');

	if (colon == 0 || colon == text.len || slice_lower(text.ptr[0]) < 'a' ||
	    slice_lower(text.ptr[0]) > 'z' || !all_allowed(slice_sub(text, 0, colon), IN_SCHEME))
		return 0;
	return colon;
}

void uri_split(struct slice text, struct uri *out)
{
	size_t end = scheme_length(text);

	*out = (struct uri){.path = text};
	if (end > 0) {
		out->has_scheme = true;
		out->scheme = slice_sub(text, 0, end);
		text = slice_from(text, end + 1);
	}
	end = slice_find_byte(text, 0, '#');
	if (end < text.len) {
		out->has_fragment = true;
		out->fragment = slice_from(text, end + 1);
		text.len = end;
	}
	end = slice_find_byte(text, 0, '?');
	if (end < text.len) {
		out->has_query = true;
		out->query = slice_from(text, end + 1);
		text.len = end;
	}
	if (slice_starts(text, "//")) {
		text = slice_from(text, 2);
		end = slice_find_byte(text, 0, '/');
		out->has_authority = true;
		out->authority = slice_sub(text, 0, end);
		text = slice_from(text, end);
	}
	out->path = text;
}

/* authority = [ userinfo "@" ] host [ ":" port ], section 3.2. */
static struct authority authority_split(struct slice text)
{
	struct authority parts = {.host = text};
	size_t at = text.len;

	/* The last "@" ends the user, as browsers have it: others are his, unescaped. */
	while (at > 0 && text.ptr[at - 1] != '@')
		at--;
	if (at > 0) {
		parts.has_user = true;
		parts.user = slice_sub(text, 0, at - 1);
		parts.host = slice_from(text, at);
	}
	at = parts.host.len;
	while (at > 0 && parts.host.ptr[at - 1] >= '0' && parts.host.ptr[at - 1] <= '9')
		at--;
	if (at > 0 && parts.host.ptr[at - 1] == ':') {
		parts.port = slice_from(parts.host, at);
		parts.has_port = parts.port.len > 0; /* section 6.2.3: an empty one goes */
		parts.host.len = at - 1;
	}
	return parts;
}

/* IP-literal = "[" ( IPv6address / IPvFuture ) "]", by the characters they are made of. */
static bool is_ip_literal(struct slice host)
{
	if (host.len < 4 || host.ptr[0] != '[' || host.ptr[host.len - 1] != ']')
		return false;
	host = slice_sub(host, 1, host.len - 1);
	if (slice_lower(host.ptr[0]) == 'v') {
		size_t dot = slice_find_byte(host, 0, '.');

		if (dot < 2 || host.len - dot < 2)
			return false;
		for (size_t i = 1; i < dot; i++) {
			if (hex_value(host.ptr[i]) < 0)
				return false;
		}
		return all_allowed(slice_from(host, dot + 1), IN_USER);
	}
	for (size_t i = 0; i < host.len; i++) {
		if (hex_value(host.ptr[i]) < 0 && host.ptr[i] != ':' && host.ptr[i] != '.')
			return false;
	}
	return slice_find_byte(host, 0, ':') < host.len;
}

/* The A-labels of a name that is not ASCII; false when IDNA 2008 refuses it. */
static bool put_a_labels(struct buf *out, struct slice host)
{
	struct buf name = BUF_INIT;
	char *ascii = NULL;
	bool done = false;

	if (host.len > HOST_MAX)
		return false;
	uri_put_decoded(&name, host);
	/* A NUL inside would hide what is behind it. */
	if (strlen(buf_string(&name)) == name.len &&
	    idn2_to_ascii_8z(buf_string(&name), &ascii, IDN2_NONTRANSITIONAL) == IDN2_OK &&
	    all_allowed(slice_of(ascii), IN_NAME)) {
		put_lower(out, slice_of(ascii));
		done = true;
	}
	idn2_free(ascii);
	buf_free(&name);
	return done;
}

static void put_host(struct buf *out, struct slice host)
{
	struct buf encoded = BUF_INIT;

	if (all_allowed(host, IN_NAME) || is_ip_literal(host)) {
		put_lower(out, host);
		return;
	}
	if (put_a_labels(out, host))
		return;
	put_encoded(&encoded, host, IN_HOST);
	for (size_t i = 0; i < encoded.len; i++) {
		if (encoded.data[i] == '%') { /* the digits of an escape keep their case */
			buf_put(out, encoded.data + i, 3);
			i += 2;
		} else {
			buf_putc(out, slice_lower(encoded.data[i]));
		}
	}
	buf_free(&encoded);
}

static void put_authority(struct buf *out, struct slice text)
{
	struct authority parts = authority_split(text);

	if (parts.has_user) {
		put_encoded(out, parts.user, IN_USER);
		buf_putc(out, '@');
	}
	put_host(out, parts.host);
	if (parts.has_port) {
		buf_putc(out, ':');
		buf_put_slice(out, parts.port);
	}
}

/* Take the next segment, with the "/" before it, off *rest. */
static struct slice next_segment(struct slice *rest)
{
	size_t end = slice_find_byte(*rest, rest->ptr[0] == '/' ? 1 : 0, '/');
	struct slice segment = slice_sub(*rest, 0, end);

	*rest = slice_from(*rest, end);
	return segment;
}

/* Section 5.2.4, on a path that starts with "/" or is empty. */
static void put_without_dots(struct buf *out, struct slice path)
{
	size_t start = out->len;

	while (path.len > 0) {
		struct slice segment = next_segment(&path);
		struct slice name = segment.ptr[0] == '/' ? slice_from(segment, 1) : segment;
		bool up = slice_equal_str(name, "..");

		if (up) {
			size_t len = out->len;

			while (len > start && out->data[--len] != '/')
				;
			buf_cut(out, len);
		}
		if (!up && !slice_equal_str(name, "."))
			buf_put_slice(out, segment);
		else if (path.len == 0)
			buf_putc(out, '/'); /* "/a/." and "/a/b/.." are folders */
	}
}

/* Section 5.2.3: the base's folder, then the reference's path. */
static void put_merged(struct buf *out, const struct uri *base, struct slice path)
{
	size_t folder = base->path.len;

	while (folder > 0 && base->path.ptr[folder - 1] != '/')
		folder--;
	if (folder == 0 && base->has_authority)
		buf_putc(out, '/');
	buf_put_slice(out, slice_sub(base->path, 0, folder));
	buf_put_slice(out, path);
}

/* The path of the target, without dots. */
static void put_target_path(
    struct buf *out, const struct uri *base, const struct uri *ref, const struct uri *target)
{
	struct buf merged = BUF_INIT, path = BUF_INIT;
	struct slice raw = ref->path;

	if (!ref->has_scheme && !ref->has_authority) {
		if (ref->path.len == 0) {
			raw = base->path;
		} else if (ref->path.ptr[0] != '/') {
			put_merged(&merged, base, ref->path);
			raw = buf_slice(&merged);
		}
	}
	/* An opaque path (mailto:, magnet:) has no segments and stays as it is. */
	if (raw.len > 0 && raw.ptr[0] == '/') {
		put_without_dots(&path, raw);
		raw = buf_slice(&path);
	}
	/* Section 3.3: without an authority a path cannot begin with two slashes. */
	if (!target->has_authority && slice_starts(raw, "//"))
		buf_puts(out, "/.");
	put_encoded(out, raw, IN_PATH);
	buf_free(&merged);
	buf_free(&path);
}

/* Section 5.2.2, which decides piece by piece whose it is, and 5.3. */
static void put_target(struct buf *out, const struct uri *base, const struct uri *ref)
{
	struct uri target = *ref;

	if (!ref->has_scheme) {
		target.has_scheme = base->has_scheme;
		target.scheme = base->scheme;
		if (!ref->has_authority) {
			target.has_authority = base->has_authority;
			target.authority = base->authority;
			if (ref->path.len == 0 && !ref->has_query) {
				target.has_query = base->has_query;
				target.query = base->query;
			}
		}
	}
	if (target.has_scheme) {
		put_lower(out, target.scheme);
		buf_putc(out, ':');
	}
	if (target.has_authority) {
		buf_puts(out, "//");
		put_authority(out, target.authority);
	}
	put_target_path(out, base, ref, &target);
	if (target.has_query) {
		buf_putc(out, '?');
		put_encoded(out, target.query, IN_QUERY);
	}
	if (target.has_fragment) {
		buf_putc(out, '#');
		put_encoded(out, target.fragment, IN_QUERY);
	}
}

void uri_resolve(struct slice base, struct slice reference, struct buf *out)
{
	struct buf joined = BUF_INIT;
	struct uri from, ref;
	bool wrapped = false;

	reference = slice_trim(reference);
	for (size_t i = 0; i < reference.len && !wrapped; i++) {
		char c = reference.ptr[i];

		wrapped = c == '\n' || c == '\t' || c == '\r';
	}
	/* A URL broken over lines is one URL, without what the break put into it. */
	if (wrapped) {
		for (size_t i = 0; i < reference.len; i++) {
			char c = reference.ptr[i];

			if (c != '\n' && c != '\t' && c != '\r')
				buf_putc(&joined, c);
		}
		reference = buf_slice(&joined);
	}
	uri_split(slice_trim(base), &from);
	uri_split(reference, &ref);
	put_target(out, &from, &ref);
	buf_free(&joined);
}

bool uri_is_web(struct slice text)
{
	struct buf name = BUF_INIT;
	struct authority parts;
	struct uri uri;
	bool ok;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = (uint8_t)text.ptr[i];

		if (c <= ' ' || c == 0x7f || c == '\\')
			return false;
	}
	uri_split(text, &uri);
	if (!slice_equal_nocase(uri.scheme, "http") && !slice_equal_nocase(uri.scheme, "https"))
		return false;
	parts = authority_split(uri.authority);
	if (parts.host.len == 0 || parts.port.len > 5)
		return false;
	if (is_ip_literal(parts.host) || all_allowed(parts.host, IN_NAME))
		return parts.host.ptr[0] != '.';
	/* What is left must be a name beyond ASCII that the DNS can hold. */
	ok = put_a_labels(&name, parts.host);
	buf_free(&name);
	return ok;
}

/* What may not stand `where` becomes an escape, "%" too. */
static void put_bytes(struct buf *out, struct slice bytes, uint8_t where)
{
	size_t run = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		if (is_allowed(bytes.ptr[i], where))
			continue;
		buf_put_slice(out, slice_sub(bytes, run, i));
		put_escaped(out, bytes.ptr[i]);
		run = i + 1;
	}
	buf_put_slice(out, slice_from(bytes, run));
}

void uri_put_path(struct buf *out, struct slice bytes)
{
	put_bytes(out, bytes, IN_PATH);
}

void uri_put_value(struct buf *out, struct slice bytes)
{
	put_bytes(out, bytes, IN_VALUE);
}

void uri_put_with(struct buf *out, struct slice url, const char *name, struct slice value)
{
	struct slice whole = slice_sub(url, 0, slice_find_byte(url, 0, '#'));

	buf_put_slice(out, whole);
	if (slice_find_byte(whole, 0, '?') == whole.len)
		buf_putc(out, '?');
	else if (!slice_ends(whole, "?") && !slice_ends(whole, "&"))
		buf_putc(out, '&');
	uri_put_value(out, slice_of(name));
	buf_putc(out, '=');
	uri_put_value(out, value);
}

void uri_put_decoded(struct buf *out, struct slice text)
{
	size_t run = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (!is_escape(text, i))
			continue;
		buf_put_slice(out, slice_sub(text, run, i));
		buf_putc(out, (char)(hex_value(text.ptr[i + 1]) << 4 | hex_value(text.ptr[i + 2])));
		i += 2;
		run = i + 1;
	}
	buf_put_slice(out, slice_from(text, run));
}

void uri_put_host(struct buf *out, struct slice url)
{
	struct uri uri;

	uri_split(slice_trim(url), &uri);
	put_host(out, authority_split(uri.authority).host);
}
