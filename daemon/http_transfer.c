#include <arpa/inet.h>
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/http_inside.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/base/uri.h"

/* libcurl refuses an option for want of memory only: values are checked before. */
#define SET(transfer, easy, option, value)                                                         \
	do {                                                                                       \
		if ((transfer)->curl->easy_setopt(easy, option, value) != CURLE_OK)                \
			mem_exhausted();                                                           \
	} while (0)

/* ---- what libcurl calls ---- */

/* A connection is made only here; SOCK_CLOEXEC, as for all that feedd opens. */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct http_transfer *transfer = arg;
	const struct http_kept *kept = transfer->kept;
	const char *what =
	    *kept->proxy ? NULL : screen_address(&to->addr, kept->allow, kept->allow_len);

	(void)purpose; /* there is but one */
	if (what) {
		transfer->screened = what;
		(void)inet_ntop(to->family,
		    to->family == AF_INET
			? (const void *)&((struct sockaddr_in *)&to->addr)->sin_addr
			: (const void *)&((struct sockaddr_in6 *)&to->addr)->sin6_addr,
		    transfer->screened_address, sizeof(transfer->screened_address)); /* fits */
		return CURL_SOCKET_BAD;
	}
	transfer->opened = true;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t on_header(char *bytes, size_t one, size_t len, void *arg)
{
	struct http_transfer *transfer = arg;
	struct slice line = slice_make(bytes, one * len);

	transfer->headers_seen += line.len;
	if (transfer->headers_seen > HTTP_HEADERS_MAX) {
		transfer->headers_long = true;
		return 0;
	}
	if (transfer->answered)
		return line.len; /* behind the body (RFC 9110, 6.5): of no use to anybody */
	if (transfer->status_class == 0) {
		size_t blank = slice_find_byte(line, 0, ' ');

		buf_clear(&transfer->answer_headers);
		transfer->leads_on = transfer->opened = false;
		transfer->screened = NULL;
		transfer->status_class = blank + 1 < line.len ? line.ptr[blank + 1] : '0';
	} else if (slice_trim(line).len > 0) {
		buf_put_slice(&transfer->answer_headers, line);
		transfer->leads_on =
		    transfer->leads_on || (transfer->redirects && transfer->status_class == '3' &&
					      slice_starts_nocase(line, "Location:"));
	} else {
		transfer->answered = transfer->status_class != '1' && !transfer->leads_on;
		transfer->status_class = 0;
	}
	return line.len;
}

static size_t on_body(char *bytes, size_t one, size_t len, void *arg)
{
	struct http_transfer *transfer = arg;
	size_t room = transfer->answer_max - transfer->answer_len, taken;

	len *= one;
	taken = len > room ? room : len;
	transfer->answer_len += taken;
	if (transfer->digest)
		digest_put(transfer->digest, bytes, taken);
	else
		buf_put(&transfer->answer_body, bytes, taken);
	return len > room ? CURL_WRITEFUNC_ERROR : len;
}

/* ---- a request ---- */

/* What would end the header, and begin another one. */
static bool ends_header(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '\r' || text.ptr[i] == '\n' || text.ptr[i] == '\0')
			return true;
	return false;
}

static void refuse(struct http_transfer *transfer, const char *why)
{
	transfer->phase = HTTP_ENDED;
	transfer->outcome = HTTP_REFUSED;
	buf_puts(&transfer->why, why);
}

static void header_add(struct http_transfer *transfer, const char *line)
{
	struct curl_slist *list = transfer->curl->slist_append(transfer->headers, line);

	if (!list)
		mem_exhausted();
	transfer->headers = list;
}

/* Headers of the request; and libcurl's own that are not wanted, taken away. */
static void headers_add(struct http_transfer *transfer, const struct http_request *request)
{
	bool typed = false;

	for (size_t i = 0; i < request->headers_len; i++) {
		const struct http_header *header = &request->headers[i];
		struct buf line = BUF_INIT;

		if (ends_header(header->value)) {
			refuse(transfer, "a header of the request has a line end in it");
			return;
		}
		typed = typed || slice_equal_nocase(slice_of(header->name), "Content-Type");
		if (header->value.len > 0)
			buf_printf(&line, "%s: %.*s", header->name, SLICE_FMT(header->value));
		else
			buf_printf(&line, "%s;", header->name); /* libcurl's way to say: empty */
		header_add(transfer, buf_string(&line));
		buf_free(&line);
	}
	if (request->post) {
		header_add(transfer, "Expect:");
		if (!typed)
			header_add(transfer, "Content-Type:");
	}
}

struct http_transfer *http_transfer_new(
    struct http *http, const struct http_request *request, http_done done, void *arg)
{
	struct http_transfer *transfer = mem_zalloc(1, sizeof(*transfer));
	struct uri uri;

