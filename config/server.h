/*
 * server: what a web server has to be told to serve feeds well, a row each.
 *
 * A feed is a file that any web server sends. It should send it with its media
 * type, with the hub and the topic in a Link header, where subscribers look
 * first (W3C WebSub section 4), with an answer to who asks whether it changed, and as
 * the compressed copy beside it. Each row writes this down for all feeds of
 * the settings, in the words of one server, to be included where its site is.
 * To add a server, write config/server_NAME.c and add its row to the table in
 * server.c.
 */
#ifndef CONFIG_SERVER_H
#define CONFIG_SERVER_H

#include <stdbool.h>

#include "config/config.h"
#include "feeds/base/buf.h"

/* One file, or with `by` all files of one shape. */
struct server_file {
	const struct config *config;
	size_t number;	     /* from 1 */
	const char *type;    /* for Content-Type */
	struct slice path;   /* of its URL, decoded; empty: it is one of a shape */
	struct slice regex;  /* for such a path, for PCRE and RE2: "^/rss[.]xml$" */
	struct slice origin; /* "https://example.com" */
	struct slice self;   /* its URL; empty: it is one of a shape */
	const struct slice *hubs;
	size_t hubs_len;
	const char *cache; /* for Cache-Control */
};

struct server {
	const char *name;  /* "nginx": of the command line */
	const char *where; /* what to do with the lines; for a comment, lines of "# ..." */
	void (*file)(const struct server_file *file, struct buf *out);
};

enum { SERVER_COUNT = 3 };

extern const struct server *const servers[SERVER_COUNT];

extern const struct server server_nginx;
extern const struct server server_apache;
extern const struct server server_caddy;

/* The row with this name, or NULL. */
const struct server *server_find(struct slice name);
/* Append what it has to be told about the feeds of these settings. */
void server_put(const struct server *server, const struct config *config, struct buf *out);

/*
 * For rows: the value of Link, with `quote` before each quotation mark. `self` NULL: of
 * a file that is one of a shape, with these words, which stand for the path asked for.
 */
void server_put_link(
    const struct server_file *file, const char *quote, const char *asked, struct buf *out);
/* Text with a backslash before each backslash and quotation mark. */
void server_put_quoted(struct buf *out, struct slice text);

#endif
