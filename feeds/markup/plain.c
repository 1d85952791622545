#include "feeds/markup/plain.h"

#include "feeds/markup/bare_url.h"
#include "feeds/markup/htmlescape.h"

void plain_put_linked(struct buf *out, struct slice text)
{
	struct bare_url url;
	size_t done = 0;

	while (bare_url_find(text, done, &url)) {
		htmlescape_put(out, slice_sub(text, done, url.start));
		buf_printf(out, "<a href=\"%s", url.scheme);
		htmlescape_put(out, slice_sub(text, url.start, url.end));
		buf_puts(out, "\">");
		htmlescape_put(out, slice_sub(text, url.start, url.end));
		buf_puts(out, "</a>");
		done = url.end;
	}
	htmlescape_put(out, slice_from(text, done));
}
