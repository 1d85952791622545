#include "feeds/permalink.h"

#include "feeds/base/text.h"
#include "feeds/base/uri.h"
#include "feeds/lang.h"

static struct slice last_segment(struct slice path, struct slice *folders)
{
	size_t slash = path.len;

	while (slash > 0 && path.ptr[slash - 1] != '/')
		slash--;
	*folders = slice_sub(path, 0, slash > 0 ? slash - 1 : 0);
	return slice_from(path, slash);
}

/* Split "name.ext" at its last dot; a leading dot is no extension's. */
static struct slice without_extension(struct slice name)
{
	for (size_t i = name.len; i > 1; i--)
		if (name.ptr[i - 1] == '.')
			return slice_sub(name, 0, i - 1);
	return name;
}

void permalink_name(struct slice path, struct permalink_name *out)
{
	struct slice name = last_segment(path, &out->folders);
	struct slice bare = without_extension(name), shorter = without_extension(bare);
	struct date date;
	size_t prefix;

	out->lang = slice_sub(bare, bare.len, bare.len);
	out->stem = slice_sub(path, 0, (size_t)(bare.ptr - path.ptr) + bare.len);
	if (shorter.len < bare.len && lang_is_code(slice_from(bare, shorter.len + 1))) {
		out->lang = slice_from(bare, shorter.len + 1);
		bare = shorter;
	}
	out->bundle = slice_equal_str(bare, "index") && out->folders.len > 0;
	if (out->bundle) {
		if (out->lang.len == 0)
			out->stem = out->folders;
		bare = last_segment(out->folders, &out->folders);
	}
	out->filename = bare;
	prefix = date_prefix(bare, &date);
	out->slug = slice_from(bare, prefix < bare.len ? prefix : 0);
}

/*
 * Folders, each a component. Jekyll's and Hexo's `_posts` is no part of a
 * page's address; of other collections (`_notes`) only the mark goes.
 */
static void put_folders(struct buf *out, struct slice folders, enum permalink_style style)
{
	while (folders.len > 0) {
		size_t end = slice_find_byte(folders, 0, '/');
		struct slice name = slice_sub(folders, 0, end);

		folders = slice_from(folders, end < folders.len ? end + 1 : end);
		if (slice_equal_str(name, "_posts") || slice_equal_str(name, "_drafts"))
			continue;
		if (slice_starts(name, "_"))
			name = slice_from(name, 1);
		permalink_put_name(out, name, style);
		buf_putc(out, '/');
	}
}

/* The front matter's slug, which may be written as a path (`/hello/`); empty: none. */
static struct slice own_slug(const struct permalink_parts *parts)
{
	struct slice slug = permalink_hears_slug(parts->style) ? parts->slug : SLICE_NONE;

	while (slice_starts(slug, "/"))
		slug = slice_from(slug, 1);
	while (slice_ends(slug, "/"))
		slug = slice_sub(slug, 0, slug.len - 1);
	return slug;
}

/* Categories, one below the other, as `put_name` has each; of those that it makes equal one. */
static void put_categories(const struct permalink_parts *parts,
    void (*put_name)(struct buf *out, struct slice name), struct buf *out)
{
	struct buf seen = BUF_INIT, name = BUF_INIT; /* between line ends, which no name has */

	buf_putc(&seen, '\n');
	for (size_t i = 0; i < parts->categories_len; i++) {
		buf_clear(&name);
		buf_putc(&name, '\n');
		put_name(&name, parts->categories[i]);
		if (name.len == 1)
			continue;
		buf_putc(&name, '\n');
		if (slice_find(buf_slice(&seen), 0, buf_string(&name)) < seen.len)
			continue;
		if (seen.len > 1)
			buf_putc(out, '/');
		buf_put(out, name.data + 1, name.len - 2);
		buf_put(&seen, name.data + 1, name.len - 1);
	}
	buf_free(&seen);
	buf_free(&name);
}

/* The front matter's slug, else `name`. */
static void put_slug(const struct permalink_parts *parts, struct slice name, struct buf *out)
{
	struct slice own = own_slug(parts);

	if (own.len > 0)
		permalink_put_own(out, own, parts->style);
	else
		permalink_put_name(out, name, parts->style);
}

