#include "feeds/article_parts.h"

#include "feeds/base/text.h"
#include "feeds/base/uri.h"
#include "feeds/identity.h"
#include "feeds/written.h"

static struct slice take(struct arena *arena, struct buf *buf)
{
	struct slice copy = arena_copy(arena, buf_slice(buf));

	buf_free(buf);
	return copy;
}

/* What the head says of a field, and it is what counts. */
static struct slice scalar_text(const struct reading *r, enum field field)
{
	struct slice text = written_text(r, field);

	if (text.len > 0)
		trace_value(
		    trace_of(r), fields_name(field), fields_scalar(&r->fields, field), NULL);
	return text;
}

/* "my-first-post" is "My First Post"; a name that is more than a slug, or a date, stays as it is. */
static struct slice title_from_name(struct arena *arena, struct slice name)
{
	struct buf title = BUF_INIT;
	bool start = true, letters = false;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		letters = letters || (c >= 'a' && c <= 'z');
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
			buf_free(&title);
			return arena_copy(arena, name);
		}
	}
	if (!letters)
		return arena_copy(arena, name);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool gap = c == '-' || c == '_';

		if (gap && !start)
			buf_putc(&title, ' ');
		else if (!gap)
			buf_putc(&title, start && c >= 'a' ? (char)(c - 32) : c);
		start = gap;
	}
	return take(arena, &title);
}

/*
 * A title is one line, but blanks inside it are the author's. Names come from
 * the disk as any bytes, so they pass the same door as texts.
 */
static struct slice legal_line(struct arena *arena, struct slice text)
{
	struct buf repaired = BUF_INIT, line = BUF_INIT;
	struct text_repairs repairs;
	struct slice legal;
	struct err ignored;

	if (text_legal(text, &repaired, &legal, &repairs, &ignored) < 0)
		legal = SLICE_NONE;
	legal = slice_trim(legal);
	for (size_t i = 0; i < legal.len; i++)
		buf_putc(&line, legal.ptr[i] == '\n' || legal.ptr[i] == '\t' ? ' ' : legal.ptr[i]);
	buf_free(&repaired);
	return take(arena, &line);
}

static void read_title(struct reading *r, struct article *out, struct article_detail *detail)
{
	struct headline headline = {SLICE_NONE, SLICE_NONE};

	const char *what = fields_name(FIELD_TITLE);

	out->title = legal_line(r->arena, scalar_text(r, FIELD_TITLE));
	if (out->title.len == 0 && detail->markup->headline) {
		detail->markup->headline(detail->body, r->arena, &headline);
		out->title = legal_line(r->arena, headline.title);
		if (out->title.len > 0)
			trace_note(trace_of(r), what, TRACE_BODY, SLICE_NONE, "its first heading");
		if (detail->summary.len == 0 && headline.summary.len > 0) {
			detail->summary = headline.summary;
			trace_note(trace_of(r), fields_name(FIELD_SUMMARY), TRACE_BODY, SLICE_NONE,
			    "what stands before the heading");
		}
	}
	if (out->title.len > 0)
		return;
	out->title = title_from_name(r->arena, legal_line(r->arena, r->name.slug));
	trace_note(trace_of(r), what, TRACE_NAME, r->name.slug, NULL);
	if (out->title.len == 0)
		out->title = SLICE("Untitled");
}

static struct slice absolute(struct reading *r, struct slice base, struct slice reference)
{
	struct buf url = BUF_INIT;

	if (reference.len == 0)
		return SLICE_NONE;
	uri_resolve(base, reference, &url);
	if (!uri_is_web(buf_slice(&url)))
		buf_clear(&url);
	return take(r->arena, &url);
}

/*
 * Hugo's `url` and Zola's and Gatsby's `path` lack the slash that the page's
 * address has; `permalink` is the address as it is.
 */
static bool own_is_folder(const struct reading *r)
{
	const struct value *own = fields_scalar(&r->fields, FIELD_URL);

	return own && !slice_equal_nocase(own->key, "permalink");
}

static void complain_place(
    struct reading *r, const struct value *value, const char *what, const char *instead)
{
	diag_put(r->diags, DIAG_WARNING, value->line, value->column,
	    "'%.*s' %s, so %s; write out what the page has", SLICE_FMT(shown(value->text)), what,
	    instead);
}

