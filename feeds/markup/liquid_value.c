/*
 * Values in Liquid: what stands between `{{` and `}}`, and in tags.
 *
 * Known are literals, what the body itself assigned, and what every generator
 * calls the page and the site. Filters that make URLs and change text are
 * done, others let the value pass.
 */
#include "feeds/markup/directive_family.h"

enum { FILTERS_MAX = 16, ARGS_MAX = 4 };

struct value {
	struct scan *scan;
	struct buf *text;
	bool known;
	bool literal; /* all of it stands in the body: may be markup */
};

/* ---- the site ---- */

/* Where the path of an absolute URL begins. */
static size_t path_start(struct slice url)
{
	size_t host = slice_find(url, 0, "://");

	return host < url.len ? slice_find_byte(url, host + 3, '/') : 0;
}

static struct slice without_slash(struct slice url)
{
	if (slice_ends(url, "/"))
		url.len--;
	return url;
}

static struct slice site_origin(const struct scan *s)
{
	return slice_sub(s->source->site_url, 0, path_start(s->source->site_url));
}

/* "" at a host's root, else "/blog". */
static struct slice site_base(const struct scan *s)
{
	return without_slash(slice_from(s->source->site_url, path_start(s->source->site_url)));
}

/* The page's path below the site, as generators have it: "/2024/x/". */
static struct slice page_path(const struct scan *s)
{
	struct slice page = s->source->page_url, base = without_slash(s->source->site_url);

	if (page.len > base.len && memcmp(page.ptr, base.ptr, base.len) == 0)
		return slice_from(page, base.len);
	return slice_from(page, path_start(page));
}

/* ---- primaries ---- */

static bool is_number(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((text.ptr[i] < '0' || text.ptr[i] > '9') && text.ptr[i] != '.' &&
		    !(i == 0 && text.ptr[i] == '-'))
			return false;
	}
	return text.len > 0;
}

static void set_known(struct value *value, struct slice text, bool literal)
{
	buf_put_slice(value->text, text);
	value->known = true;
	value->literal = literal;
}

static bool is_one_of(struct slice text, const char *names)
{
	for (size_t len; *names; names += len + (names[len] == '|')) {
		len = strcspn(names, "|");
		if (slice_equal(text, slice_make(names, len)))
			return true;
	}
	return false;
}

static void read_primary(struct value *value, struct slice text)
{
	const struct scan *s = value->scan;
	const struct scan_variable *variable;

	value->known = false;
	value->literal = true;
	text = slice_trim(text);
	if (text.len >= 2 && (text.ptr[0] == '"' || text.ptr[0] == '\'') &&
	    text.ptr[text.len - 1] == text.ptr[0])
		set_known(value, slice_sub(text, 1, text.len - 1), true);
	else if ((variable = scan_variable(s, text)) && !variable->items)
		set_known(value, variable->value, !variable->plain);
	else if (is_number(text))
		set_known(value, text, true);
	else if (is_one_of(text, "site.url|site.github.url|url_root"))
		set_known(value, site_origin(s), false);
	else if (is_one_of(text, "site.baseurl|baseurl|root_url|site.root|BASE_PATH|pathPrefix|"
				 "config.root"))
		set_known(value, site_base(s), false);
	else if (slice_equal_str(text, "page.title") || slice_equal_str(text, "title"))
		set_known(value, s->source->title, false);
	else if (slice_equal_str(text, "page.url"))
		set_known(value, page_path(s), false);
	else if (slice_equal_str(text, "page.path"))
		set_known(value, s->source->path, false);
}

/* ---- filters ---- */

static void replace_value(struct value *value, struct buf *by)
{
	buf_clear(value->text);
	buf_put_slice(value->text, buf_slice(by));
	if (by->overflow)
		value->known = false;
	buf_free(by);
}

static struct buf scratch(void)
{
	return BUF_BOUNDED(4 * SCAN_VALUE_MAX);
}

