/*
 * http_inside: what the parts of http share, and nobody else sees.
 *
 * http.c has the loop: sockets, time, and when a request is over. http_transfer.c
 * has one request: what libcurl is told, what it hands over, what it comes to
 * in the end. http_curl.c loads libcurl.
 */
#ifndef DAEMON_HTTP_INSIDE_H
#define DAEMON_HTTP_INSIDE_H

#include <curl/curl.h>
#include <netinet/in.h>
#include <uv.h>

#include "daemon/http.h"
#include "feeds/base/buf.h"
#include "feeds/base/vec.h"

/* Those functions of libcurl that are used: curl.easy_init is curl_easy_init. */
#define HTTP_CURL(each)                                                                            \
	each(global_init) each(version_info) each(slist_append) each(slist_free_all)               \
	    each(easy_init) each(easy_setopt) each(easy_getinfo) each(easy_reset)                  \
		each(easy_cleanup) each(multi_init) each(multi_setopt) each(multi_assign)          \
		    each(multi_add_handle) each(multi_remove_handle) each(multi_socket_action)     \
			each(multi_info_read) each(multi_cleanup)

struct http_curl {
#define HTTP_CURL_MEMBER(name) __typeof__(curl_##name) *name;
	HTTP_CURL(HTTP_CURL_MEMBER)
#undef HTTP_CURL_MEMBER
};

int http_curl_load(struct http_curl *out, struct err *err);
/* See http.h; the strings are the environment's and libcurl's, and stay. */
void http_curl_trust(const struct http_curl *curl, const char **out_file, const char **out_dir);

/* Settings as they were when requests were sent; kept for as long as one of these is there. */
struct http_kept {
	size_t users;
	char *proxy, *agent; /* proxy: "" for none */
	struct network *allow;
	size_t allow_len;
	uint64_t connect_ms, timeout_ms;
	uint64_t since_ms; /* of uv_now; 0: the first ones */
};

void http_kept_drop(struct http_kept *kept);

enum http_phase {
	HTTP_WAITING, /* for its turn to begin */
	HTTP_RUNNING, /* libcurl has it */
	HTTP_ENDED,   /* its outcome is known, `done` not called yet */
	HTTP_TELLING, /* in `done` */
};

struct http_transfer {
	struct http *http;
	struct http_transfer *next, *prev; /* in the list of its phase */
	enum http_phase phase;
	const struct http_curl *curl;
	struct http_kept *kept;
	http_done done;
	void *arg;
	uint64_t start_ns;

	CURL *easy; /* HTTP_RUNNING and HTTP_ENDED, if it ever ran */
	char *url, *body;
	struct slice host; /* in url, with port and user */
	size_t body_len;
	bool post, redirects;
	struct curl_slist *headers;
	char error[CURL_ERROR_SIZE];

	size_t answer_max, answer_len;
	struct digest_stream *digest; /* NULL: the body is kept */
	uint64_t timeout_ms;
	struct buf answer_headers, answer_body;
	size_t headers_seen; /* bytes, of all responses */
	char status_class;   /* of the response whose headers are coming: '2'; 0: none is */
	bool leads_on;	     /* it has a Location that is followed */
	bool answered;	     /* the headers of the last response are there */
	bool cut, headers_long;
	bool opened;	      /* a connection was tried since the last response */
	const char *screened; /* what the address is that was refused since then */
	char screened_address[INET6_ADDRSTRLEN];

	enum http_outcome outcome; /* HTTP_ENDED */
	struct buf why;
};

struct http_list {
	struct http_transfer *first, *last;
};

struct http {
	struct http_curl curl;
	uv_loop_t *loop;
	CURLM *multi;
	const char *ca_file, *ca_dir; /* certificates that are trusted; both NULL: libcurl's */
	int epoll;		      /* libcurl's sockets; `poll` waits for it */
	uv_poll_t poll;
	uv_timer_t timer; /* libcurl's */
	uv_idle_t turn;	  /* what cannot be done inside a call is done in a turn of its own */
	struct http_kept *kept;
	struct http_list waiting, running, ended;
	VEC(CURL *) spare;
	bool stopping;
	unsigned closing; /* handles that libuv has not let go of */
	void (*stopped)(void *arg);
	void *arg;
};

/* HTTP_WAITING, or HTTP_ENDED when it is none that may be sent. */
struct http_transfer *http_transfer_new(
    struct http *http, const struct http_request *request, http_done done, void *arg);
/* Tell `easy` all about it. */
void http_transfer_prepare(struct http_transfer *transfer, CURL *easy);
/* What libcurl's `code` means: outcome and why. */
void http_transfer_judge(struct http_transfer *transfer, CURLcode code);
/* Call `done`. */
void http_transfer_tell(struct http_transfer *transfer);
void http_transfer_free(struct http_transfer *transfer);

#endif
