#include "feeds/markup/plain.h"

#include "feeds/markup/bare_url.h"

void plain_put(struct slice text, struct buf *html)
{
	size_t done = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *reference;

		switch (text.ptr[i]) {
		case '&': reference = "&amp;"; break;
		case '<': reference = "&lt;"; break;
		case '>': reference = "&gt;"; break;
		case '"': reference = "&quot;"; break;
		default: continue;
		}
		buf_put_slice(html, slice_sub(text, done, i));
		buf_puts(html, reference);
		done = i + 1;
	}
	buf_put_slice(html, slice_from(text, done));
}

void plain_put_linked(struct slice text, struct buf *html)
{
	struct bare_url url;
	size_t done = 0;

	while (bare_url_find(text, done, &url)) {
		plain_put(slice_sub(text, done, url.start), html);
		buf_printf(html, "<a href=\"%s", url.scheme);
		plain_put(slice_sub(text, url.start, url.end), html);
		buf_puts(html, "\">");
		plain_put(slice_sub(text, url.start, url.end), html);
		buf_puts(html, "</a>");
		done = url.end;
	}
	plain_put(slice_from(text, done), html);
}
