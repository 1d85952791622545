/*
 * http: requests to other machines, on the loop.
 *
 *	http_start ─► http_send … ─► http_stop
 *
 * libcurl's multi interface on libuv's loop. HTTP/1.1, http and https alone;
 * certificates are always verified; an answer is cut off where it grows too
 * long, and comes to an end in time. The address is looked at when a
 * connection is made (screen.h), so no name leads into the own network, not by
 * a redirect or a changed DNS answer either. With a proxy it is the proxy that
 * finds and calls the address: the proxy's own is what was set, and is not looked at.
 *
 * A URL may hold a user and a password, which are sent as HTTP's basic
 * authentication; see http_put_shown. Whose certificates are trusted is the
 * system's matter, or that of SSL_CERT_FILE and SSL_CERT_DIR in the environment, which
 * OpenSSL's programs go by: if one is set, it counts instead of the system's.
 *
 * Each request completes exactly once, never from inside http_send,
 * http_cancel or http_stop.
 */
#ifndef DAEMON_HTTP_H
#define DAEMON_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/screen.h"
#include "feeds/base/buf.h"
#include "feeds/base/digest.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"

struct uv_loop_s;
struct http;
struct http_transfer;

enum {
	HTTP_CONNECT_MS = 10000, /* for name, connection and TLS */
	HTTP_TIMEOUT_MS = 30000, /* for all of it */
	HTTP_URL_MAX = 16384,
	HTTP_HEADERS_MAX = 65536, /* bytes of headers, of all responses to a request */
	HTTP_REDIRECTS_MAX = 5,
	HTTP_IDLE_CONNECTIONS = 32, /* are kept open, to be used again */
};

struct http_settings {		     /* strings are copied */
	const char *proxy;	     /* URL; NULL: none, whatever the environment says */
	const char *agent;	     /* User-Agent */
	const struct network *allow; /* networks that are not screened */
	size_t allow_len;
	uint64_t connect_ms, timeout_ms; /* 0: HTTP_CONNECT_MS, HTTP_TIMEOUT_MS */
};

struct http_header {
	const char *name;
	struct slice value;
};

struct http_request { /* copied */
	bool post;    /* else GET */
	/* Followed to the same with the same; after a 303 with GET (RFC 9110, 15.4.4). */
	bool redirects;
	struct slice url;
	const struct http_header *headers;
	size_t headers_len;
	struct slice body;
	size_t answer_max;   /* bytes of the body that are read; more are not */
	bool digested;	     /* of the body only its digest is kept */
	uint64_t timeout_ms; /* at most; 0: as the settings have it */
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
	struct slice body;    /* at most answer_max bytes; `digested`: empty, ... */
	struct digest digest; /* ... and this is of what was read */
	bool cut;	      /* the body is not whole: it was too long, too slow, or broke off */
	struct slice url;     /* that answered, after redirects; may hold credentials */
	const char *why;      /* for people; never with credentials; "" unless it says so above */
	/*
	 * HTTP_FAILED: not even a refusal came back, so that it may be our own network that is not
	 * there: no address, no route, no connection in time.
	 */
	bool silent;
	/* HTTP_FAILED: not a byte of the request was sent, so that nobody has heard of it. */
	bool unsent;
	uint64_t took_ms;
};

/* What is in the answer lives until it returns. It may send and cancel, but not stop. */
typedef void (*http_done)(void *arg, const struct http_answer *answer);

/*
 * NULL when libcurl is not there or does not start. It is loaded here, not with the program: it
 * brings thirty libraries, which most runs of feedd never need.
 */
struct http *http_start(
    struct uv_loop_s *loop, const struct http_settings *settings, struct err *err);
/* For requests from now on. */
void http_set(struct http *http, const struct http_settings *settings);
struct http_transfer *http_send(
    struct http *http, const struct http_request *request, http_done done, void *arg);
/* At any time before its `done` is called; after that nothing is left of it. */
void http_cancel(struct http_transfer *transfer);
/* Requests under way are cancelled; memory goes when the loop has run. `stopped` may be NULL. */
void http_stop(struct http *http, void (*stopped)(void *arg), void *arg);

/* Append the URL for people: credentials and query as "***", and nothing that could forge a line. */
void http_put_shown(struct buf *out, struct slice url);

#endif
