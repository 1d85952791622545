#include "daemon/http.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "daemon/http_inside.h"
#include "daemon/job.h"
#include "feeds/base/mem.h"

enum {
	SPARE_MAX = 32, /* easy handles that are kept for the next requests */
	EVENTS = 64,
	HANDLES = 3,	       /* of libuv */
	TURN_NS = 4 * 1000000, /* then others on the loop have their turn */
};

/* ---- lists and settings ---- */

static struct http_list *list_of(struct http_transfer *transfer)
{
	struct http *http = transfer->http;

	switch (transfer->phase) {
	case HTTP_WAITING: return &http->waiting;
	case HTTP_RUNNING: return &http->running;
	default: return &http->ended;
	}
}

static void list_add(struct http_transfer *transfer)
{
	struct http_list *list = list_of(transfer);

	transfer->next = NULL;
	transfer->prev = list->last;
	*(list->last ? &list->last->next : &list->first) = transfer;
	list->last = transfer;
}

static void list_remove(struct http_transfer *transfer)
{
	struct http_list *list = list_of(transfer);

	*(transfer->prev ? &transfer->prev->next : &list->first) = transfer->next;
	*(transfer->next ? &transfer->next->prev : &list->last) = transfer->prev;
}

static struct http_kept *kept_new(const struct http_settings *settings, uint64_t since_ms)
{
	struct http_kept *kept = mem_alloc(sizeof(*kept));
	const char *proxy = settings->proxy ? settings->proxy : "";

	*kept = (struct http_kept){
	    .users = 1,
	    .proxy = mem_dup(proxy, strlen(proxy)),
	    .agent = mem_dup(settings->agent, strlen(settings->agent)),
	    .allow = mem_zalloc(settings->allow_len, sizeof(*kept->allow)),
	    .allow_len = settings->allow_len,
	    .connect_ms = settings->connect_ms ? settings->connect_ms : HTTP_CONNECT_MS,
	    .timeout_ms = settings->timeout_ms ? settings->timeout_ms : HTTP_TIMEOUT_MS,
	    .since_ms = since_ms,
	};
	if (kept->allow_len > 0)
		memcpy(kept->allow, settings->allow, kept->allow_len * sizeof(*kept->allow));
	return kept;
}

void http_kept_drop(struct http_kept *kept)
{
	if (--kept->users > 0)
		return;
	free(kept->proxy);
	free(kept->agent);
	free(kept->allow);
	free(kept);
}

/* ---- the life of a request ---- */

static void on_turn(uv_idle_t *idle);

static void turn_soon(struct http *http)
{
	(void)uv_idle_start(&http->turn, on_turn); /* cannot fail */
}

static void begin(struct http *http, struct http_transfer *transfer)
{
	CURL *easy =
	    http->spare.len > 0 ? http->spare.items[--http->spare.len] : http->curl.easy_init();

	if (!easy)
		mem_exhausted();
	list_remove(transfer);
	http_transfer_prepare(transfer, easy);
	transfer->phase = HTTP_RUNNING;
	list_add(transfer);
	if (http->curl.multi_add_handle(http->multi, easy) != CURLM_OK)
		mem_exhausted(); /* else it would be in there already */
}

/* Its memory goes, its handle waits for the next one. */
static void finish(struct http *http, struct http_transfer *transfer)
{
	CURL *easy = transfer->easy;

	transfer->easy = NULL;
	if (easy && http->spare.len < SPARE_MAX) {
		http->curl.easy_reset(easy);
		vec_push(&http->spare, easy);
	} else if (easy) {
		http->curl.easy_cleanup(easy);
	}
	http_transfer_free(transfer);
}

static void take_away(struct http *http, struct http_transfer *transfer)
{
	list_remove(transfer);
	if (transfer->phase == HTTP_RUNNING)
		(void)http->curl.multi_remove_handle(http->multi, transfer->easy); /* is in it */
}

/* What libcurl has done with. */
static void tell_done(struct http *http)
{
	CURLMsg *message;
	int left;

	while ((message = http->curl.multi_info_read(http->multi, &left)) != NULL) {
		CURLcode code = message->data.result;
		struct http_transfer *transfer = NULL;

		(void)http->curl.easy_getinfo(
		    message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer); /* was set */
		take_away(http, transfer);
		http_transfer_judge(transfer, code);
		http_transfer_tell(transfer);
		finish(http, transfer);
	}
}

void http_cancel(struct http_transfer *transfer)
{
	struct http *http = transfer->http;

	if (transfer->phase == HTTP_TELLING)
		return;
	take_away(http, transfer);
	transfer->phase = HTTP_ENDED;
	transfer->outcome = HTTP_CANCELLED;
	list_add(transfer);
	turn_soon(http);
}

/* ---- libcurl and the loop ---- */

/* Of the socket, or of the time when it is CURL_SOCKET_TIMEOUT. */
static void act(struct http *http, curl_socket_t fd, int what)
{
	int running;

	/* What goes wrong goes wrong for a request, which is told. */
	(void)http->curl.multi_socket_action(http->multi, fd, what, &running);
	tell_done(http);
}

