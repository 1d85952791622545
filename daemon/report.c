#include "daemon/report.h"

#include "daemon/log.h"
#include "feeds/base/date.h"
#include "feeds/base/text.h"

enum {
	UNPLACED_MOST = 50,	   /* entries that are named */
	TEXT_MOST = 300,	   /* characters of a text of theirs */
	ZONES_APART = 26 * 60 * 60 /* seconds, from UTC-12 to UTC+14 */
};

void report_log_complaints(const struct complaints *all)
{
	for (size_t i = 0; i < all->len; i++) {
		const struct complaint *c = &all->items[i];

		if (c->skipped)
			log_at(LOG_ERROR, slice_of(c->path), c->line, c->column, c->text);
		else
			log_at(c->level == DIAG_NOTE ? LOG_DEBUG : LOG_WARNING, slice_of(c->path),
			    c->line, c->column, c->text);
	}
}

const char *report_documents(const struct config *config, size_t number)
{
	if (config->pages.dir || config->pages.opml)
		return number == 1 ? "document" : "documents";
	return number == 1 ? "feed" : "feeds";
}

void report_put_articles(const struct build_report *report, struct buf *out)
{
	const char *gap = ": ";
	size_t undated = report->index ? report->index->undated : 0;

	buf_printf(out, "%zu article%s", report->articles, text_plural(report->articles));
	for (size_t i = 0; i < ARTICLE_STANDINGS; i++) {
		if (report->standings[i] == 0)
			continue;
		buf_printf(out, "%s%zu %s", gap, report->standings[i],
		    article_standing_name((enum article_standing)i));
		gap = ", ";
	}
	if (report->skipped)
		buf_printf(out, "%s%zu skipped", gap, report->skipped);
	if (undated)
		buf_printf(out, "; %zu undated (see content.undated)", undated);
	if (report->render.unknowns)
		buf_printf(out, "; %zu unknown shortcode%s removed", report->render.unknowns,
		    text_plural(report->render.unknowns));
}

static void log_empty(const struct build_report *report)
{
	static const char *const reasons[ARTICLE_STANDINGS] = {
	    [ARTICLE_DRAFT] = "drafts have draft: true in their heads, or the like",
	    [ARTICLE_SCHEDULED] = "scheduled ones are dated later than now",
	    [ARTICLE_EXPIRED] = "expired ones have a date of expiry that is over",
	    [ARTICLE_EXCLUDED] = "excluded ones have feed: false in their heads, or the like",
	    [ARTICLE_UNDATED] = "undated ones are left out by undated = \"skip\" in [content]",
	};
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < ARTICLE_STANDINGS; i++)
		if (report->standings[i] > 0)
			buf_printf(&line, "; %s", reasons[i]);
	if (report->skipped > 0)
		buf_puts(&line, "; what was skipped is named above");
	log_warning("no article is public, so the feeds are empty%s", buf_string(&line));
	buf_free(&line);
}

/* The scheduled one that comes first; they are the newest. NULL: there is none. */
static const struct article *next_scheduled(const struct index *index, int64_t now)
{
	const struct article *next = NULL;

	for (size_t i = 0; i < index_len(index) && index_at(index, i)->published > now; i++)
		if (article_standing(index_at(index, i), now) == ARTICLE_SCHEDULED)
			next = index_at(index, i);
	return next;
}

void report_log_outlook(const struct build_report *report, const char *timezone, int64_t now)
{
	const struct article *next = next_scheduled(report->index, now);
	char date[DATE_RFC3339_SIZE];

	if (report->articles > 0 && report->standings[ARTICLE_PUBLIC] == 0)
		log_empty(report);
	if (next && next->published - now <= ZONES_APART)
		log_info("%.*s is scheduled for %s, in %lld minutes; a date without a zone counts "
			 "in that of site.timezone, \"%s\"",
		    SLICE_FMT(next->path), date_rfc3339(next->published, date),
		    (long long)(next->published - now + 59) / 60, timezone);
}

/* A text of an entry, clipped and harmless. */
static void put_text(struct buf *out, struct slice text)
{
	size_t len = text_cut(text, TEXT_MOST);

	text_put_escaped(out, slice_make(text.ptr, len));
	if (len < text.len)
		buf_puts(out, "…");
}

static void log_unplaced(const struct library_asked *asked, const struct adopt_entry *entry)
{
	struct buf line = BUF_INIT;
	char date[DATE_RFC3339_SIZE];

	buf_puts(&line, "not placed: \"");
	put_text(&line, entry->title);
	buf_putc(&line, '"');
	if (entry->published != ADOPT_UNDATED)
		buf_printf(&line, " of %.10s", date_rfc3339(entry->published, date));
	if (entry->url.len) {
		buf_puts(&line, ", ");
		put_text(&line, entry->url);
	}
	buf_puts(&line, "; if there is an article of it, its head needs guid: \"");
	put_text(&line, entry->id);
	buf_putc(&line, '"');
	log_warning("%s: %s", asked->name, buf_string(&line));
	buf_free(&line);
}

/* "20 entries: 12 placed, 3 placed before, 1 with another id in ..., 4 not placed" */
static void put_asked(const struct library_asked *asked, size_t left, bool dry, struct buf *out)
{
	buf_printf(out, "%zu entr%s: %zu %splaced, %zu placed before", asked->table.len,
	    text_plural_y(asked->table.len), asked->placed, dry ? "to be " : "", asked->known);
	if (asked->own)
		buf_printf(out, ", %zu with another id in the article's own head, which stays",
		    asked->own);
	buf_printf(out, ", %zu not placed", left);
	if (left == 0 && !asked->own)
		buf_puts(out, "; each entry keeps its id");
}

void report_log_asked(const struct library_asked *asked, bool dry)
{
	const struct adopt_table *table = &asked->table;
	struct buf line = BUF_INIT;
	size_t left = 0;

	for (size_t i = 0; i < table->len; i++) {
		if (table->items[i].taken)
			continue;
		if (left < UNPLACED_MOST)
			log_unplaced(asked, &table->items[i]);
		left++;
	}
	if (left > UNPLACED_MOST)
		log_warning("%s: %zu more could not be placed", asked->name, left - UNPLACED_MOST);
	if (asked->skipped)
		log_warning("%s: %zu entr%s left out, without an id or with the id or URL of "
			    "another",
		    asked->name, asked->skipped, asked->skipped == 1 ? "y was" : "ies were");
	put_asked(asked, left, dry, &line);
	log_info("%s: %s", asked->name, buf_string(&line));
	if (left)
		log_info("an article that comes later and has the URL, or title and day, of an "
			 "entry takes its id; if many were not placed, compare their URLs with "
			 "those of feedd --check: content.permalink may be wrong");
	buf_free(&line);
}
