#include "daemon/outbox_inside.h"

#include <assert.h>

#include "feeds/base/mem.h"

/* What has changed */

void outbox_touch(struct outbox *outbox, struct outbox_row *row)
{
	if (row->dirty)
		return;
	vec_push(&outbox->dirty.rows, row);
	row->dirty = (uint32_t)outbox->dirty.rows.len;
}

void outbox_touch_target(struct outbox *outbox, struct outbox_target *target)
{
	target->dirty = outbox->targets_dirty = true;
}

void outbox_untouch(struct outbox *outbox, struct outbox_row *row)
{
	struct outbox_row *last;

	if (row->taken)
		outbox->taken.rows.items[row->taken - 1] = NULL;
	if (!row->dirty)
		return;
	last = outbox->dirty.rows.items[--outbox->dirty.rows.len];
	if (last != row) {
		outbox->dirty.rows.items[row->dirty - 1] = last;
		last->dirty = row->dirty;
	}
	row->dirty = 0;
}

void outbox_forget(struct outbox *outbox, struct slice target, struct slice topic)
{
	struct state_ping_key key = {slice_make(mem_dup(target.ptr, target.len), target.len),
	    slice_make(topic.len > 0 ? mem_dup(topic.ptr, topic.len) : NULL, topic.len)};

	vec_push(&outbox->gone, key);
}

bool outbox_changed(const struct outbox *outbox)
{
	return outbox->targets_dirty || outbox->dirty.rows.len > 0 || outbox->gone.len > 0;
}

/* What is saved */

static void target_save(
    struct arena *arena, const struct outbox_target *target, struct state_target *out)
{
	*out = (struct state_target){
	    .key = arena_copy(arena, slice_of(target->key)),
	    .known = target->known,
	    .parked = target->parked,
	    .last_sent = target->last_sent,
	    .last_told = target->last_told,
	    .last_status = target->status,
	    .last_answer = arena_copy(arena, slice_of(target->answer)),
	    .failures = target->lane.failures,
	    .held = target->lane.asked,
	    .rests = target->lane.held,
	    .absent = target->absent,
	};
}

static struct slice string_save(struct arena *arena, const struct outbox_row *row, int which)
{
	return arena_copy(arena, outbox_string(row, row->words, which));
}

static void row_save(
    struct arena *arena, struct slice target, const struct outbox_row *row, struct state_ping *out)
{
	*out = (struct state_ping){
	    .target = target,
	    .topic = arena_copy(arena, outbox_topic(row)),
	    .entry = row->entry,
	    .wanted = row->words->wanted,
	    .told = row->told,
	    .given_up = row->given_up,
	    .attempts = row->attempts,
	    .since = row->due ? row->words->since : 0,
	    .next_try = row->next_try,
	    .last_try = row->last_try,
	    .last_told = row->last_told,
	    .last_status = row->status,
	    .last_answer = arena_copy(arena, slice_of(row->answer)),
	    .url = string_save(arena, row, OUTBOX_URL),
	    .id = string_save(arena, row, OUTBOX_ID),
	    .title = string_save(arena, row, OUTBOX_TITLE),
	    .link = string_save(arena, row, OUTBOX_LINK),
	    .feed = string_save(arena, row, OUTBOX_FEED),
	    .format = string_save(arena, row, OUTBOX_FORMAT),
	    .published = row->words->published,
	    .updated = row->words->updated,
	};
}

static void take_targets(struct outbox *outbox, struct outbox_changes *out)
{
	out->targets = arena_array(&out->arena, struct state_target, outbox->targets.len + 1);
	for (size_t i = 0; i < outbox->targets.len; i++) {
		struct outbox_target *target = outbox->targets.items[i];

		if (!target->dirty)
			continue;
		target->dirty = false;
		target->taken = true;
		target_save(&out->arena, target, &out->targets[out->targets_len++]);
	}
	outbox->targets_dirty = false;
}

/* Rows of one target share its key. */
static struct slice key_save(
    struct arena *arena, const struct outbox_target *target, struct slice last)
{
	return slice_equal_str(last, target->key) ? last : arena_copy(arena, slice_of(target->key));
}

