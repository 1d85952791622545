#include "feeds/frontmatter/fields.h"

#include <assert.h>

#include "feeds/base/text.h"
#include "feeds/base/uri.h"
#include "feeds/frontmatter/keys.h"

/* A rank within the root or one of the maps that count like it. */
enum { LEVEL = 256 };

struct collector {
	struct fields *out;
	unsigned ranks[FIELD_COUNT][FIELDS_ALTERNATIVES];
	size_t len[FIELD_COUNT];
};

static bool is_scalar(const struct value *value)
{
	return value->type != VALUE_LIST && value->type != VALUE_MAP && value->text.len > 0;
}

static bool one_of(struct slice text, const char *const *words)
{
	for (; *words; words++)
		if (slice_equal_nocase(text, *words))
			return true;
	return false;
}

const char *fields_name(enum field field)
{
	static const char *const names[FIELD_COUNT] = {
	    [FIELD_TITLE] = "title",
	    [FIELD_PUBLISHED] = "published",
	    [FIELD_UPDATED] = "updated",
	    [FIELD_EXPIRES] = "expires",
	    [FIELD_DRAFT] = "draft",
	    [FIELD_TAGS] = "tags",
	    [FIELD_CATEGORIES] = "categories",
	    [FIELD_AUTHORS] = "authors",
	    [FIELD_AUTHOR_URL] = "author's URL",
	    [FIELD_AUTHOR_EMAIL] = "author's email",
	    [FIELD_SUMMARY] = "summary",
	    [FIELD_SEPARATOR] = "end of the summary",
	    [FIELD_IMAGE] = "image",
	    [FIELD_SLUG] = "slug",
	    [FIELD_URL] = "url",
	    [FIELD_LANG] = "language",
	    [FIELD_ID] = "id",
	    [FIELD_EXTERNAL_URL] = "link",
	    [FIELD_ENCLOSURE] = "enclosure",
	    [FIELD_ENCLOSURE_LENGTH] = "enclosure's length",
	    [FIELD_ENCLOSURE_TYPE] = "enclosure's type",
	    [FIELD_FEED] = "left out",
	    [FIELD_MINOR] = "minor change",
	    [FIELD_LAYOUT] = "layout",
	};

	return names[field];
}

bool fields_boolean(const struct value *value, bool *out)
{
	static const char *const yes[] = {"true", "yes", "on", "y", "1", NULL};
	static const char *const no[] = {"false", "no", "off", "n", "0", "never", NULL};
	struct slice text = slice_trim(value->text);

	if (value->type == VALUE_BOOL) {
		*out = value->boolean;
		return true;
	}
	if (value->type != VALUE_STRING && value->type != VALUE_INT)
		return false;
	if (!one_of(text, yes) && !one_of(text, no))
		return false;
	*out = one_of(text, yes);
	return true;
}

/* `future` and `scheduled` are not here: the date says when such an article is due. */
static bool is_withheld(const struct value *value)
{
	static const char *const words[] = {"draft", "drafts", "auto-draft", "hidden", "private",
	    "pending", "trash", "trashed", "deleted", "unpublished", "unlisted", "internal",
	    "members", "paid", "wip", NULL};

	return is_scalar(value) && one_of(slice_trim(value->text), words);
}

static bool is_web(const struct value *value)
{
	struct uri uri;

	if (!is_scalar(value))
		return false;
	uri_split(slice_trim(value->text), &uri);
	return uri.has_scheme && uri.authority.len > 0 &&
	       (slice_equal_nocase(uri.scheme, "http") || slice_equal_nocase(uri.scheme, "https"));
}

/* `feed: {exclude: true}`, `rss: {enabled: false}`. */
static bool map_says_no(const struct value *map)
{
	static const char *const no_if_true[] = {
	    "exclude", "excluded", "hide", "hidden", "disable", "disabled", "skip", NULL};
	static const char *const no_if_false[] = {"enable", "enabled", "include", "show", NULL};

	for (const struct value *child = map->first; child; child = child->next) {
		bool is_true;

		if (!fields_boolean(child, &is_true))
			continue;
		if (one_of(child->key, is_true ? no_if_true : no_if_false))
			return true;
	}
	return false;
}

static bool says(const struct value *value, bool wanted)
{
	bool is_true;

	if (value->type == VALUE_MAP)
		return !wanted && map_says_no(value);
	return fields_boolean(value, &is_true) && is_true == wanted;
}

