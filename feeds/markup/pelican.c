#include "feeds/markup/pelican.h"

#include "feeds/base/uri.h"
#include "feeds/permalink.h"

static const char *const words[] = {
    [PELICAN_NONE] = "",
    [PELICAN_FILENAME] = "filename",
    [PELICAN_STATIC] = "static",
    [PELICAN_ATTACH] = "attach",
    [PELICAN_PHOTO] = "photo",
    [PELICAN_TAG] = "tag",
    [PELICAN_CATEGORY] = "category",
    [PELICAN_AUTHOR] = "author",
    [PELICAN_INDEX] = "index",
};
enum { WORDS = sizeof(words) / sizeof(words[0]) };

/* `{filename}`, or `|filename|` of old; the brackets may come percent-encoded. */
static const struct {
	const char *open, *close;
} brackets[] = {
    {"{", "}"}, {"|", "|"}, {"%7B", "%7D"}, {"%7b", "%7d"}, {"%7C", "%7C"}, {"%7c", "%7c"}};

enum pelican_mark pelican_take(struct slice *value)
{
	for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++) {
		size_t start = strlen(brackets[i].open), end;

		if (!slice_starts(*value, brackets[i].open))
			continue;
		end = slice_find(*value, start, brackets[i].close);
		if (end == value->len)
			continue;
		for (size_t mark = PELICAN_FILENAME; mark < WORDS; mark++) {
			if (!slice_equal_nocase(slice_sub(*value, start, end), words[mark]))
				continue;
			*value = slice_from(*value, end + strlen(brackets[i].close));
			return (enum pelican_mark)mark;
		}
	}
	return PELICAN_NONE;
}

/* `tag/my-tag.html`, where Pelican has it unless it is told otherwise. */
static void put_list(
    const struct markup_source *source, enum pelican_mark mark, struct slice name, struct buf *out)
{
	struct buf decoded = BUF_INIT, path = BUF_INIT;

	uri_put_decoded(&decoded, name);
	buf_printf(&path, "%s/", words[mark]);
	permalink_put_title(&path, buf_slice(&decoded), PERMALINK_PELICAN);
	buf_puts(&path, ".html");
	uri_resolve(source->site_url, buf_slice(&path), out);
	buf_free(&decoded);
	buf_free(&path);
}

/* Content has its paths below this one, so that "/" and ".." in them are what they say. */
#define CONTENT "x:/"

/* Append the file's path within the content, where a path without "/" is from the article's folder. */
static void put_content_path(struct slice folder, struct slice value, struct buf *out)
{
	struct buf base = BUF_INIT, path = BUF_INIT;

	buf_puts(&base, CONTENT);
	buf_put_slice(&base, folder);
	uri_resolve(buf_slice(&base), value, &path);
	if (slice_starts(buf_slice(&path), CONTENT))
		buf_put_slice(out, slice_from(buf_slice(&path), strlen(CONTENT)));
	buf_free(&base);
	buf_free(&path);
}

/* A file from the article's folder, or below it, stays so; of others only the name stays. */
static struct slice beside_page(struct slice folder, struct slice path)
{
	struct uri uri;
	size_t name;

	if (path.len >= folder.len && slice_equal(slice_sub(path, 0, folder.len), folder))
		return slice_from(path, folder.len);
	uri_split(path, &uri);
	for (name = uri.path.len; name > 0 && uri.path.ptr[name - 1] != '/';)
		name--;
	return slice_from(path, name);
}

/* The URL of a file of the content. */
static void put_file(
    const struct markup_source *source, enum pelican_mark mark, struct slice value, struct buf *out)
{
	struct buf folder = BUF_INIT, path = BUF_INIT, link = BUF_INIT;
	struct slice shown;
	size_t len = source->path.len;

	while (len > 0 && source->path.ptr[len - 1] != '/')
		len--;
	uri_put_path(&folder, slice_sub(source->path, 0, len));
	put_content_path(buf_slice(&folder), value, &path);
	shown = buf_slice(&path);
	if (mark == PELICAN_ATTACH)
		shown = beside_page(buf_slice(&folder), shown);
	buf_puts(&link, "./"); /* a colon behind it ends no scheme */
	buf_put_slice(&link, shown);
	uri_resolve(
	    mark == PELICAN_ATTACH ? source->page_url : source->site_url, buf_slice(&link), out);
	buf_free(&folder);
	buf_free(&path);
	buf_free(&link);
}

void pelican_put(
    const struct htmlurl *url, enum pelican_mark mark, struct slice value, struct buf *out)
{
	bool rooted = slice_starts(value, "/");
	struct slice path = value;

	while (slice_starts(path, "/"))
		path = slice_from(path, 1);
	switch (mark) {
	case PELICAN_TAG:
	case PELICAN_CATEGORY:
	case PELICAN_AUTHOR: put_list(url->source, mark, path, out); break;
	case PELICAN_INDEX: uri_resolve(url->source->site_url, path, out); break;
	case PELICAN_FILENAME:
	case PELICAN_STATIC:
	case PELICAN_ATTACH:
		/* One "/" is the content's root, two would be a host. */
		put_file(
		    url->source, mark, rooted ? slice_make(path.ptr - 1, path.len + 1) : path, out);
		break;
	default: uri_resolve(rooted ? url->source->site_url : url->base, path, out);
	}
}
