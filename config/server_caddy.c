/*
 * Caddy 2, https://caddyserver.com/docs/caddyfile: its words.
 * Between backquotes everything is itself, and no backquote is in a URL or an expression.
 */
#include "config/server.h"

static void put_file(const struct server_file *file, struct buf *out)
{
	bool gzip = file->config->output.gzip, brotli = file->config->output.brotli;
	struct buf asked = BUF_INIT;

	buf_printf(&asked, "{feedd%zu}", file->number);
	buf_printf(out, "\n@feedd%zu path_regexp `%.*s`\n", file->number, SLICE_FMT(file->regex));
	/* As it came, without the query: the path that Caddy knows is decoded. */
	if (!file->self.len)
		buf_printf(out, "map {http.request.orig_uri} %s {\n\t`~^([^?]+)` `${1}`\n}\n",
		    buf_string(&asked));
	buf_printf(
	    out, "header @feedd%zu {\n\tContent-Type \"%s\"\n\tLink `", file->number, file->type);
	server_put_link(file, "", buf_string(&asked), out);
	buf_printf(out, "`\n\tCache-Control \"%s\"\n}\n", file->cache);
	if (gzip || brotli)
		buf_printf(out, "file_server @feedd%zu {\n\tprecompressed%s%s\n}\n", file->number,
		    brotli ? " br" : "", gzip ? " gzip" : "");
	buf_free(&asked);
}

const struct server server_caddy = {
    "caddy",
    "# Import this in the block of the site, whose root leads to output.dir and that has "
    "file_server.\n",
    put_file,
};