static bool is_rooted(struct slice url)
{
	return slice_starts(url, "//") || slice_find(url, 0, "://") < url.len ||
	       slice_starts(url, "#") || slice_starts(url, "mailto:");
}

static void put_rooted(struct value *value, bool origin)
{
	struct slice path = buf_slice(value->text);
	struct buf url = scratch();

	if (is_rooted(path))
		return;
	if (origin)
		buf_put_slice(&url, site_origin(value->scan));
	buf_put_slice(&url, site_base(value->scan));
	if (!slice_starts(path, "/"))
		buf_putc(&url, '/');
	for (size_t i = 0; i < path.len; i++) {
		if (path.ptr[i] == ' ')
			buf_puts(&url, "%20");
		else
			buf_putc(&url, path.ptr[i]);
	}
	replace_value(value, &url);
}

static void filter_relative(struct value *value, const struct slice *args)
{
	(void)args;
	put_rooted(value, false);
}

static void filter_absolute(struct value *value, const struct slice *args)
{
	(void)args;
	put_rooted(value, true);
}

static void filter_prepend(struct value *value, const struct slice *args)
{
	struct buf text = scratch();

	buf_put_slice(&text, args[0]);
	buf_put_slice(&text, buf_slice(value->text));
	replace_value(value, &text);
}

static void filter_append(struct value *value, const struct slice *args)
{
	buf_put_slice(value->text, args[0]);
}

static void change_case(struct value *value, char from, int by, size_t len)
{
	for (size_t i = 0; i < len && i < value->text->len; i++) {
		char c = value->text->data[i];

		if (c >= from && c < from + 26)
			value->text->data[i] = (char)(c + by);
	}
}

static void filter_lower(struct value *value, const struct slice *args)
{
	(void)args;
	change_case(value, 'A', 32, SIZE_MAX);
}

static void filter_upper(struct value *value, const struct slice *args)
{
	(void)args;
	change_case(value, 'a', -32, SIZE_MAX);
}

static void filter_capitalize(struct value *value, const struct slice *args)
{
	(void)args;
	change_case(value, 'a', -32, 1);
}

static void filter_strip(struct value *value, const struct slice *args)
{
	struct buf text = scratch();

	(void)args;
	buf_put_slice(&text, slice_trim(buf_slice(value->text)));
	replace_value(value, &text);
}

static void filter_replace(struct value *value, const struct slice *args)
{
	struct slice rest = buf_slice(value->text);
	struct buf text = scratch();

	while (args[0].len > 0 && rest.len > 0) {
		const char *hit = memmem(rest.ptr, rest.len, args[0].ptr, args[0].len);
		size_t at = hit ? (size_t)(hit - rest.ptr) : rest.len;

		buf_put_slice(&text, slice_sub(rest, 0, at));
		if (!hit)
			break;
		buf_put_slice(&text, args[1]);
		rest = slice_from(rest, at + args[0].len);
	}
	if (args[0].len > 0)
		replace_value(value, &text);
}

static void filter_escape(struct value *value, const struct slice *args)
{
	(void)args;
	value->literal = false; /* escaped where it is written */
}

static void filter_slugify(struct value *value, const struct slice *args)
{
	struct slice text = buf_slice(value->text);
	struct buf slug = scratch();

	(void)args;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (call_word(text, i, "") > 0 && c != '_')
			buf_putc(&slug, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
		else if (slug.len > 0 && slug.data[slug.len - 1] != '-')
			buf_putc(&slug, '-');
	}
	while (slug.len > 0 && slug.data[slug.len - 1] == '-')
		buf_cut(&slug, slug.len - 1);
	replace_value(value, &slug);
}

static const struct {
	const char *name;
	void (*apply)(struct value *value, const struct slice *args);
} filters[] = {
    {"relative_url", filter_relative},
    {"url", filter_relative},
    {"absolute_url", filter_absolute},
    {"absoluteUrl", filter_absolute},
    {"prepend", filter_prepend},
    {"append", filter_append},
    {"downcase", filter_lower},
    {"lower", filter_lower},
    {"upcase", filter_upper},
    {"upper", filter_upper},
    {"capitalize", filter_capitalize},
    {"strip", filter_strip},
    {"trim", filter_strip},
    {"replace", filter_replace},
    {"remove", filter_replace},
    {"escape", filter_escape},
    {"xml_escape", filter_escape},
    {"escape_once", filter_escape},
    {"slugify", filter_slugify},
    {"slug", filter_slugify},
};

