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

static const char *choice_of_row(const struct setting *setting, size_t index)
{
	return setting->choices[index];
}

void type_put_choices(const struct setting *setting, struct buf *out)
{
	const char *choice;

	for (size_t i = 0; (choice = setting->type->choice(setting, i)); i++)
		buf_printf(out, "%s\"%s\"",
		    i == 0 ? "" : (setting->type->choice(setting, i + 1) ? ", " : " or "), choice);
}

int type_find_choice(
    struct config_reader *reader, const struct setting *setting, const struct value *value)
{
	struct nearest nearest = nearest_start(value->text);
	struct buf shown = BUF_INIT;
	const char *choice;

	for (int i = 0; (choice = setting->type->choice(setting, (size_t)i)); i++) {
		if (slice_equal_str(value->text, choice))
			return i;
		if (!config_enough(reader))
			nearest_try(&nearest, choice);
	}
	type_put_choices(setting, &shown);
	config_complain(reader, value, "%s must be %s, found \"%s\"%s", setting->key,
	    buf_string(&shown), config_shown(reader, value->text),
	    config_hint(reader, nearest.best));
	buf_free(&shown);
	return -1;
}

static void read_choice(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	int index = type_find_choice(reader, setting, value);
	unsigned chosen;

	if (index < 0)
		return;
	/* All enums of struct config are as wide as this one. */
	_Static_assert(sizeof(chosen) == sizeof(enum config_undated), "enums are unsigned int");
	chosen = (unsigned)index + (unsigned)setting->min;
	memcpy(field, &chosen, sizeof(chosen));
}

static void read_switch(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	bool *out = field;

	(void)reader; /* nothing can be wrong with it */
	(void)setting;
	*out = value->boolean;
}

bool type_check_list(
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

	if (!type_check_list(reader, setting, value))
		return;
	for (const struct value *item = value->first; item; item = item->next) {
		int index = type_find_choice(reader, setting, item);

		if (index >= 0)
			out[index] = true;
	}
}

static void read_list(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	struct config_list *out = field;
	struct arena *arena = &reader->config->arena;

	if (!type_check_list(reader, setting, value))
		return;
	out->items = arena_array(arena, const char *, value->count);
	out->len = 0;
	for (const struct value *item = value->first; item; item = item->next)
		out->items[out->len++] = arena_string(arena, item->text);
}

const struct setting_type type_text = {"text", VALUE_STRING, read_text, NULL};
const struct setting_type type_prose = {"text", VALUE_STRING, read_prose, NULL};
const struct setting_type type_part = {"text", VALUE_STRING, read_part, NULL};
const struct setting_type type_number = {"number", VALUE_INT, read_number, NULL};
const struct setting_type type_switch = {"true or false", VALUE_BOOL, read_switch, NULL};
const struct setting_type type_choice = {"choice", VALUE_STRING, read_choice, choice_of_row};
const struct setting_type type_flags = {"choices", VALUE_LIST, read_flags, choice_of_row};
const struct setting_type type_list = {"texts", VALUE_LIST, read_list, NULL};
const struct setting_type type_folder = {"folder", VALUE_STRING, read_text, NULL};
