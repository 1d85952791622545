#include "config/draft.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/draft_keys.h"
#include "feeds/base/text.h"
#include "feeds/lang.h"

const struct draft_key_row draft_keys[DRAFT_KEYS] = {
    [DRAFT_TITLE] = {SECTION_SITE, "title", "site.title"},
    [DRAFT_URL] = {SECTION_SITE, "url", "site.url"},
    [DRAFT_DESCRIPTION] = {SECTION_SITE, "description", "site.description"},
    [DRAFT_LANGUAGE] = {SECTION_SITE, "language", "site.language"},
    [DRAFT_TIMEZONE] = {SECTION_SITE, "timezone", "site.timezone"},
    [DRAFT_AUTHOR] = {SECTION_SITE, "author", "site.author"},
    [DRAFT_CONTENT] = {SECTION_CONTENT, "dir", "content.dir"},
    [DRAFT_INCLUDE] = {SECTION_CONTENT, "include", "content.include"},
    [DRAFT_EXCLUDE] = {SECTION_CONTENT, "exclude", "content.exclude"},
    [DRAFT_PERMALINK] = {SECTION_CONTENT, "permalink", "content.permalink"},
    [DRAFT_UNDATED] = {SECTION_CONTENT, "undated", "content.undated"},
    [DRAFT_OUTPUT] = {SECTION_OUTPUT, "dir", "output.dir"},
};

void draft_free(struct draft *draft)
{
	arena_free(&draft->arena);
}

static struct setting setting_of(enum draft_key key)
{
	return settings_at(settings_find(draft_keys[key].section, slice_of(draft_keys[key].key)));
}

const char *draft_key_name(enum draft_key key)
{
	return draft_keys[key].name;
}

const char *draft_key_words(enum draft_key key)
{
	return setting_of(key).text;
}

/* ---- what the settings would say ---- */

static void put_string(struct arena *arena, struct value *map, const char *key, struct slice text)
{
	struct value *value = value_string(arena, text, 1, 1);

	value->key = arena_copy(arena, slice_of(key));
	value->key_line = value->key_column = 1;
	value_append(map, value);
}

static struct value *put_map(struct arena *arena, struct value *parent, const char *key)
{
	struct value *map = value_new(arena, VALUE_MAP, 1, 1);

	map->key = arena_copy(arena, slice_of(key));
	map->key_line = map->key_column = 1;
	value_append(parent, map);
	return map;
}

/* The least that loads, but for the key that is to be tried. */
static struct value *least(struct arena *arena, enum draft_key but, struct value **out_site)
{
	struct value *root = value_new(arena, VALUE_MAP, 1, 1);

	*out_site = put_map(arena, root, "site");
	if (but != DRAFT_TITLE)
		put_string(arena, *out_site, "title", SLICE("x"));
	if (but != DRAFT_URL)
		put_string(arena, *out_site, "url", SLICE("https://example.com/"));
	return root;
}

static bool loads(const struct value *root, struct diags *diags)
{
	struct config *config = config_parse(root, diags);

	config_free(config);
	return config != NULL;
}

bool draft_try(enum draft_key key, struct slice text, struct diags *diags)
{
	struct arena arena = ARENA_INIT;
	struct value *site, *root = least(&arena, key, &site), *section = site;
	bool taken;

	if (draft_keys[key].section != SECTION_SITE)
		section = put_map(&arena, root, sections[draft_keys[key].section].name);
	put_string(&arena, section, draft_keys[key].key, text);
	taken = loads(root, diags);
	arena_free(&arena);
	return taken;
}

/* ---- values ---- */

/* A value as it is kept: on one line, and cut; a language in its usual form. */
static struct slice usual(struct arena *arena, enum draft_key key, struct slice text)
{
	struct buf line = BUF_INIT;
	struct slice kept, tag;

	text_put_collapsed(&line, text);
	if (line.len > DRAFT_TEXT_MAX)
		buf_cut(&line, text_cut(buf_slice(&line), DRAFT_TEXT_MAX / 4));
	kept = arena_copy(arena, buf_slice(&line));
	buf_free(&line);
	if (key != DRAFT_LANGUAGE)
		return kept;
	tag = lang_tag(arena, kept);
	return tag.len > 0 ? tag : kept;
}

bool draft_set(struct draft *draft, enum draft_key key, struct slice text, enum draft_trust trust,
    const char *from)
{
	struct draft_value *value = &draft->values[key];
	struct diags diags = DIAGS_INIT;
	bool taken;

	assert(trust > DRAFT_OPEN && setting_of(key).type->takes == VALUE_STRING);
	text = usual(&draft->arena, key, text);
	if (text.len == 0 || (value->trust >= trust && trust < DRAFT_SAID))
		return true;
	taken = draft_try(key, text, &diags);
	if (taken) {
		value->trust = trust;
		value->text = arena_string(&draft->arena, text);
		value->from = from ? arena_string(&draft->arena, slice_of(from)) : NULL;
	} else {
		draft_note(draft, key, "What %s says is not taken: %s.", from ? from : "the site",
		    diags.len ? diags.items[0].text : "it is no value");
	}
	diags_free(&diags);
	return taken;
}

