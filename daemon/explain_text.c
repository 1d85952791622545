/* Explanations as lines for people. */
#include "daemon/explain_inside.h"
#include "feeds/base/date.h"
#include "feeds/base/text.h"

enum {
	NAME_WIDTH = 13, /* columns of what stands first in a line */
	VALUE_MOST = 60, /* columns of a value with its reason behind it */
	TEXT_MOST = 300, /* bytes of a text; JSON has all of it */
	LISTED = 20,	 /* lines of a kind */
};

/* In a terminal's columns, as near as counting characters comes. */
static size_t columns(struct slice text)
{
	size_t columns = 0;

	for (size_t i = 0; i < text.len; i++)
		columns += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	return columns;
}

static void pad(struct buf *out, size_t start, size_t width)
{
	for (size_t at = columns(slice_from(buf_slice(out), start)); at < width; at++)
		buf_putc(out, ' ');
}

static struct slice cut(struct slice text, size_t most)
{
	size_t len = text.len < most ? text.len : most;

	while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	return slice_sub(text, 0, len);
}

/* Clipped and harmless. */
static void put_text(struct buf *out, struct slice text)
{
	struct slice shown = cut(text, TEXT_MOST);

	text_put_escaped(out, shown);
	if (shown.len < text.len)
		buf_puts(out, "…");
}

static void put_name(struct buf *out, const char *name)
{
	size_t start = out->len;

	buf_printf(out, "  %s  ", name);
	pad(out, start, NAME_WIDTH + 4);
}

/* "  name   value  (why)", the reason below where there is no room. */
static void put_row(struct buf *out, const char *name, struct slice value, struct slice why)
{
	size_t start;

	put_name(out, name);
	start = out->len;
	put_text(out, value);
	if (why.len > 0 && value.len > 0) {
		if (columns(slice_from(buf_slice(out), start)) + columns(why) > VALUE_MOST) {
			buf_putc(out, '\n');
			put_name(out, "");
		} else {
			buf_puts(out, "  ");
		}
	}
	if (why.len > 0) {
		buf_puts(out, value.len ? "(" : "");
		text_put_escaped(out, why);
		buf_puts(out, value.len ? ")" : "");
	}
	buf_putc(out, '\n');
}

static void put_more(struct buf *out, size_t len)
{
	if (len > LISTED)
		buf_printf(out, "  and %zu more (--json lists all)\n", len - LISTED);
}

static void put_held_back(struct buf *out, struct slice why)
{
	if (why.len == 0)
		return;
	buf_puts(out, "\nheld back until feedd --force: ");
	put_text(out, why);
	buf_putc(out, '\n');
}

/* "atom.xml, rss.xml"; what the next build writes is marked. */
static void put_documents(struct buf *out, const struct explain_documents *documents)
{
	for (size_t i = 0; i < documents->items.len; i++) {
		buf_puts(out, i ? ", " : "");
		put_text(out, documents->items.items[i].path);
		if (!documents->items.items[i].stands)
			buf_puts(out, " (the next build writes it)");
	}
}

static void put_place_of(struct buf *out, const struct config_feed *feed, struct slice value)
{
	struct buf name = BUF_INIT;

	buf_puts(&name, feed->name);
	if (value.len) {
		buf_puts(&name, ": ");
		buf_put_slice(&name, value);
	}
	text_put_escaped(out, cut(buf_slice(&name), TEXT_MOST));
	buf_free(&name);
}

/* ---- an article ---- */

static void put_heading(struct buf *out, const struct explain_article *article)
{
	text_put_escaped(out, slice_of(article->path));
	if (!article->is_article) {
		buf_puts(out, ": no article: ");
		text_put_escaped(out, article->why_not);
	} else if (!article->article) {
		buf_puts(out, ": skipped");
		if (article->err.line)
			buf_printf(out, ": line %u", article->err.line);
		buf_puts(out, ": ");
		text_put_escaped(out,
		    slice_of(article->err.kind == ERR_NONE ? "it changes at this moment; ask again"
							   : article->err.text));
	} else {
		buf_printf(out, ": %s, in %zu feed%s", article_standing_name(article->standing),
		    article->stands, text_plural(article->stands));
		if (article->why_not.len) {
			buf_puts(out, ": ");
			text_put_escaped(out, article->why_not);
		}
	}
	buf_putc(out, '\n');
}

static void put_reading(struct buf *out, const struct explain_article *article)
{
	const struct article_detail *detail = &article->reader.detail;
	bool none = strcmp(article->trace.dialect, "none") == 0;

	put_name(out, "read as");
	buf_printf(out, "%s%s, then %s from line %u; %lld bytes\n",
	    none ? "no" : article->trace.dialect, " head", detail->markup->name, detail->body_line,
	    (long long)article->reader.raw.len);
}

