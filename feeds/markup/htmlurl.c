#include "feeds/markup/htmlurl.h"

#include "feeds/base/uri.h"
#include "feeds/markup/pelican.h"

enum {
	CANDIDATES_MAX = 64,	/* of a srcset */
	LINK_TARGET_MAX = 1024, /* bytes of a path that may be a source file's */
};

static const char *const link_schemes[] = {"http", "https", "mailto", "tel", "sms", "ftp", "ftps",
    "sftp", "xmpp", "sip", "sips", "gemini", "gopher", "magnet", "geo", "irc", "ircs", "matrix",
    "nntp", "news", "webcal", "feed", "bitcoin", "ethereum", "git", "ssh", "svn", "doi", "urn",
    "tag", "ipfs", "ipns", "dat", "nostr", "signal", "skype", "callto", "facetime", "spotify",
    "steam", "vnc", "web+ap", NULL};
static const char *const media_schemes[] = {"http", "https", NULL};

/* Raster images. SVG holds scripts and styles, and stays out. */
static const char *const data_types[] = {"data:image/png", "data:image/gif", "data:image/jpeg",
    "data:image/jpg", "data:image/webp", "data:image/avif", NULL};

/* Extensions of source files that have pages; `rooted`: also in a path from the root. */
static const struct source_type {
	const char *extension;
	bool rooted;
} source_types[] = {
    {".md", true},
    {".markdown", true},
    {".mdown", true},
    {".mkd", true},
    {".mkdn", true},
    {".mdwn", true},
    {".mdx", true},
    {".rmd", true},
    {".gmi", true},
    {".gemini", true},
    /* From the root these are URLs of pages, as generators write them. */
    {".html", false},
    {".htm", false},
    {".xhtml", false},
    {".txt", false},
    {".text", false},
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool in_list(struct slice word, const char *const *list)
{
	for (; *list; list++) {
		if (slice_equal_nocase(word, *list))
			return true;
	}
	return false;
}

/*
 * Is the scheme, if there is one, on the list? Controls and blanks do not
 * count: browsers drop some of them before they look, and this drops more.
 */
static bool scheme_allowed(struct slice value, const char *const *list)
{
	char scheme[16];
	size_t len = 0;

	for (size_t i = 0; i < value.len; i++) {
		uint8_t c = (uint8_t)value.ptr[i];

		if (c <= ' ' || c == 0x7f)
			continue;
		if (c == '/' || c == '?' || c == '#')
			return true; /* a path, before any colon */
		if (c == ':')
			return in_list(slice_make(scheme, len), list);
		if (len == sizeof(scheme)) {
			/* Too long for any on the list: a scheme only if a colon ends it. */
			size_t colon = slice_find_byte(value, i, ':');
			struct slice rest = slice_sub(value, i, colon);

			return colon == value.len || slice_find_byte(rest, 0, '/') < rest.len ||
			       slice_find_byte(rest, 0, '?') < rest.len ||
			       slice_find_byte(rest, 0, '#') < rest.len;
		}
		scheme[len++] = (char)c;
	}
	return true;
}

/* ---- links ---- */

/* Could the path be that of a source file? Not when it is plainly a page's or a picture's. */
static bool is_source_path(struct slice path)
{
	bool rooted = slice_starts(path, "/");
	size_t name = path.len;

	if (path.len == 0 || path.len > LINK_TARGET_MAX)
		return false;
	if (slice_starts(path, "@/"))
		return true;
	for (size_t i = 0; i < sizeof(source_types) / sizeof(source_types[0]); i++) {
		if (slice_ends_nocase(path, source_types[i].extension))
			return !rooted || source_types[i].rooted;
	}
	if (rooted)
		return false;
	while (name > 0 && path.ptr[name - 1] != '/')
		name--;
	/* No extension: as people write who leave it out, or link to a page's folder. */
	return slice_find_byte(path, name, '.') == path.len && !slice_equal_str(path, "./");
}

/* The URL of the article whose source file `path` is. */
static bool put_article(const struct htmlurl *url, struct slice path, struct buf *out)
{
	const struct links *links = url->source->links;
	struct buf found = BUF_INIT;
	bool ok;

	if (!links || !is_source_path(path))
		return false;
	ok = links->find(links->arg, url->source->path, path, &found);
	if (ok) /* it is a URL already; this makes sure of it */
		uri_resolve(url->base, buf_slice(&found), out);
	buf_free(&found);
	return ok;
}

bool htmlurl_put_link(const struct htmlurl *url, struct slice value, struct buf *out)
{
	enum pelican_mark mark;
	struct uri uri;

	value = slice_trim(value);
	mark = pelican_take(&value);
	if (!scheme_allowed(value, link_schemes))
		return false;
	uri_split(value, &uri);
	if (!uri.has_scheme && !uri.has_authority && (!mark || mark == PELICAN_FILENAME) &&
	    put_article(url, uri.path, out)) {
		struct buf with = BUF_INIT;

		if (!uri.has_query && !uri.has_fragment)
			return true;
		/* What stood behind the path goes behind the URL. */
		uri_resolve(SLICE("x:/"), slice_from(value, uri.path.len), &with);
		buf_put_slice(out, slice_from(buf_slice(&with), strlen("x:/")));
		buf_free(&with);
		return true;
	}
	if (slice_starts(value, "@/") || slice_equal_str(value, "#"))
		return false; /* Zola's, to an article that is not there; a link for scripts */
	if (mark)
		pelican_put(url, mark, value, out);
	else
		uri_resolve(url->base, value, out);
	return true;
}

/* ---- media ---- */

static bool is_image_data(struct slice value)
{
	for (const char *const *type = data_types; *type; type++) {
		size_t len = strlen(*type);

		if (slice_starts_nocase(value, *type) && value.len > len &&
		    (value.ptr[len] == ';' || value.ptr[len] == ','))
			return true;
	}
	return false;
}

bool htmlurl_is_placeholder(struct slice value)
{
	/* GIF89a and GIF87a of one dot by one, in base64. */
	return slice_find(value, 0, "base64,R0lGODlhAQABA") < value.len ||
	       slice_find(value, 0, "base64,R0lGODdhAQABA") < value.len;
}

bool htmlurl_put_media(const struct htmlurl *url, struct slice value, struct buf *out)
{
	enum pelican_mark mark;

	value = slice_trim(value);
	if (value.len == 0)
		return false;
	if (is_image_data(value)) {
		uri_resolve(url->base, value, out);
		return true;
	}
	if (!scheme_allowed(value, media_schemes))
		return false;
	mark = pelican_take(&value);
	if (slice_starts(value, "@/") || slice_equal_str(value, "#"))
		return false; /* Zola's, to an article that is not there; a link for scripts */
	if (mark)
		pelican_put(url, mark, value, out);
	else
		uri_resolve(url->base, value, out);
	return true;
}

/* ---- srcset ---- */

/* "800w", "1.5x": digits with at most one point, then the letter. */
static bool is_descriptor(struct slice s)
{
	bool point = false;

	if (s.len < 2 || s.len > 8 || (s.ptr[s.len - 1] != 'w' && s.ptr[s.len - 1] != 'x'))
		return false;
	for (size_t i = 0; i + 1 < s.len; i++) {
		if (s.ptr[i] == '.' && !point && i > 0)
			point = true;
		else if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	}
	return true;
}

/* Take the next candidate off *rest. A URL may hold commas, but not end with one. */
static bool next_candidate(struct slice *rest, struct slice *link, struct slice *descriptor)
{
	struct slice s = *rest;
	size_t at = 0, end;

	while (at < s.len && (is_blank(s.ptr[at]) || s.ptr[at] == ','))
		at++;
	end = at;
	while (end < s.len && !is_blank(s.ptr[end]))
		end++;
	*link = slice_sub(s, at, end);
	*descriptor = SLICE_NONE;
	*rest = slice_from(s, end);
	if (link->len == 0)
		return false;
	if (link->ptr[link->len - 1] == ',') {
		while (link->len > 0 && link->ptr[link->len - 1] == ',')
			link->len--;
		return true;
	}
	end = slice_find_byte(*rest, 0, ',');
	*descriptor = slice_trim(slice_sub(*rest, 0, end));
	*rest = slice_from(*rest, end);
	return true;
}

bool htmlurl_put_srcset(const struct htmlurl *url, struct slice value, struct buf *out)
{
	struct slice link, descriptor;
	size_t start = out->len;

	for (unsigned n = 0; n < CANDIDATES_MAX && next_candidate(&value, &link, &descriptor);
	     n++) {
		size_t before = out->len;

		if (before > start)
			buf_puts(out, ", ");
		if (htmlurl_is_placeholder(link) || !htmlurl_put_media(url, link, out)) {
			buf_cut(out, before);
			continue;
		}
		if (is_descriptor(descriptor)) {
			buf_putc(out, ' ');
			buf_put_slice(out, descriptor);
		}
	}
	return out->len > start;
}