void draft_add(struct draft *draft, enum draft_key key, const char *item)
{
	struct draft_value *value = &draft->values[key];

	if (!value->items)
		value->items = arena_array(&draft->arena, const char *, DRAFT_ITEMS);
	if (value->len == DRAFT_ITEMS)
		return;
	value->trust = DRAFT_FOUND;
	value->items[value->len++] = arena_string(&draft->arena, slice_of(item));
}

void draft_note(struct draft *draft, enum draft_key key, const char *fmt, ...)
{
	struct draft_value *value = &draft->values[key];
	struct buf text = BUF_INIT, line = BUF_INIT;
	va_list args;

	va_start(args, fmt);
	buf_vprintf(&text, fmt, args);
	va_end(args);
	text_put_collapsed(&line, buf_slice(&text));
	if (!value->note)
		value->note = arena_string(&draft->arena, buf_slice(&line));
	else if (!strstr(value->note, buf_string(&line)))
		value->note =
		    arena_printf(&draft->arena, "%s %s", value->note, buf_string(&line)).ptr;
	buf_free(&line);
	buf_free(&text);
}

/* ---- feeds ---- */

bool draft_feed_set(struct draft_feed *feed, const char *format, const char *path)
{
	size_t i = format_find(slice_of(format));

	if (i >= FORMAT_FEEDS)
		return false;
	feed->paths[i] = path;
	return true;
}

static void put_feed(struct arena *arena, struct value *list, const struct draft_feed *feed)
{
	struct value *block = value_new(arena, VALUE_MAP, 1, 1);

	if (feed->name)
		put_string(arena, block, "name", slice_of(feed->name));
	if (feed->by)
		put_string(arena, block, "by", slice_of(feed->by));
	for (size_t i = 0; i < FORMAT_FEEDS; i++)
		if (feed->paths[i])
			put_string(arena, block, formats[i]->name, slice_of(feed->paths[i]));
	value_append(list, block);
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The feed of the same entries in other formats; draft->feeds_len: none. */
static size_t find_twin(const struct draft *draft, const struct draft_feed *feed)
{
	size_t i = 0;
	bool found = false;

	for (; i < draft->feeds_len && !found; i += !found) {
		const struct draft_feed *other = &draft->feeds[i];

		found = is_same(other->by, feed->by) && other->limit == feed->limit &&
			other->offered == feed->offered;
		for (size_t j = 0; j < FORMAT_FEEDS; j++)
			found = found && !(other->paths[j] && feed->paths[j]);
	}
	return i;
}

/* Take over what a feed says, into the arena. */
static void merge(struct draft *draft, struct draft_feed *into, const struct draft_feed *feed)
{
	struct arena *arena = &draft->arena;

	for (size_t i = 0; i < FORMAT_FEEDS; i++)
		if (feed->paths[i])
			into->paths[i] = arena_string(arena, slice_of(feed->paths[i]));
	if (into->note && feed->note && !is_same(into->note, feed->note))
		into->note = arena_printf(arena, "%s %s", into->note, feed->note).ptr;
	else if (feed->note)
		into->note = arena_string(arena, slice_of(feed->note));
	if (!into->name && feed->name)
		into->name = arena_string(arena, slice_of(feed->name));
	into->by = feed->by;
	into->limit = feed->limit;
	into->offered = feed->offered;
}

bool draft_add_feed(struct draft *draft, const struct draft_feed *feed)
{
	struct draft_feed whole = {0};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct value *site, *root = least(&arena, DRAFT_KEYS, &site), *list;
	size_t at = find_twin(draft, feed);
	bool taken = false;

	if (at < DRAFT_FEEDS) {
		if (at < draft->feeds_len)
			whole = draft->feeds[at];
		merge(draft, &whole, feed);
		list = value_new(&arena, VALUE_LIST, 1, 1);
		list->key = arena_copy(&arena, SLICE("feed"));
		value_append(root, list);
		for (size_t i = 0; i < draft->feeds_len; i++)
			if (i != at)
				put_feed(&arena, list, &draft->feeds[i]);
		put_feed(&arena, list, &whole);
		taken = loads(root, &diags);
	}
	if (taken) {
		draft->feeds_len += at == draft->feeds_len;
		draft->feeds[at] = whole;
	}
	diags_free(&diags);
	arena_free(&arena);
	return taken;
}

void draft_complain(
    struct draft *draft, const char *path, uint32_t line, uint32_t column, const char *text)
{
	struct draft_fault *fault = &draft->faults[draft->faults_len];

	if (draft->faults_len == DRAFT_FAULTS)
		return;
	fault->path = arena_string(&draft->arena, slice_of(path));
	fault->line = line;
	fault->column = column;
	fault->text = arena_string(&draft->arena, slice_of(text));
	draft->faults_len++;
}
