/*
 * decode: TOML documents become the tagged JSON of toml-test.
 *
 * Reads any number of documents from standard input, each as its length in
 * decimal, a line end, and its bytes. Answers each with one line: the JSON of a
 * valid document, or `!LINE:COLUMN: why` for one that is refused.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "feeds/base/mem.h"
#include "feeds/base/toml.h"

enum { DEPTH_MAX = 1000, BYTES_MAX = 1 << 24 };

static json_t *tagged(const char *type, json_t *take_value)
{
	return json_pack("{s:s, s:o}", "type", type, "value", take_value);
}

static json_t *tagged_float(double real)
{
	char text[40];

	if (isnan(real))
		return tagged("float", json_string("nan"));
	if (isinf(real))
		return tagged("float", json_string(real < 0 ? "-inf" : "inf"));
	(void)snprintf(text, sizeof(text), "%.17g", real); /* 24 bytes at most */
	return tagged("float", json_string(text));
}

static json_t *tagged_int(int64_t integer)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, integer); /* 20 bytes at most */
	return tagged("integer", json_string(text));
}

static json_t *encode(const struct value *value)
{
	static const char *const times[] = {
	    [VALUE_OFFSET_DATETIME] = "datetime",
	    [VALUE_LOCAL_DATETIME] = "datetime-local",
	    [VALUE_LOCAL_DATE] = "date-local",
	    [VALUE_LOCAL_TIME] = "time-local",
	};
	struct slice text = value->text;
	json_t *json;

	switch (value->type) {
	case VALUE_BOOL: return tagged("bool", json_string(value->boolean ? "true" : "false"));
	case VALUE_INT: return tagged_int(value->integer);
	case VALUE_FLOAT: return tagged_float(value->real);
	case VALUE_STRING: return tagged("string", json_stringn(text.ptr, text.len));
	case VALUE_TIME: return tagged(times[value->time], json_stringn(text.ptr, text.len));
	case VALUE_LIST:
		json = json_array();
		for (const struct value *item = value->first; item; item = item->next)
			(void)json_array_append_new(json, encode(item)); /* checked at the end */
		return json;
	case VALUE_MAP:
		json = json_object();
		for (const struct value *item = value->first; item; item = item->next)
			(void)json_object_setn_new(
			    json, item->key.ptr, item->key.len, encode(item)); /* likewise */
		return json;
	case VALUE_NULL: break; /* TOML has none */
	}
	return NULL;
}

static bool answer(struct slice text)
{
	struct value_rules rules = {
	    .max_bytes = BYTES_MAX, .max_nodes = BYTES_MAX, .max_depth = DEPTH_MAX};
	struct arena arena = ARENA_INIT;
	struct value *root = NULL;
	struct err err = {0};
	bool ok = true;

	if (toml_parse(text, &rules, &arena, &root, &err) < 0) {
		(void)printf("!%u:%u: %s\n", err.line, err.column, err.text); /* see main */
	} else {
		json_t *json = encode(root);

		ok = json && json_dumpf(json, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) == 0 &&
		     putchar('\n') != EOF;
		json_decref(json);
	}
	arena_free(&arena);
	return ok;
}

int main(void)
{
	size_t len;

	while (scanf("%zu", &len) == 1 && getchar() == '\n' && len <= BYTES_MAX) {
		/* Exactly as large, so that a sanitizer sees a read behind the end. */
		char *bytes = mem_alloc(len);
		bool ok = fread(bytes, 1, len, stdin) == len && answer(slice_make(bytes, len));

		free(bytes);
		if (!ok)
			return 1;
	}
	return feof(stdin) && fflush(stdout) == 0 ? 0 : 1;
}