static void put_keys(struct buf *out, const struct explain_article *article)
{
	size_t listed = 0;

	for (size_t i = 0; i < article->trace.keys.len; i++) {
		const struct trace_key *key = &article->trace.keys.items[i];
		const char *words = explain_key_words(&article->trace, key);
		struct buf name = BUF_INIT;

		if (!words || listed++ >= LISTED)
			continue;
		if (listed == 1)
			buf_puts(out, "\nkeys that decide nothing\n");
		if (key->within.len) {
			text_put_escaped(&name, cut(key->within, TRACE_NAME_MAX));
			buf_putc(&name, '.');
		}
		text_put_escaped(&name, cut(key->key, TRACE_NAME_MAX));
		put_name(out, buf_string(&name));
		buf_printf(out, "line %u: %s\n", key->line, words);
		buf_free(&name);
	}
	put_more(out, listed);
	if (article->trace.keys_dropped)
		buf_printf(out,
		    "  and %zu keys behind the first %d, which are not looked at here\n",
		    article->trace.keys_dropped, TRACE_KEYS_MAX);
}

static void put_place(struct buf *out, const struct explain_place *place)
{
	size_t start = out->len;

	buf_puts(out, "  ");
	put_place_of(out, place->feed, place->value);
	buf_puts(out, "  ");
	pad(out, start, NAME_WIDTH + 4);
	if (place->stands)
		buf_printf(out, "entry %zu of %zu; ", place->place, place->window);
	else
		buf_puts(out, "no: ");
	if (!place->stands)
		text_put_escaped(out, place->why);
	else
		put_documents(out, &place->documents);
	buf_putc(out, '\n');
}

static void put_places(struct buf *out, const struct explain_article *article)
{
	buf_puts(out, "\nfeeds\n");
	for (size_t i = 0; i < article->places.len && i < LISTED; i++)
		put_place(out, &article->places.items[i]);
	put_more(out, article->places.len);
}

static void put_removed(struct buf *out, const struct explain_article *article)
{
	const struct trace_tally *removed = &article->trace.removed;

	if (removed->items.len == 0)
		return;
	buf_puts(out, "\nnot in the feeds, of what it holds\n");
	for (enum trace_removal i = 0; i < TRACE_REMOVALS; i++) {
		size_t listed = 0;

		for (size_t j = 0; j < removed->items.len; j++) {
			const struct trace_removed *item = &removed->items.items[j];

			if (item->removal != i || listed++ >= LISTED)
				continue;
			buf_puts(out, listed == 1 ? "  " : ", ");
			text_put_escaped(out, item->name);
			if (item->count > 1)
				buf_printf(out, " (%zu times)", item->count);
		}
		if (listed > LISTED)
			buf_printf(out, " and %zu others", listed - LISTED);
		if (listed)
			buf_printf(out, ": %s\n", trace_removal_words(i));
	}
	if (removed->others)
		buf_printf(out, "  and %zu things under other names\n", removed->others);
}

static void put_diags(
    struct buf *out, const struct diags *diags, enum diag_level level, const char *heading)
{
	size_t listed = 0;

	for (size_t i = 0; i < diags->len; i++) {
		const struct diag *diag = &diags->items[i];

		if (diag->level != level)
			continue;
		buf_puts(out, listed++ == 0 ? heading : "");
		buf_puts(out, "  ");
		if (diag->line)
			buf_printf(out, "line %u: ", diag->line);
		text_put_escaped(out, slice_of(diag->text));
		buf_putc(out, '\n');
	}
}

static void put_complaints(struct buf *out, const struct explain_article *article)
{
	put_diags(out, &article->diags, DIAG_NOTE, "\nnotes\n");
	put_diags(out, &article->diags, DIAG_WARNING, "\nwarnings\n");
	if (article->diags.dropped)
		buf_printf(out, "  and %zu more\n", article->diags.dropped);
}

void explain_article_text(const struct explain_article *article, struct buf *out)
{
	put_heading(out, article);
	if (!article->article) {
		put_complaints(out, article);
		return;
	}
	put_held_back(out, article->held_back);
	buf_putc(out, '\n');
	put_reading(out, article);
	for (size_t i = 0; i < article->rows.len; i++)
		put_row(out, article->rows.items[i].name, article->rows.items[i].value,
		    article->rows.items[i].why);
	put_keys(out, article);
	put_places(out, article);
	put_removed(out, article);
	put_complaints(out, article);
	if (!article->has_state)
		buf_puts(out,
		    "\nfeedd has not run here yet: ids and dates are those that its first "
		    "build would give\n");
}

/* ---- a feed ---- */

static void put_files(struct buf *out, const struct explain_documents *documents)
{
	char date[DATE_RFC3339_SIZE];

	buf_puts(out, "\nfiles\n");
	for (size_t i = 0; i < documents->items.len; i++) {
		const struct explain_document *document = &documents->items.items[i];

		buf_puts(out, "  ");
		put_text(out, document->path);
		if (document->published)
			buf_printf(out, ": %zu entr%s, %zu bytes, changed %s", document->entries,
			    text_plural_y(document->entries), document->size,
			    date_rfc3339(document->changed, date));
		buf_puts(out, !document->published ? ": not published yet"
			      : document->stands   ? ""
						   : "; the next build writes it");
		buf_putc(out, '\n');
	}
}