/*
 * The field that this value of this key speaks for, FIELD_COUNT for none. A
 * switch that is set to its usual side speaks for nothing and is not kept, so
 * that no number of such keys can crowd out the one that says "draft".
 */
static enum field field_for(const struct key *key, const struct value *value)
{
	enum field field = (enum field)key->field;
	bool is_true, is_bool = fields_boolean(value, &is_true);
	bool holds = true;

	switch ((enum key_sense)key->sense) {
	case KEY_PLAIN: break;
	case KEY_TEXT:
	case KEY_DATE: holds = value->type != VALUE_BOOL; break;
	case KEY_MAP: holds = value->type == VALUE_MAP; break;
	case KEY_WEB: holds = is_web(value); break;
	case KEY_WHEN_TRUE: holds = says(value, true); break;
	case KEY_WHEN_FALSE: holds = says(value, false); break;
	case KEY_WHEN_SET:
		holds = is_scalar(value) && !(value->type == VALUE_BOOL && !value->boolean);
		break;
	case KEY_UNLESS_FALSE: holds = is_scalar(value) && !(is_bool && !is_true); break;
	case KEY_WHEN_STATUS: holds = is_withheld(value); break;
	case KEY_DATE_OR_FALSE:
	case KEY_DATE_OR_TRUE:
		if (!is_bool)
			break;
		field = FIELD_DRAFT;
		holds = is_true == (key->sense == KEY_DATE_OR_TRUE);
		break;
	case KEY_URL_OR_FALSE:
		if (value->type != VALUE_BOOL)
			break;
		field = FIELD_FEED;
		holds = !value->boolean;
		break;
	case KEY_INSIDE: holds = false; break;
	}
	return holds ? field : FIELD_COUNT;
}

/* Keep the values of a field in the order of their ranks; a rank met again replaces. */
static void collector_put(
    struct collector *collector, enum field field, unsigned rank, const struct value *value)
{
	const struct value **values = collector->out->values[field];
	unsigned *ranks = collector->ranks[field];
	size_t at = 0, len = collector->len[field];

	while (at < len && ranks[at] < rank)
		at++;
	if (at == FIELDS_ALTERNATIVES)
		return;
	if (at == len || ranks[at] != rank) {
		size_t moved = len - at;

		if (len == FIELDS_ALTERNATIVES)
			moved--;
		else
			collector->len[field]++;
		memmove(values + at + 1, values + at, moved * sizeof(*values));
		memmove(ranks + at + 1, ranks + at, moved * sizeof(*ranks));
	}
	values[at] = value;
	ranks[at] = rank;
}

static void tell_key(struct trace *trace, const struct value *map, const struct value *value,
    const struct value *meant, const struct key *key, enum field field)
{
	enum field named = field == FIELD_COUNT && key ? (enum field)key->field : field;
	bool scalar = value->type != VALUE_LIST && value->type != VALUE_MAP;
	const struct trace_key told = {
	    .key = value->key,
	    .within = map->key,
	    .text = scalar ? value->text : SLICE_NONE,
	    .line = value->key_line,
	    .fate = value->type == VALUE_NULL ? TRACE_EMPTY
		    : !key		      ? TRACE_FOREIGN
		    : field == FIELD_COUNT    ? TRACE_SILENT
					      : TRACE_KNOWN,
	    .what = named == FIELD_COUNT ? NULL : fields_name(named),
	    .value = meant,
	};

	/* What is in such a map is told by itself. */
	if (!key || key->sense != KEY_INSIDE || scalar)
		trace_put_key(trace, &told);
}

static void collect_map(struct collector *collector, const struct value *map, unsigned level)
{
	for (const struct value *value = map->first; value; value = value->next) {
		const struct key *key = value->type == VALUE_NULL ? NULL : keys_find(value->key);
		const struct value *meant = value;
		enum field field = FIELD_COUNT;

		/* Docusaurus: last_update: {date: …, author: …} */
		if (key && key->field == FIELD_UPDATED && value->type == VALUE_MAP)
			meant = value_get(value, "date");
		if (key && meant)
			field = field_for(key, meant);
		if (field != FIELD_COUNT)
			collector_put(collector, field, level * LEVEL + key->rank, meant);
		if (collector->out->trace)
			tell_key(collector->out->trace, map, value, meant, key, field);
	}
}