static const char template[] = "is a template that feedd cannot fill in";
static const char by_setting[] = "content.permalink says where the page is";

/* The slug of the front matter, unless somebody's template was never filled in. */
static struct slice own_slug(struct reading *r)
{
	const struct value *own = fields_scalar(&r->fields, FIELD_SLUG);

	if (!own || !fields_is_template(own->text))
		return scalar_text(r, FIELD_SLUG);
	complain_place(r, own, template, "it is left out");
	return SLICE_NONE;
}

/* The address of the front matter; templates are filled in, where feedd can. */
static struct slice own_address(struct reading *r, const struct permalink_parts *parts)
{
	const struct value *own = fields_scalar(&r->fields, FIELD_URL);
	struct buf filled = BUF_INIT;

	if (!own || !fields_is_template(own->text))
		return scalar_text(r, FIELD_URL);
	if (!permalink_fill(parts, slice_trim(own->text), &filled)) {
		buf_free(&filled);
		complain_place(r, own, template, by_setting);
		return SLICE_NONE;
	}
	trace_value(trace_of(r), fields_name(FIELD_URL), own, "a template, filled in");
	return take(r->arena, &filled);
}

/*
 * The day in its URL. The id keeps the author's, wherever the site says that it is; and what
 * Jekyll takes for UTC was not meant so, but its page is there.
 */
static struct date address_date(const struct reading *r)
{
	bool utc = r->yaml_utc && r->rules->permalink_style == PERMALINK_JEKYLL;

	if (!r->rules->permalink_site_days || !(utc || r->date.has_offset))
		return r->date;
	return date_civil(date_unix(&r->date, utc ? NULL : r->rules->zone), r->rules->zone);
}

static void read_place(struct reading *r, struct article *out)
{
	struct buf url = BUF_INIT, id = BUF_INIT;
	struct permalink_parts parts = {
	    .site_url = r->rules->site_url,
	    .site_lang = r->rules->site_lang,
	    .pattern = r->rules->permalink,
	    .style = r->rules->permalink_style,
	    .name = r->name,
	    .slug = own_slug(r),
	    .title = out->title,
	    .section = out->section,
	    .lang = out->lang,
	    .own_is_folder = own_is_folder(r),
	    .categories = out->categories,
	    .categories_len = out->categories_len,
	    .date = address_date(r),
	    .trace = trace_of(r),
	};

	if (!permalink_put(&parts, own_address(r, &parts), &url))
		complain_place(r, fields_scalar(&r->fields, FIELD_URL),
		    "has a token that feedd does not know", by_setting);
	out->url = take(r->arena, &url);
	out->id = fields_id(&r->fields, r->arena, r->diags);
	out->own_id = out->id.len > 0;
	if (!out->own_id) {
		identity_mint(r->rules->site_url, &r->date, r->name.stem, &id);
		trace_note(trace_of(r), fields_name(FIELD_ID), TRACE_RULE, r->name.stem,
		    "made of the site's host, the day of its publication and its path");
		out->id = take(r->arena, &id);
	}
}

/* The names for the index; an author's page may be given as a path of the site. */
static void settle_authors(struct reading *r, struct person *authors, struct article *out)
{
	struct slice *names = arena_array(r->arena, struct slice, out->authors_len);

	for (size_t i = 0; i < out->authors_len; i++) {
		names[i] = authors[i].name;
		authors[i].url = absolute(r, r->rules->site_url, authors[i].url);
	}
	out->authors = names;
}

static void read_extras(struct reading *r, struct slice page_url, struct article_detail *detail)
{
	struct slice base = absolute(r, page_url, r->front.base);

	if (base.len == 0)
		base = page_url;
	detail->image_url = absolute(r, base, fields_image(&r->fields));
	detail->external_url = absolute(r, base, scalar_text(r, FIELD_EXTERNAL_URL));
	if (fields_enclosure(&r->fields, &detail->enclosure))
		detail->enclosure.url = absolute(r, base, detail->enclosure.url);
}