static void take_rows(struct outbox *outbox, struct outbox_changes *out)
{
	struct slice key = SLICE_NONE;

	out->rows = arena_array(&out->arena, struct state_ping, outbox->dirty.rows.len + 1);
	for (size_t i = 0; i < outbox->dirty.rows.len; i++) {
		struct outbox_row *row = outbox->dirty.rows.items[i];

		key = key_save(&out->arena, row->lane->target, key);
		row_save(&out->arena, key, row, &out->rows[out->rows_len++]);
		row->dirty = 0;
		row->stored = true; /* whether it was saved or not, nobody may be sure */
		vec_push(&outbox->taken.rows, row);
		row->taken = (uint32_t)outbox->taken.rows.len;
	}
	outbox->dirty.rows.len = 0;
}

void outbox_take_changes(struct outbox *outbox, struct outbox_changes *out)
{
	assert(!outbox->saving);
	outbox->saving = true;
	*out = (struct outbox_changes){.arena = ARENA_INIT};
	if (outbox->targets_dirty)
		take_targets(outbox, out);
	take_rows(outbox, out);
	out->gone = arena_array(&out->arena, struct state_ping_key, outbox->gone.len + 1);
	for (size_t i = 0; i < outbox->gone.len; i++) {
		struct state_ping_key *gone = &outbox->gone.items[i];

		out->gone[out->gone_len++] = (struct state_ping_key){
		    arena_copy(&out->arena, gone->target), arena_copy(&out->arena, gone->topic)};
		free((char *)gone->target.ptr);
		free((char *)gone->topic.ptr);
	}
	outbox->gone.len = 0;
}

void outbox_saved(struct outbox *outbox, struct outbox_changes *changes, bool saved)
{
	assert(outbox->saving);
	outbox->saving = false;
	for (size_t i = 0; i < outbox->taken.rows.len; i++) {
		struct outbox_row *row = outbox->taken.rows.items[i];

		if (!row)
			continue;
		row->taken = 0;
		if (!saved)
			outbox_touch(outbox, row);
		if (row->due && !row->sent && !heap_has(&row->node))
			outbox_settle(outbox, row); /* a link, which may be told now */
	}
	outbox->taken.rows.len = 0;
	for (size_t i = 0; changes->targets_len > 0 && i < outbox->targets.len; i++) {
		struct outbox_target *target = outbox->targets.items[i];

		if (target->taken && !saved)
			outbox_touch_target(outbox, target);
		target->taken = false;
	}
	for (size_t i = 0; !saved && i < changes->gone_len; i++)
		outbox_forget(outbox, changes->gone[i].target, changes->gone[i].topic);
	arena_free(&changes->arena);
	*changes = (struct outbox_changes){.arena = ARENA_INIT};
}

int outbox_save(struct state *state, const struct outbox_changes *changes, struct err *err)
{
	for (size_t i = 0; i < changes->gone_len; i++) {
		const struct state_ping_key *gone = &changes->gone[i];
		int rc = gone->topic.len > 0 ? state_remove_ping(state, gone, err)
					     : state_remove_target(state, gone->target, err);

		if (rc < 0)
			return -1;
	}
	for (size_t i = 0; i < changes->targets_len; i++)
		if (state_put_target(state, &changes->targets[i], err) < 0)
			return -1;
	for (size_t i = 0; i < changes->rows_len; i++)
		if (state_put_ping(state, &changes->rows[i], err) < 0)
			return -1;
	return 0;
}

static void row_renew(struct outbox *outbox, struct outbox_row *row, int64_t now)
{
	(void)now;
	if (row->taken)
		return; /* the new one has it, or outbox_saved comes to it */
	row->stored = false;
	outbox_touch(outbox, row);
	outbox_settle(outbox, row);
}

void outbox_save_all(struct outbox *outbox)
{
	for (size_t i = 0; i < outbox->targets.len; i++) {
		outbox_touch_target(outbox, outbox->targets.items[i]);
		outbox_each_row(outbox, outbox->targets.items[i], row_renew, 0);
	}
}