void fields_collect(const struct value *root, struct trace *trace, struct fields *out)
{
	struct collector collector = {.out = out};

	memset(out, 0, sizeof(*out));
	out->trace = trace;
	if (!root || root->type != VALUE_MAP)
		return;
	collect_map(&collector, root, 0);
	for (const struct value *value = root->first; value; value = value->next) {
		const struct key *key = value->type == VALUE_MAP ? keys_find(value->key) : NULL;

		if (key && key->sense == KEY_INSIDE)
			collect_map(&collector, value, key->rank);
	}
}

const struct value *fields_scalar(const struct fields *fields, enum field field)
{
	assert(field < FIELD_COUNT);
	for (size_t i = 0; fields->values[field][i]; i++)
		if (is_scalar(fields->values[field][i]))
			return fields->values[field][i];
	return NULL;
}

/* A field that holds as soon as one key says so. */
static bool any_says(const struct fields *fields, enum field field)
{
	trace_value(fields->trace, fields_name(field), fields->values[field][0], NULL);
	return fields->values[field][0] != NULL;
}

bool fields_draft(const struct fields *fields)
{
	return any_says(fields, FIELD_DRAFT);
}

bool fields_release(const struct value *value)
{
	static const char *const spellings[] = {
	    "publishdate", "publishdatetime", "publishat", "publishon", NULL};
	const struct key *key = keys_find(value->key);

	return key && one_of(slice_of(key->spelling), spellings);
}

bool fields_excluded(const struct fields *fields)
{
	return any_says(fields, FIELD_FEED);
}

bool fields_minor(const struct fields *fields)
{
	return any_says(fields, FIELD_MINOR);
}

bool fields_known(struct slice key)
{
	return keys_find(key) != NULL;
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(struct slice text)
{
	if (text.len != 36)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool hex =
		    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-' : !hex)
			return false;
	}
	return true;
}

static struct slice uuid_urn(struct slice uuid, struct arena *arena)
{
	struct slice urn = arena_printf(arena, "urn:uuid:%.*s", SLICE_FMT(uuid));
	char *bytes = (char *)urn.ptr; /* made just above, nobody else's */

	for (size_t i = 0; i < urn.len; i++)
		bytes[i] = slice_lower(bytes[i]);
	return urn;
}

/* Schemes under which ids are minted; any other word and colon may be a local name. */
static bool is_universal(struct slice text)
{
	static const char *const schemes[] = {"http", "https", "tag", "urn", "info", "doi", NULL};
	struct uri uri;

	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ')
			return false;
	uri_split(text, &uri);
	return uri.has_scheme && one_of(uri.scheme, schemes) && text.len > uri.scheme.len + 1;
}

bool fields_is_template(struct slice text)
{
	return slice_find(text, 0, "{{") < text.len || slice_find(text, 0, "{%") < text.len;
}

/* No blanks and controls, and no template: RFC 3987 section 2.2. `line` is the text by fields_line. */
static bool is_one_word(struct slice text, struct slice line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.ptr[i] <= ' ' || line.ptr[i] == 0x7f)
			return false;
	return slice_equal(slice_trim(text), line) && !fields_is_template(line);
}

/* It is no id. A page's short name is no fault: generators have a use of their own for it. */
static void complain_id(const struct value *value, bool is_name, struct diags *diags)
{
	enum { SHOWN = 60 };
	struct buf shown = BUF_INIT;

	text_put_escaped(&shown, slice_sub(value->text, 0, text_cut(value->text, SHOWN)));
	diag_put(diags, is_name ? DIAG_NOTE : DIAG_WARNING, value->line, value->column,
	    "'%s' %s, so feedd gives the entry an id; write one like tag:example.com,2024:name",
	    buf_string(&shown),
	    is_name ? "is a name within the site" : "cannot be the id of an entry");
	buf_free(&shown);
}

struct slice fields_id(const struct fields *fields, struct arena *arena, struct diags *diags)
{
	for (size_t i = 0; fields->values[FIELD_ID][i]; i++) {
		const struct value *value = fields->values[FIELD_ID][i];
		struct slice text = fields_line(arena, value->text);
		const struct key *key = keys_find(value->key);
		bool is_local = key && strcmp(key->spelling, "id") == 0;
		bool is_word = is_one_word(value->text, text);

		if (!is_scalar(value) || slice_trim(value->text).len == 0)
			continue;
		if (!is_word || (!is_uuid(text) && is_local && !is_universal(text))) {
			complain_id(
			    value, is_word && slice_find_byte(text, 0, ':') == text.len, diags);
			continue;
		}
		trace_value(fields->trace, fields_name(FIELD_ID), value, NULL);
		return is_uuid(text) ? uuid_urn(text, arena) : text;
	}
	return SLICE_NONE;
}
