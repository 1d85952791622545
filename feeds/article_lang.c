/* Which language an article is in, and which section: both may be said by a folder. */
#include "feeds/article_parts.h"
#include "feeds/feedpath.h"
#include "feeds/lang.h"

/* The tag of the head; empty: it has none, or what is no tag. */
static struct slice head_lang(const struct reading *r)
{
	const struct value *own = fields_scalar(&r->fields, FIELD_LANG);

	return own ? lang_tag(r->arena, own->text) : SLICE_NONE;
}

/* Of codes for one language, or for what is written of one, the one that stands for all (ISO 639). */
static struct slice lang_usual(struct slice code)
{
	static const char *const codes[][2] = {
	    {"nb", "no"}, {"nn", "no"}, {"iw", "he"}, {"in", "id"}, {"ji", "yi"}, {"sh", "sr"}};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (slice_equal_nocase(code, codes[i][0]))
			return slice_of(codes[i][1]);
	return code;
}

/* `it` and `it-CH` are one language, as far as a folder tells, and so are `no`, `nb` and `nn`. */
static bool same_lang(struct slice tag, struct slice folder)
{
	struct slice code = slice_sub(tag, 0, slice_find_byte(tag, 0, '-'));

	return slice_same_nocase(lang_usual(code), lang_usual(slice_sub(folder, 0, 2)));
}

static bool feed_asks_for(const struct article_rules *rules, struct slice folder)
{
	struct buf key = BUF_INIT;
	bool asks = false;

	if (rules->sections_len > 0)
		feed_value_key(folder, &key);
	for (size_t i = 0; i < rules->sections_len && !asks; i++)
		asks = slice_equal(rules->sections[i], buf_slice(&key));
	buf_free(&key);
	return asks;
}

/*
 * A folder `it` may hold what is in Italian, or what is about computers. It is a section where
 * the settings call it one, and where the article says that it is in another language.
 */
static bool folder_is_lang(const struct reading *r, struct slice folder)
{
	struct slice own;

	if (!lang_is_code(folder) || feed_asks_for(r->rules, folder))
		return false;
	own = head_lang(r);
	return own.len == 0 || same_lang(own, folder);
}

/* What the head says, and it is what counts, or a complaint. */
static struct slice lang_of_head(struct reading *r)
{
	const struct value *own = fields_scalar(&r->fields, FIELD_LANG);
	struct slice lang = head_lang(r);

	if (lang.len > 0)
		trace_value(trace_of(r), fields_name(FIELD_LANG), own, NULL);
	else if (own && own->text.len > 0)
		diag_put(r->diags, DIAG_WARNING, own->line, own->column,
		    "'%.*s' is not a language tag and was left out; write it like "
		    "\"en\" or \"pt-BR\"",
		    SLICE_FMT(shown(own->text)));
	return lang;
}

struct slice article_lang(struct reading *r)
{
	struct slice first = slice_sub(r->file->path, 0, slice_find_byte(r->file->path, 0, '/'));
	struct slice lang = lang_of_head(r);

	if (lang.len > 0)
		return lang;
	if (r->name.lang.len > 0) {
		trace_note(trace_of(r), fields_name(FIELD_LANG), TRACE_NAME, r->name.lang, NULL);
		return lang_tag(r->arena, r->name.lang);
	}
	if (first.len < r->file->path.len && folder_is_lang(r, first)) {
		trace_note(trace_of(r), fields_name(FIELD_LANG), TRACE_FOLDER, first, NULL);
		return lang_tag(r->arena, first);
	}
	trace_setting(trace_of(r), fields_name(FIELD_LANG), SLICE("site.language"),
	    r->rules->site_lang, NULL);
	return SLICE_NONE;
}

/* The first folder that is no language; `_posts` counts as "posts". */
struct slice article_section(struct reading *r)
{
	struct slice rest = r->name.folders;

	while (rest.len > 0) {
		size_t end = slice_find_byte(rest, 0, '/');
		struct slice folder = slice_sub(rest, 0, end);

		rest = slice_from(rest, end < rest.len ? end + 1 : end);
		if (slice_starts(folder, "_"))
			folder = slice_from(folder, 1);
		if (folder.len == 0 || folder_is_lang(r, folder))
			continue;
		trace_note(trace_of(r), "section", TRACE_FOLDER, folder, NULL);
		return folder;
	}
	return SLICE_NONE;
}
