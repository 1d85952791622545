#include "feeds/trace.h"

static struct slice text_of(const struct value *value)
{
	return value->type == VALUE_LIST || value->type == VALUE_MAP ? SLICE_NONE : value->text;
}

void trace_put_step(struct trace *trace, const struct trace_step *step)
{
	if (trace->steps.len == TRACE_STEPS_MAX) {
		trace->steps_dropped++;
		return;
	}
	vec_push(&trace->steps, *step);
}

void trace_put_value(
    struct trace *trace, const char *what, const struct value *value, const char *how)
{
	const struct trace_step step = {
	    .what = what,
	    .from = TRACE_HEAD,
	    .key = value ? value->key : SLICE_NONE,
	    .line = value ? value->line : 0,
	    .text = value ? text_of(value) : SLICE_NONE,
	    .how = how,
	    .value = value,
	};

	if (!value)
		return;
	for (size_t i = 0; i < trace->steps.len; i++)
		if (trace->steps.items[i].value == value &&
		    strcmp(trace->steps.items[i].what, what) == 0)
			return; /* it was asked for once more */
	trace_put_step(trace, &step);
}

void trace_put_key(struct trace *trace, const struct trace_key *key)
{
	if (trace->keys.len == TRACE_KEYS_MAX) {
		trace->keys_dropped++;
		return;
	}
	vec_push(&trace->keys, *key);
}

void trace_put_token(struct trace *trace, struct slice name, struct slice text)
{
	if (trace->tokens.len == TRACE_STEPS_MAX)
		return; /* a pattern is one line of the settings, or one key */
	vec_push(&trace->tokens, ((struct trace_token){arena_copy(&trace->arena, name),
				     arena_copy(&trace->arena, text)}));
}

void trace_free(struct trace *trace)
{
	vec_free(&trace->steps);
	vec_free(&trace->keys);
	vec_free(&trace->tokens);
	trace_tally_free(&trace->removed);
	arena_free(&trace->arena);
}

const struct trace_step *trace_last(const struct trace *trace, const char *what)
{
	for (size_t i = trace->steps.len; i > 0; i--)
		if (strcmp(trace->steps.items[i - 1].what, what) == 0)
			return &trace->steps.items[i - 1];
	return NULL;
}

bool trace_heard(const struct trace *trace, const void *value)
{
	for (size_t i = 0; i < trace->steps.len; i++)
		if (trace->steps.items[i].value == value)
			return true;
	return false;
}

const char *trace_from_name(enum trace_from from)
{
	static const char *const names[] = {
	    [TRACE_HEAD] = "head",
	    [TRACE_NAME] = "name",
	    [TRACE_FOLDER] = "folder",
	    [TRACE_BODY] = "body",
	    [TRACE_FILE] = "file",
	    [TRACE_SETTING] = "setting",
	    [TRACE_RULE] = "rule",
	};

	return names[from];
}

/* ---- tallies ---- */

static void tally_put(
    struct trace_tally *tally, enum trace_removal removal, struct slice name, size_t count)
{
	struct slice known =
	    slice_sub(name, 0, name.len < TRACE_NAME_MAX ? name.len : TRACE_NAME_MAX);

	for (size_t i = 0; i < tally->items.len; i++) {
		struct trace_removed *item = &tally->items.items[i];

		if (item->removal == removal && slice_same_nocase(item->name, known)) {
			item->count += count;
			return;
		}
	}
	if (tally->items.len == TRACE_REMOVED_MAX) {
		tally->others += count;
		return;
	}
	vec_push(&tally->items,
	    ((struct trace_removed){removal, arena_copy(&tally->arena, known), count}));
}

void trace_tally_put(struct trace_tally *tally, enum trace_removal removal, struct slice name)
{
	tally_put(tally, removal, name, 1);
}

void trace_tally_add(struct trace_tally *to, const struct trace_tally *from)
{
	for (size_t i = 0; i < from->items.len; i++)
		tally_put(to, from->items.items[i].removal, from->items.items[i].name,
		    from->items.items[i].count);
	to->others += from->others;
}

void trace_tally_clear(struct trace_tally *tally)
{
	tally->items.len = tally->others = 0;
	arena_clear(&tally->arena);
}

void trace_tally_free(struct trace_tally *tally)
{
	vec_free(&tally->items);
	arena_free(&tally->arena);
}

static const struct {
	const char *name, *words;
} removals[] = {
    [TRACE_REMOVED_TAG] = {"tag", "tags that no feed may have; their text stays"},
    [TRACE_REMOVED_ELEMENT] = {"element", "elements, with all that is inside"},
    [TRACE_REMOVED_ATTRIBUTE] = {"attribute", "attributes that no feed may have"},
    [TRACE_REMOVED_VALUE] = {"value", "attributes, for a value that no feed may have"},
    [TRACE_REMOVED_FRAME] = {"frame", "frames, made links"},
    [TRACE_REMOVED_PIXEL] = {"pixel", "images that nobody is to see"},
    [TRACE_REMOVED_HEADING] = {"heading", "a first heading that repeats the title"},
};

const char *trace_removal_name(enum trace_removal removal)
{
	return removals[removal].name;
}

const char *trace_removal_words(enum trace_removal removal)
{
	return removals[removal].words;
}
