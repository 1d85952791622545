#include "config/type.h"

#include <string.h>

#include "config/nearest.h"
#include "config/settings.h"
#include "feeds/base/buf.h"

enum { LIST_MAX = 1000 };

bool type_check_text(
    struct config_reader *reader, const struct setting *setting, const struct value *value)
{
	if (value->text.len == 0) {
		config_complain(reader, value, "%s must not be empty%s", setting->key,
		    setting->required ? "" : "; leave the line out instead");
		return false;
	}
	for (size_t i = 0; i < value->text.len; i++) {
		unsigned char c = (unsigned char)value->text.ptr[i];

		if (c >= ' ' && c != 0x7f)
			continue;
		config_complain(reader, value,
		    "%s must be one line without control characters, and holds U+%04X",
		    setting->key, c);
		return false;
	}
	return true;
}

static void set_string(struct config_reader *reader, const struct value *value, void *field)
{
	const char **out = field;

	*out = arena_string(&reader->config->arena, value->text);
}

static void read_text(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	if (type_check_text(reader, setting, value))
		set_string(reader, value, field);
}

static void read_prose(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	if (memchr(value->text.ptr, '\0', value->text.len))
		config_complain(reader, value, "%s holds U+0000; remove it", setting->key);
	else
		set_string(reader, value, field);
}

static void read_part(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	struct slice *out = field;

	if (type_check_text(reader, setting, value))
		*out = arena_copy(&reader->config->arena, value->text);
}

static void read_number(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	int64_t *out = field;

	if (value->integer < setting->min || value->integer > setting->max)
		config_complain(reader, value, "%s must be from %lld to %lld (%s), found %lld",
		    setting->key, (long long)setting->min, (long long)setting->max, setting->unit,
		    (long long)value->integer);
	else
		*out = value->integer;
}

/* The choices as a sentence has them: `"a", "b" or "c"`. */
static const char *choices_shown(struct config_reader *reader, const struct setting *setting)
{
	struct buf out = BUF_INIT;
	const char *shown;

	for (const char *const *choice = setting->choices; *choice; choice++)
		buf_printf(&out, "%s\"%s\"",
		    choice == setting->choices ? "" : (choice[1] ? ", " : " or "), *choice);
	shown = arena_string(&reader->config->arena, buf_slice(&out));
	buf_free(&out);
	return shown;
}

/* The index of the choice, or -1 and a complaint. */
static int find_choice(
    struct config_reader *reader, const struct setting *setting, const struct value *value)
{
	struct nearest nearest = nearest_start(value->text);

	for (int i = 0; setting->choices[i]; i++) {
		if (slice_equal_str(value->text, setting->choices[i]))
			return i;
		if (!config_enough(reader))
			nearest_try(&nearest, setting->choices[i]);
	}
	config_complain(reader, value, "%s must be %s, found \"%s\"%s", setting->key,
	    choices_shown(reader, setting), config_shown(reader, value->text),
	    config_hint(reader, nearest.best));
	return -1;
}

static void read_choice(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	int index = find_choice(reader, setting, value);
	unsigned chosen;

	if (index < 0)
		return;
	/* All enums of struct config are as wide as this one. */
	_Static_assert(sizeof(chosen) == sizeof(enum config_undated), "enums are unsigned int");
	chosen = (unsigned)index + (unsigned)setting->min;
	memcpy(field, &chosen, sizeof(chosen));
}

static void read_choice_text(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	int index = find_choice(reader, setting, value);
	const char **out = field;

	if (index >= 0)
		*out = setting->choices[index];
}

/* All items are strings; else a complaint. */
static bool check_items(
    struct config_reader *reader, const struct setting *setting, const struct value *list)
{
	if (list->count > LIST_MAX) {
		config_complain(reader, list, "%s has %zu values; %d are the most", setting->key,
		    list->count, LIST_MAX);
		return false;
	}
	for (const struct value *item = list->first; item; item = item->next) {
		if (item->type != VALUE_STRING) {
			config_complain(reader, item,
			    "%s must be a list of strings, found %s in it", setting->key,
			    value_type_name(item->type));
			return false;
		}
		if (!type_check_text(reader, setting, item))
			return false;
	}
	return true;
}

static void read_flags(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	bool *out = field;

	if (!check_items(reader, setting, value))
		return;
	for (const struct value *item = value->first; item; item = item->next) {
		int index = find_choice(reader, setting, item);

		if (index >= 0)
			out[index] = true;
	}
}

static void read_list(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	struct config_list *out = field;
	struct arena *arena = &reader->config->arena;

	if (!check_items(reader, setting, value))
		return;
	out->items = arena_array(arena, const char *, value->count);
	out->len = 0;
	for (const struct value *item = value->first; item; item = item->next)
		out->items[out->len++] = arena_string(arena, item->text);
}

const struct setting_type type_text = {"text", VALUE_STRING, read_text};
const struct setting_type type_prose = {"text", VALUE_STRING, read_prose};
const struct setting_type type_part = {"text", VALUE_STRING, read_part};
const struct setting_type type_number = {"number", VALUE_INT, read_number};
const struct setting_type type_choice = {"choice", VALUE_STRING, read_choice};
const struct setting_type type_choice_text = {"choice", VALUE_STRING, read_choice_text};
const struct setting_type type_flags = {"choices", VALUE_LIST, read_flags};
const struct setting_type type_list = {"texts", VALUE_LIST, read_list};
const struct setting_type type_folder = {"folder", VALUE_STRING, read_text};
