#include "config/links.h"

#include "feeds/feedpath.h"
#include "feeds/format/html.h"

static void put_feed(const struct config *config, const struct config_feed *feed,
    struct slice title, struct buf *out)
{
	struct xmlout xml;

	xmlout_start(&xml, out);
	for (size_t i = 0; i < FORMAT_FEEDS; i++) {
		struct feed_document document = {formats[i]->title, formats[i]->media_type, {0}};
		struct buf url = BUF_INIT;

		if (!feed->paths[i])
			continue;
		feed_url(slice_of(config->site.url), slice_of(feed->paths[i]), &url);
		document.url = buf_slice(&url);
		html_alternate(&xml, title, &document);
		buf_free(&url);
	}
}

void links_put(const struct config *config, struct buf *out)
{
	buf_puts(out, "<!-- For the head of every page. -->\n");
	for (size_t i = 0; i < config->feeds_len; i++) {
		const struct config_feed *feed = &config->feeds[i];
		const char *title = feed->title ? feed->title : config->site.title;
		const char *by = query_by_name(feed->by);
		struct buf with_value = BUF_INIT;

		if (!*by) {
			put_feed(config, feed, slice_of(title), out);
			continue;
		}
		/* "-->" cannot stand in what is escaped. */
		buf_printf(
		    out, "<!-- For the page of each %s, with its name in place of :%s.\n", by, by);
		buf_printf(&with_value, "%s: :%s", title, by);
		put_feed(config, feed, buf_slice(&with_value), out);
		buf_puts(out, "-->\n");
		buf_free(&with_value);
	}
}
