/*
 * feedpath: any value has one name, fit for a path; values share a name only
 * when they share a key; a key's key is the key. Input: two values, a line end
 * between.
 */
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/text.h"
#include "feeds/feedpath.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(struct slice name)
{
	if (name.len == 0 || name.len > FEED_NAME_MAX || name.ptr[0] == '-' ||
	    name.ptr[name.len - 1] == '-')
		abort();
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if ((unsigned char)c < 0x80 && c != '-' && c != '_' && !(c >= '0' && c <= '9') &&
		    !(c >= 'a' && c <= 'z'))
			abort();
	}
}

static void name_of(struct slice value, struct buf *out_key, struct buf *out_name)
{
	struct buf again = BUF_INIT;

	feed_value_key(value, out_key);
	feed_value_key(buf_slice(out_key), &again);
	if (!slice_equal(buf_slice(out_key), buf_slice(&again)))
		abort();
	feed_path(SLICE(":tag"), "tag", value, out_name);
	check_name(buf_slice(out_name));
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf legal = BUF_INIT, key[2] = {BUF_INIT, BUF_INIT}, name[2] = {BUF_INIT, BUF_INIT};
	struct slice rest, value = SLICE_NONE;
	struct text_repairs repairs;
	struct err err;

	if (text_legal(slice_make((const char *)data, size), &legal, &rest, &repairs, &err) == 0) {
		(void)slice_line(&rest, &value);
		name_of(value, &key[0], &name[0]);
		name_of(rest, &key[1], &name[1]);
		if (slice_equal(buf_slice(&key[0]), buf_slice(&key[1])) !=
		    slice_equal(buf_slice(&name[0]), buf_slice(&name[1])))
			abort();
	}
	for (int i = 0; i < 2; i++) {
		buf_free(&key[i]);
		buf_free(&name[i]);
	}
	buf_free(&legal);
	return 0;
}