	*transfer = (struct http_transfer){
	    .http = http,
	    .phase = HTTP_WAITING,
	    .curl = &http->curl,
	    .kept = http->kept,
	    .done = done,
	    .arg = arg,
	    .start_ns = uv_hrtime(),
	    .url = mem_dup(request->url.ptr, request->url.len),
	    .body = mem_dup(request->body.ptr, request->body.len),
	    .body_len = request->body.len,
	    .post = request->post,
	    .redirects = request->redirects,
	    .answer_max = request->answer_max,
	    .digest = request->digested ? digest_new() : NULL,
	    .timeout_ms = http->kept->timeout_ms,
	};
	if (request->timeout_ms && request->timeout_ms < transfer->timeout_ms)
		transfer->timeout_ms = request->timeout_ms;
	transfer->kept->users++;
	uri_split(slice_of(transfer->url), &uri);
	transfer->host = uri.authority;
	if (request->url.len > HTTP_URL_MAX)
		refuse(transfer, "the URL is too long");
	else if (!uri_is_web(request->url))
		refuse(transfer, "the URL is none of http or https with a host");
	else
		headers_add(transfer, request);
	return transfer;
}

static void prepare_limits(struct http_transfer *transfer, CURL *easy)
{
	const struct http_kept *kept = transfer->kept;
	uint64_t age = (uv_now(transfer->http->loop) - kept->since_ms) / 1000;

	SET(transfer, easy, CURLOPT_CONNECTTIMEOUT_MS, (long)kept->connect_ms);
	SET(transfer, easy, CURLOPT_TIMEOUT_MS, (long)transfer->timeout_ms);
	SET(transfer, easy, CURLOPT_MAXREDIRS, (long)HTTP_REDIRECTS_MAX);
	/* Else whoever cancels a request waits for the thread that looks for its address. */
	SET(transfer, easy, CURLOPT_QUICK_EXIT, 1L);
	SET(transfer, easy, CURLOPT_NOSIGNAL, 1L);
	/* libcurl walks through all names that it remembers for each that it looks up. */
	SET(transfer, easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	/* Newer settings may forbid where an older connection leads; ages are in whole seconds. */
	if (kept->since_ms && age < 2)
		SET(transfer, easy, CURLOPT_FRESH_CONNECT, 1L);
	else if (kept->since_ms)
		SET(transfer, easy, CURLOPT_MAXLIFETIME_CONN, (long)(age - 1));
}

static bool list_asks(const struct http_list *list, struct slice host)
{
	for (const struct http_transfer *other = list->first; other; other = other->next)
		if (slice_equal(other->host, host))
			return true;
	return false;
}

/*
 * A connection is kept when somebody else waits for the same host. libcurl never forgets a host
 * whose connection it had to close to make room, and walks through all of them to find the next.
 */
static void prepare_reuse(struct http_transfer *transfer, CURL *easy)
{
	const struct http *http = transfer->http;

	if (!list_asks(&http->waiting, transfer->host) &&
	    !list_asks(&http->running, transfer->host))
		SET(transfer, easy, CURLOPT_FORBID_REUSE, 1L);
}

static void prepare_trust(struct http_transfer *transfer, CURL *easy)
{
	const struct http_kept *kept = transfer->kept;
	const struct http *http = transfer->http;

	SET(transfer, easy, CURLOPT_PROTOCOLS_STR, "http,https");
	SET(transfer, easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	SET(transfer, easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	SET(transfer, easy, CURLOPT_OPENSOCKETDATA, transfer);
	SET(transfer, easy, CURLOPT_PROXY, kept->proxy); /* "": the environment's does not count */
	SET(transfer, easy, CURLOPT_NOPROXY, "");
	SET(transfer, easy, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(transfer, easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (http->ca_file || http->ca_dir) { /* NULL takes libcurl's own away */
		SET(transfer, easy, CURLOPT_CAINFO, http->ca_file);
		SET(transfer, easy, CURLOPT_CAPATH, http->ca_dir);
		SET(transfer, easy, CURLOPT_PROXY_CAINFO, http->ca_file);
		SET(transfer, easy, CURLOPT_PROXY_CAPATH, http->ca_dir);
	}
}

void http_transfer_prepare(struct http_transfer *transfer, CURL *easy)
{
	transfer->easy = easy;
	prepare_limits(transfer, easy);
	prepare_reuse(transfer, easy);
	prepare_trust(transfer, easy);
	/* HTTP/2 fails where a server answers before it has read all, as nginx does. */
	SET(transfer, easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(transfer, easy, CURLOPT_PRIVATE, transfer);
	SET(transfer, easy, CURLOPT_ERRORBUFFER, transfer->error);
	SET(transfer, easy, CURLOPT_URL, transfer->url);
	SET(transfer, easy, CURLOPT_USERAGENT, transfer->kept->agent);
	SET(transfer, easy, CURLOPT_HTTPHEADER, transfer->headers);
	SET(transfer, easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(transfer, easy, CURLOPT_HEADERFUNCTION, on_header);
	SET(transfer, easy, CURLOPT_HEADERDATA, transfer);
	SET(transfer, easy, CURLOPT_WRITEFUNCTION, on_body);
	SET(transfer, easy, CURLOPT_WRITEDATA, transfer);
	if (transfer->redirects) {
		SET(transfer, easy, CURLOPT_FOLLOWLOCATION, 1L);
		/* As a GET it would succeed, and tell nobody. */
		SET(transfer, easy, CURLOPT_POSTREDIR,
		    (long)(CURL_REDIR_POST_301 | CURL_REDIR_POST_302));
	}
	if (transfer->post) {
		SET(transfer, easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body_len);
		SET(transfer, easy, CURLOPT_POSTFIELDS, transfer->body);
	}
}

/* ---- what it comes to ---- */

static struct slice effective_url(const struct http_transfer *transfer)
{
	char *url = NULL;

	if (transfer->easy)
		(void)transfer->curl->easy_getinfo(
		    transfer->easy, CURLINFO_EFFECTIVE_URL, &url); /* else it stays NULL */
	return slice_of(url ? url : transfer->url);
}

static void put_host(struct http_transfer *transfer)
{
	struct buf host = BUF_INIT;

	uri_put_host(&host, effective_url(transfer));
	text_put_escaped(&transfer->why, buf_slice(&host));
	buf_free(&host);
}

static int system_error(const struct http_transfer *transfer)
{
	long number = 0;

	(void)transfer->curl->easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
	return (int)number;
}

/* "connect: Connection refused"; without an error of the system, what libcurl says of it. */
static void put_system_error(struct http_transfer *transfer, const char *doing)
{
	int number = system_error(transfer);

	buf_printf(&transfer->why, "%s: ", doing);
	if (number != 0)
		buf_puts(&transfer->why, strerrordesc_np(number));
	else
		text_put_escaped(&transfer->why, slice_of(transfer->error));
}

static void put_timeout(struct http_transfer *transfer)
{
	uint64_t connect_ms = transfer->kept->connect_ms, ms = transfer->timeout_ms;
	curl_off_t found = 0, ready = 0;

	(void)transfer->curl->easy_getinfo(transfer->easy, CURLINFO_NAMELOOKUP_TIME_T, &found);
	(void)transfer->curl->easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
	buf_printf(&transfer->why, "%s within %" PRIu64 " s",
	    found == 0	 ? "no address was found"
	    : ready == 0 ? "no connection"
			 : "no answer",
	    (ready == 0 && connect_ms < ms ? connect_ms : ms) / 1000);
}

static void put_screened(struct http_transfer *transfer)
{
	put_host(transfer);
	buf_printf(&transfer->why, " leads to %s, %s; if that is meant, name it in allow of [http]",
	    transfer->screened_address, transfer->screened);
}

/* The outcome of one that did not answer, and why. */
static enum http_outcome judge_failure(struct http_transfer *transfer, CURLcode code)
{
	struct buf *why = &transfer->why;

	switch (code) {
	case CURLE_OK: buf_puts(why, "the connection was closed within the headers"); break;
	case CURLE_OUT_OF_MEMORY: /* so it says of a header that is longer than its buffer, too */
		buf_puts(why, "a header is too long, or memory is short");
		break;
	case CURLE_OPERATION_TIMEDOUT: put_timeout(transfer); break;
	case CURLE_COULDNT_RESOLVE_HOST:
		buf_puts(why, "no address is known for ");
		put_host(transfer);
		buf_puts(why, "; look at the name");
		break;
	case CURLE_COULDNT_RESOLVE_PROXY: buf_puts(why, "no address is known for the proxy"); break;
	case CURLE_COULDNT_CONNECT:
		if (!transfer->screened || transfer->opened) {
			put_system_error(transfer, "connect");
			if (system_error(transfer) == ECONNREFUSED)
				buf_puts(why, "; nothing listens at that port");
			break;
		}
		put_screened(transfer);
		return HTTP_REFUSED;
	case CURLE_GOT_NOTHING: buf_puts(why, "the connection was closed without an answer"); break;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR: put_system_error(transfer, "the connection broke"); break;
	case CURLE_TOO_MANY_REDIRECTS:
		buf_printf(why, "more than %d redirects", HTTP_REDIRECTS_MAX);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9 too */
	case CURLE_URL_MALFORMAT:
		if (uri_is_web(effective_url(transfer)) && code == CURLE_UNSUPPORTED_PROTOCOL) {
			buf_puts(why, "what came is not HTTP");
			break;
		}
		buf_puts(why, "the URL is none of http or https with a host: ");
		http_put_shown(why, effective_url(transfer));
		return HTTP_REFUSED;
	case CURLE_PEER_FAILED_VERIFICATION:
		text_put_escaped(why, slice_of(transfer->error));
		buf_puts(why, "; trusted are those of ca-certificates and of "
			      "$SSL_CERT_FILE");
		break;
	case CURLE_SSL_CONNECT_ERROR:
		text_put_escaped(why, slice_of(transfer->error));
		buf_puts(why, "; perhaps it is not https at that port");
		break;
	case CURLE_WEIRD_SERVER_REPLY: buf_puts(why, "what came is not HTTP"); break;
	case CURLE_WRITE_ERROR:
		if (transfer->headers_long) {
			buf_printf(why, "more than %d bytes of headers", HTTP_HEADERS_MAX);
			break;
		}
		/* fallthrough */
	default: text_put_escaped(why, slice_of(transfer->error)); break;
	}
	return HTTP_FAILED;
}

/*
 * Once the headers are there it has answered, whatever becomes of the body: most answers are
 * all in their status, and who needs the body sees that it is cut.
 */
void http_transfer_judge(struct http_transfer *transfer, CURLcode code)
{
	transfer->phase = HTTP_ENDED;
	if (transfer->answered && !transfer->headers_long) {
		transfer->outcome = HTTP_DONE;
		transfer->cut = code != CURLE_OK;
		return;
	}
	transfer->outcome = judge_failure(transfer, code);
	if (transfer->why.len == 0)
		buf_printf(&transfer->why, "libcurl's error %d", (int)code);
}

/* Nothing came back from whomever it was about. */
static bool is_silent(const struct http_transfer *transfer)
{
	curl_off_t connected = 0;
	long number = 0;

	(void)transfer->curl->easy_getinfo(transfer->easy, CURLINFO_CONNECT_TIME_T, &connected);
	(void)transfer->curl->easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
	return transfer->outcome == HTTP_FAILED && connected == 0 && number != ECONNREFUSED &&
	       number != ECONNRESET;
}

/* It failed before there was a connection, with TLS where it is asked for. */
static bool is_unsent(const struct http_transfer *transfer)
{
	curl_off_t ready = 0;

	(void)transfer->curl->easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
	return (transfer->outcome == HTTP_FAILED || transfer->outcome == HTTP_REFUSED) &&
	       ready == 0;
}

void http_transfer_tell(struct http_transfer *transfer)
{
	struct http_answer answer = {
	    .outcome = transfer->outcome,
	    .url = effective_url(transfer),
	    .why = buf_string(&transfer->why),
	    .silent = is_silent(transfer),
	    .unsent = is_unsent(transfer),
	    .took_ms = (uv_hrtime() - transfer->start_ns) / 1000000,
	};
	long status = 0;

	if (transfer->outcome == HTTP_DONE) {
		(void)transfer->curl->easy_getinfo(
		    transfer->easy, CURLINFO_RESPONSE_CODE, &status); /* else 0 */
		answer.status = (int)status;
		answer.headers = buf_slice(&transfer->answer_headers);
		answer.body = buf_slice(&transfer->answer_body);
		answer.cut = transfer->cut;
		if (transfer->digest)
			answer.digest = digest_finish(transfer->digest);
	}
	transfer->phase = HTTP_TELLING;
	transfer->done(transfer->arg, &answer);
}

void http_transfer_free(struct http_transfer *transfer)
{
	assert(!transfer->easy);
	transfer->curl->slist_free_all(transfer->headers);
	http_kept_drop(transfer->kept);
	buf_free(&transfer->answer_headers);
	buf_free(&transfer->answer_body);
	digest_free(transfer->digest);
	buf_free(&transfer->why);
	free(transfer->url);
	free(transfer->body);
	free(transfer);
}

void http_put_shown(struct buf *out, struct slice url)
{
	struct buf shown = BUF_INIT;
	struct uri uri;
	size_t from = 0, at;

	uri_split(url, &uri);
	if (uri.has_authority)
		from = (size_t)(uri.authority.ptr - url.ptr);
	/* Without an authority it is no URL that is asked, but a password may be in it as well. */
	at = uri.has_authority ? from + uri.authority.len : url.len;
	while (at > from && url.ptr[at - 1] != '@')
		at--;
	if (at > from) {
		buf_put(&shown, url.ptr, from);
		buf_puts(&shown, "***@");
		url = slice_from(url, at);
	}
	at = slice_find_byte(url, 0, '?');
	buf_put_slice(&shown, slice_sub(url, 0, at));
	buf_puts(&shown, at < url.len ? "?***" : "");
	text_put_escaped(out, buf_slice(&shown));
	buf_free(&shown);
}