/* ---- expressions ---- */

/* The next piece up to an unquoted `divider`; false at the end. */
static bool next_piece(struct slice *rest, char divider, struct slice *piece)
{
	char quote = '\0';
	size_t at = 0;

	if (!rest->ptr)
		return false;
	for (; at < rest->len; at++) {
		char c = rest->ptr[at];

		if (quote) {
			if (c == quote)
				quote = '\0';
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == divider) {
			break;
		}
	}
	*piece = slice_sub(*rest, 0, at);
	*rest = at < rest->len ? slice_from(*rest, at + 1) : SLICE_NONE;
	return true;
}

/* `name: a, b` or `name(a, b)`. */
static struct slice filter_name(struct slice filter, struct slice *args)
{
	size_t len;

	filter = slice_trim(filter);
	len = call_word(filter, 0, "");
	*args = slice_trim(slice_from(filter, len));
	if (slice_starts(*args, ":"))
		*args = slice_from(*args, 1);
	else if (slice_starts(*args, "(") && slice_ends(*args, ")"))
		*args = slice_sub(*args, 1, args->len - 1);
	return slice_sub(filter, 0, len);
}

/* Its arguments must live as long as `texts` do. */
static bool read_filter_args(
    struct value *value, struct slice rest, struct buf *texts, struct slice *args)
{
	struct slice piece;
	bool literal = true;

	for (size_t i = 0; i < ARGS_MAX && next_piece(&rest, ',', &piece); i++) {
		struct value arg = {value->scan, &texts[i], false, true};

		read_primary(&arg, piece);
		args[i] = buf_slice(&texts[i]);
		literal = literal && (arg.literal || args[i].len == 0);
	}
	return literal;
}

static void apply_filter(struct value *value, struct slice filter)
{
	struct slice rest, args[ARGS_MAX] = {SLICE_NONE};
	struct slice name = filter_name(filter, &rest);
	struct buf texts[ARGS_MAX];
	bool literal;

	for (size_t i = 0; i < ARGS_MAX; i++)
		texts[i] = scratch();
	literal = read_filter_args(value, rest, texts, args);
	if (slice_equal_str(name, "default")) {
		if (!value->known || value->text->len == 0) {
			buf_clear(value->text);
			set_known(value, args[0], literal);
		}
	} else {
		for (size_t i = 0; value->known && i < sizeof(filters) / sizeof(filters[0]); i++) {
			if (!slice_equal_str(name, filters[i].name))
				continue;
			filters[i].apply(value, args);
			value->literal = value->literal && literal;
			break;
		}
	}
	for (size_t i = 0; i < ARGS_MAX; i++)
		buf_free(&texts[i]);
}

bool liquid_value(struct scan *s, struct slice expression, struct buf *out, bool *literal)
{
	struct buf text = scratch();
	struct value value = {s, &text, false, true};
	struct slice piece;
	bool known;

	if (!next_piece(&expression, '|', &piece))
		return false;
	read_primary(&value, piece);
	for (size_t i = 0; i < FILTERS_MAX && next_piece(&expression, '|', &piece); i++)
		apply_filter(&value, piece);
	known = value.known && !text.overflow;
	if (known)
		buf_put_slice(out, buf_slice(&text));
	*literal = value.literal;
	buf_free(&text);
	return known;
}

struct slice liquid_fill(struct scan *s, struct slice text)
{
	struct buf filled = BUF_BOUNDED(SCAN_TAG_MAX * 4);
	struct slice result = text;
	size_t done = 0;
	bool literal;

