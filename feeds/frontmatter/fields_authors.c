#include "feeds/frontmatter/fields.h"
#include "feeds/frontmatter/keys.h"

enum { NESTED_MAX = 4 }; /* `[[Name]]` without quotes is a list in a list */

struct gathering {
	struct arena *arena;
	struct person *people; /* room for FIELDS_LIST_MAX */
	size_t len;
	size_t refused;
	const struct value *first_refused;
};

static void gather_person(
    struct gathering *gathering, const struct value *value, const struct person *person)
{
	struct slice name = fields_line(gathering->arena, person->name);

	if (name.len == 0)
		return;
	for (size_t i = 0; i < gathering->len; i++)
		if (slice_equal(gathering->people[i].name, name))
			return;
	if (gathering->len == FIELDS_LIST_MAX) {
		if (gathering->refused++ == 0)
			gathering->first_refused = value;
		return;
	}
	gathering->people[gathering->len] = *person;
	gathering->people[gathering->len++].name = name;
}

static bool looks_like_email(struct slice text)
{
	size_t at = slice_find_byte(text, 0, '@');

	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ')
			return false;
	return at > 0 && at + 1 < text.len && slice_find_byte(text, at + 1, '@') == text.len &&
	       slice_find_byte(text, at, '.') < text.len;
}

static bool looks_like_url(struct slice text)
{
	return slice_starts_nocase(text, "http://") || slice_starts_nocase(text, "https://");
}

/* An address of either kind, into its place; false when it is neither. */
static bool person_address(struct person *person, struct slice text)
{
	text = slice_trim(text);
	if (slice_starts_nocase(text, "mailto:"))
		text = slice_from(text, strlen("mailto:"));
	if (looks_like_url(text))
		person->url = text;
	else if (looks_like_email(text))
		person->email = text;
	else
		return false;
	return true;
}

/*
 * `Name`, `Name <email>`, `Name (https://…)`, `email (Name)` as RSS has it,
 * `[Name](https://…)`, `[[Name]]`; what is none of these is a name as it stands.
 */
static struct person person_parse(struct slice text)
{
	static const char *const pairs[] = {"<>", "()"};
	struct person person = {.name = slice_trim(text)};

	text = person.name;
	if (slice_starts(text, "[[") && slice_ends(text, "]]") && text.len > 4) {
		text = slice_sub(text, 2, text.len - 2);
		size_t bar = slice_find_byte(text, 0, '|');

		person.name = slice_trim(bar < text.len ? slice_from(text, bar + 1) : text);
		return person;
	}
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		size_t open = slice_find_byte(text, 0, pairs[i][0]);
		struct slice before, inside;

		if (open + 2 > text.len || text.ptr[text.len - 1] != pairs[i][1])
			continue;
		before = slice_trim(slice_sub(text, 0, open));
		inside = slice_trim(slice_sub(text, open + 1, text.len - 1));
		if (person_address(&person, inside)) {
			if (slice_starts(before, "[") && slice_ends(before, "]") && before.len > 2)
				before = slice_trim(slice_sub(before, 1, before.len - 1));
			person.name = before.len > 0 ? before : inside;
			return person;
		}
		if (inside.len > 0 && looks_like_email(before)) {
			person.email = before;
			person.name = inside;
			return person;
		}
	}
	return person;
}

static struct slice child_text(const struct value *map, const char *const *names)
{
	for (; *names; names++)
		for (const struct value *child = map->first; child; child = child->next)
			if (slice_equal_nocase(child->key, *names) && child->text.len > 0 &&
			    child->type != VALUE_NULL)
				return slice_trim(child->text);
	return SLICE_NONE;
}

/* Quarto and BibTeX exports: {given: …, family: …}. */
static struct slice name_of_parts(const struct value *map, struct arena *arena)
{
	static const char *const givens[] = {"given", "first", "firstname", "first_name", NULL};
	static const char *const families[] = {"family", "last", "lastname", "last_name", NULL};
	struct slice given = child_text(map, givens), family = child_text(map, families);

	if (given.len == 0 || family.len == 0)
		return given.len > 0 ? given : family;
	return arena_printf(arena, "%.*s %.*s", SLICE_FMT(given), SLICE_FMT(family));
}

