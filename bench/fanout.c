/*
 * fanout: what feedd's own daemon/http.c takes for the same as floor_multi, alone:
 *
 *	fanout COUNT PORT IN_FLIGHT
 *
 * Prints the milliseconds, those of processor time, and the most that the loop was busy at one
 * go, as this thread's processor time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <uv.h>

#include "bench/walk.h"
#include "daemon/http.h"

static const char body[] = "hub.mode=publish&hub.url=https%3A%2F%2Fbench.example%2Fatom.xml"
			   "&hub.topic=https%3A%2F%2Fbench.example%2Fatom.xml";

static struct {
	struct http *http;
	uv_loop_t loop;
	uv_prepare_t prepare;
	uv_check_t check;
	int count, port, sent, done;
	double polled, busy; /* ms */
} bench;

static double ms_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void on_done(void *arg, const struct http_answer *answer);

static void tell_next(void)
{
	static const struct http_header header = {
	    "Content-Type", SLICE("application/x-www-form-urlencoded")};
	char url[64];
	struct http_request request = {.post = true,
	    .headers = &header,
	    .headers_len = 1,
	    .body = SLICE_NONE,
	    .answer_max = 4096};

	(void)snprintf(url, sizeof(url), "http://127.0.%d.%d:%d/", bench.sent / 250,
	    bench.sent % 250 + 1, bench.port);
	request.url = slice_of(url);
	request.body = slice_of(body);
	bench.sent++;
	(void)http_send(bench.http, &request, on_done, NULL);
}

static void on_done(void *arg, const struct http_answer *answer)
{
	(void)arg;
	if (answer->outcome != HTTP_DONE || answer->status != 204)
		walk_fail(answer->why);
	bench.done++;
	if (bench.sent < bench.count)
		tell_next();
}

/* Between the end of one poll and the beginning of the next, the loop is at work. */
static void on_prepare(uv_prepare_t *prepare)
{
	double busy = ms_of(CLOCK_THREAD_CPUTIME_ID) - bench.polled;

	(void)prepare;
	if (bench.polled > 0 && busy > bench.busy)
		bench.busy = busy;
}

static void on_check(uv_check_t *check)
{
	(void)check;
	bench.polled = ms_of(CLOCK_THREAD_CPUTIME_ID);
}

int main(int argc, char **argv)
{
	struct network allow;
	const struct http_settings settings = {
	    .agent = "feedd/bench", .allow = &allow, .allow_len = 1};
	struct err err;
	double wall, cpu;

	if (argc != 4) {
		(void)fprintf(stderr, "usage: %s COUNT PORT IN_FLIGHT\n", argv[0]);
		return 64;
	}
	bench.count = atoi(argv[1]);
	bench.port = atoi(argv[2]);
	(void)network_parse(SLICE("127.0.0.0/8"), &allow);
	(void)uv_loop_init(&bench.loop);
	(void)uv_prepare_init(&bench.loop, &bench.prepare);
	(void)uv_check_init(&bench.loop, &bench.check);
	(void)uv_prepare_start(&bench.prepare, on_prepare);
	(void)uv_check_start(&bench.check, on_check);
	bench.http = http_start(&bench.loop, &settings, &err);
	if (!bench.http)
		walk_fail(err.text);
	wall = ms_of(CLOCK_MONOTONIC);
	cpu = ms_of(CLOCK_PROCESS_CPUTIME_ID);
	while (bench.sent < bench.count && bench.sent < atoi(argv[3]))
		tell_next();
	while (bench.done < bench.count)
		(void)uv_run(&bench.loop, UV_RUN_ONCE);
	printf("%.3f %.3f %.3f\n", ms_of(CLOCK_MONOTONIC) - wall,
	    ms_of(CLOCK_PROCESS_CPUTIME_ID) - cpu, bench.busy);
	return 0;
}
