#include <assert.h>

#include "feeds/base/text.h"
#include "feeds/frontmatter/fields.h"
#include "feeds/frontmatter/keys.h"

enum { NESTED_MAX = 8 }; /* lists in lists; deeper is no list of tags */

struct gathering {
	struct arena *arena;
	struct slice *items; /* room for FIELDS_LIST_MAX */
	size_t len;
	size_t refused;
	const struct value *first_refused;
};

struct slice fields_line(struct arena *arena, struct slice text)
{
	struct buf repaired = BUF_INIT, line = BUF_INIT;
	struct text_repairs repairs;
	struct slice copy;
	struct err ignored;
	bool clean = true;

	text = slice_trim(text);
	for (size_t i = 0; i < text.len && clean; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		clean = c > ' ' || (c == ' ' && text.ptr[i + 1] != ' ');
		clean = clean && c < 0xc2; /* blanks and forbidden characters beyond ASCII */
	}
	if (clean)
		return text;
	if (text_legal(text, &repaired, &copy, &repairs, &ignored) == 0)
		text_put_collapsed(&line, copy);
	copy = arena_copy(arena, buf_slice(&line));
	buf_free(&repaired);
	buf_free(&line);
	return copy;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Take the next word off *rest. */
static bool take_word(struct slice *rest, struct slice *word)
{
	size_t end = 0;

	*rest = slice_trim(*rest);
	while (end < rest->len && !is_blank(rest->ptr[end]))
		end++;
	*word = slice_sub(*rest, 0, end);
	*rest = slice_from(*rest, end);
	return end > 0;
}

/* Take what stands before the next `mark` off *rest. */
static bool take_part(struct slice *rest, char mark, struct slice *part)
{
	size_t end = slice_find_byte(*rest, 0, mark);

	if (rest->len == 0)
		return false;
	*part = slice_trim(slice_sub(*rest, 0, end));
	*rest = slice_from(*rest, end < rest->len ? end + 1 : end);
	return true;
}

static void gather_text(struct gathering *gathering, const struct value *value, struct slice text)
{
	text = fields_line(gathering->arena, text);
	while (text.len > 0 && text.ptr[0] == '#')
		text = slice_trim(slice_from(text, 1));
	if (text.len == 0)
		return;
	for (size_t i = 0; i < gathering->len; i++)
		if (slice_equal(gathering->items[i], text))
			return;
	if (gathering->len == FIELDS_LIST_MAX) {
		if (gathering->refused++ == 0)
			gathering->first_refused = value;
		return;
	}
	gathering->items[gathering->len++] = text;
}

/* `#one #two` */
static bool all_hashed(struct slice text)
{
	struct slice word;
	bool any = false;

	while (take_word(&text, &word)) {
		if (word.ptr[0] != '#')
			return false;
		any = true;
	}
	return any;
}

/* A `layout` as heads of Jekyll's have it; those of others are paths. */
static bool layout_is_jekylls(const struct fields *fields)
{
	const struct value *layout = fields_scalar(fields, FIELD_LAYOUT);

	return layout && slice_find_byte(layout->text, 0, '/') == layout->text.len &&
	       slice_find_byte(layout->text, 0, '.') == layout->text.len;
}

/* Whether a bare string is one that Jekyll divides at blanks: see fields_list. */
static bool jekyll_divides(const struct fields *fields, const struct value *value)
{
	const struct key *key = keys_find(value->key);

	if (!key ||
	    (strcmp(key->spelling, "tags") != 0 && strcmp(key->spelling, "categories") != 0))
		return false;
	return fields->jekylls || (!value->quoted && layout_is_jekylls(fields));
}

static void gather_string(
    struct gathering *gathering, const struct fields *fields, const struct value *value)
{
	struct slice rest = value->text, part;
	char mark = slice_find_byte(rest, 0, ';') < rest.len ? ';' : ',';

	if (slice_find_byte(rest, 0, mark) < rest.len)
		while (take_part(&rest, mark, &part))
			gather_text(gathering, value, part);
	else if (all_hashed(rest) || jekyll_divides(fields, value))
		while (take_word(&rest, &part))
			gather_text(gathering, value, part);
	else
		gather_text(gathering, value, rest);
}

/* What stands in a list: scalars, lists, and maps as Ghost exports its tags. */
static void gather_list(struct gathering *gathering, const struct value *list, unsigned depth)
{
	for (const struct value *value = list->first; value; value = value->next) {
		const struct value *name;

		switch (value->type) {
		case VALUE_LIST:
			if (depth < NESTED_MAX)
				gather_list(gathering, value, depth + 1);
			break;
		case VALUE_MAP:
			name = value_get(value, "name");
			name = name ? name : value_get(value, "title");
			name = name ? name : value_get(value, "label");
			if (name && name->type != VALUE_NULL)
				gather_text(gathering, name, name->text);
			break;
		case VALUE_NULL: break;
		default: gather_text(gathering, value, value->text); break;
		}
	}
}

/* `tags` and `tag`, `categories` and `category`; the others stand in for them. */
static bool is_proper(const struct value *value)
{
	static const char *const names[] = {"tags", "tag", "categories", "category"};
	const struct key *key = keys_find(value->key);

	for (size_t i = 0; key && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(key->spelling, names[i]) == 0)
			return true;
	return false;
}

size_t fields_list(const struct fields *fields, enum field field, struct arena *arena,
    struct diags *diags, struct slice **out)
{
	struct slice items[FIELDS_LIST_MAX];
	struct gathering gathering = {.arena = arena, .items = items};

	assert(field < FIELD_COUNT);
	for (size_t i = 0; fields->values[field][i]; i++) {
		const struct value *value = fields->values[field][i];

		if (!is_proper(value) && gathering.len > 0)
			continue;
		trace_value(fields->trace, fields_name(field), value, NULL);
		if (value->type == VALUE_LIST)
			gather_list(&gathering, value, 0);
		else if (value->type != VALUE_MAP)
			gather_string(&gathering, fields, value);
	}
	if (gathering.refused > 0)
		diag_put(diags, DIAG_WARNING, gathering.first_refused->line,
		    gathering.first_refused->column,
		    "only the first %d values are used, %zu left out", FIELDS_LIST_MAX,
		    gathering.refused);
	*out = arena_array(arena, struct slice, gathering.len);
	if (gathering.len > 0)
		memcpy(*out, gathering.items, gathering.len * sizeof(*items));
	return gathering.len;
}
