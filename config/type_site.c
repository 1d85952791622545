/* Types with rules of their own: what names a site, its pages, its files. */
#include <string.h>

#include "config/nearest.h"
#include "config/settings.h"
#include "feeds/base/buf.h"
#include "feeds/base/uri.h"
#include "feeds/lang.h"

/* ---- addresses ---- */

/* "example.com" was written for "https://example.com/". */
static void complain_no_url(
    struct config_reader *reader, const struct setting *setting, const struct value *value)
{
	struct slice with_scheme =
	    arena_printf(&reader->config->arena, "https://%.*s", SLICE_FMT(value->text));

	bool is_near =
	    slice_find(value->text, 0, "://") == value->text.len && uri_is_web(with_scheme);

	config_complain(reader, value,
	    "%s must be an absolute address such as \"https://example.com/\", found \"%s\"%s",
	    setting->key, config_shown(reader, value->text),
	    config_hint(reader, is_near ? config_shown(reader, with_scheme) : NULL));
}

static bool has_possible_port(struct slice authority)
{
	size_t colon = authority.len;

	while (colon > 0 && authority.ptr[colon - 1] >= '0' && authority.ptr[colon - 1] <= '9')
		colon--;
	return colon == authority.len || colon == 0 || authority.ptr[colon - 1] != ':' ||
	       type_is_port(slice_from(authority, colon));
}

/* The address, encoded; NULL and a complaint when it cannot be one. */
static const char *read_web(struct config_reader *reader, const struct setting *setting,
    const struct value *value, bool base)
{
	struct buf out = BUF_INIT;
	const char *url = NULL;
	struct uri uri;

	if (!type_check_text(reader, setting, value))
		return NULL;
	uri_split(value->text, &uri);
	if (!uri_is_web(value->text)) {
		complain_no_url(reader, setting, value);
	} else if (slice_find_byte(uri.authority, 0, '@') < uri.authority.len) {
		config_complain(reader, value,
		    "%s must not hold a user name or password; take it out, all readers would see "
		    "it",
		    setting->key);
	} else if (uri.has_fragment || (base && uri.has_query)) {
		config_complain(reader, value, "%s must not have a part from '%c' on; take it out",
		    setting->key, base && uri.has_query ? '?' : '#');
	} else if (!has_possible_port(uri.authority)) {
		config_complain(reader, value,
		    "%s has a port that cannot be; they go from 1 to 65535", setting->key);
	} else {
		uri_resolve(value->text, value->text, &out);
		if (base && !slice_ends(buf_slice(&out), "/"))
			buf_putc(&out, '/');
		url = arena_string(&reader->config->arena, buf_slice(&out));
	}
	buf_free(&out);
	return url;
}

static void read_site_url(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	const char *url = read_web(reader, setting, value, true), **out = field;

	if (url)
		*out = url;
}

static void read_url(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	const char *url = read_web(reader, setting, value, false), **out = field;
	struct uri uri;

	if (!url)
		return;
	uri_split(slice_of(url), &uri);
	/* An empty path is "/" (RFC 3986 section 6.2.3), and a target is known by its URL. */
	if (uri.path.len == 0 && !uri.has_query)
		url = arena_printf(&reader->config->arena, "%s/", url).ptr;
	*out = url;
}

static void read_person_url(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	const char *url = read_web(reader, setting, value, false);
	struct slice *out = field;

	if (url)
		*out = slice_of(url);
}

/* Only what can be no address at all is refused (RFC 5322 allows much). */
static void read_email(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	size_t at = slice_find_byte(value->text, 0, '@');
	struct slice *out = field;

	if (!type_check_text(reader, setting, value))
		return;
	if (at > 0 && at + 1 < value->text.len &&
	    slice_find_byte(value->text, 0, ' ') == value->text.len)
		*out = arena_copy(&reader->config->arena, value->text);
	else
		config_complain(reader, value,
		    "%s must be an address such as \"jane@example.com\", found \"%s\"",
		    setting->key, config_shown(reader, value->text));
}

/* ---- languages and zones ---- */

static void read_language(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	struct slice tag = lang_tag(&reader->config->arena, value->text);
	const char **out = field;

	if (!type_check_text(reader, setting, value))
		return;
	/* Case is free in BCP 47 (RFC 5646 section 2.1.1), "_" and what locales add is not. */
	if (tag.len > 0 && slice_equal_nocase(value->text, tag.ptr))
		*out = tag.ptr;
	else
		config_complain(reader, value,
		    "%s must be a language tag such as \"en\" or \"zh-TW\", found \"%s\"%s",
		    setting->key, config_shown(reader, value->text),
		    config_hint(reader, tag.len > 0 ? tag.ptr : NULL));
}

static bool is_zone_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("_+-/", c));
}

/* "Area/City". Without dots or a first "/", it cannot lead out of the zones' folder. */
static bool is_zone_name(struct slice name)
{
	bool segment = false; /* the present one has a byte */

	for (size_t i = 0; i < name.len; i++) {
		if (!is_zone_byte(name.ptr[i]) || (name.ptr[i] == '/' && !segment))
			return false;
		if (i == 0 && !(name.ptr[i] >= 'A' && (name.ptr[i] & 0x5f) <= 'Z'))
			return false;
		segment = name.ptr[i] != '/';
	}
	return segment;
}