static void put_entry(struct buf *out, size_t place, const struct article *article)
{
	char date[DATE_RFC3339_SIZE];

	buf_printf(out, "  %5zu  %s  ", place, date_rfc3339(article->published, date));
	put_text(out, article->title);
	buf_puts(out, "  ");
	text_put_escaped(out, article->path);
	buf_putc(out, '\n');
}

static void put_entries(struct buf *out, const struct query_group *group)
{
	size_t window = query_group_window(group);

	buf_puts(out, "\nentries\n");
	for (size_t i = 0; i < window && i < LISTED; i++)
		put_entry(out, i + 1, query_group_at(group, i));
	put_more(out, window);
}

static void put_counts(struct buf *out, const struct explain_feed *feed)
{
	if (feed->counts.len)
		buf_puts(out, "\narticles that are not in it\n");
	for (size_t i = 0; i < feed->counts.len; i++) {
		const struct explain_count *count = &feed->counts.items[i];

		buf_printf(out, "  %5zu  %.*s%s", count->count, SLICE_FMT(count->why),
		    count->count == 1 ? ": " : ", the newest of them ");
		text_put_escaped(out, count->first->path);
		buf_putc(out, '\n');
	}
}

static void put_target(
    struct buf *out, const struct explain_feed *feed, const struct explain_target *target)
{
	char date[DATE_RFC3339_SIZE];

	buf_puts(out, "  ");
	text_put_escaped(out, slice_of(target->ping->name));
	buf_printf(out, " (%s): of ", target->ping->protocol->name);
	if (target->topics.len)
		put_text(out, target->topics);
	buf_puts(out, target->topics.len && target->entries ? " and of each entry"
		      : target->entries			    ? "each entry"
							    : "");
	if (feed->has_state && target->last_told)
		buf_printf(out, "; last told %s", date_rfc3339(target->last_told, date));
	if (target->due) {
		buf_printf(out, "; %zu due, next try %s", target->due,
		    target->next_try ? date_rfc3339(target->next_try, date) : "now");
		if (target->last_answer.len) {
			buf_puts(out, "; last answer: ");
			put_text(out, target->last_answer);
		}
	} else {
		buf_puts(out, "; nothing is due");
	}
	buf_putc(out, '\n');
}

static void put_targets(struct buf *out, const struct explain_feed *feed)
{
	buf_puts(
	    out, feed->targets.len ? "\ntold of it\n" : "\nnobody is told of it (no [[ping]])\n");
	for (size_t i = 0; i < feed->targets.len; i++)
		put_target(out, feed, &feed->targets.items[i]);
}

static void put_values(struct buf *out, const struct explain_feed *feed)
{
	buf_puts(out, "\n");
	for (size_t i = 0; i < feed->values.len && i < LISTED; i++) {
		const struct explain_value *value = &feed->values.items[i];
		size_t start = out->len;

		buf_puts(out, "  ");
		put_text(out, value->value);
		buf_puts(out, "  ");
		pad(out, start, NAME_WIDTH + 4);
		buf_printf(out, "%zu of %zu article%s; ", value->window, value->members,
		    text_plural(value->members));
		put_documents(out, &value->documents);
		buf_putc(out, '\n');
	}
	put_more(out, feed->values.len);
}

static void put_filters(struct buf *out, struct explain_feed *feed)
{
	static const char *const names[] = {"section", "tag", "category", "author", "lang", "path"};
	const char *const values[] = {feed->feed->section, feed->feed->tag, feed->feed->category,
	    feed->feed->author, feed->feed->lang, feed->feed->path};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!values[i])
			continue;
		buf_puts(out, "; ");
		text_put_escaped(out, explain_filter(&feed->arena, feed->feed, names[i]));
	}
}

void explain_feed_text(struct explain_feed *feed, struct buf *out)
{
	const struct query_group *group = feed->group;

	buf_puts(out, "feed '");
	put_place_of(out, feed->feed, group ? group->value : SLICE_NONE);
	if (group)
		buf_printf(out, "': %zu of the %zu articles that it takes",
		    query_group_window(group), query_group_len(group));
	else
		buf_printf(out, "': %zu feed%s, one for each value of %s", feed->values.len,
		    text_plural(feed->values.len), query_by_name(feed->feed->by));
	if (feed->feed->limit)
		buf_printf(out, "; limit = %lld", (long long)feed->feed->limit);
	put_filters(out, feed);
	buf_putc(out, '\n');
	put_held_back(out, feed->held_back);
	if (!group) {
		put_values(out, feed);
	} else {
		put_files(out, &feed->documents);
		put_entries(out, group);
		put_counts(out, feed);
	}
	put_targets(out, feed);
}
