#include "feeds/base/jsonout.h"

#include <assert.h>
#include <inttypes.h>

#include "feeds/base/escape.h"

/* RFC 8259 section 7. The other controls are not in XML's Char and go. */
static const struct escapes in_string = {{
    ESCAPES_BASE,
    ['\t'] = ESCAPE("\\t"),
    ['\n'] = ESCAPE("\\n"),
    ['\r'] = ESCAPE("\\r"),
    ['"'] = ESCAPE("\\\""),
    ['\\'] = ESCAPE("\\\\"),
}};

void jsonout_start(struct jsonout *json, struct buf *out)
{
	*json = (struct jsonout){.out = out};
}

void jsonout_resume(struct jsonout *json, struct buf *out, const char *close, bool empty)
{
	jsonout_start(json, out);
	for (; close[json->depth]; json->depth++) {
		assert(json->depth < JSONOUT_DEPTH);
		json->close[json->depth] = close[json->depth];
	}
	assert(json->depth > 0);
	json->empty[json->depth - 1] = empty;
}

/* A new line with the indentation of what stands in the innermost level. */
static void put_line(struct jsonout *json)
{
	buf_putc(json->out, '\n');
	for (unsigned i = 0; i < json->depth; i++)
		buf_put(json->out, "  ", 2);
}

/* Everything that stands before a value. */
static void begin(struct jsonout *json, const char *key)
{
	assert((key != NULL) == (json->depth > 0 && json->close[json->depth - 1] == '}'));
	if (json->depth == 0)
		return;
	if (!json->empty[json->depth - 1])
		buf_putc(json->out, ',');
	json->empty[json->depth - 1] = false;
	put_line(json);
	if (!key)
		return;
	buf_putc(json->out, '"');
	buf_puts(json->out, key);
	buf_put(json->out, "\": ", 3);
}

static void put_level(struct jsonout *json, const char *key, char opening, char closing)
{
	begin(json, key);
	assert(json->depth < JSONOUT_DEPTH);
	buf_putc(json->out, opening);
	json->close[json->depth] = closing;
	json->empty[json->depth] = true;
	json->depth++;
}

void jsonout_object(struct jsonout *json, const char *key)
{
	put_level(json, key, '{', '}');
}

void jsonout_array(struct jsonout *json, const char *key)
{
	put_level(json, key, '[', ']');
}

void jsonout_close(struct jsonout *json)
{
	assert(json->depth > 0);
	json->depth--;
	if (!json->empty[json->depth])
		put_line(json);
	buf_putc(json->out, json->close[json->depth]);
	if (json->depth == 0)
		buf_putc(json->out, '\n');
}

void jsonout_string(struct jsonout *json, const char *key, struct slice text)
{
	begin(json, key);
	buf_putc(json->out, '"');
	escape_put(json->out, text, &in_string);
	buf_putc(json->out, '"');
}

void jsonout_escape(struct slice text, struct buf *out)
{
	escape_put(out, text, &in_string);
}

void jsonout_escaped(struct jsonout *json, const char *key, struct slice escaped)
{
	begin(json, key);
	buf_putc(json->out, '"');
	buf_put_slice(json->out, escaped);
	buf_putc(json->out, '"');
}

void jsonout_int(struct jsonout *json, const char *key, int64_t number)
{
	begin(json, key);
	buf_printf(json->out, "%" PRId64, number);
}

void jsonout_bool(struct jsonout *json, const char *key, bool value)
{
	begin(json, key);
	buf_puts(json->out, value ? "true" : "false");
}