/* What the author wrote, before anything is made of it. */
static void read_written(
    const struct reading *r, const struct article_detail *detail, struct article *out)
{
	struct buf body = BUF_INIT;
	struct written written = {
	    .title = written_text(r, FIELD_TITLE),
	    .summary = written_text(r, FIELD_SUMMARY),
	    .lang = written_text(r, FIELD_LANG),
	    .external_url = written_text(r, FIELD_EXTERNAL_URL),
	    .image = fields_image(&r->fields),
	    .authors = detail->authors,
	    .authors_len = detail->authors_len,
	    .tags = out->tags,
	    .tags_len = out->tags_len,
	    .categories = out->categories,
	    .categories_len = out->categories_len,
	    .published = r->dated ? &r->date : NULL,
	    .body = detail->body,
	};

	(void)fields_enclosure(&r->fields, &written.enclosure); /* none stays empty */
	if (r->front.kind->put_body) {
		r->front.kind->put_body(detail->body, &body);
		written.body = buf_slice(&body);
	}
	out->written = written_digest(&written);
	out->sketch = identity_sketch(written.body);
	buf_free(&body);
}

static void read_lists(struct reading *r, struct diags *diags, struct article *out)
{
	struct slice *tags, *categories;

	out->tags_len = (uint16_t)fields_list(&r->fields, FIELD_TAGS, r->arena, diags, &tags);
	out->tags = tags;
	out->categories_len =
	    (uint16_t)fields_list(&r->fields, FIELD_CATEGORIES, r->arena, diags, &categories);
	out->categories = categories;
}

/*
 * A site of Jekyll's divides `categories: a b`, also where the head has no layout because
 * _config.yml says it for all. What was written does not depend on it: a setting is no edit.
 */
static void divide_lists(struct reading *r, struct article *out)
{
	struct diags said_before = DIAGS_INIT;

	if (r->rules->permalink_style != PERMALINK_JEKYLL)
		return;
	r->fields.jekylls = true;
	r->fields.trace = NULL; /* likewise told before */
	read_lists(r, &said_before, out);
	r->fields.trace = trace_of(r);
	diags_free(&said_before);
}

static bool in_drafts_folder(struct slice path)
{
	return slice_starts(path, "_drafts/") || slice_find(path, 0, "/_drafts/") < path.len;
}

static bool read_draft(struct reading *r)
{
	const struct value *value = fields_scalar(&r->fields, FIELD_DRAFT);
	bool says;

	if (value && slice_equal_nocase(value->key, "draft") && !fields_boolean(value, &says))
		diag_put(r->diags, DIAG_WARNING, value->line, value->column,
		    "'%.*s' is neither true nor false, so the article stays a draft; write "
		    "draft: true or draft: false",
		    SLICE_FMT(shown(value->text)));
	if (fields_draft(&r->fields))
		return true;
	if (!in_drafts_folder(r->file->path))
		return false;
	trace_note(trace_of(r), fields_name(FIELD_DRAFT), TRACE_FOLDER, SLICE("_drafts"), NULL);
	return true;
}

/* README.md and its like beside the articles, for who works on the site. */
static bool is_notice(const struct reading *r)
{
	static const char *const names[] = {"readme", "license", "licence", "changelog",
	    "contributing", "code_of_conduct", "security", "404"};

	if (slice_find_byte(r->file->path, 0, '/') < r->file->path.len ||
	    (r->front.kind != &frontmatter_none && r->front.kind != &frontmatter_html))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_equal_nocase(r->name.filename, names[i]))
			return true;
	return false;
}

/*
 * A page that the site has for itself, where content.dir is a whole site, as
 * Jekyll's may be. Only what cannot be an article is one: it has no date, and
 * is the home page, or the error page by its own address, or a notice without a head.
 */
static bool is_site_page(const struct reading *r, const struct article *article)
{
	struct slice own = written_text(r, FIELD_URL);
	const char *how = NULL;

	if (!article->undated)
		return false;
	if (slice_equal(article->url, r->rules->site_url))
		how = "it has no date, and its URL is the home page's";
	else if (slice_equal_str(own, "/404.html") || slice_equal_str(own, "404.html"))
		how = "it has no date, and is the error page";
	else if (is_notice(r))
		how = "it has no date, and by its name is a notice beside the articles";
	if (how)
		trace_note(trace_of(r), fields_name(FIELD_FEED), TRACE_RULE, SLICE_NONE, how);
	return how != NULL;
}

static void add_category(struct slice *list, uint16_t *len, struct slice name)
{
	for (size_t i = 0; i < *len; i++)
		if (slice_equal(list[i], name))
			return;
	if (name.len > 0 && *len < FIELDS_LIST_MAX)
		list[(*len)++] = name;
}

