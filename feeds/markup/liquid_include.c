/*
 * Liquid's includes: `{% include figure.html src="a.png" %}`. The file is the
 * theme's and not at hand, but its name says what it makes.
 */
#include "feeds/base/uri.h"
#include "feeds/markup/directive_family.h"

/*
 * Themes send the address through relative_url, so that one without "/" before it
 * is below the site's root too, not below the article.
 */
static struct slice below_root(struct directive_call *call, struct slice address)
{
	struct uri uri;

	uri_split(address, &uri);
	if (address.len == 0 || uri.has_scheme || uri.has_authority || uri.path.len == 0 ||
	    slice_starts(address, "/") || slice_starts(address, "."))
		return address;
	return arena_printf(call->scan->arena, "%.*s%.*s", SLICE_FMT(call->scan->source->site_url),
	    SLICE_FMT(address));
}

static bool is_address(struct slice key)
{
	static const char *const keys[] = {
	    "image_path", "path", "src", "url", "image", "img", "file", "filename", "link"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (call_same_name(key, slice_of(keys[i])))
			return true;
	}
	return false;
}

/* Behind `image_path`, `url` is where the picture leads to. */
static bool put_figure(struct directive_call *call, struct buf *html)
{
	bool leads = call_arg(call, "image_path", -1).len > 0;

	for (size_t i = 0; i < call->args_len; i++) {
		struct directive_arg *arg = &call->args[i];

		if (leads && slice_equal_str(arg->key, "url"))
			arg->key = SLICE("link");
		if (is_address(arg->key))
			arg->value = below_root(call, arg->value);
	}
	return component_figure(call, html);
}

/* Includes by the name of the file: themes agree on these. */
static const struct directive_row includes[] = {
    {"figure", SHAPE_BLOCK, put_figure, NULL},
    {"fig", SHAPE_BLOCK, component_figure, NULL},
    {"image", SHAPE_BLOCK, component_image, NULL},
    {"img", SHAPE_BLOCK, component_image, NULL},
    {"picture", SHAPE_BLOCK, component_image, NULL},
    {"photo", SHAPE_BLOCK, component_image, NULL},
    {"image_caption", SHAPE_BLOCK, component_figure, NULL},
    {"image_with_caption", SHAPE_BLOCK, component_figure, NULL},
    {"responsive_image", SHAPE_BLOCK, component_image, NULL},
    {"lazyload", SHAPE_BLOCK, component_image, NULL},
    {"video", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"youtube", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"youtube_player", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"youtubePlayer", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"vimeo", SHAPE_INLINE, component_service, "https://vimeo.com/%"},
    {"gist", SHAPE_INLINE, component_gist, NULL},
    {"tweet", SHAPE_INLINE, component_tweet, NULL},
    {"twitter", SHAPE_INLINE, component_tweet, NULL},
    {"codepen", SHAPE_INLINE, component_frame, NULL},
    {"iframe", SHAPE_INLINE, component_frame, NULL},
    {"audio", SHAPE_BLOCK, component_media, "audio"},
    {"alert", SHAPE_WRAP, component_callout, NULL},
    {"callout", SHAPE_WRAP, component_callout, NULL},
    {"notice", SHAPE_WRAP, component_callout, NULL},
    {"admonition", SHAPE_WRAP, component_callout, NULL},
    {"note", SHAPE_WRAP, component_callout, "note"},
    {"tip", SHAPE_WRAP, component_callout, "tip"},
    {"info", SHAPE_WRAP, component_callout, "info"},
    {"warning", SHAPE_WRAP, component_callout, "warning"},
    {"important", SHAPE_WRAP, component_callout, "important"},
    {"danger", SHAPE_WRAP, component_callout, "danger"},
    {"message", SHAPE_WRAP, component_callout, NULL},
    {"details", SHAPE_WRAP, component_details, NULL},
    {"quote", SHAPE_WRAP, component_quote, NULL},
    {"pullquote", SHAPE_WRAP, component_quote, NULL},
    {"blockquote", SHAPE_WRAP, component_quote, NULL},
    {"button", SHAPE_SPAN, component_anchor, NULL},
    {"link", SHAPE_SPAN, component_anchor, NULL},
    {"code", SHAPE_BLOCK, component_code, NULL},
    {"toc", SHAPE_GONE, NULL, NULL},
    {"table_of_contents", SHAPE_GONE, NULL, NULL},
    {"share", SHAPE_GONE, NULL, NULL},
    {"icon", SHAPE_GONE, NULL, NULL},
    {"mathjax", SHAPE_GONE, NULL, NULL},
    {"JB/setup", SHAPE_GONE, NULL, NULL},
    {NULL, SHAPE_GONE, NULL, NULL},
};

/* Arguments that name a variable have its value, or none. */
static void fill_args(struct directive_call *call)
{
	for (size_t i = 0; i < call->args_len; i++) {
		struct directive_arg *arg = &call->args[i];
		struct buf value = BUF_INIT;
		bool literal;

		if (arg->form != ARG_BARE || arg->key.len == 0)
			continue;
		if (liquid_value(call->scan, arg->value, &value, &literal))
			arg->value = arena_copy(call->scan->arena, buf_slice(&value));
		else if (slice_find_byte(arg->value, 0, '/') == arg->value.len &&
			 slice_find_byte(arg->value, 0, '.') < arg->value.len)
			arg->value = SLICE_NONE;
		buf_free(&value);
	}
}

size_t liquid_include(struct directive_call *call)
{
	struct slice file = call_arg(call, "", 0);
	struct slice stem = slice_sub(file, 0, slice_find_byte(file, 0, '.'));

	call->row = call_row(includes, stem);
	for (size_t i = stem.len; i > 0 && !call->row; i--) {
		if (stem.ptr[i - 1] == '/') {
			call->row = call_row(includes, slice_from(stem, i));
			break;
		}
	}
	call->kind = "include";
	call->name = file;
	call->single = true;
	fill_args(call);
	for (size_t i = 0; i < call->args_len; i++) { /* the file is no argument of its own */
		if (call->args[i].key.len > 0)
			continue;
		call->args_len--;
		memmove(&call->args[i], &call->args[i + 1],
		    (call->args_len - i) * sizeof(call->args[0]));
		break;
	}
	return call_run(call);
}