static void read_timezone(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	const char **out = field;

	if (!type_check_text(reader, setting, value))
		return;
	if (is_zone_name(value->text))
		*out = arena_string(&reader->config->arena, value->text);
	else
		config_complain(reader, value,
		    "%s must be the name of a time zone such as \"Europe/Berlin\" or \"UTC\", "
		    "found \"%s\"",
		    setting->key, config_shown(reader, value->text));
}

/* ---- permalinks ---- */

static const struct {
	const char *name, *pattern;
	enum permalink_style style;
	bool site_days; /* it brings dates into the site's zone */
} presets[] = {
    {"hugo", "/:stem/", PERMALINK_HUGO, false},
    {"jekyll", "/:categories/:year/:month/:day/:slug.html", PERMALINK_JEKYLL, true},
    {"zola", "/:path/", PERMALINK_ZOLA, false},
    {"hexo", "/:year/:month/:day/:stem/", PERMALINK_FILES, true},
    {"pelican", "/:title.html", PERMALINK_PELICAN, false},
    {"eleventy", "/:stem/", PERMALINK_FILES, false},
    {"astro", "/:stem/", PERMALINK_ASTRO, false},
};

/* In all styles of Jekyll, and in no other generator's: alone it stands for the preset. */
static const char jekylls_token[] = ":categories";

enum { PRESETS = sizeof(presets) / sizeof(*presets) };

static bool is_token_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Take the next `:word` off *rest; false when there is none. */
static bool take_token(struct slice *rest, struct slice *out)
{
	size_t start, end;

	for (size_t at = 0; (at = slice_find_byte(*rest, at, ':')) < rest->len; at++) {
		for (start = end = at + 1; end < rest->len && is_token_byte(rest->ptr[end]); end++)
			;
		if (end == start)
			continue;
		*out = slice_sub(*rest, start, end);
		*rest = slice_from(*rest, end);
		return true;
	}
	return false;
}

/* ":slug :title ...". */
static const char *tokens_shown(struct config_reader *reader)
{
	struct buf out = BUF_INIT;
	const char *shown;

	for (size_t i = 0; permalink_token(i); i++)
		buf_printf(&out, "%s:%s", i ? " " : "", permalink_token(i));
	shown = arena_string(&reader->config->arena, buf_slice(&out));
	buf_free(&out);
	return shown;
}

static bool is_token(struct slice word)
{
	for (size_t i = 0; permalink_token(i); i++)
		if (slice_equal_str(word, permalink_token(i)))
			return true;
	return false;
}

static void complain_token(struct config_reader *reader, const struct setting *setting,
    const struct value *value, struct slice word)
{
	struct nearest nearest = nearest_start(word);
	const char *best;

	for (size_t i = 0; permalink_token(i); i++)
		nearest_try(&nearest, permalink_token(i));
	best = nearest.best ? arena_printf(&reader->config->arena, ":%s", nearest.best).ptr : NULL;
	config_complain(reader, value, "%s has an unknown token, \":%s\" (there are %s)%s",
	    setting->key, config_shown(reader, word), tokens_shown(reader),
	    config_hint(reader, best));
}

static void complain_preset(struct config_reader *reader, const struct setting *setting,
    const struct value *value, struct slice name)
{
	struct nearest nearest = nearest_start(name);
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < PRESETS; i++) {
		nearest_try(&nearest, presets[i].name);
		buf_printf(&names, ", \"%s\"", presets[i].name);
	}
	config_complain(reader, value,
	    "%s must be a pattern that begins with \"/\", or one of %s, or one of these with a "
	    "pattern behind it, as \"hugo:/blog/:title/\", found \"%s\"%s",
	    setting->key, buf_string(&names) + 2, config_shown(reader, value->text),
	    config_hint(reader, nearest.best));
	buf_free(&names);
}

/* A preset's pattern and style. False: there is none of that name. */
static bool take_preset(struct config_reader *reader, struct slice name, const char **out)
{
	for (size_t i = 0; i < PRESETS; i++) {
		if (slice_equal_str(name, presets[i].name)) {
			*out = presets[i].pattern;
			reader->config->content.permalink_style = presets[i].style;
			reader->config->content.permalink_site_days = presets[i].site_days;
			return true;
		}
	}
	return false;
}