	for (size_t at = slice_find(text, 0, "{{"); at < text.len;
	     at = slice_find(text, done, "{{")) {
		size_t end = slice_find(text, at, "}}");

		if (end == text.len)
			break;
		buf_put_slice(&filled, slice_sub(text, done, at));
		(void)liquid_value(s, slice_sub(text, at + 2, end), &filled, &literal); /* or "" */
		done = end + 2;
	}
	buf_put_slice(&filled, slice_from(text, done));
	if (done > 0 && scan_store(s, filled.len)) {
		result = arena_copy(s->arena, buf_slice(&filled));
	}
	buf_free(&filled);
	return result;
}

bool liquid_is_item(struct scan *s, struct slice expression)
{
	struct slice name = slice_sub(expression, 0, call_word(expression, 0, ""));
	bool found = false;

	for (size_t i = s->depth; i > 0; i--) {
		struct scan_loop *loop = s->frames[i - 1].loop;

		if (loop && !loop->items &&
		    (slice_equal(loop->variable, name) || slice_equal_str(name, "forloop"))) {
			loop->unknown = true;
			found = true;
			break;
		}
	}
	return found;
}

/* ---- lists ---- */

static const struct slice *list_of_range(struct scan *s, struct slice range, size_t *len)
{
	size_t dots = slice_find(range, 0, ".."), from = 0, to = 0;
	struct slice *items;

	for (size_t i = 1; i < range.len - 1; i++) {
		char c = range.ptr[i];

		if (i == dots || i == dots + 1)
			continue;
		if (c < '0' || c > '9' || i - 1 > 10)
			return NULL;
		if (i < dots)
			from = from * 10 + (size_t)(c - '0');
		else
			to = to * 10 + (size_t)(c - '0');
	}
	if (dots == range.len || to < from || to - from >= 100 ||
	    !scan_store(s, (to - from + 1) * 2 * sizeof(*items)))
		return NULL;
	*len = to - from + 1;
	items = arena_array(s->arena, struct slice, *len);
	for (size_t i = 0; i < *len; i++)
		items[i] = arena_printf(s->arena, "%zu", from + i);
	return items;
}

static const struct slice *split(
    struct scan *s, struct slice text, struct slice by, size_t *out_len)
{
	VEC(struct slice) items = VEC_INIT;
	struct slice *result = NULL;

	while (items.len < 1000) {
		const char *hit =
		    by.len && text.len ? memmem(text.ptr, text.len, by.ptr, by.len) : NULL;
		size_t at = hit ? (size_t)(hit - text.ptr) : text.len;

		vec_push(&items, slice_sub(text, 0, at));
		if (!hit)
			break;
		text = slice_from(text, at + by.len);
	}
	if (scan_store(s, items.len * sizeof(*result))) {
		result = arena_array(s->arena, struct slice, items.len);
		memcpy(result, items.items, items.len * sizeof(*result));
		*out_len = items.len;
	}
	vec_free(&items);
	return result;
}

const struct slice *liquid_list(struct scan *s, struct slice expression, size_t *len)
{
	const struct scan_variable *variable;
	const struct slice *items = NULL;
	size_t at;

	expression = slice_trim(expression);
	if (slice_starts(expression, "(") && slice_ends(expression, ")"))
		return list_of_range(s, expression, len);
	variable = scan_variable(s, expression);
	if (variable) {
		*len = variable->items_len;
		return variable->items;
	}
	at = slice_find(expression, 0, "| split:");
	if (at < expression.len) {
		struct buf text = BUF_BOUNDED(SCAN_VALUE_MAX), by = BUF_BOUNDED(64);
		struct slice divider = slice_from(expression, at + 8), more;
		bool literal;

		if (next_piece(&divider, '|', &more) &&
		    liquid_value(s, slice_sub(expression, 0, at), &text, &literal) &&
		    liquid_value(s, more, &by, &literal) && scan_store(s, text.len))
			items = split(s, arena_copy(s->arena, buf_slice(&text)),
			    arena_copy(s->arena, buf_slice(&by)), len);
		buf_free(&text);
		buf_free(&by);
	}
	return items;
}
