#include "config/reader.h"

#include <assert.h>

#include "config/nearest.h"
#include "config/settings.h"
#include "feeds/base/buf.h"
#include "feeds/base/text.h"
#include "feeds/base/toml.h"

enum { SHOWN_MAX = 80, BLOCKS_MAX = 1000, SETTINGS_MAX = 96 };

const char *config_shown(struct config_reader *reader, struct slice text)
{
	struct buf out = BUF_INIT;
	size_t len = text.len < SHOWN_MAX ? text.len : SHOWN_MAX;
	const char *shown;

	while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	text_put_escaped(&out, slice_sub(text, 0, len));
	if (len < text.len)
		buf_puts(&out, "...");
	shown = arena_string(&reader->config->arena, buf_slice(&out));
	buf_free(&out);
	return shown;
}

const char *config_hint(struct config_reader *reader, const char *best)
{
	if (!best)
		return "";
	return arena_printf(&reader->config->arena, ", did you mean \"%s\"?", best).ptr;
}

/* ---- settings ---- */

/* What to do about a value of the wrong type. */
static const char *hint_or_all(struct config_reader *reader, const char *best)
{
	return best ? config_hint(reader, best) : "; feedd --settings shows all";
}

static const char *advice(enum value_type wanted, const struct value *found)
{
	if (wanted == VALUE_STRING && found->type != VALUE_LIST && found->type != VALUE_MAP)
		return "; put quotes around it";
	if (wanted == VALUE_STRING && found->type == VALUE_LIST)
		return "; give one value, without brackets";
	if (wanted == VALUE_LIST && found->type == VALUE_STRING)
		return "; put brackets around it";
	if (wanted == VALUE_INT && found->type == VALUE_STRING)
		return "; write digits without quotes";
	return "";
}

static void read_setting(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *base)
{
	if (value->type == setting->type->takes)
		setting->type->read(reader, setting, value, (char *)base + setting->offset);
	else
		config_complain(reader, value, "%s must be %s, found %s%s", setting->key,
		    value_type_name(setting->type->takes), value_type_name(value->type),
		    advice(setting->type->takes, value));
}

/* The default goes through the same reading as what somebody writes. */
static void read_standard(struct config_reader *reader, const struct setting *setting, void *base)
{
	struct arena *arena = &reader->config->arena;
	struct slice text = arena_printf(arena, "standard = %s", setting->standard);
	size_t complaints = reader->complaints;
	struct value_rules rules = {0};
	struct value *root = NULL;
	struct err err;
	int parsed = toml_parse(text, &rules, arena, &root, &err);

	assert(parsed == 0);
	read_setting(reader, setting, root->first, base);
	assert(reader->complaints == complaints);
}

/* The header of a table that has the setting, or NULL. */
static const char *find_home(struct slice key)
{
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);

		if (slice_equal_str(key, setting.key))
			return sections[setting.section].header;
	}
	return NULL;
}

/* A key that its table does not have: the nearest that it has, or the table that has it. */
static void complain_unknown(
    struct config_reader *reader, enum section section, const struct value *value)
{
	struct nearest nearest = nearest_start(value->key);
	const char *home = NULL;

	for (size_t i = 0; i < settings_len() && !config_enough(reader); i++) {
		struct setting setting = settings_at(i);

		if (setting.section == section)
			nearest_try(&nearest, setting.key);
	}
	if (!nearest.best && !config_enough(reader))
		home = find_home(value->key);
	if (home)
		config_complain_key(reader, value,
		    "there is no setting '%s' in %s; there is one in %s",
		    config_shown(reader, value->key), sections[section].header, home);
	else
		config_complain_key(reader, value, "there is no setting '%s' in %s%s",
		    config_shown(reader, value->key), sections[section].header,
		    hint_or_all(reader, nearest.best));
}

/* Is a key of a table a table of its own, as site.authors is? */
static bool is_section(enum section section, const struct value *value)
{
	return section == SECTION_SITE && slice_equal_str(value->key, sections[SECTION_AUTHOR].key);
}

