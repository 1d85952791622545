#include "feeds/markup/markup.h"

#include "feeds/markup/directive.h"
#include "feeds/markup/sanitize.h"

static const struct markup *const table[] = {
    &markup_markdown,
    &markup_html,
    &markup_text,
    &markup_gemtext,
};
enum { TABLE_LEN = sizeof(table) / sizeof(*table) };

static struct slice extension_of(struct slice path)
{
	for (size_t i = path.len; i > 0 && path.ptr[i - 1] != '/'; i--)
		if (path.ptr[i - 1] == '.')
			return slice_from(path, i);
	return SLICE_NONE;
}

const struct markup *markup_for_path(struct slice path)
{
	struct slice extension = extension_of(path);

	for (size_t i = 0; i < TABLE_LEN; i++)
		for (const char *const *e = table[i]->extensions; *e; e++)
			if (slice_equal_nocase(extension, *e))
				return table[i];
	return &markup_markdown;
}

/* The body in its own language, generators' additions worked out; in `expanded` when there may be any. */
static int body_expand(const struct markup *markup, struct markup_source *source,
    struct arena *arena, struct diags *diags, struct buf *expanded, struct err *err)
{
	if (!markup->directives)
		return 0;
	directive_expand(source, !markup->page, arena, diags, expanded);
	if (expanded->overflow)
		return err_set(err, ERR_LIMIT, "body becomes more than %d MB with its directives",
		    MARKUP_HTML_MAX >> 20);
	source->body = buf_slice(expanded);
	return 0;
}

int markup_render(const struct markup *markup, const struct markup_source *source,
    struct diags *diags, struct markup_result *out, struct err *err)
{
	struct markup_source expanded_source = *source;
	struct markup_result result = {BUF_BOUNDED(MARKUP_HTML_MAX), SIZE_MAX};
	struct buf expanded = BUF_BOUNDED(MARKUP_HTML_MAX), html = BUF_BOUNDED(MARKUP_HTML_MAX);
	struct arena arena = ARENA_INIT;
	int done = -1;

	if (body_expand(markup, &expanded_source, &arena, diags, &expanded, err) < 0 ||
	    markup->to_html(&expanded_source, &arena, diags, &html, err) < 0 ||
	    sanitize_html(buf_slice(&html), source, markup->page, diags, &result, err) < 0)
		goto out;
	*out = result;
	result.html = BUF_INIT;
	done = 0;
out:
	buf_free(&result.html);
	buf_free(&expanded);
	buf_free(&html);
	arena_free(&arena);
	return done;
}

void markup_result_free(struct markup_result *result)
{
	buf_free(&result->html);
	result->more = SIZE_MAX;
}
