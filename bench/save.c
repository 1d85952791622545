/*
 * save: an author who saves an article, and a reader who waits for the feeds:
 *
 *	save COUNT PAUSE_MS ARTICLE FOLDER FEED...
 *
 * The article is written over in place, as most editors do, each time with another last line.
 * Prints a line for each save: the milliseconds from its close until every FEED of FOLDER was
 * replaced. Then come PAUSE_MS milliseconds of peace. At the end the article is as it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TIMEOUT_MS = 20000, FEEDS_MAX = 8 };

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(74);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static char *read_all(const char *path, size_t *out_len)
{
	struct stat stat;
	int fd = open(path, O_RDONLY);
	char *bytes;

	if (fd < 0 || fstat(fd, &stat) < 0)
		fail(path);
	bytes = malloc((size_t)stat.st_size + 1);
	if (!bytes || read(fd, bytes, (size_t)stat.st_size) != stat.st_size)
		fail(path);
	close(fd);
	*out_len = (size_t)stat.st_size;
	return bytes;
}

static void write_all(const char *path, const char *bytes, size_t len, const char *line)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len ||
	    write(fd, line, strlen(line)) != (ssize_t)strlen(line))
		fail(path);
	close(fd);
}

/* Take what has happened in the folder; how many of the feeds are still to come. */
static int take_events(int watch, char **feeds, int len, bool *seen)
{
	char events[4096] __attribute__((aligned(8)));
	ssize_t got = read(watch, events, sizeof(events));
	int left = 0;

	for (char *at = events; got > 0 && at < events + got;) {
		const struct inotify_event *event = (const struct inotify_event *)at;

		for (int i = 0; i < len; i++)
			if (event->len && strcmp(event->name, feeds[i]) == 0)
				seen[i] = true;
		at += sizeof(*event) + event->len;
	}
	for (int i = 0; i < len; i++)
		left += !seen[i];
	return left;
}

static void wait_for(int watch, char **feeds, int len)
{
	struct pollfd poll_fd = {.fd = watch, .events = POLLIN};
	bool seen[FEEDS_MAX] = {false};

	do {
		if (poll(&poll_fd, 1, TIMEOUT_MS) <= 0) {
			errno = ETIME;
			fail("the feeds");
		}
	} while (take_events(watch, feeds, len, seen) > 0);
}

int main(int argc, char **argv)
{
	char line[64];
	size_t len;
	char *bytes;
	int watch;

	if (argc < 6 || argc - 5 > FEEDS_MAX) {
		(void)fprintf(stderr, "usage: %s COUNT PAUSE_MS ARTICLE FOLDER FEED...\n", argv[0]);
		return 64;
	}
	bytes = read_all(argv[3], &len);
	watch = inotify_init();
	if (watch < 0 || inotify_add_watch(watch, argv[4], IN_MOVED_TO) < 0)
		fail(argv[4]);
	for (int i = 0; i < atoi(argv[1]); i++) {
		double saved;

		(void)snprintf(line, sizeof(line), "\nSaved at %.3f.\n", now_ms());
		write_all(argv[3], bytes, len, line);
		saved = now_ms();
		wait_for(watch, argv + 5, argc - 5);
		printf("%.3f\n", now_ms() - saved);
		usleep((useconds_t)atoi(argv[2]) * 1000);
	}
	write_all(argv[3], bytes, len, "");
	wait_for(watch, argv + 5, argc - 5);
	free(bytes);
	return 0;
}
