/* The Apache HTTP server 2.4, https://httpd.apache.org/docs/2.4/: its words and its quoting. */
#include "config/server.h"

/* In a value of mod_headers, "%" begins what is filled in. */
static void put_percents(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '%')
			buf_putc(out, '%');
		buf_putc(out, text.ptr[i]);
	}
}

static void put_link(const struct server_file *file, struct buf *out)
{
	struct buf link = BUF_INIT;
	size_t asked;

	/* As it came, without the query: REQUEST_URI is decoded. */
	if (!file->self.len)
		buf_puts(out, "\tSetEnvIfExpr \"%{THE_REQUEST} =~ m#^\\S+ ([^? ]+)#\" "
			      "feedd_path=$1\n");
	server_put_link(file, "\\", "\1", &link);
	asked = slice_find_byte(buf_slice(&link), 0, '\1');
	buf_puts(out, "\tHeader set Link \"");
	put_percents(out, slice_sub(buf_slice(&link), 0, asked));
	if (!file->self.len) {
		buf_puts(out, "%{feedd_path}e");
		put_percents(out, slice_from(buf_slice(&link), asked + 1));
	}
	buf_puts(out, "\"\n");
	buf_free(&link);
}

/* The copy goes out in place of the file to whoever takes it. */
static void put_copy(
    const struct server_file *file, const char *coding, const char *ending, struct buf *out)
{
	struct slice inner = slice_sub(file->regex, 1, file->regex.len - 1);

	/* RewriteRule knows no quoting; nothing in the expression needs any. */
	buf_printf(out,
	    "RewriteCond \"%%{HTTP:Accept-Encoding}\" \"\\b%s\\b\"\n"
	    "RewriteCond \"%%{DOCUMENT_ROOT}%%{REQUEST_URI}.%s\" -s\n"
	    "RewriteRule \"^(%.*s)$\" \"%%{DOCUMENT_ROOT}$1.%s\" [L,E=feedd_coding:%s]\n",
	    coding, ending, SLICE_FMT(inner), ending, coding);
}

static void put_file(const struct server_file *file, struct buf *out)
{
	bool gzip = file->config->output.gzip, brotli = file->config->output.brotli;

	buf_putc(out, '\n');
	if (file->number == 1 && (gzip || brotli))
		buf_puts(out, "RewriteEngine On\n");
	if (brotli)
		put_copy(file, "br", "br", out);
	if (gzip)
		put_copy(file, "gzip", "gz", out);
	buf_puts(out, "<LocationMatch \"");
	server_put_quoted(out, file->regex);
	buf_printf(out, "\">\n\tForceType \"%s\"\n", file->type);
	put_link(file, out);
	buf_printf(out, "\tHeader set Cache-Control \"%s\"\n\tFileETag MTime Size\n", file->cache);
	if (gzip || brotli)
		buf_puts(out,
		    "\tRemoveEncoding .gz .br\n\tSetEnv no-gzip 1\n\tSetEnv no-brotli 1\n"
		    "\tHeader set Content-Encoding \"%{feedd_coding}e\" env=feedd_coding\n"
		    "\tHeader merge Vary Accept-Encoding\n");
	buf_puts(out, "</LocationMatch>\n");
}

const struct server server_apache = {
    "apache",
    "# Include this in the virtual host of the site, whose DocumentRoot leads to output.dir. It\n"
    "# needs mod_headers and mod_setenvif, and with output.compress mod_rewrite (a2enmod).\n",
    put_file,
};
