#include "daemon/download.h"

#include <uv.h>

#include "daemon/http.h"

struct waiting {
	struct buf *out;
	size_t max;
	struct http *http;
	struct err *err;
	int rc;
	bool done;
};

static void on_answer(void *arg, const struct http_answer *answer)
{
	struct waiting *waiting = arg;

	waiting->done = true;
	if (answer->outcome != HTTP_DONE)
		(void)err_set(waiting->err, ERR_IO, "%s", answer->why);
	else if (answer->status != 200)
		(void)err_set(
		    waiting->err, ERR_IO, "the server answered with status %d", answer->status);
	else if (answer->cut && answer->body.len >= waiting->max)
		(void)err_set(waiting->err, ERR_LIMIT, "it is larger than %zu bytes", waiting->max);
	else if (answer->cut)
		(void)err_set(waiting->err, ERR_IO, "it broke off: %s", answer->why);
	else {
		buf_put_slice(waiting->out, answer->body);
		waiting->rc = 0;
	}
}

int download_run(const char *url, const char *proxy, size_t max, struct buf *out, struct err *err)
{
	static const struct network everywhere = {.bits = 0};
	struct http_settings settings = {
	    .proxy = proxy, .agent = "feedd/" FEEDD_VERSION, .allow = &everywhere, .allow_len = 1};
	struct http_request request = {.redirects = true, .url = slice_of(url), .answer_max = max};
	struct waiting waiting = {.out = out, .max = max, .err = err, .rc = -1};
	uv_loop_t loop;

	if (uv_loop_init(&loop) != 0)
		return err_set(err, ERR_IO, "no event loop: out of file descriptors or memory");
	waiting.http = http_start(&loop, &settings, err);
	if (waiting.http) {
		(void)http_send(waiting.http, &request, on_answer, &waiting); /* not cancelled */
		while (!waiting.done)
			(void)uv_run(&loop, UV_RUN_ONCE);
		http_stop(waiting.http, NULL, NULL);
		(void)uv_run(&loop, UV_RUN_DEFAULT); /* returns when nothing is left to do */
	}
	(void)uv_loop_close(&loop); /* nothing is open in it */
	return waiting.rc;
}
