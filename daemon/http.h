/*
 * http: requests to other machines, on the loop.
 *
 *	http_start ─► http_send … ─► http_stop
 *
 * libcurl's multi interface on libuv's sockets and timer. HTTP/1.1, http and
 * https alone; certificates are always verified; an answer is cut off where it
 * grows too long, and comes to an end in time. The address is looked at when a
 * connection is made (screen.h), so no name leads into the own network, not by
 * a redirect or a changed DNS answer either.
 *
 * Each request completes exactly once, never from inside http_send or
 * http_cancel.
 */
#ifndef DAEMON_HTTP_H
#define DAEMON_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/screen.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"

struct uv_loop_s;
struct http;
struct http_transfer;

enum {
	HTTP_CONNECT_MS = 10000,  /* for name, connection and TLS */
	HTTP_TIMEOUT_MS = 30000,  /* for all of it */
	HTTP_HEADERS_MAX = 65536, /* bytes of the answer's headers that are kept */
	HTTP_REDIRECTS_MAX = 5,
};

struct http_settings {		     /* strings are copied */
	const char *proxy;	     /* URL; NULL: none, whatever the environment says */
	const char *agent;	     /* User-Agent */
	const struct network *allow; /* networks that are not screened */
	size_t allow_len;
};

struct http_header {
	const char *name;
	struct slice value;
};

struct http_request { /* copied */
	bool post;    /* else GET */
	bool redirects;
	struct slice url;
	const struct http_header *headers;
	size_t headers_len;
	struct slice body;
	size_t answer_max; /* bytes of the body that are kept; the rest is not read */
};

enum http_outcome {
	HTTP_DONE,   /* it answered */
	HTTP_FAILED, /* it did not: `why` */
	HTTP_REFUSED, /* the URL, or the address that it leads to, is none that may be asked: `why` */
	HTTP_CANCELLED /* by http_cancel or http_stop */
};

struct http_answer {
	enum http_outcome outcome;
	int status;	      /* HTTP_DONE */
	struct slice headers; /* lines of the last response, without its status line */
	struct slice body;    /* at most answer_max bytes */
	struct slice url;     /* that answered, after redirects */
	const char *why;      /* for people; never with credentials */
	uint64_t took_ms;
};

/* What is in the answer lives until it returns. It may send, but not stop. */
typedef void (*http_done)(void *arg, const struct http_answer *answer);

/* NULL when libcurl does not start. */
struct http *http_start(
    struct uv_loop_s *loop, const struct http_settings *settings, struct err *err);
/* For requests from now on. */
void http_set(struct http *http, const struct http_settings *settings);
struct http_transfer *http_send(
    struct http *http, const struct http_request *request, http_done done, void *arg);
void http_cancel(struct http_transfer *transfer);
/* Requests under way are cancelled; memory goes when the loop has run. `stopped` may be NULL. */
void http_stop(struct http *http, void (*stopped)(void *arg), void *arg);

#endif
