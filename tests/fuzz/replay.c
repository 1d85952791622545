/*
 * replay: a fuzz target fed with the files of its corpus, one TAP line each.
 *
 * Linked in place of libFuzzer, so that every input which once broke a parser is tried again by
 * `make check`, with any compiler. The empty input is always tried first.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The file's bytes in a block of exactly their size, so that a sanitizer sees a read behind them. */
static uint8_t *file_read(const char *path, size_t *out_size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	struct stat st;

	if (!file)
		return NULL;
	if (fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode)) {
		data = malloc((size_t)st.st_size + !st.st_size);
		if (data && fread(data, 1, (size_t)st.st_size, file) != (size_t)st.st_size) {
			free(data);
			data = NULL;
		}
		*out_size = (size_t)st.st_size;
	}
	(void)fclose(file); /* only read from */
	return data;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **names;
	int count, failed = 0;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
		return 64;
	}
	count = scandir(argv[1], &names, is_visible, alphasort);
	if (count <= 0) {
		printf("1..1\nnot ok 1 - %s holds no seeds\n", argv[1]);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%d\n", count + 1);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	printf("ok 1 - the empty input\n");
	for (int i = 0; i < count; i++) {
		char *path;
		uint8_t *data;
		size_t size;

		if (asprintf(&path, "%s/%s", argv[1], names[i]->d_name) < 0)
			abort();
		data = file_read(path, &size);
		if (data)
			LLVMFuzzerTestOneInput(data, size);
		printf("%sok %d - %s\n", data ? "" : "not ", i + 2, names[i]->d_name);
		failed += !data;
		free(data);
		free(path);
		free(names[i]);
	}
	free(names);
	return failed != 0;
}