/* The slug that a title makes; the file's, where its characters come to nothing. */
static void put_title(const struct permalink_parts *parts, struct buf *out)
{
	size_t start = out->len;

	if (own_slug(parts).len == 0)
		permalink_put_title(out, parts->title, parts->style);
	if (out->len == start)
		put_slug(parts, parts->name.slug, out);
}

static void put_file_slug(const struct permalink_parts *parts, struct buf *out)
{
	put_slug(parts, parts->name.slug, out);
}

static void put_section(const struct permalink_parts *parts, struct buf *out)
{
	permalink_put_name(out, parts->section, parts->style);
}

static void put_path(const struct permalink_parts *parts, struct buf *out)
{
	put_folders(out, parts->name.folders, parts->style);
	put_slug(parts, parts->name.slug, out);
}

static void put_stem(const struct permalink_parts *parts, struct buf *out)
{
	put_folders(out, parts->name.folders, parts->style);
	put_slug(parts, parts->name.filename, out);
}

static void put_filename(const struct permalink_parts *parts, struct buf *out)
{
	permalink_put_name(out, parts->name.filename, parts->style);
}

static void put_lang(const struct permalink_parts *parts, struct buf *out)
{
	buf_put_slice(out, parts->name.lang.len ? parts->name.lang : parts->lang);
}

static void put_lower_categories(const struct permalink_parts *parts, struct buf *out)
{
	put_categories(parts, text_put_lower, out);
}

static void put_slugified_categories(const struct permalink_parts *parts, struct buf *out)
{
	put_categories(parts, permalink_put_slug, out);
}

/* Those that are no part of the date. */
static const struct {
	const char *name;
	void (*put)(const struct permalink_parts *parts, struct buf *out);
} tokens[] = {{"slug", put_file_slug}, {"title", put_title}, {"section", put_section},
    {"path", put_path}, {"stem", put_stem}, {"filename", put_filename}, {"lang", put_lang},
    {"categories", put_lower_categories}, {"slugified_categories", put_slugified_categories}};

enum { TOKENS = sizeof(tokens) / sizeof(*tokens) };

const char *permalink_token(size_t index)
{
	return index < TOKENS ? tokens[index].name : permalink_date_token(index - TOKENS);
}

/* False: there is no such token. */
static bool put_token(const struct permalink_parts *parts, struct slice token, struct buf *out)
{
	for (size_t i = 0; i < TOKENS; i++) {
		if (slice_equal_str(token, tokens[i].name)) {
			tokens[i].put(parts, out);
			return true;
		}
	}
	return permalink_put_date_token(out, parts, token);
}

