#include "daemon/report.h"

#include "daemon/log.h"

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

const char *report_plural(size_t number)
{
	return number == 1 ? "" : "s";
}

void report_put_articles(const struct build_report *report, struct buf *out)
{
	const char *gap = ": ";
	size_t undated = report->index ? report->index->undated : 0;

	buf_printf(out, "%zu article%s", report->articles, report_plural(report->articles));
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
		    report_plural(report->render.unknowns));
}