void config_read_section(struct config_reader *reader, enum section section,
    const struct value *map, const struct value *place, void *base)
{
	bool seen[SETTINGS_MAX] = {false};

	assert(settings_len() <= SETTINGS_MAX);
	for (const struct value *value = map ? map->first : NULL; value; value = value->next) {
		size_t index = settings_find(section, value->key);

		if (index < settings_len()) {
			struct setting setting = settings_at(index);

			seen[index] = true;
			read_setting(reader, &setting, value, base);
		} else if (!is_section(section, value)) {
			complain_unknown(reader, section, value);
		}
	}
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);

		if (setting.section != section || seen[i])
			continue;
		if (setting.standard)
			read_standard(reader, &setting, base);
		else if (setting.required)
			config_complain(reader, place,
			    "%s is missing in %s; add a line such as %s = %s", setting.key,
			    sections[section].header, setting.key, setting.example);
	}
}

/* ---- tables ---- */

bool config_find_table(struct config_reader *reader, const struct value *root, enum section section,
    const struct value **out)
{
	const struct value *map = value_get(root, sections[section].name);

	if (map && map->type != VALUE_MAP) {
		config_complain(reader, map,
		    "%s is a table; write %s on a line of its own, and its settings below",
		    sections[section].name, sections[section].header);
		return false;
	}
	*out = map;
	return true;
}

const struct value *config_find_blocks(
    struct config_reader *reader, const struct value *parent, enum section section)
{
	const struct section_info *info = &sections[section];
	const struct value *list = value_get(parent, info->key);

	if (!list)
		return NULL;
	if (list->type != VALUE_LIST) {
		config_complain(reader, list,
		    "there can be several of %s; write %s, in two brackets, before its settings",
		    info->name, info->header);
		return NULL;
	}
	if (list->count > BLOCKS_MAX) {
		config_complain(reader, list, "there are %zu blocks of %s; %d are the most",
		    list->count, info->header, BLOCKS_MAX);
		return NULL;
	}
	for (const struct value *block = list->first; block; block = block->next) {
		if (block->type != VALUE_MAP) {
			config_complain(reader, block, "%s must be a table, found %s", info->name,
			    value_type_name(block->type));
			return NULL;
		}
	}
	return list->count > 0 ? list : NULL;
}

/* A value at the top: its table was left out, and perhaps it is misspelt too. */
static void complain_loose(struct config_reader *reader, const struct value *value)
{
	struct nearest nearest = nearest_start(value->key);

	for (size_t i = 0; i < settings_len() && !config_enough(reader); i++)
		nearest_try(&nearest, settings_at(i).key);
	if (nearest.best)
		config_complain_key(reader, value, "'%s' stands in no table; put it under %s%s",
		    config_shown(reader, value->key), find_home(slice_of(nearest.best)),
		    nearest.distance > 0 ? config_hint(reader, nearest.best) : "");
	else
		config_complain_key(reader, value, "there is no setting '%s'%s",
		    config_shown(reader, value->key), hint_or_all(reader, NULL));
}

static void complain_unknown_table(struct config_reader *reader, const struct value *value)
{
	struct nearest nearest = nearest_start(value->key);

	for (size_t i = 0; i < SECTION_COUNT && !config_enough(reader); i++)
		nearest_try(&nearest, sections[i].name);
	config_complain_key(reader, value, "there is no table '%s'%s",
	    config_shown(reader, value->key), hint_or_all(reader, nearest.best));
}

void config_check_tables(struct config_reader *reader, const struct value *root)
{
	for (const struct value *value = root->first; value; value = value->next) {
		bool known = false;

		for (size_t i = 0; i < SECTION_COUNT; i++)
			known = known || slice_equal_str(value->key, sections[i].name);
		if (known)
			continue;
		if (value->type == VALUE_MAP || value->type == VALUE_LIST)
			complain_unknown_table(reader, value);
		else
			complain_loose(reader, value);
	}
}
