#include "config/generator/inside.h"

#include <stdlib.h>
#include <string.h>

#include "feeds/base/date.h"
#include "feeds/base/json.h"
#include "feeds/base/text.h"
#include "feeds/base/toml.h"
#include "feeds/base/uri.h"
#include "feeds/base/yaml.h"

enum { NODES_MAX = 20000 };

/* ---- what was seen ---- */

static const struct generator_seen *look(const struct generator_site *site, const char *path)
{
	for (size_t i = 0; i < site->len; i++)
		if (strcmp(site->seen[i].path, path) == 0)
			return &site->seen[i];
	return NULL;
}

static bool is_kind(const struct generator_site *site, const char *path, enum generator_kind kind)
{
	const struct generator_seen *seen = look(site, path);

	return seen && seen->kind == kind;
}

bool inside_is_file(const struct generator_site *site, const char *path)
{
	return is_kind(site, path, GENERATOR_FILE);
}

bool inside_is_folder(const struct generator_site *site, const char *path)
{
	return is_kind(site, path, GENERATOR_FOLDER);
}

static const char *first_of(
    const struct generator_site *site, const char *const *paths, enum generator_kind kind)
{
	for (; *paths; paths++)
		if (is_kind(site, *paths, kind))
			return *paths;
	return NULL;
}

const char *inside_file_of(const struct generator_site *site, const char *const *paths)
{
	return first_of(site, paths, GENERATOR_FILE);
}

const char *inside_folder_of(const struct generator_site *site, const char *const *paths)
{
	return first_of(site, paths, GENERATOR_FOLDER);
}

static struct slice names_of(const struct generator_site *site, const char *folder)
{
	const struct generator_seen *seen = look(site, folder);

	return seen && seen->kind == GENERATOR_FOLDER ? seen->bytes : SLICE_NONE;
}

bool inside_has_name(const struct generator_site *site, const char *folder, const char *beginning)
{
	struct slice rest = names_of(site, folder), line;

	while (slice_line(&rest, &line))
		if (slice_starts(line, beginning))
			return true;
	return false;
}

bool inside_has_dated(const struct generator_site *site, const char *folder)
{
	struct slice rest = names_of(site, folder), line;
	struct date ignored;

	while (slice_line(&rest, &line))
		if (date_prefix(line, &ignored) > 0)
			return true;
	return false;
}

struct slice inside_text(const struct generator_site *site, const char *path, struct draft *draft)
{
	const struct generator_seen *seen = look(site, path);
	struct text_repairs repairs = {0};
	struct buf repaired = BUF_INIT;
	struct slice text = SLICE_NONE;
	struct err err;

	if (!seen || seen->kind != GENERATOR_FILE)
		return text;
	if (seen->fault)
		draft_complain(draft, path, 0, 0, seen->fault);
	else if (text_legal(seen->bytes, &repaired, &text, &repairs, &err) < 0)
		draft_complain(draft, path, err.line, err.column, err.text);
	else
		text = arena_copy(&draft->arena, text);
	buf_free(&repaired);
	return text;
}

static int parse(
    struct slice text, const char *path, struct draft *draft, struct value **out, struct err *err)
{
	struct diags repeats = DIAGS_INIT;
	struct value_rules rules = {.max_bytes = 4 * GENERATOR_FILE_MAX, .max_nodes = NODES_MAX};
	int rc;

	if (slice_ends(slice_of(path), ".toml")) {
		rc = toml_parse(text, &rules, &draft->arena, out, err);
	} else if (slice_ends(slice_of(path), ".json")) {
		rc = json_parse(text, &rules, &draft->arena, out, NULL, err);
	} else {
		rules.repeats = &repeats; /* what the generator takes is good enough here */
		rc = yaml_parse(text, &rules, &draft->arena, out, err);
	}
	diags_free(&repeats);
	return rc;
}

struct value *inside_tree(const struct generator_site *site, const char *path, struct draft *draft)
{
	struct slice text = inside_text(site, path, draft);
	struct value *root = NULL;
	struct err err;

	if (text.len == 0)
		return NULL;
	if (parse(text, path, draft, &root, &err) < 0) {
		draft_complain(draft, path, err.line, err.column, err.text);
		return NULL;
	}
	return root->type == VALUE_MAP ? root : NULL;
}

