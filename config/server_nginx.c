/* nginx, https://nginx.org/en/docs/: its words and its quoting. */
#include "config/server.h"

/* No quoting takes a "$" out of a variable's name, so such a URL is named as it was asked for. */
static bool is_plain(const struct server_file *file)
{
	return file->self.len > 0 && slice_find_byte(file->self, 0, '$') == file->self.len;
}

static void put_hub_safely(struct buf *out, struct slice link)
{
	for (size_t i = 0; i < link.len; i++) {
		if (link.ptr[i] == '$')
			buf_puts(out, "%24");
		else
			buf_putc(out, link.ptr[i]);
	}
}

static void put_links(const struct server_file *file, struct buf *out)
{
	struct server_file shown = *file;
	struct buf link = BUF_INIT;

	if (!is_plain(file))
		shown.self = SLICE("");
	server_put_link(&shown, "\\", "\1", &link);
	buf_puts(out, "\tadd_header Link \"");
	if (is_plain(file)) {
		put_hub_safely(out, buf_slice(&link));
	} else {
		size_t asked = slice_find_byte(buf_slice(&link), 0, '\1');

		put_hub_safely(out, slice_sub(buf_slice(&link), 0, asked));
		buf_puts(out, "$feedd_path");
		put_hub_safely(out, slice_from(buf_slice(&link), asked + 1));
	}
	buf_puts(out, "\";\n");
	buf_free(&link);
}

static void put_file(const struct server_file *file, struct buf *out)
{
	buf_puts(out, file->path.len ? "\nlocation = \"" : "\nlocation ~ \"");
	server_put_quoted(out, file->path.len ? file->path : file->regex);
	buf_printf(out, "\" {\n\ttypes { }\n\tdefault_type \"%s\";\n", file->type);
	if (!is_plain(file))
		/* As it came, without the query: $uri is decoded, and so is what `set` takes. */
		buf_puts(out, "\tif ($request_uri ~ \"^(?<feedd_path>[^?]+)\") { }\n");
	put_links(file, out);
	buf_printf(out, "\tadd_header Cache-Control \"%s\";\n", file->cache);
	if (file->config->output.gzip)
		buf_puts(out, "\tgzip_static on;\n\tgzip_vary on;\n");
	if (file->config->output.brotli)
		buf_puts(out, "\tbrotli_static on; # libnginx-mod-http-brotli-static\n");
	buf_puts(out, "}\n");
}

const struct server server_nginx = {
    "nginx",
    "# Include this in the server block of the site, whose root leads to output.dir. Headers that\n"
    "# are added around these blocks do not reach into them: repeat here what you need.\n",
    put_file,
};
