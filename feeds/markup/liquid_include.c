/*
 * Liquid's includes: `{% include figure.html src="a.png" %}`. The file is the
 * theme's and not at hand, but its name says what it makes.
 */
#include "feeds/markup/directive_family.h"

/* Includes by the name of the file: themes agree on these. */
static const struct directive_row includes[] = {
    {"figure", SHAPE_BLOCK, component_figure, NULL},
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