/* ---- what stands in a tree ---- */

static const struct value *child(const struct value *map, struct slice key)
{
	if (!map || map->type != VALUE_MAP)
		return NULL;
	for (const struct value *value = map->first; value; value = value->next)
		if (slice_same_nocase(value->key, key))
			return value;
	return NULL;
}

const struct value *inside_get(const struct value *root, const char *path)
{
	struct slice rest = slice_of(path);

	while (root && rest.len > 0) {
		size_t dot = slice_find_byte(rest, 0, '.');

		root = child(root, slice_sub(rest, 0, dot));
		rest = slice_from(rest, dot < rest.len ? dot + 1 : dot);
	}
	return root;
}

struct slice inside_string(const struct value *root, const char *path)
{
	const struct value *value = inside_get(root, path);

	return value && value->type != VALUE_LIST && value->type != VALUE_MAP ? value->text
									      : SLICE_NONE;
}

int inside_number(const struct value *root, const char *path)
{
	struct slice text = inside_string(root, path);
	int number = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || number > 10000)
			return 0;
		number = number * 10 + text.ptr[i] - '0';
	}
	return number;
}

bool inside_switch(const struct value *root, const char *path, bool standard)
{
	struct slice text = inside_string(root, path);

	return text.len == 0 ? standard : slice_equal_nocase(text, "true");
}

bool inside_lists(const struct value *root, const char *path, const char *text)
{
	const struct value *value = inside_get(root, path);

	if (!value || value->type != VALUE_LIST)
		return value && slice_equal_nocase(value->text, text);
	for (const struct value *item = value->first; item; item = item->next)
		if (slice_equal_nocase(item->text, text))
			return true;
	return false;
}

/* ---- into the draft ---- */

void inside_take(struct draft *draft, enum draft_key key, const struct value *root,
    const char *file, const char *const *paths)
{
	for (; *paths; paths++) {
		struct slice text = inside_string(root, *paths);

		if (text.len == 0)
			continue;
		(void)draft_set(draft, key, text, DRAFT_FOUND, /* else a note says why */
		    arena_printf(&draft->arena, "%s in %s", *paths, file).ptr);
		return;
	}
}

/* Hosts that stand for one's own: those that are reserved (RFC 2606, RFC 6761), and usual ones. */
static bool is_example(struct slice url)
{
	static const char *const examples[] = {".example.com", ".example.org", ".example.net",
	    ".example", ".localhost", ".127.0.0.1", ".0.0.0.0", ".yoursite.com", ".yourdomain.com",
	    ".your-domain.com"};
	struct buf host = BUF_INIT;
	bool found = false;

	buf_putc(&host, '.'); /* "www.example.com" ends like that, "counterexample.com" does not */
	uri_put_host(&host, url);
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		found = found || slice_ends(buf_slice(&host), examples[i]);
	buf_free(&host);
	return found;
}

static struct slice without_slashes(struct slice path)
{
	while (slice_starts(path, "/"))
		path = slice_from(path, 1);
	while (slice_ends(path, "/"))
		path = slice_sub(path, 0, path.len - 1);
	return path;
}

void inside_take_url(struct draft *draft, struct slice url, struct slice base, const char *from)
{
	struct buf whole = BUF_INIT;

	url = slice_trim(url);
	base = without_slashes(slice_trim(base));
	if (url.len > 0 && !slice_equal_str(url, "/")) {
		buf_put_slice(&whole, url);
		if (!slice_ends(url, "/"))
			buf_putc(&whole, '/');
		if (base.len > 0)
			buf_printf(&whole, "%.*s/", SLICE_FMT(base));
		(void)draft_set(draft, DRAFT_URL, buf_slice(&whole), /* else a note says why */
		    is_example(buf_slice(&whole)) ? DRAFT_GUESSED : DRAFT_FOUND, from);
	}
	buf_free(&whole);
}

void inside_take_folder(
    struct draft *draft, enum draft_key key, struct slice folder, const char *from)
{
	while (slice_starts(folder, "./"))
		folder = slice_from(folder, 2);
	while (folder.len > 1 && slice_ends(folder, "/"))
		folder = slice_sub(folder, 0, folder.len - 1);
	(void)draft_set(draft, key, folder.len ? folder : SLICE("."), DRAFT_FOUND,
	    from); /* else a note says why */
}

