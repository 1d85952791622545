/* floor_stat: what it costs to look at every file's name, size and times. */
#include "bench/walk.h"

#include <stdio.h>

struct sum {
	long long files, bytes;
};

static void count(int folder, const char *name, const struct stat *st, void *arg)
{
	struct sum *sum = arg;

	(void)folder;
	(void)name;
	sum->files++;
	sum->bytes += st->st_size;
}

int main(int argc, char **argv)
{
	struct sum sum = {0};

	if (argc != 2)
		return 64;
	walk_files(argv[1], count, &sum);
	printf("%lld files, %lld bytes\n", sum.files, sum.bytes);
	return 0;
}
