/*
 * floor_multi: what libcurl takes to tell many hosts, and nothing else:
 *
 *	floor_multi COUNT PORT IN_FLIGHT
 *
 * One POST to each of COUNT addresses on loopback, 127.0.0.1 and up, IN_FLIGHT of them at a time,
 * by libcurl's multi interface in its plain loop of perform and poll. Prints the milliseconds, and
 * those of processor time.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/walk.h"

static const char body[] = "hub.mode=publish&hub.url=https%3A%2F%2Fbench.example%2Fatom.xml"
			   "&hub.topic=https%3A%2F%2Fbench.example%2Fatom.xml";

static double ms_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static size_t on_body(char *bytes, size_t one, size_t len, void *arg)
{
	(void)bytes;
	(void)arg;
	return one * len;
}

static CURL *handle_new(void)
{
	CURL *easy = curl_easy_init();

	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	return easy;
}

static void tell(CURLM *multi, CURL *easy, int host, int port)
{
	char url[64];

	(void)snprintf(
	    url, sizeof(url), "http://127.0.%d.%d:%d/", host / 250, host % 250 + 1, port);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_multi_add_handle(multi, easy);
}

int main(int argc, char **argv)
{
	int count, port, in_flight, sent = 0, done = 0, running, left;
	double wall = ms_of(CLOCK_MONOTONIC), cpu = ms_of(CLOCK_PROCESS_CPUTIME_ID);
	CURLM *multi;

	if (argc != 4) {
		(void)fprintf(stderr, "usage: %s COUNT PORT IN_FLIGHT\n", argv[0]);
		return 64;
	}
	count = atoi(argv[1]);
	port = atoi(argv[2]);
	in_flight = atoi(argv[3]);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	multi = curl_multi_init();
	wall = ms_of(CLOCK_MONOTONIC);
	cpu = ms_of(CLOCK_PROCESS_CPUTIME_ID);
	while (sent < count && sent < in_flight)
		tell(multi, handle_new(), sent++, port);
	while (done < count) {
		CURLMsg *message;

		curl_multi_perform(multi, &running);
		while ((message = curl_multi_info_read(multi, &left)) != NULL) {
			CURL *easy = message->easy_handle;
			long status = 0;

			curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
			if (status != 204)
				walk_fail(curl_easy_strerror(message->data.result));
			curl_multi_remove_handle(multi, easy);
			done++;
			if (sent < count)
				tell(multi, easy, sent++, port);
			else
				curl_easy_cleanup(easy);
		}
		if (done < count)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	curl_multi_cleanup(multi); /* closes what it kept open */
	printf("%.3f %.3f\n", ms_of(CLOCK_MONOTONIC) - wall, ms_of(CLOCK_PROCESS_CPUTIME_ID) - cpu);
	return 0;
}