void inside_standard(struct draft *draft, enum draft_key key, const char *text, const char *from)
{
	bool taken = draft_set(draft, key, slice_of(text), DRAFT_FOUND, from);

	(void)taken; /* it is our own text */
}

const char *inside_feed_path(struct draft *draft, struct slice path)
{
	bool folder = slice_ends(path, "/");

	while (slice_starts(path, "/") || slice_starts(path, "./"))
		path = slice_from(path, 1);
	return arena_printf(&draft->arena, "%.*s%s", SLICE_FMT(path), folder ? "index.xml" : "")
	    .ptr;
}

void inside_add_main(
    struct draft *draft, const char *format, const char *path, int limit, const char *note)
{
	struct draft_feed feed = {.name = "main", .limit = limit, .note = note};

	if (draft_feed_set(&feed, format, path))
		(void)draft_add_feed(draft, &feed); /* full, or no path: the rest stands */
}

void inside_add_by(struct draft *draft, const char *by, const char *format, const char *path,
    bool offered, const char *note)
{
	struct draft_feed feed = {.by = by, .note = note, .offered = offered};

	if (draft_feed_set(&feed, format, path))
		(void)draft_add_feed(draft, &feed); /* full, or no path: the rest stands */
}

void inside_part_languages(struct draft *draft)
{
	struct draft_feed each = {.by = "lang", .offered = true, .note = "For each language:"};

	for (size_t i = 0; i < draft->feeds_len; i++) {
		struct draft_feed *feed = &draft->feeds[i];

		if (feed->by)
			continue;
		feed->lang = draft->values[DRAFT_LANGUAGE].text; /* it was taken as one */
		for (size_t j = 0; j < FORMAT_FEEDS; j++)
			if (feed->paths[j])
				each.paths[j] =
				    arena_printf(&draft->arena, ":lang/%s", feed->paths[j]).ptr;
	}
	(void)draft_add_feed(draft, &each); /* full: only an offer is lost */
}

/* ---- permalinks ---- */

static bool is_token_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Take what is up to the next token into *text, and that into *token; false at the end. */
static bool next_token(struct slice *rest, bool braces, struct slice *text, struct slice *token)
{
	size_t at = 0, end;

	while ((at = slice_find_byte(*rest, at, braces ? '{' : ':')) < rest->len) {
		end = at + 1;
		if (braces)
			end = slice_find_byte(*rest, end, '}');
		else
			while (end < rest->len && is_token_byte(rest->ptr[end]))
				end++;
		if (end > at + 1 && (!braces || end < rest->len)) {
			*text = slice_sub(*rest, 0, at);
			*token = slice_sub(*rest, at + 1, end);
			*rest = slice_from(*rest, end + braces);
			return true;
		}
		at = end;
	}
	return false;
}

static const struct inside_token *find_token(const struct inside_token *tokens, struct slice word)
{
	for (; tokens->theirs; tokens++)
		if (slice_equal_str(word, tokens->theirs))
			return tokens;
	return NULL;
}

void inside_take_permalink(struct draft *draft, const char *preset, struct slice pattern,
    const struct inside_token *tokens, bool braces, const char *from)
{
	struct slice rest = slice_trim(pattern), text, word;
	const struct inside_token *token;
	struct buf ours = BUF_INIT;
	bool all = rest.len > 0;

	buf_printf(&ours, "%s:%s", preset, slice_starts(rest, "/") ? "" : "/");
	while (all && next_token(&rest, braces, &text, &word)) {
		token = find_token(tokens, word);
		all = token != NULL;
		buf_put_slice(&ours, text);
		if (token && token->ours)
			buf_printf(&ours, ":%s", token->ours);
		else if (token)
			buf_puts(&ours, token->text);
		else
			draft_note(draft, DRAFT_PERMALINK,
			    "%s is \"%.*s\", and feedd has nothing like its \"%.*s\": the "
			    "addresses below are not those of your pages.",
			    from, SLICE_FMT(pattern), SLICE_FMT(word));
	}
	if (all) {
		buf_put_slice(&ours, rest);
		(void)draft_set(draft, DRAFT_PERMALINK, buf_slice(&ours), DRAFT_FOUND,
		    from); /* else a note says why */
	}
	buf_free(&ours);
}