static bool turn_is_over(uint64_t since_ns)
{
	return uv_hrtime() - since_ns > TURN_NS;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct http *http = container_of(poll, struct http, poll);
	struct epoll_event ready[EVENTS];
	int len = epoll_wait(http->epoll, ready, EVENTS, 0);
	uint64_t since_ns = uv_hrtime();

	(void)status;
	(void)events;
	/* What is not looked at now is there the next time, too. */
	for (int i = 0; i < len && !turn_is_over(since_ns); i++) {
		int what = (ready[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
			   (ready[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
			   (ready[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

		act(http, ready[i].data.fd, what);
	}
}

static void on_timer(uv_timer_t *timer)
{
	act(container_of(timer, struct http, timer), CURL_SOCKET_TIMEOUT, 0);
}

/*
 * libcurl's sockets have an epoll of their own: a uv_poll_t for each takes five more system
 * calls, and memory that outlives the socket. `known`: it is in there.
 */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct http *http = arg;
	struct epoll_event event = {.data.fd = fd};

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(http->epoll, EPOLL_CTL_DEL, fd, NULL); /* or it is closed already */
		return 0;
	}
	event.events =
	    (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
	/* It fails for want of the kernel's memory; then the request runs into its timeout. */
	(void)epoll_ctl(http->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
	if (!known)
		(void)http->curl.multi_assign(http->multi, fd, http); /* it is libcurl's */
	return 0;
}

static int on_timeout(CURLM *multi, long ms, void *arg)
{
	struct http *http = arg;

	(void)multi;
	if (ms < 0)
		(void)uv_timer_stop(&http->timer); /* cannot fail; nor can the other */
	else
		(void)uv_timer_start(&http->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

/* ---- start, turns, stop ---- */

static void multi_start(struct http *http)
{
	const struct http_curl *curl = &http->curl;
	CURLM *multi = curl->multi_init();

	if (!multi || curl->multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) ||
	    curl->multi_setopt(multi, CURLMOPT_SOCKETDATA, http) ||
	    curl->multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timeout) ||
	    curl->multi_setopt(multi, CURLMOPT_TIMERDATA, http) ||
	    curl->multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)HTTP_IDLE_CONNECTIONS))
		mem_exhausted();
	http->multi = multi;
}

struct http *http_start(uv_loop_t *loop, const struct http_settings *settings, struct err *err)
{
	struct http_curl curl;
	struct http *http;
	int epoll;

	if (http_curl_load(&curl, err) < 0)
		return NULL;
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0) {
		(void)err_set(err, ERR_IO, "epoll: %s", strerrordesc_np(errno));
		return NULL;
	}
	http = mem_alloc(sizeof(*http));
	*http = (struct http){
	    .curl = curl, .loop = loop, .epoll = epoll, .kept = kept_new(settings, 0)};
	http_curl_trust(&http->curl, &http->ca_file, &http->ca_dir);
	multi_start(http);
	if (uv_poll_init(loop, &http->poll, epoll) != 0 ||
	    uv_poll_start(&http->poll, UV_READABLE, on_poll) != 0)
		mem_exhausted();
	(void)uv_timer_init(loop, &http->timer); /* cannot fail; nor can the other */
	(void)uv_idle_init(loop, &http->turn);
	return http;
}

void http_set(struct http *http, const struct http_settings *settings)
{
	http_kept_drop(http->kept);
	http->kept = kept_new(settings, uv_now(http->loop));
}

struct http_transfer *http_send(
    struct http *http, const struct http_request *request, http_done done, void *arg)
{
	struct http_transfer *transfer = http_transfer_new(http, request, done, arg);

	list_add(transfer);
	if (http->stopping)
		http_cancel(transfer);
	turn_soon(http);
	return transfer;
}

static void on_closed(uv_handle_t *handle)
{
	struct http *http = handle->data;
	void (*stopped)(void *arg) = http->stopped;
	void *arg = http->arg;

	if (--http->closing > 0)
		return;
	free(http);
	if (stopped)
		stopped(arg);
}

static void stop_step(struct http *http)
{
	uv_handle_t *handles[HANDLES] = {
	    (uv_handle_t *)&http->poll, (uv_handle_t *)&http->timer, (uv_handle_t *)&http->turn};

	for (size_t i = 0; i < http->spare.len; i++)
		http->curl.easy_cleanup(http->spare.items[i]);
	vec_free(&http->spare);
	(void)http->curl.multi_cleanup(http->multi); /* nothing is in it */
	http_kept_drop(http->kept);
	http->closing = HANDLES;
	for (size_t i = 0; i < HANDLES; i++) {
		handles[i]->data = http;
		uv_close(handles[i], on_closed);
	}
	(void)close(http->epoll); /* holds nothing that could be lost */
}

/* Begin what waits, tell of what has ended, until others have their turn. */
static void on_turn(uv_idle_t *idle)
{
	struct http *http = container_of(idle, struct http, turn);
	uint64_t since_ns = uv_hrtime();
	struct http_transfer *transfer;

	while ((transfer = http->ended.first) != NULL && !turn_is_over(since_ns)) {
		list_remove(transfer);
		http_transfer_tell(transfer);
		finish(http, transfer);
	}
	while ((transfer = http->waiting.first) != NULL && !turn_is_over(since_ns)) {
		begin(http, transfer);
		act(http, CURL_SOCKET_TIMEOUT, 0); /* connects here, not all of them at once */
	}
	if (http->ended.first || http->waiting.first)
		return;
	(void)uv_idle_stop(idle); /* cannot fail */
	if (http->stopping)
		stop_step(http);
}

void http_stop(struct http *http, void (*stopped)(void *arg), void *arg)
{
	assert(!http->stopping);
	http->stopping = true;
	http->stopped = stopped;
	http->arg = arg;
	while (http->waiting.first)
		http_cancel(http->waiting.first);
	while (http->running.first)
		http_cancel(http->running.first);
	turn_soon(http);
}
