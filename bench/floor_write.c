/*
 * floor_write: what it takes to replace feeds, and nothing else:
 *
 *	floor_write COUNT PAUSE_MS FOLDER FEED...
 *
 * Each FEED of FOLDER is read once; then, COUNT times, its bytes are written to a temp file,
 * synced, renamed over it, and the folder is synced, one feed after the other. Prints a line for
 * each time: the milliseconds, and those of processor time. The feeds are as they were.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/walk.h"

enum { FEEDS_MAX = 8 };

static double ms_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

struct feed {
	const char *name;
	char *bytes;
	size_t len;
};

static void feed_read(int folder, const char *name, struct feed *out)
{
	struct stat stat;
	int fd = openat(folder, name, O_RDONLY);

	if (fd < 0 || fstat(fd, &stat) < 0)
		walk_fail(name);
	*out = (struct feed){name, malloc((size_t)stat.st_size + 1), (size_t)stat.st_size};
	if (!out->bytes || read(fd, out->bytes, out->len) != stat.st_size)
		walk_fail(name);
	close(fd);
}

static void feed_replace(int folder, const struct feed *feed)
{
	static const char temp[] = ".floor.tmp";
	int fd = openat(folder, temp, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd < 0 || write(fd, feed->bytes, feed->len) != (ssize_t)feed->len || fsync(fd) < 0)
		walk_fail(temp);
	close(fd);
	if (renameat(folder, temp, folder, feed->name) < 0 || fsync(folder) < 0)
		walk_fail(feed->name);
}

int main(int argc, char **argv)
{
	struct feed feeds[FEEDS_MAX];
	int folder, len = argc - 4;

	if (len < 1 || len > FEEDS_MAX) {
		(void)fprintf(stderr, "usage: %s COUNT PAUSE_MS FOLDER FEED...\n", argv[0]);
		return 64;
	}
	folder = open(argv[3], O_RDONLY | O_DIRECTORY);
	if (folder < 0)
		walk_fail(argv[3]);
	for (int i = 0; i < len; i++)
		feed_read(folder, argv[4 + i], &feeds[i]);
	for (int i = 0; i < atoi(argv[1]); i++) {
		double wall = ms_of(CLOCK_MONOTONIC), cpu = ms_of(CLOCK_PROCESS_CPUTIME_ID);

		for (int j = 0; j < len; j++)
			feed_replace(folder, &feeds[j]);
		printf("%.3f %.3f\n", ms_of(CLOCK_MONOTONIC) - wall,
		    ms_of(CLOCK_PROCESS_CPUTIME_ID) - cpu);
		usleep((useconds_t)atoi(argv[2]) * 1000);
	}
	for (int i = 0; i < len; i++)
		free(feeds[i].bytes);
	close(folder);
	return 0;
}
