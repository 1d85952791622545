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
	permalink_put_slug(&path, buf_slice(&decoded));
	buf_puts(&path, ".html");
	uri_resolve(source->site_url, buf_slice(&path), out);
	buf_free(&decoded);
	buf_free(&path);
}

/* A path from the root is meant from the site's. */
void pelican_put(
    const struct htmlurl *url, enum pelican_mark mark, struct slice value, struct buf *out)
{
	bool rooted = slice_starts(value, "/");

	while (slice_starts(value, "/"))
		value = slice_from(value, 1);
	switch (mark) {
	case PELICAN_TAG:
	case PELICAN_CATEGORY:
	case PELICAN_AUTHOR: put_list(url->source, mark, value, out); break;
	case PELICAN_INDEX: uri_resolve(url->source->site_url, value, out); break;
	default: uri_resolve(rooted ? url->source->site_url : url->base, value, out);
	}
}