/* "/pattern", "preset", or "preset:/pattern": names and titles as that generator writes them. */
static void read_permalink(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	struct slice pattern = value->text, rest, word;
	const char **out = field;
	bool any = false;

	if (!type_check_text(reader, setting, value))
		return;
	if (pattern.ptr[0] != '/') {
		size_t end = slice_find(pattern, 0, ":/");
		struct slice name = slice_sub(pattern, 0, end);

		if (!take_preset(reader, name, out)) {
			complain_preset(reader, setting, value, name);
			return;
		}
		if (end == pattern.len)
			return;
		pattern = slice_from(pattern, end + 1);
	} else if (slice_find(pattern, 0, jekylls_token) < pattern.len) {
		reader->config->content.permalink_style = PERMALINK_JEKYLL;
		reader->config->content.permalink_site_days = true;
	}
	for (rest = pattern; take_token(&rest, &word); any = true) {
		if (!is_token(word)) {
			complain_token(reader, setting, value, word);
			return;
		}
	}
	if (any)
		*out = arena_string(&reader->config->arena, pattern);
	else
		config_complain(reader, value, "%s gives all articles one address; use tokens: %s",
		    setting->key, tokens_shown(reader));
}

/* ---- files of feeds ---- */

/* Why a path cannot be a file within output.dir; NULL when it can. */
static const char *file_fault(struct slice path)
{
	struct slice rest = path, segment;

	if (path.ptr[0] == '/')
		return "must be relative to output.dir, without a first \"/\"";
	if (slice_ends(path, "/"))
		return "must be a file, without a \"/\" at its end";
	if (slice_ends(path, ".gz") || slice_ends(path, ".br"))
		return "must not end in \".gz\" or \".br\": so the copies of output.compress do";
	while (rest.len > 0) {
		size_t end = slice_find_byte(rest, 0, '/');

		segment = slice_sub(rest, 0, end);
		rest = slice_from(rest, end < rest.len ? end + 1 : end);
		if (slice_equal_str(segment, ".."))
			return "must stay within output.dir, without \"..\"";
		if (segment.len == 0 || slice_equal_str(segment, "."))
			return "must be written without \"//\" and \"./\"";
		if (segment.ptr[0] == '.')
			return "must not be hidden: no name in it begins with a \".\"";
	}
	return NULL;
}

static void complain_file_token(struct config_reader *reader, const struct setting *setting,
    const struct value *value, struct slice word)
{
	struct nearest nearest = nearest_start(word);
	struct buf known = BUF_INIT;
	const char *best;

	for (const char *const *by = settings_by; *by; by++) {
		nearest_try(&nearest, *by);
		buf_printf(&known, " :%s", *by);
	}
	best = nearest.best ? arena_printf(&reader->config->arena, ":%s", nearest.best).ptr : NULL;
	config_complain(reader, value,
	    "%s has an unknown token, \":%s\" (there are%s, each for the `by` of its name)%s",
	    setting->key, config_shown(reader, word), buf_string(&known),
	    config_hint(reader, best));
	buf_free(&known);
}

/* The path `text`, or NULL and a complaint. */
static const char *read_path(struct config_reader *reader, const struct setting *setting,
    const struct value *value, struct slice text)
{
	const char *fault;

	if (!type_check_text(reader, setting, value))
		return NULL;
	fault = file_fault(text);
	if (!fault)
		return arena_string(&reader->config->arena, text);
	config_complain(reader, value, "%s %s, found \"%s\"", setting->key, fault,
	    config_shown(reader, value->text));
	return NULL;
}

/* A place for what there is one of. */
static void read_place(struct config_reader *reader, const struct setting *setting,
    const struct value *value, struct slice text, const char **out)
{
	const char *path = read_path(reader, setting, value, text);
	struct slice word;

	if (!path)
		return;
	if (take_token(&text, &word))
		config_complain(reader, value,
		    "%s is one place for all feeds, so it has no tokens, found \":%s\"",
		    setting->key, config_shown(reader, word));
	else
		*out = path;
}

static void read_own_file(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	read_place(reader, setting, value, value->text, field);
}

static void read_subfolder(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	struct slice text = value->text;

	if (text.len > 1 && slice_ends(text, "/"))
		text.len--;
	read_place(reader, setting, value, text, field);
}

static void read_file(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	struct slice rest = value->text, word;
	const char *path = read_path(reader, setting, value, value->text), **out = field;

	if (!path)
		return;
	while (take_token(&rest, &word)) {
		const char *const *by = settings_by;

		while (*by && !slice_equal_str(word, *by))
			by++;
		if (!*by) {
			complain_file_token(reader, setting, value, word);
			return;
		}
	}
	*out = path;
}

const struct setting_type type_site_url = {"web address", VALUE_STRING, read_site_url, NULL};
const struct setting_type type_url = {"web address", VALUE_STRING, read_url, NULL};
const struct setting_type type_person_url = {"web address", VALUE_STRING, read_person_url, NULL};
const struct setting_type type_email = {"mail address", VALUE_STRING, read_email, NULL};
const struct setting_type type_language = {"language tag", VALUE_STRING, read_language, NULL};
const struct setting_type type_timezone = {"time zone", VALUE_STRING, read_timezone, NULL};
const struct setting_type type_permalink = {
    "pattern or preset", VALUE_STRING, read_permalink, NULL};
const struct setting_type type_file = {"path", VALUE_STRING, read_file, NULL};
const struct setting_type type_own_file = {"path", VALUE_STRING, read_own_file, NULL};
const struct setting_type type_subfolder = {"path", VALUE_STRING, read_subfolder, NULL};
