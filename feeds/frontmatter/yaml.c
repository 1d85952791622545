#include "feeds/base/yaml.h"

#include "feeds/base/json.h"
#include "feeds/base/toml.h"
#include "feeds/frontmatter/fields.h"
#include "feeds/frontmatter/head.h"
#include "feeds/frontmatter/jsobject.h"

/*
 * `---`, YAML, `---` or `...`. Three hyphens are a thematic break in Markdown
 * too, so the lines below decide. Two relatives stand between the same marks:
 * other languages, named behind the opening hyphens (`---json`, as Eleventy
 * has it), and old Hexo heads, which have no opening mark.
 */
static const char *const end_marks[] = {"---", "...", NULL};

enum { UNOPENED_MAX = 200 }; /* lines of a head without an opening mark */

static int language_yaml(struct slice head, const struct value_rules *rules, struct arena *arena,
    struct value **out, struct err *err)
{
	return yaml_parse(head, rules, arena, out, err);
}

static int language_toml(struct slice head, const struct value_rules *rules, struct arena *arena,
    struct value **out, struct err *err)
{
	return toml_parse(head, rules, arena, out, err);
}

static int language_json(struct slice head, const struct value_rules *rules, struct arena *arena,
    struct value **out, struct err *err)
{
	return json_parse(head, rules, arena, out, NULL, err);
}

static int language_js(struct slice head, const struct value_rules *rules, struct arena *arena,
    struct value **out, struct err *err)
{
	return jsobject_parse(head, NULL, rules, arena, rules->repeats, out, err);
}

static const struct language {
	const char *name;
	int (*parse)(struct slice head, const struct value_rules *rules, struct arena *arena,
	    struct value **out, struct err *err);
} languages[] = {
    {"", language_yaml},
    {"yaml", language_yaml},
    {"yml", language_yaml},
    {"json", language_json},
    {"json5", language_js}, /* an object literal with fewer freedoms */
    {"toml", language_toml},
    {"js", language_js},
    {"javascript", language_js},
};

/* The language that an opening line names; NULL when it is no opening. */
static const struct language *language_of(struct slice line)
{
	struct slice name;

	if (!slice_starts(line, "---"))
		return NULL;
	name = slice_trim(slice_from(line, 3));
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (slice_equal_nocase(name, languages[i].name))
			return &languages[i];
	return NULL;
}

static bool is_comment(struct slice line)
{
	return slice_starts(slice_trim(line), "#");
}

/* Whether a `key:` line stands below `open` before a blank one. */
static bool key_follows(struct slice text, const struct head_line *open)
{
	struct head_line line = *open;

	while (head_line_after(text, &line, &line) && !head_is_blank(line.text))
		if (head_is_key(line.text, NULL))
			return true;
	return false;
}

/*
 * Prose between two thematic breaks: the line below the opening is blank, and
 * the first that is neither blank nor a comment is no key.
 */
static bool is_prose(struct slice head)
{
	struct slice line;

	if (!slice_line(&head, &line) || !head_is_blank(line))
		return false;
	while (slice_line(&head, &line))
		if (!head_is_blank(line) && !is_comment(line))
			return !head_is_key(line, NULL);
	return false;
}

/*
 * The end of a head without an opening mark: the first line is a key that we
 * know, a second key follows, and `---` comes before any blank line. (One line
 * above hyphens is a heading.)
 */
static bool find_unopened(
    struct slice text, const struct head_line *first, struct head_line *out_close)
{
	struct head_line line = *first;
	struct slice key;
	size_t keys = 1;

	if (!head_is_key(first->text, &key) || !fields_known(key))
		return false;
	while (line.number - first->number < UNOPENED_MAX && head_line_after(text, &line, &line)) {
		if (head_is_blank(line.text))
			return false;
		if (head_is_mark(line.text, "---")) {
			*out_close = line;
			return keys > 1;
		}
		keys += head_is_key(line.text, NULL);
	}
	return false;
}

static enum frontmatter_verdict unopened_parse(struct slice text, const struct head_line *first,
    struct arena *arena, struct diags *diags, struct frontmatter *out)
{
	struct value_rules rules = head_rules(first->number, diags);
	struct head_line close;
	struct value *root;
	struct slice head;
	struct err err;

	if (!find_unopened(text, first, &close))
		return FRONTMATTER_NOT_MINE;
	head = slice_sub(text, first->start, close.start);
	/* Without a mark this was a guess, and `Key: value` lines are not always YAML. */
	if (head.len > FRONTMATTER_MAX || yaml_parse(head, &rules, arena, &root, &err) < 0 ||
	    root->type != VALUE_MAP)
		return FRONTMATTER_NOT_MINE;
	head_done(out, root, &close);
	return FRONTMATTER_READ;
}

/* An empty head is an empty map; what has no keys is one too, and that is said. */
static struct value *root_map(struct value *root, struct arena *arena, struct diags *diags)
{
	if (root->type == VALUE_MAP)
		return root;
	if (root->type != VALUE_NULL)
		diag_put(diags, DIAG_WARNING, root->line, root->column,
		    "the head holds %s and no \"key: value\" lines; read as empty",
		    value_type_name(root->type));
	return value_new(arena, VALUE_MAP, root->line, root->column);
}

static enum frontmatter_verdict yaml_front_parse(struct slice text, struct slice path,
    struct arena *arena, struct diags *diags, struct frontmatter *out, struct err *err)
{
	const struct language *language;
	struct head_line open, close;
	struct value_rules rules;
	struct value *root;
	struct slice head;

	(void)path; /* the marks say enough */
	if (!head_first_line(text, &open))
		return FRONTMATTER_NOT_MINE;
	language = language_of(open.text);
	if (!language)
		return unopened_parse(text, &open, arena, diags, out);
	/* Blank lines before a head are a slip, and a break after blank lines is none. */
	if (open.number > 1 && !key_follows(text, &open))
		return FRONTMATTER_NOT_MINE;
	if (!head_find_mark(text, &open, end_marks, &close)) {
		if (!key_follows(text, &open))
			return FRONTMATTER_NOT_MINE;
		(void)err_at(err, ERR_SYNTAX, open.number, 1,
		    "it opens with \"---\" and never ends; put a line \"---\" after its last key");
		return FRONTMATTER_BROKEN;
	}
	if (head_between(text, &open, &close, &head, err) < 0)
		return is_prose(slice_sub(text, open.next, close.start)) ? FRONTMATTER_NOT_MINE
									 : FRONTMATTER_BROKEN;
	if (is_prose(head))
		return FRONTMATTER_NOT_MINE;
	rules = head_rules(open.number + 1, diags);
	if (language->parse(head, &rules, arena, &root, err) < 0)
		return FRONTMATTER_BROKEN;
	head_done(out, root_map(root, arena, diags), &close);
	return FRONTMATTER_READ;
}

const struct frontmatter_kind frontmatter_yaml = {
    .name = "yaml",
    .parse = yaml_front_parse,
};