/* Jekyll's tokens in a `permalink` of its front matter, where they are called otherwise here. */
static struct slice jekylls_token(struct slice token)
{
	static const struct {
		const char *theirs, *ours;
	} names[] = {{"title", "slug"}, {"name", "filename"}, {"basename", "filename"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_equal_str(token, names[i].theirs))
			return slice_of(names[i].ours);
	return token;
}

static size_t token_len(struct slice pattern, size_t at)
{
	size_t end = at;

	while (end < pattern.len &&
	       ((pattern.ptr[end] >= 'a' && pattern.ptr[end] <= 'z') || pattern.ptr[end] == '_'))
		end++;
	return end - at;
}

/* `own`: it is the front matter's. False, and half done: a token is unknown, or it gets too long. */
static bool fill_pattern(
    const struct permalink_parts *parts, struct slice pattern, bool own, struct buf *out)
{
	bool jekylls = own && !parts->own_is_folder;

	for (size_t i = 0; i < pattern.len; i++) {
		size_t len = pattern.ptr[i] == ':' ? token_len(pattern, i + 1) : 0;
		struct slice token = slice_sub(pattern, i + (len > 0), i + (len > 0) + len);
		size_t start = out->len;

		if (len == 0) {
			buf_putc(out, pattern.ptr[i]);
			continue;
		}
		i += len;
		if (own && start > PERMALINK_OWN_MAX)
			return false;
		if (jekylls && slice_equal_str(token, "output_ext"))
			buf_puts(out, ".html");
		else if (!put_token(parts, jekylls ? jekylls_token(token) : token, out))
			return false;
		if (parts->trace)
			trace_put_token(parts->trace, token, slice_from(buf_slice(out), start));
	}
	return true;
}

/* Append a path without its empty, "." and ".." segments. */
static void put_clean(struct buf *out, struct slice path)
{
	bool end_slash = path.len > 0 && path.ptr[path.len - 1] == '/', any = false;

	while (path.len > 0) {
		size_t end = slice_find_byte(path, 0, '/');
		struct slice segment = slice_sub(path, 0, end);

		path = slice_from(path, end < path.len ? end + 1 : end);
		if (segment.len == 0 || slice_equal_str(segment, ".") ||
		    slice_equal_str(segment, ".."))
			continue;
		if (any)
			buf_putc(out, '/');
		uri_put_path(out, segment);
		any = true;
	}
	if (any && end_slash)
		buf_putc(out, '/');
}

/* An author's own path may be percent-encoded already: decode, so that it is encoded once. */
static bool put_own(const struct permalink_parts *parts, struct slice own, struct buf *path)
{
	struct buf decoded = BUF_INIT;

	if (slice_find(own, 0, "/:") < own.len || slice_starts(own, ":"))
		return fill_pattern(parts, own, true, path);
	uri_put_decoded(&decoded, own);
	buf_put_slice(path, buf_slice(&decoded));
	buf_free(&decoded);
	return true;
}

/* "/a/index.html" is "/a/", and so is "/a" where all pages have folders. */
static void finish_own(const struct permalink_parts *parts, struct buf *path)
{
	static const char index[] = "index.html";
	struct slice own = buf_slice(path), leaf;
	size_t start = own.len;

	while (start > 0 && own.ptr[start - 1] != '/')
		start--;
	leaf = slice_from(own, start);
	if (slice_equal_str(leaf, index))
		buf_cut(path, start);
	else if (parts->own_is_folder && leaf.len > 0 && slice_ends(parts->pattern, "/") &&
		 slice_find_byte(leaf, 0, '.') == leaf.len)
		buf_putc(path, '/');
}

/* `index.md` at the top is the site's own page, whatever the pattern. */
static bool is_home(const struct permalink_name *name)
{
	return !name->bundle && name->folders.len == 0 && slice_equal_str(name->filename, "index");
}

/* The site's, or its generator's own for an article that its head says is in another language. */
static struct slice pattern_of(const struct permalink_parts *parts)
{
	const char *translated = permalink_translated(parts->style);

	if (!translated || parts->lang.len == 0 || parts->site_lang.len == 0 ||
	    slice_equal(parts->lang, parts->site_lang))
		return parts->pattern;
	return slice_of(translated);
}

/* As the site has it for pages that do not say. */
static void put_by_pattern(const struct permalink_parts *parts, struct buf *path)
{
	struct slice lang = parts->name.lang, pattern = pattern_of(parts);
	const char *how = NULL;

	/* Translations live below their language, as Hugo and Zola have it. */
	if (lang.len > 0 && !slice_equal(lang, parts->site_lang) &&
	    slice_find(pattern, 0, ":lang") == pattern.len) {
		buf_printf(path, "/%.*s/", SLICE_FMT(lang));
		how = "below its language";
	}
	if (is_home(&parts->name)) {
		trace_note(parts->trace, "url", TRACE_NAME, parts->name.filename,
		    "the site's own page, whatever content.permalink says");
		return;
	}
	trace_setting(parts->trace, "url", SLICE("content.permalink"), pattern, how);
	(void)fill_pattern(parts, pattern, false, path); /* settings have known ones */
}

bool permalink_put(const struct permalink_parts *parts, struct slice own, struct buf *out)
{
	struct buf path = BUF_INIT;
	bool known = true;

	if (uri_is_web(own)) {
		uri_resolve(parts->site_url, own, out);
		return true;
	}
	if (own.len > 0)
		known = put_own(parts, own, &path);
	if (own.len > 0 && known) {
		finish_own(parts, &path);
	} else {
		buf_clear(&path);
		put_by_pattern(parts, &path);
	}
	buf_put_slice(out, parts->site_url);
	put_clean(out, buf_slice(&path));
	buf_free(&path);
	return known;
}
