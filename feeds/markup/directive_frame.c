/*
 * What is open: frames of paired directives, and what a body says of itself:
 * variables, and notes about what nobody knows.
 */
#include "feeds/markup/directive_family.h"

/* ---- frames ---- */

struct scan_frame *scan_open(struct scan *s, enum scan_close style, struct slice name,
    struct slice html, struct slice close, bool block)
{
	struct scan_frame *frame;
	struct scan_place place = {0};

	if (s->depth == SCAN_FRAMES)
		return NULL;
	if (s->markdown && block)
		place = scan_where(s);
	block = block && s->markdown && !s->block.html && !place.cell;
	frame = &s->frames[s->depth++];
	*frame = (struct scan_frame){.close_style = style,
	    .name = name,
	    .close = close,
	    .prefix = place.prefix,
	    .block = block,
	    .muted = SIZE_MAX};
	if (block) {
		struct buf lines = BUF_INIT;

		if (!place.start)
			scan_put_blank_line(&lines, place.prefix);
		buf_put_slice(&lines, html);
		scan_put_blank_line(&lines, place.prefix);
		scan_put(s, buf_slice(&lines));
		s->out_fresh = s->out->len;
		buf_free(&lines);
	} else {
		scan_put(s, html);
	}
	frame->start = s->out->len;
	frame->line = s->out_line;
	return frame;
}

void scan_mute(struct scan *s, struct scan_frame *frame)
{
	if (frame->muted != SIZE_MAX)
		return;
	frame->muted = s->out->len;
	frame->muted_line = s->out_line;
	s->muted++;
}

static void cut_to(struct scan *s, size_t start, size_t line)
{
	buf_cut(s->out, start);
	if (s->out_line > start)
		s->out_line = line;
}

/* True when the loop goes round again. */
static bool loop_again(struct scan *s, struct scan_frame *frame)
{
	struct scan_loop *loop = frame->loop;
	struct scan_variable *variable;

	if (loop->next >= loop->items_len || s->out->overflow ||
	    s->shared->replayed + (s->pos - loop->body) > SCAN_REPLAY_MAX)
		return false;
	variable = scan_set(s, loop->variable, loop->items[loop->next]);
	if (!variable)
		return false;
	loop->next++;
	s->shared->replayed += s->pos - loop->body + 64;
	s->pos = loop->body;
	s->line_done = SIZE_MAX;
	memset(s->no_span, 0, sizeof(s->no_span));
	return true;
}

static void frame_end(struct scan *s, struct scan_frame *frame)
{
	if (frame->muted != SIZE_MAX) {
		cut_to(s, frame->muted, frame->muted_line);
		s->muted--;
	}
	if (frame->capture.len > 0) {
		struct slice value = slice_from(buf_slice(s->out), frame->start);

		if (value.len <= SCAN_VALUE_MAX && scan_store(s, value.len))
			scan_set(s, frame->capture, arena_copy(s->arena, value));
		cut_to(s, frame->start, frame->line);
	}
	if (frame->loop && frame->loop->unknown) {
		cut_to(s, frame->start, frame->line);
		scan_unknown(s, "loop", frame->loop->variable, false);
	}
	if (frame->close.len > 0) {
		struct slice prefix = frame->prefix;
		struct buf lines = BUF_INIT;

		/* Text at the margin ended the item that it stood in. */
		if (!s->block.list && slice_trim(prefix).len == 0)
			prefix = SLICE_NONE;
		if (frame->block)
			scan_put_blank_line(&lines, prefix);
		buf_put_slice(&lines, frame->close);
		if (frame->block)
			scan_put_blank_line(&lines, prefix);
		scan_put(s, buf_slice(&lines));
		if (frame->block)
			s->out_fresh = s->out->len;
		buf_free(&lines);
	}
}

bool scan_shut(struct scan *s, enum scan_close style, struct slice name, bool *again)
{
	size_t at = s->depth;

	*again = false;
	while (at > 0 && (s->frames[at - 1].close_style != style ||
			     (name.len > 0 && !call_same_name(s->frames[at - 1].name, name))))
		at--;
	if (at == 0)
		return false;
	while (s->depth > at) {
		s->depth--;
		frame_end(s, &s->frames[s->depth]);
	}
	if (s->frames[at - 1].loop && !s->frames[at - 1].loop->unknown &&
	    loop_again(s, &s->frames[at - 1])) {
		*again = true;
		return true;
	}
	s->depth--;
	frame_end(s, &s->frames[s->depth]);
	return true;
}

void scan_shut_all(struct scan *s)
{
	while (s->depth > 0) {
		struct scan_frame *frame = &s->frames[--s->depth];

		/* Its end never came, so nobody can say where its text would end. */
		if (frame->muted != SIZE_MAX) {
			frame->muted = SIZE_MAX;
			s->muted--;
		}
		if (frame->capture.len > 0)
			frame->capture = SLICE_NONE;
		frame->loop = NULL;
		frame_end(s, frame);
	}
}

/* ---- notes ---- */

void scan_note(struct scan *s, const char *what, struct slice name, const char *consequence)
{
	uint32_t line = 0, column = 0;

	if (s->muted)
		return;
	if (name.len > 60) {
		for (name.len = 60; name.len > 0 && (name.ptr[name.len] & 0xc0) == 0x80;)
			name.len--; /* no half character */
	}
	if (s->diags->len < DIAG_MAX)
		scan_position(s, s->pos, &line, &column);
	diag_put(
	    s->diags, DIAG_NOTE, line, column, "%s '%.*s'%s", what, SLICE_FMT(name), consequence);
}

void scan_unknown(struct scan *s, const char *kind, struct slice name, bool inner)
{
	struct slice what;

	if (s->muted)
		return;
	s->diags->unknowns++;
	if (s->diags->len == DIAG_MAX) {
		s->diags->dropped++;
		return;
	}
	what = arena_printf(s->arena, "unknown %s", kind);
	scan_note(s, what.ptr, name, inner ? " removed, its inner text stays" : " removed");
}

/* ---- variables ---- */

const struct scan_variable *scan_variable(const struct scan *s, struct slice name)
{
	for (size_t i = 0; i < s->shared->variables.len; i++) {
		if (slice_equal(s->shared->variables.items[i].name, name))
			return &s->shared->variables.items[i];
	}
	return NULL;
}

bool scan_store(struct scan *s, size_t bytes)
{
	if (bytes > SCAN_STORE_MAX - s->shared->stored)
		return false;
	s->shared->stored += bytes;
	return true;
}

struct scan_variable *scan_set(struct scan *s, struct slice name, struct slice value)
{
	struct scan_variable *variable = (struct scan_variable *)scan_variable(s, name);

	if (!variable) {
		if (s->shared->variables.len == SCAN_VARIABLES)
			return NULL;
		vec_push(&s->shared->variables, ((struct scan_variable){.name = name}));
		variable = &s->shared->variables.items[s->shared->variables.len - 1];
	}
	variable->value = value;
	variable->plain = false;
	variable->items = NULL;
	variable->items_len = 0;
	return variable;
}