/*
 * Jekyll takes the folders above `_posts` for categories, before those of the head; its styles
 * of addresses alone have :categories. They are none of what was written: a move is no edit.
 */
static void add_folder_categories(struct reading *r, struct article *out)
{
	struct slice path = r->file->path;
	struct slice rest = slice_sub(path, 0, slice_find(path, 0, "/_posts/"));
	struct slice *all;
	uint16_t len = 0;

	if (rest.len == path.len || slice_starts(path, "_posts/") ||
	    r->rules->permalink_style != PERMALINK_JEKYLL)
		return;
	trace_note(trace_of(r), fields_name(FIELD_CATEGORIES), TRACE_FOLDER, rest,
	    "what is above _posts, and then what its head says");
	all = arena_array(r->arena, struct slice, FIELDS_LIST_MAX);
	while (rest.len > 0) {
		size_t end = slice_find_byte(rest, 0, '/');
		struct slice folder = slice_sub(rest, 0, end);

		rest = slice_from(rest, end < rest.len ? end + 1 : end);
		add_category(all, &len, legal_line(r->arena, folder));
	}
	for (size_t i = 0; i < out->categories_len; i++)
		add_category(all, &len, out->categories[i]);
	out->categories = all;
	out->categories_len = len;
}

int article_parse(struct slice text, const struct article_file *file,
    const struct article_rules *rules, struct arena *arena, struct diags *diags,
    struct article *out, struct article_detail *out_detail, struct err *err)
{
	struct reading r = {.file = file, .rules = rules, .arena = arena, .diags = diags};
	struct article article = {
	    .path = file->path,
	    .first_seen = file->first_seen,
	    .stamp = file->stamp,
	    .digest = file->digest,
	};
	struct article_detail detail = {.enclosure.length = -1};
	struct person *authors;

	if (slice_trim(text).len == 0) /* begun, or being written at this moment */
		return err_set(err, ERR_INVALID, "it is empty");
	if (frontmatter_parse(text, file->path, arena, diags, &r.front, err) < 0)
		return -1;
	fields_collect(r.front.root, diags->trace, &r.fields);
	if (diags->trace)
		diags->trace->dialect = r.front.kind->name;
	permalink_name(file->path, &r.name);
	detail.markup = markup_for_path(file->path);
	detail.body = slice_from(text, r.front.body);
	detail.body_line = r.front.body_line;
	article_read_published(&r, &article);
	article_read_dates(&r, &article);
	detail.summary = scalar_text(&r, FIELD_SUMMARY);
	detail.separator = scalar_text(&r, FIELD_SEPARATOR);
	read_title(&r, &article, &detail);
	article.lang = article_lang(&r);
	article.section = legal_line(arena, article_section(&r));
	read_lists(&r, diags, &article);
	detail.authors_len = fields_authors(&r.fields, arena, diags, &authors);
	detail.authors = authors;
	article.authors_len = (uint16_t)detail.authors_len;
	read_written(&r, &detail, &article);
	divide_lists(&r, &article);
	add_folder_categories(&r, &article);
	settle_authors(&r, authors, &article);
	article.draft = read_draft(&r);
	article.minor = fields_minor(&r.fields);
	read_place(&r, &article);
	article.excluded = fields_excluded(&r.fields) || is_site_page(&r, &article);
	read_extras(&r, article.url, &detail);
	*out = article;
	*out_detail = detail;
	return 0;
}

enum article_standing article_standing(const struct article *article, int64_t now)
{
	if (article->draft)
		return ARTICLE_DRAFT;
	if (article->excluded)
		return ARTICLE_EXCLUDED;
	if (article->dateless)
		return ARTICLE_UNDATED;
	if (article->published > now)
		return ARTICLE_SCHEDULED;
	if (article->expires != ARTICLE_NEVER && article->expires <= now)
		return ARTICLE_EXPIRED;
	return ARTICLE_PUBLIC;
}

const char *article_standing_name(enum article_standing standing)
{
	static const char *const names[] = {
	    [ARTICLE_PUBLIC] = "public",
	    [ARTICLE_DRAFT] = "draft",
	    [ARTICLE_SCHEDULED] = "scheduled",
	    [ARTICLE_EXPIRED] = "expired",
	    [ARTICLE_EXCLUDED] = "excluded",
	    [ARTICLE_UNDATED] = "undated",
	};

	return names[standing];
}