static struct person person_of_map(const struct value *map, struct arena *arena)
{
	static const char *const names[] = {
	    "name", "display_name", "displayname", "full_name", "fullname", "title", NULL};
	static const char *const logins[] = {"nickname", "nick", "login", "username", NULL};
	static const char *const emails[] = {"email", "mail", NULL};
	static const char *const urls[] = {
	    "url", "uri", "website", "homepage", "web", "href", "link", NULL};
	const struct value *name = value_get(map, "name");
	struct person person = {.name = child_text(map, names)};

	if (name && name->type == VALUE_MAP)
		person.name = name_of_parts(name, arena);
	if (person.name.len == 0)
		person.name = name_of_parts(map, arena);
	if (person.name.len == 0)
		person.name = child_text(map, logins);
	person = person_parse(person.name);
	if (person.email.len == 0)
		person.email = child_text(map, emails);
	if (person.url.len == 0)
		person.url = child_text(map, urls);
	return person;
}

static void gather_text(struct gathering *gathering, const struct value *value, struct slice text)
{
	struct person person = person_parse(text);

	gather_person(gathering, value, &person);
}

/* A bare string under `authors`, which Pelican divides. */
static void gather_divided(struct gathering *gathering, const struct value *value)
{
	struct slice rest = value->text;
	char mark = slice_find_byte(rest, 0, ';') < rest.len ? ';' : ',';

	while (rest.len > 0) {
		size_t end = slice_find_byte(rest, 0, mark);

		gather_text(gathering, value, slice_sub(rest, 0, end));
		rest = slice_from(rest, end < rest.len ? end + 1 : end);
	}
}

static void gather_value(struct gathering *gathering, const struct value *value, unsigned depth)
{
	struct person person;

	switch (value->type) {
	case VALUE_LIST:
		for (const struct value *child = value->first; child; child = child->next)
			if (depth < NESTED_MAX)
				gather_value(gathering, child, depth + 1);
		break;
	case VALUE_MAP:
		person = person_of_map(value, gathering->arena);
		gather_person(gathering, value, &person);
		break;
	case VALUE_NULL:
	case VALUE_BOOL: break;
	default: gather_text(gathering, value, value->text); break;
	}
}

size_t fields_authors(
    const struct fields *fields, struct arena *arena, struct diags *diags, struct person **out)
{
	struct person people[FIELDS_LIST_MAX];
	struct gathering gathering = {.arena = arena, .people = people};

	/* The first key that names anybody: `authors` and `author` often say the same twice. */
	for (size_t i = 0; fields->values[FIELD_AUTHORS][i] && gathering.len == 0; i++) {
		const struct value *value = fields->values[FIELD_AUTHORS][i];
		const struct key *key = keys_find(value->key);

		if (value->type == VALUE_STRING && key && strcmp(key->spelling, "authors") == 0)
			gather_divided(&gathering, value);
		else
			gather_value(&gathering, value, 0);
		if (gathering.len > 0)
			trace_value(fields->trace, fields_name(FIELD_AUTHORS), value, NULL);
	}
	if (gathering.len == 1) {
		const struct value *url = fields_scalar(fields, FIELD_AUTHOR_URL);
		const struct value *email = fields_scalar(fields, FIELD_AUTHOR_EMAIL);

		if (gathering.people[0].url.len == 0 && url) {
			gathering.people[0].url = slice_trim(url->text);
			trace_value(fields->trace, fields_name(FIELD_AUTHOR_URL), url, NULL);
		}
		if (gathering.people[0].email.len == 0 && email) {
			gathering.people[0].email = slice_trim(email->text);
			trace_value(fields->trace, fields_name(FIELD_AUTHOR_EMAIL), email, NULL);
		}
	}
	if (gathering.refused > 0)
		diag_put(diags, DIAG_WARNING, gathering.first_refused->line,
		    gathering.first_refused->column,
		    "only the first %d authors are used, %zu left out", FIELDS_LIST_MAX,
		    gathering.refused);
	*out = arena_array(arena, struct person, gathering.len);
	if (gathering.len > 0)
		memcpy(*out, gathering.people, gathering.len * sizeof(*people));
	return gathering.len;
}
